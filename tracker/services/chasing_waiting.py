"""Filings in which an authority waits for us: whoever reminds it there should have answered first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Deadline
from tracker.reference.periods import periods
from tracker.rules import days
from tracker.rules.deadlines import State, state
from tracker.rules.periods import Kind
from tracker.services import deadlines

#: What an authority asks of us, so that it waits for the answer. A remedy of ours is no such thing, and
#: neither is what we began by hand: nobody may wait for that but we.
ASKED = ("OWN-REMEDY", "OWN-VIEWS", "P4", "P19", "P23")


@dataclass(frozen=True, slots=True)
class Awaited:
    """What an authority waits for: what it is, the entry that asks for it (0: the lodging), its last day."""

    what: str
    entry: int
    until: date | None

    @property
    def words(self) -> str:
        """Return it in a sentence of its own."""
        until = f", until {days.words(self.until)}" if self.until else ""
        return f"The authority waits for our answer: {self.what}{until} (entry {self.entry})."


def awaited(filing_ids: Sequence[int], *, today: date) -> dict[int, Awaited]:
    """Return by filing what an authority waits for from us, the latest where there is more; one statement.

    A right of ours that is over is nothing that anybody waits for any more; what we have to do is.
    """
    query = (
        sa.select(Deadline)
        .where(Deadline.filing_id.in_(filing_ids), Deadline.period.in_(ASKED), Deadline.open, ~Deadline.gone)
        .order_by(Deadline.start_number)
    )
    found = {}
    for row in db.session.scalars(query):
        period, ends = periods()[row.period], deadlines.ends_of(row)
        over = state(ends, today) not in (State.RUNNING, State.EXTENDED, State.PAUSED)
        if not over or period.kind is Kind.DUTY:
            entry = row.counted.get("started_by") or row.start_number
            found[row.filing_id] = Awaited(period.label, entry, row.due_on)
    return found
