"""Days on which no period ends under the law of a state although no calendar lists them as holidays."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.rules.calendars import Calendar


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day that a law names, or some days in a row, with the law."""

    name: str
    basis: str
    falls: Callable[[date], bool]


class Beside:
    """A calendar as the law of one state reads it, with the days that it adds. The calendar itself stays."""

    def __init__(
        self, calendar: Calendar, more: tuple[ClosedDay, ...] = (), *, doubtful: bool = False
    ) -> None:
        """Read the calendar together with the days of the law, and with those that may be holidays."""
        self.calendar, self.more, self.doubtful = calendar, more, doubtful

    def closed(self, day: date) -> str | None:
        """Return why the day is no working day, None where it is one. Raises RuleBroken as Calendar does."""
        if named := self.calendar.closed(day):
            return named
        if named := next((f"{it.name}, {it.basis}" for it in self.more if it.falls(day)), None):
            return named
        return self.calendar.doubtful.get(day) if self.doubtful else None


def easter_sunday(year: int) -> date:
    """Return Easter Sunday of the western churches (the Gregorian computus)."""
    golden, century = year % 19, year // 100
    skipped = century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15
    moon = skipped % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    sunday = moon - (year + year // 4 + moon + 2 - century + century // 4) % 7
    month = 3 + (sunday + 40) // 44
    return date(year, month, sunday + 28 - 31 * (month // 4))


def orthodox_easter(year: int) -> date:
    """Return Easter Sunday of the orthodox churches, as a day of the calendar in use (1900 to 2099)."""
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)


def after_easter(days: int) -> Callable[[date], bool]:
    """Return the question whether a day lies so many days after Easter Sunday (-2 is Good Friday)."""
    return lambda day: day == easter_sunday(day.year) + timedelta(days=days)


def on(month: int, *days: int) -> Callable[[date], bool]:
    """Return the question whether a day is one of these days of that month."""
    return lambda day: day.month == month and day.day in days


def is_midsummer_eve(day: date) -> bool:
    """Return whether the day is the Friday before the Saturday from 20 to 26 June."""
    return day.month == 6 and day.weekday() == 4 and 19 <= day.day <= 25
