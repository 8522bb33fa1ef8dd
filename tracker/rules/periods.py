"""Periods of the law as values: who owes what, from when, how long, counted how, and how sure that is.

The table itself is data (reference/periods.csv). Ids are G1 to G17 (GDPR and Regulation (EU) 2018/1725), P1
to P33 (Regulation (EU) 2025/2518) and, for national law, the state and a word ("AT-BVWG").
"""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracker.errors import RuleBroken
from tracker.rules.counting_national import Way
from tracker.rules.lengths import Length
from tracker.rules.procedure_guards import PARTIES
from tracker.rules.text import shown

#: Whose duty or right a period is, beside the parties of the procedure.
OWING: Mapping[str, str] = {
    **PARTIES,
    "concerned": "the other authorities concerned",
    "requested": "the authority that was asked",
    "adopting": "the lead authority or the authority lodged with",
    "chair": "the Chair of the Board",
}
#: The basis of a period that no law names: what it is stands in the entry that begins it.
AS_THE_ENTRY_SAYS = "as the entry says"
#: A period that runs from the day of lodging, not from a step of the table.
LODGING = "lodged"
#: What comes before the steps from which a period runs where those before it are not on record.
OTHERWISE = " or:"
#: Before the steps that show that what was due came before them, and on which day nobody knows.
SHOWN = "shown:"
#: Before the steps by which it may have been done: an act of an authority of which nobody has to tell us.
PERHAPS = "perhaps:"
#: The step that is nothing but word to us: what it meets is met once word has come.
WORD = "information"
#: Of the notice of an extension: the law itself gives it, and nobody has to say so.
BY_LAW = "law"


class Regime(enum.Enum):
    """By which law a period runs."""

    GDPR = "gdpr"
    #: Regulation (EU) 2025/2518, the Procedural Regulation.
    PROCEDURAL = "pr"
    #: Regulation (EU) 2018/1725, before the EDPS.
    INSTITUTIONS = "eudpr"
    NATIONAL = "national"
    #: Whatever the law: an authority, a court or we ourselves set the day.
    ANY = "any"


class Kind(enum.Enum):
    """What it means that a period is over."""

    #: Something has to be done in it; whoever has not done it is late.
    DUTY = "duty"
    #: Something may be done in it; afterwards it cannot be done any more.
    RIGHT = "right"
    #: How long a measure holds.
    VALIDITY = "validity"


class Sure(enum.Enum):
    """How sure it is that the law says so."""

    VERIFIED = "verified"
    HIGH = "high"
    MEDIUM = "medium"
    #: Whether it is owed at all depends on how the law is read; the note says who reads it how.
    CONTESTED = "contested"


SURE_WORDS: Mapping[Sure, str] = {
    Sure.VERIFIED: "read in a source",
    Sure.HIGH: "known, not read in a source",
    Sure.MEDIUM: "probable, to be checked before it is relied on",
    Sure.CONTESTED: "contested, to be argued before it is relied on",
}


class Unheard(enum.Enum):
    """Of what the authorities tell one another, and nobody has to tell us."""

    STEP = "step"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True)
class Start:
    """From what a period runs: lodging, one of these steps, or the end of other periods; none: by hand.

    `ends` are ids of periods; `extended` says that their end is taken with the extension that the law allows,
    `plain` that it is taken without any, `done` that it counts also where what was due was done in time.
    `otherwise` are steps from which it runs where none of `steps` is on record: taken by the lead, they show
    that it took the case on.
    """

    steps: frozenset[str] = frozenset()
    otherwise: frozenset[str] = frozenset()
    lodging: bool = False
    ends: tuple[str, ...] = ()
    extended: bool = False
    plain: bool = False
    done: bool = False

    @staticmethod
    def parse(text: str) -> "Start":
        """Return the start written as "lodged", "forwarded admissible", "end:G5,G6", "end:G10+" or "".

        "end:G10-" and "end:P12*" are `plain` and `done`; "lead_confirmed or:investigation" is the first of
        these, and the second where there is none.
        """
        if text.startswith("end:"):
            named = text.removeprefix("end:")
            ends = tuple(named.rstrip("+-*").split(","))
            last = named[-1:]
            return Start(ends=ends, extended=last == "+", plain=last == "-", done=last == "*")
        first, _, otherwise = text.partition(OTHERWISE)
        words = first.split()
        return Start(
            steps=frozenset(words) - {LODGING},
            otherwise=frozenset(otherwise.split(",")) if otherwise else frozenset(),
            lodging=LODGING in words,
        )

    @property
    def by_hand(self) -> bool:
        """Return whether nothing that is recorded begins it: a person does."""
        return not (self.steps or self.lodging or self.ends)


