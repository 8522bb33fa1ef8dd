"""Records of decisions that entries of the protocol get by themselves, and how people complete them."""

import pytest

from tests.campaigns import (
    a_campaign,
    a_controller,
    a_filing,
    an_event,
    case_of,
    filing_of,
    take_in,
    take_in_facts,
)
from tests.services.deciding import (
    DOWN,
    OPEN,
    UP,
    a_decision,
    decide,
    drafted,
    read,
    without_records,
)
from tests.services.recording import news, record, stands, three_filings
from tracker.errors import NotFound, RuleBroken
from tracker.models import Case
from tracker.rules.vocabulary import DecisionType, Finding, Outcome, Result
from tracker.services import decisions, decisions_recording, exports
from tracker.services.cases import get_case


def standing(case: str = "C002") -> list[decisions.Read]:
    """Return the decisions of a case that are in force."""
    return [it for it in decisions.of_case(get_case(case).id) if it.in_force]


def summed(case: str = "C002") -> list[tuple[str | None, DecisionType | None, dict[str, Result], list[str]]]:
    """Return the decisions in force: number, type, results, fines."""
    return [
        (
            it.it.reference,
            it.it.type,
            {each.filing.number: each.result for each in it.it.filings},
            [each.money.words for each in it.it.fines],
        )
        for it in standing(case)
    ]


class TestAnUpdateThatTellsOfADecision:
    @pytest.fixture(autouse=True)
    def case(self, app) -> Case:
        return three_filings()

    def test_gets_a_record_of_it_that_says_no_more(self):
        record(news("inadmissible", reference="D1", irregular="For both."), "C002-01", "C002-02")
        assert summed() == [("D1", DecisionType.NATIONAL, {"C002-01": DOWN, "C002-02": DOWN}, [])]
        it = standing()[0].it
        assert it.derived and it.summary == "" and it.findings == [] and it.decided.iso == "2024-06-20"

    @pytest.mark.parametrize("step", ["acknowledged", "admissible", "information", "note"])
    def test_is_none_where_the_step_is_none(self, step):
        record(news(step))
        assert standing() == []

    def test_is_followed_by_its_record_when_it_is_corrected(self):
        number = record(news("inadmissible"))
        record(news("inadmissible", "2024-06-21", reference="D2"), corrects=number)
        assert [(it.it.reference, it.it.decided.iso, it.corrects) for it in standing()] == [
            ("D2", "2024-06-21", 1)
        ]
        assert not read(1).in_force

    def test_keeps_its_record_where_the_correction_says_the_same_of_it(self):
        number = record(news("inadmissible"))
        record(news("inadmissible", words="Other words."), corrects=number)
        assert [it.it.number for it in standing()] == [1]

    def test_loses_it_where_the_correction_tells_of_none(self):
        number = record(news("inadmissible"))
        record(news("acknowledged"), corrects=number)
        assert standing() == [] and not read(1).in_force and read(1).corrected_by is None

    def test_keeps_what_somebody_said_of_it_when_its_words_are_corrected(self):
        drafted()
        done = decide(a_decision(reference="IN-1"))
        number = done.entries[0].number
        record(news("final_upheld", "2024-09-02", actor="ie-dpc", words="Corrected."), corrects=number)
        assert [(it.it.number, it.it.reference) for it in standing() if not it.it.derived] == [
            (done.number, "IN-1")
        ]
        assert read(done.number).entries[0].words == "Corrected."


