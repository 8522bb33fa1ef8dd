"""Controllers: found again by name, added with their establishments in the EEA."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import Controller, Establishment
from tracker.reference.names import country_name
from tracker.rules.access import Actor
from tracker.rules.territory import MEMBERSHIPS, state_of
from tracker.rules.vocabulary import Answer
from tracker.services import journal


@dataclass(frozen=True, slots=True)
class NewEstablishment:
    """A place of a controller in the EEA, as somebody states it. `since` is inclusive, None is not known."""

    place: str
    since: date | None = None
    central: Answer = Answer.UNKNOWN
    decides: Answer = Answer.UNKNOWN


@dataclass(frozen=True, slots=True)
class NewController:
    """A controller to be added. `establishments` None: not known; an empty tuple: none in the EEA."""

    name: str
    country: str | None = None
    establishments: tuple[NewEstablishment, ...] | None = None
    targets_eea: Answer = Answer.UNKNOWN
    decided_outside_eea: Answer = Answer.UNKNOWN


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

    The answer to "does it decide" counts for deciding and for having it carried out: one question asks both.
    Raises RuleBroken when an entity of that name in that country is there already, and for an establishment
    in a state that never took part in the GDPR: as the only one it would be taken for "none in the EEA".
    """
    for it in new.establishments or ():
        if not any(state_of(it.place) in each.states for each in MEMBERSHIPS):
            raise RuleBroken(
                f"{country_name(state_of(it.place))} is not in the EEA: name only establishments there.",
                field="controllers",
            )
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
        targets_eea=new.targets_eea,
        decided_outside_eea=new.decided_outside_eea,
        verified=None,
        website=None,
        note=None,
    )
    controller.establishments = [
        Establishment(
            place=it.place,
            central=it.central,
            decides=it.decides,
            implements=it.decides,
            since=it.since,
            until=None,
            origin=f"stated by {by.name}",
        )
        for it in new.establishments or ()
    ]
    db.session.add(controller)
    journal.note("controller.add", new.name, by=by)
    return controller


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
