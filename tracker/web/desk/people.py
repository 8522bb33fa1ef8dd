"""People: who signs out, and, for the admin, who is added, disabled, given another role or password."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.db import transaction
from tracker.errors import RuleBroken
from tracker.rules.vocabulary import Role
from tracker.services import accounts, calendar_feed, filings_assigning
from tracker.web import session
from tracker.web.account import hash_password
from tracker.web.desk import views
from tracker.web.desk.docket import orphaned_files
from tracker.web.forms.account import PersonForm
from tracker.web.guard import act


@views.post("/sign-out")
@act(post="account.own")
def sign_out() -> Response:
    """Sign out, everywhere at once: no copy of the cookie is good for anything after this."""
    with transaction():
        accounts.sign_out(accounts.get_user_by_id(g.actor.user_id), by=g.actor)
    session.end()
    answer = redirect(url_for("security.login"), 303)
    # Not "cookies": that would sign people out of every other site of their organisation as well.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@views.route("/people", methods=["GET", "POST"])
@act("people.manage", post="people.manage")
def people() -> Any:
    """List everybody; add somebody."""
    form = PersonForm()
    if request.method == "POST" and form.validate():
        try:
            hashed = hash_password(form.password.data)
            with transaction():
                accounts.add_user(
                    form.email.data,
                    name=form.name.data,
                    role=Role(form.role.data),
                    password_hash=hashed,
                    by=g.actor,
                )
        except RuleBroken as refusal:
            form.refuse(refusal)
        else:
            flash(f"{form.name.data} can sign in now.", "success")
            return redirect(url_for("desk.people"), 303)
    code = 422 if form.errors else 200
    return render_template(
        "desk/people.html",
        form=form,
        people=accounts.people(),
        roles=list(Role),
        me=g.actor.user_id,
        with_calendar=calendar_feed.owners(),
        held=filings_assigning.numbers_held(),
        orphaned=orphaned_files(),
    ), code


@views.post("/people/<small:key>")
@act(post="people.manage")
def person(key: int) -> Response:
    """Disable or enable a person, give another role or password (open sessions end), end their calendar."""
    do = request.form.get("do", "")
    try:
        hashed = hash_password(request.form.get("password", "")) if do == "password" else ""
        with transaction():
            user = accounts.get_user_by_id(key)
            name = user.name
            if do in ("disable", "enable"):
                accounts.set_active(user, do == "enable", by=g.actor)
            elif do == "role" and request.form.get("role") in {it.value for it in Role}:
                accounts.set_role(user, Role(request.form["role"]), by=g.actor)
            elif do == "calendar":
                calendar_feed.end_address(user, by=g.actor)
            elif do == "password":
                accounts.set_password(user, hashed, by=g.actor)
            else:
                raise RuleBroken("Choose what to change.")
    except RuleBroken as refusal:
        flash(str(refusal), "error")
    else:
        words = {
            "disable": "can no longer sign in",
            "enable": "can sign in again",
            "role": "has another role",
            "password": "has another password",
            "calendar": "has no address of a calendar any more",
        }[do]
        flash(f"{name} {words}.", "success")
    return redirect(url_for("desk.people"), 303)
