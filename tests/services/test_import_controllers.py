"""What a file of cases tells the register of a controller that it knows already."""

import pytest

from tests.builders import ANN, a_case, lodged
from tests.campaigns import a_campaign, a_controller, case_of, take_in
from tests.services.test_controllers_import import a_file
from tests.services.test_controllers_import import take_in as take_in_table
from tracker.db import transaction
from tracker.services import cases, controllers, journal
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
