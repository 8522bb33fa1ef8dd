"""A calendar that follows what is recorded: a deadline appears, moves, is met, and runs again."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.services.recording import news, record, three_filings
from tracker import clock
from tracker.db import db
from tracker.rules.telling import Choices
from tracker.services import accounts, calendar_feed
from tracker.services.ics import Event, as_ics
from tracker.services.updates import Letter

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def case(app, monkeypatch):
    """C001 at the Austrian authority alone; a minute passes between two looks at the clock."""
    passed = iter(range(1, 10_000))
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=next(passed)))
    return three_filings()


def shown() -> list[Event]:
    db.session.rollback()
    user = accounts.get_user("lawyer@example.org")
    return calendar_feed.events(user, Choices(mail=True), site="https://desk.example.org")


def lost(received: str) -> int:
    """Record that the Austrian authority rejected the complaint, by a letter that came on that day."""
    letter = Letter(received_on=datetime.fromisoformat(received).date())
    return record(news("inadmissible", "2026-11-10", letter=letter), "C001-01")


class TestADecisionAgainstUs:
    def test_brings_the_last_day_of_the_appeal(self):
        assert shown() == []
        lost("2026-11-12")
        [it] = shown()
        assert it.title == "C001-01: appeal to the BVwG" and it.starts.isoformat() == "2026-12-10"

    def test_whose_day_is_corrected_moves_the_same_entry(self):
        wrong = lost("2026-11-12")
        [before] = shown()
        letter = Letter(received_on=datetime(2026, 11, 13).date())
        right = news("inadmissible", "2026-11-10", letter=letter)
        record(right, "C001-01", corrects=wrong)
        [after] = shown()
        assert (after.uid, after.starts.isoformat()) == (before.uid, "2026-12-11")
        assert after.changed_at > before.changed_at
        assert as_ics([after], name="x") != as_ics([before], name="x")

    def test_of_which_nobody_knows_the_day_any_more_is_cancelled_on_the_one_it_had(self):
        wrong = lost("2026-11-12")
        [before] = shown()
        right = news("inadmissible", "")
        record(right, "C001-01", corrects=wrong)
        [after] = shown()
        assert (after.uid, after.starts, after.cancelled) == (before.uid, before.starts, True)
        assert after.changed_at > before.changed_at and not after.alarms
        assert "10 December 2026 does not hold" in after.text

    def test_that_is_appealed_is_cancelled_and_comes_back_where_the_appeal_was_a_mistake(self):
        lost("2026-11-12")
        [first] = shown()
        mistake = record(news("appeal", "2026-11-20", actor="noyb"), "C001-01")
        [then] = shown()
        assert then.cancelled and then.uid == first.uid and then.changed_at > first.changed_at
        record(news("note", "2026-11-20"), "C001-01", corrects=mistake)
        [now] = shown()
        assert not now.cancelled and now.uid == first.uid and now.changed_at > then.changed_at
        assert now.alarms

    def test_is_left_alone_by_what_does_not_touch_it(self):
        lost("2026-11-12")
        before = shown()
        record(news("note", "2026-11-20"), "C001-01")
        record(news("acknowledged", "2024-07-01"), "C002-01")
        assert shown() == before
