"""What a new entry of the protocol must not be: every refusal before anything is stored, beside its field."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken, Stale
from tracker.models import Case, Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.reference.authorities import authorities
from tracker.reference.periods import periods
from tracker.rules import days
from tracker.rules.days import Day
from tracker.rules.happened import WHAT_BEGINS
from tracker.rules.periods import ours_from
from tracker.rules.vocabulary import Outcome
from tracker.services import standing, updates_steps
from tracker.services.updates_new import NewUpdate


@dataclass(frozen=True, slots=True)
class Checked:
    """A new entry that may be recorded, and what it does.

    `corrected` is the entry whose place it takes. `left` are filings of that entry which this one does not
    name, `moved` those whose day of lodging it tells anew. `slug` is that of its actor, None where the
    directory does not know it.
    """

    case_id: int
    filings: Sequence[Filing]
    step: str
    outcome: Outcome | None
    slug: str | None
    corrected: Update | None
    left: Sequence[Filing]
    moved: Sequence[Filing]

    @property
    def touched(self) -> list[Filing]:
        """Return every filing that is otherwise afterwards."""
        return [*self.filings, *self.left]


def check(filings: Sequence[Filing], new: NewUpdate, *, corrects: int | None) -> Checked:
    """Return what recording the entry does. Raises RuleBroken, naming the field, as record_update says."""
    case_id = filings[0].case_id
    corrected = None if corrects is None else _to_correct(case_id, corrects)
    _check_source(new, corrected)
    left = _left_out(corrected, filings) if corrected else []
    if corrected:
        _refuse_unlodged(left, without=corrected)
    step = updates_steps.checked_step(new.step)
    _check_days(new)
    _check_last_day(new)
    moved = _lodged_by(corrected, filings) if corrected and step.code == "lodged" else []
    _check_after_lodging([it for it in filings if it not in moved], new.day)
    if corrected and moved:
        _check_lodging(moved, new.day, without=corrected)
    slug = new.actor if new.actor in authorities() else None
    updates_steps.check_order(filings, step, new.day, slug, without=corrected, note=new.irregular)
    outcome = tables.procedure().outcome(step.code, new.outcome)
    return Checked(case_id, filings, step.code, outcome, slug, corrected, left, moved)


def refuse_stale(filings: Sequence[Filing], seen: dict[str, int]) -> None:
    """Raise Stale, with the newest entries, when a filing is not as the writer saw it (number -> version)."""
    stale = [it for it in filings if seen.get(it.number, it.version) != it.version]
    if stale:
        numbers = ", ".join(it.number for it in stale)
        raise Stale(
            f"Somebody else recorded something on {numbers} while you were writing.",
            theirs=_newest(stale[0].case_id, stale),
        )


def _check_last_day(new: NewUpdate) -> None:
    """Refuse a last day that is fixed for us where nothing of ours begins, or before it does."""
    if new.says is None or new.says.period != WHAT_BEGINS or new.says.until is None:
        return
    if not ours_from(periods().values(), new.step):
        label = tables.steps()[new.step].label
        raise RuleBroken(
            f"“{label}” begins no period of ours. Record a last day at the deadline itself.", field="until"
        )
    begins = new.letter.received_on or new.day.first
    if begins is not None and new.says.until < begins:
        raise RuleBroken(f"{days.words(new.says.until)} lies before the period begins.", field="until")


def _check_source(new: NewUpdate, corrected: Update | None) -> None:
    """Refuse a source that is no web page, save an old one, and where an authority said who leads."""
    if not new.source or new.lead_act or (corrected and corrected.source == new.source):
        return
    if not new.source.lower().startswith(("https://", "http://")):
        raise RuleBroken("A web page begins with https:// or http://.", field="source")


def _lodged_by(entry: Update, filings: Sequence[Filing]) -> list[Filing]:
    """Return those of the filings whose day of lodging the entry tells."""
    told = {it.filing_id for it in entry.filings if it.step == "lodged"}
    return [it for it in filings if it.id in told and it.lodged == entry.day]


def _left_out(entry: Update, filings: Sequence[Filing]) -> Sequence[Filing]:
    """Return the filings of a corrected entry that its correction does not name: it is gone there."""
    ids = {it.filing_id for it in entry.filings} - {it.id for it in filings}
    query = sa.select(Filing).where(Filing.id.in_(ids)).options(selectinload(Filing.references))
    return db.session.scalars(query).all() if ids else []


def _refuse_unlodged(filings: Sequence[Filing], *, without: Update) -> None:
    """Refuse to take away from a filing the only entry that tells of its lodging: it would stay lodged."""
    lodged_by_it = {it.filing_id for it in without.filings if it.step == "lodged"}
    filings = [it for it in filings if it.id in lodged_by_it]
    happened = standing.entries_of(filings) if filings else {}
    for filing in filings:
        # Entry 0 is the lodging that is supposed where no entry tells of it.
        told = [it for it in happened[filing.id] if it.step == "lodged" and not it.corrected]
        if not {it.number for it in told} - {0, without.number}:
            raise RuleBroken(
                f"{filing.number} was lodged by this entry: record “Withdrawn” instead.", field="filings"
            )


def _check_days(new: NewUpdate) -> None:
    today = clock.today()
    if new.day.first is not None and new.day.first > today:
        raise RuleBroken(f"{new.day.words} has not come yet.", field="day")
    for day, name in ((new.letter.sent_on, "sent_on"), (new.letter.received_on, "received_on")):
        if day is not None and day > today:
            raise RuleBroken(f"{days.words(day)} has not come yet.", field=name)
    if new.letter.sent_on and new.letter.received_on and new.letter.received_on < new.letter.sent_on:
        raise RuleBroken("It cannot have been received before it was sent.", field="received_on")


def _check_after_lodging(filings: Sequence[Filing], day: Day) -> None:
    for filing in filings:
        first = filing.lodged.first
        if first and day.last and day.last < first:
            raise RuleBroken(
                f"{day.words} lies before {filing.number} was lodged ({filing.lodged.words}).", field="day"
            )


def _check_lodging(filings: Sequence[Filing], day: Day, *, without: Update) -> None:
    """Refuse a corrected day of lodging before the facts of the case or after what happened to a filing."""
    if day.first is None or day.last is None:
        raise RuleBroken("Say on which day it was lodged.", field="day")
    facts = db.session.get_one(Case, without.case_id).facts
    if facts.first and day.last < facts.first:
        raise RuleBroken(f"{day.words} lies before the facts of the case ({facts.words}).", field="day")
    happened = standing.entries_of(filings)
    for filing in filings:
        for entry in happened[filing.id]:
            later = entry.day.last and entry.day.last < day.first
            if later and not entry.corrected and entry.number != without.number:
                raise RuleBroken(
                    f"{day.words} lies after entry {entry.number} of {filing.number} ({entry.day.words}).",
                    field="day",
                )


def _to_correct(case_id: int, number: int) -> Update:
    found: Update | None = db.session.scalar(
        sa.select(Update)
        .where(Update.case_id == case_id, Update.number == number)
        .options(selectinload(Update.filings))
    )
    if found is None:
        raise RuleBroken(f"There is no entry {number} to correct.", field="corrects")
    taken = db.session.scalar(sa.select(Update.number).where(Update.corrects_id == found.id))
    if taken is not None:
        raise RuleBroken(f"Entry {number} was corrected already, by entry {taken}.", field="corrects")
    return found


def _newest(case_id: int, filings: Sequence[Filing]) -> Sequence[Update]:
    chosen = sa.select(UpdateFiling.update_id).where(UpdateFiling.filing_id.in_([it.id for it in filings]))
    query = sa.select(Update).where(Update.case_id == case_id, Update.id.in_(chosen))
    return db.session.scalars(query.order_by(Update.number.desc()).limit(5)).all()
