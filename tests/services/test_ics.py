"""The file of a calendar, read by two programs that know nothing of each other (and nothing of us)."""

import re
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil import tz
from hypothesis import example, given
from hypothesis import strategies as st

from tests.calendars import read
from tracker.rules.hearings import ZONES
from tracker.rules.text import legible
from tracker.services.ics import Event, as_ics, mark_of

CHANGED = datetime(2026, 11, 25, 12, 30, 15, tzinfo=UTC)
VIENNA, DUBLIN = ZoneInfo("Europe/Vienna"), ZoneInfo("Europe/Dublin")
UGLY = 'Größe; Köln, \\n Weg\\, «Ελλάδα»: "10" 🐘\nZeile zwei'


def event(**values: object) -> Event:
    return Event(
        **{
            "uid": "deadline-1@gdpr-tracker.invalid",
            "title": "C081-07: appeal to the BVwG",
            "text": "appeal (§ 7(4) VwGVG)\nLast day: 4 December 2026.",
            "link": "https://desk.example.org/desk/filings/C081-07/deadlines/AT-BVWG",
            "starts": date(2026, 12, 4),
            "changed_at": CHANGED,
            **values,
        }
    )


def hearing(**values: object) -> Event:
    return event(
        **{
            "uid": "hearing-1@gdpr-tracker.invalid",
            "starts": datetime(2027, 3, 28, 10, 30, tzinfo=VIENNA),
            "place": "Erdbergstraße 192, Saal 4; 1030 Wien",
            "alarms": (7, 1),
            **values,
        }
    )


def first(*events: Event) -> icalendar.Event:
    """Return the first entry as the library reads it."""
    read = icalendar.Calendar.from_ical(as_ics(events, name="Complaint tracker"))
    found: icalendar.Event = read.walk("VEVENT")[0]
    return found


def other(*events: Event) -> Any:
    """Return the first entry as the other program reads it."""
    return read(as_ics(events, name="Complaint tracker").decode()).vevent


class TestAWholeDay:
    def test_is_one_in_both_programs(self):
        it, same = first(event()), other(event())
        assert it["DTSTART"].dt == same.dtstart.value == date(2026, 12, 4)
        assert it["DTEND"].dt == same.dtend.value == date(2026, 12, 5), "the day after, which is not in it"
        assert it["UID"] == same.uid.value == "deadline-1@gdpr-tracker.invalid"
        assert it["SUMMARY"] == same.summary.value == "C081-07: appeal to the BVwG"
        assert it["URL"] == same.url.value == event().link
        assert event().link in same.description.value
        assert it["TRANSP"] == same.transp.value == "TRANSPARENT" and it["CLASS"] == "PRIVATE"

    def test_rings_at_nine_in_the_morning_so_many_days_before(self):
        alarms = other(event(alarms=(14, 1, 0, -7))).valarm_list
        start = datetime(2026, 12, 4)
        assert [start + it.trigger.value for it in alarms] == [
            datetime(2026, 11, 20, 9),
            datetime(2026, 12, 3, 9),
            datetime(2026, 12, 4, 9),
            datetime(2026, 12, 11, 9),
        ]
        assert {(it.action.value, it.description.value) for it in alarms} == {
            ("DISPLAY", "C081-07: appeal to the BVwG")
        }

    @pytest.mark.parametrize(
        ("values", "status"),
        [({}, "CONFIRMED"), ({"cancelled": True}, "CANCELLED"), ({"tentative": True}, "TENTATIVE")],
    )
    def test_says_how_it_stands(self, values, status):
        assert first(event(**values))["STATUS"] == other(event(**values)).status.value == status


class TestAVersion:
    def test_is_newer_when_it_was_changed_later(self):
        before, after = first(event()), first(event(changed_at=CHANGED + timedelta(seconds=1)))
        assert after["SEQUENCE"] == before["SEQUENCE"] + 1
        assert after["LAST-MODIFIED"].dt - before["LAST-MODIFIED"].dt == timedelta(seconds=1)
        assert before["DTSTAMP"].dt == CHANGED

    def test_has_a_number_that_calendar_programs_can_hold(self):
        last = datetime(2090, 1, 1, tzinfo=UTC)
        assert 0 < first(event(changed_at=last))["SEQUENCE"] < 2**31

    def test_is_the_same_bytes_when_nothing_changed(self):
        these = (event(alarms=(7,)), hearing())
        assert as_ics(these, name="x") == as_ics(these, name="x")
        assert mark_of(these, name="x") == mark_of(list(these), name="x")

    @pytest.mark.parametrize(
        "values",
        [
            {"title": "another"},
            {"text": "another"},
            {"link": "https://x.example"},
            {"starts": date(2026, 12, 5)},
            {"changed_at": CHANGED + timedelta(seconds=1)},
            {"alarms": (3,)},
            {"place": "Wien"},
            {"cancelled": True},
            {"tentative": True},
        ],
        ids=lambda it: next(iter(it)),
    )
    def test_has_another_mark_when_anything_did(self, values):
        assert mark_of([event(**values)], name="x") != mark_of([event()], name="x")


