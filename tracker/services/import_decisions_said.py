"""What the store says of proceedings, decisions and hearings, in the words of the file.

A decision that says no more than its event is not written: the import makes it of the event again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from tracker.db import db
from tracker.models import (
    Decision,
    DecisionEntry,
    DecisionFiling,
    DecisionFinding,
    DecisionFine,
    Hearing,
    HearingFiling,
    Proceeding,
    ProceedingFiling,
    Update,
)
from tracker.rules import hearings
from tracker.rules.days import Day
from tracker.rules.vocabulary import AppealStatus, Precision
from tracker.services.decisions_entries import About, Kept, Link, Told, following, kept, told_by
from tracker.services.import_records import Held

Out = dict[str, Any]
#: Ends the id of what the desk made where a file has that id for something else.
_DESK = "-desk"


@dataclass(slots=True)
class Ids:
    """How a file names what is in the store: filings, events (campaign and place), claims, controllers."""

    filings: dict[int, str] = field(default_factory=dict)
    events: dict[int, tuple[str, int]] = field(default_factory=dict)
    claims: dict[int, int] = field(default_factory=dict)
    controllers: dict[tuple[int, int], str] = field(default_factory=dict)
    cases: dict[int, int] = field(default_factory=dict)


def ids_of(held: Sequence[Held], controllers: Mapping[tuple[int, int], str]) -> Ids:
    """Return how a file with these cases names what is in them."""
    ids = Ids(controllers=dict(controllers))
    for it in held:
        ids.filings |= dict(it.filing_keys)
        ids.events |= {update.id: (it.key, place) for place, update in enumerate(it.updates, 1)}
        ids.claims |= {claim.id: place for place, claim in enumerate(it.case.claims, 1)}
        ids.cases |= {update.id: it.case.id for update in it.updates}
    return ids


def beside_out(held: Sequence[Held], controllers: Mapping[tuple[int, int], str]) -> Out:
    """Return what a file with these cases says beside its campaigns, as far as it says anything."""
    ids = ids_of(held, controllers)
    decisions = _decisions(ids)
    written = _explicit(held, decisions, ids) if decisions else []
    proceedings = _proceedings(ids)
    found = _hearings(ids)
    keys = _keys(proceedings, Proceeding, "proceeding")
    named, set_down = _keys(decisions, Decision, "decision"), _keys(found, Hearing, "hearing")
    out: Out = {
        "proceedings": [proceeding_out(it, keys, ids) for it in proceedings],
        "decisions": [decision_out(it, named, keys, ids) for it in written],
        "hearings": [hearing_out(it, set_down, keys, ids) for it in found],
    }
    return {key: those for key, those in out.items() if those}


def _explicit(held: Sequence[Held], decisions: Sequence[Decision], ids: Ids) -> list[Decision]:
    """Return the decisions that the import would not make of the events by itself.

    One event with its corrections, and all decisions that came in through them, are written together.
    """
    line: dict[int, int] = {}
    for it in held:
        for update in it.updates:
            line[update.id] = line.get(update.corrects_id or 0, update.id)
    by_line: dict[int, list[Decision]] = defaultdict(list)
    for row in decisions:
        for each in row.entries:
            if each.update_id in line and row not in by_line[line[each.update_id]]:
                by_line[line[each.update_id]].append(row)
    expected = _expected(held, ids)
    telling = {
        key for key, rows in by_line.items() if [_short(it, rows) for it in rows] != expected.get(key, [])
    }
    # A decision that came in through several entries brings all of them along.
    while True:
        wanted = {row.id for key in telling for row in by_line[key]}
        more = {key for key, rows in by_line.items() if any(it.id in wanted for it in rows)} - telling
        if not more:
            break
        telling |= more
    return [it for it in decisions if it.id in wanted]


#: What makes a decision that follows from its event: through which one it came in, what it holds, and the
#: place, among the decisions of that line, of the one that it corrects.
Short = tuple[tuple[int, ...], Told | None, int | None]


def _short(row: Decision, rows: Sequence[Decision]) -> Short:
    places = {it.id: place for place, it in enumerate(rows)}
    plain = row.derived and row.key is None
    return (
        tuple(it.update_id for it in row.entries),
        kept(row).told if plain else None,
        places.get(row.corrects_id or 0),
    )


def _expected(held: Sequence[Held], ids: Ids) -> dict[int, list[Short]]:
    """Return by line of corrections the decisions that an import would make of the events."""
    found: dict[int, list[Short]] = defaultdict(list)
    for it in held:
        case = it.case
        about = About(
            numbers={each.id: [one.value for one in each.references] for each in case.filings},
            keys=it.filing_keys,
            against={each.id: [one.id for one in each.controllers] for each in case.filings},
            controllers={
                ids.controllers[case.id, one.controller_id]: one.controller_id for one in case.controllers
            },
        )
        line: dict[int, int] = {}
        standing: dict[int, list[Kept]] = defaultdict(list)
        for update in it.updates:
            key = line[update.id] = line.get(update.corrects_id or 0, update.id)
            links = [Link(each.filing_id, each.step, each.outcome) for each in update.filings]
            for told, corrects in following(told_by(update, links, about), standing[key]):
                place = len(found[key])
                found[key].append(((update.id,), told, corrects))
                one = Kept(place, True, told)
                those = standing[key]
                at = next((n for n, each in enumerate(those) if each.id == corrects), None)
                if at is None:
                    those.append(one)
                else:
                    those[at] = one
    return found


def decision_out(row: Decision, keys: Mapping[int, str], proceedings: Mapping[int, str], ids: Ids) -> Out:
    """Return a decision as it stands in a file; only what is in the cases of the file."""
    out: Out = {"id": keys[row.id], "type": row.type.value if row.type else None}
    _put(out, urgent=True if row.urgent else None)
    out["decided_by"] = row.decided_by_slug or row.decided_by
    out |= _day("decided", row.decided)
    for key, day in (("received", row.received), ("published", row.published)):
        if day.value:
            out |= _day(key, day)
    _put(
        out,
        reference=row.reference,
        ecli=row.ecli,
        language=row.language,
        source=row.source,
        summary=row.summary or None,
    )
    through = [it.update_id for it in row.entries if it.update_id in ids.events]
    out["events"] = [dict(zip(("campaign", "event"), ids.events[it], strict=True)) for it in sorted(through)]
    about = [it for it in row.filings if it.filing_id in ids.filings]
    results = {ids.filings[it.filing_id]: it.result.value for it in about}
    places = {it.filing_id: it.position for it in row.filings}
    findings = [
        _put(
            {
                "filing": ids.filings[it.filing_id],
                "claim": ids.claims[it.claim_id],
                "finding": it.finding.value,
            },
            words=it.words,
        )
        for it in sorted(row.findings, key=lambda one: (places.get(one.filing_id, 0), one.claim.position))
        if it.filing_id in ids.filings and it.claim_id in ids.claims
    ]
    cases = {ids.cases[it] for it in through}
    fines = [_fine(it, cases, ids) for it in row.fines]
    measures = [
        _put(
            {"power": it.letter},
            words=it.words,
            comply_by=it.comply_by.isoformat() if it.comply_by else None,
        )
        for it in row.measures
    ]
    return _put(
        out,
        results=results or None,
        findings=findings or None,
        fines=fines or None,
        measures=measures or None,
        provisions=list(row.provisions) or None,
        national=list(row.national) or None,
        appeal=None if row.appeal is AppealStatus.NONE_KNOWN else row.appeal.value,
        appeal_to=row.appeal_to,
        proceeding=proceedings.get(row.proceeding_id or 0),
        corrects=keys.get(row.corrects_id or 0),
        derived=True if row.derived else None,
        note=row.note,
        verified=row.verified,
    )


def _fine(it: Any, cases: Iterable[int], ids: Ids) -> Out:
    plain = it.money.plain
    named = next(
        (
            ids.controllers[case, it.controller_id]
            for case in cases
            if it.controller_id is not None and (case, it.controller_id) in ids.controllers
        ),
        None,
    )
    out: Out = {"amount": int(plain) if plain.isdigit() else plain, "currency": it.currency}
    # One against a controller of a case that is not in the file is told by its name.
    words = it.words or (it.controller.name if it.controller and named is None else None)
    return _put(out, controller=named, words=words)


def proceeding_out(row: Proceeding, keys: Mapping[int, str], ids: Ids) -> Out:
    """Return a proceeding as it stands in a file."""
    out: Out = {"id": keys[row.id], "kind": row.kind.value, "body": row.body_slug or row.body}
    _put(out, reference=row.reference)
    if row.opened.value:
        out |= _day("opened", row.opened)
    out["filings"] = [ids.filings[it.filing_id] for it in row.filings if it.filing_id in ids.filings]
    return _put(
        out,
        follows=keys.get(row.follows_id or 0),
        parties=row.parties,
        costs=row.costs,
        note=row.note,
        source=row.source,
        verified=row.verified,
    )


def hearing_out(row: Hearing, keys: Mapping[int, str], proceedings: Mapping[int, str], ids: Ids) -> Out:
    """Return a hearing as it stands in a file, with all that was ever said of it."""
    out: Out = {"id": keys[row.id], "uid": row.uid}
    _put(out, proceeding=proceedings.get(row.proceeding_id or 0))
    out["filings"] = [ids.filings[it.filing_id] for it in row.filings if it.filing_id in ids.filings]
    out["versions"] = []
    for it in row.versions:
        at = hearings.local_time(it.starts_at, it.zone) if it.starts_at else None
        version = _put({"court": it.court_slug or it.court}, place=it.place)
        version["day"] = it.day.isoformat()
        _put(version, time=f"{at:%H:%M}" if at else None)
        version |= {"zone": it.zone, "what": it.what}
        out["versions"].append(_put(version, cancelled=True if it.cancelled else None, why=it.why))
    return out


def _put(out: Out, **values: Any) -> Out:
    out.update({key: value for key, value in values.items() if value is not None and value != ""})
    return out


def _day(key: str, day: Day) -> Out:
    precise = day.precision is Precision.DAY
    return {key: day.iso, **({} if precise else {f"{key}_precision": day.precision.value})}


def _keys(rows: Sequence[Any], model: Any, noun: str) -> dict[int, str]:
    """Return the ids of things: what came from a file keeps its id, the desk's are made of their number."""
    plain = {it.id: f"{noun}-{it.number}" for it in rows if it.key is None}
    column: InstrumentedAttribute[Any] = model.key
    wanted = {*plain.values(), *(it + _DESK for it in plain.values())}
    taken = set(db.session.scalars(sa.select(column).where(column.in_(wanted)))) if plain else set()
    made = {key: name + _DESK if name in taken else name for key, name in plain.items()}
    return {it.id: it.key or made[it.id] for it in rows}


