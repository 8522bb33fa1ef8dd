"""Legal entities complained about, their places in the EEA, and everything that was ever said of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db
from tracker.rules.vocabulary import Answer


class Controller(Row, db.Model):
    """A legal entity. The same one in two cases is one row."""

    __tablename__ = "controllers"
    name: Mapped[str] = mapped_column(index=True)
    #: The name, folded for finding it again.
    folded: Mapped[str] = mapped_column(index=True)
    #: Seat of the legal entity, where known.
    country: Mapped[str | None]
    #: Country of the EU main establishment as the source names it; None is not known or none.
    main_establishment_said: Mapped[str | None]
    #: Whether its establishments are known at all: no row and NO is none, no row and UNKNOWN is not known.
    establishments_known: Mapped[Answer]
    #: Whether it offers goods or services to, or monitors, people in the EEA (Art. 3(2) GDPR).
    targets_eea: Mapped[Answer]
    #: Whether decisions on purposes and means are taken outside the EEA (EDPB Opinion 04/2024).
    decided_outside_eea: Mapped[Answer]
    #: Whether the source checked the entity's identity; None for one added at the desk.
    verified: Mapped[bool | None]
    website: Mapped[str | None]
    note: Mapped[str | None]
    #: The group of companies it belongs to, in words.
    group_name: Mapped[str | None]
    #: The company that controls it, where the register has that; else what it is called.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("controllers.id"), index=True)
    parent_said: Mapped[str | None]
    #: Brands and services that it runs; None is not known.
    brands: Mapped[list[Any] | None]
    #: Postal address, in as many lines as it has.
    address: Mapped[str | None]
    categories: Mapped[list[Any] | None]
    #: Representatives under Art. 27 GDPR, as services.controllers_statement writes them. They are read with
    #: the controller always and never asked for alone, so they are no table of their own.
    representatives: Mapped[list[Any] | None]
    #: Brands, website and group, folded for the search.
    searched: Mapped[str] = mapped_column(default="")

    establishments: Mapped[list["Establishment"]] = relationship(
        lazy="raise_on_sql", order_by="Establishment.place"
    )
    parent: Mapped["Controller | None"] = relationship(lazy="raise_on_sql", remote_side="Controller.id")


class Establishment(Row, db.Model):
    """A place of a controller, with what it decides there about the processing."""

    __tablename__ = "establishments"
    controller_id: Mapped[int] = mapped_column(ForeignKey("controllers.id"), index=True)
    #: "IE" or "DE-HH".
    place: Mapped[str]
    #: Central administration in the EEA (Art. 4(16)(a) GDPR).
    central: Mapped[Answer]
    decides: Mapped[Answer]
    implements: Mapped[Answer]
    #: Main processing activities of a processor without central administration in the EEA (Art. 4(16)(b)).
    main_processing: Mapped[Answer] = mapped_column(default=Answer.UNKNOWN)
    #: First and last day, inclusive; None is open.
    since: Mapped[date | None]
    until: Mapped[date | None]
    #: Who wrote this row, or which source.
    origin: Mapped[str]
    #: Claim ("place", "central", "decides", "implements", "main_processing") -> where we know it from.
    evidence: Mapped[dict[str, Any] | None]


class ControllerRevision(Row, db.Model):
    """Everything that the register said of a controller from one change to the next. Triggers keep it."""

    __tablename__ = "controller_revisions"
    __table_args__ = (UniqueConstraint("controller_id", "number"),)
    controller_id: Mapped[int] = mapped_column(ForeignKey("controllers.id"))
    #: Counts the changes of one controller from 1.
    number: Mapped[int]
    at: Mapped[datetime]
    #: Key of the actor, as in the journal.
    actor: Mapped[str]
    #: Why it was changed, where somebody said so.
    why: Mapped[str | None]
    #: The whole statement, as services.controllers_statement writes it.
    said: Mapped[dict[str, Any]]


class ControllerKey(Row, db.Model):
    """The name under which a file of controllers knows one of them, so that it is not taken in twice."""

    __tablename__ = "controller_keys"
    slug: Mapped[str] = mapped_column(unique=True)
    controller_id: Mapped[int] = mapped_column(ForeignKey("controllers.id"), index=True)
    #: The row of the file, word for word.
    said: Mapped[dict[str, Any]]
