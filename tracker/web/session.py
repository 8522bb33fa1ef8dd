"""How long a session lasts, and what somebody reads whose session ended while they were writing."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, make_response, redirect, render_template, request, session, url_for
from flask_security import logout_user, user_authenticated
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from tracker import clock
from tracker.web.forms import is_small, merging
from tracker.web.forms.rows import UNTOUCHED

#: Counted from the sign-in, whatever happens meanwhile: every answer that changes the cookie signs it anew.
HOURS = 12
#: What a form carries along for the program, the filings that it is about among it, and passwords.
UNWRITTEN = re.compile(
    r"(csrf_token|do|next|before|once|sure|last|corrects|draft|filings|seen.*|.*-aside(-.*)?"
    r"|(.*[-_])?(key|controller)|.*password.*)$"
)
#: The most that is shown of a form: it is for the writer to copy, not for us to keep.
MOST_SHOWN = 500


def install(app: Flask) -> None:
    """Note in every session when it began."""

    def began(sender: Flask, **values: Any) -> None:
        session["since"] = clock.now().timestamp()

    user_authenticated.connect(began, app, weak=False)


def is_over() -> bool:
    """Say whether the session began too long ago, or does not say when."""
    since = session.get("since")
    return not isinstance(since, (int, float)) or clock.now().timestamp() - since >= HOURS * 3600


def end() -> None:
    """End the session in this browser: nothing of it stays in the cookie."""
    logout_user()
    session.clear()


def came_from() -> str | None:
    """Return the address of the page that was asked for, or whose form was sent; None if nobody knows."""
    here = request.full_path.rstrip("?")
    if request.method in ("GET", "HEAD"):
        return here
    with suppress(ValueError):  # what no browser sends
        parts = urlsplit(request.referrer or "")
        if parts.netloc == request.host and parts.path.startswith("/desk"):
            return parts.path + (f"?{parts.query}" if parts.query else "")
    known = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return here if known else None


@dataclass(slots=True)
class Written:
    """What stood in a form that was not taken: field and text, those that are long and those that are not."""

    long: list[tuple[str, str]] = field(default_factory=list)
    short: list[tuple[str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Say whether there is anything to copy."""
        return bool(self.long or self.short)


def written() -> Written:
    """Return what somebody wrote into the form that was sent, for them to copy.

    Passwords are left out, and what the form showed from the start. Empty where it cannot be read, for
    example because of large files beside it.
    """
    found = Written()
    if request.method != "POST":
        return found
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:
        return found
    opened = merging.read(request.form.get("before", ""))
    for name, text in sent[:MOST_SHOWN]:
        if text.strip() and not UNWRITTEN.match(name) and not _left_alone(text, _shown(opened, name)):
            # claims-0-provision is the provision of the first claim.
            counted = re.sub(r"\d+", lambda it: str(int(it[0]) + 1), name[:60])
            pair = (re.sub("[-_]+", " ", counted).capitalize(), text)
            (found.long if len(text) > 60 or "\n" in text else found.short).append(pair)
    return found


def _shown(opened: Any, name: str) -> str | None:
    """Return what a form that was opened with these values showed in a field, None where it does not say."""
    for part in name.split("-"):
        if isinstance(opened, dict):
            opened = opened.get(part)
        elif isinstance(opened, list) and is_small(part) and int(part) < len(opened):
            opened = opened[int(part)]
        else:
            return None
    return opened if isinstance(opened, str) else None


def _left_alone(text: str, shown: str | None) -> bool:
    """Say whether a field holds what the form showed in it; a browser ends lines in its own way."""
    return text in UNTOUCHED if shown is None else text.splitlines() == shown.splitlines()


def ask_to_sign_in() -> Response:
    """Send a stranger to the sign-in, and from there to where they wanted to go.

    Whoever has written something first gets it back: not every browser would keep it on the way.
    """
    session.pop("_flashes", None)
    back = came_from()
    sign_in = url_for("security.login", next=back)
    if request.method != "POST" or request.endpoint == "desk.sign_out":
        return redirect(sign_in, 303)
    lost = written()
    if not lost and not request.mimetype.startswith("multipart/"):
        return redirect(sign_in, 303)
    return make_response(render_template("account/ended.html", sign_in=sign_in, written=lost), 403)
