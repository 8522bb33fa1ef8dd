"""What is another between two runs of the rules: facts, steps, result. In codes; pages find the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.rules.routing.facts import Facts
from tracker.rules.routing.result import Route

#: The parts of a result whose change changes what somebody does, in the order in which a reader asks.
RESULT = "lead lead_place reason procedure handling receiving cross_border candidates human".split()
#: What is known of an establishment, its place aside.
_OF_A_PLACE = "ca decides implements main_processing from to evidence".split()


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that was `before` and is `after`, as plain JSON values; None: it was, or is, not there.

    `place` is that of the establishment of which the fact is one.
    """

    what: str
    before: Any
    after: Any
    place: str | None = None


@dataclass(frozen=True, slots=True)
class StepChanged:
    """A step that answers otherwise; `before` or `after` None where only one of the runs took it."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Differences:
    """All differences between a run and the one before it."""

    facts: tuple[Changed, ...]
    steps: tuple[StepChanged, ...]
    result: tuple[Changed, ...]

    def __bool__(self) -> bool:
        """Return whether there are any."""
        return bool(self.facts or self.steps or self.result)


def differences(before: tuple[Facts, Route], after: tuple[Facts, Route]) -> Differences:
    """Return what the later run knows, asks and answers otherwise than the earlier one."""
    return Differences(
        facts=_facts(before[0].to_json(), after[0].to_json()),
        steps=_steps(before[1], after[1]),
        result=_result(before[1].to_json(), after[1].to_json()),
    )


def _facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Changed, ...]:
    found: list[Changed] = []
    for key in after:
        if before.get(key) == after[key]:
            continue
        if key == "establishments" and before.get(key) is not None and after[key] is not None:
            found += _establishments(before[key], after[key])
        elif _same_row(before.get(key), after[key]):
            continue
        else:
            found.append(Changed(key, before.get(key), after[key]))
    return tuple(found)


def _same_row(before: Any, after: Any) -> bool:
    """Return whether both are the same texts in another order, which says the same."""
    rows = (before, after)
    return all(isinstance(it, list) and all(isinstance(each, str) for each in it) for it in rows) and sorted(
        before
    ) == sorted(after)


def _establishments(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Changed]:
    """Return what changed about the establishments; those that are the same, in any order, say nothing.

    Several in one place are told apart by what is the same about them, then by their order.
    """
    gone = [it for it in before if it not in after]
    new = [it for it in after if it not in before]
    found: list[Changed] = []
    for it in list(new):
        was = next((each for each in gone if each["place"] == it["place"]), None)
        if was is None:
            continue
        gone.remove(was)
        new.remove(it)
        found += [
            Changed(f"establishment_{key}", was.get(key), it.get(key), it["place"])
            for key in _OF_A_PLACE
            if was.get(key) != it.get(key)
        ]
    found += [Changed("establishment", it, None, it["place"]) for it in gone]
    found += [Changed("establishment", None, it, it["place"]) for it in new]
    return found


def _steps(before: Route, after: Route) -> tuple[StepChanged, ...]:
    """Return the steps that answer otherwise, in the order of the later run, then those that fell away."""
    left = list(before.steps)
    found: list[StepChanged] = []
    for step in after.steps:
        was = next((it for it in left if it.name == step.name), None)
        if was is not None:
            left.remove(was)
        if was is None or was.text != step.text:
            found.append(StepChanged(step.name, was.text if was else None, step.text))
    found += [StepChanged(it.name, it.text, None) for it in left]
    return tuple(found)


def _result(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Changed, ...]:
    found = [Changed(key, before[key], after[key]) for key in RESULT if before[key] != after[key]]
    for slug in sorted({*before["concerned"], *after["concerned"]}):
        was, now = before["concerned"].get(slug), after["concerned"].get(slug)
        if was != now:
            found.append(Changed("concerned", {slug: was} if was else None, {slug: now} if now else None))
    for code in (*before["warnings"], *after["warnings"]):
        was, now = (code in it["warnings"] for it in (before, after))
        if was != now:
            found.append(Changed("warning", code if was else None, code if now else None))
    return tuple(found)
