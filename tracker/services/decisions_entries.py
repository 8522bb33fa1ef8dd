"""What an entry of a protocol tells of decisions: the record that it gets by itself, also when corrected.

Every entry that tells of a decision has a record of it, so that no list of decisions has a gap. As long as
nobody has said what the decision says, the record holds what the entry says and is marked as `derived`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import (
    CaseController,
    Decision,
    DecisionEntry,
    DecisionFiling,
    DecisionFine,
    Filing,
    FilingController,
    Reference,
    Update,
    UpdateFiling,
)
from tracker.rules import decisions as rules
from tracker.rules import money
from tracker.rules.access import Actor
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.money import Money
from tracker.rules.vocabulary import AppealStatus, DecisionType, Outcome, Precision, Result

#: A fine against a controller of the register, or against whom words name, or neither.
Fined = tuple[Money, int | None, str | None]


@dataclass(frozen=True, slots=True)
class Link:
    """What an entry was for one filing: its step and the outcome that it brought."""

    filing_id: int
    step: str | None
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the filings of an entry: by filing its numbers, its id in a file, its controllers.

    `controllers` gives the key of a controller by its id in the file of the case.
    """

    numbers: Mapping[int, Collection[str]] = field(default_factory=dict)
    keys: Mapping[int, str] = field(default_factory=dict)
    against: Mapping[int, Collection[int]] = field(default_factory=dict)
    controllers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """One decision as its entry tells it."""

    type: DecisionType | None
    urgent: bool
    decided_by: str
    decided_by_slug: str | None
    decided: Day
    received: Day
    reference: str | None
    source: str | None
    verified: bool | None
    filings: tuple[tuple[int, Result], ...]
    fines: tuple[Fined, ...]


def told_by(entry: Update, links: Sequence[Link], about: About) -> list[Told]:
    """Return the decisions of which an entry tells, none where it tells of none.

    One entry may tell of several, each with a number of its own, where the filings are kept under these
    numbers and a fine is split between them; else it is one decision.
    """
    steps = [it.step for it in links]
    if not rules.is_decision(entry.kind, steps):
        return []
    parts = rules.told_apart(entry.reference, [about.numbers.get(it.filing_id, ()) for it in links])
    fines = _fines(entry.fine, parts, links, about)
    if fines is None:
        parts = [rules.Part(entry.reference, tuple(range(len(links))))]
        fines = _fines(entry.fine, parts, links, about) or [()]
    received = Day(entry.received_on, Precision.DAY if entry.received_on else Precision.UNKNOWN)
    decided = entry.day
    late = bool(received.last and decided.first and received.last < decided.first)
    return [
        Told(
            type=rules.type_of(entry.kind, [links[it].step for it in part.filings]),
            urgent=entry.kind in rules.URGENT or bool(rules.URGENT & {it for it in steps if it}),
            decided_by=entry.actor,
            decided_by_slug=entry.actor_slug,
            decided=decided,
            received=UNKNOWN_DAY if late else received,
            reference=part.reference,
            source=entry.source,
            verified=entry.verified,
            filings=tuple(
                (links[it].filing_id, rules.result_of(links[it].step, links[it].outcome))
                for it in part.filings
            ),
            fines=fine,
        )
        for part, fine in zip(parts, fines, strict=True)
    ]


def _fines(
    fine: Mapping[str, Any] | None, parts: Sequence[rules.Part], links: Sequence[Link], about: About
) -> list[tuple[Fined, ...]] | None:
    """Return the fines of each part; None where nobody can say to which of them a fine belongs."""
    none: list[tuple[Fined, ...]] = [() for _ in parts]
    if not fine:
        return none
    split = fine.get("split") or {}
    try:
        whole = money.read(fine["amount"], fine["currency"])
        each = {name: money.read(amount, fine["currency"]) for name, amount in split.items()}
    except RuleBroken:
        return none  # the entry keeps it in its words; what is not exact is no amount
    if not each or sum(it.minor for it in each.values()) != whole.minor:
        return None if len(parts) > 1 else [((whole, None, None),)]
    found: list[list[Fined]] = [[] for _ in parts]
    for name, amount in each.items():
        fined = about.controllers.get(name)
        at = 0 if len(parts) == 1 else _part_of(name, fined, parts, links, about)
        if at is None:
            return None
        found[at].append((amount, fined, None if fined else name))
    return [tuple(it) for it in found]


