"""A line of the docket: one deadline as it stands on a day, with what is needed to act on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Case, Deadline, Filing, Update, User
from tracker.reference.calendars import calendar_of
from tracker.reference.periods import periods
from tracker.rules import deadlines as rules
from tracker.rules.calendars import NO_PLACE
from tracker.rules.days import Day
from tracker.rules.deadlines import Ends, State
from tracker.rules.periods import AS_THE_ENTRY_SAYS, Regime
from tracker.rules.warning import internal_day
from tracker.services.deadlines import OF_ENDS, ends_of


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline of one filing. `words` are the time left or over; `left` the days to the day to go by.

    `internal_on` is the working day by which we want to be ready, for our own that still run. `responsible`
    is who sees to the filing; None where nobody was named.
    """

    filing: str
    case: str
    title: str
    authority: str | None
    country: str
    period: str
    start_number: int
    started: Day
    label: str
    basis: str
    owes: str
    owes_slug: str | None
    own: bool
    ends: Ends
    state: State
    words: str
    left: int | None
    internal_on: date | None
    met_number: int | None
    #: Why nobody waits for it any more though it was not met.
    waived: str | None
    responsible: str | None
    responsible_active: bool
    #: Whether it is a right of ours that ended a short time ago and was not used.
    ended_lately: bool = False
    #: Of one that was begun by hand: what the entry says that began it.
    said: str | None = None
    #: Whether somebody fixes its last day: the law gives none.
    fixed: bool = False
    #: Whether it is owed at all depends on how the law is read.
    contested: bool = False
    #: The basis of the period under which the same word is owed from the same day, where that is another one.
    same_under: str | None = None

    @property
    def is_open(self) -> bool:
        """Return whether somebody still waits for it."""
        return not self.ends.met and not self.ends.waived

    @property
    def is_late(self) -> bool:
        """Return whether it is over and somebody still waits for it."""
        return self.is_open and self.state is State.MISSED

    @property
    def lapsed(self) -> bool:
        """Return whether a right, ours too, or the time of a measure, is over: nobody is late then."""
        return self.is_open and self.state is State.WAIVED


def query() -> Any:
    """Return the statement that asks for all that a line says; who asks adds where and in which order."""
    return (
        sa.select(
            *OF_ENDS,
            Deadline.start_number,
            Deadline.started_on,
            Deadline.started_precision,
            Deadline.owes,
            Deadline.owes_slug,
            Deadline.counted[("calendars", 0)].as_string().label("calendar"),
            Deadline.counted["started_by"].as_integer().label("started_by"),
            Filing.id.label("filing_id"),
            Filing.number.label("filing"),
            Filing.authority_slug,
            Filing.country,
            Case.id.label("case_id"),
            Case.number.label("case"),
            Case.title,
            User.name.label("responsible"),
            User.active.label("responsible_active"),
        )
        .join(Filing, Filing.id == Deadline.filing_id)
        .join(Case, Case.id == Filing.case_id)
        .outerjoin(User, User.id == Filing.responsible_id)
    )


def lines(asked: Any, today: date, *, internal_days: int) -> list[tuple[int, Line]]:
    """Return the rows of a statement of query() as lines of that day, each with the key of its filing.

    One more statement is asked where some were begun by hand: only their entries say what they are about.
    """
    rows = db.session.execute(asked).all()
    told = _told([it for it in rows if it.period in _by_hand()])
    found = []
    for row in rows:
        said = told.get((row.case_id, row.started_by)) if row.period in _by_hand() else None
        found.append((row.filing_id, _line(row, said, today, internal_days)))
    return found


@cache
def _by_hand() -> frozenset[str]:
    return frozenset(it.id for it in periods().values() if it.start.by_hand)


@cache
def _same() -> Mapping[str, str]:
    """Return the national periods in which no more is owed than by Art 78(2), with the basis of that."""
    general = periods()["G15"]
    what = (general.start, general.length, general.met, general.owes)
    national = (it for it in periods().values() if it.regime is Regime.NATIONAL)
    return {it.id: general.basis for it in national if (it.start, it.length, it.met, it.owes) == what}


def _told(rows: Sequence[Any]) -> dict[tuple[int, int], str]:
    """Return the words of the entries that began these deadlines, by case and number."""
    if not rows:
        return {}
    asked = sa.select(Update.case_id, Update.number, Update.words).where(
        Update.case_id.in_({it.case_id for it in rows}), Update.number.in_({it.started_by for it in rows})
    )
    return {(case, number): words for case, number, words in db.session.execute(asked)}


def _line(row: Any, said: str | None, today: date, internal_days: int) -> Line:
    period = periods().get(row.period)
    ends = ends_of(row)
    state = rules.state(ends, today)
    # Of what no law names, the entry alone says what it is.
    told = said is not None and period is not None and period.basis == AS_THE_ENTRY_SAYS
    contested = period is not None and period.contested
    words = rules.time_words(ends, today)
    waits = row.own and state in (State.RUNNING, State.EXTENDED)
    return Line(
        filing=row.filing,
        case=row.case,
        title=row.title,
        authority=row.authority_slug,
        country=row.country,
        period=row.period,
        start_number=row.start_number,
        started=Day(row.started_on, row.started_precision),
        label=said if told and said else period.label if period else row.period,
        basis=period.label if told and period else period.basis if period else "",
        owes=row.owes,
        owes_slug=row.owes_slug,
        own=row.own,
        ends=ends,
        state=state,
        words=f"{words}, contested" if contested and state is State.MISSED else words,
        left=rules.days_left(ends, today),
        internal_on=_internal(ends.shown, internal_days, row.calendar) if waits else None,
        met_number=row.met_number,
        waived=row.waived,
        responsible=row.responsible,
        responsible_active=bool(row.responsible_active),
        ended_lately=rules.ended_lately(ends, today),
        said=None if told else said,
        fixed=period is not None and period.length is None and not period.start.ends,
        contested=contested,
        same_under=_same().get(row.period),
    )


def _internal(last: date | None, working_days: int, place: str | None) -> date | None:
    if last is None or not working_days:
        return None
    try:
        calendar = calendar_of(place or NO_PLACE)
    except RuleBroken:
        calendar = calendar_of(NO_PLACE)
    return internal_day(last, working_days, calendar)


def of_filings(ids: Sequence[int], today: date, *, internal_days: int) -> dict[int, list[Line]]:
    """Return every deadline of each filing (by id) that is not gone, in one statement, or two: see lines().

    Ours first, then by the day to go by; those that nobody waits for any more, or that ended without
    anybody being late, come last.
    """
    found: dict[int, list[Line]] = {key: [] for key in ids}
    asked = query().where(Deadline.filing_id.in_(ids), ~Deadline.gone)
    for key, it in lines(asked, today, internal_days=internal_days):
        found[key].append(it)
    return {key: sorted(several, key=_order) for key, several in found.items()}


def _order(it: Line) -> tuple[bool, bool, date, str, int]:
    over = it.lapsed and not it.ended_lately
    return (not it.is_open or over, not it.own, it.ends.shown or date.max, it.period, it.start_number)
