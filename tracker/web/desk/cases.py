"""Cases at the desk: listed, and shown one by one."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for

from tracker import clock
from tracker.reference import tables
from tracker.reference.authorities import authorities as directory
from tracker.reference.authorities import label
from tracker.reference.names import country_name
from tracker.rules.standing import outcome_label
from tracker.rules.vocabulary import Outcome
from tracker.services import cases as service
from tracker.services import (
    cases_list,
    decisions,
    decisions_hearings,
    decisions_proceedings,
    docket_lines,
    evidence,
    journal,
    procedure,
    publication,
    routing_standing,
    silence_marks,
    status,
    updates,
    updates_lines,
)
from tracker.services.accounts import names_of
from tracker.services.decisions_proceedings import called
from tracker.web.desk import case_page, docket_rows, leading, procedure_rows, rows, views
from tracker.web.desk.decision_rows import decision_row
from tracker.web.desk.exhibits import exhibit_rows
from tracker.web.desk.hearings import hearing_rows
from tracker.web.desk.protocol import protocol_rows
from tracker.web.desk.publication_rows import until_words
from tracker.web.guard import act

PAGE = 50


def small_number(name: str, *, most: int = 10_000) -> int | None:
    """Return a whole number of the query between 1 and `most`, or None for anything else."""
    typed = request.args.get(name, "")
    return (
        int(typed)
        if typed.isascii() and typed.isdigit() and len(typed) < 6 and 0 < int(typed) <= most
        else None
    )


@views.get("/cases")
@act("case.read")
def cases() -> str:
    """List cases; filters stand in the address."""
    chosen = {
        name: request.args.get(name, "")[:200].replace("\x00", "")
        for name in ("text", "project", "authority", "country", "stage", "outcome", "lead")
    }
    if alike := tables.procedure().alike(chosen["stage"]):
        chosen["stage"] = alike[0]  # the one of them that the list offers
    if chosen["outcome"] not in {it.value for it in Outcome}:
        chosen["outcome"] = ""
    if chosen["lead"] != cases_list.CHANGED:
        chosen["lead"] = ""
    year, page = small_number("year", most=2100), small_number("page") or 1
    found, total = cases_list.find_cases(**chosen, year=year, page=page, size=PAGE)
    shown = {**chosen, "year": str(year or "")}
    narrowed = [name for name, value in shown.items() if value]

    def place(number: int) -> str | None:
        if not 1 <= number <= max(1, -(-total // PAGE)) or number == page:
            return None
        return url_for("desk.cases", **{k: v for k, v in shown.items() if v}, page=number)

    return render_template(
        "desk/cases.html",
        rows=[rows.case_row(it) for it in found],
        fields=_filters(shown),
        narrowed=narrowed,
        previous=place(page - 1),
        next=place(page + 1),
        total_words="1 case" if total == 1 else f"{total} cases",
    )


def _filters(chosen: dict[str, str]) -> list[dict[str, Any]]:
    countries = sorted({it.country for it in directory().values()}, key=country_name)
    procedure = tables.procedure()
    options: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "project": ("Project", [(it.slug, it.name) for it in service.projects()]),
        "authority": ("Authority", sorted(((it, label(it)) for it in directory()), key=lambda pair: pair[1])),
        "country": ("Country", [(it, country_name(it)) for it in countries]),
        "stage": ("Stage", [(code, words) for words, code in procedure.by_words().items()]),
        "outcome": ("Outcome", [(it.value, outcome_label(it)) for it in Outcome]),
        "lead": ("Who leads", [(cases_list.CHANGED, "may have changed")]),
        "year": ("Lodged in", [(str(it), str(it)) for it in range(clock.today().year, 2017, -1)]),
    }
    fields: list[dict[str, Any]] = [
        {"name": "text", "label": "Words, number, controller", "kind": "search", "value": chosen["text"]}
    ]
    for name, (words, choices) in options.items():
        fields.append(
            {
                "name": name,
                "label": words,
                "kind": "select",
                "value": chosen[name],
                "choices": [("", "any"), *choices],
            }
        )
    return fields


@views.get("/cases/<case:number>")
@act("case.read")
def case(number: str) -> Any:
    """Show a case: filings, protocol, evidence, claims, publication, journal."""
    if number != number.upper():
        return redirect(url_for("desk.case", number=number.upper()), 301)
    found = service.get_case(number)
    acted = status.actors(found.id)
    acts = routing_standing.acts_of(found.filings)
    told = [status.described(it, acted, acts) for it in found.filings]
    entries = updates.protocol(found.id)
    lines = updates_lines.lines_of(entries)
    newest = rows.newest_by_filing(entries, found.ngo)
    exhibits = evidence.exhibits(found.id)
    done = case_page.journal_wanted(request.args, lambda limit: journal.history_of(found.id, limit=limit))
    marks = silence_marks.marks_of([found.id])
    names = names_of(
        [it.actor for it in done.lines]
        + [it.recorded_by for it in entries]
        + [who for it in marks.values() for who in it.by]
    )
    days = current_app.config["TRACKER"]
    owed = docket_lines.of_filings(
        [it.id for it in found.filings], clock.today(), internal_days=days.internal_days
    )
    read = decisions.of_case(found.id)
    keys = {it.id for it in found.filings}
    until = publication.held_until(found.id)
    return render_template(
        "desk/case.html",
        case=found,
        against=rows.against(found.ngo, [it.controller.name for it in found.controllers]),
        status_words=case_page.case_status(found, told),
        filing_rows=rows.reasons_once(
            [
                {
                    **rows.filing_row(it, words, newest.get(it.id)),
                    "owed": docket_rows.in_short(owed[it.id], days.warn_days),
                }
                for it, words in zip(found.filings, told, strict=True)
            ]
        ),
        lead_groups=leading.lead_groups(found, told),
        differences=leading.differences(told),
        changed=leading.changed(found, told),
        processors=leading.processors(told),
        controller_facts={it.controller_id: case_page.controller_facts(it) for it in found.controllers},
        claim_rows=case_page.claim_rows(found, decisions.matrix(found.claims, found.filings, read)),
        findings=any(it.it.findings for it in read if it.in_force),
        decisions=[decision_row(it) for it in read if it.in_force],
        replaced=[decision_row(it) for it in read if not it.in_force and not it.it.derived],
        proceedings=[(it.number, called(it)) for it in decisions_proceedings.joining(keys)],
        hearings=hearing_rows(decisions_hearings.hearings_for(filing_ids=keys)),
        said_facts=case_page.said_facts(found),
        protocol=protocol_rows(
            lines,
            found.number,
            exhibits,
            names,
            filings=len(found.filings),
            remarks=procedure_rows.under_entries_of_case(
                procedure.walks_of(found.filings), {it.id: it.number for it in found.filings}, entries
            ),
            marks=marks,
            decided=decisions.entries_with(read),
        ),
        entries=len(entries),
        exhibit_rows=exhibit_rows(
            exhibits, found.number, {it.id: it.number for it in found.filings}, entries
        ),
        journal=done,
        journal_rows=case_page.journal_rows(done.lines, names),
        names=names,
        embargo=until_words(until) if until else "",
    )
