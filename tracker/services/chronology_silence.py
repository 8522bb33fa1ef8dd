"""The silence of a chronology: what the silence log (services/silence.py) says of a filing, without words.

Everything that the protocol holds counts, also what somebody leaves out of the list of steps: a silence that
was broken is none.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tracker.models import Filing
from tracker.reference.authorities import label
from tracker.rules.days import Day
from tracker.rules.silence import Gap
from tracker.services import silence, silence_beside
from tracker.services.silence import Chased, Period, Word


@dataclass(frozen=True, slots=True)
class Named:
    """An entry as it is referred to: `number` 0 is the lodging where no entry tells of it."""

    number: int
    day: Day
    actor: str


@dataclass(frozen=True, slots=True)
class Silent:
    """A time without news: after an entry (None: the lodging) until another one; None: it goes on, or ended.

    `time` is as exact as the days are.
    """

    after: Named | None
    until: Named | None
    time: Gap
    running: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder of ours, to whom it went (None: not recorded), and the first word afterwards.

    `new` is false where the answer says nothing new.
    """

    reminder: Named
    to: str | None
    answer: Named | None
    new: bool


@dataclass(frozen=True, slots=True)
class Silence:
    """How long it has been silent. `last` is the last news, None where there never was any since the lodging.

    `time` is how long ago that is, None where nobody waits any more. `empty` are entries of authorities that
    say nothing new, `undated` news of which nobody knows the day: no time takes these into account.
    """

    last: Named | None
    time: Gap | None
    #: What the authorities of this complaint said of the case as a whole: it breaks no silence. Then what of
    #: it can lie after the last news.
    beside: tuple[Word, ...]
    beside_since: tuple[Word, ...]
    silent: tuple[Silent, ...]
    empty: tuple[Named, ...]
    undated: tuple[Named, ...]
    reminders: tuple[Reminder, ...]

    @property
    def unanswered(self) -> tuple[Reminder, ...]:
        """Return the reminders that nobody answered."""
        return tuple(it for it in self.reminders if it.answer is None)


def silence_of(filing: Filing, *, as_of: date, leads: Collection[str]) -> Silence:
    """Return the silence about a filing as of a day; `leads` are the authorities that lead it."""
    log = silence.log_of(filing, today=as_of)
    beside = silence_beside.beside(filing, as_of=as_of, leads=leads)
    return Silence(
        last=_named(log.last),
        time=log.time,
        beside=beside,
        beside_since=silence_beside.since(beside, log.last.day if log.last else log.lodged),
        silent=tuple(_silent(it) for it in log.periods),
        empty=tuple(it for word in log.empty if (it := _named(word))),
        undated=tuple(it for word in log.undated if (it := _named(word))),
        reminders=tuple(_reminder(it) for it in log.chased),
    )


def _silent(it: Period) -> Silent:
    return Silent(_named(it.after), _named(it.until), it.time, it.running)


def _reminder(it: Chased) -> Reminder:
    reminder = Named(it.reminder.number, it.reminder.day, it.reminder.actor)
    return Reminder(reminder, label(it.to) if it.to else None, _named(it.answer), it.new)


def _named(it: Word | None) -> Named | None:
    return None if it is None else Named(it.number, it.day, it.actor)
