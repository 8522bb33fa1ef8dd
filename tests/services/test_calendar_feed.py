"""A person's calendar: who reads it by which address, and what stands in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.deadlines import stored_deadline
from tests.publishing import same_respondent
from tracker import clock
from tracker.db import db, transaction
from tracker.models import CalendarAddress, Deadline, Entry, Filing
from tracker.rules.access import SHELL
from tracker.rules.telling import Choices
from tracker.rules.vocabulary import Role
from tracker.services import accounts, calendar_feed
from tracker.services.hearings_told import Hearing
from tracker.services.ics import Event

TODAY = date(2026, 11, 25)
SITE = "https://desk.example.org"


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture(autouse=True)
def noon(app, monkeypatch) -> None:
    """It is noon of 25 November 2026."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 12, tzinfo=UTC))


@pytest.fixture
def filing(app) -> Filing:
    with transaction():
        [made] = lodged(a_case(title="Maria Musterfrau against Example"), "at-dsb")
    return made


def store(filing: Filing, due: date | None, period: str = "AT-BVWG", **values: object) -> int:
    with transaction():
        return stored_deadline(filing, period, due=due, **{"own": True, **values}).id


def shown(role: str = "lawyer", choices: Choices = Choices(mail=True)) -> list[Event]:  # noqa: B008
    db.session.rollback()
    return calendar_feed.events(accounts.get_user(f"{role}@example.org"), choices, site=SITE)


def make(role: str = "lawyer") -> str:
    with transaction():
        return calendar_feed.make_address(accounts.get_user(f"{role}@example.org"), by=SHELL)


def owner(secret: str) -> str | None:
    db.session.rollback()
    found = calendar_feed.owner_of(secret)
    return found and found.email


class TestAnAddress:
    def test_leads_to_its_owner(self):
        assert owner(make()) == "lawyer@example.org"

    def test_is_kept_as_a_hash_alone(self):
        secret = make()
        [row] = db.session.scalars(sa.select(CalendarAddress)).all()
        assert len(row.secret_hash) == 64 and secret not in row.secret_hash
        told = [it.detail for it in db.session.scalars(sa.select(Entry))]
        assert secret not in str(told) and row.secret_hash not in str(told)

    def test_has_more_to_guess_than_anybody_can(self):
        assert len({make() for _ in range(50)}) == 50
        assert all(len(it) == 43 for it in (make(), make("advocate")))

    def test_ends_when_another_one_is_made(self):
        old, new = make(), make()
        assert (owner(old), owner(new)) == (None, "lawyer@example.org")

    def test_ends_when_its_owner_says_so(self):
        secret = make()
        for expected in (True, False):
            with transaction():
                ended = calendar_feed.end_address(accounts.get_user("lawyer@example.org"), by=SHELL)
            assert ended is expected
        assert owner(secret) is None

    def test_is_no_good_while_its_owner_may_not_sign_in_or_reads_no_filings(self):
        secret, user = make(), "lawyer@example.org"
        with transaction():
            accounts.set_active(accounts.get_user(user), False, by=SHELL)
        assert owner(secret) is None
        with transaction():
            accounts.set_active(accounts.get_user(user), True, by=SHELL)
            accounts.set_role(accounts.get_user(user), Role.ADMIN, by=SHELL)
        assert owner(secret) is None

    @pytest.mark.parametrize("typed", ["", " ", "x", "\ud800", "%", "A" * 100_000, "'; DROP TABLE users;--"])
    def test_that_nobody_made_leads_nowhere(self, typed):
        make()
        assert owner(typed) is None

    def test_of_one_person_leaves_that_of_another_alone(self):
        mine, theirs = make(), make("advocate")
        make()
        assert (owner(mine), owner(theirs)) == (None, "advocate@example.org")

    def test_is_written_into_the_journal(self):
        make()
        with transaction():
            calendar_feed.end_address(accounts.get_user("lawyer@example.org"), by=SHELL)
        acts = db.session.scalars(sa.select(Entry.act).where(Entry.act.startswith("account.cal"))).all()
        assert acts == ["account.calendar", "account.calendar_end"]


