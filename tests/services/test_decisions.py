"""Decisions as they are read: in force, claim by claim, in lists, and with the fields of GDPRhub."""

import csv
import io
import json

import pytest

from tests.builders import ANN, a_case, lodged
from tests.campaigns import take_in_facts
from tests.services.deciding import DOWN, OPEN, UP, a_decision, decide, drafted, finding, read
from tests.services.recording import news, record, three_filings
from tracker.db import transaction
from tracker.errors import RuleBroken
from tracker.models import Case
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.money import Money
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, ProceedingKind, Result
from tracker.services import cases_amending, decisions, decisions_gdprhub, decisions_proceedings
from tracker.services.cases import get_case
from tracker.services.cases_amending import Amended, SaidClaim
from tracker.services.decisions import Cell, Matrix
from tracker.services.decisions_new import NewFine, NewMeasure
from tracker.services.decisions_proceedings import NewProceeding


@pytest.fixture
def case(app) -> Case:
    """C002 at three authorities, led from Dublin."""
    return three_filings()


def matrix() -> Matrix:
    """Return the claims of C002 by its filings."""
    here = get_case("C002")
    return decisions.matrix(here.claims, here.filings, decisions.of_case(here.id))


def cell(number: str = "C002-01") -> Cell:
    """Return what is found on the one claim of C002."""
    found = matrix()
    filing = next(it for it in found.filings if it.number == number)
    return found.cell(filing.id, found.claims[0].id)


class TestAFinding:
    def test_is_open_where_nobody_recorded_one(self, case):
        drafted()
        decide(a_decision())
        assert cell() == Cell(Finding.OPEN)

    def test_stands_with_its_words_and_its_decision(self, case):
        drafted()
        done = decide(a_decision(findings=(finding(Finding.UPHELD, words="No basis."),)))
        assert cell() == Cell(Finding.UPHELD, "No basis.", done.number)
        assert cell("C002-02") == Cell(Finding.OPEN)

    def test_of_a_draft_is_proposed_until_a_decision_says_something(self, case):
        drafted("C002-01", "C002-02")
        draft = a_decision(
            {"C002-01": OPEN},
            "2024-08-01",
            type=DecisionType.DRAFT,
            findings=(finding(Finding.REJECTED),),
            irregular="The draft itself.",
        )
        decide(draft)
        assert (cell().finding, cell().proposed) == (Finding.REJECTED, True)
        decide(a_decision(findings=(finding(Finding.UPHELD),)))
        assert (cell().finding, cell().proposed) == (Finding.UPHELD, False)

    def test_is_that_of_the_last_decision_that_says_anything(self, case):
        drafted()
        decide(a_decision(findings=(finding(Finding.UPHELD),)))
        record(news("appeal", "2024-09-20", actor="us"))
        judgment = a_decision(
            {"C002-01": OPEN},
            "2024-11-01",
            type=DecisionType.JUDGMENT,
            decided_by="High Court",
            findings=(finding(Finding.PARTLY),),
        )
        number = decide(judgment).number
        assert (cell().finding, cell().decision) == (Finding.PARTLY, number)

    def test_that_a_court_annulled_is_open_again_and_says_so(self, case):
        drafted()
        first = decide(a_decision(findings=(finding(Finding.UPHELD),))).number
        court = {"type": DecisionType.JUDGMENT, "decided_by": "High Court", "irregular": "Meta appealed."}
        judgment = decide(a_decision({"C002-01": Result.ANNULLED}, "2024-10-02", **court)).number
        words = f"upheld by decision {first}, which was annulled"
        assert cell() == Cell(Finding.OPEN, words, judgment)
        assert [it.it.number for it in decisions.before_courts(read(first))] == [judgment]
        above = {**court, "decided_by": "Supreme Court"}
        decide(a_decision({"C002-01": Result.CONFIRMED}, "2024-11-04", **above))
        assert cell() == Cell(Finding.UPHELD, None, first)

    def test_after_an_annulment_is_that_of_the_new_decision(self, case):
        drafted()
        decide(a_decision(findings=(finding(Finding.UPHELD),)))
        court = {"type": DecisionType.JUDGMENT, "decided_by": "High Court", "irregular": "Meta appealed."}
        decide(a_decision({"C002-01": Result.ANNULLED}, "2024-10-02", **court))
        again = a_decision(
            {"C002-01": DOWN}, "2024-12-02", findings=(finding(Finding.REJECTED),), irregular="They say so."
        )
        assert cell().finding is Finding.OPEN
        number = decide(again).number
        assert cell() == Cell(Finding.REJECTED, None, number)

    def test_of_a_decision_that_was_corrected_does_not_stand(self, case):
        drafted()
        first = decide(a_decision(findings=(finding(Finding.UPHELD),))).number
        decide(a_decision(reference="IN-1"), corrects=first)
        assert cell().finding is Finding.OPEN

    def test_differs_only_from_another_finding(self, case):
        drafted("C002-01", "C002-02")
        findings = (finding(Finding.UPHELD), finding(Finding.REJECTED, "C002-02"))
        first = decide(a_decision({"C002-01": UP, "C002-02": UP}, findings=findings[:1])).number
        assert not matrix().differs(matrix().claims[0])
        decide(a_decision({"C002-01": UP, "C002-02": UP}, findings=findings), corrects=first)
        assert matrix().differs(matrix().claims[0])

    @pytest.mark.parametrize(
        ("change", "field"), [({"out": True}, "claims-0-out"), ({"provision": "12"}, "claims-0-provision")]
    )
    def test_keeps_its_claim_in_the_case(self, case, change, field):
        drafted()
        decide(a_decision(findings=(finding(Finding.UPHELD),)))
        with pytest.raises(
            RuleBroken, match=r"says what it found on the claim of Art 6\(1\)\(f\)"
        ) as refused:
            amend(**change)
        assert refused.value.field == field

    def test_lets_its_claim_be_described(self, case):
        drafted()
        decide(a_decision(findings=(finding(Finding.UPHELD),)))
        amend(conduct="No basis.")
        assert [it.conduct for it in get_case("C002").claims] == ["No basis."]


