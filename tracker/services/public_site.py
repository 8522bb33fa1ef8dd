"""Questions to the public store: all that the public site may ask. Nothing here knows the private store."""

from dataclasses import dataclass

import sqlalchemy as sa

from tracker.db import PUBLIC, by_number, db
from tracker.models import PublishedCase, PublishedFiling, PublishedUpdate
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.vocabulary import Outcome
from tracker.services.public_site_authorities import (
    AuthorityPage,
    AuthorityRow,
    Involved,
    InvolvedCase,
    authorities,
    authority_page,
)
from tracker.services.public_site_case import (
    ACTORS,
    CasePage,
    Entry,
    FilingPage,
    Wanted,
    case_page,
    filing_page,
)
from tracker.services.public_site_list import (
    FACETS,
    CaseRow,
    Choice,
    Filters,
    Found,
    find_cases,
    newest,
    same_words,
)
from tracker.services.public_site_records import FilingRecord
from tracker.services.public_site_words import FilingRow, News, news

__all__ = [
    "ACTORS",
    "FACETS",
    "AuthorityPage",
    "AuthorityRow",
    "CasePage",
    "CaseRow",
    "Choice",
    "Entry",
    "FilingPage",
    "FilingRecord",
    "FilingRow",
    "Filters",
    "Found",
    "Involved",
    "InvolvedCase",
    "Overview",
    "Wanted",
    "authorities",
    "authority_page",
    "case_page",
    "filing_page",
    "find_cases",
    "overview",
    "project_names",
    "revision",
    "same_words",
]


#: Which transactions PostgreSQL has seen, and which are under way: another text after every commit.
SNAPSHOT = "SELECT pg_current_snapshot()::text"


@dataclass(frozen=True, slots=True)
class Overview:
    """What the start page shows: totals, the cases lodged last, the last news of all cases.

    Of the `filings`, `unclear` may have a result that is not recorded; they do not count as pending.
    """

    cases: int
    filings: int
    pending: int
    unclear: int
    authorities: int
    newest: tuple[CaseRow, ...]
    news: tuple[tuple[News, str, str], ...]


def overview() -> Overview:
    """Return the totals and the newest of everything. `news` holds (news, case number, title of the case)."""
    cases = sa.select(sa.func.count()).select_from(PublishedCase).where(PublishedCase.withdrawn.is_(False))
    counted = sa.select(PublishedFiling.outcome, sa.func.count()).group_by(PublishedFiling.outcome)
    outcomes = {outcome: count for outcome, count in db.session.execute(counted)}
    places = sa.select(sa.func.count(sa.distinct(PublishedFiling.authority)))
    # The newest entry of each case: a single lively case shall not fill the page.
    newest_place = (
        sa.select(PublishedUpdate.case_number, sa.func.max(PublishedUpdate.position).label("position"))
        .group_by(PublishedUpdate.case_number)
        .subquery()
    )
    last = (
        sa.select(PublishedUpdate)
        .join(
            newest_place,
            sa.and_(
                PublishedUpdate.case_number == newest_place.c.case_number,
                PublishedUpdate.position == newest_place.c.position,
            ),
        )
        .where(PublishedUpdate.happened_on.is_not(None))
        .order_by(
            PublishedUpdate.happened_on.desc(), *by_number(PublishedUpdate.case_number, last_first=True)
        )
        .limit(6)
    )
    entries = db.session.scalars(last).all()
    titled = sa.select(PublishedCase.number, PublishedCase.title).where(
        PublishedCase.number.in_([it.case_number for it in entries])
    )
    titles = {number: title for number, title in db.session.execute(titled)}
    return Overview(
        cases=db.session.scalar(cases) or 0,
        filings=sum(outcomes.values()),
        pending=outcomes.get(Outcome.PENDING.value, 0),
        unclear=outcomes.get(NOT_KNOWN, 0),
        authorities=db.session.scalar(places) or 0,
        newest=newest(5),
        news=tuple((news(it), it.case_number, titles[it.case_number]) for it in entries),
    )


def project_names() -> dict[str, str]:
    """Return the names of the projects of public cases by slug."""
    query = sa.select(PublishedCase.project_slug, PublishedCase.project).distinct()
    return {slug: name for slug, name in db.session.execute(query) if slug}


def revision() -> str:
    """Return words that differ once anything in a PostgreSQL store has been committed.

    The snapshot changes with every transaction that writes, also with those of the desk: a page is rendered
    anew too often rather than once too seldom.
    """
    return str(db.session.scalar(sa.text(SNAPSHOT), bind_arguments={"bind": db.engines[PUBLIC]}))
