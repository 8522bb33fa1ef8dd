"""Files of cases taken in: all of a file or nothing; the same file twice changes nothing.

Nothing of an import is public by itself.
"""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from tracker import clock
from tracker.db import db, new_id
from tracker.errors import NotFound
from tracker.models import Authority, Import, ImportedItem
from tracker.reference import tables
from tracker.rules.access import Actor
from tracker.services import import_decisions_plan, import_decisions_writing, journal
from tracker.services.import_checks import Opened, World, campaigns_of, open_file, remarks
from tracker.services.import_decisions_forms import beside
from tracker.services.import_plan import Planned, plan
from tracker.services.import_writing import Written, write

__all__ = [
    "ImportReport",
    "Item",
    "TakenIn",
    "counted",
    "import_file",
    "imported_items",
    "imports",
    "open_file",
]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file brought, or would bring: new items by kind, and how many items were there already.

    `added` are controllers that are known from elsewhere and new in a case, `sources` are controllers of the
    desk about which a source says something for the first time. `decisions` are those of which the file says
    more than its events. `numbers` are the cases that got anything, `lines` say it to a person.
    """

    cases: int
    controllers: int
    filings: int
    updates: int
    complainants: int
    added: int
    sources: int
    proceedings: int
    decisions: int
    hearings: int
    unchanged: int
    numbers: tuple[str, ...]
    lines: tuple[str, ...]


def import_file(
    source: Opened | Path | str | bytes, name: str, *, by: Actor, dry_run: bool = False
) -> ImportReport:
    """Take in a file of cases (docs/import.md) and return what it brought; store nothing with `dry_run`.

    `source` is the path of the file, its content, or a file that `open_file` has read before the store was
    locked; JSON where `name` ends in .json, else YAML. Raises BadFile with a line FILE: ID: FIELD: text for
    everything that is wrong, and for every item that is here already with other content.
    """
    opened = source if isinstance(source, Opened) else open_file(source, name)
    with _few_collections():
        return _take_in(opened, by=by, dry_run=dry_run)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let the garbage collector look seldom: an import makes many objects that all stay to its end."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _take_in(opened: Opened, *, by: Actor, dry_run: bool) -> ImportReport:
    directory = db.session.execute(sa.select(Authority.slug, Authority.country))
    world = World({row.slug: row.country for row in directory}, clock.today())
    campaigns = campaigns_of(opened, world)
    said = beside(opened.data, campaigns, world, opened.faults)
    opened.faults.refuse()
    planned, entities = plan(campaigns, opened.faults)
    further = import_decisions_plan.plan(said, planned, opened.faults)
    fresh = {it.key for it in entities.fresh}
    lines = [_line(it) for it in planned]
    for it in campaigns:
        lines += remarks(it, world, {**tables.event_kinds(), **tables.steps()})
    report = ImportReport(
        cases=sum(it.held is None for it in planned),
        controllers=len(fresh),
        filings=sum(len(it.filings) for it in planned),
        updates=sum(len(it.events) for it in planned),
        complainants=sum(len(it.complainants) for it in planned),
        added=sum(it.entities[form["id"]].key not in fresh for it in planned for form in it.controllers),
        sources=sum(len(it.learning) for it in planned),
        proceedings=len(further.proceedings),
        decisions=len(further.decisions),
        hearings=len(further.hearings),
        unchanged=sum(it.unchanged for it in planned) + further.unchanged,
        numbers=tuple(it.number for it in planned if it.brings),
        lines=tuple(lines),
    )
    if not dry_run and (report.numbers or further.brings):
        written = write(planned, entities.fresh, world.authorities, by=by)
        besides = import_decisions_writing.write(further, planned, written, by=by)
        taken = Import(name=opened.faults.name, sha256=opened.sha256, at=clock.now(), actor=by.key)
        _note(written, besides, fresh, taken, by=by)
    return report


def _line(it: Planned) -> str:
    """Return one line for a person about a campaign: "C081 meta-ai: new, with 1 controller, 11 filings"."""
    counts = (
        (len(it.controllers), "controller"),
        (len(it.complainants), "complainant"),
        (len(it.filings), "filing"),
        (len(it.events), "event"),
        (len(it.learning), "source of a controller"),
    )
    parts = [counted(count, what) for count, what in counts if count]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    begin = f"{it.number} {it.campaign.id}:"
    if it.held is None:
        return f"{begin} new, with {listed}"
    return f"{begin} {listed} added" if parts else f"{begin} nothing new"


def counted(count: int, what: str) -> str:
    """Return a count in words: "1 filing", "2 sources of a controller"."""
    first, *rest = what.split(" of ", 1)
    return " of ".join([f"{count:,} {first}{'' if count == 1 else 's'}", *rest])


def _note(
    written: Sequence[Written],
    besides: Sequence[tuple[str, str, str]],
    fresh: Set[int],
    taken: Import,
    *,
    by: Actor,
) -> None:
    """Write down what the file brought: one line in the journal for it and one per case, and every item."""
    db.session.add(taken)
    db.session.flush()
    items: list[dict[str, object]] = []
    listed: set[int] = set()

    def item(kind: str, key: str, number: str) -> None:
        items.append({"id": new_id(), "import_id": taken.id, "kind": kind, "key": key, "number": number})

    for it in written:
        one, number = it.planned, it.case.number
        if one.held is None:
            item("case", one.campaign.id, number)
        for form in one.controllers:
            entity = one.entities[form["id"]]
            if entity.key in fresh:
                if entity.key not in listed:
                    item("controller", form["id"], form["legal_entity"])
                listed.add(entity.key)
            else:
                item("known controller", form["id"], f"{number}, {form['legal_entity']}")
        for key in one.learning:
            item("source", key, one.entities[key].said["legal_entity"])
        for form in one.complainants:
            item("complainant", form["pseudonym"], number)
        for own, form in one.filings:
            item("filing", form["id"], own)
        for place, update in zip(one.events, it.updates, strict=True):
            item("event", f"{one.campaign.id}, event {place + 1}", f"{number}, entry {update.number}")
        journal.note(
            "case.import",
            number,
            by=by,
            case_id=it.case.id,
            detail={"import": str(taken.id), "filings": len(one.filings), "updates": len(one.events)},
        )
    for kind, key, number in besides:
        item(kind, key, number)
    db.session.execute(sa.insert(ImportedItem), items)
    journal.note("import.take", str(taken.id), by=by, detail={"file": taken.name, "sha256": taken.sha256})
    db.session.flush()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that was taken in. `number` counts the files from 1; `brought` is how many items by kind."""

    number: int
    name: str
    sha256: str
    at: datetime
    actor: str
    brought: Counter[str]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a file brought: its id in the file, and its number or name here."""

    kind: str
    key: str
    number: str


def imports() -> list[TakenIn]:
    """Return the files that brought anything, in the order in which they were taken in."""
    brought: dict[int, Counter[str]] = {}
    counted = sa.select(ImportedItem.import_id, ImportedItem.kind, sa.func.count()).group_by(
        ImportedItem.import_id, ImportedItem.kind
    )
    for key, kind, count in db.session.execute(counted):
        brought.setdefault(key, Counter())[kind] = count
    files = db.session.scalars(sa.select(Import).order_by(Import.id))
    return [
        TakenIn(number, it.name, it.sha256, it.at, it.actor, brought.get(it.id, Counter()))
        for number, it in enumerate(files, 1)
    ]


def imported_items(number: int) -> list[Item]:
    """Return what the file with this number brought, in the order of the file. Raises NotFound."""
    key = db.session.scalar(sa.select(Import.id).order_by(Import.id).offset(max(number, 1) - 1).limit(1))
    if key is None or number < 1:
        raise NotFound(f"There is no import {number}.")
    found = db.session.scalars(
        sa.select(ImportedItem).where(ImportedItem.import_id == key).order_by(ImportedItem.id)
    )
    return [Item(it.kind, it.key, it.number) for it in found]
