"""Guards: where the table of the procedure alone does not tell whether a step is lawful, or what follows.

They are data (reference/guards.csv); this module says when each of their conditions holds.
"""

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.rules import days
from tracker.rules.applicability import FROM as REGULATION_APPLIES
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.vocabulary import Answer

#: Whose act a step may be, in words; `any` is anybody's.
PARTIES: Mapping[str, str] = {
    "us": "the organisation that complains",
    "lodged_with": "the authority lodged with",
    "lead": "the lead authority",
    "concerned": "an authority concerned",
    "handling": "the authority that handles the complaint",
    "board": "the Board",
    "court": "a court",
    "controller": "the controller",
}
NO_AUTHORITY = frozenset({"us", "court", "controller"})


class Effect(enum.Enum):
    """What a guard does to a step for which its condition holds."""

    #: No note helps where the step is not lawful: it cannot have happened.
    IMPOSSIBLE = "impossible"
    #: Out of order: recorded with a note only.
    REFUSED = "refused"
    #: Lawful, with something to know.
    REMARK = "remark"


class When(enum.Enum):
    """When a guard holds."""

    ALWAYS = "always"
    #: No route is inside the one-stop shop, as far as is known.
    OUTSIDE = "outside"
    #: Every route certainly is.
    INSIDE = "inside"
    #: The lead is known, and another authority than the one lodged with.
    ELSEWHERE = "elsewhere"
    INSIDE_ELSEWHERE = "inside_elsewhere"
    #: Lodged before, on or after the day on which Regulation (EU) 2025/2518 applies.
    BEFORE_REGULATION = "before_regulation"
    ON_THE_DAY = "on_the_day"
    AFTER_REGULATION = "after_regulation"
    #: That Regulation applies by the day of lodging, and the case is not cross-border.
    OUTSIDE_CROSS_BORDER = "outside_cross_border"
    #: The complaint has ended before the authority.
    ENDED = "ended"
    #: The action for inaction (Art 78(2)) comes before its day.
    NOT_DUE = "not_due"
    #: An authority acts that is known not to be the one whose act it is.
    WRONG_AUTHORITY = "wrong_authority"


