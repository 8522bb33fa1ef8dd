"""Where filings stand: stage, since when and outcome, computed from updates, stored to be searched."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.rules import days, protocol
from tracker.rules import standing as rules
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.vocabulary import Outcome

#: Values in one list of a statement; databases take some ten thousand.
IDS_AT_ONCE = 10_000
#: Stands for the number of an entry that is not recorded yet: it comes after all that are.
NEWEST = 10**9


def highest_number(case_id: int) -> int:
    """Return the number of the last entry recorded in the protocol of a case, 0 for none."""
    return db.session.scalar(sa.select(sa.func.max(Update.number)).where(Update.case_id == case_id)) or 0


def entries_of(filings: Sequence[Filing]) -> dict[int, list[rules.Entry]]:
    """Return what happened to each filing (by id) as the rules read it, in one query per ten thousand.

    A filing whose protocol does not tell of its lodging was lodged on its day of lodging all the same.
    """
    happened: dict[int, list[rules.Entry]] = defaultdict(list)
    rows = rows_of([it.id for it in filings])
    places = places_of({it.case_id for it in filings}) if any(it.linked for it in rows) else {}
    for row in rows:
        happened[row.filing_id].append(
            entry(
                row.step,
                Day(row.happened_on, row.happened_precision),
                row.number,
                outcome=row.outcome,
                corrected=row.corrected,
                place=places.get(row.id),
                actor=row.actor_slug,
            )
        )
    return {it.id: with_lodging(it, happened[it.id]) for it in filings}


def rows_of(
    ids: Sequence[int], *more: Any, joined: Callable[[Any], Any] = lambda query: query
) -> list[sa.Row[Any]]:
    """Return a row for each entry of each filing (by id), with `more` columns of tables that are `joined`.

    `corrected` says whether another entry took its place, `linked` whether it is in a line of corrections.
    One statement per ten thousand filings.
    """
    correcting = sa.orm.aliased(Update)
    corrected = sa.exists().where(correcting.corrects_id == Update.id)
    query = joined(
        sa.select(
            UpdateFiling.filing_id,
            UpdateFiling.step,
            UpdateFiling.outcome,
            Update.id,
            Update.number,
            Update.happened_on,
            Update.happened_precision,
            Update.actor_slug,
            corrected.label("corrected"),
            sa.or_(corrected, Update.corrects_id.is_not(None)).label("linked"),
            *more,
        ).join(Update, Update.id == UpdateFiling.update_id)
    )
    rows: list[sa.Row[Any]] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = UpdateFiling.filing_id.in_(ids[start : start + IDS_AT_ONCE])
        rows += db.session.execute(query.where(some))
    return rows


def place_of(entry: Update) -> int:
    """Return the number of the first entry in the line of corrections to which this one belongs."""
    return places_of({entry.case_id}).get(entry.id, entry.number)


def places_of(case_ids: Collection[int]) -> dict[int, int]:
    """Return for every update (by id) that corrects one the number of the entry that stood there first."""
    correcting = sa.orm.aliased(Update)
    corrected = sa.exists().where(correcting.corrects_id == Update.id)
    query = sa.select(Update.id, Update.number, Update.corrects_id).where(
        sa.or_(Update.corrects_id.is_not(None), corrected)
    )
    rows: list[Any] = []
    ids = list(case_ids)
    for start in range(0, len(ids), IDS_AT_ONCE):
        rows += db.session.execute(query.where(Update.case_id.in_(ids[start : start + IDS_AT_ONCE])))
    return protocol.places(rows)


def entry(
    step: str | None,
    day: Day,
    number: int,
    *,
    outcome: Outcome | None = None,
    corrected: bool = False,
    place: int | None = None,
    actor: str | None = None,
) -> rules.Entry:
    """Return one thing that happened to a filing, as the rules read it."""
    known = tables.procedure().steps.get(step) if step else None
    return rules.Entry(
        step=step,
        stage_entered=known.stage if known else None,
        day=day,
        number=number,
        outcome=outcome,
        corrected=corrected,
        place=place,
        actor=actor,
    )


def with_lodging(filing: Filing, happened: list[rules.Entry]) -> list[rules.Entry]:
    """Return the entries of a filing, with its lodging where they do not tell of it."""
    told = any(it.step == "lodged" and not it.corrected for it in happened)
    return happened if told else [*happened, entry("lodged", filing.lodged, 0)]


def recompute(filings: Sequence[Filing]) -> None:
    """Bring stage, day and outcome of the filings in line with their updates."""
    if not filings:
        return
    db.session.flush()
    now = before(filings, without=None)
    for filing in filings:
        settle(filing, now[filing.id])


def settle(filing: Filing, here: rules.Standing) -> None:
    """Write down where a filing stands."""
    filing.stage = here.stage
    filing.since_on, filing.since_precision = here.since.value, here.since.precision
    filing.entered_by = here.entered_by or None
    filing.outcome = here.outcome


def before(filings: Sequence[Filing], *, without: Update | None) -> dict[int, rules.Standing]:
    """Return where each filing (by id) stands, or where it stood before the update `without` happened."""
    happened = entries_of(filings)
    procedure = tables.procedure()
    return {it.id: rules.standing(around(happened[it.id], without)[0], procedure) for it in filings}


def around(
    happened: Sequence[rules.Entry], without: Update | None, day: Day | None = None
) -> tuple[Sequence[rules.Entry], Sequence[rules.Entry]]:
    """Return what counts before a new entry of that day, and what counts after it, each in order.

    With `without` the entry takes the place of that one, on its day unless another is given; without either
    it comes after everything. What is corrected does not count.
    """
    own = None if without is None else next((it for it in happened if it.number == without.number), None)
    counting = [it for it in happened if not it.corrected and it is not own]
    if day is None:
        day = without.day if without else UNKNOWN_DAY
    number = NEWEST if without is None else own.order if own else without.number
    here = entry(None, day, number)
    placed = days.in_order([*counting, here], day=lambda it: it.day, number=lambda it: it.order)
    at = placed.index(here)
    return placed[:at], placed[at + 1 :]
