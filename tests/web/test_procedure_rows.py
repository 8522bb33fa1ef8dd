"""How a filing went by the procedure, on its page and on that of its case."""

from collections.abc import Callable

import pytest

from tests.builders import ANN, a_case, lodged
from tests.reader import Reader
from tracker import clock
from tracker.db import transaction
from tracker.rules.days import Day
from tracker.services import cases, updates
from tracker.services.updates import NewUpdate

Desk = Callable[[str], Reader]


def record(step, day, actor, *numbers, **values):
    """Record a step on filings of C001 (default: the first)."""
    with transaction():
        here = [it for it in cases.get_case("C001").filings if it.number in (numbers or ("C001-01",))]
        new = NewUpdate(step, Day.parse(day), actor, f"It is {step}.", **values)
        return updates.record_update(here, new, seen={}, by=ANN).number


@pytest.fixture
def page(app, desk: Desk):
    """Return a function that reads a page of the desk: Vienna, Paris and Dublin, where the lead sits."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
    reader = desk("advocate")

    def read(address: str) -> str:
        return " ".join(reader.get(address).text.replace("\xa0", " ").replace("\u2060", "").split())

    return read


def part(page: str, anchor: str) -> str:
    """Return the section or the entry with that anchor, without what follows it."""
    return page.split(f'id="{anchor}"')[1].split("</section>" if "entry" not in anchor else "</li>")[0]


class TestWhatRunsBesideTheProcedure:
    def test_is_listed_with_its_beginning_and_its_end_and_the_entries(self, page):
        record("assistance_request", "2024-07-01", "at-dsb")
        record("assistance_answer", "2024-08-01", "ie-dpc")
        record("inaction_action", "2024-09-20", "noyb")
        told = part(page("/desk/filings/C001-01"), "beside")
        assert (
            "Mutual assistance between authorities</strong>, since 1 July 2024, ended on 1 August 2024"
            in told
        )
        assert "does not act</strong>, since 20 September 2024" in told
        assert all(f'href="#entry-{number}"' in told for number in (2, 3, 4))

    def test_says_when_an_urgent_measure_is_over_by_itself(self, page, monkeypatch):
        record("urgency_measure", "2024-07-14", "fr-cnil")
        assert "over on 14 October 2024 at the latest" in part(page("/desk/filings/C001-01"), "beside")
        monkeypatch.setattr(clock, "today", lambda: Day.parse("2024-10-14").value)
        assert "to end on 14 October 2024 at the latest" in part(page("/desk/filings/C001-01"), "beside")

    def test_is_told_in_the_protocol_where_it_begins_and_ends(self, page):
        record("own_inquiry", "2024-07-01", "ie-dpc")
        record("own_inquiry_closed", "2025-07-01", "ie-dpc")
        read = page("/desk/filings/C001-01")
        assert "Begins beside the procedure: inquiry of an authority's own motion." in unescaped(
            part(read, "entry-2")
        )
        assert "Ends beside the procedure" in part(read, "entry-3")

    def test_is_no_heading_where_nothing_does(self, page):
        assert 'id="beside"' not in page("/desk/filings/C001-01")
        assert 'id="order"' not in page("/desk/filings/C001-01")


class TestWhatDoesNotFollow:
    def test_is_told_on_the_page_of_the_filing_and_under_its_entry(self, page):
        record("forwarded", "2024-07-01", "at-dsb")
        record("inadmissible", "2024-08-01", "at-dsb", irregular="They had forgotten.")
        read = page("/desk/filings/C001-01")
        told = part(read, "order")
        assert (
            '<a href="#entry-3">Entry 3</a>, “Refused as inadmissible”, on 1 August 2024 cannot follow'
            in told
        )
        assert "Recorded all the same: They had forgotten." in told
        under = part(read, "entry-3")
        assert "Cannot follow entry 2." in under and "Recorded all the same: They had forgotten." in under

    def test_names_on_the_page_of_the_case_the_filings_where_it_is(self, page):
        record("inadmissible", "2024-07-01", "Both authorities", "C001-01", "C001-02")
        record("acknowledged", "2024-08-01", "Both authorities", "C001-01", "C001-02", irregular="Late.")
        assert "C001-01, C001-02: Cannot follow entry 2." in part(page("/desk/cases/C001"), "entry-3")

    def test_leaves_what_is_not_on_record_to_the_page_of_the_filing(self, page):
        record("draft_decision", "2024-07-01", "ie-dpc", irregular="The press says so.")
        record("final_upheld", "2024-08-01", "ie-dpc")
        assert "is not on record" in part(page("/desk/filings/C001-01"), "order")
        assert "C001-01: What came between entry 1 and this one" in part(page("/desk/cases/C001"), "entry-2")


class TestWhatIsToBeKnown:
    def test_of_a_decision_is_where_an_appeal_goes(self, page):
        record("draft_decision", "2024-07-01", "ie-dpc", irregular="The press says so.")
        assert "an appeal goes to the courts of the state of the Irish DPC" in part(
            page("/desk/filings/C001-01"), "next"
        )
        record("final_upheld", "2024-08-01", "ie-dpc")
        assert "courts of the state of the Irish DPC" in part(page("/desk/filings/C001-01"), "entry-3")

    def test_of_a_step_of_the_coming_regulation_is_that_it_is_national_practice(self, page):
        record("admissible", "2024-07-01", "at-dsb")
        assert "national practice only" in part(page("/desk/filings/C001-01"), "next")


def unescaped(text: str) -> str:
    """Return the text with its apostrophes."""
    return text.replace("&#39;", "'")
