"""What a file brings beside its campaigns: compared with the store thing by thing; nothing written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker.db import db
from tracker.models import (
    Decision,
    DecisionFinding,
    DecisionFine,
    Hearing,
    HearingFiling,
    Proceeding,
    ProceedingFiling,
    Update,
)
from tracker.services.import_decisions_forms import (
    Beside,
    Place,
    decision_form,
    hearing_form,
    proceeding_form,
)
from tracker.services.import_decisions_said import (
    decision_out,
    hearing_out,
    ids_of,
    proceeding_out,
)
from tracker.services.import_forms import Form
from tracker.services.import_plan import Planned
from tracker.services.import_said import controller_keys
from tracker.services.reading import Faults
from tracker.services.reading_faults import Way, fit, shown


@dataclass(slots=True)
class Further:
    """What a file has beside its campaigns that is new, and what is there already by its id."""

    proceedings: list[Form] = field(default_factory=list)
    decisions: list[Form] = field(default_factory=list)
    hearings: list[Form] = field(default_factory=list)
    #: Keys of what is there already, by noun and id.
    known: dict[tuple[str, str], int] = field(default_factory=dict)
    unchanged: int = 0

    @property
    def brings(self) -> bool:
        """Return whether anything is new."""
        return bool(self.proceedings or self.decisions or self.hearings)


def plan(beside: Beside, planned: Sequence[Planned], faults: Faults) -> Further:
    """Return what is new beside the campaigns. Raises BadFile for what is there with other content.

    Marks in the campaigns the events of which the decisions of the file say more: of these the import makes
    no record by itself.
    """
    further = Further()
    by_id = {it.campaign.id: it for it in planned}
    _mark(beside.events, by_id)
    held = [it.held for it in planned if it.held]
    ids = ids_of(held, controller_keys(held))
    proceedings = _known(Proceeding, "proceeding", [form["id"] for _, form in beside.proceedings])
    decisions = _known(Decision, "decision", [form["id"] for _, form in beside.decisions])
    hearings = _known(Hearing, "hearing", [form["id"] for _, form in beside.hearings])
    names = {
        noun: {row.id: key for key, row in rows.items()}
        for noun, rows in (
            ("proceeding", proceedings),
            ("decision", decisions),
            ("hearing", hearings),
        )
    }
    names["proceeding"] |= _others(Proceeding, names["proceeding"])
    names["decision"] |= _others(Decision, names["decision"])
    faults_of_store = Faults("store")

    def as_here(make: Callable[..., Form], said: Any) -> Form:
        return make(said, (), faults_of_store)

    for way, form in beside.proceedings:
        if row := proceedings.get(form["id"]):
            here = as_here(proceeding_form, proceeding_out(row, names["proceeding"], ids))
            _compare(form, here, way, faults)
        _sort(further, "proceeding", form, row, further.proceedings)
    for way, form in beside.decisions:
        if row := decisions.get(form["id"]):
            here = as_here(decision_form, decision_out(row, names["decision"], names["proceeding"], ids))
            here |= {"events": _entries_here(row, ids.events), "fines": _fines_here(row)}
            mine = {**form, "events": _entries(form, by_id), "fines": _fines(form, by_id)}
            _compare(
                mine, here, way, faults, words={"fines": _fines_words(row), "events": _events_words(here)}
            )
        _sort(further, "decision", form, row, further.decisions)
    for way, form in beside.hearings:
        if row := hearings.get(form["id"]):
            _compare(
                form,
                as_here(hearing_form, hearing_out(row, names["hearing"], names["proceeding"], ids)),
                way,
                faults,
            )
        _sort(further, "hearing", form, row, further.hearings)
    _check_references(beside, names, faults)
    faults.refuse()
    return further


def _mark(events: set[Place], by_id: Mapping[str, Planned]) -> None:
    """Mark every event whose line of corrections has one of which a decision of the file says more."""
    for one in by_id.values():
        line: dict[int, int] = {}
        for place, event in enumerate(one.campaign.events):
            corrects = event.get("corrects")
            line[place] = line.get(corrects - 1, place) if corrects else place
        told = {line[place - 1] for campaign, place in events if campaign == one.campaign.id}
        one.decided = {place for place, first in line.items() if first in told}


def _sort(further: Further, noun: str, form: Form, row: Any, fresh: list[Form]) -> None:
    if row is None:
        fresh.append(form)
    else:
        further.known[noun, form["id"]] = row.id
        further.unchanged += 1


def _known(model: Any, noun: str, keys: Sequence[str]) -> dict[str, Any]:
    """Return what is there by the ids of a file: from a file, else what the desk made under its number."""
    numbers = {
        key: int(number)
        for key in keys
        for number in [key.removesuffix("-desk").removeprefix(f"{noun}-")]
        if key.startswith(f"{noun}-") and number.isascii() and number.isdigit() and len(number) < 10
    }
    query = _loaded(model).where(
        sa.or_(model.key.in_(keys), sa.and_(model.key.is_(None), model.number.in_(set(numbers.values()))))
    )
    rows = list(db.session.scalars(query)) if keys else []
    found = {it.key: it for it in rows if it.key is not None}
    own = {it.number: it for it in rows if it.key is None}
    return {
        **{key: own[number] for key, number in numbers.items() if number in own and key not in found},
        **{key: it for key, it in found.items() if key in keys},
    }


def _loaded(model: Any) -> Any:
    query = sa.select(model)
    if model is Proceeding:
        return query.options(selectinload(Proceeding.filings).joinedload(ProceedingFiling.filing))
    if model is Hearing:
        filings = selectinload(Hearing.filings).joinedload(HearingFiling.filing)
        return query.options(filings, selectinload(Hearing.versions))
    return query.options(
        selectinload(Decision.entries),
        selectinload(Decision.filings),
        selectinload(Decision.findings).joinedload(DecisionFinding.claim),
        selectinload(Decision.fines).joinedload(DecisionFine.controller),
        selectinload(Decision.measures),
    )


def _others(model: Any, named: Mapping[int, str]) -> dict[int, str]:
    """Return the ids of what the file does not name and may refer to: all that ever came from a file."""
    query = sa.select(model.id, model.key).where(model.key.is_not(None))
    return {row.id: row.key for row in db.session.execute(query) if row.id not in named}


def _entries_here(row: Decision, events: Mapping[int, Place]) -> list[tuple[str, int]]:
    """Return the entries of a decision by campaign and number."""
    numbers = sa.select(Update.id, Update.number).where(Update.id.in_([it.update_id for it in row.entries]))
    found = {each.id: each.number for each in db.session.execute(numbers)}
    return sorted(
        (events[it.update_id][0], found[it.update_id]) for it in row.entries if it.update_id in events
    )


def _entries(form: Form, by_id: Mapping[str, Planned]) -> list[tuple[str, int]]:
    """Return the entries that the events of a decision of the file are; 0 for one that is not there yet."""
    return sorted(
        (campaign, by_id[campaign].known_events.get(place - 1, 0)) for campaign, place in form["events"]
    )


def _fines_here(row: Decision) -> list[tuple[Any, ...]]:
    return [(it.minor, it.currency, it.controller_id, it.words) for it in row.fines]


def _fines(form: Form, by_id: Mapping[str, Planned]) -> list[tuple[Any, ...]]:
    """Return the fines of a decision of the file, each with the key of the controller that it is against."""
    return [
        (minor, currency, controller_of(form, named, by_id), words)
        for minor, currency, named, words in form["fines"]
    ]


def controller_of(form: Form, named: str | None, by_id: Mapping[str, Planned]) -> int | None:
    """Return the key of a controller by its id in one of the campaigns of a decision."""
    for campaign, _ in form["events"]:
        entity = by_id[campaign].entities.get(named or "")
        if entity is not None:
            return entity.key
    return None


def _fines_words(row: Decision) -> str:
    each = ((it.money.words, it.controller.name if it.controller else it.words) for it in row.fines)
    return ", ".join(f"{amount} ({against})" if against else amount for amount, against in each)


def _events_words(here: Form) -> str:
    return ", ".join(f"entry {number} of {campaign}" for campaign, number in here["events"])


def _compare(
    form: Form, here: Form, way: Way, faults: Faults, *, words: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Tell what differs; `words` has what is here of things that are compared by their keys."""
    for key in sorted(form.keys() | here.keys()):
        if form.get(key) != here.get(key):
            told = (words[key] or None) if key in words else here.get(key)
            faults.add((*way, key), f"differs from what is here: {shown(told)}")


def _check_references(beside: Beside, names: Mapping[str, Mapping[int, str]], faults: Faults) -> None:
    """Check that what is referred to by an id is in the file, before it, or in the store."""
    known = {noun: set(those.values()) for noun, those in names.items()}
    for noun, key, things in (
        ("proceeding", "follows", beside.proceedings),
        ("decision", "corrects", beside.decisions),
    ):
        for way, form in things:
            if form.get(key) and form[key] not in known[noun]:
                faults.add((*way, key), f"there is no {noun} '{fit(form[key])}' before this one")
            known[noun].add(form["id"])
    for way, form in (*beside.decisions, *beside.hearings):
        if form.get("proceeding") and form["proceeding"] not in known["proceeding"]:
            faults.add((*way, "proceeding"), f"there is no proceeding '{fit(form['proceeding'])}'")
