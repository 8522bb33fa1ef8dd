"""What the public store knows of decisions, deadlines and hearings: cleared copies, like all else in it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import PUBLIC, db
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision


class PublishedDecision(db.Model):
    """A cleared decision or judgment in a case, with what it says of the cleared filings."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_decisions"
    case_number: Mapped[str] = mapped_column(ForeignKey("published_cases.number"), primary_key=True)
    #: 1, 2, 3 ... among the cleared decisions of the case.
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Code of DecisionType; None where it is not known.
    type: Mapped[str | None]
    #: Who decided: the words, and the slug where it is an authority of the directory.
    decided_by: Mapped[str]
    decided_by_slug: Mapped[str | None] = mapped_column(index=True)
    decided_on: Mapped[date | None]
    decided_precision: Mapped[Precision]
    reference: Mapped[str | None]
    ecli: Mapped[str | None]
    language: Mapped[str | None]
    source: Mapped[str | None]
    summary: Mapped[str]
    #: Code of AppealStatus, and before whom.
    appeal: Mapped[str]
    appeal_to: Mapped[str | None]
    #: {"number", "result"} each; result is a code of Result.
    filings: Mapped[list[Any]]
    #: {"filing", "claim", "provision", "finding", "words"} each; claim is the place of the claim from 0.
    findings: Mapped[list[Any]]
    #: {"minor", "currency", "against"} each.
    fines: Mapped[list[Any]]
    #: {"letter", "words", "comply_by"} each.
    measures: Mapped[list[Any]]
    #: Numbers of the cleared entries through which it came into the protocol.
    entries: Mapped[list[Any]]

    @property
    def decided(self) -> Day:
        """Return the day of the decision, as precisely as known."""
        return Day(self.decided_on, self.decided_precision)


class PublishedDeadline(db.Model):
    """A period that an authority owes in a cleared filing, computed from the cleared entries alone."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_deadlines"
    filing_number: Mapped[str] = mapped_column(ForeignKey("published_filings.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_number: Mapped[str] = mapped_column(ForeignKey("published_cases.number"), index=True)
    #: Id of the period in reference/periods.csv.
    period: Mapped[str]
    #: Slug of the authority that owes it, None where it is not known.
    owed_by: Mapped[str | None] = mapped_column(index=True)
    #: Number of the cleared entry from which it runs, 0 for the lodging.
    start_number: Mapped[int]
    started_on: Mapped[date | None]
    #: The legal last day, inclusive, and the latest end that can be argued: late for certain from then on.
    due_on: Mapped[date | None] = mapped_column(index=True)
    certain_on: Mapped[date | None]
    met_on: Mapped[date | None]
    paused_on: Mapped[date | None]
    #: Whether it is still waited for: neither met nor waived nor gone.
    open: Mapped[bool]
    #: [[sentence, legal basis]]: why it ends on this day.
    reasons: Mapped[list[Any]]


class PublishedHearing(db.Model):
    """A cleared hearing in a case. It keeps its uid when it is moved, so that calendars move it too."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_hearings"
    case_number: Mapped[str] = mapped_column(ForeignKey("published_cases.number"), primary_key=True)
    uid: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    #: Numbers of the cleared filings that it is about.
    filings: Mapped[list[Any]]
    court: Mapped[str]
    place: Mapped[str | None]
    day: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[datetime | None]
    zone: Mapped[str]
    what: Mapped[str]
    cancelled: Mapped[bool]
