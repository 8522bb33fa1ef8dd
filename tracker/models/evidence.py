"""Kept files that never change."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db


class StoredFile(db.Model):
    """Bytes in the store, named by their SHA-256. The same content twice is one of these and two exhibits."""

    __tablename__ = "stored_files"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[int]
    #: By content, not by name or by what the sender claimed.
    media_type: Mapped[str]
    stored_at: Mapped[datetime]


class Evidence(Row, db.Model):
    """An exhibit: a stored file with its number in the case and the record of how it came here."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("case_id", "exhibit"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    #: Where it belongs within the case; both None: to the case as a whole.
    filing_id: Mapped[int | None] = mapped_column(ForeignKey("filings.id"), index=True)
    update_id: Mapped[int | None] = mapped_column(ForeignKey("updates.id"), index=True)
    #: 1, 2, 3 ... within the case; never given twice.
    exhibit: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"), index=True)
    #: As the sender named it, whole: data, never a path.
    original_name: Mapped[str]
    #: What it is, in our words.
    title: Mapped[str]
    #: True for a note about a cited page, made by the program: not the document itself.
    source_note: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None]
    obtained_on: Mapped[date | None]
    obtained_how: Mapped[str | None]
    obtained_by: Mapped[str | None]
    kept_at: Mapped[datetime]
    kept_by: Mapped[str]

    stored: Mapped[StoredFile] = relationship(lazy="raise_on_sql")
