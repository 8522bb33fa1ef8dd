"""Refusals turned into answers, in one place."""

import errno
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from tracker.errors import (
    CopyBehind,
    NotFound,
    RuleBroken,
    Stale,
    StoreFault,
    TooLarge,
    TooManyTries,
    TrackerError,
    Withdrawn,
)
from tracker.rules.sizes import size_words
from tracker.web import session
from tracker.web.marked import N_

log = logging.getLogger("tracker")


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says: the title, a sentence, and what to do next."""

    title: str
    text: str
    hint: str


PAGES = {
    400: Words(
        N_("That request could not be read"),
        N_("Something in the address or the form is not as it should be."),
        N_("Go back and try again from the page you came from."),
    ),
    404: Words(
        N_("Nothing here"),
        N_("There is no page at this address, or it is not open to you."),
        N_("Check the address, or start from the first page."),
    ),
    405: Words(
        N_("Not this way"),
        N_("This address does not take that kind of request."),
        N_("Start from the first page."),
    ),
    409: Words(
        N_("Somebody else was first"),
        N_("This was changed while you were writing."),
        N_("Open it again, compare, and save once more."),
    ),
    410: Words(
        N_("Withdrawn"),
        N_("This was public and has been withdrawn."),
        N_("What was withdrawn is not kept on the public site."),
    ),
    413: Words(
        N_("Too large"),
        N_("What was sent is larger than this page takes."),
        N_("Go back and make it smaller."),
    ),
    422: Words(N_("That cannot be done"), N_("The request is against a rule."), N_("Go back and change it.")),
    429: Words(
        N_("Too many tries"),
        N_("There were too many tries in a short time."),
        N_("Wait until then. If you do not know your password, ask your admin for another one."),
    ),
    500: Words(
        N_("A fault on our side"),
        N_("Something went wrong, and nothing was saved."),
        N_("Try again; if it happens again, tell the operator the number below."),
    ),
    507: Words(
        N_("No room left"),
        N_("The disk of this installation is full."),
        N_("Nothing was saved. Tell the operator."),
    ),
    503: Words(
        N_("Busy"),
        N_("The store is being written to by somebody else for longer than usual."),
        N_("Try again in a few seconds. Nothing was saved."),
    ),
}

STATUS: tuple[tuple[type[TrackerError], int], ...] = (
    (Withdrawn, 410),
    (NotFound, 404),
    (Stale, 409),
    (TooLarge, 413),
    (TooManyTries, 429),
    (RuleBroken, 422),
    (CopyBehind, 503),
)


#: What is not there cannot be opened again.
GONE = (404, 405, 410)


def too_large(fault: HTTPException) -> tuple[str, str] | tuple[()]:
    """Return text and hint for a request over its limit, with the limits; nothing for any other refusal."""
    if fault.code != 413 or request.max_content_length is None:
        return ()
    if request.content_length is not None and request.content_length <= request.max_content_length:
        words = size_words(request.max_form_memory_size or 0)
        return f"The form holds more than {words} of text, or more than {request.max_form_parts:,} fields.", (
            PAGES[413].hint
        )
    most = size_words(request.max_content_length)
    if not getattr(request, "takes_files", False):
        return f"What was sent is larger than {most}, the most that this page takes.", PAGES[413].hint
    return (
        f"What was sent is larger than {most}, the most that one form takes. "
        f"One file may have {size_words(current_app.config['TRACKER'].max_upload)}.",
        "Nothing was saved. Go back and send the files in several smaller lots.",
    )


def status_of(refusal: TrackerError) -> int:
    """Return the HTTP status of a refusal."""
    return next((code for kind, code in STATUS if isinstance(refusal, kind)), 422)


def install(app: Flask, *, template: str, render: Callable[..., str] = render_template) -> None:
    """Answer every refusal and fault of the app with its page. `render` makes a page of a template."""

    def page(code: int, text: str | None = None, hint: str | None = None) -> Response:
        words = PAGES.get(code, PAGES[400])
        if isinstance(request.routing_exception, SecurityError):
            # For a host that is not ours no address can be made, so no page either.
            return Response("This host is not one of this site.\n", 400, mimetype="text/plain")
        g.refused = True  # the page must not tell whether the address is one that exists
        inside = g.get("actor") is not None
        body = render(
            template,
            code=code,
            title=words.title,
            text=text or words.text,
            hint=hint or words.hint,
            again=session.came_from() if inside and code not in GONE else None,
            # Not every browser still has the form when its answer was a refusal, so the page remembers it.
            written=session.written() if inside and code not in GONE else session.Written(),
        )
        return make_response(body, code)

    @app.errorhandler(TrackerError)
    def refused(refusal: TrackerError) -> Response:
        code = status_of(refusal)
        # What must look as if it did not exist gets the same words as what does not.
        response = page(code, None if code in (404, 410) else str(refusal))
        if isinstance(refusal, TooManyTries):
            response.headers["Retry-After"] = str(refusal.seconds)
        return response

    @app.errorhandler(CSRFError)
    def foreign(refusal: CSRFError) -> Response:
        return page(
            400,
            "This form does not belong to your present session: it was opened before you signed in, or came "
            "from elsewhere. Nothing was saved.",
            "What you wrote stands below. Open the page again in a new tab, and copy it from here."
            if g.get("actor") is not None and session.written()
            else "Open the page again and send it once more.",
        )

    @app.errorhandler(StaleDataError)
    def raced(fault: StaleDataError) -> Response:
        return page(409)

    @app.errorhandler(OperationalError)
    def busy(fault: OperationalError) -> Response:
        if "locked" in str(fault.orig) or "busy" in str(fault.orig):
            response = page(503)
            response.headers["Retry-After"] = "5"
            return response
        return broken(fault)

    @app.errorhandler(OSError)
    def full(fault: OSError) -> Response:
        return page(507) if fault.errno == errno.ENOSPC else broken(fault)

    @app.errorhandler(StoreFault)
    def damaged(fault: StoreFault) -> Response:
        log.error("evidence: %s", fault)
        return page(500, str(fault), "Tell the operator: tracker verify names what is missing or damaged.")

    @app.errorhandler(HTTPException)
    def http(fault: HTTPException) -> Response:
        if fault.code is None or fault.code < 400:
            return fault.get_response()  # type: ignore[return-value]  # a redirect that Werkzeug raises
        response = page(fault.code if fault.code in PAGES else 400, *too_large(fault))
        response.status_code = fault.code
        for name, value in fault.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def broken(fault: Exception) -> Response:
        if app.config.get("PROPAGATE_EXCEPTIONS"):
            raise fault
        number = secrets.token_hex(4)
        log.exception("fault %s", number)
        return page(500, hint=f"Try again; if it happens again, tell the operator the number {number}.")
