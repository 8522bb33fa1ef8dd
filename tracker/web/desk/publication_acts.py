"""What is done about publication at the desk: propose, clear, decline, hold back, withdraw, take back."""

from typing import Any

from flask import current_app, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from tracker.config import Settings
from tracker.db import transaction
from tracker.errors import CopyBehind, RuleBroken
from tracker.services import cases, publication
from tracker.web.desk import publication_choices as choices
from tracker.web.desk import views
from tracker.web.desk.publication import catch_up, copy, page
from tracker.web.desk.publication_rows import embargo_of, parts_of
from tracker.web.forms import Form
from tracker.web.forms.filings import NoteForm
from tracker.web.forms.publishing import EmbargoForm, TakeBackForm, WithdrawForm
from tracker.web.guard import act


def _read(form: Form) -> Form:
    """Return a form whose fields can be read. Raises RuleBroken, naming the first that cannot."""
    if not form.validate():
        for it in form:
            if it.errors:
                words = " ".join(str(each) for each in it.errors)
                it.errors = []
                raise RuleBroken(words, field=it.name)
        raise RuleBroken("The form cannot be read: open the page again.")
    return form


def _back(number: str) -> Response:
    return redirect(url_for("desk.publication_case", number=number), 303)


@views.post("/cases/<case:number>/publication/propose")
@act(post="publication.propose")
def publication_propose(number: str) -> Any:
    """Propose what is ticked; another person clears it."""
    form = EmbargoForm()
    form.offer_zone()
    try:
        _read(form)
        with transaction():
            case = cases.get_case(number)
            content = publication.content_of(case, **choices.chosen(request.form))
            note = form.note.data or ""
            publication.propose(case, content, note=note, by=g.actor, until=form.until())
    except RuleBroken as refusal:
        return page(number, refusal, form=form, at="propose")
    flash("Proposed. An editor who is not you clears it.", "success")
    return _back(number)


@views.post("/publications/<small:key>")
@act(post="publication.clear")
def publication_decide(key: int) -> Any:
    """Clear a proposal exactly as it was read, now or from a moment on, or decline it."""
    clearing = request.form.get("do") == "clear"
    read = publication.get_publication(key)
    number = cases.number_of(read.case_id)
    beside = _beside()
    form = EmbargoForm()
    form.offer_zone()
    try:
        _read(form)
        with transaction():
            if clearing:
                cleared = _clear(key, number, form, beside)
            else:
                publication.decline(key, note=form.note.data or "", by=g.actor)
        if clearing and cleared is None:
            copy(number, "Cleared in the file.")
    except (RuleBroken, CopyBehind) as refusal:
        again = publication.get_publication(key)
        return page(number, refusal, form=form, at="decide", read=again, beside=beside)
    catch_up()
    if not clearing:
        flash("Declined. Nothing public changed.", "success")
    elif cleared is not None:
        flash(f"{number} is cleared, and becomes public on {cleared}.", "success")
    else:
        flash(f"{number} is public as cleared.", "success")
    return _back(number)


def _clear(key: int, number: str, form: Any, beside: int | None) -> str | None:
    """Clear a proposal, and return from when it is public, None for at once."""
    settings: Settings = current_app.config["TRACKER"]
    case = cases.get_case(number)
    public = publication.status_of(case.id).public
    known = publication.known_marks(case, public.content if public else None)
    cleared = publication.clear(
        key,
        note=form.note.data or "",
        by=g.actor,
        alone=settings.publish_alone,
        until=form.until(),
        standing=publication.warnings(case, publication.get_publication(key).content),
        looked_at=known.union(request.form.getlist("looked_at")),
        beside=beside,
    )
    return embargo_of(cleared) if cleared.embargo_until else None


def _beside() -> int | None:
    typed = request.form.get("beside", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 20 else None


@views.post("/publications/<small:key>/embargo")
@act(post="publication.clear")
def publication_embargo(key: int) -> Any:
    """Give an embargo another end, or lift it now."""
    number = cases.number_of(publication.get_publication(key).case_id)
    lifting = request.form.get("do") == "lift"
    form = EmbargoForm()
    form.offer_zone()
    try:
        _read(form)
        until = None if lifting else form.until()
        if not lifting and until is None:
            raise RuleBroken("Say on which day it becomes public, or lift the embargo.", field="day")
        with transaction():
            if until is None:
                publication.lift(key, by=g.actor)
            else:
                publication.move(key, until, by=g.actor)
        if lifting:
            copy(number, "The embargo is lifted in the file.")
    except (RuleBroken, CopyBehind) as refusal:
        return page(number, refusal, form=form, at="move")
    flash(f"{number} is public as cleared." if lifting else "The embargo has another end.", "success")
    return _back(number)


@views.post("/publications/<small:key>/call-off")
@act(post="publication.withdraw")
def publication_call_off(key: int) -> Any:
    """Take back what is under embargo before it becomes public."""
    number = cases.number_of(publication.get_publication(key).case_id)
    form = NoteForm()
    try:
        _read(form)
        with transaction():
            publication.call_off(key, note=form.note.data or "", by=g.actor)
    except RuleBroken as refusal:
        return page(number, refusal, form=form, at="call_off")
    flash("Called off. It does not become public.", "success")
    return _back(number)


@views.post("/cases/<case:number>/publication/withdraw")
@act(post="publication.withdraw")
def publication_withdraw(number: str) -> Any:
    """Take a case back from the public, at once."""
    form = WithdrawForm()
    try:
        _read(form)
        with transaction():
            publication.withdraw(
                cases.get_case(number), note=form.note.data or "", by=g.actor, reason=form.why()
            )
        copy(number, "Withdrawn in the file.")
    except (RuleBroken, CopyBehind) as refusal:
        return page(number, refusal, form=form, at="withdraw")
    catch_up()
    flash(f"{number} is withdrawn. Its public address answers that it was.", "success")
    return _back(number)


@views.post("/cases/<case:number>/publication/take-back")
@act(post="publication.withdraw")
def publication_take_back(number: str) -> Any:
    """Take one entry, filing, decision or other part back from the public, at once."""
    form = TakeBackForm()
    try:
        with transaction():
            case = cases.get_case(number)
            public = publication.status_of(case.id).public
            if public is None:
                raise RuleBroken(f"{case.number} is not public.")
            parts_of(form, public, publication.records_of(case))
            _read(form)
            publication.take_back(
                case, form.chosen(), note=form.note.data or "", by=g.actor, reason=form.why()
            )
        copy(number, "Taken back in the file.")
    except (RuleBroken, CopyBehind) as refusal:
        return page(number, refusal, form=form, at="take_back")
    catch_up()
    flash("Taken back. The public does not read it any more.", "success")
    return _back(number)


@views.post("/cases/<case:number>/publication/copy")
@act(post="publication.clear")
def publication_copy(number: str) -> Any:
    """Copy once more what was decided of a case and did not reach the public store then."""
    cases.get_case(number)
    try:
        copy(number, "Nothing was lost.")
    except CopyBehind as refusal:
        return page(number, refusal)
    flash(f"The public copy of {number} is as it was decided.", "success")
    return _back(number)
