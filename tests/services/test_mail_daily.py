"""The daily mail: one a day at most, only for news, and nothing in it by which anybody is known."""

import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.deadlines import stored_deadline
from tests.publishing import same_respondent
from tests.services.mailing import SITE, TODAY, change, days, key_of, send_all, store, tell
from tests.services.mailing import filing as filing
from tests.services.mailing import on as on
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Filing, MailMark, Outgoing
from tracker.rules.access import SHELL
from tracker.rules.telling import DAYS, Choices
from tracker.rules.vocabulary import Role
from tracker.services import accounts, mail_choices, mail_daily, outbox
from tracker.services.hearings_told import Hearing


class TestADeadlineOfOurs:
    def test_is_told_at_each_step_once(self, filing, on):
        store(filing, date(2026, 12, 10))
        told = []
        for number in range(20):
            on(TODAY + days(number))
            if message := tell():
                told.append((clock.today().isoformat(), message.subject))
                send_all()
        assert told == [
            ("2026-11-26", "1 deadline: 1 of ours within 14 days"),
            ("2026-12-03", "1 deadline: 1 of ours within 7 days"),
            ("2026-12-07", "1 deadline: 1 of ours within 3 days"),
            ("2026-12-09", "1 deadline: 1 of ours within 1 day"),
            ("2026-12-10", "1 deadline: 1 of ours due today"),
            ("2026-12-11", "1 deadline: 1 of ours over"),
        ]

    def test_is_told_with_number_provision_day_time_left_and_address(self, filing):
        store(filing, TODAY + days(5), "AT-BVWG")
        message = tell()
        assert message is not None
        assert (
            f"{filing.number}: appeal to the BVwG (§ 7(4) VwGVG): 30 November 2026, 5 days left\n"
            in message.body
        )
        assert f"  {SITE}/desk/filings/{filing.number}/deadlines/AT-BVWG\n" in message.body
        assert f"{SITE}/desk/docket" in message.body and f"{SITE}/desk/account" in message.body

    def test_that_runs_from_an_entry_is_told_with_the_address_of_that_one(self, filing):
        store(filing, TODAY, start_number=4)
        assert "/deadlines/OWN-COURT/4\n" in tell().body

    def test_goes_by_the_earliest_day_that_can_be_argued(self, filing):
        store(filing, TODAY + days(9), safe_on=TODAY + days(7))
        message = tell()
        assert message.subject.endswith("within 7 days") and "2 December 2026, 7 days left" in message.body

    def test_that_was_found_late_is_told_at_the_step_where_it_stands(self, filing):
        store(filing, TODAY + days(2))
        assert tell().subject == "1 deadline: 1 of ours within 3 days"

    def test_is_told_again_when_its_day_became_another_one(self, filing, on):
        key = store(filing, TODAY + days(12))
        tell()
        send_all()
        change(key, due_on=TODAY + days(10), safe_on=TODAY + days(10))
        on(TODAY + days(1))
        assert "5 December 2026, 9 days left" in tell().body

    def test_is_told_after_days_on_which_nobody_worked(self, filing, on):
        store(filing, TODAY + days(14))
        tell()
        send_all()
        on(TODAY + days(9))
        assert tell().subject == "1 deadline: 1 of ours within 7 days"

    @pytest.mark.parametrize(
        "values",
        [
            {"met_on": TODAY},
            {"waived": "we agree"},
            {"paused_on": TODAY - days(3)},
            {"gone": True, "open": False},
        ],
        ids=["met", "waived", "stopped", "gone"],
    )
    def test_is_not_told_when_nothing_runs(self, filing, values):
        store(filing, TODAY, **values)
        assert tell() is None

    def test_of_which_nobody_knows_the_end_is_not_told(self, filing):
        store(filing, None)
        assert tell() is None

    def test_that_is_a_right_is_told_once_more_when_it_has_ended_while_that_may_help(self, filing, on):
        store(filing, TODAY, "AT-BVWG", safe_on=TODAY - days(1))
        assert tell().subject == "1 deadline: 1 of ours in doubt", "over by the strictest count alone"
        send_all()
        on(TODAY + days(1))
        assert "ended 1 day ago, not used" in tell().body
        send_all()
        on(TODAY + days(2))
        assert tell() is None, "and no more than once"

    def test_that_is_a_right_which_ended_long_ago_is_no_news(self, filing):
        store(filing, TODAY - days(31), "AT-BVWG")
        assert tell() is None

    def test_that_was_over_long_ago_is_no_news(self, filing):
        store(filing, TODAY - days(31))
        assert tell() is None
        store(filing, TODAY - days(30), start_number=2)
        assert tell() is not None

    def test_is_told_on_the_days_that_a_person_chose(self, filing):
        store(filing, TODAY + days(30))
        assert tell() is None
        assert tell(choices=Choices(mail=True, days=(40,))).subject.endswith("within 40 days")


