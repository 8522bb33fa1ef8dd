"""Deadlines as they stand on a day: running, met, missed, paused, extended, waived. Computed, never set."""

import enum
from dataclasses import dataclass
from datetime import date

from tracker.rules.days import span


class State(enum.Enum):
    """How a deadline stands."""

    RUNNING = "running"
    #: Running, with more time than the law gives at first.
    EXTENDED = "extended"
    PAUSED = "paused"
    MET = "met"
    #: Over and not met in time; it may have been met since.
    MISSED = "missed"
    WAIVED = "waived"


#: Days for which a right of ours that ended and was not used is told of as loudly as what is late.
LATELY = 30


@dataclass(frozen=True, slots=True)
class Ends:
    """What decides how a deadline stands. All days inclusive; None where not known.

    `due` is the legal last day, `safe` the earliest and `certain` the latest end that can be argued.
    """

    due: date | None
    safe: date | None
    certain: date | None
    own: bool
    met_on: date | None = None
    #: Met, and nobody knows on which day: a later step shows it.
    shown_met: bool = False
    paused_on: date | None = None
    extended: bool = False
    waived: bool = False
    #: Waived, because the filing ended before it was over.
    ended: bool = False
    #: Waived, because a later step took the place of what it was about.
    moot: bool = False
    #: Nobody is late when it is over: a right that was not used, or the time for which a measure holds.
    lapses: bool = False
    #: Nobody has to tell us that it was done: that no entry shows it does not prove that it was not.
    untold: bool = False

    @property
    def met(self) -> bool:
        """Return whether it was met, on a day that is known or not."""
        return self.met_on is not None or self.shown_met

    @property
    def over_after(self) -> date | None:
        """Return the last day: for our own that of the law, for others the latest that can be argued."""
        return self.due if self.own else self.certain or self.due

    @property
    def shown(self) -> date | None:
        """Return the day to go by: our own by the earliest end, those of others by the latest."""
        return (self.safe or self.due) if self.own else (self.certain or self.due)


def has_lapsed(ends: Ends, today: date) -> bool:
    """Return whether it is over without anybody being late: a right not used, or a measure that is over."""
    ran_out = ends.paused_on is None and ends.over_after is not None and today > ends.over_after
    return ends.lapses and ran_out and not ends.met and not ends.waived


def ended_lately(ends: Ends, today: date) -> bool:
    """Return whether a right of ours ended a short time ago and was not used.

    Nobody is late then, and yet it may be the last days in which it can be saved (a reinstatement has to be
    asked for within days or weeks, by national law), or in which somebody records that it was used.
    """
    last = ends.over_after
    return ends.own and has_lapsed(ends, today) and last is not None and (today - last).days <= LATELY


def state(ends: Ends, today: date) -> State:
    """Return how a deadline stands on a day. One whose end is not known runs until it is met."""
    if ends.met:
        late = ends.over_after is not None and ends.met_on is not None and ends.met_on > ends.over_after
        return State.MISSED if late else State.MET
    if ends.waived or has_lapsed(ends, today):
        return State.WAIVED
    if ends.paused_on is not None:
        return State.PAUSED
    if ends.over_after is not None and today > ends.over_after:
        return State.MISSED
    return State.EXTENDED if ends.extended else State.RUNNING


def days_left(ends: Ends, today: date) -> int | None:
    """Return the days until the day to go by (0: today is the last one), below zero where it is over."""
    return None if ends.shown is None else (ends.shown - today).days


def time_words(ends: Ends, today: date) -> str:
    """Return the time left or over: "5 days left", "last day today", "late by 2 years and 2 months",
    of a right of ours that is over "ended 3 days ago, not used".

    Where it was met: "met in time", "met in time by the latest count", "met 12 days late", "met, the day is
    not known". Where nobody knows the end: "end not known". Where nobody has to tell us: "not shown by any
    entry, over for 3 months".
    """
    how = state(ends, today)
    if how is State.PAUSED:
        return "stopped"
    if ends.waived:
        return "ended with the filing" if ends.ended else "over" if ends.moot else "waived"
    last = ends.over_after
    if ends.shown_met:
        return "met, the day is not known"
    if ends.met_on is not None:
        late = last is not None and ends.met_on > last
        if late and last is not None:
            return f"met {span(last, ends.met_on)} late"
        # Of others: whether they had more time is not known, and they are not called late before it is.
        doubtful = ends.due is not None and ends.met_on > ends.due
        return "met in time by the latest count" if doubtful else "met in time"
    if last is None or ends.shown is None:
        return "end not known"
    if has_lapsed(ends, today):
        return f"ended {span(last, today)} ago, not used" if ends.own else "ended"
    if today > last and ends.untold:
        return f"not shown by any entry, over for {span(last, today)}"
    if today > last:
        return f"late by {span(last, today)}"
    left = (ends.shown - today).days
    if left < 0:
        return "doubtful: over by the strictest count"
    return "last day today" if left == 0 else f"{left} day{'' if left == 1 else 's'} left"
