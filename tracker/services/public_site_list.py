"""The public list of cases: filters joined by and, what each further choice would leave, one page at a time.

The number of SQL statements depends on how many filters are set, never on how many cases there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.models import PublishedLine, PublishedTotal
from tracker.models.published_index import ALL
from tracker.services.public_site_choices import Choice, choices_of
from tracker.services.public_site_filters import Filters, conditions
from tracker.services.public_site_rows import CaseRow, rows_of
from tracker.services.public_site_search import asked_of_store, matching, places_of

PAGE_SIZE = 25
#: The orders of the list: the last lodged first, who waits longest first, by number; with words to look for,
#: first what fits them best.
BEST, NEWEST, WAITING, NUMBER = "best", "newest", "waiting", "number"
SORTS = (NEWEST, WAITING, NUMBER)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list. Where it is empty, `relax` names filters without which there would be cases.

    `sort` is the order in which it stands; of the `filings` of all these cases nothing is counted here.
    """

    rows: tuple[CaseRow, ...]
    total: int
    page: int
    pages: int
    sort: str
    choices: dict[str, tuple[Choice, ...]]
    relax: tuple[Choice, ...]


def find_cases(filters: Filters, *, page: int = 1, sort: str = "") -> Found:
    """Return a page (from 1) of the public cases that match, in an order of SORTS.

    Without an order the last lodged stand first, or with words to look for, what fits them best. A page that
    does not exist has no rows; whether it should is for the caller to say.
    """
    order = sort if sort in SORTS else (BEST if filters.text else NEWEST)
    total = count(filters)
    numbers = numbers_of(filters, order, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE) if total else ()
    relax: tuple[Choice, ...] = ()
    if not total:
        tried = (Choice(name, count(filters.without(name))) for name in filters.active())
        relax = tuple(it for it in tried if it.cases)
    return Found(
        rows=rows_of(numbers, places_of(filters.text, numbers) if filters.text else None),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        sort=order,
        choices=choices_of(filters),
        relax=relax,
    )


def numbers_of(filters: Filters, order: str, *, limit: int, offset: int = 0) -> Sequence[str]:
    """Return the numbers of the cases that match, in an order of the list."""
    line = PublishedLine
    query = sa.select(line.case_number).where(*conditions(filters, line.case_number))
    by: tuple[Any, ...] = {
        NEWEST: (line.newest.desc(), line.rank.desc()),
        WAITING: (line.waiting, line.rank),
        NUMBER: (line.rank,),
    }.get(order, ())
    if order == BEST:
        asked = matching(filters.text)
        query = sa.select(line.case_number).join(asked, asked.c.key == line.key)
        query = query.where(*conditions(filters.without("text"), line.case_number))
        by = (asked.c.score, line.newest.desc(), line.rank.desc())
    return db.session.scalars(query.order_by(*by).limit(limit).offset(offset)).all()


def newest(limit: int) -> tuple[CaseRow, ...]:
    """Return the cases that were lodged last."""
    return rows_of(numbers_of(Filters(), NEWEST, limit=limit))


def count(filters: Filters) -> int:
    """Return how many public cases match; all of them are counted already."""
    if not filters.active():
        total = PublishedTotal
        return db.session.scalar(sa.select(total.cases).where(total.name == ALL, total.value == "")) or 0
    if filters.active() == ("text",):
        return int(
            asked_of_store(sa.select(sa.func.count()).select_from(matching(filters.text))).scalar_one()
        )
    line = PublishedLine
    query = sa.select(sa.func.count()).select_from(line).where(*conditions(filters, line.case_number))
    return db.session.scalar(query) or 0