class TestWhatOthersOwe:
    def test_is_told_once_when_it_is_late_for_certain(self, filing, on):
        store(filing, TODAY, "G15", start_number=9, own=False, certain_on=TODAY + days(2))
        told = []
        for number in range(6):
            on(TODAY + days(number))
            if message := tell():
                told.append((clock.today().day, message.subject))
                what = "information on progress or outcome (Art 78(2), 77(2))"
                assert f"{filing.number}: {what}: 27 November 2026, late by 1 day" in message.body
                send_all()
        assert told == [(28, "1 deadline: 1 of others late")]

    def test_says_that_it_is_contested_and_of_another_one_nothing(self, filing):
        store(filing, TODAY - days(1), "G15-AGAIN", start_number=9, own=False)
        store(filing, TODAY - days(1), "G15", start_number=9, own=False)
        assert tell().body.count("late by 1 day, contested") == 1

    def test_is_not_told_where_it_was_late_before_anybody_looked(self, filing):
        store(filing, TODAY - days(31), "G15", start_number=9, own=False)
        assert tell() is None

    @pytest.mark.parametrize(
        ("period", "values"),
        [("G15", {"met_on": TODAY}), ("G15", {"paused_on": TODAY - days(9)}), ("G5", {})],
        ids=["met", "stopped", "a right of theirs"],
    )
    def test_is_not_told_where_nobody_is_late(self, filing, period, values):
        store(filing, TODAY - days(1), period, start_number=9, own=False, **values)
        assert tell() is None


class TestAHearing:
    def test_is_told_as_it_comes_nearer_with_its_time_at_the_place(self, app, on, monkeypatch):
        starts = datetime(2026, 12, 3, 9, tzinfo=UTC)
        it = Hearing(
            *(7, "uid", ("C001-01", "C001-02"), "BVwG", "Wien", starts.date(), starts, "Europe/Vienna"),
            cancelled=False,
            changed_at=starts,
        )
        monkeypatch.setattr(mail_daily, "of_person", lambda *_, **__: [it])
        told = []
        for number in range(12):
            on(TODAY + days(number))
            if message := tell():
                told.append((clock.today().day, message.subject))
                assert "C001-01 and C001-02: 3 December 2026, 10:00 (Europe/Vienna), BVwG\n" in message.body
                assert f"  {SITE}/desk/hearings/7\n" in message.body
                send_all()
        assert told == [(day, "1 hearing") for day in (25, 26, 30, 2, 3)]

    def test_that_was_cancelled_is_not_told(self, app, monkeypatch):
        starts = datetime(2026, 11, 26, 9, tzinfo=UTC)
        it = Hearing(7, "uid", ("C001-01",), "", None, starts.date(), None, "UTC", True, starts)
        monkeypatch.setattr(mail_daily, "of_person", lambda *_, **__: [it])
        assert tell() is None


