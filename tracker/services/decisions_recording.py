"""Decisions recorded in one act: entries of the protocols, the decision with what it says, the journal.

A decision is never edited. What it says is corrected, or said for the first time of an entry that is there
already, by a new record that points to the old one; the entries change only where it says something else of
the filings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import (
    Case,
    Decision,
    DecisionEntry,
    DecisionFiling,
    DecisionFinding,
    DecisionFine,
    DecisionMeasure,
    Filing,
    Update,
    UpdateFiling,
)
from tracker.reference import tables
from tracker.reference.authorities import label
from tracker.rules import decisions as rules
from tracker.rules import provisions
from tracker.rules.access import Actor
from tracker.rules.vocabulary import Precision
from tracker.services import deadlines, journal, updates
from tracker.services.decisions_entries import in_place_of, line_of, next_number
from tracker.services.decisions_new import NewDecision, faults, proceeding_key
from tracker.services.decisions_plan import Group, Had, Plan, plan
from tracker.services.updates import Letter, NewUpdate

#: What the act for updates calls a field -> what the form of a decision calls it.
FIELDS = {
    "day": "decided",
    "actor": "decided_by",
    "words": "summary",
    "step": "results",
    "outcome": "results",
    "filings": "results",
    "irregular": "irregular",
    "source": "source",
}


@dataclass(frozen=True, slots=True)
class Before:
    """What stands in the records before a decision is corrected or completed: nothing for a new one.

    `whole` are entries that concern their case as a whole and no filing; `had` is what the others say.
    """

    corrects: Decision | None = None
    completes: Update | None = None
    had: Mapping[int, Had] = field(default_factory=dict)
    whole: tuple[Update, ...] = ()

    @property
    def words(self) -> str:
        """Return the words of the entries for the file."""
        entries = {it.entry.id: it.entry for it in self.had.values()}
        told = [*entries.values(), *self.whole]
        return "\n".join(dict.fromkeys(it.words for it in told))

    @property
    def numbers(self) -> dict[int, set[int]]:
        """Return by case the numbers of the entries whose decision it is."""
        found: dict[int, set[int]] = {}
        for it in self.had.values():
            found.setdefault(it.entry.case_id, set()).add(it.entry.number)
        return found


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision that was recorded, the entries that were made for it, each with its filings, and all it has.

    `case` is that of the first entry, to which files that come along belong.
    """

    decision: Decision
    made: tuple[tuple[Update, tuple[Filing, ...]], ...]
    entries: tuple[Update, ...]
    case: Case

    @property
    def number(self) -> int:
        """Return the number of the decision."""
        return self.decision.number


def before(*, corrects: Decision | None = None, completes: Update | None = None) -> Before:
    """Return what stands of a decision that is going to be corrected, or of an entry that has no record yet.

    The entries are those that stand now in the place of those through which it came in. Day, actor and number
    of an entry follow the decision where somebody recorded both in one act, and the day of receipt wherever
    both were the same: the time for our appeal runs from the one of the entry.
    """
    if corrects is None:
        entries = [completes] if completes is not None else []
        had = {
            it.filing_id: Had(each, it.step, it.outcome, arrives=True)
            for each in entries
            for it in each.filings
        }
        return Before(None, completes, had, tuple(it for it in entries if not it.filings))
    entries = list(in_place_of([it.update_id for it in corrects.entries]).values())
    ours = {it.filing_id for it in corrects.filings}
    decider = (corrects.decided_by_slug, corrects.decided_by)
    had = {
        it.filing_id: Had(
            each,
            it.step,
            it.outcome,
            moves=not corrects.derived and each.day == corrects.decided,
            speaks=not corrects.derived and (each.actor_slug, each.actor) == decider,
            arrives=(each.received_on, Precision.DAY if each.received_on else Precision.UNKNOWN)
            == (corrects.received_on, corrects.received_precision),
            named=not corrects.derived and each.reference == corrects.reference,
        )
        for each in entries
        for it in each.filings
        if it.filing_id in ours
    }
    return Before(corrects, completes, had, tuple(it for it in entries if not it.filings))


def look(filings: Sequence[Filing], new: NewDecision, there: Before | None = None) -> Plan:
    """Return what recording the decision would do. Raises the first of `all_faults`, and for lost words."""
    there = there or Before()
    for fault in all_faults(filings, new, there):
        raise fault
    planned = plan(filings, new, there.had)
    if new.public_words and not planned.groups:
        raise RuleBroken(
            "No entry is made, so these words would stand nowhere: correct the entry in the protocol, or "
            "leave this empty.",
            field="public_words",
        )
    return planned


