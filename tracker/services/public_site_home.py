"""The start page: the numbers that matter, who waits longest, what happened last, where to read on.

Everything comes from totals and orders that were written when a case was published: the page costs the same
whether there are ten cases or ten thousand.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import PublishedCase, PublishedFiling, PublishedLine, PublishedTotal
from tracker.models.published_index import ALL, FINE, LODGED, PARTLY
from tracker.rules.days import Day, how_long
from tracker.rules.money import Money
from tracker.rules.positions import HAS_DECISION, PENDING_OUTCOMES, Position, position
from tracker.rules.vocabulary import Precision
from tracker.services.public_site_groups import Group, largest
from tracker.services.public_site_rows import CaseRow, last_entries, line_of, rows_of, titles_of
from tracker.services.public_site_search import asked_of_store
from tracker.services.public_site_words import Named, News, named

#: How many cases and projects stand in each list of the page.
MOST_NEWEST, MOST_MOVING, MOST_NEWS, MOST_PROJECTS = 5, 3, 6, 12


@dataclass(frozen=True, slots=True)
class Waiting:
    """The filing that waits longest: lodged on a day with an authority, and for how long by today."""

    number: str
    case_number: str
    title: str
    authority: Named
    lodged: Day
    time: str | None


@dataclass(frozen=True, slots=True)
class Update:
    """The last entry of a case, its words and the title in `language`; `titles` in other languages."""

    news: News
    number: str
    title: str
    language: str
    titles: dict[str, str]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the start page shows.

    Each of the `filings` counts once (rules.positions): as pending, as `decided` by an authority or a court,
    as `ended` otherwise, or as `unclear`, where nobody knows whether there is a result. Of those decided
    `partly` have a claim that is open. `fines` are the sums by currency of decisions that end a
    matter and stand. `featured` is the case with the most filings that are pending; `moving` are others in
    which three things happened most recently.
    """

    cases: int
    filings: int
    pending: int
    decided: int
    partly: int
    ended: int
    unclear: int
    authorities: int
    fines: tuple[Money, ...]
    waiting: Waiting | None
    featured: CaseRow | None
    moving: tuple[CaseRow, ...]
    newest: tuple[CaseRow, ...]
    news: tuple[Update, ...]
    projects: tuple[Group, ...]


def overview() -> Overview:
    """Return what the start page shows, in nine SQL statements."""
    total = PublishedTotal
    query = sa.select(total.name, total.value, total.cases, total.filings, total.pending, total.amount)
    summed = {
        (it.name, it.value): it
        for it in db.session.execute(query.where(total.name.in_((ALL, FINE, PARTLY, "outcome"))))
    }
    everything = summed.get((ALL, ""))
    found = Counter[Position]()
    for (name, value), it in summed.items():
        if name == "outcome":
            found[position(value)] += it.filings
    partly = summed.get((PARTLY, ""))
    fines = (Money(it.amount, value) for (name, value), it in summed.items() if name == FINE)
    places = sa.select(sa.func.count()).select_from(total).where(total.name == LODGED)
    featured, moving, newest = _lists()
    # What stands above need not stand there twice.
    moving = [it for it in moving if it not in featured][:MOST_MOVING]
    rows = {it.number: it for it in rows_of(list(dict.fromkeys([*featured, *moving, *newest])))}
    return Overview(
        cases=everything.cases if everything else 0,
        filings=everything.filings if everything else 0,
        pending=found[Position.PENDING],
        decided=sum(found[it] for it in HAS_DECISION),
        partly=partly.filings if partly else 0,
        ended=found[Position.ENDED],
        unclear=found[Position.UNCLEAR],
        authorities=db.session.scalar(places) or 0,
        fines=tuple(sorted(fines, key=lambda it: (-it.minor, it.currency))),
        waiting=_waiting(),
        featured=next((rows[it] for it in featured), None),
        moving=tuple(rows[it] for it in moving),
        newest=tuple(rows[it] for it in newest),
        news=_news(),
        projects=largest("project", MOST_PROJECTS),
    )


def _lists() -> tuple[list[str], list[str], list[str]]:
    """Return the numbers of the featured case, of the cases most in motion, and of those lodged last."""
    line = PublishedLine
    wanted = (
        (line.pending, line.pending > 0, 1),
        (line.moving, line.moving > 0, MOST_MOVING + 1),
        (line.newest, line.newest > 0, MOST_NEWEST),
    )
    parts = [
        sa.select(sa.literal(place).label("place"), line.case_number, column.label("by"), line.rank)
        .where(condition)
        .order_by(column.desc(), line.rank.desc())
        .limit(limit)
        .subquery()
        for place, (column, condition, limit) in enumerate(wanted)
    ]
    united = sa.union_all(*(sa.select(it) for it in parts)).subquery()
    query = sa.select(united.c.place, united.c.case_number)
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    for place, number in asked_of_store(query.order_by(united.c.by.desc(), united.c.rank.desc())):
        found[place].append(number)
    return found


def _waiting() -> Waiting | None:
    filing, case = PublishedFiling, PublishedCase
    columns = (
        filing.number,
        filing.case_number,
        case.title,
        filing.authority,
        filing.country,
        filing.lodged_on,
        filing.lodged_precision,
    )
    query = (
        sa.select(*columns)
        .join(case, case.number == filing.case_number)
        .where(filing.outcome.in_(PENDING_OUTCOMES), filing.lodged_on > date.min)
        .order_by(filing.lodged_on, filing.number)
        .limit(1)
    )
    it = db.session.execute(query).first()
    if it is None:
        return None
    lodged = Day(it.lodged_on, it.lodged_precision)
    return Waiting(
        number=it.number,
        case_number=it.case_number,
        title=it.title,
        authority=named(it.authority, it.country),
        lodged=lodged,
        time=how_long(lodged, Day(clock.today(), Precision.DAY)),
    )


def _news() -> tuple[Update, ...]:
    """Return the last entries, one of each case: a single lively case shall not fill the page."""
    entries = last_entries(PublishedLine.last_on > 0, limit=MOST_NEWS)
    case = PublishedCase
    query = sa.select(case.number, case.title, case.language, case.texts)
    query = query.where(case.number.in_([it.case_number for it in entries]))
    cases = {number: rest for number, *rest in db.session.execute(query)}
    found = []
    for it in entries:
        title, language, texts = cases[it.case_number]
        found.append(Update(line_of(it), it.case_number, title, language, titles_of(texts)))
    return tuple(found)
