"""People: added, disabled, given a role or a password; and how often somebody may try to sign in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.conftest import PASSWORD
from tracker import clock
from tracker.db import db, transaction
from tracker.errors import NotFound, RuleBroken, TooManyTries
from tracker.models import SignInAttempt, SignInPlace, User
from tracker.rules.access import SHELL, Actor
from tracker.rules.vocabulary import Role
from tracker.services import accounts, journal

KEY = "a key of sessions"
NOON = datetime(2024, 6, 6, 12, tzinfo=UTC)


@pytest.fixture
def at(app, monkeypatch) -> Callable[[timedelta], None]:
    """Set the clock to so long after noon."""

    def moved(after: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOON + after)

    moved(timedelta())
    return moved


def tried(email: str = "reader@example.org", address: str = "192.0.2.1", times: int = 1) -> None:
    """Try to sign in so many times."""
    for _ in range(times):
        with transaction():
            accounts.count_try(email, address, key=KEY)


def add(email: str = "New.Person@Example.org", **values: object) -> User:
    """Add a person."""
    with transaction():
        new = {"name": "New", "role": Role.READER, "password_hash": "x", "by": SHELL} | values
        return accounts.add_user(email, **new)


class TestAPerson:
    def test_is_added_under_the_address_in_small_letters(self, app):
        added = add("  New.Person@Example.ORG ", name=" Néw Person ", role=Role.LAWYER)
        found = accounts.get_user("NEW.person@example.org ")
        assert (found.id, found.email, found.name) == (added.id, "new.person@example.org", "Néw Person")
        assert (found.role, found.active) == (Role.LAWYER, True)

    def test_is_called_by_the_address_where_there_is_no_name(self, app):
        assert add(name="  ").name == "new.person@example.org"

    def test_cannot_look_like_somebody_else(self, app):
        with pytest.raises(RuleBroken, match="has an account already"):
            add(email="reader\u200b@example.org")
        assert add(name="The\u2060 reader\u202e").name == "The reader"

    def test_has_a_session_key_that_nobody_else_has(self, app):
        keys = [it.fs_uniquifier for it in accounts.people()]
        assert len(set(keys)) == len(keys) == 5 and min(map(len, keys)) >= 32

    @pytest.mark.parametrize(
        "email", ["", "new", "a@", "@b", "a b@c", "a@b@c", "a\x00@b.org", "x" * 65 + "@b"]
    )
    def test_needs_an_address_that_is_one(self, app, email):
        with pytest.raises(RuleBroken) as refused:
            add(email)
        assert refused.value.field == "email"

    def test_cannot_be_added_twice(self, app):
        with pytest.raises(RuleBroken) as refused:
            add("READER@example.org")
        assert refused.value.field == "email" and "reader@example.org has an account" in str(refused.value)

    def test_is_noted_in_the_journal_by_key_and_never_by_name(self, app):
        added = add()
        [line] = journal.about(f"user:{added.id}")
        assert (line.act, line.actor, line.detail) == ("people.add", "shell", {"role": "reader"})

    def test_who_does_not_exist_is_not_found(self, app):
        with pytest.raises(NotFound):
            accounts.get_user("nobody@example.org")
        with pytest.raises(NotFound):
            accounts.get_user_by_id(17)

    def test_is_listed_by_name(self, app):
        add(name="Aaron")
        names = [it.name for it in accounts.people()]
        assert names[0] == "Aaron" and names == sorted(names)

    def test_is_named_where_the_journal_has_the_key(self, app, statements):
        reader, admin = (accounts.get_user(f"{it}@example.org") for it in ("reader", "admin"))
        statements.clear()
        names = accounts.names_of([f"user:{reader.id}", f"user:{admin.id}", "shell", "user:1"])
        assert names == {
            f"user:{reader.id}": "The reader",
            f"user:{admin.id}": "The admin",
            "shell": "command line",
        }
        assert len(statements) == 1


class TestAnAdmin:
    @pytest.fixture
    def admin(self, actor) -> Actor:
        """The admin."""
        return actor("admin")

    @pytest.mark.parametrize(
        ("change", "act"),
        [
            pytest.param(
                lambda it, by: accounts.set_active(it, False, by=by), "people.disable", id="disable"
            ),
            pytest.param(lambda it, by: accounts.set_active(it, True, by=by), "people.enable", id="enable"),
            pytest.param(lambda it, by: accounts.set_role(it, Role.EDITOR, by=by), "people.role", id="role"),
            pytest.param(
                lambda it, by: accounts.set_password(it, "y", by=by), "people.password", id="password"
            ),
        ],
    )
    def test_ends_every_open_session_with_a_change(self, admin, change, act):
        before = accounts.get_user("reader@example.org").fs_uniquifier
        with transaction():
            change(accounts.get_user("reader@example.org"), admin)
        after = accounts.get_user("reader@example.org")
        assert after.fs_uniquifier != before
        assert (journal.about(f"user:{after.id}")[0].act, journal.about(f"user:{after.id}")[0].actor) == (
            act, admin.key,
        )  # fmt: skip

    def test_disables_a_person_whose_next_request_then_fails(self, admin, desk):
        reader = desk("reader")
        reader.get("/desk/cases")
        with transaction():
            accounts.set_active(accounts.get_user("reader@example.org"), False, by=admin)
        assert "/desk/sign-in" in reader.get("/desk/cases", 303).location

    def test_gives_a_role_that_counts_from_then_on(self, admin):
        with transaction():
            accounts.set_role(accounts.get_user("reader@example.org"), Role.EDITOR, by=admin)
        assert accounts.get_user("reader@example.org").role is Role.EDITOR

    def test_never_writes_a_password_into_the_journal(self, admin):
        with transaction():
            accounts.set_password(accounts.get_user("reader@example.org"), "$argon2id$secret", by=admin)
        line = journal.about(f"user:{accounts.get_user('reader@example.org').id}")[0]
        assert "secret" not in str(line.detail)
        assert accounts.get_user("reader@example.org").password == "$argon2id$secret"

    def test_cannot_disable_the_account_in_use(self, admin):
        with pytest.raises(RuleBroken, match="account you are using"), transaction():
            accounts.set_active(accounts.get_user("admin@example.org"), False, by=admin)
        assert accounts.get_user("admin@example.org").active

    def test_cannot_take_the_own_role_away(self, admin):
        with pytest.raises(RuleBroken) as refused, transaction():
            accounts.set_role(accounts.get_user("admin@example.org"), Role.READER, by=admin)
        assert refused.value.field == "role"

    def test_can_be_disabled_from_the_command_line(self, admin):
        with transaction():
            accounts.set_active(accounts.get_user("admin@example.org"), False, by=SHELL, forced=True)
        assert not accounts.get_user("admin@example.org").active


class TestTheLastAdmin:
    @pytest.mark.parametrize("change", ["disable", "role"])
    def test_stays_unless_it_is_forced(self, app, change):
        def act(**how: bool) -> None:
            with transaction():
                user = accounts.get_user("admin@example.org")
                if change == "disable":
                    accounts.set_active(user, False, by=SHELL, **how)
                else:
                    accounts.set_role(user, Role.READER, by=SHELL, **how)

        with pytest.raises(RuleBroken, match="admin@example.org is the last admin"):
            act()
        assert accounts.get_user("admin@example.org").active
        act(forced=True)
        act()  # is no admin any more who could be the last one

    def test_is_not_the_last_while_there_is_another_who_can_sign_in(self, app):
        add(role=Role.ADMIN)
        with transaction():
            accounts.set_active(accounts.get_user("new.person@example.org"), False, by=SHELL)
        with pytest.raises(RuleBroken, match="last admin"), transaction():
            accounts.set_active(accounts.get_user("admin@example.org"), False, by=SHELL)
        with transaction():
            accounts.set_active(accounts.get_user("new.person@example.org"), True, by=SHELL)
            accounts.set_active(accounts.get_user("admin@example.org"), False, by=SHELL)


class TestAPassword:
    @pytest.mark.parametrize("password", ["correct horse battery", "x" * 120 + "abcde", "abcd          e"])
    def test_of_fourteen_characters_is_taken(self, password):
        accounts.check_password(password)

    @pytest.mark.parametrize(
        ("password", "words"),
        [
            pytest.param("", "at least 14", id="empty"),
            pytest.param("Tr0ub4dor&3!!", "at least 14", id="thirteen characters"),
            pytest.param("abcdefgh" * 17, "at most 128", id="136 characters"),
            pytest.param("abab" * 8, "too few", id="two characters over and over"),
            pytest.param("é" * 20, "too few", id="one character over and over"),
        ],
    )
    def test_that_is_weak_is_refused_and_not_repeated(self, password, words):
        with pytest.raises(RuleBroken) as refused:
            accounts.check_password(password)
        assert refused.value.field == "password" and words in str(refused.value)
        assert not password or password not in str(refused.value)


class TestTryingToSignIn:
    def test_is_refused_after_ten_tries_for_one_account_from_one_address(self, at):
        tried(times=accounts.HERE)
        with pytest.raises(TooManyTries):
            tried()
        tried("editor@example.org")
        tried(address="192.0.2.2")

    def test_is_refused_after_sixty_tries_for_one_account_from_everywhere(self, at):
        for it in range(accounts.EVERYWHERE):
            tried(address=f"192.0.2.{it}")
        with pytest.raises(TooManyTries):
            tried(address="198.51.100.1")
        tried("editor@example.org", "198.51.100.1")

    def test_is_refused_after_a_hundred_tries_from_one_address(self, at):
        with transaction():
            for it in range(accounts.ADDRESS):
                accounts.count_try(f"person{it}@example.org", "192.0.2.1", key=KEY)
        with pytest.raises(TooManyTries):
            tried("somebody@example.org")
        tried("somebody@example.org", "192.0.2.2")

    @pytest.mark.parametrize(
        ("window", "most", "addresses"),
        [(accounts.WINDOW_HERE, accounts.HERE, 1), (accounts.WINDOW_EVERYWHERE, accounts.EVERYWHERE, 60)],
    )
    def test_is_possible_again_when_the_time_is_over(self, at, window, most, addresses):
        with transaction():
            for it in range(most):
                accounts.count_try("reader@example.org", f"192.0.2.{it % addresses}", key=KEY)
        at(window - timedelta(seconds=1))
        with pytest.raises(TooManyTries):
            tried(address="192.0.2.0")
        at(window)
        tried(address="192.0.2.0")

    def test_leaves_nothing_behind_after_an_hour(self, at):
        tried(times=5)
        at(timedelta(hours=1, seconds=1))
        tried("editor@example.org")
        assert db.session.scalars(sa.select(SignInAttempt.email)).all() == ["editor@example.org"]

    def test_is_not_counted_while_it_is_refused(self, at):
        tried(times=accounts.HERE)
        for _ in range(3):
            with pytest.raises(TooManyTries):
                tried()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInAttempt)) == accounts.HERE

    @pytest.mark.parametrize(
        "email",
        ["READER@Example.ORG", " reader@example.org", "reader@ｅxample.org", "reader@example\u3002org"],
    )
    def test_is_counted_for_one_account_however_its_address_is_written(self, at, email):
        tried(times=accounts.HERE - 1)
        tried(email)
        with pytest.raises(TooManyTries):
            tried(email)

    def test_takes_addresses_of_any_length(self, at):
        tried("x" * 100_000)
        assert len(db.session.scalars(sa.select(SignInAttempt.email)).one()) == 320

    def test_starts_anew_after_a_sign_in(self, at):
        tried(times=accounts.HERE - 1)
        tried(address="192.0.2.2")
        tried("editor@example.org")
        with transaction():
            accounts.signed_in(accounts.get_user("reader@example.org"), "192.0.2.1", key=KEY)
        left = db.session.execute(sa.select(SignInAttempt.email, SignInAttempt.address)).all()
        assert sorted(map(tuple, left)) == [
            ("editor@example.org", "192.0.2.1"), ("reader@example.org", "192.0.2.2"),
        ]  # fmt: skip
        tried(times=accounts.HERE)

    def test_is_counted_for_the_half_of_an_ipv6_address_that_one_person_has(self, at):
        for it in range(accounts.HERE):
            tried(address=f"2001:db8:1:2::{it:x}")
        with pytest.raises(TooManyTries):
            tried(address="2001:db8:1:2:ffff:ffff:ffff:ffff")
        tried(address="2001:db8:1:3::1")

    def test_is_counted_alike_for_both_forms_of_an_ipv4_address(self, at):
        tried(times=accounts.HERE)
        with pytest.raises(TooManyTries):
            tried(address="::ffff:192.0.2.1")

    def test_that_succeeds_is_noted_in_the_journal(self, at):
        user = accounts.get_user("reader@example.org")
        with transaction():
            accounts.signed_in(user, "192.0.2.1", key=KEY)
        line = journal.about(f"user:{user.id}")[0]
        assert (line.act, line.actor, line.detail) == ("account.sign_in", f"user:{user.id}", {})

    def test_by_the_form_is_counted_and_in_the_end_refused_with_the_right_password_too(self, desk, app):
        tried(address="127.0.0.1", times=accounts.HERE)
        with pytest.raises(AssertionError, match="Too many tries"):
            desk("reader")
        with transaction():
            db.session.execute(sa.delete(SignInAttempt))
        desk("reader").get("/desk/")
        assert PASSWORD not in str(db.session.execute(sa.select(SignInAttempt)).all())


class TestAPlaceFromWhichSomebodySignedInLately:
    HOME = "2001:db8:aaaa:1::7"

    @pytest.fixture
    def known(self, at):
        """Let the reader have signed in at home."""
        with transaction():
            accounts.signed_in(accounts.get_user("reader@example.org"), self.HOME, key=KEY)

    def flood(self) -> None:
        """Try from everywhere, as often as is looked at."""
        for it in range(accounts.EVERYWHERE):
            tried(address=f"192.0.2.{it}")

    def test_stays_open_while_others_try_from_everywhere(self, known):
        self.flood()
        tried(address="2001:db8:aaaa:1::99")  # the same line, another device
        for account, address in (
            ("reader@example.org", "198.51.100.1"), ("reader@example.org", "2001:db8:aaaa:2::7"),
        ):  # fmt: skip
            with pytest.raises(TooManyTries):
                tried(account, address)

    def test_is_one_for_that_account_alone(self, known):
        for it in range(accounts.EVERYWHERE):
            tried("editor@example.org", f"192.0.2.{it}")
        with pytest.raises(TooManyTries):
            tried("editor@example.org", self.HOME)

    def test_is_guarded_like_any_other_against_guessing(self, known):
        tried(address=self.HOME, times=accounts.HERE)
        with pytest.raises(TooManyTries):
            tried(address=self.HOME)

    def test_is_forgotten_after_thirty_days(self, known, at):
        at(accounts.KNOWN + timedelta(seconds=1))
        self.flood()
        with pytest.raises(TooManyTries):
            tried(address=self.HOME)
        with transaction():
            accounts.signed_in(accounts.get_user("editor@example.org"), "192.0.2.1", key=KEY)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInPlace)) == 1

    def test_is_kept_once_and_names_nobody(self, known, at):
        at(timedelta(days=1))
        with transaction():
            accounts.signed_in(accounts.get_user("reader@example.org"), self.HOME, key=KEY)
        [kept] = db.session.scalars(sa.select(SignInPlace))
        assert kept.at == NOON + timedelta(days=1)
        assert len(kept.place) == 64 and set(kept.place) <= set("0123456789abcdef")

    def test_means_nothing_without_the_key_of_sessions(self, known):
        self.flood()
        with pytest.raises(TooManyTries), transaction():
            accounts.count_try("reader@example.org", self.HOME, key="another key")
