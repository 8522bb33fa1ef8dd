"""Routes of open filings worked out again: by the rules, the directory and the day of today."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Case, Filing
from tracker.rules import routing as rules
from tracker.rules.access import Actor
from tracker.services import deadlines, journal, routing


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A case whose routes were worked out again: how many, and on how many filings somebody has to look."""

    number: str
    routes: int
    waiting: int


def reroute(*, dry_run: bool, by: Actor) -> list[Recomputed]:
    """Work out again the routes of all open filings; return what came of it, by case.

    Rules and directory may be newer, and the day of a move may have come. A route that stays the same is not
    stored again. A changed lead or reason waits to be confirmed as always; filings that have
    ended keep their routes. With `dry_run` nothing is stored. The number of statements does not depend on
    how many filings there are.
    """
    cases = sa.select(Filing.case_id).where(routing.open_filings())
    of_case = {
        filing: (case, number)
        for filing, case, number in db.session.execute(
            sa.select(Filing.id, Case.id, Case.number).join(Case).where(Case.id.in_(cases))
        )
    }
    runs = routing.work_out_cases(cases)
    present = routing.newest_runs_where(Filing.case_id.in_(cases))
    new = routing.new_ones(runs, present)
    counted = Counter(of_case[run.filing_id] for run, _ in new)
    flagged = {run.filing_id for run, before in new if before is not None and routing.changes(run, before)}
    waiting = Counter(of_case[filing] for filing in flagged)
    if not dry_run:
        routing.keep(runs, present)
        for (case, number), many in counted.items():
            detail: dict[str, object] = {"rules": rules.RULES_VERSION, "routes": many}
            journal.note("route.anew", number, by=by, case_id=case, detail=detail)
        deadlines.recompute({run.filing_id for run, _ in new}, why="routes worked out again", by=by)
    done = [Recomputed(number, many, waiting[case, number]) for (case, number), many in counted.items()]
    return sorted(done, key=lambda it: (len(it.number), it.number))


@dataclass(frozen=True, slots=True)
class Rerouted:
    """Another case whose routes were worked out anew: how many, and in how many the answer is another."""

    number: str
    routes: int
    differs: int


@dataclass(frozen=True, slots=True)
class Touched:
    """The cases whose journal was told, and the numbers of their filings with another answer than before."""

    cases: tuple[Rerouted, ...]
    differing: tuple[str, ...]


def note_rerouted(
    anew: Sequence[routing.Anew], *, because_of: Mapping[int, str], by: Actor
) -> tuple[Rerouted, ...]:
    """Tell the journal of other cases that their routes are new ones; return these cases.

    `because_of` are the cases, key -> number, by which the register learned of what changed them.
    """
    # One case is named; the cases of a whole file would be a list that nobody reads.
    which = {"case": next(iter(because_of.values()))} if len(because_of) == 1 else {"cases": len(because_of)}
    return tell_cases(anew, because_of=which, besides=because_of, by=by).cases


def tell_cases(
    anew: Sequence[routing.Anew],
    *,
    because_of: Mapping[str, object],
    besides: Collection[int] = (),
    by: Actor,
) -> Touched:
    """Tell the journal of every case that its routes are new ones, and why; `besides` are left out."""
    db.session.flush()
    homes: dict[int, tuple[str, tuple[int, str]]] = {}
    ids = sorted({it.after.filing_id for it in anew})
    for start in range(0, len(ids), routing.IDS_AT_ONCE):
        some = Filing.id.in_(ids[start : start + routing.IDS_AT_ONCE])
        found = db.session.execute(
            sa.select(Filing.id, Filing.number, Case.id, Case.number).join(Case).where(some)
        )
        homes |= {filing: (own, (key, number)) for filing, own, key, number in found if key not in besides}
    there = [it for it in anew if it.after.filing_id in homes]
    routes = Counter(homes[it.after.filing_id][1] for it in there)
    differ = Counter(homes[it.after.filing_id][1] for it in there if it.differs)
    for key, number in routes:
        detail = {**because_of, "routes": routes[key, number]}
        journal.note("case.reroute", number, by=by, case_id=key, detail=detail)
    cases = (Rerouted(number, routes[key, number], differ[key, number]) for key, number in routes)
    differing = {homes[it.after.filing_id][0] for it in there if it.differs}
    return Touched(
        tuple(sorted(cases, key=lambda it: _in_order(it.number))), tuple(sorted(differing, key=_in_order))
    )


def _in_order(number: str) -> tuple[int, str]:
    return len(number), number
