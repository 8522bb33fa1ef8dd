"""Who leads in force: the word of a person, else what an authority confirmed, else what the rules say.

What the authorities did is a fact of its own: it never changes what the rules say, and stands beside it.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tracker.rules.days import Day
from tracker.rules.routing import Facts

PROCESSOR = "processor"


class OfAnEntity(Protocol):
    """An answer about one entity complained about; its facts say in which role."""

    @property
    def facts(self) -> Facts:
        """Return the facts of the route."""
        ...


Answer = TypeVar("Answer", bound=OfAnEntity)


def that_lead(told: Sequence[Answer]) -> Sequence[Answer]:
    """Return the answers that say who leads: one on a processor does not beside a controller (recital 36)."""
    return [it for it in told if it.facts.role != PROCESSOR] or told


class LeadAct(enum.Enum):
    """What an authority does about the lead."""

    PRESUMED = "presumed"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    RETURNED = "returned"


#: Steps of the procedure that are such an act by themselves.
BY_STEP = {
    "forwarded": LeadAct.PRESUMED,
    "lead_confirmed": LeadAct.CONFIRMED,
    "lead_disputed": LeadAct.DISPUTED,
    "returned": LeadAct.RETURNED,
}
#: The step that an act is where the procedure allows it there; a presumption is none.
STEP_OF = {
    LeadAct.CONFIRMED: "lead_confirmed",
    LeadAct.DISPUTED: "lead_disputed",
    LeadAct.RETURNED: "returned",
}


@dataclass(frozen=True, slots=True)
class Told:
    """An act of an authority about the lead of one filing, as an entry of the protocol tells it.

    `by` and `lead` are slugs; `by` None is somebody who is in no directory, `lead` None that none is named.
    """

    act: LeadAct
    by: str | None
    lead: str | None
    day: Day
    number: int


def confirmation(told: Sequence[Told]) -> Told | None:
    """Return the confirmation that still stands after all acts, which come in the order of the protocol.

    Whoever sends the complaint back, or disputes the lead, ends it. A confirmation that names nobody is none.
    """
    standing: Told | None = None
    for it in told:
        if it.act is LeadAct.CONFIRMED:
            standing = it if it.lead else standing
        elif it.act is not LeadAct.PRESUMED:
            standing = None
    return standing


def is_open_again(told: Sequence[Told]) -> Told | None:
    """Return the act by which the lead is in dispute, or the complaint sent back; None where neither is."""
    last = next((it for it in reversed(told) if it.act is not LeadAct.PRESUMED), None)
    return last if last and last.act is not LeadAct.CONFIRMED else None


class Ground(enum.Enum):
    """On what it rests that an authority leads."""

    OVERRIDE = "override"
    AUTHORITY = "authority"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class InForce:
    """Who leads against one controller. `lead` None: nobody, or not known, as `known` says.

    `presumed`: only the rules say so, and they leave it open.
    """

    lead: str | None
    ground: Ground
    known: bool = True
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class Overriding:
    """The word of a person. `lead` None: nobody leads."""

    lead: str | None


def in_force(
    *, override: Overriding | None, told: Sequence[Told], computed: str | None, undetermined: bool
) -> InForce:
    """Return who leads: by override, else by what stands confirmed, else by the rules.

    `computed` is the lead of the rules today, `undetermined` whether they leave it open.
    """
    if override is not None:
        return InForce(override.lead, Ground.OVERRIDE)
    if confirmed := confirmation(told):
        return InForce(confirmed.lead, Ground.AUTHORITY)
    presumed = undetermined and computed is not None
    return InForce(computed, Ground.RULES, known=computed is not None or not undetermined, presumed=presumed)
