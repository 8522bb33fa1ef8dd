"""A filing in words: where it stands, who leads and why, what the source says otherwise."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import Filing, Route, Update
from tracker.reference import tables
from tracker.reference.authorities import in_words, spoken
from tracker.reference.names import country_name
from tracker.rules import routing as rules
from tracker.rules.leading import InForce, that_lead
from tracker.rules.routing import said
from tracker.rules.standing import status_sentence
from tracker.services import routing as routes
from tracker.services import routing_changes, routing_standing
from tracker.services.routing_changes import Change
from tracker.services.routing_standing import Acts


@dataclass(frozen=True, slots=True)
class Explained:
    """One current route of a filing, ready to be read: what the rules say, and who leads in force."""

    controller: str
    controller_id: int
    run: Route
    facts: rules.Facts
    route: rules.Route
    sentence: str
    warnings: tuple[tuple[str, str], ...]
    #: In words, where the source names another lead than the rules do: what, and why that can be.
    difference: str | None
    in_force: InForce
    #: Who leads in force and why, in one sentence; that of the rules where nobody says otherwise.
    in_force_words: str
    #: What the route changes, where nobody has confirmed that yet.
    change: Change | None = None

    @property
    def own_warnings(self) -> tuple[tuple[str, str], ...]:
        """Return the warnings of the rules; without the one of a change, which `change` tells in full."""
        return tuple(rules.warning_text(it) for it in self.route.warnings)


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
    #: Routes on other issues (ePrivacy), which stand beside the answer.
    beside: tuple[Explained, ...] = field(default=())


def explained(filing: Filing, acts: Acts | None = None, *, beside: bool = False) -> tuple[Explained, ...]:
    """Return the routes that are the answer of a filing, or those `beside` it, in the order of the file.

    Controllers, routes and overrides are loaded; `acts` come from routing_standing.acts_of().
    """
    by_controller = routes.beside(filing) if beside else routes.current(filing)
    leads = {run.lead for run in by_controller.values() if run.lead}
    told = []
    for controller in filing.controllers:
        run = by_controller.get(controller.id)
        if run is None:
            continue
        facts, route = routes.read(run)
        in_force, words = routing_standing.against(filing, run, acts or {})
        warnings = routing_changes.warnings_of(run, route, filing)
        told.append(
            Explained(
                controller=controller.name,
                controller_id=controller.id,
                run=run,
                facts=facts,
                route=route,
                sentence=routes.explain(route, facts),
                warnings=tuple(rules.warning_text(it) for it in warnings),
                difference=None if beside else _difference(filing, route, facts, leads),
                in_force=in_force,
                in_force_words=words,
                change=routing_changes.change_of(run, filing),
            )
        )
    return tuple(told)


def _difference(filing: Filing, route: rules.Route, facts: rules.Facts, leads: Collection[str]) -> str | None:
    """Return what the source says otherwise than the rules, and why that can be."""
    found = said.difference(filing.lead_said, route, facts, in_words, country_name, others=leads)
    return found.words if found else None


def actors(case_id: int) -> dict[int, str]:
    """Return update number -> slug of the authority that acted, for a case."""
    query = sa.select(Update.number, Update.actor_slug).where(
        Update.case_id == case_id, Update.actor_slug.is_not(None)
    )
    return {row.number: row.actor_slug for row in db.session.execute(query)}


def described(filing: Filing, acted: Mapping[int, str], acts: Acts | None = None) -> Described:
    """Return the filing in words, as of today.

    `acted` comes from actors() of its case, `acts` from routing_standing.acts_of() of its filings.
    """
    stage = tables.procedure().stages[filing.stage]
    told = explained(filing, acts)
    beside = explained(filing, acts, beside=True)
    deciding = that_lead(told)
    leads = tuple(dict.fromkeys(it.in_force.lead for it in deciding))
    named = [it for it in leads if it]
    handling = {it.route.handling_now for it in deciding if it.route.handling_now}
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
    return Described(sentence, stage.label, stage.plain, stage.mark, stage.phase, leads, told, beside)
