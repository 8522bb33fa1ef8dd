"""How the benchmarks measure: a home of their own, interleaved rounds, the median and the spread."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from tracker import config
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.rules.access import SHELL
from tracker.services import authorities, demonstration, installation, publication


@contextmanager
def desk(*, cases: bool = False) -> Iterator[tuple[Flask, Settings]]:
    """Give a desk on a new home inside its context, with the directory and, if asked, the real cases."""
    folder = Path(tempfile.mkdtemp(prefix="tracker-bench-"))
    try:
        settings = config.read({"TRACKER_HOME": str(folder / "home")})
        installation.prepare(settings)
        app = create_app(settings)
        with app.app_context():
            with transaction():
                authorities.sync(by=SHELL)
            with transaction(PUBLIC):
                publication.publish_directory()
            if cases:
                with transaction():
                    numbers = demonstration.import_cases(by=SHELL)
                with transaction():
                    demonstration.clear_verified(numbers, by=SHELL)
                with transaction(PUBLIC):
                    publication.refresh(numbers)
            yield app, settings
            db.session.remove()
            for store in (None, PUBLIC):
                db.engines[store].dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def spread(values: list[float], digits: int = 2) -> str:
    """Return "0.82 (0.78 to 0.85, 7 rounds)"."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f}, {len(values)} rounds)"


def line(name: str, text: str) -> None:
    """Print one figure."""
    print(f"{name:<46} {text}", flush=True)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the list that the statements on the private store go into, transactions and settings left out."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    sa.event.listen(db.engines[None], "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engines[None], "before_cursor_execute", note)


def rows_since(before: dict[str, int]) -> dict[str, list[dict[str, object]]]:
    """Return the rows that each private table got since counts() was taken, newest keys first."""
    added = {}
    with db.engines[None].connect() as connection:
        for table in db.metadatas[None].sorted_tables:
            extra = counts()[table.name] - before[table.name]
            if extra:
                order = table.c.id.desc() if "id" in table.c else sa.text("rowid DESC")
                found = connection.execute(sa.select(table).order_by(order).limit(extra)).mappings()
                added[table.name] = [dict(it) for it in found]
    return added


def counts() -> dict[str, int]:
    """Return table -> number of rows of the private store."""
    with db.engines[None].connect() as connection:
        return {
            it.name: connection.execute(sa.select(sa.func.count()).select_from(it)).scalar_one()
            for it in db.metadatas[None].sorted_tables
        }
