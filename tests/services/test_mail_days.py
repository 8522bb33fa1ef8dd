"""The daily mail from one day to the next: a mail server that is away, a clock that jumps."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.services.mailing import TODAY, change, days, send_all, store, tell
from tests.services.mailing import filing as filing
from tests.services.mailing import on as on
from tracker import clock
from tracker.db import db
from tracker.models import Outgoing


class TestTheDaysBetweenTheOneToGoByAndTheLegalOne:
    def test_are_counted_as_those_before(self, filing, on):
        store(filing, TODAY + days(42), safe_on=TODAY + days(21))
        told = {}
        for number in range(46):
            on(TODAY + days(number))
            if message := tell():
                told[number] = message.subject.removeprefix("1 deadline: 1 of ours ")
                send_all()
        before = {7: "within 14 days", 14: "within 7 days", 18: "within 3 days", 20: "within 1 day"}
        doubt = dict.fromkeys((22, 28, 35, 39, 41, 42), "in doubt")
        assert told == before | {21: "due today"} | doubt | {43: "over"}

    def test_are_named_with_the_legal_one_and_what_is_left_to_it(self, filing, on):
        store(filing, TODAY + days(5), safe_on=TODAY - days(1))
        doubt = (
            "24 November 2026, doubtful: over by the strictest count; the legal last day is 30 November 2026"
        )
        assert f"{doubt}, 5 days left\n" in tell().body
        send_all()
        on(TODAY + days(5))
        assert f"{doubt}, today\n" in tell().body


class TestAMailServerThatIsAway:
    def test_says_as_of_which_day_it_tells_since_it_may_be_read_later(self, filing, on):
        store(filing, TODAY + days(3))
        message = tell()
        on(TODAY + days(2))
        assert message.body.startswith("As of 25 November 2026.\n") and "3 days left" in message.body

    def test_for_days_leaves_one_mail_with_all_that_still_holds(self, filing, on):
        met, stays = store(filing, TODAY + days(1)), store(filing, TODAY + days(7), start_number=2)
        tell()
        change(met, met_on=TODAY, open=False)
        on(TODAY + days(1))
        store(filing, TODAY + days(1), start_number=3)
        newer = tell()
        assert newer.subject == "2 deadlines: 1 of ours due today, 1 within 7 days", stays
        assert send_all() == 1
        [sent] = db.session.scalars(sa.select(Outgoing).where(Outgoing.sent_at.is_not(None))).all()
        assert sent.id == newer.id

    def test_leaves_the_mail_that_waits_where_there_is_nothing_newer(self, filing, on):
        key = store(filing, TODAY)
        tell()
        change(key, met_on=TODAY, open=False)
        on(TODAY + days(1))
        assert tell() is None and send_all() == 1

    def test_takes_from_nobody_what_was_told_before(self, filing, on):
        store(filing, TODAY + days(14))
        tell()
        send_all()
        store(filing, TODAY + days(1), start_number=2)
        on(TODAY + days(1))
        assert tell().subject == "1 deadline: 1 of ours due today"


class TestAClock:
    @pytest.mark.parametrize("back", [1, 2, 40])
    def test_that_was_put_back_tells_nothing_twice(self, filing, on, back):
        store(filing, TODAY + days(7))
        tell()
        send_all()
        on(TODAY - days(back))
        assert tell() is None
        on(TODAY)
        assert tell() is None

    @pytest.mark.parametrize("first", [date(2027, 12, 30), date(2028, 2, 28), date(2027, 3, 27)])
    def test_that_passes_the_end_of_a_year_or_a_leap_day_misses_no_day(self, filing, on, first):
        due = first + days(3)
        store(filing, due)
        told = []
        for number in range(5):
            on(first + days(number))
            if message := tell():
                told.append((clock.today() - due).days)
                assert message.subject
                send_all()
        assert told == [-3, -1, 0, 1]
