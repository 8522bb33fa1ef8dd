"""Which step of the procedure an event of a file is for a filing, as far as that is certain."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm.attributes import set_committed_value

from tracker.models import Case, CaseController, Filing
from tracker.reference import tables
from tracker.rules.decisions import result_of
from tracker.rules.routing import CERTAIN, Procedure, Route
from tracker.rules.standing import imported_step
from tracker.rules.vocabulary import Answer, Outcome, Result
from tracker.services.import_forms import PER_FILING, Form, presumed_affected
from tracker.services.routing import Run, work_out


@dataclass(frozen=True, slots=True)
class Shop:
    """Whether a filing is inside the one-stop shop (Art 60 GDPR), and who leads by any account."""

    inside: Answer
    leads: frozenset[str]


def shops(filings: Sequence[Filing], runs: Sequence[Run]) -> dict[int, Shop]:
    """Return by filing what its routes say of the one-stop shop: unknown where a lead is only presumed."""
    routes: dict[int, list[Route]] = defaultdict(list)
    for run in runs:
        if run.route.procedure is Procedure.OSS_60:
            routes[run.filing_id].append(run.route)
    found = {}
    for filing in filings:
        led = routes[filing.id]
        sure = any(it.reason in CERTAIN for it in led)
        inside = Answer.YES if sure else Answer.UNKNOWN if led else Answer.NO
        leads = {it.lead for it in led} | {filing.lead_said}
        found[filing.id] = Shop(inside, frozenset(slug for slug in leads if slug))
    return found


def as_imported(case: Case) -> dict[int, Shop]:
    """Return what an import of the export of a case would find of the one-stop shop, by filing.

    That can be something else than when the case came in: facts were amended, or filings were added.
    """
    countries: dict[int, list[str]] = defaultdict(list)
    for filing in case.filings:
        for controller in filing.controllers:
            countries[controller.id].append(filing.country)
    respondents = []
    for it in case.controllers:
        affected = presumed_affected(countries[it.controller_id]) if it.affected_presumed else it.affected
        made = CaseController(
            controller_id=it.controller_id,
            affected=affected,
            affected_presumed=it.affected_presumed,
            processing=it.processing,
        )
        set_committed_value(made, "controller", it.controller)
        respondents.append(made)
    # A file brings filings that are open: how they ended, its events tell later.
    return shops(case.filings, work_out(case.filings, respondents, as_lodged=True))


def step_of(
    event: Form, key: str, filing: Filing, shop: Shop, controllers: Mapping[str, int]
) -> tuple[str | None, Outcome | None]:
    """Return the step that an event is for a filing, and the outcome that it brings; what the file says wins.

    `key` is the id of the filing in the file, where a step may be said for each; `controllers` gives the
    controllers of the case by their id in the file. A kind that is a step of the procedure itself is that
    step. That a fine proves a final decision of the lead (Art 60(7)) is only certain inside the one-stop
    shop: by the route, or because another authority than the one lodged with decided as the lead.
    """
    kinds, steps, kind = tables.event_kinds(), tables.steps(), event["kind"]
    step: str | None
    if "step" in event or (kind not in kinds and kind in steps):
        known = steps[for_filing(event["step"] if "step" in event else kind, key)]
        step, outcome = known.code, known.outcome
    else:
        lead_elsewhere = event["actor"] in shop.leads and filing.authority_slug not in (None, event["actor"])
        sure = shop.inside is Answer.YES or lead_elsewhere
        step, outcome = imported_step(
            kind,
            oss=shop.inside is not Answer.NO,
            fined=sure and _fined(event, filing, controllers),
            kinds=kinds,
        )
    return step, Outcome(for_filing(event["outcome"], key)) if "outcome" in event else outcome


def stated_result(event: Form, key: str) -> Result:
    """Return what an event says of a filing; what is wrong, or the program has to work out, says nothing."""
    kinds, steps, kind = tables.event_kinds(), tables.steps(), event["kind"]
    said = {
        name: event[name].get(key) if isinstance(event[name], dict) else event[name]
        for name in PER_FILING
        if name in event
    }
    step = steps.get(said.get("step") or kind)
    found: tuple[str | None, Outcome | None] = (step.code, step.outcome) if step else (None, None)
    if "step" not in said and kind in kinds:
        found = (kinds[kind].step, kinds[kind].outcome) if kind != "decision" else ("decided", None)
    outcome = said.get("outcome")
    return result_of(found[0], Outcome(outcome) if outcome else found[1])


def for_filing(said: str | Mapping[str, str], key: str) -> str:
    """Return what is said for one filing, where all have the same or each has its own."""
    return said if isinstance(said, str) else said[key]


def _fined(event: Form, filing: Filing, controllers: Mapping[str, int]) -> bool:
    """Return whether a fine was imposed in this filing; one that is split by controllers is theirs only."""
    fine = event.get("fine")
    split = fine.get("split") if fine else None
    if not split or any(name not in controllers for name in split):
        return bool(fine)
    fined = {controllers[name] for name in split}
    return any(it.id in fined for it in filing.controllers)
