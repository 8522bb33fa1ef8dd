"""The end of one period as the law has it: counted by its way, over every reading that is open."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.errors import RuleBroken
from tracker.rules.calendars import NO_PLACE, Calendar, with_weekday
from tracker.rules.closed_days import Beside
from tracker.rules.counting import Counted, Reason, Skipped, back_to_working_day, moved, to_working_day
from tracker.rules.counting_national import count_by, count_extended
from tracker.rules.days import Day, words
from tracker.rules.happened import Happened
from tracker.rules.lengths import Length
from tracker.rules.periods import Period
from tracker.rules.stops import Still, Stop, added, still
from tracker.rules.ways_of_counting import LAWS, Way

CalendarOf = Callable[[str], Calendar]


@dataclass(frozen=True, slots=True)
class Extension:
    """What an entry that extends a period is worth, by its number.

    `doubts` are sentences on what is out of order about it, none where all is in order. `idle`: it ends no
    later than the period did, so that nothing is extended.
    """

    number: int
    doubts: tuple[str, ...] = ()
    idle: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """When a period ends and why. All days inclusive; None where nobody can say.

    `calendars` are the places whose calendars were asked; `extensions` what entries that extend it are worth.
    """

    nominal: date | None = None
    due: date | None = None
    safe: date | None = None
    certain: date | None = None
    length: Length | None = None
    extended: bool = False
    paused_on: date | None = None
    skipped: tuple[Skipped, ...] = ()
    reasons: tuple[Reason, ...] = ()
    uncertain: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    version: str = ""
    extensions: tuple[Extension, ...] = ()


@dataclass(slots=True)
class Clock:
    """What is needed to count one period: its event, the places that count, what entries said of it.

    `also` are other days from which it may run, where it runs from the end of a period that is in doubt;
    `receipt` is another such day where it runs from the lodging of a complaint that was received later.
    `done` is the day on which it was met.
    """

    period: Period
    event: Day
    places: tuple[str, ...]
    said: Sequence[Happened] = ()
    stops: Sequence[Stop] = ()
    doubts: list[str] = field(default_factory=list)
    also: tuple[date, ...] = ()
    receipt: date | None = None
    done: date | None = None


def by_law(clock: Clock, calendar_of: CalendarOf, more: Length | None = None) -> End:
    """Return the end as the law counts it, `more` longer, over every reading that is open.

    Where it cannot be counted the end is not known, with the reason. Raises RuleBroken for an extension that
    cannot be counted, and for days outside of a calendar.
    """
    period, event = clock.period, clock.event
    first, last = event.first, event.last
    if first is None or last is None:
        return End(uncertain=("The day from which it runs is not known.",))
    length = period.length
    if length is None:
        return _without_length(clock, first, last)
    lengths = dict.fromkeys((length, period.longest or length))
    readings = list(_readings(clock, dict.fromkeys((first, last)), lengths, more, calendar_of))
    apart = list(_readings(clock, clock.also, lengths, more, calendar_of))
    received = list(_readings(clock, [clock.receipt] if clock.receipt else [], lengths, more, calendar_of))
    earliest = min(readings, key=lambda it: it.due)
    latest = max(readings, key=lambda it: it.due)
    # Others are late only when every reading is over; of our own the shortest reading is the one to go by,
    # but where an authority fixes the day it may give us the longest.
    chosen = earliest if period.own and period.longest is None else latest
    doubts = [text for it in readings for text in it.uncertain]
    if first != last:
        doubts.append(f"The day from which it runs is known as {event.words} only.")
    if period.longest is not None:
        doubts.append(f"It lasts {period.length_words}: the last day is certain once an entry fixes it.")
    if len(clock.places) > 1 and earliest.due != latest.due:
        doubts.append(
            f"It ends between {with_weekday(earliest.due)} and {with_weekday(latest.due)}, "
            f"by the calendars of {', '.join(clock.places)}."
        )
    doubts += [
        f"The period before it may be over on {with_weekday(it.event)}: this one then ends on "
        f"{with_weekday(it.due)}."
        for it in apart
        if not earliest.due <= it.due <= latest.due
    ]
    doubts += [
        f"Counted from the day on which the complaint was received, {with_weekday(it.event)}, it ends on "
        f"{with_weekday(it.due)}."
        for it in received
        if it.due > latest.due
    ]
    return End(
        nominal=chosen.nominal,
        due=chosen.due,
        safe=min(it.safe for it in (*readings, *apart)),
        certain=max(it.certain for it in (*readings, *apart, *received)),
        length=length.plus(more) if more else length,
        skipped=chosen.skipped,
        reasons=chosen.reasons,
        uncertain=tuple(dict.fromkeys(doubts)),
        calendars=clock.places or (NO_PLACE,),
        version=chosen.version,
    )


def _readings(
    clock: Clock,
    days: Iterable[date],
    lengths: Iterable[Length],
    more: Length | None,
    calendar_of: CalendarOf,
) -> Iterator[Counted]:
    """Give the count from each of the days, by each length, in each of the calendars."""
    for place in clock.places or (NO_PLACE,):
        for day in days:
            for length in lengths:
                calendar = calendar_of(place)
                counted = _one(clock.period, day, length, more, calendar, clock.stops)
                yield _relied_on(counted, clock.period.way, calendar) if clock.period.own else counted


def _relied_on(counted: Counted, way: Way, calendar: Calendar) -> Counted:
    """Return a count of ours with a safe day of which it is certain that offices and courts are open."""
    law = LAWS.get(way)
    days = Beside(calendar, (*law.closed, *law.doubtful) if law else (), doubtful=True)
    return replace(counted, safe=back_to_working_day(counted.safe, days, not_before=counted.event))


def _one(
    period: Period,
    event: date,
    length: Length,
    more: Length | None,
    calendar: Calendar,
    stops: Sequence[Stop],
) -> Counted:
    """Return one reading, extended by `more`, with the days added during which the clock stood still."""
    if period.distance is not None:
        inner = moved(event, length)
        counted = count_by(period.way, inner, period.distance, calendar)
        before = Reason(f"{length.words} from {words(event)} end on {words(inner)}", period.basis)
        counted = replace(counted, event=event, reasons=(before, *counted.reasons))
    elif more is not None:
        counted = count_extended(period.way, event, length, more, calendar)
    else:
        counted = count_by(period.way, event, length, calendar)
    stood = still(stops, counted.due if period.own else counted.certain)
    if stood.late:
        counted = replace(counted, reasons=(*counted.reasons, *_too_late(stood, period)))
    return _later(counted, stood, period, calendar) if stood.days else counted


def _too_late(stood: Still, period: Period) -> Iterator[Reason]:
    """Give a reason for each time that began when the period was over."""
    for it in stood.late:
        yield Reason(f"From {words(it.since)} it was over, and stands still no more: {it.why}", period.basis)


def _later(counted: Counted, stood: Still, period: Period, calendar: Calendar) -> Counted:
    """Return a count with the days added during which the clock stood still."""
    nominal = added(counted.nominal, stood)
    due, skipped = to_working_day(nominal, calendar)
    told = [
        Reason(f"The clock stood still from {words(it.since)} to {words(it.until)}: {it.why}", period.basis)
        for it in stood.told
        if it.until is not None
    ]
    if stood.overlap:
        told.append(Reason("A day on which it stood still for two reasons counts once", period.basis))
    moves = Reason(f"{stood.days} days later: {with_weekday(due)}", period.basis)
    return replace(
        counted,
        nominal=nominal,
        due=due,
        safe=min(due, max(counted.safe, nominal)),
        certain=due,
        skipped=tuple(skipped),
        reasons=(*counted.reasons, *told, moves),
        uncertain=(
            *counted.uncertain,
            "How days that stood still are added is not settled: they are added in days.",
        ),
    )


def _without_length(clock: Clock, first: date, last: date) -> End:
    """Return the end of a period that the law gives no length: the end of another one, or not known."""
    if not clock.period.start.ends:
        return End() if clock.period.doubt else End(uncertain=("The law gives no number of days.",))
    reason = Reason(f"Before {with_weekday(last)}, on which the other period ends", clock.period.basis)
    return End(
        nominal=last,
        due=last,
        safe=first,
        certain=last,
        reasons=(reason,),
        calendars=clock.places or (NO_PLACE,),
    )


def on_day(end: End, day: date, text: str, clock: Clock, calendar_of: CalendarOf) -> End:
    """Return the end on a day that somebody named: it is that day, whatever the count would be.

    `text` is the reason for it.
    """
    safe, certain, doubts = day, day, list(end.uncertain if end.due is None else ())
    try:
        calendar = calendar_of(clock.places[0] if clock.places else NO_PLACE)
        if name := calendar.closed(day):
            safe, (certain, _) = back_to_working_day(day, calendar), to_working_day(day, calendar)
            doubts.append(
                f"{with_weekday(day)} is no working day ({name}): a fixed day does not move by itself."
            )
    except RuleBroken as refusal:
        doubts.append(str(refusal))
    before = end.reasons if end.due is not None else ()
    return replace(
        end,
        nominal=day,
        due=day,
        safe=safe,
        certain=certain,
        skipped=(),
        reasons=(*before, Reason(text, clock.period.basis)),
        uncertain=tuple(doubts),
    )
