"""Copies of stores and files that are whole: made while others write, and compared by count and hash.

A SQLite file that is in use must never be copied as a file: what stands in its log would be missing, and the
copy would still look sound (security.md 0.3). The online copy of SQLite is one moment of the store.
"""

import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from sqlalchemy.engine import make_url

from tracker.errors import BadFile, StoreFault
from tracker.storage.files import CHUNK, measure
from tracker.storage.places import open_file, visible

#: Of the manifest; a program reads its own and no newer one.
FORMAT = 1
MANIFEST, MANIFEST_HASH = "manifest.json", "manifest.sha256"
PRIVATE_DB, PUBLIC_DB = "private/private.db", "public/public.db"
#: Seconds to wait for a writer of a store that cannot be read meanwhile (the public one).
PATIENCE = 10.0

_EVIDENCE = "private/evidence/([0-9a-f]{2})/([0-9a-f]{2})/\\1\\2[0-9a-f]{60}"
_PLACE = re.compile(rf"{_EVIDENCE}|(?:private/secrets|public/files)/[^\0]+")


def sqlite_file(url: str) -> Path | None:
    """Return the file of a SQLite store by its address; None for another database or one in memory."""
    it = make_url(url)
    if it.get_backend_name() != "sqlite" or not it.database or it.database.startswith((":", "file:")):
        return None
    return Path(it.database).absolute()


@contextmanager
def snapshot(file: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that sees the store as it is now, whatever others write. Raises StoreFault."""
    with closing(_open(file, "mode=ro")) as connection:
        try:
            connection.execute("BEGIN")
            # Only the first reading fixes the moment.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as fault:
            raise StoreFault(f"{file.name} cannot be read: {fault}.") from None
        yield connection


def copy_store(source: sqlite3.Connection, target: Path) -> None:
    """Write what `source` sees into a new file that is complete in itself. Raises FileExistsError."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(_open(target, "mode=rw")) as copy:
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.Error as fault:
            raise StoreFault(f"{target} cannot be written: {fault}.") from None
    _flush(target)


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Return table -> number of rows, for every table of the store."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    names = [name for (name,) in connection.execute(query)]
    counts = {}
    for name in names:
        quoted = '"' + name.replace('"', '""') + '"'
        # Tables have no placeholders; the name is the store's own, and quoted.
        counts[name] = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0]  # noqa: S608
    return counts


