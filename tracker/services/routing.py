"""Routes of filings: facts from the records, the answer of the rules, every run stored."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from tracker import clock
from tracker.db import db
from tracker.models import CaseController, Controller, Filing
from tracker.models import Route as StoredRoute
from tracker.reference import authorities as directory_file
from tracker.reference import tables
from tracker.reference.names import country_name
from tracker.rules import routing
from tracker.rules.days import Day
from tracker.services.routing_facts import facts_by_issue, lodging_of

#: Values in one list of a statement; databases take some ten thousand.
IDS_AT_ONCE = 10_000


#: What a run is about: filing, controller, issue.
Key = tuple[int, int, str]
#: The issue whose run is the answer of a filing, where one is shown; others stand beside it.
MAIN_ISSUE = "gdpr"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the rules for a filing and one of its controllers that is not stored yet.

    `open`: its route may become another one: the filing has not ended, or it is routed once more.
    """

    filing_id: int
    controller: Controller
    facts: routing.Facts
    route: routing.Route
    open: bool = True
    #: Whether it is known when the complaint was lodged: where not, it is assessed as of today, every day.
    dated: bool = True

    @property
    def key(self) -> Key:
        """Return what the run is about."""
        return self.filing_id, self.controller.id, self.facts.issue


@dataclass(frozen=True, slots=True)
class Anew:
    """A run that was stored, and the one that it takes the place of, where there is one."""

    after: StoredRoute
    before: StoredRoute | None

    @property
    def waits(self) -> bool:
        """Return whether lead or reason are others than those that people went by."""
        return self.after.pending

    @property
    def differs(self) -> bool:
        """Return whether who leads, why, or what the rules warn of is another than before."""
        told = [
            (it.lead, it.reason, it.result["warnings"]) for it in (self.before, self.after) if it is not None
        ]
        return len(told) < 2 or told[0] != told[1]


def answer(facts: routing.Facts) -> routing.Route:
    """Return the route for the facts, with the packaged directory."""
    return routing.route(facts, directory_file.directory())


def explain(route: routing.Route, facts: routing.Facts) -> str:
    """Return one sentence that says who leads and why, with the article."""
    return routing.sentence(route, facts, directory_file.in_words, country_name)


def explain_shortly(route: routing.Route, facts: routing.Facts, *, several: bool = False) -> str:
    """Return in one line who leads and why: "Led by the Irish DPC, because ..."; the same for `several`."""
    return routing.short_sentence(route, facts, directory_file.in_words, country_name, several=several)


def is_open(filing: Filing) -> bool:
    """Return whether a filing can still get another lead: until its final decision (EDPB Opinion 8/2019)."""
    return not tables.procedure().stages[filing.stage].final


def open_filings() -> sa.ColumnElement[bool]:
    """Return the condition that a filing has not ended: is_open() for the store."""
    return Filing.stage.not_in([it.code for it in tables.procedure().stages.values() if it.final])


def current(filing: Filing) -> dict[int, StoredRoute]:
    """Return by controller the current run that is the answer of a filing; routes must be loaded.

    That is the one under the GDPR. Where a complaint is about another issue alone, it is the one on that.
    """
    found: dict[int, StoredRoute] = {}
    for it in filing.routes:
        if it.current and (it.issue == MAIN_ISSUE or it.controller_id not in found):
            found[it.controller_id] = it
    return found


def beside(filing: Filing) -> dict[int, StoredRoute]:
    """Return by controller the current run on another issue (ePrivacy) that stands beside the answer."""
    answers = current(filing).values()
    return {it.controller_id: it for it in filing.routes if it.current and it not in answers}


def load_changes(filings: Iterable[Filing]) -> None:
    """Load what the current runs of filings change, by one statement; none where nothing has changed.

    A loading option would ask of the run before, too, whether it is the current one.
    """
    changing = [it for filing in filings for it in filing.routes if it.instead_of_id is not None]
    ids = sorted({it.instead_of_id for it in changing if it.instead_of_id})
    before: dict[int, StoredRoute] = {}
    for start in range(0, len(ids), IDS_AT_ONCE):
        query = sa.select(StoredRoute).where(StoredRoute.id.in_(ids[start : start + IDS_AT_ONCE]))
        before |= {it.id: it for it in db.session.scalars(query)}
    for it in changing:
        set_committed_value(it, "instead_of", before[it.instead_of_id or 0])


def store(filing_id: int, controller: Controller, facts: routing.Facts, route: routing.Route) -> StoredRoute:
    """Add a run to the session and return it. The caller marks older runs as not current."""
    run = StoredRoute(
        filing_id=filing_id,
        controller_id=controller.id,
        issue=facts.issue,
        current=True,
        facts=facts.to_json(),
        result=route.to_json(),
        lead=route.lead,
        reason=route.reason.value,
        rules_version=routing.RULES_VERSION,
        computed_at=clock.now(),
    )
    db.session.add(run)
    return run


