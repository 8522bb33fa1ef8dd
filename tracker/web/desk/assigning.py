"""Who sees to filings: named for the chosen ones, or all of a person handed over in one act."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from wtforms.fields import SelectChoice

from tracker.db import transaction
from tracker.errors import RuleBroken
from tracker.reference.authorities import label
from tracker.rules.access import may
from tracker.services import accounts, filings_assigning
from tracker.web.desk import views
from tracker.web.forms import key_in
from tracker.web.forms.assigning import AssignForm, HandOverForm
from tracker.web.guard import act

#: So many filings are named in one act.
MOST = 500


@views.route("/assign", methods=["GET", "POST"])
@act("filing.assign", post="filing.assign")
def assign() -> Any:
    """Name who sees to the filings of the address, or to all of a case."""
    form = AssignForm()
    people = filings_assigning.who_can()
    form.offer(people)
    if request.method == "GET":
        form.filings.data = list(dict.fromkeys(request.args.getlist("filing")))[:MOST]
        form.person.data = str(g.actor.user_id) if g.actor.user_id in {it.id for it in people} else ""
    elif form.validate():
        try:
            if not form.person.data:
                raise RuleBroken("Choose a person, or nobody.", field="person")
            with transaction():
                done = filings_assigning.assign(form.filings.data or [], form.user_id, by=g.actor)
            named = next((it.name for it in people if it.id == form.user_id), "nobody")
            flash(_assigned(done, named), "success")
            return redirect(_afterwards(form.filings.data or []), 303)
        except RuleBroken as refusal:
            form.refuse(refusal)
    # What was chosen stays on the page: it may be a case, and who sees to what there now is told beside it.
    offered = [*(form.filings.data or []), *request.form.getlist("offered")]
    found = filings_assigning.chosen(list(dict.fromkeys(offered))[:MOST], request.args.get("case", "")[:20])
    if request.args.get("case") and request.method == "GET":
        form.filings.data = [it.number for it in found]
    form.filings.choices = [
        SelectChoice(
            it.number,
            f"{it.number} {label(it.authority, it.country)}",
            render_kw={"hint": f"now {it.responsible or 'nobody'}"},
        )
        for it in found
    ]
    faulty = form.errors or form.form_errors
    return render_template(
        "desk/assign.html", form=form, found=found, back=_afterwards([it.number for it in found])
    ), (422 if faulty else 200)


def _assigned(done: list[str], name: str) -> str:
    if not done:
        return f"Nothing to change: {name} sees to them already."
    which = done[0] if len(done) == 1 else f"{len(done)} filings"
    return f"{name[:1].upper()}{name[1:]} sees to {which} now."


def _afterwards(numbers: list[str]) -> str:
    """Return the page of the one filing, of the case of all, or the docket."""
    if len(numbers) == 1:
        return url_for("desk.filing", number=numbers[0])
    cases = {it.partition("-")[0] for it in numbers}
    return url_for("desk.case", number=cases.pop()) if len(cases) == 1 else url_for("desk.docket_page")


@views.route("/people/<small:key>/hand-over", methods=["GET", "POST"])
@act("people.hand_over", post="people.hand_over")
def hand_over(key: int) -> Any:
    """Show everything that a person sees to, and give it to somebody else in one act."""
    leaver = accounts.get_user_by_id(key)
    form = HandOverForm()
    people = filings_assigning.who_can()
    form.offer(people, key)
    if request.method == "POST" and form.validate():
        try:
            name = leaver.name
            with transaction():
                many = filings_assigning.hand_over(
                    key, key_in(form.to.data or ""), seen=form.seen.data or 0, by=g.actor
                )
            heir = next(it.name for it in people if str(it.id) == form.to.data)
            flash(f"{heir} sees to {many} {'filing' if many == 1 else 'filings'} of {name} now.", "success")
            return redirect(_after_handing_over(form.to.data), 303)
        except RuleBroken as refusal:
            form.refuse(refusal)
    held = filings_assigning.held_by(key)
    total = sum(it.filings for it in held)
    faulty = bool(form.errors or form.form_errors)
    form.seen.data = total
    reads = may(g.actor, "case.read")
    return render_template(
        "desk/hand_over.html",
        form=form,
        leaver=leaver,
        total=total,
        still=sum(it.open for it in held),
        rows=[
            {
                "href": url_for("desk.case", number=it.case) if reads else None,
                "cells": [it.case, it.filings, it.open],
            }
            for it in held
        ],
        back=url_for("desk.docket_page") if reads else url_for("desk.people"),
    ), (422 if faulty else 200)


def _after_handing_over(heir: str) -> str:
    if may(g.actor, "docket.read"):
        return url_for("desk.docket_page", person=heir)
    return url_for("desk.people")
