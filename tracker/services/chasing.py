"""Reminders in bulk: written for chosen filings, previewed, sent by a person, recorded as sent exactly once.

One letter goes out for each filing, because an authority keeps each complaint under a number of its own. It
goes to the authority lodged with, which owes the information (Art 77(2)) and with which a complainant deals
(Art 3(3) Reg 2025/2518). Nothing is sent from here: an authority gets the letter of a person.
"""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import Filing, Reminder, ReminderBatch, Route, RouteOverride
from tracker.reference.authorities import authorities
from tracker.rules.access import Actor
from tracker.rules.text import shown
from tracker.services import chasing_letters, chasing_templates, chasing_waiting, journal, silence
from tracker.services.chasing_letters import Letter

#: Filings of one batch.
MOST = 500


def write(numbers: Sequence[str], *, by: Actor) -> ReminderBatch:
    """Write reminders for filings and return them as a batch; nothing is sent or recorded as sent.

    The same person writing for the same filings again gets the batch that is open. Raises RuleBroken for no
    filing, for more than MOST, and for a number that none has.
    """
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise RuleBroken("Choose at least one filing.", field="filings")
    if len(wanted) > MOST:
        raise RuleBroken(
            f"{len(wanted):,} filings are too many: choose {MOST} at most, and the others afterwards.",
            field="filings",
        )
    filings = {it.number: it for it in filings_with_all(Filing.number.in_(wanted))}
    if unknown := [it for it in wanted if it not in filings]:
        raise RuleBroken(f"There is no filing {shown(unknown[0])}.", field="filings")
    chosen = [filings[it] for it in wanted]
    if (there := _open_one(chosen, by)) is not None:
        return there
    highest = db.session.scalar(sa.select(sa.func.max(ReminderBatch.number))) or 0
    batch = ReminderBatch(number=highest + 1, written_at=clock.now(), written_by=by.key, texts={})
    db.session.add(batch)
    db.session.flush()
    for position, filing in enumerate(_in_order(chosen)):
        db.session.add(
            Reminder(
                batch_id=batch.id,
                filing_id=filing.id,
                position=position,
                authority_slug=filing.authority_slug,
                language="",
                known={},
                filled={},
                anyway=None,
                left_out=False,
            )
        )
    journal.note("reminder.write", str(batch.number), by=by, detail={"filings": len(chosen)})
    db.session.flush()
    renew(batch)
    return batch


