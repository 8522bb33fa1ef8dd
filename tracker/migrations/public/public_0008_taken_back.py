"""The marks that feeds carry of entries which were taken back, and which entries tell of other proceedings.

Both follow from the private store: `tracker init` writes the copies anew after it, and going back loses them.
"""

import sqlalchemy as sa
from alembic import op

revision = "public_0008"
down_revision = "public_0007"


def upgrade() -> None:
    """Add the table and the column."""
    with op.batch_alter_table("published_updates") as table:
        new = sa.Column("other_proceedings", sa.Boolean(), nullable=False, server_default=sa.false())
        table.add_column(new)
    with op.batch_alter_table("published_updates") as table:
        table.alter_column(
            "other_proceedings",
            server_default=None,
            existing_type=sa.Boolean(),
            existing_nullable=False,
        )
    op.create_table(
        "published_taken_back",
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("case_number", "number", name="pk_published_taken_back"),
        sa.ForeignKeyConstraint(
            ["case_number"],
            ["published_cases.number"],
            name="fk_published_taken_back_case_number_published_cases",
        ),
    )
    op.create_index("ix_published_taken_back_taken_back_at", "published_taken_back", ["taken_back_at"])


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("published_taken_back")
    with op.batch_alter_table("published_updates") as table:
        table.drop_column("other_proceedings")