class TestCompletingAnEntry:
    @pytest.fixture
    def entry(self, app) -> int:
        """A decision of a file of which nobody knows the kind."""
        event = an_event("decision", "acme-2024-at", date="2024-06-20", reference="D1")
        take_in(a_campaign(internal_ref="C002", events=[event]))
        return 1

    def said(self, result: Result, **values) -> int:
        new = a_decision(
            {filing_of("acme-2024-at").number: result}, "2024-06-20", decided_by="at-dsb", **values
        )
        return decide(new, corrects=1).number

    def test_says_what_it_says_and_changes_no_stage_while_the_result_is_open(self, entry):
        number = filing_of("acme-2024-at").number
        before = stands(number)
        self.said(OPEN, type=DecisionType.NATIONAL, reference="D1")
        assert stands(number) == before == ("decided", "2024-06-20", Outcome.NOT_RECORDED)
        assert [it.number for it in standing()[0].entries] == [1]
        assert [(it.it.number, it.it.derived) for it in standing()] == [(2, False)]

    def test_with_a_result_corrects_the_entry_and_keeps_its_words(self, entry):
        number = filing_of("acme-2024-at").number
        self.said(UP, type=DecisionType.NATIONAL, irregular="The file begins with the decision.")
        assert stands(number) == ("national_decision", "2024-06-20", Outcome.WON)
        here = standing()[0].entries[0]
        assert (here.number, here.words, here.source) == (2, "It is decision.", "https://example.org/news")

    def test_of_one_that_says_the_same_already_makes_no_entry(self, app):
        event = an_event(
            "decision", "acme-2024-at", date="2024-06-20", step="national_decision", outcome="lost"
        )
        take_in(a_campaign(internal_ref="C002", events=[event]))
        self.said(DOWN, type=DecisionType.NATIONAL, ecli="ECLI:AT:DSB:2024:1")
        assert [it.number for it in standing()[0].entries] == [1]

    def test_again_is_a_correction(self, entry):
        with pytest.raises(RuleBroken, match="is recorded already"):
            decisions_recording.entry_of(case_of().id, entry)

    def test_is_refused_for_one_that_tells_of_none(self, app):
        take_in(a_campaign())
        with pytest.raises(RuleBroken, match=r"Entry 1 tells of no decision\."):
            decisions_recording.entry_of(case_of().id, 1)
        with pytest.raises(NotFound):
            decisions_recording.entry_of(case_of().id, 2)

    def test_is_possible_for_a_formal_notice_that_has_no_record_by_itself(self, app):
        take_in(a_campaign(internal_ref="C002", events=[an_event("formal_notice", "acme-2024-at")]))
        assert standing() == []
        number = filing_of("acme-2024-at").number
        new = a_decision({number: UP}, "2024-07-01", decided_by="at-dsb", type=DecisionType.NATIONAL)
        done = decide(new, completes=1)
        assert [it.number for it in done.entries] == [1] and stands(number)[0] == "lodged"


class TestAnEntryFromBeforeThereWereRecords:
    @pytest.fixture(autouse=True)
    def entry(self, app) -> str:
        """A final decision on a filing that was led to a draft, and no record of it; return the filing."""
        take_in(a_campaign(internal_ref="C002", events=[]))
        record(news("national_decision", outcome=Outcome.LOST, irregular="The rest is lost."), "C002-01")
        without_records()
        return "C002-01"

    def test_has_none_until_somebody_says_what_it_says(self, entry):
        assert standing() == []
        new = a_decision({entry: DOWN}, "2024-06-20", decided_by="at-dsb", type=DecisionType.NATIONAL)
        assert [it.number for it in decide(new, completes=1).entries] == [1]
        assert [(results, fines) for _, _, results, fines in summed()] == [({entry: DOWN}, [])]

    def test_gets_one_when_its_words_are_corrected(self, entry):
        new = news("national_decision", outcome=Outcome.LOST, words="Others.", irregular="The rest is lost.")
        record(new, entry, corrects=1)
        assert [(it.it.derived, [each.number for each in it.entries]) for it in standing()] == [(True, [2])]

    def test_goes_out_like_any_other_and_has_one_where_it_is_taken_in(self, entry, elsewhere):
        data = exports.export_cases()
        assert "decisions" not in data
        assert take_in(*data["campaigns"]).numbers == () and standing() == []
        with elsewhere():
            take_in(*data["campaigns"])
            assert [(it.it.type, it.it.derived) for it in standing()] == [(DecisionType.NATIONAL, True)]
            assert exports.export_cases() == data


class TestADecisionWhoseKindNobodyRecorded:
    """Nobody may choose that step; an entry that is it already can have another day, with a note."""

    def said(self, day: str, **values) -> int:
        new = a_decision({"C002-01": OPEN}, day, decided_by="at-dsb", type=DecisionType.NATIONAL, **values)
        return decide(new, corrects=len(decisions.of_case(get_case("C002").id))).number

    @pytest.fixture(autouse=True)
    def entry(self, app) -> None:
        """A decision of a file, of which somebody said more without knowing the result."""
        event = an_event("decision", "acme-2024-at", date="2024-06-20")
        take_in(a_campaign(internal_ref="C002", events=[event]))
        self.said("2024-06-20")

    def test_needs_a_note_for_another_day(self):
        with pytest.raises(RuleBroken, match="say why it is recorded") as found:
            self.said("2024-06-25")
        assert found.value.field == "irregular"

    def test_moves_with_one(self):
        self.said("2024-06-25", irregular="The file begins with the decision.")
        assert stands() == ("decided", "2024-06-25", Outcome.NOT_RECORDED)


