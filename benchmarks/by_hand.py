"""The baseline of writing: the same rows, inserted with the sqlite3 module into a copy of the tables."""

import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from benchmarks.measuring import rows_since
from tracker.config import Settings
from tracker.db import db


def insert(settings: Settings, before: dict[str, int]) -> float:
    """Return the seconds that it takes to insert what was added since `before`, in one transaction."""
    added = rows_since(before)
    folder = Path(tempfile.mkdtemp(prefix="tracker-by-hand-", dir=settings.home))
    target = sa.create_engine(f"sqlite:///{folder / 'copy.db'}")
    db.metadatas[None].create_all(target)
    work = []
    for table in db.metadatas[None].sorted_tables:
        rows = added.get(table.name)
        if rows:
            compiled = table.insert().compile(dialect=target.dialect)
            names = [it.name for it in table.columns]
            binds = [it.type.bind_processor(target.dialect) for it in table.columns]
            values = [
                [bind(row[name]) if bind else row[name] for name, bind in zip(names, binds, strict=True)]
                for row in rows
            ]
            work.append((str(compiled), values))
    target.dispose()
    connection = sqlite3.connect(folder / "copy.db", isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for statement, values in work:
        connection.executemany(statement, values)
    connection.execute("COMMIT")
    took = time.perf_counter() - start
    connection.close()
    shutil.rmtree(folder)
    return took
