"""Decisions at the desk: one form with a preview; completed, corrected, compared, taken away as a file."""

import csv
import io
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from tests.builders import ANN, lodged
from tests.reader import Reader
from tests.services.deciding import without_records
from tests.services.recording import news
from tracker.db import transaction
from tracker.rules.vocabulary import Finding, Outcome
from tracker.services import cases, decisions, evidence, updates

Desk = Callable[[str], Reader]
NEW = "/desk/cases/C001/decisions/new"


def happened(step: str, day: str = "2024-06-20", *, number: str = "C001-01", **values: Any) -> int:
    """Record an update on a filing of C001."""
    with transaction():
        filing = next(it for it in cases.get_case("C001").filings if it.number == number)
        return updates.record_update([filing], news(step, day, **values), seen={}, by=ANN).number


def drafted(number: str = "C001-01") -> None:
    """Lead a filing of C001 to a draft decision."""
    happened("admissible", number=number)
    happened("investigation", "2024-07-01", number=number, actor="ie-dpc")
    happened("draft_decision", "2024-08-01", number=number, actor="ie-dpc")


def stands(number: str = "C001-01") -> tuple[str, Outcome]:
    """Return stage and outcome of a filing of C001."""
    it = next(it for it in cases.get_case("C001").filings if it.number == number)
    return it.stage, it.outcome


def typed(reader: Reader, address: str = NEW, **values: Any) -> dict[str, Any]:
    """Return the form as it opens, with a final decision that upholds the first filing typed into it."""
    return {
        **reader.fields(address),
        "type": "final",
        "decided_by": "DPC · Ireland",
        "decided": "2024-09-02",
        "summary": "It infringed Art 6(1).",
        "results-0-result": "upheld",
        "do": "preview",
        **values,
    }


def preview(reader: Reader, address: str = NEW, **values: Any) -> tuple[str, dict[str, Any]]:
    """Return the page that shows what would be recorded, and the form on it, ready to record."""
    page = reader.post(address, typed(reader, address, **values), status=200).text
    return page, {**reader.filled(page), "do": "record"}


def recorded(reader: Reader, address: str = NEW, **values: Any) -> int:
    """Record a decision as a person does and return its number."""
    _, form = preview(reader, address, **values)
    return int(reader.post(address, form).location.rsplit("/", 1)[1])