class TestADeadlineOfOurs:
    def test_is_a_whole_day_with_alarms(self, filing):
        store(filing, TODAY + days(9))
        [it] = shown()
        assert it.title == f"{filing.number}: appeal to the BVwG"
        assert it.text == "appeal to the BVwG (§ 7(4) VwGVG)\nLast day: 4 December 2026."
        assert it.link == f"{SITE}/desk/filings/{filing.number}/deadlines/AT-BVWG"
        assert (it.starts, it.alarms, it.cancelled, it.tentative) == (
            TODAY + days(9),
            (14, 7, 3, 1, 0),
            False,
            False,
        )

    def test_stands_on_the_day_to_go_by(self, filing):
        store(filing, TODAY + days(9), safe_on=TODAY + days(7))
        [it] = shown()
        assert it.starts == TODAY + days(7)
        assert "Go by 2 December 2026; the legal last day is 4 December 2026." in it.text

    def test_rings_on_the_days_that_a_person_chose(self, filing):
        store(filing, TODAY)
        assert shown(choices=Choices(mail=False, days=(30,)))[0].alarms == (30, 0)

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"met_on": TODAY}, "Met on 25 November 2026."),
            ({"waived": "we agree"}, "Nobody waits for this any more."),
            ({"gone": True, "open": False}, "Nobody waits for this any more."),
        ],
        ids=["met", "waived", "gone"],
    )
    def test_is_cancelled_and_silent_when_nothing_runs_any_more(self, filing, values, words):
        store(filing, TODAY + days(9), **values)
        [it] = shown()
        assert it.cancelled and it.alarms == () and words in it.text
        assert "we agree" not in it.text + it.title

    def test_is_kept_as_cancelled_for_ninety_days_after_its_day(self, filing):
        store(filing, TODAY - days(90), met_on=TODAY - days(100))
        store(filing, TODAY - days(91), met_on=TODAY - days(100), start_number=2)
        assert [it.starts for it in shown()] == [TODAY - days(90)]

    def test_rings_no_more_once_its_day_is_over(self, filing):
        for number, left in enumerate((1, 0, -1)):
            store(filing, TODAY + days(left), start_number=number)
        assert [bool(it.alarms) for it in shown()] == [False, True, True]

    @pytest.mark.parametrize(
        ("gone_by", "alarms"),
        [
            pytest.param(0, (14, 7, 3, 1, 0, -7, -14, -18, -20, -21), id="on the day to go by"),
            pytest.param(1, (-7, -14, -18, -20, -21), id="after it"),
            pytest.param(21, (-7, -14, -18, -20, -21), id="on the legal last day"),
            pytest.param(22, (), id="once it is over"),
        ],
    )
    def test_rings_for_the_legal_last_day_too(self, filing, gone_by, alarms):
        store(filing, TODAY + days(21 - gone_by), "OWN-COURT", safe_on=TODAY - days(gone_by))
        [it] = shown()
        assert (it.starts, tuple(it.alarms)) == (TODAY - days(gone_by), alarms)

    def test_is_kept_for_a_year_while_it_is_open(self, filing):
        store(filing, TODAY - days(365), "OWN-COURT")
        store(filing, TODAY - days(366), "OWN-COURT", start_number=2)
        assert [(it.starts, it.cancelled) for it in shown()] == [(TODAY - days(365), False)]

    def test_that_is_a_right_is_cancelled_once_it_ended_and_left_out_later(self, filing, monkeypatch):
        store(filing, TODAY - days(1), safe_on=TODAY - days(2))
        [it] = shown()
        assert it.cancelled and it.alarms == () and it.starts == TODAY - days(2)
        assert it.text.endswith("Ended on 24 November 2026, not used.")
        store(filing, TODAY - days(91), start_number=2)
        store(filing, TODAY, start_number=3)
        assert [(it.starts, it.cancelled) for it in shown()] == [(TODAY - days(2), True), (TODAY, False)]

    def test_that_is_a_right_is_newer_when_it_has_ended_than_it_was_before(self, filing, monkeypatch):
        store(filing, TODAY)
        [before] = shown()
        monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 27, 12, tzinfo=UTC))
        [after] = shown()
        assert (before.uid, before.cancelled, after.cancelled) == (after.uid, False, True)
        assert after.changed_at == datetime(2026, 11, 26, tzinfo=UTC) > before.changed_at

    def test_whose_clock_has_stopped_is_doubtful_and_silent(self, filing):
        store(filing, TODAY, paused_on=TODAY - days(1))
        [it] = shown()
        assert it.tentative and not it.cancelled and it.alarms == ()
        assert it.title.endswith("(clock stopped)")

    def test_of_which_nobody_knows_the_day_is_left_out(self, filing):
        store(filing, None)
        assert shown() == []

    def test_keeps_its_name_when_its_day_changes_and_is_newer_then(self, filing):
        key = store(filing, TODAY)
        [before] = shown()
        with transaction():
            row = db.session.get_one(Deadline, key)
            row.due_on = row.safe_on = TODAY + days(3)
            row.computed_at = clock.now() + timedelta(seconds=1)
        [after] = shown()
        assert after.uid == before.uid and after.starts == TODAY + days(3)
        assert after.changed_at > before.changed_at

    def test_names_nobody_and_no_case(self, filing):
        store(filing, TODAY)
        assert not [it for it in shown() if "Maria" in it.title + it.text or "Example" in it.title + it.text]


