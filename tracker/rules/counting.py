"""Counting periods under Regulation (EEC, Euratom) 1182/71, day by day and with every reason.

The day of the event is not counted (Art. 3(1)); holidays, Saturdays and Sundays inside a period count
(Art. 3(3)), at its end they do not (Art. 3(4)); a period of two days or more has two working days at least
(Art. 3(5)).
What a state counts otherwise stands in counting_national.py and never changes what is counted here.
"""

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import RuleBroken
from tracker.rules.calendars import ONE_DAY, Calendar, with_weekday
from tracker.rules.days import EARLIEST, LATEST, words
from tracker.rules.lengths import Length, Unit

REGULATION = "Reg 1182/71"
ROLL = f"{REGULATION} Art 3(4)"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a count in words, with the law it rests on."""

    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day at the end of a period on which it cannot end, with its name."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The end of a period, with all that led there. All days are inclusive: the period ends at their 24:00.

    `nominal` is the end before holidays are asked, `due` the legal last day. `safe` is the earliest end that
    can be argued and `certain` the latest: equal to `due` where nothing is in doubt. `uncertain` says in
    sentences why they differ.
    """

    event: date
    length: Length
    nominal: date
    due: date
    safe: date
    certain: date
    skipped: tuple[Skipped, ...]
    reasons: tuple[Reason, ...]
    calendar: str
    version: str
    uncertain: tuple[str, ...] = ()


def moved(event: date, length: Length) -> date:
    """Return the day that lies the length after (or before) the event, a month end for a day that is none.

    Reg. (EEC, Euratom) 1182/71 Art. 3(2)(b), (c). Raises RuleBroken for a day outside 1990 to 2100.
    """
    sign = -1 if length.backward else 1
    number = length.number * sign
    try:
        if length.unit is Unit.DAYS:
            day = event + timedelta(days=number - 1 if length.inclusive else number)
        elif length.unit is Unit.WEEKS:
            day = event + timedelta(weeks=number)
        elif length.unit is Unit.HOURS:
            # The hour is not known, so the last one that the event can have had counts.
            day = event + timedelta(hours=number)
        else:
            day = _months_away(event, number if length.unit is Unit.MONTHS else 12 * number)
    except (OverflowError, ValueError) as error:
        raise _outside(event, length) from error
    if not EARLIEST <= day <= LATEST:
        raise _outside(event, length)
    return day


def count(event: date, length: Length, calendar: Calendar) -> Counted:
    """Return the end of a period that runs from the day of the event, for who has to act at that place.

    Raises RuleBroken where the end lies outside the years of the calendar.
    """
    nominal = moved(event, length)
    reasons = [_start(event, length), _end(event, length, nominal)]
    if length.backward:
        reasons.append(
            Reason("A period counted back does not move to a working day", f"{REGULATION} Art 3(4)")
        )
        return _counted(event, length, nominal, nominal, [], reasons, calendar)
    if length.unit is Unit.HOURS:
        reasons.append(Reason("A period in hours does not move to a working day at its end", ROLL))
        return _counted(event, length, nominal, nominal, [], reasons, calendar)
    due, skipped = to_working_day(nominal, calendar)
    if skipped:
        named = ", ".join(f"{with_weekday(it.day)} ({it.name})" for it in skipped)
        reasons.append(
            Reason(
                f"No working day: {named}. The period ends on {with_weekday(due)}", f"{REGULATION} Art 3(4)"
            )
        )
    due, more = _two_working_days(event, length, due, calendar)
    if more:
        reasons.append(
            Reason(
                f"Fewer than two working days lie in the period, so it ends on {with_weekday(due)}",
                f"{REGULATION} Art 3(5)",
            )
        )
    return _counted(event, length, nominal, due, [*skipped, *more], reasons, calendar)


def to_working_day(day: date, calendar: Calendar) -> tuple[date, list[Skipped]]:
    """Return the first working day on or after the day, and the days before it that are none."""
    skipped: list[Skipped] = []
    while name := calendar.closed(day):
        skipped.append(Skipped(day, name))
        day += ONE_DAY
    return day, skipped


def back_to_working_day(day: date, calendar: Calendar) -> date:
    """Return the last working day on or before the day."""
    while calendar.closed(day):
        day -= ONE_DAY
    return day


def _two_working_days(
    event: date, length: Length, due: date, calendar: Calendar
) -> tuple[date, list[Skipped]]:
    """Return the end with at least two working days in the period, and the days passed over on the way."""
    if length.unit is Unit.DAYS and length.number < 2:
        return due, []
    day, working = event + ONE_DAY, 0
    while day <= due and working < 2:
        working += calendar.is_working(day)
        day += ONE_DAY
    passed: list[Skipped] = []
    while working < 2:
        due += ONE_DAY
        name = calendar.closed(due)
        if name is None:
            working += 1
        else:
            passed.append(Skipped(due, name))
    return due, passed


def _counted(
    event: date,
    length: Length,
    nominal: date,
    due: date,
    skipped: list[Skipped],
    reasons: list[Reason],
    calendar: Calendar,
) -> Counted:
    return Counted(
        event=event,
        length=length,
        nominal=nominal,
        due=due,
        safe=due,
        certain=due,
        skipped=tuple(skipped),
        reasons=tuple(reasons),
        calendar=calendar.code,
        version=calendar.version,
    )


def _start(event: date, length: Length) -> Reason:
    if length.inclusive:
        return Reason(f"Counting begins on {with_weekday(event)} itself", "the day is included")
    if length.unit is Unit.HOURS:
        return Reason(
            f"The hour of the event on {with_weekday(event)} is not counted", f"{REGULATION} Art 3(1)"
        )
    return Reason(f"The day of the event, {with_weekday(event)}, is not counted", f"{REGULATION} Art 3(1)")


def _end(event: date, length: Length, nominal: date) -> Reason:
    text = f"{length.words[:1].upper()}{length.words[1:]} from {words(event)} ends on {with_weekday(nominal)}"
    if length.backward:
        text = f"{length.words[:1].upper()}{length.words[1:]} {words(event)} is {with_weekday(nominal)}"
    if length.unit in (Unit.MONTHS, Unit.YEARS) and nominal.day != event.day:
        text += f": there is no {event.day} in that month, so it is its last day"
    point = {Unit.HOURS: "(a)", Unit.DAYS: "(b)"}.get(length.unit, "(c)")
    return Reason(text, f"{REGULATION} Art 3(2){point}")


def _months_away(event: date, number: int) -> date:
    year, month = divmod(event.year * 12 + event.month - 1 + number, 12)
    return date(year, month + 1, min(event.day, months.monthrange(year, month + 1)[1]))


def _outside(event: date, length: Length) -> RuleBroken:
    return RuleBroken(
        f"{length.words} from {words(event)} lies outside {EARLIEST.year} to {LATEST.year}.", field="period"
    )
