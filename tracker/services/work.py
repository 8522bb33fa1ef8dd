"""What waits to be done: read from the records, never typed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.db import by_number, db
from tracker.models import Filing, Update, UpdateFiling
from tracker.rules.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Silent:
    """A pending filing and the day of its last news (the day of lodging if there was none since)."""

    filing: Filing
    last_on: date


def silent_longest(limit: int = 10) -> Sequence[Silent]:
    """Return the pending filings that were silent longest, the longest first, with case and authority.

    An entry that was corrected is no news, and neither is one from before the lodging.
    """
    correcting = sa.orm.aliased(Update)
    counts = sa.and_(
        Update.id == UpdateFiling.update_id,
        Update.happened_on >= Filing.lodged_on,
        ~sa.exists().where(correcting.corrects_id == Update.id),
    )
    last = sa.func.coalesce(sa.func.max(Update.happened_on), Filing.lodged_on)
    ranked = db.session.execute(
        sa.select(Filing.id, last.label("last_on"))
        .outerjoin(UpdateFiling, UpdateFiling.filing_id == Filing.id)
        .outerjoin(Update, counts)
        .where(Filing.outcome == Outcome.PENDING, Filing.lodged_on.is_not(None))
        .group_by(Filing.id, Filing.lodged_on, Filing.number)
        .order_by(last, *by_number(Filing.number))
        .limit(limit)
    ).all()
    filings = {
        it.id: it
        for it in db.session.scalars(
            sa.select(Filing)
            .where(Filing.id.in_([row.id for row in ranked]))
            .options(joinedload(Filing.case), joinedload(Filing.authority))
        )
    }
    return [Silent(filings[row.id], row.last_on) for row in ranked]
