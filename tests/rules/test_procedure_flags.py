"""What runs beside the procedure: from a step to a step, never a stage."""

from datetime import date

import pytest

from tests.rules.walking import INSIDE, PROCEDURE, entries_of
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.procedure_flags import raised
from tracker.rules.standing import Entry, standing

FLAGS = tables.flags()


def told(*steps):
    """Return code, beginning and end of the flags that these steps raise, after a lodging."""
    found = raised(entries_of(["lodged", *steps], INSIDE), FLAGS)
    return [(it.flag.code, it.began and it.began.number, it.ended and it.ended.number) for it in found]


class TestTheTable:
    def test_has_every_flag_of_the_law(self):
        assert set(FLAGS) == {
            "board_decision_challenged", "inaction_action", "urgency_66_1", "urgent_board_66_2",
            "urgent_board_66_3", "art61_request", "article_79_action", "ex_officio_parallel",
        }  # fmt: skip

    def test_makes_no_stage_of_any(self):
        assert FLAGS.keys().isdisjoint(PROCEDURE.stages)
        for it in FLAGS.values():
            for step in (*it.begins, *it.ends):
                assert PROCEDURE.steps[step].stage is None, step
                assert PROCEDURE.steps[step].offered, step


class TestAFlag:
    @pytest.mark.parametrize(
        ("begins", "ends", "code"),
        [
            ("inaction_action", "inaction_decided", "inaction_action"),
            ("urgency_measure", "urgency_ended", "urgency_66_1"),
            ("urgent_board_request", "urgent_board_decision", "urgent_board_66_3"),
            ("assistance_request", "assistance_answer", "art61_request"),
            ("article79_action", "article79_decided", "article_79_action"),
            ("own_inquiry", "own_inquiry_closed", "ex_officio_parallel"),
            ("board_decision_challenged", "board_challenge_decided", "board_decision_challenged"),
        ],
    )
    def test_runs_from_what_begins_it_to_what_ends_it(self, begins, ends, code):
        assert told(begins) == [(code, 2, None)]
        assert told(begins, "note", ends) == [(code, 2, 4)]

    def test_leaves_the_filing_where_it_stands(self):
        entries = entries_of(["lodged", *(it.begins[0] for it in FLAGS.values())], INSIDE)
        assert standing(entries, PROCEDURE).stage == "lodged"

    def test_of_the_board_is_after_an_urgent_measure_where_there_was_one(self):
        assert told("urgency_measure", "urgent_board_request", "urgent_board_decision") == [
            ("urgency_66_1", 2, None), ("urgent_board_66_2", 3, 4),
        ]  # fmt: skip

    def test_that_runs_twice_ends_in_the_order_in_which_it_began(self):
        assert told("assistance_request", "assistance_request", "assistance_answer") == [
            ("art61_request", 2, 4), ("art61_request", 3, None),
        ]  # fmt: skip

    def test_whose_beginning_is_not_on_record_is_told_all_the_same(self):
        assert told("board_challenge_decided") == [("board_decision_challenged", None, 2)]

    def test_does_not_count_where_its_entry_was_corrected(self):
        begun = Entry("own_inquiry", None, Day.parse("2024-07-01"), 2, corrected=True)
        assert raised([begun], FLAGS) == []


class TestAnUrgentMeasure:
    def measure(self, day):
        (found,) = raised([Entry("urgency_measure", None, Day.parse(day), 2)], FLAGS)
        return found

    def test_holds_for_three_months_at_most(self):
        found = self.measure("2023-07-14")
        assert found.lapses_on == date(2023, 10, 14)
        assert found.runs(date(2023, 10, 14)) and not found.runs(date(2023, 10, 15))

    @pytest.mark.parametrize("day", ["2023-07", None, "2100-12-31"])
    def test_runs_on_where_its_last_day_cannot_be_told(self, day):
        assert self.measure(day).lapses_on is None and self.measure(day).runs(date(2030, 1, 1))
