"""A calendar as a file that calendar programs subscribe to (RFC 5545)."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tracker.rules.text import legible

#: At this hour of the day a program tells of a whole day.
HOUR = 9
#: Numbers of versions are seconds since then: a store that was restored from a backup never counts back.
FIRST = datetime(2024, 1, 1, tzinfo=UTC)


#: Raised when the same events give another file.
FORM = 2
#: Who writes a calendar, and for whom: of a person, and of everybody.
DESK, SITE = ("-//gdpr-tracker//desk//EN", "PRIVATE"), ("-//gdpr-tracker//site//EN", "PUBLIC")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar: a whole day where `starts` is a date, else a time with its zone."""

    uid: str
    title: str
    text: str
    #: Its page.
    link: str
    starts: date | datetime
    #: When this became so.
    changed_at: datetime
    ends: datetime | None = None
    place: str = ""
    #: Days before, at which the calendar program tells of it (below zero: after); empty where it is not to.
    alarms: Sequence[int] = ()
    cancelled: bool = False
    #: It is not certain that this day holds.
    tentative: bool = False
    #: How often it was changed, where something counts that; else the moment of its change stands for it.
    sequence: int | None = None


def mark_of(events: Sequence[Event], *, name: str) -> str:
    """Return a mark of the file that as_ics() would make, without making it: that takes much longer."""
    return hashlib.sha256(repr((FORM, name, list(events))).encode("utf-8", "replace")).hexdigest()[:40]


def as_ics(events: Sequence[Event], *, name: str, of: tuple[str, str] = DESK) -> bytes:
    """Return the file. The same events give the same bytes."""
    product, audience = of
    # Asked for now: no command and no other page needs it, and it takes long to load.
    from icalendar import Calendar  # noqa: PLC0415

    calendar = Calendar()
    calendar.add("prodid", product)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", _text(name))
    calendar.add("x-wr-calname", _text(name))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    timed = [it.starts for it in events if isinstance(it.starts, datetime)]
    for zone in sorted({str(it.tzinfo) for it in timed}):
        years = [it.year for it in timed if str(it.tzinfo) == zone]
        calendar.add_component(_zone(zone, min(years) - 1, max(years) + 1))
    for it in events:
        calendar.add_component(_event(it, audience))
    written: bytes = calendar.to_ical()
    return written


def _zone(name: str, first: int, last: int):  # type: ignore[no-untyped-def]
    """Return the rules of a zone for the years from first to last: one part for each change of the clocks.

    The library would list all changes in one part, which some programs read no further than its second one.
    """
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard  # noqa: PLC0415

    zone, timezone = ZoneInfo(name), Timezone()
    timezone.add("tzid", name)

    def offset(at: datetime) -> timedelta:
        return at.astimezone(zone).utcoffset() or timedelta()

    def add(at: datetime, before: timedelta) -> None:
        part = TimezoneDaylight() if offset(at) > before else TimezoneStandard()
        part.add("dtstart", (at + before).replace(tzinfo=None))
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", offset(at))
        part.add("tzname", at.astimezone(zone).tzname() or name)
        timezone.add_component(part)

    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    add(at, offset(at))
    while at < end:
        # Clocks change on the hour or a quarter of it, and never twice on a day.
        if offset(at) != offset(at + timedelta(days=1)):
            quarters = (at + timedelta(minutes=15 * it) for it in range(1, 97))
            change = next(it for it in quarters if offset(it) != offset(at))
            add(change, offset(at))
        at += timedelta(days=1)
    return timezone


def _event(it: Event, audience: str):  # type: ignore[no-untyped-def]  # its type would load the library
    from icalendar import Event as Entry  # noqa: PLC0415

    entry = Entry()
    entry.add("uid", it.uid)
    # In a file that nobody is invited by, this says when the entry was last changed (3.8.7.2).
    entry.add("dtstamp", it.changed_at)
    entry.add("last-modified", it.changed_at)
    counted = int((it.changed_at - FIRST).total_seconds())
    entry.add("sequence", counted if it.sequence is None else it.sequence)
    entry.add("dtstart", it.starts)
    if isinstance(it.starts, datetime):
        entry.add("dtend", it.ends or it.starts + timedelta(hours=1))
    else:
        entry.add("dtend", it.starts + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
    entry.add("summary", _text(it.title))
    entry.add("description", _text(f"{it.text}\n{it.link}" if it.text else it.link))
    if it.place:
        entry.add("location", _text(it.place))
    entry.add("url", it.link)
    entry.add("class", audience)
    status = "CANCELLED" if it.cancelled else "TENTATIVE" if it.tentative else "CONFIRMED"
    entry.add("status", status)
    for days in sorted(set(it.alarms), reverse=True):
        entry.add_component(_alarm(it, days))
    return entry


def _alarm(it: Event, days: int):  # type: ignore[no-untyped-def]
    from icalendar import Alarm  # noqa: PLC0415

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _text(it.title))
    whole_day = not isinstance(it.starts, datetime)
    alarm.add("trigger", timedelta(days=-days, hours=HOUR if whole_day else 0))
    return alarm


def _text(words: str) -> object:
    """Return a text as a line of the file may hold it."""
    return _text_type()(legible(words.replace("\r\n", "\n").replace("\r", "\n")))


@cache
def _text_type() -> Callable[[str], object]:
    r"""Return the library's type of texts, but for one thing.

    It writes a backslash and an N as a line end, where somebody may have written just that.
    """
    from icalendar import vText  # noqa: PLC0415

    class Text(vText):
        __slots__ = ()

        def to_ical(self) -> bytes:
            escaped = re.sub(r"([\\;,])", r"\\\1", self).replace("\n", r"\n")
            return escaped.encode("utf-8")

    return Text
