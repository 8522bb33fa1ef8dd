"""Extensions that are out of order, and who is likely to say something of a deadline."""

import re
from datetime import date

import pytest

from tests.builders import a_case, lodged
from tests.reader import Reader
from tests.web.test_deadlines import WHY, Desk, deadline, happened, main, say
from tracker.db import transaction
from tracker.services import cases

REQUEST = "/desk/filings/C001-01/deadlines/G1/2"


@pytest.fixture
def filed(app, on_a_day):
    """C001 in Vienna, Paris and Dublin, lodged on 6 June 2024; it is 22 November 2026."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")


class TestAnExtensionThatComesTooLate:
    LATE = {"day": "2026-11-10", "more": "+2m", "received_on": "2026-11-12"}

    @pytest.fixture(autouse=True)
    def asked(self, filed):
        happened("data_request", "2026-08-30", actor="noyb")

    def test_is_refused_beside_the_field_for_a_note_which_is_open(self, desk: Desk):
        page = say(desk("advocate"), "extend", REQUEST, 422, **self.LATE)
        beside = page.split('id="irregular-error"')
        told = beside[1].split("</p>")[0]
        assert "This extends it until" in told and "what is over is not extended" in told
        assert re.search(r"<details[^>]* open", page)

    def test_is_recorded_with_a_note_and_shows_the_doubt(self, desk: Desk):
        reader = desk("advocate")
        say(reader, "extend", REQUEST, irregular="Their letter of 10 November.", **self.LATE)
        words = main(reader.get(REQUEST).text)
        assert deadline("G1", start=2).due_on == date(2026, 9, 30)
        assert words.count("what is over is not extended any more") == 2, "as a step, and as a doubt"
        assert "It moves no day" in words
        entry = main(reader.get("/desk/cases/C001").text)
        assert "Recorded all the same: Their letter of 10 November." in entry

    def test_keeps_its_note_in_the_form_for_a_correction(self, desk: Desk):
        reader = desk("advocate")
        say(reader, "extend", REQUEST, irregular="Their letter of 10 November.", **self.LATE)
        filled = reader.fields(f"{REQUEST}/extend?corrects=3")
        assert (filled["irregular"], filled["received_on"]) == ("Their letter of 10 November.", "2026-11-12")

    def test_is_asked_for_no_note_of_what_is_no_extension(self, desk: Desk):
        assert "irregular" not in desk("advocate").fields(f"{REQUEST}/pause")


class TestWhoIsLikelyToSaySo:
    def proposed(self, reader: Reader, act: str, where: str = WHY) -> object:
        return reader.fields(f"{where}/{act}")["actor"]

    def test_is_whoever_owes_what_others_owe_and_we_for_a_waiver(self, filed, desk: Desk):
        reader = desk("advocate")
        assert self.proposed(reader, "extend") == "DSB · Austria"
        assert self.proposed(reader, "waive") == "noyb"

    def test_is_the_controller_for_what_it_owes(self, filed, desk: Desk):
        happened("data_request", "2026-10-30", actor="noyb")
        with transaction(write=False):
            [name] = [it.name for it in cases.get_case("C001").filings[0].controllers]
        assert self.proposed(desk("advocate"), "extend", REQUEST) == name

    def test_is_the_authority_whose_letter_began_a_period_of_ours(self, filed, desk: Desk):
        happened("defect_notice", "2026-11-02", "C001-01", actor="ie-dpc", received_on=date(2026, 11, 5))
        reader, where = desk("advocate"), "/desk/filings/C001-01/deadlines/OWN-REMEDY/2"
        assert self.proposed(reader, "extend", where) == "DPC · Ireland", "not the one lodged with"
        assert self.proposed(reader, "meet", where) == "noyb"

    def test_is_nobody_where_we_began_it_ourselves(self, filed, desk: Desk):
        reader, begin = desk("lawyer"), "/desk/filings/C001-01/deadlines/begin"
        sent = {"period": "OWN-OTHER", "actor": "noyb", "words": "Costs.", "day": "2026-11-20"}
        reader.post(begin, reader.fields(begin) | sent | {"until": "2026-12-01"})
        assert self.proposed(reader, "extend", "/desk/filings/C001-01/deadlines/OWN-OTHER/2") == ""


class TestTheDayFromWhichAnActionCanBeBrought:
    def test_is_the_first_working_day_after_the_latest_end(self, filed, desk: Desk):
        # The three months are over on Friday 6 September 2024.
        words = main(desk("reader").get(WHY).text)
        assert "Action from Monday 9 September 2024, the first working day after that end" in words

    def test_is_told_of_nothing_that_was_done_in_time(self, filed, desk: Desk):
        happened("forwarded", "2024-09-02")
        assert "Action from" not in main(desk("reader").get(WHY).text)


class TestWhatALaterStepTookThePlaceOf:
    def test_says_so_in_the_sentence(self, filed, desk: Desk):
        happened("inadmissible", "2025-12-02", "C001-02", "fr-cnil")
        words = main(desk("reader").get("/desk/filings/C001-02/deadlines/FR-IMPLICIT").text)
        assert "We owe it no more: over since entry 2, on 2 December 2025." in words
