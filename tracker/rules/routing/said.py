"""Why a source may name another lead than the rules find: the difference, explained from the facts alone."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tracker.rules import days
from tracker.rules.routing.facts import Facts
from tracker.rules.routing.result import Route
from tracker.rules.routing.words import NO_LEAD, Reason, plain
from tracker.rules.territory import is_eea, state_of, took_part_until
from tracker.rules.vocabulary import Answer


@dataclass(frozen=True, slots=True)
class Difference:
    """Another lead than that of the rules: in a code, in words, and why that can be."""

    code: str
    what: str
    why: str

    @property
    def words(self) -> str:
        """Return both as one text."""
        return f"{self.what} {self.why}"


def difference(
    lead_said: str | None,
    route: Route,
    facts: Facts,
    name: Callable[[str], str],
    country: Callable[[str], str],
    *,
    others: Collection[str] = (),
) -> Difference | None:
    """Return how the lead that a source names differs from that of the rules, and why; None for none.

    `name` and `country` put an authority and a state into words. `others` are the leads by the rules against
    the other controllers of the same filing.
    """
    if lead_said is None or lead_said == route.lead:
        return None
    computed = "the rules name none from the facts we have"
    if route.lead:
        until = f", until {days.words(route.lead_until)}" if route.lead_until else ""
        computed = f"the rules say {name(route.lead)}{until}"
    code, why = _why(lead_said, route, facts, name, country, others)
    return Difference(code, f"The source names {name(lead_said)} as lead; {computed}.", why)


def _why(
    lead_said: str,
    route: Route,
    facts: Facts,
    name: Callable[[str], str],
    country: Callable[[str], str],
    others: Collection[str],
) -> tuple[str, str]:
    state = state_of(lead_said.upper())
    where = country(state)
    if lead_said in others:
        return "other_controller", (
            f"{_opening(name(lead_said))} leads against another controller of this filing; against this one "
            f"the answer is its own ({plain(route.reason)})."
        )
    if route.lead_until is not None:
        return "state_left", (
            "The lead of that day lost it when its state left the one-stop shop; the source may name who "
            "took over (EDPB Opinion 8/2019)."
        )
    if not is_eea(state, facts.as_of):
        left = took_part_until(state)
        ended = f" after {days.words(left)}" if left and left < facts.as_of else ""
        return "outside", f"An authority in {where} cannot lead under the GDPR{ended}."
    if route.reason is Reason.UNDETERMINED_ENDED_BEFORE_MOVE:
        return "ended_before_move", (
            "The infringement ended before the present lead could lead; which authority is competent for it "
            "is disputed (EDPB Opinion 8/2019)."
        )
    if lead_said in route.candidates and route.reason is Reason.UNDETERMINED_CONFLICT:
        return "one_of_several", "It is one of several that the facts allow; which one leads is open."
    if route.reason in NO_LEAD:
        return "no_lead", _no_lead(route, facts, where)
    return _another(state, route, facts, where)


def _no_lead(route: Route, facts: Facts, where: str) -> str:
    if route.reason is Reason.NOLEAD_NO_EEA_ESTABLISHMENT:
        return (
            "The company on record has no establishment in the EEA, so nobody leads. The source may mean "
            f"another company of its group, in {where}."
        )
    if route.reason is Reason.NOLEAD_DECISIONS_OUTSIDE_EEA:
        return (
            "By the facts we have, decisions are taken outside the EEA, so nobody leads (EDPB Opinion "
            "04/2024). The source may be older, or the authorities may see it otherwise."
        )
    if route.reason is Reason.NOLEAD_NOT_CROSS_BORDER:
        return (
            "By the facts we have, people in one state alone are affected, so there is no lead (Art 4(23)). "
            "The source treats it as cross-border: record whose people are affected."
        )
    return f"In such a matter nobody leads: {plain(route.reason)}."


def _another(state: str, route: Route, facts: Facts, where: str) -> tuple[str, str]:
    present = facts.present()
    if present is None:
        return "establishments_unknown", (
            "Where the company is established in the EEA is not on record. With the place and who decides "
            "there, the rules can answer."
        )
    here = [it for it in present if state_of(it.place) == state]
    if not here:
        return "other_entity", (
            f"The company on record has no establishment in {where}. The source may mean another company of "
            "its group, or an establishment that nobody has recorded."
        )
    if route.lead is not None:
        return "other_place", (
            f"The company has an establishment in {where} too, but by the facts we have the decisions are "
            "not known to be taken there (Art 4(16)(a))."
        )
    if any(it.decides is Answer.UNKNOWN or it.implements is Answer.UNKNOWN for it in present):
        return "decisions_unknown", (
            "The sources do not say who decides on the processing and has it carried out (EDPB Opinion "
            "04/2024)."
        )
    return "open", f"The facts leave it open: {plain(route.reason)}."


def _opening(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
