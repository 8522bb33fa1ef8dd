"""What follows from a cleared content as a whole, for its copies: open claims, and days of results.

It is worked out when a case is copied, from what is cleared and nothing else, so that making the public
store anew gives the same to what was cleared before this was known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.reference.authorities import in_words
from tracker.rules.decisions import BEFORE_THE_RESULT, DRAFTS, ENDING
from tracker.rules.positions import HAS_DECISION, Position, open_claims, position
from tracker.rules.vocabulary import (
    AppealStatus,
    DecisionType,
    Finding,
    Outcome,
    Precision,
    Result,
)
from tracker.services.publication_fields import Content

#: What speaks for a lead that is only presumed.
ACTED_AS_LEAD = "That {lead} gave the final decision speaks for it (Art 60(7))."
#: Stages at which a decision stands that no judgment has touched yet.
BEFORE_A_JUDGMENT = ENDING | {"measures", "appeal"}


def with_results(content: Content) -> Content:
    """Return a completed content whose claims have `open`, and whose filings stand since their decision.

    `open` are the numbers of the filings that were decided, and not on this claim. Where the entry that tells
    of a decision has another day, that of an announcement, the day on which it was made counts.
    """
    made = [it for it in content["decisions"] if it["type"] not in DRAFTS]
    left = open_claims(
        (it["filing"], it["claim"], Finding(it["finding"])) for each in made for it in each["findings"]
    )
    partly = {
        it["number"]
        for it in content["filings"]
        if position(it["outcome"], left.get(it["number"], ())) is Position.PARTLY
    }
    claims = [
        {**it, "open": sorted(number for number in partly if place in left[number])}
        for place, it in enumerate(content["case"]["claims"])
    ]
    return {
        **content,
        "case": {**content["case"], "claims": claims},
        "filings": [_filing(it, content["updates"], made) for it in content["filings"]],
    }


def _filing(
    filing: Mapping[str, Any], updates: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    number = filing["number"]
    ending = [
        it
        for it in made
        if it["type"] not in (*BEFORE_THE_RESULT, DecisionType.JUDGMENT.value)
        and any(each["number"] == number for each in it["filings"])
    ]
    found = {
        **filing,
        "since": _since(filing, updates, made),
        "lead_sentence": filing["lead_sentence"] + _acted_as_lead(filing, ending),
    }
    decided = position(filing["outcome"]) in HAS_DECISION and filing["stage"] in BEFORE_A_JUDGMENT
    if decided and ending and _is_annulled(ending[-1], number):
        # Nobody recorded the judgment as an entry, or it is not cleared: the decision itself says it.
        unknown = {"on": None, "precision": Precision.UNKNOWN.value}
        waits = {"stage": "decision_annulled", "outcome": Outcome.PENDING.value, "since": unknown}
        return {**found, **waits, "entered_by_authority": None}
    return found


def _is_annulled(decision: Mapping[str, Any], number: str) -> bool:
    said = {it["number"]: it["result"] for it in decision["filings"]}
    return Result.ANNULLED.value == said[number] or AppealStatus.ANNULLED.value == str(decision["appeal"])


def _acted_as_lead(filing: Mapping[str, Any], ending: Sequence[Mapping[str, Any]]) -> str:
    """Return what speaks for a lead that is presumed: that it gave the final decision; nothing for others.

    Whoever leads adopts it (Art 60(7)), and the part that upholds the complaint (Art 60(9)); a rejection is
    adopted by the authority lodged with (Art 60(8)). It stays presumed until somebody records that it leads.
    """
    lead, number = filing["lead"], filing["number"]
    if not filing["lead_presumed"]:
        return ""
    # Reasons that differ by controller are paragraphs, and so is this beside them.
    apart = "\n\n" if "\n" in filing["lead_sentence"] else " "
    for it in ending:
        said = next(each["result"] for each in it["filings"] if each["number"] == number)
        upheld = said in (Result.UPHELD.value, Result.PARTLY.value)
        if it["type"] == DecisionType.FINAL.value and it["decided_by_slug"] == lead and upheld:
            return f"{apart}{ACTED_AS_LEAD.format(lead=in_words(lead))}"
    return ""


def _since(
    filing: Mapping[str, Any], updates: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]]
) -> Any:
    """Return the day of the decision that an entry of this day tells of, else the day as it is."""
    number, since = filing["number"], filing["since"]
    if position(filing["outcome"]) not in HAS_DECISION:
        return since
    told = {it["number"] for it in updates if number in it["filings"] and it["day"] == since}
    for it in made:
        about = any(each["number"] == number for each in it["filings"])
        known = it["decided"]["precision"] == Precision.DAY.value
        if about and known and it["type"] not in BEFORE_THE_RESULT and told & set(it["entries"]):
            return it["decided"]
    return since
