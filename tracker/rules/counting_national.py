"""Counting by the law that applies: Regulation 1182/71, or the law of a state, each a named way.

The calendar of a place is the same object for all of them. What a state adds to it, a day or a month, is
read beside it and never put into it, so no period of the Union can move because of a national rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tracker.errors import RuleBroken
from tracker.rules.calendars import ONE_DAY, Calendar, Days, with_weekday
from tracker.rules.closed_days import Beside
from tracker.rules.counting import (
    Counted,
    Reason,
    Skipped,
    back_to_working_day,
    count,
    count_back,
    count_hours,
    doubted,
    how_long_from,
    moved,
    no_such_day,
    not_working,
    to_working_day,
    too_few_working,
    with_two_working_days,
)
from tracker.rules.lengths import Length, Unit
from tracker.rules.ways_of_counting import LAWS, August, Law, Moves, Way, way_of

__all__ = ["Way", "count_by", "count_extended", "way_of"]

AUGUST, AUGUST_LASTS = 8, timedelta(days=31)
BY_MONTHS = (Unit.MONTHS, Unit.YEARS)


def count_by(way: Way, event: date, length: Length, calendar: Calendar) -> Counted:
    """Return the end of a period that runs from the day of the event, counted in that way.

    Raises RuleBroken where the end lies outside the years of the calendar.
    """
    if way is Way.REGULATION_1182_71:
        return count(event, length, calendar)
    if length.backward:
        return count_back(event, length, calendar, basis="national law, as Reg 1182/71 Art 3(4)")
    if length.unit is Unit.HOURS:
        return count_hours(event, length, calendar)
    return _Count(LAWS[way], event, length, calendar).counted()


def count_extended(way: Way, event: date, length: Length, more: Length, calendar: Calendar) -> Counted:
    """Return the end of a period that was extended, counted from the first event with the whole length.

    Where a law begins the extension at the end of the first period (§ 190 BGB), and where the two have other
    units, it is counted from there. Where the other reading ends on another day, `safe` and `certain` say so.
    """
    first = count_by(way, event, length, calendar)
    law = LAWS.get(way)
    from_the_end = law.from_the_end if law else ""
    try:
        whole = length.plus(more)
    except RuleBroken:
        whole, from_the_end = length, from_the_end or "the extension has a unit of its own"
    if from_the_end:
        then = _with_readings(
            count_by(way, first.due, more, calendar),
            [
                (f"With a first period that ends on {with_weekday(day)}", count_by(way, day, more, calendar))
                for day in sorted({first.safe, first.certain} - {first.due})
            ],
        )
        text = f"The extension of {more.words} begins where the first period ended, {with_weekday(first.due)}"
        return replace(
            then,
            event=event,
            length=whole,
            reasons=(*first.reasons, Reason(text, from_the_end), *then.reasons),
            uncertain=tuple(dict.fromkeys((*first.uncertain, *then.uncertain))),
        )
    total = count_by(way, event, whole, calendar)
    text = f"{length.words} and {more.words} more are one period of {whole.words} from the same event"
    total = replace(total, reasons=(Reason(text, "the extension runs from the first event"), *total.reasons))
    # Where a first or last day is special, a second period from that day would count it twice.
    if whole.backward or whole.inclusive or (law and (law.clear or law.first_day_counts)):
        return total
    text = "With the extension counted from the end of the first period, {}"
    return _with_readings(
        total,
        [
            (text.format(with_weekday(day)), count_by(way, day, more, calendar))
            for day in sorted({first.nominal, first.due})
        ],
    )


def _with_readings(counted: Counted, others: Iterable[tuple[str, Counted]]) -> Counted:
    """Return a count with what other readings come to: earliest and latest end, and a sentence for each."""
    told: dict[date, list[str]] = {}
    for text, other in others:
        if other.due != counted.due:
            told.setdefault(other.due, []).append(text)
            counted = replace(
                counted,
                safe=min(counted.safe, other.safe),
                certain=max(counted.certain, other.certain),
            )
    sentences = [
        f"{' or '.join([texts[0], *(it[:1].lower() + it[1:] for it in texts[1:])])}, "
        f"the period ends on {with_weekday(due)}."
        for due, texts in sorted(told.items())
    ]
    return replace(counted, uncertain=(*counted.uncertain, *sentences))


@dataclass(slots=True)
class _Count:
    """A count by a national law, with what is found on the way."""

    law: Law
    event: date
    length: Length
    calendar: Calendar
    reasons: list[Reason] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)

    def counted(self) -> Counted:
        """Return the end with its reasons."""
        law, days = self.law, Beside(self.calendar, self.law.closed)
        nominal, latest = self._nominal(days)
        due, skipped = to_working_day(nominal, days)
        moves, doubt = self._moves()
        safe = due
        if moves is Moves.YES:
            if skipped:
                self.reasons.append(Reason(not_working(skipped, due), law.move))
            due, more = self._with_two(due, days)
            safe, skipped = due, [*skipped, *more]
        elif skipped or law.other_end:
            earliest = min(nominal, nominal + ONE_DAY * law.other_end)
            # Nobody relies on a day on which it is not certain that an office is open.
            open_days = Beside(self.calendar, (*law.closed, *law.doubtful), doubtful=True)
            safe = back_to_working_day(earliest, open_days, not_before=self.event)
            self.uncertain.append(f"{doubt} {with_weekday(safe)} is safe.")
        if skipped and moves is Moves.NOT_ASSUMED:
            latest, due, skipped = max(latest, due), nominal, []
            self.reasons.append(Reason(f"{with_weekday(nominal)} is not moved", law.move))
        elif skipped and moves is Moves.DOUBTFUL:
            self.reasons.append(Reason(not_working(skipped, due), law.move))
        return Counted(
            event=self.event,
            length=self.length,
            nominal=nominal,
            due=due,
            safe=safe,
            certain=self._certain(max(latest, due), due, days),
            skipped=tuple(skipped),
            reasons=tuple(self.reasons),
            calendar=self.calendar.code,
            version=self.calendar.version,
            uncertain=tuple(self.uncertain),
        )

    def _nominal(self, days: Days) -> tuple[date, date]:
        """Return the last day before holidays are asked, and the latest one by another reading."""
        law, length = self.law, self.length
        begun = self._begun()
        if law.working_days and length.unit is Unit.DAYS:
            nominal = latest = self._working_days_after(begun, days)
        else:
            nominal, latest = self._without_august(begun)
        if law.first_day_counts and not length.inclusive:
            nominal, latest = nominal - ONE_DAY, latest - ONE_DAY
        told = how_long_from(length, self.event)
        if law.working_days and length.unit is Unit.DAYS:
            told += ", in working days,"
        verb = "ends" if length.number == 1 else "end"
        told += f" {verb} on {with_weekday(nominal)}{no_such_day(length, self.event, nominal)}"
        self.reasons.append(Reason(told, law.end))
        if law.clear:
            nominal, latest = nominal + ONE_DAY, latest + ONE_DAY
            self.reasons.append(
                Reason(f"The last day is not counted either: {with_weekday(nominal)}", law.clear)
            )
        return nominal, max(latest, nominal + ONE_DAY * law.other_end)

    def _begun(self) -> date:
        """Return the day after which counting begins: the event, or the end of an August."""
        event = self.event
        if self.length.inclusive or self.law.first_day_counts:
            self.reasons.append(Reason(f"Counting begins on {with_weekday(event)} itself", self.law.start))
        else:
            text = f"The day of the event, {with_weekday(event)}, is not counted"
            self.reasons.append(Reason(text, self.law.start))
        if self.law.august and (event + ONE_DAY).month == AUGUST:
            begun = date(event.year, AUGUST, 31)
            text = f"August does not count, so counting begins on {with_weekday(begun + ONE_DAY)}"
            self.reasons.append(Reason(text, self.law.august_basis))
            return begun
        return event

    def _working_days_after(self, begun: date, days: Days) -> date:
        day, left = begun, self.length.number
        if self.length.inclusive and days.closed(begun) is None:
            left -= 1
        while left:
            day += ONE_DAY
            left -= days.closed(day) is None and not (self.law.august and day.month == AUGUST)
        return day

    def _without_august(self, begun: date) -> tuple[date, date]:
        """Return the end with every August on the way made up for, and the end by the latest reading."""
        plain = moved(begun, self.length)
        if self.law.august is None:
            return plain, plain
        months, by_months = self._whole_months(begun)
        days, by_days = 0, plain
        while (passed := _augusts(begun, by_days)) > days:
            days, by_days = passed, plain + passed * AUGUST_LASTS
        counted_by_months = self.law.august is August.MONTH and self.length.unit in BY_MONTHS
        if passed := months if counted_by_months else days:
            text = "August is not counted" if passed == 1 else f"{passed} months of August are not counted"
            self.reasons.append(Reason(text, self.law.august_basis))
        if not counted_by_months:
            return by_days, by_days
        latest = by_days if begun == self.event else self._whole_months(begun + ONE_DAY)[1]
        return by_months, max(by_months, latest)

    def _whole_months(self, begun: date) -> tuple[int, date]:
        """Return how many Augusts lie on the way, and the end with a month more for each."""
        length, passed = self.length, 0
        if length.unit not in BY_MONTHS:
            return 0, begun
        number = length.number * (12 if length.unit is Unit.YEARS else 1)
        while True:
            end = moved(begun, Length(number + passed, Unit.MONTHS))
            if (found := _augusts(begun, end)) == passed:
                return passed, end
            passed = found

    def _moves(self) -> tuple[Moves, str]:
        """Return whether the end moves to a working day, and what is in doubt about it."""
        most = self.law.longest.get(self.length.unit.value)
        if most is not None and self.length.number > most:
            return Moves.NOT_ASSUMED, f"{self.law.move} does not apply to periods as long as this."
        return self.law.moves, self.law.doubt

    def _with_two(self, due: date, days: Days) -> tuple[date, list[Skipped]]:
        least = self.law.two_from
        if least is None or (self.length.unit is Unit.DAYS and self.length.number < least):
            return due, []
        later, more = with_two_working_days(self.event, self.length, due, days)
        if more is not None:
            self.reasons.append(Reason(too_few_working(later), self.law.two_basis))
        return later, more or []

    def _certain(self, latest: date, due: date, days: Days) -> date:
        """Return the latest end that can be argued, past days of which it is not certain that they count."""
        if self.law.august and (by_days := to_working_day(latest, days)[0]) > due:
            self.uncertain.append(f"Counted day by day, the period ends on {with_weekday(by_days)}.")
        wider = Beside(self.calendar, (*self.law.closed, *self.law.doubtful), doubtful=True)
        certain, passed = to_working_day(latest, wider)
        self.uncertain += doubted(passed, certain, days)
        return max(certain, due)


def _augusts(begun: date, end: date) -> int:
    """Return how many months of August begin after the one day and on or before the other."""
    return sum(begun < date(year, AUGUST, 1) <= end for year in range(begun.year, end.year + 1))
