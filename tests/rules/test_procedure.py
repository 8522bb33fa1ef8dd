"""The procedure: what may follow what. The table is the packaged one, which is the one that counts."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.errors import RuleBroken
from tracker.reference.tables import procedure
from tracker.rules.procedure import FIRST_STAGE
from tracker.rules.vocabulary import Outcome

PROCEDURE = procedure()
#: Drafts, objections, Board decisions and final decisions under Art 60 and 65.
ONLY_INSIDE = {
    "draft_decision", "objection", "revised_draft", "board_dispute", "binding_decision",
    "final_upheld", "final_rejected", "final_split",
}  # fmt: skip
#: After a decision the complaint can no longer be withdrawn, only an appeal.
AT_COURT = {"appeal", "cjeu_reference"}


def moves(stage, *, oss, history=()):
    """Return the stages that the steps offered now lead to, by step."""
    return {
        step.code: PROCEDURE.after(stage, step.code, oss=oss, history=history)
        for step in PROCEDURE.possible(stage, oss=oss, history=history)
        if step.stage is not None or step.code == "resumed"
    }


def reached(oss):
    """Return every stage that can be reached from the first, with one history that leads there."""
    found = {FIRST_STAGE: (FIRST_STAGE,)}
    waiting = [FIRST_STAGE]
    for stage in waiting:
        for following in moves(stage, oss=oss, history=found[stage]).values():
            if following not in found:
                found[following] = (*found[stage], following)
                waiting.append(following)
    return found


class TestTheTable:
    def test_leads_to_every_stage_but_the_one_that_only_files_bring(self):
        assert set(PROCEDURE.stages) - set(reached(oss=True)) == {"decided"}

    def test_leads_to_every_stage_outside_the_one_stop_shop_that_does_not_belong_to_it(self):
        inside = {step.stage for step in PROCEDURE.steps.values() if step.only_oss and step.stage}
        assert set(PROCEDURE.stages) - set(reached(oss=False)) == inside | {"decided"}

    @pytest.mark.parametrize("oss", [True, False])
    def test_has_no_trap_before_the_end(self, oss):
        histories = reached(oss)
        ends = {code for code in histories if PROCEDURE.stages[code].final}
        while True:
            more = {
                code
                for code in histories.keys() - ends
                if ends & set(moves(code, oss=oss, history=histories[code]).values()) - {"withdrawn"}
            }
            if not more:
                break
            ends |= more
        assert ends == histories.keys()

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    def test_lets_a_complaint_be_withdrawn_before_a_final_decision_and_not_after(self, stage):
        before = not PROCEDURE.stages[stage].final and stage not in AT_COURT
        assert ("withdrawn" in moves(stage, oss=True)) is before

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    def test_never_offers_a_step_under_art_60_or_65_outside_the_one_stop_shop(self, stage):
        offered = {step.stage for step in PROCEDURE.possible(stage, oss=False)}
        assert offered.isdisjoint(ONLY_INSIDE)

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    def test_always_offers_what_leaves_the_stage_as_it_is(self, stage):
        offered = {step.code for step in PROCEDURE.possible(stage, oss=False)}
        assert {"information", "reminder", "publication", "note"} <= offered
        assert PROCEDURE.after(stage, "information", oss=False) == stage

    def test_names_the_step_into_a_stage_like_the_stage(self):
        entered = set(PROCEDURE.stages) - {FIRST_STAGE}
        assert entered <= set(PROCEDURE.steps)
        assert all(PROCEDURE.steps[code].stage == code for code in entered)

    def test_has_no_two_steps_of_the_same_words(self):
        labels = [step.label for step in PROCEDURE.steps.values()]
        assert len(labels) == len(set(labels))

    @pytest.mark.parametrize(
        ("stage", "lawful"),
        [
            ("drafted", "lodged abandoned withdrawn"),
            ("lodged", "acknowledged defect_notice inadmissible admissible forwarded withdrawn"),
            ("inadmissible", "appeal lodged closed"),
            ("forwarded", "lead_confirmed lead_disputed returned withdrawn"),
            ("draft_decision", "objection final_upheld final_rejected final_split withdrawn"),
            ("objection", "revised_draft board_dispute withdrawn"),
            ("board_dispute", "binding_decision withdrawn"),
            ("binding_decision", "final_upheld final_rejected final_split withdrawn"),
            ("final_upheld", "measures appeal"),
            ("final_rejected", "appeal closed"),
            ("national_decision", "measures appeal closed"),
            ("measures", "closed appeal"),
            ("appeal", "cjeu_reference decision_confirmed decision_annulled"),
            ("cjeu_reference", "appeal"),
            ("closed", ""),
        ],
    )
    def test_allows_what_the_law_allows(self, stage, lawful):
        assert set(moves(stage, oss=True).values()) == set(lawful.split())


class TestAnyWalkThroughTheProcedure:
    @settings(derandomize=True, max_examples=200)
    @given(st.booleans(), st.lists(st.integers(0, 200), max_size=40))
    def test_stays_inside_the_table(self, oss, choices):
        history = (FIRST_STAGE,)
        for choice in choices:
            stage = history[-1]
            offered = PROCEDURE.possible(stage, oss=oss, history=history)
            step = offered[choice % len(offered)]
            following = PROCEDURE.after(stage, step.code, oss=oss, history=history)
            here = PROCEDURE.stages[stage]
            assert following == stage or following in here.next or (here.resumes and following in history)
            assert oss or following not in ONLY_INSIDE
            history += (following,)

    @settings(derandomize=True, max_examples=200)
    @given(
        st.sampled_from(sorted(PROCEDURE.stages)),
        st.sampled_from(sorted(PROCEDURE.steps)) | st.text(alphabet=st.characters(exclude_categories=[])),
        st.booleans(),
    )
    def test_refuses_exactly_the_steps_that_are_not_offered(self, stage, step, oss):
        offered = {it.code for it in PROCEDURE.possible(stage, oss=oss)}
        if step in offered:
            assert PROCEDURE.after(stage, step, oss=oss) in PROCEDURE.stages
        else:
            with pytest.raises(RuleBroken) as refusal:
                PROCEDURE.after(stage, step, oss=oss)
            assert refusal.value.field == "step"
            str(refusal.value).encode("utf-8")


class TestTheWordsOfAStage:
    def test_are_offered_once_where_two_stages_share_them(self):
        offered = PROCEDURE.by_words()
        assert [*offered] == [*dict.fromkeys(it.plain for it in PROCEDURE.stages.values())]
        assert offered["With the lead authority"] == "forwarded"
        assert (
            PROCEDURE.alike("forwarded")
            == PROCEDURE.alike("lead_confirmed")
            == ("forwarded", "lead_confirmed")
        )
        assert PROCEDURE.alike("no such stage") == ()


class TestAWrongStep:
    def test_is_refused_with_what_is_possible_instead(self):
        with pytest.raises(RuleBroken) as refusal:
            PROCEDURE.after("forwarded", "draft_decision", oss=True)
        assert str(refusal.value) == (
            "“Draft decision sent to the other authorities” is not possible while the filing stands at "
            "“With the lead authority”: possible now are “Sent back by the presumed lead authority”, "
            "“Lead confirmed”, “Dispute over the lead referred to the Board”, “Withdrawn”, "
            "and steps that leave the stage as it is."
        )

    def test_is_told_when_only_the_one_stop_shop_knows_it(self):
        with pytest.raises(
            RuleBroken, match=r"“Under investigation” and outside the one-stop shop \(Art 60\):"
        ):
            PROCEDURE.after("investigation", "draft_decision", oss=False)

    def test_is_refused_in_a_closed_filing(self):
        with pytest.raises(RuleBroken, match="possible now are only steps that leave the stage as it is"):
            PROCEDURE.after("closed", "lodged", oss=True)

    def test_is_refused_when_only_imported_files_may_bring_it(self):
        with pytest.raises(RuleBroken):
            PROCEDURE.after("investigation", "decided", oss=True)

    def test_is_refused_when_the_table_does_not_offer_it(self):
        note = replace(PROCEDURE.steps["note"], offered=False)
        without = replace(PROCEDURE, steps={**PROCEDURE.steps, "note": note})
        with pytest.raises(RuleBroken):
            without.after("lodged", "note", oss=True)

    def test_is_refused_for_a_stage_that_does_not_exist(self):
        with pytest.raises(RuleBroken, match="“elsewhere” is not a stage"):
            PROCEDURE.possible("elsewhere", oss=True)


class TestAStay:
    def test_ends_where_it_began(self):
        history = ("drafted", "lodged", "admissible", "investigation", "stayed")
        assert PROCEDURE.after("stayed", "resumed", oss=False, history=history) == "investigation"
        assert PROCEDURE.after("stayed", "resumed", oss=False, history=history[:-1]) == "investigation"

    def test_cannot_be_lifted_where_nobody_knows_what_came_before(self):
        assert "resumed" not in moves("stayed", oss=False)

    def test_is_the_only_thing_that_is_lifted_besides_early_resolution(self):
        resumable = {
            code
            for code in PROCEDURE.stages
            if "resumed" in moves(code, oss=True, history=("drafted", "lodged", "investigation", code))
        }
        assert resumable == {"stayed", "early_resolution"}


class TestEarlyResolution:
    def test_goes_back_after_an_objection(self):
        history = ("drafted", "lodged", "admissible", "early_resolution")
        assert PROCEDURE.after("early_resolution", "resumed", oss=True, history=history) == "admissible"

    @pytest.mark.parametrize(
        "history",
        [
            ("admissible", "investigation", "stayed", "investigation", "early_resolution"),
            ("admissible", "investigation", "stayed", "early_resolution"),
        ],
    )
    def test_never_goes_back_into_a_stay(self, history):
        assert PROCEDURE.after("early_resolution", "resumed", oss=True, history=history) == "investigation"

    def test_before_the_authority_lodged_with_ends_in_a_settlement(self):
        follow = moves("early_resolution", oss=True, history=("lodged", "admissible", "early_resolution"))
        assert "settled" in follow
        assert "draft_decision" not in follow

    def test_before_the_lead_ends_in_a_draft_decision(self):
        follow = moves("early_resolution", oss=True, history=("lodged", "lead_confirmed", "early_resolution"))
        assert "draft_decision" in follow
        assert "settled" not in follow

    def test_before_a_national_authority_ends_in_a_settlement(self):
        follow = moves("early_resolution", oss=False, history=("lodged", "investigation", "early_resolution"))
        assert "settled" in follow


class TestTheOutcomeOfAStep:
    def test_of_a_national_decision_has_to_be_chosen(self):
        with pytest.raises(RuleBroken, match="needs an outcome") as refusal:
            PROCEDURE.outcome("national_decision", None)
        assert refusal.value.field == "outcome"
        assert PROCEDURE.outcome("national_decision", Outcome.PARTLY_WON) is Outcome.PARTLY_WON

    @pytest.mark.parametrize("odd", [Outcome.PENDING, Outcome.WITHDRAWN])
    def test_of_a_national_decision_is_one_of_a_decision(self, odd):
        with pytest.raises(RuleBroken, match="needs an outcome"):
            PROCEDURE.outcome("national_decision", odd)

    @pytest.mark.parametrize(
        ("step", "outcome"),
        [
            ("final_upheld", Outcome.WON),
            ("final_rejected", Outcome.LOST),
            ("final_split", Outcome.PARTLY_WON),
            ("settled", Outcome.SETTLED),
            ("withdrawn", Outcome.WITHDRAWN),
            ("information", None),
        ],
    )
    def test_of_others_is_fixed(self, step, outcome):
        assert PROCEDURE.outcome(step, None) is outcome
        with pytest.raises(RuleBroken, match="cannot be chosen"):
            PROCEDURE.outcome(step, Outcome.NOT_RECORDED)
