"""Deadlines of filings: computed from what happened, stored to be found by day, with their earlier days."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision

if TYPE_CHECKING:
    from tracker.models.filings import Filing


#: In the index of the docket after the last day: first what orders a day, then what is asked.
ASKED_BY_DOCKET = ("filing_id", "period", "start_number", "certain_on", "safe_on", "paused_on", "gone")


class Deadline(Row, db.Model):
    """One period of the law (`period` is an id of reference/periods.csv) as it runs in one filing.

    Computed by services/deadlines.py and never typed in. It stays the same row when it is computed anew: what
    makes it the same is filing, period and the place of the entry from which it runs.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("filing_id", "period", "start_number"),
        # All that the docket asks of a deadline before it shows one: what is counted is counted in the index.
        Index("ix_deadlines_docket", "open", "own", "due_on", *ASKED_BY_DOCKET),
    )
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"))
    #: "G15", "P15", "AT-BVWG" ...
    period: Mapped[str]
    #: Number of the entry from which it runs, the first in its line of corrections; 0 is the day of lodging.
    start_number: Mapped[int]
    started_on: Mapped[date | None]
    started_precision: Mapped[Precision]
    #: The party that owes it (rules.procedure.PARTIES, or "concerned"), and the authority where one is known.
    owes: Mapped[str]
    owes_slug: Mapped[str | None]
    #: Whether we owe it.
    own: Mapped[bool]
    #: None where the end is not known: an authority fixes it, or the start is not known.
    nominal_on: Mapped[date | None]
    #: The legal last day, inclusive.
    due_on: Mapped[date | None]
    #: The earliest end that can be argued; for our own it is the day to go by.
    safe_on: Mapped[date | None]
    #: The latest end that can be argued; an authority is late for certain from the day after.
    certain_on: Mapped[date | None]
    #: Neither met nor waived nor gone: it runs, is paused, or is over and still owed.
    open: Mapped[bool]
    #: What it was met by: day, and number of the entry.
    met_on: Mapped[date | None]
    met_number: Mapped[int | None]
    #: Since when the clock stands still.
    paused_on: Mapped[date | None]
    extended: Mapped[bool]
    #: Why nobody waits for it any more though it was not met (waived by us, the filing was withdrawn).
    waived: Mapped[str | None]
    #: True where it does not run any more, because what it ran from is gone.
    gone: Mapped[bool]
    #: length, calendar, version, reasons [[text, basis]], skipped [[day, name]], uncertain [text].
    counted: Mapped[dict[str, Any]]
    #: Of the rules and tables by which it was computed.
    rules_version: Mapped[str]
    computed_at: Mapped[datetime]

    filing: Mapped["Filing"] = relationship(lazy="raise_on_sql")
    changes: Mapped[list["DeadlineChange"]] = relationship(
        lazy="raise_on_sql", order_by="DeadlineChange.id", viewonly=True
    )

    @property
    def started(self) -> Day:
        """Return the day from which it runs, as precisely as known."""
        return Day(self.started_on, self.started_precision)


class DeadlineChange(Row, db.Model):
    """The days that a deadline had before it was computed anew, and why it was. Only added to.

    Before and after are those of the columns of Deadline; all are None on the side where it did not run. What
    was written before private_0012 knows the legal last day alone: the others are None on both sides.
    """

    __tablename__ = "deadline_changes"
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    due_before: Mapped[date | None]
    due_after: Mapped[date | None]
    safe_before: Mapped[date | None]
    safe_after: Mapped[date | None]
    certain_before: Mapped[date | None]
    certain_after: Mapped[date | None]
    started_before: Mapped[date | None]
    started_after: Mapped[date | None]
    #: Words: "entry 7 corrects entry 3", "calendar holidays 0.110", "extended by entry 9".
    why: Mapped[str]


class DeadlineAct(db.Model):
    """What an update says of a deadline: begun, extended, paused, taken up again, fixed, met or waived."""

    __tablename__ = "deadline_acts"
    update_id: Mapped[int] = mapped_column(ForeignKey("updates.id"), primary_key=True)
    #: begin, extend, pause, restart, fix, meet, waive.
    act: Mapped[str]
    period: Mapped[str]
    #: Deadline.start_number of the one that is meant; None where it is begun here, or only one runs.
    start_number: Mapped[int | None]
    #: The day that was fixed, or to which it was extended.
    until_on: Mapped[date | None]
    #: The length of an extension ("+2m"), where no day is said.
    more: Mapped[str | None]
