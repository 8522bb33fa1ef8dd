"""A route with its facts, and the phrases that its sentences share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tracker.rules import days
from tracker.rules.routing.facts import Establishment, Facts
from tracker.rules.routing.result import Route
from tracker.rules.routing.seats import both
from tracker.rules.routing.words import RouteWarning
from tracker.rules.territory import state_of
from tracker.rules.vocabulary import Answer

#: How a sentence says that a single establishment may not be enough for a lead.
DISPUTED = "whether that is enough is disputed"
#: Countries that English names with an article inside a sentence.
WITH_ARTICLE = frozenset({"NL", "GB"})


@dataclass(frozen=True, slots=True)
class Telling:
    """A route with its facts, and the phrases that several sentences share."""

    route: Route
    facts: Facts
    name: Callable[[str], str]
    country_name: Callable[[str], str]
    several: bool = False

    @property
    def entity(self) -> str:
        return "processor" if self.facts.role == "processor" else "controller"

    @property
    def who(self) -> str:
        """Return plain words for whom the complaint is against: a company, a university, an office."""
        if self.facts.role == "processor":
            return "the processors" if self.several else "the processor"
        return "the organisations complained about" if self.several else "the organisation complained about"

    @property
    def disputed(self) -> bool:
        """Return whether it is disputed that the only state of establishment leads."""
        return RouteWarning.W_SINGLE_ESTABLISHMENT_NO_DECISIONS in self.route.warnings

    @property
    def states(self) -> list[str]:
        return sorted({state_of(it.place) for it in self.facts.present() or ()})

    @property
    def here(self) -> str:
        """Return the country of the lead."""
        return self.country(state_of(self.route.lead_place or ""))

    @property
    def contested(self) -> list[str]:
        """Return the states in which a conflict places the main establishment."""
        present = self.facts.present() or ()
        if self.facts.role == "processor":
            chosen = [it for it in present if it.ca is Answer.YES]
            chosen = chosen or [it for it in present if it.main_processing is Answer.YES]
        else:
            chosen = [it for it in present if both(it.decides, it.implements) is Answer.YES]
        return sorted({state_of(it.place) for it in chosen})

    def country(self, code: str) -> str:
        plain = self.country_name(code)
        return f"the {plain}" if code in WITH_ARTICLE else plain

    def countries(self, codes: Iterable[str]) -> str:
        names = [self.country(it) for it in codes]
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)

    @property
    def ended(self) -> date | None:
        """Return the last day on which the state of the lead took part, None while it does."""
        return self.route.lead_until

    def leads(self, verb: str = "leads") -> str:
        if self.ended:
            past = {"leads": "led", "is presumed to lead": "was presumed to lead"}[verb]
            exact = self.facts.as_of_earliest is None
            day = f"On {days.words(self.facts.as_of)}" if exact else "When the complaint was lodged,"
            return f"{day} {self.name(self.route.lead or '')} {past}"
        if self.route.lead is not None:
            leading = self.name(self.route.lead)
            return f"{leading[:1].upper()}{leading[1:]} {verb}"
        return f"An authority in {self.here} {verb}, but which one is not known"

    def decides_alone(self, how: str) -> str:
        if self.route.handling is None:
            return ""
        verb = "is presumed to decide" if self.route.candidates else "decides"
        return f", and {self.name(self.route.handling)} {verb} {how}"

    def at_lead(self) -> list[Establishment]:
        lead = self.route.lead_place or ""
        return [it for it in self.facts.present() or () if lead in (it.place, state_of(it.place))]
