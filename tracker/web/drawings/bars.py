"""Time bars: one for each filing, from lodging to its end or to today, in the stretches of its stages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rules.days import Day

#: Height of a row and of its bar, in pixels, and where the bar begins below the words.
ROW, BAR, TOP = 38, 12, 18
#: Room for the years above the rows.
AXIS = 22
#: The part of the width in which days lie. What is left holds the mark that stands on today.
DAYS = 97.0
#: No more years than these are named, so that their numbers do not touch on a phone.
MOST_YEARS = 6
#: A year is named at the left edge when the next one is at least so far away, in percent.
ROOM = 12.0
#: The longest label that a phone shows in one line.
LONGEST = 42

Scale = Callable[[date], float]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in one stage. `kind` decides how it looks (in_progress, action_needed, complete)."""

    start: date
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """One filing: `label` stands above its bar, `start` is the day of lodging, None where it is not known.

    `vague` says that only the month or the year of it is known. `end` is the day on which it was decided or
    ended otherwise, None while it is pending; `mark` and `state` say how it stands. `since` and `until` are
    both days for the table, where a Day says how exactly they are known. `href` leads to the filing.
    `unclear` says that nobody knows whether it has ended.
    """

    label: str
    start: date | None
    stretches: tuple[Stretch, ...] = ()
    end: date | None = None
    mark: str = "open"
    state: str = ""
    vague: bool = False
    href: str | None = None
    since: Day | date | None = None
    until: Day | date | None = None
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: where it begins and how wide it is, both in percent of the drawing."""

    x: float
    width: float
    kind: str
    words: str
    vague: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A filing, drawn. Without `parts` nothing is known of when it began."""

    span: Span
    label: str
    y: int
    parts: tuple[Part, ...]
    end: float


@dataclass(frozen=True, slots=True)
class Year:
    """A line of the axis; without a name where there is no room for it."""

    x: float
    name: str


@dataclass(frozen=True, slots=True)
class Bars:
    """The whole drawing: x and widths in percent, y and heights in pixels."""

    height: int
    axis: int
    bar: int
    top: int
    rows: tuple[Row, ...]
    years: tuple[Year, ...]
    today: float
    kinds: tuple[str, ...]
    marks: tuple[str, ...]


def draw(spans: Sequence[Span], today: date) -> Bars:
    """Return the bars of filings, in the order given, on one axis from the first lodging to today.

    A day after today, or an end before the beginning, moves no bar out of the drawing.
    """
    first = min((it.start for it in spans if it.start), default=today).replace(day=1)
    first = min(first, today.replace(day=1))
    last = max([today, *(it.end for it in spans if it.end)])
    days = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(DAYS * min(max((day - first).days, 0), days) / days, 2)

    rows = tuple(_row(it, AXIS + at * ROW, today, x) for at, it in enumerate(spans))
    kinds = dict.fromkeys(part.kind for row in rows for part in row.parts)
    return Bars(
        height=AXIS + len(rows) * ROW,
        axis=AXIS,
        bar=BAR,
        top=TOP,
        rows=rows,
        years=_years(first, last, x),
        today=x(today),
        kinds=tuple(kinds),
        marks=tuple(dict.fromkeys(row.span.mark for row in rows if row.parts)),
    )


def _row(span: Span, y: int, today: date, x: Scale) -> Row:
    label = span.label if len(span.label) <= LONGEST else f"{span.label[: LONGEST - 1].rstrip()}…"
    if span.start is None:
        return Row(span, label, y, (), 0.0)
    end = max(span.end or today, span.start)
    stretches = span.stretches or (Stretch(span.start, "in_progress", span.state),)
    starts = [span.start, *(min(max(it.start, span.start), end) for it in stretches[1:]), end]
    parts = tuple(
        Part(x(one), round(x(other) - x(one), 2), it.kind, it.words, span.vague and at == 0)
        for at, (it, one, other) in enumerate(zip(stretches, starts, starts[1:], strict=False))
        # A stage that was left on the day on which it began has no width; the last one is where it stands.
        if other > one or at == len(stretches) - 1
    )
    return Row(span, label, y, parts, x(end))


def _years(first: date, last: date, x: Scale) -> tuple[Year, ...]:
    """Return the first days of years on the axis, of which as many are named as have room."""
    starts = range(first.year + 1, last.year + 1)
    every = -(-len(starts) // MOST_YEARS) or 1
    named = {it for it in starts if it % every == 0 or every == 1}
    lines = [Year(x(date(it, 1, 1)), str(it) if it in named else "") for it in starts]
    if first == date(first.year, 1, 1) or not lines or lines[0].x >= ROOM:
        lines.insert(0, Year(0.0, str(first.year)))
    # A name so near to the edge would reach over it.
    lines = [Year(it.x, "" if it.x > 100 - ROOM and len(lines) > 1 else it.name) for it in lines]
    return tuple(lines)
