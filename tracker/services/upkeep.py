"""Upkeep: is every kept file there, whole, and named by an exhibit?"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tracker import clock
from tracker.db import by_number, db
from tracker.errors import StoreFault
from tracker.models import Case, Evidence, StoredFile
from tracker.storage.arriving import STALE
from tracker.storage.files import Store, measure


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `name` is a hash, or a path in the store; `exhibits` are those concerned."""

    name: str
    reason: str
    exhibits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What verify found. `checked` counts the files whose content was hashed."""

    missing: tuple[Problem, ...]
    damaged: tuple[Problem, ...]
    leftover: tuple[Problem, ...]
    checked: int

    def problems(self) -> Iterator[tuple[str, Problem]]:
        """Give ("missing", problem) and so on, the worst first."""
        kinds = {"missing": self.missing, "damaged": self.damaged, "leftover": self.leftover}
        for kind, found in kinds.items():
            for it in found:
                yield kind, it


def verify(folder: Path) -> Report:
    """Hash every kept file again, compare with the records, and return what is wrong.

    Left over are files that no record names, whatever else lies in the store, and temporary files that
    were not written to for an hour. Reads what is committed, holds no transaction while it hashes (the
    office works on meanwhile), and changes nothing.
    """
    store = Store(folder)
    named = _records()
    missing, damaged, checked = [], [], 0
    there = set(store.names())
    for sha256, recorded in sorted(named.items()):
        if sha256 not in there and not store.path(sha256).is_symlink():
            missing.append(Problem(sha256, "there is no such file"))
            continue
        try:
            with store.raw(sha256) as stream:
                found, digest = measure(stream)
        except (StoreFault, OSError) as fault:
            damaged.append(Problem(sha256, str(fault)))
            continue
        checked += 1
        if digest != sha256:
            damaged.append(Problem(sha256, "its content is not what was kept"))
        elif found != recorded:
            damaged.append(Problem(sha256, f"it has {found} bytes, the record says {recorded}"))
    # Asked again: an upload may have ended since.
    spare = sorted(there - _records().keys())
    leftover = [Problem(it, "no exhibit names it") for it in spare]
    strangers = store.strangers(older_than=clock.now() - STALE)
    links = {str(store.path(it.name).relative_to(folder)) for it in damaged}
    leftover += [Problem(it.path, it.reason) for it in strangers if it.path not in links]
    concerned = _exhibits() if missing or damaged else {}
    return Report(
        missing=tuple(_concerning(it, concerned) for it in missing),
        damaged=tuple(_concerning(it, concerned) for it in damaged),
        leftover=tuple(leftover),
        checked=checked,
    )


def tidy(folder: Path) -> int:
    """Remove temporary files that were not written to for an hour, and return how many those were.

    A file with a name stays, also when no exhibit names it: an upload of the same content may rely on it.
    """
    return Store(folder).remove_leftovers(older_than=clock.now() - STALE)


def _records() -> dict[str, int]:
    """Return hash -> length of every stored file."""
    query = sa.select(StoredFile.sha256, StoredFile.bytes)
    with db.engine.connect() as connection:
        return {row.sha256: row.bytes for row in connection.execute(query)}


def _exhibits() -> dict[str, list[str]]:
    """Return hash -> the exhibits that are this file ("C081 Ex. 3"), by case and number."""
    query = sa.select(Evidence.sha256, Case.number, Evidence.exhibit).join(Case, Case.id == Evidence.case_id)
    found: dict[str, list[str]] = {}
    with db.engine.connect() as connection:
        for row in connection.execute(query.order_by(*by_number(Case.number), Evidence.exhibit)):
            found.setdefault(row.sha256, []).append(f"{row.number} Ex. {row.exhibit}")
    return found


def _concerning(problem: Problem, exhibits: dict[str, list[str]]) -> Problem:
    return Problem(problem.name, problem.reason, tuple(exhibits.get(problem.name, ())))
