"""The rarer facts of one processing: under which law, of which body, in which role, until when.

Nothing of them is said of most complaints. Where nobody said anything, the ordinary case holds, which is what
the routing rules take too; "not known" is an answer of its own, and somebody has to give it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from tracker.errors import RuleBroken
from tracker.rules import days
from tracker.rules.days import Day
from tracker.rules.routing.facts import ISSUES, NOT_KNOWN, PUBLIC_LEVELS, ROLES, SUBJECTS, check_place
from tracker.rules.territory import MEMBERSHIPS, state_of
from tracker.rules.vocabulary import Answer

#: Whom Art 55(2) is about: of these alone it matters on which level they are, and whose law gives the task.
PUBLIC_TASKS = ("public_authority", "private_6_1_c_e")
_CODES = {"role": ROLES, "subject": SUBJECTS, "public_level": PUBLIC_LEVELS}


@dataclass(frozen=True, slots=True)
class FurtherFacts:
    """The rarer facts of one processing; made without values, the ordinary case.

    `issues`: one routing each. `public_level` and `obligation_of` (the state whose law gives the task): Art
    55(2). `local_only`: the one state whose establishment or people the matter concerns, Art 56(2).
    `infringement_ended` is its last day, None where it goes on; `infringement_may_have_ended` where nobody
    knows. `de_telecom`: § 9(1) BDSG. Raises RuleBroken, naming the field, for what does not exist.
    """

    issues: tuple[str, ...] = ("gdpr",)
    subject: str = "private"
    public_level: str | None = None
    obligation_of: str | None = None
    media_art85: Answer = Answer.NO
    church_art91: Answer = Answer.NO
    role: str = "controller"
    local_only: str | None = None
    infringement_ended: date | None = None
    infringement_may_have_ended: bool = False
    de_telecom: Answer = Answer.NO

    def __post_init__(self) -> None:
        """Refuse what does not exist; issues stand in one order, each once."""
        for name, allowed in _CODES.items():
            if (value := getattr(self, name)) is not None and value not in allowed:
                raise RuleBroken(f"{name} must be one of {', '.join(allowed)}, not '{value}'.", field=name)
        if wrong := [it for it in self.issues if it not in ISSUES]:
            raise RuleBroken(
                f"An issue must be one of {', '.join(ISSUES)}, not '{wrong[0]}'.", field="issues"
            )
        if not self.issues:
            raise RuleBroken("Name at least one issue.", field="issues")
        object.__setattr__(self, "issues", tuple(it for it in ISSUES if it in self.issues))
        for name in ("obligation_of", "local_only"):
            if place := getattr(self, name):
                check_place(place, name)

    def to_json(self) -> dict[str, Any]:
        """Return what differs from the ordinary case in plain JSON values."""
        said: dict[str, Any] = {}
        for it in fields(self):
            value = getattr(self, it.name)
            if value == getattr(ORDINARY, it.name):
                continue
            if it.name == "infringement_may_have_ended":
                said["infringement_ended"] = NOT_KNOWN
            elif isinstance(value, Answer):
                said[it.name] = value.value
            elif isinstance(value, tuple):
                said[it.name] = list(value)
            else:
                said[it.name] = value.isoformat() if isinstance(value, date) else value
        return said

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "FurtherFacts":
        """Return what a record says, other keys aside. Raises RuleBroken, naming the field."""
        values = {it.name: said[it.name] for it in fields(cls) if said.get(it.name) is not None}
        if not values:
            return ORDINARY
        for name in ("media_art85", "church_art91", "de_telecom"):
            if name in values:
                values[name] = Answer(values[name])
        if "issues" in values:
            values["issues"] = tuple(values["issues"])
        if values.get("infringement_ended") == NOT_KNOWN:
            del values["infringement_ended"]
            values["infringement_may_have_ended"] = True
        elif "infringement_ended" in values:
            values["infringement_ended"] = _full_day(values["infringement_ended"])
        return cls(**values)

    def check(self, facts: Day, today: date) -> None:
        """Refuse what cannot be; `facts` is the first day of the case. Raises RuleBroken, naming the field.

        What would be of no effect is refused too: somebody who says it means something by it.
        """
        for name in ("public_level", "obligation_of"):
            if getattr(self, name) is not None and self.subject not in PUBLIC_TASKS:
                raise RuleBroken(
                    "This matters only of a public authority, or of a body with a public task (Art 55(2)): "
                    "say that it is one, or leave this empty.",
                    field=name,
                )
        for name in ("obligation_of", "local_only"):
            place = getattr(self, name)
            if place and not any(state_of(place) in it.states for it in MEMBERSHIPS):
                raise RuleBroken("This place is not in the EEA: name a state or Land there.", field=name)
        ended = self.infringement_ended
        if ended and ended > today:
            raise RuleBroken(f"{days.words(ended)} has not come yet.", field="infringement_ended")
        if ended and facts.first and ended < facts.first:
            raise RuleBroken(
                f"{days.words(ended)} lies before the facts of the case ({facts.words}).",
                field="infringement_ended",
            )


#: Of a company that decides for itself, complained about under the GDPR for what it still does.
ORDINARY = FurtherFacts()


def _full_day(written: str) -> date:
    day = Day.parse(written, field="infringement_ended")
    if day.value is None or day.iso != day.value.isoformat():
        raise RuleBroken(
            f"{day.words} is not a full day: write it as 2024-06-06.", field="infringement_ended"
        )
    return day.value
