"""Where public filings went, and in which phase they stood month by month: material of the pictures."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.models import PublishedDecision, PublishedFiling
from tracker.reference import measures, tables
from tracker.rules.decisions import BEFORE_THE_RESULT
from tracker.rules.measures import Measure, passed_on
from tracker.rules.positions import COMPLETE, PENDING_OUTCOMES, phase
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.vocabulary import AppealStatus, Result
from tracker.services.public_site_words import Named, named

#: The first phase of every filing that was lodged.
FIRST = "in_progress"
#: What a decision can say of a complaint.
RESULTS = frozenset(it.value for it in (Result.UPHELD, Result.PARTLY, Result.REJECTED))


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
    """Give the phases of each filing: from the lodging, and from the day on which the phase of today began.

    A filing that was in several phases in between shows the last of them alone. Without a day of lodging, or
    where nobody knows whether or when it was decided, it is left out. Two SQL statements, and a third where a
    decision is being carried out or contested: its own day counts there, and not that of the step after it.
    """
    it = PublishedFiling
    stages = tables.procedure().stages
    after = [code for code, stage in stages.items() if stage.phase != COMPLETE]
    columns = (it.lodged_on, it.since_on, it.stage, it.outcome)
    known = (it.lodged_on.is_not(None), it.outcome != NOT_KNOWN)
    going_on = sa.and_(it.stage.in_(after), it.outcome.not_in(PENDING_OUTCOMES))
    query = sa.select(*columns, sa.func.count()).where(*known, sa.not_(going_on)).group_by(*columns)
    rows: list[Any] = list(db.session.execute(query))
    if decided := db.session.execute(sa.select(*columns, it.number).where(*known, going_on)).all():
        days = _decided(sa.select(it.case_number).where(*known, going_on))
        rows += [(on, days.get(number, since), stage, end, 1) for on, since, stage, end, number in decided]
    for lodged, since, stage, outcome, count in rows:
        kind = phase(stages.get(stage), outcome)
        if kind == COMPLETE and since is None:
            continue
        history: tuple[tuple[date, str], ...] = ((lodged, FIRST),)
        if kind != FIRST and since is not None and since >= lodged:
            history = (*history, (since, kind))
        for _ in range(count):
            yield history


def _decided(numbers: sa.Select[Any]) -> dict[str, date]:
    """Return when filings of those cases were decided first, as far as the decision stands and has a day."""
    it = PublishedDecision
    query = sa.select(it.decided_on, it.type, it.filings).where(
        it.case_number.in_(numbers),
        it.decided_on.is_not(None),
        it.appeal != AppealStatus.ANNULLED.value,
    )
    found: dict[str, date] = {}
    for on, kind, filings in db.session.execute(query.order_by(it.decided_on)):
        if kind in BEFORE_THE_RESULT:
            continue
        for each in filings:
            if each["result"] in RESULTS:
                found.setdefault(each["number"], on)
    return found
