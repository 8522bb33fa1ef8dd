"""Updates at the desk: recorded on one filing or on several of a case at once, corrected."""

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale, TooLarge
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
    kept = current_app.config["TRACKER"]
    posted = request.method == "POST" and request.form.get("do") != "choose"
    seen = {it.number: _version(it.number) for it in chosen}
    try:
        # Before anything else: a step that was possible when the form was opened may not be any more.
        if posted:
            updates.refuse_stale(chosen, seen)
    except Stale as refusal:
        theirs = refusal.theirs
        form.form_errors.append(str(refusal))
    if posted and theirs is None and form.validate():
        try:
            # Files come in before the write lock is taken: a slow upload must not keep others waiting.
            with evidence.received(_sent(form), folder=kept.evidence, limit=kept.max_upload) as arrived:
                with transaction():
                    fresh = cases.get_case(number)
                    filings = [it for it in fresh.filings if it.number in seen]
                    update = updates.record_update(
                        filings,
                        form.new_update(),
                        seen=seen,
                        by=g.actor,
                        corrects=int(form.corrects.data) if (form.corrects.data or "").isdigit() else None,
                    )
                    evidence.keep_arrived(
                        arrived,
                        fresh,
                        filing=filings[0] if len(filings) == 1 else None,
                        update=update,
                        facts=evidence.Facts(
                            source=form.sender.data or None, obtained_on=form.received_on.data
                        ),
                        folder=kept.evidence,
                        by=g.actor,
                    )
                    entry, doubt = update.number, updates.doubt_about(filings, form.new_update())
        except Stale as refusal:
            theirs = refusal.theirs
            form.form_errors.append(str(refusal))
            case = cases.get_case(number)
        except (RuleBroken, TooLarge) as refusal:
            case = cases.get_case(number)
            form.refuse(refusal)
        else:
            flash(f"Recorded as entry {entry}.", "success")
            if doubt:
                flash(doubt, "warning")
            place = (
                url_for("desk.filing", number=chosen[0].number)
                if len(chosen) == 1
                else url_for("desk.case", number=number)
            )
            # A warning stands at the top of the page, so that is where to begin.
            return redirect(place if doubt else f"{place}#entry-{entry}", 303)
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


def _sent(form: UpdateForm) -> list[tuple[Any, str]]:
    """Return the files that came along, each with its name."""
    return [(it.stream, it.filename or "") for it in form.files.data or [] if it.filename]


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