@dataclass(frozen=True, slots=True)
class Guard:
    """What is to be heeded with some steps, from any stage or from some. `words` are one sentence or two.

    Their slots: {party}, {actor}, {lodged_with}, {lead}, {due}.
    """

    code: str
    effect: Effect
    when: When
    steps: frozenset[str]
    stages: frozenset[str]
    basis: str
    words: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What of a filing decides on its procedure, besides where it stands. Authorities are slugs.

    `inside` is whether the one-stop shop of Art 60 applies: unknown where a lead is only presumed, or where
    it applies to some routes only. `parties` holds the authorities that may be a party, `known` those parties
    of which that is certain.
    """

    inside: Answer
    lodged: Day = UNKNOWN_DAY
    parties: Mapping[str, frozenset[str]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    #: The first day of an action for inaction, where the periods tell it.
    inaction_from: date | None = None
    #: How an authority is named in a sentence.
    say: Callable[[str], str] = str

    @property
    def leads_itself(self) -> bool:
        """Return whether the authority lodged with leads, as far as is known: nothing is passed on then."""
        lead, lodged_with = self.parties.get("lead"), self.parties.get("lodged_with")
        return self.inside is not Answer.NO and bool(lead and lodged_with and lead & lodged_with)

    def named(self, parties: Iterable[str]) -> str:
        """Return the parties in words, with the authorities that they are where that is known."""
        listed = list(parties)
        slugs = sorted({slug for it in listed for slug in self.parties.get(it, ())})
        who = f" ({' or '.join(map(self.say, slugs))})" if slugs else ""
        return " or ".join(PARTIES.get(it, "anybody") for it in listed) + who


def regulation(lodged: Day, day: Day = UNKNOWN_DAY) -> int | None:
    """Return whether a complaint was lodged before (-1), on (0) or after (1) the day of Reg. 2025/2518.

    None where nobody can say. What happens on `day` was lodged by then.
    """
    latest = min((it.last for it in (lodged, day) if it.last), default=None)
    if latest is not None and latest < REGULATION_APPLIES:
        return -1
    if lodged.first is None or lodged.last is None or lodged.first < REGULATION_APPLIES:
        return None
    if lodged.first > REGULATION_APPLIES:
        return 1
    return 0 if lodged.last == REGULATION_APPLIES else None


def is_unexpected(
    actors: Iterable[str], authority: str | None, parties: Mapping[str, frozenset[str]]
) -> bool:
    """Return whether an authority (None for anybody else) acts where the act is of other parties.

    `parties` holds, by party, the authorities that may be it; where none is known for one of the actors,
    nothing is unexpected. Any authority may be concerned but the lead and the Board.
    """
    actors = frozenset(actors)
    if authority is None or "any" in actors:
        return False
    if "concerned" in actors:
        # An authority that leads and is concerned, too, against another controller, is expected.
        leads = parties.get("lead", frozenset())
        return authority in parties.get("board", ()) or leads == {authority}
    expected = [parties.get(it, frozenset()) for it in actors - NO_AUTHORITY]
    return all(expected) and not any(authority in it for it in expected)


def is_wrong(actors: Iterable[str], authority: str | None, setting: Setting) -> bool:
    """Return whether an authority acts that is certainly none of those whose act it is."""
    actors = frozenset(actors)
    return actors <= setting.known and is_unexpected(actors, authority, setting.parties)


def holds(guard: Guard, setting: Setting, *, ended: bool, day: Day) -> bool:
    """Return whether the condition of a guard holds for a step of that day.

    `ended` says whether the complaint has ended. A condition about who acts never does: see is_wrong().
    """
    return _CONDITIONS[guard.when](setting, ended, day)


def filled(guard: Guard, setting: Setting, *, actors: Iterable[str] = (), actor: str | None = None) -> str:
    """Return the words of a guard with its slots filled."""
    due = setting.inaction_from
    return guard.words.format_map(
        {
            "party": setting.named(actors),
            "actor": setting.say(actor) if actor else "somebody else",
            "lodged_with": _one(setting, "lodged_with"),
            "lead": _one(setting, "lead"),
            "due": days.words(due) if due else "a day that is not known",
        }
    )


def _one(setting: Setting, party: str) -> str:
    known = setting.parties.get(party, frozenset())
    return setting.say(next(iter(known))) if len(known) == 1 else PARTIES[party]


def _elsewhere(setting: Setting) -> bool:
    lead, lodged_with = setting.parties.get("lead"), setting.parties.get("lodged_with")
    return bool(lead and lodged_with and "lead" in setting.known and not lead & lodged_with)


def _not_due(setting: Setting, day: Day) -> bool:
    first = setting.inaction_from
    return first is not None and day.last is not None and day.last < first


_CONDITIONS: Mapping[When, Callable[[Setting, bool, Day], bool]] = {
    When.ALWAYS: lambda setting, ended, day: True,
    When.OUTSIDE: lambda setting, ended, day: setting.inside is Answer.NO,
    When.INSIDE: lambda setting, ended, day: setting.inside is Answer.YES,
    When.ELSEWHERE: lambda setting, ended, day: _elsewhere(setting),
    When.INSIDE_ELSEWHERE: lambda setting, ended, day: setting.inside is Answer.YES and _elsewhere(setting),
    When.BEFORE_REGULATION: lambda setting, ended, day: regulation(setting.lodged, day) == -1,
    When.ON_THE_DAY: lambda setting, ended, day: regulation(setting.lodged, day) == 0,
    When.AFTER_REGULATION: lambda setting, ended, day: regulation(setting.lodged, day) == 1,
    When.OUTSIDE_CROSS_BORDER: lambda setting, ended, day: (
        setting.inside is Answer.NO and regulation(setting.lodged, day) in (0, 1)
    ),
    When.ENDED: lambda setting, ended, day: ended,
    When.NOT_DUE: lambda setting, ended, day: _not_due(setting, day),
    When.WRONG_AUTHORITY: lambda setting, ended, day: False,
}