def _part_of(
    name: str, fined: int | None, parts: Sequence[rules.Part], links: Sequence[Link], about: About
) -> int | None:
    """Return to which part a fine belongs, by the controller or by the end of the id of a filing."""

    def meant(filing_id: int) -> bool:
        if fined is not None:
            return fined in about.against.get(filing_id, ())
        key = about.keys.get(filing_id, "")
        return key == name or re.search(rf"[-._]{re.escape(name)}$", key) is not None

    those = {
        place for place, part in enumerate(parts) if any(meant(links[it].filing_id) for it in part.filings)
    }
    return those.pop() if len(those) == 1 else None


def next_number() -> int:
    """Return the number of the next decision of this installation."""
    return (db.session.scalar(sa.select(sa.func.max(Decision.number))) or 0) + 1


def new_row(
    told: Told, *, number: int, entries: Sequence[int], corrects: int | None, at: datetime, by: Actor
) -> list[Any]:
    """Return the rows of a decision of which nobody has said more than its entry."""
    row = Decision(
        number=number,
        key=None,
        proceeding_id=None,
        type=told.type,
        urgent=told.urgent,
        decided_by=told.decided_by,
        decided_by_slug=told.decided_by_slug,
        decided_on=told.decided.value,
        decided_precision=told.decided.precision,
        received_on=told.received.value,
        received_precision=told.received.precision,
        published_on=None,
        published_precision=Precision.UNKNOWN,
        reference=told.reference,
        ecli=None,
        language=None,
        source=told.source,
        summary="",
        provisions=[],
        national=[],
        appeal=AppealStatus.NONE_KNOWN,
        appeal_to=None,
        note=None,
        verified=told.verified,
        derived=True,
        corrects_id=corrects,
        recorded_at=at,
        recorded_by=by.key,
    )
    return [
        row,
        *(DecisionEntry(decision_id=row.id, update_id=it) for it in entries),
        *(
            DecisionFiling(decision_id=row.id, filing_id=filing, position=place, result=result)
            for place, (filing, result) in enumerate(told.filings)
        ),
        *(
            DecisionFine(
                decision_id=row.id,
                position=place,
                minor=amount.minor,
                currency=amount.currency,
                controller_id=controller,
                words=words,
            )
            for place, (amount, controller, words) in enumerate(told.fines)
        ),
    ]


@dataclass(frozen=True, slots=True)
class Kept:
    """A decision that stands in the records, and what it holds of what an entry can tell."""

    id: int
    derived: bool
    told: Told


def kept(row: Decision) -> Kept:
    """Return a stored decision as one that stands; filings and fines are loaded."""
    told = Told(
        type=row.type,
        urgent=row.urgent,
        decided_by=row.decided_by,
        decided_by_slug=row.decided_by_slug,
        decided=row.decided,
        received=row.received,
        reference=row.reference,
        source=row.source,
        verified=row.verified,
        filings=tuple((it.filing_id, it.result) for it in row.filings),
        fines=tuple((it.money, it.controller_id, it.words) for it in row.fines),
    )
    return Kept(row.id, row.derived, told)


def standing_on(entry_ids: Collection[int]) -> list[Decision]:
    """Return the decisions that came in through one of these entries and that no other corrects."""
    correcting = sa.orm.aliased(Decision)
    through = sa.select(DecisionEntry.decision_id).where(DecisionEntry.update_id.in_(entry_ids))
    query = (
        sa.select(Decision)
        .where(Decision.id.in_(through), ~sa.exists().where(correcting.corrects_id == Decision.id))
        .options(
            selectinload(Decision.filings),
            selectinload(Decision.fines),
            selectinload(Decision.entries),
        )
        .order_by(Decision.number)
    )
    return list(db.session.scalars(query)) if entry_ids else []


