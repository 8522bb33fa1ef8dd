"""Days, also those of which only the month or the year is known; spans of time in words."""

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from tracker.errors import RuleBroken
from tracker.rules.text import shown
from tracker.rules.vocabulary import Precision

#: No day outside these is taken in: nothing of ours is older, and sums with later ones would overflow.
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
#: On average.
DAYS_IN_A_MONTH = 365.25 / 12

_WRITTEN = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_SPOKEN = re.compile(r"(?:([0-9]{1,2}) )?([A-Za-z]{3,9}) ([0-9]{4})")
_ROUGHNESS = {Precision.DAY: 0, Precision.MONTH: 1, Precision.YEAR: 2, Precision.UNKNOWN: 3}

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as exactly as it is known.

    `value` is the first of the month or year where only these are known, and None where nothing is;
    a value that says more than its precision is brought down to it.
    """

    value: date | None
    precision: Precision

    def __hash__(self) -> int:
        """Return what equal days share. Pages look up hundreds, and the precision tells few of them apart."""
        return hash(self.value)

    def __post_init__(self) -> None:
        """Bring value and precision in line, so that no day ever looks sharper than it is."""
        value = None if self.precision is Precision.UNKNOWN else self.value
        if value is None:
            object.__setattr__(self, "precision", Precision.UNKNOWN)
        elif self.precision is not Precision.DAY:
            value = value.replace(month=1 if self.precision is Precision.YEAR else value.month, day=1)
        object.__setattr__(self, "value", value)

    @staticmethod
    def parse(
        text: str | date | int | None, precision: Precision | None = None, *, field: str = "day"
    ) -> "Day":
        """Return the day meant by "2024-06-06", "2024-03", "2024", "6 June 2024", a date, a year, or nothing.

        `precision` may say that less is known than is written, never more. Raises RuleBroken for a day
        that does not exist, lies outside 1990 to 2100, or is not understood.
        """
        value, exact = _taken_apart(text, field)
        precision = precision or exact
        if _ROUGHNESS[precision] < _ROUGHNESS[exact]:
            lacking = (
                f"{shown(str(text))} does not say which {precision.value}" if value else "No day is given"
            )
            raise RuleBroken(f"{lacking}: complete it, or say how exactly it is known.", field=field)
        if precision is Precision.UNKNOWN and value is not None:
            raise RuleBroken("A day that is not known has no date: leave the date empty.", field=field)
        return Day(value, precision)

    @property
    def iso(self) -> str | None:
        """Return "2024-06-06", "2024-03", "2024", or None."""
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}.get(self.precision, 0)
        return self.value.isoformat()[:length] if self.value else None

    @property
    def words(self) -> str:
        """Return "6 June 2024", "March 2024", "2024" or "day not known"."""
        if self.value is None:
            return "day not known"
        if self.precision is Precision.DAY:
            return words(self.value)
        return words(self.value)[2:] if self.precision is Precision.MONTH else str(self.value.year)

    @property
    def when(self) -> str:
        """Return "on 6 June 2024", "in March 2024", "in 2024" or "on a day that is not known"."""
        if self.value is None:
            return "on a day that is not known"
        return f"{'on' if self.precision is Precision.DAY else 'in'} {self.words}"

    @property
    def month(self) -> "Day":
        """Return the month in which it lies, or itself where less is known."""
        return Day(self.value, Precision.MONTH) if self.precision is Precision.DAY else self

    @property
    def rule(self) -> str:
        """Return under what it stands in a protocol: "June 2024", or "2024" or "Day not known"."""
        return self.month.words[:1].upper() + self.month.words[1:]

    @property
    def first(self) -> date | None:
        """Return the first day that it can be; None where nothing is known."""
        return self.value

    @property
    def last(self) -> date | None:
        """Return the last day that it can be, inclusive; None where nothing is known."""
        if self.value is None or self.precision is Precision.DAY:
            return self.value
        month = 12 if self.precision is Precision.YEAR else self.value.month
        return self.value.replace(month=month, day=calendar.monthrange(self.value.year, month)[1])

    @property
    def sort_key(self) -> tuple[date, date]:
        """Return a key that sorts by the first, then the last possible day; what is not known comes first."""
        return (self.first or EARLIEST, self.last or LATEST)


UNKNOWN_DAY = Day(None, Precision.UNKNOWN)


def earliest(known: Iterable[Day]) -> Day:
    """Return the first of the days, as precisely as it is known; those that are not known do not count."""
    return min((it for it in known if it.value is not None), key=lambda it: it.sort_key, default=UNKNOWN_DAY)


def words(day: date) -> str:
    """Return "6 June 2024"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def span(start: date, end: date) -> str:
    """Return the time from start to end in full years and months, or in days where it is under a month.

    A month ends on the same date of the next month, or on its last day where there is no such date
    (as in Reg. (EEC, Euratom) 1182/71 Art. 3). "today" where both are one day. Raises ValueError
    where the end lies before the start.
    """
    if end < start:
        raise ValueError(f"{end} lies before {start}")
    months = _months(start, end)
    last_day = calendar.monthrange(end.year, end.month)[1]
    if end.day < min(start.day, last_day):
        months -= 1
    if months:
        return _years_and_months(months)
    return _counted((end - start).days, "day") if end > start else "today"


