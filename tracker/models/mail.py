"""Mail that goes out, what people want to be told, addresses of calendars, the jobs of `tracker work`."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db
from tracker.models.accounts import User


class Outgoing(Row, db.Model):
    """One e-mail to a person of the desk, written in the transaction of what it tells; sent later.

    It waits while `next_try_at` is set. Then it was sent, given up, or replaced by a newer one.
    """

    __tablename__ = "outbox"
    #: With its angle brackets. Fixed here, so that a message that arrives twice can be known as one.
    message_id: Mapped[str] = mapped_column(unique=True)
    #: What it is about and for whom ("daily/USER/2026-11-25"): the same is never written twice.
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    #: As it was when the message was written.
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    #: None when there is nothing more to do. While somebody is sending it: when others may try.
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    tries: Mapped[int]
    #: In our words and the numbers of the server: no address, nothing that the server wrote.
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    #: When a newer one said the same before this one could be sent.
    replaced_at: Mapped[datetime | None]

    recipient: Mapped[User] = relationship(lazy="raise_on_sql")


class MailChoice(db.Model):
    """What a person wants to be told of deadlines; whoever has no row gets what their role suggests."""

    __tablename__ = "mail_choices"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    mail: Mapped[bool]
    #: Days before the end, the largest first.
    days: Mapped[list[Any]]
    #: All filings, or those that this person or nobody sees to.
    everything: Mapped[bool]
    changed_at: Mapped[datetime]


class MailMark(db.Model):
    """How far a person was told of one thing: when its day or the step changes, they are told again."""

    __tablename__ = "mail_marks"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    #: "deadline:123", "hearing:123".
    subject: Mapped[str] = mapped_column(primary_key=True)
    #: The day to go by, as it was told.
    day: Mapped[date] = mapped_column(index=True)
    #: The step that was told (rules.telling.step).
    step: Mapped[int]
    #: In which message; while that one waits, it may be told again in a newer one.
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"), index=True)


class CalendarAddress(Row, db.Model):
    """The secret address of a person's calendar. Who has it reads that calendar without signing in."""

    __tablename__ = "calendar_addresses"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    #: SHA-256 of the secret, in hexadecimal: the address cannot be told from the store.
    secret_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class Job(db.Model):
    """What `tracker work` does again and again: when it ran, and who is at it."""

    __tablename__ = "jobs"
    name: Mapped[str] = mapped_column(primary_key=True)
    #: The day for which it is done, of one that runs once a day.
    done_on: Mapped[date | None]
    #: Until when nobody else may begin it: whoever was at it and ended without a word is given up then.
    held_until: Mapped[datetime | None]
    ran_at: Mapped[datetime | None]
    #: What it said at last.
    said: Mapped[str | None]
