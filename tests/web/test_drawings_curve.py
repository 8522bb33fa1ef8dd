"""The curve of waiting times as shapes: it stands where the estimate stands, and stays small."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.survival import Observation, estimate
from tracker.web.drawings.curve import MOST_NUMBERS, draw


def of(*days: int, still: tuple[int, ...] = ()):
    """Return the picture of waits that ended, and of some that did not."""
    waits = [Observation(it, ended=True) for it in days] + [Observation(it, ended=False) for it in still]
    return draw(estimate(waits))


class TestACurve:
    def test_goes_across_to_each_step_and_then_down(self):
        picture = of(100, 200, still=(300, 400))
        assert picture.line == "M0 0H25V25H50V50H100"
        assert picture.half is not None and (picture.half.x, picture.half.y) == (50.0, 50.0)

    def test_has_a_band_around_it_that_comes_back_where_it_began(self):
        picture = of(100, 200, still=(300, 400))
        assert re.fullmatch(r"M0 0(H[\d.]+V[\d.]+)+H100(V[\d.]+H[\d.]+)+Z", picture.band)
        upper, lower = picture.band.split("H100")
        assert upper.startswith("M0 0H25V") and lower.endswith("H25V0H0Z")

    def test_has_a_tick_where_a_wait_is_watched_no_longer(self):
        ticks = of(100, 200, still=(50, 300, 400)).ticks
        assert [it.x for it in ticks] == [12.5, 75.0, 100.0]
        assert [round(it.y) for it in ticks] == [0, 50, 50]

    def test_that_nobody_ends_is_a_line_at_the_top(self):
        picture = of(still=(100, 400))
        assert (picture.line, picture.half) == ("M0 0H100", None)

    def test_of_no_time_at_all_is_drawn_too(self):
        assert of(0, 0).line.startswith("M0 0H0V100")


class TestTheAxis:
    def test_has_a_number_at_every_year_of_a_long_time(self):
        picture = of(365, still=(6 * 365,))
        assert [it.number for it in picture.months] == [0, 12, 24, 36, 48, 60]
        assert round(picture.months[1].at, 1) == 16.7

    @given(st.integers(0, 20_000))
    def test_has_few_numbers_and_all_within_the_picture(self, longest):
        months = of(still=(longest,)).months
        assert 1 <= len(months) <= MOST_NUMBERS + 1
        assert all(0 <= it.at <= 100 for it in months)


class TestALongHistory:
    @given(st.sets(st.integers(1, 4000), min_size=300, max_size=500))
    def test_is_drawn_no_finer_than_a_screen_shows(self, days):
        picture = of(*days, still=tuple(days))
        places = [float(it) for it in re.findall(r"H([\d.]+)V", picture.line)]
        assert places == sorted(places) and len(places) <= 251 and len(picture.ticks) <= 251
        assert picture.line.rsplit("H")[-1] == "100"
