"""Stages over time: how many of many filings stood in which phase at the end of each month."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision

#: The plot is drawn on a field of this size and stretched to the width of the page; its height stays.
WIDTH, HEIGHT = 1000, 200
#: No more years than these are named, so that their numbers do not touch on a phone.
MOST_YEARS = 6


@dataclass(frozen=True, slots=True)
class Month:
    """What stood where at the end of a month; `counts` in the order of the phases."""

    day: Day
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """How one phase went: the outline of its share of each month."""

    kind: str
    d: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the axis of numbers, in pixels from the top."""

    y: float
    number: int


@dataclass(frozen=True, slots=True)
class Year:
    """Where a year begins, in percent of the width; without a name where there is no room for it."""

    x: float
    name: str


@dataclass(frozen=True, slots=True)
class Stages:
    """The whole drawing, and its table: the months."""

    width: int
    height: int
    kinds: tuple[str, ...]
    months: tuple[Month, ...]
    areas: tuple[Area, ...]
    lines: tuple[Line, ...]
    years: tuple[Year, ...]


def by_month(
    histories: Iterable[Sequence[tuple[date, str]]], kinds: Sequence[str], until: date
) -> tuple[Month, ...]:
    """Return how many filings stood in each phase at the end of each month, up to the day `until`.

    A history is (day, phase) in the order in which a filing went through them, and it stays in the last one.
    Days after `until` do not count yet, and a phase that is not among `kinds` counts as none. Without any
    history there is no month.
    """
    changes: Counter[tuple[int, str]] = Counter()
    for history in histories:
        before = None
        for day, kind in history:
            if day > until:
                break
            changes[_number(day), kind] += 1
            if before is not None:
                changes[_number(day), before] -= 1
            before = kind
    if not changes:
        return ()
    standing = dict.fromkeys(kinds, 0)
    months = []
    for number in range(min(it for it, _ in changes), _number(until) + 1):
        for kind in kinds:
            standing[kind] += changes[number, kind]
        day = date(number // 12, number % 12 + 1, 1)
        months.append(Month(Day(day, Precision.MONTH), tuple(standing.values())))
    return tuple(months)


def draw(months: Sequence[Month], kinds: Sequence[str]) -> Stages:
    """Return the drawing: the phases on top of each other, the first at the bottom, a step for each month."""
    top = _round_top(max((sum(it.counts) for it in months), default=1))
    edges = [round(WIDTH * at / max(len(months), 1)) for at in range(len(months) + 1)]
    below = [0] * len(months)
    areas = []
    for at, kind in enumerate(kinds):
        above = [low + it.counts[at] for low, it in zip(below, months, strict=True)]
        if above != below:
            areas.append(Area(kind, _outline(edges, below, above, top)))
        below = above
    return Stages(
        width=WIDTH,
        height=HEIGHT,
        kinds=tuple(it.kind for it in areas),
        months=tuple(months),
        areas=tuple(areas),
        lines=tuple(Line(round(HEIGHT - HEIGHT * it / top, 1), it) for it in _numbers(top)),
        years=_years(months),
    )


def _number(day: date) -> int:
    """Return a number that grows by one with each month."""
    return day.year * 12 + day.month - 1


def _round_top(most: int) -> int:
    """Return the first of 1, 2, 4, 5, 10, 20, 40, 50, 100 ... that is enough."""
    size = 1
    while True:
        for step in (1, 2, 4, 5):
            if size * step >= most:
                return size * step
        size *= 10


def _numbers(top: int) -> tuple[int, ...]:
    """Return the numbers of the axis: nothing, the top, and a half or fifths between them."""
    parts = 5 if top % 5 == 0 and top % 2 else 4 if top % 4 == 0 else 2 if top % 2 == 0 else 1
    return tuple(top * it // parts for it in range(parts + 1))


def _outline(edges: Sequence[int], below: Sequence[int], above: Sequence[int], top: int) -> str:
    """Return a path along the tops of all months and back along their feet; what stays level is one step."""

    def y(number: int) -> str:
        return f"{HEIGHT - HEIGHT * number / top:.1f}".removesuffix(".0")

    there = [f"M{edges[0]} {y(above[0])}"]
    for at in range(1, len(above)):
        if above[at] != above[at - 1]:
            there.append(f"H{edges[at]}V{y(above[at])}")
    there.append(f"H{edges[-1]}V{y(below[-1])}")
    for at in range(len(below) - 1, 0, -1):
        if below[at] != below[at - 1]:
            there.append(f"H{edges[at]}V{y(below[at - 1])}")
    return "".join([*there, f"H{edges[0]}z"])


def _years(months: Sequence[Month]) -> tuple[Year, ...]:
    """Return where years begin, of which as many are named as have room."""
    begins = [
        (at, it.day.value.year) for at, it in enumerate(months) if it.day.value and it.day.value.month == 1
    ]
    every = -(-len(begins) // MOST_YEARS) or 1
    lines = [
        Year(round(100 * at / len(months), 2), str(year) if year % every == 0 or every == 1 else "")
        for at, year in begins
    ]
    if months and months[0].day.value and (not lines or lines[0].x >= 14):
        lines.insert(0, Year(0.0, str(months[0].day.value.year)))
    if len(lines) > 1 and lines[-1].x > 88:
        lines[-1] = Year(lines[-1].x, "")
    return tuple(lines)
