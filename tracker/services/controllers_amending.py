"""A controller added to the register with all that is known of it, or changed there: its cases are routed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.db import db, new_id
from tracker.errors import NotFound, RuleBroken, Stale, under
from tracker.models import Controller, Establishment
from tracker.reference.names import country_name
from tracker.rules import days
from tracker.rules.access import Actor
from tracker.rules.vocabulary import Answer
from tracker.services import controllers as register
from tracker.services import deadlines, journal, routing
from tracker.services.controllers import NewEstablishment, fold, found_by
from tracker.services.controllers_history import names_of, remember
from tracker.services.controllers_statement import (
    CLAIMS,
    Place,
    Representative,
    Statement,
    place_of,
    representatives_of,
    statement_of,
)
from tracker.services.routing import Anew
from tracker.services.routing_anew import Rerouted, tell_cases

#: How far a row of parents is followed: none is that long, and a circle is found within it.
GENERATIONS = 20


@dataclass(frozen=True, slots=True)
class SaidPlace:
    """An establishment as somebody states it.

    `begins`: the answers are so from that day on, and were as the register has them until the day before;
    None, they always were. The first day of `said` is then that of the spell which ends. `mistake`: it never
    was there.
    """

    said: Place
    begins: date | None = None
    mistake: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A controller as somebody states it: `statement` without establishments, and these.

    `none` tells what it means if there is no establishment: NO, there is none in the EEA; else UNKNOWN.
    `mistakes`: which of its representatives never were there, counted from 0. They are not left out of the
    statement, so that a refusal of another one is counted as it was typed.
    """

    statement: Statement
    places: tuple[SaidPlace, ...] = ()
    none: Answer = Answer.UNKNOWN
    mistakes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Amended:
    """What came of a change: whether there was one, the new routes, and the cases to which they belong."""

    controller: Controller
    changed: bool
    anew: tuple[Anew, ...] = ()
    rerouted: tuple[Rerouted, ...] = ()
    #: Filings whose lead or reason is another now, by number.
    differing: tuple[str, ...] = field(default=())


def get_register(key: int) -> Controller:
    """Return a controller with its establishments and its parent. Raises NotFound."""
    query = (
        sa.select(Controller)
        .where(Controller.id == key)
        .options(selectinload(Controller.establishments), joinedload(Controller.parent))
        .execution_options(populate_existing=True)
    )
    found: Controller | None = db.session.scalar(query)
    if found is None:
        raise NotFound("There is no such controller.")
    return found


def said_of(it: Controller) -> Statement:
    """Return what the register says of a controller that `get_register` returned."""
    return statement_of(it, it.parent.name if it.parent else None)


def add_to_register(said: Said, *, by: Actor, why: str | None = None) -> Controller:
    """Add a controller with all that is said of it and return it.

    Raises RuleBroken where the register has it, and for what cannot be.
    """
    _check_name(said.statement, None)
    it = Controller(
        name=said.statement.name,
        establishments_known=Answer.UNKNOWN,
        main_establishment_said=None,
        verified=None,
        establishments=[],
    )
    db.session.add(it)
    _write(it, said, by=by)
    journal.note("controller.add", it.name, by=by)
    remember([it], by=by, why=why, new=True)
    return it


def amend_controller(key: int, said: Said, *, seen: str, by: Actor, why: str | None = None) -> Amended:
    """Change what the register says of a controller, and route every filing against it again.

    `seen` is the mark of the statement that was shown. Nothing is kept where nothing is another. Raises Stale
    when somebody else changed it since, RuleBroken for what cannot be.
    """
    it = get_register(key)
    before = said_of(it)
    if before.mark() != seen:
        raise Stale("Somebody else changed this controller while you were writing.", theirs=[before])
    _check_name(said.statement, key)
    _write(it, said, by=by)
    db.session.flush()
    parents = names_of({it.parent_id}) if it.parent_id else {}
    if statement_of(it, parents.get(it.parent_id or 0)) == before:
        return Amended(it, changed=False)
    journal.note("controller.amend", it.name, by=by)
    remember([it], by=by, why=why)
    anew = routing.route_cases_against({key})
    deadlines.recompute({it.after.filing_id for it in anew}, why="another route", by=by)
    told = tell_cases(anew, because_of={"controller": str(it.id)}, by=by)
    return Amended(it, True, tuple(anew), told.cases, told.differing)


def _check_name(said: Statement, key: int | None) -> None:
    twin = sa.select(Controller).where(
        Controller.folded == fold(said.name), Controller.country.is_not_distinct_from(said.country)
    )
    for it in db.session.scalars(twin):
        if it.id != key:
            seat = country_name(it.country) if it.country else "a seat that is not known"
            raise RuleBroken(
                f"{it.name}, with {seat}, is in the register already: change that one.", field="name"
            )


def _write(it: Controller, said: Said, *, by: Actor) -> None:
    new = said.statement
    it.name, it.folded, it.country = new.name, fold(new.name), new.country
    it.group_name, it.website, it.address, it.note = new.group, new.website, new.address, new.note
    it.brands, it.categories = list(new.brands) or None, list(new.categories) or None
    it.targets_eea, it.decided_outside_eea = new.targets_eea, new.decided_outside_eea
    it.searched = found_by(new.brands, new.website, new.group)
    it.parent_id = new.parent
    it.parent_said = None if new.parent else new.parent_name
    _check_parent(it.id, new.parent)
    it.representatives = _representatives(said, representatives_of(it))
    _write_places(it, said.places, by=by)
    it.establishments_known = Answer.YES if it.establishments else said.none


