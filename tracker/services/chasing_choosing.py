"""Filings to choose for a reminder: those that wait, with their silence and their last reminder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, Filing, Update, UpdateFiling
from tracker.rules.days import Day
from tracker.rules.silence import REMINDER
from tracker.services import silence_finding


@dataclass(frozen=True, slots=True)
class Candidate:
    """A filing that waits, since when it is silent, and the day of its last reminder, None for none."""

    filing: Filing
    last: Day
    reminded: Day | None


def candidates(
    *,
    numbers: Sequence[str] | None = None,
    case: str | None = None,
    authority: str | None = None,
    since: date | None = None,
    page: int = 1,
    size: int = 50,
) -> tuple[list[Candidate], int]:
    """Return pending filings of a known authority to choose from, silent longest first, and how many in all.

    `numbers` are the filings to be shown, None for all; `since` leaves out those with news after that day.
    Three statements, whatever is found.
    """
    # To an authority that is not known no letter can go.
    where: list[sa.ColumnElement[bool]] = [Filing.authority_slug.is_not(None)]
    if numbers is not None:
        where.append(Filing.number.in_(numbers))
    if case is not None:
        where.append(Case.number == case)
    if authority is not None:
        where.append(Filing.authority_slug == authority)
    found = silence_finding.silent(where=where, since=since, limit=size, offset=(page - 1) * size)
    total = silence_finding.count_silent(where=where, since=since)
    reminded = _reminded([it.filing.id for it in found])
    return [Candidate(it.filing, it.last, reminded.get(it.filing.id)) for it in found], total


def not_to_be_reminded(numbers: Sequence[str]) -> list[str]:
    """Return the filings among these to whose authority nobody can write, as it is not known, in order."""
    query = sa.select(Filing.number).where(Filing.number.in_(numbers), Filing.authority_slug.is_(None))
    unknown = set(db.session.scalars(query))
    return [it for it in dict.fromkeys(numbers) if it in unknown]


def _reminded(ids: Sequence[int]) -> dict[int, Day]:
    """Return the day of the last reminder of filings, where there was one that stands."""
    correcting = sa.orm.aliased(Update)
    query = (
        sa.select(UpdateFiling.filing_id, Update.happened_on, Update.happened_precision)
        .join(Update, Update.id == UpdateFiling.update_id)
        .where(
            UpdateFiling.filing_id.in_(ids),
            UpdateFiling.step == REMINDER,
            Update.happened_on.is_not(None),
            ~sa.exists().where(correcting.corrects_id == Update.id),
        )
        .order_by(Update.happened_on, Update.number)
    )
    rows = db.session.execute(query)
    return {row.filing_id: Day(row.happened_on, row.happened_precision) for row in rows}
