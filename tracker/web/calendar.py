"""The calendar of a person at its secret address: no session, no cookie, no page."""

from flask import Flask, Response, current_app, request

from tracker.rules.access import OPEN
from tracker.services import calendar_feed, ics, mail_choices
from tracker.web.guard import act

NAME = "Complaint tracker"
#: Said with every answer: nobody but the program that asked keeps it, no other page learns the address.
KEPT = {
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@act(OPEN)
def feed(secret: str) -> Response:
    """Answer with the calendar; a secret that nobody has, or has any more, looks like any other address."""
    user = calendar_feed.owner_of(secret.removesuffix(".ics")) if secret.endswith(".ics") else None
    if user is None:
        return Response("There is no calendar at this address.\n", 404, KEPT, mimetype="text/plain")
    settings = current_app.config["TRACKER"]
    site = settings.desk_url or request.host_url.rstrip("/")
    choices = mail_choices.of(user, days=settings.warn_days)
    found = calendar_feed.events(user, choices, site=site)
    answer = Response(b"", 200, KEPT, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="tracker.ics"'
    mark = ics.mark_of(found, name=NAME)
    answer.set_etag(mark)
    if not request.if_none_match.contains(mark):
        answer.data = ics.as_ics(found, name=NAME)
    return answer.make_conditional(request)


def install(app: Flask) -> None:
    """Give the desk the addresses of calendars."""
    app.add_url_rule("/calendar/<path:secret>", "calendar", feed, methods=["GET"])
