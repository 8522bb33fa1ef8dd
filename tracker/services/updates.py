"""Updates: what happened to filings on one day. Added, never edited; a correction is a new update."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, subqueryload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import Case, DeadlineAct, Filing, Update, UpdateFiling
from tracker.reference import tables
from tracker.reference.authorities import authorities, label
from tracker.reference.periods import periods
from tracker.rules import days
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.happened import WHAT_BEGINS, Saying
from tracker.rules.leading import LeadAct
from tracker.rules.periods import ours_from
from tracker.rules.protocol import in_place
from tracker.rules.vocabulary import Medium, Outcome
from tracker.services import (
    deadlines,
    decisions_entries,
    journal,
    routing,
    silence_marks,
    standing,
    updates_references,
    updates_steps,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """How news came or went: by which medium, from whom, sent and received when, in which language."""

    medium: Medium | None = None
    sender: str | None = None
    sent_on: date | None = None
    received_on: date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class NewUpdate:
    """What the form for an update holds. `actor` is a slug of the directory or words."""

    step: str
    day: Day
    actor: str
    words: str
    public_words: str | None = None
    reference: str | None = None
    outcome: Outcome | None = None
    letter: Letter = field(default_factory=Letter)
    source: str | None = None
    #: Why it is recorded although it is out of order; None where it fits.
    irregular: str | None = None
    #: What an authority says of the lead, and whom it names: see updates_lead_acts.
    lead_act: LeadAct | None = None
    lead_named: str | None = None
    #: What it says of a deadline; `start` None: of the one that it begins itself.
    says: Saying | None = None
    #: Whether a correction keeps what the corrected entry said of a deadline, where `says` is None.
    keeps_saying: bool = True


def refuse_stale(filings: Sequence[Filing], seen: dict[str, int]) -> None:
    """Raise Stale, with the newest entries, when a filing is not as the writer saw it (number -> version)."""
    stale = [it for it in filings if seen.get(it.number, it.version) != it.version]
    if stale:
        numbers = ", ".join(it.number for it in stale)
        raise Stale(
            f"Somebody else recorded something on {numbers} while you were writing.",
            theirs=_newest(stale[0].case_id, stale),
        )


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
    case_id = filings[0].case_id
    refuse_stale(filings, seen)
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
    update = Update(
        case_id=case_id,
        number=standing.highest_number(case_id) + 1,
        kind=step.code,
        happened_on=new.day.value,
        happened_precision=new.day.precision,
        actor=label(slug) if slug else new.actor,
        actor_slug=slug,
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
    db.session.add(update)
    _add_saying(update, new, corrected)
    for place, filing in enumerate(filings):
        db.session.add(
            UpdateFiling(
                update_id=update.id, filing_id=filing.id, position=place, step=step.code, outcome=outcome
            )
        )
        filing.touched_at = clock.now()
        journal.note(
            "update.record",
            filing.number,
            by=by,
            case_id=case_id,
            detail={"update": update.number, "step": step.code},
        )
    spans = {it.id: routing.span(it) for it in (*filings, *left)}
    for filing in moved:
        filing.lodged_on, filing.lodged_precision = new.day.value, new.day.precision
    for filing in left:
        filing.touched_at = clock.now()
        journal.note(
            "update.record",
            filing.number,
            by=by,
            case_id=case_id,
            detail={"update": update.number, "corrects": corrects},
        )
    db.session.flush()
    updates_references.keep(filings, update, corrected=corrected, left=left)
    if corrected:
        silence_marks.carry(corrected, update)
    standing.recompute([*filings, *left])
    if alone:
        links = [decisions_entries.Link(it.id, step.code, outcome) for it in filings]
        decisions_entries.enter(update, links, corrected=corrected, by=by)
    again = {
        it.id
        for it in (*filings, *left)
        if routing.shifted(it, spans[it.id], corrected=corrected is not None)
    }
    if again:
        # Another day counts: establishments, representative and who is affected are those of that day. And
        # what became known while a filing had ended counts from the moment at which it is open again.
        db.session.flush()
        routing.route_cases(sa.select(Case.id).where(Case.id == case_id), again=again)
    told = f"entry {update.number}" + (f", which corrects entry {corrects}" if corrects else "")
    ids = sa.select(Filing.id).where(Filing.case_id == case_id)
    touched = db.session.scalars(ids).all() if again else [it.id for it in (*filings, *left)]
    deadlines.recompute(touched, why=told, by=by)
    return update


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


def _about_lead(new: NewUpdate, corrected: Update | None) -> dict[str, str | None]:
    """Return what the entry says of the lead. The form for updates has no place for it: a correction of other
    words there must not lose it, and another step takes it away."""
    if new.lead_act is not None:
        return {"lead_act": new.lead_act.value, "lead_named": new.lead_named}
    if corrected is not None and corrected.kind == new.step:
        return {"lead_act": corrected.lead_act, "lead_named": corrected.lead_named}
    return {}


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
