"""A case changed at the desk: by people who may, one at a time, with nothing lost that was typed."""

import re
from collections.abc import Callable

import pytest

from tests.reader import Reader
from tracker.db import transaction
from tracker.models import Case
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services import cases

Desk = Callable[[str], Reader]
AMEND = "/desk/cases/C001/amend"
CONTROLLERS = "/desk/cases/C001/controllers"
#: The first establishment of the first controller on the page.
DUBLIN = "respondents-0-establishments-0-"


class TestChangingACase:
    def test_changes_nothing_when_the_form_is_sent_as_it_stands(self, case: Case, desk: Desk):
        reader = desk("advocate")

        def told() -> tuple[object, ...]:
            it = cases.get_case("C001")
            claims = [(each.provision, each.conduct, each.measure) for each in it.claims]
            people = [(each.pseudonym, each.residence) for each in it.complainants]
            return it.title, it.summary, it.facts, it.requested, claims, people, it.project

        with transaction():
            cases.get_case("C001").complainants[0].residence = "TR"  # from a file: the form does not offer it
        before = told()
        reader.post(AMEND, {**reader.fields(AMEND), "do": "save"})
        assert told() == before
        assert "Saved." in reader.get("/desk/cases/C001").text

    def test_adds_a_claim_and_a_complainant(self, case: Case, desk: Desk):
        reader = desk("advocate")
        new = {
            "claims-1-provision": "Art. 9 Abs. 1 DSGVO",
            "complainants-2-pseudonym": "C",
            "complainants-2-residence": "DE-BY",
            "requested": "a fine\r\n\r\n a stop \r\n",
        }
        reader.post(AMEND, {**reader.fields(AMEND), **new, "do": "save"})
        found = cases.get_case("C001")
        assert [it.provision for it in found.claims] == ["6(1)(f)", "9(1)"]
        assert [(it.pseudonym, it.residence) for it in found.complainants][2] == ("C", "DE-BY")
        assert found.requested == ["a fine", "a stop"]

    def test_says_in_which_language_it_is_written(self, case: Case, desk: Desk):
        reader = desk("advocate")
        assert '<option selected value="">English</option>' in reader.get(AMEND).text
        reader.post(AMEND, {**reader.fields(AMEND), "language": "it", "do": "save"})
        assert cases.get_case("C001").language == "it"
        assert "Written in Italian." in reader.get("/desk/cases/C001").text

    def test_leaves_a_language_from_a_file_that_the_form_does_not_offer(self, case: Case, desk: Desk):
        with transaction():
            cases.get_case("C001").language = "tr"
        reader = desk("advocate")
        reader.post(AMEND, {**reader.fields(AMEND), "title": "Another", "do": "save"})
        found = cases.get_case("C001")
        assert (found.title, found.language) == ("Another", "tr")

    def test_shows_both_texts_when_somebody_else_saved(self, case: Case, desk: Desk):
        reader = desk("advocate")
        sent = {**reader.fields(AMEND), "do": "save"}
        reader.post(AMEND, {**sent, "title": "Theirs", "claims-1-provision": "13"})
        page = reader.post(AMEND, {**sent, "title": "Mine", "claims-1-provision": "14"}, status=409)
        assert all(it in page.text for it in ("Mine", "Theirs", "6(1)(f); 13", "6(1)(f); 14"))
        again = {**sent, "title": "Mine", "claims-1-provision": "14"}
        reader.post(AMEND, {**again, "seen": cases.get_case("C001").version})
        assert cases.get_case("C001").title == "Mine"
        assert [it.provision for it in cases.get_case("C001").claims] == ["6(1)(f)", "13", "14"]

    def test_shows_both_languages_when_somebody_else_chose_another(self, case: Case, desk: Desk):
        reader = desk("advocate")
        sent = {**reader.fields(AMEND), "do": "save"}
        reader.post(AMEND, {**sent, "language": "de"})
        page = reader.post(AMEND, {**sent, "language": "it"}, status=409).text
        (row,) = [it for it in re.findall(r"(?s)<tr.*?</tr>", page) if "Written in" in it]
        assert "German" in row and "Italian" in row

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"facts": "2025-01-01"}, "C001-01 was lodged before that"),
            ({"title": "\u200b"}, "Give the case a title."),
            ({"claims-0-provision": ""}, "Name the provision, or take the claim out."),
            ({"claims-1-conduct": "trains"}, "Name the provision, or take the claim out."),
            ({"claims-1-provision": "Art. 120"}, "120"),
            ({"complainants-0-pseudonym": ""}, "Give the person a pseudonym."),
            ({"complainants-0-residence": "Narnia"}, "Choose one of the list."),
            ({"complainants-2-pseudonym": "a"}, "stands here twice"),
            ({"complainants-2-residence": "FR"}, "Give the person a pseudonym."),
            ({"seen": "x"}, "Not saved yet"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, case: Case, desk: Desk, typed, words):
        reader = desk("advocate")
        sent = {**reader.fields(AMEND), "summary": "A new summary.", **typed, "do": "save"}
        page = reader.post(AMEND, sent, status=422).text
        assert words in page and "A new summary." in page
        assert cases.get_case("C001").summary == ""

    def test_adds_empty_rows_without_a_script(self, case: Case, desk: Desk):
        reader = desk("advocate")
        for what in ("claims", "complainants"):
            sent = {**reader.fields(AMEND), f"{what}-0-out": "y", "do": f"more-{what}"}
            page = reader.post(AMEND, sent, status=200).text
            assert page.count(f"Another {what[:-1]}</legend>") == 2 and "Not saved yet" not in page

    def test_is_not_for_readers_and_editors(self, case: Case, desk: Desk):
        for role in ("reader", "editor", "admin"):
            desk(role).get(AMEND, 404)
            desk(role).get(CONTROLLERS, 404)


