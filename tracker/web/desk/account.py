"""Your account: what a person is told of deadlines, and the address of their calendar."""

from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.db import transaction
from tracker.errors import NotAllowed
from tracker.rules.access import may
from tracker.services import accounts, calendar_feed, mail_choices, outbox
from tracker.web.desk import views
from tracker.web.desk.mail import state_of
from tracker.web.forms.account import ToldForm
from tracker.web.guard import act


def _page(form: ToldForm, *, made: str = "") -> str:
    settings = current_app.config["TRACKER"]
    user = accounts.get_user_by_id(g.actor.user_id)
    last = outbox.last_to(user.id)
    return render_template(
        "desk/account.html",
        user=user,
        form=form,
        reads=may(g.actor, calendar_feed.READS),
        address=calendar_feed.address_of(user.id),
        made=made,
        mail_is_on=not settings.mail_lacks,
        last=last,
        last_state=state_of(last) if last else "",
        cancelled_for=calendar_feed.KEPT_CANCELLED.days,
    )


def _check_reader() -> None:
    """Raise NotAllowed for whoever reads no filings: there is nothing that they could be told."""
    if not may(g.actor, calendar_feed.READS):
        raise NotAllowed("There is no such page.")


@views.route("/account", methods=["GET", "POST"])
@act("account.own", post="account.own")
def account() -> Any:
    """Show what a person is told and how; take their choice."""
    form = ToldForm()
    if request.method == "POST":
        _check_reader()
        if form.validate():
            with transaction():
                mail_choices.choose(accounts.get_user_by_id(g.actor.user_id), form.chosen)
            flash("Your choice is saved.", "success")
            return redirect(url_for("desk.account"), 303)
    else:
        user = accounts.get_user_by_id(g.actor.user_id)
        form.show(mail_choices.of(user, days=current_app.config["TRACKER"].warn_days))
    return _page(form), 422 if form.errors else 200


@views.post("/account/calendar")
@act(post="account.own")
def account_calendar() -> Any:
    """Make the address of a person's calendar, another one, or end it."""
    _check_reader()
    if request.form.get("do") == "end":
        with transaction():
            ended = calendar_feed.end_address(accounts.get_user_by_id(g.actor.user_id), by=g.actor)
        flash("The address has ended." if ended else "There was no address.", "success")
        return redirect(url_for("desk.account"), 303)
    with transaction():
        user = accounts.get_user_by_id(g.actor.user_id)
        secret = calendar_feed.make_address(user, by=g.actor)
        choices = mail_choices.of(user, days=current_app.config["TRACKER"].warn_days)
    form = ToldForm(formdata=None)
    form.show(choices)
    # Shown here and nowhere else: no redirect could carry it without leaving it somewhere.
    answer: Response = current_app.make_response(_page(form, made=_address(secret)))
    return answer


def _address(secret: str) -> str:
    site = current_app.config["TRACKER"].desk_url or request.host_url.rstrip("/")
    return site + url_for("calendar", secret=f"{secret}.ics")
