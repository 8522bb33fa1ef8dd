"""Stages over time: what is counted in a month, and how it is drawn."""

from datetime import date

import pytest

from tests.web import pictured
from tests.web.pictured import KINDS, TODAY, months
from tracker.web.drawings import stages
from tracker.web.drawings.stages import HEIGHT, by_month

A = [(date(2026, 8, 31), "in_progress"), (date(2026, 10, 1), "complete")]
B = [(date(2026, 9, 15), "in_progress"), (date(2026, 9, 20), "action_needed")]


class TestAMonth:
    def test_counts_what_stood_where_at_its_end(self):
        assert [it.counts for it in by_month([A, B], KINDS, TODAY)] == [
            (1, 0, 0),
            (1, 1, 0),
            (0, 1, 1),
            (0, 1, 1),
        ]

    def test_is_said_as_a_month(self):
        assert [it.day.words for it in by_month([A], KINDS, TODAY)][:2] == ["August 2026", "September 2026"]

    def test_before_its_end_counts_up_to_today(self):
        later = [(date(2026, 11, 10), "in_progress"), (date(2026, 11, 30), "complete")]
        assert [it.counts for it in by_month([later], KINDS, TODAY)] == [(1, 0, 0)]

    def test_runs_over_the_end_of_a_year(self):
        begun = [(date(2025, 12, 31), "in_progress")]
        assert [it.day.words for it in by_month([begun], KINDS, date(2026, 1, 1))] == [
            "December 2025",
            "January 2026",
        ]

    def test_without_any_filing_is_none(self):
        assert by_month([], KINDS, TODAY) == ()
        assert by_month([[]], KINDS, TODAY) == ()
        assert stages.draw((), KINDS).areas == ()

    def test_counts_every_filing_in_one_phase(self):
        last = months(40)[-1]
        assert sum(last.counts) == 40


class TestTheDrawing:
    def test_has_an_area_for_each_phase_that_occurs(self):
        assert stages.draw(by_month([A], KINDS, TODAY), KINDS).kinds == ("in_progress", "complete")

    def test_stacks_the_phases_without_a_gap(self):
        drawing = stages.draw(by_month([A, B], KINDS, TODAY), KINDS)
        outlines = {it.kind: it.d for it in drawing.areas}
        # Of two filings each is half of the height: 1, 1, 0, 0 in progress.
        assert outlines["in_progress"] == "M0 100H500V200H1000V200H0z"
        assert outlines["action_needed"] == "M0 100H250V0H500V100H1000V200H500V100H0z"
        assert outlines["complete"] == "M0 100H250V0H1000V100H500V0H250V100H0z"

    @pytest.mark.parametrize(("most", "numbers"), [(1, [0, 1]), (2, [0, 1, 2]), (3, [0, 1, 2, 3, 4])])
    def test_has_whole_numbers_at_its_side(self, most, numbers):
        drawing = stages.draw(by_month([A] * most, KINDS, TODAY), KINDS)
        assert [it.number for it in drawing.lines] == numbers
        assert (drawing.lines[0].y, drawing.lines[-1].y) == (HEIGHT, 0)

    @pytest.mark.parametrize("filings", [1, 7, 40, 99, 400, 3000])
    def test_has_room_for_all(self, filings):
        drawing = stages.draw(by_month([A] * filings, KINDS, TODAY), KINDS)
        assert drawing.lines[-1].number >= filings
        assert all(it.number * 5 % 5 == 0 for it in drawing.lines)

    @pytest.mark.parametrize("first", [2026, 2025, 2020, 2010, 1998])
    def test_names_some_year_and_never_two_so_close_that_they_touch_on_a_phone(self, first):
        drawing = stages.draw(by_month([[(date(first, 3, 1), "in_progress")]], KINDS, TODAY), KINDS)
        named = [it.x for it in drawing.years if it.name]
        assert named
        assert all(b - a >= 11 for a, b in zip(named, named[1:], strict=False))

    def test_has_the_same_figures_in_its_table(self):
        drawing = stages.draw(by_month([A, B], KINDS, TODAY), KINDS)
        rows = [pictured.text(it) for it in pictured.read("stages", drawing).iter("tr")][1:]
        assert rows == [
            "August 2026 1 0 0",
            "September 2026 1 1 0",
            "October 2026 0 1 1",
            "November 2026 0 1 1",
        ]
