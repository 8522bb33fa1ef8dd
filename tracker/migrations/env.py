"""What Alembic runs for a migration of either store, within the transaction that storage/schema.py opened."""

from typing import Any

import sqlalchemy as sa
from alembic import context

from tracker.db import Moment, has_a_model


def plain(kind: str, item: Any, autogen: Any) -> str | bool:
    """Return how a drafted revision writes a column type, or False for Alembic's own way.

    A revision names the types of the database and not ours: ours may change, and it has to stay what it was.
    An enumeration is text, so that a new word needs no revision.
    """
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, sa.JSON):
        return "sa.JSON()"
    return False


given = context.config.attributes
context.configure(
    connection=given["connection"],
    target_metadata=given.get("metadata"),
    render_item=plain,
    include_name=has_a_model,
    # SQLite changes a column by rebuilding the table: Alembic does that inside a batch.
    render_as_batch=True,
)
context.run_migrations()
