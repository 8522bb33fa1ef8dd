"""Why this lead: a route of a filing step by step, for lawyers, and what changed since the run before."""

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for

from tracker.errors import NotFound
from tracker.reference.naming import opened
from tracker.rules.routing import NO_LEAD, Facts, Reason
from tracker.rules.routing.differences import differences
from tracker.services import filings, filings_runs, routing, routing_changes
from tracker.web.desk import views
from tracker.web.desk.route_acts import around
from tracker.web.desk.rows import authority_words
from tracker.web.forms import key_in
from tracker.web.guard import act
from tracker.web.jinja import show_moment
from tracker.web.route_shown import shown
from tracker.web.route_words import FACTS, ISSUES, difference_rows

#: What a fact comes from: the words, and the page on which it can be corrected.
_ORIGINS = {
    **dict.fromkeys(("as_of", "as_of_earliest", "lodged_with"), "filing"),
    **dict.fromkeys(("also_lodged_with",), "filings"),
    **dict.fromkeys(("complainant_residence", "complainant_workplace", "infringement_place"), "case"),
    **dict.fromkeys(("art27_rep", "establishments", "establishments_complete"), "register"),
}
#: The law that a part is about, where a filing has routes under both.
_UNDER = {"gdpr": "under the GDPR", "eprivacy": "under ePrivacy law"}


@views.get("/filings/<filing:number>/route")
@act("filing.read")
def filing_route(number: str) -> Any:
    """Show why this authority leads: facts, steps with their articles, and what changed since."""
    if number != number.upper():
        return redirect(url_for("desk.filing_route", number=number.upper(), run=request.args.get("run")), 301)
    found = filings.get_filing(number)
    everything = filings_runs.runs_of(found)
    asked = request.args.get("run")
    if asked is None:
        wanted = [(group, group.current or group.runs[0]) for group in everything]
    else:
        key = key_in(asked)
        if key is None:
            raise NotFound("There is no such run for this filing.")
        wanted = [filings_runs.chosen(everything, key)]
    several = len({group.controller_id for group in everything}) > 1
    both = len({group.issue for group in everything}) > 1
    return render_template(
        "desk/route.html",
        filing=found,
        case=found.case,
        routes=[_explained(found, group, run, several, both) for group, run in wanted],
        lodged_with=authority_words(found.authority_slug, found.country),
        older=asked is not None,
        acts=around(found)["acts"],
    )


def _explained(filing: Any, group: filings_runs.Runs, run: Any, several: bool, both: bool) -> dict[str, Any]:
    """Return one run as its part of the page shows it."""
    facts, route = routing.read(run)
    before = group.before(run)
    changed = differences(routing.read(before), (facts, route)) if before else None
    controller = next((it for it in filing.controllers if it.id == group.controller_id), None)
    issue = None if group.issue == "gdpr" else ISSUES.get(group.issue, group.issue)
    if both:
        under = _UNDER.get(group.issue, issue or "")
        issue = under if several else opened(under)
    title = ", ".join(it for it in (group.controller if several else None, issue) if it)
    return {
        "anchor": f"run-{run.id}",
        "title": title or "The route",
        "controller": group.controller,
        "run": run,
        "holds": run is group.current,
        "ended": group.current is None,
        "why": shown(
            facts,
            replace(route, warnings=routing_changes.warnings_of(run, route, filing)),
            routing.explain(route, facts),
            lambda slug: url_for("desk.authority", slug=slug),
            origins=_origins(filing, group, facts),
            evidence={it.place: it.origin for it in controller.establishments} if controller else {},
        ),
        "correct": url_for("desk.case_controllers", number=filing.case.number),
        "before": before,
        "changed": difference_rows(changed) if changed else None,
        "runs": [_run_row(filing.number, it, it is run) for it in group.runs],
    }


def _origins(filing: Any, group: filings_runs.Runs, facts: Facts) -> dict[str, tuple[str, str | None]]:
    """Return for each fact where it comes from and the address at which it can be corrected."""
    case = filing.case.number
    pages = {
        "filing": (f"filing {filing.number}", url_for("desk.filing", number=filing.number) + "#protocol"),
        "filings": (f"filings of {case}", url_for("desk.case", number=case) + "#filings"),
        "case": (f"case {case}", url_for("desk.case_amend", number=case)),
        "register": ("register of controllers", url_for("desk.controller", key=group.controller_id)),
        "processing": (f"case {case}, controllers", url_for("desk.case_controllers", number=case)),
    }
    found: dict[str, tuple[str, str | None]] = {key: pages[_ORIGINS.get(key, "processing")] for key in FACTS}
    lodged = filing.lodged.last
    if lodged is not None and facts.as_of > lodged:
        found["as_of"] = ("the last move of the controller since the lodging", pages["register"][1])
    presumed = {it.controller_id for it in filing.case.controllers if it.affected_presumed}
    if group.controller_id in presumed and facts.affected:
        found["affected"] = ("presumed from the filings", pages["processing"][1])
    return found


def _without_a_lead(run: Any) -> str:
    return "no lead" if Reason(run.reason) in NO_LEAD else "lead not known"


def _run_row(number: str, run: Any, here: bool) -> dict[str, Any]:
    """Return a run as a row of the list of all runs."""
    return {
        "href": None if here else url_for("desk.filing_route", number=number, run=run.id),
        "cells": [
            show_moment(run.computed_at),
            run.rules_version,
            authority_words(run.lead) if run.lead else _without_a_lead(run),
            _state(run, here),
        ],
    }


def _state(run: Any, here: bool) -> str:
    told = ["holds now"] if run.current else []
    return ", ".join([*told, "shown here"] if here else told) or "earlier"