class TestEventsOfAFile:
    def test_tell_type_result_and_fine_as_far_as_they_say_so(self, app):
        event = an_event(
            "decision",
            "acme-2024-at",
            actor="ie-dpc",
            date="2024-09-01",
            fine={"amount": 1_000_000, "currency": "EUR", "split": {"acme": 1_000_000}},
        )
        filing = a_filing("acme-2024-at", lead_authority="ie-dpc")
        take_in(a_campaign(internal_ref="C002", filings=[filing], events=[event]))
        number = filing_of("acme-2024-at").number
        assert summed() == [(None, DecisionType.FINAL, {number: UP}, ["EUR 1,000,000"])]
        assert standing()[0].it.fines[0].controller.name == "Acme Limited"

    def test_of_several_numbers_are_several_decisions_with_their_part_of_the_fine(self, app):
        filings = [
            a_filing("acme-2024-at", references={"lead_authority": "IN-1"}),
            a_filing("acme-2024-fr", "fr-cnil", controllers=["beta"], references={"lead_authority": "IN-2"}),
        ]
        fine = {"amount": 3, "currency": "EUR", "split": {"acme": 1, "beta": 2}}
        event = an_event("decision", "acme-2024-at", "acme-2024-fr", reference="IN-1, IN-2", fine=fine)
        take_in(
            a_campaign(
                internal_ref="C002",
                controllers=[a_controller(), a_controller("beta")],
                filings=filings,
                events=[event],
            )
        )
        assert [(it[0], list(it[2]), it[3]) for it in summed()] == [
            ("IN-1", ["C002-01"], ["EUR 1"]),
            ("IN-2", ["C002-02"], ["EUR 2"]),
        ]

    def test_with_a_fine_that_is_not_split_evenly_are_one_decision(self, app):
        filings = [
            a_filing("acme-2024-at", references={"lead_authority": "IN-1"}),
            a_filing("acme-2024-fr", "fr-cnil", references={"lead_authority": "IN-2"}),
        ]
        fine = {"amount": 5, "currency": "EUR", "split": {"acme": 5}}
        event = an_event("decision", "acme-2024-at", "acme-2024-fr", reference="IN-1, IN-2", fine=fine)
        take_in(a_campaign(internal_ref="C002", filings=filings, events=[event]))
        assert [(it[0], len(it[2]), it[3]) for it in summed()] == [("IN-1, IN-2", 2, ["EUR 5"])]

    def test_of_the_case_as_a_whole_are_decisions_without_filings(self, app):
        take_in(
            a_campaign(
                internal_ref="C002", events=[an_event("court_judgment", actor="CJEU", reference="C-1/20")]
            )
        )
        assert summed() == [("C-1/20", DecisionType.JUDGMENT, {}, [])]

    def test_that_correct_one_another_leave_the_last_record_in_force(self, app):
        first = an_event("dismissal", "acme-2024-at", date="2024-07-01")
        second = an_event("dismissal", "acme-2024-at", date="2024-07-02", corrects=1)
        take_in(a_campaign(internal_ref="C002", events=[first, second]))
        assert [(it.it.decided.iso, it.corrects) for it in standing()] == [("2024-07-02", 1)]

    def test_taken_in_again_make_no_second_record(self, app):
        for _ in range(2):
            take_in(a_campaign(internal_ref="C002", events=[an_event("dismissal", "acme-2024-at")]))
        assert len(standing()) == 1


class TestTheRealDecisions:
    @pytest.fixture(autouse=True)
    def cases(self, app):
        take_in_facts()

    def test_have_the_fines_of_the_file_to_the_cent(self):
        fines = {it[0]: it[3] for case in ("C082", "C083") for it in summed(case) if it[3]}
        assert fines == {
            "SAN-2019-001": ["EUR 50,000,000"],
            "IN-18-5-5": ["EUR 210,000,000"],
            "IN-18-5-7": ["EUR 180,000,000"],
            "IN-18-5-6": ["EUR 5,500,000"],
            "DI-2020-11373": ["SEK 12,000,000"],
            "DI-2020-11397": ["SEK 300,000"],
        }

    def test_are_all_there(self):
        known = {it.it.reference for case in ("C082", "C083") for it in standing(case)}
        assert known >= {
            "SAN-2019-001",
            "N° 430810",
            "3/2022",
            "4/2022",
            "5/2022",
            "IN-18-5-5",
            "IN-18-5-7",
            "IN-18-5-6",
            "T-70/23, T-84/23, T-111/23",
            "D155.027 (2021-0.586.257)",
            "9782890",
            "DI-2020-11373",
            "20/03771-17",
            "112/2024",
        }

    def test_say_of_article_9_that_it_was_not_examined_and_of_article_7_nothing(self):
        case = get_case("C082")
        found = decisions.matrix(case.claims, case.filings, decisions.of_case(case.id))
        by_code = {it.provision: it for it in case.claims}
        facebook = next(it for it in case.filings if it.number == "C082-02")
        assert found.cell(facebook.id, by_code["9"].id).finding is Finding.NOT_EXAMINED
        assert found.cell(facebook.id, by_code["6(1)(b)"].id).finding is Finding.UPHELD
        assert found.cell(facebook.id, by_code["7"].id).finding is Finding.OPEN
