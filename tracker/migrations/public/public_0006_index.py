"""Orders, choices and totals of the lists, and the search over what is public.

The search is no table of the models: each database has a form of its own for it. What was copied before has
no line yet, so it counts as lagging behind and is copied anew when the desk starts.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "public_0006"
down_revision = "public_0005"

text = sa.Text()
number = sa.BigInteger()
moment = sa.DateTime(timezone=True)

SQLITE = """
CREATE VIRTUAL TABLE published_search USING fts5(
    best, good, further, rest, tokenize = "unicode61 remove_diacritics 2"
)
"""


def must(name: str, kind: Any, **how: Any) -> sa.Column[Any]:
    """Return a column that always holds a value."""
    return sa.Column(name, kind, nullable=False, **how)


def upgrade() -> None:
    op.create_table(
        "published_lines",
        must("case_number", text),
        must("key", number),
        must("rank", text),
        must("newest", number),
        must("waiting", number),
        must("last_on", number),
        must("last_number", number),
        must("moving", number),
        must("filings", number),
        must("pending", number),
        sa.PrimaryKeyConstraint("case_number", name="pk_published_lines"),
        sa.UniqueConstraint("key", name="uq_published_lines_key"),
    )
    op.create_index("ix_published_lines_rank", "published_lines", ["rank"])
    for name in ("newest", "waiting", "last_on", "moving", "pending"):
        op.create_index(f"ix_published_lines_{name}", "published_lines", [name, "rank"])
    op.create_table(
        "published_facets",
        must("name", text),
        must("value", text),
        must("case_number", text),
        must("label", text),
        must("filings", number),
        must("pending", number),
        must("amount", number),
        sa.Column("news_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("name", "value", "case_number", name="pk_published_facets"),
    )
    op.create_index("ix_published_facets_case_number", "published_facets", ["case_number", "name", "value"])
    summed = ["filings", "pending", "amount", "label"]
    op.create_index("ix_published_facets_news_at", "published_facets", ["name", "value", "news_at", *summed])
    op.create_table(
        "published_totals",
        must("name", text),
        must("value", text),
        must("label", text),
        must("sorted", text),
        must("cases", number),
        must("filings", number),
        must("pending", number),
        must("amount", number),
        sa.PrimaryKeyConstraint("name", "value", name="pk_published_totals"),
    )
    op.create_index("ix_published_totals_cases", "published_totals", ["name", "cases", "value"])
    op.create_index("ix_published_totals_sorted", "published_totals", ["name", "sorted", "value"])
    # Who waits longest, and what was withdrawn last, are asked for on every start page and in every feed.
    op.create_index("ix_published_filings_waiting", "published_filings", ["outcome", "lodged_on", "number"])
    op.create_index("ix_published_cases_withdrawn_at", "published_cases", ["withdrawn_at"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE)
    else:
        op.execute("CREATE TABLE published_search (key bigint PRIMARY KEY, words tsvector NOT NULL)")
        op.execute("CREATE INDEX ix_published_search_words ON published_search USING gin (words)")


def downgrade() -> None:
    op.execute("DROP TABLE published_search")
    op.drop_index("ix_published_cases_withdrawn_at", "published_cases")
    op.drop_index("ix_published_filings_waiting", "published_filings")
    for name in ("totals", "facets", "lines"):
        op.drop_table(f"published_{name}")
