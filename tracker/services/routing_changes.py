"""Routes that changed: what they were, what the rules now find, what changed in the facts; confirmed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.db import by_number, db
from tracker.errors import RuleBroken, Stale
from tracker.models import Case, Controller, Filing
from tracker.models import Route as StoredRoute
from tracker.reference.authorities import in_words
from tracker.rules import routing
from tracker.rules.access import Actor
from tracker.rules.routing import Facts, Route
from tracker.rules.routing.differences import Changed, differences
from tracker.services import journal
from tracker.services import routing as routes


def lead_words(route: Route, facts: Facts) -> str:
    """Return who leads and why in a few words: "the Irish DPC, reason: decisions are taken there"."""
    if route.lead_now:
        who = in_words(route.lead) + (" (presumed)" if route.reason in routing.UNDETERMINED else "")
    else:
        who = "no lead that is known" if route.reason in routing.UNDETERMINED else "no authority"
    return f"{who}, reason: {routing.reason_words(route, facts)}"


def _doubted(before: Route, after: Route) -> str:
    """Return that the lead is the same and left to a person now, with what the rules warn of since."""
    new = [routing.warning_text(it)[0] for it in after.warnings if it not in before.warnings]
    return " ".join([f"{in_words(after.lead)} too, but leave it to a person.", *new]).removesuffix(".")


@dataclass(frozen=True, slots=True)
class Change:
    """A run whose lead or reason is another than the one by which people went.

    `was` and `now` are both answers in a few words, `facts` what is known otherwise since: nothing where only
    the rules are newer.
    """

    run: StoredRoute
    was: str
    now: str
    facts: tuple[Changed, ...]
    lead_changed: bool


def change_of(run: StoredRoute, filing: Filing) -> Change | None:
    """Return what a run of a filing changes where that waits to be confirmed, else None.

    `instead_of` must be loaded. On a filing that has ended nothing waits: nobody could act on it.
    """
    return change_at(run) if run.pending and routes.is_open(filing) else None


def change_at(run: StoredRoute) -> Change | None:
    """Return what a run changed when it was computed, confirmed since or not; None for nothing."""
    if run.instead_of is None:
        return None
    (old_facts, old), (facts, new) = routes.read(run.instead_of), routes.read(run)
    same = (old.lead, old.reason) == (new.lead, new.reason)
    return Change(
        run=run,
        was=lead_words(old, old_facts),
        now=_doubted(old, new) if same else lead_words(new, facts),
        facts=differences((old_facts, old), (facts, new)).facts,
        lead_changed=run.instead_of.lead != run.lead,
    )


def warnings_of(run: StoredRoute, route: Route, filing: Filing) -> tuple[routing.RouteWarning, ...]:
    """Return the warnings of a run of a filing; the current one with that of a lead that waits."""
    before = run.instead_of if run.current and run.pending and routes.is_open(filing) else None
    changed = before is not None and before.lead != run.lead
    return (*((routing.RouteWarning.W_CHANGE_PENDING,) if changed else ()), *route.warnings)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A filing whose lead may have changed, with each change and the controller that it is about."""

    filing: Filing
    changes: tuple[tuple[Controller, Change], ...]


def waiting(*, numbers: Collection[str]) -> list[Waiting]:
    """Return the filings of these cases whose lead may have changed, with case and authority, by number.

    One statement, however many there are.
    """
    query = (
        sa.select(StoredRoute, Filing, Controller)
        .join(Filing, Filing.id == StoredRoute.filing_id)
        .join(Controller, Controller.id == StoredRoute.controller_id)
        .join(Case, Case.id == Filing.case_id)
        .where(pending(), Case.number.in_(numbers))
        .options(joinedload(StoredRoute.instead_of), joinedload(Filing.case), joinedload(Filing.authority))
        .order_by(*by_number(Filing.number), StoredRoute.id)
    )
    found: dict[int, tuple[Filing, list[tuple[Controller, Change]]]] = {}
    for run, filing, controller in db.session.execute(query):
        change = change_at(run)
        if change is not None:
            found.setdefault(filing.id, (filing, []))[1].append((controller, change))
    return [Waiting(filing, tuple(changes)) for filing, changes in found.values()]


def pending() -> sa.ColumnElement[bool]:
    """Return the condition that a run is the current one of its filing, which is asked for too, and waits.

    What has ended is left out: its route is history, and a change of it asks nobody to do anything.
    """
    return sa.and_(
        StoredRoute.current,
        StoredRoute.instead_of_id.is_not(None),
        StoredRoute.confirmed_at.is_(None),
        routes.open_filings(),
    )


@dataclass(frozen=True, slots=True)
class CaseWaiting:
    """A case with filings whose lead may have changed: how many, and of how many in all."""

    number: str
    title: str
    filings: int


def cases_waiting() -> list[CaseWaiting]:
    """Return the cases with filings whose lead may have changed, the highest number first."""
    count = sa.func.count(sa.distinct(Filing.id))
    query = (
        sa.select(Case.number, Case.title, count)
        .join(Filing, Filing.case_id == Case.id)
        .join(StoredRoute, StoredRoute.filing_id == Filing.id)
        .where(pending())
        .group_by(Case.id, Case.number, Case.title)
        .order_by(*by_number(Case.number, last_first=True))
    )
    return [CaseWaiting(number, title, many) for number, title, many in db.session.execute(query)]


def confirm(
    case: Case, numbers: Collection[str], *, seen: Collection[int], note: str | None, by: Actor
) -> list[Filing]:
    """Confirm the changed answers of the chosen filings of a case; return these filings.

    `seen` are the keys of the runs that the person looked at. Raises RuleBroken where no filing is chosen,
    Stale where an answer has changed once more since. Who, when and the note are kept with each run.
    """
    if not numbers:
        raise RuleBroken("Choose at least one filing.", field="filings")
    here = [it for it in waiting(numbers=[case.number]) if it.filing.number in numbers]
    unseen = [it.filing for it in here if any(change.run.id not in seen for _, change in it.changes)]
    if unseen:
        raise Stale(
            f"The answer for {unseen[0].number} changed once more while you were reading.", theirs=unseen
        )
    if not here:
        raise Stale("Nothing waits to be confirmed on these filings any more.", theirs=[case])
    now = clock.now()
    for it in here:
        for _, change in it.changes:
            run = change.run
            run.confirmed_at, run.confirmed_by, run.confirmed_note = now, by.key, note
        journal.note("route.confirm", it.filing.number, by=by, case_id=case.id)
    db.session.flush()
    return [it.filing for it in here]


def history_of(filing: Filing) -> Sequence[StoredRoute]:
    """Return every run of a filing, newest first, each with what it changed."""
    query = (
        sa.select(StoredRoute)
        .where(StoredRoute.filing_id == filing.id)
        .options(joinedload(StoredRoute.instead_of))
        .order_by(StoredRoute.id.desc())
    )
    return db.session.scalars(query).all()
