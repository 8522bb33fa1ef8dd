"""What a publication holds: an explicit list of fields, and no word that was meant for the file."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import lodged
from tests.publishing import clear, told, two_cases
from tracker.db import db, transaction
from tracker.errors import RuleBroken
from tracker.models import Case, Filing, Reference, Update
from tracker.rules.access import PUBLIC_FIELDS, SHELL
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision
from tracker.services import cases, demonstration, filings, publication, updates
from tracker.services.updates import NewUpdate


@pytest.fixture
def case(app) -> Case:
    two_cases()
    return cases.get_case("C001")


def entry_of(content: dict[str, Any], number: int) -> dict[str, Any]:
    return next(it for it in content["updates"] if it["number"] == number)


class TestACorrectedEntry:
    def correction(self, corrects: int, day: date, *, public: str | None = None) -> int:
        new = NewUpdate(
            step="acknowledged",
            day=Day(day, Precision.DAY),
            actor="nl-ap",
            words="Right.",
            public_words=public,
        )
        with transaction():
            found = cases.get_case("C001")
            return updates.record_update(found.filings[:1], new, seen={}, by=SHELL, corrects=corrects).number

    def test_cannot_be_made_public_any_more(self, case):
        self.correction(2, date(2024, 6, 21))
        with pytest.raises(RuleBroken, match="Entry 2 was corrected by entry 4: choose that one") as refused:
            publication.content_of(cases.get_case("C001"), filings=["C001-01"], updates=[1, 2])
        assert refused.value.field == "updates"

    def test_that_is_public_makes_the_publication_outdated(self, case):
        clear("C001", filings=["C001-01"], updates=[1, 2, 3])
        public = publication.status_of(case.id).public
        assert public is not None
        assert not publication.is_outdated(public, publication.records_of(cases.get_case("C001")))
        self.correction(2, date(2024, 6, 21))
        assert publication.is_outdated(public, publication.records_of(cases.get_case("C001")))

    def test_leaves_its_place_on_a_day_to_its_correction(self, case):
        with transaction():
            told("C001-01", "information", date(2024, 6, 20), "nl-ap", public="Later that day.")
        number = self.correction(2, date(2024, 6, 20), public="Receipt, right.")
        found = cases.get_case("C001")
        assert [it.number for it in publication.records_of(found).counting] == [1, number, 4, 3]
        content = publication.content_of(found, filings=["C001-01"], updates=[1, 4, number])
        assert [it["number"] for it in content["updates"]] == [1, number, 4]


class TestWhatAProposalHolds:
    def test_is_the_list_of_public_fields_and_nothing_else(self, case):
        content = publication.default_content(case)
        assert set(content["case"]) == PUBLIC_FIELDS["case"]
        assert all(set(it) == PUBLIC_FIELDS["filing"] for it in content["filings"])
        assert all(set(it) == PUBLIC_FIELDS["update"] for it in content["updates"])

    def test_with_another_field_is_refused(self, case):
        content = publication.default_content(case)
        content["filings"][0]["note"] = "For the file."
        with pytest.raises(ValueError, match="note"), transaction():
            publication.propose(case, content, note="", by=SHELL)

    def test_leaves_out_numbers_of_authorities_unless_chosen(self, case):
        content = publication.default_content(case)
        assert {it["reference"] for it in content["filings"]} == {None}
        assert entry_of(content, 2)["reference"] is None
        chosen = publication.content_of(case, filings=["C001-01"], references=["C001-01"], updates=[2])
        assert chosen["filings"][0]["reference"] == "z2024-1"
        assert entry_of(chosen, 2)["reference"] == "z2024-1"

    def test_gives_words_for_the_public_and_never_those_for_the_file(self, case):
        assert entry_of(publication.default_content(case), 2)["words"] == "Receipt."
        everything = publication.content_of(case, filings=["C001-01"], updates=[1, 2, 3])
        assert entry_of(everything, 3)["words"] == ""
        assert "For the file" not in str(everything)

    def test_leaves_out_what_has_no_words_for_the_public(self, case):
        assert [it["number"] for it in publication.default_content(case)["updates"]] == [1, 2]

    def test_does_not_let_an_uncleared_update_show_through_the_stage(self, case):
        assert case.filings[0].stage == "forwarded"
        filing = publication.default_content(case)["filings"][0]
        assert (filing["stage"], filing["since"]["on"]) == ("acknowledged", "2024-06-20")
        assert filing["entered_by_authority"] == "nl-ap"

    def test_says_to_the_clearer_where_the_file_is_further(self, case):
        (lagging,) = publication.lagging(case, publication.default_content(case))
        assert lagging.startswith("C001-01 stands at “With the lead authority”")

    def test_names_the_lead_with_its_reason(self, case):
        filing = publication.default_content(case)["filings"][0]
        assert filing["lead"] == "ie-dpc" and "Art 56(1)" in filing["lead_sentence"]

    @pytest.mark.parametrize(
        ("typed", "public"), [("us", "noyb"), ("We", "noyb"), ("NOYB", "noyb"), ("Uwe", "Uwe")]
    )
    def test_names_the_organisation_where_staff_wrote_us(self, case, typed, public):
        with transaction():
            told("C001-02", "information", date(2024, 7, 1), typed, public="News.")
        content = publication.default_content(cases.get_case("C001"))
        assert content["updates"][-1]["actor"] == {"words": public, "slug": None}

    def test_leaves_out_an_update_of_filings_that_are_not_chosen(self, case):
        content = publication.content_of(case, filings=["C001-02"], updates=[1, 2])
        assert [it["number"] for it in content["updates"]] == [1]
        assert content["updates"][0]["filings"] == ["C001-02"]

    def test_leaves_out_an_update_that_was_corrected(self, case):
        with transaction():
            filing = filings.get_filing("C001-02")
            new = NewUpdate(
                step="information",
                day=Day(date(2024, 7, 1), Precision.DAY),
                actor="at-dsb",
                words="x",
                public_words="The wrong day.",
            )
            wrong = updates.record_update([filing], new, seen={}, by=SHELL).number
            updates.record_update([filing], new, seen={}, by=SHELL, corrects=wrong)
        content = publication.default_content(cases.get_case("C001"))
        assert wrong not in [it["number"] for it in content["updates"]]
        assert wrong + 1 in [it["number"] for it in content["updates"]]

    def test_takes_web_addresses_for_sources_and_no_other_note(self, case):
        with transaction():
            rows = db.session.scalars(sa.select(Update).order_by(Update.number)).all()
            rows[0].source, rows[1].source = "https://example.org/a", "telephone call with Ann"
        content = publication.default_content(cases.get_case("C001"))
        assert content["case"]["sources"] == ["https://example.org/a"]
        assert entry_of(content, 2)["source"] is None

    def test_refuses_a_filing_or_an_update_of_another_case(self, case):
        with pytest.raises(RuleBroken, match="C002-01"):
            publication.content_of(case, filings=["C002-01"])
        with pytest.raises(RuleBroken, match="99"):
            publication.content_of(case, filings=["C001-01"], updates=[99])

    def test_needs_as_many_statements_for_many_filings_as_for_few(self, case, statements):
        publication.default_content(cases.get_case("C001"))
        few = len(statements)
        with transaction():
            lodged(cases.get_case("C001"), "fr-cnil", "be-apd-gba", "es-aepd", "it-garante", "pl-uodo")
            told("C001-02", "acknowledged", date(2024, 7, 1), "at-dsb", public="Receipt too.")
        statements.clear()
        publication.default_content(cases.get_case("C001"))
        assert len(statements) == few


class TestTheVerifiedPartOfAnImportedCase:
    @pytest.fixture
    def content(self, case):
        with transaction():
            rows = db.session.scalars(sa.select(Filing).where(Filing.case_id == case.id)).all()
            for it in rows:
                it.verified = it.number != "C001-02"
            protocol = db.session.scalars(sa.select(Update).where(Update.case_id == case.id)).all()
            for it in protocol:
                it.verified = it.number != 2
            found = cases.get_case("C001")
            found.legal_verified = False
            found.outcome_said = {"summary": "Nobody checked this."}
            found.controllers[0].controller.verified = False
            db.session.add(Reference(filing_id=found.filings[0].id, position=9, owner="imi", value="44443"))
        return publication.default_content(cases.get_case("C001"), only_verified=True)

    def test_has_the_verified_filings_and_updates(self, content):
        assert [it["number"] for it in content["filings"]] == ["C001-01", "C001-03"]
        assert [it["number"] for it in content["updates"]] == [1, 3]

    def test_has_no_claim_outcome_or_name_that_nobody_checked(self, content):
        case = content["case"]
        assert (case["claims"], case["outcome_text"], case["controllers"]) == ([], "", [])

    def test_names_no_lead_that_rests_on_a_controller_nobody_checked(self, content):
        assert {(it["lead"], it["lead_sentence"]) for it in content["filings"]} == {(None, "")}

    def test_bears_the_number_at_the_authority_and_no_other(self, content):
        assert content["filings"][0]["reference"] == "z2024-1"

    def test_has_the_words_of_the_source(self, content):
        assert entry_of(content, 3)["words"] == "For the file only: forwarded."


class TestTheComparison:
    def test_shows_everything_as_new_where_nothing_is_public(self, case):
        told_apart = publication.differences(None, publication.default_content(case))
        assert all(it.before == "" for it in told_apart)
        assert {"Title", "Filing C001-02", "Entry 2"} <= {it.what for it in told_apart}

    def test_names_what_comes_what_goes_and_what_changes(self, case):
        old = publication.content_of(case, filings=["C001-01", "C001-02"], updates=[1])
        new = publication.content_of(case, filings=["C001-01", "C001-03"], updates=[1, 2])
        found = {it.what: it for it in publication.differences(old, new)}
        filings = {"C001-01", "C001-02", "C001-03"}
        about = {f"Filing {it}" for it in filings} | {f"Deadlines of {it}" for it in filings - {"C001-01"}}
        assert set(found) == about | {"Entry 1", "Entry 2"}
        assert found["Filing C001-02"].after == "" and found["Filing C001-03"].before == ""
        assert "Lodged," in found["Filing C001-01"].before
        assert "Receipt confirmed," in found["Filing C001-01"].after

    def test_says_how_a_filing_ended_in_the_words_of_the_public_page(self, case):
        content = publication.content_of(case, filings=["C001-01", "C001-02"], updates=[1])
        content["filings"][1]["outcome"] = "not_known"
        shown = {it.what: it.after.splitlines() for it in publication.compare(None, content)}
        assert "Outcome: no result yet" in shown["Filing C001-01"]
        assert "Outcome: result not known" in shown["Filing C001-02"]

    def test_has_a_row_for_what_stays_too(self, case):
        content = publication.default_content(case)
        rows = publication.compare(content, content)
        assert rows and not any(it.changed for it in rows)


class TestCasesOfTheDemo:
    @pytest.fixture
    def imported(self, app) -> None:
        with transaction():
            demonstration.import_cases(by=SHELL)

    @staticmethod
    def of(number: str, *filings: str) -> dict[str, Any]:
        return publication.content_of(cases.get_case(number), filings=filings, updates=[])

    def test_name_no_controller_of_filings_that_stay_inside(self, imported):
        content = self.of("C082", "C082-01")
        assert content["case"]["controllers"] == content["filings"][0]["controllers"]
        assert len(content["case"]["controllers"]) < len(cases.get_case("C082").controllers)

    @pytest.mark.parametrize(
        ("number", "outcome"),
        [
            pytest.param("C083-14", "not_known", id="a reprimand that no step tells"),
            pytest.param("C083-06", "not_known", id="unknown to the source"),
            pytest.param("C081-07", "pending", id="passed on"),
            pytest.param("C081-01", "pending", id="of which the source says nothing"),
        ],
    )
    def test_are_pending_only_where_nothing_says_otherwise(self, imported, number, outcome):
        case, _, _ = number.partition("-")
        (filing,) = self.of(case, number)["filings"]
        assert filing["outcome"] == outcome

    def test_are_pending_where_somebody_at_the_desk_says_so(self, imported):
        with transaction():
            update = told("C083-06", "acknowledged", date(2024, 1, 9), "fr-cnil", public="It is here.")
            number = update.number
        content = publication.content_of(cases.get_case("C083"), filings=["C083-06"], updates=[number])
        assert content["filings"][0]["outcome"] == "pending"

    @pytest.mark.parametrize(
        ("number", "country"),
        [
            pytest.param("C083-09", "", id="the source knows who dealt with it"),
            pytest.param("C083-06", "", id="the country is that of the controller"),
            pytest.param("C081-04", "DE", id="the source knows the country"),
            pytest.param("C083-13", "AT", id="the authority is known"),
        ],
    )
    def test_say_a_country_only_where_it_is_that_of_lodging(self, imported, number, country):
        case, _, _ = number.partition("-")
        (filing,) = self.of(case, number)["filings"]
        assert filing["country"] == country
