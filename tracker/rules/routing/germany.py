"""Who is competent among German authorities, and to whom one of them passes a complaint on (BDSG)."""

from tracker.rules.routing.finding import Finding, Question
from tracker.rules.routing.words import STOPPED, Procedure
from tracker.rules.territory import state_of
from tracker.rules.vocabulary import Answer


def german_basis(question: Question, place: str) -> str:
    """Return the German law that names the authority, to add to a basis; nothing for another state."""
    if state_of(place) != "DE":
        return ""
    return ", § 9(1), 19(1) BDSG" if question.facts.de_telecom is Answer.YES else ", § 19(1), 40 BDSG"


def telecommunications_not_known(question: Question, finding: Finding) -> Finding:
    """Ask for a person where a German answer may be that of the federal authority for telecommunications."""
    federal = question.directory.federal.get("DE")
    public = question.facts.subject == "public_authority"
    if question.facts.de_telecom is not Answer.UNKNOWN or federal is None or public:
        return finding
    decides = {it for it in (finding.lead, finding.handling) if it}
    named = {*decides, *(it for it, grounds in finding.concerned.items() if {"a", "b"} & {*grounds})}
    lands = {
        it for it in named if it != federal and state_of(question.directory.place_of.get(it, "")) == "DE"
    }
    if not lands and state_of(finding.lead_place or "") != "DE":
        return finding
    rivals = {*finding.candidates, federal, *(lands & decides)} if lands & decides else {*finding.candidates}
    return finding.note(
        "Telecommunications",
        "Whether the data are processed for the commercial provision of telecommunications services is not "
        f"known. If so, {federal} takes the place of the authorities of the Länder.",
        "§ 9(1), 19(1) BDSG, Art 56(1)",
        candidates=tuple(sorted(rivals)),
        human=True,
    )


def inside_germany(question: Question, finding: Finding) -> Finding:
    """Say to whom a German authority passes a complaint on that is another German authority's."""
    facts, directory = question.facts, question.directory
    lodged = facts.lodged_with
    if lodged is None or state_of(directory.place_of.get(lodged, "")) != "DE":
        return finding
    if finding.procedure in STOPPED - {Procedure.PUBLIC_55_2}:
        return finding
    competent = finding.lead if finding.lead in directory.in_state("DE") else None
    why = "leads"
    if (
        competent is None
        and finding.handling
        and state_of(directory.place_of.get(finding.handling, "")) == "DE"
    ):
        competent, why = finding.handling, "is competent"
    if competent is None:
        here = [directory.at(it.place) for it in question.known_seats if state_of(it.place) == "DE"]
        if lodged not in here:
            competent, why = next((it for it in here if it), None), "has an establishment in its Land"
        if competent is None and lodged not in here and lodged not in directory.in_state("DE"):
            home = facts.complainant_residence
            competent = directory.at(home) if home and state_of(home) == "DE" else None
            why = "is that of the complainant's Land"
    if competent is None or competent == lodged:
        return finding
    return finding.note(
        "Inside Germany",
        f"{lodged} passes the complaint on to {competent}, which {why}. The authority of the Land that "
        "receives it then counts as the one with which it was lodged.",
        "§ 19(2) BDSG",
    )
