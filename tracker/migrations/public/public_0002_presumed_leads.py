"""Which leads are only presumed, and which filings were public once.

A filing copied before says that its lead is presumed in its sentence alone, so it is read from there. Which
filings were public once stands in the private store: `tracker init` writes the copies anew afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "public_0002"
down_revision = "public_0001"

cases = sa.table("published_cases", sa.column("withdrawn_filings", sa.JSON()))
filings = sa.table(
    "published_filings", sa.column("lead"), sa.column("lead_sentence"), sa.column("lead_presumed")
)


def upgrade() -> None:
    op.add_column("published_cases", sa.Column("withdrawn_filings", sa.JSON()))
    op.add_column("published_filings", sa.Column("lead_presumed", sa.Boolean()))
    presumed = filings.c.lead.is_not(None) & filings.c.lead_sentence.contains("is presumed to lead")
    op.execute(sa.update(cases).values(withdrawn_filings=[]))
    op.execute(sa.update(filings).values(lead_presumed=presumed))
    with op.batch_alter_table("published_cases") as table:
        table.alter_column("withdrawn_filings", existing_type=sa.JSON(), nullable=False)
    with op.batch_alter_table("published_filings") as table:
        table.alter_column("lead_presumed", existing_type=sa.Boolean(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("published_filings") as table:
        table.drop_column("lead_presumed")
    with op.batch_alter_table("published_cases") as table:
        table.drop_column("withdrawn_filings")