class TestCorrectingTheControllers:
    def test_changes_nothing_when_the_form_is_sent_as_it_stands(self, case: Case, desk: Desk):
        reader = desk("advocate")
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), "do": "save"})
        assert "Saved." in reader.get("/desk/cases/C001").text
        [it] = cases.get_case("C001").controllers
        assert Processing.from_json(it.processing).decides == {"IE": Answer.YES} and it.affected == ["EEA"]
        assert [each.place for each in it.controller.establishments] == ["IE"]

    def test_routes_the_filings_again_and_says_so(self, case: Case, desk: Desk):
        reader = desk("lawyer")
        typed = {f"{DUBLIN}mistake": "y", "respondents-0-presence": "none", "do": "save"}
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), **typed})
        page = reader.get("/desk/cases/C001").text
        assert "3 routes were worked out anew; the answer is another in 3." in page
        assert "No one-stop shop" in page or "no establishment in the EEA" in page

    def test_adds_an_establishment_and_a_controller(self, case: Case, desk: Desk):
        reader = desk("advocate")
        sent = reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), "do": "more-added"}, status=200)
        assert "Controller 1" in sent.text
        typed = {
            "respondents-0-establishments-1-place": "Netherlands",
            "respondents-0-establishments-1-until": "2025-01-01",
            "added-0-name": "Société Exemple",
            "added-0-country": "FR",
            "added-0-presence": "unknown",
            "do": "save",
        }
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), **typed})
        first, second = cases.get_case("C001").controllers
        assert [it.place for it in first.controller.establishments] == ["IE", "NL"]
        assert second.controller.name == "Société Exemple"
        page = reader.get("/desk/cases/C001").text
        assert "Netherlands: decides not known, head office not known, until 1 January 2025" in page

    def test_adds_a_row_to_the_controller_that_was_meant(self, case: Case, desk: Desk):
        reader = desk("advocate")
        for what, rows in (("0", 2), ("7", 1), ("x", 1), ("9" * 5000, 1)):
            sent = {**reader.fields(CONTROLLERS), "do": f"more-{what}"}
            page = reader.post(CONTROLLERS, sent, status=200).text
            assert page.count("Another establishment in the EEA") == rows

    def test_shows_both_when_somebody_else_saved(self, case: Case, desk: Desk):
        reader = desk("advocate")
        sent = {**reader.fields(CONTROLLERS), "do": "save"}
        reader.post(CONTROLLERS, {**sent, "respondents-0-affected": "FR"})
        page = reader.post(CONTROLLERS, {**sent, "respondents-0-affected": "Austria, IE"}, status=409).text
        assert "Saved by somebody else" in page and "France" in page and "Austria, Ireland" in page
        assert cases.get_case("C001").controllers[0].affected == ["FR"]

    def test_never_takes_a_new_establishment_for_one_that_somebody_else_added(self, case: Case, desk: Desk):
        reader = desk("advocate")
        row = "respondents-0-establishments-1-"
        sent = {**reader.fields(CONTROLLERS), "do": "save"}
        reader.post(CONTROLLERS, {**sent, f"{row}place": "NL"})
        again = {**sent, f"{row}place": "FR", "seen": reader.fields(CONTROLLERS)["seen"]}
        reader.post(CONTROLLERS, again)
        [it] = cases.get_case("C001").controllers
        assert [each.place for each in it.controller.establishments] == ["FR", "IE", "NL"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"respondents-0-affected": "Atlantis"}, "Atlantis"),
            ({f"{DUBLIN}since": "2024-11-31"}, "does not exist"),
            ({f"{DUBLIN}since": "2999-01-01"}, "outside 1990 to 2100"),
            ({f"{DUBLIN}since": "2099-01-01"}, "has not come yet"),
            ({f"{DUBLIN}since": "2020-01-01", f"{DUBLIN}until": "2019-01-01"}, "the last day, lies before"),
            ({f"{DUBLIN}decides": "perhaps"}, "Choose one of the list."),
            ({"respondents-0-establishments-1-place": "United States"}, "not in the EEA"),
            ({"respondents-0-establishments-1-central": "yes"}, "Name the country"),
            ({"respondents-0-establishments-1-until": "2020-01-01"}, "Name the country"),
            ({"respondents-0-establishments-1-place": "EEA"}, "Name one country of the EEA"),
            ({"respondents-0-out": "y"}, "cannot be taken out"),
            ({"respondents-0-controller": "17"}, "not in this case any more"),
            ({"added-0-affected": "FR"}, "Name the controller of whom this is said."),
            ({"added-0-name": "Example Platforms Ireland Limited"}, "is named twice"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, case: Case, desk: Desk, typed, words):
        reader = desk("advocate")
        # The page says of an added row what it has to: a presence and empty establishments.
        sent = {**reader.fields(CONTROLLERS), f"{DUBLIN}central": "no", "added-0-presence": "unknown"}
        page = reader.post(CONTROLLERS, {**sent, **typed, "do": "save"}, status=422).text
        assert words in page
        [it] = cases.get_case("C001").controllers
        assert it.controller.establishments[0].central is Answer.YES, "nothing is half-written"


