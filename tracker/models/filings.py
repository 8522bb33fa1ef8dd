"""A filing: the complaint of a case at one authority for one complainant; its updates."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db
from tracker.rules.days import Day
from tracker.rules.vocabulary import ComplainantType, Medium, Outcome, Precision

if TYPE_CHECKING:
    from tracker.models.accounts import User
    from tracker.models.authorities import Authority
    from tracker.models.cases import Case, Complainant
    from tracker.models.controllers import Controller
    from tracker.models.deadlines import DeadlineAct
    from tracker.models.routes import Route, RouteOverride


class Filing(Row, db.Model):
    """One complaint at one authority. Stage and outcome follow from updates; both are stored to be found."""

    __tablename__ = "filings"
    # Two filings without a named complainant never collide: NULLs differ from each other.
    __table_args__ = (UniqueConstraint("case_id", "authority_slug", "complainant_id"),)
    #: C081-07
    number: Mapped[str] = mapped_column(unique=True)
    #: Whether an imported file gave the number; it says so again when it is exported.
    own_number: Mapped[bool] = mapped_column(default=False)
    #: The id in the imported file.
    key: Mapped[str | None] = mapped_column(unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    #: Order in the file or in the act of lodging.
    position: Mapped[int]
    #: Lodged with; None where it is not known.
    authority_slug: Mapped[str | None] = mapped_column(ForeignKey("authorities.slug"), index=True)
    #: State of lodging, also where the authority is not known.
    country: Mapped[str]
    complainant_id: Mapped[int | None] = mapped_column(ForeignKey("complainants.id"), index=True)
    #: In whose name; None where nobody has said.
    complainant_type: Mapped[ComplainantType | None]
    #: Language of the complaint as lodged (ISO 639), None where not known.
    language: Mapped[str | None]
    lodged_on: Mapped[date | None] = mapped_column(index=True)
    lodged_precision: Mapped[Precision]
    urgency_requested: Mapped[bool | None]
    #: What the source says; the program's own answers are computed.
    lead_said: Mapped[str | None]
    handling_said: Mapped[str | None]
    status_said: Mapped[str | None]
    source: Mapped[str | None]
    verified: Mapped[bool | None]
    note: Mapped[str | None]
    #: Further keys of the source, word for word ("tool").
    extra: Mapped[dict[str, Any]]
    stage: Mapped[str] = mapped_column(index=True)
    since_on: Mapped[date | None]
    since_precision: Mapped[Precision]
    #: Number of the update by which the stage was entered.
    entered_by: Mapped[int | None]
    outcome: Mapped[Outcome] = mapped_column(index=True)
    #: Who sees to it; None where nobody was named.
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    #: When somebody last recorded something: every recording raises the version, also without a new stage.
    touched_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    case: Mapped["Case"] = relationship(back_populates="filings", lazy="raise_on_sql")
    authority: Mapped["Authority | None"] = relationship(lazy="raise_on_sql")
    complainant: Mapped["Complainant | None"] = relationship(lazy="raise_on_sql")
    controllers: Mapped[list["Controller"]] = relationship(
        secondary="filing_controllers",
        lazy="raise_on_sql",
        order_by="FilingController.position",
        viewonly=True,
    )
    references: Mapped[list["Reference"]] = relationship(lazy="raise_on_sql", order_by="Reference.position")
    routes: Mapped[list["Route"]] = relationship(lazy="raise_on_sql", order_by="Route.id")
    overrides: Mapped[list["RouteOverride"]] = relationship(
        lazy="raise_on_sql", order_by="RouteOverride.id", viewonly=True
    )

    responsible: Mapped["User | None"] = relationship(lazy="raise_on_sql")

    __mapper_args__ = {"version_id_col": version}

    @property
    def lodged(self) -> Day:
        """Return the day of lodging, as precisely as known."""
        return Day(self.lodged_on, self.lodged_precision)

    @property
    def since(self) -> Day:
        """Return the day on which the present stage was entered, as precisely as known."""
        return Day(self.since_on, self.since_precision)


class FilingController(db.Model):
    """A controller against which a filing is directed."""

    __tablename__ = "filing_controllers"
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), primary_key=True)
    controller_id: Mapped[int] = mapped_column(ForeignKey("controllers.id"), primary_key=True, index=True)
    position: Mapped[int]


class Reference(Row, db.Model):
    """A number under which somebody else keeps a filing; `owner` says who (authority, imi ...)."""

    __tablename__ = "filing_references"
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    position: Mapped[int]
    owner: Mapped[str]
    value: Mapped[str]


class Update(Row, db.Model):
    """A dated, numbered entry in the protocol of a case and of some of its filings. Never edited."""

    __tablename__ = "updates"
    __table_args__ = (UniqueConstraint("case_id", "number"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    #: 1, 2, 3 ... within the case, in the order of recording.
    number: Mapped[int]
    #: A step code, or the kind of an imported event.
    kind: Mapped[str]
    happened_on: Mapped[date | None]
    happened_precision: Mapped[Precision]
    #: Who acted: the words, and the authority where it is one of the directory.
    actor: Mapped[str]
    actor_slug: Mapped[str | None] = mapped_column(ForeignKey("authorities.slug"))
    #: Words for the file.
    words: Mapped[str]
    #: Words for the public, where somebody wrote any.
    public_words: Mapped[str | None]
    reference: Mapped[str | None]
    medium: Mapped[Medium | None]
    sender: Mapped[str | None]
    sent_on: Mapped[date | None]
    received_on: Mapped[date | None]
    language: Mapped[str | None]
    fine: Mapped[dict[str, Any] | None]
    source: Mapped[str | None]
    verified: Mapped[bool | None]
    #: What an authority says of the lead here (rules.leading), where the step does not tell it by itself.
    lead_act: Mapped[str | None]
    #: Slug of the authority that is named as lead in it; None where it names none.
    lead_named: Mapped[str | None]
    #: Why it is recorded although the procedure does not allow it there; None where it fits.
    irregular: Mapped[str | None]
    #: The update that this one corrects.
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("updates.id"), index=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]

    filings: Mapped[list["UpdateFiling"]] = relationship(
        lazy="raise_on_sql", order_by="UpdateFiling.position"
    )
    #: What it says of a deadline, if anything.
    says: Mapped["DeadlineAct | None"] = relationship(lazy="raise_on_sql")

    @property
    def day(self) -> Day:
        """Return the day on which it happened, as precisely as known."""
        return Day(self.happened_on, self.happened_precision)


class UpdateFiling(db.Model):
    """What an update means for one filing: the step it is there, if any, and the outcome it brings."""

    __tablename__ = "update_filings"
    __table_args__ = (Index("ix_update_filings_filing_id_update_id", "filing_id", "update_id"),)
    update_id: Mapped[int] = mapped_column(ForeignKey("updates.id"), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), primary_key=True)
    position: Mapped[int]
    step: Mapped[str | None]
    outcome: Mapped[Outcome | None]

    filing: Mapped["Filing"] = relationship(lazy="raise_on_sql")
