"""Hearings: noted, moved, cancelled. Each change is a version of its own, which a calendar can follow."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.db import by_number, db
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import Filing, Hearing, HearingFiling, HearingVersion, Proceeding
from tracker.reference.authorities import authorities, label
from tracker.rules import days, hearings
from tracker.rules.access import Actor
from tracker.services import journal


@dataclass(frozen=True, slots=True)
class NewHearing:
    """What the form for a hearing holds. `court` is a slug of the directory, or words.

    `at` is by the clock of `zone`; None where the time is not known. A hearing in a proceeding is about the
    filings that are named, or about all that the proceeding joins where none is.
    """

    court: str
    day: date
    zone: str
    what: str
    at: time | None = None
    place: str | None = None
    filings: tuple[str, ...] = ()
    proceeding: int | None = None

    @property
    def slug(self) -> str | None:
        """Return the authority before which it is, None for a court."""
        return self.court if self.court in authorities() else None


@dataclass(frozen=True, slots=True)
class Dated:
    """A hearing as a calendar needs it: the version that counts, with what makes it the same one.

    `starts_at` is in UTC, None where only the day is known; `zone` is the clock of the place. `changed_at` is
    when this version was noted.
    """

    number: int
    uid: str
    sequence: int
    day: date
    starts_at: datetime | None
    zone: str
    court: str
    place: str | None
    what: str
    cancelled: bool
    why: str | None
    changed_at: datetime
    filings: tuple[str, ...]
    proceeding: int | None

    @property
    def when(self) -> str:
        """Return "6 June 2024, 10:30 (Dublin)", or the day alone."""
        return when(self.day, self.starts_at, self.zone)


def when_of(version: HearingVersion) -> str:
    """Return when a hearing was said to be in one of its versions."""
    return when(version.day, version.starts_at, version.zone)


def when(day: date, starts_at: datetime | None, zone: str) -> str:
    """Return "6 June 2024, 10:30 (Dublin)" by the clock of the place, or the day alone."""
    if starts_at is None:
        return days.words(day)
    at = hearings.local_time(starts_at, zone)
    return f"{days.words(day)}, {at:%H:%M} ({hearings.zone_words(zone)})"


def set_hearing(new: NewHearing, *, by: Actor) -> Hearing:
    """Note a hearing and return it.

    Raises RuleBroken, naming the field: neither filing nor proceeding, one that does not exist, a time that
    the day does not have, a day that is out of reach.
    """
    filings, proceeding_id = _about(new)
    row = Hearing(
        number=(db.session.scalar(sa.select(sa.func.max(Hearing.number))) or 0) + 1,
        key=None,
        uid=str(uuid.uuid4()),
        proceeding_id=proceeding_id,
        sequence=0,
    )
    db.session.add(row)
    db.session.flush()
    for place, it in enumerate(filings):
        db.session.add(HearingFiling(hearing_id=row.id, filing_id=it.id, position=place))
    db.session.add(_version(row, new, 0, by=by))
    db.session.flush()
    for it in filings:
        journal.note("hearing.set", it.number, by=by, case_id=it.case_id, detail={"hearing": row.number})
    return row


def move_hearing(number: int, new: NewHearing, *, why: str | None, seen: int, by: Actor) -> Hearing:
    """Note another day, time, place or subject of a hearing: a version that counts from now on.

    One that was cancelled is held again by it. Raises Stale where somebody changed it since `seen`, and
    RuleBroken as set_hearing does, and where nothing is another.
    """
    row = _seen(number, seen)
    version = _version(row, new, row.sequence + 1, by=by, why=why)
    last = row.versions[-1]
    names = ("day", "starts_at", "zone", "court", "place", "what", "cancelled")
    if all(getattr(last, name) == getattr(version, name) for name in names):
        raise RuleBroken("Nothing is another than it was.", field="day")
    return _changed(row, version, "hearing.move", by=by)


def cancel_hearing(number: int, *, why: str | None, seen: int, by: Actor) -> Hearing:
    """Note that a hearing is not held. Raises Stale, and RuleBroken where it was cancelled already."""
    row = _seen(number, seen)
    last = row.versions[-1]
    if last.cancelled:
        raise RuleBroken("It was cancelled already.", field="why")
    version = HearingVersion(
        hearing_id=row.id,
        sequence=row.sequence + 1,
        court=last.court,
        court_slug=last.court_slug,
        place=last.place,
        day=last.day,
        starts_at=last.starts_at,
        zone=last.zone,
        what=last.what,
        cancelled=True,
        why=why,
        recorded_at=clock.now(),
        recorded_by=by.key,
    )
    return _changed(row, version, "hearing.cancel", by=by)


def _seen(number: int, seen: int) -> Hearing:
    row = get_hearing(number)
    if row.sequence != seen:
        raise Stale("Somebody else changed this hearing while you were writing.", theirs=[row])
    return row


def _changed(row: Hearing, version: HearingVersion, act: str, *, by: Actor) -> Hearing:
    row.sequence = version.sequence
    db.session.add(version)
    db.session.flush()
    for it in row.filings:
        detail: dict[str, object] = {"hearing": row.number}
        if act == "hearing.move":
            journal.note("hearing.move", it.filing.number, by=by, case_id=it.filing.case_id, detail=detail)
        else:
            journal.note("hearing.cancel", it.filing.number, by=by, case_id=it.filing.case_id, detail=detail)
    db.session.expire(row, ["versions"])
    return row


def _version(
    row: Hearing, new: NewHearing, sequence: int, *, by: Actor, why: str | None = None
) -> HearingVersion:
    if not days.EARLIEST <= new.day <= days.LATEST:
        raise RuleBroken(f"{days.words(new.day)} is out of reach.", field="day")
    if new.zone not in hearings.zones():
        raise RuleBroken("Choose by which clock it is meant.", field="zone")
    starts_at = None if new.at is None else hearings.moment(new.day, new.at, new.zone)
    return HearingVersion(
        hearing_id=row.id,
        sequence=sequence,
        court=label(new.slug) if new.slug else new.court,
        court_slug=new.slug,
        place=new.place,
        day=new.day,
        starts_at=starts_at,
        zone=new.zone,
        what=new.what,
        cancelled=False,
        why=why,
        recorded_at=clock.now(),
        recorded_by=by.key,
    )


def _about(new: NewHearing) -> tuple[Sequence[Filing], int | None]:
    """Return the filings that a hearing is about, and the key of its proceeding. Raises RuleBroken."""
    proceeding = None
    if new.proceeding is not None:
        query = sa.select(Proceeding).where(Proceeding.number == new.proceeding)
        proceeding = db.session.scalars(query.options(selectinload(Proceeding.filings))).first()
        if proceeding is None:
            raise RuleBroken(f"There is no proceeding {new.proceeding}.", field="proceeding")
    wanted: sa.ColumnElement[bool] = Filing.number.in_(new.filings)
    if proceeding is not None and not new.filings:
        wanted = Filing.id.in_([it.filing_id for it in proceeding.filings])
    filings = db.session.scalars(sa.select(Filing).where(wanted).order_by(*by_number(Filing.number))).all()
    if missing := sorted(set(new.filings) - {it.number for it in filings}):
        raise RuleBroken(f"There is no filing {missing[0]}.", field="filings")
    if not filings:
        raise RuleBroken("Choose at least one filing.", field="filings")
    return filings, proceeding.id if proceeding is not None else None


def get_hearing(number: int) -> Hearing:
    """Return a hearing with all its versions, the oldest first, and its filings. Raises NotFound."""
    query = (
        sa.select(Hearing)
        .where(Hearing.number == number)
        .options(
            selectinload(Hearing.versions),
            joinedload(Hearing.proceeding),
            selectinload(Hearing.filings).joinedload(HearingFiling.filing).joinedload(Filing.case),
        )
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound(f"There is no hearing {number}.")
    return found


def hearings_for(
    *,
    user_id: int | None = None,
    filing_ids: Collection[int] | None = None,
    proceeding_id: int | None = None,
    since: date | None = None,
) -> list[Dated]:
    """Return hearings by day, each in the version that counts, cancelled ones too.

    `user_id`: of filings that this person sees to; `filing_ids`: of these; `proceeding_id`: of that one; none
    of them: all. `since` leaves out those before a day. By three statements, however many there are.
    """
    query: Any = (
        sa.select(Hearing, HearingVersion)
        .join(
            HearingVersion,
            sa.and_(HearingVersion.hearing_id == Hearing.id, HearingVersion.sequence == Hearing.sequence),
        )
        .options(
            joinedload(Hearing.proceeding),
            selectinload(Hearing.filings).joinedload(HearingFiling.filing),
        )
        .order_by(HearingVersion.day, HearingVersion.starts_at, Hearing.number)
    )
    about = sa.select(HearingFiling.hearing_id)
    if user_id is not None:
        about = about.join(Filing, Filing.id == HearingFiling.filing_id)
        query = query.where(Hearing.id.in_(about.where(Filing.responsible_id == user_id)))
    if filing_ids is not None:
        query = query.where(Hearing.id.in_(about.where(HearingFiling.filing_id.in_(filing_ids))))
    if proceeding_id is not None:
        query = query.where(Hearing.proceeding_id == proceeding_id)
    if since is not None:
        query = query.where(HearingVersion.day >= since)
    return [_dated(row, version) for row, version in db.session.execute(query)]


def _dated(row: Hearing, version: HearingVersion) -> Dated:
    return Dated(
        number=row.number,
        uid=row.uid,
        sequence=version.sequence,
        day=version.day,
        starts_at=version.starts_at,
        zone=version.zone,
        court=label(version.court_slug) if version.court_slug else version.court,
        place=version.place,
        what=version.what,
        cancelled=version.cancelled,
        why=version.why,
        changed_at=version.recorded_at,
        filings=tuple(it.filing.number for it in row.filings),
        proceeding=row.proceeding.number if row.proceeding else None,
    )
