"""Who deals with a complaint that was lodged elsewhere, where that authority does not lead.

What was copied before names nobody; the next publication of its case does.
"""

import sqlalchemy as sa
from alembic import op

revision = "public_0004"
down_revision = "public_0003"


def upgrade() -> None:
    with op.batch_alter_table("published_filings") as table:
        table.add_column(sa.Column("handling", sa.Text(), nullable=True))
        table.create_index("ix_published_filings_handling", ["handling"])


def downgrade() -> None:
    with op.batch_alter_table("published_filings") as table:
        table.drop_index("ix_published_filings_handling")
        table.drop_column("handling")
