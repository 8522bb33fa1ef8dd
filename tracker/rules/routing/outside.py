"""Complaints for which nobody leads, whoever is where: other law, other supervisors (steps 1 to 7).

Each step takes the question and the finding so far and returns the finding, the same one where it does not
apply.
"""

from datetime import date

from tracker.rules.routing.directory import TerminalAuthority
from tracker.rules.routing.finding import Finding, Question
from tracker.rules.routing.words import Procedure, Reason, RouteWarning
from tracker.rules.territory import state_of
from tracker.rules.vocabulary import Answer


def institution_of_the_union(question: Question, finding: Finding) -> Finding:
    """Send complaints against institutions of the Union to their own supervisor (step 1)."""
    if question.facts.subject != "eu_institution":
        return finding
    if question.facts.as_of < date(2018, 12, 11):
        finding = finding.note(
            "Law of the day",
            "Until 10 December 2018 Regulation 45/2001 applied to the institutions: a person has to look.",
            "Art 101 Reg 2018/1725",
            human=True,
        )
    return finding.settle(
        "Institution of the Union",
        "The complaint is against an institution, body or agency of the Union: the European Data Protection "
        "Supervisor decides. If it does not act or inform within three months, that counts as a refusal, "
        "against which the Court of Justice may be called.",
        "Art 52, 63, 64 Reg 2018/1725",
        Reason.NOLEAD_EU_INSTITUTION,
        procedure=Procedure.EUDPR,
        handling=question.directory.union,
        cross_border="none",
    )


def police_or_justice(question: Question, finding: Finding) -> Finding:
    """Leave police and criminal justice to the law that carries out Directive 2016/680 (step 2)."""
    if question.facts.subject != "led":
        return finding
    return finding.settle(
        "Police and criminal justice",
        "Processing to prevent, investigate or prosecute crime is outside the GDPR. National law under "
        "Directive 2016/680 says who supervises it, often the same authority: a person has to look.",
        "Art 2(2)(d), Art 1, 41 Dir 2016/680",
        Reason.NOLEAD_GDPR_NA,
        procedure=Procedure.NONE_GDPR,
        cross_border="none",
        human=True,
    )


def court(question: Question, finding: Finding) -> Finding:
    """Name no authority for a court acting in its judicial capacity (step 3)."""
    if question.facts.subject != "court_judicial":
        return finding
    return finding.settle(
        "Court",
        "A court acting in its judicial capacity is supervised by no data protection authority. National law "
        "may name a body within the judiciary.",
        "Art 55(3), recital 20, C-245/20",
        Reason.NOLEAD_COURT,
        procedure=Procedure.NONE_COURT,
        cross_border="none",
    )


def eprivacy(question: Question, finding: Finding) -> Finding:
    """Name the national authority for terminal equipment in the state of the user (step 5)."""
    if question.facts.issue != "eprivacy":
        return finding
    user, presumed = _place_of_the_user(question)
    known = question.directory.terminal.get(state_of(user)) if user else None
    finding = finding.settle(
        "ePrivacy",
        "Reading from and storing on terminal equipment, and unsolicited messages, fall under national law "
        "that carries out the ePrivacy directive. The one-stop shop does not apply: the authority that "
        "national law names in the state of the user decides.",
        "Art 5(3), 13, 15a Dir 2002/58, EDPB Opinion 5/2019",
        Reason.NOLEAD_EPRIVACY,
        procedure=Procedure.NATIONAL_EPRIVACY,
        cross_border="none",
    ).warn(RouteWarning.W_EPRIVACY_SPLIT)
    if user is None:
        home = question.facts.complainant_residence
        outside = (
            f"The user lives in {home}, outside the EEA" if home else "Where the user lives is not known"
        )
        return finding.note(
            "Authority of the user's state",
            f"{outside}: a person has to name the state whose law applies, if any.",
            "Art 15a Dir 2002/58",
            human=True,
        )
    if known is None:
        return finding.note(
            "Authority of the user's state",
            f"Which authority national law names in {state_of(user)} is not on record: a person has to look.",
            "Art 15a Dir 2002/58",
            human=True,
        )
    return _terminal_authority(question, finding, user, known, presumed=presumed)


