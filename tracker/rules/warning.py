"""When a deadline of our own is warned of: at so many days left, and at an internal day counted back."""

from collections.abc import Collection
from datetime import date

from tracker.errors import RuleBroken
from tracker.rules.calendars import ONE_DAY, Calendar


def warned(left: int | None, days: Collection[int]) -> int | None:
    """Return the lowest of the days at which is warned that has been reached, None while there is time.

    `left` are the days to the last one: 0 on it, below zero after it; None where the end is not known.
    """
    return None if left is None else min((it for it in days if left <= it), default=None)


def internal_day(last: date, working_days: int, calendar: Calendar) -> date | None:
    """Return the working day that lies so many working days before the last day; the last day for 0.

    None where that is not in the years of the calendar: nothing is guessed there.
    """
    day = last
    try:
        for _ in range(working_days):
            day -= ONE_DAY
            while not calendar.is_working(day):
                day -= ONE_DAY
    except RuleBroken:
        return None
    return day
