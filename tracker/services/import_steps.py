"""Which step of the procedure an event of a file is for a filing, as far as that is certain."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.models import Filing
from tracker.reference import tables
from tracker.rules.routing import Procedure, Route
from tracker.rules.standing import imported_step
from tracker.rules.vocabulary import Answer, Outcome
from tracker.services.import_forms import Form
from tracker.services.routing import Run


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
        sure = any(it.reason.value.startswith("LEAD_") for it in led)
        inside = Answer.YES if sure else Answer.UNKNOWN if led else Answer.NO
        leads = {it.lead for it in led} | {filing.lead_said}
        found[filing.id] = Shop(inside, frozenset(slug for slug in leads if slug))
    return found


def step_of(
    event: Form, filing: Filing, shop: Shop, controllers: Mapping[str, int]
) -> tuple[str | None, Outcome | None]:
    """Return the step that an event is for a filing, and the outcome that it brings; what the file says wins.

    `controllers` gives the controllers of the case by their id in the file. A kind that is a step of the
    procedure itself is that step. That a fine proves a final decision of the lead (Art 60(7)) is only
    certain inside the one-stop shop: by the route, or because another authority than the one lodged with
    decided as the lead.
    """
    kinds, steps, kind = tables.event_kinds(), tables.steps(), event["kind"]
    step: str | None
    if "step" in event or (kind not in kinds and kind in steps):
        said = steps[str(event.get("step", kind))]
        step, outcome = said.code, said.outcome
    else:
        lead_elsewhere = event["actor"] in shop.leads and filing.authority_slug not in (None, event["actor"])
        sure = shop.inside is Answer.YES or lead_elsewhere
        step, outcome = imported_step(
            kind,
            oss=shop.inside is not Answer.NO,
            fined=sure and _fined(event, filing, controllers),
            kinds=kinds,
        )
    return step, Outcome(event["outcome"]) if "outcome" in event else outcome


def _fined(event: Form, filing: Filing, controllers: Mapping[str, int]) -> bool:
    """Return whether a fine was imposed in this filing; one that is split by controllers is theirs only."""
    fine = event.get("fine")
    split = fine.get("split") if fine else None
    if not split or any(name not in controllers for name in split):
        return bool(fine)
    fined = {controllers[name] for name in split}
    return any(it.id in fined for it in filing.controllers)