def amend(**change) -> None:
    """Change the one claim of C002."""
    with transaction():
        here = get_case("C002")
        claim = SaidClaim(**{"provision": "6(1)(f)", "key": here.claims[0].id, **change})
        said = Amended(title=here.title, summary="", project="", facts=UNKNOWN_DAY, claims=(claim,))
        cases_amending.amend_case(here, said, seen=here.version, by=ANN)


class TestTheList:
    @pytest.fixture(autouse=True)
    def cases(self, app):
        take_in_facts()

    @pytest.mark.parametrize(
        ("about", "numbers"),
        [
            ({"text": "SAN-2019"}, ["SAN-2019-001"]),
            ({"text": "ecli:eu:c:2020:559"}, ["C-311/18"]),
            ({"authority": "it-garante"}, ["9782890"]),
            ({"year": 2022, "kind": "national"}, ["9782890"]),
            ({"text": "no such thing"}, []),
        ],
    )
    def test_is_narrowed_down(self, about, numbers):
        assert [it.it.reference for it in decisions.find(**about)[0]] == numbers

    def test_has_the_newest_first(self):
        # The day of one is not known: it comes last.
        found = [it.it.decided.iso or "" for it in decisions.find()[0]]
        assert found == sorted(found, reverse=True) and len(found) == 27 and found[-1] == ""

    def test_takes_as_many_statements_for_all_as_for_one(self, statements):
        statements.clear()
        decisions.find(text="SAN-2019")
        one = len(statements)
        statements.clear()
        decisions.find()
        assert len(statements) <= one + 1


