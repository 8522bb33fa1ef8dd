"""Everything that the register says of a controller, as one value: shown, compared, kept as its history."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tracker.models import Controller, Establishment
from tracker.rules.vocabulary import Answer

#: What is said of an establishment beside its place, each with evidence of its own; in the order of the law.
CLAIMS = ("central", "decides", "implements", "main_processing")
#: What evidence may be for: that it is there at all, and each of the claims.
EVIDENCE = ("place", *CLAIMS)
#: What each is called, in the order of EVIDENCE.
CLAIM_NAMES = {
    "place": "establishment",
    "central": "central administration",
    "decides": "decides",
    "implements": "has it carried out",
    "main_processing": "main processing",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An establishment in the EEA. `since` and `until` are inclusive, None is not known and still.

    `key` is that of its row, None for one that has none yet. `evidence`: claim -> where we know it from.
    """

    place: str
    key: int | None = None
    central: Answer = Answer.UNKNOWN
    decides: Answer = Answer.UNKNOWN
    implements: Answer = Answer.UNKNOWN
    main_processing: Answer = Answer.UNKNOWN
    since: date | None = None
    until: date | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    def there(self, on: date) -> bool:
        """Return whether it was there on that day, as far as is known."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def said(self) -> tuple[Any, ...]:
        """Return what it says, to be compared: without its key and who wrote it."""
        answers = tuple(getattr(self, name) for name in CLAIMS)
        evidence = tuple(sorted((name, it) for name, it in self.evidence.items() if it))
        return (self.place, *answers, self.since, self.until, evidence)

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON values."""
        return {
            "key": self.key,
            "place": self.place,
            **{name: getattr(self, name).value for name in CLAIMS},
            "since": day_to_json(self.since),
            "until": day_to_json(self.until),
            "evidence": {name: self.evidence[name] for name in EVIDENCE if self.evidence.get(name)},
            "origin": self.origin,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Place":
        """Return what `to_json` wrote."""
        return cls(
            place=said["place"],
            key=said.get("key"),
            **{name: Answer(said.get(name, "unknown")) for name in CLAIMS},
            since=day_from_json(said.get("since")),
            until=day_from_json(said.get("until")),
            evidence=dict(said.get("evidence") or {}),
            origin=said.get("origin") or "",
        )


@dataclass(frozen=True, slots=True)
class Representative:
    """A representative in the EEA of a controller that has no establishment there (Art. 27 GDPR)."""

    place: str
    key: int | None = None
    name: str | None = None
    since: date | None = None
    until: date | None = None
    evidence: str | None = None

    def there(self, on: date) -> bool:
        """Return whether it was there on that day, as far as is known."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def said(self) -> tuple[Any, ...]:
        """Return what it says, to be compared."""
        return (self.place, self.name, self.since, self.until, self.evidence)

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON values."""
        return {
            "key": self.key,
            "place": self.place,
            "name": self.name,
            "since": day_to_json(self.since),
            "until": day_to_json(self.until),
            "evidence": self.evidence,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Representative":
        """Return what `to_json` wrote."""
        return cls(
            place=said["place"],
            key=said.get("key"),
            name=said.get("name"),
            since=day_from_json(said.get("since")),
            until=day_from_json(said.get("until")),
            evidence=said.get("evidence"),
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that the register says of a controller. None and the empty text are not known.

    `parent` is the key of another controller of the register; `parent_name` what it is called, there or only
    here. `establishments_known` NO with no establishment: it has none in the EEA.
    """

    name: str
    country: str | None = None
    group: str | None = None
    parent: int | None = None
    parent_name: str | None = None
    brands: tuple[str, ...] = ()
    website: str | None = None
    address: str | None = None
    categories: tuple[str, ...] = ()
    establishments_known: Answer = Answer.UNKNOWN
    targets_eea: Answer = Answer.UNKNOWN
    decided_outside_eea: Answer = Answer.UNKNOWN
    note: str | None = None
    establishments: tuple[Place, ...] = ()
    representatives: tuple[Representative, ...] = ()

    def as_of(self, day: date) -> "Statement":
        """Return what it says of one day: the establishments and representatives that were there then."""
        return replace(
            self,
            establishments=tuple(it for it in self.establishments if it.there(day)),
            representatives=tuple(it for it in self.representatives if it.there(day)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return it in plain JSON values, as the history keeps it."""
        return {
            "name": self.name,
            "country": self.country,
            "group": self.group,
            "parent": self.parent,
            "parent_name": self.parent_name,
            "brands": list(self.brands),
            "website": self.website,
            "address": self.address,
            "categories": list(self.categories),
            "establishments_known": self.establishments_known.value,
            "targets_eea": self.targets_eea.value,
            "decided_outside_eea": self.decided_outside_eea.value,
            "note": self.note,
            "establishments": [it.to_json() for it in self.establishments],
            "representatives": [it.to_json() for it in self.representatives],
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Statement":
        """Return what `to_json` wrote, also before it knew all that it writes now."""
        return cls(
            name=said["name"],
            country=said.get("country"),
            group=said.get("group"),
            parent=said.get("parent"),
            parent_name=said.get("parent_name"),
            brands=tuple(said.get("brands") or ()),
            website=said.get("website"),
            address=said.get("address"),
            categories=tuple(said.get("categories") or ()),
            establishments_known=Answer(said.get("establishments_known", "unknown")),
            targets_eea=Answer(said.get("targets_eea", "unknown")),
            decided_outside_eea=Answer(said.get("decided_outside_eea", "unknown")),
            note=said.get("note"),
            establishments=tuple(Place.from_json(it) for it in said.get("establishments") or ()),
            representatives=tuple(Representative.from_json(it) for it in said.get("representatives") or ()),
        )

    def mark(self) -> str:
        """Return a mark of everything that it says: another one when anything is another."""
        return hashlib.sha256(repr(self.to_json()).encode()).hexdigest()[:32]


def statement_of(it: Controller, parent: str | None = None) -> Statement:
    """Return what the register says of a controller, whose establishments are loaded.

    `parent` is the name of its parent in the register, where it has one there.
    """
    return Statement(
        name=it.name,
        country=it.country,
        group=it.group_name,
        parent=it.parent_id,
        parent_name=parent if it.parent_id else it.parent_said,
        brands=tuple(it.brands or ()),
        website=it.website,
        address=it.address,
        categories=tuple(it.categories or ()),
        establishments_known=it.establishments_known,
        targets_eea=it.targets_eea,
        decided_outside_eea=it.decided_outside_eea,
        note=it.note,
        establishments=tuple(in_order(place_of(each) for each in it.establishments)),
        representatives=representatives_of(it),
    )


def representatives_of(it: Controller) -> tuple[Representative, ...]:
    """Return its representatives under Art. 27."""
    return tuple(Representative.from_json(each) for each in it.representatives or ())


def place_of(row: Establishment) -> Place:
    """Return an establishment as its row says it."""
    return Place(
        place=row.place,
        key=row.id,
        central=row.central,
        decides=row.decides,
        implements=row.implements,
        main_processing=row.main_processing,
        since=row.since,
        until=row.until,
        evidence=dict(row.evidence or {}),
        origin=row.origin,
    )


def in_order(places: Iterable[Place]) -> list[Place]:
    """Return establishments by place, at one place by their first day."""
    return sorted(places, key=lambda it: (it.place, it.since or date.min, it.key or 0))


def evidence_words(evidence: Mapping[str, str] | None) -> str | None:
    """Return the evidence of an establishment in one line, each claim by its name; None for none."""
    told = [f"{CLAIM_NAMES[name]}: {evidence[name]}" for name in EVIDENCE if evidence and evidence.get(name)]
    return "; ".join(told) or None


def day_to_json(it: date | None) -> str | None:
    """Return a day as text."""
    return it.isoformat() if it else None


def day_from_json(it: str | None) -> date | None:
    """Return the day of a text."""
    return date.fromisoformat(it) if it else None
