"""Deadlines made by hand, where a test wants a day and not how it comes about."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import Deadline, DeadlineChange, Filing
from tracker.reference.periods import periods, version
from tracker.rules.vocabulary import Precision

COUNTED: dict[str, Any] = {
    "length": "+3m",
    "started_by": 0,
    "calendars": ["AT"],
    "version": "holidays 0.109",
    "reasons": [],
    "skipped": [],
    "uncertain": [],
}


def forget_deadlines() -> None:
    """Take away every deadline that the program computed; call it inside a transaction."""
    db.session.flush()
    db.session.execute(sa.delete(DeadlineChange))
    db.session.execute(sa.delete(Deadline))


def stored_deadline(
    filing: Filing,
    period: str = "G15",
    *,
    due: date | None,
    start_number: int = 0,
    own: bool | None = None,
    **values: Any,
) -> Deadline:
    """Store a deadline of a filing in the place of the one that is there; call it inside a transaction.

    It runs from the lodging, is owed by whom the table says, and is open unless the values say otherwise;
    `own` makes it ours or somebody else's whatever the table says.
    """
    owes = periods()[period].owes
    if own is not None:
        owes = "us" if own else "lodged_with" if owes == "us" else owes
    db.session.execute(
        sa.delete(Deadline).where(
            Deadline.filing_id == filing.id, Deadline.period == period, Deadline.start_number == start_number
        )
    )
    row = Deadline(
        **{
            "filing_id": filing.id,
            "period": period,
            "start_number": start_number,
            "started_on": filing.lodged_on,
            "started_precision": Precision.DAY,
            "owes": owes,
            "owes_slug": filing.authority_slug if owes == "lodged_with" else None,
            "own": owes == "us",
            "nominal_on": due,
            "due_on": due,
            "safe_on": due,
            "certain_on": due,
            "open": not (values.get("met_on") or values.get("waived") or values.get("gone")),
            "extended": False,
            "gone": False,
            "counted": COUNTED,
            "rules_version": version(),
            "computed_at": clock.now(),
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row
