"""Decisions, deadlines, hearings and parties of cleared cases; other languages; since when it is public.

What was copied before has none of them until its case is published, or the store made, again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "public_0005"
down_revision = "public_0004"

text = sa.Text()
number = sa.BigInteger()
day = sa.Date()
moment = sa.DateTime(timezone=True)
json = sa.JSON()


def must(name: str, kind: Any, *rest: Any, **how: Any) -> sa.Column[Any]:
    """Return a column that always holds a value."""
    return sa.Column(name, kind, *rest, nullable=False, **how)


def may(name: str, kind: Any, *rest: Any, **how: Any) -> sa.Column[Any]:
    """Return a column that may be empty."""
    return sa.Column(name, kind, *rest, nullable=True, **how)


def of_case(table: str, *, key: bool) -> sa.Column[Any]:
    """Return the number of the case to which a row belongs."""
    name = f"fk_{table}_case_number_published_cases"
    return must("case_number", text, sa.ForeignKey("published_cases.number", name=name), primary_key=key)


def upgrade() -> None:
    with op.batch_alter_table("published_cases") as table:
        table.add_column(must("language", text, server_default="en"))
        table.add_column(must("texts", json, server_default="{}"))
        table.add_column(may("published_at", moment))
        table.add_column(may("withdrawn_at", moment))
    # The models give these values, as every other: what was there before needed them once.
    with op.batch_alter_table("published_cases") as table:
        table.alter_column("language", server_default=None)
        table.alter_column("texts", server_default=None)
    with op.batch_alter_table("published_updates") as table:
        table.add_column(may("published_at", moment))
        table.create_index("ix_published_updates_published_at", ["published_at"])
    op.create_table(
        "published_contents",
        of_case("published_contents", key=True),
        must("content", json),
        sa.PrimaryKeyConstraint("case_number", name="pk_published_contents"),
    )
    op.create_table(
        "published_parties",
        of_case("published_parties", key=True),
        must("position", number, primary_key=True, autoincrement=False),
        must("slug", text),
        must("name", text),
        sa.PrimaryKeyConstraint("case_number", "position", name="pk_published_parties"),
    )
    op.create_index("ix_published_parties_slug", "published_parties", ["slug"])
    op.create_table(
        "published_decisions",
        of_case("published_decisions", key=True),
        must("position", number, primary_key=True, autoincrement=False),
        may("type", text),
        must("decided_by", text),
        may("decided_by_slug", text),
        may("decided_on", day),
        must("decided_precision", sa.String(40)),
        may("reference", text),
        may("ecli", text),
        may("language", text),
        may("source", text),
        must("summary", text),
        must("appeal", text),
        may("appeal_to", text),
        must("filings", json),
        must("findings", json),
        must("fines", json),
        must("measures", json),
        must("entries", json),
        sa.PrimaryKeyConstraint("case_number", "position", name="pk_published_decisions"),
    )
    op.create_index("ix_published_decisions_decided_by_slug", "published_decisions", ["decided_by_slug"])
    filing = "fk_published_deadlines_filing_number_published_filings"
    op.create_table(
        "published_deadlines",
        must("filing_number", text, sa.ForeignKey("published_filings.number", name=filing), primary_key=True),
        must("position", number, primary_key=True, autoincrement=False),
        of_case("published_deadlines", key=False),
        must("period", text),
        may("owed_by", text),
        must("start_number", number),
        may("started_on", day),
        may("due_on", day),
        may("certain_on", day),
        may("met_on", day),
        may("paused_on", day),
        must("open", sa.Boolean()),
        must("reasons", json),
        sa.PrimaryKeyConstraint("filing_number", "position", name="pk_published_deadlines"),
    )
    for column in ("case_number", "owed_by", "due_on"):
        op.create_index(f"ix_published_deadlines_{column}", "published_deadlines", [column])
    op.create_table(
        "published_hearings",
        of_case("published_hearings", key=True),
        must("uid", text, primary_key=True),
        must("sequence", number),
        must("filings", json),
        must("court", text),
        may("place", text),
        must("day", day),
        may("starts_at", moment),
        must("zone", text),
        must("what", text),
        must("cancelled", sa.Boolean()),
        sa.PrimaryKeyConstraint("case_number", "uid", name="pk_published_hearings"),
    )
    op.create_index("ix_published_hearings_day", "published_hearings", ["day"])


def downgrade() -> None:
    for name in ("hearings", "deadlines", "decisions", "parties", "contents"):
        op.drop_table(f"published_{name}")
    with op.batch_alter_table("published_updates") as table:
        table.drop_index("ix_published_updates_published_at")
        table.drop_column("published_at")
    with op.batch_alter_table("published_cases") as table:
        for name in ("withdrawn_at", "published_at", "texts", "language"):
            table.drop_column(name)
