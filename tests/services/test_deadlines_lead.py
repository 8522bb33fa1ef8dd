"""A complaint lodged with the lead itself after 2 April 2027, as somebody records it."""

from datetime import date

import pytest

from tests.builders import a_case, lodged
from tests.services.recording import news, of, record
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Deadline
from tracker.services import deadlines, updates_steps


@pytest.fixture(autouse=True)
def filing(app, monkeypatch):
    """C001-01, lodged in Dublin against a company with its head office there; it is 10 January 2028."""
    monkeypatch.setattr(clock, "today", lambda: date(2028, 1, 10))
    with transaction():
        lodged(a_case(), "ie-dpc", on=date(2027, 5, 3))


def of_filing() -> dict[str, Deadline]:
    db.session.expire_all()
    return {it.period: it for it in deadlines.of_filing(of("C001-01")[0])}


class TestTheLead:
    def test_has_six_weeks_to_confirm_that_it_leads(self):
        it = of_filing()["P3-LEAD"]
        assert (it.due_on, it.owes_slug) == (date(2027, 6, 14), "ie-dpc")

    def test_may_confirm_it_by_a_lawful_step(self):
        offered = {it.code for it in updates_steps.possible_steps(of("C001-01"))}
        assert {"lead_confirmed", "lead_disputed", "acknowledged", "admissible"} <= offered
        record(news("lead_confirmed", "2027-06-01", actor="ie-dpc"), "C001-01")
        now = of_filing()
        assert now["P3-LEAD"].met_on == date(2027, 6, 1)
        assert (now["P10"].due_on, now["P15"].due_on) == (date(2027, 9, 1), date(2028, 9, 1))
        assert now["P15"].certain_on == date(2029, 9, 3), "twelve months more, of which nobody has to tell us"

    def test_has_the_time_of_a_lead_once_it_investigates(self):
        record(news("admissible", "2027-06-01", actor="ie-dpc"), "C001-01")
        record(news("investigation", "2027-06-07", actor="ie-dpc"), "C001-01")
        it = of_filing()["P15"]
        assert it.due_on == date(2028, 9, 7)
        assert "confirmed its competence is not on record" in it.counted["uncertain"][0]

    def test_that_investigates_has_confirmed_by_then_at_the_latest_and_is_not_called_late(self):
        record(news("admissible", "2027-06-01", actor="ie-dpc"), "C001-01")
        record(news("investigation", "2027-08-02", actor="ie-dpc"), "C001-01")
        it = of_filing()["P3-LEAD"]
        assert (it.open, it.met_on, it.counted["met_by"]) == (False, None, "2027-08-02")
        assert deadlines.ends_of(it).shown_met
