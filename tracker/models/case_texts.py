"""Title and summary of a case in other languages than that of the original."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Row, db


class CaseText(Row, db.Model):
    """What a case is called, and what it is about, in one other language: our own translation."""

    __tablename__ = "case_texts"
    __table_args__ = (UniqueConstraint("case_id", "language"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    #: ISO 639.
    language: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    written_by: Mapped[str]
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
