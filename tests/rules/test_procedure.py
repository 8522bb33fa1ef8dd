"""The procedure: what may follow what. The table is the packaged one, which is the one that counts."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.walking import INSIDE, OUTSIDE, PRESUMED
from tracker.errors import RuleBroken
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.procedure import FIRST_STAGE, Fault
from tracker.rules.vocabulary import Outcome

PROCEDURE = tables.procedure()
#: Drafts, objections, Board decisions and final decisions under Art 60 and 65.
ONLY_INSIDE = {
    "draft_decision", "objection", "revised_draft", "board_dispute", "binding_decision",
    "final_upheld", "final_rejected", "final_split",
}  # fmt: skip
#: After a decision the complaint can no longer be withdrawn, only an appeal.
AT_COURT = {"appeal", "cjeu_reference"}
#: What follows what by the law (every stage; withdrawal before a final decision besides).
LAWFUL = {
    "drafted": "lodged abandoned",
    "lodged": "acknowledged defect_notice inadmissible admissible forwarded",
    "acknowledged": "defect_notice inadmissible admissible forwarded",
    "defect_notice": "admissible inadmissible",
    "inadmissible": "appeal lodged closed",
    "admissible": "early_resolution forwarded local_proposed investigation",
    "early_resolution": "settled draft_decision",
    "local_proposed": "local_handling lead_confirmed",
    "local_handling": "national_decision settled",
    "forwarded": "lead_confirmed lead_disputed returned",
    "lead_disputed": "lead_confirmed returned",
    "lead_confirmed": "investigation early_resolution simple_cooperation",
    "simple_cooperation": "draft_decision investigation early_resolution",
    "investigation": "key_issues prelim_findings rejection_hearing simple_cooperation early_resolution "
    "draft_decision national_decision settled stayed",
    "key_issues": "scope_dispute prelim_findings rejection_hearing investigation early_resolution",
    "scope_dispute": "investigation early_resolution",
    "prelim_findings": "draft_decision",
    "rejection_hearing": "draft_decision investigation",
    "draft_decision": "objection final_upheld final_rejected final_split",
    "objection": "objection revised_draft board_dispute",
    "revised_draft": "objection final_upheld final_rejected final_split board_dispute",
    "board_dispute": "binding_decision",
    "binding_decision": "final_upheld final_rejected final_split",
    "final_upheld": "measures appeal",
    "final_rejected": "appeal closed",
    "final_split": "final_split measures appeal",
    "national_decision": "measures appeal closed",
    "decided": "final_upheld final_rejected final_split national_decision measures appeal closed",
    "measures": "measures closed appeal",
    "appeal": "cjeu_reference decision_confirmed decision_annulled",
    "cjeu_reference": "appeal",
    "decision_confirmed": "measures appeal closed",
    "decision_annulled": "investigation",
    "stayed": "",
    "settled": "closed appeal",
    "withdrawn": "closed",
    "returned": "forwarded investigation lead_disputed",
    "abandoned": "closed",
    "closed": "",
}
#: Who takes the step into a stage (domain law: Art 60(7) to (9), 65, 77, Reg 2025/2518).
ACTS = {
    "lodged": "us", "acknowledged": "lodged_with", "defect_notice": "lodged_with",
    "inadmissible": "lodged_with", "admissible": "lodged_with",
    "early_resolution": "lodged_with lead handling", "local_proposed": "lodged_with",
    "local_handling": "lead lodged_with", "forwarded": "lodged_with", "lead_disputed": "lead lodged_with",
    "lead_confirmed": "lead board", "simple_cooperation": "lead", "investigation": "lead handling",
    "key_issues": "lead", "scope_dispute": "lead", "prelim_findings": "lead",
    "rejection_hearing": "lodged_with", "draft_decision": "lead", "objection": "concerned",
    "revised_draft": "lead", "board_dispute": "lead", "binding_decision": "board", "final_upheld": "lead",
    "final_rejected": "lodged_with", "final_split": "lead lodged_with", "national_decision": "handling",
    "measures": "controller lead handling", "appeal": "us controller court", "cjeu_reference": "court",
    "stayed": "lodged_with lead handling court", "settled": "lodged_with lead handling", "withdrawn": "us",
    "returned": "lead board", "abandoned": "us", "closed": "any", "decision_confirmed": "court",
    "decision_annulled": "court", "decided": "any",
}  # fmt: skip


def moves(stage, setting=INSIDE, history=()):
    """Return the stages that the steps offered now lead to, by step."""
    return {
        step.code: PROCEDURE.after(stage, step.code, setting, history=history)
        for step in PROCEDURE.possible(stage, setting, history=history)
        if step.stage is not None or step.code == "resumed"
    }


def reached(setting):
    """Return every stage that can be reached from the first, with one history that leads there."""
    found = {FIRST_STAGE: (FIRST_STAGE,)}
    waiting = [FIRST_STAGE]
    for stage in waiting:
        for following in moves(stage, setting, history=found[stage]).values():
            if following not in found:
                found[following] = (*found[stage], following)
                waiting.append(following)
    return found


class TestTheTable:
    def test_leads_to_every_stage_that_belongs_to_the_one_stop_shop_or_to_both(self):
        assert set(PROCEDURE.stages) - set(reached(INSIDE)) == {"decided"}

    def test_leads_to_every_stage_outside_the_one_stop_shop_that_does_not_belong_to_it(self):
        inside = {step.stage for step in PROCEDURE.steps.values() if step.only_oss and step.stage}
        assert set(PROCEDURE.stages) - set(reached(OUTSIDE)) == inside | {"decided"}

    @pytest.mark.parametrize("setting", [INSIDE, OUTSIDE, PRESUMED], ids=["inside", "outside", "presumed"])
    @pytest.mark.parametrize("lodged", ["2024-06-06", "2027-04-02", "2028-01-01"])
    def test_has_no_trap_before_the_end(self, setting, lodged):
        setting = replace(setting, lodged=Day.parse(lodged))
        histories = reached(setting)
        ends = {code for code in histories if PROCEDURE.stages[code].final}
        while True:
            more = {
                code
                for code in histories.keys() - ends
                if ends & set(moves(code, setting, history=histories[code]).values()) - {"withdrawn"}
            }
            if not more:
                break
            ends |= more
        assert ends == histories.keys()

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    def test_lets_a_complaint_be_withdrawn_before_a_final_decision_and_not_after(self, stage):
        before = not PROCEDURE.stages[stage].final and stage not in AT_COURT
        assert ("withdrawn" in moves(stage)) is before

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    def test_never_offers_a_step_under_art_60_or_65_outside_the_one_stop_shop(self, stage):
        offered = {step.stage for step in PROCEDURE.possible(stage, OUTSIDE)}
        assert offered.isdisjoint(ONLY_INSIDE)

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    def test_offers_them_where_the_lead_is_only_presumed_as_where_it_is_certain(self, stage):
        inside = ONLY_INSIDE & {step.stage for step in PROCEDURE.possible(stage, INSIDE)}
        assert inside == ONLY_INSIDE & {step.stage for step in PROCEDURE.possible(stage, PRESUMED)}

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    def test_always_offers_what_leaves_the_stage_as_it_is(self, stage):
        offered = {step.code for step in PROCEDURE.possible(stage, OUTSIDE)}
        assert {"information", "reminder", "publication", "note"} <= offered
        assert PROCEDURE.after(stage, "information", OUTSIDE) == stage

    def test_names_the_step_into_a_stage_like_the_stage(self):
        entered = set(PROCEDURE.stages) - {FIRST_STAGE}
        assert entered <= set(PROCEDURE.steps)
        assert all(PROCEDURE.steps[code].stage == code for code in entered)

    def test_has_no_two_steps_of_the_same_words(self):
        labels = [step.label for step in PROCEDURE.steps.values()]
        assert len(labels) == len(set(labels))

    @pytest.mark.parametrize("stage", sorted(PROCEDURE.stages))
    def test_lets_follow_what_the_law_lets_follow(self, stage):
        withdrawable = not PROCEDURE.stages[stage].final and stage not in AT_COURT
        lawful = {*LAWFUL[stage].split(), *(["withdrawn"] if withdrawable else [])}
        assert PROCEDURE.stages[stage].next == lawful

    @pytest.mark.parametrize("stage", sorted(ACTS))
    def test_says_whose_act_leads_there(self, stage):
        assert set(PROCEDURE.steps[stage].actors) == set(ACTS[stage].split())

    def test_rests_every_stage_on_the_law(self):
        bare = {it.code for it in PROCEDURE.steps.values() if it.stage and not it.basis}
        assert bare == {"closed", "abandoned", "decided"}
        assert all(it.evidence for it in PROCEDURE.stages.values())

    def test_calls_nothing_of_the_regulation_an_amicable_settlement(self):
        told = [
            *((it.label, it.sentence, it.basis) for it in PROCEDURE.steps.values()),
            *((it.label, it.plain, it.sentence, it.evidence) for it in PROCEDURE.stages.values()),
            *((it.label, "") for it in tables.event_kinds().values()),
        ]
        assert not [it for it in told if "amicable" in " ".join(it)]
        named = [it for it in tables.guards().values() if "amicable" in it.words]
        assert all("national law" in it.words for it in named)


class TestAnyWalkThroughTheProcedure:
    @settings(derandomize=True, max_examples=200)
    @given(st.sampled_from([INSIDE, OUTSIDE, PRESUMED]), st.lists(st.integers(0, 200), max_size=40))
    def test_stays_inside_the_table(self, setting, choices):
        history = (FIRST_STAGE,)
        for choice in choices:
            stage = history[-1]
            offered = PROCEDURE.possible(stage, setting, history=history)
            step = offered[choice % len(offered)]
            following = PROCEDURE.after(stage, step.code, setting, history=history)
            here = PROCEDURE.stages[stage]
            assert following == stage or following in here.next or (here.resumes and following in history)
            assert setting is not OUTSIDE or following not in ONLY_INSIDE
            history += (following,)

    @settings(derandomize=True, max_examples=200)
    @given(
        st.sampled_from(sorted(PROCEDURE.stages)),
        st.sampled_from(sorted(PROCEDURE.steps)) | st.text(alphabet=st.characters(exclude_categories=[])),
        st.sampled_from([INSIDE, OUTSIDE, PRESUMED]),
    )
    def test_refuses_exactly_the_steps_that_are_not_offered(self, stage, step, setting):
        offered = {it.code for it in PROCEDURE.possible(stage, setting)}
        if step in offered:
            assert PROCEDURE.after(stage, step, setting) in PROCEDURE.stages
        else:
            with pytest.raises(RuleBroken) as refusal:
                PROCEDURE.after(stage, step, setting)
            assert refusal.value.field == "step"
            str(refusal.value).encode("utf-8")

    @settings(derandomize=True, max_examples=200)
    @given(
        st.sampled_from(sorted(PROCEDURE.stages)),
        st.sampled_from([it.code for it in PROCEDURE.steps.values() if it.offered]),
        st.sampled_from([INSIDE, OUTSIDE, PRESUMED]),
    )
    def test_is_hindered_exactly_where_a_step_is_not_offered(self, stage, step, setting):
        offered = {it.code for it in PROCEDURE.possible(stage, setting)}
        assert (PROCEDURE.hindrance(stage, step, setting) is None) is (step in offered)


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
            PROCEDURE.after("forwarded", "draft_decision", INSIDE)
        assert str(refusal.value) == (
            "“Draft decision sent to the other authorities” is not possible while the filing stands at "
            "“With the lead authority”: possible now are “Sent back by the presumed lead authority”, "
            "“Lead confirmed”, “Dispute over the lead referred to the Board”, “Withdrawn”, "
            "and steps that leave the stage as it is."
        )

    def test_is_told_when_only_the_one_stop_shop_knows_it(self):
        with pytest.raises(
            RuleBroken, match=r"“Under investigation”\. By its routes .* outside the one-stop shop of Art 60"
        ):
            PROCEDURE.after("investigation", "draft_decision", OUTSIDE)

    def test_is_refused_in_a_closed_filing(self):
        with pytest.raises(RuleBroken, match=r"Possible now are only steps that leave the stage as it is"):
            PROCEDURE.after("closed", "lodged", INSIDE)

    def test_is_refused_when_only_imported_files_may_bring_it(self):
        with pytest.raises(RuleBroken):
            PROCEDURE.after("investigation", "decided", INSIDE)

    def test_is_refused_when_the_table_does_not_offer_it(self):
        note = replace(PROCEDURE.steps["note"], offered=False)
        without = replace(PROCEDURE, steps={**PROCEDURE.steps, "note": note})
        with pytest.raises(RuleBroken):
            without.after("lodged", "note", INSIDE)

    def test_is_refused_for_a_stage_that_does_not_exist(self):
        with pytest.raises(RuleBroken, match="“elsewhere” is not a stage"):
            PROCEDURE.possible("elsewhere", INSIDE)

    @pytest.mark.parametrize(
        ("stage", "step", "fault"),
        [
            ("lodged", "draft_decision", Fault.GAP),
            ("forwarded", "final_rejected", Fault.GAP),
            ("national_decision", "decision_confirmed", Fault.GAP),
            ("final_rejected", "final_upheld", Fault.ORDER),
            ("national_decision", "national_decision", Fault.ORDER),
            ("lead_confirmed", "forwarded", Fault.ORDER),
            ("prelim_findings", "key_issues", Fault.ORDER),
            ("closed", "investigation", Fault.ORDER),
            ("inadmissible", "forwarded", Fault.ORDER),
            ("lodged", "lodged", Fault.IMPOSSIBLE),
            ("lodged", "abandoned", Fault.IMPOSSIBLE),
            ("investigation", "resumed", Fault.IMPOSSIBLE),
            ("closed", "decided", Fault.ORDER),
        ],
    )
    def test_lacks_others_before_it_or_contradicts_them_or_cannot_be(self, stage, step, fault):
        assert PROCEDURE.hindrance(stage, step, INSIDE).fault is fault

    def test_that_a_decision_of_a_court_could_have_made_possible_is_no_mere_gap(self):
        """A court may annul: but nobody forgets to record that, so the second decision contradicts."""
        assert PROCEDURE.hindrance("final_upheld", "draft_decision", INSIDE).fault is Fault.ORDER
        assert PROCEDURE.hindrance("decision_annulled", "draft_decision", INSIDE).fault is Fault.GAP


class TestAStay:
    def test_ends_where_it_began(self):
        history = ("drafted", "lodged", "admissible", "investigation", "stayed")
        assert PROCEDURE.after("stayed", "resumed", OUTSIDE, history=history) == "investigation"
        assert PROCEDURE.after("stayed", "resumed", OUTSIDE, history=history[:-1]) == "investigation"

    def test_cannot_be_lifted_where_nobody_knows_what_came_before(self):
        assert "resumed" not in moves("stayed", OUTSIDE)

    def test_that_nobody_told_us_was_lifted_is_a_gap(self):
        history = ("drafted", "lodged", "lead_confirmed", "investigation", "stayed")
        assert PROCEDURE.hindrance("stayed", "draft_decision", INSIDE, history=history).fault is Fault.GAP

    def test_is_the_only_thing_that_is_lifted_besides_early_resolution(self):
        resumable = {
            code
            for code in PROCEDURE.stages
            if "resumed" in moves(code, history=("drafted", "lodged", "investigation", code))
        }
        assert resumable == {"stayed", "early_resolution"}


class TestEarlyResolution:
    def test_goes_back_after_an_objection(self):
        history = ("drafted", "lodged", "admissible", "early_resolution")
        assert PROCEDURE.after("early_resolution", "resumed", INSIDE, history=history) == "admissible"

    @pytest.mark.parametrize(
        "history",
        [
            ("admissible", "investigation", "stayed", "investigation", "early_resolution"),
            ("admissible", "investigation", "stayed", "early_resolution"),
        ],
    )
    def test_never_goes_back_into_a_stay(self, history):
        assert PROCEDURE.after("early_resolution", "resumed", INSIDE, history=history) == "investigation"

    def test_before_the_authority_lodged_with_ends_in_a_settlement(self):
        follow = moves("early_resolution", history=("lodged", "admissible", "early_resolution"))
        assert "settled" in follow
        assert "draft_decision" not in follow

    def test_before_the_lead_ends_in_a_draft_decision(self):
        follow = moves("early_resolution", history=("lodged", "lead_confirmed", "early_resolution"))
        assert "draft_decision" in follow
        assert "settled" not in follow

    def test_before_a_national_authority_ends_in_a_settlement(self):
        follow = moves("early_resolution", OUTSIDE, history=("lodged", "investigation", "early_resolution"))
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


def test_no_step_speaks_of_an_article_in_another_way_than_the_others():
    odd = [it.code for it in PROCEDURE.steps.values() if re.search(r"Article|Art\.|Regulation", it.basis)]
    assert odd == []
