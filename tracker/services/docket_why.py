"""Why a deadline has its day: where it starts, what entries say of it, which days it had before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Deadline, DeadlineAct, DeadlineChange, Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.reference.calendars import calendar_of
from tracker.rules.calendars import NO_PLACE
from tracker.rules.counting import file_from
from tracker.rules.happened import WHAT_BEGINS
from tracker.services import deadlines, procedure
from tracker.services.docket_lines import Line, lines, query

#: Steps that say something of a deadline and nothing else.
OWN_STEPS = frozenset(code for code, step in tables.steps().items() if step.group == "deadline")
#: The periods after which an action for inaction can be brought, the contested one too.
BEFORE_AN_ACTION = frozenset({*procedure.INFORMATION, "G15-AGAIN"})


@dataclass(frozen=True, slots=True)
class Said:
    """What an entry says of the deadline. `act` is extend, pause, restart, fix, meet, waive or begin."""

    act: str
    entry: Update
    until_on: date | None
    more: str | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One deadline with all that its page tells. `start` and `met` are entries, None where there is none.

    `start` is the entry in force from which it runs, None for the day of lodging. `changes` are the days that
    it had before, the newest first. `file_from` is the first day of an action for inaction.
    """

    row: Deadline
    filing: Filing
    line: Line
    start: Update | None
    met: Update | None
    said: Sequence[Said]
    changes: Sequence[DeadlineChange]
    file_from: date | None


def explained(filing: str, period: str, start_number: int, today: date, *, internal_days: int) -> Explained:
    """Return what explains a deadline of a filing as it stands on a day. Raises NotFound."""
    row = deadlines.get(filing, period, start_number)
    [(_, line)] = lines(query().where(Deadline.id == row.id), today, internal_days=internal_days)
    of = db.session.scalars(
        sa.select(Filing)
        .where(Filing.id == row.filing_id)
        .options(joinedload(Filing.case), selectinload(Filing.controllers))
    ).one()
    case_id = of.case_id
    return Explained(
        row=row,
        filing=of,
        line=line,
        start=_entry(case_id, row.counted.get("started_by")),
        met=_entry(case_id, row.met_number),
        said=_said(row),
        changes=list(reversed(row.changes)),
        file_from=_file_from(row),
    )


def _file_from(row: Deadline) -> date | None:
    """Return the first working day after the latest end, by the calendar of the state of its courts.

    None where no action for inaction hangs on it, where word came in time, and where nobody can count it.
    """
    last = row.certain_on or row.due_on
    met = row.met_on is not None and last is not None and row.met_on <= last
    if row.period not in BEFORE_AN_ACTION or last is None or met or row.waived or row.paused_on:
        return None
    try:
        return file_from(last, calendar_of((row.counted.get("calendars") or [NO_PLACE])[0]))
    except RuleBroken:
        return None


def _entry(case_id: int, number: int | None) -> Update | None:
    if not number:
        return None
    found: Update | None = db.session.scalar(
        sa.select(Update).where(Update.case_id == case_id, Update.number == number)
    )
    return found


def _said(row: Deadline) -> list[Said]:
    """Return what entries of the filing say of the deadline, in their order; a corrected one says nothing."""
    correcting = sa.orm.aliased(Update)
    starts = sa.or_(DeadlineAct.start_number == row.start_number, DeadlineAct.start_number.is_(None))
    about = DeadlineAct.period.in_([row.period, *([WHAT_BEGINS] if row.own else [])])
    rows = db.session.execute(
        sa.select(DeadlineAct, Update)
        .join(Update, Update.id == DeadlineAct.update_id)
        .join(UpdateFiling, UpdateFiling.update_id == Update.id)
        .where(UpdateFiling.filing_id == row.filing_id, about, starts)
        .where(~sa.exists().where(correcting.corrects_id == Update.id))
        .order_by(Update.number)
    )
    return [Said(act.act, update, act.until_on, act.more) for act, update in rows]


def sharing(filing: str, period: str, start_number: int) -> list[Filing]:
    """Return the filings of the case in which this period runs from the same entry and is open, by number.

    The one that is asked for is there in any case. A letter often concerns many of them at once.
    """
    here = sa.select(Filing.case_id).where(Filing.number == filing).scalar_subquery()
    asked = (
        sa.select(Filing)
        .join(Deadline, Deadline.filing_id == Filing.id)
        .where(Filing.case_id == here, Deadline.period == period, Deadline.start_number == start_number)
        .where(~Deadline.gone, sa.or_(Deadline.open, Filing.number == filing))
        .order_by(Filing.position)
    )
    return list(db.session.scalars(asked))


def without_a_day(filings: Sequence[Filing], start_number: int) -> list[tuple[str, str]]:
    """Return which deadlines of ours begin in filings with an entry and have no last day yet: filing, period.

    An authority asked something of us, and nobody has recorded until when.
    """
    asked = (
        sa.select(Filing.number, Deadline.period)
        .join(Deadline, Deadline.filing_id == Filing.id)
        .where(Filing.id.in_([it.id for it in filings]), Deadline.start_number == start_number)
        .where(Deadline.own, Deadline.open, Deadline.due_on.is_(None), ~Deadline.gone)
        .order_by(Filing.position, Deadline.period)
    )
    return [(number, period) for number, period in db.session.execute(asked)]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that says something of a deadline, to be corrected: which deadline, and what it says."""

    update: Update
    said: DeadlineAct
    filings: Sequence[Filing]


def entry_saying(case_id: int, number: int) -> Entry | None:
    """Return an entry of a case with what it says of a deadline; None where it is a step of its own.

    An entry that is a step, such as views asked for, may fix a day besides; it is corrected as the step.
    """
    asked = (
        sa.select(Update, DeadlineAct)
        .join(DeadlineAct, DeadlineAct.update_id == Update.id)
        .where(Update.case_id == case_id, Update.number == number, Update.kind.in_(OWN_STEPS))
    )
    found = db.session.execute(asked).one_or_none()
    if found is None:
        return None
    update, said = found
    filings = db.session.scalars(
        sa.select(Filing)
        .join(UpdateFiling, UpdateFiling.filing_id == Filing.id)
        .where(UpdateFiling.update_id == update.id)
        .order_by(UpdateFiling.position)
    ).all()
    return Entry(update, said, filings)
