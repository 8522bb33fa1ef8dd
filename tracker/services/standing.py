"""Where filings stand: stage, since when and outcome, computed from updates, stored to be searched."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.rules import standing as rules
from tracker.rules.days import Day


def entries_of(filings: Sequence[Filing]) -> dict[int, list[rules.Entry]]:
    """Return what happened to each filing (by id) as the rules read it, in one query.

    A filing whose protocol does not tell of its lodging was lodged on its day of lodging all the same.
    """
    procedure = tables.procedure()
    happened: dict[int, list[rules.Entry]] = defaultdict(list)
    correcting = sa.orm.aliased(Update)
    query = (
        sa.select(
            UpdateFiling.filing_id,
            UpdateFiling.step,
            UpdateFiling.outcome,
            Update.number,
            Update.happened_on,
            Update.happened_precision,
            sa.exists().where(correcting.corrects_id == Update.id).label("corrected"),
        )
        .join(Update, Update.id == UpdateFiling.update_id)
        .where(UpdateFiling.filing_id.in_([it.id for it in filings]))
    )
    for row in db.session.execute(query):
        step = procedure.steps.get(row.step) if row.step else None
        happened[row.filing_id].append(
            rules.Entry(
                step=row.step,
                stage_entered=step.stage if step else None,
                day=Day(row.happened_on, row.happened_precision),
                number=row.number,
                outcome=row.outcome,
                corrected=row.corrected,
            )
        )
    for filing in filings:
        if not any(it.step == "lodged" and not it.corrected for it in happened[filing.id]):
            happened[filing.id].append(
                rules.Entry(
                    step="lodged",
                    stage_entered="lodged",
                    day=filing.lodged,
                    number=0,
                    outcome=None,
                    corrected=False,
                )
            )
    return happened


def recompute(filings: Sequence[Filing]) -> None:
    """Bring stage, day and outcome of the filings in line with their updates."""
    if not filings:
        return
    db.session.flush()
    now = before(filings, without=None)
    for filing in filings:
        here = now[filing.id]
        filing.stage = here.stage
        filing.since_on, filing.since_precision = here.since.value, here.since.precision
        filing.entered_by = here.entered_by or None
        filing.outcome = here.outcome


def before(filings: Sequence[Filing], *, without: Update | None) -> dict[int, rules.Standing]:
    """Return where each filing (by id) stands, as if the update `without` had never been recorded."""
    happened = entries_of(filings)
    procedure = tables.procedure()
    left_out = None if without is None else without.number
    return {
        it.id: rules.standing([entry for entry in happened[it.id] if entry.number != left_out], procedure)
        for it in filings
    }
