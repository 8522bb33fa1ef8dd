"""Who withdrew a publication, beside who had cleared it.

Until now a withdrawal took the place of the clearing. Who had cleared is read from the journal, which keeps
no notes; where it does not tell, nobody is named. Going back forgets again who cleared what was withdrawn.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0004"
down_revision = "private_0003"

publications = sa.table(
    "publications",
    *(
        sa.column(it)
        for it in ("id", "state", "decided_by", "decision_note", "withdrawn_by", "withdrawal_note")
    ),
    sa.column("decided_at", sa.DateTime(timezone=True)),
    sa.column("withdrawn_at", sa.DateTime(timezone=True)),
)
journal = sa.table(
    "journal",
    *(sa.column(it) for it in ("actor", "act")),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("detail", sa.JSON()),
)
withdrawn = publications.c.state == "withdrawn"


def upgrade() -> None:
    """Keep the withdrawal in columns of its own."""
    with op.batch_alter_table("publications") as table:
        table.add_column(sa.Column("withdrawn_by", sa.Text(), nullable=True))
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawal_note", sa.Text(), nullable=True))
    of = publications.c
    op.execute(
        sa.update(publications)
        .where(withdrawn)
        .values(
            withdrawn_by=of.decided_by,
            withdrawn_at=of.decided_at,
            withdrawal_note=of.decision_note,
            decided_by=None,
            decided_at=None,
            decision_note=None,
        )
    )
    bind = op.get_bind()
    told = bind.execute(sa.select(journal).where(journal.c.act == "publication.clear")).all()
    for line in told:
        key = line.detail.get("publication")
        cleared = {"decided_by": line.actor, "decided_at": line.at}
        bind.execute(sa.update(publications).where(withdrawn, of.id == key).values(**cleared))


def downgrade() -> None:
    """Put the withdrawal in the place of the clearing again."""
    of = publications.c
    op.execute(
        sa.update(publications)
        .where(withdrawn)
        .values(decided_by=of.withdrawn_by, decided_at=of.withdrawn_at, decision_note=of.withdrawal_note)
    )
    with op.batch_alter_table("publications") as table:
        for name in ("withdrawn_by", "withdrawn_at", "withdrawal_note"):
            table.drop_column(name)
