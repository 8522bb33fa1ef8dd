"""Controllers: found again by name, added with their establishments in the EEA."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import Controller, Establishment
from tracker.reference.names import country_name, place_name
from tracker.rules import days
from tracker.rules.access import Actor
from tracker.rules.territory import MEMBERSHIPS, state_of
from tracker.rules.vocabulary import Answer
from tracker.services import journal


@dataclass(frozen=True, slots=True)
class NewEstablishment:
    """A place of a controller in the EEA, as somebody states it. `since` is inclusive, None is not known.

    Who decides there is said per case: see rules.processing.
    """

    place: str
    since: date | None = None
    central: Answer = Answer.UNKNOWN


@dataclass(frozen=True, slots=True)
class NewController:
    """A controller as somebody states it. `establishments` None: not known; empty: none in the EEA."""

    name: str
    country: str | None = None
    establishments: tuple[NewEstablishment, ...] | None = None


CORRECT_LATER = "Leave this as it is; it can be corrected once the case is open."

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


def add_controller(new: NewController, *, by: Actor) -> Controller:
    """Record a controller with its establishments and return it.

    Raises RuleBroken when an entity of that name in that country is there already, and for an establishment
    that `check_establishment` refuses.
    """
    for it in new.establishments or ():
        check_establishment(it)
    folded = fold(new.name)
    twin = db.session.scalar(
        sa.select(Controller).where(
            Controller.folded == folded, Controller.country.is_not_distinct_from(new.country)
        )
    )
    if twin is not None:
        raise RuleBroken(f"{twin.name} is in the register already: choose it there.", field="controllers")
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
    )
    controller.establishments = [stated(it, by=by) for it in new.establishments or ()]
    db.session.add(controller)
    journal.note("controller.add", new.name, by=by)
    return controller


def check_establishment(it: NewEstablishment) -> None:
    """Refuse an establishment that is none in the EEA, or that is still to come.

    Raises RuleBroken for a state that never took part in the GDPR: as the only one it would be taken for
    "none in the EEA", and nobody said that.
    """
    country = state_of(it.place)
    if not any(country in each.states for each in MEMBERSHIPS):
        raise RuleBroken(
            f"{country_name(country)} is not in the EEA: name only establishments there.",
            field="controllers",
        )
    if it.since and it.since > clock.today():
        raise RuleBroken(f"{days.words(it.since)} has not come yet.", field="controllers")


def stated(it: NewEstablishment, *, by: Actor) -> Establishment:
    """Return the row of an establishment that somebody at the desk states; the register does not say who
    decides there."""
    return Establishment(
        place=it.place,
        central=it.central,
        decides=Answer.UNKNOWN,
        implements=Answer.UNKNOWN,
        since=it.since,
        until=None,
        origin=f"stated by {by.name}",
    )


def learn(controller: Controller, said: NewController, *, by: Actor) -> bool:
    """Take into the register what it does not know yet of a controller; return whether that was anything.

    A place that is not there is added, a first day and a head office that are not known are filled in.
    Raises RuleBroken where the register says otherwise: it is corrected on purpose, never in passing.
    """
    if said.establishments is None:
        return False
    if controller.establishments_known is Answer.NO and said.establishments:
        raise RuleBroken(
            f"The register says that {controller.name} has no establishment in the EEA. "
            "Leave its establishments out; they can be corrected once the case is open.",
            field="controllers",
        )
    if controller.establishments and not said.establishments:
        raise RuleBroken(
            f"The register has establishments of {controller.name} in the EEA. "
            "Leave them as they are; they can be corrected once the case is open.",
            field="controllers",
        )
    rows = {it.place: it for it in sorted(controller.establishments, key=lambda it: it.since or date.min)}
    learned = not said.establishments and controller.establishments_known is Answer.UNKNOWN
    for it in said.establishments:
        check_establishment(it)
        row = rows.get(it.place)
        if row is None:
            controller.establishments.append(stated(it, by=by))
            learned = True
        else:
            learned = _fill(controller, row, it) or learned
    if learned:
        controller.establishments_known = Answer.YES if said.establishments else Answer.NO
        journal.note("controller.amend", controller.name, by=by)
    return learned


def _fill(controller: Controller, row: Establishment, said: NewEstablishment) -> bool:
    where = f"The register says of {controller.name} in {place_name(row.place)}"
    if said.since and row.since and said.since != row.since:
        raise RuleBroken(f"{where}: since {days.words(row.since)}. {CORRECT_LATER}", field="controllers")
    if Answer.UNKNOWN not in (said.central, row.central) and said.central is not row.central:
        words = "is" if row.central is Answer.YES else "is not"
        raise RuleBroken(f"{where} that it {words} the head office. {CORRECT_LATER}", field="controllers")
    filled = False
    if said.since and row.since is None:
        row.since, filled = said.since, True
    if said.central is not Answer.UNKNOWN and row.central is Answer.UNKNOWN:
        row.central, filled = said.central, True
    return filled


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
            field="controllers",
        )
    return found[0] if found else None


def get_controller(key: int) -> Controller:
    """Return a controller with its establishments. Raises NotFound."""
    query = sa.select(Controller).where(Controller.id == key).options(selectinload(Controller.establishments))
    found: Controller | None = db.session.scalar(query)
    if found is None:
        raise NotFound("There is no such controller.")
    return found


def find_controllers(text: str = "", *, limit: int = 50) -> Sequence[Controller]:
    """Return controllers whose name contains the text, by name, with their establishments."""
    query = sa.select(Controller).options(selectinload(Controller.establishments)).order_by(Controller.folded)
    if text.strip():
        query = query.where(Controller.folded.contains(fold(text), autoescape=True))
    return db.session.scalars(query.limit(limit)).all()