def faults_of(file: Path, rows: Mapping[str, int]) -> list[str]:
    """Return what is wrong with a copy that nobody writes to: its structure, or its numbers of rows."""
    try:
        # immutable: the copy may lie on a disk on which nothing can be written.
        with closing(_open(file, "mode=ro&immutable=1")) as connection:
            told = [text for (text,) in connection.execute("PRAGMA integrity_check(10)")]
            if told != ["ok"]:
                return told
            found = count_rows(connection)
    except sqlite3.Error as fault:
        return [str(fault)]
    tables = sorted(rows.keys() | found.keys())
    return [
        f"table {name} has {found.get(name, 'no')} rows, not {rows.get(name, 'any')}"
        for name in tables
        if found.get(name) != rows.get(name)
    ]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: rows by store ("private", "public") and table; length and SHA-256 by path."""

    made_at: str
    program: str
    secrets: bool
    rows: dict[str, dict[str, int]]
    files: dict[str, tuple[int, str]]
    #: Evidence that was missing or damaged when the backup was made, in words.
    faults: tuple[str, ...]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into the folder, and its hash beside it as sha256sum writes it."""
    content = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1).encode("ascii")
    for name, text in ((MANIFEST, content), (MANIFEST_HASH, _line_of_hash(content))):
        file = folder / name
        file.write_bytes(text)
        file.chmod(0o600)
        _flush(file)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a backup. Raises BadFile when it is missing, changed, or none."""
    try:
        with open_file(folder, MANIFEST) as stream:
            content = stream.read()
        with open_file(folder, MANIFEST_HASH) as stream:
            if stream.read(1000) != _line_of_hash(content):
                raise BadFile([f"{MANIFEST}: its content is not what {MANIFEST_HASH} says"])
        told = json.loads(content)
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise BadFile([f"{MANIFEST}: not written in the format that this program reads ({FORMAT})"])
        return Manifest(
            made_at=str(told["made_at"]),
            program=str(told["program"]),
            secrets=bool(told["secrets"]),
            rows={it: {name: int(n) for name, n in told["rows"][it].items()} for it in ("private", "public")},
            files={_known_place(it): (int(size), str(name)) for it, (size, name) in told["files"].items()},
            faults=tuple(str(it) for it in told["faults"]),
        )
    except StoreFault as fault:
        raise BadFile([f"{folder}: not a backup of this program: {fault}"]) from None
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise BadFile([f"{MANIFEST}: cannot be understood"]) from None


def check_copy(folder: Path, manifest: Manifest) -> None:
    """Read every file of a copy again and compare. Raises BadFile with a line for each that differs."""
    faults = []
    for path, facts in manifest.files.items():
        try:
            with open_file(folder, path) as stream:
                if measure(stream) != facts:
                    faults.append(f"{path}: its content is not what was backed up")
        except StoreFault as fault:
            # Its words begin with the path.
            faults.append(f"{path}: {str(fault).removeprefix(f'{visible(path)} ')}")
    known = {*manifest.files, MANIFEST, MANIFEST_HASH}
    faults += [f"{it}: not in the manifest" for it in map(visible, other_files(folder)) if it not in known]
    for path, store in ((PRIVATE_DB, "private"), (PUBLIC_DB, "public")):
        if path not in manifest.files:
            faults.append(f"{path}: not in the manifest")
        elif not any(it.startswith(f"{path}:") for it in faults):
            wrong = [f"{path}: {it}" for it in faults_of(folder / path, manifest.rows[store])]
            faults += wrong or (_without_file(folder, manifest) if store == "private" else [])
    if faults:
        raise BadFile(faults)


def evidence_path(sha256: str) -> str:
    """Return where a kept file lies in a backup."""
    return f"private/evidence/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _without_file(folder: Path, manifest: Manifest) -> list[str]:
    """Return a line for every kept file that the private store names and the manifest does not.

    What was missing when the backup was made stands in its faults.
    """
    with closing(_open(folder / PRIVATE_DB, "mode=ro&immutable=1")) as copy:
        names = [str(name) for (name,) in copy.execute("SELECT sha256 FROM stored_files ORDER BY sha256")]
    told = "\n".join(it for it in manifest.faults if it.startswith("missing: "))
    lost = [it for it in names if evidence_path(it) not in manifest.files and it not in told]
    words = f"a row of {PRIVATE_DB} names it, and the manifest does not"
    return [f"{visible(evidence_path(it))}: {words}" for it in lost]


def _line_of_hash(content: bytes) -> bytes:
    return f"{sha256(content).hexdigest()}  {MANIFEST}\n".encode("ascii")


def _known_place(path: str) -> str:
    """Return a path of the manifest; raises BadFile for one where a backup has nothing to put."""
    inside = _PLACE.fullmatch(path) and not {"", ".", ".."} & {*path.split("/")}
    if inside or path in (PRIVATE_DB, PUBLIC_DB):
        return path
    raise BadFile([f"{MANIFEST}: {visible(path)} is no place of a backup"])


def copy_file(source: BinaryIO, target: Path, mode: int) -> tuple[int, str]:
    """Write the stream to a new file and return its length and SHA-256. Raises FileExistsError."""
    digest, total = sha256(), 0
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as written:
        while block := source.read(CHUNK):
            digest.update(block)
            total += len(block)
            written.write(block)
        written.flush()
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    return total, digest.hexdigest()


def other_files(root: Path) -> Iterator[str]:
    """Give the paths of everything below `root` that is no folder, links included; of a disk, not its own."""
    for here, folders, names in os.walk(root):
        if Path(here) == root:
            folders[:] = sorted(it for it in folders if it != "lost+found")
        links = (it for it in folders if Path(here, it).is_symlink())
        yield from (Path(here, it).relative_to(root).as_posix() for it in sorted([*names, *links]))


def ordinary_files(root: Path) -> list[str]:
    """Return the paths, with slashes, of all ordinary files below `root`, in order; links are left out."""
    found = []
    for here, _, names in os.walk(root):
        files = (Path(here, name) for name in names)
        found += [it.relative_to(root).as_posix() for it in files if it.is_file() and not it.is_symlink()]
    return sorted(found)


def seal_folders(root: Path, mode: int) -> None:
    """Give `root` and every folder below it that mode, and bring their lists of files to the disk."""
    for here, _, _ in os.walk(root, topdown=False):
        os.chmod(here, mode)
        flush_folder(Path(here))


def flush_folder(folder: Path) -> None:
    """Bring the list of the folder's files to the disk, so that a name survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def draft_folder(place: Path, name: str) -> Path:
    """Make a hidden folder in `place` and return it: for what gets its real name when it is whole."""
    return Path(tempfile.mkdtemp(prefix=f".{name[:60]}.", suffix=".part", dir=place))


def _flush(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _open(file: Path, how: str) -> sqlite3.Connection:
    try:
        return sqlite3.connect(
            f"file:{quote(str(file))}?{how}", uri=True, isolation_level=None, timeout=PATIENCE
        )
    except sqlite3.Error as fault:
        raise StoreFault(f"{file} cannot be opened: {fault}.") from None
