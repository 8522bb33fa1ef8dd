"""Kept files: a folder in which every file is named by the SHA-256 of its content and never changes.

Bytes go to a temporary file of the store, to the disk, and only then to their name, ab/cd/abcd...; a name is
never overwritten, and one that is taken is believed only after its content was hashed again. So a crash
leaves a temporary file or a file without a record, and never a record without its file, or half a file.
"""

import errno
import hashlib
import io
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from tracker.errors import RuleBroken, StoreFault, TooLarge

CHUNK = 1 << 18
#: As much of the beginning as the look at the type needs.
HEAD = 1 << 16
TEMPORARY = "tmp"
READ_ONLY = 0o440
#: The type of content, for classes that have a field named bytes.
Block = bytes

_NAME = re.compile("[0-9a-f]{64}")
_PLACE = re.compile("([0-9a-f]{2})/([0-9a-f]{2})/(\\1\\2[0-9a-f]{60})")
_FOLDER = os.O_RDONLY | os.O_DIRECTORY
# A pipe in the place of a file must not make the reader wait: without O_NONBLOCK opening it would.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


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


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something in the folder that the store did not put there, or did not finish. `path` can be shown."""

    path: str
    reason: str


def size_words(count: int) -> str:
    """Return a number of bytes in words: "2 GiB", "1.5 MiB", "10 bytes"."""
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if count >= 1 << power:
            return f"{count / (1 << power):.1f} {unit}".replace(".0 ", " ")
    return "1 byte" if count == 1 else f"{count} bytes"


def visible(name: str) -> str:
    """Return a name on one line in which nothing is hidden: what cannot be seen is written out (\\u202e)."""
    return "".join(it if it.isprintable() else _written_out(it) for it in name)


def _written_out(letter: str) -> str:
    if unicodedata.category(letter) == "Zs":
        return " "
    return f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}"


@contextmanager
def folders(root: Path, *parts: str, create: bool = False) -> Iterator[list[int]]:
    """Give descriptors of `root` and of each folder below it. Raises StoreFault where one is a link."""
    opened = [os.open(root, _FOLDER)]
    try:
        for part in parts:
            if create:
                with suppress(FileExistsError):
                    os.mkdir(part, 0o700, dir_fd=opened[-1])
            try:
                opened.append(os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=opened[-1]))
            except OSError as fault:
                if fault.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise StoreFault(f"{visible(part)} in {root.name} is a link or no folder.") from None
                raise
        yield opened
    finally:
        for it in opened:
            os.close(it)


def open_file(root: Path, path: str) -> BinaryIO:
    """Return the bytes of an ordinary file below `root`; `path` has slashes and no "..".

    Raises StoreFault where there is none, or where a link or a device stands on the way.
    """
    *above, name = path.split("/")
    if {"", ".", ".."} & {*above, name}:
        raise StoreFault(f"{visible(path)} is no place in {root.name}.")
    try:
        with folders(root, *above) as opened:
            file = os.open(name, _FILE, dir_fd=opened[-1])
    except FileNotFoundError:
        raise StoreFault(f"{visible(path)} is missing.") from None
    except OSError as fault:
        reason = "is a link" if fault.errno == errno.ELOOP else f"cannot be read ({fault.strerror})"
        raise StoreFault(f"{visible(path)} {reason}.") from None
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise StoreFault(f"{visible(path)} is no ordinary file.")
    return os.fdopen(file, "rb", buffering=0)


def measure(stream: BinaryIO) -> tuple[int, str]:
    """Return how many bytes are left in the stream and their SHA-256."""
    total, digest = 0, hashlib.sha256()
    while block := stream.read(CHUNK):
        total += len(block)
        digest.update(block)
    return total, digest.hexdigest()


class _Checked(io.RawIOBase):
    """Reads a kept file and holds its last block back until the hash of the whole was seen to be right.

    Who downloads a damaged file gets a download that breaks off, never one that looks complete.
    """

    def __init__(self, source: BinaryIO, sha256: str) -> None:
        super().__init__()
        self._source, self._sha256, self._digest = source, sha256, hashlib.sha256()
        self._ready, self._next = memoryview(b""), source.read(CHUNK)

    def readable(self) -> bool:
        return True

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]  # the base says any buffer
        if not self._ready and self._next:
            current, self._next = self._next, self._source.read(CHUNK)
            self._digest.update(current)
            self._ready = memoryview(current)
        if not self._next and self._digest.hexdigest() != self._sha256:
            raise StoreFault("The kept file is damaged: its content is no longer what was kept.")
        count = min(len(target), len(self._ready))
        target[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


class Store:
    """The kept files below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Return where the file of that hash lies, or would lie. Raises StoreFault for what is no hash."""
        return self.folder / _place(sha256)

    def keep(self, stream: BinaryIO, *, limit: int) -> Kept:
        """Take in one file, give it its name and return it: receive() and publish() in one."""
        return self.publish(self.receive(stream, limit=limit))

    def receive(self, stream: BinaryIO, *, limit: int) -> Received:
        """Write a stream to a temporary file and to the disk, hashing on the way, and return what it is.

        `limit` is in bytes, inclusive. Raises RuleBroken for an empty stream, TooLarge as soon as more has
        come; nothing is left behind then, nor after any other failure.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest, total, head, part = hashlib.sha256(), 0, b"", secrets.token_hex(16)
        with folders(self.folder, TEMPORARY, create=True) as (_, place):
            file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=place)
            try:
                with os.fdopen(file, "wb") as written:
                    while block := stream.read(CHUNK):
                        total += len(block)
                        if total > limit:
                            most = f"{size_words(limit)}, the most that is taken"
                            raise TooLarge(f"The file is larger than {most}.", field="files")
                        digest.update(block)
                        written.write(block)
                        if len(head) < HEAD:
                            head += block[: HEAD - len(head)]
                    if not total:
                        raise RuleBroken("The file is empty: there is nothing to keep.", field="files")
                    written.flush()
                    os.fchmod(written.fileno(), READ_ONLY)
                    os.fsync(written.fileno())
                name = digest.hexdigest()
                known = self._is_sound(name)
            except BaseException:
                os.unlink(part, dir_fd=place)
                raise
        return Received(Kept(name, total, head), part, known)

    def publish(self, received: Received) -> Kept:
        """Give a received file its name, for good, and return it.

        A name that is taken keeps its content; content that is not what its name says is replaced.
        """
        name = received.kept.sha256
        try:
            with (
                folders(self.folder, TEMPORARY) as (_, source),
                folders(self.folder, name[:2], name[2:4], create=True) as places,
            ):
                leaf = places[-1]
                try:
                    os.link(received.part, name, src_dir_fd=source, dst_dir_fd=leaf, follow_symlinks=False)
                except FileExistsError:
                    if not received.known and not self._is_sound(name):
                        os.replace(received.part, name, src_dir_fd=source, dst_dir_fd=leaf)
                # Also for a name that was there: whoever made it may not have come as far as this.
                for it in reversed(places):
                    os.fsync(it)
        finally:
            self.discard(received)
        return received.kept

    def discard(self, received: Received) -> None:
        """Remove the temporary file, if it is still there."""
        with suppress(FileNotFoundError), folders(self.folder, TEMPORARY) as (_, place):
            os.unlink(received.part, dir_fd=place)

    def open(self, sha256: str) -> BinaryIO:
        """Return the kept bytes. Raises StoreFault when they are missing.

        Reading raises it when they are damaged, at the latest instead of the last block.
        """
        return io.BufferedReader(_Checked(self.raw(sha256), sha256), CHUNK)

    def raw(self, sha256: str) -> BinaryIO:
        """Return the bytes as they are, for those who hash them themselves. Raises StoreFault."""
        return open_file(self.folder, _place(sha256))

    def names(self) -> Iterator[str]:
        """Give the hash of every ordinary file that lies where the store puts it."""
        for path, facts in self._everything():
            found = _PLACE.fullmatch(path)
            if found and stat.S_ISREG(facts.st_mode):
                yield found[3]

    def strangers(self, *, older_than: datetime) -> Iterator[Stranger]:
        """Give what does not belong here: links, foreign files, temporary files older than that moment."""
        for path, facts in self._everything():
            if stat.S_ISLNK(facts.st_mode):
                yield Stranger(visible(path), "a link; the store has none")
            elif path.startswith(f"{TEMPORARY}/"):
                if _written_at(facts) < older_than:
                    yield Stranger(visible(path), "a temporary file of an upload that did not end")
            elif not stat.S_ISREG(facts.st_mode) or not _PLACE.fullmatch(path):
                yield Stranger(visible(path), "not put here by the store")

    def remove_leftovers(self, *, older_than: datetime) -> int:
        """Remove temporary files last written before `older_than` and return how many those were.

        Files with a name are never removed here: an upload of the same content may just be relying on one.
        """
        removed = 0
        with suppress(FileNotFoundError), folders(self.folder, TEMPORARY) as (_, place):
            for name in os.listdir(place):
                with suppress(FileNotFoundError):
                    facts = os.stat(name, dir_fd=place, follow_symlinks=False)
                    if not stat.S_ISDIR(facts.st_mode) and _written_at(facts) < older_than:
                        os.unlink(name, dir_fd=place)
                        removed += 1
        return removed

    def _is_sound(self, sha256: str) -> bool:
        """Return whether the file of that name is there and its content is what the name says."""
        try:
            with self.raw(sha256) as stream:
                return measure(stream)[1] == sha256
        except (StoreFault, OSError):
            return False

    def _everything(self) -> Iterator[tuple[str, os.stat_result]]:
        """Give every file below the folder by path, in order, following no link."""
        waiting = [""] if self.folder.exists() else []
        while waiting:
            here = waiting.pop()
            with os.scandir(self.folder / here) as entries:
                listed = sorted(entries, key=lambda it: it.name)
            below = []
            for it in listed:
                path = f"{here}/{it.name}" if here else it.name
                if it.is_dir(follow_symlinks=False):
                    below.append(path)
                else:
                    with suppress(FileNotFoundError):
                        yield path, it.stat(follow_symlinks=False)
            waiting += reversed(below)


def _place(sha256: str) -> str:
    if not _NAME.fullmatch(sha256):
        raise StoreFault(f"{visible(sha256)} is not the name of a kept file.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _written_at(facts: os.stat_result) -> datetime:
    return datetime.fromtimestamp(facts.st_mtime, UTC)
