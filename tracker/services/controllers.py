"""Controllers: found again by name, added with their establishments in the EEA."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken, under
from tracker.models import CaseController, Controller, Establishment
from tracker.reference.names import country_name, place_name, spoken_place
from tracker.rules import days
from tracker.rules.access import Actor
from tracker.rules.territory import MEMBERSHIPS, state_of
from tracker.rules.vocabulary import Answer
from tracker.services import journal
from tracker.services.controllers_history import remember


@dataclass(frozen=True, slots=True)
class NewEstablishment:
    """A place of a controller in the EEA, as somebody states it.

    `since` and `until` are inclusive, None is not known and still. Who decides there is said per case: see
    rules.processing.
    """

    place: str
    since: date | None = None
    central: Answer = Answer.UNKNOWN
    until: date | None = None


@dataclass(frozen=True, slots=True)
class NewController:
    """A controller as somebody states it. `establishments` None: not known; empty: none in the EEA."""

    name: str
    country: str | None = None
    establishments: tuple[NewEstablishment, ...] | None = None


#: Names that a field offers while somebody types.
OFFERED = 300
CORRECT_LATER = "Leave this as it is; it can be corrected once the case is open."
ONE_AT_A_TIME = (
    "A company has one head office in the EEA at a time. Where it moved, give the days on the page of the "
    "controllers of a case."
)

#: Letters that Unicode does not take apart into a letter and its accent.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """Return the text as it is compared and searched: no case, no accents, single spaces."""
    # Once more without case: signs such as ™ become capitals only when they are taken apart.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    bare = "".join(it for it in plain if not unicodedata.combining(it))
    return " ".join(bare.translate(_PLAIN).split())


def found_by(brands: Sequence[str] | None, website: str | None, group: str | None) -> str:
    """Return what else than its name finds a controller, folded, one thing on each line."""
    return "\n".join(fold(it) for it in (*(brands or ()), website, group) if it)


def add_controller(new: NewController, *, by: Actor) -> Controller:
    """Record a controller with its establishments and return it.

    Raises RuleBroken when an entity of that name in that country is there already, for two head offices at
    the same time, and for an establishment that `check_establishment` refuses.
    """
    rows: list[Establishment] = []
    for place, it in enumerate(new.establishments or ()):
        with under(f"establishments-{place}"):
            check_establishment(it)
            rows.append(stated(it, by=by))
            check_head_office(rows, rows[-1])
    folded = fold(new.name)
    twin = db.session.scalar(
        sa.select(Controller).where(
            Controller.folded == folded, Controller.country.is_not_distinct_from(new.country)
        )
    )
    if twin is not None:
        raise RuleBroken(f"{twin.name} is in the register already: choose it there.", field="name")
    controller = Controller(
        name=new.name,
        folded=folded,
        country=new.country,
        main_establishment_said=None,
        establishments_known=Answer.UNKNOWN
        if new.establishments is None
        else (Answer.YES if new.establishments else Answer.NO),
        targets_eea=Answer.UNKNOWN,
        decided_outside_eea=Answer.UNKNOWN,
        verified=None,
        website=None,
        note=None,
        searched="",
    )
    controller.establishments = rows
    db.session.add(controller)
    journal.note("controller.add", new.name, by=by)
    remember([controller], by=by, new=True)
    return controller


def check_establishment(it: NewEstablishment) -> None:
    """Refuse an establishment that `check_presence` refuses."""
    check_presence(it.place, it.since, it.until, "name only establishments there")


def check_presence(place: str, since: date | None, until: date | None, instead: str) -> None:
    """Refuse who is not in the EEA, is still to come, or ends before it began: establishment, representative.

    Raises RuleBroken, with `instead` for a state that never took part in the GDPR: as the only one it would
    be taken for "none in the EEA", and nobody said that.
    """
    country = state_of(place)
    if not any(country in each.states for each in MEMBERSHIPS):
        raise RuleBroken(f"{country_name(country)} is not in the EEA: {instead}.", field="place")
    if since and since > clock.today():
        raise RuleBroken(f"{days.words(since)} has not come yet.", field="since")
    if since and until and until < since:
        raise RuleBroken(f"{days.words(until)}, the last day, lies before the first.", field="until")


def check_head_offices(rows: Sequence[Establishment], written: Iterable[tuple[int, Establishment]]) -> None:
    """Refuse what `check_head_office` refuses of rows that were written, each beside its number.

    To be called once all are written: a head office may pass from one place to another in one act.
    """
    for number, row in written:
        with under(f"establishments-{number}"):
            check_head_office(rows, row)


def check_head_office(rows: Sequence[Establishment], row: Establishment) -> None:
    """Refuse a head office while another of the rows is one too, on a day on which both certainly are.

    Where the first day is not known, only the last one is certain; one without a last day is there still.
    Raises RuleBroken: which of the two decides would be anybody's guess, and with it who leads.
    """
    if row.central is not Answer.YES:
        return
    for it in rows:
        if (
            it is not row
            and it.central is Answer.YES
            and _first(it) <= _last(row)
            and _first(row) <= _last(it)
        ):
            raise RuleBroken(f"{place_name(it.place)} is the head office. {ONE_AT_A_TIME}", field="central")


def _first(row: Establishment) -> date:
    return row.since or _last(row)


def _last(row: Establishment) -> date:
    return row.until or date.max


def stated(it: NewEstablishment, *, by: Actor) -> Establishment:
    """Return the row of an establishment that somebody at the desk states; the register does not say who
    decides there."""
    return Establishment(
        place=it.place,
        central=it.central,
        decides=Answer.UNKNOWN,
        implements=Answer.UNKNOWN,
        main_processing=Answer.UNKNOWN,
        since=it.since,
        until=it.until,
        origin=f"stated by {by.name}",
    )


def learn(controller: Controller, said: NewController, *, by: Actor) -> tuple[str, ...]:
    """Take into the register what it does not know yet of a controller; return in words what that was.

    A place that is not there is added, a first day and a head office that are not known are filled in.
    Raises RuleBroken where the register says otherwise: it is corrected on purpose, never in passing.
    """
    if said.establishments is None:
        return ()
    if controller.establishments_known is Answer.NO and said.establishments:
        raise RuleBroken(
            f"The register says that {controller.name} has no establishment in the EEA. "
            "Leave its establishments out; they can be corrected once the case is open.",
            field="establishments-0-place",
        )
    if controller.establishments and not said.establishments:
        raise RuleBroken(
            f"The register has establishments of {controller.name} in the EEA. "
            "Leave them as they are; they can be corrected once the case is open.",
            field="presence",
        )
    rows = {it.place: it for it in sorted(controller.establishments, key=lambda it: it.since or date.min)}
    learned: list[str] = []
    if not said.establishments and controller.establishments_known is Answer.UNKNOWN:
        learned.append("no establishment in the EEA")
    for place, it in enumerate(said.establishments):
        with under(f"establishments-{place}"):
            check_establishment(it)
            row = rows.get(it.place)
            if row is None:
                row = stated(it, by=by)
                controller.establishments.append(row)
                since = [f"since {days.words(it.since)}"] if it.since else []
                new = [place_name(it.place), *since, *_head_office(it.central)]
            else:
                new = _fill(controller, row, it)
            if it.central is Answer.YES and new:
                check_head_office(controller.establishments, row)
        learned += [", ".join(new)] if new else []
    if learned:
        controller.establishments_known = Answer.YES if said.establishments else Answer.NO
        journal.note("controller.amend", controller.name, by=by)
        remember([controller], by=by)
    return tuple(learned)


def _head_office(answer: Answer) -> list[str]:
    return {Answer.YES: ["head office"], Answer.NO: ["not the head office"]}.get(answer, [])


def _fill(controller: Controller, row: Establishment, said: NewEstablishment) -> list[str]:
    """Fill in what is not known of an establishment; return it in words, the place first."""
    where = f"The register says of {controller.name} in {spoken_place(row.place)}"
    if said.since and row.since and said.since != row.since:
        raise RuleBroken(f"{where}: since {days.words(row.since)}. {CORRECT_LATER}", field="since")
    if said.since and row.until and row.until < said.since:
        raise RuleBroken(f"{where}: until {days.words(row.until)}. {CORRECT_LATER}", field="since")
    if Answer.UNKNOWN not in (said.central, row.central) and said.central is not row.central:
        words = "is" if row.central is Answer.YES else "is not"
        raise RuleBroken(f"{where} that it {words} the head office. {CORRECT_LATER}", field="central")
    filled: list[str] = []
    if said.since and row.since is None:
        row.since = said.since
        filled.append(f"since {days.words(said.since)}")
    if said.central is not Answer.UNKNOWN and row.central is Answer.UNKNOWN:
        row.central = said.central
        filled += _head_office(said.central)
    return [place_name(row.place), *filled] if filled else []


def named(name: str, country: str | None) -> Controller | None:
    """Return the controller of that name, with its establishments; None where there is none.

    The name counts without case and accents. Where several entities have it, the seat tells them apart:
    raises RuleBroken if none is given.
    """
    query = (
        sa.select(Controller)
        .where(Controller.folded == fold(name))
        .options(selectinload(Controller.establishments))
        .order_by(Controller.country)
    )
    found = db.session.scalars(query if country is None else query.where(Controller.country == country)).all()
    if len(found) > 1:
        seats = ", ".join(country_name(it.country) if it.country else "not known" for it in found)
        raise RuleBroken(
            f"There are {len(found)} controllers called {found[0].name}, with seats in {seats}: "
            "choose the seat.",
            field="country",
        )
    return found[0] if found else None


def get_controller(key: int) -> Controller:
    """Return a controller with its establishments. Raises NotFound."""
    query = sa.select(Controller).where(Controller.id == key).options(selectinload(Controller.establishments))
    found: Controller | None = db.session.scalar(query)
    if found is None:
        raise NotFound("There is no such controller.")
    return found


def names_offered() -> list[str]:
    """Return the names of the controllers that have a case, each once, for a field that offers them.

    The register may hold thousands: the others are looked up. At most OFFERED, those of the newest cases.
    """
    newest = (
        sa.select(CaseController.controller_id)
        .group_by(CaseController.controller_id)
        .order_by(sa.func.max(CaseController.id).desc())
        .limit(OFFERED)
    )
    query = sa.select(Controller.name).where(Controller.id.in_(newest)).order_by(Controller.folded)
    return list(dict.fromkeys(db.session.scalars(query)))
