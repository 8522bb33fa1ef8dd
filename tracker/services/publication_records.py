"""The records that a publication is taken from, read once for everything that a page asks about one case."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, CaseText, Controller, Filing, Update, UpdateFiling
from tracker.rules import routing as rules
from tracker.rules.happened import Happened
from tracker.rules.protocol import in_place
from tracker.rules.standing import Entry
from tracker.services import deadlines_course, decisions, decisions_hearings, routing, standing
from tracker.services.decisions import Read
from tracker.services.decisions_hearings import Dated


@dataclass(frozen=True, slots=True)
class Told:
    """A current route of a filing under the GDPR against one controller, with facts and sentence."""

    controller: Controller
    route: rules.Route
    facts: rules.Facts
    sentence: str

    def shortly(self, *, several: bool) -> str:
        """Return the same in one line, of this controller or of `several` of whom it is so."""
        return routing.explain_shortly(self.route, self.facts, several=several)


@dataclass(frozen=True, slots=True)
class Records:
    """A case with its whole protocol, in the order in which it happened, and what follows for its filings."""

    case: Case
    updates: Sequence[Update]
    #: Id of the update -> numbers of its filings; an update of the case as a whole is not in it.
    filings: Mapping[int, Sequence[str]]
    #: Number of an update -> that of the later one that corrects it.
    corrected: Mapping[int, int]
    #: Id of the filing -> what happened to it, as the rules read it.
    happened: Mapping[int, Sequence[Entry]]
    #: Id of the filing -> its current routes, in the order of its controllers.
    routes: Mapping[int, Sequence[Told]]
    #: Id of the filing -> the same as the rules of deadlines read it.
    course: Mapping[int, Sequence[Happened]]
    #: The decisions in force, by day.
    decisions: Sequence[Read]
    #: The hearings about its filings, each as it is now, by day.
    hearings: Sequence[Dated]
    #: Title and summary in other languages, by the code of the language.
    texts: Sequence[CaseText]

    @property
    def counting(self) -> list[Update]:
        """Return the updates that no later one corrects: the correction stands in for what it corrects."""
        return [it for it in self.updates if it.number not in self.corrected]


def records_of(case: Case) -> Records:
    """Return the records of a case, in a number of SQL statements that does not depend on what it has.

    `case` comes from services.cases.get_case.
    """
    updates = db.session.scalars(sa.select(Update).where(Update.case_id == case.id)).all()
    named: dict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(UpdateFiling.update_id, Filing.number)
        .join(Filing, Filing.id == UpdateFiling.filing_id)
        .where(Filing.case_id == case.id)
        .order_by(UpdateFiling.update_id, UpdateFiling.position, Filing.number)
    )
    for update_id, number in rows:
        named[update_id].append(number)
    by_id = {it.id: it for it in updates}
    corrects = {it.number: by_id.get(it.corrects_id or 0) for it in updates}
    return Records(
        case=case,
        updates=in_place(updates, within=updates),
        filings=dict(named),
        corrected={it.number: number for number, it in corrects.items() if it is not None},
        happened=standing.entries_of(case.filings) if case.filings else {},
        routes={it.id: _told(it) for it in case.filings},
        course=deadlines_course.entries_of(case.filings) if case.filings else {},
        decisions=[it for it in decisions.of_case(case.id) if it.in_force],
        hearings=decisions_hearings.hearings_for(filing_ids=[it.id for it in case.filings]),
        texts=db.session.scalars(
            sa.select(CaseText).where(CaseText.case_id == case.id).order_by(CaseText.language)
        ).all(),
    )


def _told(filing: Filing) -> Sequence[Told]:
    runs = routing.current(filing)
    told = []
    for it in filing.controllers:
        if it.id in runs:
            facts, route = routing.read(runs[it.id])
            told.append(Told(it, route, facts, routing.explain(route, facts)))
    return told
