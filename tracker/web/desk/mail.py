"""The outbox, for the admin: what waits, what was given up, what was sent; never what stands in it."""

from typing import TYPE_CHECKING

from flask import current_app, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.db import transaction
from tracker.services import jobs, outbox
from tracker.web.desk import views
from tracker.web.guard import act
from tracker.web.jinja import show_moment

if TYPE_CHECKING:
    from tracker.models import Outgoing

#: How many messages of each kind the page shows.
SHOWN = 30


def state_of(it: "Outgoing") -> str:
    """Return how it stands with a message, in one sentence."""
    tries = "once" if it.tries == 1 else f"{it.tries} times"
    if it.sent_at is not None:
        return f"Sent on {show_moment(it.sent_at)}."
    if it.given_up_at is not None:
        return f"Given up on {show_moment(it.given_up_at)}: {it.last_error}."
    if it.replaced_at is not None:
        return "Replaced by a newer one."
    if it.last_error:
        return f"Tried {tries}: {it.last_error}. Next try on {show_moment(it.next_try_at)}."
    return "Waits to be sent."


@views.get("/people/mail")
@act("people.manage")
def mail() -> str:
    """Show how the outbox stands, and when each job ran at last."""
    now = outbox.standing(SHOWN)

    def rows(messages: "list[Outgoing]") -> list[dict[str, object]]:
        return [
            {"href": None, "cells": [it.recipient.name, it.subject, show_moment(it.created_at), state_of(it)]}
            for it in messages
        ]

    return render_template(
        "desk/mail.html",
        lacks=current_app.config["TRACKER"].mail_lacks_words,
        waiting=now.waiting,
        waiting_rows=rows(list(now.next)),
        given_up=rows(list(now.given_up)),
        sent=rows(list(now.sent)),
        jobs=[
            {
                "href": None,
                "cells": [it.name, show_moment(it.ran_at) if it.ran_at else "not yet", it.said or ""],
            }
            for it in jobs.standing()
        ],
    )


@views.post("/people/mail")
@act(post="people.manage")
def mail_again() -> Response:
    """Try once more what was given up."""
    with transaction():
        number = outbox.try_again(by=g.actor)
    flash(
        f"{number} message{'' if number == 1 else 's'} will be tried again."
        if number
        else "Nothing was given up.",
        "success",
    )
    return redirect(url_for("desk.mail"), 303)
