"""What follows once it is settled who leads: names of authorities, who else is concerned, warnings.

These steps run on every finding, also on one that stopped early.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from tracker.rules import days
from tracker.rules.routing.directory import Directory
from tracker.rules.routing.facts import WHOLE_EEA
from tracker.rules.routing.finding import Finding, Question, Step
from tracker.rules.routing.germany import german_basis, inside_germany, telecommunications_not_known
from tracker.rules.routing.turning import ended_before_the_move, local_case, over_before_the_gdpr
from tracker.rules.routing.words import FOR_A_PERSON, STOPPED, UNDETERMINED, Procedure, RouteWarning
from tracker.rules.territory import GDPR_APPLIES_FROM, eea_states, is_eea, state_of, took_part_until
from tracker.rules.vocabulary import Answer


def name_the_lead(question: Question, finding: Finding) -> Finding:
    """Turn the place that leads into its authority, which then handles the complaint."""
    place = finding.lead_place
    if place is None:
        return finding
    lead = question.directory.at(place)
    if lead is not None:
        telecom = state_of(place) == "DE" and question.facts.de_telecom is Answer.YES
        for_whom = "providers of telecommunications" if telecom else "private bodies"
        presumed = "would lead" if finding.reason in UNDETERMINED else "leads"
        finding = finding.note(
            "Lead authority",
            f"The authority for {for_whom} in {place} is {lead}: it {presumed}, as the sole contact of the "
            f"{question.entity}.",
            f"Art 55(1), 56(1), 56(6){german_basis(question, place)}",
            lead=lead,
            handling=lead,
        )
        return _lead_that_ended(finding, state_of(place))
    return finding.note(
        "Lead authority",
        f"Which authority in {place} leads cannot be told from what is known.",
        f"Art 51(3), 56(1){german_basis(question, place)}",
        candidates=finding.candidates or question.authorities((place,)),
        human=True,
    )


def _lead_that_ended(finding: Finding, state: str) -> Finding:
    """Say that the state of the lead has left since: a pending complaint has lost it (Route.for_a_person)."""
    last = took_part_until(state)
    if last is None:
        return finding
    return finding.note(
        "Lead since then",
        f"The state of the lead ({state}) took part until {days.words(last)}. Since "
        f"{days.words(last + timedelta(1))} its authority leads no more: who acts on a complaint that is "
        "still pending has to be settled anew.",
        "EDPB Opinion 8/2019",
    )


def lodged_where(question: Question, finding: Finding) -> Finding:
    """Say with which authority the complaint lies, or with which to lodge it, and why there."""
    facts, slug = question.facts, question.receiving
    if slug is None:
        return finding
    grounds = [
        words
        for words, place in zip(WHERE_77, facts.places_77(), strict=True)
        if place and state_of(place) == state_of(question.directory.place_of.get(slug, ""))
    ]
    because = f": {' and '.join(grounds)} there" if grounds else ""
    if finding.procedure is Procedure.EUDPR:
        return finding
    if facts.lodged_with is None:
        return finding.note("Where to lodge", f"It may be lodged with {slug}{because}.", "Art 77(1)")
    stays = ""
    if finding.procedure in (Procedure.OSS_60, Procedure.LOCAL_56_2) and slug not in (finding.lead, None):
        stays = " It stays the contact of the complainant."
    return finding.note(
        "Where it lies", f"The complaint lies with {slug}{because}.{stays}", "Art 77(1), 77(2)"
    )


def said_to_be_unknown(question: Question, finding: Finding) -> Finding:
    """Ask for a person where a fact that is mostly left out was said to be not known."""
    texts = {
        "subject": ("Against whom", "of what kind the body is (Art 55(2), 55(3))", "Art 55(2), 55(3)"),
        "local_only": ("Local case", "the case concerns one state only (Art 56(2))", "Art 56(2)"),
    }
    for fact in question.facts.not_known:
        if fact == "local_only" and finding.procedure is not Procedure.OSS_60:
            continue
        name, what, basis = texts[fact]
        about = "It is not known" if fact == "subject" else "It is not known whether"
        finding = finding.note(
            name,
            f"{about} {what}. The answer holds if it is the ordinary case; a person has to look.",
            basis,
            human=True,
        )
    return finding


def day_not_exact(question: Question, finding: Finding) -> Finding:
    """Ask for a person where the day is known roughly only, and something changed between first and last."""
    facts = question.facts
    first, last = facts.as_of_earliest, facts.as_of
    if first is None or last < GDPR_APPLIES_FROM or finding.procedure in WHENEVER:
        return finding
    changed = first < GDPR_APPLIES_FROM or bool(
        (eea_states(first) ^ eea_states(last)) & _states_named(question)
    )
    limits = any(
        (it.since and first < it.since <= last) or (it.until and first <= it.until < last)
        for it in facts.establishments or ()
    )
    if not changed and not limits:
        return finding
    return finding.note(
        "Day of assessment",
        f"The day lies between {days.words(first)} and {days.words(last)}, and the states that take part, or "
        "the places of establishment, changed in between. The last day is taken; a person has to look.",
        "Art 56(1), 99(2)",
        human=True,
    )


def concerned_authorities(question: Question, finding: Finding) -> Finding:
    """List who is concerned by establishment (a), people affected (b) or a complaint (c): step 20.

    The lead is not listed, nor an authority outside the EEA on the day. Where the matter stopped early,
    nobody cooperates, and nobody is concerned in the sense of the law.
    """
    if finding.procedure in STOPPED:
        return finding
    facts = question.facts
    seats = tuple(it.place for it in question.known_seats)
    grounds = dict(_grounds(question.directory, facts.as_of, seats, question.lodged, facts.affected))
    if finding.lead is not None:
        grounds.pop(finding.lead, None)
    unknown = [
        text
        for text, value in (("establishments", question.seats), ("affected people", facts.affected))
        if value is None
    ]
    besides = " besides the lead" if finding.lead else ""
    number = "1 authority is" if len(grounds) == 1 else f"{len(grounds) or 'No'} authorities are"
    text = f"{number} concerned{besides}"
    text += ": by establishment (a), people affected (b) or a complaint (c)." if grounds else "."
    if unknown:
        text += f" The list may be longer: {' and '.join(unknown)} are not known."
    return finding.note(
        "Concerned authorities",
        text,
        "Art 4(22)",
        concerned=grounds,
    )


def warnings_from_the_facts(question: Question, finding: Finding) -> Finding:
    """Add the warnings that depend on the facts alone, whatever was found."""
    facts, named = question.facts, _states_named(question)
    applies = (
        (RouteWarning.W_REP_NOT_ESTABLISHMENT, facts.art27_rep is not None),
        (RouteWarning.W_JOINT_CONTROLLERS, facts.role == "joint_controller"),
        (RouteWarning.W_BREXIT, "GB" in named),
        (RouteWarning.W_CH_PARALLEL, "CH" in named),
        (RouteWarning.W_LODGED_OUTSIDE_77, _outside_art_77(question)),
        (RouteWarning.W_DE_LAND_NEEDED, _land_missing(question, finding.procedure)),
    )
    return finding.warn(*(it for it, given in applies if given))


def leave_to_a_person(question: Question, finding: Finding) -> Finding:
    """Ask for a person where the result is open or a warning says so."""
    if finding.human or not (finding.reason in UNDETERMINED or finding.warnings & FOR_A_PERSON):
        return finding
    return replace(finding, human=True)


#: What Art 77(1) names, in its order.
WHERE_77 = ("the complainant lives", "the complainant works", "the infringement is said to have happened")
#: Procedures that do not depend on who takes part on the day, or on where anybody is established.
WHENEVER = frozenset({Procedure.EUDPR, Procedure.NONE_COURT, Procedure.NATIONAL_EPRIVACY})

#: All of these run, in this order.
COMPLETING: tuple[Step, ...] = (
    name_the_lead,
    ended_before_the_move,
    over_before_the_gdpr,
    local_case,
    day_not_exact,
    concerned_authorities,
    telecommunications_not_known,
    inside_germany,
    lodged_where,
    said_to_be_unknown,
    warnings_from_the_facts,
    leave_to_a_person,
)


@lru_cache(maxsize=1_000)
def _grounds(
    directory: Directory,
    on: date,
    seats: tuple[str, ...],
    lodged: frozenset[str],
    affected: tuple[str, ...] | None,
) -> Mapping[str, tuple[str, ...]]:
    """Return on which grounds each authority is concerned, in alphabetical order, the lead still among them.

    All filings of one act share the answer, and there may be sixty: it is worked out once.
    """
    grounds: dict[str, set[str]] = {}
    for place in seats:
        if slug := directory.at(place):
            grounds.setdefault(slug, set()).add("a")
    for slug in lodged:
        if directory.takes_part(slug, on):
            grounds.setdefault(slug, set()).add("c")
    for slug in _affected_authorities(directory, on, affected or (), tuple(grounds)):
        grounds.setdefault(slug, set()).add("b")
    return MappingProxyType({slug: tuple(sorted(grounds[slug])) for slug in sorted(grounds)})


def _affected_authorities(
    directory: Directory, on: date, affected: tuple[str, ...], listed: tuple[str, ...]
) -> set[str]:
    """Return the authorities whose people are affected.

    Where a place does not tell its authority (Germany without the Land), that is every authority of the state
    already listed on another ground: never one that nobody has named.
    """
    places = {it for it in affected if it != WHOLE_EEA and is_eea(state_of(it), on)}
    if WHOLE_EEA in affected:
        places |= eea_states(on)
    found: set[str] = set()
    for place in places:
        slug = directory.at(place)
        if slug and (place in affected or state_of(place) != "DE"):
            found.add(slug)
        else:
            found.update(it for it in listed if state_of(directory.place_of.get(it, "")) == state_of(place))
    return found


def _states_named(question: Question) -> frozenset[str]:
    """Return the states of every place and authority that the facts name, "EEA" aside."""
    facts = question.facts
    places = [*facts.places_77(), facts.art27_rep, facts.obligation_of, facts.local_only]
    places += [it.place for it in facts.establishments or ()]
    places += [it for it in facts.affected or () if it != WHOLE_EEA]
    return _states_lodged(question.directory, question.lodged).union(state_of(it) for it in places if it)


@lru_cache(maxsize=1_000)
def _states_lodged(directory: Directory, lodged: frozenset[str]) -> frozenset[str]:
    """Return the states of authorities with which the case lies: the same for all filings of one act."""
    return frozenset(state_of(it) for slug in lodged if (it := directory.place_of.get(slug)))


def _outside_art_77(question: Question) -> bool:
    """Return whether the authority lodged with is not known to stand at a place of Art 77(1).

    Art 77(1) speaks of member states, so another Land is the same place. Where the residence is not known,
    the authority may well be the right one, and nothing is said.
    """
    facts = question.facts
    place = question.directory.place_of.get(facts.lodged_with) if facts.lodged_with else None
    if facts.subject == "eu_institution":  # complained of under Art 63 of Regulation (EU) 2018/1725
        return False
    if place is None or facts.complainant_residence is None:
        return False
    return state_of(place) not in {state_of(it) for it in facts.places_77() if it}


def _land_missing(question: Question, procedure: Procedure) -> bool:
    """Return whether the answer needs a German Land that the facts do not give.

    It does for an establishment, for a named place of affected people and for a local case. The
    complainant's own place matters only while no authority has been chosen.
    """
    if procedure in (Procedure.EUDPR, Procedure.NONE_COURT, Procedure.NONE_GDPR):
        return False
    facts = question.facts
    needed: list[str] = []
    if procedure not in STOPPED:
        needed += [it.place for it in question.known_seats]
        needed += [it for it in facts.affected or () if it != WHOLE_EEA]
    if procedure is Procedure.LOCAL_56_2 and facts.local_only:
        needed.append(facts.local_only)
    if question.receiving is None and question.proposed_place:
        needed.append(question.proposed_place)
    return any(
        state_of(it) == "DE" and facts.in_eea(it) and question.directory.at(it) is None for it in needed
    )
