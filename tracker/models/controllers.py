"""Legal entities complained about, and their places in the EEA."""

from datetime import date

from sqlalchemy import ForeignKey
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

    establishments: Mapped[list["Establishment"]] = relationship(
        lazy="raise_on_sql", order_by="Establishment.place"
    )


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
    #: First and last day, inclusive; None is open.
    since: Mapped[date | None]
    until: Mapped[date | None]
    #: Where we know it from.
    origin: Mapped[str]
