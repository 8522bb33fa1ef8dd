"""Routes that changed: what they were, what the rules now find, what changed in the facts; confirmed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.db import by_number, db
from tracker.errors import RuleBroken, Stale
from tracker.models import Case, Controller, Filing
from tracker.models import Route as StoredRoute
from tracker.reference.authorities import in_words
from tracker.reference.names import place_name, place_names
from tracker.rules import days, routing
from tracker.rules.access import Actor
from tracker.rules.routing import Facts, Route
from tracker.rules.routing.facts import PLACES
from tracker.services import journal
from tracker.services import routing as routes

#: Facts that are a list of places or a place, and those that are an answer; in words of the page.
_NAMES = {
    "as_of": "day of assessment",
    "as_of_earliest": "first day that it may be",
    "lodged_with": "authority lodged with",
    "also_lodged_with": "other authorities with this complaint",
    "complainant_residence": "residence of the complainant",
    "complainant_workplace": "workplace of the complainant",
    "infringement_place": "place of the infringement",
    "issue": "issue",
    "subject": "whom it is against",
    "role": "role",
    "media_art85": "media (Art 85)",
    "church_art91": "church (Art 91)",
    "public_level": "level of the public body",
    "obligation_of": "whose law imposes the task",
    "establishments_complete": "whether all establishments are known",
    "decided_outside_eea": "decided outside the EEA",
    "art27_rep": "representative (Art 27)",
    "targets_eea": "offers to people in the EEA",
    "affected": "people affected",
    "local_only": "only local (Art 56(2))",
    "infringement_ended": "end of the infringement",
    "de_telecom": "telecommunications provider (§ 9(1) BDSG)",
}
_OF_A_PLACE = {
    "ca": "head office",
    "decides": "decides",
    "implements": "has it carried out",
    "main_processing": "main processing",
    "from": "since",
    "to": "until",
}


def lead_words(route: Route, facts: Facts) -> str:
    """Return who leads and why in a few words: "the Irish DPC, reason: decisions are taken there"."""
    if route.lead_now:
        who = in_words(route.lead) + (" (presumed)" if route.reason in routing.UNDETERMINED else "")
    else:
        who = "not known who" if route.reason in routing.UNDETERMINED else "no authority"
    return f"{who}, reason: {routing.reason_words(route, facts)}"


def _doubted(before: Route, after: Route) -> str:
    """Return that the lead is the same and left to a person now, with what the rules warn of since."""
    new = [routing.warning_text(it)[0] for it in after.warnings if it not in before.warnings]
    return " ".join([f"{in_words(after.lead)} too, but leave it to a person.", *new]).removesuffix(".")


@dataclass(frozen=True, slots=True)
class Change:
    """A run whose lead or reason is another than the one by which people went."""

    run: StoredRoute
    was: str
    now: str
    facts: tuple[str, ...]
    lead_changed: bool

    @property
    def words(self) -> str:
        """Return the notice: "The lead may have changed: ..."."""
        because = "; ".join(self.facts) if self.facts else "no fact: the rules are newer"
        return (
            f"The lead may have changed: it was {self.was}; the rules now find {self.now}. "
            f"What changed: {because}."
        )


def change_of(run: StoredRoute) -> Change | None:
    """Return what a run changes where that waits to be confirmed, else None; `instead_of` must be loaded."""
    return change_at(run) if run.pending else None


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
        facts=facts_changed(old_facts, facts),
        lead_changed=run.instead_of.lead != run.lead,
    )


def warnings_of(run: StoredRoute, route: Route) -> tuple[routing.RouteWarning, ...]:
    """Return the warnings of a run, with that of a changed lead which nobody has confirmed yet."""
    changed = run.pending and run.instead_of is not None and run.instead_of.lead != run.lead
    return (*((routing.RouteWarning.W_CHANGE_PENDING,) if changed else ()), *route.warnings)


def facts_changed(before: Facts, after: Facts) -> tuple[str, ...]:
    """Return what is known otherwise than before, fact by fact: "Ireland: decides was yes, is no"."""
    old, new = before.to_json(), after.to_json()
    told = [
        f"{_NAMES[key]} was {_said(key, old[key])}, is {_said(key, new[key])}"
        for key in _NAMES
        if old[key] != new[key]
    ]
    return (*_places_changed(old["establishments"], new["establishments"]), *told)


def _places_changed(before: Any, after: Any) -> list[str]:
    if before == after:
        return []
    if before is None or after is None:
        whole = before if after is None else after
        names = place_names([it["place"] for it in whole]) if whole else "none"
        return [f"establishments {'were' if after is None else 'are now'} {names}"]
    gone = [it for it in before if it not in after]
    told: list[str] = []
    for it in after:
        if it in before:
            continue
        was = next((each for each in gone if each["place"] == it["place"]), None)
        if was is None:
            told.append(f"{place_name(it['place'])}: new on record")
            continue
        gone.remove(was)
        told += [
            f"{place_name(it['place'])}: “{words}” was {_said(key, was[key])}, is {_said(key, it[key])}"
            for key, words in _OF_A_PLACE.items()
            if was[key] != it[key]
        ]
    return told + [f"{place_name(it['place'])}: not on record any more" for it in gone]


def _said(key: str, value: Any) -> str:
    if value in (None, [], "unknown"):
        return "none" if value == [] else "not known" if key not in ("from", "to") else "open"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key in ("lodged_with", "also_lodged_with"):
        return ", ".join(in_words(it) for it in ([value] if isinstance(value, str) else value))
    if key in ("as_of", "as_of_earliest", "from", "to", "infringement_ended"):
        return days.Day.parse(value).words
    if key in ("affected", *PLACES):
        return place_names([value] if isinstance(value, str) else value)
    return str(value).replace("_", " ")


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
    """Return the condition that a run is the current one and waits to be confirmed."""
    return sa.and_(
        StoredRoute.current, StoredRoute.instead_of_id.is_not(None), StoredRoute.confirmed_at.is_(None)
    )


@dataclass(frozen=True, slots=True)
class CaseWaiting:
    """A case with filings whose lead may have changed: how many, and of how many in all."""

    number: str
    title: str
    filings: int


def cases_waiting(*, limit: int | None = None) -> list[CaseWaiting]:
    """Return the cases with filings whose lead may have changed, the highest number first."""
    count = sa.func.count(sa.distinct(Filing.id))
    query = (
        sa.select(Case.number, Case.title, count)
        .join(Filing, Filing.case_id == Case.id)
        .join(StoredRoute, StoredRoute.filing_id == Filing.id)
        .where(pending())
        .group_by(Case.id, Case.number, Case.title)
        .order_by(*by_number(Case.number, last_first=True))
        .limit(limit)
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
