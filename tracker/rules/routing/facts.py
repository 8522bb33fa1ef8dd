"""What the routing rules are told about one filing against one entity.

A value of these classes is well-formed once it exists. What is not known stays `Answer.UNKNOWN` or None.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.errors import RuleBroken
from tracker.rules.routing import reading
from tracker.rules.territory import is_eea, state_of
from tracker.rules.vocabulary import Answer

ROLES = ("controller", "processor", "joint_controller")
#: Written for a day on which it is not known whether it has come: an infringement that may have ended.
NOT_KNOWN = "unknown"
#: Stands in `affected` for every state that takes part on the day.
WHOLE_EEA = "EEA"

PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
#: Codes in common use that ISO 3166 does not have. Read as third countries they would give a wrong lead.
NOT_ISO = {"UK": "GB", "EL": "GR", "EU": "the member state"}

#: What the values of a fact are, where it is one of a few: domain of the Facts and of every form.
ISSUES = ("gdpr", "eprivacy")
SUBJECTS = ("private", "public_authority", "private_6_1_c_e", "eu_institution", "court_judicial", "led")
PUBLIC_LEVELS = ("federal", "land", "region")
FACT_KEYS = (
    "as_of as_of_earliest lodged_with also_lodged_with complainant_residence complainant_workplace "
    "infringement_place issue subject media_art85 church_art91 public_level obligation_of role "
    "establishments establishments_complete decided_outside_eea art27_rep targets_eea affected local_only "
    "infringement_ended de_telecom"
).split()
#: Facts whose absence means the ordinary case, so that "not known" has to be said.
MAY_BE_UNKNOWN = ("subject", "local_only")
#: Facts that are one of a few values, and facts that are a place or nothing.
ONE_OF = {"role": ROLES, "issue": ISSUES, "subject": SUBJECTS, "public_level": PUBLIC_LEVELS}
PLACES = (
    "complainant_residence complainant_workplace infringement_place art27_rep obligation_of local_only"
).split()
#: `evidence` is where the statement comes from: read, and of no weight for the answer.
ESTABLISHMENT_KEYS = "place ca decides implements main_processing from to evidence".split()


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
    evidence: str | None = None

    def __post_init__(self) -> None:
        check_place(self.place, "establishments")
        if self.since and self.until and self.until < self.since:
            raise RuleBroken("The last day of an establishment lies before the first.", field="to")

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
            "evidence": self.evidence,
        }

    @classmethod
    def from_json(cls, data: object) -> "Establishment":
        """Return the establishment a record describes. Raises RuleBroken, naming the field."""
        record = reading.only_keys(data, ESTABLISHMENT_KEYS, "establishments")
        place = reading.place(record, "place", unknown=False)
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
            evidence=reading.text(record, "evidence"),
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the route of one filing against one entity depends on.

    `as_of_earliest`: the first day that `as_of` may be, which then is the last one; None where it is exact.
    `establishments` None is not known, () is none; where `establishments_complete` is false there may be
    others, so that it is not known either whether any is in the EEA when none of these is. None and () for
    `affected`: the places where people are substantially affected, a judgment that the rules never make
    themselves; it may hold "EEA".
    `subject` is whom the complaint is against, `public_level` and `obligation_of` matter for Art 55(2) only.
    `local_only`: the one state whose establishment or people the subject matter concerns (Art 56(2)), None
    where it is not so. `infringement_ended`: its last day, None where it goes on; where that is not known,
    `infringement_may_have_ended`. `not_known` names those of `MAY_BE_UNKNOWN` of which that was said: the
    value beside is then that of the ordinary case. `de_telecom`: provider of telecommunications, § 9(1) BDSG.
    Raises RuleBroken, naming the field, for a place or a code that does not exist.
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
    issue: str = "gdpr"
    subject: str = "private"
    media_art85: Answer = Answer.NO
    church_art91: Answer = Answer.NO
    public_level: str | None = None
    obligation_of: str | None = None
    local_only: str | None = None
    infringement_ended: date | None = None
    infringement_may_have_ended: bool = False
    de_telecom: Answer = Answer.NO
    not_known: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field, allowed in ONE_OF.items():
            value = getattr(self, field)
            if value not in allowed and not (field == "public_level" and value is None):
                raise RuleBroken(f"{field} must be one of {', '.join(allowed)}, not '{value}'.", field=field)
        if self.as_of_earliest is not None and self.as_of_earliest > self.as_of:
            raise RuleBroken("The first possible day lies after the last.", field="as_of_earliest")
        for field in PLACES:
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
        return tuple(dict.fromkeys(filter(None, (self.lodged_with, *self.also_lodged_with))))

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
            "issue": self.issue,
            "subject": NOT_KNOWN if "subject" in self.not_known else self.subject,
            "media_art85": reading.answer_to_json(self.media_art85),
            "church_art91": reading.answer_to_json(self.church_art91),
            "public_level": self.public_level,
            "obligation_of": self.obligation_of,
            "local_only": NOT_KNOWN if "local_only" in self.not_known else self.local_only,
            "infringement_ended": NOT_KNOWN
            if self.infringement_may_have_ended
            else reading.day_to_json(self.infringement_ended),
            "de_telecom": reading.answer_to_json(self.de_telecom),
        }

    @classmethod
    def from_json(cls, data: object) -> "Facts":
        """Return the facts that `to_json` wrote, or that a person wrote under the same keys.

        Raises RuleBroken, naming the field, for a wrong type, for a code or place that does not exist, and
        for a key that does not exist: no answer is better than the answer to another question.
        """
        record = reading.only_keys(data, FACT_KEYS, None)
        not_known = tuple(it for it in MAY_BE_UNKNOWN if record.get(it) == NOT_KNOWN)
        may_have_ended = record.get("infringement_ended") == NOT_KNOWN
        as_of = reading.day(record, "as_of")
        if as_of is None:
            raise RuleBroken("The day of assessment is needed.", field="as_of")
        return cls(
            as_of=as_of,
            lodged_with=reading.slug(record, "lodged_with"),
            also_lodged_with=reading.texts(record, "also_lodged_with", "slugs of authorities") or (),
            complainant_residence=reading.place(record, "complainant_residence"),
            complainant_workplace=reading.place(record, "complainant_workplace"),
            infringement_place=reading.place(record, "infringement_place"),
            role=reading.one_of(record, "role", ROLES) or "controller",
            establishments=_establishments(record.get("establishments")),
            decided_outside_eea=reading.answer(record, "decided_outside_eea"),
            targets_eea=reading.answer(record, "targets_eea"),
            affected=(WHOLE_EEA,)
            if record.get("affected") == WHOLE_EEA
            else reading.texts(record, "affected", "places such as IE or DE-BY, or EEA, or unknown"),
            art27_rep=reading.place(record, "art27_rep", unknown=False),
            as_of_earliest=reading.day(record, "as_of_earliest"),
            establishments_complete=reading.answer(record, "establishments_complete") is not Answer.NO,
            issue=reading.one_of(record, "issue", ISSUES) or "gdpr",
            subject=reading.one_of(record, "subject", (*SUBJECTS, NOT_KNOWN), but=NOT_KNOWN) or "private",
            media_art85=reading.flag(record, "media_art85"),
            church_art91=reading.flag(record, "church_art91"),
            public_level=reading.one_of(record, "public_level", (*PUBLIC_LEVELS, NOT_KNOWN), but=NOT_KNOWN),
            obligation_of=reading.place(record, "obligation_of"),
            local_only=reading.place(record, "local_only"),
            infringement_ended=None if may_have_ended else reading.day(record, "infringement_ended"),
            infringement_may_have_ended=may_have_ended,
            de_telecom=reading.flag(record, "de_telecom"),
            not_known=not_known,
        )


def _establishments(value: object) -> tuple[Establishment, ...] | None:
    if value is None or value == "unknown":
        return None
    if not isinstance(value, list | tuple):
        raise RuleBroken("establishments must be a list, or unknown.", field="establishments")
    found = []
    for number, it in enumerate(value, start=1):
        try:
            found.append(Establishment.from_json(it))
        except RuleBroken as refusal:
            inside = f".{refusal.field}" if refusal.field not in (None, "establishments") else ""
            raise RuleBroken(str(refusal), field=f"establishments.{number}{inside}") from None
    return tuple(found)
