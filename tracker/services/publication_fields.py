"""The form of what a publication holds: which parts and fields there are, and how old ones are read."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tracker.rules.access import OPTIONAL_FIELDS, PUBLIC_FIELDS
from tracker.rules.days import Day
from tracker.rules.languages import ORIGINAL

#: What a publication holds: {"case": {...}, "filings": [{...}], "updates": [{...}], ...}, see PARTS.
Content = dict[str, Any]

#: Part -> what each of its members is in rules.access.PUBLIC_FIELDS.
PARTS = {
    "filings": "filing",
    "updates": "update",
    "decisions": "decision",
    "deadlines": "deadline",
    "hearings": "hearing",
    "texts": "text",
}
#: The fields that can be left out, as people call them, in the order of the page.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "summary": "Summary",
        "project": "Project",
        "controllers": "Controllers, and who leads because of them",
        "claims": "Claims",
        "requested": "Measures asked for",
        "outcome_text": "Outcome as the source tells it",
        "sources": "Sources",
        "findings": "Findings of decisions on the claims",
        "deadlines": "What authorities owe, and until when",
    }
)
#: The lists within a decision, and what each of their members is.
WITHIN_DECISION = {"filings": "result", "findings": "finding", "fines": "fine", "measures": "measure"}
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}")


def checked(content: Content) -> Content:
    """Return the content; raises ValueError when its fields are not those of rules.access.PUBLIC_FIELDS."""
    if strange := set(content) ^ {"case", "fields", *PARTS}:
        raise ValueError(f"Not the parts of a publication: {sorted(strange)}.")
    if unknown := set(content["fields"]) - OPTIONAL_FIELDS:
        raise ValueError(f"Not fields that a publication may leave out: {sorted(unknown)}.")
    for kind, part in _parts(content):
        if set(part) != PUBLIC_FIELDS[kind]:
            raise ValueError(f"Not the public fields of a {kind}: {sorted(set(part) ^ PUBLIC_FIELDS[kind])}.")
    return content


def _parts(content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give everything that has fields, with what it is."""
    yield "case", content["case"]
    for part, kind in PARTS.items():
        yield from ((kind, it) for it in content[part])
    for decision in content["decisions"]:
        for part, kind in WITHIN_DECISION.items():
            yield from ((kind, it) for it in decision[part])


def completed(content: Content) -> Content:
    """Return a kept content with the parts and fields of today.

    An older one calls a lead presumed by sentence only, says nowhere in one line why it leads, and names
    nobody who handles a complaint without leading. One that is older still than decisions, deadlines,
    hearings and other languages has none of them.
    """
    filings = [
        {
            "lead_presumed": bool(it["lead"]) and "is presumed to lead" in it["lead_sentence"],
            "lead_short": "",
            "handling": None,
            **it,
        }
        for it in content["filings"]
    ]
    return {
        "decisions": [],
        "deadlines": [],
        "hearings": [],
        "texts": [],
        "fields": sorted(OPTIONAL_FIELDS - {"deadlines"}),
        **content,
        "case": {"language": ORIGINAL, **content["case"]},
        "filings": filings,
    }


def to_json(day: Day) -> dict[str, str | None]:
    """Return a day as it is kept in a publication."""
    return {"on": day.value.isoformat() if day.value else None, "precision": day.precision.value}


def addresses(*texts: str | None) -> list[str]:
    """Return the texts that are web addresses, each once. Other notes on sources are for the file."""
    return list(dict.fromkeys(it for it in texts if it and WEB_ADDRESS.fullmatch(it)))