def _decisions(ids: Ids) -> list[Decision]:
    through = sa.select(DecisionEntry.decision_id).join(Update, Update.id == DecisionEntry.update_id)
    cases = set(ids.cases.values())
    query = sa.select(Decision).where(Decision.id.in_(through.where(Update.case_id.in_(cases))))
    query = query.order_by(Decision.number).options(
        selectinload(Decision.entries),
        selectinload(Decision.filings).joinedload(DecisionFiling.filing),
        selectinload(Decision.findings).joinedload(DecisionFinding.claim),
        selectinload(Decision.fines).joinedload(DecisionFine.controller),
        selectinload(Decision.measures),
    )
    return list(db.session.scalars(query)) if cases else []


def _proceedings(ids: Ids) -> list[Proceeding]:
    joined = sa.select(ProceedingFiling.proceeding_id).where(ProceedingFiling.filing_id.in_(ids.filings))
    query = sa.select(Proceeding).where(Proceeding.id.in_(joined)).order_by(Proceeding.number)
    return list(db.session.scalars(query.options(selectinload(Proceeding.filings)))) if ids.filings else []


def _hearings(ids: Ids) -> list[Hearing]:
    about = sa.select(HearingFiling.hearing_id).where(HearingFiling.filing_id.in_(ids.filings))
    query = sa.select(Hearing).where(Hearing.id.in_(about)).order_by(Hearing.number)
    query = query.options(selectinload(Hearing.filings), selectinload(Hearing.versions))
    return list(db.session.scalars(query)) if ids.filings else []
