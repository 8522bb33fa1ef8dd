"""How long a session lasts, how it ends, and what is left of what somebody was writing then."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import html5lib
import pytest
from flask import Flask

from tests.conftest import PASSWORD
from tests.reader import Reader, check_page
from tracker import clock
from tracker.db import transaction
from tracker.services import accounts
from tracker.web import session

Desk = Callable[[str], Reader]
LONG = "The controller answers that it has no establishment in the Union.\nWe disagree."


FORMS = [
    "/desk/cases/new",
    "/desk/cases/C001/amend",
    "/desk/cases/C001/controllers",
    "/desk/cases/C001/updates/new",
    "/desk/cases/C001/updates/new?filing=C001-01&filing=C001-02",
    "/desk/cases/C001/evidence/new",
]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Set the clock to so long after now."""
    start = clock.now()
    return lambda after: monkeypatch.setattr(clock, "now", lambda: start + after)


def sign_in_to(reader: Reader, address: str, email: str = "advocate@example.org") -> str:
    """Sign in at an address of the sign-in page, and return where that leads."""
    sent = {**reader.fields(address), "email": email, "password": PASSWORD}
    return str(reader.call("POST", "/desk/sign-in", data=sent).location)


def returned(reader: Reader, form: str, changed: dict[str, str]) -> list[str]:
    """Return the texts that are given back of a form of which this much was changed."""
    sent = {**reader.fields(form), **changed}
    with reader.app.test_request_context(form, method="POST", data=sent):
        found = session.written()
    return [text for _, text in (*found.long, *found.short)]


class TestASession:
    def test_lasts_for_twelve_hours(self, desk: Desk, later) -> None:
        reader = desk("reader")
        later(timedelta(hours=11, minutes=59))
        reader.get("/desk/cases")
        later(timedelta(hours=12, seconds=30))
        assert "/desk/sign-in" in reader.get("/desk/cases", 303).location

    def test_is_not_made_longer_by_work(self, desk: Desk, later) -> None:
        admin = desk("admin")
        key = accounts.get_user("lawyer@example.org").id
        for hours in (4, 8, 11):
            later(timedelta(hours=hours))
            # Each of these says something on the next page, so the cookie is signed anew.
            admin.post(f"/desk/people/{key}", {"do": "enable"}, form="/desk/people")
            admin.get("/desk/people")
        later(timedelta(hours=12, seconds=1))
        assert "/desk/sign-in" in admin.get("/desk/people", 303).location

    def test_begins_anew_with_a_new_sign_in(self, desk: Desk, later) -> None:
        reader = desk("reader")
        later(timedelta(hours=13))
        address = reader.get("/desk/cases", 303).location
        assert sign_in_to(reader, address, "reader@example.org") == "/desk/cases"
        reader.get("/desk/cases")

    def test_that_does_not_say_when_it_began_is_none(self, app: Flask, desk: Desk) -> None:
        reader = desk("reader")
        with reader.client.session_transaction() as kept:
            del kept["since"]
        reader.get("/desk/cases", 303)

    def test_that_was_ended_leaves_nothing_in_the_browser(self, desk: Desk) -> None:
        reader = desk("reader")
        answer = reader.post("/desk/sign-out", {}, form="/desk/")
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert not reader.client._cookies


class TestAFormThatIsOpenForHours:
    def test_is_taken_as_long_as_the_session_lasts(self, case, desk: Desk, monkeypatch) -> None:
        reader = desk("advocate")
        sent = reader.fields("/desk/cases/C001/amend")
        real = session.clock.now().timestamp() + 11 * 3600
        monkeypatch.setattr("time.time", lambda: real)  # the clock by which tokens are signed
        answer = reader.call("POST", "/desk/cases/C001/amend", data={**sent, "title": "Another title"})
        assert answer.status_code == 303

    def test_gives_back_what_was_written_when_somebody_signed_in_anew_meanwhile(
        self, case, desk: Desk
    ) -> None:
        reader = desk("advocate")
        sent = reader.fields("/desk/cases/C001/amend")
        reader.post("/desk/sign-out", {}, form="/desk/")
        reader.sign_in("advocate@example.org", PASSWORD)
        answer = reader.call("POST", "/desk/cases/C001/amend", data={**sent, "summary": LONG})
        check_page(answer.text)
        assert answer.status_code == 400 and LONG in answer.text
        assert "opened before you signed in" in answer.text
        assert 'href="/desk/cases/C001/amend" target="_blank"' in answer.text


