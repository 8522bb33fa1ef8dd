"""Times during which a clock stands still, put together: each day once, and none after the period is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Stop:
    """A time during which the clock stands still, and by which entry or rule.

    `until` is the day from which it runs again, None for not yet.
    """

    since: date
    until: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Still:
    """What times of standing still do to a period.

    `days` are added to its end, for the times in `told`, which may overlap; `late` ones began after it was
    over and do nothing. `now` is the one that still goes on.
    """

    days: int
    told: tuple[Stop, ...]
    late: tuple[Stop, ...]
    now: Stop | None

    @property
    def overlap(self) -> bool:
        """Return whether it stood still for two reasons on one day."""
        alone = sum((it.until - it.since).days for it in self.told if it.until is not None)
        return self.now is None and alone > self.days


def still(stops: Iterable[Stop], last: date | None) -> Still:
    """Return what stops do to a period whose last day is `last` without them; None where nobody knows it.

    Times that overlap are one time, so that no day is added twice. What is over does not stand still any
    more: a time counts where it begins on the last day, as the times before it have moved that, or earlier.
    """
    days = 0
    told: list[Stop] = []
    late: list[Stop] = []
    for group in _apart(stops):
        since = group[0].since
        if last is not None and (since - last).days > days:
            late += group
            continue
        going_on = next((it for it in group if it.until is None), None)
        if going_on is not None:
            return Still(days, tuple(told), tuple(late), Stop(since, None, going_on.why))
        days += (max(it.until for it in group if it.until is not None) - since).days
        told += group
    return Still(days, tuple(told), tuple(late), None)


def _apart(stops: Iterable[Stop]) -> list[list[Stop]]:
    """Return the stops in order, those together that overlap or follow each other without a day between."""
    groups: list[list[Stop]] = []
    reached = date.min
    for it in sorted(stops, key=lambda it: (it.since, it.until is None, it.until or date.max)):
        if it.until is not None and it.until <= it.since:
            continue
        if groups and it.since <= reached:
            groups[-1].append(it)
        else:
            groups.append([it])
        reached = max(reached, it.until or date.max) if len(groups[-1]) > 1 else it.until or date.max
    return groups


def added(day: date, it: Still) -> date:
    """Return a day as many days later as the clock stood still."""
    return day + timedelta(days=it.days)