def _place_of_the_user(question: Question) -> tuple[str | None, bool]:
    """Return where the user is, as far as known in the EEA, and whether that is only presumed.

    The residence; failing one, a place that the facts name; last the state of the authority lodged with.
    """
    facts = question.facts
    if (home := facts.complainant_residence) is not None:
        return (home, False) if facts.in_eea(home) else (None, True)
    named = [it for it in (facts.complainant_workplace, facts.infringement_place) if it]
    lodged = question.directory.place_of.get(facts.lodged_with or "")
    place = next((it for it in [*named, lodged] if it and facts.in_eea(it)), None)
    return place, True


def _terminal_authority(
    question: Question, finding: Finding, user: str, known: TerminalAuthority, *, presumed: bool
) -> Finding:
    state = state_of(user)
    slug = question.directory.at(user) if known.by_place else known.slug
    text = f"In {state} that is the authority of the region, which {user} does not tell."
    if slug is not None:
        text = f"In {state} that is {slug}."
    elif known.name is not None:
        text = f"In {state} that is {known.name}, which is no data protection authority of the directory."
    elif state == "DE":
        finding = finding.warn(RouteWarning.W_DE_LAND_NEEDED)
    if known.note:
        text += f" {known.note}"
    if presumed:
        text += " Where the user lives is not known; that it is there is only presumed."
    return finding.note(
        "Authority of the user's state",
        text,
        known.basis,
        handling=slug,
        candidates=() if slug or known.name else question.authorities((user,)),
        # Art 5(3) against a provider of telecommunications: § 29 TDDDG shares the task otherwise.
        human=presumed or not known.certain or slug is None or question.facts.de_telecom is not Answer.NO,
    )


def public_body(question: Question, finding: Finding) -> Finding:
    """Give a public body, and a private one on a legal duty or public task, its own state's authority (6)."""
    facts = question.facts
    if facts.subject not in ("public_authority", "private_6_1_c_e"):
        return finding
    private, doubt = facts.subject == "private_6_1_c_e", ""
    home, law = _home_of_the_body(question), facts.obligation_of
    place: str | None = home or law
    if private and law is None:
        doubt = " Which state's law imposes the duty or task is not known: a person has to look."
    elif private and law is not None and (home is None or state_of(law) != state_of(home)):
        place = law
        doubt = " Whether the state whose law imposes the task is the one concerned is for a person to say."
    elif home is None and law is not None:
        doubt = " That it is established there is only presumed."
    if place is not None and not facts.in_eea(place):
        place = None
    what = "a private body acting on a legal duty or a public task" if private else "a public body"
    finding = finding.settle(
        "Public body",
        f"The complaint is against {what}: the authority of the member state concerned is competent, and the "
        f"rules on a lead do not apply.{doubt}",
        "Art 6(1)(c), 6(1)(e), 55(2), recital 128" if private else "Art 55(2), recital 128",
        Reason.NOLEAD_PUBLIC_55_2,
        procedure=Procedure.PUBLIC_55_2,
        cross_border="none",
        human=bool(doubt),
    )
    if place is None:
        outside = home is None and law is None and question.seats == ()
        what = "No place of the body is in the EEA" if outside else "Which member state it belongs to is open"
        return finding.note(
            "State concerned",
            f"{what}: a person has to name the state concerned.",
            "Art 55(2), recital 128",
            candidates=question.authorities(tuple(it.place for it in question.known_seats)),
            human=True,
        )
    return _authority_of_the_body(question, finding, place, private=private)


def _home_of_the_body(question: Question) -> str | None:
    """Return the place of the body in the EEA: the only one, else its head office; None where open."""
    present = question.facts.present() or ()  # and not the seats: these know no regions of Spain
    central = {it.place for it in present if it.ca is Answer.YES}
    places = central or {it.place for it in present}
    if len(places) == 1:
        return next(iter(places))
    states = {state_of(it) for it in places}
    return states.pop() if len(states) == 1 else None


