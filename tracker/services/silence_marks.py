"""What people say of entries afterwards: that one has nothing new, or which reminder it answers.

Entries are never edited, so this stands beside them, with who said it when. A mark that is taken back stays.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Case, EntryMark, Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.rules import silence as rules
from tracker.rules.access import Actor
from tracker.services import deadlines, journal


@dataclass(frozen=True, slots=True)
class Marks:
    """What is said of an entry now: whether it has nothing new, the number of the reminder that it answers.

    `by` are the keys of the people who said so, in this order.
    """

    empty: bool = False
    answers: int | None = None
    by: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anybody said anything."""
        return self.empty or self.answers is not None


NONE = Marks()


def marks_of(case_ids: Collection[int]) -> dict[int, Marks]:
    """Return what is said of the entries of cases, by the key of the entry, in one statement.

    A reminder that was corrected since is named by the entry that stands there first in its line.
    """
    reminder = sa.orm.aliased(Update)
    query = (
        sa.select(EntryMark.update_id, EntryMark.answers_id, EntryMark.made_by, reminder.number)
        .join(Update, Update.id == EntryMark.update_id)
        .outerjoin(reminder, reminder.id == EntryMark.answers_id)
        .where(Update.case_id.in_(case_ids), EntryMark.ended_at.is_(None))
        .order_by(EntryMark.id)
    )
    found: dict[int, Marks] = {}
    for row in db.session.execute(query):
        now = found.get(row.update_id, NONE)
        found[row.update_id] = Marks(
            empty=now.empty or row.answers_id is None,
            answers=row.number if row.answers_id is not None else now.answers,
            by=(*now.by, row.made_by) if row.answers_id is not None else (row.made_by, *now.by),
        )
    return found


def reminders_for(filings: Sequence[Filing]) -> list[Update]:
    """Return the reminders that were sent for any of the filings and stand, the last recorded first."""
    correcting = sa.orm.aliased(Update)
    chosen = sa.select(UpdateFiling.update_id).where(
        UpdateFiling.filing_id.in_([it.id for it in filings]), UpdateFiling.step == rules.REMINDER
    )
    query = (
        sa.select(Update)
        .where(Update.id.in_(chosen), ~sa.exists().where(correcting.corrects_id == Update.id))
        .order_by(Update.number.desc())
    )
    return list(db.session.scalars(query)) if filings else []


def _steps(update: Update) -> set[str | None]:
    """Return the steps that an entry is; an imported one may be none, or one of another name."""
    query = sa.select(UpdateFiling.step).where(UpdateFiling.update_id == update.id)
    return set(db.session.scalars(query))


def why_not_empty(update: Update, ngo: str) -> str | None:
    """Return why nobody can say of an entry that it has nothing new, None where it can be said."""
    if rules.is_us(update.actor, update.actor_slug, ngo):
        return "It is our own: what we say ourselves never counts as news."
    here = _steps(update)
    if not here:
        return "It names no filing, so it breaks no silence and stands in no silence log."
    steps = tables.procedure().steps
    if all(rules.can_be_empty(steps.get(it) if it else None) for it in here):
        return None
    return (
        f"“{tables.happened(update.kind)}” is news or none by what it is: only a report on progress or a "
        "statement can say nothing new."
    )


def mark(update: Update, *, empty: bool, answers: int | None, by: Actor) -> Marks:
    """Say of an entry whether it has nothing new and which reminder (by number) it answers, None for none.

    What was said before and is not said any more ends; what is as before stays as it is, with who said it.
    Raises RuleBroken, naming the field: for an entry that was corrected, is our own, or is news by what it
    is; a reminder that is none, was sent for other filings, or after the entry.
    """
    case = db.session.get_one(Case, update.case_id)
    if db.session.scalar(sa.select(Update.number).where(Update.corrects_id == update.id)) is not None:
        raise RuleBroken(f"Entry {update.number} was corrected: say it of the entry that stands now.")
    if empty and (refusal := why_not_empty(update, case.ngo)):
        raise RuleBroken(refusal, field="empty")
    reminder = None if answers is None else _reminder(update, answers, case.ngo)
    wanted = {key for key, said in ((None, empty), (reminder and reminder.id, reminder is not None)) if said}
    query = sa.select(EntryMark).where(EntryMark.update_id == update.id, EntryMark.ended_at.is_(None))
    standing = {it.answers_id: it for it in db.session.scalars(query)}
    for key, it in standing.items():
        if key not in wanted:
            it.ended_at, it.ended_by = clock.now(), by.key
    for key in wanted - set(standing):
        db.session.add(EntryMark(update_id=update.id, answers_id=key, made_at=clock.now(), made_by=by.key))
    if wanted != set(standing):
        detail: dict[str, object] = {"update": update.number, "empty": empty, "answers": answers}
        journal.note("news.mark", case.number, by=by, case_id=case.id, detail=detail)
    db.session.flush()
    if (None in wanted) != (None in standing):
        # A word that says nothing new meets no duty to inform.
        ids = db.session.scalars(sa.select(UpdateFiling.filing_id).where(UpdateFiling.update_id == update.id))
        why = f"entry {update.number} is said to have {'nothing new' if empty else 'news'}"
        deadlines.recompute(ids.all(), why=why, by=by)
    return Marks(empty=empty, answers=answers)


def _reminder(update: Update, number: int, ngo: str) -> Update:
    """Return the reminder that an entry is said to answer. Raises RuleBroken."""
    if rules.is_us(update.actor, update.actor_slug, ngo):
        raise RuleBroken(
            f"Entry {update.number} is our own, so it answers no reminder of ours.", field="answers"
        )
    found: Update | None = db.session.scalar(
        sa.select(Update).where(Update.case_id == update.case_id, Update.number == number)
    )
    if found is None or rules.REMINDER not in _steps(found):
        raise RuleBroken(f"Entry {number} is no reminder.", field="answers")
    here, there = sa.orm.aliased(UpdateFiling), sa.orm.aliased(UpdateFiling)
    both = sa.select(here.filing_id).join(there, there.filing_id == here.filing_id)
    both = both.where(here.update_id == update.id, there.update_id == found.id)
    if db.session.scalar(both.limit(1)) is None:
        raise RuleBroken(
            f"Entry {number} reminded of other filings than entry {update.number} concerns.", field="answers"
        )
    if update.day.last and found.day.first and update.day.last < found.day.first:
        raise RuleBroken(
            f"Entry {update.number} ({update.day.words}) lies before the reminder ({found.day.words}).",
            field="answers",
        )
    return found


def carry(old: Update, new: Update) -> None:
    """Say of a correction what people said of the entry whose place it takes, as long as it is the same step.

    Who said it when stays. What was said of the old entry stays with it.
    """
    if _steps(old) != {new.kind} or old.actor_slug != new.actor_slug:
        return
    query = sa.select(EntryMark).where(EntryMark.update_id == old.id, EntryMark.ended_at.is_(None))
    for it in db.session.scalars(query).all():
        db.session.add(
            EntryMark(update_id=new.id, answers_id=it.answers_id, made_at=it.made_at, made_by=it.made_by)
        )


def words(marks: Marks, names: Mapping[str, str]) -> str:
    """Return what is said of an entry in words: "Says nothing new (marked by Ann)."."""
    told = ["says nothing new"] if marks.empty else []
    told += [f"answers our reminder, entry {marks.answers}"] if marks.answers is not None else []
    if not told:
        return ""
    people = " and ".join(dict.fromkeys(names.get(it, it) for it in marks.by))
    said = " and ".join(told)
    return f"{said[:1].upper()}{said[1:]}{f' (marked by {people})' if people else ''}."
