"""Which legal entity a controller of a file is: one of the store, one named before in the file, or new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker.db import db, new_id
from tracker.models import CaseController, Controller
from tracker.rules.vocabulary import Answer
from tracker.services.controllers import fold
from tracker.services.controllers_alike import bare_website
from tracker.services.import_forms import (
    Campaign,
    Form,
    controller,
    establishments,
    same_establishments,
)
from tracker.services.import_records import chunks
from tracker.services.import_said import establishments_out
from tracker.services.reading import Faults
from tracker.services.reading_faults import Way, shown

IDENTITY = ("hq_country", "main_establishment_eu", "verified")
#: What nobody needs to be a source for: whoever says it first is believed, also of an entity with a source.
FURTHER = ("website", "targets_eea", "decided_outside_eea")


@dataclass(slots=True)
class Entity:
    """A legal entity: what is known of it, and its row where there is one.

    An entity of the desk is `silent`: no source has said anything about it yet, so the first one that does is
    taken over. `learned` are the values that its row takes over, if it has one.
    """

    key: int
    said: Form
    row: Controller | None
    silent: bool
    learned: Form


class Entities:
    """All legal entities that the controllers of one file may be."""

    def __init__(self, campaigns: Sequence[Campaign]) -> None:
        """Read from the store what the campaigns name, by id or by name."""
        forms = [form for it in campaigns for form in it.controllers]
        self.by_id: dict[str, Entity] = {}
        self.by_name: dict[tuple[str, str | None], Entity] = {}
        self.fresh: list[Entity] = []
        rows: dict[int, Entity] = {}
        for row, key in _named(forms):
            it = rows.get(row.id) or rows.setdefault(row.id, _of_row(row))
            if key is not None:
                self.by_id[key] = it
                it.silent = False
            self.by_name.setdefault((row.folded, row.country), it)

    def find(self, form: Form, way: Way, faults: Faults) -> Entity:
        """Return the entity that a controller of the file is; a new one where it is none of the known.

        Adds a fault for every field in which it differs from what is known of that entity.
        """
        name = (fold(form["legal_entity"]), form.get("hq_country"))
        it = self.by_id.get(form["id"]) or self.by_name.get(name)
        if it is None:
            it = Entity(new_id(), dict(form), None, False, {})
            self.fresh.append(it)
            self.by_name[name] = it
        else:
            self._compare(form, it, way, faults)
        self.by_id.setdefault(form["id"], it)
        return it

    def _compare(self, form: Form, it: Entity, way: Way, faults: Faults) -> None:
        known = it.said
        if fold(form["legal_entity"]) != fold(known["legal_entity"]):
            _differs(faults, (*way, "legal_entity"), known["legal_entity"])
        for key in IDENTITY:
            if key not in form or form[key] == known.get(key):
                continue
            # With a seat that another entity of its name has there would be two of one: somebody has to say.
            twin = self.by_name.get((fold(known["legal_entity"]), form[key])) if key == "hq_country" else None
            if it.silent and known.get(key) is None and twin is None:
                it.learned[key] = known[key] = form[key]
            else:
                _differs(faults, (*way, key), known.get(key))
        for key in FURTHER:
            if key not in form:
                continue
            if known.get(key) is None:
                it.learned[key] = known[key] = form[key]
            elif not _same(key, form[key], known[key]):
                _differs(faults, (*way, key), known[key])
        if it.silent and known.get("establishments", ()) is None and establishments(form)[0]:
            # Nobody had said where it is: the register learns it, and every case against it.
            it.learned["establishments"] = form
            known["establishments"] = establishments(form)[0]
        elif "establishments" in form and not same_establishments(form, known):
            faults.add((*way, "establishments"), "are others than those of this controller here")


def _same(key: str, one: str, other: str) -> bool:
    return bare_website(one) == bare_website(other) if key == "website" else one == other


def _differs(faults: Faults, way: Way, known: Any) -> None:
    faults.add(way, f"differs from what is here for the same controller: {shown(known)}")


def _named(forms: Iterable[Form]) -> Iterable[tuple[Controller, str | None]]:
    """Yield the controllers of the store that have one of the ids, with it, or one of the names."""
    query = sa.select(Controller).options(selectinload(Controller.establishments))
    forms = list(forms)
    for part in chunks({form["id"] for form in forms}):
        keyed = query.add_columns(CaseController.key).join(
            CaseController, CaseController.controller_id == Controller.id
        )
        for row, key in db.session.execute(keyed.where(CaseController.key.in_(part))):
            yield row, key
    for part in chunks({fold(form["legal_entity"]) for form in forms}):
        for row in db.session.scalars(query.where(Controller.folded.in_(part))):
            yield row, None


def _of_row(it: Controller) -> Entity:
    said: Form = {
        "id": "",
        "legal_entity": it.name,
        "hq_country": it.country,
        "main_establishment_eu": it.main_establishment_said,
        "verified": it.verified,
        "website": it.website,
        "targets_eea": it.targets_eea.value,
        "decided_outside_eea": it.decided_outside_eea.value,
        "establishments": establishments_out(it),
    }
    if not said["establishments"] and it.establishments_known is not Answer.NO:
        said["establishments"] = None
    silent = it.verified is None and it.main_establishment_said is None
    return Entity(it.id, controller(said, (), Faults("store")), it, silent, {})
