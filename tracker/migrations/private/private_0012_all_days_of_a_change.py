"""The history of a deadline keeps all its days: the day to go by moves where the legal last day stays.

What was written before knows the legal last day alone, and the others stay unknown in it. Going back forgets
them; a row that tells of nothing else stays with its reason, because the history only grows.

What people were told has more steps: those of a deadline that is in doubt stand between its day to go by (0,
or -1 where the legal last day is far away) and the end of it, which is -1001 where it was -2. Going back
makes every step in doubt the one that was there for all of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0012"
down_revision = "private_0011"

marks = sa.table("mail_marks", sa.column("step", sa.BigInteger()))

COLUMNS = tuple(f"{day}_{side}" for day in ("safe", "certain", "started") for side in ("before", "after"))


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("deadline_changes") as table:
        for name in COLUMNS:
            table.add_column(sa.Column(name, sa.Date(), nullable=True))
    op.execute(sa.update(marks).where(marks.c.step == -2).values(step=-1001))


def downgrade() -> None:
    """Drop them again."""
    op.execute(sa.update(marks).where(marks.c.step < -1, marks.c.step > -1001).values(step=-1))
    op.execute(sa.update(marks).where(marks.c.step <= -1001).values(step=-2))
    with op.batch_alter_table("deadline_changes") as table:
        for name in reversed(COLUMNS):
            table.drop_column(name)
