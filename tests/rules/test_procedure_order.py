"""What of a protocol does not follow: nothing of a lawful walk, and each step that is out of order."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.rules.walking import INSIDE, OUTSIDE, PRESUMED, PROCEDURE, a_setting, entries_of, walk
from tracker.rules.days import Day
from tracker.rules.procedure import Fault
from tracker.rules.procedure_order import irregularities, remarks
from tracker.rules.standing import Entry, course
from tracker.rules.vocabulary import Answer

#: Led by the authority with which it was lodged.
HERE = a_setting(Answer.YES, "at-dsb", "at-dsb")
SETTINGS = st.sampled_from([INSIDE, OUTSIDE, PRESUMED, HERE])
CHOICES = st.lists(st.integers(0, 200), max_size=14)


def out_of_order(steps, setting=INSIDE):
    """Return the irregularities of a filing that took these steps one after another."""
    return irregularities(entries_of(steps.split(), setting), PROCEDURE, setting)


class TestAnyLawfulWalk:
    @settings(derandomize=True, max_examples=300)
    @given(SETTINGS, CHOICES)
    def test_has_no_irregularity(self, setting, choices):
        assert irregularities(walk(choices, setting), PROCEDURE, setting) == []

    @settings(derandomize=True, max_examples=300)
    @given(SETTINGS, CHOICES, st.sampled_from([it for it in PROCEDURE.steps if PROCEDURE.steps[it].offered]))
    def test_has_one_at_the_step_that_does_not_follow(self, setting, choices, step):
        entries = walk(choices, setting)
        here = course(entries, PROCEDURE)[-1]
        assume(step not in {it.code for it in PROCEDURE.possible(here.stage, setting, history=here.history)})
        more = entries_of([*(it.step for it in entries), step], setting)
        found = irregularities(more, PROCEDURE, setting)
        assert [it.number for it in found] == [len(more)]
        assert found[0].words.endswith(".") and not any(it in found[0].words for it in ("{", "None", ".."))


TO_A_DRAFT = "lodged forwarded lead_confirmed investigation draft_decision"


class TestADecision:
    """No decision by the wrong authority: each is its own authority's, and every other one is told."""

    @pytest.mark.parametrize("slug", ["at-dsb", "ie-dpc", "fr-cnil", "eu-edpb"])
    @pytest.mark.parametrize(
        ("steps", "setting", "whose"),
        [
            ("lodged inadmissible", INSIDE, {"at-dsb"}),
            (f"{TO_A_DRAFT} final_upheld", INSIDE, {"ie-dpc"}),
            (f"{TO_A_DRAFT} final_rejected", INSIDE, {"at-dsb"}),
            (f"{TO_A_DRAFT} final_split", INSIDE, {"ie-dpc", "at-dsb"}),
            (f"{TO_A_DRAFT} objection board_dispute binding_decision", INSIDE, {"eu-edpb"}),
            (f"{TO_A_DRAFT} objection board_dispute binding_decision", PRESUMED, {"eu-edpb"}),
            ("lodged admissible investigation national_decision", OUTSIDE, {"at-dsb"}),
        ],
    )
    def test_is_in_order_only_where_the_right_authority_adopted_it(self, steps, setting, whose, slug):
        *before, last = entries_of(steps.split(), setting)
        told = irregularities([*before, replace(last, actor=slug)], PROCEDURE, setting)
        assert [(it.number, it.fault) for it in told] == (
            [] if slug in whose else [(last.number, Fault.AUTHORITY)]
        )

    def test_by_anybody_is_in_order_where_it_is_not_known_who_leads(self):
        *before, last = entries_of(f"{TO_A_DRAFT} final_upheld".split(), PRESUMED)
        assert irregularities([*before, replace(last, actor="fr-cnil")], PROCEDURE, PRESUMED) == []

    def test_by_somebody_in_no_directory_is_in_order(self):
        *before, last = entries_of(f"{TO_A_DRAFT} final_rejected".split(), INSIDE)
        assert irregularities([*before, replace(last, actor=None)], PROCEDURE, INSIDE) == []

    def test_by_the_wrong_authority_says_whose_it_was(self):
        *before, last = entries_of(f"{TO_A_DRAFT} final_rejected".split(), INSIDE)
        (told,) = irregularities([*before, replace(last, actor="ie-dpc")], PROCEDURE, INSIDE)
        assert told.basis == "Art 60(8); § 19(2) BDSG"
        assert "it is for the authority lodged with (at-dsb) to adopt" in told.words
        assert "ie-dpc is said to have adopted it" in told.words


