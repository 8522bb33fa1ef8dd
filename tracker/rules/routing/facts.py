"""What the routing rules are told about one filing against one entity.

A value of these classes is well-formed once it exists. What is not known stays `Answer.UNKNOWN` or None.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.errors import RuleBroken
from tracker.rules.routing import reading
from tracker.rules.territory import is_eea, state_of
from tracker.rules.vocabulary import Answer

ROLES = ("controller", "processor", "joint_controller")
#: Stands in `affected` for every state that takes part on the day.
WHOLE_EEA = "EEA"

PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
#: Codes in common use that ISO 3166 does not have. Read as third countries they would give a wrong lead.
NOT_ISO = {"UK": "GB", "EL": "GR", "EU": "the member state"}

#: Facts that later steps will ask for, with the only values the present ones cover.
NOT_COVERED_YET: Mapping[str, tuple[object, ...]] = {
    "issue": (None, "gdpr"),
    "subject": (None, "private"),
    "media_art85": (None, False),
    "church_art91": (None, False),
    "public_level": (None,),
    "obligation_of": (None,),
    "local_only": (None,),
    "infringement_ended": (None,),
    "de_telecom": (None, False),
}
FACT_KEYS = (
    "as_of as_of_earliest lodged_with also_lodged_with complainant_residence complainant_workplace "
    "infringement_place role establishments establishments_complete decided_outside_eea targets_eea "
    "affected art27_rep"
).split()
ESTABLISHMENT_KEYS = "place ca decides implements main_processing from to".split()


def check_place(place: str, field: str) -> None:
    """Refuse what is not written as a place. Raises RuleBroken, naming the field."""
    if instead := NOT_ISO.get(state_of(place)):
        raise RuleBroken(f"'{place}' is no place: write {instead}.", field=field)
    if not PLACE.fullmatch(place):
        raise RuleBroken(
            f"'{place}' is no place: write a country (IE) or a region of it (DE-BY).", field=field
        )


@dataclass(frozen=True, slots=True)
class Establishment:
    """A place of the controller or processor, and what happens there for THIS processing (Art 4(16)).

    `since` and `until` are inclusive, None is open. `ca`: central administration in the EEA.
    `main_processing` matters for processors only. Raises RuleBroken for a place that does not exist.
    """

    place: str
    ca: Answer = Answer.UNKNOWN
    decides: Answer = Answer.UNKNOWN
    implements: Answer = Answer.UNKNOWN
    since: date | None = None
    until: date | None = None
    main_processing: Answer = Answer.UNKNOWN

    def __post_init__(self) -> None:
        check_place(self.place, "establishments")

    def exists(self, on: date) -> bool:
        """Return whether the establishment was there on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def to_json(self) -> dict[str, Any]:
        """Return the establishment in plain JSON values."""
        return {
            "place": self.place,
            "ca": reading.answer_to_json(self.ca),
            "decides": reading.answer_to_json(self.decides),
            "implements": reading.answer_to_json(self.implements),
            "main_processing": reading.answer_to_json(self.main_processing),
            "from": reading.day_to_json(self.since),
            "to": reading.day_to_json(self.until),
        }

    @classmethod
    def from_json(cls, data: object) -> "Establishment":
        """Return the establishment a record describes. Raises RuleBroken, naming the field."""
        record = reading.only_keys(data, ESTABLISHMENT_KEYS, "establishments")
        place = reading.text(record, "place")
        if place is None:
            raise RuleBroken("An establishment needs a place.", field="establishments")
        return cls(
            place=place,
            ca=reading.answer(record, "ca"),
            decides=reading.answer(record, "decides"),
            implements=reading.answer(record, "implements"),
            since=reading.day(record, "from"),
            until=reading.day(record, "to"),
            main_processing=reading.answer(record, "main_processing"),
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the route of one filing against one entity depends on.

    `as_of_earliest`: the first day that `as_of` may be, which then is the last one; None where it is exact.
    `establishments` None is not known, () is none; where `establishments_complete` is false there may be
    others, so that it is not known either whether any is in the EEA when none of these is. None and () for
    `affected`: the places where people are substantially affected, a judgment that the rules never make
    themselves; it may hold "EEA".
    Raises RuleBroken, naming the field, for a place or a role that does not exist.
    """

    as_of: date
    lodged_with: str | None = None
    also_lodged_with: tuple[str, ...] = ()
    complainant_residence: str | None = None
    complainant_workplace: str | None = None
    infringement_place: str | None = None
    role: str = "controller"
    establishments: tuple[Establishment, ...] | None = None
    decided_outside_eea: Answer = Answer.UNKNOWN
    targets_eea: Answer = Answer.UNKNOWN
    affected: tuple[str, ...] | None = None
    art27_rep: str | None = None
    as_of_earliest: date | None = None
    establishments_complete: bool = True

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise RuleBroken(f"'{self.role}' is none of {', '.join(ROLES)}.", field="role")
        for field in ("complainant_residence", "complainant_workplace", "infringement_place", "art27_rep"):
            if (place := getattr(self, field)) is not None:
                check_place(place, field)
        for place in self.affected or ():
            if place != WHOLE_EEA:
                check_place(place, "affected")

    def in_eea(self, place: str) -> bool:
        """Return whether the place took part in the cooperation of the GDPR on the day of assessment."""
        return is_eea(state_of(place), self.as_of)

    def present(self) -> tuple[Establishment, ...] | None:
        """Return the establishments that were in the EEA on the day of assessment, None for not known."""
        if self.establishments is None:
            return None
        here = tuple(it for it in self.establishments if it.exists(self.as_of) and self.in_eea(it.place))
        return here if here or self.establishments_complete else None

    def lodged(self) -> tuple[str, ...]:
        """Return the slugs of all authorities with which the case lies, each once, this filing's first."""
        return tuple(dict.fromkeys(it for it in (self.lodged_with, *self.also_lodged_with) if it))

    def places_77(self) -> tuple[str | None, str | None, str | None]:
        """Return residence, workplace and place of the infringement: the order of Art 77(1)."""
        return (self.complainant_residence, self.complainant_workplace, self.infringement_place)

    def to_json(self) -> dict[str, Any]:
        """Return the facts in plain JSON values: days as text, answers as true, false or "unknown"."""
        known = self.establishments
        return {
            "as_of": self.as_of.isoformat(),
            "as_of_earliest": reading.day_to_json(self.as_of_earliest),
            "lodged_with": self.lodged_with,
            "also_lodged_with": list(self.also_lodged_with),
            "complainant_residence": self.complainant_residence,
            "complainant_workplace": self.complainant_workplace,
            "infringement_place": self.infringement_place,
            "role": self.role,
            "establishments": None if known is None else [it.to_json() for it in known],
            "establishments_complete": self.establishments_complete,
            "decided_outside_eea": reading.answer_to_json(self.decided_outside_eea),
            "targets_eea": reading.answer_to_json(self.targets_eea),
            "affected": None if self.affected is None else list(self.affected),
            "art27_rep": self.art27_rep,
        }

    @classmethod
    def from_json(cls, data: object) -> "Facts":
        """Return the facts that `to_json` wrote, or that a person wrote under the same keys.

        Raises RuleBroken, naming the field, for a wrong type, for a key that does not exist, and for a
        situation the rules do not cover yet: no answer is better than the answer to another question.
        """
        record = reading.only_keys(data, [*FACT_KEYS, *NOT_COVERED_YET], None)
        for key, covered in NOT_COVERED_YET.items():
            if not any(record.get(key) is it or record.get(key) == it for it in covered):
                raise RuleBroken(f"The routing rules do not cover {key}: {record[key]} yet.", field=key)
        as_of = reading.day(record, "as_of")
        if as_of is None:
            raise RuleBroken("The day of assessment is needed.", field="as_of")
        return cls(
            as_of=as_of,
            lodged_with=reading.text(record, "lodged_with"),
            also_lodged_with=reading.texts(record, "also_lodged_with") or (),
            complainant_residence=reading.text(record, "complainant_residence"),
            complainant_workplace=reading.text(record, "complainant_workplace"),
            infringement_place=reading.text(record, "infringement_place"),
            role=reading.text(record, "role") or "controller",
            establishments=_establishments(record.get("establishments")),
            decided_outside_eea=reading.answer(record, "decided_outside_eea"),
            targets_eea=reading.answer(record, "targets_eea"),
            affected=(WHOLE_EEA,)
            if record.get("affected") == WHOLE_EEA
            else reading.texts(record, "affected"),
            art27_rep=reading.text(record, "art27_rep"),
            as_of_earliest=reading.day(record, "as_of_earliest"),
            establishments_complete=reading.answer(record, "establishments_complete") is not Answer.NO,
        )


def _establishments(value: object) -> tuple[Establishment, ...] | None:
    if value is None or value == "unknown":
        return None
    if not isinstance(value, list | tuple):
        raise RuleBroken("establishments must be a list, or unknown.", field="establishments")
    return tuple(Establishment.from_json(it) for it in value)
