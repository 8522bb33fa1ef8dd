"""In which language a case is written. All were taken for English so far, and are again after going back."""

import sqlalchemy as sa
from alembic import op

revision = "private_0015"
down_revision = "private_0014"


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("language", sa.Text(), nullable=False, server_default="en"))
    with op.batch_alter_table("cases") as table:
        table.alter_column("language", server_default=None, existing_type=sa.Text(), existing_nullable=False)


def downgrade() -> None:
    """Drop it again."""
    with op.batch_alter_table("cases") as table:
        table.drop_column("language")
