"""What of a case does not count as checked against its source: nobody proposes it without meaning to."""

from collections.abc import Mapping
from typing import Any

from tracker.services.publication_records import Records

#: What is said of a part that the source itself calls unverified.
NOT_CHECKED = "not checked against the source"
#: Of the outcome in words of a source, which has no such mark.
NOT_MARKED = "not marked as checked against the source"
#: The fields that one mark of the source is about.
LEGAL = ("claims", "requested")


def unchecked(records: Records) -> Mapping[str, Mapping[Any, str]]:
    """Return the parts of a case that do not count as checked, each with why, by part as content_of() has it.

    What was recorded at the desk counts as checked: whoever recorded it had the letter.
    """
    case = records.case
    fields: dict[Any, str] = {}
    names = [it.controller.name for it in case.controllers if it.controller.verified is False]
    if names:
        fields["controllers"] = f"{', '.join(names)}: {NOT_CHECKED}"
    if case.legal_verified is False:
        fields |= dict.fromkeys(LEGAL, NOT_CHECKED)
    if (case.outcome_said or {}).get("summary"):
        fields["outcome_text"] = NOT_MARKED
    return {
        "fields": fields,
        "filings": {it.number: NOT_CHECKED for it in case.filings if it.verified is False},
        "updates": {it.number: NOT_CHECKED for it in records.counting if it.verified is False},
        "decisions": {it.it.number: NOT_CHECKED for it in records.decisions if it.it.verified is False},
    }
