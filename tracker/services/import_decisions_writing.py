"""What a file brings beside its campaigns, written: proceedings, decisions, hearings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import (
    Claim,
    Decision,
    DecisionEntry,
    DecisionFiling,
    DecisionFinding,
    DecisionFine,
    DecisionMeasure,
    Hearing,
    HearingFiling,
    HearingVersion,
    Proceeding,
    ProceedingFiling,
    Update,
)
from tracker.reference.authorities import authorities, label
from tracker.rules import hearings
from tracker.rules.access import Actor
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, ProceedingKind, Result
from tracker.services import deadlines
from tracker.services.decisions_entries import line_of, next_number, standing_on
from tracker.services.import_decisions_forms import Place
from tracker.services.import_decisions_plan import Further, controller_of
from tracker.services.import_forms import Form
from tracker.services.import_plan import Planned
from tracker.services.import_writing import Written


@dataclass(slots=True)
class _Rows:
    """The keys of the rows that a file names by its ids and places."""

    filings: dict[str, int] = field(default_factory=dict)
    events: dict[Place, int] = field(default_factory=dict)
    claims: dict[tuple[str, int], int] = field(default_factory=dict)
    campaign_of: dict[str, str] = field(default_factory=dict)
    proceedings: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, int] = field(default_factory=dict)


def write(
    further: Further, planned: Sequence[Planned], written: Sequence[Written], *, by: Actor
) -> list[tuple[str, str, str]]:
    """Write what is new beside the campaigns; return kind, id and number of each thing."""
    if not (further.proceedings or further.decisions or further.hearings):
        return []
    now = clock.now()
    rows = _rows(planned, written)
    rows.proceedings |= {key: row for (noun, key), row in further.known.items() if noun == "proceeding"}
    rows.decisions |= {key: row for (noun, key), row in further.known.items() if noun == "decision"}
    _name_others(rows)
    items = []
    number = _next(Proceeding)
    for form in further.proceedings:
        items.append(("proceeding", form["id"], f"proceeding {number}"))
        _proceeding(form, number, rows, now, by)
        number += 1
    by_id = {it.campaign.id: it for it in planned}
    number = next_number()
    taken: set[int] = set()
    for form in further.decisions:
        items.append(("decision", form["id"], f"decision {number}"))
        _decision(form, number, rows, by_id, taken, now, by)
        number += 1
    number = _next(Hearing)
    for form in further.hearings:
        items.append(("hearing", form["id"], f"hearing {number}"))
        _hearing(form, number, rows, now, by)
        number += 1
    db.session.flush()
    ordering = [it for it in further.decisions if any(day for _, _, day in it["measures"])]
    concerned = {rows.filings[key] for it in ordering for key in it["results"]}
    if concerned:
        deadlines.recompute(concerned, why="import", by=by)
    return items


def _next(model: Any) -> int:
    return (db.session.scalar(sa.select(sa.func.max(model.number))) or 0) + 1


def _name_others(rows: _Rows) -> None:
    """Add what came from other files, to which this one may refer."""
    for model, known in ((Proceeding, rows.proceedings), (Decision, rows.decisions)):
        query = sa.select(model.id, model.key).where(model.key.is_not(None))
        for row in db.session.execute(query):
            known.setdefault(row.key, row.id)


def _rows(planned: Sequence[Planned], written: Sequence[Written]) -> _Rows:
    found = _Rows()
    cases: dict[int, str] = {}
    new = {it.planned.campaign.id: it for it in written}
    for one in planned:
        key, it = one.campaign.id, new.get(one.campaign.id)
        case = it.case if it is not None else one.held.case if one.held else None
        if one.held:
            keys = {name: row for row, name in one.held.filing_keys.items()}
            found.filings |= keys
            recorded = {update.number: update.id for update in one.held.updates}
            found.events |= {(key, place + 1): recorded[number] for place, number in one.known_events.items()}
        if it is not None:
            found.filings |= {filing.key or "": filing.id for filing in it.fresh}
            for place, update in zip(one.events, it.updates, strict=True):
                found.events[key, place + 1] = update.id
        found.campaign_of |= {form["id"]: key for form in one.campaign.filings}
        if case is not None:
            cases[case.id] = key
    query = sa.select(Claim.case_id, Claim.id).where(Claim.case_id.in_(cases))
    places = Counter[str]()
    for case_id, claim in db.session.execute(query.order_by(Claim.case_id, Claim.position)):
        places[cases[case_id]] += 1
        found.claims[cases[case_id], places[cases[case_id]]] = claim
    return found


def _who(words: str) -> tuple[str, str | None]:
    slug = words if words in authorities() else None
    return (label(slug) if slug else words), slug


def _proceeding(form: Form, number: int, rows: _Rows, now: datetime, by: Actor) -> None:
    body, slug = _who(form["body"])
    row = Proceeding(
        number=number,
        key=form["id"],
        kind=ProceedingKind(form["kind"]),
        body=body,
        body_slug=slug,
        opened_on=form["opened"].value,
        opened_precision=form["opened"].precision,
        follows_id=rows.proceedings.get(form.get("follows", "")),
        recorded_at=now,
        recorded_by=by.key,
        **{name: form.get(name) for name in ("reference", "parties", "costs", "note", "source", "verified")},
    )
    rows.proceedings[form["id"]] = row.id
    db.session.add(row)
    db.session.flush()
    for place, key in enumerate(form["filings"]):
        db.session.add(ProceedingFiling(proceeding_id=row.id, filing_id=rows.filings[key], position=place))


def _decision(
    form: Form,
    number: int,
    rows: _Rows,
    by_id: Mapping[str, Planned],
    taken: set[int],
    now: datetime,
    by: Actor,
) -> None:
    words, slug = _who(form["decided_by"])
    entries = [rows.events[it] for it in form["events"]]
    filings = {rows.filings[key]: Result(result) for key, result in form["results"].items()}
    corrects = rows.decisions.get(form.get("corrects", "")) or _derived_before(entries, set(filings), taken)
    taken.update({corrects} if corrects else ())
    row = Decision(
        number=number,
        key=form["id"],
        proceeding_id=rows.proceedings.get(form.get("proceeding", "")),
        type=DecisionType(form["type"]) if form.get("type") else None,
        urgent=form["urgent"],
        decided_by=words,
        decided_by_slug=slug,
        **{f"{key}_on": form[key].value for key in ("decided", "received", "published")},
        **{f"{key}_precision": form[key].precision for key in ("decided", "received", "published")},
        **{name: form.get(name) for name in ("reference", "ecli", "language", "source")},
        summary=form.get("summary", ""),
        provisions=form["provisions"],
        national=form["national"],
        appeal=AppealStatus(form["appeal"]),
        appeal_to=form.get("appeal_to"),
        note=form.get("note"),
        verified=form.get("verified"),
        derived=form["derived"],
        corrects_id=corrects,
        recorded_at=now,
        recorded_by=by.key,
    )
    rows.decisions[form["id"]] = row.id
    db.session.add(row)
    db.session.flush()
    db.session.add_all(DecisionEntry(decision_id=row.id, update_id=it) for it in entries)
    for place, (filing, result) in enumerate(filings.items()):
        db.session.add(DecisionFiling(decision_id=row.id, filing_id=filing, position=place, result=result))
    for key, claim, finding, said in form["findings"]:
        db.session.add(
            DecisionFinding(
                decision_id=row.id,
                filing_id=rows.filings[key],
                claim_id=rows.claims[rows.campaign_of[key], claim],
                finding=Finding(finding),
                words=said,
            )
        )
    for place, (minor, currency, named, said) in enumerate(form["fines"]):
        db.session.add(
            DecisionFine(
                decision_id=row.id,
                position=place,
                minor=minor,
                currency=currency,
                controller_id=controller_of(form, named, by_id),
                words=said,
            )
        )
    for place, (letter, said, comply_by) in enumerate(form["measures"]):
        db.session.add(
            DecisionMeasure(
                decision_id=row.id, position=place, letter=letter, words=said, comply_by=comply_by
            )
        )


def _derived_before(entries: Sequence[int], filings: set[int], taken: set[int]) -> int | None:
    """Return the record that an entry had by itself and that this decision takes the place of, if any.

    That is one about the same filings, or about some of them, of an entry that was there before.
    """
    updates = db.session.scalars(sa.select(Update).where(Update.id.in_(entries)))
    lines = {key for it in updates for key in line_of(it)}
    standing = [it for it in standing_on(lines) if it.derived and it.id not in taken]
    fitting = [it for it in standing if not filings or {each.filing_id for each in it.filings} & filings]
    exact = [it for it in fitting if {each.filing_id for each in it.filings} == filings]
    found = next(iter([*exact, *fitting]), None)
    return found.id if found is not None else None


def _hearing(form: Form, number: int, rows: _Rows, now: datetime, by: Actor) -> None:
    row = Hearing(
        number=number,
        key=form["id"],
        uid=form["uid"],
        proceeding_id=rows.proceedings.get(form.get("proceeding", "")),
        sequence=len(form["versions"]) - 1,
    )
    db.session.add(row)
    db.session.flush()
    for place, key in enumerate(form["filings"]):
        db.session.add(HearingFiling(hearing_id=row.id, filing_id=rows.filings[key], position=place))
    for place, it in enumerate(form["versions"]):
        court, slug = _who(it["court"])
        at = hearings.read_time(it.get("time", ""))
        db.session.add(
            HearingVersion(
                hearing_id=row.id,
                sequence=place,
                court=court,
                court_slug=slug,
                place=it.get("place"),
                day=it["day"],
                starts_at=None if at is None else hearings.moment(it["day"], at, it["zone"]),
                zone=it["zone"],
                what=it["what"],
                cancelled=it["cancelled"],
                why=it.get("why"),
                recorded_at=now,
                recorded_by=by.key,
            )
        )
