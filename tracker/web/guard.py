"""Closed unless named: every endpoint and method of the desk names its act, or the app refuses to start."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, g, request
from flask_security import current_user
from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response

from tracker.errors import NotAllowed, UnsafeSetting
from tracker.rules.access import ACTS, OPEN, Actor, may
from tracker.web import session

View = TypeVar("View", bound=Callable[..., Any])
#: Methods that Werkzeug adds to a rule; HEAD follows GET, OPTIONS tells only what is known.
ADDED = frozenset({"HEAD", "OPTIONS"})
#: What a form with files may hold besides one file of the largest size: its text, and many smaller files.
MORE_FILES = 100 << 20
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: Endpoints that ask for no session, and never know who reads them.
SESSIONLESS = frozenset({"static", "calendar"})

#: The acts of endpoints that libraries bring: endpoint -> method -> act.
BROUGHT: Mapping[str, Mapping[str, str]] = {
    "static": {"GET": OPEN},
    "security.login": {"GET": OPEN, "POST": OPEN},
}


def act(get: str | None = None, *, post: str | None = None) -> Callable[[View], View]:
    """Name the act of a view per method: @act("case.read"), @act(post="case.amend"), or both."""

    def name(view: View) -> View:
        view.acts = {  # type: ignore[attr-defined]
            method: it for method, it in (("GET", get), ("POST", post)) if it is not None
        }
        return view

    return name


def takes_files(view: View) -> View:
    """Mark a view that takes uploads: only there may a request be larger than a form."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def acts_of(app: Flask, endpoint: str) -> Mapping[str, str]:
    """Return method -> act of an endpoint; empty when it names none."""
    found: Mapping[str, str] | None = getattr(app.view_functions.get(endpoint), "acts", None)
    return found if found is not None else BROUGHT.get(endpoint, {})


def check(app: Flask) -> None:
    """Raise UnsafeSetting, naming each, for endpoints and methods without an act of the table.

    A method that changes something must not hang on an act that only reads.
    """
    faults = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - ADDED):
            name = acts_of(app, rule.endpoint).get(method)
            if name is None or (name != OPEN and name not in ACTS):
                faults.append(f"{method} {rule.rule} names no act.")
            elif method not in SAFE and name.endswith(".read"):
                faults.append(f"{method} {rule.rule} changes something under {name}.")
    if faults:
        raise UnsafeSetting(" ".join(faults))


def _actor() -> Actor | None:
    if not current_user.is_authenticated:
        return None
    if session.is_over():
        session.end()
        return None
    user = current_user
    return Actor(key=f"user:{user.id}", name=user.name, role=user.role, user_id=user.id)


def install(app: Flask) -> None:
    """Ask before every request whether this person may do this."""

    @app.before_request
    def ask() -> Response | None:
        g.actor = None
        if request.endpoint in SESSIONLESS:
            return None
        if isinstance(request.routing_exception, SecurityError):
            raise request.routing_exception  # for a host that is not ours there is nothing to ask
        g.actor = _actor()
        method = "GET" if request.method in SAFE else request.method
        name = acts_of(app, request.endpoint).get(method) if request.endpoint else None
        if name == OPEN:
            return None
        if g.actor is None:
            return session.ask_to_sign_in()
        if name is None or not may(g.actor, name):
            if request.routing_exception is None:
                raise NotAllowed("There is no such page.")
        elif getattr(app.view_functions[request.endpoint or ""], "takes_files", False):
            # Only now, when we know who it is: a stranger's large body is never read.
            request.max_content_length = app.config["TRACKER"].max_upload + MORE_FILES
            request.takes_files = True  # type: ignore[attr-defined]  # of uploads.DeskRequest
        return None
