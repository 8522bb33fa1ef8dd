"""Files of controllers taken into the register: all of a file or nothing, and nobody twice.

A row is the controller that had its slug before; else the one of its name and seat; else a new one. What the
register knows already stays: a file fills in what is not known, and what it says otherwise is told.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.db import db, new_id
from tracker.errors import BadFile
from tracker.models import Controller, ControllerKey, ControllerRevision, Import, ImportedItem
from tracker.reference import controllers_file
from tracker.reference.controllers_file import Row
from tracker.rules.access import Actor
from tracker.rules.text import shown
from tracker.rules.vocabulary import Answer
from tracker.services import journal
from tracker.services.controllers import fold, found_by
from tracker.services.controllers_alike import Alike, One, alike, bare_address, bare_website
from tracker.services.controllers_history import remember
from tracker.services.controllers_statement import Statement

#: Keys in one list of a statement.
AT_ONCE = 10_000
#: What a row says beside its name.
TEXTS, LISTS = ("country", "website", "address"), ("brands", "categories")
LEAVE_OUT = 0

Values = dict[str, Any]


@dataclass(slots=True)
class Target:
    """A controller to which rows of the file belong: what it will say, and what of that is new."""

    id: int
    name: str
    said: Values
    #: None for one that is new.
    row: Controller | None
    rows: list[Row] = field(default_factory=list)
    filled: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do to the register.

    `new` and `known` are the controllers that it adds and completes or gives a name in the file; `unchanged`
    counts rows that bring nothing, `left_out` those that somebody chose to leave out. `told` says row by row
    what stays otherwise than the file has it. `mark` is another one for another file, and where a row would
    belong to somebody else by itself, because the register was changed.
    """

    name: str
    sha256: str
    rows: int
    new: tuple[Target, ...]
    known: tuple[Target, ...]
    keys: tuple[tuple[str, int, Mapping[str, str]], ...]
    unchanged: int
    left_out: int
    told: tuple[str, ...]
    alike: tuple[Alike, ...]
    mark: str

    @property
    def brings(self) -> bool:
        """Return whether there is anything to take in."""
        return bool(self.keys)

    @property
    def further(self) -> int:
        """Return how many rows are of a new controller that another row names too."""
        return sum(len(it.rows) for it in self.new) - len(self.new)

    @property
    def filled(self) -> int:
        """Return of how many controllers of the register the file completes what is known."""
        return sum(bool(it.filled) for it in self.known)


def plan(content: bytes, name: str, choices: Mapping[str, int] | None = None) -> Plan:
    """Return what a file would do; stores nothing.

    `choices`: slug -> the controller of the register that the row is, or LEAVE_OUT. Raises BadFile with one
    line for each thing that is wrong with the file, and for a choice that cannot be.
    """
    rows = controllers_file.read(content, name)
    choices = choices or {}
    held = _Held(rows)
    faults = [
        f"{name}: {shown(it)} is no slug of the file." for it in choices.keys() - {r.slug for r in rows}
    ]
    faults += [
        f"{name}: {shown(slug)} cannot be controller {key}: the register has no such one."
        for slug, key in choices.items()
        if key != LEAVE_OUT and key not in held.by_id
    ]
    if faults:
        raise BadFile(sorted(faults))
    by_itself = held.by_itself(rows)
    told: list[str] = []
    keys, unchanged, left_out = [], 0, 0
    for row in rows:
        told += [f"line {row.line}: {it}" for it in row.doubts]
        choice = choices.get(row.slug)
        if choice == LEAVE_OUT:
            left_out += 1
            continue
        before = held.keys.get(row.slug)
        if before is not None and before.said == row.said:
            unchanged += 1
            continue
        target = held.find(row, choice)
        told += [f"line {row.line}: {it}" for it in _complete(target, row)]
        keys.append((row.slug, target.id, row.said))
    touched = held.touched()
    return Plan(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        rows=len(rows),
        new=tuple(it for it in touched if it.row is None),
        known=tuple(it for it in touched if it.row is not None),
        keys=tuple(keys),
        unchanged=unchanged,
        left_out=left_out,
        told=tuple(told),
        alike=tuple(alike(held.everybody())),
        mark=hashlib.sha256(repr((content, by_itself)).encode()).hexdigest()[:32],
    )