VIENNA_AT_TEN = datetime(2026, 12, 3, 9, tzinfo=UTC)


class TestAHearing:
    @pytest.fixture
    def hearing(self, app, monkeypatch):
        """Return a function that makes hearings be what they are."""

        def make(**values: object) -> None:
            of = {"number": 7, "uid": "a-b-c", "filings": ("C001-01",), "court": "BVwG", "place": "Wien"}
            of |= {"day": date(2026, 12, 3), "starts_at": VIENNA_AT_TEN, "zone": "Europe/Vienna"}
            it = Hearing(**{**of, "cancelled": False, "changed_at": clock.now(), **values})
            monkeypatch.setattr(calendar_feed, "of_person", lambda *_, **__: [it])

        return make

    def test_stands_at_its_time_by_the_clock_of_the_place(self, hearing):
        hearing()
        [it] = shown()
        assert (it.uid, it.title, it.place) == ("a-b-c", "C001-01: hearing, BVwG", "Wien")
        assert it.starts.isoformat() == "2026-12-03T10:00:00+01:00"
        assert it.link == f"{SITE}/desk/hearings/7" and it.alarms == (14, 7, 3, 1)

    def test_whose_time_nobody_knows_stands_on_its_day(self, hearing):
        hearing(starts_at=None)
        [it] = shown()
        assert it.starts == date(2026, 12, 3) and "The time is not known." in it.text

    def test_of_several_filings_names_them_all(self, hearing):
        hearing(filings=("C001-01", "C001-02", "C002-01"))
        [it] = shown()
        assert it.title == "C001-01 and 2 others: hearing, BVwG"
        assert "Filings: C001-01, C001-02, C002-01" in it.text

    def test_that_was_cancelled_is_silent_and_stays_for_ninety_days(self, hearing):
        hearing(cancelled=True)
        [it] = shown()
        assert it.cancelled and it.alarms == ()
        hearing(cancelled=True, day=TODAY - days(91))
        assert shown() == []

    def test_that_is_over_rings_no_more(self, hearing):
        hearing(day=TODAY - days(1))
        assert shown()[0].alarms == ()


class TestWhatStandsInACalendar:
    def test_is_nothing_that_others_owe(self, filing):
        store(filing, TODAY, "G15", own=False, start_number=9)
        assert shown() == []

    def test_is_of_the_filings_of_its_owner_and_of_those_that_nobody_sees_to(self, filing):
        store(filing, TODAY)
        with transaction():
            [other] = lodged(a_case(respondents=same_respondent("C001")), "fr-cnil")
            other.responsible_id = accounts.get_user("advocate@example.org").id
            stored_deadline(other, "FR-COURT", due=TODAY, own=True)
        titles = [[it.title.split(":")[0] for it in shown(role)] for role in ("lawyer", "advocate")]
        assert titles == [["C001-01"], ["C001-01", "C002-01"]]
        assert len(shown("lawyer", Choices(mail=True, everything=True))) == 2

    def test_comes_by_a_fixed_number_of_statements(self, filing, statements):
        with transaction():
            for number in range(40):
                stored_deadline(filing, "AT-BVWG", due=TODAY, own=True, start_number=number)
        user = accounts.get_user("lawyer@example.org")
        del statements[:]
        assert len(calendar_feed.events(user, Choices(mail=True), site=SITE)) == 40
        assert len(statements) == 3, "deadlines, those that lost their day, hearings"
