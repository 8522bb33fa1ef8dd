"""How filings went by the procedure: what decides on it, what of them is out of order, what runs beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.models import Filing
from tracker.reference import tables
from tracker.reference.authorities import in_words
from tracker.rules import procedure_flags, procedure_order
from tracker.rules.procedure_flags import Raised
from tracker.rules.procedure_guards import NO_AUTHORITY, Setting
from tracker.rules.procedure_order import Irregularity, Remarked
from tracker.rules.routing import CERTAIN, UNDETERMINED, Procedure
from tracker.rules.vocabulary import Answer
from tracker.services import routing, standing

BOARD = "eu-edpb"


@dataclass(frozen=True, slots=True)
class Course:
    """How a filing went by the procedure, each list in the order in which it happened."""

    irregularities: list[Irregularity]
    remarks: list[Remarked]
    flags: list[Raised]


def setting_of(filing: Filing) -> Setting:
    """Return what of a filing decides on its procedure besides where it stands.

    Its current routes and its overrides must be loaded. Who leads is certain only where no route leaves it
    open; then a decision by another authority is out of order, and not merely unexpected.
    """
    runs = [run for run in filing.routes if run.current]
    routes = [routing.read(run)[1] for run in runs]
    inside = [it for it in routes if it.procedure is Procedure.OSS_60]
    sure = bool(inside) and len(inside) == len(routes) and all(it.reason in CERTAIN for it in inside)
    overridden = {it.controller_id: it.lead for it in filing.overrides if it.ended_at is None}
    settled = bool(routes) and all(
        it.reason not in UNDETERMINED or run.controller_id in overridden
        for run, it in zip(runs, routes, strict=True)
    )
    slugs: dict[str, set[str | None]] = {
        "lodged_with": {filing.authority_slug},
        "lead": {filing.lead_said, *(it.lead for it in routes), *overridden.values()},
        "handling": {filing.handling_said, *(it.handling for it in routes)},
        "board": {BOARD},
    }
    parties = {party: frozenset(slug for slug in named if slug) for party, named in slugs.items()}
    known = {"lodged_with", "board", *(("lead", "handling") if settled else ())}
    return Setting(
        inside=Answer.YES if sure else Answer.UNKNOWN if inside else Answer.NO,
        lodged=filing.lodged,
        parties=parties,
        known=NO_AUTHORITY | {it for it in known if parties[it]},
        inaction_from=inaction_from(filing),
        say=in_words,
    )


def inaction_from(filing: Filing) -> date | None:
    """Return the first day of an action under Art 78(2), None where nothing is known to be due.

    The period is that of Art 78(2), 77(2); until it is counted for a filing, no action is called premature.
    """
    return None


def courses_of(filings: Sequence[Filing]) -> dict[int, Course]:
    """Return by filing (its id) how it went, in a number of statements that does not depend on how many.

    Current routes and overrides must be loaded.
    """
    table, flags = tables.procedure(), tables.flags()
    happened = standing.entries_of(filings) if filings else {}
    found = {}
    for filing in filings:
        entries, setting = happened[filing.id], setting_of(filing)
        found[filing.id] = Course(
            irregularities=procedure_order.irregularities(entries, table, setting),
            remarks=procedure_order.remarks(entries, table, setting),
            flags=procedure_flags.raised(entries, flags),
        )
    return found
