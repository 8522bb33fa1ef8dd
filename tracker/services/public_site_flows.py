"""Where public filings went, and in which phase they stood month by month: material of the pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.models import PublishedFiling
from tracker.reference import tables
from tracker.rules.standing import NOT_KNOWN
from tracker.services.public_site_words import Named, named

#: The first phase of every filing that was lodged.
FIRST = "in_progress"


@dataclass(frozen=True, slots=True)
class Flow:
    """How many filings lodged with one authority are led by another; `to` is None where no lead is known."""

    lodged_with: Named
    to: Named | None
    presumed: bool
    filings: int


def flows() -> list[Flow]:
    """Return where filings were lodged and who leads them, the most frequent first, in one SQL statement."""
    it = PublishedFiling
    count = sa.func.count()
    query = (
        sa.select(it.authority, it.country, it.lead, it.lead_presumed, count)
        .group_by(it.authority, it.country, it.lead, it.lead_presumed)
        .order_by(count.desc(), it.country, it.authority)
    )
    return [
        Flow(named(authority, country), named(lead) if lead else None, bool(lead and presumed), filings)
        for authority, country, lead, presumed, filings in db.session.execute(query)
    ]


def histories() -> Iterator[tuple[tuple[date, str], ...]]:
    """Give the phases of each filing as far as its row says: from the lodging, and from the last change on.

    A filing that was in several phases in between shows the last of them alone. Without a day of lodging, or
    where nobody knows whether it has a result, it is left out. One SQL statement.
    """
    it = PublishedFiling
    columns = (it.lodged_on, it.since_on, it.stage)
    known = (it.lodged_on.is_not(None), it.outcome != NOT_KNOWN)
    query = sa.select(it.lodged_on, it.since_on, it.stage, sa.func.count()).where(*known).group_by(*columns)
    stages = tables.procedure().stages
    for lodged, since, stage, count in db.session.execute(query):
        if lodged is None:
            continue
        phase = stages[stage].phase if stage in stages else FIRST
        history: tuple[tuple[date, str], ...] = ((lodged, FIRST),)
        if phase != FIRST and since is not None and since >= lodged:
            history = (*history, (since, phase))
        for _ in range(count):
            yield history
