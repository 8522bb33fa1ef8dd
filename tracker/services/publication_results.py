"""What follows from a cleared content as a whole, for its copies: open claims, and days of results.

It is worked out when a case is copied, from what is cleared and nothing else, so that making the public
store anew gives the same to what was cleared before this was known.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.rules.decisions import BEFORE_THE_RESULT, DRAFTS
from tracker.rules.positions import HAS_DECISION, Position, open_claims, position
from tracker.rules.vocabulary import Finding, Precision
from tracker.services.publication_fields import Content


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
        "filings": [{**it, "since": _since(it, content["updates"], made)} for it in content["filings"]],
    }


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