class TestACaseAgainstAKnownController:
    def typed(self, **values: object) -> dict[str, object]:
        return {
            "title": "Another",
            "ngo": "noyb",
            "controllers-0-name": "example platforms IRELAND limited",
            "controllers-0-presence": "unknown",
            "claims-0-provision": "12",
            "do": "open",
            **values,
        }

    def test_teaches_the_register_what_it_did_not_know(self, case: Case, desk: Desk):
        typed = {
            "controllers-0-establishments-0-place": "NL",
            "controllers-0-establishments-0-decides": "no",
            "controllers-0-establishments-1-place": "IE",
            "controllers-0-establishments-1-since": "2011-01-01",
        }
        reader = desk("advocate")
        page = reader.post("/desk/cases/new", self.typed(**typed), status=422).text
        assert "C001: 3 routes are worked out anew; the answer is another in" in page
        sure = page.split('name="sure" value="')[1].split('"')[0]
        reader.post("/desk/cases/new", self.typed(**typed, sure=sure))
        [it] = cases.get_case("C002").controllers
        assert {each.place: each.since and each.since.year for each in it.controller.establishments} == {
            "IE": 2011,
            "NL": None,
        }
        assert Processing.from_json(it.processing).decides == {"NL": Answer.NO}
        assert it.controller_id == cases.get_case("C001").controllers[0].controller_id

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"controllers-0-presence": "none"}, "The register has establishments of Example Platforms"),
            (
                {
                    "controllers-0-establishments-0-place": "IE",
                    "controllers-0-establishments-0-central": "no",
                },
                "in Ireland that it is the head office",
            ),
        ],
    )
    def test_is_not_opened_where_the_register_says_otherwise(self, case: Case, desk: Desk, typed, words):
        page = desk("advocate").post("/desk/cases/new", self.typed(**typed), status=422).text
        assert words in page and "it can be corrected once the case is open" in page.replace(
            "they can", "it can"
        )
