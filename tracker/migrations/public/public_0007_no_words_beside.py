"""The words of a case folded, beside the search: since public_0006 nobody reads them.

What was written without them has none when this is taken back; `tracker init` writes the copies anew then.
"""

import sqlalchemy as sa
from alembic import op

revision = "public_0007"
down_revision = "public_0006"

cases = sa.table("published_cases", sa.column("searched"))


def upgrade() -> None:
    with op.batch_alter_table("published_cases") as table:
        table.drop_column("searched")


def downgrade() -> None:
    op.add_column("published_cases", sa.Column("searched", sa.Text()))
    op.execute(sa.update(cases).values(searched=""))
    with op.batch_alter_table("published_cases") as table:
        table.alter_column("searched", existing_type=sa.Text(), nullable=False)
