"""What the store says of a case, in the words of the file: the inverse of the import.

Keys that are not in the usual files appear only where the store knows what does not follow from the others.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, CaseController, Controller, Filing, Update
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.vocabulary import Answer, Outcome, Precision
from tracker.services.controllers import fold
from tracker.services.import_forms import presumed_affected, presumed_establishments
from tracker.services.import_records import Held

Out = dict[str, Any]


def controller_keys(held: Iterable[Held]) -> dict[tuple[int, int], str]:
    """Return an id for every controller in every case: that of its file, else one made of its name."""
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
    letters = "".join(it if it.isascii() and it.isalnum() else " " for it in fold(controller.name))
    plain = "-".join(letters.split())[:80] or "controller"
    key, copy = plain, 1
    while taken.get(key, controller.id) != controller.id:
        copy += 1
        key = f"{plain}-{copy}"
    return key


def campaign_out(held: Held, keys: Mapping[tuple[int, int], str]) -> Out:
    """Return one case as a campaign of the file."""
    case = held.case
    here = {it.controller_id: keys[case.id, it.controller_id] for it in case.controllers}
    filings = sorted(case.filings, key=lambda it: it.position)
    ids = {it.id: filing_key(it) for it in filings}
    out: Out = {
        "id": case_key(case),
        "title": case.title,
        "ngo": case.ngo,
        "internal_ref": case.number if case.own_number or case.key is None else case.internal_ref,
        "summary": case.summary,
    }
    _put(out, project=case.project.name if case.project else None)
    if case.facts.value:
        out |= _day("facts_date", case.facts)
    out["legal_issues"] = _legal(case)
    if case.complainants:
        out["complainants"] = [
            _put({"pseudonym": it.pseudonym}, residence=it.residence) for it in case.complainants
        ]
    out["controllers"] = [_controller(it, case, here[it.controller_id]) for it in case.controllers]
    out["filings"] = [_filing(it, here) for it in filings]
    _put(out, totals=case.totals)
    places: dict[int | None, int] = {it.id: place for place, it in enumerate(held.updates, 1)}
    out["events"] = [_event(it, places, ids) for it in held.updates]
    return _put(out, outcome=case.outcome_said)


def case_key(case: Case) -> str:
    """Return the id of a case in a file: the one it came with, else made of its number."""
    return case.key or case.number.lower()


def filing_key(filing: Filing) -> str:
    """Return the id of a filing in a file: the one it came with, else made of its number."""
    return filing.key or filing.number.lower()


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


def _filing(it: Filing, controllers: Mapping[int, str]) -> Out:
    out: Out = {
        "id": filing_key(it),
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
    if it.own_number or it.key is None:
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
    for each in it.filings[:1]:
        step, outcome = _usual(it.kind, each.step)
        _put(out, step=each.step if each.step != step else None)
        if each.outcome is not outcome and each.outcome:
            out["outcome"] = each.outcome.value
    out["summary"] = it.words
    return _put(
        out,
        public_summary=it.public_words,
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


#: What a decision may be, with the outcome that comes with it; which of these depends on the route.
_DECISIONS = {
    "national_decision": Outcome.NOT_RECORDED,
    "final_upheld": Outcome.WON,
    "decided": Outcome.NOT_RECORDED,
}


def _usual(kind: str, step: str | None) -> tuple[str | None, Outcome | None]:
    """Return the step and outcome that follow from the kind of an event, for one that is kept with `step`."""
    if kind == "decision" and step in _DECISIONS:
        return step, _DECISIONS[step]
    if known := tables.event_kinds().get(kind):
        return known.step, known.outcome
    same = tables.steps().get(kind)
    return (same.code, same.outcome) if same else (None, None)