def route_filings(filings: Sequence[Filing], respondents: Iterable[CaseController]) -> list[Anew]:
    """Run the rules for every filing and controller of one case and store the runs.

    `filings` are all filings of the case, with controllers and complainants loaded; `respondents` the
    controllers of the case with their establishments. A run whose facts, answer and rules are those of the
    current one is not stored again.
    """
    return keep(work_out(filings, respondents), newest_runs({it.case_id for it in filings}))


def route_cases_against(controllers: Collection[int]) -> list[Anew]:
    """Run the rules for every filing of every case against one of these controllers; return the new runs.

    For when the register changes: what is pending must be flushed before. The number of statements does not
    depend on how many cases there are. Filings that have ended keep their routes.
    """
    return route_cases(sa.select(CaseController.case_id).where(CaseController.controller_id.in_(controllers)))


def route_cases(cases: sa.Select[int], *, again: Collection[int] = ()) -> list[Anew]:
    """Run the rules for every filing of these cases and return the new runs; what is pending is flushed.

    `again` are filings that are routed once more though they have ended: see shifted().
    """
    return keep(work_out_cases(cases, again=again), newest_runs_where(Filing.case_id.in_(cases)))


#: Of a filing, what says up to when facts count for its route: its day of lodging, and when it ended, if so.
Span = tuple[Day, Day | None]


def span(filing: Filing) -> Span:
    """Return the day of lodging and, where the filing has ended, the day of that."""
    return filing.lodged, None if is_open(filing) else filing.since


def shifted(filing: Filing, before: Span, *, corrected: bool) -> bool:
    """Return whether an act moved the days between which facts count for the route of a filing.

    That is so where it ended or was reopened, where its day of lodging is another one, and where the entry by
    which it had ended was `corrected`. Whatever else comes after the end is nothing to the route.
    """
    lodged, ended = span(filing)
    if lodged != before[0] or (ended is None) != (before[1] is None):
        return True
    return corrected and ended != before[1]


def work_out_cases(cases: sa.Select[int], *, again: Collection[int] = ()) -> list[Run]:
    """Return a run of the rules for every filing and controller of these cases; stores nothing."""
    respondents: dict[int, list[CaseController]] = defaultdict(list)
    for it in db.session.scalars(
        sa.select(CaseController)
        .where(CaseController.case_id.in_(cases))
        .options(joinedload(CaseController.controller).selectinload(Controller.establishments))
    ):
        respondents[it.case_id].append(it)
    filings: dict[int, list[Filing]] = defaultdict(list)
    for filing in db.session.scalars(
        sa.select(Filing)
        .where(Filing.case_id.in_(cases))
        .order_by(Filing.position)
        .options(
            joinedload(Filing.case),
            joinedload(Filing.complainant),
            selectinload(Filing.controllers).selectinload(Controller.establishments),
        )
    ):
        filings[filing.case_id].append(filing)
    return [
        run for case, lodged in filings.items() for run in work_out(lodged, respondents[case], again=again)
    ]


def work_out(
    filings: Sequence[Filing],
    respondents: Iterable[CaseController],
    *,
    again: Collection[int] = (),
    further: Collection[str] = (),
    as_lodged: bool = False,
) -> list[Run]:
    """Return a run of the rules for every filing and controller of one case; asks and stores nothing.

    `again` are filings that are routed once more though they have ended; `further` are authorities with which
    a complaint against each of the respondents lies, too. `as_lodged` takes every filing as if it had
    not ended.
    """
    by_controller = {it.controller_id: it for it in respondents}
    slugs = authorities_against(filings)
    runs = []
    for filing in filings:
        lodging = lodging_of(filing, ())
        if as_lodged:
            lodging = replace(lodging, counts_until=clock.today())
        may_change, dated = is_open(filing) or filing.id in again, filing.lodged.last is not None
        for controller in filing.controllers:
            also_at = tuple(sorted({*slugs[controller.id], *further} - {filing.authority_slug}))
            respondent = by_controller[controller.id]
            for facts in facts_by_issue(respondent, replace(lodging, also_at=also_at)):
                runs.append(Run(filing.id, controller, facts, answer(facts), may_change, dated))
    return runs


def authorities_against(filings: Iterable[Filing]) -> Mapping[int, set[str]]:
    """Return by controller the authorities with which a complaint against it lies (Art 4(22)(c))."""
    found: dict[int, set[str]] = defaultdict(set)
    for filing in filings:
        for controller in filing.controllers:
            if filing.authority_slug:
                found[controller.id].add(filing.authority_slug)
    return found


def newest_runs(case_ids: Collection[int]) -> dict[Key, StoredRoute]:
    """Return the newest runs of the filings of these cases by filing, controller and issue."""
    found: dict[Key, StoredRoute] = {}
    ids = list(case_ids)
    for start in range(0, len(ids), IDS_AT_ONCE):
        found |= newest_runs_where(Filing.case_id.in_(ids[start : start + IDS_AT_ONCE]))
    return found


