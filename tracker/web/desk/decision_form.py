"""The form for a decision at the desk: filled, looked at as a plan, and recorded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.reference import tables
from tracker.reference.authorities import authorities, label
from tracker.rules import days, money, provisions
from tracker.rules.decisions import RESULTS
from tracker.services import decisions_new, decisions_proceedings, evidence, updates_steps
from tracker.services import decisions_recording as recording
from tracker.services.decisions_plan import Plan
from tracker.web.desk.decision_rows import outcome_by
from tracker.web.forms import is_small
from tracker.web.forms.decisions import DecisionForm, check_provisions


@dataclass(frozen=True, slots=True)
class Page:
    """Where the form stands: what it is called, where it leads back to, and the way that led to it."""

    heading: str
    lede: str
    title: str
    number: str
    back: str
    back_words: str
    crumbs: Sequence[tuple[str, str | None]]
    address: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What it is about: the filings that may be concerned, and what is corrected or completed."""

    filings: Sequence[Any]
    there: recording.Before


#: Reads filings and what stands anew, inside the transaction that records.
Reload = Callable[[], Subject]


def answer(page: Page, form: DecisionForm, subject: Subject, reload: Reload) -> Any:
    """Answer a form that was sent: more rows, a preview, or the decision recorded."""
    do = request.form.get("do", "preview")
    planned: Plan | None = None
    code = 200
    _offer(form, subject)
    with form.files.arrived() as arrivals:
        if do.startswith("more-"):
            rows = form._fields.get(do.removeprefix("more-"))
            if rows is not None and hasattr(rows, "more"):
                rows.more(2)
        else:
            new = _typed(form, subject)
            if new is not None and not arrivals.faults:
                try:
                    planned = recording.look(subject.filings, new, subject.there)
                    if do == "record" and form.mark.data == planned.mark:
                        number, doubts = _record(form, new, arrivals, reload)
                        flash(f"Recorded as decision {number}.", "success")
                        for it in doubts:
                            flash(it, "warning")
                        return redirect(url_for("desk.decision", key=number), 303)
                except Stale as refusal:
                    code = 409
                    form.form_errors.append(f"{refusal} Look at what it would do now, and record once more.")
                    subject = reload()
                except RuleBroken as refusal:
                    form.refuse(refusal)
                    if refusal.field != "irregular":
                        planned = None
                    subject = reload()
        faulty = bool(form.errors or form.form_errors or arrivals.faults)
        form.files.put_aside(arrivals)
    if faulty and code == 200:
        code = form.files.status(arrivals)
    return show(page, form, subject, planned=planned, fresh=code == 409), code


def _typed(form: DecisionForm, subject: Subject) -> Any:
    """Return what was typed as a new decision; None, with every fault beside its field, where it is none."""
    good = form.validate()
    check_provisions(form)
    if not good or form.errors:
        return None
    new = form.new_decision(_claims_by_filing(subject.filings))
    for fault in recording.all_faults(subject.filings, new, subject.there):
        form.refuse(fault)
    return None if form.errors or form.form_errors else new


def _record(form: DecisionForm, new: Any, arrivals: Any, reload: Reload) -> tuple[int, list[str]]:
    """Record what was typed with the files that came; return the number, and what is doubtful."""
    with transaction():
        subject = reload()
        concerned = {it.number for it in subject.filings if it.number in new.results}
        seen = {it: _number(f"seen-{it}") for it in concerned}
        done = recording.record_decision(subject.filings, new, seen=seen, by=g.actor, there=subject.there)
        evidence.keep_arrived(
            arrivals.files,
            done.case,
            update=done.entries[0],
            facts=evidence.Facts(source=form.source.data or None),
            folder=current_app.config["TRACKER"].evidence,
            by=g.actor,
        )
        doubts = [updates_steps.doubt_about(those, entry) for entry, those in done.made]
        return done.number, [it for it in dict.fromkeys(doubts) if it]