def all_faults(filings: Sequence[Filing], new: NewDecision, there: Before | None = None) -> list[RuleBroken]:
    """Return everything that is wrong with a decision, each with its field."""
    there = there or Before()
    found = faults(filings, new, instead_of=there.numbers)
    if there.corrects is not None and (taken := _corrected_by(there.corrects)) is not None:
        found.insert(0, taken)
    if not new.results and not there.whole:
        found.append(RuleBroken("Say for at least one filing what it says.", field="results"))
    return found


def record_decision(
    filings: Sequence[Filing],
    new: NewDecision,
    *,
    seen: dict[str, int],
    by: Actor,
    there: Before | None = None,
) -> Recorded:
    """Record a decision with the entries that follow from it, and return both.

    `filings` are all that it may concern, also of several cases, with references and current routes;
    `new.results` has those that it does. `there` is what it corrects or completes: an entry that says the
    same stays as it is. `seen` holds the versions of the filings on the screen. Raises Stale, and RuleBroken
    naming the field: see decisions_new.faults; a step that the procedure does not allow and no note explains;
    a decision that was corrected already.
    """
    there = there or Before()
    if there.corrects is not None and (taken := _corrected_by(there.corrects)) is not None:
        raise taken
    concerned = [it for it in filings if it.number in new.results]
    updates.refuse_stale(concerned, seen)
    planned = look(filings, new, there)
    _refuse_irregular(planned, new)
    try:
        made = [(_entry(it, planned, new, seen=seen, by=by), it.filings) for it in planned.groups]
    except RuleBroken as refusal:
        raise RuleBroken(str(refusal), field=FIELDS.get(refusal.field or "", refusal.field)) from None
    entries = {it.id: it for it in (*planned.kept, *there.whole, *(entry for entry, _ in made))}
    row = _row(new, there.corrects, by)
    db.session.add(row)
    db.session.flush()
    db.session.add_all(_says(row, filings, new, list(entries)))
    _begin_orders(row, concerned, new, there.corrects, by)
    for filing in concerned:
        journal.note(
            "decision.record",
            filing.number,
            by=by,
            case_id=filing.case_id,
            detail={"decision": row.number},
        )
    for case_id in {it.case_id for it in entries.values()} - {it.case_id for it in concerned}:
        number = db.session.scalar(sa.select(Case.number).where(Case.id == case_id)) or ""
        journal.note("decision.record", number, by=by, case_id=case_id, detail={"decision": row.number})
    db.session.flush()
    db.session.expire(row)
    through = tuple(entries.values())
    return Recorded(row, tuple(made), through, db.session.get_one(Case, through[0].case_id))


def _begin_orders(
    row: Decision, filings: Sequence[Filing], new: NewDecision, old: Decision | None, by: Actor
) -> None:
    """Count anew what is to be done by a day, where the decision orders so or ordered so before."""
    ordered = [it.comply_by for it in new.measures]
    ordered += [it.comply_by for it in old.measures] if old is not None else []
    if any(ordered):
        left = [it.filing_id for it in old.filings] if old is not None else []
        deadlines.recompute({*(it.id for it in filings), *left}, why=f"decision {row.number}", by=by)


def _corrected_by(decision: Decision) -> RuleBroken | None:
    """Return the refusal to correct a decision once more, None where nobody has."""
    taken = db.session.scalar(sa.select(Decision.number).where(Decision.corrects_id == decision.id))
    if taken is None:
        return None
    return RuleBroken(
        f"Decision {decision.number} was corrected already, by decision {taken}: correct that one.",
        field="corrects",
    )


def _refuse_irregular(planned: Plan, new: NewDecision) -> None:
    """Refuse what cannot have happened, and what is out of order until somebody says why it is recorded."""
    for number in planned.impossible:
        raise RuleBroken(f"{number}: {planned.irregular[number]}", field="results")
    for number, why in planned.irregular.items():
        if not new.irregular:
            raise RuleBroken(
                f"{number}: {why} If it happened all the same, say why it is recorded.", field="irregular"
            )
    if new.irregular and not planned.irregular:
        raise RuleBroken(
            "All of it is in order: leave this empty, and say it in the note.", field="irregular"
        )


