"""Routes at the desk: changed answers confirmed, answers overridden, what authorities did about the lead."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.services import cases, filings, routing_changes, routing_overrides
from tracker.services.routing_changes import Waiting
from tracker.web.desk import rows, views
from tracker.web.desk.cases import small_number
from tracker.web.desk.route_acts import around, notice_of
from tracker.web.forms.routes import ConfirmForm, OverrideForm, WithdrawForm
from tracker.web.guard import act

#: Cases of which the list shows the filings, on one page.
PAGE = 50


@views.get("/routes")
@act("filing.read")
def routes() -> str:
    """List the filings whose lead may have changed, case by case."""
    page = small_number("page") or 1
    counted = routing_changes.cases_waiting()
    shown = counted[(page - 1) * PAGE : page * PAGE]
    found = routing_changes.waiting(numbers=[it.number for it in shown])
    by_case: dict[str, list[Waiting]] = {it.number: [] for it in shown}
    for it in found:
        by_case[it.filing.case.number].append(it)

    def place(number: int) -> str | None:
        there = number != page and 1 <= number <= -(-len(counted) // PAGE)
        return url_for("desk.routes", page=number) if there else None

    total = sum(it.filings for it in counted)
    return render_template(
        "desk/routes.html",
        cases=[
            {
                "number": it.number,
                "title": it.title,
                "filings": it.filings,
                "groups": _groups(by_case[it.number]),
            }
            for it in shown
        ],
        total=total,
        total_words=f"{total} {'filing' if total == 1 else 'filings'} in {len(counted)} "
        f"{'case' if len(counted) == 1 else 'cases'}",
        previous=place(page - 1),
        next=place(page + 1),
    )


def _groups(found: list[Waiting]) -> list[dict[str, Any]]:
    """Return each distinct change once, with the filings of which it is one."""
    groups: dict[tuple[str, str], list[Any]] = {}
    for it in found:
        for controller, change in it.changes:
            groups.setdefault((controller.name, notice_of(change)), []).append(it.filing)
    return [
        {
            "controller": controller,
            "words": words,
            "filings": [(it.number, url_for("desk.filing", number=it.number)) for it in here],
        }
        for (controller, words), here in groups.items()
    ]


@views.route("/cases/<case:number>/routes", methods=["GET", "POST"])
@act("filing.read", post="route.confirm")
def case_routes(number: str) -> Any:
    """Confirm the changed answers of filings of a case, all of them or some, in one act."""
    case = cases.get_case(number)
    form = ConfirmForm()
    code = 200
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                done = routing_changes.confirm(
                    cases.get_case(number),
                    form.filings.data or [],
                    seen=form.runs(),
                    note=form.note.data or None,
                    by=g.actor,
                )
                many = len(done)
            flash(f"Confirmed for {many} {'filing' if many == 1 else 'filings'}.", "success")
            return redirect(url_for("desk.case", number=number) + "#lead", 303)
        except Stale as refusal:
            code = 409
            form.form_errors.append(str(refusal))
        except RuleBroken as refusal:
            form.refuse(refusal)
        case = cases.get_case(number)
    found = routing_changes.waiting(numbers=[number])
    if request.method == "GET":
        asked = request.args.getlist("filing")[:500]
        form.filings.data = [it.filing.number for it in found if not asked or it.filing.number in asked]
    form.filings.choices = [
        (it.filing.number, f"{it.filing.number} {rows.label(it.filing.authority_slug, it.filing.country)}")
        for it in found
    ]
    form.seen.data = " ".join(str(change.run.id) for it in found for _, change in it.changes)
    faulty = form.errors or form.form_errors
    return render_template(
        "desk/case_routes.html", case=case, form=form, groups=_groups(found), waiting=len(found)
    ), (422 if faulty and code == 200 else code)


@views.route("/filings/<filing:number>/route/override", methods=["GET", "POST"])
@act("route.override", post="route.override")
def route_override(number: str) -> Any:
    """Say who leads a filing whatever the rules find, or withdraw that again."""
    found = filings.get_filing(number)
    form, ending = OverrideForm(), WithdrawForm()
    form.offer(found.controllers)
    do, code = request.form.get("do", ""), 200
    asked = ending if do == "withdraw" else form
    if request.method == "POST" and asked.validate():
        try:
            with transaction():
                filing = filings.get_filing(number)
                if do == "withdraw":
                    key = ending.override.data or 0
                    routing_overrides.withdraw(filing, override_id=key, note=ending.note.data, by=g.actor)
                else:
                    routing_overrides.override(
                        filing,
                        controller_id=form.controller_id,
                        lead=form.lead.data,
                        why=form.why.data,
                        by=g.actor,
                        seen=form.seen.data or "",
                    )
            flash("The override is withdrawn." if do == "withdraw" else "The route is overridden.", "success")
            return redirect(url_for("desk.filing", number=number) + "#why", 303)
        except Stale as refusal:
            code = 409
            form.form_errors.append(str(refusal))
        except RuleBroken as refusal:
            asked.refuse(refusal)
        found = filings.get_filing(number)
    if request.method == "GET" or code == 409:
        form.seen.data = routing_overrides.seen_in(found)
    return render_template(
        "desk/route_override.html",
        filing=found,
        case=found.case,
        form=form,
        ending=ending,
        wrong=asked,
        **around(found),
    ), (422 if code == 200 and (asked.errors or asked.form_errors) else code)
