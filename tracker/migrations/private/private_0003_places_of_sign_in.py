"""Places from which people signed in lately: a flood of tries from elsewhere does not keep them out.

Going back forgets them; nobody loses anything but that protection.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0003"
down_revision = "private_0002"


def upgrade() -> None:
    """Add the table; nobody has a place so far."""
    op.create_table(
        "sign_in_places",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_places"),
        sa.UniqueConstraint("place", name="uq_sign_in_places_place"),
    )
    op.create_index("ix_sign_in_places_at", "sign_in_places", ["at"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("sign_in_places")
