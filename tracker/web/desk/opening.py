"""A case opened at the desk, and the drafts of its form."""

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from tracker.db import transaction
from tracker.errors import RuleBroken, Unsure
from tracker.services import cases as service
from tracker.services import cases_drafts, cases_opening
from tracker.services import controllers as register
from tracker.services.cases_opening import Doubt
from tracker.web.desk import views
from tracker.web.desk.register_lookup import looked_up
from tracker.web.forms import key_in, sure_of
from tracker.web.forms.cases import CaseForm, use
from tracker.web.guard import act

#: What of the form is no part of what was typed.
BESIDE = frozenset({"csrf_token", "do", "draft", "once", "sure"})


@views.route("/cases/new", methods=["GET", "POST"])
@act("case.open", post="case.open")
def case_new() -> Any:
    """Log a case: the form, more rows, a draft, or the case itself."""
    do = request.form.get("do", "")
    form = CaseForm()
    asked: Sequence[Any] = ()
    found: dict[int, Any] = {}
    code = 200
    if request.method == "GET":
        if key := key_in(request.args.get("draft", "")):
            kept = cases_drafts.get_draft(g.actor.user_id, key)
            form = CaseForm(MultiDict({name: value for name, value in kept.typed.items()}))
            form.draft.data = kept.id
    elif do == "draft":
        try:
            with transaction():
                kept = cases_drafts.save_draft(
                    g.actor.user_id,
                    {name: form_values(name) for name in request.form if name not in BESIDE},
                    title=form.draft_title,
                    draft=form.draft.data,
                )
                key = kept.id
        except RuleBroken as refusal:
            form.refuse(refusal)
            code = 422
        else:
            flash("The draft is saved as it stands. It is yours alone until you open the case.", "success")
            return redirect(url_for("desk.case_new", draft=key), 303)
    elif do.startswith("more-"):
        form.more(do.removeprefix("more-"))
    elif do.startswith("find-"):
        found = looked_up(form.controllers, do.removeprefix("find-"))
    elif do.startswith("use-"):
        use(form.controllers, do.removeprefix("use-"), register.get_controller)
    elif number := service.opened_with(form.once.data or "", by=g.actor):
        return _opened_before(number)
    elif form.validate():
        try:
            number, told = _open(form)
        except RuleBroken as refusal:
            form.refuse(refusal)
            code = 422
        except Unsure as unsure:
            asked, code = unsure.doubts, 422
        else:
            if told is None:
                return _opened_before(number)
            flash(f"{number} is open. Next: lodge it.", "success")
            for words in told:
                flash(words, "warning")
            return redirect(url_for("desk.case", number=number), 303)
    else:
        code = 422
    return render_template(
        "desk/case_new.html",
        form=form,
        asked=asked,
        sure=sure_of(asked),
        drafts=cases_drafts.drafts_of(g.actor.user_id),
        known=register.names_offered(),
        found=found,
        projects=service.projects(),
    ), code


def _opened_before(number: str) -> Any:
    flash(f"{number} was opened by this form already.", "success")
    return redirect(url_for("desk.case", number=number), 303)


def _open(form: CaseForm) -> tuple[str, list[str] | None]:
    """Open the case; return its number, and what the register learned and what came of that.

    None is told where the same form, sent twice at once, has opened it meanwhile. Raises Unsure, and stores
    nothing, as long as nobody has said that they read what speaks against it.
    """
    once = form.once.data or ""
    with transaction():
        # Asked again where one writes at a time: before that, both may be told that there is none.
        if number := service.opened_with(once, by=g.actor):
            return number, None
        new = form.new_case(register.named)
        asked = cases_opening.doubts(new)
        opened = service.open_case(new, by=g.actor, once=once)
        told = cases_opening.consequences(opened.learned, opened.rerouted)
        if any(it.differs for it in opened.rerouted):  # what other cases say is not changed in passing
            asked += [Doubt(it) for it in told]
        if asked and form.sure.data != sure_of(asked):
            raise Unsure(asked)
        if form.draft.data:
            cases_drafts.drop_draft(g.actor.user_id, form.draft.data)
        return opened.number, told


def form_values(name: str) -> list[str]:
    """Return what was sent under a name, fit to be stored."""
    return [it.encode("utf-8", "replace").decode().replace("\x00", "") for it in request.form.getlist(name)]


@views.post("/drafts/<small:key>/drop")
@act(post="case.open")
def draft_drop(key: int) -> Any:
    """Throw a draft away, after asking once: nobody could bring it back."""
    if request.form.get("do") != "drop":
        kept = cases_drafts.get_draft(g.actor.user_id, key)
        return render_template("desk/draft_drop.html", draft=kept)
    with transaction():
        cases_drafts.drop_draft(g.actor.user_id, key)
    flash("The draft is gone.", "success")
    return redirect(url_for("desk.case_new"), 303)
