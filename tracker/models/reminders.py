"""What people say of entries (nothing new, an answer to a reminder), and reminders that go out in bulk."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db
from tracker.rules.vocabulary import Medium

if TYPE_CHECKING:
    from tracker.models.filings import Filing


class EntryMark(Row, db.Model):
    """What a person said of an entry afterwards; the entry itself is never edited. All are kept.

    An entry has at most one in force that says it has nothing new, and at most one that names the reminder it
    answers.
    """

    __tablename__ = "entry_marks"
    update_id: Mapped[int] = mapped_column(ForeignKey("updates.id"), index=True)
    #: The reminder that the entry answers; None: the mark says that the entry has nothing new.
    answers_id: Mapped[int | None] = mapped_column(ForeignKey("updates.id"), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    #: When it was taken back, or replaced by another one, and by whom.
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class ReminderTemplate(Row, db.Model):
    """One version of the letter that reminds an authority, in one language. Only added to.

    The highest version of a language is the one in use; without words it says that the packaged letter is.
    """

    __tablename__ = "reminder_templates"
    __table_args__ = (UniqueConstraint("language", "version"),)
    #: ISO 639.
    language: Mapped[str]
    version: Mapped[int]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class ReminderBatch(Row, db.Model):
    """Reminders that were written together, and recorded as sent together: once."""

    __tablename__ = "reminder_batches"
    #: 1, 2, 3 ... in the order of writing.
    number: Mapped[int] = mapped_column(unique=True)
    written_at: Mapped[datetime]
    written_by: Mapped[str]
    #: The letters as they were when these were written: language -> {"subject": ..., "body": ...}.
    texts: Mapped[dict[str, Any]]
    #: When it was recorded that they were sent; None while nobody has.
    recorded_at: Mapped[datetime | None] = mapped_column(index=True)
    recorded_by: Mapped[str | None]
    sent_on: Mapped[date | None]
    medium: Mapped[Medium | None]

    letters: Mapped[list["Reminder"]] = relationship(
        lazy="raise_on_sql", order_by="Reminder.position", viewonly=True
    )


class Reminder(Row, db.Model):
    """The letter of a batch for one filing: what its slots say, and what became of it."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("batch_id", "filing_id"),)
    batch_id: Mapped[int] = mapped_column(ForeignKey("reminder_batches.id"))
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    position: Mapped[int]
    #: To whom it goes; None where the authority is not known, and then it cannot be sent.
    authority_slug: Mapped[str | None] = mapped_column(ForeignKey("authorities.slug"))
    language: Mapped[str]
    #: Slot -> what the records say, as values: a day in ISO form, a number of days.
    known: Mapped[dict[str, Any]]
    #: Slot -> what a person wrote where the records say nothing.
    filled: Mapped[dict[str, Any]]
    #: Number of the reminder a short time ago in spite of which it goes out; None: of none.
    anyway: Mapped[int | None]
    #: Whether a person took it out.
    left_out: Mapped[bool]
    #: The words as they were sent; None before that.
    subject: Mapped[str | None]
    body: Mapped[str | None]
    #: The entry that tells of it; None where none was made.
    update_id: Mapped[int | None] = mapped_column(ForeignKey("updates.id"), index=True)
    #: Why it was not sent, once the batch was recorded.
    refused: Mapped[str | None]

    filing: Mapped["Filing"] = relationship(lazy="raise_on_sql")
