"""What the steps hand to one another: the question, which stays, and the finding, which grows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tracker.rules.routing.directory import Directory, for_telecommunications
from tracker.rules.routing.facts import Facts
from tracker.rules.routing.seats import Choice, Seat, home_seat, seats
from tracker.rules.routing.words import CrossBorder, Procedure, Reason, RouteWarning
from tracker.rules.territory import state_of
from tracker.rules.variants import variant
from tracker.rules.vocabulary import Answer

#: First day of Regulation (EU) 2025/2518 for complaints across borders.
PROCEDURAL_REGULATION_FROM = date(2027, 4, 2)


@dataclass(frozen=True, slots=True)
class StepTaken:
    """One step of the reasoning: its name, what it found, and the provision it rests on."""

    name: str
    text: str
    basis: str


@dataclass(frozen=True, slots=True)
class Question:
    """The facts and the directory, with what several steps derive from them.

    `seats` are the places of establishment in the EEA on the day, None where they are not known; `states`
    are theirs, in alphabetical order. `lodged` are all authorities with which the case lies.
    """

    facts: Facts
    directory: Directory
    seats: tuple[Seat, ...] | None
    states: tuple[str, ...]
    lodged: frozenset[str]

    @classmethod
    def about(cls, facts: Facts, directory: Directory) -> "Question":
        """Return the question for these facts."""
        if facts.de_telecom is Answer.YES:
            directory = for_telecommunications(directory)
        present = facts.present()
        known = None if present is None else seats(present, directory)
        states = tuple(sorted({state_of(it.place) for it in known or ()}))
        return cls(facts, directory, known, states, frozenset(facts.lodged()))

    @property
    def known_seats(self) -> tuple[Seat, ...]:
        """Return the seats; none where they are not known (a step that must know asks `seats`)."""
        return self.seats or ()

    @property
    def entity(self) -> str:
        """Return what the entity is called in a text."""
        return "processor" if self.facts.role == "processor" else "controller"

    @property
    def home(self) -> Choice:
        """Return the seat that counts where all seats lie in one state."""
        return home_seat(self.known_seats, processor=self.facts.role == "processor")

    def procedural(self, article: str) -> str:
        """Return an article of the Procedural Regulation to add to a basis, once it applies; else nothing."""
        return f", {article} Reg 2025/2518" if self.facts.as_of >= PROCEDURAL_REGULATION_FROM else ""

    def german_law(self, basis: str) -> str:
        """Return the German provision to add to a basis, where Länder had to be told apart; else nothing."""
        return f", {basis}" if self.states == ("DE",) and len(self.known_seats) > 1 else ""

    @property
    def proposed_place(self) -> str | None:
        """Return where to lodge: residence, then workplace, then place of infringement, if in the EEA."""
        return next((it for it in self.facts.places_77() if it and self.facts.in_eea(it)), None)

    @property
    def receiving(self) -> str | None:
        """Return the authority lodged with, or the one to lodge with; None where the facts name neither."""
        if self.facts.lodged_with:
            return self.facts.lodged_with
        if self.facts.subject == "eu_institution":
            return self.directory.union
        if self.proposed_place and self.facts.subject == "public_authority":
            own = self.directory.public_by_place.get(self.proposed_place)
            if own and self.facts.public_level in ("land", "region"):
                return own
        return self.directory.at(self.proposed_place) if self.proposed_place else None

    def serves_private_bodies(self, slug: str) -> bool:
        """Return whether an authority supervises private bodies; one that is not on record may."""
        place = self.directory.place_of.get(slug)
        return place is None or slug in self.directory.in_state(state_of(place))

    def for_private_bodies(self, slug: str) -> str | None:
        """Return the authority for private bodies in the state of another, found by the residence."""
        state = state_of(self.directory.place_of.get(slug, ""))
        home = self.facts.complainant_residence
        return self.directory.at(home if home and state_of(home) == state else state)

    def takes_part(self, slug: str) -> bool:
        """Return whether an authority may act under the GDPR on the day: all but those known not to."""
        return self.directory.takes_part(slug, self.facts.as_of)

    def authorities(self, places: tuple[str, ...]) -> tuple[str, ...]:
        """Return the authorities of the places; where a place does not tell, all of its state."""
        found: set[str] = set()
        for place in places:
            slug = self.directory.at(place)
            found.update([slug] if slug else self.directory.in_state(state_of(place)))
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Finding:
    """What has been found so far. Until a step settles it, nothing is determined.

    `cross_border` None is not known. `lead_place` is the place of establishment whose authority leads or is
    presumed to. `human`: a person has to look, whatever else follows.
    """

    settled: bool = False
    procedure: Procedure = Procedure.OSS_60
    reason: Reason = Reason.UNDETERMINED_PRESUMED_CA
    lead_place: str | None = None
    lead: str | None = None
    handling: str | None = None
    cross_border: CrossBorder | None = None
    concerned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    candidates: tuple[str, ...] = ()
    warnings: frozenset[RouteWarning] = frozenset()
    human: bool = False
    steps: tuple[StepTaken, ...] = ()

    def note(self, name: str, text: str, basis: str, **found: Any) -> "Finding":
        """Return the finding with one more step and with what that step found."""
        return variant(self, steps=(*self.steps, StepTaken(name, text, basis)), **found)

    def settle(self, name: str, text: str, basis: str, reason: Reason, **found: Any) -> "Finding":
        """Return the finding with the step that answers who leads: no later step asks again."""
        return self.note(name, text, basis, settled=True, reason=reason, **found)

    def warn(self, *warnings: RouteWarning) -> "Finding":
        """Return the finding with the warnings added."""
        return variant(self, warnings=self.warnings.union(warnings)) if warnings else self


#: Takes the question and the finding so far, returns the finding.
Step = Callable[[Question, Finding], Finding]
