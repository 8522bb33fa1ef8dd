"""Closed unless named: every endpoint and method has an act, and the table of acts decides."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.builders import CHEAP_ARGON2, a_case, lodged
from tests.reader import Reader
from tracker.app import create_app
from tracker.db import transaction
from tracker.errors import UnsafeSetting
from tracker.rules.access import ACTS, OPEN, PUBLIC_FIELDS
from tracker.rules.vocabulary import Role
from tracker.web import guard
from tracker.web.desk import views

Desk = Callable[[str], Reader]
VALUES = {
    "number": "C001",
    "slug": "ie-dpc",
    "exhibit": "1",
    "key": "1",
    "entry": "1",
    "language": "de",
    "secret": "x.ics",
    "period": "G15",
    "start": "1",
    "act_code": "extend",
    "path": "cases/C001",
}


def pairs(app: Flask) -> list[tuple[str, str, str]]:
    """Return (method, address with values filled in, act) of every rule of the desk but the static files."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = dict(VALUES)
        if "filing" in rule.rule and "<filing:" in rule.rule:
            values["number"] = "C001-01"
        address = rule.rule
        for name in rule.arguments:
            kind = "".join(
                part for part in ("case:", "filing:", "small:", "path:") if f"<{part}{name}>" in address
            )
            address = address.replace(f"<{kind}{name}>", values[name])
        for method in sorted((rule.methods or set()) - guard.ADDED):
            found.append((method, address, guard.acts_of(app, rule.endpoint)[method]))
    return found


def bare(page: str) -> str:
    """Return a page without its tokens, which differ from one answer to the next, and what an act said."""
    page = re.sub(r'<div class="flashes".*?</div>\s*</div>\s*', "", page, flags=re.S)
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


class TestEveryEndpoint:
    def test_names_an_act_of_the_table_per_method(self, app):
        assert all(name == OPEN or name in ACTS for _, _, name in pairs(app))

    def test_without_an_act_keeps_the_desk_from_starting(self, settings, monkeypatch):
        rule = lambda state: state.add_url_rule("/forgotten", "forgotten", lambda: "")  # noqa: E731
        monkeypatch.setattr(views, "deferred_functions", [*views.deferred_functions, rule])
        with pytest.raises(UnsafeSetting, match="GET /desk/forgotten names no act"):
            create_app(settings, argon2=CHEAP_ARGON2)

    def test_that_changes_something_under_an_act_that_reads_keeps_it_from_starting(
        self, settings, monkeypatch
    ):
        view = guard.act(post="case.read")(lambda: "")
        rule = lambda state: state.add_url_rule("/sly", "sly", view, methods=["POST"])  # noqa: E731
        monkeypatch.setattr(views, "deferred_functions", [*views.deferred_functions, rule])
        with pytest.raises(UnsafeSetting, match="changes something under case.read"):
            create_app(settings, argon2=CHEAP_ARGON2)

    def test_sends_strangers_to_sign_in(self, app):
        reader = Reader(app)
        token = reader.token("/desk/sign-in")
        for method, address, name in pairs(app):
            if name == OPEN:
                continue
            answer = reader.call(method, address, data={"csrf_token": token} if method == "POST" else None)
            assert answer.status_code == 303 and "/desk/sign-in" in answer.location, f"{method} {address}"

    @pytest.mark.parametrize("role", [it.value for it in Role])
    def test_answers_a_person_as_the_table_of_acts_says(self, app, desk: Desk, role: str):
        with transaction():
            lodged(a_case(), "at-dsb")
        reader = desk(role)
        token = reader.token("/desk/today")
        nowhere = reader.call("GET", "/desk/no-such-page")
        for method, address, name in pairs(app):
            if name == OPEN or address == "/desk/sign-out":
                continue
            answer = reader.call(method, address, data={"csrf_token": token} if method == "POST" else None)
            if Role(role) in ACTS[name]:
                assert answer.status_code != 403 and answer.status_code < 500, f"{role} {method} {address}"
            else:
                assert answer.status_code == 404, f"{role} {method} {address}: {answer.status_code}"
                assert bare(answer.text) == bare(nowhere.text), "it must look like what does not exist"

    def test_refuses_a_post_without_its_token(self, app, desk: Desk):
        reader = desk("advocate")
        for method, address, name in pairs(app):
            if method == "POST" and Role.ADVOCATE in ACTS.get(name, ()):
                assert reader.call("POST", address, data={}).status_code == 400, address


class TestEveryAnswer:
    @pytest.mark.parametrize(
        "address",
        ["/desk/", "/desk/sign-in", "/desk/no-such-page", "/static/css/base.css", "/static/nothing"],
    )
    def test_carries_the_headers_of_the_house(self, app, address: str):
        headers = Reader(app).call("GET", address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Server" not in headers

    def test_of_the_desk_is_never_kept(self, desk: Desk):
        headers = desk("reader").get("/desk/cases").headers
        assert headers["Cache-Control"] == "no-store" and "Cookie" in headers["Vary"]

    def test_goes_to_known_hosts_alone(self, app):
        answer = Reader(app).call("GET", "/desk/sign-in", base_url="http://evil.example/")
        assert answer.status_code == 400 and "evil.example" not in answer.text


class TestWhatMayBePublic:
    def test_is_a_list_without_people(self):
        names = set().union(*PUBLIC_FIELDS.values())
        assert not names & {
            "complainant",
            "complainants",
            "pseudonym",
            "recorded_by",
            "sender",
            "note",
            "evidence",
        }
