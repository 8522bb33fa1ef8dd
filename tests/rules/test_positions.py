"""Pending, decided, or neither: one definition for every number and picture."""

import pytest

from tracker.reference import tables
from tracker.rules.positions import (
    PENDING_OUTCOMES,
    Position,
    open_claims,
    phase,
    phase_then,
    position,
)
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.vocabulary import Finding, Outcome

OUTCOMES = [*(it.value for it in Outcome), NOT_KNOWN]


class TestAFiling:
    @pytest.mark.parametrize("outcome", OUTCOMES)
    def test_is_somewhere_with_every_public_outcome(self, outcome):
        assert isinstance(position(outcome), Position)
        assert (outcome in PENDING_OUTCOMES) == (position(outcome) is Position.PENDING)

    @pytest.mark.parametrize("outcome", ["won", "partly_won", "not_recorded"])
    def test_is_decided_in_part_while_a_claim_is_open(self, outcome):
        assert position(outcome) is Position.DECIDED
        assert position(outcome, ("Art 9",)) is Position.PARTLY

    @pytest.mark.parametrize("outcome", ["pending", "lost", "withdrawn", "settled", NOT_KNOWN])
    def test_is_not_decided_in_part_where_nothing_or_the_whole_was_decided(self, outcome):
        assert position(outcome, ("Art 9",)) is position(outcome)


class TestAClaim:
    def test_that_was_not_examined_is_open(self):
        assert open_claims([("C1-01", 0, Finding.UPHELD), ("C1-01", 1, Finding.NOT_EXAMINED)]) == {
            "C1-01": {1}
        }

    def test_is_not_open_any_more_once_a_later_decision_finds_on_it(self):
        found = [("C1-01", 1, Finding.NOT_EXAMINED), ("C1-01", 1, Finding.REJECTED)]
        assert open_claims(found) == {}
        assert open_claims(reversed(found)) == {"C1-01": {1}}

    def test_whose_finding_was_annulled_is_open(self):
        assert open_claims([("C1-01", 1, Finding.OPEN)]) == {"C1-01": {1}}

    def test_of_which_no_decision_speaks_is_not_called_open(self):
        assert open_claims([("C1-01", 0, Finding.UPHELD)]) == {}

    def test_is_open_in_the_filing_alone_of_which_that_is_said(self):
        found = [("C1-01", 1, Finding.NOT_EXAMINED), ("C1-02", 1, Finding.UPHELD)]
        assert open_claims(found) == {"C1-01": {1}}


class TestAPicture:
    @pytest.mark.parametrize("stage", ["measures", "appeal", "cjeu_reference", "final_upheld"])
    def test_shows_what_has_a_result_as_decided_also_where_it_goes_on(self, stage):
        assert phase(tables.stages()[stage], "won") == phase_then(tables.stages()[stage]) == "complete"

    def test_shows_what_a_court_annulled_as_pending(self):
        stage = tables.stages()["decision_annulled"]
        assert phase(stage, "pending") == phase_then(stage) == "in_progress"

    def test_shows_whose_turn_it_is_while_it_is_pending(self):
        assert phase(tables.stages()["defect_notice"], "pending") == "action_needed"

    def test_shows_that_nobody_knows(self):
        assert phase(tables.stages()["lodged"], NOT_KNOWN) == "unclear"

    @pytest.mark.parametrize("outcome", OUTCOMES)
    def test_never_differs_from_the_count(self, outcome):
        for stage in tables.stages().values():
            shown = phase(stage, outcome) in ("in_progress", "action_needed")
            assert shown == (position(outcome) is Position.PENDING)
