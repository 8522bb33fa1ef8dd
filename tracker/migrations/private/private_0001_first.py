"""Every table of the private store, and what keeps the journal and the kept files from being changed.

A copy of what the models said then, so that a later change to the models leaves this revision as it was.
SQLite drops the triggers of a table with the table: a revision that rebuilds one of these puts them back.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "private_0001"
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


def row(name: str, *parts: Any) -> None:
    """Add a table whose key is a number given by the program."""
    table(name, sa.Column("id", number, primary_key=True, autoincrement=False), *parts)


table(
    "authorities",
    must("slug", text, primary_key=True),
    must("country", text, index=True),
    must("region_code", text),
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
    must("cross_check", text),
    must("notes", text),
    must("retired", flag),
)
row(
    "controllers",
    must("name", text, index=True),
    must("folded", text, index=True),
    may("country", text),
    may("main_establishment_said", text),
    must("establishments_known", word),
    must("targets_eea", word),
    must("decided_outside_eea", word),
    may("verified", flag),
    may("website", text),
    may("note", text),
)
row(
    "imports",
    must("name", text),
    must("sha256", text),
    must("at", moment),
    must("actor", text),
)
row(
    "projects",
    must("slug", text, unique=True),
    must("name", text, unique=True),
)
row(
    "sign_in_attempts",
    must("email", text, index=True),
    must("address", text, index=True),
    must("at", moment, index=True),
)
table(
    "stored_files",
    must("sha256", text, primary_key=True),
    must("bytes", number),
    must("media_type", text),
    must("stored_at", moment),
)
row(
    "users",
    must("email", text, unique=True),
    must("name", text),
    must("password", text),
    must("active", flag),
    must("role", word),
    must("fs_uniquifier", text, unique=True),
    must("created_at", moment),
)
row(
    "case_drafts",
    must("owner_id", number, sa.ForeignKey("users.id"), index=True),
    must("title", text),
    must("typed", json),
    must("saved_at", moment),
)
row(
    "cases",
    must("number", text, unique=True),
    may("key", text, unique=True),
    must("title", text),
    must("folded", text),
    must("ngo", text),
    must("own_number", flag),
    may("internal_ref", text),
    must("summary", text),
    may("project_id", number, sa.ForeignKey("projects.id"), index=True),
    may("facts_on", day),
    must("facts_precision", word),
    must("requested", json),
    may("legal_source", text),
    may("legal_verified", flag),
    may("legal_note", text),
    may("totals", json),
    may("outcome_said", json),
    must("opened_at", moment),
    must("opened_by", text),
    must("version", number),
)
row(
    "establishments",
    must("controller_id", number, sa.ForeignKey("controllers.id"), index=True),
    must("place", text),
    must("central", word),
    must("decides", word),
    must("implements", word),
    may("since", day),
    may("until", day),
    must("origin", text),
)
row(
    "imported_items",
    must("import_id", number, sa.ForeignKey("imports.id"), index=True),
    must("kind", text),
    must("key", text),
    must("number", text),
)
row(
    "case_controllers",
    must("case_id", number, sa.ForeignKey("cases.id")),
    must("controller_id", number, sa.ForeignKey("controllers.id"), index=True),
    must("position", number),
    may("key", text),
    may("brand", text),
    may("note", text),
    may("affected", json),
    must("affected_presumed", flag),
    sa.UniqueConstraint("case_id", "controller_id"),
)
row(
    "claims",
    must("case_id", number, sa.ForeignKey("cases.id"), index=True),
    must("position", number),
    must("provision", text),
    may("conduct", text),
    may("measure", text),
)
row(
    "complainants",
    must("case_id", number, sa.ForeignKey("cases.id")),
    must("pseudonym", text),
    may("residence", text),
    sa.UniqueConstraint("case_id", "pseudonym"),
)
row(
    "journal",
    must("at", moment),
    must("actor", text),
    must("act", text),
    must("subject", text, index=True),
    may("case_id", number, sa.ForeignKey("cases.id"), index=True),
    must("detail", json),
)
row(
    "publications",
    must("case_id", number, sa.ForeignKey("cases.id"), index=True),
    must("state", word, index=True),
    must("content", json),
    must("note", text),
    must("proposed_by", text),
    must("proposed_at", moment),
    may("decided_by", text),
    may("decided_at", moment),
    may("decision_note", text),
)
row(
    "updates",
    must("case_id", number, sa.ForeignKey("cases.id"), index=True),
    must("number", number),
    must("kind", text),
    may("happened_on", day),
    must("happened_precision", word),
    must("actor", text),
    may("actor_slug", text, sa.ForeignKey("authorities.slug")),
    must("words", text),
    may("public_words", text),
    may("reference", text),
    may("medium", word),
    may("sender", text),
    may("sent_on", day),
    may("received_on", day),
    may("language", text),
    may("fine", json),
    may("source", text),
    may("verified", flag),
    may("corrects_id", number, sa.ForeignKey("updates.id"), index=True),
    must("recorded_at", moment),
    must("recorded_by", text),
    sa.UniqueConstraint("case_id", "number"),
)
row(
    "filings",
    must("number", text, unique=True),
    must("own_number", flag),
    may("key", text, unique=True),
    must("case_id", number, sa.ForeignKey("cases.id"), index=True),
    must("position", number),
    may("authority_slug", text, sa.ForeignKey("authorities.slug"), index=True),
    must("country", text),
    may("complainant_id", number, sa.ForeignKey("complainants.id"), index=True),
    may("complainant_type", word),
    may("language", text),
    may("lodged_on", day, index=True),
    must("lodged_precision", word),
    may("urgency_requested", flag),
    may("lead_said", text),
    may("handling_said", text),
    may("status_said", text),
    may("source", text),
    may("verified", flag),
    may("note", text),
    must("extra", json),
    must("stage", text, index=True),
    may("since_on", day),
    must("since_precision", word),
    may("entered_by", number),
    must("outcome", word, index=True),
    must("touched_at", moment),
    must("version", number),
    sa.UniqueConstraint("case_id", "authority_slug", "complainant_id"),
)
row(
    "evidence",
    must("case_id", number, sa.ForeignKey("cases.id"), index=True),
    may("filing_id", number, sa.ForeignKey("filings.id"), index=True),
    may("update_id", number, sa.ForeignKey("updates.id"), index=True),
    must("exhibit", number),
    must("sha256", text, sa.ForeignKey("stored_files.sha256"), index=True),
    must("original_name", text),
    must("title", text),
    must("source_note", flag),
    may("source", text),
    may("obtained_on", day),
    may("obtained_how", text),
    may("obtained_by", text),
    must("kept_at", moment),
    must("kept_by", text),
    sa.UniqueConstraint("case_id", "exhibit"),
)
table(
    "filing_controllers",
    must("filing_id", number, sa.ForeignKey("filings.id"), primary_key=True),
    must("controller_id", number, sa.ForeignKey("controllers.id"), primary_key=True, index=True),
    must("position", number),
)
row(
    "filing_references",
    must("filing_id", number, sa.ForeignKey("filings.id"), index=True),
    must("position", number),
    must("owner", text),
    must("value", text),
)
row(
    "routes",
    must("filing_id", number, sa.ForeignKey("filings.id"), index=True),
    must("controller_id", number, sa.ForeignKey("controllers.id"), index=True),
    must("current", flag),
    must("facts", json),
    must("result", json),
    may("lead", text, index=True),
    must("reason", text),
    must("rules_version", text),
    must("computed_at", moment),
)
table(
    "update_filings",
    must("update_id", number, sa.ForeignKey("updates.id"), primary_key=True),
    must("filing_id", number, sa.ForeignKey("filings.id"), primary_key=True),
    must("position", number),
    may("step", text),
    may("outcome", word),
    sa.Index("ix_update_filings_filing_id_update_id", "filing_id", "update_id"),
)

# REPLACE deletes a row without asking a trigger for DELETE, so on SQLite an insert is watched too.
SQLITE = (
    """
    CREATE TRIGGER journal_keeps_update BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'journal is never changed'); END
    """,
    """
    CREATE TRIGGER journal_keeps_delete BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'journal is never changed'); END
    """,
    """
    CREATE TRIGGER journal_keeps_insert BEFORE INSERT ON journal
    WHEN EXISTS (SELECT 1 FROM journal WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'journal is never changed'); END
    """,
    """
    CREATE TRIGGER stored_files_keeps_update BEFORE UPDATE OF sha256, bytes ON stored_files
    BEGIN SELECT RAISE(ABORT, 'stored_files is never changed'); END
    """,
    """
    CREATE TRIGGER stored_files_keeps_insert BEFORE INSERT ON stored_files
    WHEN EXISTS (SELECT 1 FROM stored_files WHERE sha256 = NEW.sha256 AND bytes <> NEW.bytes)
    BEGIN SELECT RAISE(ABORT, 'stored_files is never changed'); END
    """,
)

POSTGRESQL = (
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is never changed', TG_TABLE_NAME; END $$
    """,
    """
    CREATE TRIGGER journal_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER stored_files_keeps BEFORE UPDATE OF sha256, bytes ON stored_files
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    tables.create_all(op.get_bind(), checkfirst=False)
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    tables.drop_all(op.get_bind(), checkfirst=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
