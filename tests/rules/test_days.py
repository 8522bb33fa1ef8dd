"""Days known exactly, to the month, to the year or not at all; spans of time in words."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import RuleBroken
from tracker.rules.days import EARLIEST, LATEST, Day, how_long, in_order, length, refuse_future, span, words
from tracker.rules.vocabulary import Precision

DAYS = st.dates(EARLIEST, LATEST)
UNKNOWN = Day(None, Precision.UNKNOWN)


class TestADayAsTyped:
    @pytest.mark.parametrize(
        ("typed", "iso", "said", "when"),
        [
            ("2024-06-06", "2024-06-06", "6 June 2024", "on 6 June 2024"),
            (date(2024, 6, 6), "2024-06-06", "6 June 2024", "on 6 June 2024"),
            (" 6 June 2024 ", "2024-06-06", "6 June 2024", "on 6 June 2024"),
            ("2024-03", "2024-03", "March 2024", "in March 2024"),
            ("March 2024", "2024-03", "March 2024", "in March 2024"),
            ("2024", "2024", "2024", "in 2024"),
            (2024, "2024", "2024", "in 2024"),
            ("", None, "day not known", "on a day that is not known"),
            (None, None, "day not known", "on a day that is not known"),
        ],
    )
    def test_stays_as_exact_as_it_was(self, typed, iso, said, when):
        day = Day.parse(typed)
        assert (day.iso, day.words, day.when) == (iso, said, when)

    @pytest.mark.parametrize(
        ("typed", "rule"),
        [("2024-06-06", "June 2024"), ("2024-06", "June 2024"), ("2024", "2024"), (None, "Day not known")],
    )
    def test_stands_in_a_protocol_under_no_more_than_is_known(self, typed, rule):
        assert Day.parse(typed).rule == rule

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("2024-11-31", "31 November does not exist."),
            ("31 November 2024", "31 November does not exist."),
            ("2023-02-29", "29 February 2023 does not exist."),
            ("2024-13-01", "There is no month 13."),
            ("0001-01-01", "The year 1 is outside 1990 to 2100."),
            ("1989-12-31", "The year 1989 is outside 1990 to 2100."),
            (date(9999, 12, 31), "The year 9999 is outside 1990 to 2100."),
            pytest.param(10**5000, "This year is outside 1990 to 2100.", id="5,000 digits"),
            ("6/6/2024", "“6/6/2024” is not a day: write 2024-06-06, 2024-03 or 2024."),
            ("1 Juni 2024", "is not a day"),
            ("٢٠٢٤", "is not a day"),
            pytest.param("9" * 100_000, "is not a day", id="100,000 characters"),
            (datetime(2024, 6, 6, 12), "is not a day"),
            (True, "is not a day"),
            ([2024], "is not a day"),
        ],
    )
    def test_is_refused_with_a_reason(self, typed, message):
        with pytest.raises(RuleBroken) as refusal:
            Day.parse(typed, field="lodged_on")
        assert message in str(refusal.value)
        assert refusal.value.field == "lodged_on"

    @settings(derandomize=True, max_examples=200)
    @given(
        st.text(alphabet=st.characters(exclude_categories=[]))
        | st.from_regex(r"[0-9]{1,5}(-[0-9]{1,3}){0,3}")
    )
    def test_is_understood_or_refused_never_a_crash(self, text):
        try:
            day = Day.parse(text)
        except RuleBroken:
            return
        assert Day.parse(day.iso) == day

    @settings(derandomize=True, max_examples=200)
    @given(DAYS, st.sampled_from([Precision.DAY, Precision.MONTH, Precision.YEAR]))
    def test_is_read_back_from_what_the_program_writes(self, value, precision):
        day = Day(value, precision)
        assert Day.parse(day.iso) == day
        assert Day.parse(day.words) == day


class TestAPrecisionThatIsGiven:
    def test_may_say_that_less_is_known_than_is_written(self):
        assert Day.parse("2024-03-17", Precision.MONTH) == Day(date(2024, 3, 1), Precision.MONTH)

    @pytest.mark.parametrize("typed", ["2024-03", "2024", ""])
    def test_never_sharpens_what_is_written(self, typed):
        with pytest.raises(RuleBroken, match="complete it"):
            Day.parse(typed, Precision.DAY)

    def test_cannot_be_unknown_beside_a_date(self):
        with pytest.raises(RuleBroken, match="leave the date empty"):
            Day.parse("2024-03-17", Precision.UNKNOWN)

    def test_brings_a_stored_value_down_to_it(self):
        assert Day(date(2024, 3, 17), Precision.YEAR).iso == "2024"
        assert Day(date(2024, 3, 17), Precision.UNKNOWN) == UNKNOWN
        assert Day(None, Precision.DAY) == UNKNOWN


class TestTheLimitsOfADay:
    @pytest.mark.parametrize(
        ("typed", "first", "last"),
        [
            ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
            ("2023", date(2023, 1, 1), date(2023, 12, 31)),
            ("2023-05-04", date(2023, 5, 4), date(2023, 5, 4)),
            (None, None, None),
        ],
    )
    def test_enclose_every_day_that_it_can_be(self, typed, first, last):
        assert (Day.parse(typed).first, Day.parse(typed).last) == (first, last)

    def test_refuse_what_cannot_have_come_yet(self):
        today = date(2026, 11, 22)
        with pytest.raises(RuleBroken, match="23 November 2026 has not come yet: today is 22 November 2026"):
            refuse_future(Day.parse("2026-11-23"), today)
        with pytest.raises(RuleBroken, match="December 2026 has not come yet"):
            refuse_future(Day.parse("2026-12"), today)
        for possible in ("2026-11-22", "2026-11", "2026", None):
            refuse_future(Day.parse(possible), today)


class TestASpanOfTime:
    @pytest.mark.parametrize(
        ("start", "end", "said"),
        [
            ("2024-06-06", "2026-11-22", "2 years and 5 months"),
            ("2018-05-25", "2023-01-12", "4 years and 7 months"),
            ("2024-06-06", "2026-06-06", "2 years"),
            ("2024-06-06", "2025-07-06", "1 year and 1 month"),
            ("2024-06-06", "2024-09-06", "3 months"),
            ("2024-06-06", "2024-09-05", "2 months"),
            ("2024-06-06", "2024-07-05", "29 days"),
            ("2024-06-06", "2024-06-07", "1 day"),
            ("2024-06-06", "2024-06-06", "today"),
            ("2024-01-31", "2024-02-29", "1 month"),
            ("2024-01-31", "2024-02-28", "28 days"),
            ("2024-02-29", "2025-02-28", "1 year"),
        ],
    )
    def test_counts_full_years_and_months_and_days_only_below_a_month(self, start, end, said):
        assert span(date.fromisoformat(start), date.fromisoformat(end)) == said

    def test_cannot_run_backwards(self):
        with pytest.raises(ValueError, match="lies before"):
            span(date(2024, 6, 7), date(2024, 6, 6))

    @pytest.mark.parametrize(
        ("start", "end", "said"),
        [
            ("2024-03", "2026-11-22", "about 2 years and 8 months"),
            ("2024", "2026-11-22", "about 2 years"),
            ("2024-03-05", "2024", None),
            ("2024-03", "2024-03-20", None),
            (None, "2024-03-20", None),
            ("2024-03-21", "2024-03-20", None),
            ("2024-03-20", "2024-03-20", None),
        ],
    )
    def test_claims_no_more_than_is_known(self, start, end, said):
        assert how_long(Day.parse(start), Day.parse(end)) == said

    def test_is_written_with_english_months(self):
        assert words(date(2024, 12, 1)) == "1 December 2024"


class TestTheOrderOfEvents:
    def order(self, *days):
        items = list(enumerate(map(Day.parse, days), 1))
        return [number for number, _ in in_order(items, day=lambda it: it[1], number=lambda it: it[0])]

    def test_follows_the_days_not_the_recording(self):
        assert self.order("2024-09-02", "2024-06-06", "2024-06-12") == [2, 3, 1]

    def test_follows_the_numbers_on_one_day(self):
        assert self.order("2024-06-06", "2024-06-06", "2024-06-05") == [3, 1, 2]

    def test_puts_an_unknown_day_after_all_that_was_recorded_before_it(self):
        assert self.order("2024-06-06", None, "2024-05-01", "2024-07-01") == [3, 1, 2, 4]

    def test_puts_a_month_after_what_was_recorded_before_it_in_that_month(self):
        assert self.order("2024-03-15", "2024-03") == [1, 2]
        assert self.order("2024-03", "2024-03-15") == [1, 2]

    def test_never_puts_a_month_outside_itself(self):
        assert self.order("2025-01-01", "2024-03", "2024-04-01") == [2, 3, 1]

    @settings(derandomize=True, max_examples=200)
    @given(st.lists(DAYS.map(str) | st.just("2024") | st.just("2024-03") | st.none(), max_size=12))
    def test_does_not_depend_on_how_the_items_were_handed_in(self, days):
        items = list(enumerate(map(Day.parse, days), 1))
        here, there = (
            in_order(given, day=lambda it: it[1], number=lambda it: it[0]) for given in (items, items[::-1])
        )
        assert here == there
        exact = [day.value for _, day in here if day.precision is Precision.DAY]
        assert exact == sorted(exact)


class TestALengthInDays:
    @pytest.mark.parametrize(
        ("number", "told"),
        [
            (0, "0 days"),
            (1, "1 day"),
            (60, "60 days"),
            (61, "2 months"),
            (365, "1 year"),
            (903, "2 years and 5 months"),
            (1050, "2 years and 10 months"),
        ],
    )
    def test_is_said_in_days_up_to_two_months_and_then_in_full_months(self, number, told):
        assert length(number) == told
