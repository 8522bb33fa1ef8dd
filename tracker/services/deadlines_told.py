"""What people are told of deadlines away from the desk, by calendar and mail: numbers, provisions and days.

Nobody of a case is named here, and no case by its title: a calendar and a mailbox are read by others too.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.db import by_number, db
from tracker.models import Deadline, DeadlineChange, Filing
from tracker.reference.periods import periods
from tracker.rules.deadlines import Ends
from tracker.services.deadlines import ends_of


@dataclass(frozen=True, slots=True)
class Told:
    """One deadline as it is told."""

    key: int
    #: Of the filing.
    number: str
    label: str
    basis: str
    ends: Ends
    #: Neither met nor waived nor gone.
    open: bool
    #: When it became what it is.
    changed_at: datetime
    #: Of its page, from the root of the desk's site.
    path: str
    #: Nobody knows its last day any more: `ends` has the one that it had before.
    unknown: bool = False
    #: Whether it is owed at all depends on how the law is read.
    contested: bool = False


def path_of(number: str, period: str, start_number: int) -> str:
    """Return where the page of a deadline stands."""
    path = f"/desk/filings/{number}/deadlines/{period}"
    return f"{path}/{start_number}" if start_number else path


def _seen_by(user_id: int, everything: bool) -> sa.ColumnElement[bool]:
    """Return the condition for the filings of a person: those that nobody sees to are everybody's."""
    if everything:
        return sa.true()
    return sa.or_(Filing.responsible_id == user_id, Filing.responsible_id.is_(None))


def ours(user_id: int, *, everything: bool, since: date, ended_since: date | None = None) -> list[Told]:
    """Return our own deadlines that a person is told of, by the day to go by; those without one are left out.

    Open ones with a last day from `since` on, rights that are over among them; and with `ended_since` those
    too that were met or waived, or do not run any more, with a last day from then on.
    """
    wanted = [sa.and_(Deadline.open, Deadline.due_on >= since)]
    if ended_since is not None:
        wanted.append(sa.and_(~Deadline.open, Deadline.due_on >= ended_since))
    return _told(Deadline.own, sa.or_(*wanted), _seen_by(user_id, everything))


def ours_without_a_day(user_id: int, *, everything: bool, since: date) -> list[Told]:
    """Return our own deadlines of which the last day is not known any more, where that was `since` or later.

    Each has the newest of its earlier days: whoever was told of that one has to hear that it does not hold.
    """
    earlier = sa.orm.aliased(DeadlineChange)
    had_one = (
        sa.select(sa.func.max(earlier.id))
        .where(earlier.deadline_id == Deadline.id, earlier.due_before.is_not(None))
        .correlate(Deadline)
        .scalar_subquery()
    )
    query = (
        sa.select(Deadline, Filing.number, DeadlineChange.due_before, DeadlineChange.safe_before)
        .join(Filing, Filing.id == Deadline.filing_id)
        .join(DeadlineChange, DeadlineChange.id == had_one)
        .where(Deadline.own, Deadline.due_on.is_(None), DeadlineChange.due_before >= since)
        .where(_seen_by(user_id, everything))
        .order_by(*by_number(Filing.number), Deadline.period, Deadline.start_number)
    )
    found = []
    for row, number, due, safe in db.session.execute(query):
        told = _as_told(row, number)
        found.append(replace(told, ends=replace(told.ends, due=due, safe=safe), unknown=True))
    return found


def missed_by_others(user_id: int, *, everything: bool, since: date, today: date) -> list[Told]:
    """Return what others still owe and are late with for certain, with a last day from `since` on."""
    last = sa.func.coalesce(Deadline.certain_on, Deadline.due_on)
    running = (~Deadline.own, Deadline.open, Deadline.paused_on.is_(None))
    found = _told(*running, last >= since, last < today, _seen_by(user_id, everything))
    return [it for it in found if not it.ends.lapses]


def _told(*conditions: Any) -> list[Told]:
    query = (
        sa.select(Deadline, Filing.number)
        .join(Filing, Filing.id == Deadline.filing_id)
        .where(*conditions)
        .order_by(*by_number(Filing.number), Deadline.period, Deadline.start_number)
    )
    found = [_as_told(row, number) for row, number in db.session.execute(query)]
    return sorted(found, key=lambda it: it.ends.shown or date.max)


def _as_told(row: Deadline, number: str) -> Told:
    period = periods().get(row.period)
    return Told(
        key=row.id,
        number=number,
        label=period.label if period else "",
        basis=period.basis if period else row.period,
        ends=ends_of(row),
        open=row.open,
        changed_at=row.computed_at,
        path=path_of(number, row.period, row.start_number),
        contested=period is not None and period.contested,
    )
