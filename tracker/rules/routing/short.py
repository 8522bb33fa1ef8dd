"""A route in one line of plain words."""

from collections.abc import Callable, Mapping

from tracker.rules import days
from tracker.rules.routing.facts import Facts
from tracker.rules.routing.result import Route
from tracker.rules.routing.telling import DISPUTED, Telling
from tracker.rules.routing.words import UNDETERMINED, Reason


def short_sentence(
    route: Route,
    facts: Facts,
    name: Callable[[str], str],
    country: Callable[[str], str],
    *,
    several: bool = False,
) -> str:
    """Return who leads and why in one line of plain words, for whoever reads the long sentence elsewhere.

    `name` gives "the Irish DPC" as a sentence needs it; `several` speaks of more than one controller of whom
    the same is so. Says no more than sentence() does, and no doubt of it less.
    """
    it = Telling(route, facts, name, country, several)
    if route.reason in _NOBODY:
        return _NOBODY[route.reason]
    presumed = route.reason in UNDETERMINED
    if route.lead is not None and it.ended:
        start = "Presumed to be led" if presumed else "Led"
        until = f"{start} by {name(route.lead)} until {days.words(it.ended)}"
        if it.disputed:
            until = f"{until}, though {DISPUTED}"
        return f"{until}; who acts now is not settled (EDPB Opinion 8/2019)."
    if route.lead is None and route.lead_place is None:
        return "Who leads is not known."
    if route.lead is None:
        start = "Presumed to be led" if presumed else "Led"
        doubt = f", and {DISPUTED}" if it.disputed else ""
        return f"{start} by an authority in {it.here}; which one is not known{doubt}."
    if presumed:
        return f"Presumed to be led by {name(route.lead)}: {_missing(it)}."
    one, more, law = _BECAUSE[route.reason]
    because = (more if several else one).format(here=it.here, who=it.who)
    doubt = f"; {DISPUTED}" if it.disputed else ""
    return f"Led by {name(route.lead)}, because {because}{doubt} ({law})."


def _missing(it: Telling) -> str:
    """Return in a few words what has to be known before the lead is certain."""
    if it.facts.present() is None:
        return f"where {it.who} {'are' if it.several else 'is'} established is not known"
    if len(it.states) == 1:
        return "whether people in several countries are affected is not known"
    if it.facts.role == "processor":
        has = "have their main places" if it.several else "has its main place"
        return f"where {it.who} {has} is not known"
    return "who decides is not known"


#: Why an authority leads, against one and against several of whom the same is so, and the article.
_BECAUSE: Mapping[Reason, tuple[str, str, str]] = {
    Reason.LEAD_MAIN_ESTABLISHMENT_CA: (
        "{who} has its head office for the EEA in {here} and decides there",
        "{who} have their head offices for the EEA in {here} and decide there",
        "Art 4(16)(a), 56(1)",
    ),
    Reason.LEAD_MAIN_ESTABLISHMENT_DECISIONS: (
        "{who} decides in {here} on how data are used",
        "{who} decide in {here} on how data are used",
        "Art 4(16)(a), 56(1)",
    ),
    Reason.LEAD_SINGLE_ESTABLISHMENT: (
        "{who} is recorded as established only in {here}",
        "{who} are recorded as established only in {here}",
        "Art 56(1)",
    ),
    Reason.LEAD_PROCESSOR_CA: (
        "{who} has its head office for the EEA in {here}",
        "{who} have their head offices for the EEA in {here}",
        "Art 4(16)(b), 56(1)",
    ),
    Reason.LEAD_PROCESSOR_MAIN_ACTIVITIES: (
        "{who} does its main work on the data in {here}",
        "{who} do their main work on the data in {here}",
        "Art 4(16)(b), 56(1)",
    ),
}

_NOBODY: Mapping[Reason, str] = {
    Reason.NOLEAD_NO_EEA_ESTABLISHMENT: "No authority leads: each acts on its own territory (Art 55(1)).",
    Reason.NOLEAD_DECISIONS_OUTSIDE_EEA: "No authority leads: each acts on its own territory (Art 55(1)).",
    Reason.NOLEAD_NOT_CROSS_BORDER: "No authority leads: only one country is affected (Art 55(1)).",
    Reason.NOLEAD_GDPR_NA: "No authority leads: the GDPR does not apply.",
    Reason.NOLEAD_PUBLIC_55_2: "No authority leads: that of the body's own state decides (Art 55(2)).",
    Reason.NOLEAD_EPRIVACY: "No authority leads: cookies stay with the authority that national law names.",
    Reason.NOLEAD_EU_INSTITUTION: "No authority leads: institutions of the Union have their own supervisor.",
    Reason.NOLEAD_COURT: "No authority leads: none supervises a court as such (Art 55(3)).",
    Reason.UNDETERMINED_ENDED_BEFORE_MOVE: "Who leads is not settled: it ended before the lead moved.",
    Reason.UNDETERMINED_CONFLICT: "Who leads is not settled.",
}