def _entry(group: Group, planned: Plan, new: NewDecision, *, seen: dict[str, int], by: Actor) -> Update:
    """Record one entry of the protocol: in the words of the one it corrects, or in those of the decision.

    The note that says why it is out of order stands on the entries that are, and on no other.
    """
    old = group.corrects
    step = tables.procedure().steps[group.step]
    irregular = new.irregular if {it.number for it in group.filings} & set(planned.irregular) else None
    if old is not None:
        told = NewUpdate(
            step=group.step,
            day=group.day,
            actor=group.actor,
            words=old.words,
            public_words=new.public_words or old.public_words,
            reference=group.reference,
            outcome=group.outcome,
            letter=Letter(old.medium, old.sender, old.sent_on, group.received, old.language),
            source=old.source,
            irregular=irregular or group.note,
        )
    else:
        told = NewUpdate(
            step=group.step,
            day=group.day,
            actor=group.actor,
            words=new.summary or f"{step.label}.",
            public_words=new.public_words,
            reference=group.reference,
            outcome=group.outcome,
            letter=Letter(received_on=group.received),
            source=new.source,
            irregular=irregular,
        )
    corrects = old.number if old is not None else None
    return updates.record_update(group.filings, told, seen=seen, by=by, corrects=corrects, alone=False)


def _row(new: NewDecision, corrects: Decision | None, by: Actor) -> Decision:
    return Decision(
        number=next_number(),
        key=None,
        proceeding_id=None if new.proceeding is None else proceeding_key(new.proceeding),
        type=new.type,
        urgent=new.urgent,
        decided_by=label(new.slug) if new.slug else new.decided_by,
        decided_by_slug=new.slug,
        decided_on=new.decided.value,
        decided_precision=new.decided.precision,
        received_on=new.received.value,
        received_precision=new.received.precision,
        published_on=new.published.value,
        published_precision=new.published.precision,
        reference=new.reference,
        ecli=rules.read_ecli(new.ecli) if new.ecli else None,
        language=new.language,
        source=new.source,
        summary=new.summary,
        provisions=[provisions.read(it, tables.provisions()).code for it in new.provisions],
        national=list(new.national),
        appeal=new.appeal,
        appeal_to=new.appeal_to,
        note=new.note,
        verified=None,
        derived=False,
        corrects_id=corrects.id if corrects is not None else None,
        recorded_at=clock.now(),
        recorded_by=by.key,
    )


def _says(row: Decision, filings: Sequence[Filing], new: NewDecision, entries: Sequence[int]) -> list[Any]:
    """Return the rows of what a decision says, and through which entries it came in."""
    keys = {it.number: it.id for it in filings}
    return [
        *(DecisionEntry(decision_id=row.id, update_id=it) for it in entries),
        *(
            DecisionFiling(decision_id=row.id, filing_id=keys[number], position=place, result=result)
            for place, (number, result) in enumerate(new.results.items())
        ),
        *(
            DecisionFinding(
                decision_id=row.id,
                filing_id=keys[it.filing],
                claim_id=it.claim,
                finding=it.finding,
                words=it.words,
            )
            for it in new.findings
            if it.said
        ),
        *(
            DecisionFine(
                decision_id=row.id,
                position=place,
                minor=it.money.minor,
                currency=it.money.currency,
                controller_id=it.controller,
                words=it.words,
            )
            for place, it in enumerate(new.fines)
        ),
        *(
            DecisionMeasure(
                decision_id=row.id, position=place, letter=it.letter, words=it.words, comply_by=it.comply_by
            )
            for place, it in enumerate(new.measures)
        ),
    ]


def entry_of(case_id: int, number: int) -> Update:
    """Return the entry of a case that somebody wants to complete to a decision.

    Raises NotFound for none; RuleBroken for one that was corrected, tells of no decision, or has a record.
    """
    query = sa.select(Update).where(Update.case_id == case_id, Update.number == number)
    query = query.options(selectinload(Update.filings).options(joinedload(UpdateFiling.filing)))
    entry: Update | None = db.session.scalar(query)
    if entry is None:
        raise NotFound(f"There is no entry {number}.")
    if updates.in_force(entry) != number:
        raise RuleBroken(f"Entry {number} was corrected: choose the one that took its place.", field="entry")
    words = {entry.kind, *(it.step or "" for it in entry.filings)}
    if not words & rules.MAY_DECIDE:
        raise RuleBroken(f"Entry {number} tells of no decision.", field="entry")
    through = sa.select(DecisionEntry.decision_id).where(DecisionEntry.update_id.in_(line_of(entry)))
    if db.session.scalar(through.limit(1)) is not None:
        raise RuleBroken(f"What entry {number} says is recorded already.", field="entry")
    return entry
