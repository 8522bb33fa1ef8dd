"""What a case says of its processing: who decides is a question about the processing, not about the company.

Going back loses those answers; what the register says of the company stays.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0002"
down_revision = "private_0001"


def upgrade() -> None:
    """Add what each case says of the processing by each of its controllers; nothing, so far."""
    with op.batch_alter_table("case_controllers") as table:
        table.add_column(sa.Column("processing", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop those answers."""
    with op.batch_alter_table("case_controllers") as table:
        table.drop_column("processing")
