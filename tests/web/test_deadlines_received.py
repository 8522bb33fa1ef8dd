"""Why a deadline has its day: receipt of the complaint, word to us, and what only shows that it was done."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.builders import ANN, a_case, lodged
from tests.reader import Reader
from tests.web.test_deadlines import main
from tracker import clock
from tracker.db import transaction
from tracker.rules.days import Day
from tracker.services import cases, updates
from tracker.services.updates import Letter, NewUpdate

Desk = Callable[[str], Reader]
ADDRESS = "/desk/filings/C001-01/deadlines/"


@pytest.fixture(autouse=True)
def filed(app, monkeypatch):
    """C001-01, lodged in Dublin with the lead itself on 3 May 2027; it is 10 January 2028."""
    monkeypatch.setattr(clock, "today", lambda: date(2028, 1, 10))
    with transaction():
        lodged(a_case(), "ie-dpc", on=date(2027, 5, 3))


def happened(step: str, on: str, received: date | None = None) -> None:
    with transaction():
        new = NewUpdate(step, Day.parse(on), "ie-dpc", "words", letter=Letter(received_on=received))
        updates.record_update(cases.get_case("C001").filings, new, seen={}, by=ANN)


class TestThePage:
    def test_says_by_which_day_at_the_latest_it_was_done(self, desk: Desk):
        happened("admissible", "2027-06-01")
        happened("investigation", "2027-08-02")
        text = main(desk("reader").get(f"{ADDRESS}P3-LEAD").text)
        assert "Done by Monday 2 August 2027 at the latest: met, the day is not known." in text
        assert "on which day, no entry tells" in text

    def test_says_that_an_act_between_authorities_is_not_shown_rather_than_late(self, desk: Desk):
        text = main(desk("reader").get(f"{ADDRESS}P3-LEAD").text)
        assert "not shown by any entry, over for 6 months" in text
        assert "Nobody has to tell us of this step, Art 24(3)(a) Reg 2025/2518" in text

    def test_says_that_word_is_late_by_the_day_on_which_it_came(self, desk: Desk):
        happened("admissible", "2027-06-01", received=date(2027, 9, 20))
        text = main(desk("reader").get(f"{ADDRESS}G15").text)
        assert "Done on Monday 20 September 2027: met 1 month late." in text

    def test_says_that_it_runs_from_the_receipt_of_the_complaint(self, desk: Desk):
        with transaction():
            case = cases.get_case("C001")
            new = NewUpdate(
                "lodged",
                Day.parse("2027-05-03"),
                "noyb",
                "words",
                letter=Letter(received_on=date(2027, 5, 10)),
            )
            updates.record_update(case.filings, new, seen={}, by=ANN, corrects=1)
        text = main(desk("reader").get(f"{ADDRESS}P3-LEAD").text)
        assert "Runs from Monday 10 May 2027, the day on which the complaint was received" in text
        text = main(desk("reader").get(f"{ADDRESS}G15").text)
        assert "Late for certain after Tuesday 10 August 2027" in text
        assert "Counted from the day on which the complaint was received, Monday 10 May 2027" in text