def _authority_of_the_body(question: Question, finding: Finding, place: str, *, private: bool) -> Finding:
    """Find the authority inside the state, where the supervision of bodies is split."""
    directory, level, state = question.directory, question.facts.public_level, state_of(place)
    place = directory.region_of.get(place, place)
    federal, regional = directory.federal.get(state), directory.regional(state)
    general = directory.at(place)
    if _has_another_supervisor(place, level) and not private:
        return finding.note(
            "Authority of the body",
            "Flemish public bodies have a supervisor of their own, the VTC, which is not in the directory; "
            "how far it is competent is disputed.",
            "Art 51(3), 55(2), Belgian law",
            candidates=(general,) if general else (),
            human=True,
        )
    if place == "BE" and level is None and not private:
        finding = finding.note(
            "Level of the body",
            "Whether it is a body of the state or of a region is not known. Flemish bodies have a supervisor "
            "of their own: a person has to look.",
            "Art 51(3), 55(2), Belgian law",
            human=True,
        )
    if not regional and federal is None:
        return _decided_by(question, finding, place, general, "Art 51, 55(2)")
    basis, own = _SPLIT.get(state, "Art 51(3), 55(2)"), directory.public_by_place.get(place)
    national = federal or general
    told = own is not None or place != state  # a region that the place names, if only by being none of those
    if level == "federal":
        return _decided_by(question, finding, place, national, basis)
    if level is not None and told:
        return _decided_by(question, finding, place, own or general, basis)
    if level is None and general is not None and (private or (told and own is None)):
        if own is not None and own != general and state != "DE":
            finding = finding.note(
                "Level of the body",
                f"If it acts for the region, {own} is competent instead: a person has to look.",
                basis,
                candidates=tuple(sorted({own, general})),
                human=True,
            )
        return _decided_by(question, finding, place, general, basis)
    if state == "DE" and not told:
        finding = finding.warn(RouteWarning.W_DE_LAND_NEEDED)
    what = "its region" if level is not None else "whether it belongs to the state or to a region"
    finding = _open(finding, place, [*([own] if own else regional), national or ""], what, basis)
    if level is None and own is None and general is not None:
        # The national authority is the general one: the regional ones have what national law gives them.
        return _decided_by(question, finding, place, general, basis)
    return finding


def _has_another_supervisor(place: str, level: str | None) -> bool:
    """Return whether a public body may be under an authority that the directory does not have."""
    return level != "federal" and (place == "BE-VLG" or (place == "BE" and level is not None))


#: What splits the supervision of public bodies inside a state.
_SPLIT = {
    "DE": "Art 55(2), § 9(1), § 40 BDSG",
    "ES": "Art 55(2), Art 57 LOPDGDD",
}


def _decided_by(question: Question, finding: Finding, place: str, slug: str | None, basis: str) -> Finding:
    if slug is None:
        if state_of(place) == "DE":
            finding = finding.warn(RouteWarning.W_DE_LAND_NEEDED)
        return _open(finding, place, question.authorities((place,)), "its region", basis)
    return finding.note(
        "Authority of the body",
        f"The authority for it in {place} is {slug}: it decides.",
        basis,
        handling=slug,
    )


def _open(
    finding: Finding, place: str, candidates: list[str] | tuple[str, ...], what: str, basis: str
) -> Finding:
    return finding.note(
        "Authority of the body",
        f"Which authority in {place} is competent depends on a fact that is not known: {what}.",
        basis,
        candidates=tuple(sorted({it for it in candidates if it})),
        human=True,
    )


def media_or_church(question: Question, finding: Finding) -> Finding:
    """Warn, and go on, where journalism or a church is concerned or may be (step 7)."""
    facts = question.facts
    if facts.media_art85 is not Answer.NO:
        may = "is" if facts.media_art85 is Answer.YES else "may be"
        finding = finding.note(
            "Journalism",
            f"Processing for journalism {may} concerned. National law may exempt it or give it to another "
            "supervisor, as German law does for broadcasters: a person has to look. What follows holds if it "
            "does not.",
            "Art 85",
            human=True,
        ).warn(RouteWarning.W_ART85)
    if facts.church_art91 is not Answer.NO:
        may = "is" if facts.church_art91 is Answer.YES else "may be"
        finding = finding.note(
            "Church",
            f"A church or religious community {may} concerned. It may have rules and a supervisor of its "
            "own, as in Germany: a person has to look. What follows holds if it has none.",
            "Art 91",
            human=True,
        ).warn(RouteWarning.W_ART91)
    return finding
