"""What is said of the one processing that a case is about, where that differs from what is said of a company.

Who decides is a question about the processing (Art 4(16)(a), Recital 36 GDPR): the same company may decide in
Dublin on its advertising and outside the EEA on training its models. The register says what holds in general,
a case what holds for it; where a case says nothing, the register holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.rules.further_facts import ORDINARY, FurtherFacts
from tracker.rules.vocabulary import Answer


@dataclass(frozen=True, slots=True)
class Processing:
    """Answers given for one processing; None and a missing place say nothing, UNKNOWN says "not known".

    `decides`: by place, whether purposes and means are decided there with the power to have that carried out.
    `decided_outside_eea`: EDPB Opinion 04/2024. `targets_eea`: Art 3(2) GDPR. `further` is of the case alone:
    the register has no answers to it.
    """

    decides: Mapping[str, Answer] = field(default_factory=dict)
    decided_outside_eea: Answer | None = None
    targets_eea: Answer | None = None
    further: FurtherFacts = ORDINARY

    def to_json(self) -> dict[str, Any] | None:
        """Return what is said in plain JSON values, None where nothing is."""
        said: dict[str, Any] = {}
        if self.decides:
            said["decides"] = {place: answer.value for place, answer in sorted(self.decides.items())}
        for name in ("decided_outside_eea", "targets_eea"):
            if (answer := getattr(self, name)) is not None:
                said[name] = answer.value
        return said | self.further.to_json() or None

    @classmethod
    def from_json(cls, said: Mapping[str, Any] | None) -> "Processing":
        """Return what a record says; None says nothing. Raises RuleBroken for what does not exist."""
        said = said or {}
        outside, targets = said.get("decided_outside_eea"), said.get("targets_eea")
        return cls(
            decides={place: Answer(answer) for place, answer in said.get("decides", {}).items()},
            decided_outside_eea=None if outside is None else Answer(outside),
            targets_eea=None if targets is None else Answer(targets),
            further=FurtherFacts.from_json(said) if said else ORDINARY,
        )
