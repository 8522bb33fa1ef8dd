"""What authorities did about the lead, at the desk: recorded on filings of a case, corrected."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.services import cases, updates, updates_lead_acts
from tracker.web.desk import views
from tracker.web.forms import is_small
from tracker.web.forms.routes import LeadActForm
from tracker.web.guard import act


@views.route("/cases/<case:number>/lead-acts/new", methods=["GET", "POST"])
@act("update.record", post="update.record")
def lead_act_new(number: str) -> Any:
    """Record what an authority did about the lead: presumed, confirmed, disputed, returned."""
    case = cases.get_case(number)
    form = LeadActForm()
    code = 200
    if request.method == "GET":
        _open(case, form)
    elif form.validate():
        try:
            with transaction():
                case = cases.get_case(number)
                ticked = set(form.filings.data or [])
                chosen = [it for it in case.filings if it.number in ticked]
                done = updates_lead_acts.record_act(
                    chosen,
                    form.said(),
                    seen={it.number: _number(f"seen-{it.number}") or it.version for it in chosen},
                    by=g.actor,
                    corrects=_corrects(form.corrects.data),
                )
                entries = " and ".join(f"entry {it}" for it in done.numbers)
                staying = form.act.data != "presumed" and done.staying is not None
                stays = done.staying.number if done.staying else 0
            flash(f"Recorded as {entries}.", "success")
            if staying:
                flash(f"Entry {stays} moves no stage: the procedure allows no such step there.", "warning")
            one = chosen[0].number if len(chosen) == 1 else None
            page = url_for("desk.filing", number=one) + "#why" if one else url_for("desk.case", number=number)
            return redirect(page, 303)
        except Stale as refusal:
            code = 409
            form.form_errors.append(f"{refusal} Read what is new on its page, and save once more.")
        except RuleBroken as refusal:
            form.refuse(refusal)
        case = cases.get_case(number)
    form.offer(case)
    faulty = form.errors or form.form_errors
    return render_template(
        "desk/lead_act_new.html",
        case=case,
        form=form,
        seen={it.number: (code == 200 and _number(f"seen-{it.number}")) or it.version for it in case.filings},
    ), (422 if faulty and code == 200 else code)


def _open(case: Any, form: LeadActForm) -> None:
    """Fill the form with the filings that the address names, or with the entry to be corrected."""
    form.filings.data = request.args.getlist("filing")[:500]
    typed = request.args.get("corrects")
    if typed is None:
        return
    if not is_small(typed):
        raise NotFound("There is no such entry in this case.")
    entry = updates.get_update(case.id, int(typed))
    newest = updates.in_force(entry)
    entry = updates.get_update(case.id, newest)
    form.fill(updates_lead_acts.filled_from(entry), [it.filing.number for it in entry.filings])
    form.corrects.data = str(newest)


def _corrects(typed: str | None) -> int | None:
    if not typed:
        return None
    if not is_small(typed):
        raise RuleBroken("There is no such entry to correct.", field="corrects")
    return int(typed)


def _number(name: str) -> int:
    """Return a whole number of the form, 0 for anything else."""
    typed = request.form.get(name, "")
    return int(typed) if is_small(typed) else 0
