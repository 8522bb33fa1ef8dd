"""The register of controllers: group, parent, brands, address, representatives, evidence of claims, history.

What the register says of each controller on the day of the upgrade is the first entry of its history. Going
back loses the history and all that the register could not say before.
"""

import unicodedata
from collections import defaultdict
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "private_0005"
down_revision = "private_0004"

NEW_TEXTS = ("group_name", "parent_said", "address")
NEW_LISTS = ("brands", "categories", "representatives")
SAID = ("name", "country", "establishments_known", "targets_eea", "decided_outside_eea", "website", "note")
#: Letters that Unicode does not take apart into a letter and its accent.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
ANSWERS = ("central", "decides", "implements")

controllers = sa.table("controllers", *(sa.column(it) for it in ("id", "folded", "searched", *SAID)))
establishments = sa.table(
    "establishments",
    *(sa.column(it) for it in ("id", "controller_id", "place", "origin", *ANSWERS)),
    sa.column("since", sa.Date()),
    sa.column("until", sa.Date()),
)

# As for the journal in the first revision: REPLACE deletes a row without asking a trigger for DELETE,
# here also one that has the controller and the number of the new one.
SQLITE = (
    """
    CREATE TRIGGER controller_revisions_keeps_update BEFORE UPDATE ON controller_revisions
    BEGIN SELECT RAISE(ABORT, 'controller_revisions is never changed'); END
    """,
    """
    CREATE TRIGGER controller_revisions_keeps_delete BEFORE DELETE ON controller_revisions
    BEGIN SELECT RAISE(ABORT, 'controller_revisions is never changed'); END
    """,
    """
    CREATE TRIGGER controller_revisions_keeps_insert BEFORE INSERT ON controller_revisions
    WHEN EXISTS (
        SELECT 1 FROM controller_revisions
        WHERE id = NEW.id OR (controller_id = NEW.controller_id AND number = NEW.number)
    )
    BEGIN SELECT RAISE(ABORT, 'controller_revisions is never changed'); END
    """,
)
POSTGRESQL = (
    """
    CREATE TRIGGER controller_revisions_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON controller_revisions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    """Add the columns and tables, and begin the history of every controller."""
    with op.batch_alter_table("controllers") as table:
        for name in NEW_TEXTS:
            table.add_column(sa.Column(name, sa.Text(), nullable=True))
        for name in NEW_LISTS:
            table.add_column(sa.Column(name, sa.JSON(), nullable=True))
        table.add_column(sa.Column("parent_id", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("searched", sa.Text(), nullable=False, server_default=""))
        table.create_foreign_key("fk_controllers_parent_id_controllers", "controllers", ["parent_id"], ["id"])
        table.create_index("ix_controllers_parent_id", ["parent_id"])
    with op.batch_alter_table("establishments") as table:
        table.add_column(
            sa.Column("main_processing", sa.String(40), nullable=False, server_default="unknown")
        )
        table.add_column(sa.Column("evidence", sa.JSON(), nullable=True))
    # The program gives these itself from now on.
    with op.batch_alter_table("controllers") as table:
        table.alter_column("searched", server_default=None, existing_type=sa.Text(), existing_nullable=False)
    with op.batch_alter_table("establishments") as table:
        table.alter_column(
            "main_processing", server_default=None, existing_type=sa.String(40), existing_nullable=False
        )
    revisions = op.create_table(
        "controller_revisions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("controller_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_controller_revisions"),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controllers.id"], name="fk_controller_revisions_controller_id_controllers"
        ),
        sa.UniqueConstraint("controller_id", "number", name="uq_controller_revisions_controller_id_number"),
    )
    op.create_table(
        "controller_keys",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("controller_id", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_controller_keys"),
        sa.ForeignKeyConstraint(
            ["controller_id"], ["controllers.id"], name="fk_controller_keys_controller_id_controllers"
        ),
        sa.UniqueConstraint("slug", name="uq_controller_keys_slug"),
    )
    op.create_index("ix_controller_keys_controller_id", "controller_keys", ["controller_id"])
    _begin_history(revisions)
    bind = op.get_bind()
    known = sa.select(controllers.c.id, controllers.c.website).where(controllers.c.website.is_not(None))
    found = [{"key": key, "words": _folded(website)} for key, website in bind.execute(known)]
    if found:
        of = sa.update(controllers).where(controllers.c.id == sa.bindparam("key"))
        bind.execute(of.values(searched=sa.bindparam("words")), found)
    for statement in POSTGRESQL if bind.dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def _begin_history(revisions: sa.Table) -> None:
    bind, now = op.get_bind(), datetime.now(UTC)
    places: dict[int, list[dict[str, Any]]] = defaultdict(list)
    order = (establishments.c.place, establishments.c.id)
    for it in bind.execute(sa.select(establishments).order_by(*order)).mappings():
        places[it["controller_id"]].append(
            {
                "key": it["id"],
                "place": it["place"],
                **{name: it[name] for name in ANSWERS},
                "main_processing": "unknown",
                "since": _day(it["since"]),
                "until": _day(it["until"]),
                "evidence": {},
                "origin": it["origin"],
            }
        )
    rows = []
    for it in bind.execute(sa.select(controllers).order_by(controllers.c.id)).mappings():
        said = {name: it[name] for name in SAID} | {
            "group": None,
            "parent": None,
            "parent_name": None,
            "brands": [],
            "address": None,
            "categories": [],
            "establishments": places[it["id"]],
            "representatives": [],
        }
        rows.append({"controller_id": it["id"], "number": 1, "at": now, "actor": "shell", "said": said})
    keys = count(1)  # of a table that is empty; those of the program are far larger
    for row in rows:
        row |= {"id": next(keys), "why": "What the register said when its history began."}
    if rows:
        bind.execute(sa.insert(revisions), rows)


def _folded(text: str) -> str:
    """Return a text as the program searched it on the day of this revision: no case, no accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    bare = "".join(it for it in plain if not unicodedata.combining(it))
    return " ".join(bare.translate(PLAIN).split())


def _day(it: date | None) -> str | None:
    return it.isoformat() if it else None


def downgrade() -> None:
    """Drop the history and all that is new."""
    op.drop_table("controller_keys")
    op.drop_table("controller_revisions")
    with op.batch_alter_table("establishments") as table:
        table.drop_column("evidence")
        table.drop_column("main_processing")
    with op.batch_alter_table("controllers") as table:
        table.drop_index("ix_controllers_parent_id")
        table.drop_constraint("fk_controllers_parent_id_controllers", type_="foreignkey")
        for name in ("searched", "parent_id", *NEW_LISTS, *NEW_TEXTS):
            table.drop_column(name)