def newest_runs_where(condition: sa.ColumnElement[bool]) -> dict[Key, StoredRoute]:
    """Return the newest runs of the filings of which the condition holds, each with what it changes.

    Where an issue is not asked any more, the newest run on it is not a current one.
    """
    about = (StoredRoute.filing_id, StoredRoute.controller_id, StoredRoute.issue)
    here = StoredRoute.filing_id.in_(sa.select(Filing.id).where(condition))
    newest = sa.select(sa.func.max(StoredRoute.id)).where(here).group_by(*about)
    query = (
        sa.select(StoredRoute)
        .where(sa.or_(sa.and_(here, StoredRoute.current), StoredRoute.id.in_(newest)))
        .options(joinedload(StoredRoute.instead_of))
    )
    # The current one last: it counts, whatever the clock said when the others were made.
    return {key_of(run): run for run in db.session.scalars(query.order_by(StoredRoute.current))}


def key_of(run: StoredRoute) -> Key:
    """Return what a stored run is about."""
    return run.filing_id, run.controller_id, run.issue


def new_ones(runs: Iterable[Run], present: Mapping[Key, StoredRoute]) -> list[tuple[Run, StoredRoute | None]]:
    """Return the runs to be stored, each with the one by which people went until now.

    `present` are the newest runs. A filing that has ended keeps the route that it has, unless it is routed
    once more. A run counts as another one also where only the rules are newer, and not where only today is
    another day, by which a filing whose day of lodging nobody knows is assessed.

    The answer of a filing takes the place of the answer before, on whatever issue that was: who leads is one
    question. A run beside it takes the place of the newest one on its own issue; what it changed as the
    answer, for which it waited, is not its matter any more.
    """
    runs = list(runs)
    answers = _answers(runs)
    were: dict[tuple[int, int], StoredRoute] = {}
    for it in present.values():
        pair = it.filing_id, it.controller_id
        if it.current and (it.issue == MAIN_ISSUE or pair not in were):
            were[pair] = it
    found: list[tuple[Run, StoredRoute | None]] = []
    for run in runs:
        pair = run.key[:2]
        if pair in were and not run.open:
            continue
        own = present.get(run.key)
        if answers[pair] == run.key:
            before = were.get(pair, own)
        else:
            waits = own.instead_of if own is not None and own.current and own.pending else None
            before = None if waits is not None and waits.issue != run.facts.issue else own
        if own is None or before is not own or not own.current or not _same(run, own):
            found.append((run, before))
    return found


def _answers(runs: Iterable[Run]) -> dict[tuple[int, int], Key]:
    """Return by filing and controller what the run is about that is the answer: see current()."""
    found: dict[tuple[int, int], Key] = {}
    for run in runs:
        if run.facts.issue == MAIN_ISSUE or run.key[:2] not in found:
            found[run.key[:2]] = run.key
    return found


def _same(run: Run, stored: StoredRoute) -> bool:
    """Return whether a stored run has the facts, the answer and the rules of this one."""
    then, now = dict(stored.facts), run.facts.to_json()
    if not run.dated:
        then["as_of"] = now["as_of"]
    same = then == now and stored.result == run.route.to_json()
    return same and stored.rules_version == routing.RULES_VERSION


def gone_by(before: StoredRoute) -> StoredRoute:
    """Return the run by whose answer people go: the last one that was confirmed, or that changed nothing."""
    return before.instead_of if before.pending and before.instead_of else before


def changes(run: Run, before: StoredRoute) -> bool:
    """Return whether a run has another lead or reason than the one by which people go.

    So has one that leaves the same lead to a person where the other did not: it may not lead any more.
    """
    held = gone_by(before)
    doubted = run.route.human and not held.result["human"]
    return doubted or (held.lead, held.reason) != (run.route.lead, run.route.reason.value)


def keep(runs: Iterable[Run], present: Mapping[Key, StoredRoute]) -> list[Anew]:
    """Store the runs that differ from the current one of their filing and controller, and return them.

    Where lead or reason are others than those by which people went, or a person has to look now, the new run
    waits to be confirmed; where all is the same again, nothing waits any more. A run on an issue that is not
    asked any more is ended.
    """
    runs = list(runs)
    fresh: list[Anew] = []
    for run, before in new_ones(runs, present):
        after = store(run.filing_id, run.controller, run.facts, run.route)
        if before is not None:
            held = gone_by(before) if changes(run, before) else None
            after.instead_of_id = held.id if held else None
            set_committed_value(after, "instead_of", held)
        if (own := present.get(run.key)) is not None:
            own.current = False
        fresh.append(Anew(after, before))
    asked = {run.key for run in runs}
    about = {run.key[:2] for run in runs if run.open}
    for key, it in present.items():
        if it.current and key not in asked and key[:2] in about:
            it.current = False
    return fresh


def read(run: StoredRoute) -> tuple[routing.Facts, routing.Route]:
    """Return facts and answer of a stored run as the values of the rules."""
    return routing.Facts.from_json(run.facts), routing.Route.from_json(run.result)
