"""Where, among several places, the main establishment is: Art 4(16), and by analogy § 40(2) BDSG.

Establishments under one authority count as one seat, since only the authority is asked for. The same
comparison serves between states and between German Länder.
"""

import enum
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracker.rules.routing.directory import Directory
from tracker.rules.routing.facts import Establishment
from tracker.rules.vocabulary import Answer


class Verdict(enum.Enum):
    """What the comparison came to."""

    ONE = "one"  # this seat, for certain
    OPEN = "open"  # something decisive is not known; the seat, if any, is only presumed
    SEVERAL = "several"  # more than one, for certain
    NONE = "none"  # none of them, for certain


@dataclass(frozen=True, slots=True)
class Seat:
    """A place with one authority, and what is known about all establishments under it together."""

    place: str
    central: Answer
    decides: Answer
    main_processing: Answer


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome of a comparison: the seat (None where none can be named) and what else is possible."""

    verdict: Verdict
    place: str | None
    candidates: tuple[str, ...]


def both(one: Answer, other: Answer) -> Answer:
    """Return whether both hold: no if one does not, else unknown if one is not known."""
    if Answer.NO in (one, other):
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in (one, other) else Answer.YES


def either(answers: Iterable[Answer]) -> Answer:
    """Return whether any holds: yes if one does, else unknown if one is not known."""
    known = tuple(answers)
    if Answer.YES in known:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in known else Answer.NO


@lru_cache(maxsize=1_000)
def seats(establishments: tuple[Establishment, ...], directory: Directory) -> tuple[Seat, ...]:
    """Return the seats in alphabetical order, whatever the order of the establishments.

    A seat decides when one establishment there both takes the decisions and can have them implemented
    (Art 4(16)(a), EDPB Opinion 04/2024). All filings of one act ask for the same: it is remembered.
    """
    under: dict[str, list[Establishment]] = {}
    for it in establishments:
        under.setdefault(directory.seat(it.place), []).append(it)
    return tuple(
        Seat(
            place=place,
            central=either(it.ca for it in group),
            decides=either(both(it.decides, it.implements) for it in group),
            main_processing=either(it.main_processing for it in group),
        )
        for place, group in sorted(under.items())
    )


@lru_cache(maxsize=1_000)
def deciding_seat(compared: tuple[Seat, ...], decided_elsewhere: Answer) -> Choice:
    """Return where the decisions on the processing are taken and carried out (Art 4(16)(a)).

    Where that is open, a seat is presumed only if it can still turn out to be right: the one that is known
    to decide; else the claimed central administration, unless it is known not to decide; else the only seat
    that may decide, unless decisions are known to be taken elsewhere (`decided_elsewhere`).
    """
    deciding = _places(compared, lambda it: it.decides)
    may_decide = _places(compared, lambda it: it.decides, Answer.UNKNOWN)
    central = _places(compared, lambda it: it.central)
    possible = tuple(sorted((*deciding, *may_decide)))
    if len(deciding) > 1:
        return Choice(Verdict.SEVERAL, None, deciding)
    if len(deciding) == 1:
        # A second one would make it a conflict: no other seat can come to lead alone.
        return Choice(Verdict.OPEN if may_decide else Verdict.ONE, deciding[0], possible)
    if not may_decide:
        return Choice(Verdict.NONE, None, ())
    if len(central) == 1 and central[0] in may_decide:
        return Choice(Verdict.OPEN, central[0], possible)
    if len(may_decide) == 1 and decided_elsewhere is not Answer.YES:
        return Choice(Verdict.OPEN, may_decide[0], possible)
    return Choice(Verdict.OPEN, None, possible)


def processing_seat(compared: Sequence[Seat]) -> Choice:
    """Return the main establishment of a processor (Art 4(16)(b)).

    Its central administration in the EEA; if it has none, the place of the main processing. Both are one of a
    kind by definition, so one known yes is enough and two are a contradiction.
    """
    central = _places(compared, lambda it: it.central)
    if central:
        return Choice(Verdict.ONE, central[0], central) if len(central) == 1 else _several(central)
    may_be_central = _places(compared, lambda it: it.central, Answer.UNKNOWN)
    main = _places(compared, lambda it: it.main_processing)
    may_be_main = main or _places(compared, lambda it: it.main_processing, Answer.UNKNOWN)
    possible = tuple(sorted({*may_be_central, *may_be_main}))
    if not possible:
        return Choice(Verdict.NONE, None, ())
    if len(main) > 1 and not may_be_central:
        return _several(main)
    if len(possible) == 1:
        # If the only place of main processing is also the only possible central administration,
        # it is the main establishment under either half of the definition.
        return Choice(Verdict.ONE if main else Verdict.OPEN, possible[0], possible)
    return Choice(Verdict.OPEN, None, possible)


def home_seat(compared: tuple[Seat, ...], *, processor: bool) -> Choice:
    """Return the seat inside the one state in which all of `compared` lie.

    One seat is the answer whatever it decides. Several are compared as states are (§ 40(2) BDSG); if none of
    them decides, the central administration is presumed, since within the state one of them must be it.
    """
    everywhere = tuple(it.place for it in compared)
    if len(everywhere) == 1:
        return Choice(Verdict.ONE, everywhere[0], everywhere)
    choice = processing_seat(compared) if processor else deciding_seat(compared, Answer.NO)
    if choice.verdict is not Verdict.NONE:
        return choice
    central = _places(compared, lambda it: it.central)
    if len(central) == 1:
        return Choice(Verdict.OPEN, central[0], central)
    return Choice(Verdict.OPEN, None, everywhere)


def _places(
    compared: Sequence[Seat], asked: Callable[[Seat], Answer], wanted: Answer = Answer.YES
) -> tuple[str, ...]:
    return tuple(it.place for it in compared if asked(it) is wanted)


def _several(places: tuple[str, ...]) -> Choice:
    return Choice(Verdict.SEVERAL, None, places)
