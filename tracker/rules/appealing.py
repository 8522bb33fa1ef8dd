"""By whose law a decision can be appealed: of who adopted it, and of who adopts what it rejects."""

from collections.abc import Iterable

from tracker.rules.happened import Act, Course, Happened
from tracker.rules.periods import Period

#: Decisions of which the part that rejects is for the authority lodged with to adopt, Art. 60(8), 60(9).
MAY_REJECT = frozenset({"final_split", "final_rejected", "final_upheld", "decided"})
BOTH_STATES = (
    "What a decision rejects is for the authority lodged with to adopt, Art 60(8), 60(9), and another one is "
    "named as having decided. The courts of the state of each decide on its part, Art 78(3): the appeal is "
    "counted by the law of both, and the earlier day is the one to keep."
)
SETTLED = (
    "That a complaint is settled is a finding of an authority (where it applies, Art 3(4), 5(3) Reg "
    "2025/2518). Whether it is a decision that can be appealed, Art 78(1), is open: counted as if it was."
)


def states(course: Course, entry: Happened | None) -> tuple[str, ...]:
    """Return the states by whose law an appeal may run that begins with an entry."""
    place = course.places.get(entry.actor or "", "") if entry else ""
    found = [place.partition("-")[0] or course.country]
    if entry is not None and entry.step in MAY_REJECT:
        found.append(course.country)
    return tuple(dict.fromkeys(found))


def listed(periods: Iterable[Period]) -> frozenset[str]:
    """Return the states whose period for an appeal is in the table."""
    return frozenset(it.state for it in periods if it.state and it.own and "adverse" in it.only)


def is_unlisted(period: Period, course: Course, entry: Happened | None, known: frozenset[str]) -> bool:
    """Return whether an appeal is of a state that the table does not have, or begun by hand."""
    if entry is not None and entry.says is not None and entry.says.act is Act.BEGIN:
        return entry.says.period == period.id
    return not known.issuperset(states(course, entry))


def doubts(period: Period, course: Course, entry: Happened | None) -> list[str]:
    """Return what is in doubt about an appeal beside its count."""
    if not period.own or "adverse" not in period.only or entry is None:
        return []
    both = [BOTH_STATES] if len(states(course, entry)) > 1 else []
    return [*both, SETTLED] if entry.step == "settled" else both
