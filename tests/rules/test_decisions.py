"""Decisions: which step each is, what an entry tells of one, and the form of an ECLI."""

from itertools import product

import pytest

from tracker.errors import RuleBroken
from tracker.reference import tables
from tracker.rules import decisions as rules
from tracker.rules.decisions import Part, outcome_for, read_ecli, result_of, steps_for, told_apart, type_of
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Outcome, ProceedingKind, Result

COURT = {Result.CONFIRMED, Result.ANNULLED}


class TestTheSteps:
    @pytest.mark.parametrize(
        ("kind", "result", "steps"),
        [
            (DecisionType.DRAFT, Result.OPEN, ("draft_decision",)),
            (DecisionType.REVISED, Result.UPHELD, ("revised_draft",)),
            (DecisionType.BINDING, Result.OPEN, ("binding_decision",)),
            (DecisionType.FINAL, Result.UPHELD, ("final_upheld",)),
            (DecisionType.FINAL, Result.REJECTED, ("final_rejected",)),
            (DecisionType.FINAL, Result.PARTLY, ("final_split",)),
            (DecisionType.FINAL, Result.OPEN, ()),
            (DecisionType.NATIONAL, Result.PARTLY, ("national_decision",)),
            (DecisionType.NATIONAL, Result.REJECTED, ("national_decision", "inadmissible")),
            (DecisionType.JUDGMENT, Result.CONFIRMED, ("decision_confirmed",)),
            (DecisionType.JUDGMENT, Result.ANNULLED, ("decision_annulled",)),
            (DecisionType.JUDGMENT, Result.OPEN, rules.JUDGMENTS),
        ],
    )
    def test_follow_from_type_and_result(self, kind, result, steps):
        assert steps_for(kind, result) == steps

    def test_of_urgency_are_those_of_article_66(self):
        assert steps_for(DecisionType.BINDING, Result.OPEN, urgent=True) == ("urgent_board_decision",)
        assert steps_for(DecisionType.NATIONAL, Result.OPEN, urgent=True) == ("urgency_measure",)

    @pytest.mark.parametrize(("kind", "urgent"), [*product(DecisionType, (False, True))])
    def test_are_all_in_the_table_and_tell_of_a_decision_again(self, kind, urgent):
        for result in Result:
            for step in steps_for(kind, result, urgent=urgent):
                assert step in tables.steps() and rules.is_decision(step)

    @pytest.mark.parametrize("result", [it for it in Result if it not in COURT])
    def test_with_their_outcome_say_the_result_again(self, result):
        for kind in (DecisionType.FINAL, DecisionType.NATIONAL):
            for step in steps_for(kind, result):
                outcome = tables.procedure().outcome(step, outcome_for(step, result))
                assert result_of(step, outcome) is result


class TestWhatAnEntryTells:
    def test_is_a_decision_for_no_word_that_is_neither_step_nor_kind(self):
        known = {*tables.steps(), *tables.event_kinds()}
        assert set(rules.DECIDES) <= known and rules.ENDING <= known and rules.MAY_DECIDE <= known

    def test_of_the_type_is_what_its_steps_agree_on_where_the_word_does_not_say_it(self):
        assert type_of("decision", ["final_upheld", "final_rejected"]) is DecisionType.FINAL
        assert type_of("decision", ["final_upheld", "national_decision"]) is None
        assert type_of("decision") is None
        assert type_of("court_judgment", ["final_upheld"]) is DecisionType.JUDGMENT
        assert type_of("note", ["final_upheld"]) is None

    def test_of_the_result_is_the_step_first_and_then_the_outcome(self):
        assert result_of("final_split", Outcome.WON) is Result.PARTLY
        assert result_of("national_decision", Outcome.PARTLY_WON) is Result.PARTLY
        assert result_of("decided", Outcome.NOT_RECORDED) is Result.OPEN
        assert result_of("settled", Outcome.WON) is Result.OPEN
        assert result_of(None, Outcome.WON) is Result.OPEN


