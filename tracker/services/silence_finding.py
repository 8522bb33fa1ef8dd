"""Which filings were silent longest, found by SQL: the same answer as rules.silence gives for each."""

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
from tracker.rules.days import Day
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
    news = _last_news()
    found = db.session.execute(
        _pending(sa.select(Filing, news.c.happened_on, news.c.happened_precision), news, since, where)
        .options(contains_eager(Filing.case), joinedload(Filing.authority))
        .order_by(_silent_since(news), *by_number(Filing.number))
        .limit(limit)
        .offset(offset)
    )
    return [Silent(it, Day(on, precision) if on else it.lodged) for it, on, precision in found]


def count_silent(*, since: date | None = None, where: Sequence[Any] = ()) -> int:
    """Return how many filings silent() finds without a limit."""
    query = _pending(sa.select(sa.func.count(Filing.id)), _last_news(), since, where)
    return db.session.scalar(query) or 0


def _pending(query: Any, news: sa.Subquery, since: date | None, where: Sequence[Any]) -> Any:
    """Return a query narrowed to filings that wait, with the last news of each beside it."""
    query = (
        query.select_from(Filing)
        .join(Filing.case)
        .outerjoin(news, sa.and_(news.c.filing_id == Filing.id, news.c.place == 1))
        .where(Filing.outcome == Outcome.PENDING, Filing.lodged_on.is_not(None), *where)
    )
    if since is not None:
        query = query.where(_silent_since(news) <= since.year * 10_000 + since.month * 100 + since.day)
    return query


def _silent_since(news: sa.Subquery) -> sa.ColumnElement[int]:
    """Return the day from which the silence of a filing counts, as a number."""
    return sa.func.coalesce(news.c.at, _at(Filing.lodged_on, Filing.lodged_precision))


def _at(day: Any, precision: Any) -> sa.ColumnElement[int]:
    """Return the last day that a partly known day can be, as a number that sorts like it (20240631)."""
    month = sa.case((precision == Precision.YEAR, 12), else_=sa.extract("month", day))
    in_month = sa.case((precision == Precision.DAY, sa.extract("day", day)), else_=31)
    return sa.extract("year", day) * 10_000 + month * 100 + in_month


def _last_news() -> sa.Subquery:
    """Return the substantive news of every filing since its lodging; the one that counts has place 1.

    The conditions are those of rules.silence.is_news, in SQL. Whoever lodges anew waits from then on.
    """
    correcting = sa.orm.aliased(Update)
    at = _at(Update.happened_on, Update.happened_precision)
    empty = sa.exists().where(
        EntryMark.update_id == Update.id, EntryMark.answers_id.is_(None), EntryMark.ended_at.is_(None)
    )
    from_authority = Update.actor_slug.is_not(None)
    worded = sa.or_(
        UpdateFiling.step == silence.INFORMATION,
        sa.and_(
            from_authority,
            sa.or_(UpdateFiling.step.is_(None), UpdateFiling.step.in_(sorted(silence.BY_AUTHORITY))),
        ),
    )
    always = UpdateFiling.step.in_(sorted(silence.always_news(tables.procedure())))
    ours = sa.and_(
        Update.actor_slug.is_(None), Update.actor.in_([Case.ngo, *map(sa.literal, sorted(silence.OURSELVES))])
    )
    return (
        sa.select(
            UpdateFiling.filing_id,
            Update.happened_on,
            Update.happened_precision,
            at.label("at"),
            sa.func.row_number()
            .over(partition_by=UpdateFiling.filing_id, order_by=(at.desc(), Update.number.desc()))
            .label("place"),
        )
        .join(Update, Update.id == UpdateFiling.update_id)
        .join(Filing, Filing.id == UpdateFiling.filing_id)
        .join(Case, Case.id == Update.case_id)
        .where(
            Filing.outcome == Outcome.PENDING,
            Update.happened_on.is_not(None),
            at >= _first(Filing.lodged_on),
            ~sa.exists().where(correcting.corrects_id == Update.id),
            sa.or_(UpdateFiling.step == "lodged", sa.and_(~ours, sa.or_(always, sa.and_(worded, ~empty)))),
        )
        .subquery()
    )


def _first(day: Any) -> sa.ColumnElement[int]:
    """Return the first day that a day can be, as a number of the same kind."""
    return sa.extract("year", day) * 10_000 + sa.extract("month", day) * 100 + sa.extract("day", day)
