"""The baseline of writing: the same rows, inserted with the sqlite3 module into a copy of the store."""

import shutil
import sqlite3
import tempfile
from pathlib import Path

import sqlalchemy as sa

from benchmarks.measuring import seconds
from tracker import db
from tracker.config import Settings


class ByHand:
    """A copy of the private store as it was before an act, into which the act's rows go by hand."""

    def __init__(self, settings: Settings) -> None:
        """Copy the store. The copy has the same tables, indexes and triggers, and lies on the same disk."""
        self._folder = Path(tempfile.mkdtemp(prefix="by-hand-", dir=settings.home))
        self._copy = self._folder / "copy.db"
        self._store = sqlite3.connect(settings.private / "private.db")
        target = sqlite3.connect(self._copy)
        self._store.backup(target)
        target.close()
        # In the order of the foreign keys.
        tables = [it.name for it in db.db.metadatas[None].sorted_tables]
        self._highest = {it: self._ask(f'SELECT coalesce(max(rowid), 0) FROM "{it}"')[0][0] for it in tables}

    def seconds(self) -> float:
        """Return how long it takes to insert what the act has inserted since, in one transaction.

        Per table one executemany, on a connection with the settings that the program gives its own.
        """
        work = []
        for table, highest in self._highest.items():
            rows = self._ask(f'SELECT * FROM "{table}" WHERE rowid > ?', highest)
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                work.append((f'INSERT INTO "{table}" VALUES ({marks})', rows))
        assert work, "The act has inserted nothing."
        engine = sa.create_engine(f"sqlite:///{self._copy}")
        db.prepare(engine, public=False)
        pooled = engine.raw_connection()
        connection = pooled.driver_connection
        assert isinstance(connection, sqlite3.Connection)

        def insert() -> None:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in work:
                connection.executemany(statement, rows)
            connection.execute("COMMIT")

        took = seconds(insert)
        pooled.close()
        engine.dispose()
        return took

    def close(self) -> None:
        """Remove the copy."""
        self._store.close()
        shutil.rmtree(self._folder)

    def _ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        return self._store.execute(query, values).fetchall()
