"""Every table of the public store: copies of what was cleared.

A copy of what the models said then, so that a later change to the models leaves this revision as it was.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "public_0001"
down_revision = None

tables = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
text = sa.Text()
word = sa.String(40)
number = sa.BigInteger()
flag = sa.Boolean()
day = sa.Date()
moment = sa.DateTime(timezone=True)
json = sa.JSON()


def must(name: str, kind: Any, *rest: Any, **how: Any) -> sa.Column[Any]:
    """Return a column that always holds a value."""
    return sa.Column(name, kind, *rest, nullable=False, **how)


def may(name: str, kind: Any, *rest: Any, **how: Any) -> sa.Column[Any]:
    """Return a column that may be empty."""
    return sa.Column(name, kind, *rest, nullable=True, **how)


def table(name: str, *parts: Any) -> None:
    """Add a table with the columns and constraints given."""
    sa.Table(name, tables, *parts)


table(
    "published_authorities",
    must("slug", text, primary_key=True),
    must("country", text, index=True),
    must("region", text),
    must("scope", text),
    must("name", text),
    must("name_en", text),
    must("abbr", text),
    must("languages", text),
    must("website", text),
    must("email", text),
    must("phone", text),
    must("address", text),
    must("complaint_form", text),
    must("accepts_email", text),
    must("source", text),
    may("source_date", day),
    must("retired", flag),
)
table(
    "published_cases",
    must("number", text, primary_key=True),
    must("withdrawn", flag),
    must("title", text),
    must("ngo", text),
    must("summary", text),
    must("project", text, index=True),
    must("project_slug", text, index=True),
    must("controllers", json),
    must("claims", json),
    must("requested", json),
    must("outcome_text", text),
    must("sources", json),
    may("lodged_on", day, index=True),
    must("searched", text),
    may("cleared_at", moment),
)
table(
    "published_filings",
    must("number", text, primary_key=True),
    must("case_number", text, sa.ForeignKey("published_cases.number"), index=True),
    may("authority", text, index=True),
    must("country", text, index=True),
    may("reference", text),
    may("lodged_on", day),
    must("lodged_precision", word),
    must("stage", text, index=True),
    may("since_on", day),
    must("since_precision", word),
    must("outcome", text, index=True),
    may("entered_by_authority", text),
    may("lead", text, index=True),
    must("lead_sentence", text),
    must("controllers", json),
)
table(
    "published_updates",
    must("case_number", text, sa.ForeignKey("published_cases.number"), primary_key=True),
    must("number", number, primary_key=True, autoincrement=False),
    must("position", number),
    may("happened_on", day),
    must("happened_precision", word),
    must("kind", text),
    must("label", text),
    must("actor", text),
    may("actor_slug", text),
    must("words", text),
    may("reference", text),
    may("source", text),
    must("filings", json),
)


def upgrade() -> None:
    tables.create_all(op.get_bind(), checkfirst=False)


def downgrade() -> None:
    tables.drop_all(op.get_bind(), checkfirst=False)
