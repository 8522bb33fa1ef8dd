"""Deadlines made by hand: what a test does not name is that of a period that runs from the lodging."""

from datetime import date
from typing import Any

from tracker import clock
from tracker.db import db
from tracker.models import Deadline, Filing
from tracker.rules.vocabulary import Precision

COUNTED = {
    "length": "+3m",
    "calendar": "AT",
    "version": "holidays 0.109",
    "reasons": [],
    "skipped": [],
    "uncertain": [],
}


def stored_deadline(
    filing: Filing, period: str = "G15", *, due: date | None, own: bool = False, **values: Any
) -> Deadline:
    """Store one deadline of a filing, open unless the values say otherwise; call it inside a transaction."""
    done = values.get("met_on") or values.get("waived")
    row = Deadline(
        **{
            "filing_id": filing.id,
            "period": period,
            "start_number": 0,
            "started_on": filing.lodged_on,
            "started_precision": Precision.DAY,
            "owes": "us" if own else "lodged_with",
            "owes_slug": None if own else filing.authority_slug,
            "own": own,
            "nominal_on": due,
            "due_on": due,
            "safe_on": due,
            "certain_on": due,
            "open": not done,
            "extended": False,
            "gone": False,
            "counted": COUNTED,
            "rules_version": "1",
            "computed_at": clock.now(),
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row
