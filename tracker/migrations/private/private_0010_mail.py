"""The outbox, what people want to be told, addresses of calendars, and the jobs of `tracker work`.

Going back loses what waited to be sent, what people chose, and the addresses of their calendars.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0010"
down_revision = "private_0009"

moment = sa.DateTime(timezone=True)
key = sa.BigInteger()


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "outbox",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient_id", key, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("next_try_at", moment, nullable=True),
        sa.Column("tries", key, nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", moment, nullable=True),
        sa.Column("given_up_at", moment, nullable=True),
        sa.Column("replaced_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["recipient_id"], ["users.id"], name="fk_outbox_recipient_id_users"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_recipient_id", "outbox", ["recipient_id"])
    op.create_index("ix_outbox_next_try_at", "outbox", ["next_try_at"])
    op.create_table(
        "mail_choices",
        sa.Column("user_id", key, autoincrement=False, nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("everything", sa.Boolean(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_mail_choices"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_mail_choices_user_id_users"),
    )
    op.create_table(
        "mail_marks",
        sa.Column("user_id", key, autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("step", key, nullable=False),
        sa.Column("message_id", key, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "subject", name="pk_mail_marks"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_mail_marks_user_id_users"),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name="fk_mail_marks_message_id_outbox"),
    )
    op.create_index("ix_mail_marks_day", "mail_marks", ["day"])
    op.create_index("ix_mail_marks_message_id", "mail_marks", ["message_id"])
    op.create_table(
        "calendar_addresses",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("user_id", key, nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_addresses"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_calendar_addresses_user_id_users"),
        sa.UniqueConstraint("user_id", name="uq_calendar_addresses_user_id"),
        sa.UniqueConstraint("secret_hash", name="uq_calendar_addresses_secret_hash"),
    )
    op.create_table(
        "jobs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("held_until", moment, nullable=True),
        sa.Column("ran_at", moment, nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_jobs"),
    )


def downgrade() -> None:
    """Drop them again."""
    for table in ("jobs", "calendar_addresses", "mail_marks", "mail_choices", "outbox"):
        op.drop_table(table)
