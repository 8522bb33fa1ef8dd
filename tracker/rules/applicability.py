"""Which chapters of the Procedural Regulation, (EU) 2025/2518, apply to a complaint (PR Art 1, 36, 37).

The transitional rule of Art 36 says "after 2 April 2027" of Chapters III to VI. Of that day itself it says
nothing, so a person decides what is lodged or referred on it. Unknown facts are left to a person, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from tracker.errors import RuleBroken
from tracker.rules.counting import Reason
from tracker.rules.days import words
from tracker.rules.territory import is_eea
from tracker.rules.vocabulary import Answer

#: The Regulation applies from this day (Art 37(2)), Chapters III to VI to what comes after it (Art 36).
FROM = date(2027, 4, 2)
CHAPTERS = ("II", "III", "IV", "V", "VI")
BY_REFERRAL = ("V", "VI")
_OUTSIDE_THE_UNION = frozenset({"IS", "LI", "NO"})


@dataclass(frozen=True, slots=True)
class Applicable:
    """Whether a chapter applies, and why. Answer.UNKNOWN: a person has to decide."""

    chapter: str
    applies: Answer
    reasons: tuple[Reason, ...]


def applicable(
    lodged: date,
    referred: date | None,
    cross_border: Answer,
    local: Answer,
    *,
    state: str | None = None,
) -> Mapping[str, Applicable]:
    """Return for each chapter whether it applies to a complaint lodged on that day.

    `referred` is the day of a referral to the Board, None where there was none. `local` is whether the case
    is one of Art 56(2) GDPR. `state` is that of the authority that has to act, where it is known. Raises
    RuleBroken for a referral before the lodging.
    """
    if referred is not None and referred < lodged:
        raise RuleBroken(
            f"The referral to the Board on {words(referred)} lies before the lodging on {words(lodged)}.",
            field="referred",
        )
    return MappingProxyType(
        {it: _chapter(it, lodged, referred, cross_border, local, state) for it in CHAPTERS}
    )


def _chapter(
    chapter: str, lodged: date, referred: date | None, cross_border: Answer, local: Answer, state: str | None
) -> Applicable:
    by_date, reason = (
        _by_referral(lodged, referred) if chapter in BY_REFERRAL else _by_lodging(chapter, lodged)
    )
    if by_date is Answer.NO:
        return Applicable(chapter, Answer.NO, (reason,))
    if cross_border is Answer.NO:
        text = "The processing is not cross-border, and the Regulation is for cross-border processing only"
        return Applicable(chapter, Answer.NO, (Reason(text, "PR Art 1"),))
    if chapter == "III" and local is Answer.YES:
        text = "The case is a local one under Art 56(2) GDPR, for which this chapter does not apply"
        return Applicable(chapter, Answer.NO, (Reason(text, "PR Art 6(5)"),))
    if state == "EU":
        text = "The EDPS acts under Regulation (EU) 2018/1725, and this one is for enforcing the GDPR"
        return Applicable(chapter, Answer.NO, (Reason(text, "PR Art 1"),))
    if state is not None and not is_eea(state, FROM):
        text = "The authority is outside the European Economic Area, so it is none of the GDPR"
        return Applicable(chapter, Answer.NO, (Reason(text, "PR Art 1, Art 4(21) GDPR"),))
    doubts = [reason] if by_date is Answer.UNKNOWN else []
    if cross_border is Answer.UNKNOWN:
        doubts.append(Reason("Whether the processing is cross-border is not known", "PR Art 1, 4(4)"))
    if chapter == "III" and local is Answer.UNKNOWN:
        doubts.append(
            Reason("Whether the case is a local one under Art 56(2) GDPR is not known", "PR Art 6(5)")
        )
    if state in _OUTSIDE_THE_UNION:
        text = "Iceland, Liechtenstein and Norway need a decision of the EEA Joint Committee first"
        doubts.append(Reason(text, "Art 102 EEA Agreement"))
    if doubts:
        return Applicable(chapter, Answer.UNKNOWN, tuple(doubts))
    return Applicable(chapter, Answer.YES, (reason,))


def _by_lodging(chapter: str, lodged: date) -> tuple[Answer, Reason]:
    if lodged < FROM:
        return Answer.NO, Reason(
            f"Lodged on {words(lodged)}, before the Regulation applies from {words(FROM)}", "PR Art 36, 37(2)"
        )
    if chapter == "II":
        return Answer.YES, Reason(f"Lodged on {words(lodged)}, when the Regulation applies", "PR Art 37(2)")
    if lodged == FROM:
        return Answer.UNKNOWN, Reason(
            f"Lodged on {words(FROM)} itself: this chapter is for complaints lodged after that day",
            "PR Art 36",
        )
    return Answer.YES, Reason(f"Lodged on {words(lodged)}, after {words(FROM)}", "PR Art 36")


def _by_referral(lodged: date, referred: date | None) -> tuple[Answer, Reason]:
    if referred is None:
        if lodged >= FROM:
            text = f"Lodged on {words(lodged)}, so that a referral to the Board comes after {words(FROM)}"
            doubt = Answer.YES if lodged > FROM else Answer.UNKNOWN
            return doubt, Reason(text if lodged > FROM else f"{text}, or on that day", "PR Art 36")
        text = (
            f"Nothing was referred to the Board, and this chapter is for what is referred after {words(FROM)}"
        )
        return Answer.NO, Reason(text, "PR Art 36")
    if referred < FROM:
        return Answer.NO, Reason(
            f"Referred to the Board on {words(referred)}, before {words(FROM)}", "PR Art 36"
        )
    if referred == FROM:
        return Answer.UNKNOWN, Reason(
            f"Referred to the Board on {words(FROM)} itself: this chapter is for what comes after that day",
            "PR Art 36",
        )
    return Answer.YES, Reason(f"Referred to the Board on {words(referred)}, after {words(FROM)}", "PR Art 36")
