"""The public store as a file that somebody took: every byte of it, every row, every word of its search."""

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from tracker.config import Settings, sqlite_file
from tracker.db import PUBLIC, db


def files(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Give every file of the public folder, what a journal holds among it, and the names of all of them."""
    for path in sorted(settings.public.rglob("*")):
        yield f"the name of {path.name}", path.relative_to(settings.public).as_posix().encode()
        if path.is_file():
            yield path.name, path.read_bytes()


def rows(settings: Settings) -> Iterator[tuple[str, str]]:
    """Give every row of every table as text, of the search its words, sorted.

    What SQLite keeps of the search beside that depends on when it was written, so it is no part of this.
    """
    file = sqlite_file(settings.public_url)
    if file is None:
        yield from _postgres_rows()
        return
    yield from _sqlite_rows(file)


def _sqlite_rows(file: Path) -> Iterator[tuple[str, str]]:
    with sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True) as store:
        tables = store.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall()
        searches = [name for name, made in tables if "fts5" in (made or "").lower()]
        for name, _ in tables:
            if any(name.startswith(f"{it}_") for it in searches):
                continue
            # The names come from the store itself.
            for row in sorted(repr(it) for it in store.execute(f'SELECT rowid, * FROM "{name}"')):
                yield name, row
        for name in searches:
            store.execute(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, '{name}', instance)")
            for row in store.execute("SELECT term, doc, col, offset FROM temp.words ORDER BY 1, 2, 3, 4"):
                yield f"the words of {name}", repr(row)
            store.execute("DROP TABLE temp.words")
    store.close()


def _postgres_rows() -> Iterator[tuple[str, str]]:
    engine = db.engines[PUBLIC]
    with engine.connect() as connection:
        names = connection.execute(
            sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        ).scalars()
        for name in names.all():
            found = connection.execute(sa.text(f'SELECT t::text FROM "{name}" t ORDER BY 1')).scalars()
            for row in found.all():
                yield name, row


def fingerprint(settings: Settings) -> str:
    """Return one hash of all rows: the same while nothing of the store is another."""
    found = hashlib.sha256()
    for name, row in rows(settings):
        found.update(f"{name} {row}\n".encode())
    return found.hexdigest()


def differing(before: set[tuple[str, str]], settings: Settings) -> list[str]:
    """Return what is another than before, table by table."""
    return sorted({name for name, _ in before ^ set(rows(settings))})
