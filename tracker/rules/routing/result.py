"""Which authority leads a complaint, and why (Art 55, 56)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.rules.routing.completing import COMPLETING
from tracker.rules.routing.directory import Directory
from tracker.rules.routing.facts import Facts
from tracker.rules.routing.finding import Finding, Question, StepTaken
from tracker.rules.routing.steps import DECIDING
from tracker.rules.routing.words import CrossBorder, Procedure, Reason, RouteWarning
from tracker.rules.territory import state_of, took_part_until

#: The order in which warnings are displayed.
IN_ORDER = {it: place for place, it in enumerate(RouteWarning)}
#: Stored with every run. A new one for every change that can alter a result.
RULES_VERSION = "2026-11-25.4"


@dataclass(frozen=True, slots=True)
class Route:
    """The answer of the rules for one filing against one entity. Authorities are slugs.

    `lead` and `handling` None: nobody, or not known, as `reason` says; `lead_place` is the place whose
    authority leads even where the authority itself cannot be told. `receiving` is the authority lodged with,
    or the one proposed. `cross_border` None is not known. `concerned` gives the grounds a, b, c of Art 4(22)
    and never lists the lead. `human`: not to be relied on until a person has looked.
    """

    procedure: Procedure
    lead: str | None
    lead_place: str | None
    reason: Reason
    handling: str | None
    receiving: str | None
    cross_border: CrossBorder | None
    concerned: Mapping[str, tuple[str, ...]]
    candidates: tuple[str, ...]
    steps: tuple[StepTaken, ...]
    warnings: tuple[RouteWarning, ...]
    human: bool

    @property
    def lead_until(self) -> date | None:
        """Return the last day on which the lead could lead, None while its state takes part (Op 8/2019)."""
        return took_part_until(state_of(self.lead_place or "")) if self.lead else None

    @property
    def for_a_person(self) -> bool:
        """Return whether a person has to look: the rules say so, or the lead of that day has ended since."""
        return self.human or self.lead_until is not None

    @property
    def lead_now(self) -> str | None:
        """Return the lead; None also where its state has left since, and with it the lead (Op 8/2019)."""
        return None if self.lead_until else self.lead

    @property
    def handling_now(self) -> str | None:
        """Return who handles the complaint; None also where that was only the lead that has left since."""
        return None if self.lead_until and self.handling == self.lead else self.handling

    def to_json(self) -> dict[str, Any]:
        """Return the route in plain JSON values, codes as text."""
        return {
            "procedure": self.procedure.value,
            "lead": self.lead,
            "lead_place": self.lead_place,
            "reason": self.reason.value,
            "handling": self.handling,
            "receiving": self.receiving,
            "cross_border": self.cross_border,
            "concerned": {slug: list(grounds) for slug, grounds in self.concerned.items()},
            "candidates": list(self.candidates),
            "steps": [{"name": it.name, "text": it.text, "basis": it.basis} for it in self.steps],
            "warnings": [it.value for it in self.warnings],
            "human": self.human,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Route":
        """Return the route that `to_json` wrote. Raises KeyError or ValueError for anything else."""
        return cls(
            procedure=Procedure(data["procedure"]),
            lead=data["lead"],
            lead_place=data["lead_place"],
            reason=Reason(data["reason"]),
            handling=data["handling"],
            receiving=data["receiving"],
            cross_border=data["cross_border"],
            concerned={slug: tuple(grounds) for slug, grounds in data["concerned"].items()},
            candidates=tuple(data["candidates"]),
            steps=tuple(StepTaken(it["name"], it["text"], it["basis"]) for it in data["steps"]),
            warnings=tuple(RouteWarning(it) for it in data["warnings"]),
            human=data["human"],
        )


def route(facts: Facts, directory: Directory) -> Route:
    """Return who leads, who handles the complaint and who else is concerned, with reasons. Never raises.

    Law: GDPR Art 3, 4(16), 4(22), 4(23), 55, 56, 85, 91; EDPB Opinions 8/2019 and 04/2024; inside Germany
    § 9, 19, 40 BDSG; beside the GDPR Directive 2002/58, Directive 2016/680, Regulation (EU) 2018/1725.
    """
    question, finding = Question.about(facts, directory), Finding()
    for step in DECIDING:
        if not finding.settled:
            finding = step(question, finding)
    for step in COMPLETING:
        finding = step(question, finding)
    return Route(
        procedure=finding.procedure,
        lead=finding.lead,
        lead_place=finding.lead_place,
        reason=finding.reason,
        handling=finding.handling,
        receiving=question.receiving,
        cross_border=finding.cross_border,
        concerned=finding.concerned,
        candidates=finding.candidates,
        steps=finding.steps,
        warnings=tuple(sorted(finding.warnings, key=IN_ORDER.__getitem__)),
        human=finding.human,
    )
