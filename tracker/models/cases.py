"""A case: one matter, its claims, the people for whom it is brought."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db
from tracker.rules.days import Day
from tracker.rules.languages import ORIGINAL
from tracker.rules.vocabulary import Precision

if TYPE_CHECKING:
    from tracker.models.controllers import Controller
    from tracker.models.filings import Filing


class Project(Row, db.Model):
    """A theme that groups cases, such as "Artificial intelligence"."""

    __tablename__ = "projects"
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)


class Case(Row, db.Model):
    """One matter. Its complaint is sent to several authorities; each of these is a filing."""

    __tablename__ = "cases"
    #: C081
    number: Mapped[str] = mapped_column(unique=True)
    #: The id in the file it was imported from, None for a case logged at the desk.
    key: Mapped[str | None] = mapped_column(unique=True)
    title: Mapped[str]
    #: The title without case and accents, for the search.
    folded: Mapped[str]
    ngo: Mapped[str]
    #: Whether an imported file gave the number; it says so again when it is exported.
    own_number: Mapped[bool] = mapped_column(default=False)
    #: What the NGO itself calls it, where that is not the number ("C001-C004").
    internal_ref: Mapped[str | None]
    summary: Mapped[str]
    #: ISO 639: in which language title, summary, claims and what entries tell the public are written.
    language: Mapped[str] = mapped_column(default=ORIGINAL)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("projects.id"), index=True)
    #: The first day of the alleged infringement, as far as known: no filing may lie before it.
    facts_on: Mapped[date | None]
    facts_precision: Mapped[Precision] = mapped_column(default=Precision.UNKNOWN)
    #: Place of the alleged infringement ("AT", "DE-BY"), None where not known (Art. 77(1) GDPR).
    infringement_place: Mapped[str | None]
    #: The measures asked for, in the order of the complaint.
    requested: Mapped[list[Any]]
    legal_source: Mapped[str | None]
    legal_verified: Mapped[bool | None]
    legal_note: Mapped[str | None]
    #: What the source says about the whole: announced totals, outcome, fines. Kept word for word.
    totals: Mapped[dict[str, Any] | None]
    outcome_said: Mapped[dict[str, Any] | None]
    opened_at: Mapped[datetime]
    opened_by: Mapped[str]
    version: Mapped[int] = mapped_column()

    project: Mapped[Project | None] = relationship(lazy="raise_on_sql")
    claims: Mapped[list["Claim"]] = relationship(lazy="raise_on_sql", order_by="Claim.position")
    complainants: Mapped[list["Complainant"]] = relationship(
        lazy="raise_on_sql", order_by="Complainant.pseudonym"
    )
    controllers: Mapped[list["CaseController"]] = relationship(
        lazy="raise_on_sql", order_by="CaseController.position"
    )
    filings: Mapped[list["Filing"]] = relationship(
        back_populates="case", lazy="raise_on_sql", order_by="(func.length(Filing.number), Filing.number)"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def facts(self) -> Day:
        """Return the first day of the alleged infringement, as precisely as known."""
        return Day(self.facts_on, self.facts_precision)


class Claim(Row, db.Model):
    """One alleged infringement: provision, conduct, measure asked for."""

    __tablename__ = "claims"
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    position: Mapped[int]
    #: Normalised: "6(1)(f)".
    provision: Mapped[str]
    conduct: Mapped[str | None]
    measure: Mapped[str | None]


class CaseController(Row, db.Model):
    """A controller as the respondent of one case: what the source calls it there, and whom it affects."""

    __tablename__ = "case_controllers"
    __table_args__ = (UniqueConstraint("case_id", "controller_id"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    controller_id: Mapped[int] = mapped_column(ForeignKey("controllers.id"), index=True)
    position: Mapped[int]
    #: The id in the imported file; ids are the file's, the controller is one.
    key: Mapped[str | None]
    brand: Mapped[str | None]
    note: Mapped[str | None]
    #: Places whose people are substantially affected ("FR", "DE-BY", "EEA"); None is unknown.
    affected: Mapped[list[Any] | None]
    #: True while `affected` was presumed from the countries of the filings and nobody has said otherwise.
    affected_presumed: Mapped[bool] = mapped_column(default=False)
    #: What is said of this processing, as rules.processing writes it; None: what the register says holds.
    processing: Mapped[dict[str, Any] | None]

    controller: Mapped["Controller"] = relationship(lazy="raise_on_sql")


class Complainant(Row, db.Model):
    """A person represented in a case: a pseudonym here; who it is stands nowhere in this store."""

    __tablename__ = "complainants"
    __table_args__ = (UniqueConstraint("case_id", "pseudonym"),)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    pseudonym: Mapped[str]
    #: Place of habitual residence ("AT", "DE-BY"), None where not known (Art. 77(1) GDPR).
    residence: Mapped[str | None]
    #: Place of work, as residence; None where not known or none is to be named.
    workplace: Mapped[str | None]


class CaseDraft(Row, db.Model):
    """A case form as it was left: exactly what was typed, valid or not."""

    __tablename__ = "case_drafts"
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str]
    #: Field name -> list of values, as the form sent them.
    typed: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
