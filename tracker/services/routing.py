"""Routes of filings: facts from the records, the answer of the rules, every run stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import CaseController, Controller, Filing
from tracker.models import Route as StoredRoute
from tracker.reference import authorities as directory_file
from tracker.reference.names import country_name
from tracker.rules import routing
from tracker.rules.vocabulary import Answer


@dataclass(frozen=True, slots=True)
class Lodging:
    """Where, when and for whom a complaint lies: what the facts of a route take from a filing."""

    authority: str | None
    day: date
    also_at: tuple[str, ...]
    residence: str | None


def facts_about(respondent: CaseController, lodging: Lodging) -> routing.Facts:
    """Return the routing facts for one controller of a filing, as the records know them.

    The controller's establishments must be loaded. What the records do not know stays unknown.
    """
    controller = respondent.controller
    known: tuple[routing.Establishment, ...] | None = tuple(
        routing.Establishment(
            place=it.place,
            ca=it.central,
            decides=it.decides,
            implements=it.implements,
            since=it.since,
            until=it.until,
        )
        for it in controller.establishments
    )
    if not known and controller.establishments_known is not Answer.NO:
        known = None
    return routing.Facts(
        as_of=lodging.day,
        lodged_with=lodging.authority,
        also_lodged_with=lodging.also_at,
        complainant_residence=lodging.residence,
        complainant_workplace=None,
        infringement_place=None,
        role="controller",
        establishments=known,
        decided_outside_eea=controller.decided_outside_eea,
        targets_eea=controller.targets_eea,
        affected=None if respondent.affected is None else tuple(respondent.affected),
        art27_rep=None,
    )


def answer(facts: routing.Facts) -> routing.Route:
    """Return the route for the facts, with the packaged directory."""
    return routing.route(facts, directory_file.directory())


def explain(route: routing.Route, facts: routing.Facts) -> str:
    """Return one sentence that says who leads and why, with the article."""
    return routing.sentence(route, facts, directory_file.label, country_name)


def store(filing_id: int, controller: Controller, facts: routing.Facts, route: routing.Route) -> StoredRoute:
    """Add a run to the session and return it. The caller marks older runs as not current."""
    run = StoredRoute(
        filing_id=filing_id,
        controller_id=controller.id,
        current=True,
        facts=facts.to_json(),
        result=route.to_json(),
        lead=route.lead,
        reason=route.reason.value,
        rules_version=routing.RULES_VERSION,
        computed_at=clock.now(),
    )
    db.session.add(run)
    return run


def route_filings(filings: Sequence[Filing], respondents: Iterable[CaseController]) -> list[StoredRoute]:
    """Run the rules for every filing and controller of one case and store the runs.

    `filings` are all filings of the case, with controllers and complainants loaded; `respondents` the
    controllers of the case with their establishments. A run whose facts, answer and rules are those of the
    current one is not stored again.
    """
    by_controller = {it.controller_id: it for it in respondents}
    current = (
        {
            (run.filing_id, run.controller_id): run
            for run in db.session.scalars(
                sa.select(StoredRoute).where(
                    StoredRoute.current,
                    StoredRoute.filing_id.in_(
                        sa.select(Filing.id).where(Filing.case_id == filings[0].case_id)
                    ),
                )
            )
        }
        if filings
        else {}
    )
    slugs = [it.authority_slug for it in filings]
    fresh: list[StoredRoute] = []
    for filing in filings:
        others = sorted({slug for slug in slugs if slug and slug != filing.authority_slug})
        lodging = Lodging(
            authority=filing.authority_slug,
            day=filing.lodged_on or clock.today(),
            also_at=tuple(others),
            residence=filing.complainant.residence if filing.complainant else None,
        )
        for controller in filing.controllers:
            facts = facts_about(by_controller[controller.id], lodging)
            route = answer(facts)
            before = current.get((filing.id, controller.id))
            if before is not None:
                same = before.facts == facts.to_json() and before.result == route.to_json()
                if same and before.rules_version == routing.RULES_VERSION:
                    continue
                before.current = False
            fresh.append(store(filing.id, controller, facts, route))
    return fresh


def read(run: StoredRoute) -> tuple[routing.Facts, routing.Route]:
    """Return facts and answer of a stored run as the values of the rules."""
    return routing.Facts.from_json(run.facts), routing.Route.from_json(run.result)