class TestRecordingADecision:
    def test_shows_first_what_it_would_do_and_stores_nothing(self, case, desk: Desk):
        drafted()
        page, form = preview(desk("advocate"))
        shown = page.split('id="plan"')[1].split("</section>")[0]
        for words in (
            "Final decision: complaint upheld",
            "Complaint upheld",
            "won",
            "One entry of the protocol",
        ):
            assert words in shown
        assert form["mark"] and stands()[0] == "draft_decision" and decisions.find()[1] == 1

    def test_makes_entry_decision_and_findings_in_one_act(self, case, desk: Desk):
        drafted()
        reader = desk("lawyer")
        key = recorded(
            reader,
            **{
                "findings-0-finding": "upheld",
                "findings-0-words": "No basis.",
                "fines-0-amount": "1,200,000",
                "fines-0-currency": "eur",
                "measures-0-letter": "d",
                "measures-0-words": "Comply.",
                "measures-0-comply_by": "2024-12-02",
                "reference": "IN-1",
                "received": "2024-09-05",
            },
        )
        assert stands() == ("final_upheld", Outcome.WON)
        page = reader.get(f"/desk/decisions/{key}").text
        for words in (
            "Final decision IN-1",
            "EUR 1,200,000",
            "Art 58(2)(d)",
            "2 December 2024",
            "No basis.",
            "It infringed Art 6(1).",
        ):
            assert words in page
        for address in ("/desk/cases/C001", "/desk/filings/C001-01"):
            assert f'href="/desk/decisions/{key}"' in reader.get(address).text

    def test_keeps_its_files_with_the_first_entry(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        _, form = preview(reader, files=(BytesIO(b"%PDF-1.7 a decision"), "decision.pdf"))
        reader.post(NEW, form)
        (kept,) = evidence.exhibits(case.id)
        assert kept.original_name == "decision.pdf" and kept.update_id is not None

    def test_with_different_ends_makes_an_entry_for_each(self, case, desk: Desk):
        drafted()
        drafted("C001-03")
        reader = desk("advocate")
        values = {"results-2-result": "rejected"}
        page, form = preview(reader, **values)
        assert "2 entries of the protocol" in page
        reader.post(NEW, form)
        assert (stands()[1], stands("C001-03")[1]) == (Outcome.WON, Outcome.LOST)

    def test_out_of_order_asks_for_a_note_and_takes_it(self, case, desk: Desk):
        reader = desk("advocate")
        page, form = preview(reader)
        assert "is not possible while the filing stands at “Lodged”" in page
        page = reader.post(NEW, form, status=422).text
        assert "say why it is recorded" in page.split('id="irregular-error"')[1].split("</p>")[0]
        reader.post(NEW, {**reader.filled(page), "irregular": "Nothing came before it.", "do": "record"})
        assert stands()[0] == "final_upheld"

    def test_offers_the_steps_that_are_possible(self, case, desk: Desk):
        values = {"type": "national", "decided_by": "DSB · Austria", "results-0-result": "rejected"}
        page, form = preview(desk("advocate"), **values)
        offered = page.split('id="plan-C001-01"')[1].split("</select>")[0]
        assert 'value="inadmissible" selected' in offered and 'value="national_decision"' in offered

    def test_shows_the_plan_once_more_where_it_is_another_than_the_one_that_was_shown(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        _, form = preview(reader)
        form["results-0-result"] = "partly"
        page = reader.post(NEW, form, status=200).text
        assert "Final decisions: upheld in part" in page and stands()[0] == "draft_decision"

    def test_after_somebody_else_shows_what_they_wrote_and_keeps_what_was_typed(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        _, form = preview(reader)
        happened("information", "2024-08-20")
        page = reader.post(NEW, form, status=409).text
        assert "Somebody else recorded something on C001-01" in page and "It infringed Art 6(1)." in page
        reader.post(NEW, {**reader.filled(page), "do": "record"})
        assert stands()[0] == "final_upheld"

    @pytest.mark.parametrize(
        ("values", "field", "words"),
        [
            ({"ecli": "x"}, "ecli", "is no ECLI"),
            ({"fines-0-amount": "5"}, "fines-0-currency", "Say in which currency it is."),
            ({"fines-0-amount": "1.200", "fines-0-currency": "EUR"}, "fines-0-amount", "two ways"),
            ({"received": "2024-09-01"}, "received", "before it was decided"),
            ({"decided": "2099"}, "decided", "has not come yet"),
            ({"type": ""}, "type", "Say what kind of decision it is."),
            ({"decided_by": "Somebody"}, "decided_by", "is that of an authority"),
            ({"summary": ""}, "summary", "Say in a sentence what it holds."),
            ({"provisions": "6(1)(z)"}, "provisions", "6(1)"),
            ({"measures-0-words": "Comply."}, "measures-0-letter", "Choose which power"),
            (
                {"measures-0-letter": "d", "measures-0-comply_by": "2024-09-01"},
                "measures-0-comply_by",
                "lies before",
            ),
            ({"differing-0-filing": "C001-01"}, "differing-0-claim", "Choose the claim"),
        ],
    )
    def test_says_what_is_wrong_beside_its_field(self, case, desk: Desk, values, field, words):
        drafted()
        reader = desk("advocate")
        page = reader.post(NEW, typed(reader, **values), status=422).text
        assert words in page.split(f'id="{field}-error"')[1].split("</p>")[0]
        assert "What would be recorded" not in page

    def test_a_second_final_one_needs_a_note(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        recorded(reader)
        page = reader.post(NEW, typed(reader, decided="2024-10-01"), status=422).text
        assert "was decided already" in page.split('id="note-error"')[1].split("</p>")[0]

    def test_is_not_for_readers_and_editors(self, case, desk: Desk):
        for role in ("reader", "editor"):
            reader = desk(role)
            reader.get(NEW, 404)
            assert NEW not in reader.get("/desk/cases/C001").text
            reader.get("/desk/decisions")

    def test_adds_rows_without_a_script_and_without_complaint(self, case, desk: Desk):
        reader = desk("advocate")
        page = reader.post(NEW, typed(reader, do="more-fines"), status=200).text
        assert 'name="fines-2-amount"' in page and "Not saved yet" not in page


class TestAnEntryOfTheProtocol:
    def test_that_tells_of_a_decision_leads_to_its_record(self, case, desk: Desk):
        happened("inadmissible")
        page = desk("advocate").get("/desk/decisions/1").text
        assert (
            "Nobody has said yet what this decision says." in page and "Say what this decision says" in page
        )

    def test_is_completed_without_a_new_entry(self, case, desk: Desk):
        number = happened("inadmissible")
        reader = desk("advocate")
        form = reader.fields("/desk/decisions/1/correct")
        assert (form["type"], form["results-0-result"], form["decided"]) == (
            "national",
            "rejected",
            "2024-06-20",
        )
        said = {**form, "summary": "No mandate.", "findings-0-finding": "not_examined", "do": "preview"}
        page = reader.post("/desk/decisions/1/correct", said, status=200).text
        assert "No entry of the protocol will be made" in page and f"entry {number}" in page
        answer = reader.post("/desk/decisions/1/correct", {**reader.filled(page), "do": "record"})
        assert answer.location.endswith("/desk/decisions/2") and stands()[0] == "inadmissible"
        read = decisions.get_decision(2)
        assert [it.finding for it in read.it.findings] == [Finding.NOT_EXAMINED]
        assert [it.number for it in read.entries] == [number]

    def test_without_a_record_offers_to_say_what_it_says(self, case, desk: Desk):
        number = happened("formal_notice", actor="ie-dpc")
        reader = desk("advocate")
        address = f"{NEW}?entry={number}"
        assert f'href="{address}"' in reader.get("/desk/cases/C001").text
        form = {**reader.fields(address), "type": "national", "results-0-result": "upheld", "do": "preview"}
        page = reader.post(address, form, status=200).text
        reader.post(address, {**reader.filled(page), "do": "record"})
        assert stands()[0] == "lodged" and decisions.get_decision(1).in_force

    def test_from_before_there_were_records_is_on_every_page_and_leads_to_saying_it(self, case, desk: Desk):
        number = happened("inadmissible")
        without_records()
        reader = desk("lawyer")
        for address in (
            "/desk/decisions",
            "/desk/docket",
            "/desk/filings/C001-01/silence",
            "/desk/filings/C001-01/chronology",
        ):
            reader.get(address)
        address = f"{NEW}?entry={number}"
        for page in ("/desk/cases/C001", "/desk/filings/C001-01"):
            assert f'href="{address}"' in reader.get(page).text
        form = reader.fields(address)
        assert (form["type"], form["results-0-result"]) == ("national", "rejected")
        page = reader.post(address, {**form, "do": "preview"}, status=200).text
        reader.post(address, {**reader.filled(page), "do": "record"})
        assert [it.number for it in decisions.get_decision(1).entries] == [number]


class TestACorrection:
    def test_starts_from_what_was_said_and_leaves_the_old_one_readable(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        first = recorded(reader, reference="IN-1", **{"fines-0-amount": "5", "fines-0-currency": "EUR"})
        address = f"/desk/decisions/{first}/correct"
        form = reader.fields(address)
        assert (form["reference"], form["fines-0-amount"], form["results-0-result"]) == (
            "IN-1",
            "5",
            "upheld",
        )
        page = reader.post(address, {**form, "reference": "IN-2", "do": "preview"}, status=200).text
        second = reader.post(address, {**reader.filled(page), "do": "record"}).location.rsplit("/", 1)[1]
        old = reader.get(f"/desk/decisions/{first}").text
        assert (
            "Another record took the place of this one" in old and f'href="/desk/decisions/{second}"' in old
        )
        assert f"decision {first}" in reader.get(f"/desk/decisions/{second}").text
        assert "Records that were replaced" in reader.get("/desk/cases/C001").text

    def test_of_one_that_was_corrected_leads_to_the_last(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        first = recorded(reader)
        address = f"/desk/decisions/{first}/correct"
        page = reader.post(
            address, {**reader.fields(address), "reference": "IN-2", "do": "preview"}, status=200
        ).text
        reader.post(address, {**reader.filled(page), "do": "record"})
        assert reader.get(address, 303).location.endswith(f"/desk/decisions/{first + 1}/correct")


class TestTheLists:
    def test_narrow_down_and_say_so(self, case, desk: Desk):
        drafted()
        reader = desk("advocate")
        recorded(reader, reference="IN-1")
        page = reader.get("/desk/decisions?text=IN-1&authority=ie-dpc&kind=final").text
        assert "Final decision IN-1" in page and "1 decision" in page
        assert "Final decision IN-1" not in reader.get("/desk/decisions?kind=national").text

    def test_go_out_as_a_file_with_the_fields_of_gdprhub(self, case, desk: Desk):
        drafted()
        reader = desk("reader")
        recorded(desk("advocate"), reference="IN-1")
        answer = reader.get("/desk/decisions.csv?text=IN-1")
        (row,) = csv.DictReader(io.StringIO(answer.text))
        assert (row["Case_Number_Name"], row["Jurisdiction"], row["Outcome"]) == ("IN-1", "Ireland", "Upheld")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="decisions.csv"'
        (it,) = json.loads(reader.get("/desk/decisions.json?text=IN-1").text)["decisions"]
        assert it["case_number_name"] == "IN-1"

    @pytest.mark.parametrize(
        "query", ["page=9999999999999", "year=abc", "kind=x", "text=%00%ff", "text=%25_"]
    )
    def test_are_not_broken_by_an_address_that_nobody_made(self, case, desk: Desk, query):
        for name in ("decisions", "decisions.csv", "decisions.json"):
            desk("reader").get(f"/desk/{name}?{query}")


class TestFindingsClaimByClaim:
    def test_compare_the_filings_and_show_where_they_differ(self, case, desk: Desk):
        drafted()
        drafted("C001-02")
        reader = desk("advocate")
        recorded(
            reader,
            **{
                "results-1-result": "upheld",
                "findings-0-finding": "upheld",
                "differing-0-filing": "C001-02",
                "differing-0-claim": str(case.claims[0].id),
                "differing-0-finding": "rejected",
                "differing-0-words": "Not in France.",
            },
        )
        page = reader.get("/desk/cases/C001/findings?only=differing").text
        assert "Not in France." in page and "differs" in page and "open" in page
        rows = csv.DictReader(io.StringIO(reader.get("/desk/cases/C001/findings.csv").text))
        assert [(it["filing"], it["finding"], it["words"]) for it in rows] == [
            ("C001-01", "upheld", ""),
            ("C001-02", "rejected", "Not in France."),
            ("C001-03", "open", ""),
        ]


class TestManyFilings:
    def test_cost_no_more_statements_than_few(self, case, desk: Desk, statements):
        drafted()
        reader = desk("advocate")
        key = recorded(reader, **{"findings-0-finding": "upheld"})
        addresses = [
            f"/desk/decisions/{key}",
            "/desk/decisions",
            NEW,
            f"/desk/decisions/{key}/correct",
            "/desk/cases/C001/findings",
            "/desk/cases/C001/proceedings/new",
            "/desk/hearings/new?case=C001",
        ]
        few = [self.cost(reader, it, statements) for it in addresses]
        with transaction():
            lodged(cases.get_case("C001"), "es-aepd", "it-garante", "se-imy", "pl-uodo")
        for it in cases.get_case("C001").filings[3:]:
            happened("inadmissible", number=it.number, actor=it.authority_slug)
        assert [self.cost(reader, it, statements) for it in addresses] == few

    @staticmethod
    def cost(reader: Reader, address: str, statements: list[str]) -> int:
        reader.get(address)
        statements.clear()
        reader.get(address)
        return len(statements)
