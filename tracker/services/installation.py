"""An installation: its folders, its key and its two stores, made where they are missing.

All of this comes before the app can start, so nothing here needs one. The directory is filled afterwards, by
services.authorities.sync, inside the app and its transaction.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from tracker.config import Settings, check_apart
from tracker.db import PUBLIC
from tracker.db import prepare as prepare_engine
from tracker.errors import RuleBroken
from tracker.storage import schema

# The public site may run as somebody else, who has to reach its own folder and nothing of the private one.
# Set whatever the umask is: a strict one would close the public folder, a loose one would open a private one.
PRIVATE_FOLDER, PUBLIC_FOLDER = 0o700, 0o755
PRIVATE_FILE, PUBLIC_FILE = 0o600, 0o644


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was missing and is there now: folders and files, and the stores that got a newer form."""

    made: tuple[Path, ...]
    upgraded: tuple[str, ...]


def prepare(settings: Settings) -> Prepared:
    """Make what the installation lacks and return what that was. What exists stays as it is.

    Raises RuleBroken for a home in which something else stands, before anything is made in it, and for a
    store that cannot be opened.
    """
    check_apart(settings)
    folders = prepare_folders(settings)
    files, upgraded = prepare_stores(settings)
    return Prepared(made=folders + files, upgraded=upgraded)


def prepare_folders(settings: Settings) -> tuple[Path, ...]:
    """Make the missing folders and the key that signs sessions, and return them. Raises RuleBroken."""
    wanted = {
        settings.home: PUBLIC_FOLDER,
        settings.private: PRIVATE_FOLDER,
        settings.evidence: PRIVATE_FOLDER,
        settings.secrets: PRIVATE_FOLDER,
        settings.public: PUBLIC_FOLDER,
        settings.public / "files": PUBLIC_FOLDER,
    }
    for folder in wanted:
        if os.path.lexists(folder) and not folder.is_dir():
            raise RuleBroken(
                f"{folder} is in the way: a folder has to stand there. "
                "Move it, or set TRACKER_HOME to another place."
            )
    with _refusals():
        made = [it for folder, mode in wanted.items() for it in _make_folder(folder, mode)]
        return (*made, *_make_key(settings.key_file))


def prepare_stores(settings: Settings) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Bring both stores to the form that this program needs; return the new files and the upgraded stores.

    Raises RuleBroken for a store that cannot be opened, or that a newer program wrote.
    """
    stores = (
        (schema.PRIVATE, settings.private_url, PRIVATE_FILE),
        (PUBLIC, settings.public_url, PUBLIC_FILE),
    )
    files, upgraded = [], []
    for store, url, mode in stores:
        engine = sa.create_engine(url)
        prepare_engine(engine, public=store == PUBLIC)
        try:
            with _refusals():
                files += _make_store_file(engine.url, mode)
            if schema.behind(engine, store):
                schema.upgrade(engine, store)
                upgraded.append(store)
        except sa.exc.DBAPIError as error:
            reason = str(error.orig).strip().split("\n")[0]
            raise RuleBroken(f"The {store} store cannot be prepared: {reason}.") from error
        finally:
            engine.dispose()
    return tuple(files), tuple(upgraded)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the file system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        raise RuleBroken(f"{error.filename} cannot be made: {error.strerror}.") from error


def _make_folder(folder: Path, mode: int) -> list[Path]:
    """Make a folder and those above it that are missing; return the new ones, the outermost first."""
    if folder.is_dir():
        return []
    above = _make_folder(folder.parent, PUBLIC_FOLDER)
    folder.mkdir(mode)
    folder.chmod(mode)
    return [*above, folder]


def _make_key(file: Path) -> list[Path]:
    """Make the key unless there is one; whoever reads it finds all of it or none, and it never changes."""
    if os.path.lexists(file):
        return []
    draft = file.with_name(f".{secrets.token_hex(8)}")
    try:
        with _new_file(draft, PRIVATE_FILE) as descriptor:
            os.write(descriptor, secrets.token_hex(32).encode("ascii"))
            os.fsync(descriptor)
        # Unlike a rename, a link refuses to take the place of a key that has come meanwhile.
        os.link(draft, file)
    except FileExistsError:
        return []
    finally:
        draft.unlink(missing_ok=True)
    return [file]


def _make_store_file(url: sa.URL, mode: int) -> list[Path]:
    """Make the empty file of a SQLite store: SQLite gives its own files beside it the same mode."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return []
    file = Path(url.database)
    if file.exists():
        return []
    with _new_file(file, mode):
        return [file]


@contextmanager
def _new_file(file: Path, mode: int) -> Iterator[int]:
    """Make a file and give its descriptor for writing. Raises FileExistsError where there is one."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        os.fchmod(descriptor, mode)
        yield descriptor
    finally:
        os.close(descriptor)
