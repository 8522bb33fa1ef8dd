"""Cases with everything that a file says of them, read in a number of statements that hardly grows."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from tracker.db import db
from tracker.models import Case, CaseController, Controller, Filing, Update

#: Values in one list of a statement: databases take some ten thousand, and long lists are slow to prepare.
CHUNK = 1_000

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Held:
    """A case of the store with its protocol in the order of recording."""

    case: Case
    updates: Sequence[Update]


def chunks(values: Collection[Value]) -> Iterator[list[Value]]:
    """Yield the values in lists short enough for a statement."""
    listed = list(values)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


def held_cases(among: tuple[InstrumentedAttribute[Any], Collection[Any]] | None = None) -> list[Held]:
    """Return cases with all that a file says of them, in the order of their opening.

    `among` is a column of Case and the values it may have; None returns all cases.
    """
    # Whatever leads to a controller loads its establishments: one that does not would empty them again.
    respondents = selectinload(Case.controllers).joinedload(CaseController.controller)
    filings = selectinload(Case.filings)
    query = (
        sa.select(Case)
        .options(
            joinedload(Case.project),
            selectinload(Case.claims),
            selectinload(Case.complainants),
            respondents.selectinload(Controller.establishments),
            filings.joinedload(Filing.complainant),
            filings.selectinload(Filing.controllers).selectinload(Controller.establishments),
            filings.selectinload(Filing.references),
        )
        .execution_options(populate_existing=True)
    )
    if among is None:
        cases = list(db.session.scalars(query))
    else:
        column, values = among
        cases = [it for part in chunks(values) for it in db.session.scalars(query.where(column.in_(part)))]
    cases.sort(key=lambda it: it.id)
    updates: dict[int, list[Update]] = defaultdict(list)
    for part in chunks([it.id for it in cases]):
        protocol = sa.select(Update).where(Update.case_id.in_(part)).order_by(Update.number)
        for it in db.session.scalars(protocol.options(selectinload(Update.filings))):
            updates[it.case_id].append(it)
    return [Held(it, updates[it.id]) for it in cases]