#: What must hold for a period to run in a filing; each is asked in rules/running.py.
CONDITIONS = frozenset(
    {
        "oss", "passed_on", "by_lodged_with", "by_lead", "adverse", "normal", "simple", "objected",
        "not_objected", "commented", "old", "led_here", "draft_extended", "heard", "may_uphold", "unlisted",
    }
)  # fmt: skip
#: During what the clock of a period stands still by itself.
PAUSES: Mapping[str, str] = {
    "cooperation": "the time of a procedure under Art 56, 60 and 63 is not counted",
    "registration": "the month does not run while the Board checks the file, Art 27(6) Reg 2025/2518",
    "early": "not in the time of an early resolution, Art 4(5), 5(6) Reg 2025/2518",
    "scope": "suspended until the Board has decided on the scope, Art 12(2) Reg 2025/2518",
}


@dataclass(frozen=True, slots=True)
class Period:
    """One row of the table.

    `label` is what is due in few words. `length` is None where the law gives none, or where the period ends
    with another one; an authority that fixes the end does so between `length` and `longest`. `distance` is
    added to the nominal end (ten days before the Court of Justice). `only` are CONDITIONS; `place` is whose
    calendar counts: a party, "EU" or a state. `chapter` is the one of Regulation (EU) 2025/2518.

    `extension` is the longest one, given by `extension_basis`; it is said before the period ends, or so long
    before that as `notice` says, unless it comes by law. `once`: the law allows one only. `unheard` is what
    nobody has to tell us of. `met` are steps that meet it, `shown` those that only show that it was met
    before, `perhaps` those by which it may have been. `moot` are steps after which nobody waits for it any
    more. `doubt` is what is uncertain about it in every filing.
    """

    id: str
    regime: Regime
    chapter: str | None
    state: str | None
    kind: Kind
    basis: str
    label: str
    owes: str
    start: Start
    received: bool
    length: Length | None
    longest: Length | None
    extension: Length | None
    extension_basis: str
    notice: Length | None
    by_law: bool
    once: bool
    unheard: frozenset[Unheard]
    distance: Length | None
    pauses: frozenset[str]
    place: str
    way: Way
    met: frozenset[str]
    shown: frozenset[str]
    perhaps: frozenset[str]
    only: frozenset[str]
    moot: frozenset[str]
    sure: Sure
    source: str
    effect: str
    note: str
    doubt: str

    @property
    def own(self) -> bool:
        """Return whether it is ours to keep."""
        return self.owes == "us"

    @property
    def untold(self) -> bool:
        """Return whether nobody has to tell us that it was done: that no entry shows it proves nothing."""
        return Unheard.STEP in self.unheard

    @property
    def informs(self) -> bool:
        """Return whether what is due is word to us, so that it is done once that has come (Art. 77(2))."""
        return WORD in self.met and not self.own

    @property
    def contested(self) -> bool:
        """Return whether it is owed on one reading of the law and not on another."""
        return self.sure is Sure.CONTESTED

    @property
    def before_regulation(self) -> bool:
        """Return whether it runs only where Chapter III of Regulation (EU) 2025/2518 does not apply."""
        return "old" in self.only

    @property
    def lapses(self) -> bool:
        """Return whether nobody is late when it is over: a right, ours too, or the time a measure holds."""
        return self.kind is not Kind.DUTY

    @property
    def length_words(self) -> str:
        """Return "3 months", "3 weeks to 6 weeks", or "no length in the law"."""
        if self.length is None:
            return "no length in the law"
        return f"{self.length.words} to {self.longest.words}" if self.longest else self.length.words


def named(periods: Mapping[str, Period], period: str, *, field: str = "period") -> Period:
    """Return the period of that id. Raises RuleBroken for one that does not exist."""
    found = periods.get(period)
    if found is None:
        raise RuleBroken(f"There is no period {shown(period)}.", field=field)
    return found


def extended(period: Period, more: Length | None) -> Length | None:
    """Return the whole length with an extension, counted from the first event; None where there is no length.

    Raises RuleBroken for one that the law does not allow, or that is longer than it allows.
    """
    if period.length is None or more is None:
        return period.length
    most = period.extension
    if most is None:
        raise RuleBroken(f"{period.basis} allows no extension: fix the day instead.", field="more")
    if more.unit is not most.unit or more.number > most.number:
        raise RuleBroken(f"{period.extension_basis} allows {most.words} more at most.", field="more")
    return period.length.plus(more)


def ours_from(periods: Collection[Period], step: str) -> list[Period]:
    """Return the periods of ours that begin with a step, in which an authority may fix their last day."""
    return [it for it in periods if it.own and step in it.start.steps]
