"""Two implementations that know nothing of each other agree on random periods (`make test-long`: on more)."""

import os
import random
from datetime import date, timedelta

import pytest

from tests.rules import naive_counting as naive
from tracker.reference.calendars import STATES, calendar_of
from tracker.rules.counting_national import Way, count_by
from tracker.rules.lengths import Length

#: How many periods of the Union are drawn, and half as many of states.
PERIODS = int(os.environ.get("TEST_PERIODS", "2000"))
#: Another one in every run. It stands in the message of a failure, and TEST_SEED sets it again.
SEED = int(os.environ.get("TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
PLACES = (*STATES, "EU", "none", "DE-BE", "DE-BY", "DE-SN", "GB-SCT", "CH-GE", "CH-TI", "ES-MD", "IT-RM")
LONGEST = {"h": 240, "d": 90, "w": 30, "m": 36, "y": 4}
NATIONAL = {
    "AT": "AT", "DE": "DE-HH", "ES": "ES-MD", "ES-COURT": "ES-MD", "FR": "FR", "IE": "IE", "IT-COURT": "IT",
    "NL": "NL", "SE": "SE", "BE": "BE", "PL": "PL", "LU": "LU",
}  # fmt: skip
#: Days around which periods end otherwise than elsewhere: half of the ends are drawn near one of them.
NEAR = ((1, 1), (2, 28), (4, 5), (5, 1), (8, 1), (8, 31), (12, 24), (12, 31))


def some_day(draw: random.Random) -> date:
    if draw.random() < 0.5:
        month, day = draw.choice(NEAR)
        return date(draw.randrange(2019, 2031), month, day) + timedelta(days=draw.randrange(-25, 26))
    return date(2019, 1, 1) + timedelta(days=draw.randrange(12 * 365))


def some_length(draw: random.Random, units: str) -> tuple[int, str]:
    unit = draw.choice(units)
    most = draw.choice((3, LONGEST[unit]))
    return draw.randrange(1, min(most, LONGEST[unit]) + 1), unit


def the_same(what: str, ours: tuple[date, date], theirs: tuple[date, date]) -> None:
    assert ours == theirs, f"{what}: {ours} and {theirs} (TEST_SEED={SEED})"


class TestTwoWaysOfCounting:
    def test_agree_on_random_periods_of_the_union(self):
        draw = random.Random(SEED)  # noqa: S311 - a draw of test cases, nothing secret
        for _ in range(PERIODS):
            event, place = some_day(draw), draw.choice(PLACES)
            number, unit = some_length(draw, "hddwwmmmy")
            backward = unit != "h" and draw.random() < 0.2
            if backward and event.year < 2023:  # the calendars begin in 2018
                event = event.replace(year=event.year + 4)
            inclusive = unit == "d" and not backward and draw.random() < 0.2
            calendar = calendar_of(place)
            length = Length.parse(
                f"{'-' if backward else '+'}{number}{unit}{' inclusive' if inclusive else ''}"
            )
            it = count_by(Way.REGULATION_1182_71, event, length, calendar)
            ends = {"backward": backward, "inclusive": inclusive}
            what = f"{event} {length.code} {place}"
            the_same(
                what,
                (it.nominal, it.due),
                naive.by_the_regulation(event, number, unit, calendar.holidays, **ends),
            )
            if not backward and unit != "h":
                wider = {**calendar.holidays, **calendar.doubtful}
                latest = naive.by_the_regulation(event, number, unit, wider, **ends)
                the_same(f"{what}, latest", (it.nominal, it.certain), latest)

    def test_agree_on_random_periods_of_states(self):
        draw = random.Random(SEED)  # noqa: S311 - the same
        for _ in range(PERIODS // 2):
            event, code = some_day(draw), draw.choice(list(NATIONAL))
            number, unit = some_length(draw, "ddwwmmmy")
            if code == "IT-COURT" and unit in "my":
                unit = "d"
            calendar = calendar_of(NATIONAL[code])
            it = count_by(Way(code), event, Length.parse(f"+{number}{unit}"), calendar)
            the_same(
                f"{code}: {event} +{number}{unit}",
                (it.nominal, it.due),
                naive.by_state(code, event, number, unit, calendar.holidays),
            )

    @pytest.mark.parametrize("year", range(2018, 2036))
    def test_agree_on_easter(self, year):
        assert calendar_of("DE").holidays[naive.western_easter(year) + timedelta(days=1)] == "Easter Monday"
