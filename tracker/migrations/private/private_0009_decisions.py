"""Proceedings, decisions with what they say, hearings.

Nothing is made of what was recorded before: an entry of the protocol that tells of a decision gets its record
when somebody says what the decision says. Going back loses these records; the entries stay.
"""

import sqlalchemy as sa
from alembic import op

revision = "private_0009"
down_revision = "private_0008"

moment = sa.DateTime(timezone=True)
key = sa.BigInteger()
word = sa.String(length=40)


def upgrade() -> None:
    """Add the tables."""
    _proceedings()
    _decisions()
    _what_they_say()
    _hearings()


def _proceedings() -> None:
    op.create_table(
        "proceedings",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("number", key, nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("kind", word, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_slug", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("opened_precision", word, nullable=False),
        sa.Column("parties", sa.Text(), nullable=True),
        sa.Column("costs", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("follows_id", key, nullable=True),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("version", key, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proceedings"),
        sa.UniqueConstraint("number", name="uq_proceedings_number"),
        sa.UniqueConstraint("key", name="uq_proceedings_key"),
        _to("proceedings", "body_slug", "authorities", "slug"),
        _to("proceedings", "follows_id", "proceedings"),
    )
    op.create_index("ix_proceedings_follows_id", "proceedings", ["follows_id"])
    _of_filings("proceeding")


def _decisions() -> None:
    days = [
        column
        for name in ("decided", "received", "published")
        for column in (
            sa.Column(f"{name}_on", sa.Date(), nullable=True),
            sa.Column(f"{name}_precision", word, nullable=False),
        )
    ]
    op.create_table(
        "decisions",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("number", key, nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("proceeding_id", key, nullable=True),
        sa.Column("type", word, nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_by_slug", sa.Text(), nullable=True),
        *days,
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("ecli", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("provisions", sa.JSON(), nullable=False),
        sa.Column("national", sa.JSON(), nullable=False),
        sa.Column("appeal", word, nullable=False),
        sa.Column("appeal_to", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("derived", sa.Boolean(), nullable=False),
        sa.Column("corrects_id", key, nullable=True),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("number", name="uq_decisions_number"),
        sa.UniqueConstraint("key", name="uq_decisions_key"),
        sa.UniqueConstraint("corrects_id", name="uq_decisions_corrects_id"),
        _to("decisions", "proceeding_id", "proceedings"),
        _to("decisions", "decided_by_slug", "authorities", "slug"),
        _to("decisions", "corrects_id", "decisions"),
    )
    for column in ("decided_by_slug", "decided_on", "proceeding_id"):
        op.create_index(f"ix_decisions_{column}", "decisions", [column])
    op.create_table(
        "decision_entries",
        sa.Column("decision_id", key, nullable=False),
        sa.Column("update_id", key, nullable=False),
        sa.PrimaryKeyConstraint("decision_id", "update_id", name="pk_decision_entries"),
        _to("decision_entries", "decision_id", "decisions"),
        _to("decision_entries", "update_id", "updates"),
    )
    op.create_index("ix_decision_entries_update_id", "decision_entries", ["update_id"])
    _of_filings("decision", sa.Column("result", word, nullable=False))


def _what_they_say() -> None:
    op.create_table(
        "decision_findings",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("decision_id", key, nullable=False),
        sa.Column("filing_id", key, nullable=False),
        sa.Column("claim_id", key, nullable=False),
        sa.Column("finding", word, nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decision_findings"),
        sa.UniqueConstraint(
            "decision_id", "filing_id", "claim_id", name="uq_decision_findings_decision_id_filing_id_claim_id"
        ),
        _to("decision_findings", "decision_id", "decisions"),
        _to("decision_findings", "filing_id", "filings"),
        _to("decision_findings", "claim_id", "claims"),
    )
    for column in ("filing_id", "claim_id"):
        op.create_index(f"ix_decision_findings_{column}", "decision_findings", [column])
    op.create_table(
        "decision_fines",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("decision_id", key, nullable=False),
        sa.Column("position", key, nullable=False),
        sa.Column("minor", key, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("controller_id", key, nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decision_fines"),
        _to("decision_fines", "decision_id", "decisions"),
        _to("decision_fines", "controller_id", "controllers"),
    )
    for column in ("decision_id", "controller_id"):
        op.create_index(f"ix_decision_fines_{column}", "decision_fines", [column])
    op.create_table(
        "decision_measures",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("decision_id", key, nullable=False),
        sa.Column("position", key, nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("comply_by", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_decision_measures"),
        _to("decision_measures", "decision_id", "decisions"),
    )
    op.create_index("ix_decision_measures_decision_id", "decision_measures", ["decision_id"])


def _hearings() -> None:
    op.create_table(
        "hearings",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("number", key, nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("uid", sa.Text(), nullable=False),
        sa.Column("proceeding_id", key, nullable=True),
        sa.Column("sequence", key, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hearings"),
        sa.UniqueConstraint("number", name="uq_hearings_number"),
        sa.UniqueConstraint("key", name="uq_hearings_key"),
        sa.UniqueConstraint("uid", name="uq_hearings_uid"),
        _to("hearings", "proceeding_id", "proceedings"),
    )
    op.create_index("ix_hearings_proceeding_id", "hearings", ["proceeding_id"])
    _of_filings("hearing")
    op.create_table(
        "hearing_versions",
        sa.Column("id", key, autoincrement=False, nullable=False),
        sa.Column("hearing_id", key, nullable=False),
        sa.Column("sequence", key, nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("court_slug", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", moment, nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hearing_versions"),
        sa.UniqueConstraint("hearing_id", "sequence", name="uq_hearing_versions_hearing_id_sequence"),
        _to("hearing_versions", "hearing_id", "hearings"),
        _to("hearing_versions", "court_slug", "authorities", "slug"),
    )
    op.create_index("ix_hearing_versions_day", "hearing_versions", ["day"])


def _of_filings(noun: str, *more: sa.Column[object]) -> None:
    """Make the table of the filings that a proceeding, a decision or a hearing is about."""
    name = f"{noun}_filings"
    op.create_table(
        name,
        sa.Column(f"{noun}_id", key, nullable=False),
        sa.Column("filing_id", key, nullable=False),
        sa.Column("position", key, nullable=False),
        *more,
        sa.PrimaryKeyConstraint(f"{noun}_id", "filing_id", name=f"pk_{name}"),
        _to(name, f"{noun}_id", f"{noun}s"),
        _to(name, "filing_id", "filings"),
    )
    op.create_index(f"ix_{name}_filing_id", name, ["filing_id"])


def _to(table: str, column: str, other: str, target: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.{target}"], name=f"fk_{table}_{column}_{other}")


def downgrade() -> None:
    """Drop them again, what refers to others first."""
    for table in (
        *("hearing_versions", "hearing_filings", "hearings"),
        *("decision_measures", "decision_fines", "decision_findings", "decision_filings"),
        *("decision_entries", "decisions", "proceeding_filings", "proceedings"),
    ):
        op.drop_table(table)