def in_place_of(entry_ids: Collection[int]) -> dict[int, Update]:
    """Return by the key of an entry the one that stands in its place now, with its filings; itself too.

    The number of statements does not depend on how many there are.
    """
    if not entry_ids:
        return {}
    cases = sa.select(Update.case_id).where(Update.id.in_(entry_ids))
    query = sa.select(Update.corrects_id, Update.id).where(
        Update.case_id.in_(cases), Update.corrects_id.is_not(None)
    )
    after = {row.corrects_id: row.id for row in db.session.execute(query)}
    ends = {}
    for it in entry_ids:
        ends[it] = it
        while ends[it] in after:
            ends[it] = after[ends[it]]
    each = selectinload(Update.filings).joinedload(UpdateFiling.filing)
    found = db.session.scalars(sa.select(Update).where(Update.id.in_(set(ends.values()))).options(each))
    by_key = {it.id: it for it in found}
    return {it: by_key[end] for it, end in ends.items()}


def line_of(entry: Update) -> list[int]:
    """Return the keys of an entry and of all whose place it took."""
    found = [entry.id]
    before = entry.corrects_id
    while before is not None:
        found.append(before)
        before = db.session.scalar(sa.select(Update.corrects_id).where(Update.id == before))
    return found


def enter(entry: Update, links: Sequence[Link], *, corrected: Update | None, by: Actor) -> None:
    """Give an entry that was just recorded the record of the decision that it tells.

    One that corrects another keeps the records of that one, as far as they only said what it said and say
    something else now. What somebody said of a decision stays: it is corrected on its own page.
    """
    told = told_by(entry, links, about(entry, links)) if _may_tell(entry, links) else []
    before = [kept(it) for it in standing_on(line_of(corrected))] if corrected else []
    number = next_number() if told else 0
    for it, corrects in following(told, before):
        rows = new_row(it, number=number, entries=[entry.id], corrects=corrects, at=clock.now(), by=by)
        db.session.add_all(rows)
        number += 1
    db.session.flush()


def _may_tell(entry: Update, links: Sequence[Link]) -> bool:
    return rules.is_decision(entry.kind, [it.step for it in links])


def following(told: Sequence[Told], before: Sequence[Kept]) -> list[tuple[Told, int | None]]:
    """Return the records that an entry makes, each with the one that it corrects.

    `before` are those of the entry whose place it takes, none for a new one. What somebody said of a decision
    stays as it is, and so does a record that says the same already.
    """
    if any(not it.derived for it in before):
        return []
    olds = [*before, *([None] * len(told))]
    pairs = zip(told, olds, strict=False)
    return [(it, old.id if old else None) for it, old in pairs if old is None or old.told != it]


def about(entry: Update, links: Sequence[Link]) -> About:
    """Return what has to be known of the filings of an entry to tell its decisions apart."""
    ids = [it.filing_id for it in links]
    numbers: dict[int, list[str]] = {}
    if entry.reference and "," in entry.reference:
        query = sa.select(Reference.filing_id, Reference.value).where(Reference.filing_id.in_(ids))
        for row in db.session.execute(query):
            numbers.setdefault(row.filing_id, []).append(row.value)
    if not (entry.fine or {}).get("split"):
        return About(numbers=numbers)
    filings = db.session.execute(sa.select(Filing.id, Filing.key).where(Filing.id.in_(ids)))
    against: dict[int, list[int]] = {}
    respondents = sa.select(FilingController).where(FilingController.filing_id.in_(ids))
    for each in db.session.scalars(respondents):
        against.setdefault(each.filing_id, []).append(each.controller_id)
    named = sa.select(CaseController.key, CaseController.controller_id).where(
        CaseController.case_id == entry.case_id, CaseController.key.is_not(None)
    )
    return About(
        numbers=numbers,
        keys={row.id: row.key for row in filings if row.key},
        against=against,
        controllers={row.key: row.controller_id for row in db.session.execute(named)},
    )
