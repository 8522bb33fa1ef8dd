"""The public store: cleared copies, and nothing else. The public site opens this and no other."""

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import PUBLIC, db
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision


class PublishedAuthority(db.Model):
    """An authority of the directory: all of it is public."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_authorities"
    slug: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(index=True)
    region: Mapped[str]
    scope: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    abbr: Mapped[str]
    languages: Mapped[str]
    website: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    complaint_form: Mapped[str]
    accepts_email: Mapped[str]
    source: Mapped[str]
    source_date: Mapped[date | None]
    retired: Mapped[bool]


class PublishedCase(db.Model):
    """A cleared case, or the mark that one was withdrawn: then only numbers are left, also of its entries."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_cases"
    number: Mapped[str] = mapped_column(primary_key=True)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    #: Numbers of filings that were public once and are not now.
    withdrawn_filings: Mapped[list[Any]] = mapped_column(default=list)
    title: Mapped[str] = mapped_column(default="")
    ngo: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    #: Language in which title, summary and the words of the entries were written (ISO 639).
    language: Mapped[str] = mapped_column(default="en")
    #: {"de": {"title", "summary"}}: what was cleared in other languages.
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    project: Mapped[str] = mapped_column(default="", index=True)
    project_slug: Mapped[str] = mapped_column(default="", index=True)
    #: Names of the controllers, in order.
    controllers: Mapped[list[Any]] = mapped_column(default=list)
    #: {"provision", "label", "url", "title", "conduct"} each.
    claims: Mapped[list[Any]] = mapped_column(default=list)
    requested: Mapped[list[Any]] = mapped_column(default=list)
    outcome_text: Mapped[str] = mapped_column(default="")
    sources: Mapped[list[Any]] = mapped_column(default=list)
    #: First day of lodging, for order and for the filter by year.
    lodged_on: Mapped[date | None] = mapped_column(index=True)
    #: Title, summary, names and numbers, folded for the search.
    cleared_at: Mapped[datetime | None]
    #: When something of it became public for the first time.
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None] = mapped_column(index=True)


class PublishedContent(db.Model):
    """The whole of what was cleared of a case, as its publication holds it: a page is read in one piece.

    The other tables hold the same for whoever asks across cases.
    """

    __bind_key__ = PUBLIC
    __tablename__ = "published_contents"
    case_number: Mapped[str] = mapped_column(ForeignKey("published_cases.number"), primary_key=True)
    content: Mapped[dict[str, Any]]


class PublishedParty(db.Model):
    """A controller that a cleared case names, so that its cases are found by it."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_parties"
    case_number: Mapped[str] = mapped_column(ForeignKey("published_cases.number"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Made of the name, so that the same name is the same page.
    slug: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]


class PublishedFiling(db.Model):
    """A cleared filing of a cleared case."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_filings"
    #: For the question who waits longest.
    __table_args__ = (sa.Index("ix_published_filings_waiting", "outcome", "lodged_on", "number"),)
    number: Mapped[str] = mapped_column(primary_key=True)
    case_number: Mapped[str] = mapped_column(ForeignKey("published_cases.number"), index=True)
    #: Slug, None where the authority is not known; then the country may be empty, because nobody knows it.
    authority: Mapped[str | None] = mapped_column(index=True)
    country: Mapped[str] = mapped_column(index=True)
    reference: Mapped[str | None]
    lodged_on: Mapped[date | None]
    lodged_precision: Mapped[Precision]
    stage: Mapped[str] = mapped_column(index=True)
    since_on: Mapped[date | None]
    since_precision: Mapped[Precision]
    #: A code of Outcome, or NOT_KNOWN of rules.standing.
    outcome: Mapped[str] = mapped_column(index=True)
    #: Slug of the authority by whose act the stage was entered.
    entered_by_authority: Mapped[str | None]
    lead: Mapped[str | None] = mapped_column(index=True)
    #: Whether the rules only presume that this authority leads.
    lead_presumed: Mapped[bool]
    lead_sentence: Mapped[str]
    #: The same in one line; empty where nobody wrote one, or the controllers differ in it.
    lead_short: Mapped[str]
    #: Slug of the authority that deals with it, where it neither leads nor is that of the lodging.
    handling: Mapped[str | None] = mapped_column(index=True)
    controllers: Mapped[list[Any]]
    #: Provisions of claims that were left open: no column, because the claims of the case say it.
    open_claims: ClassVar[tuple[str, ...]] = ()

    case: Mapped[PublishedCase] = relationship(lazy="raise_on_sql")

    @property
    def lodged(self) -> Day:
        """Return the day of lodging, as precisely as known."""
        return Day(self.lodged_on, self.lodged_precision)

    @property
    def since(self) -> Day:
        """Return the day on which the stage was entered, as precisely as known."""
        return Day(self.since_on, self.since_precision)


class PublishedUpdate(db.Model):
    """A cleared entry of the protocol."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_updates"
    case_number: Mapped[str] = mapped_column(ForeignKey("published_cases.number"), primary_key=True)
    #: Its number in the protocol of the case, as lawyers cite it.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: Order by day.
    position: Mapped[int]
    happened_on: Mapped[date | None]
    happened_precision: Mapped[Precision]
    kind: Mapped[str]
    label: Mapped[str]
    actor: Mapped[str]
    actor_slug: Mapped[str | None]
    words: Mapped[str]
    reference: Mapped[str | None]
    source: Mapped[str | None]
    #: Numbers of the filings it concerns; empty: the case as a whole.
    filings: Mapped[list[Any]]
    #: Whether it tells of a decision in other proceedings about the same matter.
    other_proceedings: Mapped[bool] = mapped_column(default=False)
    #: When it became public.
    published_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def day(self) -> Day:
        """Return the day on which it happened, as precisely as known."""
        return Day(self.happened_on, self.happened_precision)


class PublishedTakenBack(db.Model):
    """The mark that an entry was public and is not any more: its number, and since when."""

    __bind_key__ = PUBLIC
    __tablename__ = "published_taken_back"
    case_number: Mapped[str] = mapped_column(ForeignKey("published_cases.number"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    taken_back_at: Mapped[datetime | None] = mapped_column(index=True)
