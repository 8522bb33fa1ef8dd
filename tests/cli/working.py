"""A home with a mail server beside it, workers as processes of their own, what they left in the outbox."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.mailserver import Mailbox, mailbox
from tests.storage import KINDS
from tracker.cli import context
from tracker.db import db, transaction
from tracker.models import Outgoing
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import accounts, jobs, outbox

SITE = "https://desk.example.org"


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The kind of the private store: the home is on SQLite or on PostgreSQL."""
    if request.param == "postgresql":
        new = request.getfixturevalue("new_postgres_database")
        monkeypatch.setenv("TRACKER_DATABASE_URL", new())
        monkeypatch.setenv("TRACKER_PUBLIC_DATABASE_URL", new())
        subprocess.run([sys.executable, "-m", "tracker.cli", "init"], check=True, capture_output=True)
        with desk_context(), transaction():
            values = {"name": "L", "role": Role.LAWYER, "password_hash": "x"}
            accounts.add_user("lawyer@example.org", by=SHELL, **values)  # type: ignore[arg-type]
    return str(request.param)


@pytest.fixture
def box(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A real mail server, to which the settings lead."""
    with mailbox() as it:
        lead_to(it.port, monkeypatch)
        yield it


@contextmanager
def desk_context() -> Iterator[Flask]:
    """Give the desk on the home as a command has it, and leave no connection open."""
    with context.desk_context() as app:
        yield app
        db.session.remove()
        for it in db.engines.values():
            it.dispose()


def lead_to(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SMTP_URL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "tracker@example.org")
    monkeypatch.setenv("TRACKER_DESK_URL", SITE)


def write(number: int = 1) -> list[str]:
    """Write so many messages and return their Message-IDs."""
    with desk_context(), transaction():
        user = accounts.get_user("lawyer@example.org")
        made = [
            outbox.write(user, kind="test", key=f"test/{it}", subject=f"Message {it}", body="b", site=SITE)
            for it in range(number)
        ]
        return [it.message_id for it in made if it is not None]


def rows() -> list[Outgoing]:
    with desk_context():
        return list(db.session.scalars(sa.select(Outgoing).order_by(Outgoing.id)))


def due_again() -> None:
    """Let the time come for everything that waits."""
    with desk_context(), transaction():
        past = datetime.now(UTC) - timedelta(minutes=1)
        db.session.execute(
            sa.update(Outgoing).where(Outgoing.next_try_at.is_not(None)).values(next_try_at=past)
        )


@contextmanager
def worker(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run `tracker work` as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "tracker.cli", "work", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def has_run() -> bool:
    with desk_context():
        return any(it.name == "mail" for it in jobs.standing())
