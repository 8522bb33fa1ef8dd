"""The base of all tables, the column types, the two stores and the one way to write.

Two binds: the private store (no bind key) and the public store (bind key "public"). The public app has only
the second one and opens it read-only, so that a mistake in it cannot reach a private row.
"""

import enum
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry

PUBLIC = "public"
#: The lock of PostgreSQL that whoever writes to a store holds.
WRITER = 7481

#: How the names of tables begin that no model describes: the search, which each database keeps in its way.
WITHOUT_A_MODEL = "published_search"

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. Refuses a naive one, and gives an aware one back on every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the moment in UTC; raises ValueError for one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs its zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the moment, aware of being UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Words are stored by value and without a CHECK, so that a new word is no rebuild of a table on SQLite.
BY_VALUE = sa.Enum(
    enum.Enum,
    values_callable=lambda words: [word.value for word in words],
    native_enum=False,
    create_constraint=False,
    validate_strings=True,
    length=40,
)


class Base(DeclarativeBase):
    """The base of every table."""

    # The map hangs on the registry: Flask-SQLAlchemy 3.1 copies the class body (its issue 1361).
    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: Moment,
            enum.Enum: BY_VALUE,
            str: sa.Text,
            int: sa.BigInteger,
            # None is no value, as in every other column, and not the word null.
            dict[str, Any]: sa.JSON(none_as_null=True),
            list[Any]: sa.JSON(none_as_null=True),
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)

#: 1 January 2024 in milliseconds, where keys begin: counted from 1970 they would outgrow 63 bits in 2039.
_START = 1_704_067_200_000
_keys = threading.Lock()
_last_key = 0


def new_id() -> int:
    """Return a fresh key: 41 bits of milliseconds since 2024, then 22 that start at random and count up.

    Keys are known before the row is written, so that many rows go in by one statement (a key made by the
    database costs one statement per row on SQLite), and they sort by time.
    """
    global _last_key
    with _keys:
        fresh = (time.time_ns() // 1_000_000 - _START << 22) | random.getrandbits(22)  # noqa: S311 - no secret
        _last_key = max(fresh, _last_key + 1)
        return _last_key


class Row:
    """A table row with a key that is set when the object is made."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    def __init__(self, **values: Any) -> None:
        values.setdefault("id", new_id())
        super().__init__(**values)


def address(url: str, *, read_only: bool = False) -> sa.URL:
    """Return the address of a store as its engine takes it; `read_only` where it is SQLite.

    In one of SQLite %3F, %23 and %25 stand for ?, # and %, which mean something in an address.
    """
    it = sa.make_url(url)
    if not read_only or it.get_backend_name() != "sqlite" or not it.database:
        return it
    file = it.database if it.database.startswith("file:") else f"file:{quote(it.database)}"
    return it.set(database=file, query={**it.query, "mode": "ro", "uri": "true"})


def has_a_model(name: str | None, kind: str, parents: object) -> bool:
    """Return whether the models describe what has this name: Alembic asks for everything that it finds."""
    return not (kind == "table" and (name or "").startswith(WITHOUT_A_MODEL))


def by_number(column: Any, *, last_first: bool = False) -> tuple[Any, ...]:
    """Return the order of cases or filings by their number: C001-11 before C001-100, unlike its text."""
    order = (sa.func.length(column), column)
    return tuple(it.desc() for it in order) if last_first else order


class Rounds:
    """Lets the threads of a process read a SQLite file in rounds while another process writes to it.

    They share one lock on the file, so a thread that comes while another reads never finds out that somebody
    waits to commit: readers who overlap again and again would keep a withdrawal out for ever. Who comes while
    there is a journal waits until those inside are done; then SQLite lets the writer pass first.
    """

    def __init__(self, patience: float = 5.0) -> None:
        """Begin with nobody inside; nobody waits longer than `patience`."""
        self._patience = patience
        self._change = threading.Condition()
        self._inside = self._round = 0

    def enter(self, file: str) -> None:
        """Begin to read, with those who are inside or after them."""
        with self._change:
            mine = self._round
            if self._inside and os.path.exists(f"{file}-journal"):
                self._change.wait_for(lambda: self._round != mine, self._patience)
            self._inside += 1

    def leave(self) -> None:
        """Be done with reading."""
        with self._change:
            self._inside -= 1
            if not self._inside:
                self._round += 1
                self._change.notify_all()


def _read_in_rounds(engine: Engine) -> None:
    """Let connections of a read-only engine enter a round when they begin, and leave it when let go."""
    rounds = Rounds()

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        record.info["file"] = connection.execute("PRAGMA database_list").fetchone()[2]

    @sa.event.listens_for(engine, "begin")
    def begins(connection: Connection) -> None:
        if not connection.info.get("reads"):
            rounds.enter(connection.info["file"])
            connection.info["reads"] = True

    @sa.event.listens_for(engine, "checkin")
    @sa.event.listens_for(engine, "invalidate")
    def ends(connection: Any, record: Any, *fault: Any) -> None:
        if record.info.pop("reads", False):
            rounds.leave()


def prepare(engine: Engine, *, public: bool) -> None:
    """Give every connection of a SQLite engine the settings on which our promises rest (security.md D19)."""
    if engine.dialect.name != "sqlite":
        return
    if "mode=ro" in str(engine.url):
        _read_in_rounds(engine)  # before any transaction begins

    @sa.event.listens_for(engine, "connect")
    def settings(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so, see begin()
        run = connection.execute
        run("PRAGMA busy_timeout = 5000")
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA trusted_schema = OFF")
        if run("PRAGMA query_only").fetchone()[0] or "mode=ro" in str(engine.url):
            return
        # A reader without the right to write cannot open a WAL database: the public store keeps DELETE.
        run(f"PRAGMA journal_mode = {'DELETE' if public else 'WAL'}")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA secure_delete = ON")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def let_go() -> None:
    """End what is read: nobody who writes has to wait while a page is made of it. What was loaded stays.

    SQLite lets nobody commit to the public store while somebody reads it.
    """
    db.session.remove()


@contextmanager
def transaction(store: str | None = None, *, write: bool = True) -> Iterator[None]:
    """Open the one transaction of an act: everything inside is recorded, or nothing.

    `store` is None for the private store, PUBLIC for the public one. On SQLite the write lock is taken at
    once, so nothing that is read inside can be out of date; PostgreSQL gets one writer at a time by a lock
    of its own, because numbers are given by reading the highest one. With `write` False no lock is taken:
    everything inside reads one state of the store, nobody has to wait for it, and nothing is recorded.

    Raises RuntimeError inside another one: it would end that one early.
    """
    session = db.session
    if session.info.get("acting"):
        raise RuntimeError("An act is one transaction, and this one is already open.")
    session.rollback()
    engine = db.engines[store]
    session.info["acting"] = True
    try:
        options: dict[str, Any] = {"immediate": write}
        if not write and engine.dialect.name == "postgresql":
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        connection = session.connection(bind_arguments={"bind": engine}, execution_options=options)
        if write and engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(WRITER)))
        yield
        if write:
            session.flush()
            _commit(connection)
        else:
            session.rollback()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("acting", None)


def _commit(connection: Connection) -> None:
    """End the transaction of an act; `connection` is that on the store which it wrote."""
    try:
        db.session.commit()
    except BaseException:
        # What could not be written is held by its lock still, and nobody could read: drop the connection. The
        # other store, which was only read, may be let go already, and cannot be rolled back.
        connection.invalidate()
        db.session.close()
        raise
