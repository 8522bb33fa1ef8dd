"""Counting a second time, slowly, from the words of the law and nothing of tracker/rules/counting.

Each function reads like the provision that it follows. Days are walked through one by one, hours hour by
hour; there is no arithmetic with months. Only the list of holidays is the same.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

Holidays = Mapping[date, str]
DAY = timedelta(days=1)


def last_of_month(day: date) -> bool:
    """Say whether tomorrow is the first."""
    return (day + DAY).day == 1


def same_day_of_a_later_month(event: date, months: int) -> date:
    """Walk until so many months have begun; stop on the date of the event or the last of that month."""
    day, begun = event, 0
    while True:
        day += DAY
        if day.day == 1:
            begun += 1
        if begun == months and (day.day == event.day or (last_of_month(day) and day.day < event.day)):
            return day


def same_day_of_an_earlier_month(event: date, months: int) -> date:
    """Walk back until so many months have ended, and stop on the date of the event or before it."""
    day, ended = event, 0
    while True:
        day -= DAY
        if last_of_month(day):
            ended += 1
        if ended == months and day.day <= event.day:
            return day


def days_later(event: date, days: int) -> date:
    """Count on, day by day, the day of the event not included."""
    for _ in range(days):
        event += DAY
    return event


def days_earlier(event: date, days: int) -> date:
    """Count back, day by day."""
    for _ in range(days):
        event -= DAY
    return event


def hours_later(event: date, hours: int) -> date:
    """Begin after an event in the last hour of its day; return the day of the last hour."""
    clock = datetime(event.year, event.month, event.day, 23)
    for _ in range(hours):
        clock += timedelta(hours=1)
    return clock.date()


def nominal_end(event: date, number: int, unit: str, *, backward: bool, inclusive: bool) -> date:
    """Return the end before holidays are asked."""
    if unit == "h":
        return hours_later(event, number)
    if unit in "dw":
        days = number * 7 if unit == "w" else number
        if inclusive:
            days -= 1
        return days_earlier(event, days) if backward else days_later(event, days)
    months = number * 12 if unit == "y" else number
    return (
        same_day_of_an_earlier_month(event, months) if backward else same_day_of_a_later_month(event, months)
    )


def is_open(day: date, holidays: Holidays, also: Callable[[date], bool] = lambda _: False) -> bool:
    """Say whether the day is neither Saturday nor Sunday nor a holiday."""
    return f"{day:%a}" not in ("Sat", "Sun") and day not in holidays and not also(day)


def next_open(day: date, holidays: Holidays, also: Callable[[date], bool] = lambda _: False) -> date:
    """Return the day, or the first open one after it."""
    while not is_open(day, holidays, also):
        day += DAY
    return day


def open_days(first: date, last: date, holidays: Holidays) -> int:
    """Count the open days from first to last."""
    number = 0
    while first <= last:
        if is_open(first, holidays):
            number += 1
        first += DAY
    return number


def by_the_regulation(
    event: date, number: int, unit: str, holidays: Holidays, *, backward: bool, inclusive: bool
) -> tuple[date, date]:
    """Return the nominal end and the last day under Regulation 1182/71."""
    nominal = nominal_end(event, number, unit, backward=backward, inclusive=inclusive)
    if backward or unit == "h":
        return nominal, nominal
    last = next_open(nominal, holidays)
    if unit != "d" or number >= 2:
        first = event if inclusive else event + DAY
        while open_days(first, last, holidays) < 2:
            last = next_open(last + DAY, holidays)
    return nominal, last


def western_easter(year: int) -> date:
    """Return the Sunday after the first full moon of spring, from the tables of the Church (1900 to 2199)."""
    moons = (
        "14.4 3.4 23.3 11.4 31.3 18.4 8.4 28.3 16.4 5.4 25.3 13.4 2.4 22.3 10.4 30.3 17.4 7.4 27.3".split()
    )
    number, month = moons[year % 19].split(".")
    day = date(year, int(month), int(number)) + DAY
    while f"{day:%a}" != "Sun":
        day += DAY
    return day


def closed_in_austria(day: date) -> bool:
    """Good Friday and 24 December."""
    return (day.month, day.day) == (12, 24) or day + 2 * DAY == western_easter(day.year)


def closed_in_the_netherlands(day: date) -> bool:
    """Good Friday and 5 May."""
    return (day.month, day.day) == (5, 5) or day + 2 * DAY == western_easter(day.year)


def closed_in_sweden(day: date) -> bool:
    """The eves of midsummer, Christmas and New Year."""
    eve = f"{day:%a}" == "Fri" and day.month == 6 and 20 <= (day + DAY).day <= 26
    return eve or (day.month, day.day) in ((12, 24), (12, 31))


def without_august(event: date, number: int, unit: str) -> date:
    """Count only days that are not in August, or months that are none (Spain)."""
    day = event
    if (day + DAY).month == 8:
        day = date(event.year, 7, 31)
    if unit in "dw":
        left = number * 7 if unit == "w" else number
        while left:
            day += DAY
            if day.month != 8:
                left -= 1
        return day
    target, left = day.day, number * 12 if unit == "y" else number
    while left:
        day += DAY
        if day.day == 1 and day.month != 8:
            left -= 1
    while day.day != target and not last_of_month(day):
        day += DAY
    return day


def open_days_later(event: date, number: int, holidays: Holidays, *, august: bool) -> date:
    """Count open days only (Spain)."""
    while number:
        event += DAY
        if is_open(event, holidays) and (august or event.month != 8):
            number -= 1
    return event


def by_state(state: str, event: date, number: int, unit: str, holidays: Holidays) -> tuple[date, date]:
    """Return the nominal end and the last day for a period that a state counts forward, in days to years."""
    nominal = nominal_end(event, number, unit, backward=False, inclusive=False)
    match state:
        case "IE":
            nominal -= DAY
            return nominal, nominal
        case "FR":
            nominal += DAY
        case "AT":
            return nominal, next_open(nominal, holidays, closed_in_austria)
        case "SE":
            return nominal, next_open(nominal, holidays, closed_in_sweden)
        case "ES" if unit == "d":
            nominal = open_days_later(event, number, holidays, august=True)
        case "ES-COURT":
            nominal = (
                open_days_later(event, number, holidays, august=False)
                if unit == "d"
                else without_august(event, number, unit)
            )
        case "IT-COURT" if unit in "dw":
            nominal = without_august(event, number, unit)
        case "NL":
            return nominal, in_the_netherlands(event, nominal, number, unit, holidays)
    return nominal, next_open(nominal, holidays)


def in_the_netherlands(event: date, nominal: date, number: int, unit: str, holidays: Holidays) -> date:
    """Apply Art 1, 2 and 4 of the Algemene termijnenwet."""
    if unit == "y" or number > {"d": 90, "w": 12, "m": 3}[unit]:
        return nominal
    last = next_open(nominal, holidays, closed_in_the_netherlands)
    day, found = event + DAY, 0
    while unit != "d" or number >= 3:
        if is_open(day, holidays, closed_in_the_netherlands):
            found += 1
        if found == 2:
            return max(last, day)
        day += DAY
    return last
