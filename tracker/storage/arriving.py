"""A file on its way into the store: written block by block to a temporary file, hashed as it comes."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from tracker.errors import RuleBroken, TooLarge
from tracker.rules.sizes import size_words
from tracker.storage.places import TEMPORARY, folders

#: As much of the beginning as the look at the type needs.
HEAD = 1 << 16
READ_ONLY = 0o440
#: An upload takes minutes; a temporary file that was not written to for so long belongs to nothing any more.
STALE = timedelta(hours=1)
#: The type of content, for classes that have a field named bytes.
Block = bytes

_PART = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store. `bytes` is its length, `head` its beginning, at most HEAD bytes."""

    sha256: str
    bytes: int
    head: Block = field(repr=False)


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is safe on the disk and has no name yet: to be published or discarded."""

    kept: Kept
    #: Its name among the temporary files.
    part: str
    #: Whether the store had this content already, found undamaged a moment ago.
    known: bool


class Part:
    """A temporary file that is being written. Looks enough like a file for a parser of forms to write to it.

    What comes beyond `limit` (in bytes, inclusive) is counted and not written: finish() refuses it then, so
    that whoever sends a form reads why beside the field. Until finish(), close() removes what was written.
    """

    def __init__(self, folder: Path, *, limit: int) -> None:
        self.name = secrets.token_hex(16)
        self._folder, self._limit = folder, limit
        self._digest, self._total, self._head = hashlib.sha256(), 0, b""
        self._file: int | None = None
        #: Whether there is a temporary file that is still ours to remove.
        self._ours = False

    @property
    def is_over(self) -> bool:
        """Return whether more has come than may."""
        return self._total > self._limit

    def write(self, block: bytes) -> int:
        """Write a block, and return its length. Raises OSError, for a full disk for example."""
        self._total += len(block)
        if self.is_over:
            self.close()
            return len(block)
        if block:
            if self._file is None:
                self._file = self._opened()
            left = memoryview(block)
            while left:
                left = left[os.write(self._file, left) :]
            self._digest.update(block)
            if len(self._head) < HEAD:
                self._head += block[: HEAD - len(self._head)]
        return len(block)

    def seek(self, position: int, whence: int = 0) -> int:
        """Bring what was written to the disk: a parser of forms rewinds at the end of a file, never reads.

        A form of many files holds one of them open at a time.
        """
        self._seal()
        return position

    def finish(self) -> Kept:
        """Bring the bytes to the disk, for good, and return what they are; the temporary file stays then.

        Raises RuleBroken where nothing came, TooLarge where too much did.
        """
        if self.is_over:
            most = f"{size_words(self._limit)}, the most that is taken"
            raise TooLarge(f"The file is larger than {most}.", field="files")
        self._seal()
        if not self._ours:
            raise RuleBroken("The file is empty: there is nothing to keep.", field="files")
        self._ours = False
        return Kept(self._digest.hexdigest(), self._total, self._head)

    def close(self) -> None:
        """Remove what was written and not finished."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._ours:
            self._ours = False
            remove(self._folder, self.name)

    def _seal(self) -> None:
        if self._file is None:
            return
        try:
            os.fchmod(self._file, READ_ONLY)
            os.fsync(self._file)
        except BaseException:
            self.close()
            raise
        os.close(self._file)
        self._file = None

    def _opened(self) -> int:
        with _temporary(self._folder, create=True) as place:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            file = os.open(self.name, flags, 0o600, dir_fd=place)
        self._ours = True
        return file


def remove(folder: Path, part: str) -> None:
    """Remove a temporary file, if it is still there."""
    with suppress(FileNotFoundError), _temporary(folder) as place:
        os.unlink(part, dir_fd=place)


def touch(folder: Path, part: str) -> None:
    """Let a temporary file look as if it had just been written: it is cleared away by its age."""
    with suppress(FileNotFoundError), _temporary(folder) as place:
        os.utime(part, dir_fd=place, follow_symlinks=False)


def is_part(name: str) -> bool:
    """Return whether a text can be the name of a temporary file that a Part has written."""
    return _PART.fullmatch(name) is not None


@contextmanager
def _temporary(folder: Path, *, create: bool = False) -> Iterator[int]:
    if create:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with folders(folder, TEMPORARY, create=create) as (_, place):
        yield place
