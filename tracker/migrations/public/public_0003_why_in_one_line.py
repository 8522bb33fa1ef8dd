"""Why an authority leads, in one line.

What was copied before has no such line, and the page says who leads without it; `tracker init` writes the
copies anew afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "public_0003"
down_revision = "public_0002"

filings = sa.table("published_filings", sa.column("lead_short"))


def upgrade() -> None:
    op.add_column("published_filings", sa.Column("lead_short", sa.Text()))
    op.execute(sa.update(filings).values(lead_short=""))
    with op.batch_alter_table("published_filings") as table:
        table.alter_column("lead_short", existing_type=sa.Text(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("published_filings") as table:
        table.drop_column("lead_short")
