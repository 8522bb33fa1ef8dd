"""Where public filings went, and in which phase they stood month by month: material of the pictures."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.models import PublishedFiling
from tracker.reference import measures, tables
from tracker.rules.measures import Measure, passed_on
from tracker.rules.positions import COMPLETE, phase
from tracker.rules.standing import NOT_KNOWN
from tracker.services.public_site_words import Named, named

#: The first phase of every filing that was lodged.
FIRST = "in_progress"


@dataclass(frozen=True, slots=True)
class Flow:
    """How many filings lodged with one authority are led by another; `to` is None where no lead is known.

    `expected` says that nothing shows that the lead has them: no transfer is recorded, and no later step.
    """

    lodged_with: Named
    to: Named | None
    presumed: bool
    filings: int
    expected: bool = False


def flows() -> list[Flow]:
    """Return where filings were lodged and who leads them, the most frequent first, in one SQL statement."""
    it = PublishedFiling
    count = sa.func.count()
    columns = (it.authority, it.country, it.lead, it.lead_presumed, it.stage)
    found = Counter[Flow]()
    for authority, country, lead, presumed, stage, filings in db.session.execute(
        sa.select(*columns, count).group_by(*columns).order_by(it.country, it.authority, it.lead, it.stage)
    ):
        to = named(lead) if lead else None
        expected = was_elsewhere(authority, country, lead) and not has_reached_lead([stage])
        found[Flow(named(authority, country), to, bool(lead and presumed), 0, expected)] += filings
    return [replace(flow, filings=number) for flow, number in found.most_common()]


def was_elsewhere(authority: str | None, country: str, lead: str | None) -> bool:
    """Return whether a filing was certainly lodged with another authority than the lead.

    Where the authority is not known its country may tell; where that is not known either, nobody can say.
    """
    if lead is None:
        return False
    return authority != lead if authority else country not in ("", named(lead).country)


def has_reached_lead(stages: Iterable[str]) -> bool:
    """Return whether the stages that a filing was at show that it came to the lead."""
    return passed_on(stages, measures.meanings()[Measure.TRANSFER])


def histories() -> Iterator[tuple[tuple[date, str], ...]]:
    """Give the phases of each filing as far as its row says: from the lodging, and from the last change on.

    A filing that was in several phases in between shows the last of them alone. Without a day of lodging, or
    where nobody knows whether or when it was decided, it is left out. One SQL statement.
    """
    it = PublishedFiling
    columns = (it.lodged_on, it.since_on, it.stage, it.outcome)
    known = (it.lodged_on.is_not(None), it.outcome != NOT_KNOWN)
    query = sa.select(*columns, sa.func.count()).where(*known).group_by(*columns)
    stages = tables.procedure().stages
    for lodged, since, stage, outcome, count in db.session.execute(query):
        if lodged is None:
            continue
        kind = phase(stages.get(stage), outcome)
        if kind == COMPLETE and since is None:
            continue
        history: tuple[tuple[date, str], ...] = ((lodged, FIRST),)
        if kind != FIRST and since is not None and since >= lodged:
            history = (*history, (since, kind))
        for _ in range(count):
            yield history
