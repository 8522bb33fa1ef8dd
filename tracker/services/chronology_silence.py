"""The silence of a chronology: when an authority last said something, and what became of our reminders.

Everything that the protocol holds counts, also what somebody leaves out of the list of steps: a silence that
was broken is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.rules.days import Day
from tracker.services.chronology_steps import Step

#: Steps of an authority that say nothing of progress or outcome.
RECEIPTS = frozenset({"acknowledged"})
REMINDER = "reminder"
#: Shorter silences are not listed.
LISTED = 31


@dataclass(frozen=True, slots=True)
class Silent:
    """A time without news: from an entry (None: the lodging) to the next, or to the day of the chronology."""

    since: Day
    since_entry: int | None
    until: Day | None
    until_entry: int | None
    #: Counted from the last day that the first can have been to the first day that the second can have been.
    days: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of ours, and the first thing that an authority said afterwards."""

    entry: int
    day: Day
    answered_by: int | None
    answered_on: Day | None


@dataclass(frozen=True, slots=True)
class Silence:
    """How long it has been silent. `last` is the entry with the last news, None where there never was any."""

    last: int | None
    last_on: Day
    actor: str | None
    #: Days since; None where the day is not known.
    days: int | None
    silent: tuple[Silent, ...]
    #: Entries that only confirm receipt.
    receipts: tuple[int, ...]
    reminders: tuple[Reminder, ...]


def silence_of(steps: Sequence[Step], *, lodged: Day, as_of: date) -> Silence:
    """Return the silence in the steps of a filing, which come in the order of the protocol."""
    mine = [it for it in steps if not it.of_case and not it.withdrawn]
    said = [it for it in mine if it.authority is not None]
    news = [it for it in said if it.kind not in RECEIPTS]
    marks: list[tuple[Day, int | None]] = [(lodged, None), *((it.day, it.number) for it in news)]
    times = [_between(one, other, as_of) for one, other in pairwise([*marks, None])]
    since, entry = marks[-1]
    return Silence(
        last=entry,
        last_on=since,
        actor=news[-1].actor if news else None,
        days=(as_of - since.last).days if since.last and since.last <= as_of else None,
        silent=tuple(it for it in times if it is not None and it.days >= LISTED),
        receipts=tuple(it.number for it in said if it.kind in RECEIPTS),
        reminders=tuple(_reminder(it, mine) for it in mine if it.kind == REMINDER and it.authority is None),
    )


def _between(
    one: tuple[Day, int | None] | None, other: tuple[Day, int | None] | None, as_of: date
) -> Silent | None:
    """Return the time between two pieces of news, None where a day is not known or none lies between."""
    if one is None or one[0].last is None or (other is not None and other[0].first is None):
        return None
    end = other[0].first if other is not None and other[0].first is not None else as_of
    days = (end - one[0].last).days
    until, entry = other if other is not None else (None, None)
    return Silent(one[0], one[1], until, entry, days) if days > 0 else None


def _reminder(it: Step, steps: Sequence[Step]) -> Reminder:
    after = [each for each in steps[steps.index(it) + 1 :] if each.authority is not None]
    answer = after[0] if after else None
    return Reminder(it.number, it.day, answer.number if answer else None, answer.day if answer else None)
