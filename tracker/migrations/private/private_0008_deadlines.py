"""Deadlines with the history of their days, what entries say of them, who sees to a filing, irregular steps.

Nothing is computed here: `tracker redate`, and every act on a case, computes the deadlines that follow from
what was recorded before. Going back loses who sees to a filing and what entries say of deadlines; the entries
stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0008"
down_revision = "private_0007"

moment = sa.DateTime(timezone=True)
key = sa.BigInteger()


def upgrade() -> None:
    """Add the tables and the columns."""
    op.create_table(
        "deadlines",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("filing_id", key, nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("start_number", key, nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("started_precision", sa.String(length=40), nullable=False),
        sa.Column("owes", sa.Text(), nullable=False),
        sa.Column("owes_slug", sa.Text(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("nominal_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("safe_on", sa.Date(), nullable=True),
        sa.Column("certain_on", sa.Date(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_number", key, nullable=True),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("waived", sa.Text(), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.Column("rules_version", sa.Text(), nullable=False),
        sa.Column("computed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_deadlines_filing_id_filings"),
        sa.UniqueConstraint(
            "filing_id", "period", "start_number", name="uq_deadlines_filing_id_period_start_number"
        ),
    )
    asked = ["filing_id", "period", "start_number", "certain_on", "safe_on", "paused_on", "gone"]
    op.create_index("ix_deadlines_docket", "deadlines", ["open", "own", "due_on", *asked])
    op.create_table(
        "deadline_changes",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("deadline_id", key, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("due_before", sa.Date(), nullable=True),
        sa.Column("due_after", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deadline_changes"),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name="fk_deadline_changes_deadline_id_deadlines"
        ),
    )
    op.create_index("ix_deadline_changes_deadline_id", "deadline_changes", ["deadline_id"])
    op.create_table(
        "deadline_acts",
        sa.Column("update_id", key, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("start_number", key, nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("more", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name="pk_deadline_acts"),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name="fk_deadline_acts_update_id_updates"),
    )
    with op.batch_alter_table("filings") as table:
        table.add_column(sa.Column("responsible_id", key, nullable=True))
        table.create_index("ix_filings_responsible_id", ["responsible_id"])
        table.create_foreign_key("fk_filings_responsible_id_users", "users", ["responsible_id"], ["id"])
    with op.batch_alter_table("updates") as table:
        table.add_column(sa.Column("irregular", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop them again."""
    with op.batch_alter_table("updates") as table:
        table.drop_column("irregular")
    with op.batch_alter_table("filings") as table:
        table.drop_constraint("fk_filings_responsible_id_users", type_="foreignkey")
        table.drop_index("ix_filings_responsible_id")
        table.drop_column("responsible_id")
    op.drop_table("deadline_acts")
    op.drop_table("deadline_changes")
    op.drop_table("deadlines")
