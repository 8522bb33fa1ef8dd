"""What people are told of hearings away from the desk: numbers of filings, court, time and place.

What a hearing is about, and why it was moved, are somebody's words: they stay at the desk.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker import models
from tracker.db import db
from tracker.models import Filing, HearingFiling, HearingVersion
from tracker.reference.authorities import label


@dataclass(frozen=True, slots=True)
class Hearing:
    """One hearing as it stands now."""

    number: int
    #: What a calendar knows it by.
    uid: str
    #: Numbers of the filings that it is about.
    filings: tuple[str, ...]
    court: str
    place: str | None
    #: The day at the place.
    day: date
    #: None where the time is not known.
    starts_at: datetime | None
    #: By which clock it is meant: "Europe/Vienna".
    zone: str
    cancelled: bool
    #: When it became so.
    changed_at: datetime

    @property
    def local(self) -> datetime | None:
        """Return when it begins by the clock of the place, None where the time is not known."""
        return None if self.starts_at is None else self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def about(self) -> str:
        """Return the filings in short: "C081-07", "C081-07 and 2 others"."""
        first, *others = self.filings or ("Hearing",)
        if not others:
            return first
        return f"{first} and {others[0] if len(others) == 1 else f'{len(others)} others'}"

    @property
    def path(self) -> str:
        """Return where its page stands."""
        return f"/desk/hearings/{self.number}"


def of_person(user_id: int, *, everything: bool, since: date) -> list[Hearing]:
    """Return the hearings that a person is told of, on `since` or later, by day; cancelled ones too.

    Each in the version that counts: of all filings, or of those that this person or nobody sees to.
    """
    query = (
        sa.select(models.Hearing, HearingVersion)
        .join(HearingVersion, HearingVersion.hearing_id == models.Hearing.id)
        .where(HearingVersion.sequence == models.Hearing.sequence, HearingVersion.day >= since)
        .options(selectinload(models.Hearing.filings).joinedload(HearingFiling.filing))
        .order_by(HearingVersion.day, HearingVersion.starts_at, models.Hearing.number)
    )
    if not everything:
        theirs = sa.select(HearingFiling.hearing_id).join(Filing, Filing.id == HearingFiling.filing_id)
        seen = sa.or_(Filing.responsible_id == user_id, Filing.responsible_id.is_(None))
        query = query.where(models.Hearing.id.in_(theirs.where(seen)))
    return [_told(row, version) for row, version in db.session.execute(query)]


def _told(row: models.Hearing, it: HearingVersion) -> Hearing:
    return Hearing(
        number=row.number,
        uid=row.uid,
        filings=tuple(about.filing.number for about in row.filings),
        court=label(it.court_slug) if it.court_slug else it.court,
        place=it.place,
        day=it.day,
        starts_at=it.starts_at,
        zone=it.zone,
        cancelled=it.cancelled,
        changed_at=it.recorded_at,
    )
