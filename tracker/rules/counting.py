"""Counting periods under Regulation (EEC, Euratom) 1182/71, day by day and with every reason.

The day of the event is not counted (Art. 3(1)); holidays, Saturdays and Sundays inside a period count
(Art. 3(3)), at its end they do not (Art. 3(4)); a period of two days or more has two working days at least
(Art. 3(5)). Neither is said of periods that are counted back, and Art. 3(4) not of hours.
What a state counts otherwise stands in counting_national.py and never changes what is counted here.
"""

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.errors import RuleBroken
from tracker.rules.calendars import ONE_DAY, Calendar, Days, with_weekday
from tracker.rules.closed_days import Beside
from tracker.rules.days import EARLIEST, LATEST, words
from tracker.rules.lengths import Length, Unit

REGULATION = "Reg 1182/71"
ROLL = f"{REGULATION} Art 3(4)"
TWO_DAYS = f"{REGULATION} Art 3(5)"
OUTSIDE_THE_UNION = frozenset({"IS", "LI", "NO"})


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
            # The hour is not known, so the last one that the event can have had counts, and a part of a day
            # reaches into one more.
            day = event + timedelta(days=-(-number // 24))
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
    if length.backward:
        return count_back(event, length, calendar)
    if length.unit is Unit.HOURS:
        return count_hours(event, length, calendar)
    nominal = moved(event, length)
    reasons = [_start(event, length), _end(event, length, nominal)]
    due, skipped = to_working_day(nominal, calendar)
    if skipped:
        reasons.append(Reason(not_working(skipped, due), ROLL))
    due, more = with_two_working_days(event, length, due, calendar)
    if more is not None:
        reasons.append(Reason(too_few_working(due), TWO_DAYS))
    certain, uncertain = _latest(event, length, nominal, due, calendar)
    # Whether the Regulation binds the three states of the EEA that are outside the Union was not found.
    doubtful = due != nominal and calendar.code[:2] in OUTSIDE_THE_UNION
    safe = back_to_working_day(nominal, calendar, not_before=event) if doubtful else due
    if doubtful:
        uncertain.append(
            f"That {REGULATION} binds Iceland, Liechtenstein and Norway was not verified: without it the "
            f"period ends on {with_weekday(nominal)}, and {with_weekday(safe)} is safe."
        )
    return Counted(
        event=event,
        length=length,
        nominal=nominal,
        due=due,
        safe=safe,
        certain=certain,
        skipped=(*skipped, *(more or ())),
        reasons=tuple(reasons),
        calendar=calendar.code,
        version=calendar.version,
        uncertain=tuple(uncertain),
    )


def count_back(event: date, length: Length, calendar: Calendar, *, basis: str = ROLL) -> Counted:
    """Return the last day for what has to be done so long before the event.

    The day stays where it is. Whoever has to act is safe on a working day before it, with two working days in
    between as in any period (Art. 3(5)).
    """
    nominal = safe = moved(event, length)
    while calendar.closed(safe) or _too_few_until(event, length, safe, calendar):
        safe -= ONE_DAY
    uncertain = (
        ()
        if safe == nominal
        else (
            f"An act on {with_weekday(nominal)} may only be received on a later day, or leave fewer than two "
            f"working days: {with_weekday(safe)} is safe.",
        )
    )
    return Counted(
        event=event,
        length=length,
        nominal=nominal,
        due=nominal,
        safe=safe,
        certain=nominal,
        skipped=(),
        reasons=(
            _start(event, length),
            _end(event, length, nominal),
            Reason("A period counted back does not move to a working day", basis),
        ),
        calendar=calendar.code,
        version=calendar.version,
        uncertain=uncertain,
    )


def count_hours(event: date, length: Length, calendar: Calendar) -> Counted:
    """Return the day on which a period in hours ends at the latest; the hour of the event is not known.

    Art. 3(4) is not for hours. Whether Art. 3(5) is (two working days in every period of two days or more)
    is debated, so `certain` counts with it and `due` without. `safe` is the last day that is whole.
    """
    nominal = moved(event, length)
    certain = nominal
    if length.number >= 48:
        certain = with_two_working_days(event, length, nominal, calendar)[0]
    safe = max(event, event + timedelta(days=(length.number + 1) // 24 - 1))
    uncertain = [
        "The hour of the event is not known. Counted from the first hour of that day, the period ends before "
        f"{with_weekday(nominal)} is over: {with_weekday(safe)} is the last day that is safe as a whole."
    ]
    if certain != nominal:
        uncertain.append(
            "Whether a period in hours has two working days at least (Art 3(5)) is debated: counted so, it "
            f"ends on {with_weekday(certain)}."
        )
    return Counted(
        event=event,
        length=length,
        nominal=nominal,
        due=nominal,
        safe=safe,
        certain=certain,
        skipped=(),
        reasons=(
            _start(event, length),
            _end(event, length, nominal),
            Reason("A period in hours does not move to a working day at its end", ROLL),
        ),
        calendar=calendar.code,
        version=calendar.version,
        uncertain=tuple(uncertain),
    )


def file_from(latest: date, calendar: Calendar) -> date:
    """Return the first working day after the latest plausible end of what an authority owed (`certain`).

    An action for inaction that is brought before it may be inadmissible as premature. `calendar` is that of
    the court.
    """
    return to_working_day(latest + ONE_DAY, calendar)[0]


def to_working_day(day: date, calendar: Days) -> tuple[date, list[Skipped]]:
    """Return the first working day on or after the day, and the days before it that are none."""
    skipped: list[Skipped] = []
    while name := calendar.closed(day):
        skipped.append(Skipped(day, name))
        day += ONE_DAY
    return day, skipped


def back_to_working_day(day: date, calendar: Days, *, not_before: date = EARLIEST) -> date:
    """Return the last working day on or before the day; `not_before` where there is none after that."""
    while day > not_before and calendar.closed(day):
        day -= ONE_DAY
    return day


def with_two_working_days(
    event: date, length: Length, due: date, calendar: Days
) -> tuple[date, list[Skipped] | None]:
    """Return the end with at least two working days in the period, and the days passed over on the way.

    None instead of the days where there were two already, and where the period is shorter than two days.
    """
    if length.unit is Unit.DAYS and length.number < 2:
        return due, None
    # Looked for from the end, so that a period of years does not ask for years of which nothing is known.
    day, working = due, 0
    while day >= (event if length.inclusive else event + ONE_DAY) and working < 2:
        working += calendar.closed(day) is None
        day -= ONE_DAY
    if working == 2:
        return due, None
    passed: list[Skipped] = []
    while working < 2:
        due += ONE_DAY
        name = calendar.closed(due)
        if name is None:
            working += 1
        else:
            passed.append(Skipped(due, name))
    return due, passed


def _latest(
    event: date, length: Length, nominal: date, due: date, calendar: Calendar
) -> tuple[date, list[str]]:
    """Return the end past days that may be holidays, and the sentence that names the first of them."""
    wider = Beside(calendar, doubtful=True)
    later, passed = to_working_day(nominal, wider)
    later, more = with_two_working_days(event, length, later, wider)
    return later, doubted([*passed, *(more or ())], later, calendar) if later != due else []


def doubted(passed: Sequence[Skipped], later: date, days: Days) -> list[str]:
    """Return the sentence on the first passed day on which perhaps nothing ends, or none."""
    return [
        f"{with_weekday(it.day)} may be a day on which nothing ends ({it.name}): the period then ends on "
        f"{with_weekday(later)}."
        for it in passed
        if days.closed(it.day) is None
    ][:1]


def not_working(skipped: Sequence[Skipped], due: date) -> str:
    """Return the sentence that names each day at the end that is no working day, and the one that is."""
    named = ", ".join(f"{with_weekday(it.day)} ({it.name})" for it in skipped)
    return f"No working day: {named}. The period ends on {with_weekday(due)}"


def too_few_working(due: date) -> str:
    """Return the sentence of Art. 3(5)."""
    return f"Fewer than two working days lie in the period, so it ends on {with_weekday(due)}"


def _too_few_until(event: date, length: Length, day: date, calendar: Calendar) -> bool:
    """Return whether fewer than two working days lie from `day` to the day before the event."""
    if length.unit is Unit.DAYS and length.number < 2:
        return False
    between = (day + ONE_DAY * it for it in range(min((event - day).days, 20)))
    return sum(calendar.is_working(it) for it in between) < 2


def how_long_from(length: Length, event: date) -> str:
    """Return "1 month from 5 March 2026", "28 days from 3 March 2026, the first day counted,"."""
    counted = ", the first day counted," if length.inclusive else ""
    return f"{length.words.partition(',')[0]} from {words(event)}{counted}"


def no_such_day(length: Length, event: date, end: date) -> str:
    """Return the words to add where a month has no such date (31 January and one month), or nothing."""
    if length.unit not in (Unit.MONTHS, Unit.YEARS) or end.day >= event.day or (end + ONE_DAY).day != 1:
        return ""
    return f": there is no {event.day} in that month, so it is its last day"


def _start(event: date, length: Length) -> Reason:
    if length.inclusive:
        return Reason(f"Counting begins on {with_weekday(event)} itself", "the day is included")
    if length.unit is Unit.HOURS:
        return Reason(
            f"The hour of the event on {with_weekday(event)} is not counted", f"{REGULATION} Art 3(1)"
        )
    return Reason(f"The day of the event, {with_weekday(event)}, is not counted", f"{REGULATION} Art 3(1)")


def _end(event: date, length: Length, nominal: date) -> Reason:
    verb = "ends" if length.number == 1 else "end"
    text = f"{how_long_from(length, event)} {verb} on {with_weekday(nominal)}"
    if length.backward:
        text = f"{length.words[:1].upper()}{length.words[1:]} {words(event)} is {with_weekday(nominal)}"
    text += no_such_day(length, event, nominal)
    point = {Unit.HOURS: "(a)", Unit.DAYS: "(b)"}.get(length.unit, "(c)")
    return Reason(text, f"{REGULATION} Art 3(2){point}")


def _months_away(event: date, number: int) -> date:
    year, month = divmod(event.year * 12 + event.month - 1 + number, 12)
    return date(year, month + 1, min(event.day, months.monthrange(year, month + 1)[1]))


def _outside(event: date, length: Length) -> RuleBroken:
    return RuleBroken(
        f"{length.words} from {words(event)} lies outside {EARLIEST.year} to {LATEST.year}.", field="period"
    )
