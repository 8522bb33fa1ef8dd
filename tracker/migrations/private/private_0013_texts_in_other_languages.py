"""Title and summary of a case in other languages. Nothing of it was known so far; going back loses it."""

import sqlalchemy as sa
from alembic import op

revision = "private_0013"
down_revision = "private_0012"

key = sa.BigInteger()


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "case_texts",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", key, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_texts"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_texts_case_id_cases"),
        sa.UniqueConstraint("case_id", "language", name="uq_case_texts_case_id_language"),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("case_texts")
