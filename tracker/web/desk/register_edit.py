"""A controller of the register at the desk: added, and changed, from a day on or as a correction."""

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for

from tracker.db import transaction
from tracker.errors import NotFound, RuleBroken, Stale, Unsure
from tracker.services import controllers_amending as service
from tracker.services import controllers_finding as finding
from tracker.services import controllers_history as history
from tracker.services.controllers_amending import Amended
from tracker.services.controllers_statement import Statement
from tracker.web.desk import register_words, views
from tracker.web.desk.cases import small_number
from tracker.web.forms import sure_of
from tracker.web.forms.register import RegisterForm, typed
from tracker.web.guard import act

#: Filings that are named one by one after a change; more are counted.
NAMED = 12


@views.route("/controllers/new", methods=["GET", "POST"])
@act("controller.amend", post="controller.amend")
def controller_new() -> Any:
    """Add a controller to the register; where it is likely there already, ask first."""
    form = RegisterForm.of(None)
    do = request.form.get("do", "")
    asked: Sequence[Any] = ()
    if do.startswith("more-"):
        form.more(do.removeprefix("more-"))
    elif request.method == "POST" and form.validate():
        try:
            with transaction():
                said = form.said()
                asked = register_words.likely(said.statement)
                # What is refused in any case is refused before anybody is asked.
                it = service.add_to_register(said, by=g.actor, why=form.why.data or None)
                key, name = it.id, it.name
                if asked and form.sure.data != sure_of(asked):
                    raise Unsure(asked)
        except Unsure:
            pass
        except RuleBroken as refusal:
            asked = ()
            form.refuse(refusal)
        else:
            flash(f"{name} is in the register.", "success")
            return redirect(url_for("desk.controller", key=key), 303)
    code = 422 if asked or (form.errors and not do.startswith("more-")) else 200
    return render_template(
        "desk/register_edit.html",
        form=form,
        now=None,
        compared=None,
        own=[],
        key=None,
        asked=asked,
        sure=sure_of(asked),
    ), code


@views.route("/controllers/<small:key>/edit", methods=["GET", "POST"])
@act("controller.amend", post="controller.amend")
def controller_edit(key: int) -> Any:
    """Change a controller of the register; the filings against it are routed again.

    ?revision=3 fills the form with what the register said after the third change, to be saved again.
    """
    now = service.said_of(service.get_register(key))
    form = RegisterForm.of(now, _earlier(key))
    do, compared = request.form.get("do", ""), None
    if do.startswith("more-"):
        form.more(do.removeprefix("more-"))
    elif request.method == "POST" and form.validate():
        try:
            with transaction():
                done = service.amend_controller(
                    key, form.said(), seen=form.seen.data or "", by=g.actor, why=form.why.data or None
                )
                told = consequences(done)
        except Stale as refusal:
            now = service.said_of(service.get_register(key))
            compared = register_words.compared(now, typed(form.said()))
            form = form.beside(now)
            form.form_errors.append(str(refusal))
        except RuleBroken as refusal:
            now = service.said_of(service.get_register(key))
            form.refuse(refusal)
        else:
            flash(told[0], "success")
            for words in told[1:]:
                flash(words, "warning")
            return redirect(url_for("desk.controller", key=key), 303)
    code = 409 if compared else 422 if form.errors and not do.startswith("more-") else 200
    return render_template(
        "desk/register_edit.html",
        form=form,
        now=now,
        compared=compared,
        own=register_words.own_answers(finding.cases_against(key)),
        key=key,
        earlier=small_number("revision"),
    ), code


def _earlier(key: int) -> Statement | None:
    number = small_number("revision")
    if number is None:
        if request.args.get("revision"):
            raise NotFound("There is no such change.")
        return None
    return Statement.from_json(history.said_at(key, number).said)


def consequences(done: Amended) -> list[str]:
    """Return in sentences what saving did: to the register, and to the routes of filings."""
    if not done.changed:
        return ["Nothing was changed: the register says this already."]
    told = ["Saved."]
    if done.differing:
        some = ", ".join(done.differing[:NAMED])
        more = f" and {len(done.differing) - NAMED} more" if len(done.differing) > NAMED else ""
        who = "1 filing" if len(done.differing) == 1 else f"{len(done.differing)} filings"
        told.append(f"The answer of the routing rules is another for {who}: {some}{more}.")
    elif done.anew:
        count = "1 route was" if len(done.anew) == 1 else f"{len(done.anew)} routes were"
        told.append(
            f"{count} worked out anew; the answer stays the same. A case may have an answer of its own, and "
            "a filing that has ended keeps its route."
        )
    return told
