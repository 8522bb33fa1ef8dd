"""The secret address of a calendar: what it answers, to whom, and what it does not give away."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from werkzeug.test import Client, TestResponse

from tests.builders import CHEAP_ARGON2, a_case, lodged
from tests.calendars import read
from tests.deadlines import stored_deadline
from tests.reader import Reader
from tracker import clock
from tracker.app import both
from tracker.db import db, transaction
from tracker.models import Deadline
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import accounts, calendar_feed
from tracker.services.deadlines_told import path_of

Desk = Callable[[str], Reader]


@pytest.fixture
def secret(app: Flask) -> str:
    """The secret of the lawyer, who has one deadline."""
    with transaction():
        [filing] = lodged(a_case(), "at-dsb")
        due = clock.today() + timedelta(days=9)
        stored_deadline(filing, "AT-BVWG", due=due, own=True)
        return calendar_feed.make_address(accounts.get_user("lawyer@example.org"), by=SHELL)


def ask(app: Flask, address: str, **values: object) -> TestResponse:
    """Ask as a program that subscribes does: it has no cookie, and nobody signed in."""
    with app.app_context():
        answer = app.test_client().get(address, **values)  # type: ignore[arg-type]
    db.session.rollback()
    return answer


class TestTheAddress:
    def test_answers_with_the_calendar_without_a_session(self, app: Flask, secret: str) -> None:
        answer = ask(app, f"/calendar/{secret}.ics")
        assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
        entry = read(answer.text).vevent
        assert entry.summary.value == "C001-01: appeal to the BVwG"
        assert entry.url.value == "http://localhost/desk/filings/C001-01/deadlines/AT-BVWG"

    def test_leads_to_the_page_that_says_why_this_date(self, app: Flask, desk: Desk, secret: str) -> None:
        entry = read(ask(app, f"/calendar/{secret}.ics").text).vevent
        page = desk("lawyer").get(entry.url.value.removeprefix("http://localhost")).text
        assert "appeal to the BVwG" in page and "C001-01" in page
        for start in (0, 4):
            with app.test_request_context():
                values = {"start": start} if start else {}
                there = url_for("desk.deadline", number="C001-01", period="G15", **values)
            assert there == path_of("C001-01", "G15", start)

    def test_rings_on_the_days_of_the_installation_where_nobody_chose_others(
        self, app: Flask, secret: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        days = dataclasses.replace(app.config["TRACKER"], warn_days=(5,))
        monkeypatch.setitem(app.config, "TRACKER", days)
        entry = read(ask(app, f"/calendar/{secret}.ics").text).vevent
        assert [it.trigger.value for it in entry.valarm_list] == [
            timedelta(days=-5, hours=9),
            timedelta(hours=9),
        ]

    def test_sets_no_cookie_and_looks_at_none(self, app: Flask, desk: Desk, secret: str) -> None:
        assert "Set-Cookie" not in ask(app, f"/calendar/{secret}.ics").headers
        admin = desk("admin")
        assert admin.call("GET", f"/calendar/{secret}.ics").status_code == 200

    def test_is_kept_by_nobody_on_the_way_and_found_by_no_search_engine(
        self, app: Flask, secret: str
    ) -> None:
        for address in (f"/calendar/{secret}.ics", "/calendar/nothing.ics"):
            headers = ask(app, address).headers
            assert headers["Cache-Control"] == "private, no-cache"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["X-Robots-Tag"] == "noindex, nofollow"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in headers["Content-Security-Policy"]

    def test_is_read_again_only_when_something_changed(self, app: Flask, secret: str) -> None:
        address = f"/calendar/{secret}.ics"
        mark = ask(app, address).headers["ETag"]
        assert ask(app, address, headers={"If-None-Match": mark}).status_code == 304
        with transaction():
            row = db.session.scalars(sa.select(Deadline).where(Deadline.period == "AT-BVWG")).one()
            row.due_on = row.safe_on = clock.today() + timedelta(days=8)
        answer = ask(app, address, headers={"If-None-Match": mark})
        assert answer.status_code == 200 and answer.headers["ETag"] != mark

    def test_knows_no_other_host(self, app: Flask, secret: str) -> None:
        answer = ask(app, f"/calendar/{secret}.ics", base_url="http://evil.example/")
        assert answer.status_code == 400 and "VCALENDAR" not in answer.text

    def test_leads_to_the_desk_where_both_sites_stand_together(self, app: Flask, secret: str) -> None:
        site = Client(both(app.config["TRACKER"], argon2=CHEAP_ARGON2))
        assert site.get(f"/calendar/{secret}.ics").status_code == 200
        assert site.get("/calendar/x.ics").text == "There is no calendar at this address.\n"


class TestAnAddressThatIsNone:
    """Unknown, ended, disabled, mistyped: nobody can tell which."""

    @pytest.fixture
    def nothing(self, app: Flask) -> TestResponse:
        return ask(app, "/calendar/0000000000000000000000000000000000000000000.ics")

    def same(self, one: TestResponse, other: TestResponse) -> bool:
        def told(it: TestResponse) -> object:
            return it.status_code, it.data, {name: at for name, at in it.headers if name != "Date"}

        return told(one) == told(other)

    @pytest.mark.parametrize(
        "end",
        [
            pytest.param(lambda user: calendar_feed.end_address(user, by=SHELL), id="ended"),
            pytest.param(lambda user: calendar_feed.make_address(user, by=SHELL), id="another one was made"),
            pytest.param(lambda user: accounts.set_active(user, False, by=SHELL), id="disabled"),
            pytest.param(lambda user: accounts.set_role(user, Role.ADMIN, by=SHELL), id="no such right"),
        ],
    )
    def test_looks_like_one_that_never_was(
        self, app: Flask, secret: str, nothing: TestResponse, end: Callable[[object], object]
    ) -> None:
        assert nothing.status_code == 404 and "Set-Cookie" not in nothing.headers
        with transaction():
            end(accounts.get_user("lawyer@example.org"))
        assert self.same(ask(app, f"/calendar/{secret}.ics"), nothing)

    @pytest.mark.parametrize(
        "form", ["{}", "{}.ICS", "{}.ics.ics", "{}.ics/", "x/{}.ics", "{}%00.ics", "%ff{}.ics", "{}.txt"]
    )
    def test_is_also_one_in_another_form(
        self, app: Flask, secret: str, nothing: TestResponse, form: str
    ) -> None:
        assert self.same(ask(app, "/calendar/" + form.format(secret)), nothing)

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
    def test_can_only_be_read(self, app: Flask, secret: str, method: str) -> None:
        answer = Reader(app).call(method, f"/calendar/{secret}.ics")
        assert answer.status_code in (303, 400, 405) and "VCALENDAR" not in answer.text
        assert ask(app, f"/calendar/{secret}.ics").status_code == 200
