"""What a file of cases tells the register of a controller that it knows already."""

import pytest

from tests.builders import ANN, a_case, lodged
from tests.campaigns import a_campaign, a_controller, case_of, take_in
from tests.services.test_controllers_amending import change
from tests.services.test_controllers_import import a_file
from tests.services.test_controllers_import import take_in as take_in_table
from tests.services.test_import_again import refusal
from tracker.db import transaction
from tracker.errors import BadFile
from tracker.rules.vocabulary import Answer
from tracker.services import cases, controllers, journal
from tracker.services import controllers_finding as finding
from tracker.services import controllers_history as history
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController


def leads(number: str) -> list[str | None]:
    """Return the current lead of each filing of a case."""
    return [run.lead for it in cases.get_case(number).filings for run in it.routes]


class TestAControllerOfWhichNobodyKnewWhereItIs:
    @pytest.fixture(autouse=True)
    def known(self, app) -> str:
        """The company of the campaigns, as a table brought it: its name and its seat."""
        said = a_controller()
        row = {"name": said["legal_entity"], "country": said["hq_country"]}
        take_in_table(a_file({**row, "eea": "yes"}))
        return said["legal_entity"]

    def test_is_led_as_if_the_file_had_come_alone(self, known):
        take_in(a_campaign(internal_ref="C081"))
        assert set(leads("C081")) == {"ie-dpc"}
        controller = controllers.named(known, "IE")
        assert [it.place for it in controller.establishments] == ["IE"]
        newest, first = history.history_of(controller.id)
        assert newest.why == "What the source of an imported case says." and not first.said.establishments
        assert take_in(a_campaign(internal_ref="C081")).numbers == ()

    def test_is_led_otherwise_in_the_cases_of_the_desk_too(self, known):
        with transaction():
            respondent = Respondent(known=controllers.named(known, None).id, affected=("EEA",))
            case = a_case(respondents=(respondent,), number="C001")
            lodged(case, "at-dsb")
        assert leads("C001") == [None]
        take_in(a_campaign(internal_ref="C081"))
        assert leads("C001") == ["ie-dpc"]

    def test_keeps_what_the_desk_has_said_since(self, known):
        with transaction():
            controller = controllers.named(known, None)
            said = controllers.NewController(known, "IE", (controllers.NewEstablishment("FR"),))
            controllers.learn(controller, said, by=ANN)
        take_in(a_campaign(internal_ref="C081"))
        assert [it.place for it in controllers.named(known, None).establishments] == ["FR"]


class TestWhatTheRegisterDoesNotKnowOfAController:
    SAYS = a_controller(website="https://acme.example", targets_eea="yes", decided_outside_eea="no")

    @pytest.mark.parametrize("source", [None, a_controller("acme")], ids=["of the desk", "of another file"])
    def test_is_learned_from_a_file_of_cases(self, app, source):
        if source is None:
            with transaction():
                controllers.add_controller(controllers.NewController("Acme Limited", "IE"), by=ANN)
        else:
            take_in(a_campaign("earlier", controllers=[source], filings=[], events=[]))
        take_in(a_campaign(controllers=[self.SAYS]))
        it = controllers.named("Acme Limited", "IE")
        assert (it.website, it.targets_eea, it.decided_outside_eea) == (
            "https://acme.example", Answer.YES, Answer.NO,
        )  # fmt: skip
        assert finding.find_controllers(text="acme.example")[1] == 1
        assert history.history_of(it.id)[0].said.website == it.website
        assert take_in(a_campaign(controllers=[self.SAYS])).numbers == (), "once"

    def test_is_learned_from_a_later_case_of_the_file_that_brings_it(self, app):
        bare = a_campaign("earlier", filings=[], events=[])
        take_in(bare, a_campaign("later", controllers=[self.SAYS], filings=[], events=[]))
        assert controllers.named("Acme Limited", "IE").website == "https://acme.example"

    NOTHING = a_controller(hq_country=None, main_establishment_eu=None, verified=None)
    #: A file names the controller without its seat, and then with it.
    TWO = (
        a_campaign("earlier", controllers=[NOTHING], filings=[], events=[]),
        a_campaign("later", controllers=[SAYS], filings=[], events=[]),
    )

    def test_may_be_its_seat(self, app):
        with transaction():
            key = controllers.add_controller(controllers.NewController("Acme Limited"), by=ANN).id
        take_in(*self.TWO)
        assert controllers.get_controller(key).country == "IE"
        assert take_in(*self.TWO[1:]).numbers == ()

    def test_is_no_seat_that_another_one_of_its_name_has(self, app):
        with transaction():
            for seat in (None, "IE"):
                controllers.add_controller(controllers.NewController("Acme Limited", seat), by=ANN)
        with pytest.raises(BadFile) as refused:
            take_in(*self.TWO)
        assert refused.value.faults == (
            "file.json: acme: hq_country: differs from what is here for the same controller: nothing",
        )

    def test_routes_the_other_cases_against_it_anew(self, app):
        none = {"establishments": [], "main_establishment_eu": None, "hq_country": "US"}
        take_in(a_campaign("earlier", internal_ref="C081", controllers=[a_controller(**none)]))
        [before, *_] = [it.routes[0].id for it in cases.get_case("C081").filings]
        again = a_controller(**none, targets_eea="no")
        take_in(a_campaign("later", controllers=[again], filings=[], events=[]))
        assert cases.get_case("C081").filings[0].routes[0].id != before

    def test_is_no_other_website_for_a_slash_at_its_end(self, app):
        with transaction():
            key = controllers.add_controller(controllers.NewController("Acme Limited", "IE"), by=ANN).id
        change(key, website="https://www.acme.example/")
        take_in(a_campaign(controllers=[self.SAYS]))
        assert controllers.named("Acme Limited", "IE").website == "https://www.acme.example/", "kept"

    def test_is_refused_where_it_is_known_and_another(self, app):
        take_in(a_campaign("earlier", controllers=[self.SAYS], filings=[], events=[]))
        other = a_controller(website="https://other.example", targets_eea="no")
        assert refusal(a_campaign("later", controllers=[other], filings=[], events=[])) == [
            "file.json: acme: website: differs from what is here for the same controller: "
            "'https://acme.example'",
            "file.json: acme: targets_eea: differs from what is here for the same controller: 'yes'",
        ]


class TestAFileThatTeachesTheRegisterWhereAControllerIs:
    def test_says_in_the_journal_of_another_case_that_its_routes_are_new_ones(self, app):
        with transaction():
            key = controllers.add_controller(NewController("Acme Limited", "IE"), by=ANN).id
            case = a_case(respondents=(Respondent(known=key, affected=("EEA",)),))
            lodged(case, "at-dsb")
        take_in(a_campaign())
        line = journal.history_of(case.id)[0]
        assert line.act == "case.reroute"
        assert line.detail == {"case": case_of().number, "routes": 1}
        assert "case.reroute" not in [it.act for it in journal.history_of(case_of().id)]
