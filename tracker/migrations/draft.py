"""Draft the next revision of a store: python -m tracker.migrations.draft private "Add transfers"."""

import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa
from alembic import command

from tracker import models  # noqa: F401 - importing them fills the metadata
from tracker.db import PUBLIC, db, prepare
from tracker.storage import schema


def draft(store: str, what: str) -> Path:
    """Write a revision with what the models have and the store's newest revision lacks; return its file.

    It is compared in an empty SQLite file. Triggers and the moving of data are not in it: add them by hand.
    """
    config = schema.config(store)
    number = len(schema.revisions(store)) + 1
    with tempfile.TemporaryDirectory() as folder:
        engine = sa.create_engine(f"sqlite:///{folder}/empty.db")
        prepare(engine, public=store == PUBLIC)
        schema.upgrade(engine, store)
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            config.attributes["metadata"] = db.metadatas[PUBLIC if store == PUBLIC else None]
            written = command.revision(config, what, autogenerate=True, rev_id=f"{store}_{number:04}")
        engine.dispose()
    return Path(written.path)  # type: ignore[union-attr]  # one revision is asked for, so one comes back


if __name__ == "__main__":
    print(draft(sys.argv[1], sys.argv[2]))
