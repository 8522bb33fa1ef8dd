"""What is noted on three filings of one case, as people do it at the desk, and what is refused."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import Case, Filing, Update
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.vocabulary import Answer, Outcome, Role
from tracker.services import cases, filings, updates, updates_steps
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.updates import NewUpdate

BEN = Actor("user:2", "Ben", Role.LAWYER, 2)
AT_HOME = NewController(
    name="Example Vienna GmbH",
    country="AT",
    establishments=(NewEstablishment("AT", central=Answer.YES),),
)


def of(*numbers: str) -> list[Filing]:
    """Return the filings as the desk has them on the screen: with their case."""
    by_number = {it.number: it for it in cases.get_case(numbers[0][:4]).filings}
    return [by_number[it] for it in numbers]


def news(step: str, day: str = "2024-06-20", **values: Any) -> NewUpdate:
    """Return an update; the Austrian authority says so."""
    return NewUpdate(step=step, day=Day.parse(day), **{"actor": "at-dsb", "words": f"It is {step}."} | values)


def record(
    new: NewUpdate, *numbers: str, seen: dict[str, int] | None = None, by: Actor = ANN, **values: Any
) -> int:
    """Record an update on the filings (default: the first) and return its number."""
    with transaction():
        here = of(*(numbers or ("C002-01",)))
        return updates.record_update(here, new, seen=seen or {}, by=by, **values).number


def refusal(new: NewUpdate, *numbers: str, **values: Any) -> RuleBroken:
    """Return the refusal of an update; nothing was recorded."""
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Update))
    with pytest.raises(RuleBroken) as refused:
        record(new, *numbers, **values)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Update)) == before
    return refused.value


def versions(*numbers: str) -> dict[str, int]:
    """Return the versions on the screen of somebody who opens the form now."""
    return {it.number: it.version for it in of(*numbers)}


def stands(number: str = "C002-01") -> tuple[str, str | None, Outcome]:
    """Return stage, day and outcome of a filing."""
    filing = filings.get_filing(number)
    return filing.stage, filing.since.iso, filing.outcome


def codes(*numbers: str, **values: Any) -> set[str]:
    """Return the steps that are offered for the filings and change where they stand."""
    return {it.code for it in updates_steps.possible_steps(of(*numbers), **values) if it.stage}


def three_filings() -> Case:
    """Return C002, led from Dublin, at three authorities; C001 beside it is handled in Austria alone."""
    with transaction():
        noise = a_case(title="Noise", respondents=(Respondent(new=AT_HOME, affected=("AT",)),))
        lodged(noise, "at-dsb", on=date(2023, 1, 1))
        made = a_case()
        lodged(made, "at-dsb", "fr-cnil", "ie-dpc")
    return cases.get_case(made.number)
