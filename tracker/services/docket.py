"""The docket: what we owe and what others owe, found by day, counted as it is listed.

Which deadlines there are was computed and stored before (services/deadlines.py); here they are only found, by
their index, in a few statements whatever the number of filings.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, Deadline, Filing, User
from tracker.reference.periods import periods
from tracker.rules.access import ACTS
from tracker.rules.deadlines import LATELY
from tracker.rules.telling import DAYS
from tracker.services.docket_lines import Line, lines, query

#: Days after which one of ours that was missed is told in a group, not line by line.
LONG_AGO = 90
#: Days within which a deadline is near, where the installation has no other days at which it warns.
NEAR = max(DAYS)


class Show(enum.Enum):
    """Which deadlines a list shows."""

    #: All for which somebody waits.
    OPEN = "open"
    #: Open, but for those of ours that were missed long ago, and rights of ours that ended before lately.
    CURRENT = "current"
    #: Open and over: ours after the legal last day, those of others after the last day that can be argued.
    LATE = "late"
    #: Of these, ours that were missed long ago, and lately.
    LONG_AGO = "long-ago"
    MISSED_LATELY = "missed-lately"
    #: Open and not over, and of these the ones that end soon.
    RUNNING = "running"
    NEAR = "near"
    #: Open, and the clock stands still.
    PAUSED = "paused"
    #: Open, and nobody knows the end.
    UNKNOWN = "unknown"
    #: A right, ours too, or the time for which a measure holds, that is over: nobody is late.
    LAPSED = "lapsed"
    #: Rights of ours that ended a short time ago and were not used; LAPSED holds the earlier ones.
    ENDED_LATELY = "ended-lately"
    #: Late now, or met too late.
    MISSED = "missed"
    MET = "met"
    WAIVED = "waived"


#: Whether they are ours, and which: into these lists the first page takes all that are open apart.
PARTS: Sequence[tuple[bool, Show]] = (
    (True, Show.CURRENT),
    (True, Show.LONG_AGO),
    (True, Show.LAPSED),
    (False, Show.LATE),
    (False, Show.RUNNING),
    (False, Show.PAUSED),
    (False, Show.UNKNOWN),
    (False, Show.LAPSED),
)
#: What is open of others and not late: the rest is, and that is cheaper to know than to ask.
_NOT_LATE = {Show.RUNNING, Show.PAUSED, Show.UNKNOWN, Show.LAPSED}
#: What is told of ours before anything else.
AT_RISK: Sequence[tuple[bool, Show]] = (
    (True, Show.MISSED_LATELY),
    (True, Show.ENDED_LATELY),
    (True, Show.NEAR),
    (True, Show.UNKNOWN),
)


@dataclass(frozen=True, slots=True)
class Filter:
    """By what the docket is narrowed.

    `person` is the key of who sees to the filings; `nobody` those to which nobody does, who can record
    anything, alone or besides.
    `authority` finds the filings lodged with it, and what it owes in others. `own` is None for both sides.
    """

    person: int | None = None
    nobody: bool = False
    case: str = ""
    authority: str = ""
    period: str = ""
    own: bool | None = None


def count_open(
    wanted: Filter,
    today: date,
    lists: Sequence[tuple[bool, Show]] = (*PARTS, *AT_RISK),
    *,
    near: int = NEAR,
) -> dict[tuple[bool, Show], int]:
    """Return how many open deadlines stand in each of the lists, in one statement for each side.

    What ends within `near` days is near, here and in the lists.
    """
    found: dict[tuple[bool, Show], int] = {}
    for own in sorted({it for it, _ in lists}):
        # Ours are few: asked apart, the many of others are not looked at for the lists that are ours alone.
        shows = {show for it, show in lists if it is own}
        if not own:
            shows = (shows | _NOT_LATE) - {Show.LATE}
        sums = (sa.func.sum(sa.case((_is(show, own, today, near), 1), else_=0)) for show in shows)
        asked = sa.select(sa.func.count(), *(sa.func.coalesce(it, 0) for it in sums)).select_from(Deadline)
        row = db.session.execute(_narrowed(asked.where(_OPEN, _SIDE[own]), wanted)).one()
        counts = dict(zip(shows, map(int, row[1:]), strict=True))
        if not own:
            counts[Show.LATE] = int(row[0]) - sum(counts[it] for it in _NOT_LATE)
        found |= {(own, show): many for show, many in counts.items()}
    return {it: found[it] for it in lists}


def count(wanted: Filter, show: Show, today: date, *, near: int = NEAR) -> int:
    """Return how many deadlines a list has."""
    asked = sa.select(sa.func.count()).select_from(Deadline).where(_is(show, wanted.own, today, near))
    return db.session.scalar(_narrowed(asked, wanted)) or 0


def find(
    wanted: Filter,
    show: Show,
    today: date,
    *,
    internal_days: int,
    near: int = NEAR,
    size: int = 50,
    page: int = 1,
) -> list[Line]:
    """Return one page of a list: the first day first, what has no day last, then in the order of filing.

    Which lines stand on the page is found in the index alone; only these are then asked for what they say.
    """
    order = _order(show, wanted.own)
    chosen = _narrowed(sa.select(Deadline.id), wanted).where(_is(show, wanted.own, today, near))
    chosen = chosen.order_by(*order).limit(size).offset((page - 1) * size)
    asked = query().where(Deadline.id.in_(chosen)).order_by(*order)
    return [it for _, it in lines(asked, today, internal_days=internal_days)]


def seen_to_by(wanted: Filter) -> sa.ColumnElement[bool] | None:
    """Return the condition that a filing is seen to by whom the filter names, None where it names nobody."""
    ways = [Filing.responsible_id == wanted.person] if wanted.person is not None else []
    if wanted.nobody:
        # Who can no longer sign in, or no longer record, sees to nothing.
        cannot = sa.or_(sa.not_(User.active), User.role.not_in(ACTS["update.record"]))
        ways += [Filing.responsible_id.is_(None), Filing.responsible_id.in_(sa.select(User.id).where(cannot))]
    return sa.or_(*ways) if ways else None


def side(wanted: Filter, own: bool) -> Filter:
    """Return the filter for one side alone."""
    return replace(wanted, own=own)


_KEPT = ~Deadline.gone
_OPEN = sa.and_(Deadline.open, _KEPT)
_SIDE: dict[bool, sa.ColumnElement[bool]] = {True: sa.and_(Deadline.own), False: ~Deadline.own}
_RUNS, _STANDS = Deadline.paused_on.is_(None), Deadline.paused_on.is_not(None)
_CERTAIN = sa.func.coalesce(Deadline.certain_on, Deadline.due_on)
_SAFE = sa.func.coalesce(Deadline.safe_on, Deadline.due_on)


def _is(show: Show, own: bool | None, today: date, near: int) -> sa.ColumnElement[bool]:
    """Return the condition that a deadline belongs into a list: of ours, of others, or (None) of both."""
    if own is None:
        return sa.or_(*(sa.and_(_SIDE[it], _is(show, it, today, near)) for it in (True, False)))
    last = Deadline.due_on if own else _CERTAIN
    # The legal last day stands beside the day for certain: it is the one that the index knows.
    over = sa.and_(Deadline.due_on < today, last < today)
    lapses = Deadline.period.in_(_lapsing())
    late = sa.and_(_RUNS, over, sa.not_(lapses))
    long_ago, lately = today - timedelta(days=LONG_AGO), today - timedelta(days=LATELY)
    # Of ours a day that has passed is still told for a time, that of a right for a shorter one.
    recent = sa.or_(
        _STANDS,
        Deadline.due_on.is_(None),
        Deadline.due_on >= lately,
        sa.and_(Deadline.due_on >= long_ago, sa.not_(lapses)),
    )
    lapsed = sa.and_(_OPEN, _RUNS, over, lapses)
    until = (_SAFE if own else _CERTAIN) <= today + timedelta(days=near)
    running = sa.and_(_RUNS, Deadline.due_on.is_not(None), last >= today)
    too_late = sa.and_(Deadline.met_on.is_not(None), last.is_not(None), Deadline.met_on > last)
    conditions: dict[Show, sa.ColumnElement[bool]] = {
        Show.OPEN: _OPEN,
        Show.CURRENT: sa.and_(_OPEN, recent) if own else _OPEN,
        Show.LATE: sa.and_(_OPEN, late),
        Show.LONG_AGO: sa.and_(_OPEN, late, Deadline.due_on < long_ago) if own else sa.false(),
        Show.MISSED_LATELY: sa.and_(_OPEN, late, Deadline.due_on >= long_ago) if own else sa.false(),
        Show.RUNNING: sa.and_(_OPEN, running),
        Show.NEAR: sa.and_(_OPEN, running, until),
        Show.PAUSED: sa.and_(_OPEN, _STANDS),
        Show.UNKNOWN: sa.and_(_OPEN, _RUNS, Deadline.due_on.is_(None)),
        Show.LAPSED: sa.and_(lapsed, Deadline.due_on < lately) if own else lapsed,
        Show.ENDED_LATELY: sa.and_(lapsed, Deadline.due_on >= lately) if own else sa.false(),
        Show.MISSED: sa.and_(_KEPT, sa.or_(too_late, sa.and_(_OPEN, late))),
        # What a later step shows to have been met has no day.
        Show.MET: sa.and_(_KEPT, sa.not_(Deadline.open), Deadline.waived.is_(None), _not(too_late)),
        Show.WAIVED: sa.and_(_KEPT, Deadline.waived.is_not(None), Deadline.met_on.is_(None)),
    }
    return conditions[show]


def _not(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return what holds wherever the condition does not, also where a day is not known."""
    return sa.case((condition, 0), else_=1) == 1


