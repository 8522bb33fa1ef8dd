"""What a plan of an import brings, written: rows with keys set beforehand, added in bulk in three flushes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from tracker import clock
from tracker.db import db, new_id
from tracker.models import (
    Case,
    CaseController,
    Complainant,
    Controller,
    DeadlineAct,
    EntryMark,
    Filing,
    FilingController,
    Project,
    Reference,
    Update,
    UpdateFiling,
)
from tracker.reference import tables
from tracker.reference.authorities import label
from tracker.rules import standing as rules
from tracker.rules.access import Actor
from tracker.rules.vocabulary import ComplainantType, Medium, Outcome
from tracker.services import (
    deadlines,
    import_deadlines,
    import_decisions,
    import_marks,
    routing,
    routing_anew,
    standing,
)
from tracker.services.controllers_history import remember
from tracker.services.decisions_entries import Link
from tracker.services.import_cases import new_case, projects_of
from tracker.services.import_controllers import learn, row_of
from tracker.services.import_entities import Entity
from tracker.services.import_forms import EXTRA_KEYS, Form, presumed_affected
from tracker.services.import_plan import Planned
from tracker.services.import_steps import shops, step_of


@dataclass(slots=True)
class Written:
    """A planned campaign with its rows: all of the case, and those of them that are new."""

    planned: Planned
    case: Case
    respondents: list[CaseController]
    filings: list[Filing]
    fresh: list[Filing] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    #: What the rules of routing find for the filings.
    runs: list[routing.Run] = field(default_factory=list)
    #: What the filings mean as steps, in the order of the protocol, by filing.
    happened: dict[int, list[rules.Entry]] = field(default_factory=lambda: defaultdict(list))
    #: Filings of entries that were here and are corrected now: there the entry is gone.
    corrected: set[int] = field(default_factory=set)
    #: The new entries, for the decisions of which they tell.
    told: import_decisions.Events = field(default_factory=import_decisions.Events)


@dataclass(slots=True)
class Later:
    """Rows that refer to filings and updates: written once those are there, by one statement per table."""

    filing_controllers: list[dict[str, Any]] = field(default_factory=list)
    references: list[dict[str, Any]] = field(default_factory=list)
    update_filings: list[dict[str, Any]] = field(default_factory=list)
    deadline_acts: list[dict[str, Any]] = field(default_factory=list)
    entry_marks: list[dict[str, Any]] = field(default_factory=list)

    def insert(self) -> None:
        """Write the rows."""
        for model, rows in (
            (FilingController, self.filing_controllers),
            (Reference, self.references),
            (UpdateFiling, self.update_filings),
            (DeadlineAct, self.deadline_acts),
            (EntryMark, self.entry_marks),
        ):
            if rows:
                db.session.execute(sa.insert(model), rows)


def write(
    planned: Sequence[Planned], fresh: Sequence[Entity], slugs: Collection[str], *, by: Actor
) -> list[Written]:
    """Write what the campaigns bring, and return those that brought anything. Runs the rules of routing.

    `fresh` are the entities that get a row, `slugs` those of the directory.
    """
    now = clock.now()
    bringing = [it for it in planned if it.brings]
    rows = {it.key: row_of(it) for it in fresh}
    remember(rows.values(), by=by, new=True)
    elsewhere = learn([one.entities[key] for one in bringing for key in one.learning], by=by)
    projects = projects_of([it for it in bringing if it.held is None])
    written = [_opened(one, rows, projects, now, by) for one in bringing]
    db.session.flush()
    for it in written:
        _add_filings(it, now)
    later = Later()
    for it in written:
        _add_updates(it, later, slugs, now, by)
    db.session.flush()
    later.insert()
    import_decisions.enter([it.told for it in written], at=now, by=by)
    new = {filing.id for it in written for filing in it.fresh}
    told = [
        each
        for it in written
        for each in it.filings
        if each.id not in new and (it.happened[each.id] or each.id in it.corrected)
    ]
    for filing in told:
        filing.touched_at = now
    # Where an entry is corrected, the new one takes its place among others of its day: the store knows which.
    mended = [
        each
        for it in written
        if any("corrects" in form for form in it.planned.campaign.events)
        for each in it.fresh
    ]
    spans = {filing.id: routing.span(filing) for filing in told}
    standing.recompute([*told, *mended])
    db.session.flush()
    _route(written, spans)
    anew: list[routing.Anew] = []
    if elsewhere:
        anew = routing.route_cases_against(elsewhere)
        brought = {it.case.id: it.case.number for it in written}
        routing_anew.note_rerouted(anew, because_of=brought, by=by)
    touched = {filing.id for it in written for filing in it.filings} | {it.after.filing_id for it in anew}
    deadlines.recompute(touched, why="import", by=by)
    return written


def _route(written: Sequence[Written], spans: Mapping[int, routing.Span]) -> None:
    """Run the rules now that it is known which filings have ended, and when; store the runs.

    `spans` are those of the filings that were here, before these events. What moved after a complaint had
    ended is nothing to it, and one that is open again follows what moved meanwhile.
    """
    newest = routing.newest_runs([it.case.id for it in written if it.planned.held])
    runs: list[routing.Run] = []
    for it in written:
        again = {
            each.id
            for each in it.filings
            if each.id in spans and routing.shifted(each, spans[each.id], corrected=each.id in it.corrected)
        }
        if again or not all(routing.is_open(each) for each in it.fresh):
            it.runs = routing.work_out(it.filings, it.respondents, again=again)
        runs += it.runs
    routing.keep(runs, newest)


def _opened(
    one: Planned,
    rows: Mapping[int, Controller],
    projects: Mapping[str, Project],
    now: datetime,
    by: Actor,
) -> Written:
    """Return the case, made if it is new, with its new respondents and complainants."""
    case = one.held.case if one.held else new_case(one, projects, now, by)
    place = max((it.position for it in case.controllers), default=-1)
    for form in one.controllers:
        entity, place = one.entities[form["id"]], place + 1
        case.controllers.append(
            CaseController(
                case_id=case.id,
                controller_id=entity.key,
                controller=entity.row or rows[entity.key],
                position=place,
                key=form["id"],
                brand=form.get("brand"),
                note=form.get("note"),
                affected=form.get("affected"),
                affected_presumed="affected" not in form,
                processing=form.get("processing"),
            )
        )
    for form in one.complainants:
        said = {key: form.get(key) for key in ("pseudonym", "residence", "workplace")}
        case.complainants.append(Complainant(case_id=case.id, **said))
    db.session.add(case)
    return Written(one, case, list(case.controllers), list(case.filings))


def _add_filings(it: Written, now: datetime) -> None:
    """Add the new filings, and presume again whom the controllers affect."""
    controllers = {respondent.controller_id: respondent.controller for respondent in it.respondents}
    people = {person.pseudonym: person for person in it.case.complainants}
    place = max((filing.position for filing in it.filings), default=-1)
    for number, form in it.planned.filings:
        place += 1
        person = people.get(form.get("complainant", ""))
        filing = _filing(it.case, number, form, person, place, now)
        keys = [it.planned.entities[key].key for key in form["controllers"]]
        set_committed_value(filing, "controllers", [controllers[key] for key in keys])
        set_committed_value(filing, "complainant", person)
        set_committed_value(filing, "case", it.case)
        it.fresh.append(filing)
    it.filings += it.fresh
    against: dict[int, list[str]] = defaultdict(list)
    for filing in it.filings:
        for controller in filing.controllers:
            against[controller.id].append(filing.country)
    for respondent in it.respondents:
        if respondent.affected_presumed:
            respondent.affected = presumed_affected(against[respondent.controller_id])
    db.session.add_all(it.fresh)


def _filing(
    case: Case, number: str, form: Form, person: Complainant | None, place: int, now: datetime
) -> Filing:
    day = form["date"]
    kind = form.get("complainant_type")
    return Filing(
        number=number,
        own_number="number" in form,
        key=form["id"],
        case_id=case.id,
        position=place,
        authority_slug=form.get("authority"),
        country=form["country"],
        complainant_id=person.id if person else None,
        complainant_type=ComplainantType(kind) if kind else None,
        language=form.get("language"),
        lodged_on=day.value,
        lodged_precision=day.precision,
        urgency_requested=form.get("urgency_requested_art66"),
        lead_said=form.get("lead_authority"),
        handling_said=form.get("handling_authority"),
        status_said=form.get("status"),
        source=form.get("source"),
        verified=form.get("verified"),
        note=form.get("note"),
        extra={key: form[key] for key in EXTRA_KEYS if key in form},
        stage="lodged",
        since_on=day.value,
        since_precision=day.precision,
        entered_by=None,
        outcome=Outcome.PENDING,
        touched_at=now,
    )


def _add_updates(
    it: Written,
    later: "Later",
    slugs: Collection[str],
    now: datetime,
    by: Actor,
) -> None:
    """Add the new events, say where the new filings stand, and put the rows that refer to both aside."""
    held = it.planned.held
    recorded = {update.number: update for update in held.updates} if held else {}
    by_place = {place: recorded[number] for place, number in it.planned.known_events.items()}
    it.runs = routing.work_out(it.filings, it.respondents)
    certain = shops(it.filings, it.runs)
    keys = held.filing_keys if held else {}
    by_key = {filing.key or keys[filing.id]: filing for filing in it.filings}
    ids = {key: entity.key for key, entity in it.planned.entities.items()}
    number = max(recorded, default=0)
    for place in it.planned.events:
        form, number = it.planned.campaign.events[place], number + 1
        slug = form["actor"] if form["actor"] in slugs else None
        update = by_place[place] = _update(it.case, number, form, slug, now, by)
        if "corrects" in form:
            gone_now = by_place[form["corrects"] - 1]
            update.corrects_id = gone_now.id
            if gone_now.number in recorded:
                it.corrected |= {each.filing_id for each in gone_now.filings}
        it.updates.append(update)
        links: list[Link] = []
        if place not in it.planned.decided:
            it.told.new.append((update, links))
        for position, key in enumerate(form["filings"]):
            step, outcome = step_of(form, key, by_key[key], certain[by_key[key].id], ids)
            later.update_filings.append(
                {
                    "update_id": update.id,
                    "filing_id": by_key[key].id,
                    "position": position,
                    "step": step,
                    "outcome": outcome,
                }
            )
            links.append(Link(by_key[key].id, step, outcome))
            it.happened[by_key[key].id].append(standing.entry(step, form["date"], number, outcome=outcome))
    db.session.add_all(it.updates)
    later.deadline_acts += import_deadlines.rows(it.planned, by_place)
    later.entry_marks += import_marks.rows(it.planned, by_place, at=now, by=by)
    corrected = {form["corrects"] for form in it.planned.campaign.events if "corrects" in form}
    gone = {by_place[place - 1].number for place in corrected}
    forms = dict(it.planned.filings)
    it.told.about = import_decisions.about(
        it.filings,
        {
            each.id: [value for _, value in forms[each.number]["references"]]
            if each.number in forms
            else [reference.value for reference in each.references]
            for each in it.filings
        },
        {filing.id: key for key, filing in by_key.items()},
        ids,
    )
    for filing in it.fresh:
        entries = [entry for entry in it.happened[filing.id] if entry.number not in gone]
        here = rules.standing(standing.with_lodging(filing, entries), tables.procedure())
        standing.settle(filing, here)
        later.filing_controllers += [
            {"filing_id": filing.id, "controller_id": controller.id, "position": place}
            for place, controller in enumerate(filing.controllers)
        ]
        later.references += [
            {"id": new_id(), "filing_id": filing.id, "position": place, "owner": owner, "value": value}
            for place, (owner, value) in enumerate(forms[filing.number]["references"])
        ]


def _update(case: Case, number: int, form: Form, slug: str | None, now: datetime, by: Actor) -> Update:
    day = form["date"]
    return Update(
        case_id=case.id,
        number=number,
        kind=form["kind"],
        happened_on=day.value,
        happened_precision=day.precision,
        actor=label(slug) if slug else form["actor"],
        actor_slug=slug,
        words=form["summary"],
        public_words=form.get("public_summary"),
        irregular=form.get("irregular"),
        lead_act=form.get("lead_act"),
        lead_named=form.get("lead_authority"),
        reference=form.get("reference"),
        medium=Medium(form["medium"]) if "medium" in form else None,
        sender=form.get("sender"),
        sent_on=form.get("sent"),
        received_on=form.get("received"),
        language=form.get("language"),
        fine=form.get("fine"),
        source=form.get("source"),
        verified=form.get("verified"),
        corrects_id=None,
        recorded_at=now,
        recorded_by=by.key,
        filings=[],
    )
