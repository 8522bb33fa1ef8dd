"""Overrides: who leads by the word of a person, beside what the rules say; each is kept, with who and why."""

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken, Stale
from tracker.models import Filing, RouteOverride
from tracker.reference.authorities import can_lead
from tracker.rules.access import Actor
from tracker.rules.text import shown
from tracker.services import deadlines, journal, routing
from tracker.services.routing_changes import lead_words
from tracker.services.routing_standing import override_of

#: What stands for "nobody leads" where an authority is chosen.
NOBODY = "none"


def seen_in(filing: Filing) -> str:
    """Return a mark of what the page of an override shows: the current runs, and the overrides in force."""
    runs = (f"r{it.id}" for it in routing.current(filing).values())
    overrides = (f"o{it.id}" for it in filing.overrides if it.ended_at is None)
    return " ".join(sorted([*runs, *overrides]))


def override(
    filing: Filing, *, controller_id: int | None, lead: str, why: str, by: Actor, seen: str | None = None
) -> list[RouteOverride]:
    """Say who leads a filing whatever the rules find; return the overrides, one for each controller.

    `controller_id` None: against all of its controllers. `lead` is a slug of the directory, or NOBODY. An
    override that is in force ends by the new one. Controllers, current routes and overrides must be loaded.
    Raises Stale where the rules or somebody else have answered since `seen`, so that nobody overrides what
    they did not read; RuleBroken, naming the field, without a lead or a reason, and for an authority that
    cannot lead.
    """
    if lead != NOBODY and not can_lead(lead, clock.today()):
        strange = f"{shown(lead)} is no authority that could lead. " if lead else ""
        raise RuleBroken(f"{strange}Choose an authority, or that nobody leads.", field="lead")
    if not why.strip():
        raise RuleBroken("Say why: whoever reads it later has nothing else.", field="why")
    if seen is not None and seen != seen_in(filing):
        raise Stale(
            "The answer of the rules, or an override, is another than when you opened this page. Read what "
            "holds now; what you wrote is kept below."
        )
    runs = routing.current(filing)
    chosen = [it for it in filing.controllers if controller_id in (None, it.id) and it.id in runs]
    if not chosen:
        raise RuleBroken("This filing has no route against that controller.", field="controller")
    made = []
    for controller in chosen:
        if (before := override_of(filing, controller.id)) is not None:
            _end(before, "Replaced by another override.", by=by)
        made.append(
            RouteOverride(
                filing_id=filing.id,
                controller_id=controller.id,
                route_id=runs[controller.id].id,
                lead=None if lead == NOBODY else lead,
                why=why,
                made_at=clock.now(),
                made_by=by.key,
            )
        )
    db.session.add_all(made)
    detail: dict[str, object] = {"lead": None if lead == NOBODY else lead, "routes": len(made)}
    journal.note("route.override", filing.number, by=by, case_id=filing.case_id, detail=detail)
    deadlines.recompute([filing.id], why="another lead by override", by=by)
    return made


def withdraw(filing: Filing, *, override_id: int, note: str, by: Actor) -> None:
    """End an override: the answer is again that of the authorities or of the rules. Raises RuleBroken."""
    found = next((it for it in filing.overrides if it.id == override_id and it.ended_at is None), None)
    if found is None:
        raise RuleBroken("This override is not in force any more.")
    if not note.strip():
        raise RuleBroken("Say why it is withdrawn.", field="note")
    _end(found, note, by=by)
    journal.note("route.restore", filing.number, by=by, case_id=filing.case_id)
    deadlines.recompute([filing.id], why="an override of the lead was withdrawn", by=by)


def _end(it: RouteOverride, note: str, *, by: Actor) -> None:
    it.ended_at, it.ended_by, it.ended_note = clock.now(), by.key, note


def outdated(filing: Filing, it: RouteOverride) -> str | None:
    """Return in words that the rules find something else than when they were overridden, None if they do not.

    Current routes and the route of the override must be loaded.
    """
    run = routing.current(filing).get(it.controller_id)
    if run is None or (run.lead, run.reason) == (it.route.lead, it.route.reason):
        return None
    (then_facts, then), (facts, now) = routing.read(it.route), routing.read(run)
    return (
        f"The rules have another answer than when they were overridden: then {lead_words(then, then_facts)}, "
        f"now {lead_words(now, facts)}. Look whether the override still holds."
    )
