"""The rarer facts of a controller at the desk: typed, kept, shown, and brought to the route."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.builders import ANN, DAY, a_case
from tests.reader import Reader
from tracker.db import transaction
from tracker.models import Case
from tracker.rules.further_facts import FurtherFacts
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer, Precision
from tracker.services import cases, filings, routing
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController, NewEstablishment
from tracker.services.filings import Wanted

Desk = Callable[[str], Reader]
CONTROLLERS = "/desk/cases/C001/controllers"
FIRST = "respondents-0-"
CLOSED, OPEN = '<details class="disclosure">', '<details class="disclosure" open>'


def said() -> FurtherFacts:
    """Return what the case says of its first controller."""
    return Processing.from_json(cases.get_case("C001").controllers[0].processing).further


class TestTheFurtherFacts:
    def test_are_out_of_the_way_until_one_of_them_is_said(self, case: Case, desk: Desk):
        reader = desk("advocate")
        page = reader.get(CONTROLLERS).text
        assert "Further facts for the route" in page and CLOSED in page and OPEN not in page
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), f"{FIRST}role": "processor", "do": "save"})
        assert OPEN in reader.get(CONTROLLERS).text

    def test_of_a_hospital_go_from_the_form_to_the_route_and_to_the_page(self, case: Case, desk: Desk):
        reader = desk("advocate")
        assert "the Irish DPC leads" in reader.get("/desk/filings/C001-01").text.replace(
            "The Irish", "the Irish"
        )
        typed = {
            f"{FIRST}subject": "public_authority",
            f"{FIRST}public_level": "land",
            f"{FIRST}church_art91": "unknown",
            f"{FIRST}infringement": "ended",
            f"{FIRST}infringement_ended": "2024-06-01",
            f"{FIRST}local_only": "Bavaria",
        }
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), **typed, "do": "save"})
        expected = FurtherFacts(
            subject="public_authority",
            public_level="land",
            church_art91=Answer.UNKNOWN,
            infringement_ended=date(2024, 6, 1),
            local_only="DE-BY",
        )
        assert said() == expected
        for it in cases.get_case("C001").filings:
            [run] = it.routes
            facts, _ = routing.read(run)
            assert (facts.subject, facts.public_level, facts.local_only) == (
                "public_authority",
                "land",
                "DE-BY",
            )
            assert facts.church_art91 is Answer.UNKNOWN and facts.infringement_ended == date(2024, 6, 1)
        assert "Art 55(2)" in reader.get("/desk/filings/C001-01").text
        page = reader.get("/desk/cases/C001").text
        for words in ("a public authority", "of a Land", "Germany, Bayern", "ended on 1 June 2024"):
            assert words in page
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), "do": "save"})
        assert said() == expected, "sent as it stands, it changes nothing"

    def test_of_a_cookie_banner_are_both_issues(self, case: Case, desk: Desk):
        reader = desk("advocate")
        typed = {f"{FIRST}issues": "gdpr eprivacy", "do": "save"}
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), **typed})
        assert said().issues == ("gdpr", "eprivacy")
        assert "the GDPR and cookies, terminal equipment" in reader.get("/desk/cases/C001").text

    def test_may_be_that_nobody_knows_whether_it_ended(self, case: Case, desk: Desk):
        reader = desk("advocate")
        typed = {f"{FIRST}infringement": "unknown", "do": "save"}
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), **typed})
        assert said() == FurtherFacts(infringement_may_have_ended=True)
        assert reader.fields(CONTROLLERS)[f"{FIRST}infringement"] == "unknown"

    def test_of_a_processor_ask_each_of_its_places_for_the_main_processing(self, case: Case, desk: Desk):
        reader, place = desk("advocate"), f"{FIRST}establishments-0-"
        assert "Main processing here" not in reader.get(CONTROLLERS).text
        typed = {f"{FIRST}role": "processor", f"{place}central": "no", "do": "save"}
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), **typed})
        assert "main processing not known" in reader.get("/desk/cases/C001").text
        assert "Main processing here" in reader.get(CONTROLLERS).text
        sent = {**reader.fields(CONTROLLERS), f"{place}main_processing": "yes", "do": "save"}
        reader.post(CONTROLLERS, sent)
        [it] = cases.get_case("C001").controllers[0].controller.establishments
        assert it.main_processing is Answer.YES
        [run] = cases.get_case("C001").filings[0].routes
        assert routing.read(run)[0].establishments[0].main_processing is Answer.YES
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), f"{FIRST}role": "controller", "do": "save"})
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), "do": "save"})
        [it] = cases.get_case("C001").controllers[0].controller.establishments
        assert it.main_processing is Answer.YES, "what is not asked any more is not lost"

    @pytest.mark.parametrize(
        ("typed", "field", "words"),
        [
            ({"subject": "king"}, "subject", "Choose one of the list."),
            ({"issues": "tax"}, "issues", "Choose one of the list."),
            ({"role": ""}, "role", "Choose one of the list."),
            ({"media_art85": "perhaps"}, "media_art85", "Choose one of the list."),
            ({"public_level": "village"}, "public_level", "Choose one of the list."),
            ({"public_level": "land"}, "public_level", "only of a public authority"),
            ({"obligation_of": "Atlantis"}, "obligation_of", "Atlantis"),
            ({"obligation_of": "Austria"}, "obligation_of", "only of a public authority"),
            ({"local_only": "AT, FR"}, "local_only", "Name one state or Land."),
            ({"local_only": "EEA"}, "local_only", "Name one state or Land."),
            ({"local_only": "Switzerland"}, "local_only", "not in the EEA"),
            ({"infringement": "ended"}, "infringement_ended", "Give the last day"),
            ({"infringement_ended": "2024-06-01"}, "infringement_ended", "A last day is given"),
            (
                {"infringement": "ended", "infringement_ended": "2024-02-30"},
                "infringement_ended",
                "does not exist",
            ),
            ({"infringement": "ended", "infringement_ended": "2024-06"}, "infringement_ended", "full day"),
            (
                {"infringement": "ended", "infringement_ended": "2099-01-01"},
                "infringement_ended",
                "not come yet",
            ),
            (
                {"infringement": "ended", "infringement_ended": "2019-01-01"},
                "infringement_ended",
                "before the facts",
            ),
        ],
    )
    def test_that_cannot_be_are_refused_beside_their_field_with_all_that_was_typed(
        self, case: Case, desk: Desk, typed, field, words
    ):
        with transaction():
            found = cases.get_case("C001")
            found.facts_on, found.facts_precision = date(2020, 1, 1), Precision.DAY
        reader = desk("advocate")
        sent = {**reader.fields(CONTROLLERS), f"{FIRST}affected": "France", f"{FIRST}de_telecom": "yes"}
        sent |= {f"{FIRST}{name}": value for name, value in typed.items()}
        page = reader.post(CONTROLLERS, {**sent, "do": "save"}, status=422).text
        told = page.split(f'id="{FIRST}{field}-error"')[1].split("</p>")[0]
        assert words in told and OPEN in page
        kept = reader.filled(page)
        assert kept[f"{FIRST}affected"] == "France" and kept[f"{FIRST}de_telecom"] == "yes"
        for name in ("obligation_of", "local_only", "infringement_ended"):
            assert kept[f"{FIRST}{name}"] == typed.get(name, "")
        assert said() == FurtherFacts(), "nothing is half-written"

    def test_are_shown_in_both_texts_when_somebody_else_saved(self, case: Case, desk: Desk):
        reader = desk("advocate")
        shown = {**reader.fields(CONTROLLERS), "do": "save"}
        theirs = {
            f"{FIRST}role": "joint_controller",
            f"{FIRST}media_art85": "yes",
            f"{FIRST}local_only": "FR",
        }
        reader.post(CONTROLLERS, {**shown, **theirs})
        mine = {f"{FIRST}role": "processor", f"{FIRST}infringement": "unknown"}
        page = reader.post(CONTROLLERS, {**shown, **mine}, status=409).text
        assert "joint controller with others" in page and "not known whether, or when, it ended" in page
        assert "its role <span>changed</span>" in page
        reader.post(CONTROLLERS, {**reader.filled(page), "do": "save"})
        assert said() == FurtherFacts(
            role="processor", media_art85=Answer.YES, local_only="FR", infringement_may_have_ended=True
        )


class TestAComplaintAgainstAHospital:
    def test_goes_from_the_first_note_to_its_authority(self, app, desk: Desk):
        reader = desk("advocate")
        typed = {
            "title": "Records of patients",
            "ngo": "noyb",
            "controllers-0-name": "Klinikum Beispiel",
            "controllers-0-country": "DE",
            "controllers-0-presence": "unknown",
            "controllers-0-establishments-0-place": "Bavaria",
            "claims-0-provision": "15",
            "complainants-0-pseudonym": "A",
            "complainants-0-residence": "AT",
            "complainants-0-workplace": "DE-BY",
        }
        reader.post("/desk/cases/new", {**typed, "do": "open"})
        said = {f"{FIRST}subject": "public_authority", f"{FIRST}public_level": "land", "do": "save"}
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), **said})
        lodge = {"lodged_on": "2024-06-06", "authorities": "de-by-baylfd", "complainant-de-by-baylfd": "A"}
        preview = reader.post("/desk/cases/C001/lodge", {**lodge, "do": "preview"}, status=200).text
        assert "Art 55(2)" in preview and "where the complainant lives or works" not in preview
        reader.post("/desk/cases/C001/lodge", {**lodge, "do": "lodge"})
        [run] = filings.get_filing("C001-01").routes
        facts, route = routing.read(run)
        assert (route.handling, route.human) == ("de-by-baylfd", False)
        assert (facts.complainant_residence, facts.complainant_workplace) == ("AT", "DE-BY")
        assert "BayLfD" in reader.get("/desk/filings/C001-01").text


class TestAProcessorBesideAController:
    @pytest.fixture
    def both(self, app) -> None:
        """A case in Austria against a controller in Dublin and its processor in Paris."""
        irish = NewController("Acme Ltd", "IE", (NewEstablishment("IE", central=Answer.YES),))
        french = NewController("Nuage SAS", "FR", (NewEstablishment("FR", central=Answer.YES),))
        with transaction():
            made = a_case(
                respondents=(
                    Respondent(new=irish, affected=("EEA",), processing=Processing({"IE": Answer.YES})),
                    Respondent(
                        new=french,
                        affected=("EEA",),
                        processing=Processing({"FR": Answer.YES}, further=FurtherFacts(role="processor")),
                    ),
                )
            )
            filings.lodge_complaint(made, [Wanted("at-dsb", "A")], lodged_on=DAY, by=ANN)

    @pytest.mark.parametrize("address", ["/desk/filings/C001-01", "/desk/cases/C001"])
    def test_is_said_not_to_decide_who_leads(self, both, desk: Desk, address: str):
        page = desk("reader").get(address).text.replace("\u00a0", " ")
        assert (
            "Who leads follows from Acme Ltd, not from the processor Nuage SAS: the Irish DPC leads. The "
            "French CNIL, the authority of the processor, is concerned (recital 36)."
        ) in page

    def test_does_not_stand_in_the_list_as_if_its_authority_led_too(self, both, desk: Desk):
        page = desk("reader").get("/desk/cases/C001").text
        cell = page.split('data-label="Lead"')[1].split("</td>")[0]
        assert "DPC" in cell and "CNIL" not in cell

    def test_decides_where_the_complaint_is_against_it_alone(self, case: Case, desk: Desk):
        reader = desk("advocate")
        reader.post(CONTROLLERS, {**reader.fields(CONTROLLERS), f"{FIRST}role": "processor", "do": "save"})
        page = reader.get("/desk/filings/C001-01").text
        assert "recital 36" not in page and "DPC" in page


class TestThePlacesOfArticle77:
    def test_are_kept_when_a_case_is_opened_and_changed(self, app, desk: Desk):
        reader = desk("advocate")
        typed = {
            "title": "Another",
            "ngo": "noyb",
            "infringement_place": "IT",
            "controllers-0-name": "Acme Ltd",
            "controllers-0-presence": "unknown",
            "claims-0-provision": "12",
            "complainants-0-pseudonym": "A",
            "complainants-0-workplace": "DE-BY",
        }
        reader.post("/desk/cases/new", {**typed, "do": "open"})
        page = reader.get("/desk/cases/C001").text
        assert "A, works in Germany, Bayern" in page and "alleged infringement: Italy." in page
        amend = "/desk/cases/C001/amend"
        changed = {"infringement_place": "", "complainants-0-workplace": "FR", "do": "save"}
        reader.post(amend, {**reader.fields(amend), **changed})
        found = cases.get_case("C001")
        assert found.infringement_place is None and found.complainants[0].workplace == "FR"

    def test_that_a_file_brought_stay_though_the_form_does_not_offer_them(self, case: Case, desk: Desk):
        with transaction():
            found = cases.get_case("C001")
            found.infringement_place, found.complainants[0].workplace = "TR", "FR-75"
        reader, amend = desk("advocate"), "/desk/cases/C001/amend"
        reader.post(amend, {**reader.fields(amend), "do": "save"})
        found = cases.get_case("C001")
        assert (found.infringement_place, found.complainants[0].workplace) == ("TR", "FR-75")

    def test_that_are_none_are_refused(self, case: Case, desk: Desk):
        reader, amend = desk("advocate"), "/desk/cases/C001/amend"
        for name in ("infringement_place", "complainants-0-workplace"):
            sent = {**reader.fields(amend), "summary": "New.", name: "Narnia", "do": "save"}
            page = reader.post(amend, sent, status=422).text
            assert "Choose one of the list." in page and "New." in page

    def test_are_compared_when_somebody_else_saved(self, case: Case, desk: Desk):
        reader, amend = desk("advocate"), "/desk/cases/C001/amend"
        shown = {**reader.fields(amend), "do": "save"}
        reader.post(amend, {**shown, "infringement_place": "IT", "complainants-0-workplace": "FR"})
        mine = {"infringement_place": "ES", "complainants-1-workplace": "DE-BY"}
        page = reader.post(amend, {**shown, **mine}, status=409).text
        assert "A, Austria, works in France" in page and "works in Bayern (Germany)" in page
        reader.post(amend, {**reader.filled(page), "do": "save"})
        found = cases.get_case("C001")
        assert found.infringement_place == "ES"
        assert [it.workplace for it in found.complainants] == ["FR", "DE-BY"]
