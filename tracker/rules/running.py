"""Which periods run in a filing: each from its start, for whom, met by what, waived why.

A period runs whenever its start is recorded and its conditions hold; nothing is typed in. Where the law is
silent the choices stand in docs/deadlines.md.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from tracker.errors import RuleBroken
from tracker.rules import appealing, drafts, meeting, stopping
from tracker.rules.days import LATEST, Day, words
from tracker.rules.ending import CalendarOf, Clock, End, by_law, end
from tracker.rules.happened import LODGING_NUMBER, Act, Course, Happened
from tracker.rules.owing import who
from tracker.rules.periods import Kind, Period, Regime
from tracker.rules.stops import Stop
from tracker.rules.territory import is_eea
from tracker.rules.vocabulary import Answer, Outcome, Precision

#: Raised when a result can change: stored with every deadline.
RULES_VERSION = "2026-11-26.2"
#: Outcomes after which we have a reason to go to court.
ADVERSE = (Outcome.LOST, Outcome.PARTLY_WON, Outcome.NOT_RECORDED)

#: How it is said that a filing ended before a period was over.
WITH_FILING = "the filing ended"
#: How it is said that a later step took the place of what a period was about.
OVER = "over since"
#: Where a period runs from a step that shows what is not on record.
TAKEN_ON = (
    "That the lead confirmed its competence is not on record: counted from the first step that shows it. "
    "Confirmed earlier, the period ends earlier."
)
#: Where a period runs from a receipt that is not on record.
NO_RECEIPT = "The day of receipt is not recorded: counted from the day of the entry."
#: Of Regulation (EU) 2025/2518: where it applies, its own periods for views run instead of national practice.
CHAPTER_OF_HEARINGS = "III"
#: The period for a draft decision, to whose extension others may object.
DRAFT = "P15"
#: Whether a chapter of Regulation (EU) 2025/2518 applies to the filing: unknown where a person must decide.
Applies = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Running:
    """A period as it runs in one filing, met or not.

    `start_number` and period make it the same one when it is computed anew. `started_by` is the number of the
    entry in force from which it runs (0: the day of lodging). `owes_slug` is the authority, where it is one.
    `met_number` is the entry by which it was met, `met_on` the day where that is known; `met_by` is the day
    by which it was done at the latest, where that is all that an entry shows. `perhaps`: met in doubt.
    """

    period: Period
    start_number: int
    started_by: int
    started: Day
    owes_slug: str | None
    end: End
    met_on: date | None = None
    met_number: int | None = None
    met_by: date | None = None
    perhaps: bool = False
    waived: str | None = None

    @property
    def moot(self) -> bool:
        """Return whether a later step took the place of what the period was about."""
        return (self.waived or "").startswith(OVER)


def running(
    course: Course, periods: Mapping[str, Period], calendar_of: CalendarOf, applies: Applies
) -> list[Running]:
    """Return every period that runs or ran in the filing, in the order of the table and of its starts."""
    made: dict[str, list[Running]] = {}
    listed = appealing.listed(periods.values())

    def of(period: Period) -> list[Running]:
        if period.id not in made:
            made[period.id] = []  # a period that runs from its own end never begins
            before = [it for name in period.start.ends for it in of(periods[name])]
            made[period.id] = list(_runs(period, course, before, calendar_of, applies, listed))
        return made[period.id]

    return [it for period in periods.values() for it in of(period)]


def _runs(
    period: Period,
    course: Course,
    before: Iterable[Running],
    calendar_of: CalendarOf,
    applies: Applies,
    listed: frozenset[str],
) -> Iterator[Running]:
    doubts = _regime(period, course, applies)
    if doubts is None:
        return
    for start in _starts(period, course, before, calendar_of):
        if not all(_holds(it, period, course, start) for it in period.only):
            continue
        # In simple cooperation Chapter III leaves the views to national law too, Art 6(1), 6(4).
        hears = applies(CHAPTER_OF_HEARINGS) is not Answer.NO and _holds("heard", period, course, start)
        if period.before_regulation and hears:
            continue
        entry = course.entries[start.index] if start.index >= 0 else None
        if period.regime is Regime.NATIONAL and not _in_state(period, course, entry):
            continue
        if "unlisted" in period.only and not appealing.is_unlisted(period, course, entry, listed):
            continue
        more = appealing.doubts(period, course, entry)
        yield _run(period, course, start, calendar_of, (*doubts, *more))


@dataclass(frozen=True, slots=True)
class _Start:
    """One start: at which point of the entries, by which number, on which day."""

    index: int
    number: int
    entry: int
    day: Day
    actor: str | None = None
    outcome: Outcome | None = None
    doubt: str | None = None
    #: Of a period that runs from the end of another one: the latest day on which that one was over, and
    #: every day on which it may have been.
    over: date | None = None
    also: tuple[date, ...] = ()
    #: Since when that other period stands still, so that nobody knows when this one begins.
    waits: tuple[Stop, ...] = ()
    #: Of a complaint that was received after it was lodged: that day, from which it may run.
    receipt: date | None = None


def _regime(period: Period, course: Course, applies: Applies) -> tuple[str, ...] | None:
    """Return None where the law of the period does not apply, else what is doubtful about that."""
    if period.regime is Regime.ANY:
        return ()
    edps = course.lodged_with == "eu-edps"
    if period.regime is Regime.INSTITUTIONS:
        return () if edps else None
    if edps or not is_eea(course.country, course.lodged.first or LATEST):
        return None
    if period.regime is Regime.PROCEDURAL:
        answer = applies(period.chapter or "II")
        if answer is Answer.UNKNOWN and period.own:
            return (
                f"Whether Chapter {period.chapter} of Reg 2025/2518 applies, a person has to decide; ours is "
                "counted as if it did.",
            )
        return () if answer is Answer.YES else None
    return ()


def _in_state(period: Period, course: Course, entry: Happened | None) -> bool:
    """Return whether the law of the state counts: of who decided where that is the start, else of lodging."""
    return period.state in (appealing.states(course, entry) if period.own else (course.country,))


def _starts(
    period: Period, course: Course, before: Iterable[Running], calendar_of: CalendarOf
) -> Iterator[_Start]:
    """Give every start of a period that is recorded, in the order of the entries."""
    start = period.start
    if start.lodging:
        lodged = next((i for i, it in enumerate(course.entries) if it.step == "lodged"), -1)
        yield _lodging(period, course, lodged)
    for index, it in enumerate(course.entries):
        begun = it.says is not None and it.says.act is Act.BEGIN and it.says.period == period.id
        if begun or (it.step in start.steps and meeting.counts(it, period)):
            day, doubt = _event(period, it)
            # Whoever begins by hand the time for an appeal says that there is a decision to appeal against.
            outcome = it.outcome or (Outcome.NOT_RECORDED if begun else None)
            also, unsure = stopping.registered(period, course, it)
            yield _Start(index, it.place, it.number, day, it.actor, outcome, unsure or doubt, also=also)
    yield from _otherwise(period, course)
    for base in before:
        if base.end.due is None or base.moot or (_done_in_time(base) and not start.done):
            continue
        last: date | None = base.end.due
        if start.extended or start.plain:
            last = _other_end(base, course, calendar_of, extended=start.extended)
        index = next((i for i, e in enumerate(course.entries) if e.place == base.start_number), -1)
        actor = course.entries[index].actor if index >= 0 else None
        day, over = Day(last, Precision.DAY), base.end.certain
        also = () if start.extended or start.plain else _other_days(base.end)
        since = base.end.paused_on
        waits = (Stop(since, None, stopping.BEFORE),) if since else ()
        yield _Start(index, base.start_number, base.started_by, day, actor, over=over, also=also, waits=waits)


def _lodging(period: Period, course: Course, index: int) -> _Start:
    """Return the start with the lodging: from the receipt of the complaint, or from that in doubt."""
    start = _Start(index, LODGING_NUMBER, LODGING_NUMBER, course.lodged)
    if period.own:
        return start
    came, lodged = course.entries[index].received if index >= 0 else None, course.lodged.last
    if came is None:
        return replace(start, doubt=NO_RECEIPT) if period.received else start
    if period.received:
        return replace(start, day=Day(came, Precision.DAY))
    return replace(start, receipt=came) if lodged is None or came > lodged else start


def _otherwise(period: Period, course: Course) -> Iterator[_Start]:
    """Give the start that shows what is not on record: that the lead took the case on."""
    start = period.start
    if any(it.step in start.steps for it in course.entries):
        return
    for index, it in enumerate(course.entries):
        if it.step in start.otherwise and it.actor is not None and it.actor == course.lead:
            yield _Start(index, it.place, it.number, it.day, it.actor, doubt=TAKEN_ON)
            return


def _other_days(end: End) -> tuple[date, ...]:
    """Return the days on which a period may be over besides its legal last day."""
    return tuple(it for it in dict.fromkeys((end.safe, end.certain)) if it is not None and it != end.due)


def _done_in_time(base: Running) -> bool:
    """Return whether what another period waits for was done, so that nothing follows from its end.

    Of a right of others the end matters all the same: whoever objects begins the time for the answer.
    """
    last = base.end.due if base.period.own else base.end.certain or base.end.due
    # What was met in doubt only may not have been: of ours nothing is lost by that.
    if base.met_on is None or last is None or base.met_on > last or base.perhaps:
        return False
    return base.period.own or base.period.kind is Kind.DUTY


def _event(period: Period, entry: Happened) -> tuple[Day, str | None]:
    """Return the day from which it runs, and what is doubtful about that."""
    if period.received and entry.received is not None:
        return Day(entry.received, Precision.DAY), None
    if period.received:
        return entry.day, NO_RECEIPT
    if entry.received is None or entry.received == entry.day.last:
        return entry.day, None
    came = words(entry.received)
    return entry.day, f"Counted from {entry.day.words}, the day of the entry; word of it came on {came}."


def _other_end(it: Running, course: Course, calendar_of: CalendarOf, *, extended: bool) -> date | None:
    """Return the end with the extension that the law allows, or without any, whatever entries say of it."""
    if it.period.length is None:
        return it.end.due
    at = next((i for i, e in enumerate(course.entries) if e.place == it.start_number), -1)
    said = [e for e in course.entries if meeting.means(e, it.period, it.start_number)]
    clock = Clock(it.period, it.started, it.end.calendars, stops=stopping.stops(it.period, course, at, said))
    try:
        return by_law(clock, calendar_of, it.period.extension if extended else None).due
    except RuleBroken:
        return None


def _run(
    period: Period, course: Course, start: _Start, calendar_of: CalendarOf, doubts: tuple[str, ...]
) -> Running:
    said = [it for it in course.entries if meeting.means(it, period, start.number)]
    slug, places, unknown = who(period, course, start.index, start.actor)
    met = meeting.met(period, course, start.index, start.number, None)
    clock = Clock(
        period,
        start.day,
        places,
        said=said,
        stops=[*stopping.stops(period, course, start.index, said), *start.waits],
        doubts=[*doubts, *unknown, *([start.doubt] if start.doubt else [])],
        also=start.also,
        receipt=start.receipt,
        # A right that one of several used stays open to the others.
        done=met.day if met and period.kind is Kind.DUTY else None,
    )
    ends = end(clock, calendar_of)
    of = period, start.number, start.entry, start.day, slug
    met = meeting.met(period, course, start.index, start.number, ends.certain or ends.due)
    if met is not None:
        ends = replace(ends, uncertain=(*ends.uncertain, *met.doubts))
        return Running(*of, ends, met.on(ends.due), met.number, met_by=met.by, perhaps=met.perhaps)
    waived = _waived(period, course, start, said, ends)
    if period.untold and waived is None:
        ends = replace(ends, uncertain=(*ends.uncertain, meeting.untold(period)))
    return Running(*of, ends, waived=waived)


def _waived(
    period: Period, course: Course, start: _Start, said: Collection[Happened], ends: End
) -> str | None:
    """Return why nobody waits for it any more, None where somebody does.

    What was over before the filing ended stays what it was: missed.
    """
    given_up = [it for it in said if it.says is not None and it.says.act is Act.WAIVE]
    if given_up:
        return f"waived by entry {given_up[-1].number}"
    for it in course.entries[start.index + 1 :]:
        if it.step in period.moot and (period.own or not _is_over(ends, it.day.last)):
            return f"{OVER} entry {it.number}, {it.day.when}"
    if course.ended is None:
        return None
    at = next((i for i, it in enumerate(course.entries) if it.place == course.ended.place), None)
    if at is None or start.index >= at or _is_over(ends, course.entries[at].day.last):
        return None
    return f"{WITH_FILING} with entry {course.ended.number}, {course.ended.words}"


def _is_over(ends: End, day: date | None) -> bool:
    """Return whether a period was over before a day."""
    last = ends.certain or ends.due
    return day is not None and last is not None and ends.paused_on is None and last < day


def _holds(condition: str, period: Period, course: Course, start: _Start) -> bool:
    """Return whether a condition of the table holds (rules/periods.py, CONDITIONS)."""
    later = course.entries[start.index + 1 :]
    match condition:
        case "oss":
            return course.oss
        case "passed_on":
            return course.lead is not None and course.lead != course.lodged_with
        case "led_here":
            return course.lead is not None and course.lead == course.lodged_with
        case "by_lodged_with":
            return start.actor is not None and start.actor == course.lodged_with
        case "by_lead":
            return start.actor is None or start.actor != course.lodged_with or course.lead == start.actor
        case "adverse":
            return start.outcome in ADVERSE
        case "simple" | "normal":
            return drafts.simple(later) is (condition == "simple")
        case "heard":
            # Art 6(1) Reg 2025/2518 leaves Art 10, 11, 16, 19 and 20 out of simple cooperation.
            return not drafts.simple(course.entries[: start.index + 1])
        case "old" | "unlisted":
            return True  # asked where the chapters and the table are known
        case "may_uphold":
            return not drafts.may_reject(course, start.index)
        case "draft_extended":
            says = course.entries[start.index].says
            return says is not None and (says.period == DRAFT or says.act is Act.BEGIN)
        case "commented":
            return any(it.step == "key_issue_comments" for it in later)
        case "objected" | "not_objected":
            first = drafts.outcome(later, start.over)
            objected = first in ("objection", "board_dispute")
            return objected if condition == "objected" else not objected and first != "final_rejected"
        case _:
            raise ValueError(f"{period.id}: {condition} is no condition")