class TestAStepOutOfOrder:
    def test_that_contradicts_the_one_before_names_both(self):
        (found,) = out_of_order("lodged forwarded lead_confirmed forwarded")
        assert (found.number, found.after, found.fault) == (4, 3, Fault.ORDER)
        assert found.words == (
            "Entry 4, “Passed on to the lead authority”, on 6 May 2024 cannot follow entry 3, "
            "“Lead confirmed”, on 6 April 2024."
        )

    def test_that_lacks_others_says_that_they_are_not_on_record(self):
        (found,) = out_of_order("lodged draft_decision")
        assert (found.number, found.after, found.fault) == (2, 1, Fault.GAP)
        assert "does not follow from entry 1" in found.words and "is not on record" in found.words

    def test_is_measured_by_what_led_there_and_not_by_what_came_between(self):
        (found,) = out_of_order("lodged forwarded lead_confirmed information forwarded")
        assert (found.number, found.after) == (5, 3)

    def test_is_one_alone_though_the_next_follows_from_it(self):
        assert [it.number for it in out_of_order("lodged draft_decision objection")] == [2]

    def test_is_each_of_two_final_decisions_but_the_first(self):
        steps = "lodged forwarded lead_confirmed investigation draft_decision final_rejected final_upheld"
        (found,) = out_of_order(steps)
        assert (found.number, found.after, found.fault) == (7, 6, Fault.ORDER)

    def test_is_not_the_second_part_of_a_split_decision(self):
        steps = (
            "lodged forwarded lead_confirmed investigation draft_decision final_split final_split measures"
        )
        assert out_of_order(steps) == []

    def test_is_not_the_objection_of_a_second_authority(self):
        steps = "lodged forwarded lead_confirmed investigation draft_decision objection objection"
        assert out_of_order(steps) == []

    def test_cites_the_article_that_forbids_to_decide_while_the_board_does(self):
        steps = "lodged forwarded lead_confirmed investigation draft_decision objection board_dispute"
        (found,) = out_of_order(f"{steps} final_rejected")
        assert (found.fault, found.basis) == (Fault.GUARD, "Art 65(4)")
        assert "while the Board decides" in found.words

    def test_may_come_before_the_lodging(self):
        entries = [
            Entry("acknowledged", "acknowledged", Day.parse("2024-06-01"), 2),
            Entry("lodged", "lodged", Day.parse("2024-06-06"), 1),
        ]
        (found,) = irregularities(entries, PROCEDURE, INSIDE)
        assert found.words == "Entry 2, “Receipt confirmed”, on 1 June 2024 comes before the lodging."

    def test_counts_no_more_when_it_was_corrected(self):
        entries = entries_of(["lodged", "draft_decision"], INSIDE)
        corrected = Entry("draft_decision", "draft_decision", entries[1].day, 2, corrected=True)
        assert irregularities([entries[0], corrected], PROCEDURE, INSIDE) == []

    def test_is_no_event_that_is_no_step(self):
        assert irregularities([*entries_of(["lodged"], INSIDE), Entry(None, None, Day.parse("2024"), 2)],
                              PROCEDURE, INSIDE) == []  # fmt: skip


class TestADecisionOfAKindThatNobodyRecorded:
    def test_follows_where_a_decision_would(self):
        assert out_of_order("lodged admissible investigation decided", OUTSIDE) == []

    def test_lacks_what_comes_before_a_decision(self):
        (found,) = out_of_order("lodged decided", OUTSIDE)
        assert found.fault is Fault.GAP


class TestWhatIsToBeKnownOfAnEntry:
    def test_stands_beside_it_with_its_basis(self):
        entries = entries_of(["lodged", "forwarded", "lead_confirmed", "simple_cooperation"], INSIDE)
        (found,) = remarks(entries, PROCEDURE, INSIDE)
        assert found.number == 4
        assert "national practice only" in found.words and "2025/2518" in found.basis


@pytest.mark.parametrize("setting", [INSIDE, OUTSIDE, PRESUMED])
def test_words_of_every_step_out_of_order_are_whole_sentences(setting):
    for stage in PROCEDURE.stages:
        for step in PROCEDURE.steps:
            for found in out_of_order(f"lodged {stage if stage in PROCEDURE.steps else ''} {step}", setting):
                assert found.words[0].isupper() and found.words.endswith(".")
                assert not any(wrong in found.words for wrong in ("{", "None", "  ", " ,", ".."))


class TestAComplaintLodgedWithTheLeadItself:
    """Art 4(6) Reg (EU) 2025/2518: the presumed lead confirms that it is competent."""

    @pytest.mark.parametrize("before", ["", "acknowledged", "admissible", "acknowledged admissible"])
    def test_may_be_confirmed_by_it(self, before: str):
        steps = f"lodged {before} lead_confirmed investigation"
        assert out_of_order(steps, HERE) == []
        assert out_of_order(f"lodged {before} lead_disputed", HERE) == []

    def test_may_be_investigated_without_a_confirmation_on_record(self):
        assert out_of_order("lodged admissible investigation", HERE) == []

    def test_is_confirmed_after_it_was_passed_on_where_another_authority_leads(self):
        (it,) = out_of_order("lodged admissible lead_confirmed", INSIDE)
        assert it.fault is Fault.GAP

    def test_is_confirmed_by_nobody_outside_the_one_stop_shop(self):
        assert out_of_order("lodged admissible lead_confirmed", OUTSIDE)
