"""What an authority said of a case as a whole: it breaks no silence of one complaint and is named beside it.

Whoever reads of a silence has to learn of such words too, or else the other side tells of them first.
"""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Filing, Update
from tracker.reference import tables
from tracker.reference.authorities import label
from tracker.rules.days import Day
from tracker.services import routing_standing
from tracker.services.silence import Word

#: What is ours alone, whoever it names as acting.
INTERNAL = frozenset({"note"})


def beside(filing: Filing, *, as_of: date, leads: Collection[str | None] | None = None) -> tuple[Word, ...]:
    """Return the entries about the case as a whole of the authority lodged with and of those that lead.

    They come in the order of time, from the lodging up to a day; those of an unknown day come last. `leads`
    are those in force where somebody knows them already.
    """
    if leads is None:
        leads = routing_standing.in_force(filing, routing_standing.acts_of([filing])).leads
    slugs = {filing.authority_slug, *leads} - {None}
    correcting = sa.orm.aliased(Update)
    query = (
        sa.select(Update)
        .where(Update.case_id == filing.case_id, Update.actor_slug.in_(slugs), ~Update.filings.any())
        .where(Update.kind.not_in(INTERNAL), ~sa.exists().where(correcting.corrects_id == Update.id))
        .order_by(Update.number)
    )
    lodged = filing.lodged
    found = [it for it in db.session.scalars(query) if _between(it.day, lodged, as_of)]
    found.sort(key=lambda it: (it.day.last is None, it.day.sort_key, it.number))
    return tuple(
        Word(it.number, it.day, tables.happened(it.kind), label(it.actor_slug), it.actor_slug, it.words)
        for it in found
    )


def since(words: Collection[Word], day: Day) -> tuple[Word, ...]:
    """Return those that can lie after a day."""
    return tuple(it for it in words if it.day.last is None or day.first is None or it.day.last > day.first)


def _between(day: Day, start: Day, end: date) -> bool:
    """Return whether a day can lie between two days."""
    before = day.last is not None and start.first is not None and day.last < start.first
    return not before and (day.first is None or day.first <= end)
