"""The map of Europe: where filings lie, who leads, and the way from the one to the other."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.reference.map_points import HEIGHT, WIDTH, map_points

#: Half the width of a mark, in units of the map: 24 px across on a phone of 360 px.
RADIUS = 24
#: How far a line to the lead bends, as a part of its length.
BEND = 0.16


@dataclass(frozen=True, slots=True)
class State:
    """A country as the caller knows it, in the order in which it is to be read.

    `name` stands in the table; `said` is the whole of it in words, the name of the link: "Netherlands:
    1 filing, lodged with the AP". `leads` counts the filings that an authority of it leads; of these
    `expected` are not known to have reached it.
    """

    code: str
    name: str
    filings: int
    leads: int
    said: str
    href: str | None = None
    expected: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A state on the map: a circle with the number of filings, in a diamond where it leads."""

    state: State
    x: int
    y: int
    number: str

    @property
    def leads(self) -> bool:
        """Return whether an authority of the state leads."""
        return self.state.leads > 0


@dataclass(frozen=True, slots=True)
class Map:
    """The whole drawing. `elsewhere` has no place on the map, and stands in the table alone.

    `lines` are ways that filings went, `expected` those that they are only expected to go.
    """

    width: int
    height: int
    states: tuple[State, ...]
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]
    expected: tuple[str, ...]
    elsewhere: tuple[State, ...]


def draw(
    states: Sequence[State],
    lines: Iterable[tuple[str, str]] = (),
    expected: Iterable[tuple[str, str]] = (),
) -> Map:
    """Return the map of the states; `lines` are pairs of country codes, from whom a filing went to whom.

    `expected` are such pairs where nobody recorded that it went. A line within one country, or to one that
    has no place on the map, is not drawn.
    """
    points = map_points()
    marks = tuple(
        Mark(
            state=it,
            x=points[it.code].mark_x,
            y=points[it.code].mark_y,
            number=_short(it.filings),
        )
        for it in states
        if it.code in points
    )
    at = {it.state.code: (it.x, it.y) for it in marks}
    gone = dict.fromkeys(lines)

    def drawn(ways: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        found = dict.fromkeys(it for it in ways if it[0] != it[1] and it[0] in at and it[1] in at)
        return tuple(_line(at[one], at[other]) for one, other in found)

    return Map(
        width=WIDTH,
        height=HEIGHT,
        states=tuple(states),
        marks=marks,
        lines=drawn(gone),
        expected=drawn(it for it in expected if it not in gone),
        elsewhere=tuple(it for it in states if it.code not in points),
    )


def _short(number: int) -> str:
    """Return a number that has room in a mark: nothing for none, whole thousands above four digits."""
    return "" if not number else str(number) if number < 10_000 else f"{number // 1000}k"


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the curve from the edge of a mark to that of the other; all bend to the same side."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    over = (start[0] + dx / 2 + dy * BEND, start[1] + dy / 2 - dx * BEND)
    tip = _towards(end, over, RADIUS * 1.5 if length > RADIUS * 3 else RADIUS)
    return f"M{start[0]} {start[1]}Q{over[0]:.0f} {over[1]:.0f} {tip[0]:.0f} {tip[1]:.0f}"


def _towards(point: tuple[int, int], other: tuple[float, float], steps: float) -> tuple[float, float]:
    """Return the point so many steps away, on the way to the other."""
    dx, dy = other[0] - point[0], other[1] - point[1]
    part = steps / math.hypot(dx, dy)
    return point[0] + dx * part, point[1] + dy * part
