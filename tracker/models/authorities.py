"""The directory of data protection authorities, as synced from the packaged file."""

from datetime import date

from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import db


class Authority(db.Model):
    """A supervisory authority. Synced from reference/authorities.csv, marked as retired, never deleted."""

    __tablename__ = "authorities"
    slug: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(index=True)
    region_code: Mapped[str]
    region: Mapped[str]
    scope: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    abbr: Mapped[str]
    #: Codes, separated by semicolons, in the order of the file.
    languages: Mapped[str]
    website: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    complaint_form: Mapped[str]
    accepts_email: Mapped[str]
    source: Mapped[str]
    #: The day of the source, None where nobody checked.
    source_date: Mapped[date | None]
    cross_check: Mapped[str]
    notes: Mapped[str]
    retired: Mapped[bool] = mapped_column(default=False)