def show(
    page: Page, form: DecisionForm, subject: Subject, *, planned: Plan | None = None, fresh: bool = False
) -> str:
    """Return the page with the form as it stands, and with the plan where there is one."""
    each, named = _offer(form, subject)
    if planned is not None:
        form.mark.data = planned.mark
    return render_template(
        "desk/decision_new.html",
        page=page,
        form=form,
        filings=subject.filings,
        rows={it.form.number.data: it for it in form.results},
        claims=[
            {"row": row, "words": named[it.id], "claim": it, "url": provisions.read(it.provision).url}
            for row, it in zip(form.findings, each, strict=True)
        ],
        plan=None if planned is None else _plan_rows(planned, form),
        seen={
            it.number: (not fresh and _number(f"seen-{it.number}")) or it.version for it in subject.filings
        },
        deciders=_deciders(subject.filings),
        currencies=money.USUAL,
        limit=current_app.config["TRACKER"].max_upload,
    )


def _offer(form: DecisionForm, subject: Subject) -> tuple[list[Any], dict[int, str]]:
    """Give the form its rows and choices; return the claims in their order, and what each is called."""
    cases = {it.case_id for it in subject.filings}
    claims = decisions_new.claims_of(cases)
    each = [it for key in sorted(claims) for it in claims[key]]
    form.of_claims(each)
    named = {it.id: f"Art {it.provision}" for it in each}
    numbers = {it.case_id: it.case.number for it in subject.filings}
    if len(cases) > 1:
        named = {it.id: f"{numbers[it.case_id]}, Art {it.provision}" for it in each}
    form.offer(
        subject.filings,
        named,
        decisions_new.respondents_of(cases),
        decisions_proceedings.offered({it.id for it in subject.filings}),
    )
    return each, named


def _plan_rows(planned: Plan, form: DecisionForm) -> dict[str, Any]:
    """Return what recording would do, in words."""
    stages = tables.stages()
    rows = {it.form.number.data: it for it in form.results}
    lines = []
    for it in planned.lines:
        leads = stages[it.step.stage].plain if it.step and it.step.stage else None
        lines.append(
            {
                "number": it.filing.number,
                "where": label(it.filing.authority_slug, it.filing.country),
                "result": RESULTS[it.result],
                "step": it.step.label if it.step else "no step",
                "code": it.step.code if it.step else "",
                "steps": [(each.code, each.label) for each in it.steps] if len(it.steps) > 1 else [],
                "field": rows[it.filing.number].form.step.name,
                "leads": leads or "stays as it is",
                "outcome": outcome_by(it.step.code if it.step else None, it.outcome, it.filing.outcome),
                "refusal": it.refusal,
                "keeps": it.had.entry.number if it.had and it.keeps else None,
            }
        )
    entries = []
    for group in planned.groups:
        names = ", ".join(it.number for it in group.filings[:6])
        more = f" and {len(group.filings) - 6} more" if len(group.filings) > 6 else ""
        what = f"“{tables.steps()[group.step].label}” on {names}{more}, {group.day.when}"
        if group.received:
            what += f", received on {days.words(group.received)}"
        entries.append(f"{what}, in the place of entry {group.corrects.number}" if group.corrects else what)
    return {
        "lines": lines,
        "entries": entries,
        "kept": sorted(it.number for it in planned.kept),
        "left": planned.left,
        "irregular": bool(planned.irregular),
        "impossible": planned.impossible,
    }


def _claims_by_filing(filings: Sequence[Any]) -> Mapping[str, set[int]]:
    claims = decisions_new.claims_of({it.case_id for it in filings})
    return {it.number: {each.id for each in claims[it.case_id]} for it in filings}


def _deciders(filings: Sequence[Any]) -> list[str]:
    """Return who is likely to have decided: the authorities of the filings, then the whole directory."""
    near = [it.authority_slug for it in filings if it.authority_slug]
    near += [run.lead for it in filings for run in it.routes if run.lead]
    return list(dict.fromkeys([*(label(it) for it in near), *(label(it) for it in authorities())]))


def _number(name: str) -> int:
    """Return a whole number of the form, 0 for anything else."""
    typed = request.form.get(name, "")
    return int(typed) if is_small(typed) else 0