class TestForGdprhub:
    @pytest.fixture
    def decided(self, case):
        """A final decision with all that it can say, in a proceeding."""
        drafted()
        new = a_decision(
            published=Day.parse("2024-10-01"),
            reference="IN-1",
            ecli="ECLI:IE:DPC:2024:1",
            language="en",
            source="https://example.org/decision",
            findings=(finding(Finding.UPHELD),),
            fines=(NewFine(Money(1_000_050, "EUR")), NewFine(Money(50, "EUR"), None, "Other")),
            measures=(NewMeasure("d", "Comply."),),
            provisions=("6(1)",),
            national=("s. 109 DPA 2018",),
            appeal=AppealStatus.LODGED,
            appeal_to="High Court",
        )
        decide(new)
        return decisions.find(text="IN-1")[0]

    def test_says_what_its_fields_ask(self, decided):
        (it,) = json.loads(decisions_gdprhub.as_json(decided))["decisions"]
        wanted = {
            "jurisdiction": "Ireland",
            "case_number_name": "IN-1",
            "ecli": "ECLI:IE:DPC:2024:1",
            "type": "Complaint",
            "decision_type": "final",
            "outcome": "Upheld",
            "date_started": "2024-06-06",
            "date_decided": "2024-09-02",
            "date_published": "2024-10-01",
            "year": 2024,
            "parties": ["noyb", "Example Platforms Ireland Limited"],
            "appeal": {"body": "High Court", "status": "Appealed", "recorded": "lodged"},
            "original_language": "en",
            "national_provisions": ["s. 109 DPA 2018"],
        }
        assert {key: it[key] for key in wanted} == wanted
        assert it["authority"]["abbreviation"] == "DPC" and it["authority"]["slug"] == "ie-dpc"
        assert it["sources"] == [
            {"name": "example.org", "link": "https://example.org/decision", "language": "en"}
        ]
        assert [each["article"] for each in it["gdpr_articles"]] == [
            "Article 6(1) GDPR",
            "Article 6(1)(f) GDPR",
        ]
        assert [each["amount"] for each in it["fines"]] == ["10000.50", "0.50"]

    def test_has_in_a_table_the_sum_of_a_split_fine_and_the_names_of_the_template(self, decided):
        (row,) = csv.DictReader(io.StringIO(decisions_gdprhub.as_csv(decided)))
        assert (row["Fine"], row["Currency"], row["Year"]) == ("10001", "EUR", "2024")
        assert row["DPA_With_Country"] == "DPC (Ireland)" and row["Court_Original_Name"] == ""
        assert row["Original_Source_Language_1"] == "English" and row["Appeal_To_Status"] == "Appealed"

    def test_names_the_parties_as_the_proceeding_does(self, case):
        drafted()
        with transaction():
            run = NewProceeding(ProceedingKind.COURT, "High Court", ("C002-01",), parties="Example v DPC")
            number = decisions_proceedings.open_proceeding(run, by=ANN).number
        record(news("final_upheld", "2024-09-02", actor="ie-dpc"))
        record(news("appeal", "2024-09-20", actor="us"))
        judgment = {"type": DecisionType.JUDGMENT, "decided_by": "High Court", "proceeding": number}
        decide(a_decision({"C002-01": OPEN}, "2024-11-01", reference="HC-1", **judgment))
        (it,) = decisions_gdprhub.entries(decisions.find(text="HC-1")[0])
        assert (it["parties"], it["type"], it["authority"]["court"]) == (["Example v DPC"], None, True)

    def test_names_nobody_as_party_before_a_court_of_whom_that_is_not_recorded(self, case):
        drafted()
        record(news("final_upheld", "2024-09-02", actor="ie-dpc"))
        record(news("appeal", "2024-09-20", actor="us"))
        judgment = {"type": DecisionType.JUDGMENT, "decided_by": "High Court", "reference": "HC-1"}
        decide(a_decision({"C002-01": OPEN}, "2024-11-01", **judgment))
        (it,) = decisions_gdprhub.entries(decisions.find(text="HC-1")[0])
        assert it["parties"] == []

    def test_says_nothing_of_a_result_that_nobody_recorded(self, case):
        record(news("urgency_measure", "2024-07-14", actor="fr-cnil", irregular=None), "C002-02")
        (it,) = decisions_gdprhub.entries(decisions.find()[0])
        assert (it["outcome"], it["fines"], it["gdpr_articles"], it["ecli"]) == (None, [], [], None)

    def test_is_partly_upheld_where_filings_end_differently(self, case):
        drafted("C002-01", "C002-02")
        decide(a_decision({"C002-01": UP, "C002-02": DOWN}, reference="IN-9", irregular="In one letter."))
        (it,) = decisions_gdprhub.entries(decisions.find(text="IN-9")[0])
        assert it["outcome"] == "Partly Upheld"

    def test_a_cell_cannot_be_a_formula(self, case):
        drafted()
        decide(a_decision(reference="=1+1"))
        (row,) = csv.DictReader(io.StringIO(decisions_gdprhub.as_csv(decisions.find(text="=1+1")[0])))
        assert not row["Case_Number_Name"].startswith("=")


def test_a_case_without_decisions_has_none(app):
    with transaction():
        made = a_case()
        lodged(made, "at-dsb")
    assert decisions.of_case(get_case(made.number).id) == []
