"""What public calendars are made of: cleared hearings, and days by which authorities owe something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound
from tracker.models import (
    PublishedAuthority,
    PublishedCase,
    PublishedDeadline,
    PublishedFacet,
    PublishedFiling,
    PublishedHearing,
)
from tracker.models.published_index import INVOLVED
from tracker.services.ics import SITE, Event, as_ics
from tracker.services.public_site_data import there
from tracker.services.public_site_owed import Owed, owed_row
from tracker.services.public_site_records import NOTHING_HERE, Text, text_in
from tracker.services.public_site_words import named

__all__ = ["SITE", "Calendar", "Due", "Event", "Hearing", "as_ics", "calendar_of"]

#: For how long after its day an entry is kept: of a case or an authority, and where everything is asked for.
KEPT, KEPT_OF_ALL = timedelta(days=365), timedelta(days=60)
#: Entries of each kind at most: what is to come stands before what was.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Hearing:
    """A cleared hearing: its title is that of the case. `starts` is its day where no time is known."""

    uid: str
    sequence: int
    case_number: str
    title: Text
    filings: tuple[str, ...]
    starts: date | datetime
    court: str
    what: str
    place: str
    cancelled: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which an authority owes something that no public entry shows: the last by the latest count."""

    uid: str
    case_number: str
    title: Text
    owed: Owed
    day: date
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a calendar is about, in words of the store ("" for everything), its hearings and due days."""

    about: str
    hearings: tuple[Hearing, ...]
    dues: tuple[Due, ...]


def calendar_of(*, case: str = "", authority: str = "", language: str = "en") -> Calendar:
    """Return the calendar of a case, of an authority or, without either, of everything.

    That of an authority has the hearings of filings in which it has a role, and what it owes itself. The
    number of SQL statements does not depend on how much there is. Raises NotFound, or Withdrawn.
    """
    hearing, due = PublishedHearing, PublishedDeadline
    about, mine = "", None
    # Where everything is asked for, the day of the law is looked at, which is never later: it has an index.
    day = due.certain_on if case or authority else due.due_on
    since = clock.today() - (KEPT if case or authority else KEPT_OF_ALL)
    of_hearings: list[Any] = [hearing.day >= since]
    # What is still owed in a case stays in its calendar, however long that day is over.
    of_dues: list[Any] = [
        day.is_not(None) if case else day >= since,
        due.open,
        due.met_on.is_(None),
        due.paused_on.is_(None),
    ]
    if case:
        there(case)
        about = case
        of_hearings.append(hearing.case_number == case)
        of_dues.append(due.case_number == case)
    if authority:
        about = _authority(authority)
        involved = sa.select(PublishedFacet.case_number).where(
            PublishedFacet.name == INVOLVED, PublishedFacet.value == authority
        )
        mine = _filings_of(authority)
        of_hearings.append(hearing.case_number.in_(involved))
        of_dues.append(due.owed_by == authority)
    near = _nearest(day) if case or authority else (day,)
    return Calendar(about, _hearings(of_hearings, mine, language), _dues(of_dues, near, language))


def _nearest(day: Any) -> tuple[Any, ...]:
    """Return the order in which what is to come stands first, the next one before all, then what was last."""
    today = clock.today()
    return day < today, sa.case((day >= today, day)), day.desc()


def _authority(slug: str) -> str:
    it = PublishedAuthority
    country = db.session.scalar(sa.select(it.country).where(it.slug == slug))
    if country is None:
        raise NotFound(NOTHING_HERE)
    return named(slug, country).short


def _filings_of(slug: str) -> frozenset[str]:
    it = PublishedFiling
    roles = sa.or_(it.authority == slug, it.lead == slug, it.handling == slug)
    with_hearings = it.case_number.in_(sa.select(PublishedHearing.case_number))
    return frozenset(db.session.scalars(sa.select(it.number).where(roles, with_hearings)))


def _hearings(conditions: list[Any], mine: frozenset[str] | None, language: str) -> tuple[Hearing, ...]:
    it, case = PublishedHearing, PublishedCase
    query = (
        sa.select(
            it.uid, it.sequence, it.case_number, it.filings, it.day, it.starts_at, it.zone, it.court,
            it.what, it.place, it.cancelled, case.title, case.language, case.texts, case.cleared_at,
        )
        .join(case, case.number == it.case_number)
        .where(*conditions, case.cleared_at.is_not(None))
        .order_by(*_nearest(it.day), it.uid)
        .limit(MOST)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    return tuple(
        Hearing(
            uid=row.uid,
            sequence=row.sequence,
            case_number=row.case_number,
            title=_title(row, language),
            filings=tuple(row.filings),
            starts=row.starts_at.astimezone(ZoneInfo(row.zone)) if row.starts_at else row.day,
            court=row.court,
            what=row.what,
            place=row.place or "",
            cancelled=row.cancelled,
            changed_at=row.cleared_at,
        )
        for row in sorted(rows, key=lambda row: (row.day, row.uid))
        if mine is None or not mine.isdisjoint(row.filings)
    )


def _dues(conditions: list[Any], order: Sequence[Any], language: str) -> tuple[Due, ...]:
    it, case = PublishedDeadline, PublishedCase
    query = (
        sa.select(it, case.title, case.language, case.texts, case.cleared_at)
        .join(case, case.number == it.case_number)
        .where(*conditions, case.cleared_at.is_not(None))
        .order_by(*order, it.filing_number, it.position)
        .limit(MOST)
    )
    today = clock.today()
    found: dict[str, Due] = {}
    for row in db.session.execute(query):
        deadline: PublishedDeadline = row[0]
        owed = owed_row(deadline, today)
        # Of no address of this site: that can change, and all entries would be there twice.
        start = f"{deadline.period}-{deadline.start_number}-{deadline.owed_by or 'unknown'}"
        uid = f"due-{deadline.filing_number}-{start}@gdpr-tracker.invalid"
        if deadline.certain_on is not None:
            found[uid] = Due(
                uid, deadline.case_number, _title(row, language), owed, deadline.certain_on, row.cleared_at
            )
    return tuple(sorted(found.values(), key=lambda it: (it.day, it.uid)))


def _title(row: Any, language: str) -> Text:
    others = {code: of["title"] for code, of in row.texts.items()}
    return text_in(language, row.language, row.title, others)
