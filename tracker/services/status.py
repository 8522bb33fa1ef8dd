"""A filing in words: where it stands, who leads and why, what the source says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import Filing, Route, Update
from tracker.reference import tables
from tracker.reference.authorities import in_words, spoken
from tracker.rules import days
from tracker.rules import routing as rules
from tracker.rules.standing import status_sentence
from tracker.services import routing as routes


@dataclass(frozen=True, slots=True)
class Explained:
    """One current route of a filing, ready to be read."""

    controller: str
    run: Route
    facts: rules.Facts
    route: rules.Route
    sentence: str
    warnings: tuple[tuple[str, str], ...]
    #: In words, where the source names another lead than the rules do.
    difference: str | None


@dataclass(frozen=True, slots=True)
class Described:
    """A filing in words. `mark` is the shape of its stage; `leads` are slugs, None for none or not known."""

    sentence: str
    stage: str
    plain: str
    mark: str
    phase: str
    leads: tuple[str | None, ...]
    routes: tuple[Explained, ...]


def explained(filing: Filing) -> tuple[Explained, ...]:
    """Return the current routes of a filing in the order of the file; controllers and routes are loaded."""
    by_controller = {run.controller_id: run for run in filing.routes if run.current}
    told = []
    for controller in filing.controllers:
        run = by_controller.get(controller.id)
        if run is None:
            continue
        facts, route = routes.read(run)
        told.append(
            Explained(
                controller=controller.name,
                run=run,
                facts=facts,
                route=route,
                sentence=routes.explain(route, facts),
                warnings=tuple(rules.warning_text(it) for it in route.warnings),
                difference=_difference(filing, route),
            )
        )
    return tuple(told)


def _difference(filing: Filing, route: rules.Route) -> str | None:
    if filing.lead_said is None or filing.lead_said == route.lead:
        return None
    computed = "the rules name none from the facts we have"
    if route.lead:
        until = f", until {days.words(route.lead_until)}" if route.lead_until else ""
        computed = f"the rules say {in_words(route.lead)}{until}"
    return f"The source names {in_words(filing.lead_said)} as lead; {computed}."


def actors(case_id: int) -> dict[int, str]:
    """Return update number -> slug of the authority that acted, for a case."""
    query = sa.select(Update.number, Update.actor_slug).where(
        Update.case_id == case_id, Update.actor_slug.is_not(None)
    )
    return {row.number: row.actor_slug for row in db.session.execute(query)}


def described(filing: Filing, acted: Mapping[int, str]) -> Described:
    """Return the filing in words, as of today. `acted` comes from actors() of its case."""
    stage = tables.procedure().stages[filing.stage]
    told = explained(filing)
    leads = tuple(dict.fromkeys(it.route.lead_now for it in told))
    named = [it for it in leads if it]
    handling = {it.route.handling_now for it in told if it.route.handling_now}
    sentence = status_sentence(
        stage=stage,
        since=filing.since,
        outcome=filing.outcome,
        lodged=filing.lodged,
        today=clock.today(),
        lodged_with=spoken(filing.authority_slug),
        lead=spoken(named[0]) if len(named) == 1 else None,
        handling=spoken(filing.handling_said or (handling.pop() if len(handling) == 1 else None)),
        entered_by=spoken(acted.get(filing.entered_by or 0)),
    )
    return Described(sentence, stage.label, stage.plain, stage.mark, stage.phase, leads, told)
