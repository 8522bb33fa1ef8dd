"""What the store says of a case, in the words of the file: the inverse of the import.

Keys that are not in the usual files appear only where the store knows what does not follow from the others.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, CaseController, Controller, Filing, Update
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.languages import ORIGINAL
from tracker.rules.vocabulary import Answer, Outcome, Precision
from tracker.services import import_deadlines, import_marks
from tracker.services.controllers import fold
from tracker.services.import_forms import presumed_affected, presumed_establishments
from tracker.services.import_records import Held
from tracker.services.import_steps import as_imported, step_of

Out = dict[str, Any]


def controller_keys(held: Iterable[Held]) -> dict[tuple[int, int], str]:
    """Return an id for every controller in every case: that of its file, else one made of name and seat.

    The same entity gets the same made id in every export and in every installation.
    """
    keys: dict[tuple[int, int], str] = {}
    taken: dict[str, int] = {
        row.key: row.controller_id
        for row in db.session.execute(
            sa.select(CaseController.key, CaseController.controller_id).where(CaseController.key.is_not(None))
        )
    }
    for it in held:
        for respondent in it.case.controllers:
            key = respondent.key or _made_key(respondent.controller, taken)
            taken[key] = respondent.controller_id
            keys[it.case.id, respondent.controller_id] = key
    return keys


def _made_key(controller: Controller, taken: Mapping[str, int]) -> str:
    """Return "acme-ltd-ie"; a mark of the whole name where letters were lost, or where a file has that id."""
    name, seat = fold(controller.name), (controller.country or "").lower()
    letters = "".join(it if it.isascii() and it.isalnum() else " " for it in name)
    words = "-".join(letters.split())[:70].strip("-") or "controller"
    plain = f"{words}-{seat}" if seat else words
    whole = seat and words.split("-") == name.split()
    if whole and taken.get(plain, controller.id) == controller.id:
        return plain
    key = f"{plain}-{hashlib.sha256(f'{name} {seat}'.encode()).hexdigest()[:8]}"
    while taken.get(key, controller.id) != controller.id:
        key += "-2"
    return key


def campaign_out(held: Held, keys: Mapping[tuple[int, int], str], *, explicit: bool = False) -> Out:
    """Return one case as a campaign of the file.

    `explicit`: the step of a decision is said also where it follows from the rest, to be compared.
    """
    case = held.case
    here = {it.controller_id: keys[case.id, it.controller_id] for it in case.controllers}
    filings = sorted(case.filings, key=lambda it: it.position)
    ids = held.filing_keys
    out: Out = {
        "id": held.key,
        "title": case.title,
        "ngo": case.ngo,
        "internal_ref": case.number if held.own_number else case.internal_ref,
        "summary": case.summary,
    }
    _put(out, language=case.language if explicit or case.language != ORIGINAL else None)
    _put(out, project=case.project.name if case.project else None)
    if case.facts.value:
        out |= _day("facts_date", case.facts)
    _put(out, infringement_place=case.infringement_place)
    out["legal_issues"] = _legal(case)
    if case.complainants:
        out["complainants"] = [
            _put({"pseudonym": it.pseudonym}, residence=it.residence, workplace=it.workplace)
            for it in case.complainants
        ]
    out["controllers"] = [_controller(it, case, here[it.controller_id]) for it in case.controllers]
    out["filings"] = [_filing(it, held, here) for it in filings]
    _put(out, totals=case.totals)
    places: dict[int | None, int] = {it.id: place for place, it in enumerate(held.updates, 1)}
    out["events"] = [_event(it, places, ids) for it in held.updates]
    for said, act in zip(out["events"], import_deadlines.acts_out(held.updates), strict=True):
        _put(said, deadline=act)
    for said, marks in zip(out["events"], import_marks.marks_out(held), strict=True):
        said |= marks
    decisions = [
        (it, said) for it, said in zip(held.updates, out["events"], strict=True) if it.kind == "decision"
    ]
    if any(it.filings for it, _ in decisions):
        shop, lodged = as_imported(case), {it.id: it for it in filings}
        controllers = {key: controller for controller, key in here.items()}
        for it, said in decisions:
            bare = {key: said[key] for key in ("kind", "actor", "fine") if key in said}
            follows = {
                ids[each.filing_id]: step_of(
                    bare, ids[each.filing_id], lodged[each.filing_id], shop[each.filing_id], controllers
                )
                for each in it.filings
            }
            said |= _decided(it, ids, {} if explicit else follows)
    return _put(out, outcome=case.outcome_said)


def _put(out: Out, **values: Any) -> Out:
    """Add the values that are known; an empty text says nothing."""
    out.update({key: value for key, value in values.items() if value is not None and value != ""})
    return out


def _day(key: str, day: Day) -> Out:
    precise = day.precision is Precision.DAY
    return {key: day.iso, **({} if precise else {f"{key}_precision": day.precision.value})}


def _legal(case: Case) -> Out:
    articles: list[Any] = []
    for it in case.claims:
        more = _put({}, conduct=it.conduct, measure=it.measure)
        articles.append({"article": it.provision, **more} if more else it.provision)
    out = {"articles": articles, "requested": list(case.requested)}
    return _put(out, source=case.legal_source, verified=case.legal_verified, note=case.legal_note)


def _controller(respondent: CaseController, case: Case, key: str) -> Out:
    it = respondent.controller
    out: Out = {"id": key, "legal_entity": it.name, "hq_country": it.country}
    if it.verified is not None or it.main_establishment_said is not None:
        # A controller of the desk has no source that could have said anything about it.
        out["main_establishment_eu"] = it.main_establishment_said
    _put(out, brand=respondent.brand, verified=it.verified, note=respondent.note, website=it.website)
    for name in ("targets_eea", "decided_outside_eea"):
        if getattr(it, name) is not Answer.UNKNOWN:
            out[name] = getattr(it, name).value
    here = establishments_out(it)
    presumed = presumed_establishments(out)
    if [_bare(each) for each in here] != [_bare(each) for each in presumed]:
        out["establishments"] = here if here or it.establishments_known is Answer.NO else None
    elif not here and it.establishments_known is Answer.NO:
        out["establishments"] = []
    countries = [
        filing.country for filing in case.filings if any(each.id == it.id for each in filing.controllers)
    ]
    presumed_here = presumed_affected(countries)
    if not respondent.affected_presumed and (respondent.affected is not None or presumed_here is not None):
        out["affected"] = respondent.affected
    return _put(out, processing=respondent.processing)


def establishments_out(controller: Controller) -> list[Out]:
    """Return the establishments of a controller as they stand in a file."""
    found = []
    for it in sorted(controller.establishments, key=lambda each: each.place):
        out = {"place": it.place, "central": it.central.value, "decides": it.decides.value}
        out |= {"implements": it.implements.value, "origin": it.origin}
        if it.main_processing is not Answer.UNKNOWN:
            out["main_processing"] = it.main_processing.value
        found.append(
            _put(
                out,
                since=it.since.isoformat() if it.since else None,
                until=it.until.isoformat() if it.until else None,
            )
        )
    return found


def _bare(establishment: Mapping[str, Any]) -> Out:
    return {key: value for key, value in establishment.items() if value is not None}


def _filing(it: Filing, held: Held, controllers: Mapping[int, str]) -> Out:
    out: Out = {
        "id": held.filing_keys[it.id],
        "authority": it.authority_slug,
        "country": it.country,
        **_day("date", it.lodged),
    }
    _put(
        out,
        complainant_type=it.complainant_type.value if it.complainant_type else None,
        complainant=it.complainant.pseudonym if it.complainant else None,
        language=it.language,
        controllers=[controllers[each.id] for each in it.controllers],
        urgency_requested_art66=it.urgency_requested,
        lead_authority=it.lead_said,
        handling_authority=it.handling_said,
    )
    references: dict[str, Any] = {}
    if it.own_number or (it.key is None and held.own_number):
        references["ngo"] = [it.number]
    for each in it.references:
        references.setdefault(each.owner, []).append(each.value)
    if references:
        out["references"] = {
            owner: values[0] if len(values) == 1 else values for owner, values in references.items()
        }
    _put(out, status=it.status_said, source=it.source, verified=it.verified, note=it.note)
    return out | it.extra


def _event(it: Update, places: Mapping[int | None, int], filings: Mapping[int, str]) -> Out:
    out: Out = {**_day("date", it.day), "actor": it.actor_slug or it.actor, "kind": it.kind}
    touched = [filings[each.filing_id] for each in it.filings]
    _put(out, filings=touched or None, corrects=places.get(it.corrects_id))
    for each in it.filings[:1] if it.kind != "decision" else ():
        step, outcome = _usual(it.kind)
        _put(out, step=each.step if each.step != step else None)
        if each.outcome is not outcome and each.outcome:
            out["outcome"] = each.outcome.value
    out["summary"] = it.words
    return _put(
        out,
        public_summary=it.public_words,
        irregular=it.irregular,
        lead_act=it.lead_act,
        lead_authority=it.lead_named,
        reference=it.reference,
        medium=it.medium.value if it.medium else None,
        sender=it.sender,
        sent=it.sent_on.isoformat() if it.sent_on else None,
        received=it.received_on.isoformat() if it.received_on else None,
        language=it.language,
        fine=it.fine,
        source=it.source,
        verified=it.verified,
    )


def _usual(kind: str) -> tuple[str | None, Outcome | None]:
    """Return the step and outcome that follow from the kind of an event."""
    if known := tables.event_kinds().get(kind):
        return known.step, known.outcome
    same = tables.steps().get(kind)
    return (same.code, same.outcome) if same else (None, None)


def _decided(
    it: Update, ids: Mapping[int, str], follows: Mapping[str, tuple[str | None, Outcome | None]]
) -> Out:
    """Return the step and outcome of a decision as far as they are others than those that would follow."""
    steps = {ids[each.filing_id]: each.step for each in it.filings}
    outcomes = {ids[each.filing_id]: each.outcome for each in it.filings}
    out: Out = {}
    usual = {key: outcome for key, (_, outcome) in follows.items()}
    if steps != {key: step for key, (step, _) in follows.items()}:
        out["step"] = _together(steps)
        known = tables.steps()
        usual = {key: known[step].outcome if step else None for key, step in steps.items()}
    if outcomes != usual or not follows:
        out["outcome"] = _together({key: each.value if each else None for key, each in outcomes.items()})
    return out


def _together(said: Mapping[str, Any]) -> Any:
    """Return the one thing that is said of all, or what is said of each."""
    values = list(said.values())
    return values[0] if all(it == values[0] for it in values) else dict(said)
