"""What happened in a filing, as the rules about periods read it."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.rules.days import Day
from tracker.rules.lengths import Length
from tracker.rules.vocabulary import Answer, Outcome

#: The number of the day of lodging, from which periods run whatever entry tells of it.
LODGING_NUMBER = 0


#: Stands for a period in an entry that fixes the last day of whatever of ours begins with it.
WHAT_BEGINS = "*"


class Act(enum.Enum):
    """What an entry says of a period, besides or instead of being a step."""

    BEGIN = "begin"
    EXTEND = "extend"
    PAUSE = "pause"
    RESTART = "restart"
    FIX = "fix"
    MEET = "meet"
    WAIVE = "waive"


#: The step of the table that says so.
STEPS: Mapping[Act, str] = {
    Act.BEGIN: "deadline_begun",
    Act.EXTEND: "deadline_extended",
    Act.PAUSE: "deadline_paused",
    Act.RESTART: "deadline_restarted",
    Act.FIX: "deadline_fixed",
    Act.MEET: "deadline_met",
    Act.WAIVE: "deadline_waived",
}
#: What may say a last day.
WITH_DAY = (Act.BEGIN, Act.EXTEND, Act.FIX)


@dataclass(frozen=True, slots=True)
class Saying:
    """An act on one period: `start` is the number from which it runs, None where only one can be meant.

    `until` is the day that was fixed, or to which it was extended; `more` the length of an extension.
    """

    act: Act
    period: str
    start: int | None = None
    until: date | None = None
    more: Length | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An entry that counts. `place` is the number of the first one in its line of corrections.

    `received` is the day on which a letter came; `actor` the slug of an authority, None for anybody else;
    `ours` says that we did it. `empty`: somebody marked it as saying nothing new. `lead` is the slug of the
    authority that the entry names as the lead, or to which it says that the complaint was passed.
    """

    number: int
    place: int
    step: str | None
    day: Day
    received: date | None = None
    actor: str | None = None
    outcome: Outcome | None = None
    says: Saying | None = None
    ours: bool = False
    empty: bool = False
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """That a filing has ended: by which entry, in words for what happened then."""

    number: int
    place: int
    words: str


@dataclass(frozen=True, slots=True)
class Course:
    """A filing with everything on which its periods depend.

    `entries` are in the order in which they happened, without what was corrected; the lodging is among them.
    `lead` and `handling` are None where nobody leads, or it is not known. `oss`: the one-stop shop of Art. 60
    applies. `local`: Art. 56(2). `referred` is the day of referral to the Board. `places` gives the place of
    every authority that is named ("IE", "DE-BE", "EU"); `country` is that of the authority lodged with.
    """

    lodged: Day
    lodged_with: str | None
    country: str
    lead: str | None
    handling: str | None
    concerned: tuple[str, ...]
    oss: bool
    local: bool
    cross_border: Answer
    entries: Sequence[Happened]
    ended: Ended | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    #: Whether Chapter V of Regulation (EU) 2025/2518 applies, by the day of referral.
    chapter_v: bool = False

    def party(self, name: str) -> str | None:
        """Return the authority that is a party of the procedure, None where it is none or not known."""
        known = {
            "lodged_with": self.lodged_with,
            "lead": self.lead or (self.handling if not self.oss else None),
            "handling": self.handling or self.lead or self.lodged_with,
            "board": "eu-edpb",
            "chair": "eu-edpb",
        }
        return known.get(name)

    @property
    def referred(self) -> date | None:
        """Return the first day on which a dispute was referred to the Board, None where none was."""
        days = (it.day.first for it in self.entries if it.step in ("board_dispute", "lead_disputed"))
        return next((it for it in days if it is not None), None)
