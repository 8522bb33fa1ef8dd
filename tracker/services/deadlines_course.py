"""What happened in filings as the rules about periods read it: entries, parties, places."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from tracker.db import db
from tracker.models import (
    Case,
    Controller,
    DeadlineAct,
    EntryMark,
    Filing,
    FilingController,
    Route,
    RouteOverride,
    Update,
)
from tracker.reference import tables
from tracker.reference.authorities import directory
from tracker.rules import routing as rules
from tracker.rules.days import Day, in_order
from tracker.rules.happened import LODGING_NUMBER, Act, Course, Ended, Happened, Saying
from tracker.rules.lengths import Length
from tracker.rules.silence import is_us
from tracker.rules.vocabulary import Answer
from tracker.services import deadlines_orders, routing, routing_standing, standing
from tracker.services.routing_standing import Acts

#: Whether somebody says of an entry that it has nothing new, and nobody took that back.
_EMPTY = sa.exists().where(
    EntryMark.update_id == Update.id, EntryMark.answers_id.is_(None), EntryMark.ended_at.is_(None)
)


def filings_of(ids: Sequence[int]) -> list[Filing]:
    """Return the filings with controllers, current routes and overrides as the store has them now.

    Whatever else was loaded of them stays loaded: the act that goes on has use for it.
    """
    filings = list(db.session.scalars(sa.select(Filing).where(Filing.id.in_(ids))))
    against: dict[int, list[Controller]] = defaultdict(list)
    named = (
        sa.select(FilingController.filing_id, Controller)
        .join(Controller, Controller.id == FilingController.controller_id)
        .where(FilingController.filing_id.in_(ids))
        .order_by(FilingController.position)
    )
    for key, controller in db.session.execute(named):
        against[key].append(controller)
    runs: dict[int, list[Route]] = defaultdict(list)
    current = sa.select(Route).where(Route.filing_id.in_(ids), Route.current).order_by(Route.id)
    for run in db.session.scalars(current):
        runs[run.filing_id].append(run)
    overrides: dict[int, list[RouteOverride]] = defaultdict(list)
    in_force = sa.select(RouteOverride).where(RouteOverride.filing_id.in_(ids)).order_by(RouteOverride.id)
    for it in db.session.scalars(in_force):
        overrides[it.filing_id].append(it)
    for filing in filings:
        if "controllers" in sa.inspect(filing).unloaded:
            set_committed_value(filing, "controllers", against[filing.id])
        set_committed_value(filing, "routes", runs[filing.id])
        set_committed_value(filing, "overrides", overrides[filing.id])
    return filings


def courses(filings: Sequence[Filing]) -> dict[int, Course]:
    """Return the course of each filing by its key; they come from filings_of()."""
    happened = entries_of(filings)
    acts = routing_standing.acts_of(filings)
    return {it.id: _course(it, _naming(happened.get(it.id, []), acts.get(it.id, ())), acts) for it in filings}


def _naming(entries: Sequence[Happened], said: Sequence[routing_standing.Said]) -> list[Happened]:
    """Return the entries, those that name a lead with it."""
    named = {it.told.number: it.told.lead for it in said if it.told.lead is not None}
    return [replace(it, lead=named[it.number]) if it.number in named else it for it in entries]


def entries_of(filings: Sequence[Filing]) -> dict[int, list[Happened]]:
    """Return what happened to each filing, in order, without what was corrected; the lodging is among it."""
    by_id = {it.id: it for it in filings}
    rows = _rows(list(by_id))
    places = standing.places_of({it.case_id for it in filings}) if any(row.linked for row in rows) else {}
    ordered: dict[int, dict[int, date]] = defaultdict(dict)
    for (key, update, number), day in deadlines_orders.orders_of(list(by_id)).items():
        ordered[key][places.get(update, number)] = day
    found: dict[int, list[Happened]] = defaultdict(list)
    for row in rows:
        if row.corrected:
            continue
        found[row.filing_id].append(
            Happened(
                number=row.number,
                place=places.get(row.id, row.number),
                step=row.step,
                day=Day(row.happened_on, row.happened_precision),
                received=row.received_on,
                actor=row.actor_slug,
                outcome=row.outcome,
                says=_saying(row),
                ours=is_us(row.actor, row.actor_slug, row.ngo),
                empty=row.empty,
            )
        )
    for key, filing in by_id.items():
        if not any(it.step == "lodged" for it in found[key]):
            found[key].append(Happened(LODGING_NUMBER, LODGING_NUMBER, "lodged", filing.lodged))
    return {
        key: deadlines_orders.ordered(
            in_order(
                sorted(told, key=lambda it: it.number), day=lambda it: it.day, number=lambda it: it.place
            ),
            ordered[key],
        )
        for key, told in found.items()
    }


def _rows(ids: Sequence[int]) -> list[sa.Row[Any]]:
    """Return the entries of filings with what they say of deadlines and who says it."""
    columns = (
        Update.received_on,
        Update.actor,
        Case.ngo,
        _EMPTY.label("empty"),
        DeadlineAct.act,
        DeadlineAct.period,
        DeadlineAct.start_number,
        DeadlineAct.until_on,
        DeadlineAct.more,
    )

    def joined(query: sa.Select[Any]) -> sa.Select[Any]:
        with_case = query.join(Case, Case.id == Update.case_id)
        return with_case.outerjoin(DeadlineAct, DeadlineAct.update_id == Update.id)

    return standing.rows_of(ids, *columns, joined=joined)


def _saying(row: sa.Row[Any]) -> Saying | None:
    if row.act is None:
        return None
    more = Length.parse(row.more) if row.more else None
    return Saying(Act(row.act), row.period, row.start_number, row.until_on, more)


def _course(filing: Filing, entries: Sequence[Happened], acts: Acts) -> Course:
    routes = [routing.read(run)[1] for run in routing.current(filing).values()]
    leading = routing_standing.in_force(filing, acts)
    handling = {it.handling_now for it in routes}
    concerned = sorted({slug for it in routes for slug in it.concerned})
    slugs = {filing.authority_slug, leading.lead, *handling, *concerned, *(it.actor for it in entries)}
    place_of = directory().place_of
    return Course(
        lodged=filing.lodged,
        lodged_with=filing.authority_slug,
        country=filing.country,
        lead=leading.lead,
        handling=filing.handling_said or (handling.pop() if len(handling) == 1 else None),
        concerned=tuple(it for it in concerned if it != leading.lead),
        oss=any(it.procedure is rules.Procedure.OSS_60 for it in routes),
        local=any(it.procedure is rules.Procedure.LOCAL_56_2 for it in routes),
        cross_border=_cross_border(routes),
        entries=tuple(entries),
        ended=_ended(filing, entries),
        places={it: place_of[it] for it in slugs if it is not None and it in place_of},
    )


def _cross_border(routes: Sequence[rules.Route]) -> Answer:
    """Return whether the processing is cross-border (Art. 4(23)), against any of the controllers."""
    found = {it.cross_border for it in routes}
    if found - {None, "none"}:
        return Answer.YES
    return Answer.NO if found == {"none"} else Answer.UNKNOWN


def _ended(filing: Filing, entries: Sequence[Happened]) -> Ended | None:
    """Return by which entry a filing ended, None while it is open."""
    stage = tables.stages()[filing.stage]
    if not stage.final:
        return None
    at = next((it for it in entries if it.number == filing.entered_by), None)
    return None if at is None else Ended(at.number, at.place, f"“{stage.label}” {at.day.when}")
