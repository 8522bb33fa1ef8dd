"""What decisions order to be done by a day: the period of whoever is ordered begins with them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Decision, DecisionEntry, DecisionFiling, DecisionMeasure, Update, UpdateFiling
from tracker.rules.decisions import DECIDES
from tracker.rules.happened import Act, Happened, Saying
from tracker.rules.vocabulary import DecisionType, Result

#: The period of Art 58(2) in the table.
PERIOD = "ORDER"
#: What only proposes, or addresses authorities, orders a controller nothing.
_ORDERS_NOTHING = (DecisionType.DRAFT, DecisionType.REVISED, DecisionType.BINDING)
#: The key of a filing and of the entry through which a decision came in, with the number of the entry.
Order = tuple[int, int, int]


def orders_of(ids: Sequence[int]) -> dict[Order, date]:
    """Return the first day by which a decision in force orders something, by filing and entry.

    A decision that rejects a complaint orders nothing in it. By one statement.
    """
    correcting = sa.orm.aliased(Decision)
    first = sa.func.min(DecisionMeasure.comply_by)
    query = (
        sa.select(DecisionFiling.filing_id, Update.id, Update.number, first.label("day"))
        .join(Decision, Decision.id == DecisionFiling.decision_id)
        .join(DecisionMeasure, DecisionMeasure.decision_id == Decision.id)
        .join(DecisionEntry, DecisionEntry.decision_id == Decision.id)
        .join(Update, Update.id == DecisionEntry.update_id)
        .join(
            UpdateFiling,
            sa.and_(UpdateFiling.update_id == Update.id, UpdateFiling.filing_id == DecisionFiling.filing_id),
        )
        .where(
            DecisionFiling.filing_id.in_(ids),
            DecisionFiling.result != Result.REJECTED,
            DecisionMeasure.comply_by.is_not(None),
            sa.or_(Decision.type.is_(None), Decision.type.not_in(_ORDERS_NOTHING)),
            ~sa.exists().where(correcting.corrects_id == Decision.id),
        )
        .group_by(DecisionFiling.filing_id, Update.id, Update.number)
    )
    return {(row.filing_id, row.id, row.number): row.day for row in db.session.execute(query)}


def ordered(told: Sequence[Happened], days: Mapping[int, date]) -> list[Happened]:
    """Return what happened to a filing, in order, with what decisions order by the day of `days`.

    `days` are by the place of the entry. What a court annuls orders nothing any more, until another one lets
    it stand. An entry in which somebody said something of a period himself keeps that.
    """
    found: list[Happened] = []
    last: str | None = None
    for it in reversed(told):
        day = days.get(it.place)
        begins = day is not None and it.says is None and it.step in DECIDES and last != "decision_annulled"
        found.append(replace(it, says=Saying(Act.BEGIN, PERIOD, None, day)) if begins else it)
        if last is None and it.step in ("decision_annulled", "decision_confirmed"):
            last = it.step
    return found[::-1]
