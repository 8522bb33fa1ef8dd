"""When a hearing is: by the clock of the place where it is held, and as one moment for every calendar."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

from tracker.errors import RuleBroken
from tracker.rules.text import shown

#: The clock of each state of the EEA, of the Union, and of their neighbours, where its courts sit.
ZONES: Mapping[str, str] = MappingProxyType(
    {
        "AT": "Europe/Vienna",
        "BE": "Europe/Brussels",
        "BG": "Europe/Sofia",
        "CH": "Europe/Zurich",
        "CY": "Asia/Nicosia",
        "CZ": "Europe/Prague",
        "DE": "Europe/Berlin",
        "DK": "Europe/Copenhagen",
        "EE": "Europe/Tallinn",
        "ES": "Europe/Madrid",
        "EU": "Europe/Luxembourg",
        "FI": "Europe/Helsinki",
        "FR": "Europe/Paris",
        "GB": "Europe/London",
        "GR": "Europe/Athens",
        "HR": "Europe/Zagreb",
        "HU": "Europe/Budapest",
        "IE": "Europe/Dublin",
        "IS": "Atlantic/Reykjavik",
        "IT": "Europe/Rome",
        "LI": "Europe/Vaduz",
        "LT": "Europe/Vilnius",
        "LU": "Europe/Luxembourg",
        "LV": "Europe/Riga",
        "MT": "Europe/Malta",
        "NL": "Europe/Amsterdam",
        "NO": "Europe/Oslo",
        "PL": "Europe/Warsaw",
        "PT": "Europe/Lisbon",
        "RO": "Europe/Bucharest",
        "SE": "Europe/Stockholm",
        "SI": "Europe/Ljubljana",
        "SK": "Europe/Bratislava",
    }
)


@cache
def zones() -> frozenset[str]:
    """Return every clock that is known."""
    return frozenset(available_timezones())


def zone_words(zone: str) -> str:
    """Return a clock as people name it: "Dublin" for Europe/Dublin."""
    return zone.rpartition("/")[2].replace("_", " ")


def read_time(typed: str, *, field: str = "time") -> time | None:
    """Return the time that was typed (10:30, 10.30 or 9), None for nothing. Raises RuleBroken."""
    text = typed.strip().replace(".", ":")
    if not text:
        return None
    hour, _, minute = text.partition(":")
    good = hour.isascii() and hour.isdigit() and len(hour) <= 2 and int(hour) < 24
    if good and ":" not in text:
        return time(int(hour))
    if good and minute.isascii() and minute.isdigit() and len(minute) == 2 and int(minute) < 60:
        return time(int(hour), int(minute))
    raise RuleBroken(f"{shown(typed)} is not a time: write it as 10:30.", field=field)


def moment(day: date, at: time, zone: str) -> datetime:
    """Return the moment in UTC at which it is that time on that day by that clock.

    Where the clocks are put back a time comes twice, and the first is meant. Raises RuleBroken for a clock
    that nobody knows, and for a time that the day does not have because the clocks are put forward.
    """
    if zone not in zones():
        raise RuleBroken(f"There is no clock {shown(zone)}.", field="zone")
    local = datetime.combine(day, at, ZoneInfo(zone))
    found = local.astimezone(UTC)
    if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise RuleBroken(
            f"It is never {at:%H:%M} on that day in {zone_words(zone)}: the clocks are put forward.",
            field="time",
        )
    return found


def local_time(starts_at: datetime, zone: str) -> time:
    """Return the time by the clock of the place."""
    return starts_at.astimezone(ZoneInfo(zone)).time().replace(tzinfo=None)


def local_day(at: datetime, zone: str) -> date:
    """Return the day of a moment by the clock of a place."""
    return at.astimezone(ZoneInfo(zone)).date()
