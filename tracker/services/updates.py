"""Updates: what happened to filings on one day. Added, never edited; a correction is a new update."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, subqueryload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import Case, DeadlineAct, Filing, Update, UpdateFiling
from tracker.reference.authorities import label
from tracker.rules.access import Actor
from tracker.rules.protocol import in_place
from tracker.services import (
    deadlines,
    decisions_entries,
    journal,
    routing,
    silence_marks,
    standing,
    updates_checks,
    updates_references,
)
from tracker.services.updates_checks import Checked, refuse_stale
from tracker.services.updates_new import Letter, NewUpdate

__all__ = ["Letter", "NewUpdate", "get_update", "in_force", "protocol", "record_update", "refuse_stale"]


def record_update(
    filings: Sequence[Filing],
    new: NewUpdate,
    *,
    seen: dict[str, int],
    by: Actor,
    corrects: int | None = None,
    alone: bool = True,
) -> Update:
    """Add one update to the protocol of one or more filings of a case and return it.

    `seen` holds, by filing number, the version that the writer had on the screen; `corrects` is the number of
    the entry whose place this one takes. An entry that tells of a decision gets a record of it, unless it is
    not `alone`: whoever records the decision itself says more. Raises Stale with what others wrote since;
    RuleBroken, naming the field, for a day that has not come or lies before the lodging, a step that is not
    possible on that day and has no note that says why it is recorded, an outcome that is missing or does not
    belong, a correction that leaves a filing without its lodging.
    """
    if not filings:
        raise RuleBroken("Choose at least one filing.", field="filings")
    refuse_stale(filings, seen)
    it = updates_checks.check(filings, new, corrects=corrects)
    update = _entry(it, new, by)
    db.session.add(update)
    _add_saying(update, new, it.corrected)
    _add_filings(update, it, by)
    spans = {filing.id: routing.span(filing) for filing in it.touched}
    for filing in it.moved:
        filing.lodged_on, filing.lodged_precision = new.day.value, new.day.precision
    db.session.flush()
    updates_references.keep(it.filings, update, corrected=it.corrected, left=it.left)
    if it.corrected:
        silence_marks.carry(it.corrected, update)
    standing.recompute(it.touched)
    if alone:
        links = [decisions_entries.Link(filing.id, it.step, it.outcome) for filing in it.filings]
        decisions_entries.enter(update, links, corrected=it.corrected, by=by)
    _bring_in_line(update, it, spans, by)
    return update


def _entry(it: Checked, new: NewUpdate, by: Actor) -> Update:
    """Return the entry with the next number of its case."""
    corrected = it.corrected
    return Update(
        case_id=it.case_id,
        number=standing.highest_number(it.case_id) + 1,
        kind=it.step,
        happened_on=new.day.value,
        happened_precision=new.day.precision,
        actor=label(it.slug) if it.slug else new.actor,
        actor_slug=it.slug,
        words=new.words,
        public_words=new.public_words,
        reference=new.reference,
        medium=new.letter.medium,
        sender=new.letter.sender,
        sent_on=new.letter.sent_on,
        received_on=new.letter.received_on,
        language=new.letter.language,
        # The form has no place for a fine; a correction of other words must not lose it.
        fine=corrected.fine if corrected else None,
        source=new.source,
        verified=None,
        **_about_lead(new, corrected),
        irregular=new.irregular,
        corrects_id=corrected.id if corrected else None,
        recorded_at=clock.now(),
        recorded_by=by.key,
        filings=[],
    )


def _add_filings(update: Update, it: Checked, by: Actor) -> None:
    """Say which filings the entry concerns, and note it of them and of those that it no longer does."""
    for place, filing in enumerate(it.filings):
        link = UpdateFiling(update_id=update.id, filing_id=filing.id, position=place)
        link.step, link.outcome = it.step, it.outcome
        db.session.add(link)
        _note(filing, update, {"step": it.step}, by)
    for filing in it.left:
        _note(filing, update, {"corrects": it.corrected.number if it.corrected else None}, by)


def _note(filing: Filing, update: Update, more: dict[str, object], by: Actor) -> None:
    filing.touched_at = clock.now()
    detail = {"update": update.number, **more}
    journal.note("update.record", filing.number, by=by, case_id=filing.case_id, detail=detail)


def _bring_in_line(update: Update, it: Checked, spans: Mapping[int, routing.Span], by: Actor) -> None:
    """Route again what the entry moved to another day, and compute the deadlines of all that it touches."""
    corrects = it.corrected is not None
    again = {one.id for one in it.touched if routing.shifted(one, spans[one.id], corrected=corrects)}
    if again:
        # Another day counts: establishments, representative and who is affected are those of that day. And
        # what became known while a filing had ended counts from the moment at which it is open again.
        db.session.flush()
        routing.route_cases(sa.select(Case.id).where(Case.id == it.case_id), again=again)
    told = f"entry {update.number}"
    if it.corrected:
        told += f", which corrects entry {it.corrected.number}"
    ids = sa.select(Filing.id).where(Filing.case_id == it.case_id)
    touched = db.session.scalars(ids).all() if again else [one.id for one in it.touched]
    deadlines.recompute(touched, why=told, by=by)


def _add_saying(update: Update, new: NewUpdate, corrected: Update | None) -> None:
    """Keep what the entry says of a deadline. A correction of other words must not lose it."""
    own = standing.place_of(corrected) if corrected else update.number
    if new.says is not None:
        it = new.says
        said = DeadlineAct(
            update_id=update.id,
            act=it.act.value,
            period=it.period,
            start_number=own if it.start is None else it.start,
            until_on=it.until,
            more=it.more.code if it.more else None,
        )
        db.session.add(said)
        return
    old = db.session.get(DeadlineAct, corrected.id) if corrected and corrected.kind == new.step else None
    if old is not None and new.keeps_saying:
        kept = {name: getattr(old, name) for name in ("act", "period", "start_number", "until_on", "more")}
        db.session.add(DeadlineAct(update_id=update.id, **kept))


def _about_lead(new: NewUpdate, corrected: Update | None) -> dict[str, str | None]:
    """Return what the entry says of the lead. The form for updates has no place for it: a correction of other
    words there must not lose it, and another step takes it away."""
    if new.lead_act is not None:
        return {"lead_act": new.lead_act.value, "lead_named": new.lead_named}
    if corrected is not None and corrected.kind == new.step:
        return {"lead_act": corrected.lead_act, "lead_named": corrected.lead_named}
    return {}


def protocol(case_id: int) -> Sequence[Update]:
    """Return every entry of the protocol of a case in its one order (protocol.in_place), with its filings.

    The number of SQL statements does not depend on its length.
    """
    query = sa.select(Update).where(Update.case_id == case_id)
    each = subqueryload(Update.filings).joinedload(UpdateFiling.filing)
    entries = db.session.scalars(query.options(each)).all()
    return in_place(entries, within=entries)


def get_update(case_id: int, number: int) -> Update:
    """Return one entry of the protocol of a case with its filings. Raises NotFound."""
    query = sa.select(Update).where(Update.case_id == case_id, Update.number == number)
    each = selectinload(Update.filings).joinedload(UpdateFiling.filing)
    found: Update | None = db.session.scalar(query.options(each, joinedload(Update.says)))
    if found is None:
        raise NotFound(f"There is no entry {number}.")
    return found


def in_force(entry: Update) -> int:
    """Return the number of the entry that stands in the place of this one: its last correction, or itself."""
    query = sa.select(Update.corrects_id, Update.id, Update.number)
    query = query.where(Update.case_id == entry.case_id, Update.corrects_id.is_not(None))
    corrections = {row.corrects_id: row for row in db.session.execute(query)}
    key, number = entry.id, entry.number
    while key in corrections:
        key, number = corrections[key].id, corrections[key].number
    return number
