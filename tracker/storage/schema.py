"""The form of the two stores: brought up to date, taken back, and asked for, by Alembic.

Each store has a history of its own under tracker/migrations. All of one change is one transaction, on SQLite
too: a migration that fails, or that is killed, leaves the store as it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from tracker.db import PUBLIC, WRITER
from tracker.errors import RuleBroken

PRIVATE = "private"
STORES = (PRIVATE, PUBLIC)


def config(store: str) -> Config:
    """Return the settings of Alembic for a store. Raises ValueError for a word that is not in STORES."""
    if store not in STORES:
        raise ValueError(f"{store!r} is no store.")
    settings = Config()
    settings.set_main_option("script_location", "tracker:migrations")
    settings.set_main_option("version_locations", f"tracker:migrations/{store}")
    settings.set_main_option("path_separator", "newline")
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return settings


@cache
def revisions(store: str) -> tuple[str, ...]:
    """Return the revisions of a store, oldest first."""
    history = ScriptDirectory.from_config(config(store)).walk_revisions()
    return tuple(it.revision for it in history)[::-1]


def head(store: str) -> str:
    """Return the newest revision, the one that this program works with."""
    return revisions(store)[-1]


def current(engine: Engine, store: str) -> str | None:
    """Return the revision that the store has, None for one without any.

    Raises RuleBroken for a revision that this program does not know.
    """
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in revisions(store):
        raise RuleBroken(
            f"The {store} store has the form {found}, which this program does not know: "
            "start the newer program that wrote it, or check the address of the store."
        )
    return found


def behind(engine: Engine, store: str) -> bool:
    """Return whether the store is empty or older than this program needs. Raises like current()."""
    return current(engine, store) != head(store)


def upgrade(engine: Engine, store: str, revision: str = "head") -> None:
    """Bring a store to the newest revision, or up to the one named. Does nothing where it is there already.

    Raises RuleBroken for a store that this program does not know.
    """
    current(engine, store)
    _run(engine, store, command.upgrade, revision)


def downgrade(engine: Engine, store: str, revision: str) -> None:
    """Take a store back to an older revision; "base" drops everything in it. Raises like upgrade()."""
    current(engine, store)
    _run(engine, store, command.downgrade, revision)


def _run(engine: Engine, store: str, act: Callable[[Config, str], None], revision: str) -> None:
    """Do the act in one transaction that nobody else writes beside."""
    settings = config(store)
    with engine.connect() as connection, _loose_keys(connection):
        connection.execution_options(immediate=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER)))
            settings.attributes["connection"] = connection
            act(settings, revision)
            _check_keys(connection)


@contextmanager
def _loose_keys(connection: Connection) -> Iterator[None]:
    """Leave foreign keys alone on SQLite while a table is rebuilt.

    SQLite rebuilds a table by dropping it, and with the keys on that deletes or refuses what points to it.
    The setting cannot change within a transaction, so this comes before it begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.cursor()
    (before,) = raw.execute("PRAGMA foreign_keys").fetchone()
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA foreign_keys = {before}")


def _check_keys(connection: Connection) -> None:
    """Raise RuleBroken where a row points to one that is not there: what SQLite did not watch meanwhile."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if lost is not None:
            raise RuleBroken(f"A row of {lost[0]} points to a row of {lost[2]} that does not exist.")
