"""Routes by issue, changed answers that wait to be confirmed, overrides, what authorities said of the lead.

All runs from before are about the GDPR, and none of them waits: whatever changed until now, people went by
the newest one. Going back forgets confirmations and overrides, and which authority an entry names as lead;
the entries and the runs stay, save those on another issue.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0006"
down_revision = "private_0005"

moment = sa.DateTime(timezone=True)
routes = sa.table("routes", sa.column("issue"))


def upgrade() -> None:
    """Add the columns and the table."""
    with op.batch_alter_table("routes") as table:
        table.add_column(sa.Column("issue", sa.Text(), nullable=True))
        table.add_column(sa.Column("instead_of_id", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("confirmed_at", moment, nullable=True))
        table.add_column(sa.Column("confirmed_by", sa.Text(), nullable=True))
        table.add_column(sa.Column("confirmed_note", sa.Text(), nullable=True))
    op.execute(sa.update(routes).values(issue="gdpr"))
    with op.batch_alter_table("routes") as table:
        table.alter_column("issue", existing_type=sa.Text(), nullable=False)
        table.create_foreign_key("fk_routes_instead_of_id_routes", "routes", ["instead_of_id"], ["id"])
        table.create_index("ix_routes_instead_of_id", ["instead_of_id"])
    op.create_table(
        "route_overrides",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("filing_id", sa.BigInteger(), nullable=False),
        sa.Column("controller_id", sa.BigInteger(), nullable=False),
        sa.Column("route_id", sa.BigInteger(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_route_overrides"),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_route_overrides_filing_id_filings"),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controllers.id"], name="fk_route_overrides_controller_id_controllers"
        ),
        sa.ForeignKeyConstraint(["route_id"], ["routes.id"], name="fk_route_overrides_route_id_routes"),
    )
    for column in ("filing_id", "controller_id", "route_id"):
        op.create_index(f"ix_route_overrides_{column}", "route_overrides", [column])
    with op.batch_alter_table("updates") as table:
        table.add_column(sa.Column("lead_act", sa.Text(), nullable=True))
        table.add_column(sa.Column("lead_named", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop them again, and the runs of which there was no word before."""
    with op.batch_alter_table("updates") as table:
        table.drop_column("lead_named")
        table.drop_column("lead_act")
    op.drop_table("route_overrides")
    with op.batch_alter_table("routes") as table:
        table.drop_constraint("fk_routes_instead_of_id_routes", type_="foreignkey")
        table.drop_index("ix_routes_instead_of_id")
        for name in ("confirmed_note", "confirmed_by", "confirmed_at", "instead_of_id"):
            table.drop_column(name)
    op.execute(sa.delete(routes).where(routes.c.issue != "gdpr"))
    with op.batch_alter_table("routes") as table:
        table.drop_column("issue")
