"""What a publication says of decisions: of cleared filings alone, and no word that was for the file."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import lodged
from tests.publishing import clear
from tests.services.deciding import a_decision, decide, drafted, finding
from tests.services.recording import three_filings
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import Decision, Update
from tracker.rules.access import OPTIONAL_FIELDS
from tracker.rules.money import Money
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Result
from tracker.services import cases, publication
from tracker.services.decisions_new import NewFine, NewMeasure
from tracker.services.publication_taking_back import without

ALL = ["C002-01", "C002-02", "C002-03"]


def of_case(**chosen: Any) -> dict[str, Any]:
    """Return what would be public of C002, all filings and entries unless told otherwise."""
    case = cases.get_case("C002")
    entries = [it.number for it in publication.records_of(case).counting]
    return publication.content_of(case, **{"filings": ALL, "updates": entries, **chosen})


def warned(content: dict[str, Any]) -> list[str]:
    return [it.text for it in publication.warnings(cases.get_case("C002"), content)]


@pytest.fixture
def decided(app) -> None:
    """C002 with a decision that upholds two of its filings, the second on a claim in part."""
    three_filings()
    drafted("C002-01", "C002-02")
    controller = cases.get_case("C002").controllers[0].controller_id
    decide(
        a_decision(
            {"C002-01": Result.UPHELD, "C002-02": Result.UPHELD},
            type=DecisionType.FINAL,
            reference="IN-1",
            ecli=None,
            source="https://example.org/decision",
            findings=(
                finding(Finding.UPHELD, words="For the file."),
                finding(Finding.PARTLY, filing="C002-02"),
            ),
            fines=(NewFine(Money(100_000_00, "EUR"), controller=controller),),
            measures=(NewMeasure("d", words="For the file.", comply_by=date(2024, 12, 1)),),
        )
    )


class TestADecisionThatNobodyChecked:
    def test_is_proposed_only_by_who_ticks_it(self, decided):
        with transaction():
            db.session.execute(sa.update(Update).values(public_words="Decided."))
        found = cases.get_case("C002")
        assert publication.suggested(found, None, publication.records_of(found))["decisions"]
        with transaction():
            db.session.execute(sa.update(Decision).values(verified=False))
        db.session.expire_all()
        assert publication.suggested(found, None, publication.records_of(found))["decisions"] == []


class TestADecisionRecordedAtTheDesk:
    def test_is_public_with_the_entry_that_tells_of_it(self, decided):
        (it,) = [one for one in of_case()["decisions"] if one["type"] == "final"]
        assert (it["decided_by_slug"], it["decided"]["on"]) == ("ie-dpc", "2024-09-02")
        assert it["entries"] and it["source"] == "https://example.org/decision"
        assert [(one["number"], one["result"]) for one in it["filings"]] == [
            ("C002-01", "upheld"),
            ("C002-02", "upheld"),
        ]
        assert it["fines"] == [
            {"minor": 10_000_000, "currency": "EUR", "against": "Example Platforms Ireland Limited"}
        ]

    def test_stays_inside_with_its_entry(self, decided):
        assert of_case(updates=[1])["decisions"] == []

    def test_is_taken_back_with_its_entry(self, decided):
        content = of_case()
        [entry] = next(it["entries"] for it in content["decisions"] if it["type"] == "final")
        case = cases.get_case("C002")
        left = without(content, "updates", entry, publication.records_of(case))
        others = [it["number"] for it in content["decisions"] if it["type"] != "final"]
        assert [it["number"] for it in left["decisions"]] == others

    def test_keeps_what_was_written_for_the_file(self, decided):
        content = of_case()
        assert "For the file" not in str(content) and "It infringed" not in str(content)
        (it,) = [one for one in content["decisions"] if one["type"] == "final"]
        assert it["measures"] == [{"letter": "d", "words": None, "comply_by": "2024-12-01"}]

    def test_has_its_summary_where_somebody_says_so(self, decided):
        number = of_case()["decisions"][-1]["number"]
        it = of_case(summaries=[number])["decisions"][-1]
        assert it["summary"] == "It infringed Art 6(1)."

    def test_has_its_number_only_where_those_of_its_filings_are_cleared(self, decided):
        assert of_case()["decisions"][-1]["reference"] is None
        assert of_case(references=["C002-01"])["decisions"][-1]["reference"] is None
        assert of_case(references=["C002-01", "C002-02"])["decisions"][-1]["reference"] == "IN-1"

    def test_that_the_case_does_not_have_is_refused(self, decided):
        with pytest.raises(RuleBroken, match="no decision 99") as refused:
            of_case(decisions=[99])
        assert refused.value.field == "decisions"


class TestADecisionOnSeveralFilings:
    def test_says_nothing_of_those_that_are_not_cleared(self, decided):
        it = of_case(filings=["C002-01"])["decisions"][-1]
        assert [one["number"] for one in it["filings"]] == ["C002-01"]
        assert [one["filing"] for one in it["findings"]] == ["C002-01"]

    def test_warns_whoever_proposes_a_part_of_them(self, decided):
        said = "is about filings that are not chosen too"
        assert any(said in it for it in warned(of_case(filings=["C002-01"])))
        assert not any(said in it for it in warned(of_case()))

    def test_is_left_out_where_none_of_them_is_cleared(self, decided):
        number = of_case()["decisions"][-1]["number"]
        assert of_case(filings=["C002-03"], decisions=[number])["decisions"] == []

    def test_tells_no_fine_against_a_controller_who_is_not_named(self, decided):
        it = of_case(fields=["claims", "findings"])["decisions"][-1]
        assert it["fines"] == []


class TestFindings:
    def test_name_the_claim_by_its_place(self, decided):
        content = of_case()
        found = content["decisions"][-1]["findings"]
        assert [(it["claim"], it["provision"], it["finding"]) for it in found] == [
            (0, "6(1)(f)", "upheld"),
            (0, "6(1)(f)", "partly"),
        ]
        assert content["case"]["claims"][0]["provision"] == "6(1)(f)"

    @pytest.mark.parametrize("left", ["findings", "claims"])
    def test_are_left_out_without_them_or_the_claims(self, decided, left):
        assert of_case(fields=OPTIONAL_FIELDS - {left})["decisions"][-1]["findings"] == []


class TestWhatACourtAnnulled:
    @pytest.fixture
    def annulled(self, decided) -> tuple[int, int]:
        """The decision and the judgment that annulled it for the first filing and the second."""
        decide(
            a_decision(
                {"C002-01": Result.ANNULLED, "C002-02": Result.ANNULLED},
                "2025-03-03",
                type=DecisionType.JUDGMENT,
                decided_by="High Court",
                irregular="The court sent us its judgment.",
            )
        )
        first, last = db.session.scalars(
            sa.select(Decision.number).where(Decision.type.in_((DecisionType.FINAL, DecisionType.JUDGMENT)))
        ).all()
        return first, last

    def test_stands_as_annulled(self, annulled):
        first, last = annulled
        found = {it["number"]: it for it in of_case()["decisions"]}
        assert {it["result"] for it in found[first]["filings"]} == {"annulled"}
        assert found[first]["appeal"] == AppealStatus.ANNULLED.value
        assert {it["finding"] for it in found[first]["findings"]} == {"open"}
        assert found[first]["findings"][0]["words"] == "upheld, and annulled by a later judgment"
        assert {it["result"] for it in found[last]["filings"]} == {"annulled"}

    def test_stands_where_the_judgment_is_not_cleared_and_whoever_clears_is_told(self, annulled):
        first, last = annulled
        content = of_case(decisions=[first])
        assert [it["result"] for it in content["decisions"][0]["filings"]] == ["upheld", "upheld"]
        assert any(f"Decision {first} was annulled by decision {last}" in it for it in warned(content))
        assert not any("was annulled by" in it for it in warned(of_case()))

    def test_stays_annulled_though_a_court_let_the_decision_after_it_stand(self, annulled):
        first, _ = annulled
        both = ALL[:2]
        decide(a_decision({it: Result.UPHELD for it in both}, "2025-06-02", irregular="Decided anew."))
        decide(
            a_decision(
                {it: Result.CONFIRMED for it in both},
                "2025-09-01",
                type=DecisionType.JUDGMENT,
                decided_by="High Court",
                irregular="The court sent us its judgment.",
            )
        )
        found = [it for it in of_case()["decisions"] if it["type"] == "final"]
        results = [{each["result"] for each in it["filings"]} for it in found]
        assert found[0]["number"] == first and results == [{"annulled"}, {"upheld"}]


class TestADecisionInAnotherCaseToo:
    def test_is_told_with_the_filings_of_this_one_alone(self, decided):
        with transaction():
            lodged(cases.get_case("C001"), "de-hh-hmbbfdi")
        assert "C001" not in str(of_case())


class TestAPublication:
    @staticmethod
    def is_outdated() -> bool:
        case = cases.get_case("C002")
        public = publication.status_of(case.id).public
        assert public is not None
        return publication.is_outdated(public, publication.records_of(case))

    def test_is_outdated_once_a_decision_of_it_is_corrected(self, decided):
        content = of_case()
        clear("C002", filings=ALL, updates=[it["number"] for it in content["updates"]])
        assert not self.is_outdated()
        db.session.remove()
        decide(
            a_decision({it: Result.UPHELD for it in ALL[:2]}, reference="IN-1", appeal=AppealStatus.LODGED),
            corrects=content["decisions"][-1]["number"],
        )
        assert self.is_outdated()
