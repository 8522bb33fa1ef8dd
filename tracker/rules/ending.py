"""The end of one period that runs: as the law has it, with what entries say of it."""

from dataclasses import replace

from tracker.errors import RuleBroken
from tracker.rules.counting import Reason
from tracker.rules.days import words
from tracker.rules.ending_by_law import CalendarOf, Clock, End, Extension, Stop, by_law
from tracker.rules.extending import Extending
from tracker.rules.happened import Act

__all__ = ["CalendarOf", "Clock", "End", "Extension", "Stop", "by_law", "end"]


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
    open_stop = next((it for it in clock.stops if it.until is None), None)
    if open_stop is None:
        return counted
    stands = f"The clock stands still since {words(open_stop.since)}: {open_stop.why}"
    return replace(
        counted,
        paused_on=open_stop.since,
        reasons=(*counted.reasons, Reason(stands, clock.period.basis)),
    )
