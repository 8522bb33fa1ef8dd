"""Decisions as people record them at the desk, on the three filings of recording.py."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tests.builders import ANN
from tests.services.recording import news, record
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import (
    Case,
    Decision,
    DecisionEntry,
    DecisionFiling,
    DecisionFinding,
    DecisionFine,
    DecisionMeasure,
    Update,
    UpdateFiling,
)
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.vocabulary import DecisionType, Finding, Result
from tracker.services import decisions, decisions_filings, decisions_recording
from tracker.services.cases import get_case
from tracker.services.decisions import Read
from tracker.services.decisions_new import NewDecision, NewFinding
from tracker.services.decisions_recording import Recorded

UP, DOWN, PARTLY, OPEN = Result.UPHELD, Result.REJECTED, Result.PARTLY, Result.OPEN


def a_decision(
    results: dict[str, Result] | None = None, decided: str = "2024-09-02", **values: Any
) -> NewDecision:
    """Return a final decision of the Irish authority that upholds the first filing."""
    return NewDecision(
        **{
            "type": DecisionType.FINAL,
            "decided_by": "ie-dpc",
            "decided": Day.parse(decided),
            "summary": "It infringed Art 6(1).",
            "results": {"C002-01": UP} if results is None else results,
            **values,
        }
    )


def decide(
    new: NewDecision,
    *,
    corrects: int | None = None,
    completes: int | None = None,
    cases: tuple[str, ...] = ("C002",),
    by: Actor = ANN,
    seen: dict[str, int] | None = None,
) -> Recorded:
    """Record a decision on filings of some cases; it `corrects` one, or `completes` an entry of the first."""
    with transaction():
        there = decisions_recording.before()
        if corrects is not None:
            there = decisions_recording.before(corrects=read(corrects).it)
        if completes is not None:
            entry = decisions_recording.entry_of(get_case(cases[0]).id, completes)
            there = decisions_recording.before(completes=entry)
        filings = [it for case in cases for it in decisions_filings.of_case(case)]
        return decisions_recording.record_decision(filings, new, seen=seen or {}, by=by, there=there)


def refused(new: NewDecision, **values: Any) -> RuleBroken:
    """Return the refusal of a decision; nothing was recorded."""
    count = sa.select(sa.func.count())
    before = [db.session.scalar(count.select_from(it)) for it in (Decision, Update)]
    with pytest.raises(RuleBroken) as found:
        decide(new, **values)
    assert [db.session.scalar(count.select_from(it)) for it in (Decision, Update)] == before
    return found.value


def read(number: int) -> Read:
    """Return a decision as its page has it."""
    return decisions.get_decision(number)


def claim(case_number: str = "C002", place: int = 0) -> int:
    """Return the key of a claim of a case."""
    return get_case(case_number).claims[place].id


def finding(value: Finding, filing: str = "C002-01", place: int = 0, words: str | None = None) -> NewFinding:
    """Return a finding on a claim of the case of a filing."""
    return NewFinding(filing, claim(filing[:4], place), value, words)


def drafted(*numbers: str) -> None:
    """Lead filings of C002 to a draft decision."""
    for number in numbers or ("C002-01",):
        for step, day in (
            ("admissible", "2024-06-20"),
            ("investigation", "2024-07-01"),
            ("draft_decision", "2024-08-01"),
        ):
            record(news(step, day, actor="ie-dpc" if step != "admissible" else _lodged_with(number)), number)


def _lodged_with(number: str) -> str:
    return {"C002-01": "at-dsb", "C002-02": "fr-cnil", "C002-03": "ie-dpc"}[number]


def without_records() -> None:
    """Leave the entries of a store as they were before decisions had records of their own."""
    with transaction():
        parts = (DecisionEntry, DecisionFiling, DecisionFinding, DecisionFine, DecisionMeasure)
        for model in (*parts, Decision):
            db.session.execute(sa.delete(model))


def entries() -> list[tuple[int, str, list[str]]]:
    """Return the entries of C002 from the first decision on: number, step, filings."""
    query = sa.select(Update).join(Case, Case.id == Update.case_id).where(Case.number == "C002")
    query = query.options(selectinload(Update.filings).joinedload(UpdateFiling.filing))
    rows = db.session.scalars(query.order_by(Update.number)).all()
    return [(it.number, it.kind, [each.filing.number for each in it.filings]) for it in rows]