class TestAHearing:
    def test_has_its_time_in_its_zone_and_its_place(self):
        it, same = first(hearing()), other(hearing())
        for start in (it["DTSTART"].dt, same.dtstart.value):
            assert start.replace(tzinfo=None) == datetime(2027, 3, 28, 10, 30)
            assert start.utcoffset() == timedelta(hours=2), "summer time began that night"
        assert it["LOCATION"] == same.location.value == "Erdbergstraße 192, Saal 4; 1030 Wien"
        assert it["DTSTART"].params["TZID"] == "Europe/Vienna"

    def test_lasts_an_hour_where_nobody_knows_longer(self):
        it = first(hearing())
        assert it["DTEND"].dt - it["DTSTART"].dt == timedelta(hours=1)
        ends = datetime(2027, 3, 28, 16, tzinfo=VIENNA)
        assert other(hearing(ends=ends)).dtend.value.hour == 16

    def test_rings_at_its_own_hour_days_before(self):
        assert [it.trigger.value for it in other(hearing()).valarm_list] == [-timedelta(7), -timedelta(1)]

    def test_brings_the_rules_of_its_zone_once(self):
        dublin = datetime(2026, 12, 1, 9, tzinfo=DUBLIN)
        text = as_ics([hearing(), hearing(uid="2@x", starts=dublin), hearing(uid="3@x")], name="x").decode()
        zones = re.findall(r"BEGIN:VTIMEZONE\r\nTZID:(.*)\r\n", text)
        assert sorted(zones) == ["Europe/Dublin", "Europe/Vienna"]
        starts = [it.dtstart.value for it in read(text).vevent_list]
        assert [it.utcoffset() for it in starts] == [timedelta(hours=2), timedelta(0), timedelta(hours=2)]


PLACES = sorted({*ZONES.values(), "UTC", "Australia/Lord_Howe", "America/Sao_Paulo"})


class TestTheRulesOfAZone:
    @pytest.mark.parametrize("name", PLACES)
    def test_say_what_the_clock_says(self, name):
        zone = ZoneInfo(name)
        written = as_ics([hearing(starts=datetime(2027, 3, 28, 10, tzinfo=zone))], name="x").decode()
        [rules] = re.findall(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE", written, re.S)
        read_from_them = tz.tzical(StringIO(rules.replace("\r\n", "\n"))).get(name)
        day, ends = datetime(2026, 1, 1), datetime(2029, 1, 1)
        while day < ends:
            changes = zone.utcoffset(day) != zone.utcoffset(day + timedelta(days=1))
            for hour in range(0, 24) if changes else (12,):
                at = day + timedelta(hours=hour)
                once = zone.utcoffset(at) == zone.utcoffset(at.replace(fold=1))
                if once:  # not a time that is missing, or comes twice
                    assert read_from_them.utcoffset(at) == zone.utcoffset(at), at
            day += timedelta(days=1)


class TestTheFile:
    @pytest.mark.parametrize("events", [[], [event()], [event(title=UGLY * 9), hearing(place=UGLY * 9)]])
    def test_keeps_to_the_form(self, events):
        written = as_ics(events, name="Complaint tracker")
        lines = written.split(b"\r\n")
        assert written.endswith(b"END:VCALENDAR\r\n") and b"\n" not in written.replace(b"\r\n", b"")
        assert all(len(it) <= 75 for it in lines), "no line has more than 75 bytes"
        for it in lines:
            it.decode("utf-8")  # no letter is cut in two
        assert lines[0] == b"BEGIN:VCALENDAR" and b"VERSION:2.0" in lines
        assert any(it.startswith(b"PRODID:") for it in lines)
        assert not any(it.startswith(b"METHOD") for it in lines), "nobody is invited"
        required = (b"\r\nUID:", b"\r\nDTSTAMP:", b"\r\nDTSTART")
        body = re.sub(rb"BEGIN:VTIMEZONE.*?END:VTIMEZONE", b"", written, flags=re.S)
        assert all(body.count(it) == len(events) for it in required)

    def test_that_is_empty_is_one_that_programs_take(self):
        written = as_ics([], name="Complaint tracker")
        assert icalendar.Calendar.from_ical(written).walk("VEVENT") == []
        assert read(written.decode()).prodid.value.startswith("-//gdpr-tracker")

    @given(title=st.text(), place=st.text(min_size=1), words=st.text())
    @example(title=UGLY, place=UGLY, words=UGLY)
    @example(title="END:VEVENT\r\nBEGIN:VEVENT", place="\r\nATTENDEE:mailto:eve@example.org", words="\x00")
    @example(title="\\n\\N\\,\\;", place="\\", words="a\\\nb")
    @example(title=" leading", place="trailing ", words="\t\u2028\u2029\x85\x0b\x1c")
    def test_gives_back_any_text(self, title, place, words):
        it = hearing(title=title, place=place, text=words)
        written = as_ics([it], name="x")

        def kept(text: str) -> str:
            return legible(text.replace("\r\n", "\n").replace("\r", "\n"))

        [mine] = icalendar.Calendar.from_ical(written).walk("VEVENT")
        assert (mine["SUMMARY"], mine["LOCATION"]) == (kept(title), kept(place))
        [same] = read(written.decode()).vevent_list
        assert (same.summary.value, same.location.value) == (kept(title), kept(place))
        assert same.description.value == kept(f"{words}\n{it.link}" if words else it.link)
        assert len(same.valarm_list) == 2 and not hasattr(same, "attendee")
