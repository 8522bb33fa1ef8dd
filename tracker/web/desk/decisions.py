"""Decisions at the desk: listed, shown one by one, recorded, corrected; findings compared between filings."""

import csv
import io
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for

from tracker import clock
from tracker.errors import NotFound, RuleBroken
from tracker.reference.authorities import authorities, label
from tracker.rules import days
from tracker.rules import decisions as rules
from tracker.rules.cells import safe
from tracker.rules.vocabulary import DecisionType, Precision
from tracker.services import (
    cases,
    decisions,
    decisions_filings,
    decisions_gdprhub,
    decisions_new,
    decisions_recording,
    evidence,
)
from tracker.services.accounts import names_of
from tracker.web.desk import decision_form, decision_rows, views
from tracker.web.desk.cases import small_number
from tracker.web.desk.decision_form import Page, Subject
from tracker.web.desk.exhibits import exhibit_rows
from tracker.web.desk.protocol import entry_row
from tracker.web.forms import is_small
from tracker.web.forms.decisions import DecisionForm
from tracker.web.guard import act, takes_files
from tracker.web.jinja import show_moment

PAGE = 50
#: From so many filings on the form asks first which of them are meant.
MANY = 40


@views.get("/decisions")
@act("decision.read")
def decisions_list() -> str:
    """List decisions, the newest first; filters stand in the address."""
    chosen = filters()
    page = small_number("page") or 1
    found, total = decisions.find(**chosen, page=page, size=PAGE)
    shown = {name: str(value or "") for name, value in chosen.items()}

    def place(number: int) -> str | None:
        if not 1 <= number <= max(1, -(-total // PAGE)) or number == page:
            return None
        return url_for("desk.decisions_list", **{k: v for k, v in shown.items() if v}, page=number)

    kinds = [(it.value, words) for it, words in rules.TYPES.items()]
    slugs = sorted(((it, label(it)) for it in authorities()), key=lambda pair: pair[1])
    years = [(str(it), str(it)) for it in range(clock.today().year, 2017, -1)]
    options = (
        ("authority", "Decided by", slugs),
        ("kind", "Type", kinds),
        ("year", "Decided in", years),
    )
    fields: list[dict[str, Any]] = [
        {"name": "text", "label": "Number, ECLI, words", "kind": "search", "value": shown["text"]}
    ]
    fields += [
        {
            "name": name,
            "label": words,
            "kind": "select",
            "value": shown[name],
            "choices": [("", "any"), *choices],
        }
        for name, words, choices in options
    ]
    narrowed = {name: value for name, value in shown.items() if value}
    return render_template(
        "desk/decisions.html",
        rows=[decision_rows.decision_row(it) for it in found],
        fields=fields,
        narrowed=narrowed,
        previous=place(page - 1),
        next=place(page + 1),
        total_words="1 decision" if total == 1 else f"{total:,} decisions",
    )


def filters() -> dict[str, Any]:
    """Return the filters of the list as the address has them; what is none of them counts as nothing."""
    typed = {
        name: request.args.get(name, "")[:200].replace("\x00", "") for name in ("authority", "kind", "text")
    }
    if typed["authority"] not in authorities():
        typed["authority"] = ""
    if typed["kind"] not in {it.value for it in DecisionType}:
        typed["kind"] = ""
    return {**typed, "year": small_number("year", most=2100)}


@views.get("/decisions.csv")
@act("decision.read")
def decisions_csv() -> Response:
    """Send the decisions of the list as a table with the fields of GDPRhub; filtered as the list is."""
    return _file(decisions_gdprhub.as_csv(decisions.find(**filters())[0]), "decisions.csv", "text/csv")


@views.get("/decisions.json")
@act("decision.read")
def decisions_json() -> Response:
    """Send the decisions of the list as JSON with the fields of GDPRhub; filtered as the list is."""
    text = decisions_gdprhub.as_json(decisions.find(**filters())[0])
    return _file(text, "decisions.json", "application/json")


def _file(text: str, name: str, kind: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type=f"{kind}; charset=utf-8", headers=named)


@views.get("/decisions/<small:key>")
@act("decision.read")
def decision(key: int) -> str:
    """Show a decision: what it says of filings and claims, fines, measures, its entries and exhibits."""
    read = decisions.get_decision(key)
    it = read.it
    claims = decisions_new.claims_of({each.filing.case_id for each in it.filings})
    names = names_of([it.recorded_by, *(entry.recorded_by for entry in read.entries)])
    entries, proofs = _entries(read)
    started = it.proceeding.opened if it.proceeding else days.UNKNOWN_DAY
    if started.value is None:
        started = days.earliest(each.filing.lodged for each in it.filings)
    return render_template(
        "desk/decision.html",
        it=it,
        read=read,
        name=decision_rows.name_of(it),
        facts=decision_rows.decision_facts(read, started),
        fines=decision_rows.fines_of(it),
        measures=decision_rows.measure_rows(it),
        filings=decision_rows.filing_rows(read),
        findings=decision_rows.findings_of(read, claims),
        entries=entries,
        proofs=proofs,
        courts=decision_rows.court_rows(read, decisions.before_courts(read)),
        recorded=f"Recorded {show_moment(it.recorded_at)} by {names.get(it.recorded_by, it.recorded_by)}.",
        today=days.Day(clock.today(), Precision.DAY),
    )


def _entries(read: decisions.Read) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the entries through which a decision came in, and the exhibits that belong to them."""
    shown: list[dict[str, Any]] = []
    proofs: list[dict[str, Any]] = []
    kept = evidence.exhibits_of(read.entries)
    for case in decisions.cases_of(read):
        exhibits = [each for each in kept if each.case_id == case.id]
        for entry in read.entries:
            if entry.case_id == case.id:
                those = [each for each in exhibits if each.update_id == entry.id]
                shown.append({"row": entry_row(entry, case.number, those, filings=0), "case": case})
        numbers = {each.filing_id: each.filing.number for entry in read.entries for each in entry.filings}
        proofs += exhibit_rows(exhibits, case.number, numbers, read.entries)
    return shown, proofs


@views.route("/cases/<case:number>/decisions/new", methods=["GET", "POST"])
@act("decision.record", post="decision.record")
@takes_files
def decision_new(number: str) -> Any:
    """Record a decision on filings of a case, or say what an entry of its protocol says."""
    case = cases.get_case(number)
    wanted = [it for it in request.args.getlist("filing")[:500] if it]
    typed = request.args.get("entry")
    if typed and not is_small(typed):
        raise NotFound("There is no such entry in this case.")
    if typed:
        known = decisions.through_entry(case.id, int(typed))
        if known:
            return redirect(url_for("desk.decision_correct", key=known[0]), 303)
    form = DecisionForm()
    posted = request.method == "POST"

    def reload() -> Subject:
        there = decisions_recording.before()
        if typed:
            entry = decisions_recording.entry_of(case.id, int(typed))
            there = decisions_recording.before(completes=entry)
        filings = decisions_filings.of_case(case.number)
        rows = {it.form.number.data for it in form.results}
        if posted and rows:
            filings = [it for it in filings if it.number in rows]
        elif wanted and not typed:
            filings = [it for it in filings if it.number in wanted]
        return Subject(filings, there)

    try:
        subject = reload()
    except RuleBroken as refusal:
        flash(str(refusal), "warning")
        return redirect(url_for("desk.case", number=case.number), 303)
    page = _page(
        case,
        "Say what this decision says" if typed else "Record a decision",
        "The entry stays as it is, unless you say something else of its filings or another day of receipt. "
        "A preview comes first."
        if typed
        else "It makes the entries of the protocol too: no need to record it twice. A preview comes first.",
        url_for("desk.decision_new", number=case.number, entry=typed, filing=wanted or None),
    )
    if not posted and not typed and not wanted and len(subject.filings) > MANY:
        return render_template("desk/decision_filings.html", page=page, case=case, filings=subject.filings)
    if not posted and typed:
        _from_entry(form, subject.there.completes)
    chosen = wanted or ([it.number for it in subject.filings] if len(subject.filings) == 1 else [])
    form.of_filings(subject.filings, chosen)
    if not posted:
        form.begin()
        return decision_form.show(page, form, subject)
    return decision_form.answer(page, form, subject, reload)


def _page(case: Any, heading: str, lede: str, address: str) -> Page:
    back = url_for("desk.case", number=case.number)
    return Page(
        heading=heading,
        lede=lede,
        title=case.title,
        number=case.number,
        back=back,
        back_words=f"Back to {case.number}",
        crumbs=[("Cases", url_for("desk.cases")), (case.number, back), (heading, None)],
        address=address,
    )


def _from_entry(form: DecisionForm, entry: Any) -> None:
    """Start from what an entry says that has no record yet."""
    kind = rules.type_of(entry.kind, [it.step for it in entry.filings])
    form.type.data = kind.value if kind else ""
    form.decided_by.data = label(entry.actor_slug) if entry.actor_slug else entry.actor
    form.decided.data = entry.day
    if entry.received_on:
        form.received.data = days.Day(entry.received_on, Precision.DAY)
    form.reference.data, form.source.data = entry.reference or "", entry.source or ""
    form.summary.data = entry.words
    for it in entry.filings:
        result = rules.result_of(it.step, it.outcome)
        form.results.append_entry({"number": it.filing.number, "result": result.value})


@views.route("/decisions/<small:key>/correct", methods=["GET", "POST"])
@act("decision.record", post="decision.record")
@takes_files
def decision_correct(key: int) -> Any:
    """Say what a decision says, where only its entry is known, or correct what was said of it."""
    read = decisions.get_decision(key)
    if read.corrected_by is not None and request.method == "GET":
        return redirect(url_for("desk.decision_correct", key=read.corrected_by), 303)
    case_numbers = decisions.cases_of(read)
    form = DecisionForm()
    posted = request.method == "POST"

    def reload() -> Subject:
        found = decisions.get_decision(key)
        keys = decisions.filings_near(found)
        return Subject(decisions_filings.loaded(keys), decisions_recording.before(corrects=found.it))

    subject = reload()
    it = subject.there.corrects
    heading = "Say what this decision says" if read.it.derived else f"Correct decision {read.it.number}"
    back = url_for("desk.decision", key=read.it.number)
    page = Page(
        heading=heading,
        lede="The record so far says what its entry says. The entry stays as it is, unless you say something "
        "else of its filings or another day of receipt. A preview comes first."
        if read.it.derived
        else "A record is never edited: what you record here takes the place of the old one, which stays "
        "readable. A preview comes first.",
        title=decision_rows.name_of(read.it),
        number=f"Decision {read.it.number}",
        back=back,
        back_words=f"Back to decision {read.it.number}",
        crumbs=[
            ("Cases", url_for("desk.cases")),
            *((each.number, url_for("desk.case", number=each.number)) for each in case_numbers[:3]),
            (f"Decision {read.it.number}", back),
            (heading, None),
        ],
        address=url_for("desk.decision_correct", key=key),
    )
    if not posted:
        form.fill(it)
        if it is not None and it.derived and not it.summary:
            form.summary.data = subject.there.words
    form.of_filings(subject.filings)
    if not posted:
        form.begin()
        return decision_form.show(page, form, subject)
    return decision_form.answer(page, form, subject, reload)


@views.get("/cases/<case:number>/findings")
@act("decision.read")
def findings(number: str) -> Any:
    """Compare what was found on the claims of a case between its filings."""
    case = cases.get_case(number)
    found = decisions.matrix(case.claims, case.filings, decisions.of_case(case.id))
    only = request.args.get("only") == "differing"
    return render_template(
        "desk/findings.html",
        case=case,
        tables=decision_rows.matrix_tables(found, only_differing=only),
        differing=sum(found.differs(it) for it in found.claims),
        only=only,
        without=[it.number for it in decision_rows.without_findings(found)],
    )


@views.get("/cases/<case:number>/findings.csv")
@act("decision.read")
def findings_file(number: str) -> Response:
    """Send the findings of a case as a table: one line for each claim of each filing."""
    case = cases.get_case(number)
    found = decisions.matrix(case.claims, case.filings, decisions.of_case(case.id))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["filing", "authority", "provision", "finding", "words", "decision", "proposed"])
    for filing in found.filings:
        for claim in found.claims:
            cell = found.cell(filing.id, claim.id)
            writer.writerow(
                safe(it)
                for it in (
                    filing.number,
                    filing.authority_slug or "",
                    f"Art {claim.provision}",
                    rules.FINDINGS[cell.finding],
                    cell.words or "",
                    str(cell.decision or ""),
                    "yes" if cell.proposed else "no",
                )
            )
    return _file(out.getvalue(), f"{case.number}-findings.csv", "text/csv")
