"""Cases with everything that a file says of them, read in a number of statements that hardly grows."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from tracker.db import db
from tracker.models import Case, CaseController, Controller, EntryMark, Filing, Update
from tracker.rules import numbers

#: Values in one list of a statement: databases take some ten thousand, and long lists are slow to prepare.
CHUNK = 1_000
#: Ends the id of what the desk made where a file has that id for something else.
_DESK = "-desk"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Held:
    """A case of the store with its protocol in the order of recording, and the ids that a file gives it.

    `key` is the id of the case, `filing_keys` are those of its filings: what came from a file keeps its id,
    what was made at the desk gets one that no other case or filing has.
    """

    case: Case
    updates: Sequence[Update]
    key: str
    filing_keys: Mapping[int, str]
    #: What people say of entries now, by entry: None that it says nothing new, else the reminder it answers.
    marks: Mapping[int, Sequence[int | None]]

    @property
    def own_number(self) -> bool:
        """Return whether a file says the number of the case: the desk gave it, or the file it came from."""
        return self.case.own_number or self.case.key is None


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
        for it in db.session.scalars(protocol.options(selectinload(Update.filings), joinedload(Update.says))):
            updates[it.case_id].append(it)
    keys = _case_keys(cases)
    filing_keys = _filing_keys(cases, keys)
    marks = _marks([it.id for it in cases])
    return [Held(it, updates[it.id], keys[it.id], filing_keys[it.id], marks) for it in cases]


def _marks(case_ids: Sequence[int]) -> dict[int, list[int | None]]:
    """Return what people say now of the entries of cases, in the order of saying."""
    found: dict[int, list[int | None]] = defaultdict(list)
    for part in chunks(case_ids):
        query = (
            sa.select(EntryMark.update_id, EntryMark.answers_id)
            .join(Update, Update.id == EntryMark.update_id)
            .where(Update.case_id.in_(part), EntryMark.ended_at.is_(None))
        )
        for row in db.session.execute(query.order_by(EntryMark.id)):
            found[row.update_id].append(row.answers_id)
    return found


def numbers_meant(keys: Iterable[str]) -> set[str]:
    """Return the numbers of the cases of the desk that may have one of these ids."""
    meant = {key.partition(_DESK)[0].upper() for key in keys if key == key.lower()}
    return {it for it in meant if numbers.is_case_number(it)}


def _case_keys(cases: Sequence[Case]) -> dict[int, str]:
    """Return the ids of the cases: c081 for one of the desk, c081-desk where a file has that id already."""
    plain = {it.id: it.number.lower() for it in cases if it.key is None}
    made = _apart(plain, Case.key)
    return {it.id: it.key or made[it.id] for it in cases}


def _filing_keys(cases: Sequence[Case], keys: Mapping[int, str]) -> dict[int, dict[int, str]]:
    """Return the ids of the filings by case; the desk's have that of the case and the end of the number."""
    plain = {
        filing.id: f"{_short(keys[it.id])}-{filing.number.rpartition('-')[2]}"
        for it in cases
        for filing in it.filings
        if filing.key is None
    }
    made = _apart(plain, Filing.key)
    return {it.id: {filing.id: filing.key or made[filing.id] for filing in it.filings} for it in cases}


def _short(key: str) -> str:
    """Return the id of a case as the ids of its filings begin, which have a hundred characters at most."""
    return key if len(key) <= 80 else f"{key[:70]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _apart(plain: Mapping[int, str], column: InstrumentedAttribute[Any]) -> dict[int, str]:
    """Return the ids that were made, marked where one like it came from a file."""
    taken = {
        key
        for part in chunks({*plain.values(), *(it + _DESK for it in plain.values())})
        for key in db.session.scalars(sa.select(column).where(column.in_(part)))
    }

    def marked(key: str) -> str:
        return marked(key + _DESK) if key in taken else key

    return {row: marked(key) for row, key in plain.items()}