def _check_parent(key: int, parent: int | None) -> None:
    """Refuse a company as its own parent, also by way of others."""
    for _ in range(GENERATIONS):
        if parent is None:
            return
        if parent == key:
            raise RuleBroken(
                "A company does not belong to itself, nor to one that belongs to it.", field="parent"
            )
        parent = db.session.scalar(sa.select(Controller.parent_id).where(Controller.id == parent))


def _representatives(said: Said, before: Sequence[Representative]) -> list[dict[str, object]] | None:
    kept = []
    for number, it in enumerate(said.statement.representatives):
        if number in said.mistakes:
            continue
        with under(f"representatives-{number}"):
            if it not in before:
                instead = "Art 27 asks for a representative in the EEA"
                register.check_presence(it.place, it.since, it.until, instead)
            kept.append(replace(it, key=it.key or new_id()).to_json())
    return kept or None


def _write_places(it: Controller, places: Sequence[SaidPlace], *, by: Actor) -> None:
    rows = {row.id: row for row in it.establishments}
    written: list[tuple[int, Establishment]] = []
    for number, each in enumerate(places):
        with under(f"establishments-{number}"):
            row = rows.get(each.said.key or 0)
            if each.said.key and row is None:
                raise RuleBroken("This establishment is not in the register any more.", field="place")
            if each.mistake:
                if each.begins:
                    raise RuleBroken(
                        "It cannot both have been entered by mistake and have other answers from a day on: "
                        "say one of the two.",
                        field="begins",
                    )
                if row is not None:
                    it.establishments.remove(row)
                    db.session.delete(row)
                continue
            if row is not None and not each.begins and place_of(row).said() == each.said.said():
                # What stands there stays, also what a file brought and nobody could type.
                continue
            new = NewEstablishment(each.said.place, each.said.since, until=each.said.until)
            register.check_establishment(new)
            if row is None:
                _check_not_moved(each)
                row = Establishment(controller_id=it.id, origin="")
                it.establishments.append(row)
            elif each.begins:
                if row.since != each.said.since:
                    written.append((number, row))
                row = _end_and_begin(it, row, each, by=by)
            _fill(row, replace(each.said, since=each.begins) if each.begins else each.said, by=by)
            written.append((number, row))
    register.check_head_offices(it.establishments, written)


def _check_not_moved(each: SaidPlace) -> None:
    if each.begins:
        raise RuleBroken("This row is new: give the day as its first day instead.", field="begins")


def _end_and_begin(it: Controller, row: Establishment, each: SaidPlace, *, by: Actor) -> Establishment:
    """End a row the day before its answers change, and return the one that begins then.

    The old one keeps what it said, but for a first day that was typed too: the new one has its own.
    Raises RuleBroken where the day cannot be that of a change.
    """
    begins, said, before = each.begins, each.said, place_of(row)
    if begins is None:
        return row
    if begins > clock.today():
        raise RuleBroken(f"{days.words(begins)} has not come yet.", field="begins")
    if said.place == before.place and all(getattr(said, it) is getattr(before, it) for it in CLAIMS):
        raise RuleBroken(
            "None of the answers above is another from that day on: change one, or empty the day.",
            field="begins",
        )
    if said.since and begins <= said.since:
        raise RuleBroken(
            f"It is there since {days.words(said.since)}, so nothing was otherwise before: empty the day.",
            field="begins",
        )
    if said.until and begins > said.until:
        raise RuleBroken(f"It was there until {days.words(said.until)} only.", field="begins")
    if row.since != said.since:
        row.since, row.origin = said.since, _origin(row, by)
    row.until = begins - timedelta(days=1)
    later = Establishment(controller_id=it.id, origin="")
    it.establishments.append(later)
    return later


def _fill(row: Establishment, said: Place, *, by: Actor) -> None:
    row.place, row.since, row.until = said.place, said.since, said.until
    for name in CLAIMS:
        setattr(row, name, getattr(said, name))
    row.evidence = {name: it for name, it in said.evidence.items() if it} or None
    row.origin = _origin(row, by)


def _origin(row: Establishment, by: Actor) -> str:
    return f"{'corrected' if row.origin else 'stated'} by {by.name}"


def parent_named(typed: str, shown: int | None = None) -> tuple[int | None, str | None]:
    """Return key and name of the parent that somebody typed; no key where the register does not have it.

    `shown` is the key of the one that the form showed: of several of that name it is meant. Raises RuleBroken
    where there are several and none of them was shown.
    """
    if not typed:
        return None, None
    name, _, seat = typed.removesuffix(")").rpartition(" (")
    query = sa.select(Controller.id, Controller.name, Controller.country)
    found = db.session.execute(query.where(Controller.folded == fold(typed))).all()
    if not found and name:
        found = [
            it
            for it in db.session.execute(query.where(Controller.folded == fold(name)))
            if it.country and fold(seat) in (fold(it.country), fold(country_name(it.country)))
        ]
    if len(found) > 1:
        found = [it for it in found if it.id == shown] or found
    if len(found) > 1:
        seats = ", ".join(sorted(country_name(it.country) if it.country else "not known" for it in found))
        raise RuleBroken(
            f"There are {len(found)} controllers called {found[0].name}, with seats in {seats}: write the "
            f"seat behind the name, such as {found[0].name} ({country_name(found[0].country or 'IE')}).",
            field="parent",
        )
    return (found[0].id, found[0].name) if found else (None, typed)
