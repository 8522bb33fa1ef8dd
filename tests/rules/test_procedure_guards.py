"""Guards: what the table of stages alone does not tell of a step, as the packaged table has it."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.walking import INSIDE, LODGED, OUTSIDE, PRESUMED, PROCEDURE
from tracker.reference import tables
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.procedure import Fault
from tracker.rules.procedure_guards import Effect, is_unexpected, regulation

DAY = Day.parse("2024-07-01")


def hindrance(stage, step, setting=INSIDE, day=DAY):
    """Return the fault and the basis of a step that is out of order."""
    found = PROCEDURE.hindrance(stage, step, setting, day=day)
    return found and (found.fault, found.basis)


def remarks(stage, step, setting=INSIDE, day=DAY):
    """Return what is to be known of a step."""
    return [it.words for it in PROCEDURE.remarks(stage, step, setting, day=day)]


class TestTheTable:
    def test_names_steps_and_stages_that_exist_and_is_written_in_sentences(self):
        for it in tables.guards().values():
            assert it.words[0].isupper() or it.words.startswith("{"), it.code
            assert it.words.endswith("."), it.code

    def test_cites_the_law_for_whatever_it_refuses(self):
        assert all(it.basis for it in tables.guards().values() if it.effect is Effect.REFUSED)

    def test_keeps_for_the_one_stop_shop_what_the_table_of_steps_says(self):
        inside = {it.code for it in PROCEDURE.steps.values() if it.only_oss}
        assert tables.guards()["one_stop_shop"].steps == inside
        for step in inside & set(PROCEDURE.stages):
            before = next(it.code for it in PROCEDURE.stages.values() if step in it.next)
            assert hindrance(before, step, OUTSIDE) == (Fault.GUARD, "Art 56(1), 60, 65")


class TestWhileTheBoardDecides:
    @pytest.mark.parametrize("stage", ["board_dispute", "lead_disputed"])
    @pytest.mark.parametrize("step", ["final_upheld", "final_rejected", "final_split", "national_decision"])
    def test_no_authority_may_adopt_a_decision(self, stage, step):
        assert hindrance(stage, step) == (Fault.GUARD, "Art 65(4)")

    def test_is_over_with_its_decision(self):
        assert hindrance("binding_decision", "final_upheld") is None


class TestANationalDecision:
    def test_is_none_inside_the_one_stop_shop(self):
        assert hindrance("investigation", "national_decision") == (Fault.GUARD, "Art 60(7), 60(8), 60(9)")

    @pytest.mark.parametrize("setting", [OUTSIDE, PRESUMED])
    def test_is_one_outside_it_and_where_nobody_knows(self, setting):
        assert hindrance("investigation", "national_decision", setting) is None

    def test_ends_a_case_that_the_lead_left_to_the_local_authority(self):
        assert hindrance("local_handling", "national_decision") is None


class TestAnActionForInaction:
    @pytest.mark.parametrize("stage", sorted(it.code for it in PROCEDURE.stages.values() if not it.final))
    def test_is_lawful_from_every_stage_that_is_not_final(self, stage):
        assert hindrance(stage, "inaction_action") is None

    @pytest.mark.parametrize("stage", sorted(it.code for it in PROCEDURE.stages.values() if it.final))
    def test_is_none_where_the_complaint_has_ended(self, stage):
        assert hindrance(stage, "inaction_action") == (Fault.GUARD, "Art 78(2)")

    @pytest.mark.parametrize(
        ("day", "premature"), [("2024-09-06", True), ("2024-09-07", False), ("2024", False)]
    )
    def test_is_premature_before_the_authority_is_late(self, day, premature):
        setting = replace(INSIDE, inaction_from=date(2024, 9, 7))
        found = PROCEDURE.hindrance("lodged", "inaction_action", setting, day=Day.parse(day))
        assert (found is not None) is premature
        if found:
            assert "7 September 2024" in found.words


class TestRegulation20252518:
    @pytest.mark.parametrize(
        ("lodged", "day", "told"),
        [
            ("2027-04-01", "2028-01-01", -1),
            ("2027-04-02", "2028-01-01", 0),
            ("2027-04-03", "2028-01-01", 1),
            ("2027-03", "2028", -1),
            ("2027-04", "2028", None),
            ("2027", "2028", None),
            ("2028", "2028", 1),
            (None, "2027-04-01", -1),
            (None, "2027-04-02", None),
            ("2027", "2027-03-31", -1),
        ],
    )
    def test_applies_by_the_day_of_lodging(self, lodged, day, told):
        assert regulation(Day.parse(lodged), Day.parse(day)) == told

    def test_is_open_where_nothing_is_known(self):
        assert regulation(UNKNOWN_DAY) is None

    @pytest.mark.parametrize(
        ("stage", "step"),
        [
            ("investigation", "key_issues"),
            ("key_issues", "prelim_findings"),
            ("lead_confirmed", "simple_cooperation"),
            ("admissible", "early_resolution"),
        ],
    )
    def test_before_it_applies_its_steps_are_national_practice_and_not_refused(self, stage, step):
        assert hindrance(stage, step) is None
        assert any("national practice only" in it for it in remarks(stage, step))
        later = replace(INSIDE, lodged=Day.parse("2027-05-01"))
        assert remarks(stage, step, later, Day.parse("2027-06-01")) == []

    def test_on_the_day_itself_a_person_decides_about_chapters_three_and_four_alone(self):
        on_it, day = replace(INSIDE, lodged=Day.parse("2027-04-02")), Day.parse("2027-06-01")
        assert any(
            "a person has to decide" in it for it in remarks("key_issues", "prelim_findings", on_it, day)
        )
        assert remarks("admissible", "early_resolution", on_it, day) == []

    def test_outside_cross_border_cases_an_early_resolution_is_what_national_law_makes_of_it(self):
        later = replace(OUTSIDE, lodged=Day.parse("2027-05-01"))
        (told,) = remarks("admissible", "early_resolution", later, Day.parse("2027-06-01"))
        assert "national law" in told

    def test_asks_for_findings_before_a_draft_decision(self):
        later, day = replace(INSIDE, lodged=Day.parse("2027-05-01")), Day.parse("2028-01-01")
        assert hindrance("investigation", "draft_decision", later, day) == (
            Fault.GUARD, "Art 16, 19, 20 Reg 2025/2518",
        )  # fmt: skip
        for stage in ("prelim_findings", "rejection_hearing", "simple_cooperation"):
            assert hindrance(stage, "draft_decision", later, day) is None
        assert hindrance("investigation", "draft_decision") is None


class TestWhereAnAppealGoes:
    def test_is_the_state_of_the_lead_where_the_complaint_was_upheld(self):
        (told,) = remarks("draft_decision", "final_upheld")
        assert "may not be an act that can be appealed" in told
        assert "courts of the state of ie-dpc" in told

    def test_is_the_state_of_the_authority_lodged_with_where_it_was_rejected(self):
        (told,) = remarks("draft_decision", "final_rejected")
        assert "courts of the state of at-dsb" in told

    def test_is_not_told_where_both_are_one(self):
        direct = replace(INSIDE, parties={**INSIDE.parties, "lodged_with": frozenset({"ie-dpc"})})
        assert remarks("draft_decision", "final_upheld", direct) == []

    def test_is_not_told_where_the_lead_is_only_presumed(self):
        assert remarks("draft_decision", "final_upheld", PRESUMED) == []


class TestAnInvestigationThatFollowsTheAdmission:
    def test_is_remarked_inside_the_one_stop_shop_where_the_lead_is_another_authority(self):
        assert hindrance("admissible", "investigation") is None
        (told,) = remarks("admissible", "investigation")
        assert "ie-dpc investigates" in told
        assert remarks("admissible", "investigation", OUTSIDE) == []
        assert remarks("lead_confirmed", "investigation") == []


class TestWhoIsExpected:
    PARTIES = INSIDE.parties

    @pytest.mark.parametrize(
        ("actors", "authority", "unexpected"),
        [
            ("lead", "ie-dpc", False),
            ("lead", "fr-cnil", True),
            ("lead lodged_with", "at-dsb", False),
            ("us", "at-dsb", True),
            ("us controller court", "ie-dpc", True),
            ("controller lead", "ie-dpc", False),
            ("concerned", "fr-cnil", False),
            ("concerned", "ie-dpc", True),
            ("concerned", "eu-edpb", True),
            ("any", "fr-cnil", False),
            ("lead", None, False),
        ],
    )
    def test_is_whose_act_it_is(self, actors, authority, unexpected):
        assert is_unexpected(actors.split(), authority, self.PARTIES) is unexpected

    def test_is_anybody_where_one_of_them_is_not_known(self):
        assert not is_unexpected(("lead", "lodged_with"), "fr-cnil", {"lodged_with": frozenset({"at-dsb"})})


def test_the_day_of_these_filings_lies_before_the_regulation():
    assert regulation(LODGED) == -1
