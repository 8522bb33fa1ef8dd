"""The flow of filings: from the authorities where they were lodged to those that lead."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

#: The drawing is as wide as a phone shows it, and never much wider, so that its words keep their size.
WIDTH = 340
#: Height of an authority with two lines of words, and the room between two that have different leads.
ROW, GAP = 34, 12
#: Where the curves begin and end: words stand on both sides.
LEFT, RIGHT = 138, 202
#: So many letters have room; a longer word is drawn narrower.
LETTERS = 17
#: The thinnest and the thickest curve.
THIN, THICK = 2.0, 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where filings go: an authority that leads; not `known` where it stands for a lead that nobody knows.

    `under` is its country, or words such as "presumed".
    """

    key: str
    label: str
    under: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """An authority where filings were lodged: how many go to which target; `sure` unless presumed.

    `expected` says that nobody recorded that they went there.
    """

    label: str
    under: str
    to: str
    filings: int = 1
    sure: bool = True
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """An authority, drawn: the middle of its two lines."""

    y: float
    label: str
    under: str
    known: bool
    filings: int
    narrow: bool
    narrow_under: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """The way of filings from an authority to another."""

    d: str
    width: float
    sure: bool
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line of the table: from whom to whom, and how many filings."""

    source: Source
    target: Target


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole drawing, and its table. An authority whose filings go to several stands once for each."""

    width: int
    height: int
    left: int
    right: int
    sources: tuple[Node, ...]
    targets: tuple[Node, ...]
    curves: tuple[Curve, ...]
    arrows: tuple[Arrow, ...]


def draw(sources: Sequence[Source], targets: Sequence[Target]) -> Flow:
    """Return the flow: sources by target, in the order of the targets, so that no two curves cross.

    A target to which nothing goes is left out. Raises KeyError for a source whose target is not among them.
    """
    known = {it.key: it for it in targets}
    if strange := {it.to for it in sources} - set(known):
        raise KeyError(min(strange))
    totals: Counter[Source] = Counter()
    for it in sources:
        totals[replace(it, filings=0)] += it.filings
    lines = [replace(it, filings=number) for key in known for it, number in totals.items() if it.to == key]
    most = max((it.filings for it in lines), default=1)
    left: list[Node] = []
    right: list[Node] = []
    curves: list[Curve] = []
    y = ROW / 2
    for target in targets:
        own = [it for it in lines if it.to == target.key]
        if not own:
            continue
        middle = y + ROW * (len(own) - 1) / 2
        right.append(_node(middle, target.label, target.under, sum(it.filings for it in own), target.known))
        for at, it in enumerate(own):
            here = y + ROW * at
            left.append(_node(here, it.label, it.under, it.filings))
            # Curves arrive side by side, as far as the two lines of words are high.
            there = middle + (at - (len(own) - 1) / 2) * min(ROW * 0.7 / len(own), THIN * 2)
            width = THIN if most == 1 else THIN + (THICK - THIN) * (it.filings - 1) / (most - 1)
            half = (LEFT + RIGHT) / 2
            path = f"M{LEFT} {here:g}C{half:g} {here:g} {half:g} {there:.1f} {RIGHT} {there:.1f}"
            curves.append(Curve(path, round(width, 1), it.sure and target.known, it.expected))
        y += ROW * len(own) + GAP
    return Flow(
        width=WIDTH,
        height=max(round(y - ROW / 2 - GAP), ROW),
        left=LEFT,
        right=RIGHT,
        sources=tuple(left),
        targets=tuple(right),
        curves=tuple(curves),
        arrows=tuple(Arrow(it, known[it.to]) for it in lines),
    )


def _node(y: float, label: str, under: str, filings: int, known: bool = True) -> Node:
    """Return an authority; a number stands behind its name where it is not one."""
    named = f"{label} ({filings})" if filings > 1 else label
    return Node(y, named, under, known, filings, len(named) > LETTERS, len(under) > LETTERS)
