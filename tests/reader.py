"""A client that reads like a person with a strict eye: every page it is given is checked."""

import re
from typing import Any

import html5lib
from flask import Flask, current_app, has_app_context
from werkzeug.test import TestResponse

from tracker.db import db

#: A block of data in a page, which no browser runs.
DATA = "application/ld+json"


class Reader:
    """Asks by address, follows no redirect by itself, and fails on a page that breaks a rule of the house."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def call(self, method: str, address: str, **values: Any) -> TestResponse:
        """Ask in a context of its own, as a server would: nothing of another request is left in it."""
        with self.app.app_context():
            answer = self.client.open(address, method=method, buffered=True, **values)
        answer.request.environ["wsgi.input"].close()  # a large form lies in a temporary file of the client
        if has_app_context() and current_app == self.app:
            db.session.rollback()  # what the test reads next is what stands in the store now
        return answer

    def sign_in(self, email: str, password: str) -> TestResponse:
        """Sign in by the form and return the answer."""
        token = self.token("/desk/sign-in")
        answer = self.call(
            "POST", "/desk/sign-in", data={"email": email, "password": password, "csrf_token": token}
        )
        assert answer.status_code in (302, 303), answer.text
        return answer

    def get(self, address: str, status: int = 200, **values: Any) -> TestResponse:
        """Return a page after checking it."""
        answer = self.call("GET", address, **values)
        assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[-3000:]}"
        if answer.mimetype == "text/html":
            check_page(answer.text, address)
        return answer

    def token(self, address: str) -> str:
        """Return the token of the first form of a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(address).text)
        assert found, f"no form at {address}"
        return found[1]

    def fields(self, address: str) -> dict[str, Any]:
        """Return what a browser would send if the main form of a page were sent as it stands."""
        return self.filled(self.get(address).text)

    def filled(self, page: str) -> dict[str, Any]:
        """Return what a browser would send if the main form of this page were sent as it stands."""
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        [form] = [it for it in tree.iter("form") if it.get("class") == "form"]
        sent: dict[str, Any] = {}
        for it in form.iter():
            name, kind = it.get("name"), it.get("type")
            if it.tag == "textarea" and name:
                sent[name] = (it.text or "").removeprefix("\n")
            elif it.tag == "select" and name:
                options = list(it.iter("option"))
                chosen = [each for each in options if each.get("selected") is not None] or options[:1]
                sent[name] = chosen[0].get("value")
            elif it.tag == "input" and name and (kind != "checkbox" or it.get("checked") is not None):
                sent[name] = it.get("value", "")
        return sent

    def post(
        self, address: str, data: dict[str, Any], *, form: str | None = None, status: int = 303
    ) -> TestResponse:
        """Send a form of the page at `form` (default: the same address) and return the answer, checked."""
        data = {**data, "csrf_token": self.token(form or address)}
        answer = self.call("POST", address, **as_browsers_send(data))
        assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[-3000:]}"
        if answer.mimetype == "text/html" and status >= 400:
            check_page(answer.text, address)
        return answer


def as_browsers_send(data: dict[str, Any]) -> dict[str, Any]:
    """Return a form as a browser writes it: every value ends its line, also an empty one.

    The client of the library leaves the line of an empty value out, and a large form is then misread.
    """
    boundary, body = "--------reader-of-the-tests", bytearray()
    for name, value in data.items():
        for one in value if isinstance(value, list) else [value]:
            head = f'Content-Disposition: form-data; name="{name}"'
            if isinstance(one, tuple):
                stream, filename, *kind = one
                head += f'; filename="{filename}"\r\nContent-Type: {kind[0] if kind else "text/plain"}'
                content = stream.read()
            else:
                content = str(one).encode()
            body += f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"
    body += f"--{boundary}--\r\n".encode()
    return {"data": bytes(body), "content_type": f"multipart/form-data; boundary={boundary}"}


def check_page(text: str, address: str = "") -> None:
    """Fail for a page with no title, several h1, unlabelled inputs, double ids, inline script or style."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    assert not parser.errors, f"{address}: {parser.errors[:3]}"
    title = tree.find(".//title")
    assert title is not None and (title.text or "").strip(" ·"), f"{address}: no title"
    assert len(tree.findall(".//h1")) == 1, f"{address}: one h1, not {len(tree.findall('.//h1'))}"
    ids = [it.get("id") for it in tree.iter() if it.get("id")]
    assert len(ids) == len(set(ids)), (
        f"{address}: ids twice: {sorted({it for it in ids if ids.count(it) > 1})}"
    )
    labelled = {it.get("for") for it in tree.iter("label")}
    for kind in ("input", "select", "textarea"):
        for it in tree.iter(kind):
            if it.get("type") in ("hidden", "submit", "button"):
                continue
            assert it.get("id") in labelled or it.get("aria-label"), f"{address}: no label for {it.attrib}"
    for it in tree.iter():
        if not isinstance(it.tag, str):
            continue
        assert it.tag != "style" and not it.get("style"), f"{address}: inline style"
        assert not any(name.startswith("on") for name in it.attrib), f"{address}: inline handler {it.attrib}"
        # What describes the page for programs is data: nothing runs it.
        assert it.tag != "script" or it.get("src") or it.get("type") == DATA, f"{address}: inline script"
    assert "Undefined" not in text and "None</" not in text, f"{address}: a hole in the template"
