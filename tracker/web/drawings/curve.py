"""The share that still waits, drawn: steps, the band around them, a tick where a wait is watched no longer.

Values in, shapes out, no words: templates/macros/curve.html writes them with the words of the page. Places
are in percent of the drawing, whose height and width the style sheet decides.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.rules.days import DAYS_IN_A_MONTH
from tracker.rules.survival import Curve

#: Months between two numbers of the axis: the first that gives no more than MOST_NUMBERS of them.
EVERY = (1, 2, 3, 6, 12, 24, 36, 60, 120)
MOST_NUMBERS = 7
#: Nothing is drawn finer than this, in percent of the width: no screen shows it, and all would load it.
FINEST = 0.4
#: Shares that have a line across the picture, in percent.
LINES = (100, 75, 50, 25, 0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the curve, from the left and from the top."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Number:
    """A number beside the picture, and how far from the left (months) or from the top (percent) it stands."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The curve as paths. `half` is where it falls to a half, None where it does not."""

    line: str
    band: str
    ticks: tuple[Tick, ...]
    half: Tick | None
    months: tuple[Number, ...]
    shares: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    waiting: float
    lower: float
    upper: float


def draw(curve: Curve) -> Picture:
    """Return the picture of a curve that has at least one observation."""
    months = max(1.0, curve.longest / DAYS_IN_A_MONTH)
    every = next((it for it in EVERY if months / it <= MOST_NUMBERS), EVERY[-1])
    whole = months * DAYS_IN_A_MONTH
    places = list(_places(curve, whole))
    end = _short(100 * curve.longest / whole)
    back = [f"V{_down(places[-1].lower):g}"]
    for here, before in zip(reversed(places), [*reversed(places[:-1]), None], strict=True):
        back.append(f"H{here.x:g}" + (f"V{_down(before.lower):g}" if before else ""))
    median = curve.quantile(0.5).days
    return Picture(
        line=_steps((it.x, it.waiting) for it in places) + f"H{end:g}",
        band=_steps((it.x, it.upper) for it in places) + f"H{end:g}" + "".join(back) + "Z",
        ticks=tuple(_ticks(curve, places, whole)),
        half=None if median is None else Tick(_short(100 * median / whole), 50.0),
        months=tuple(
            Number(_short(100 * it * DAYS_IN_A_MONTH / whole), it) for it in range(0, int(months) + 1, every)
        ),
        shares=tuple(Number(100.0 - it, it) for it in LINES),
    )


def _places(curve: Curve, whole: float) -> Iterator[_Place]:
    """Give the steps from left to right; of those that nobody could tell apart the last one."""
    found = [_Place(0.0, 1.0, 1.0, 1.0)]
    for it in curve.steps:
        x = _short(100 * it.days / whole)
        while found and x - found[-1].x < FINEST and found[-1].x > 0:
            x = found.pop().x
        found.append(_Place(x, it.waiting, it.lower, it.upper))
    return iter(found)


def _ticks(curve: Curve, places: list[_Place], whole: float) -> Iterator[Tick]:
    last = -FINEST
    for days, _ in curve.unended:
        x = _short(100 * days / whole)
        if x - last >= FINEST:
            last = x
            place = places[max(0, bisect_right(places, x, key=lambda it: it.x) - 1)]
            yield Tick(x, _down(place.waiting))


def _steps(places: Iterable[tuple[float, float]]) -> str:
    """Return a path that goes across to each place and then down to it."""
    (x, share), *rest = places
    return f"M{x:g} {_down(share):g}" + "".join(f"H{x:g}V{_down(share):g}" for x, share in rest)


def _down(share: float) -> float:
    return _short(100 * (1 - share))


def _short(value: float) -> float:
    return round(value, 1)
