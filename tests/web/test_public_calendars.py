"""Calendars of the public site, read by two programs that know nothing of each other."""

from datetime import date, datetime

import icalendar
import pytest

from tests.calendars import read
from tests.reader import Reader
from tests.web.reused import CALENDARS, LANGUAGES
from tracker.db import PUBLIC, transaction
from tracker.services import publication


def events(visitor: Reader, address: str) -> dict[str, icalendar.Event]:
    """Return the entries of a calendar by their uid."""
    answer = visitor.get(address)
    assert answer.mimetype == "text/calendar"
    found = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    by_uid = {str(it["uid"]): it for it in found}
    assert len(by_uid) == len(found)
    return by_uid


def hearing(found: dict[str, icalendar.Event], *, cancelled: bool) -> icalendar.Event:
    (it,) = [
        it
        for uid, it in found.items()
        if not uid.startswith("due-") and (it["status"] == "CANCELLED") == cancelled
    ]
    return it


@pytest.mark.parametrize("language", LANGUAGES)
class TestACalendar:
    def test_is_read_by_two_programs(self, reused, visitor: Reader, language):
        for address in CALENDARS:
            found = events(visitor, language + address)
            other = read(visitor.get(language + address).text)
            told = getattr(other, "vevent_list", [])
            assert {it.uid.value for it in told} == set(found)

    def test_holds_any_text(self, hostile, visitor: Reader, language):
        for address in CALENDARS:
            found = events(visitor, language + address)
            assert len(getattr(read(visitor.get(language + address).text), "vevent_list", [])) == len(found)
            assert b"\x00" not in visitor.get(language + address).data


class TestTheCalendarOfACase:
    def test_has_the_hearing_at_its_time(self, reused, visitor: Reader):
        it = hearing(events(visitor, "/cases/C001.ics"), cancelled=False)
        starts = it["dtstart"].dt
        assert isinstance(starts, datetime) and starts.isoformat() == "2027-03-29T10:30:00+01:00"
        assert it["summary"] == "Hearing: C001, High Court" and it["sequence"] == 0
        assert it["url"] == "http://localhost/cases/C001" and it["class"] == "PUBLIC"

    def test_says_that_a_hearing_was_called_off_under_its_old_uid(self, reused, visitor: Reader):
        it = hearing(events(visitor, "/cases/C001.ics"), cancelled=True)
        assert it["dtstart"].dt == date(2027, 3, 29) and it["sequence"] == 1

    def test_has_the_last_day_of_what_an_authority_owes_and_accuses_nobody(self, reused, visitor: Reader):
        dues = {uid: it for uid, it in events(visitor, "/cases/C001.ics").items() if uid.startswith("due-")}
        it = dues["due-C001-03-G15-0-ie-dpc@gdpr-tracker.invalid"]
        assert it["dtstart"].dt == date(2024, 9, 6) and it["dtend"].dt == date(2024, 9, 7)
        assert it["summary"] == "Due: C001-03, DPC: information on progress or outcome"
        assert it["url"] == "http://localhost/filings/C001-03"
        assert "late" not in visitor.get("/cases/C001.ics").text.replace("latest", "")

    def test_speaks_the_language_of_its_address(self, reused, visitor: Reader):
        it = hearing(events(visitor, "/de/cases/C001.ics"), cancelled=False)
        assert it["url"] == "http://localhost/de/cases/C001"
        assert "Beispiel: KI aus Beiträgen" in it["description"]

    def test_keeps_uid_and_sequence_when_the_copy_is_made_again(self, reused, visitor: Reader):
        before = visitor.get("/cases/C001.ics").data
        with transaction(PUBLIC):
            publication.rebuild()
        assert visitor.get("/cases/C001.ics").data == before


class TestTheCalendarOfAnAuthority:
    def test_has_hearings_of_its_filings_and_what_it_owes_itself(self, reused, visitor: Reader):
        found = events(visitor, "/authorities/at-dsb.ics")
        assert len([uid for uid in found if not uid.startswith("due-")]) == 2
        assert all("-at-dsb@" in uid for uid in found if uid.startswith("due-"))
        assert not events(visitor, "/authorities/fr-cnil.ics")
