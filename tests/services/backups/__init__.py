"""Backups and the way back: what the tests look with."""

import hashlib
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

LETTERS = (b"first letter", b"second letter")


def files_below(folder: Path) -> dict[str, str]:
    """Return path -> SHA-256 of every file."""
    found = (it for it in folder.rglob("*") if it.is_file())
    return {it.relative_to(folder).as_posix(): hashlib.sha256(it.read_bytes()).hexdigest() for it in found}


def rows_in(file: Path, table: str) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our tables
        return found


def modes(folder: Path) -> set[tuple[str, str]]:
    """Return kind and mode of everything below and including the folder."""
    facts = [it.stat().st_mode for it in (folder, *folder.rglob("*"))]
    return {("folder" if stat.S_ISDIR(it) else "file", oct(stat.S_IMODE(it))) for it in facts}


def flip(file: Path, at: int = -1) -> None:
    """Flip one bit of one byte, the one in the middle unless told."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 if at < 0 else at] ^= 0b100
    file.chmod(0o600)
    file.write_bytes(content)
