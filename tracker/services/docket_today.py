"""What waits today: letters that ask us for something, entries that are no step, deadlines."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import by_number, db
from tracker.models import Case, Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.procedure import FIRST_STAGE
from tracker.rules.vocabulary import Outcome
from tracker.services import docket
from tracker.services.docket import Filter, Show, seen_to_by


class Task(enum.Enum):
    """What can wait; in this order it is told."""

    #: Deadlines of ours that were missed lately, rights that ended lately and were not used, what ends soon,
    #: what nobody sees to.
    MISSED = "missed"
    ENDED = "ended"
    NEAR = "near"
    NOBODY = "nobody"
    #: Filings at a stage where the next act is ours.
    ANSWER = "answer"
    #: Periods of others that are over.
    LATE = "late"
    #: Entries of filings that are no step of the procedure.
    CLASSIFY = "classify"
    #: Deadlines whose end nobody knows.
    UNKNOWN = "unknown"


#: The lists of the docket behind what waits: whose, and which.
_LISTS: Mapping[Task, tuple[bool, Show]] = {
    Task.MISSED: (True, Show.MISSED_LATELY),
    Task.ENDED: (True, Show.ENDED_LATELY),
    Task.NEAR: (True, Show.NEAR),
    Task.LATE: (False, Show.LATE),
    Task.UNKNOWN: (False, Show.UNKNOWN),
}


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A filing that waits for us: where it stands, since when."""

    filing: str
    case: str
    title: str
    authority: str | None
    country: str
    stage: str
    since: Day


@dataclass(frozen=True, slots=True)
class Unclassified:
    """An entry of a protocol that is no step of the procedure for a filing of the case."""

    case: str
    title: str
    number: int
    kind: str
    day: Day
    words: str


def waiting(whose: Filter, today: date, *, near: int = docket.NEAR) -> dict[Task, int]:
    """Return how much of each kind waits for whom the filter names, in a few statements.

    Of what ends, it is what ends within `near` days.
    """
    counts = docket.count_open(whose, today, tuple(_LISTS.values()), near=near)
    ours = docket.side(Filter(nobody=True), True)
    return {
        Task.MISSED: counts[_LISTS[Task.MISSED]],
        Task.ENDED: counts[_LISTS[Task.ENDED]],
        Task.NEAR: counts[_LISTS[Task.NEAR]],
        Task.NOBODY: docket.count(ours, Show.CURRENT, today),
        Task.ANSWER: _count(_unanswered(whose)),
        Task.LATE: counts[_LISTS[Task.LATE]],
        Task.CLASSIFY: _count(_unclassified(whose)),
        Task.UNKNOWN: counts[_LISTS[Task.UNKNOWN]],
    }


def unanswered(whose: Filter, *, size: int = 50, page: int = 1) -> tuple[list[Unanswered], int]:
    """Return one page of the filings that wait for us, the longest first, and how many there are."""
    asked = _unanswered(whose)
    order = (Filing.since_on.is_(None), Filing.since_on, *by_number(Filing.number))
    rows = db.session.execute(asked.order_by(*order).limit(size).offset((page - 1) * size))
    found = [
        Unanswered(
            it.number,
            it.case,
            it.title,
            it.authority_slug,
            it.country,
            it.stage,
            Day(it.since_on, it.since_precision),
        )
        for it in rows
    ]
    return found, _count(asked)


def unclassified(whose: Filter, *, size: int = 50, page: int = 1) -> tuple[list[Unclassified], int]:
    """Return one page of the entries that are no step, newest case first, and how many there are."""
    asked = _unclassified(whose)
    order = (*by_number(Case.number, last_first=True), Update.number)
    rows = db.session.execute(asked.order_by(*order).limit(size).offset((page - 1) * size))
    found = [
        Unclassified(
            it.case,
            it.title,
            it.number,
            it.kind,
            Day(it.happened_on, it.happened_precision),
            it.words,
        )
        for it in rows
    ]
    return found, _count(asked)


def _unanswered(whose: Filter) -> Any:
    stages = tables.procedure().stages.values()
    ours = [it.code for it in stages if it.phase == "action_needed" and it.code != FIRST_STAGE]
    asked = (
        sa.select(
            Filing.number,
            Filing.authority_slug,
            Filing.country,
            Filing.stage,
            Filing.since_on,
            Filing.since_precision,
            Case.number.label("case"),
            Case.title,
        )
        .join(Case, Case.id == Filing.case_id)
        .where(Filing.stage.in_(ours), Filing.outcome == Outcome.PENDING)
    )
    condition = seen_to_by(whose)
    return asked if condition is None else asked.where(condition)


def _unclassified(whose: Filter) -> Any:
    """Return the statement for the entries in force that are no step for a pending filing that they name."""
    correcting = sa.orm.aliased(Update)
    condition = seen_to_by(whose)
    for_nobody = (
        sa.select(UpdateFiling.update_id)
        .join(Filing, Filing.id == UpdateFiling.filing_id)
        .where(UpdateFiling.step.is_(None), Filing.outcome == Outcome.PENDING)
    )
    if condition is not None:
        for_nobody = for_nobody.where(condition)
    return (
        sa.select(
            Case.number.label("case"),
            Case.title,
            Update.number,
            Update.kind,
            Update.happened_on,
            Update.happened_precision,
            Update.words,
        )
        .join(Case, Case.id == Update.case_id)
        .where(Update.id.in_(for_nobody), ~sa.exists().where(correcting.corrects_id == Update.id))
    )


def _count(asked: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(asked.subquery())) or 0


def lists(task: Task) -> tuple[bool, Show] | None:
    """Return the list of the docket that holds what waits, None where it has a list of its own."""
    return (True, Show.CURRENT) if task is Task.NOBODY else _LISTS.get(task)
