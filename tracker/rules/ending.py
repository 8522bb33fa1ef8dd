"""The end of one period that runs: as the law has it, with what entries say of it."""

from dataclasses import replace

from tracker.errors import RuleBroken
from tracker.rules.counting import Reason
from tracker.rules.days import words
from tracker.rules.ending_by_law import CalendarOf, Clock, End, Extension, by_law
from tracker.rules.extending import Extending
from tracker.rules.happened import Act
from tracker.rules.stops import still

__all__ = ["CalendarOf", "Clock", "End", "Extension", "by_law", "end"]


def end(clock: Clock, calendar_of: CalendarOf) -> End:
    """Return when the period ends. Where it cannot be counted the end is not known, with the reason."""
    try:
        law = by_law(clock, calendar_of)
    except RuleBroken as refusal:
        law = End(uncertain=(str(refusal),))
    extending = Extending(clock, calendar_of, law)
    for it in clock.said:
        if it.says is not None and it.says.act is Act.EXTEND:
            extending.extend(it, it.says)
        elif it.says is not None and it.says.until is not None:
            extending.fix(it, it.says.until)
    counted = extending.ended()
    doubts = [*clock.doubts, *([clock.period.doubt] if clock.period.doubt else [])]
    counted = replace(counted, uncertain=(*doubts, *counted.uncertain))
    now = still(clock.stops, None).now
    last = counted.due if clock.period.own else counted.certain or counted.due
    if now is None or (last is not None and now.since > last):
        return counted
    stands = f"The clock stands still since {words(now.since)}: {now.why}"
    return replace(
        counted,
        paused_on=now.since,
        reasons=(*counted.reasons, Reason(stands, clock.period.basis)),
    )
