"""Who leads in a case as a whole, said once for all filings of which it is true."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from tracker.reference.authorities import in_words, opening
from tracker.rules import days, routing
from tracker.rules.leading import PROCESSOR, Ground, that_lead
from tracker.services.status import Described, Explained
from tracker.web.desk.route_acts import notice_of

#: How many different reasons of one case are read side by side.
MOST_REASONS = 4


@dataclass(slots=True)
class LeadGroup:
    """One answer to who leads, with the filings and controllers that it holds for."""

    sentence: str
    filings: dict[str, None] = field(default_factory=dict)
    controllers: dict[str, None] = field(default_factory=dict)


def lead_groups(case: Any, told: list[Described]) -> list[dict[str, str]]:
    """Return each distinct answer to who leads, with the filings and controllers it holds for.

    Where the reasons are too many to be read here, only who leads is told, as the public page does.
    """
    pairs = zip(case.filings, told, strict=True)
    routes = [(filing.number, it) for filing, each in pairs for it in each.routes]
    brief = len({it.sentence for _, it in routes}) > MOST_REASONS
    groups: dict[str, LeadGroup] = {}
    for number, it in routes:
        sentence = _who_leads(it.route) if brief else it.sentence
        if it.in_force.ground is not Ground.RULES:
            # What the rules say stays to be seen beside what is in force.
            sentence = f"{it.in_force_words} By the rules: {sentence}"
        group = groups.setdefault(sentence, LeadGroup(sentence))
        group.filings[number] = None
        group.controllers[it.controller] = None
    shown = []
    for group in groups.values():
        all_of_them = len(group.filings) == len(case.filings)
        whom = "all filings" if all_of_them else _some(list(group.filings), 6)
        against = ""
        if len(group.controllers) < len(case.controllers):
            against = f", {_some(list(group.controllers), 3)}"
        shown.append(
            {
                "sentence": group.sentence,
                "filings": f"{whom}{against}" if len(case.filings) > 1 else against.removeprefix(", "),
                "href": url_for("desk.filing_route", number=next(iter(group.filings))),
                "about": f"for {whom}",
            }
        )
    return shown


def _who_leads(route: routing.Route) -> str:
    """Return who leads without the reason."""
    presumed = route.reason in routing.UNDETERMINED
    if route.lead and route.lead_until:
        led = "was presumed to lead" if presumed else "led"
        who = f"{opening(route.lead)} {led} until {days.words(route.lead_until)}"
    elif route.lead:
        who = f"{opening(route.lead)} {'is presumed to lead' if presumed else 'leads'}"
    else:
        who = "It is not known who leads" if presumed else "No authority leads"
    return f"{who}; the page of each filing gives its reason."


def _some(names: Sequence[str], most: int) -> str:
    """Return names in a row; beyond `most` of them the others are counted."""
    listed = ", ".join(names[:most])
    return listed if len(names) <= most else f"{listed} and {len(names) - most} more"


def changed(case: Any, told: list[Described]) -> dict[str, Any] | None:
    """Return on which filings of a case the lead may have changed, with a notice; None for none."""
    found = [
        (filing.number, it.change)
        for filing, each in zip(case.filings, told, strict=True)
        for it in (*each.routes, *each.beside)
        if it.change
    ]
    if not found:
        return None
    numbers = list(dict.fromkeys(number for number, _ in found))
    return {
        "words": notice_of(found[0][1]),
        "others": len({notice_of(change) for _, change in found}) - 1,
        "filings": "all filings" if len(numbers) == len(case.filings) else _some(numbers, 6),
    }


def differences(told: list[Described]) -> list[str]:
    """Return, each once, where the source names another lead than the rules do."""
    return list(dict.fromkeys(route.difference for it in told for route in it.routes if route.difference))


def processors(told: list[Described]) -> list[str]:
    """Return, each once, what becomes of a processor beside a controller: recital 36 of the GDPR."""
    found: dict[str, None] = {}
    for filing in told:
        deciding = that_lead(filing.routes)
        if len(deciding) < len(filing.routes):
            besides = (it for it in filing.routes if it.facts.role == PROCESSOR)
            found |= {_of_a_processor(it, deciding): None for it in besides}
    return list(found)


def _of_a_processor(it: Explained, deciding: Sequence[Explained]) -> str:
    leads = {each.in_force.lead: each.in_force.presumed for each in deciding}
    said = [
        f"{in_words(lead)} {'is presumed to lead' if presumed else 'leads'}" if lead else "no lead is named"
        for lead, presumed in leads.items()
    ]
    names = _some([each.controller for each in deciding], 3)
    head = f"Who leads follows from {names}, not from the processor {it.controller}: {', '.join(said)}"
    own = it.in_force.lead
    if own is None:
        named = (
            "The authority of the processor would be concerned; the rules name none from the facts we have"
        )
        return f"{head}. {named} (recital 36)."
    if own in leads:
        return f"{head}. It is the authority of the processor too (recital 36)."
    return f"{head}. {opening(own)}, the authority of the processor, is concerned (recital 36)."
