"""The desk as its people meet it: pages answer, forms say what is wrong, nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.reader import Reader
from tracker import clock
from tracker.db import transaction
from tracker.services import cases

Desk = Callable[[str], Reader]


def typed(**values: object) -> dict[str, object]:
    """Return a filled form for a new case."""
    return {
        "title": "Example: scoring without consent",
        "ngo": "noyb",
        "controllers-0-name": "Example Scoring Ireland Limited",
        "controllers-0-country": "IE",
        "controllers-0-affected": "Ireland, FR, the Netherlands",
        "controllers-0-presence": "unknown",
        "controllers-0-establishments-0-place": "Ireland",
        "controllers-0-establishments-0-since": "2019-01-01",
        "controllers-0-establishments-0-decides": "yes",
        "controllers-0-establishments-0-central": "yes",
        "claims-0-provision": "Art. 6 Abs. 1 lit. f DSGVO",
        "complainants-0-pseudonym": "A",
        "complainants-0-residence": "FR",
        "do": "open",
        **values,
    }


class TestEveryPageOfTheDesk:
    @pytest.mark.parametrize(
        "address",
        [
            "/desk/",
            "/desk/cases",
            "/desk/cases?country=FR&outcome=pending&text=exam",
            "/desk/cases?country=LI",
            "/desk/cases/new",
            "/desk/cases/C001",
            "/desk/cases/C001/amend",
            "/desk/cases/C001/texts",
            "/desk/cases/C001/controllers",
            "/desk/cases/C001/lodge",
            "/desk/cases/C001/where",
            "/desk/cases/C001/publication",
            "/desk/cases/C001/updates/new",
            "/desk/cases/C001/updates/new?filing=C001-01&filing=C001-02",
            "/desk/cases/C001/updates/new?corrects=1",
            "/desk/cases/C001/evidence/new?entry=1",
            "/desk/cases/C001?journal=all",
            "/desk/cases/C001/evidence/new?filing=C001-01",
            "/desk/filings/C001-01",
            "/desk/filings/C001-01/route",
            "/desk/filings/C001-01/chronology",
            "/desk/routes",
            "/desk/cases?lead=changed",
            "/desk/cases/C001/routes",
            "/desk/cases/C001/lead-acts/new?filing=C001-01",
            "/desk/authorities",
            "/desk/authorities?text=data&country=NO",
            "/desk/controllers",
            "/desk/controllers?text=example&country=IE&only=cases&page=1",
            "/desk/controllers/new",
            "/desk/controllers/import",
            "/desk/authorities/ie-dpc",
            "/desk/publications",
            "/desk/filings/C001-01/silence",
            "/desk/filings/C001-01/silence.json",
            "/desk/cases/C001/updates/1/mark",
            "/desk/reminders",
            "/desk/reminders/new",
            "/desk/reminders/new?case=C001&tick=all&silent=30&size=500",
            "/desk/account",
            "/desk/today",
            "/desk/today?whose=everybody",
            "/desk/today/answer",
            "/desk/today/classify",
            "/desk/docket",
            "/desk/docket?person=me&side=own&state=late&page=1",
            "/desk/filings/C001-01/deadlines/G15",
            "/desk/filings/C001-01/deadlines/G15/extend",
            "/desk/filings/C001-01/deadlines/G15/waive",
            "/desk/filings/C001-01/deadlines/begin",
            "/desk/assign?case=C001",
            "/desk/decisions",
            "/desk/decisions?text=x&authority=ie-dpc&kind=final&year=2024&page=1",
            "/desk/decisions.csv?year=2024",
            "/desk/decisions.json",
            "/desk/cases/C001/decisions/new",
            "/desk/cases/C001/decisions/new?filing=C001-01&filing=C001-02",
            "/desk/cases/C001/findings",
            "/desk/cases/C001/findings?only=differing",
            "/desk/cases/C001/findings.csv",
            "/desk/cases/C001/proceedings/new?filing=C001-01",
            "/desk/proceedings",
            "/desk/hearings",
            "/desk/hearings/new?case=C001",
            "/desk/hearings/new?filing=C001-01",
        ],
    )
    def test_answers_an_advocate(self, case, desk: Desk, address: str):
        desk("advocate").get(address)

    def test_answers_the_admin_with_people(self, desk: Desk):
        page = desk("admin").get("/desk/people").text
        assert "advocate@example.org" in page
        desk("admin").get("/desk/people/mail")

    def test_moves_to_the_number_as_it_is_written(self, case, desk: Desk):
        assert desk("reader").get("/desk/cases/c001", 301).location.endswith("/desk/cases/C001")


class TestLoggingACase:
    def test_gives_the_next_number_and_says_what_comes_next(self, case, desk: Desk):
        reader = desk("advocate")
        answer = reader.post("/desk/cases/new", typed())
        assert answer.location == "/desk/cases/C002"
        page = reader.get("/desk/cases/C002").text
        assert "C002 is open. Next: lodge it." in page
        assert "Art 6(1)(f)" in page

    def test_finds_a_controller_of_the_register_again(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post("/desk/cases/new", typed(**{"controllers-0-name": "example platforms IRELAND limited"}))
        assert "Example Platforms Ireland Limited" in reader.get("/desk/cases/C002").text

    def test_says_beside_each_field_what_is_missing(self, desk: Desk):
        page = desk("advocate").post("/desk/cases/new", {"do": "open"}, status=422).text
        for words in (
            "Give the case a title.",
            "Name the organisation.",
            "Name the controller.",
            "at least one",
        ):
            assert words in page

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("facts", "2024-11-31", "does not exist"),
            ("facts", "0001-01-01", "1990"),
            ("claims-0-provision", "Art. 120", "120"),
            ("controllers-0-affected", "France, Atlantis", "Atlantis"),
            ("controllers-0-establishments-0-place", "Narnia", "Narnia"),
            ("number", "81", "81"),
            ("title", "x" * 100_000, "300"),
            ("title", "a\x00b", "U+0000"),
            ("summary", "y" * 100_000, "20"),
        ],
    )
    def test_keeps_what_was_typed_when_one_field_is_wrong(
        self, desk: Desk, field: str, value: str, words: str
    ):
        page = desk("advocate").post("/desk/cases/new", typed(**{field: value}), status=422).text
        assert words in page
        assert "Example Scoring Ireland Limited" in page, "the other fields are still filled"

    def test_keeps_a_draft_exactly_as_typed(self, desk: Desk):
        reader = desk("advocate")
        half = {"title": "Half a case", "claims-0-provision": "not yet a provision", "do": "draft"}
        answer = reader.post("/desk/cases/new", half)
        page = reader.get(answer.location).text
        assert "not yet a provision" in page and "Half a case" in page

    def test_shows_a_draft_to_its_owner_alone(self, desk: Desk):
        address = desk("advocate").post("/desk/cases/new", {"title": "Mine", "do": "draft"}).location
        desk("lawyer").get(address, 404)

    def test_opens_the_case_of_a_draft_and_drops_the_draft(self, desk: Desk):
        reader = desk("advocate")
        address = reader.post("/desk/cases/new", {"title": "Mine", "do": "draft"}).location
        draft = address.rsplit("=", 1)[1]
        reader.post("/desk/cases/new", typed(draft=draft), form=address)
        assert "Your drafts" not in reader.get("/desk/cases/new").text

    def test_adds_rows_without_a_script_and_without_complaint(self, desk: Desk):
        page = desk("advocate").post("/desk/cases/new", typed(do="more-controllers"), status=200).text
        assert "Controller 2" in page and "Not saved yet" not in page


class TestLodging:
    def test_shows_first_what_would_be_made(self, case, desk: Desk):
        data = {"authorities": ["es-aepd", "it-garante"], "lodged_on": "2024-06-06", "do": "preview"}
        page = desk("advocate").post("/desk/cases/C001/lodge", data, status=200).text
        assert "C001-04" in page and "C001-05" in page
        assert "The Irish DPC leads" in page and "Art 56(1)" in page
        assert len(cases.get_case("C001").filings) == 3, "nothing is stored by looking"

    def test_says_on_each_line_what_is_open_where_a_lead_is_presumed(self, case, desk: Desk):
        with transaction():
            cases.get_case("C001").controllers[0].affected = None
        data = {"authorities": ["es-aepd"], "lodged_on": "2024-06-06", "do": "preview"}
        page = desk("advocate").post("/desk/cases/C001/lodge", data, status=200).text
        assert "presumed lead" in page and "main establishment not known" not in page

    def test_says_once_what_is_the_same_for_all_and_who_leads_on_each_line(self, case, desk: Desk):
        data = {"authorities": ["es-aepd", "it-garante"], "lodged_on": "2024-06-06", "do": "preview"}
        page = desk("advocate").post("/desk/cases/C001/lodge", data, status=200).text
        assert page.count("The Irish DPC leads") == 1
        assert page.count('href="#why-1"') == 2 and 'id="why-1"' in page
        assert "Two filings will be made, C001-04 to C001-05, and one entry in the protocol." in page
        assert "Only people at the desk see this" in page and "withdrawn, not deleted" in page
        assert page.count('class="submit"') == 1, "one primary button"

    def test_keeps_what_was_chosen_for_one_authority_while_the_choice_changes(self, case, desk: Desk):
        reader = desk("advocate")
        data = {
            "authorities": ["es-aepd", "it-garante"],
            "lodged_on": "2024-06-06",
            "complainant": "",
            "language": "",
            "complainant-es-aepd": "B",
            "language-it-garante": "it",
            "language-es-aepd": "",
        }
        for do in ("choose", "pick-eea"):
            page = reader.post("/desk/cases/C001/lodge", {**data, "do": do}, status=200).text
            kept = re.findall(
                r'<input type="hidden" name="((?:complainant|language)-[^"]+)" value="([^"]*)"', page
            )
            assert sorted(kept) == [("complainant-es-aepd", "B"), ("language-it-garante", "it")]

    def test_keeps_it_over_a_refusal_and_nothing_that_nobody_could_choose(self, case, desk: Desk):
        data = {
            "authorities": ["es-aepd"],
            "lodged_on": str(clock.today() + timedelta(days=1)),
            "language-es-aepd": "es",
            "language-it-garante": "klingon",
            "complainant-es-aepd": "Z",
            "do": "lodge",
        }
        page = desk("advocate").post("/desk/cases/C001/lodge", data, status=422).text
        assert 'name="language-es-aepd" value="es"' in page
        assert "klingon" not in page and 'value="Z"' not in page

    def test_makes_it_all_in_one_act(self, case, desk: Desk):
        reader = desk("advocate")
        data = {
            "authorities": ["es-aepd", "it-garante"],
            "lodged_on": "2024-06-06",
            "do": "lodge",
            "complainant-es-aepd": "B",
            "language-it-garante": "it",
        }
        reader.post("/desk/cases/C001/lodge", data)
        made = {it.authority_slug: it for it in cases.get_case("C001").filings}
        assert made["es-aepd"].complainant.pseudonym == "B"
        assert made["it-garante"].language == "it"

    def test_names_what_is_there_already_and_makes_nothing(self, case, desk: Desk):
        data = {
            "authorities": ["es-aepd", "at-dsb"],
            "lodged_on": "2024-06-06",
            "do": "lodge",
            "complainant-at-dsb": "",
        }
        page = desk("advocate").post("/desk/cases/C001/lodge", data, status=422).text
        assert "C001-01" in page and "The Austrian DSB" in page
        assert len(cases.get_case("C001").filings) == 3

    @pytest.mark.parametrize("day", ["2024-11-31", "0001-01-01", "2024-06", "", "9999-12-31", "soon"])
    def test_refuses_a_day_that_is_none(self, case, desk: Desk, day: str):
        data = {"authorities": ["es-aepd"], "lodged_on": day, "do": "lodge"}
        desk("advocate").post("/desk/cases/C001/lodge", data, status=422)
        assert len(cases.get_case("C001").filings) == 3

    def test_refuses_tomorrow(self, case, desk: Desk):
        data = {
            "authorities": ["es-aepd"],
            "lodged_on": str(clock.today() + timedelta(days=1)),
            "do": "preview",
        }
        assert "has not come yet" in desk("advocate").post("/desk/cases/C001/lodge", data, status=422).text

    def test_names_an_authority_that_does_not_exist(self, case, desk: Desk):
        data = {"authorities": ["xx-nowhere"], "lodged_on": "2024-06-06", "do": "preview"}
        assert "xx-nowhere" in desk("advocate").post("/desk/cases/C001/lodge", data, status=422).text

    def test_picks_one_authority_per_state_and_leaves_germany_to_the_person(self, case, desk: Desk):
        page = desk("advocate").post("/desk/cases/C001/lodge", {"do": "pick-eea"}, status=200).text
        assert page.count(" checked>") == 29 - 3, "the case already lies with three of them"
        assert "26 are ticked. 3 were left out, where the case already lies." in page
        assert "already C001-01" in page

    def test_picks_the_authorities_of_an_earlier_case(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post("/desk/cases/new", typed())
        page = reader.post("/desk/cases/C002/lodge", {"do": "pick-case", "earlier": "C001"}, status=200).text
        assert page.count(" checked>") == 3 and "3 are ticked." in page

    def test_says_how_many_filings_of_an_earlier_case_name_no_authority(self, case, desk: Desk):
        with transaction():
            cases.get_case("C001").filings[0].authority_slug = None
        reader = desk("advocate")
        reader.post("/desk/cases/new", typed())
        page = reader.post("/desk/cases/C002/lodge", {"do": "pick-case", "earlier": "C001"}, status=200).text
        assert page.count(" checked>") == 2
        assert "1 filing of C001 had to be left out: the authority is not known." in page


class TestAFiling:
    def test_is_shown_without_the_codes_of_the_program(self, case, desk: Desk):
        reader = desk("advocate")
        for address in (f"C001-0{number}{more}" for number in (1, 2, 3) for more in ("", "/route")):
            page = reader.get(f"/desk/filings/{address}").text
            text = re.sub(r"<[^>]*>", " ", page.split("<main")[1])
            for code in (r"\b[a-z]{2}-[a-z]{2,}\b", r"\b[A-Z]+_[A-Z_]+\b", r"\b(?:AT|DE|FR|IE)\b", "None"):
                assert not re.search(code, text), re.search(f".*{code}.*", text)
        assert "Cooperation under one lead authority (Art 60)" in page
        assert "(b) People affected" in page and "(c) Complaint lodged" in page

    def test_says_once_that_it_is_pending(self, case, desk: Desk):
        reader = desk("advocate")
        for address in ("/desk/filings/C001-01", "/desk/cases/C001"):
            head = reader.get(address).text.split('data-part="sentence"')[1].split("</p>")[0]
            assert head.lower().count("pending") <= 1, head


class TestAddressesNobodyMade:
    @pytest.mark.parametrize(
        "address",
        [
            "/desk/cases/C99999999999999999999",
            "/desk/cases/C999",
            "/desk/filings/C001-99999999999999999999",
            "/desk/filings/C001-99",
            "/desk/cases/C001/evidence/99999999999999999999",
            "/desk/cases/C001/evidence/7/file",
            "/desk/authorities/xx-nowhere",
            "/desk/authorities/%00",
            "/desk/cases/new?draft=99999999999999999999",
            "/desk/nothing",
            "/desk/decisions/1",
            "/desk/decisions/99999999999999999999",
            "/desk/decisions/1/correct",
            "/desk/cases/C999/decisions/new",
            "/desk/cases/C001/decisions/new?entry=9",
            "/desk/cases/C001/decisions/new?entry=99999999999999999999",
            "/desk/cases/C999/findings",
            "/desk/proceedings/1",
            "/desk/proceedings/1/amend",
            "/desk/proceedings/1/decisions/new",
            "/desk/hearings/1",
            "/desk/hearings/1/change",
            "/desk/hearings/new?case=C999",
            "/desk/hearings/new?proceeding=99999999999999999999",
        ],
    )
    def test_are_not_found_or_shrugged_off(self, case, desk: Desk, address: str):
        answer = desk("advocate").call("GET", address)
        assert answer.status_code in ({200} if "draft" in address else {404}), answer.text[-400:]

    @pytest.mark.parametrize(
        "query",
        [
            "page=99999999999999999999",
            "year=abc",
            "outcome=x",
            "text=%00%ff",
            "text=%",
            "stage=%ED%A0%80",
            "text=" + "x" * 5000,
        ],
    )
    def test_do_not_break_the_list(self, case, desk: Desk, query: str):
        desk("advocate").get(f"/desk/cases?{query}")
