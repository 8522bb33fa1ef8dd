"""Questions to the public store: all that the public site may ask. Nothing here knows the private store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tracker import clock
from tracker.db import PUBLIC, by_number, db
from tracker.errors import NotFound, Withdrawn
from tracker.models import PublishedAuthority, PublishedCase, PublishedFiling, PublishedUpdate
from tracker.rules import numbers
from tracker.rules.days import Day
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
from tracker.services.public_site_words import (
    CaseStatus,
    FilingRow,
    Led,
    Named,
    News,
    case_status,
    first_lodged,
    lodged_words,
    named,
    news,
    opening_of,
    routes_of,
    row_of,
    sentence_of,
)

__all__ = [
    "FACETS",
    "AuthorityPage",
    "AuthorityRow",
    "CasePage",
    "CaseRow",
    "Choice",
    "Entry",
    "FilingPage",
    "Filters",
    "Found",
    "Involved",
    "InvolvedCase",
    "Overview",
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
class Entry:
    """A cleared entry of the protocol. `month` is the rule under which it stands; `filings` are numbers."""

    number: int
    day: Day
    month: str
    label: str
    actor: str
    words: str
    filings: tuple[str, ...]
    reference: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the page of a case shows.

    `missing` are numbers of entries that are not public, by the number of the entry after which they stand
    (0: before all others); `cited` are the sources, each with the numbers of the entries that name it.
    """

    case: PublishedCase
    lodged: str
    status: CaseStatus
    last: News | None
    filings: tuple[FilingRow, ...]
    routes: tuple[Led, ...]
    entries: tuple[Entry, ...]
    missing: dict[int, tuple[int, ...]]
    cited: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class FilingPage:
    """Everything that the page of a filing shows. `about_case` counts entries about the case as a whole."""

    filing: PublishedFiling
    case: PublishedCase
    row: FilingRow
    sentence: str
    lodged_with: PublishedAuthority | None
    handling: Named | None
    entries: tuple[Entry, ...]
    about_case: int
    siblings: tuple[FilingRow, ...]


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


def _protocol(number: str) -> Sequence[PublishedUpdate]:
    query = sa.select(PublishedUpdate).where(PublishedUpdate.case_number == number)
    return db.session.scalars(query.order_by(PublishedUpdate.position)).all()


def _filings(number: str) -> Sequence[PublishedFiling]:
    query = sa.select(PublishedFiling).where(PublishedFiling.case_number == number)
    return db.session.scalars(query.order_by(*by_number(PublishedFiling.number))).all()


def case_page(number: str) -> CasePage:
    """Return the page of a case, in three SQL statements. Raises NotFound, or Withdrawn."""
    case = db.session.get(PublishedCase, number)
    if case is None:
        raise NotFound("There is no such page.")
    if case.withdrawn:
        raise Withdrawn("This case was withdrawn.")
    filings, updates = _filings(number), _protocol(number)
    today = clock.today()
    rows = tuple(row_of(it, updates, today) for it in filings)
    return CasePage(
        case=case,
        lodged=lodged_words(filings),
        status=case_status(filings, today, updates),
        last=_last_news(filings, updates),
        filings=rows,
        routes=routes_of(list(zip(filings, rows, strict=True))),
        entries=tuple(_entry(it) for it in updates),
        missing=_missing({it.number for it in updates}),
        cited=tuple(
            (address, tuple(sorted(it.number for it in updates if it.source == address)))
            for address in case.sources
        ),
    )


def _missing(present: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the numbers below the highest that are not there, by the nearest lower one that is."""
    found: dict[int, tuple[int, ...]] = {}
    before = 0
    for number in range(1, max(present, default=0)):
        if number in present:
            before = number
        else:
            found[before] = (*found.get(before, ()), number)
    return found


def _last_news(filings: Sequence[PublishedFiling], updates: Sequence[PublishedUpdate]) -> News | None:
    """Return the last entry; none where it happened before the case was lodged, which is news of then."""
    if not updates:
        return None
    day, lodged = updates[-1].day, first_lodged(filings)
    before = day.last is not None and lodged.first is not None and day.last < lodged.first
    return None if before else news(updates[-1])


def filing_page(number: str) -> FilingPage:
    """Return the page of a filing. Raises NotFound, or Withdrawn when it was public and is not now."""
    case = db.session.get(PublishedCase, numbers.case_of(number))
    if case is None:
        raise NotFound("There is no such page.")
    if number in case.withdrawn_filings:
        raise Withdrawn("This filing was withdrawn.")
    filings, updates = _filings(case.number), _protocol(case.number)
    filing = next((it for it in filings if it.number == number), None)
    if filing is None:
        raise NotFound("There is no such page.")
    today = clock.today()
    return FilingPage(
        filing=filing,
        case=case,
        row=row_of(filing, updates, today),
        sentence=sentence_of(filing, today, updates),
        lodged_with=db.session.get(PublishedAuthority, filing.authority) if filing.authority else None,
        handling=named(filing.handling) if filing.handling else None,
        entries=tuple(_entry(it) for it in updates if number in it.filings),
        about_case=sum(not it.filings for it in updates),
        siblings=tuple(row_of(it, updates, today) for it in filings if it.number != number),
    )


def _entry(update: PublishedUpdate) -> Entry:
    day = update.day
    return Entry(
        number=update.number,
        day=day,
        month=day.rule,
        label=update.label,
        actor=opening_of(update),
        words=update.words,
        filings=tuple(update.filings),
        reference=update.reference,
        source=update.source,
    )


def revision() -> str:
    """Return words that differ once anything in a PostgreSQL store has been committed.

    The snapshot changes with every transaction that writes, also with those of the desk: a page is rendered
    anew too often rather than once too seldom.
    """
    return str(db.session.scalar(sa.text(SNAPSHOT), bind_arguments={"bind": db.engines[PUBLIC]}))
