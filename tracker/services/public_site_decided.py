"""What authorities and courts decided in a public case, and what they found on each of its claims."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.rules.days import Day
from tracker.rules.decisions import APPEALS, DRAFTS, FINDINGS, MEASURES, RESULTS, TYPES
from tracker.rules.money import Money
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Result
from tracker.services.public_site_positions import is_pending
from tracker.services.public_site_records import FilingRecord, Kept, day_of
from tracker.services.public_site_words import Named, State, named

_RESULTS: Mapping[Result, tuple[str, str]] = {
    Result.UPHELD: ("full", "good"),
    Result.PARTLY: ("half", "mixed"),
    Result.REJECTED: ("full", "bad"),
    Result.CONFIRMED: ("full", "neutral"),
    Result.ANNULLED: ("bar", "neutral"),
}
_FINDINGS: Mapping[Finding, tuple[str, str]] = {
    Finding.UPHELD: ("full", "good"),
    Finding.PARTLY: ("half", "mixed"),
    Finding.REJECTED: ("full", "bad"),
    Finding.NOT_EXAMINED: ("none", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """A state and the filings of which it is true."""

    state: State
    filings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """A corrective power that was used: its letter in Art 58(2), words, and until when."""

    letter: str
    words: str
    said: str | None
    comply_by: date | None


@dataclass(frozen=True, slots=True)
class Fined:
    """A fine, and against whom where that is said."""

    money: Money
    against: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A cleared decision. `name`, results, measures and `appeal` are English words of the program.

    `place` is its number among the decisions of the case; `by` is None where it is no authority of the
    directory, then `by_words` are those of the entry. One without `filings` was made in other proceedings.
    """

    place: int
    name: str
    draft: bool
    by: Named | None
    by_words: str
    day: Day
    results: tuple[Counted, ...]
    fines: tuple[Fined, ...]
    measures: tuple[Measure, ...]
    appeal: str
    appeal_to: str | None
    gone: bool
    reference: str | None
    ecli: str | None
    language: str | None
    source: str | None
    summary: str
    entries: tuple[int, ...]
    filings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with what was found on it, by finding.

    In `open` filings it waits: they are pending, or were decided without it. In `silent` others nobody
    recorded what was found.
    """

    provision: str
    url: str | None
    title: str | None
    conduct: str | None
    found: tuple[Counted, ...]
    proposed: bool
    open: int
    silent: int


def decided_in(kept: Kept) -> tuple[Decided, ...]:
    """Return the cleared decisions of a case in their order."""
    return tuple(_decided(place, it) for place, it in enumerate(kept.decisions, start=1))


def claims_of(kept: Kept) -> tuple[ClaimRow, ...]:
    """Return the claims with their findings: of several decisions on a filing the last one counts."""
    said: dict[int, dict[str, tuple[Mapping[str, Any], bool]]] = {}
    for decision in kept.decisions:
        for it in decision["findings"]:
            said.setdefault(it["claim"], {})[it["filing"]] = (it, decision["type"] in DRAFTS)
    return tuple(_claim(it, said.get(place, {}), kept.filings) for place, it in enumerate(kept.case.claims))


def _claim(
    claim: Mapping[str, Any],
    said: Mapping[str, tuple[Mapping[str, Any], bool]],
    filings: Sequence[FilingRecord],
) -> ClaimRow:
    by_finding: dict[Finding, list[str]] = {}
    for number, (it, _) in sorted(said.items()):
        by_finding.setdefault(Finding(it["finding"]), []).append(number)
    found = [
        Counted(State(*_with_words(_FINDINGS[finding], FINDINGS[finding])), tuple(numbers))
        for finding, numbers in by_finding.items()
        if finding is not Finding.OPEN
    ]
    told = {number for it in found for number in it.filings}
    left = set(claim.get("open", ()))
    untold = [it for it in filings if it.number not in told and it.number not in left]
    waiting = sum(map(is_pending, untold))
    return ClaimRow(
        provision=claim["provision"],
        url=claim["url"],
        title=claim["title"],
        conduct=claim["conduct"],
        found=tuple(found),
        proposed=bool(said) and all(draft for _, draft in said.values()),
        open=len(left) + waiting,
        silent=len(untold) - waiting,
    )


def _decided(place: int, it: Mapping[str, Any]) -> Decided:
    by_result: dict[Result, list[str]] = {}
    for each in it["filings"]:
        by_result.setdefault(Result(each["result"]), []).append(each["number"])
    appeal = AppealStatus(it["appeal"])
    return Decided(
        place=place,
        name=TYPES[DecisionType(it["type"])] if it["type"] else "Decision",
        draft=it["type"] in DRAFTS,
        by=named(it["decided_by_slug"]) if it["decided_by_slug"] else None,
        by_words=it["decided_by"],
        day=day_of(it["decided"]),
        results=tuple(
            Counted(State(*_with_words(_RESULTS[result], RESULTS[result])), tuple(numbers))
            for result, numbers in by_result.items()
            if result is not Result.OPEN
        ),
        fines=tuple(Fined(Money(each["minor"], each["currency"]), each["against"]) for each in it["fines"]),
        measures=tuple(
            Measure(
                each["letter"],
                MEASURES.get(each["letter"], ""),
                each["words"],
                date.fromisoformat(each["comply_by"]) if each["comply_by"] else None,
            )
            for each in it["measures"]
        ),
        appeal=APPEALS[appeal],
        appeal_to=it["appeal_to"],
        gone=appeal is AppealStatus.ANNULLED,
        reference=it["reference"],
        ecli=it["ecli"],
        language=it["language"],
        source=it["source"],
        summary=it["summary"],
        entries=tuple(it["entries"]),
        filings=tuple(each["number"] for each in it["filings"]),
    )


def _with_words(shown: tuple[str, str], words: str) -> tuple[str, str, str]:
    mark, tone = shown
    return mark, words, tone
