"""When the clock of a period stands still: by the word of an entry, or by the law itself."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from tracker.rules.happened import Act, Course, Happened
from tracker.rules.periods import PAUSES, Period
from tracker.rules.stops import Stop

#: Steps by which a procedure under Art. 56, 60, 63 begins for a filing, and by which it is over.
COOPERATION = frozenset({"forwarded", "lead_confirmed", "lead_disputed", "local_proposed", "draft_decision"})
#: Steps that only show that it had begun before.
COOPERATION_SHOWN = frozenset({"lead_confirmed", "draft_decision"})
COOPERATION_OVER = frozenset(
    {"returned", "local_handling", "final_upheld", "final_rejected", "final_split", "withdrawn", "settled"}
)
#: Art. 27(5) Reg. (EU) 2025/2518.
REGISTRATION = timedelta(weeks=4)
#: Art. 29(3) of it: the Chair registers a dispute over who leads.
CHAIR = timedelta(weeks=1)
REGISTERED = (
    "The Chair has a week to register a dispute over the lead, Art 29(3) Reg 2025/2518, and whether the "
    "month waits for that is open: counted from the referral, and late for certain only when the month that "
    "runs from the end of that week is over too."
)
#: Why a period does not run that begins with the end of one whose clock stands still.
BEFORE = "the period before it stands still"
#: The Board decides on the scope by an urgent binding decision, Art. 12(2) of it.
SCOPE = frozenset({"scope_dispute"})
SCOPE_OVER = frozenset({"investigation", "early_resolution", "urgent_board_decision", "binding_decision"})
#: Steps that show that a complaint goes on after an early resolution was announced.
EARLY = frozenset({"early_resolution"})
EARLY_OVER = frozenset(
    {
        "resumed",
        "views",
        "forwarded",
        "lead_confirmed",
        "investigation",
        "simple_cooperation",
        "key_issues",
        "prelim_findings",
        "rejection_hearing",
        "draft_decision",
    }
)


def stops(period: Period, course: Course, index: int, said: Collection[Happened]) -> list[Stop]:
    """Return when the clock of a period stood still, in order; `index` is where it starts in the entries."""
    found = list(_by_word(said))
    if "cooperation" in period.pauses:
        found += _cooperation(course, index)
    if "registration" in period.pauses:
        found += _registration(course, index)
    if "scope" in period.pauses:
        found += _between(course, index, SCOPE, SCOPE_OVER, PAUSES["scope"])
    if "early" in period.pauses:
        found += _between(course, index, EARLY, EARLY_OVER, PAUSES["early"])
    return sorted(found, key=lambda it: it.since)


def registered(period: Period, course: Course, entry: Happened) -> tuple[tuple[date, ...], str | None]:
    """Return the other day from which the month of the Board may run, and what is in doubt about that."""
    last = entry.day.last
    if not _waits_for_chair(period, course, entry) or last is None:
        return (), None
    return (last + CHAIR,), REGISTERED


def _waits_for_chair(period: Period, course: Course, entry: Happened) -> bool:
    return course.chapter_v and "registration" in period.pauses and entry.step == "lead_disputed"


def _by_word(said: Collection[Happened]) -> Iterator[Stop]:
    """Give the times between an entry that stops the clock and the one that lets it run again."""
    since: tuple[date, int] | None = None
    for it in said:
        day, act = it.day.first, it.says.act if it.says else None
        if day is None:
            continue
        if act is Act.PAUSE and since is None:
            since = day, it.number
        elif act is Act.RESTART and since is not None:
            yield Stop(since[0], day, f"entries {since[1]} and {it.number}")
            since = None
    if since is not None:
        yield Stop(since[0], None, f"entry {since[1]}")


def _cooperation(course: Course, index: int) -> list[Stop]:
    """Return the time of cooperation between authorities.

    Where the one-stop shop applies and another authority leads, it begins with the lodging if no entry says
    when: so the clock of the authority lodged with is never called over too early.
    """
    found = _between(course, index, COOPERATION, COOPERATION_OVER, PAUSES["cooperation"])
    elsewhere = course.lead is not None and course.lead != course.lodged_with
    began = next((it.step for it in course.entries[index + 1 :] if it.step in COOPERATION), None)
    recorded = began is not None and began not in COOPERATION_SHOWN
    if not recorded and course.oss and elsewhere and course.lodged.first is not None:
        why = f"{PAUSES['cooperation']}; when it began here is not recorded"
        first = Stop(course.lodged.first, _over(course, index, COOPERATION_OVER), why)
        return [first, *found[1:]]
    return found


def _registration(course: Course, index: int) -> list[Stop]:
    """Return the time in which the Board checks the file before it registers it, where Chapter V applies.

    No entry tells of the registration, so the latest day counts and nobody is called late too early. Of a
    dispute over the lead there is no such check, Art. 65(1)(b).
    """
    if index >= 0 and course.entries[index].step == "lead_disputed":
        return []
    day = course.entries[index].day.first if index >= 0 else None
    if not course.chapter_v or day is None:
        return []
    return [Stop(day, day + REGISTRATION, PAUSES["registration"])]


def _between(
    course: Course, index: int, begins: frozenset[str], over: frozenset[str], why: str
) -> list[Stop]:
    found: list[Stop] = []
    since: tuple[date, int] | None = None
    for it in course.entries[index + 1 :]:
        day = it.day.first
        if day is None:
            continue
        if since is None and it.step in begins:
            since = day, it.number
        elif since is not None and it.step in over:
            found.append(Stop(since[0], day, f"{why} (entries {since[1]} and {it.number})"))
            since = None
    if since is not None:
        found.append(Stop(since[0], None, f"{why} (since entry {since[1]})"))
    return found


def _over(course: Course, index: int, over: frozenset[str]) -> date | None:
    return next((it.day.first for it in course.entries[index + 1 :] if it.step in over), None)