class TestWhoDecides:
    @pytest.mark.parametrize(
        ("kind", "slug", "urgent", "field"),
        [
            (DecisionType.JUDGMENT, "ie-dpc", False, "decided_by"),
            (DecisionType.BINDING, "ie-dpc", False, "decided_by"),
            (DecisionType.BINDING, None, False, "decided_by"),
            (DecisionType.FINAL, None, False, "decided_by"),
            (DecisionType.FINAL, "eu-edpb", False, "decided_by"),
            (DecisionType.DRAFT, "ie-dpc", True, "urgent"),
            (DecisionType.JUDGMENT, None, True, "urgent"),
        ],
    )
    def test_does_not_fit_every_type(self, kind, slug, urgent, field):
        with pytest.raises(RuleBroken) as refused:
            rules.check_decider(kind, slug, urgent=urgent)
        assert refused.value.field == field

    @pytest.mark.parametrize(
        ("kind", "slug", "urgent"),
        [
            (DecisionType.JUDGMENT, None, False),
            (DecisionType.BINDING, "eu-edpb", True),
            (DecisionType.FINAL, "ie-dpc", False),
            (DecisionType.NATIONAL, "no-datatilsynet", True),
        ],
    )
    def test_of_the_usual_is_taken(self, kind, slug, urgent):
        rules.check_decider(kind, slug, urgent=urgent)


class TestAnEcli:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("ECLI:EU:C:2020:559", "ECLI:EU:C:2020:559"),
            (" ecli:fr:cechr:2020:430810.20200619 ", "ECLI:FR:CECHR:2020:430810.20200619"),
            ("ECLI:EU:T:2025:116\u200b".replace("\u200b", " "), "ECLI:EU:T:2025:116"),
            ("ECLI:DE:BVerfG:2020:rs20200505.2bvr085915", "ECLI:DE:BVERFG:2020:RS20200505.2BVR085915"),
        ],
    )
    def test_is_kept_in_one_form(self, typed, kept):
        assert read_ecli(typed) == kept

    @pytest.mark.parametrize(
        "typed",
        [
            "EU:C:2020:559",
            "ECLI:EU:C:2020",
            "ECLI:EU:C:20:559",
            "ECLI:E1:C:2020:559",
            "ECLI:EU:1C:2020:559",
            "ECLI:EU:TOOLONGX:2020:1",
            f"ECLI:EU:C:2020:{'1' * 26}",
            "ECLI:EU:C:2020:55/9",
            "ECLI:EU:C:٢٠٢٠:559",
        ],
    )
    def test_of_another_form_is_refused_with_the_form(self, typed):
        with pytest.raises(RuleBroken, match="such as ECLI:EU:C:2020:559") as refused:
            read_ecli(typed)
        assert refused.value.field == "ecli"


class TestSeveralNumbersInOneEntry:
    def test_are_several_decisions_where_each_filing_is_kept_under_one(self):
        known = [["IN-18-5-5", "44443"], ["IN-18-5-7"]]
        assert told_apart("IN-18-5-5, IN-18-5-7", known) == [Part("IN-18-5-5", (0,)), Part("IN-18-5-7", (1,))]

    def test_are_found_as_a_word_in_what_a_filing_is_kept_under(self):
        known = [["Binding Decision 3/2022"], ["Binding Decision 4/2022"]]
        assert [it.reference for it in told_apart("3/2022, 4/2022", known)] == ["3/2022", "4/2022"]

    @pytest.mark.parametrize(
        ("reference", "known"),
        [
            (None, [["A"], ["B"]]),
            ("A", [["A"], ["A"]]),
            ("A, B", [["A"], []]),
            ("A, B", [["A"], ["A"]]),
            ("A, B", [["A", "B"], ["B"]]),
            ("A, A", [["A"], ["A"]]),
            ("A, ", [["A"], ["A"]]),
            ("3/2022, 4/2022", [["13/2022"], ["4/2022"]]),
            ("5-5, 5-7", [["IN-18-5-5"], ["IN-18-5-7"]]),
        ],
    )
    def test_are_one_where_that_does_not_come_out_even(self, reference, known):
        assert told_apart(reference, known) == [Part(reference, tuple(range(len(known))))]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (DecisionType, rules.TYPES),
        (DecisionType, rules.BASES),
        (Result, rules.RESULTS),
        (Finding, rules.FINDINGS),
        (AppealStatus, rules.APPEALS),
        (ProceedingKind, rules.KINDS),
    ],
)
def test_every_value_has_words(kind, words):
    assert set(words) == set(kind)


def test_the_powers_are_those_of_article_58_2():
    assert "".join(rules.MEASURES) == "abcdefghij"
