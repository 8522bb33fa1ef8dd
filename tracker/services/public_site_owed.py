"""What authorities owe by law in public filings: what is late and what is due on the day of reading."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.models import PublishedDeadline
from tracker.reference import periods
from tracker.rules.deadlines import State, state, time_words
from tracker.rules.told_in_public import ends_in_public
from tracker.services.public_site_words import Named, named


@dataclass(frozen=True, slots=True)
class Owed:
    """One period in one filing. `label` and `basis` are English; `how` is a value of rules.deadlines.State.

    `last` is the latest last day that can be argued, inclusive: nobody is called late before it is over.
    `time` says in words what is left or over. `started` is the number of the entry from which it runs.
    """

    filing: str
    period: str
    label: str
    basis: str
    by: Named
    started: int
    started_on: date | None
    due: date | None
    last: date | None
    how: str
    time: str
    met_on: date | None
    reasons: tuple[tuple[str, str], ...]

    @property
    def late(self) -> bool:
        """Return whether its last day is over and nothing met it."""
        return self.how == State.MISSED.value and self.met_on is None

    @property
    def runs(self) -> bool:
        """Return whether it is still waited for and not late."""
        return self.how in (State.RUNNING.value, State.EXTENDED.value)


@dataclass(frozen=True, slots=True)
class Due:
    """The same period in the filings of a case: how many authorities are late with it, of how many.

    `since` is the last day of the one that is late longest, `next` that of the one that ends next; `by` is
    the authority where it is one alone.
    """

    label: str
    basis: str
    late: int
    waiting: int
    total: int
    since: date | None
    next: date | None
    by: Named | None
    time: str


def owed_in(filing: str, kept: Sequence[Mapping[str, Any]], today: date) -> tuple[Owed, ...]:
    """Return what authorities owe in a filing: what is late first, longest first, then what ends next."""
    found = [_owed(filing, it, today) for it in kept if it["period"] in periods.periods()]
    return tuple(sorted(found, key=_order))


def owed_row(row: PublishedDeadline, today: date) -> Owed:
    """Return the same of a row of the public store."""
    names = ("period", "owed_by", "start_number", "open", "reasons")
    days = ("started_on", "due_on", "certain_on", "met_on", "paused_on")
    told = {name: getattr(row, name) for name in names}
    return _owed(row.filing_number, told | {name: _iso(getattr(row, name)) for name in days}, today)


def dues_of(owed: Iterable[Owed]) -> tuple[Due, ...]:
    """Return the periods of a case in few lines: what most are late with first, then what ends next.

    What was met, or is not waited for any more, is left out.
    """
    by_period: dict[str, list[Owed]] = {}
    for it in owed:
        by_period.setdefault(it.period, []).append(it)
    dues = [_due(some) for some in by_period.values() if any(it.late or it.runs for it in some)]
    return tuple(sorted(dues, key=lambda it: (-it.late, it.next or date.max, it.basis)))


def _due(some: Sequence[Owed]) -> Due:
    late = [it for it in some if it.late]
    waiting = [it for it in some if it.runs]
    first = late or waiting
    ends = [it.last for it in first if it.last]
    longest = min(first, key=lambda it: it.last or date.max)
    who = {it.by for it in first}
    return Due(
        label=some[0].label,
        basis=some[0].basis,
        late=len(late),
        waiting=len(waiting),
        total=len(some),
        since=min(ends) if late and ends else None,
        next=min(ends) if not late and ends else None,
        by=who.pop() if len(who) == 1 else None,
        time=longest.time,
    )


def _owed(filing: str, it: Mapping[str, Any], today: date) -> Owed:
    period = periods.periods()[it["period"]]
    due, certain, met, paused = (_day(it[name]) for name in ("due_on", "certain_on", "met_on", "paused_on"))
    ends = ends_in_public(due=due, certain=certain, met_on=met, paused_on=paused, waits=it["open"])
    return Owed(
        filing=filing,
        period=period.id,
        label=period.label,
        basis=period.basis,
        by=named(it["owed_by"]),
        started=it["start_number"],
        started_on=_day(it["started_on"]),
        due=due,
        last=ends.shown,
        how=state(ends, today).value,
        time=time_words(ends, today),
        met_on=met,
        reasons=tuple((text, basis) for text, basis in it["reasons"]),
    )


def _order(it: Owed) -> tuple[int, date]:
    rank = 0 if it.late else 1 if it.runs else 2 if it.how == State.PAUSED.value else 3
    return rank, it.last or date.max


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
