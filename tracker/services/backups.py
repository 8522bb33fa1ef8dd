"""Backups: one folder with everything that an installation cannot make again, and the way back.

    manifest.json           format, when, by which version; rows per table; length and SHA-256 of every file
    manifest.sha256         the hash of the manifest, as sha256sum writes and checks it
    private/private.db      one moment of the private store
    private/evidence/       every file that a row of this private.db names
    private/secrets/        only when asked for
    public/public.db        one moment of the public store
    public/files/

The stores must be SQLite. With a store on PostgreSQL nothing at all is copied: half a backup that looks whole
is worse than none. There pg_dump makes the copy of the store, and afterwards a plain copy of the evidence
folder completes it, since its files never change (docs/operators.md).
"""

import io
import os
import secrets as chance
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracker import __version__, clock
from tracker.config import Settings
from tracker.errors import RuleBroken, StoreFault
from tracker.storage import copies
from tracker.storage.arriving import READ_ONLY
from tracker.storage.copies import PRIVATE_DB, PUBLIC_DB
from tracker.storage.copies import Manifest as Manifest  # commands show it
from tracker.storage.files import Store, measure
from tracker.storage.places import open_file

PRIVATE_FOLDER, PUBLIC_FOLDER = 0o700, 0o755
PRIVATE_FILE, PUBLIC_FILE = 0o600, 0o644
#: What a disk of its own has in its first folder.
NOTHING = frozenset({"lost+found"})


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and whether a new key for sessions was made because the backup had none."""

    manifest: Manifest
    new_key: bool


def backup(settings: Settings, target: Path, *, secrets: bool = False) -> Manifest:
    """Copy the installation, while it runs, into the new folder `target`, and return what is in it.

    Everything is written beside the target, read again and compared, and only then gets its name: a folder
    of that name is a whole backup. Evidence that is missing or damaged does not stop it, and stands in the
    faults of what is returned. Raises RuleBroken for a store that is not SQLite, and for a target that is not
    new and empty or lies within the home; BadFile when the copy is not what was written.
    """
    private, public = _stores(
        settings, f"pg_dump makes its copy; copy {settings.evidence} after that. Nothing was copied"
    )
    target = Path(os.path.abspath(target))
    _refuse_target(settings, target)
    draft = copies.draft_folder(target.parent, target.name)
    try:
        manifest = _fill(draft, settings, private, public, secrets=secrets)
        copies.write_manifest(draft, manifest)
        copies.seal_folders(draft, PRIVATE_FOLDER)
        copies.check_copy(draft, copies.read_manifest(draft))
        try:
            draft.rename(target)
        except OSError as fault:
            raise RuleBroken(f"{target} cannot be made: {fault.strerror}.") from None
        copies.flush_folder(target.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return manifest


def _fill(draft: Path, settings: Settings, private: Path, public: Path, *, secrets: bool) -> Manifest:
    rows: dict[str, dict[str, int]] = {}
    # Both moments are taken before either is copied. The public one comes first: what is public then was
    # cleared before, so the private store of the backup knows of it.
    with copies.snapshot(public) as seen_public, copies.snapshot(private) as seen_private:
        for store, seen, path in (("public", seen_public, PUBLIC_DB), ("private", seen_private, PRIVATE_DB)):
            (draft / path).parent.mkdir()
            rows[store] = copies.count_rows(seen)
            if not rows[store]:
                raise RuleBroken(f"The {store} store is empty: run 'tracker init' first.")
            copies.copy_store(seen, draft / path)
            # A reader holds up the writers of the public store, so it goes as soon as it can.
            seen.execute("ROLLBACK")
    files: dict[str, tuple[int, str]] = {}
    for path in (PUBLIC_DB, PRIVATE_DB):
        with open_file(draft, path) as stream:
            files[path] = measure(stream)
    # After the copy of the rows: files never go, so each row of the copy has its file.
    faults = _copy_evidence(draft, Store(settings.evidence), files)
    _copy_folder(settings.public / "files", draft, "public/files", files)
    if secrets:
        _copy_folder(settings.secrets, draft, "private/secrets", files)
    made_at = clock.now().isoformat(timespec="seconds")
    return Manifest(made_at, __version__, secrets, rows, files, tuple(faults))


def _copy_evidence(draft: Path, store: Store, files: dict[str, tuple[int, str]]) -> list[str]:
    """Copy every file that the copied rows name, and return what is wrong with the originals."""
    faults = []
    with closing(sqlite3.connect(draft / PRIVATE_DB)) as copy:
        names = [name for (name,) in copy.execute("SELECT sha256 FROM stored_files ORDER BY sha256")]
    for name in names:
        path = copies.evidence_path(name)
        try:
            with store.raw(name) as stream:
                (draft / path).parent.mkdir(parents=True, exist_ok=True)
                files[path] = copies.copy_file(stream, draft / path, READ_ONLY)
        except StoreFault as fault:
            faults.append(f"missing: {fault}")
            continue
        if files[path][1] != name:
            faults.append(f"damaged: the content of {name} is not what was kept; it was copied as it is")
    return faults


def _copy_folder(folder: Path, draft: Path, place: str, files: dict[str, tuple[int, str]]) -> None:
    for name in copies.ordinary_files(folder):
        path = f"{place}/{name}"
        (draft / path).parent.mkdir(parents=True, exist_ok=True)
        with open_file(folder, name) as stream:
            files[path] = copies.copy_file(stream, draft / path, PRIVATE_FILE)


def restore(settings: Settings, source: Path) -> Restored:
    """Bring a backup back into an empty home, and return what came.

    The backup is checked before anything is written, and what was written is read again and checked before it
    gets its place: files by hash, stores by their own integrity check and by the rows of each table. What is
    private gets modes 0700 and 0600, evidence 0440; the public folder can be read by all, since all of it is
    public. Raises BadFile for a backup that is not whole; RuleBroken for a home that is not empty, or a store
    that is not SQLite.
    """
    private, public = _stores(
        settings, f"pg_restore brings its copy back; put {settings.evidence} back as it was. Nothing was done"
    )
    manifest = copies.read_manifest(source)
    copies.check_copy(source, manifest)
    _refuse_home(settings.home, private, public)
    _refuse_within(source, settings.home, private, public)
    settings.home.mkdir(mode=PUBLIC_FOLDER, parents=True, exist_ok=True)
    # Within the home, which may be a disk of its own in a folder where nobody else may write.
    with _draft_within(settings.home) as draft:
        for folder in ("private/evidence", "private/secrets", "public/files"):
            (draft / folder).mkdir(parents=True)
        for path in manifest.files:
            (draft / path).parent.mkdir(parents=True, exist_ok=True)
            with open_file(source, path) as stream:
                copies.copy_file(stream, draft / path, _mode(path))
        copies.check_copy(draft, manifest)
        key = draft / "private/secrets" / settings.key_file.name
        new_key = not key.exists()
        if new_key:
            copies.copy_file(io.BytesIO(chance.token_hex(32).encode("ascii")), key, PRIVATE_FILE)
        copies.seal_folders(draft / "private", PRIVATE_FOLDER)
        copies.seal_folders(draft / "public", PUBLIC_FOLDER)
        for path, place in ((PRIVATE_DB, private), (PUBLIC_DB, public)):
            if place != settings.home / path:
                _move_out(draft / path, place, _mode(path))
        # The key comes last: without it nothing starts on a home that is half there.
        for part in (settings.public, settings.private):
            (draft / part.name).rename(part)
        copies.flush_folder(settings.home)
    return Restored(manifest, new_key)


def _stores(settings: Settings, instead: str) -> tuple[Path, Path]:
    """Return the files of the private and the public store. Raises RuleBroken where one is not SQLite."""
    files = []
    for store, url in (("private", settings.private_url), ("public", settings.public_url)):
        file = copies.sqlite_file(url)
        if file is None:
            raise RuleBroken(f"The {store} store is not a file of SQLite. On PostgreSQL {instead}.")
        files.append(file)
    return files[0], files[1]


def _refuse_target(settings: Settings, target: Path) -> None:
    if os.path.lexists(target) and (target.is_symlink() or not target.is_dir() or any(target.iterdir())):
        raise RuleBroken(f"{target} exists and is not an empty folder: name a new one.")
    if not target.parent.is_dir():
        raise RuleBroken(f"There is no folder {target.parent} to put the backup into.")
    if os.path.ismount(target):
        raise RuleBroken(f"{target} is a disk of its own: name a new folder on it.")
    if target.parent.resolve().is_relative_to(settings.home.resolve()):
        raise RuleBroken(f"{target} lies within {settings.home} and would be lost with it.")


def _refuse_home(home: Path, *stores: Path) -> None:
    for it in stores:
        if os.path.lexists(it):
            raise RuleBroken(f"{it} exists: a backup is only restored where there is nothing yet.")
    if os.path.lexists(home) and (not home.is_dir() or {it.name for it in home.iterdir()} - NOTHING):
        raise RuleBroken(f"{home} is not empty: a backup is only restored into an empty home.")


def _refuse_within(source: Path, *places: Path) -> None:
    """Refuse to write into the backup itself: it would be another one afterwards."""
    for it in places:
        if it.resolve().is_relative_to(source.resolve()):
            raise RuleBroken(f"{it} lies within the backup {source}: restore into a home outside of it.")


@contextmanager
def _draft_within(home: Path) -> Iterator[Path]:
    """Give a folder within the home that is gone afterwards, with all that was not moved out of it."""
    draft = copies.draft_folder(home, "restore")
    try:
        yield draft
    finally:
        shutil.rmtree(draft)


def _mode(path: str) -> int:
    if path.startswith("private/evidence/"):
        return READ_ONLY
    return PRIVATE_FILE if path.startswith("private/") else PUBLIC_FILE


def _move_out(file: Path, place: Path, mode: int) -> None:
    """Move a store to where the settings have it, which may be another disk."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with file.open("rb") as stream:
        copies.copy_file(stream, place, mode)
    copies.flush_folder(place.parent)
    file.unlink()
