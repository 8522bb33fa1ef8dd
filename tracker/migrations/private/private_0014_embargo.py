"""Until when what was cleared is not public yet, and why something was taken back from the public.

Nothing was under embargo so far, and nobody was asked for the reason. Going back loses both; what is under
embargo then has a state that the older program does not know, so it counts as turned down.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0014"
down_revision = "private_0013"

publications = sa.table("publications", sa.column("state"))


def upgrade() -> None:
    """Add the columns."""
    with op.batch_alter_table("publications") as table:
        table.add_column(sa.Column("embargo_until", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawal_reason", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Drop them again."""
    held = publications.c.state == "embargoed"
    op.execute(sa.update(publications).where(held).values(state="declined"))
    with op.batch_alter_table("publications") as table:
        table.drop_column("withdrawal_reason")
        table.drop_column("embargo_until")
