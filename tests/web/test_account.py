"""Signing in and out, tries that are counted, people who are removed."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.conftest import PASSWORD
from tests.reader import Reader
from tracker import clock
from tracker.cli import main
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import accounts

Desk = Callable[[str], Reader]


def attempt(reader: Reader, email: str, password: str) -> str:
    """Return the page after a try to sign in that fails, or "in"."""
    data = {"email": email, "password": password, "csrf_token": reader.token("/desk/sign-in")}
    answer = reader.call("POST", "/desk/sign-in", data=data)
    return "in" if answer.status_code == 302 else answer.text


class TestAnonymousPeople:
    @pytest.mark.parametrize("address", ["/desk/", "/desk/cases", "/desk/cases/C001", "/desk/no-such-page"])
    def test_are_sent_to_sign_in(self, app, address: str):
        answer = Reader(app).get(address, 303)
        assert answer.location.startswith("/desk/sign-in")

    def test_come_back_to_where_they_wanted_to_go(self, app):
        reader = Reader(app)
        address = reader.get("/desk/cases?country=FR", 303).location
        data = {"email": "reader@example.org", "password": PASSWORD, "csrf_token": reader.token(address)}
        answer = reader.call("POST", address, data=data)
        assert answer.location == "/desk/cases?country=FR"

    @pytest.mark.parametrize("place", ["address", "form"])
    @pytest.mark.parametrize(
        "target",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "///evil.example",
            "http://[",
            "/desk\\..\\..\\evil.example",
            "/cases/C081",
            "javascript:alert(1)",
        ],
    )
    def test_are_never_sent_to_another_site(self, app, target: str, place: str):
        reader = Reader(app)
        address = "/desk/sign-in" + (f"?next={quote(target)}" if place == "address" else "")
        data = {"email": "reader@example.org", "password": PASSWORD, "csrf_token": reader.token(address)}
        answer = reader.call("POST", address, data={**data, "next": target} if place == "form" else data)
        assert (answer.status_code, answer.location) == (302, "/desk/")


class TestTheWrongPassword:
    def test_and_an_account_that_does_not_exist_look_the_same(self, app):
        wrong = attempt(Reader(app), "reader@example.org", "not the password")
        nobody = attempt(Reader(app), "nobody@example.org", "not the password")
        assert "No account with that address and password. Check both; an admin can give you another" in wrong
        strip = [page.replace("nobody@", "x@").replace("reader@", "x@") for page in (wrong, nobody)]
        assert [page.split("csrf_token")[0] for page in strip[:1]] == [strip[1].split("csrf_token")[0]]

    def test_is_looked_at_ten_times_and_then_no_more(self, app):
        reader = Reader(app)
        for _ in range(accounts.HERE):
            assert "No account" in attempt(reader, "reader@example.org", "not the password")
        assert "Too many tries" in attempt(reader, "reader@example.org", PASSWORD)

    def test_too_often_is_answered_with_when_to_try_again(self, app, monkeypatch):
        noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
        reader = Reader(app)
        for minute in range(accounts.HERE):
            monkeypatch.setattr(clock, "now", lambda minute=minute: noon + timedelta(minutes=minute))
            attempt(reader, "reader@example.org", "not the password")
        data = {"email": "reader@example.org", "password": PASSWORD}
        answer = reader.post("/desk/sign-in", data, status=429)
        assert answer.headers["Retry-After"] == "360"
        assert "possible at 12:15:00 UTC, in 6 minutes." in answer.text

    def test_can_be_forgotten_by_waiting(self, app, monkeypatch):
        reader = Reader(app)
        for _ in range(accounts.HERE):
            attempt(reader, "reader@example.org", "not the password")
        later = clock.now() + accounts.WINDOW_HERE + timedelta(seconds=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert attempt(reader, "reader@example.org", PASSWORD) == "in"

    def test_of_any_length_is_a_wrong_password_and_no_fault(self, app):
        assert "No account" in attempt(Reader(app), "reader@example.org", "x" * 5000)

    @pytest.mark.parametrize(
        "email", ["", "x" * 5000, "a\x00b@example.org", "no address", "'; DROP TABLE users;--"]
    )
    def test_with_an_address_that_is_none_is_a_page_and_no_fault(self, app, email: str):
        assert "Sign in" in attempt(Reader(app), email, "x")


NFC, NFD = "Überprüfung geht nach Zürich", "U\u0308berpru\u0308fung geht nach Zu\u0308rich"


class TestAPasswordFromEveryDoor:
    @pytest.fixture
    def doors(self, app, desk: Desk, monkeypatch) -> dict[str, Callable[[str], str]]:
        """Every way in which somebody gets a password; each returns the address of the account."""
        monkeypatch.setenv("TRACKER_HOME", str(app.config["TRACKER"].home))

        def terminal(*words: str) -> str:
            main(["user", *words])
            return words[1]

        def added(password: str) -> str:
            data = {"email": "new@example.org", "name": "N", "role": "reader", "password": password}
            desk("admin").post("/desk/people", data)
            return "new@example.org"

        def given(password: str) -> str:
            key = accounts.get_user("reader@example.org").id
            data = {"do": "password", "password": password}
            desk("admin").post(f"/desk/people/{key}", data, form="/desk/people")
            return "reader@example.org"

        return {
            "tracker user add": lambda it: terminal("add", "new@example.org", "--password", it),
            "tracker user password": lambda it: terminal("password", "reader@example.org", "--password", it),
            "add somebody": added,
            "set password": given,
        }

    @pytest.mark.parametrize("typed", [NFC, NFD], ids=["typed in one part", "typed in two"])
    @pytest.mark.parametrize("made", [NFC, NFD], ids=["made in one part", "made in two"])
    @pytest.mark.parametrize(
        "door", ["tracker user add", "tracker user password", "add somebody", "set password"]
    )
    def test_lets_its_owner_in(self, app, doors, door: str, made: str, typed: str):
        email = doors[door](made)
        assert "No account" in attempt(Reader(app), email, typed.replace("g", "k"))
        assert attempt(Reader(app), email, typed) == "in"

    @pytest.mark.parametrize("door", ["tracker user password", "set password"])
    def test_may_have_a_hundred_and_twenty_eight_of_them(self, app, doors, door: str):
        email = doors[door]("\u0308".join("aouiAOUI" * 16) + "\u0308")
        assert (
            attempt(
                Reader(app), email, unicodedata.normalize("NFC", "\u0308".join("aouiAOUI" * 16) + "\u0308")
            )
            == "in"
        )

    def test_may_be_pasted_with_white_space_around_it(self, app, doors):
        assert attempt(Reader(app), doors["set password"](f" {NFC}"), f"{NFC} ") == "in"

    @pytest.mark.parametrize("bad", ["\x00", "\n", "\udcff"], ids=["NUL", "line break", "half a character"])
    def test_is_refused_at_every_door_with_what_cannot_be_typed(
        self, app, doors, desk: Desk, capsys, bad: str
    ):
        password = f"long enough{bad} pass phrase"
        for door in ("tracker user add", "tracker user password"):
            with pytest.raises(SystemExit):
                doors[door](password)
            told = capsys.readouterr().err
            assert told.startswith("tracker: password: ") and told.count("\n") == 1
        if bad != "\udcff":  # no browser sends one
            admin = desk("admin")
            new = {"email": "new@example.org", "name": "N", "role": "reader", "password": password}
            assert "new@example.org can" not in admin.post("/desk/people", new, status=422).text
            doors["set password"](password)
            assert attempt(Reader(app), "reader@example.org", PASSWORD) == "in"


class TestAnAddressThatWasTaken:
    @pytest.mark.parametrize(
        ("made", "typed"),
        [
            ("anna@ngo.local", "anna@ngo.local"),
            ("b@localhost", "B@LOCALHOST"),
            ("a,b@demo.example", "a,b@demo.example"),
            ("x3@demo.example", " x3@demo.example "),
            ("ann@bücher.example", "ann@xn--bcher-kva.example"),
            ("ann@xn--bcher-kva.example", "ann@bu\u0308cher.example"),
            ("ann@demo.test", "ann@ｄemo.test"),
        ],
    )
    def test_can_sign_in_however_it_is_typed(self, app, desk: Desk, made: str, typed: str):
        data = {"email": made, "name": "New", "role": "lawyer", "password": PASSWORD}
        desk("admin").post("/desk/people", data)
        assert attempt(Reader(app), typed, PASSWORD) == "in"
        desk("admin").post("/desk/people", {**data, "email": typed}, status=422)


class TestASession:
    def test_ends_by_post_alone(self, desk: Desk):
        reader = desk("reader")
        reader.get("/desk/sign-out", 405)
        token = reader.token("/desk/")
        assert reader.call("POST", "/desk/sign-out", data={"csrf_token": token}).status_code == 303
        reader.get("/desk/", 303)

    def test_ends_in_every_copy_of_its_cookie_too(self, app, desk: Desk):
        reader, thief = desk("advocate"), Reader(app)
        for cookie in reader.client._cookies.values():
            thief.client.set_cookie(cookie.key, cookie.value, path=cookie.path)
        thief.get("/desk/cases")
        reader.post("/desk/sign-out", {}, form="/desk/")
        thief.get("/desk/cases", 303)

    @pytest.mark.parametrize("act", ["disable", "role", "password"])
    def test_ends_with_the_next_request_when_the_person_is_changed(self, desk: Desk, act: str):
        reader = desk("advocate")
        reader.get("/desk/cases")
        with transaction():
            user = accounts.get_user("advocate@example.org")
            if act == "disable":
                accounts.set_active(user, False, by=SHELL)
            elif act == "role":
                accounts.set_role(user, Role.READER, by=SHELL)
            else:
                accounts.set_password(user, user.password, by=SHELL)
        reader.get("/desk/cases", 303)

    def test_is_not_remembered_beyond_its_end(self, app):
        reader = Reader(app)
        data = {"email": "reader@example.org", "password": PASSWORD, "remember": "y"}
        answer = reader.call(
            "POST", "/desk/sign-in", data={**data, "csrf_token": reader.token("/desk/sign-in")}
        )
        assert answer.status_code == 302
        assert [it.split("=")[0] for it in answer.headers.getlist("Set-Cookie")] == ["sid"]

    def test_cookie_is_for_this_site_and_no_script(self, app):
        reader = Reader(app)
        token = reader.token("/desk/sign-in")
        data = {"email": "reader@example.org", "password": PASSWORD, "csrf_token": token}
        cookie = reader.call("POST", "/desk/sign-in", data=data).headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Domain" not in cookie


class TestPeople:
    def test_are_added_by_the_admin_and_can_sign_in(self, app, desk: Desk):
        data = {"email": "New@Example.org", "name": "New", "role": "lawyer", "password": PASSWORD}
        desk("admin").post("/desk/people", data)
        assert attempt(Reader(app), "new@example.org", PASSWORD) == "in"

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("email", "advocate@example.org", "has an account already"),
            ("email", "no address", "is not an e-mail address"),
            ("password", "short", "at least 14 characters"),
            ("role", "king", "Choose one of the list."),
            ("name", "Ann\x07", "U+0007"),
        ],
    )
    def test_are_refused_beside_the_field(self, desk: Desk, field: str, value: str, words: str):
        data = {"email": "n@example.org", "name": "N", "role": "reader", "password": PASSWORD, field: value}
        assert words in desk("admin").post("/desk/people", data, status=422).text

    def test_can_be_disabled_and_enabled(self, app, desk: Desk):
        admin = desk("admin")
        key = accounts.get_user("lawyer@example.org").id
        admin.post(f"/desk/people/{key}", {"do": "disable"}, form="/desk/people")
        assert "No account" in attempt(Reader(app), "lawyer@example.org", PASSWORD)
        admin.post(f"/desk/people/{key}", {"do": "enable"}, form="/desk/people")
        assert attempt(Reader(app), "lawyer@example.org", PASSWORD) == "in"

    def test_are_not_offered_what_is_refused(self, desk: Desk):
        page = desk("admin").get("/desk/people").text
        own, other = (accounts.get_user(f"{it}@example.org").id for it in ("admin", "reader"))
        assert page.count('value="disable"') == len(accounts.people()) - 1
        assert f'id="role-{other}"' in page and f'id="role-{own}"' not in page
        assert 'for="role">Role <span class="needed">required</span>' in page

    def test_cannot_lock_themselves_out(self, app, desk: Desk):
        admin = desk("admin")
        key = accounts.get_user("admin@example.org").id
        admin.post(f"/desk/people/{key}", {"do": "disable"}, form="/desk/people")
        assert "You cannot disable the account you are using." in admin.get("/desk/people").text
