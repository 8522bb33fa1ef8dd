"""What people say of entries (nothing new, an answer to a reminder), and reminders written in bulk.

Nothing of it was known so far. Going back loses it; the entries that tell of reminders stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0011"
down_revision = "private_0010"

moment = sa.DateTime(timezone=True)
key = sa.BigInteger()


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "entry_marks",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("update_id", key, nullable=False),
        sa.Column("answers_id", key, nullable=True),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_entry_marks"),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name="fk_entry_marks_update_id_updates"),
        sa.ForeignKeyConstraint(["answers_id"], ["updates.id"], name="fk_entry_marks_answers_id_updates"),
    )
    op.create_index("ix_entry_marks_update_id", "entry_marks", ["update_id"])
    op.create_index("ix_entry_marks_answers_id", "entry_marks", ["answers_id"])
    op.create_table(
        "reminder_templates",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", key, nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_templates"),
        sa.UniqueConstraint("language", "version", name="uq_reminder_templates_language_version"),
    )
    op.create_table(
        "reminder_batches",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("number", key, nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("recorded_at", moment, nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("medium", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_batches"),
        sa.UniqueConstraint("number", name="uq_reminder_batches_number"),
    )
    op.create_index("ix_reminder_batches_recorded_at", "reminder_batches", ["recorded_at"])
    op.create_table(
        "reminders",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("batch_id", key, nullable=False),
        sa.Column("filing_id", key, nullable=False),
        sa.Column("position", key, nullable=False),
        sa.Column("authority_slug", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("known", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("anyway", key, nullable=True),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("update_id", key, nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reminders"),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["reminder_batches.id"], name="fk_reminders_batch_id_reminder_batches"
        ),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_reminders_filing_id_filings"),
        sa.ForeignKeyConstraint(
            ["authority_slug"], ["authorities.slug"], name="fk_reminders_authority_slug_authorities"
        ),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name="fk_reminders_update_id_updates"),
        sa.UniqueConstraint("batch_id", "filing_id", name="uq_reminders_batch_id_filing_id"),
    )
    op.create_index("ix_reminders_filing_id", "reminders", ["filing_id"])
    op.create_index("ix_reminders_update_id", "reminders", ["update_id"])


def downgrade() -> None:
    """Drop them again."""
    op.drop_table("reminders")
    op.drop_table("reminder_batches")
    op.drop_table("reminder_templates")
    op.drop_table("entry_marks")
