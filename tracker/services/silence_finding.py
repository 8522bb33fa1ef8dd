"""Which filings were silent longest, found by SQL: the same answer as rules.silence gives for each.

A day that is known more or less exactly is one number here, so that the last of many is their highest:
20240630 and 0 for 30 June 2024, 20240630 and 1 for June 2024, which can be that day at last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from tracker.db import by_number, db
from tracker.models import Case, EntryMark, Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.rules import silence
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.silence import ROUGHNESS
from tracker.rules.vocabulary import Outcome, Precision


@dataclass(frozen=True, slots=True)
class Silent:
    """A pending filing and the day of its last news (the day of lodging if there was none since)."""

    filing: Filing
    last: Day


def silent(
    *, since: date | None = None, where: Sequence[Any] = (), limit: int, offset: int = 0
) -> list[Silent]:
    """Return pending filings, silent longest first, with case and authority, in one statement.

    Of the news of a filing the one counts that can have come last. What is of an unknown day, corrected, or
    from before the lodging counts for nothing. `since` leaves out those of which there was news after that
    day; `where` are further conditions on filings and cases.
    """
    found = _waiting(since, where)
    some = found.order_by(*_order(found.selected_columns.last)).limit(limit).offset(offset).subquery()
    rows = db.session.execute(
        sa.select(Filing, some.c.last)
        .join(some, some.c.id == Filing.id)
        .join(Filing.case)
        .options(contains_eager(Filing.case), joinedload(Filing.authority))
        .order_by(*_order(some.c.last))
    )
    return [Silent(it, _day(last)) for it, last in rows]


def count_silent(*, since: date | None = None, where: Sequence[Any] = ()) -> int:
    """Return how many filings silent() finds without a limit."""
    found = _waiting(since, where).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def _order(last: Any) -> tuple[Any, ...]:
    return (last, *by_number(Filing.number))


def _waiting(since: date | None, where: Sequence[Any]) -> Any:
    """Return the query for pending filings, each with the number of the day since when it is silent."""
    last = sa.func.coalesce(
        sa.func.max(_number(Update.happened_on, Update.happened_precision)),
        _number(Filing.lodged_on, Filing.lodged_precision),
    )
    query = (
        sa.select(Filing.id, last.label("last"))
        .join(Case, Case.id == Filing.case_id)
        .outerjoin(UpdateFiling, UpdateFiling.filing_id == Filing.id)
        .outerjoin(Update, sa.and_(Update.id == UpdateFiling.update_id, _is_news()))
        .where(Filing.outcome == Outcome.PENDING, Filing.lodged_on.is_not(None), *where)
        .group_by(Filing.id, Filing.lodged_on, Filing.lodged_precision, Filing.number)
    )
    if since is not None:
        day = since.year * 10_000 + since.month * 100 + since.day
        query = query.having(last <= day * 10 + 9)
    return query


def _number(day: Any, precision: Any) -> sa.ColumnElement[int]:
    """Return a day as a number: the last day that it can be, then how roughly it is known."""
    month = sa.case((precision == Precision.YEAR, 12), else_=sa.extract("month", day))
    in_month = sa.case((precision == Precision.DAY, sa.extract("day", day)), else_=31)
    rough = sa.case(*((precision == it, place) for it, place in ROUGHNESS.items()), else_=0)
    return sa.extract("year", day) * 100_000 + month * 1_000 + in_month * 10 + rough


def _day(number: int | None) -> Day:
    """Return the day that a number of _number() stands for."""
    if number is None:
        return UNKNOWN_DAY
    at, rough = divmod(int(number), 10)
    precision = next(it for it, place in ROUGHNESS.items() if place == rough)
    # Day brings it down to the first of the month or year.
    in_month = at % 100 if precision is Precision.DAY else 1
    return Day(date(at // 10_000, at // 100 % 100, in_month), precision)


def _is_news() -> sa.ColumnElement[bool]:
    """Return whether an entry is substantive news that came since the lodging.

    The conditions are those of rules.silence.is_news, in SQL. Whoever lodges anew waits from then on.
    """
    correcting = sa.orm.aliased(Update)
    empty = sa.exists().where(
        EntryMark.update_id == Update.id, EntryMark.answers_id.is_(None), EntryMark.ended_at.is_(None)
    )
    from_authority = Update.actor_slug.is_not(None)
    by_authority = sa.or_(UpdateFiling.step.is_(None), UpdateFiling.step.in_(sorted(silence.BY_AUTHORITY)))
    worded = sa.or_(UpdateFiling.step == silence.INFORMATION, sa.and_(from_authority, by_authority))
    always = UpdateFiling.step.in_(sorted(silence.always_news(tables.procedure())))
    ours = sa.and_(
        Update.actor_slug.is_(None), Update.actor.in_([Case.ngo, *map(sa.literal, sorted(silence.OURSELVES))])
    )
    lodged = (
        sa.extract("year", Filing.lodged_on) * 100_000
        + sa.extract("month", Filing.lodged_on) * 1_000
        + sa.extract("day", Filing.lodged_on) * 10
    )
    return sa.and_(
        Update.happened_on.is_not(None),
        sa.or_(UpdateFiling.step == "lodged", sa.and_(~ours, sa.or_(always, sa.and_(worded, ~empty)))),
        _number(Update.happened_on, Update.happened_precision) >= lodged,
        ~sa.exists().where(correcting.corrects_id == Update.id),
    )
