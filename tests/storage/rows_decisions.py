"""Rows for the tables of proceedings, decisions and hearings."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from tracker import models as m
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Precision, ProceedingKind, Result

NOON = datetime(2024, 6, 6, 12, tzinfo=UTC)
DAY = date(2024, 6, 6)


def add_decisions(session: Session) -> None:
    """Write a row into each of the tables that private_0009 adds."""
    recorded = {"recorded_at": NOON, "recorded_by": "shell"}
    unknown = dict.fromkeys(("received_precision", "published_precision"), Precision.UNKNOWN)
    session.add(
        m.Proceeding(
            id=1,
            number=1,
            kind=ProceedingKind.COURT,
            body="é",
            body_slug="é",
            opened_precision=Precision.UNKNOWN,
            **recorded,
        )
    )
    session.flush()
    about = {"decided_by": "é", "decided_by_slug": "é", "decided_on": DAY, "decided_precision": Precision.DAY}
    about |= {"summary": "é", "provisions": ["6(1)(f)"], "national": ["é"], **unknown, **recorded}
    session.add(
        m.Decision(
            id=1,
            number=1,
            proceeding_id=1,
            type=DecisionType.FINAL,
            urgent=False,
            appeal=AppealStatus.NONE_KNOWN,
            derived=True,
            **about,
        )
    )
    session.add(m.Hearing(id=1, number=1, uid="u", proceeding_id=1, sequence=0))
    session.flush()
    when = {"court": "é", "court_slug": "é", "day": DAY, "starts_at": NOON, "zone": "Europe/Vienna"}
    session.add_all(
        [
            m.ProceedingFiling(proceeding_id=1, filing_id=1, position=0),
            m.DecisionEntry(decision_id=1, update_id=1),
            m.DecisionFiling(decision_id=1, filing_id=1, position=0, result=Result.PARTLY),
            m.DecisionFinding(id=1, decision_id=1, filing_id=1, claim_id=1, finding=Finding.UPHELD),
            m.DecisionFine(
                id=1, decision_id=1, position=0, minor=39_000_000_000, currency="EUR", controller_id=1
            ),
            m.DecisionMeasure(id=1, decision_id=1, position=0, letter="d", comply_by=DAY),
            m.HearingFiling(hearing_id=1, filing_id=1, position=0),
            m.HearingVersion(id=1, hearing_id=1, sequence=0, what="é", cancelled=False, **when, **recorded),
        ]
    )
