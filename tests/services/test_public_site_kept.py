"""What is read of a public case is worked out once for each text of the store and each day, no longer."""

from datetime import date

import pytest

from tests.builders import a_case, lodged
from tests.publishing import clear, withdraw
from tracker import clock
from tracker.db import transaction
from tracker.errors import Withdrawn
from tracker.services import cases, public_site


@pytest.fixture
def number(app):
    with transaction():
        lodged(a_case(title="Before"), "nl-ap")
    clear("C001")
    return "C001"


def test_nothing_is_worked_out_twice_while_the_text_and_the_day_are_the_same(number):
    assert public_site.case_page(number) is public_site.case_page(number)


def test_every_language_has_a_page_of_its_own(number):
    assert public_site.case_page(number, language="de") is not public_site.case_page(number)


def test_the_next_day_counts_anew(number, monkeypatch):
    before = public_site.case_page(number)
    monkeypatch.setattr(clock, "today", lambda: date(2031, 1, 1))
    after = public_site.case_page(number)
    assert after.filings[0].pending != before.filings[0].pending


def test_what_was_cleared_anew_is_there_at_once_and_what_was_withdrawn_is_not(number):
    assert public_site.case_page(number).case.title.words == "Before"
    with transaction():
        cases.get_case(number).title = "After"
    clear(number)
    assert public_site.case_page(number).case.title.words == "After"
    withdraw(number)
    with pytest.raises(Withdrawn):
        public_site.case_page(number)
