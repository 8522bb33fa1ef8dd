"""The programs that the tests start themselves: a PostgreSQL server of their own, and Chromium.

Neither is ever skipped: a test that needs one fails when it is missing, and says what to install.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

OWNER = "tracker"

# Only what the tests write is kept here, and only while they run: no flush to disk is worth waiting for.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "timezone": "UTC",
}

# The server ends with the tests, however they end: it is stopped when the pipe to its keeper closes, and the
# kernel closes that even for a test run that was killed.
KEEPER = '"$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server'


class NotInstalled(RuntimeError):
    """A program that the tests need is missing; the text names the package."""


class NotStarted(RuntimeError):
    """The server did not answer in time; the text is its own log."""


def find_chromium() -> str:
    """Return the path of Chromium. Raises NotInstalled."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise NotInstalled(
        "The browser tests need Chromium: install the package chromium, or set CHROMIUM to its path."
    )


def find_postgres() -> Path:
    """Return the newest folder that holds both initdb and postgres. Raises NotInstalled."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(installed, key=lambda it: float(it.parent.name), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NotInstalled("The database tests need a PostgreSQL server: install the package postgresql.")


def _account() -> tuple[int | None, int | None]:
    """Return the user and group of the server: never root, which it refuses. None is who runs the tests."""
    if os.geteuid() != 0:
        return None, None
    names = {it.pw_name for it in pwd.getpwall()}
    found = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return found.pw_uid, found.pw_gid


def _answers(address: str, log: Path, seconds: float) -> None:
    """Wait until the server takes a connection. Raises NotStarted with its log."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise NotStarted(f"{error}\n{log.read_text()}") from error
            time.sleep(0.05)
        else:
            return


class Postgres:
    """A running server. It listens on a socket in a folder of its own, so no port can be taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def address(self, name: str) -> str:
        """Return what libpq calls the database `name`."""
        return f"host='{self.folder}' user={OWNER} dbname={name}"

    def url(self, name: str) -> str:
        """Return the address of the database `name` for SQLAlchemy."""
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self.folder}"

    def create(self) -> str:
        """Create an empty database and return its name, which no other test has."""
        name = f"test_{uuid.uuid4().hex}"
        self._say(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def drop(self, name: str) -> None:
        """Remove a database, with whatever connections a test has left open."""
        self._say(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _say(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def postgres(seconds: float = 60) -> Iterator[Postgres]:
    """Start an empty server, give it, stop it and remove its files. Raises NotInstalled, NotStarted."""
    programs = find_postgres()
    user, group = _account()
    # Not pytest's own folder: that one is closed to the account the server runs under.
    folder = Path(tempfile.mkdtemp(prefix="tracker-pg-"))
    try:
        if user is not None and group is not None:
            os.chown(folder, user, group)
        data, log = folder / "data", folder / "log"
        with log.open("w") as output:
            made = subprocess.run(
                [
                    programs / "initdb",
                    "-D",
                    data,
                    "-U",
                    OWNER,
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "-N",
                ],
                stdout=output,
                stderr=output,
                cwd=folder,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
                check=False,
            )
            if made.returncode:
                raise NotStarted(log.read_text())
            settings = {**SETTINGS, "unix_socket_directories": str(folder)}
            options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
            keeper = subprocess.Popen(
                ["sh", "-c", KEEPER, "keeper", programs / "postgres", "-D", data, *options],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd=folder,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
            )
        try:
            server = Postgres(folder)
            _answers(server.address("postgres"), log, seconds)
            yield server
        finally:
            keeper.communicate(timeout=seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
