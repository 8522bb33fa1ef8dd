"""What runs beside the procedure and is no stage: actions before courts, urgent measures, mutual assistance.

Computed from what happened, by a table (reference/flags.csv).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.errors import RuleBroken
from tracker.rules.counting import moved
from tracker.rules.lengths import Length
from tracker.rules.standing import Entry, that_count


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that may run beside the procedure, from a step to a step.

    `lapses` is after how long it is over by itself, at the latest. It is raised only `beside` a flag that was
    raised before, or only `alone`, where that one was not.
    """

    code: str
    label: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    lapses: Length | None
    beside: str
    alone: str
    basis: str
    words: str


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag as it was raised once. `began` None: its beginning is not on record; `ended` None: its end.

    `lapses_on` is its last day at the latest, where the law gives one and the beginning is known to the day.
    """

    flag: Flag
    began: Entry | None
    ended: Entry | None
    lapses_on: date | None = None

    def runs(self, today: date) -> bool:
        """Return whether it runs on a day, as far as is known."""
        return self.ended is None and (self.lapses_on is None or today <= self.lapses_on)


def raised(entries: Sequence[Entry], flags: Mapping[str, Flag]) -> list[Raised]:
    """Return the flags that the entries of a filing raise, in the order in which they were.

    What ends one ends the oldest of its kind that still runs; where none does, its beginning is missing.
    """
    found: list[Raised] = []
    running: dict[str, list[int]] = defaultdict(list)
    seen: set[str] = set()
    for entry in that_count(entries):
        for flag in _of(entry.step, flags.values(), seen):
            if entry.step in flag.begins:
                running[flag.code].append(len(found))
                found.append(Raised(flag, entry, None, _last_day(flag, entry)))
            elif running[flag.code]:
                place = running[flag.code].pop(0)
                found[place] = Raised(flag, found[place].began, entry, found[place].lapses_on)
            else:
                found.append(Raised(flag, None, entry))
            seen.add(flag.code)
    return found


def _of(step: str | None, flags: Iterable[Flag], seen: set[str]) -> list[Flag]:
    """Return the flags that a step begins or ends, after those that were raised before."""
    return [
        it
        for it in flags
        if step in (*it.begins, *it.ends)
        and (not it.beside or it.beside in seen)
        and (not it.alone or it.alone not in seen)
    ]


def _last_day(flag: Flag, began: Entry) -> date | None:
    if flag.lapses is None or began.day.first is None or began.day.first != began.day.last:
        return None
    try:
        return moved(began.day.first, flag.lapses)
    except RuleBroken:
        return None
