"""Deadlines: computed from what happened and stored, so that they are found by day; earlier days are kept.

Every act that changes what runs calls recompute() in its own transaction. Nothing else writes a deadline.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker import clock
from tracker.db import db, new_id
from tracker.errors import NotFound
from tracker.models import Deadline, DeadlineChange, Filing
from tracker.reference.calendars import calendar_of
from tracker.reference.periods import periods, version
from tracker.rules.access import Actor
from tracker.rules.applicability import Applicable, applicable
from tracker.rules.days import LATEST, words
from tracker.rules.deadlines import Ends
from tracker.rules.ending import Extension
from tracker.rules.happened import Course, Happened
from tracker.rules.running import OVER, WITH_FILING, Running, running
from tracker.rules.vocabulary import Answer
from tracker.services.deadlines_course import courses, entries_of, filings_of

#: Filings that are computed at once: so many that statements stay few, so few that memory stays small.
AT_ONCE = 500

#: The days of a deadline of which the history keeps what they were: what is moved is told by these.
DAYS = ("due", "safe", "certain", "started")

Key = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Computed:
    """How many deadlines are new, have other days (DAYS), and do not run any more."""

    new: int = 0
    moved: int = 0
    gone: int = 0

    def __add__(self, other: "Computed") -> "Computed":
        """Return both together."""
        return Computed(self.new + other.new, self.moved + other.moved, self.gone + other.gone)


def recompute(ids: Collection[int], *, why: str, by: Actor, dry_run: bool = False) -> Computed:
    """Bring the deadlines of filings (by key) in line with what is recorded; return what changed.

    `why` stands in the history of every deadline of which one of DAYS becomes another. What is pending is
    flushed. The number of statements grows by one set per 500 filings, and not with updates or deadlines.
    With `dry_run` nothing is stored.
    """
    db.session.flush()
    done, left = Computed(), sorted(ids)
    for start in range(0, len(left), AT_ONCE):
        bring = _Bringing(why, by)
        bring.work_out(filings_of(left[start : start + AT_ONCE]))
        if not dry_run:
            bring.store()
        done += bring.counted
    return done


def worked_out(course: Course) -> list[Running]:
    """Return every period that runs or ran in a filing; asks and stores nothing."""
    applies = _applies(course)
    course = replace(course, chapter_v=applies("V") is not Answer.NO)
    return running(course, periods(), calendar_of, applies)


def extensions(
    filings: Sequence[Filing], period: str, start_number: int, entry: int
) -> list[tuple[str, Extension]]:
    """Return what an entry that extends a deadline is worth, with the number of each filing where it does."""
    told = courses(filings_of([it.id for it in filings]))
    return [
        (filing.number, judged)
        for filing in filings
        for it in worked_out(told[filing.id])
        if (it.period.id, it.start_number) == (period, start_number)
        for judged in it.end.extensions
        if judged.number == entry
    ]


def _applies(course: Course) -> Callable[[str], Answer]:
    """Return whether a chapter of Reg (EU) 2025/2518 applies to a filing; unknown: a person decides."""
    told: dict[date, Mapping[str, Applicable]] = {}
    for day in (course.lodged.first, course.lodged.last):
        if day is not None and day not in told:
            # What was referred before the lodging is another complaint's dispute.
            referred = course.referred if course.referred and course.referred >= day else None
            local = Answer.YES if course.local else Answer.NO
            told[day] = applicable(day, referred, course.cross_border, local, state=course.country)

    def applies(chapter: str) -> Answer:
        found = {it[chapter].applies for it in told.values()}
        return found.pop() if len(found) == 1 else Answer.UNKNOWN

    return applies


class _Bringing:
    """Some filings whose deadlines are brought in line: first worked out, then stored by a few statements."""

    def __init__(self, why: str, by: Actor) -> None:
        self.why, self.by, self.now = why, by, clock.now()
        self.fresh: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.changed: list[tuple[Deadline, dict[str, Any]]] = []
        self.gone: list[Deadline] = []

    @property
    def counted(self) -> Computed:
        """Return what changes."""
        return Computed(len(self.fresh), len(self.changes) - len(self.gone), len(self.gone))

    def work_out(self, filings: Sequence[Filing]) -> None:
        """Compare what runs now with what is stored."""
        told = courses(filings)
        query = sa.select(Deadline).where(Deadline.filing_id.in_([it.id for it in filings]))
        left: dict[Key, Deadline] = {
            (it.filing_id, it.period, it.start_number): it
            # Written by statements that go past the objects of the session: read what is stored now.
            for it in db.session.scalars(query.execution_options(populate_existing=True))
        }
        for filing in filings:
            for it in worked_out(told[filing.id]):
                values = _values(it)
                row = left.pop((filing.id, it.period.id, it.start_number), None)
                if row is None:
                    made = {"id": new_id(), "filing_id": filing.id, "computed_at": self.now}
                    self.fresh.append(made | values)
                    continue
                self.changed.append((row, values))
                if row.gone or any(getattr(row, f"{it}_on") != values[f"{it}_on"] for it in DAYS):
                    self._note(row, values)
        self.gone = [row for row in left.values() if not row.gone]
        for row in self.gone:
            self._note(row, {})

    def store(self) -> None:
        """Write it down. A row that stays as it is is not touched."""
        changed = [
            {"key": row.id, "computed_at": self.now, **values}
            for row, values in self.changed
            if any(getattr(row, name) != value for name, value in values.items())
        ]
        # By the tables, not the models: those make one statement of each group of rows with the same gaps.
        table = sa.inspect(Deadline).local_table
        if changed:
            new: dict[str, Any] = {name: sa.bindparam(name) for name in changed[0] if name != "key"}
            db.session.execute(sa.update(table).where(table.c.id == sa.bindparam("key")).values(new), changed)
        if self.gone:
            gone = Deadline.id.in_([row.id for row in self.gone])
            db.session.execute(
                sa.update(Deadline).where(gone).values(gone=True, open=False, computed_at=self.now)
            )
        if self.fresh:
            db.session.execute(sa.insert(table), self.fresh)
        if self.changes:
            db.session.execute(sa.insert(sa.inspect(DeadlineChange).local_table), self.changes)

    def _note(self, row: Deadline, after: Mapping[str, Any]) -> None:
        """Keep the days that a row has; `after` are its new columns, none where it does not run any more."""
        before = {f"{it}_before": None if row.gone else getattr(row, f"{it}_on") for it in DAYS}
        self.changes.append(
            {
                "id": new_id(),
                "deadline_id": row.id,
                "at": self.now,
                "actor": self.by.key,
                "why": self.why,
                **before,
                **{f"{it}_after": after.get(f"{it}_on") for it in DAYS},
            }
        )


def _values(it: Running) -> dict[str, Any]:
    """Return the columns of a deadline, without its keys."""
    end = it.end
    return {
        "period": it.period.id,
        "start_number": it.start_number,
        "started_on": it.started.value,
        "started_precision": it.started.precision,
        "owes": it.period.owes,
        "owes_slug": it.owes_slug,
        "own": it.period.own,
        "nominal_on": end.nominal,
        "due_on": end.due,
        "safe_on": end.safe,
        "certain_on": end.certain,
        "open": it.met_number is None and it.waived is None,
        "met_on": it.met_on,
        "met_number": it.met_number,
        "paused_on": end.paused_on,
        "extended": end.extended,
        "waived": it.waived,
        "gone": False,
        "counted": {
            "length": end.length.code if end.length else None,
            "started_by": it.started_by,
            "met_by": it.met_by.isoformat() if it.met_by else None,
            "calendars": list(end.calendars),
            "version": end.version,
            "reasons": [[reason.text, reason.basis] for reason in end.reasons],
            "skipped": [[skipped.day.isoformat(), skipped.name] for skipped in end.skipped],
            "uncertain": list(end.uncertain),
        },
        "rules_version": version(),
    }


#: The columns that ends_of() reads.
OF_ENDS: tuple[Any, ...] = (
    Deadline.period,
    Deadline.own,
    Deadline.due_on,
    Deadline.safe_on,
    Deadline.certain_on,
    Deadline.met_on,
    Deadline.met_number,
    Deadline.paused_on,
    Deadline.extended,
    Deadline.waived,
)


def ends_of(row: Deadline | sa.Row[Any]) -> Ends:
    """Return what decides how a stored deadline stands on a day (rules.deadlines.state and its like).

    A row of a query that has its columns does as well.
    """
    period = periods().get(row.period)
    return Ends(
        due=row.due_on,
        safe=row.safe_on,
        certain=row.certain_on,
        own=row.own,
        met_on=row.met_on,
        # Without a day it was met by the time of an entry, and nobody knows when.
        shown_met=row.met_on is None and row.met_number is not None,
        paused_on=row.paused_on,
        extended=row.extended,
        waived=row.waived is not None,
        ended=(row.waived or "").startswith(WITH_FILING),
        moot=(row.waived or "").startswith(OVER),
        lapses=period is not None and period.lapses,
        untold=period is not None and period.untold,
    )


def of_filings(ids: Iterable[int]) -> dict[int, list[Deadline]]:
    """Return the deadlines of filings that run or ran, by filing, each in the order of in_order()."""
    query = sa.select(Deadline).where(Deadline.filing_id.in_(list(ids)), ~Deadline.gone)
    found: dict[int, list[Deadline]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.filing_id, []).append(row)
    return {key: in_order(rows) for key, rows in found.items()}


def of_filing(filing: Filing) -> list[Deadline]:
    """Return the deadlines of a filing that run or ran: open ones first, by the day to go by."""
    return of_filings([filing.id]).get(filing.id, [])


def as_of(filing: Filing, day: date) -> list[Deadline]:
    """Return the deadlines of a filing by what had happened up to a day, in the order of in_order().

    Where nothing is recorded of later days these are the stored ones. Else they are worked out without what
    came later (an extension, a waiver, a stop, the end of the complaint), and are in no store.
    """
    [entries] = entries_of([filing]).values()
    if not any(_after(it, day) for it in entries):
        return of_filing(filing)
    course = courses(filings_of([filing.id]))[filing.id]
    then = tuple(it for it in course.entries if not _after(it, day))
    found = worked_out(replace(course, entries=then))
    return in_order(Deadline(filing_id=filing.id, **_values(it)) for it in found)


def _after(it: Happened, day: date) -> bool:
    return it.day.first is not None and it.day.first > day


def in_order(rows: Iterable[Deadline]) -> list[Deadline]:
    """Return deadlines with the open ones first, ours before those of others, by day; unknown days last."""
    order = {name: place for place, name in enumerate(periods())}

    def place(row: Deadline) -> tuple[bool, bool, date, int]:
        shown = ends_of(row).shown
        return not row.open, not row.own, shown or LATEST, order.get(row.period, len(order))

    return sorted(rows, key=place)


def get(number: str, period: str, start_number: int = 0) -> Deadline:
    """Return a deadline of a filing with its earlier days, also one that is gone. Raises NotFound."""
    query = (
        sa.select(Deadline)
        .join(Filing, Filing.id == Deadline.filing_id)
        .where(Filing.number == number, Deadline.period == period, Deadline.start_number == start_number)
        .options(selectinload(Deadline.changes))
    )
    found: Deadline | None = db.session.scalar(query)
    if found is None:
        raise NotFound(f"There is no deadline {period} of {number} from entry {start_number}.")
    return found


def outdated(limit: int | None = None) -> list[int]:
    """Return the filings, by key, of which a deadline was computed by older rules, periods or calendars."""
    older = sa.select(Deadline.filing_id).where(Deadline.rules_version != version(), ~Deadline.gone)
    return list(db.session.scalars(older.distinct().order_by(Deadline.filing_id).limit(limit)))


def redate(ids: Collection[int] | None = None, *, by: Actor, dry_run: bool = False) -> Computed:
    """Compute the deadlines of filings anew (default: of all), and say by what in their history."""
    if ids is None:
        ids = list(db.session.scalars(sa.select(Filing.id)))
    why = f"computed anew on {words(clock.today())} by {version()}"
    return recompute(ids, why=why, by=by, dry_run=dry_run)
