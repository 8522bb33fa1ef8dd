"""Cases found: by filters and by words, page by page, each with its figures."""

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, subqueryload

from tracker.db import by_number, db
from tracker.errors import RuleBroken
from tracker.models import Case, CaseController, Controller, Filing, Project, Publication, Route, Update
from tracker.reference import tables
from tracker.rules import numbers
from tracker.rules.days import UNKNOWN_DAY, Day, earliest
from tracker.rules.protocol import last_news
from tracker.rules.vocabulary import Outcome, Precision, PublicationState
from tracker.services.controllers import fold
from tracker.services.routing_changes import pending

#: In the filter of leads: those that may have changed.
CHANGED = "changed"
#: Characters of a search that count: databases refuse patterns that are very long.
LONGEST_SEARCH = 500

_PRECISIONS = (Precision.DAY, Precision.MONTH, Precision.YEAR)


@dataclass(frozen=True, slots=True)
class News:
    """The last news of a case (protocol.last_news): its day, and what happened in plain words."""

    day: Day
    what: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A case as the list shows it. `lodged` is the first day of lodging as precisely as known."""

    number: str
    title: str
    ngo: str
    project: str | None
    controllers: tuple[str, ...]
    filings: int
    pending: int
    lodged: Day
    last: News | None
    public: bool
    #: Whether the lead of one of its filings may have changed.
    lead_changed: bool = False


def find_cases(
    text: str = "",
    *,
    project: str = "",
    authority: str = "",
    country: str = "",
    stage: str = "",
    outcome: str = "",
    lead: str = "",
    year: int | None = None,
    page: int = 1,
    size: int = 50,
) -> tuple[list[Listed], int]:
    """Return one page of cases, highest number first, and how many match all of the filters.

    A stage finds all stages that have the same plain words: nobody who reads them could tell them apart.
    `lead` CHANGED finds cases with a filing whose lead may have changed.
    """
    filing = sa.select(Filing.id).where(Filing.case_id == Case.id)
    narrowed = filing
    if authority:
        narrowed = narrowed.where(Filing.authority_slug == authority)
    if country:
        narrowed = narrowed.where(Filing.country == country)
    if stage:
        narrowed = narrowed.where(Filing.stage.in_(tables.procedure().alike(stage)))
    if outcome:
        narrowed = narrowed.where(Filing.outcome == Outcome(outcome))
    if lead == CHANGED:
        waits = sa.select(Route.id).where(Route.filing_id == Filing.id, pending())
        narrowed = narrowed.where(waits.exists())
    if year:
        narrowed = narrowed.where(Filing.lodged_on.between(date(year, 1, 1), date(year, 12, 31)))
    query = sa.select(Case.id)
    if narrowed is not filing:
        query = query.where(narrowed.exists())
    if project:
        query = query.join(Project).where(Project.slug == project)
    if text.strip():
        query = query.where(_tells_of(text.strip()[:LONGEST_SEARCH]))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    chosen = query.order_by(*by_number(Case.number, last_first=True)).limit(size).offset((page - 1) * size)
    return _listed(list(db.session.scalars(chosen))), total


def lodged_cases(*, without: str = "") -> list[tuple[str, str, int]]:
    """Return number, title and number of filings of every case that was lodged, the highest number first.

    `without` is the number of a case that is left out.
    """
    filings = sa.func.count(Filing.id)
    query = sa.select(Case.number, Case.title, filings).join(Filing).where(Case.number != without)
    query = query.group_by(Case.id, Case.number, Case.title)
    rows = db.session.execute(query.order_by(*by_number(Case.number, last_first=True)))
    return [(number, title, count) for number, title, count in rows]


def _tells_of(text: str) -> sa.ColumnElement[bool]:
    """Return the condition that a case has the text in its title, its numbers or among its controllers."""
    folded = fold(text)
    if not folded:
        return sa.false()
    respondents = (
        sa.select(CaseController.id)
        .join(Controller)
        .where(CaseController.case_id == Case.id, Controller.folded.contains(folded, autoescape=True))
    )
    of_case = sa.select(Filing.id).where(Filing.case_id == Case.id)
    ways = [
        Case.folded.contains(folded, autoescape=True),
        Case.number.contains(text.upper(), autoescape=True),
        respondents.exists(),
        of_case.where(Filing.references.any(value=text)).exists(),
    ]
    with suppress(RuleBroken):
        ways.append(Case.number == numbers.read_case(text))
    with suppress(RuleBroken):
        ways.append(of_case.where(Filing.number == numbers.read_filing(text)).exists())
    return sa.or_(*ways)


def _listed(ids: list[int]) -> list[Listed]:
    figures = {
        row.case_id: row
        for row in db.session.execute(
            sa.select(
                Filing.case_id,
                sa.func.count().label("filings"),
                sa.func.sum(sa.case((Filing.outcome == Outcome.PENDING, 1), else_=0)).label("pending"),
                *(sa.func.min(_known_to(it)).label(f"first_{it.value}") for it in _PRECISIONS),
            )
            .where(Filing.case_id.in_(ids))
            .group_by(Filing.case_id)
        )
    }
    latest = _latest(ids)
    public = set(
        db.session.scalars(
            sa.select(Publication.case_id).where(
                Publication.case_id.in_(ids), Publication.state == PublicationState.CLEARED
            )
        )
    )
    changed = set(
        db.session.scalars(
            sa.select(Filing.case_id)
            .join(Route, Route.filing_id == Filing.id)
            .where(Filing.case_id.in_(ids), pending())
        )
    )
    cases = db.session.scalars(
        sa.select(Case)
        .where(Case.id.in_(ids))
        .options(
            joinedload(Case.project), subqueryload(Case.controllers).joinedload(CaseController.controller)
        )
    )
    by_id = {it.id: it for it in cases}
    listed = []
    for key in ids:
        it, row = by_id[key], figures.get(key)
        listed.append(
            Listed(
                number=it.number,
                title=it.title,
                ngo=it.ngo,
                project=it.project.name if it.project else None,
                controllers=tuple(each.controller.name for each in it.controllers),
                filings=row.filings if row else 0,
                pending=int(row.pending) if row else 0,
                lodged=_first_lodged(row) if row else UNKNOWN_DAY,
                last=latest.get(key),
                public=key in public,
                lead_changed=key in changed,
            )
        )
    return listed


def _known_to(precision: Precision) -> sa.ColumnElement[date | None]:
    """Return the day of lodging of a filing of which the day is known exactly so far."""
    return sa.case((Filing.lodged_precision == precision, Filing.lodged_on))


def _first_lodged(row: Any) -> Day:
    """Return the first of the first days by precision: "February 2025" is not told as its first day."""
    return earliest(Day(getattr(row, f"first_{it.value}"), it) for it in _PRECISIONS)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the order of a protocol asks of an entry, its kind, and who acted."""

    id: int
    number: int
    day: Day
    corrects_id: int | None
    kind: str
    actor: str
    actor_slug: str | None


def _latest(ids: list[int]) -> dict[int, News]:
    """Return the last news of each case, in the order of its page."""
    protocols: dict[tuple[int, str], list[_Entry]] = defaultdict(list)
    query = sa.select(
        Update.case_id,
        Update.id,
        Update.number,
        Update.happened_on,
        Update.happened_precision,
        Update.corrects_id,
        Update.kind,
        Update.actor,
        Update.actor_slug,
        Case.ngo,
    )
    query = query.join(Case, Case.id == Update.case_id).where(Update.case_id.in_(ids))
    for case_id, key, number, on, precision, *said, ngo in db.session.execute(query):
        protocols[case_id, ngo].append(_Entry(key, number, Day(on, precision), *said))
    found = {}
    for (case_id, ngo), entries in protocols.items():
        if last := last_news(entries, within=entries, ngo=ngo):
            found[case_id] = News(last.day, tables.happened(last.kind))
    return found
