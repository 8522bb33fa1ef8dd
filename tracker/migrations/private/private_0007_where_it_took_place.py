"""Where a complainant works, and where the infringement took place: the other two places of Art 77(1).

Nothing was known of them so far. Going back loses what was said since.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0007"
down_revision = "private_0006"


def upgrade() -> None:
    """Add the place of work of a complainant and the place of the infringement of a case, not known yet."""
    with op.batch_alter_table("complainants") as table:
        table.add_column(sa.Column("workplace", sa.Text(), nullable=True))
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("infringement_place", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop both places."""
    with op.batch_alter_table("cases") as table:
        table.drop_column("infringement_place")
    with op.batch_alter_table("complainants") as table:
        table.drop_column("workplace")
