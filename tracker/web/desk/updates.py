"""Updates at the desk: recorded on one filing or on several of a case at once, corrected."""

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.reference.authorities import authorities, label
from tracker.services import cases, evidence, updates
from tracker.web.desk import views
from tracker.web.forms.filings import UpdateForm
from tracker.web.guard import act, takes_files


@views.route("/cases/<case:number>/updates/new", methods=["GET", "POST"])
@act("update.record", post="update.record")
@takes_files
def update_new(number: str) -> Any:
    """Record what happened to the chosen filings of a case."""
    case = cases.get_case(number)
    form = UpdateForm()
    if request.method == "GET":
        form.corrects.data = request.args.get("corrects", "")[:9]
        form.filings.data = request.args.getlist("filing")[:500] or _filings_of(
            _corrected(case.id, form.corrects.data)
        )
    chosen = [it for it in case.filings if it.number in set(form.filings.data or [])]
    steps = updates.possible_steps(chosen, without=_corrected(case.id, form.corrects.data)) if chosen else []
    form.offer(steps)
    theirs = None
    posted = request.method == "POST" and request.form.get("do") != "choose"
    seen = {it.number: _version(it.number) for it in chosen}
    if posted:
        # Files come in before the write lock is taken: a slow upload must not keep others waiting.
        with form.files.arrived() as arrivals:
            try:
                # Before anything else: a step that was possible when the form was opened may not be any more.
                updates.refuse_stale(chosen, seen)
                if form.validate():
                    for fault in arrivals.faults:
                        form.refuse(fault)
                if not form.errors:
                    entry, doubt = _record(number, form, seen, arrivals)
                    flash(f"Recorded as entry {entry}.", "success")
                    if doubt:
                        flash(doubt, "warning")
                    # A warning stands at the top of the page, so that is where to begin.
                    return redirect(_afterwards(number, chosen) + ("" if doubt else f"#entry-{entry}"), 303)
            except Stale as refusal:
                theirs = refusal.theirs
                form.form_errors.append(str(refusal))
            except RuleBroken as refusal:
                form.refuse(refusal)
            case = cases.get_case(number)
            form.files.put_aside(arrivals)
    if not posted:
        form.form_errors.clear()
    status = 409 if theirs is not None else 422 if posted and form.errors else 200
    shown = [it for it in case.filings if it.number in set(form.filings.data or [])]
    return render_template(
        "desk/update_new.html",
        case=case,
        form=form,
        chosen=shown,
        seen={
            it.number: it.version if theirs is not None or not posted else _version(it.number) for it in shown
        },
        theirs=None if theirs is None else [it for it in theirs if it.number > _number("last")] or theirs,
        last=updates.highest_number(case.id) if theirs is not None or not posted else _number("last"),
        possible=steps,
        actors=_actors(shown, case.ngo),
        corrects=_corrected(case.id, form.corrects.data),
    ), status


def _record(number: str, form: UpdateForm, seen: dict[str, int], arrivals: Any) -> tuple[int, str | None]:
    """Record what was typed with the files that came, and return the number of the entry, and a doubt."""
    with transaction():
        case = cases.get_case(number)
        filings = [it for it in case.filings if it.number in seen]
        new, corrects = form.new_update(), form.corrects.data or ""
        update = updates.record_update(
            filings, new, seen=seen, by=g.actor, corrects=int(corrects) if corrects.isdigit() else None
        )
        evidence.keep_arrived(
            arrivals.files,
            case,
            filing=filings[0] if len(filings) == 1 else None,
            update=update,
            facts=evidence.Facts(source=form.sender.data or None, obtained_on=form.received_on.data),
            folder=current_app.config["TRACKER"].evidence,
            by=g.actor,
        )
        return update.number, updates.doubt_about(filings, new)


def _afterwards(number: str, chosen: list[Any]) -> str:
    """Return the page of the one filing, or that of the case."""
    if len(chosen) == 1:
        return url_for("desk.filing", number=chosen[0].number)
    return url_for("desk.case", number=number)


def _version(number: str) -> int:
    return _number(f"seen-{number}")


def _number(name: str) -> int:
    """Return a whole number of the form, 0 for anything else."""
    typed = request.form.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0


def _corrected(case_id: int, typed: str | None) -> Any:
    """Return the entry to be corrected, or None where none is named."""
    if not typed or not typed.isascii() or not typed.isdigit() or len(typed) > 9:
        return None
    try:
        return updates.get_update(case_id, int(typed))
    except NotFound:
        return None


def _filings_of(entry: Any) -> list[str]:
    """Return the numbers of the filings that an entry names, none where there is no entry."""
    return [] if entry is None else [it.filing.number for it in entry.filings]


def _actors(filings: list[Any], ngo: str) -> list[str]:
    """Return who is likely to have acted: us, the authorities of the filings, then the whole directory."""
    near = [it.authority_slug for it in filings if it.authority_slug]
    near += [run.lead for it in filings for run in it.routes if run.lead]
    return list(
        dict.fromkeys([ngo, *(label(slug) for slug in near), *(label(slug) for slug in authorities())])
    )
