"""Differences between what a file says and what is here, each a fault that names the item and the field.

What only the desk can add (references, projects, complainants and so on) is compared where the file speaks of
it; a file that is silent about it does not contradict.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tracker.services.import_forms import EXTRA_KEYS, MARKS, Campaign, Form, left_open
from tracker.services.reading import Faults
from tracker.services.reading_faults import Way, fit, shown

if TYPE_CHECKING:
    from tracker.services.import_entities import Entity
    from tracker.services.import_plan import Planned
    from tracker.services.import_records import Held

_DESK_CASE = frozenset({"project", "facts_date", "infringement_place", "language"})
_DESK_PERSON = frozenset({"residence", "workplace"})
_DESK_RESPONDENT = ("affected", "processing")
_DESK_FILING = frozenset({"complainant", "language"})
_NOTHING = object()


def case(it: Campaign, here: Campaign | None, faults: Faults) -> None:
    """Compare what a campaign says of itself."""
    if here is not None:
        _compare(it.case, here.case, it.way, faults, desk=_DESK_CASE)


def respondent(
    form: Form, entity: "Entity", held: "Held | None", here: Campaign | None, way: Way, faults: Faults
) -> None:
    """Compare what a campaign says of a controller in this one case."""
    if held is None or here is None:
        return
    ids = {respondent.controller_id: respondent.key for respondent in held.case.controllers}
    known = next((it for it in here.controllers if it["id"] == form["id"]), None)
    if entity.key not in ids:
        if known is not None:
            faults.add((*way, "id"), "is another controller in this case here")
        return
    if known is None:
        named = ids[entity.key]
        faults.add((*way, "id"), f"is in this case here already{f' as {fit(named)}' if named else ''}")
        return
    keys = ("brand", "note", *_DESK_RESPONDENT)
    said = {key: form[key] for key in keys if key in form}
    _compare(said, {key: known[key] for key in keys if key in known}, way, faults, desk=_DESK_RESPONDENT)


def complainants(it: Campaign, here: Campaign, faults: Faults) -> None:
    """Compare the complainants that are there already."""
    known = {each["pseudonym"]: each for each in here.complainants}
    for place, each in enumerate(it.complainants):
        if each["pseudonym"] in known:
            way = (*it.way, "complainants", place)
            _compare(each, known[each["pseudonym"]], way, faults, desk=_DESK_PERSON)


def filings(one: "Planned", here: Campaign, faults: Faults) -> None:
    """Compare the filings that are there already, and refuse a new one that lies there under another id."""
    it = one.campaign
    known = {each["id"]: each for each in here.filings}
    lodged = {(each.get("authority"), each.get("complainant")): each["id"] for each in here.filings}
    numbers = {one.held.filing_keys[it.id]: it.number for it in one.held.case.filings} if one.held else {}
    beside = ("id", "number", "references")
    for place, each in enumerate(it.filings):
        way = (*it.way, "filings", place)
        mine = known.get(each["id"])
        if mine is None:
            other = lodged.get((each.get("authority"), each.get("complainant")))
            if other and each.get("authority") and each.get("complainant"):
                faults.add((*way, "complainant"), f"has a filing at this authority already: {fit(other)}")
            continue
        number = numbers[each["id"]]
        if each.get("number", number) != number:
            faults.add((*way, "references", "ngo"), f"differs from what is here: '{number}'")
        said = {key: value for key, value in each.items() if key not in beside}
        here_said = {key: value for key, value in mine.items() if key not in beside}
        _compare(said, here_said, way, faults, desk=_DESK_FILING)
        _references(each["references"], mine["references"], (*way, "references"), faults)


def event(form: Form, known: Form, number: int, way: Way, faults: Faults) -> None:
    """Compare an event with the entry of the protocol that it is."""
    text = f"is entry {number} of the case here"
    said, here = _spread(form), _spread(known)
    left = {it for it in said.keys() | here.keys() if it[0] not in left_open(form)}
    for key in sorted(left):
        if key[0] not in ("filings", "corrects", "date", *MARKS) and said.get(key) != here.get(key):
            faults.add((*way, *key), f"differs from what is here ({text}): {shown(here.get(key))}")


def _spread(event: Form) -> dict[tuple[str, ...], Any]:
    """Return what an event says, each by its key; what it says of a deadline by the keys of that."""
    said: dict[tuple[str, ...], Any] = {(key,): value for key, value in event.items() if key != "deadline"}
    return said | {("deadline", key): value for key, value in event.get("deadline", {}).items()}


def _references(said: Iterable[Any], known: Iterable[Any], way: Way, faults: Faults) -> None:
    """Compare references: each one of the file has to be here; the desk may know more."""
    here = list(known)
    for owner, value in said:
        if (owner, value) not in here:
            others = ", ".join(each for name, each in here if name == owner) or None
            faults.add((*way, owner), f"differs from what is here: {shown(others)}")


def _compare(
    said: Mapping[str, Any], known: Mapping[str, Any], way: Way, faults: Faults, *, desk: Iterable[str]
) -> None:
    for key in sorted(said.keys() | known.keys()):
        if key in desk and key not in said:
            continue
        if key in EXTRA_KEYS:
            one, other = said.get(key, _NOTHING), known.get(key, _NOTHING)
        else:
            one, other = said.get(key), known.get(key)
        if one != other:
            here = shown(None if other is _NOTHING else other)
            faults.add((*way, *key.split(".")), f"differs from what is here: {here}")