class TestWhatSomebodyWroteWhenTheSessionEnded:
    def test_is_shown_again_with_a_way_to_sign_in_and_come_back(self, case, desk: Desk, later) -> None:
        reader = desk("advocate")
        form = "/desk/cases/C001/updates/new?filing=C001-01"
        sent = {**reader.fields(form), "words": LONG, "step": "information"}
        later(timedelta(hours=12, minutes=1))
        answer = reader.call(
            "POST", form.partition("?")[0], data=sent, headers={"Referer": f"http://localhost{form}"}
        )
        check_page(answer.text)
        assert answer.status_code == 403 and "Your session ended" in answer.text
        assert LONG in answer.text and sent["csrf_token"] not in answer.text
        address = answer.text.split('class="submit" href="')[1].split('"')[0].replace("&amp;", "&")
        assert sign_in_to(reader, address) == form

    def test_comes_back_to_the_form_also_without_a_referrer(self, case, app: Flask) -> None:
        answer = Reader(app).call("POST", "/desk/cases/C001/amend", data={"summary": LONG})
        assert "next=/desk/cases/C001/amend" in answer.text

    @pytest.mark.parametrize("referrer", ["https://evil.example/desk/", "http://localhost/cases/C001", "//["])
    def test_never_leads_elsewhere(self, app: Flask, referrer: str) -> None:
        headers = {"Referer": referrer}
        answer = Reader(app).call("POST", "/desk/people/1", data={"name": "x"}, headers=headers)
        assert 'href="/desk/sign-in"' in answer.text

    def test_is_text_and_never_markup_and_no_password(self, app: Flask) -> None:
        sent = {"name": "<script>alert(1)</script>", "password": "correct horse battery"}
        answer = Reader(app).call("POST", "/desk/people", data=sent)
        check_page(answer.text)
        assert "&lt;script&gt;" in answer.text and "correct horse" not in answer.text

    @pytest.mark.parametrize("size", [10, 2 << 20])
    def test_beside_files_says_to_choose_them_again(self, case, app: Flask, size: int) -> None:
        sent = {"title": "Letter", "files": (BytesIO(b"x" * size), "letter.pdf")}
        answer = Reader(app).call("POST", "/desk/cases/C001/evidence/new", data=sent)
        check_page(answer.text)
        assert answer.status_code == 403
        assert ("Files have to be chosen again" if size == 10 else "choose your files again") in answer.text

    @pytest.mark.parametrize("form", FORMS)
    def test_is_nothing_where_the_form_was_sent_as_it_stands(self, case, desk: Desk, form: str) -> None:
        assert not returned(desk("advocate"), form, {})

    @pytest.mark.parametrize("form", [*FORMS, "/desk/cases/C001/updates/new?corrects=1"])
    def test_is_all_that_was_typed_and_nothing_that_no_field_shows(self, case, desk: Desk, form: str) -> None:
        reader = desk("advocate")
        page = html5lib.parse(reader.get(form).text, namespaceHTMLElements=False)
        kinds = ("hidden", "checkbox", "file")
        untyped = {it.get("name") for it in page.iter("input") if it.get("type") in kinds}
        sent = reader.fields(form)
        typed = {name: f"typed {at}" for at, name in enumerate(sent) if name not in untyped}
        assert sorted(returned(reader, form, typed)) == sorted(typed.values())

    def test_is_not_a_text_whose_lines_only_the_browser_ended_anew(self, case, desk: Desk) -> None:
        reader = desk("advocate")
        form = "/desk/cases/C001/amend"
        reader.post(form, {**reader.fields(form), "summary": LONG, "do": "save"})
        assert not returned(reader, form, {"summary": LONG.replace("\n", "\r\n")})

    def test_is_also_that_something_is_not_known_after_all(self, case, desk: Desk) -> None:
        changed = {"respondents-0-establishments-0-decides": "unknown"}
        assert returned(desk("advocate"), "/desk/cases/C001/controllers", changed) == ["unknown"]

    @pytest.mark.parametrize("before", ["x", "[]", "[" * 100_000, '{"title": {}}', '{"title": ["x"]}'])
    def test_is_there_whatever_a_form_says_that_it_showed(self, app: Flask, before: str) -> None:
        sent = {"title": "Mine", "title-x": "Mine too", "title-0-x": "And this", "before": before}
        with app.test_request_context("/desk/cases/C001/amend", method="POST", data=sent):
            assert len(session.written().short) == 3

    def test_is_asked_for_by_nobody_who_signs_out(self, desk: Desk) -> None:
        reader = desk("advocate")
        token = reader.token("/desk/")
        with transaction():
            accounts.set_password(
                accounts.get_user("advocate@example.org"),
                "x",
                by=accounts.Actor("shell", "", None),  # type: ignore[arg-type]
            )
        answer = reader.call("POST", "/desk/sign-out", data={"csrf_token": token})
        assert (answer.status_code, answer.location) == (303, "/desk/sign-in")
