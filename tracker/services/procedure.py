"""How filings went by the procedure: what decides on it, what of them is out of order, what runs beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Deadline, Filing
from tracker.reference import tables
from tracker.reference.authorities import in_words
from tracker.rules import procedure_flags, procedure_order
from tracker.rules.leading import LeadAct, Told
from tracker.rules.procedure_flags import Raised
from tracker.rules.procedure_guards import NO_AUTHORITY, Setting
from tracker.rules.procedure_order import Irregularity, Remarked
from tracker.rules.routing import CERTAIN, UNDETERMINED, Procedure
from tracker.rules.vocabulary import Answer
from tracker.services import routing, routing_standing, standing

BOARD = "eu-edpb"
#: The periods after which a complainant may go to court because nothing was heard: of Art 78(2) from lodging.
INFORMATION = ("G15", "G16")


@dataclass(frozen=True, slots=True)
class Walk:
    """How a filing went by the procedure, each list in the order in which it happened."""

    irregularities: list[Irregularity]
    remarks: list[Remarked]
    flags: list[Raised]


def settings_of(filings: Sequence[Filing]) -> dict[int, Setting]:
    """Return by filing (its id) what decides on its procedure besides where it stands.

    The number of statements does not depend on how many there are. Current routes and overrides must be
    loaded. Who leads is certain only where no route leaves it open; then a decision by another authority is
    out of order, and not merely unexpected.
    """
    inaction, acts = _inaction_from(filings), routing_standing.acts_of(filings)
    return {
        it.id: _setting(it, inaction.get(it.id), [said.told for said in acts.get(it.id, ())])
        for it in filings
    }


def _setting(filing: Filing, inaction_from: date | None, acts: Sequence[Told]) -> Setting:
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
        "lead": {
            filing.lead_said,
            *(it.lead for it in routes),
            *overridden.values(),
            # Who was confirmed as lead may decide, whatever the rules find.
            *(it.lead for it in acts if it.act is LeadAct.CONFIRMED),
        },
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
        inaction_from=inaction_from,
        say=in_words,
    )


def _inaction_from(filings: Sequence[Filing]) -> dict[int, date]:
    """Return by filing the first day of an action under Art 78(2), in one statement per ten thousand.

    That is the day after the latest end of the three months from the lodging that can be argued. Filings of
    which that end is not known are missing.
    """
    ids = [it.id for it in filings]
    found: dict[int, date] = {}
    columns = (Deadline.filing_id, Deadline.certain_on, Deadline.due_on)
    for start in range(0, len(ids), standing.IDS_AT_ONCE):
        some = Deadline.filing_id.in_(ids[start : start + standing.IDS_AT_ONCE])
        query = sa.select(*columns).where(some, Deadline.period.in_(INFORMATION), ~Deadline.gone)
        for row in db.session.execute(query.where(Deadline.start_number == 0)):
            if last := row.certain_on or row.due_on:
                found[row.filing_id] = max(found.get(row.filing_id, last), last + timedelta(days=1))
    return found


def walks_of(filings: Sequence[Filing]) -> dict[int, Walk]:
    """Return by filing (its id) how it went, in a number of statements that does not depend on how many.

    Current routes and overrides must be loaded.
    """
    table, flags = tables.procedure(), tables.flags()
    happened = standing.entries_of(filings) if filings else {}
    settings = settings_of(filings)
    found = {}
    for filing in filings:
        entries, setting = happened[filing.id], settings[filing.id]
        found[filing.id] = Walk(
            irregularities=procedure_order.irregularities(entries, table, setting),
            remarks=procedure_order.remarks(entries, table, setting),
            flags=procedure_flags.raised(entries, flags),
        )
    return found