def filings_with_all(*where: sa.ColumnElement[bool]) -> Sequence[Filing]:
    """Return filings with all that recording an update on them reads."""
    query = (
        sa.select(Filing)
        .where(*where)
        .options(
            joinedload(Filing.case),
            joinedload(Filing.authority),
            joinedload(Filing.complainant),
            selectinload(Filing.overrides).joinedload(RouteOverride.route),
            selectinload(Filing.references),
            selectinload(Filing.controllers),
            selectinload(Filing.routes.and_(Route.current)),
        )
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def _in_order(filings: Sequence[Filing]) -> list[Filing]:
    """Return filings as their letters are shown: by authority, then by number."""
    order = {slug: place for place, slug in enumerate(authorities())}
    return sorted(
        filings, key=lambda it: (order.get(it.authority_slug or "", len(order)), len(it.number), it.number)
    )


def _open_one(filings: Sequence[Filing], by: Actor) -> ReminderBatch | None:
    """Return the open batch that this person wrote for exactly these filings, None for none."""
    query = sa.select(ReminderBatch).where(
        ReminderBatch.written_by == by.key, ReminderBatch.recorded_at.is_(None)
    )
    query = query.options(selectinload(ReminderBatch.letters)).order_by(ReminderBatch.number.desc()).limit(20)
    wanted = {it.id for it in filings}
    found = (it for it in db.session.scalars(query) if {each.filing_id for each in it.letters} == wanted)
    return next(found, None)


def renew(batch: ReminderBatch) -> None:
    """Write the letters of an open batch anew, from the templates and the records as they stand now.

    What people filled in, chose or left out stays. Raises RuleBroken for a batch that was recorded.
    """
    refuse_recorded(batch)
    in_use = chasing_templates.letters_in_use()
    batch.texts = {
        it.language: {"subject": it.letter.subject, "body": it.letter.body}
        for it in in_use.values()
        if it.letter is not None
    }
    db.session.flush()
    rows = rows_of(batch)
    filings = {it.id: it for it in filings_with_all(Filing.id.in_([it.filing_id for it in rows]))}
    logs = silence.logs_of(list(filings.values()))
    for row in rows:
        filing = filings[row.filing_id]
        row.known = chasing_letters.known_of(filing, logs[filing.id])
        if row.language not in batch.texts:
            row.language = chasing_letters.language_of(filing, batch.texts)
    db.session.flush()


def refuse_recorded(batch: ReminderBatch) -> None:
    """Raise RuleBroken for a batch that was recorded as sent: its words are those that went out."""
    if batch.recorded_at is not None:
        raise RuleBroken("These reminders are recorded as sent, so nothing of them can be changed any more.")


def rows_of(batch: ReminderBatch) -> Sequence[Reminder]:
    """Return the letters of a batch with their filings and cases, in order."""
    query = sa.select(Reminder).where(Reminder.batch_id == batch.id).order_by(Reminder.position)
    loaded = query.options(joinedload(Reminder.filing).joinedload(Filing.case))
    return db.session.scalars(loaded.execution_options(populate_existing=True)).all()


def get_batch(number: int) -> ReminderBatch:
    """Return a batch by its number. Raises NotFound."""
    query = sa.select(ReminderBatch).where(ReminderBatch.number == number)
    found: ReminderBatch | None = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound("There are no such reminders.")
    return found


def batches(limit: int = 50) -> Sequence[tuple[ReminderBatch, int, int]]:
    """Return the newest batches, open ones first, with how many letters each has and how many were sent."""
    counted = sa.func.count(Reminder.id), sa.func.count(Reminder.update_id)
    query = (
        sa.select(ReminderBatch, *counted)
        .join(Reminder, Reminder.batch_id == ReminderBatch.id)
        .group_by(ReminderBatch.id)
        .order_by(ReminderBatch.recorded_at.is_not(None), ReminderBatch.number.desc())
        .limit(limit)
    )
    return [(it, letters, sent) for it, letters, sent in db.session.execute(query)]


def open_batches(limit: int = 10) -> Sequence[tuple[ReminderBatch, int]]:
    """Return the newest batches that nobody has recorded as sent, with how many letters each has."""
    query = (
        sa.select(ReminderBatch, sa.func.count(Reminder.id))
        .join(Reminder, Reminder.batch_id == ReminderBatch.id)
        .where(ReminderBatch.recorded_at.is_(None))
        .group_by(ReminderBatch.id)
        .order_by(ReminderBatch.number.desc())
        .limit(limit)
    )
    return [(it, letters) for it, letters in db.session.execute(query)]


def letters_of(batch: ReminderBatch, *, on: date | None = None) -> list[Letter]:
    """Return the letters of a batch as they are to be read, or as they were sent.

    `on` is the day on which they are sent, today where nobody has said: what counts as a short time ago is
    measured from it. The number of statements does not grow with the letters.
    """
    rows = rows_of(batch)
    if batch.recorded_at is not None:
        return [chasing_letters.as_sent(it) for it in rows]
    logs, day = silence.logs_of([it.filing for it in rows]), on or clock.today()
    waiting = chasing_waiting.awaited([it.filing_id for it in rows], today=day)
    return [
        chasing_letters.as_written(batch, it, logs[it.filing_id], day, waiting.get(it.filing_id))
        for it in rows
    ]


def discard(batch: ReminderBatch, *, by: Actor) -> None:
    """Throw away letters that were never sent. Raises RuleBroken for a batch that was recorded."""
    refuse_recorded(batch)
    journal.note("reminder.discard", str(batch.number), by=by)
    db.session.execute(sa.delete(Reminder).where(Reminder.batch_id == batch.id))
    db.session.delete(batch)
    db.session.flush()
