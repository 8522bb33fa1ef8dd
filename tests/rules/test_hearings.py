"""When a hearing is: the clock of the place, and one moment for every calendar."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tracker.errors import RuleBroken
from tracker.rules.hearings import ZONES, local_time, moment, read_time, zone_words, zones


class TestATimeAsTyped:
    @pytest.mark.parametrize(
        ("typed", "at"), [("10:30", time(10, 30)), ("9.05", time(9, 5)), (" 9 ", time(9)), ("00:00", time(0))]
    )
    def test_is_read_as_it_is_usual(self, typed, at):
        assert read_time(typed) == at

    def test_that_is_empty_is_not_known(self):
        assert read_time("  ") is None

    @pytest.mark.parametrize("typed", ["24:00", "9:60", "9:5", "half past", "10:30:00", "٩:30", "-1", "9:"])
    def test_that_is_none_is_refused(self, typed):
        with pytest.raises(RuleBroken, match=r"is not a time: write it as 10:30\.") as refused:
            read_time(typed)
        assert refused.value.field == "time"


class TestTheMoment:
    @pytest.mark.parametrize(
        ("day", "zone", "hour"),
        [
            (date(2027, 1, 12), "Europe/Dublin", 10),
            (date(2027, 7, 13), "Europe/Dublin", 9),
            (date(2027, 7, 13), "Europe/Vienna", 8),
            (date(2027, 7, 13), "Atlantic/Reykjavik", 10),
        ],
    )
    def test_goes_by_the_clock_of_the_place_on_that_day(self, day, zone, hour):
        found = moment(day, time(10), zone)
        assert found == datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        assert local_time(found, zone) == time(10)

    def test_of_a_time_that_comes_twice_is_the_first(self):
        assert moment(date(2026, 10, 25), time(2, 30), "Europe/Vienna") == datetime(
            2026, 10, 25, 0, 30, tzinfo=UTC
        )

    def test_of_a_time_that_the_day_does_not_have_is_refused(self):
        with pytest.raises(RuleBroken, match="It is never 02:30 on that day in Vienna") as refused:
            moment(date(2027, 3, 28), time(2, 30), "Europe/Vienna")
        assert refused.value.field == "time"

    def test_by_a_clock_that_nobody_knows_is_refused(self):
        with pytest.raises(RuleBroken, match="There is no clock “Europe/Atlantis”") as refused:
            moment(date(2027, 3, 2), time(9), "Europe/Atlantis")
        assert refused.value.field == "zone"


@pytest.mark.parametrize("state", sorted(ZONES))
def test_every_state_has_a_clock_that_there_is(state):
    assert ZONES[state] in zones() and ZoneInfo(ZONES[state])


def test_a_clock_is_named_by_its_city():
    assert [zone_words(it) for it in ("Europe/Dublin", "America/New_York", "UTC")] == [
        "Dublin",
        "New York",
        "UTC",
    ]
