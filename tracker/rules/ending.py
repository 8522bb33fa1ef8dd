"""The end of one period that runs: counted by its way, with what entries say of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from tracker.errors import RuleBroken
from tracker.rules.calendars import NO_PLACE, Calendar, with_weekday
from tracker.rules.counting import Counted, Reason, Skipped, back_to_working_day, moved, to_working_day
from tracker.rules.counting_national import count_by, count_extended
from tracker.rules.days import Day, words
from tracker.rules.happened import Act, Happened
from tracker.rules.lengths import Length
from tracker.rules.periods import Period

ADDED_IN_DAYS = "How a time that stood still is added is not settled: it is added in days."

CalendarOf = Callable[[str], Calendar]


@dataclass(frozen=True, slots=True)
class Stop:
    """A time during which the clock stands still, and by which entry or rule.

    `until` is the day from which it runs again, None for not yet.
    """

    since: date
    until: date | None
    why: str


@dataclass(frozen=True, slots=True)
class End:
    """When a period ends and why. All days inclusive; None where nobody can say.

    `calendars` are the places whose calendars were asked.
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


@dataclass(slots=True)
class Clock:
    """What is needed to count one period: its event, the places that count, what entries said of it."""

    period: Period
    event: Day
    places: tuple[str, ...]
    said: Sequence[Happened] = ()
    stops: Sequence[Stop] = ()
    doubts: list[str] = field(default_factory=list)


def end(clock: Clock, calendar_of: CalendarOf) -> End:
    """Return when the period ends. Where it cannot be counted the end is not known, with the reason."""
    fixed = _fixing(clock.said)
    try:
        counted = _counted(clock, calendar_of)
    except RuleBroken as refusal:
        counted = End(uncertain=(str(refusal),))
    counted = replace(counted, uncertain=(*clock.doubts, *counted.uncertain))
    open_stop = next((it for it in clock.stops if it.until is None), None)
    if open_stop is not None:
        stands = f"The clock stands still since {words(open_stop.since)}: {open_stop.why}"
        counted = replace(
            counted,
            paused_on=open_stop.since,
            reasons=(*counted.reasons, Reason(stands, clock.period.basis)),
        )
    return _fixed(counted, fixed, clock, calendar_of) if fixed is not None else counted


def _counted(clock: Clock, calendar_of: CalendarOf) -> End:
    """Return the end as the law counts it, over every reading that is open."""
    period, event = clock.period, clock.event
    first, last = event.first, event.last
    if first is None or last is None:
        return End(uncertain=("The day from which it runs is not known.",))
    length, more, extended = period.length, _more(clock.said), _is_extended(clock.said)
    if length is None:
        return _without_length(clock, first, last)
    readings = [
        _one(period, day, it, more, calendar_of(place), clock.stops)
        for place in clock.places or (NO_PLACE,)
        for day in dict.fromkeys((first, last))
        for it in dict.fromkeys((length, period.longest or length))
    ]
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
    reasons = list(chosen.reasons)
    return End(
        nominal=chosen.nominal,
        due=chosen.due,
        safe=min(it.safe for it in readings),
        certain=max(it.certain for it in readings),
        length=length.plus(more) if more else length,
        extended=extended,
        skipped=chosen.skipped,
        reasons=tuple(reasons),
        uncertain=tuple(dict.fromkeys(doubts)),
        calendars=clock.places or (NO_PLACE,),
        version=chosen.version,
    )


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
    stood = sum((it.until - it.since).days for it in stops if it.until is not None and it.until > it.since)
    if not stood:
        return counted
    nominal = counted.nominal + timedelta(days=stood)
    due, skipped = to_working_day(nominal, calendar)
    told = [
        Reason(
            f"The clock stood still from {words(it.since)} to {words(it.until)}: {it.why}",
            period.basis,
        )
        for it in stops
        if it.until is not None and it.until > it.since
    ]
    moves = Reason(f"{stood} days later: {with_weekday(due)}", period.basis)
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


def _is_extended(said: Sequence[Happened]) -> bool:
    """Return whether an entry extends the period."""
    return any(it.says is not None and it.says.act is Act.EXTEND for it in said)


def _more(said: Sequence[Happened]) -> Length | None:
    """Return by how much the entries extend the period; None where none says a length."""
    whole: Length | None = None
    for it in said:
        if it.says is not None and it.says.act is Act.EXTEND and it.says.more is not None:
            whole = it.says.more if whole is None else whole.plus(it.says.more)
    return whole


def _without_length(clock: Clock, first: date, last: date) -> End:
    """Return the end of a period that the law gives no length: the end of another one, or not known."""
    if not clock.period.start.ends:
        return End(uncertain=("The law gives no number of days.",))
    reason = Reason(f"Before {with_weekday(last)}, on which the other period ends", clock.period.basis)
    return End(
        nominal=last,
        due=last,
        safe=first,
        certain=last,
        reasons=(reason,),
        calendars=clock.places or (NO_PLACE,),
    )


def _fixed(counted: End, entry: Happened, clock: Clock, calendar_of: CalendarOf) -> End:
    """Return the end on a day that an entry fixes: it is that day, whatever the count would be."""
    says = entry.says
    if says is None or says.until is None:
        return counted
    day = says.until
    text = f"Entry {entry.number} fixes {with_weekday(day)} as the last day"
    safe, certain, doubts = day, day, list(counted.uncertain if counted.due is None else ())
    try:
        calendar = calendar_of(clock.places[0] if clock.places else NO_PLACE)
        if name := calendar.closed(day):
            safe, (certain, _) = back_to_working_day(day, calendar), to_working_day(day, calendar)
            doubts.append(
                f"{with_weekday(day)} is no working day ({name}): a fixed day does not move by itself."
            )
    except RuleBroken as refusal:
        doubts.append(str(refusal))
    before = counted.reasons if counted.due is not None else ()
    return replace(
        counted,
        nominal=day,
        due=day,
        safe=safe,
        certain=certain,
        extended=counted.extended or says.act is Act.EXTEND,
        skipped=(),
        reasons=(*before, Reason(text, clock.period.basis)),
        uncertain=tuple(doubts),
    )


def _fixing(said: Sequence[Happened]) -> Happened | None:
    """Return the last entry that names the last day: by fixing it, by an extension, or where it begins."""
    return next((it for it in reversed(said) if it.says is not None and it.says.until is not None), None)
