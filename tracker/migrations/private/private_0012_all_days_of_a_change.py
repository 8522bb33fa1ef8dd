"""The history of a deadline keeps all its days: the day to go by moves where the legal last day stays.

What was written before knows the legal last day alone, and the others stay unknown in it. Going back forgets
them; a row that tells of nothing else stays with its reason, because the history only grows.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0012"
down_revision = "private_0011"

COLUMNS = tuple(f"{day}_{side}" for day in ("safe", "certain", "started") for side in ("before", "after"))


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("deadline_changes") as table:
        for name in COLUMNS:
            table.add_column(sa.Column(name, sa.Date(), nullable=True))


def downgrade() -> None:
    """Drop them again."""
    with op.batch_alter_table("deadline_changes") as table:
        for name in reversed(COLUMNS):
            table.drop_column(name)