class TestWhoIsTold:
    def test_is_whoever_sees_to_the_filing_and_everybody_where_nobody_does(self, filing):
        store(filing, TODAY)
        assert tell("lawyer") and tell("advocate")
        with transaction():
            [other] = lodged(a_case(respondents=same_respondent("C001")), "fr-cnil")
            other.responsible_id = key_of("advocate")
            stored_deadline(other, "FR-COURT", due=TODAY, own=True)
        with transaction():
            db.session.execute(sa.delete(MailMark))
            db.session.execute(sa.delete(Outgoing))
        assert tell("lawyer").subject.startswith("1 deadline:")
        assert tell("advocate").subject.startswith("2 deadlines:")

    def test_is_also_whoever_wants_to_know_of_all_filings(self, filing):
        store(filing, TODAY)
        with transaction():
            db.session.get_one(Filing, filing.id).responsible_id = key_of("advocate")
        assert tell("lawyer") is None
        assert tell("lawyer", Choices(mail=True, everything=True)) is not None

    def people(self) -> set[str]:
        db.session.rollback()
        told = mail_daily.people_to_tell(days=DAYS)
        return {accounts.get_user_by_id(key).role.value for key, _ in told}

    def test_is_who_acts_on_filings_until_they_say_otherwise(self, app):
        assert self.people() == {"advocate", "lawyer"}
        for role, mail in (("lawyer", False), ("reader", True), ("admin", True)):
            with transaction():
                mail_choices.choose(accounts.get_user(f"{role}@example.org"), Choices(mail=mail))
        assert self.people() == {"advocate", "reader"}, "an admin reads no filings"

    def test_is_nobody_who_left(self, app):
        with transaction():
            accounts.set_active(accounts.get_user("lawyer@example.org"), False, by=SHELL)
            accounts.set_role(accounts.get_user("advocate@example.org"), Role.ADMIN, by=SHELL)
        assert self.people() == set()


class TestOneMailADay:
    def test_is_the_most_however_often_somebody_asks(self, filing):
        store(filing, TODAY)
        assert tell() is not None
        store(filing, TODAY, start_number=3)
        assert tell() is None

    def test_brings_the_next_day_what_came_up_meanwhile(self, filing, on):
        store(filing, TODAY)
        tell()
        send_all()
        store(filing, TODAY + days(1), start_number=3)
        on(TODAY + days(1))
        assert tell().subject == "2 deadlines: 1 of ours over, 1 due today"

    def test_is_none_where_nothing_is_new(self, filing, on):
        assert tell() is None
        store(filing, TODAY + days(14))
        tell()
        send_all()
        on(TODAY + days(1))
        assert tell() is None
        assert db.session.scalar(sa.select(sa.func.count(Outgoing.id))) == 1

    def test_is_there_only_with_the_mark_that_it_was_written(self, filing, monkeypatch):
        store(filing, TODAY)
        monkeypatch.setattr(outbox, "replace", lambda these: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tell()
        assert db.session.scalars(sa.select(Outgoing)).all() == []
        assert db.session.scalars(sa.select(MailMark)).all() == []
        monkeypatch.undo()
        clock_at = datetime(2026, 11, 25, 6, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: clock_at)
        assert tell() is not None

    def test_holds_forty_lines_of_a_kind_and_says_how_many_more_there_are(self, filing):
        with transaction():
            for number in range(43):
                stored_deadline(filing, "AT-BVWG", due=TODAY, own=True, start_number=number)
        message = tell()
        assert message.subject == "43 deadlines: 43 of ours due today"
        assert message.body.count("/deadlines/AT-BVWG") == 40 and "and 3 more" in message.body


class TestTheMail:
    def test_leads_to_pages_that_are_there(self, filing, desk):
        store(filing, TODAY)
        message = tell()
        lawyer = desk("lawyer")
        addresses = re.findall(rf"{SITE}(\S+)", message.body)
        assert len(addresses) == 3
        for it in addresses:
            lawyer.get(it)

    def test_names_nobody_and_no_case(self, filing):
        store(filing, TODAY)
        store(filing, TODAY - days(1), "G15", start_number=9, own=False)
        message = tell()
        written = message.subject + message.body
        for word in ("Maria", "Musterfrau", "Example Platforms", "noyb", "The lawyer", "lawyer@"):
            assert word not in written

    def test_asks_the_store_as_often_for_one_deadline_as_for_many(self, filing, statements, on):
        store(filing, TODAY)
        del statements[:]
        tell()
        once = len(statements)
        send_all()
        with transaction():
            for number in range(1, 30):
                stored_deadline(filing, "AT-BVWG", due=TODAY + days(1), own=True, start_number=number)
        on(TODAY + days(1))
        del statements[:]
        tell()
        assert len(statements) <= once + 2, "rows of marks are written by one statement"

    def test_leaves_marks_no_longer_than_they_are_needed(self, filing, on):
        store(filing, TODAY)
        tell()
        for number, left in ((59, 1), (61, 0)):
            with transaction():
                mail_daily.forget_marks(TODAY + days(number))
            assert db.session.scalar(sa.select(sa.func.count(MailMark.subject))) == left
