"""A filing at the desk: where it stands, who leads and why, what happened."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from tracker import clock
from tracker.rules.standing import TONES
from tracker.services import (
    decisions,
    decisions_hearings,
    decisions_proceedings,
    docket_lines,
    evidence,
    filings,
    journal,
    procedure,
    routing_changes,
    routing_standing,
    silence_marks,
    status,
    updates,
    updates_lines,
    updates_steps,
)
from tracker.services.accounts import names_of
from tracker.services.decisions_proceedings import called
from tracker.web.desk import case_page, docket_rows, leading, procedure_rows, views
from tracker.web.desk.decision_rows import decision_row
from tracker.web.desk.exhibits import exhibit_rows
from tracker.web.desk.hearings import hearing_rows
from tracker.web.desk.protocol import protocol_rows
from tracker.web.desk.route_acts import people_of, route_acts
from tracker.web.guard import act


@views.get("/filings/<filing:number>")
@act("filing.read")
def filing(number: str) -> Any:
    """Show a filing: where it stands, its route and why, its protocol, evidence, references."""
    if number != number.upper():
        return redirect(url_for("desk.filing", number=number.upper()), 301)
    found = filings.get_filing(number)
    acts = routing_standing.acts_of([found])
    told = status.described(found, status.actors(found.case_id), acts)
    runs = routing_changes.history_of(found)
    entries = updates.protocol(found.case_id)
    lines = updates_lines.lines_of(entries)
    went = procedure.walks_of([found])[found.id]
    mine = updates_lines.of_filing(lines, found.id)
    siblings = filings.numbers_of(found.case_id)
    exhibits = evidence.exhibits(found.case_id, filing_id=found.id)
    settings = current_app.config["TRACKER"]
    days = settings.internal_days
    owed = docket_lines.of_filings([found.id], clock.today(), internal_days=days)[found.id]
    done = case_page.journal_wanted(request.args, lambda limit: journal.about(found.number, limit=limit))
    marks = silence_marks.marks_of([found.case_id])
    marking = [who for it in marks.values() for who in it.by]
    names = names_of(
        [
            *(it.recorded_by for it in entries),
            *(it.actor for it in done.lines),
            *people_of(found, runs),
            *marking,
        ]
    )
    read = decisions.of_case(found.case_id)
    return render_template(
        "desk/filing.html",
        filing=found,
        case=found.case,
        row=told,
        processors=leading.processors([told]),
        outcome_words=case_page.outcome_words(found.outcome, told.sentence),
        tone=TONES.get(found.outcome, "neutral"),
        acts=route_acts(found, told, acts.get(found.id, ()), runs, names),
        filing_facts=case_page.filing_facts(found, told),
        protocol=protocol_rows(
            mine,
            found.case.number,
            exhibits,
            names,
            filings=len(siblings),
            here=found,
            remarks=procedure_rows.under_entries(went),
            marks=marks,
            decided=decisions.entries_with(read),
        ),
        irregularities=procedure_rows.irregularity_rows(went, entries),
        flags=procedure_rows.flag_rows(went.flags),
        decisions=[
            decision_row(it, here=found.id) for it in decisions.of_filing(read, found.id) if it.in_force
        ],
        proceedings=[(it.number, called(it)) for it in decisions_proceedings.joining([found.id])],
        hearings=hearing_rows(decisions_hearings.hearings_for(filing_ids=[found.id])),
        entries=sum(len(it.numbers) for it in mine),
        about_case=updates_lines.of_the_whole(lines),
        exhibit_rows=exhibit_rows(exhibits, found.case.number, siblings, entries),
        deadlines=docket_rows.of_filing(owed, settings.warn_days, found.case.number),
        next_steps=updates_steps.next_steps(found),
        journal=done,
        journal_rows=case_page.journal_rows(done.lines, names),
    )
