"""What a deadline was before: a row as private_0008 has it, and what private_0012 adds to it."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tracker import models as m

NOON = datetime(2024, 6, 6, 12, tzinfo=UTC)
DAY = date(2024, 6, 6)


def change(session: Session) -> None:
    """Write the row of private_0008, which knows the legal last day alone."""
    table = m.DeadlineChange.__table__
    older = ("id", "deadline_id", "at", "actor", "due_before", "due_after", "why")
    values = dict(zip(older, (1, 1, NOON, "shell", DAY, DAY, "é"), strict=True))
    session.execute(sa.insert(sa.table("deadline_changes", *(table.c[it]._copy() for it in older))), values)


def all_days(session: Session) -> None:
    """Write what private_0012 adds."""
    new = (f"{day}_{side}" for day in ("safe", "certain", "started") for side in ("before", "after"))
    session.execute(sa.update(m.DeadlineChange).values(dict.fromkeys(new, DAY)))
