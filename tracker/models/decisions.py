"""Proceedings, the decisions in them with what they say, and hearings."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db
from tracker.rules.days import Day
from tracker.rules.money import Money
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Precision, ProceedingKind, Result

if TYPE_CHECKING:
    from tracker.models.cases import Claim
    from tracker.models.controllers import Controller
    from tracker.models.filings import Filing, Update


class Proceeding(Row, db.Model):
    """What an authority, the Board or a court runs; it may join filings, also those of several cases."""

    __tablename__ = "proceedings"
    #: 1, 2, 3 ... in this installation.
    number: Mapped[int] = mapped_column(unique=True)
    #: The id in the imported file.
    key: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[ProceedingKind]
    #: Before whom: the words, and the authority where it is one of the directory.
    body: Mapped[str]
    body_slug: Mapped[str | None] = mapped_column(ForeignKey("authorities.slug"))
    #: Its number there.
    reference: Mapped[str | None]
    opened_on: Mapped[date | None]
    opened_precision: Mapped[Precision]
    #: Who is against whom, in words that name no natural person.
    parties: Mapped[str | None]
    costs: Mapped[str | None]
    note: Mapped[str | None]
    source: Mapped[str | None]
    verified: Mapped[bool | None]
    #: The proceeding whose decision is looked at in this one: the instance before.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("proceedings.id"), index=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    version: Mapped[int] = mapped_column()

    filings: Mapped[list["ProceedingFiling"]] = relationship(
        lazy="raise_on_sql", order_by="ProceedingFiling.position"
    )
    follows: Mapped["Proceeding | None"] = relationship(lazy="raise_on_sql", remote_side="Proceeding.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def opened(self) -> Day:
        """Return the day on which it was opened, as precisely as known."""
        return Day(self.opened_on, self.opened_precision)


class ProceedingFiling(db.Model):
    """A filing that is joined in a proceeding."""

    __tablename__ = "proceeding_filings"
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceedings.id"), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), primary_key=True, index=True)
    position: Mapped[int]

    filing: Mapped["Filing"] = relationship(lazy="raise_on_sql")


class Decision(Row, db.Model):
    """What a decision or a judgment says. Never edited: a correction is a new row that points to the old."""

    __tablename__ = "decisions"
    #: 1, 2, 3 ... in this installation, in the order of recording.
    number: Mapped[int] = mapped_column(unique=True)
    #: The id in the imported file.
    key: Mapped[str | None] = mapped_column(unique=True)
    proceeding_id: Mapped[int | None] = mapped_column(ForeignKey("proceedings.id"), index=True)
    #: None where it is not known which kind it is.
    type: Mapped[DecisionType | None]
    #: Under Art 66, without waiting for the others.
    urgent: Mapped[bool]
    #: Who decided: the words, and the authority where it is one of the directory.
    decided_by: Mapped[str]
    decided_by_slug: Mapped[str | None] = mapped_column(ForeignKey("authorities.slug"), index=True)
    decided_on: Mapped[date | None] = mapped_column(index=True)
    decided_precision: Mapped[Precision]
    received_on: Mapped[date | None]
    received_precision: Mapped[Precision]
    published_on: Mapped[date | None]
    published_precision: Mapped[Precision]
    #: Its number with whoever decided.
    reference: Mapped[str | None]
    ecli: Mapped[str | None]
    #: Of the original (ISO 639).
    language: Mapped[str | None]
    source: Mapped[str | None]
    #: What it holds, in our words.
    summary: Mapped[str]
    #: Provisions of the GDPR that it applies, normalised, and national ones in words.
    provisions: Mapped[list[Any]]
    national: Mapped[list[Any]]
    appeal: Mapped[AppealStatus]
    #: Before whom, and under which number.
    appeal_to: Mapped[str | None]
    #: Why something about it is out of the ordinary, such as a second final decision.
    note: Mapped[str | None]
    verified: Mapped[bool | None]
    #: True where it says what its entry said, and nobody has said what the decision says.
    derived: Mapped[bool]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]

    proceeding: Mapped[Proceeding | None] = relationship(lazy="raise_on_sql")
    entries: Mapped[list["DecisionEntry"]] = relationship(
        lazy="raise_on_sql", order_by="DecisionEntry.update_id"
    )
    filings: Mapped[list["DecisionFiling"]] = relationship(
        lazy="raise_on_sql", order_by="DecisionFiling.position"
    )
    findings: Mapped[list["DecisionFinding"]] = relationship(
        lazy="raise_on_sql", order_by="DecisionFinding.id"
    )
    fines: Mapped[list["DecisionFine"]] = relationship(lazy="raise_on_sql", order_by="DecisionFine.position")
    measures: Mapped[list["DecisionMeasure"]] = relationship(
        lazy="raise_on_sql", order_by="DecisionMeasure.position"
    )

    @property
    def decided(self) -> Day:
        """Return the day of the decision, as precisely as known."""
        return Day(self.decided_on, self.decided_precision)

    @property
    def received(self) -> Day:
        """Return the day on which we got it, as precisely as known."""
        return Day(self.received_on, self.received_precision)

    @property
    def published(self) -> Day:
        """Return the day on which it was made public, as precisely as known."""
        return Day(self.published_on, self.published_precision)


class DecisionEntry(db.Model):
    """An entry of a protocol through which a decision came into it: one for each case and each step."""

    __tablename__ = "decision_entries"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("updates.id"), primary_key=True, index=True)

    entry: Mapped["Update"] = relationship(lazy="raise_on_sql")


class DecisionFiling(db.Model):
    """What a decision says of one filing as a whole."""

    __tablename__ = "decision_filings"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), primary_key=True, index=True)
    position: Mapped[int]
    result: Mapped[Result]

    filing: Mapped["Filing"] = relationship(lazy="raise_on_sql")


class DecisionFinding(Row, db.Model):
    """What a decision says of one claim of one filing. Where there is no row nobody knows: it is open."""

    __tablename__ = "decision_findings"
    __table_args__ = (UniqueConstraint("decision_id", "filing_id", "claim_id"),)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claims.id"), index=True)
    finding: Mapped[Finding]
    words: Mapped[str | None]

    claim: Mapped["Claim"] = relationship(lazy="raise_on_sql")


class DecisionFine(Row, db.Model):
    """A fine, exact: whole minor units of its currency; several where it is split."""

    __tablename__ = "decision_fines"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    position: Mapped[int]
    minor: Mapped[int]
    currency: Mapped[str]
    #: Against whom, where it is said: a controller of the case, or words.
    controller_id: Mapped[int | None] = mapped_column(ForeignKey("controllers.id"), index=True)
    words: Mapped[str | None]

    controller: Mapped["Controller | None"] = relationship(lazy="raise_on_sql")

    @property
    def money(self) -> Money:
        """Return the amount."""
        return Money(self.minor, self.currency)


class DecisionMeasure(Row, db.Model):
    """A corrective power that was used: its letter in Art 58(2), what was ordered, and until when."""

    __tablename__ = "decision_measures"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), index=True)
    position: Mapped[int]
    letter: Mapped[str]
    words: Mapped[str | None]
    comply_by: Mapped[date | None]


class Hearing(Row, db.Model):
    """A hearing, by what makes it the same one however often it is moved."""

    __tablename__ = "hearings"
    number: Mapped[int] = mapped_column(unique=True)
    #: The id in the imported file.
    key: Mapped[str | None] = mapped_column(unique=True)
    #: What a calendar knows it by; the same in every version, and in a copy elsewhere.
    uid: Mapped[str] = mapped_column(unique=True)
    proceeding_id: Mapped[int | None] = mapped_column(ForeignKey("proceedings.id"), index=True)
    #: Of the version that counts now.
    sequence: Mapped[int]

    proceeding: Mapped[Proceeding | None] = relationship(lazy="raise_on_sql")
    filings: Mapped[list["HearingFiling"]] = relationship(
        lazy="raise_on_sql", order_by="HearingFiling.position"
    )
    versions: Mapped[list["HearingVersion"]] = relationship(
        lazy="raise_on_sql", order_by="HearingVersion.sequence"
    )


class HearingFiling(db.Model):
    """A filing that a hearing is about."""

    __tablename__ = "hearing_filings"
    hearing_id: Mapped[int] = mapped_column(ForeignKey("hearings.id"), primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), primary_key=True, index=True)
    position: Mapped[int]

    filing: Mapped["Filing"] = relationship(lazy="raise_on_sql")


class HearingVersion(Row, db.Model):
    """When and where a hearing is, as it was said at some time. Only added to: the last one counts."""

    __tablename__ = "hearing_versions"
    __table_args__ = (UniqueConstraint("hearing_id", "sequence"),)
    hearing_id: Mapped[int] = mapped_column(ForeignKey("hearings.id"))
    sequence: Mapped[int]
    #: Before whom: the words, and the authority where it is one of the directory.
    court: Mapped[str]
    court_slug: Mapped[str | None] = mapped_column(ForeignKey("authorities.slug"))
    place: Mapped[str | None]
    #: The day at the place; the moment too where the time is known.
    day: Mapped[date] = mapped_column(index=True)
    starts_at: Mapped[datetime | None]
    #: "Europe/Dublin": by which clock the day and the time are meant.
    zone: Mapped[str]
    what: Mapped[str]
    cancelled: Mapped[bool]
    #: Why it was moved or cancelled.
    why: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
