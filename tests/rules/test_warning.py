"""When a deadline of ours is warned of, and by which internal day we want to be ready."""

from datetime import date

import pytest

from tracker.reference.calendars import calendar_of
from tracker.rules.warning import internal_day, warned

DAYS = (14, 7, 3, 1)


class TestAWarning:
    @pytest.mark.parametrize(
        ("left", "level"),
        [(15, None), (14, 14), (8, 14), (7, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-5, 1), (None, None)],
    )
    def test_is_the_lowest_of_the_days_that_was_reached(self, left: int | None, level: int | None):
        assert warned(left, DAYS) == level

    def test_goes_by_the_days_of_the_installation_in_any_order(self):
        assert warned(20, (5, 30)) == 30 and warned(20, ()) is None


class TestTheInternalDay:
    def test_is_counted_back_in_working_days_and_is_one_itself(self):
        monday = date(2026, 12, 28)
        # Christmas Day and St Stephen's Day fall on Friday and Saturday in 2026.
        assert internal_day(monday, 3, calendar_of("AT")) == date(2026, 12, 22)
        assert internal_day(monday, 3, calendar_of("none")) == date(2026, 12, 23)

    def test_is_the_last_day_itself_where_no_time_is_kept(self):
        assert internal_day(date(2026, 12, 27), 0, calendar_of("AT")) == date(2026, 12, 27)

    def test_is_not_guessed_outside_the_years_of_the_calendar(self):
        assert internal_day(date(2099, 1, 5), 3, calendar_of("AT")) is None
