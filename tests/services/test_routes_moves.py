"""A controller that moves after the complaint: the route follows until the final decision."""

from datetime import date

import pytest

from tests.campaigns import a_campaign, a_controller, a_filing, an_event, case_of, take_in
from tests.services.test_routes_unknown import found
from tracker import clock
from tracker.db import transaction
from tracker.rules.access import SHELL
from tracker.services import routing_anew, routing_changes

pytestmark = pytest.mark.usefixtures("app")


def moved(*events, on="2025-01-01"):
    """Take in a complaint of 6 June 2024 against a company that moved from Luxembourg to Dublin on a day."""
    before = date.fromordinal(date.fromisoformat(on).toordinal() - 1).isoformat()
    decides = {"central": "yes", "decides": "yes", "implements": "yes"}
    places = [
        {"place": "LU", **decides, "until": before},
        {"place": "IE", **decides, "since": on},
        {"place": "FR", "decides": "no"},
    ]
    company = a_controller(establishments=places, main_establishment_eu=None, affected=["EEA"])
    take_in(a_campaign(controllers=[company], filings=[a_filing("f", "at-dsb")], events=list(events)))
    return found("f")


class TestAMoveAfterTheLodging:
    def test_brings_a_pending_complaint_to_the_new_lead_from_that_day_on(self):
        facts, route = moved()
        assert (facts.as_of, route.lead) == (date(2025, 1, 1), "ie-dpc")

    def test_is_nothing_to_a_complaint_that_had_been_decided(self):
        facts, route = moved(an_event("decision", "f", date="2024-10-01"))
        assert (facts.as_of, route.lead) == (date(2024, 6, 6), "lu-cnpd")

    def test_that_is_still_to_come_does_not_count(self, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 12, 31))
        facts, route = moved()
        assert (facts.as_of, route.lead) == (date(2024, 6, 6), "lu-cnpd")

    def test_before_the_lodging_leaves_the_day_as_it_is(self):
        facts, route = moved(on="2024-01-01")
        assert (facts.as_of, route.lead) == (date(2024, 6, 6), "ie-dpc")


class TestAMoveWhoseDayHasCome:
    def test_changes_the_lead_with_the_next_daily_run_and_waits(self, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2024, 12, 31))
        moved()
        number = case_of().number
        with transaction():
            assert routing_anew.reroute(dry_run=False, by=SHELL) == []
        monkeypatch.setattr(clock, "today", lambda: date(2025, 1, 1))
        with transaction():
            [done] = routing_anew.reroute(dry_run=False, by=SHELL)
        assert (done.number, done.routes, done.waiting) == (number, 1, 1)
        assert found("f")[1].lead == "ie-dpc"
        assert [it.filing.number for it in routing_changes.waiting(numbers=[number])] == [f"{number}-01"]


class TestADayOfLodgingThatNobodyKnows:
    def test_is_no_reason_to_store_the_same_answer_every_day(self, monkeypatch):
        monkeypatch.setattr(clock, "today", lambda: date(2030, 1, 1))
        take_in(a_campaign(filings=[a_filing("f", "at-dsb", date=None)], events=[]))
        for day in (2, 3):
            monkeypatch.setattr(clock, "today", lambda day=day: date(2030, 1, day))
            with transaction():
                assert routing_anew.reroute(dry_run=False, by=SHELL) == []

    def test_lets_another_answer_of_another_day_be_stored(self, monkeypatch):
        decides = {"central": "yes", "decides": "yes", "implements": "yes"}
        places = [{"place": "LU", **decides, "until": "2029-12-31"}, {"place": "IE", **decides}]
        monkeypatch.setattr(clock, "today", lambda: date(2029, 12, 31))
        places[1]["since"] = "2030-01-01"
        company = a_controller(establishments=places, main_establishment_eu=None, affected=["EEA"])
        take_in(a_campaign(controllers=[company], filings=[a_filing("f", "at-dsb", date=None)], events=[]))
        monkeypatch.setattr(clock, "today", lambda: date(2030, 1, 1))
        with transaction():
            [done] = routing_anew.reroute(dry_run=False, by=SHELL)
        assert done.routes == 1 and found("f")[1].lead == "ie-dpc"
