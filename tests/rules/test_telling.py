"""When somebody is told of a deadline, and in which words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import RuleBroken
from tracker.rules.telling import (
    DAYS,
    DOUBT,
    OVER,
    OVER_STRICTLY,
    TODAY,
    parse_days,
    step,
    subject,
    suggested,
    to_tell,
)
from tracker.rules.vocabulary import Role

END = date(2026, 12, 11)


def at(left: int, *, doubt: int = 0, days: tuple[int, ...] = DAYS) -> int | None:
    """Return the step so many days before the day to go by; the legal day lies `doubt` days after it."""
    return step(END - timedelta(days=left), shown=END, last=END + timedelta(days=doubt), days=days)


class TestTheStep:
    @pytest.mark.parametrize(
        ("left", "expected"),
        [(15, None), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, TODAY), (-1, OVER)],
    )
    def test_is_the_smallest_number_of_days_that_was_reached(self, left, expected):
        assert at(left) == expected

    def test_counts_the_same_days_once_more_between_the_strictest_count_and_the_last_day(self):
        expected = {0: TODAY, -1: OVER_STRICTLY, -6: OVER_STRICTLY, -7: DOUBT + 14, -14: DOUBT + 7}
        expected |= {-18: DOUBT + 3, -20: DOUBT + 1, -21: DOUBT, -22: OVER}
        assert {it: at(it, doubt=21) for it in expected} == expected

    def test_is_over_only_when_nobody_can_argue_otherwise(self):
        assert step(END, shown=END, last=END - timedelta(days=3), days=DAYS) == TODAY

    def test_follows_the_days_that_a_person_chose(self):
        assert (at(31, days=(30,)), at(30, days=(30,)), at(2, days=(30,))) == (None, 30, 30)

    @given(st.integers(-40, 400), st.lists(st.integers(1, 366), min_size=1, max_size=8), st.integers(0, 60))
    def test_never_moves_back_while_time_goes_on(self, left, days, doubt):
        now, tomorrow = (at(it, doubt=doubt, days=tuple(days)) for it in (left, left - 1))
        assert now is None or (tomorrow is not None and tomorrow <= now)


class TestNews:
    @pytest.mark.parametrize(
        ("now", "told", "expected"),
        [
            pytest.param(None, None, False, id="too far away"),
            pytest.param(14, None, True, id="the first word"),
            pytest.param(14, (END, 14), False, id="told already"),
            pytest.param(7, (END, 14), True, id="nearer than it was"),
            pytest.param(14, (END, 7), False, id="the clock was put back"),
            pytest.param(14, (END - timedelta(days=1), 7), True, id="another day than was told"),
            pytest.param(OVER, (END, TODAY), True, id="over now"),
            pytest.param(OVER, (END, OVER), False, id="over, and told so"),
            pytest.param(DOUBT + 7, (END, OVER_STRICTLY), True, id="in doubt, and nearer to the legal day"),
            pytest.param(OVER, (END, DOUBT), True, id="over after it was in doubt"),
            pytest.param(3, (END, DOUBT + 7), False, id="the clock was put back from the doubt"),
        ],
    )
    def test_is_what_was_not_told(self, now, told, expected):
        assert to_tell(now, day=END, told=told) is expected


class TestTheDaysThatSomebodyTypes:
    @pytest.mark.parametrize(
        ("typed", "days"),
        [
            ("14, 7, 3, 1", (14, 7, 3, 1)),
            ("1 3 7 14", (14, 7, 3, 1)),
            ("30; 7 and 7", (30, 7)),
            ("366", (366,)),
            (" 2,", (2,)),
        ],
    )
    def test_are_understood_in_any_order(self, typed, days):
        assert parse_days(typed) == days

    @pytest.mark.parametrize(
        "typed",
        ["", " ", "0", "367", "-1", "1.5", "seven", "1, two", "٣", "9999999", "1,2,3,4,5,6,7,8,9", "14 days"],
    )
    def test_are_refused_when_they_are_none(self, typed):
        with pytest.raises(RuleBroken) as refused:
            parse_days(typed)
        assert refused.value.field == "days"

    @given(st.lists(st.integers(1, 366), min_size=1, max_size=8, unique=True))
    def test_come_back_as_they_are_shown(self, days):
        assert parse_days(", ".join(map(str, days))) == tuple(sorted(days, reverse=True))


class TestWhoNeverChose:
    def test_is_told_by_mail_where_the_role_acts_on_filings(self):
        assert {it for it in Role if suggested(it).mail} == {Role.ADVOCATE, Role.LAWYER}

    def test_is_told_on_the_days_of_the_installation(self):
        assert suggested(Role.LAWYER, (20, 5)).days == (20, 5)


class TestTheSubject:
    @pytest.mark.parametrize(
        ("own", "late", "hearings", "words"),
        [
            ([7], 0, 0, "1 deadline: 1 of ours within 7 days"),
            ([7], 2, 0, "3 deadlines: 1 of ours within 7 days, 2 of others late"),
            ([1, 1, 14], 0, 0, "3 deadlines: 2 of ours within 1 day, 1 within 14 days"),
            (
                [TODAY, OVER, OVER_STRICTLY, DOUBT + 7, DOUBT, 3],
                0,
                0,
                "6 deadlines: 1 of ours over, 3 in doubt, 1 due today, 1 within 3 days",
            ),
            ([OVER_STRICTLY], 0, 0, "1 deadline: 1 of ours in doubt"),
            ([], 1, 0, "1 deadline: 1 of others late"),
            ([], 0, 1, "1 hearing"),
            ([TODAY], 0, 2, "1 deadline: 1 of ours due today; 2 hearings"),
        ],
    )
    def test_counts_and_says_the_most_urgent_first(self, own, late, hearings, words):
        assert subject(own=own, late=late, hearings=hearings) == words
