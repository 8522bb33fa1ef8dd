"""What the lists, the counts and the search of the public site need, written when a case is published.

All of it follows from the copies in the public store: asked again it writes the same, and made from nothing
too. What changes with a case are its own rows, its words in the search, and the totals of the choices that
fit it or did: these are summed anew from the index, so that no total can drift away from its rows.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import PUBLIC, db
from tracker.models import (
    PublishedCase,
    PublishedDecision,
    PublishedFacet,
    PublishedFiling,
    PublishedLine,
    PublishedParty,
    PublishedTotal,
    PublishedUpdate,
)
from tracker.models.published_index import NEVER
from tracker.services.controllers import fold
from tracker.services.publication_facets import facets_of, is_pending
from tracker.services.publication_words import authority_names, forget_all_words, words_of, write_words

#: The entry from the end whose day says how much is going on.
THIRD = 3

Rows = dict[str, list[Any]]
Touched = set[tuple[str, str]]


def index(numbers: Collection[str]) -> None:
    """Write what is derived of the cases as the public store has them now; of one that is gone, nothing.

    The number of SQL statements does not depend on how many cases there are.
    """
    touched = _forget(numbers)
    cases = _public(numbers)
    present = [it.number for it in cases]
    rows = _Rows(present)
    lines = [_line(it, rows) for it in present]
    facets = [
        row
        for it in cases
        for row in facets_of(
            it,
            rows.filings[it.number],
            rows.updates[it.number],
            rows.decisions[it.number],
            rows.parties[it.number],
        )
    ]
    if lines:
        db.session.execute(sa.insert(PublishedLine), lines)
    if facets:
        db.session.execute(sa.insert(PublishedFacet), facets)
    names = authority_names()
    words = {
        key_of(it.number): words_of(
            it, rows.filings[it.number], rows.updates[it.number], rows.decisions[it.number], names
        )
        for it in cases
    }
    write_words([key_of(it) for it in numbers], words)
    _sum(touched | {(it["name"], it["value"]) for it in facets})


def key_of(number: str) -> int:
    """Return the key under which the search knows a case: the same whenever it is made."""
    return int.from_bytes(hashlib.sha256(number.encode()).digest()[:8]) >> 2


def rank_of(number: str) -> str:
    """Return the number as text that sorts as it counts."""
    return f"{len(number):03}{number}"


def _forget(numbers: Collection[str]) -> Touched:
    """Remove all that is derived of the cases; return the choices that fitted them."""
    of_them = PublishedFacet.case_number.in_(numbers)
    pairs = sa.select(PublishedFacet.name, PublishedFacet.value).where(of_them).distinct()
    touched = {(name, value) for name, value in db.session.execute(pairs)}
    db.session.execute(sa.delete(PublishedFacet).where(of_them), execution_options=_LOOSE)
    db.session.execute(
        sa.delete(PublishedLine).where(PublishedLine.case_number.in_(numbers)), execution_options=_LOOSE
    )
    return touched


#: No object of the session stands for these rows.
_LOOSE = {"synchronize_session": False}


def _public(numbers: Collection[str]) -> Sequence[Any]:
    it = PublishedCase
    query = sa.select(
        it.number,
        it.title,
        it.ngo,
        it.summary,
        it.texts,
        it.project,
        it.project_slug,
        it.controllers,
        it.claims,
        it.outcome_text,
        it.lodged_on,
        it.cleared_at,
    ).where(it.number.in_(numbers), it.withdrawn.is_(False))
    return db.session.execute(query.order_by(it.number)).all()


class _Rows:
    """The copies that belong to some cases, by the number of the case."""

    def __init__(self, numbers: Collection[str]) -> None:
        filing, update, decision, party = PublishedFiling, PublishedUpdate, PublishedDecision, PublishedParty
        self.filings = _by_case(
            sa.select(
                filing.case_number,
                filing.number,
                filing.authority,
                filing.country,
                filing.reference,
                filing.lodged_on,
                filing.stage,
                filing.outcome,
                filing.lead,
                filing.handling,
                filing.controllers,
            ).order_by(filing.number),
            filing.case_number,
            numbers,
        )
        self.updates = _by_case(
            sa.select(
                update.case_number,
                update.number,
                update.happened_on,
                update.label,
                update.actor,
                update.words,
                update.reference,
                update.published_at,
            ).order_by(update.position),
            update.case_number,
            numbers,
        )
        self.decisions = _by_case(
            sa.select(
                decision.case_number,
                decision.type,
                decision.decided_by,
                decision.reference,
                decision.ecli,
                decision.summary,
                decision.appeal,
                decision.filings,
                decision.fines,
            ).order_by(decision.position),
            decision.case_number,
            numbers,
        )
        self.parties = _by_case(
            sa.select(party.case_number, party.slug, party.name).order_by(party.position),
            party.case_number,
            numbers,
        )


def _by_case(query: sa.Select[*tuple[Any, ...]], column: Any, numbers: Collection[str]) -> Rows:
    found: Rows = defaultdict(list)
    for row in db.session.execute(query.where(column.in_(numbers))):
        found[row.case_number].append(row)
    return found


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _line(number: str, rows: _Rows) -> dict[str, Any]:
    filings, updates = rows.filings[number], rows.updates[number]
    lodged = [it.lodged_on for it in filings if it.lodged_on]
    waiting = [it.lodged_on for it in filings if it.lodged_on and is_pending(it)]
    dated = [it.happened_on for it in updates if it.happened_on]
    return {
        "case_number": number,
        "key": key_of(number),
        "rank": rank_of(number),
        "newest": _ordinal(min(lodged, default=None)),
        "waiting": min(waiting).toordinal() if waiting else NEVER,
        "last_on": _ordinal(updates[-1].happened_on) if updates else 0,
        "last_number": updates[-1].number if updates else 0,
        "moving": _ordinal(sorted(dated)[-THIRD]) if len(dated) >= THIRD else 0,
        "filings": len(filings),
        "pending": sum(map(is_pending, filings)),
    }


def _sum(touched: Touched) -> None:
    """Sum the totals of these choices anew from the facets; one that fits nothing any more is gone.

    Each name is asked for by itself: a list of pairs would be looked for in every row.
    """
    if not touched:
        return
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in sorted(touched):
        values[name].append(value)
    total, facet = PublishedTotal, PublishedFacet
    gone = (sa.and_(total.name == name, total.value.in_(some)) for name, some in values.items())
    db.session.execute(sa.delete(total).where(sa.or_(*gone)), execution_options=_LOOSE)
    query = sa.union_all(
        *(
            sa.select(
                facet.name,
                facet.value,
                sa.func.min(facet.label).label("label"),
                sa.func.count().label("cases"),
                sa.func.sum(facet.filings).label("filings"),
                sa.func.sum(facet.pending).label("pending"),
                sa.func.sum(facet.amount).label("amount"),
            )
            .where(facet.name == name, facet.value.in_(some))
            .group_by(facet.name, facet.value)
            for name, some in values.items()
        )
    )
    summed = db.session.execute(query, bind_arguments={"bind": db.engines[PUBLIC]})
    rows = [_total(row) for row in summed]
    if rows:
        db.session.execute(sa.insert(total), rows)


def _total(row: Any) -> dict[str, Any]:
    summed = {name: int(getattr(row, name)) for name in ("cases", "filings", "pending", "amount")}
    return {"name": row.name, "value": row.value, "label": row.label, "sorted": fold(row.label), **summed}


def forget_everything() -> None:
    """Empty the derived tables and the search, before the store is made anew."""
    for table in (PublishedFacet, PublishedLine, PublishedTotal):
        db.session.execute(sa.delete(table), execution_options=_LOOSE)
    forget_all_words()


def without_a_line() -> sa.Select[Any]:
    """Return the question which public cases have nothing derived: an older program copied them."""
    line = sa.exists().where(PublishedLine.case_number == PublishedCase.number)
    return sa.select(PublishedCase.number).where(PublishedCase.withdrawn.is_(False), ~line)
