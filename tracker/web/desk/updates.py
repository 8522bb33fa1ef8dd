"""Updates at the desk: recorded on one filing or on several of a case at once, corrected."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from wtforms.fields import SelectChoice

from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.reference import tables
from tracker.reference.authorities import authorities, label
from tracker.reference.periods import periods
from tracker.rules.text import shown
from tracker.services import cases, docket_why, evidence, silence_marks, standing, updates, updates_steps
from tracker.web.desk import deadline_acts, views
from tracker.web.desk.docket_rows import act_address
from tracker.web.desk.protocol import entry_row
from tracker.web.forms import is_small
from tracker.web.forms.filings import UpdateForm
from tracker.web.guard import act, takes_files

#: What a button of the form does instead of recording: everything typed stays, nothing is looked at.
CHOOSING = ("choose", "other", "all", "none")


@views.route("/cases/<case:number>/updates/new", methods=["GET", "POST"])
@act("update.record", post="update.record")
@takes_files
def update_new(number: str) -> Any:
    """Record what happened to the chosen filings of a case, or correct an entry."""
    case = cases.get_case(number)
    form = UpdateForm()
    if request.method == "GET":
        return _opened(case, form)
    theirs: list[int] | None = None
    do = request.form.get("do", "")
    # Files come in before the write lock is taken: a slow upload must not keep others waiting.
    with form.files.arrived() as arrivals:
        if do in CHOOSING:
            if do in ("all", "none"):
                form.filings.data = [it.number for it in case.filings if do == "all"]
            elif do == "choose" and not form.filings.data:
                form.refuse(RuleBroken("Choose at least one filing.", field="filings"))
        else:
            try:
                corrects = _corrects(case.id, form.corrects.data)
                chosen = _chosen(case, form)
                seen = {it.number: _number(f"seen-{it.number}") for it in chosen}
                # Before anything else: a step that was possible when the form was opened may not be any more.
                updates.refuse_stale(chosen, seen)
                if form.validate() and not arrivals.faults:
                    entry, doubts = _record(number, form, seen, arrivals, corrects=corrects)
                    flash(f"Recorded as entry {entry}.", "success")
                    for doubt in doubts:
                        flash(doubt, "warning")
                    # A warning stands at the top of the page, so that is where to begin.
                    return redirect(_afterwards(number, chosen) + ("" if doubts else f"#entry-{entry}"), 303)
            except Stale as refusal:
                theirs = [it.number for it in refusal.theirs]
                form.form_errors.append(str(refusal))
            except RuleBroken as refusal:
                form.refuse(refusal)
            case = cases.get_case(number)
        form.files.put_aside(arrivals)
    refused = form.files.status(arrivals) if form.errors or form.form_errors else 200
    status = 409 if theirs is not None else refused
    return _page(case, form, theirs=theirs, do=do), status


def _opened(case: Any, form: UpdateForm) -> Any:
    """Answer who opens the form: empty, or filled with the entry that is going to be corrected."""
    typed, filings = request.args.get("corrects"), request.args.getlist("filing")[:500]
    if typed:
        if not is_small(typed):
            raise NotFound("There is no such entry in this case.")
        old = updates.get_update(case.id, int(typed))
        newest = updates.in_force(old)
        if newest != old.number:
            return redirect(
                url_for("desk.update_new", number=case.number, corrects=newest, filing=filings or None), 303
            )
        said = docket_why.entry_saying(case.id, old.number)
        if said is not None:
            return redirect(deadline_acts.correct_address(said), 303)
        form.fill(old)
        form.fill_marks(silence_marks.marks_of([case.id]).get(old.id, silence_marks.NONE))
        form.corrects.data = str(old.number)
    elif (step := request.args.get("step")) in tables.steps():
        form.step.data = step
    form.filings.data = filings or form.filings.data or []
    return _page(case, form)


def _page(case: Any, form: UpdateForm, *, theirs: list[int] | None = None, do: str = "") -> str:
    """Return the page: which filings first, then what happened to them.

    `theirs` are the entries that others recorded while this form was being written.
    """
    old = _correctable(case, form)
    chosen = _chosen(case, form)
    steps = updates_steps.offer(chosen, without=old)
    form.offer(steps)
    form.offer_reminders(silence_marks.reminders_for(chosen))
    form.filings.choices = [
        SelectChoice(it.number, f"{it.number} {where}")
        for it in case.filings
        for where in [label(it.authority_slug, it.country)]
    ]
    form.filings.flags.required = True
    listing = old is not None or not chosen or do in CHOOSING[1:]
    entries = updates.protocol(case.id) if old or theirs else []
    exhibits = evidence.exhibits(case.id) if old else []
    since = _number("last")
    newer = [it for it in entries if it.number > since and (it.corrects_id or it.number in (theirs or ()))]
    # A filing may also be touched by a correction that leaves it out, and then no entry of its own is new.
    meanwhile = newer or [it for it in entries if it.number in (theirs or ())]

    def row(entry: Any) -> dict[str, Any]:
        proofs = [it for it in exhibits if it.update_id == entry.id]
        return entry_row(entry, case.number, proofs, filings=len(case.filings))

    return render_template(
        "desk/update_new.html",
        case=case,
        form=form,
        chosen=chosen,
        listing=listing,
        typed=bool(chosen or old or "step" in request.form),
        # Who was not told of a newer version yet keeps the one that the form was opened with.
        seen={
            it.number: (theirs is None and _number(f"seen-{it.number}")) or it.version
            for it in (case.filings if listing else chosen)
        },
        theirs=None if theirs is None else [row(it) for it in meanwhile],
        last=(theirs is None and since) or standing.highest_number(case.id),
        stuck=len(chosen) > 1 and not any(tables.procedure().moves(it.code) for it in steps.now),
        actors=_actors(chosen, case.ngo),
        corrects=None if old is None else row(next(it for it in entries if it.id == old.id)),
        limit=current_app.config["TRACKER"].max_upload,
    )


def _chosen(case: Any, form: UpdateForm) -> list[Any]:
    """Return the filings of the case that are ticked."""
    ticked = set(form.filings.data or [])
    return [it for it in case.filings if it.number in ticked]


def _corrects(case_id: int, typed: str | None) -> int | None:
    """Return the number of the entry to be corrected, None for none. Raises RuleBroken for what is none."""
    if not typed:
        return None
    if not is_small(typed):
        raise RuleBroken(f"There is no entry {shown(typed)} to correct.", field="corrects")
    try:
        return updates.get_update(case_id, int(typed)).number
    except NotFound:
        raise RuleBroken(f"There is no entry {typed} to correct.", field="corrects") from None


def _correctable(case: Any, form: UpdateForm) -> Any:
    """Return the entry that the form corrects now, None for none.

    Where somebody else corrected it meanwhile the form goes on with what stands there now.
    """
    try:
        number = _corrects(case.id, form.corrects.data)
    except RuleBroken:
        return None
    if number is None:
        return None
    newest = updates.in_force(updates.get_update(case.id, number))
    form.corrects.data = str(newest)
    return updates.get_update(case.id, newest)


def _record(
    number: str, form: UpdateForm, seen: dict[str, int], arrivals: Any, *, corrects: int | None
) -> tuple[int, list[str]]:
    """Record what was typed with the files that came; return the number of the entry, and what to look at."""
    with transaction():
        case = cases.get_case(number)
        filings = [it for it in case.filings if it.number in seen]
        update = updates.record_update(filings, form.new_update(), seen=seen, by=g.actor, corrects=corrects)
        evidence.keep_arrived(
            arrivals.files,
            case,
            filing=filings[0] if len(filings) == 1 else None,
            update=update,
            facts=evidence.Facts(source=form.sender.data or None, obtained_on=form.received_on.data),
            folder=current_app.config["TRACKER"].evidence,
            by=g.actor,
        )
        silence_marks.mark(update, empty=form.empty.data, answers=form.reminder, by=g.actor)
        doubt = updates_steps.doubt_about(filings, update)
        start = standing.place_of(update)
        until = _until_when(docket_why.without_a_day(filings, start), start)
        return update.number, [it for it in (doubt, until) if it]


def _until_when(begun: Sequence[tuple[str, str]], start: int) -> str:
    """Return what to add where an entry began a deadline of ours of which nobody said the last day."""
    if not begun:
        return ""
    (number, period), many = begun[0], len({filing for filing, _ in begun})
    return Markup(
        'Until when we have to act is not recorded, on {}: {}. <a href="{}">Say the last day</a>'
    ).format(
        f"{many} filings" if many > 1 else number,
        periods()[period].label,
        act_address(number, period, start, "fix"),
    )


def _afterwards(number: str, chosen: list[Any]) -> str:
    """Return the page of the one filing, or that of the case."""
    if len(chosen) == 1:
        return url_for("desk.filing", number=chosen[0].number)
    return url_for("desk.case", number=number)


def _number(name: str) -> int:
    """Return a whole number of the form, 0 for anything else."""
    typed = request.form.get(name, "")
    return int(typed) if is_small(typed) else 0


def _actors(filings: list[Any], ngo: str) -> list[str]:
    """Return who is likely to have acted: us, the authorities of the filings, then the whole directory."""
    near = [it.authority_slug for it in filings if it.authority_slug]
    near += [run.lead for it in filings for run in it.routes if run.lead]
    return list(
        dict.fromkeys([ngo, *(label(slug) for slug in near), *(label(slug) for slug in authorities())])
    )