def _lapsing() -> list[str]:
    return [it.id for it in periods().values() if it.lapses]


def _order(show: Show, own: bool | None) -> Sequence[Any]:
    """Return the order of a list. Those of others stand by their legal last day, as the index has them."""
    if own is False and show in (Show.LATE, Show.RUNNING, Show.NEAR, Show.LAPSED, Show.PAUSED):
        # Keys sort by time, so this is the order of filing; and it is the one that the index has.
        return (Deadline.due_on, Deadline.filing_id, Deadline.period, Deadline.start_number)
    first: list[Any]
    if show is Show.PAUSED:
        first = [Deadline.paused_on]
    else:
        # What ended is told by the day after which it was over, what runs by the day to go by.
        ours = Deadline.due_on if show in (Show.LAPSED, Show.ENDED_LATELY) else _SAFE
        day = sa.case((_SIDE[True], ours), else_=_CERTAIN)
        ended = (Show.LONG_AGO, Show.LAPSED, Show.ENDED_LATELY)
        newest_first = show in (Show.MET, Show.MISSED, Show.WAIVED, *ended)
        # "NULLS LAST" in words of both databases.
        # Of ours the last day that nobody knows comes first: it may be tomorrow.
        unknown_first = own is True and show is Show.CURRENT
        first = [
            day.is_not(None) if unknown_first else day.is_(None),
            day.desc() if newest_first else day,
        ]
    return [*first, Deadline.filing_id, Deadline.period, Deadline.start_number]


def _narrowed(asked: Any, wanted: Filter) -> Any:
    """Return the statement with the filters."""
    if wanted.own is not None:
        asked = asked.where(_SIDE[wanted.own])
    if wanted.period:
        asked = asked.where(Deadline.period == wanted.period)
    whose = seen_to_by(wanted)
    if whose is not None or wanted.authority or wanted.case:
        asked = asked.join(Filing, Filing.id == Deadline.filing_id)
    if whose is not None:
        asked = asked.where(whose)
    if wanted.authority:
        lodged, owes = Filing.authority_slug == wanted.authority, Deadline.owes_slug == wanted.authority
        asked = asked.where(sa.or_(lodged, owes))
    if wanted.case:
        asked = asked.where(Filing.case_id.in_(sa.select(Case.id).where(Case.number == wanted.case)))
    return asked