def length(days: int) -> str:
    """Return a number of days as people say it: in days up to two months, else in the months that are full.

    A month is the twelfth part of a year, because the days belong to no calendar. Nobody has waited for a
    month that is not over, but for the part of a day by which a year is longer than 365.
    """
    return _counted(days, "day") if days <= 60 else _years_and_months(int((days + 1) / DAYS_IN_A_MONTH))


def how_long(start: Day, end: Day) -> str | None:
    """Return the time between two days as exactly as they are known ("about 2 years").

    None where nobody can say, and where the end does not lie after the start.
    """
    if start.value is None or end.value is None or end.value <= start.value:
        return None
    roughness = max(_ROUGHNESS[start.precision], _ROUGHNESS[end.precision])
    if roughness == 0:
        return span(start.value, end.value)
    months = _months(start.value, end.value) if roughness == 1 else 12 * (end.value.year - start.value.year)
    return f"about {_years_and_months(months)}" if months else None


def refuse_future(day: Day, today: date, *, field: str = "day") -> None:
    """Raise RuleBroken where the day cannot have come yet."""
    if day.first is not None and day.first > today:
        raise RuleBroken(f"{day.words} has not come yet: today is {words(today)}.", field=field)


def in_order(
    items: Sequence[Item], *, day: Callable[[Item], Day], number: Callable[[Item], int]
) -> list[Item]:
    """Return the items as they happened: by day, then by number.

    What is known to the month or less precisely is placed after everything that was recorded before it,
    as far as its own limits allow.
    """
    placed: list[tuple[date, int, Item]] = []
    latest = EARLIEST
    for item in sorted(items, key=number):
        known = day(item)
        at = min(max(known.first or EARLIEST, latest), known.last or LATEST)
        latest = max(latest, at)
        placed.append((at, number(item), item))
    return [item for _, _, item in sorted(placed, key=lambda it: it[:2])]


def _taken_apart(text: object, field: str) -> tuple[date | None, Precision]:
    """Return the first possible day and how exactly it is written. Raises RuleBroken."""
    if text is None or (isinstance(text, str) and not text.strip()):
        return None, Precision.UNKNOWN
    if isinstance(text, date) and not isinstance(text, datetime):
        return _checked(text.year, text.month, text.day, field), Precision.DAY
    if isinstance(text, int) and not isinstance(text, bool):
        return _checked(text, None, None, field), Precision.YEAR
    if isinstance(text, str) and len(text) <= 40:
        typed = " ".join(text.split())
        if found := _WRITTEN.fullmatch(typed):
            year, month, day = (int(part) if part else None for part in found.groups())
        elif found := _SPOKEN.fullmatch(typed):
            names = [name for name in MONTHS if name.lower().startswith(found[2].lower())]
            year, month = int(found[3]), MONTHS.index(names[0]) + 1 if names else 0
            day = int(found[1]) if found[1] else None
        else:
            year, month, day = None, None, None
        if year is not None and month != 0:
            precision = Precision.DAY if day is not None else Precision.MONTH if month else Precision.YEAR
            return _checked(year, month, day, field), precision
    raise RuleBroken(f"{shown(text)} is not a day: write 2024-06-06, 2024-03 or 2024.", field=field)


def _checked(year: int, month: int | None, day: int | None, field: str) -> date:
    """Return the first day meant, or raise RuleBroken saying what is wrong with it."""
    if not EARLIEST.year <= year <= LATEST.year:
        named = f"The year {year}" if 0 <= year <= 9999 else "This year"
        raise RuleBroken(f"{named} is outside {EARLIEST.year} to {LATEST.year}.", field=field)
    month, day = 1 if month is None else month, 1 if day is None else day
    if not 1 <= month <= 12:
        raise RuleBroken(f"There is no month {month}.", field=field)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        # 29 February exists in some years, so there the year belongs to the answer.
        in_year = f" {year}" if (day, month) == (29, 2) else ""
        raise RuleBroken(f"{day} {MONTHS[month - 1]}{in_year} does not exist.", field=field)
    return date(year, month, day)


def _months(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month


def _years_and_months(months: int) -> str:
    years, rest = divmod(months, 12)
    parts = [_counted(years, "year")] if years else []
    return " and ".join([*parts, _counted(rest, "month")] if rest else parts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
