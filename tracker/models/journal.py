"""Who did what and when; what files brought; what was proposed and cleared for the public."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Row, db
from tracker.rules.vocabulary import PublicationState, WithdrawalReason


class Entry(Row, db.Model):
    """One line of the journal, written in the transaction of the act. Triggers keep it as it is."""

    __tablename__ = "journal"
    at: Mapped[datetime]
    #: Key of the actor ("user:..." or "shell"), never a name: people can be erased, the journal cannot.
    actor: Mapped[str]
    act: Mapped[str]
    #: What it was done to: a number, a slug, a key.
    subject: Mapped[str] = mapped_column(index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    detail: Mapped[dict[str, Any]]


class Publication(Row, db.Model):
    """The dated act that clears named fields for the public: proposed by one person, cleared by another."""

    __tablename__ = "publications"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    state: Mapped[PublicationState] = mapped_column(index=True)
    #: Exactly what is (or would be) public: the text that the second person read is the text that appears.
    content: Mapped[dict[str, Any]]
    note: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]
    #: Who took it back from the public, when and why; who had cleared it stays above.
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_note: Mapped[str | None]
    withdrawal_reason: Mapped[WithdrawalReason | None]
    #: What was cleared is not public before this moment; None where it was public at once. One that was
    #: lifted has the moment at which it was. Of a proposal that waits it is what its author wishes.
    embargo_until: Mapped[datetime | None]

    @property
    def public_from(self) -> datetime | None:
        """Return the moment from which it is to be read in public, None while nobody cleared it."""
        return self.embargo_until or self.decided_at if self.decided_at else None


class Import(Row, db.Model):
    """One file that was taken in."""

    __tablename__ = "imports"
    name: Mapped[str]
    sha256: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]


class ImportedItem(Row, db.Model):
    """One thing that a file brought."""

    __tablename__ = "imported_items"
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), index=True)
    #: case, controller, known controller (new in a case), source, complainant, filing, event
    kind: Mapped[str]
    #: Its id in the file.
    key: Mapped[str]
    #: Its number or name here.
    number: Mapped[str]