class _Held:
    """The register, as far as rows of a file may be in it."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.keys = {it.slug: it for it in _keys([row.slug for row in rows])}
        self.by_id: dict[int, One] = {}
        self.by_name: dict[tuple[str, str | None], int] = {}
        of = Controller
        everybody = sa.select(of.id, of.folded, of.name, of.country, of.website, of.address)
        for it in db.session.execute(everybody.order_by(of.id)):
            self.by_id[it.id] = One(it.id, (), None, it.name, it.country, it.website, it.address)
            self.by_name.setdefault((it.folded, it.country), it.id)
        self._targets: dict[int, Target] = {}
        self._rows = _controllers(self._wanted(rows))

    def _wanted(self, rows: Sequence[Row]) -> set[int]:
        """Return the keys of the controllers to which a row that is new or changed belongs by itself."""
        wanted = set()
        for row in rows:
            before = self.keys.get(row.slug)
            if before is None:
                wanted.add(self._named(row) or 0)
            elif before.said != row.said:
                wanted.add(before.controller_id)
        return wanted - {0}

    def _named(self, row: Row) -> int | None:
        folded = fold(row.name)
        # One whose seat nobody knows yet is taken for the one of the file, which knows it.
        return self.by_name.get((folded, row.country)) or self.by_name.get((folded, None))

    def by_itself(self, rows: Sequence[Row]) -> list[tuple[int | None, bool]]:
        """Return for each row the controller of the register that it is, and whether it is there as it is."""
        found = []
        for row in rows:
            before = self.keys.get(row.slug)
            if before is None:
                found.append((self._named(row), False))
            else:
                found.append((before.controller_id, before.said == row.said))
        return found

    def find(self, row: Row, choice: int | None) -> Target:
        """Return to whom a row belongs."""
        before = self.keys.get(row.slug)
        key = before.controller_id if before is not None else choice or self._named(row)
        if key is None:
            key = new_id()
            self.by_name[fold(row.name), row.country] = key
            said: Values = {"country": row.country, "website": None, "address": None}
            self._targets[key] = Target(key, row.name, said | {"brands": [], "categories": []}, None)
        elif key not in self._targets:
            self._targets[key] = _target(self._rows.get(key) or _controllers({key})[key])
        self._targets[key].rows.append(row)
        return self._targets[key]

    def touched(self) -> list[Target]:
        """Return the controllers to which a row belongs that brings anything."""
        return list(self._targets.values())

    def everybody(self) -> Iterable[One]:
        """Return the register, and who is new, with the lines of those who are."""
        yield from self.by_id.values()
        for it in self._targets.values():
            if it.row is None:
                lines = tuple(row.line for row in it.rows)
                of = it.said
                yield One(it.id, lines, it.rows[0].slug, it.name, of["country"], of["website"], of["address"])


def _keys(slugs: Sequence[str]) -> Iterable[ControllerKey]:
    for start in range(0, len(slugs), AT_ONCE):
        some = ControllerKey.slug.in_(slugs[start : start + AT_ONCE])
        yield from db.session.scalars(sa.select(ControllerKey).where(some))


def _controllers(keys: Iterable[int]) -> dict[int, Controller]:
    wanted = sorted(keys)
    found: dict[int, Controller] = {}
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            sa.select(Controller)
            .where(Controller.id.in_(wanted[start : start + AT_ONCE]))
            .options(selectinload(Controller.establishments), joinedload(Controller.parent))
        )
        found |= {it.id: it for it in db.session.scalars(query)}
    return found


def _target(it: Controller) -> Target:
    said: Values = {name: getattr(it, name) for name in TEXTS}
    return Target(it.id, it.name, said | {name: list(getattr(it, name) or ()) for name in LISTS}, it)


def _complete(target: Target, row: Row) -> list[str]:
    """Fill in what is not known of a controller; return in words what the row says otherwise."""
    told = []
    same: Mapping[str, Any] = {"website": bare_website, "address": bare_address, "country": str}
    for name in TEXTS:
        here, there = target.said[name], getattr(row, name)
        if there and not here:
            target.said[name] = there
            target.filled.add(name)
        elif there and same[name](here) != same[name](there):
            told.append(f"{name}: {_short(there)} is not taken over: {target.name} has {_short(here)}")
    if fold(row.name) != fold(target.name):
        told.append(f"name: {_short(row.name)} is not taken over: it is {target.name} here")
    for name in LISTS:
        known = {fold(it) for it in target.said[name]}
        more = [it for it in getattr(row, name) if fold(it) not in known]
        if more:
            target.said[name] += more
            target.filled.add(name)
    return told


def _short(text: str) -> str:
    return shown(", ".join(text.split("\n")), limit=80)


def take_in(planned: Plan, *, by: Actor) -> None:
    """Do what was planned, in the transaction in which it was planned."""
    if not planned.brings:
        return
    now = clock.now()
    for it in planned.known:
        if it.row is not None and it.filled:
            for name in it.filled:
                setattr(it.row, name, it.said[name])
            it.row.searched = found_by(it.row.brands, it.row.website, it.row.group_name)
    why = f"Taken in from {planned.name}."
    remember([it.row for it in planned.known if it.row is not None and it.filled], by=by, why=why)
    new = [(it, _statement(it)) for it in planned.new]
    _insert(Controller, [_values(it, said) for it, said in new])
    revision = {"number": 1, "at": now, "actor": by.key, "why": why}
    _insert(
        ControllerRevision,
        [{"id": new_id(), "controller_id": it.id, "said": said.to_json(), **revision} for it, said in new],
    )
    before = {it.slug: it for it in _keys([slug for slug, _, _ in planned.keys])}
    for slug, _, said in planned.keys:
        if slug in before:
            before[slug].said = dict(said)
    fresh = [it for it in planned.keys if it[0] not in before]
    _insert(
        ControllerKey,
        [
            {"id": new_id(), "slug": slug, "controller_id": key, "said": dict(said)}
            for slug, key, said in fresh
        ],
    )
    taken = Import(name=planned.name, sha256=planned.sha256, at=now, actor=by.key)
    db.session.add(taken)
    db.session.flush()
    items = [
        {"id": new_id(), "import_id": taken.id, "kind": kind, "key": row.slug, "number": it.name}
        for kind, those in (("controller", planned.new), ("known controller", planned.known))
        for it in those
        for row in (it.rows[:1] if kind == "controller" else it.rows)
    ]
    _insert(ImportedItem, items)
    journal.note("import.take", str(taken.id), by=by, detail={"file": planned.name, "sha256": planned.sha256})


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.insert(model.__table__), rows)


def _statement(it: Target) -> Statement:
    return Statement(
        name=it.name,
        country=it.said["country"],
        website=it.said["website"],
        address=it.said["address"],
        brands=tuple(it.said["brands"]),
        categories=tuple(it.said["categories"]),
    )


def _values(it: Target, said: Statement) -> dict[str, Any]:
    """Return the row of a new controller: a seat in the EEA does not say what is decided there."""
    return {
        "id": it.id,
        "name": said.name,
        "folded": fold(said.name),
        "country": said.country,
        "main_establishment_said": None,
        "establishments_known": Answer.UNKNOWN,
        "targets_eea": Answer.UNKNOWN,
        "decided_outside_eea": Answer.UNKNOWN,
        "verified": None,
        "website": said.website,
        "note": None,
        "group_name": None,
        "parent_id": None,
        "parent_said": None,
        "brands": list(said.brands) or None,
        "address": said.address,
        "categories": list(said.categories) or None,
        "representatives": None,
        "searched": found_by(said.brands, said.website, None),
    }
