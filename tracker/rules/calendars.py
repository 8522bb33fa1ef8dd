"""Calendars: which days are public holidays somewhere, and which are working days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from tracker.errors import RuleBroken
from tracker.rules.days import MONTHS

ONE_DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: The calendar of a place of which nothing is said: Saturdays and Sundays only.
NO_PLACE = "none"
#: The calendar of the institutions of the Union, for the Board and the EDPS.
INSTITUTIONS = "EU"


class Days(Protocol):
    """Whatever knows which days are closed: a calendar, or one as a law of a state reads it."""

    def closed(self, day: date) -> str | None:
        """Return why the day is no working day, None where it is one."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The public holidays of one place, from the first of `first_year` to the last of `last_year`.

    `code` is a place ("IE", "DE-BE"), INSTITUTIONS or NO_PLACE. `holidays` are the names by day. `version`
    says from which data they come ("holidays 0.109, corrections 5f1c09ab"). `doubtful` are days that may be
    holidays: none moves the day that is due, and each moves the latest end that can be argued.
    """

    code: str
    name: str
    holidays: Mapping[date, str]
    first_year: int
    last_year: int
    version: str
    source: str
    doubtful: Mapping[date, str] = field(default_factory=dict)

    def closed(self, day: date) -> str | None:
        """Return why the day is no working day ("Saturday", "Easter Monday"), None where it is one.

        Raises RuleBroken for a day outside the years of the calendar: nothing is guessed there.
        """
        if not self.first_year <= day.year <= self.last_year:
            raise RuleBroken(
                f"The calendar of {self.name} covers {self.first_year} to {self.last_year}, not {day.year}: "
                "the end of this period has to be fixed by a person.",
                field="event",
            )
        named = self.holidays.get(day)
        if named:
            return named
        return WEEKDAYS[day.weekday()] if day.weekday() >= 5 else None

    def is_working(self, day: date) -> bool:
        """Return whether the day is a working day (Reg. (EEC, Euratom) 1182/71 Art. 2(2))."""
        return self.closed(day) is None


def with_weekday(day: date) -> str:
    """Return "Tuesday 7 April 2026"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"
