"""Kept files: a folder in which every file is named by the SHA-256 of its content and never changes.

Bytes go to a temporary file of the store, to the disk, and only then to their name, ab/cd/abcd...; a name is
never overwritten, and one that is taken is believed only after its content was hashed again. So a crash
leaves a temporary file or a file without a record, and never a record without its file, or half a file.
"""

import hashlib
import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from tracker.errors import RuleBroken, StoreFault
from tracker.storage.arriving import HEAD, Kept, Part, Received, is_part, remove, touch
from tracker.storage.places import TEMPORARY, folders, open_file, visible

CHUNK = 1 << 18

_NAME = re.compile("[0-9a-f]{64}")
_PLACE = re.compile("([0-9a-f]{2})/([0-9a-f]{2})/(\\1\\2[0-9a-f]{60})")


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something in the folder that the store did not put there, or did not finish. `path` can be shown."""

    path: str
    reason: str


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

    def begin(self, *, limit: int) -> Part:
        """Return a temporary file to be written to; receive_part() takes it over. `limit` as in receive()."""
        return Part(self.folder, limit=limit)

    def receive(self, stream: BinaryIO, *, limit: int) -> Received:
        """Write a stream to a temporary file and to the disk, hashing on the way, and return what it is.

        `limit` is in bytes, inclusive. Raises RuleBroken for an empty stream, TooLarge as soon as more has
        come; nothing is left behind then, nor after any other failure.
        """
        with closing(self.begin(limit=limit)) as part:
            while block := stream.read(CHUNK):
                part.write(block)
                if part.is_over:
                    break
            return self.receive_part(part)

    def receive_part(self, part: Part) -> Received:
        """Bring what was written to the disk and return what it is. Raises as receive() does."""
        kept = part.finish()
        try:
            return Received(kept, part.name, self._is_sound(kept.sha256))
        except BaseException:
            remove(self.folder, part.name)
            raise

    def receive_again(self, part: str) -> Received:
        """Return a received file that was put aside, hashed anew. Raises StoreFault when it is gone."""
        if not is_part(part):
            raise StoreFault(f"{visible(part[:40])} is not the name of a file that was put aside.")
        with open_file(self.folder, f"{TEMPORARY}/{part}") as stream:
            head = stream.read(HEAD)
            stream.seek(0)
            length, sha256 = measure(stream)
        return Received(Kept(sha256, length, head), part, self._is_sound(sha256))

    def content(self, received: Received) -> bytes:
        """Return the bytes of a received file, all at once: for one that is small. Raises StoreFault."""
        with open_file(self.folder, f"{TEMPORARY}/{received.part}") as stream:
            return stream.read()

    def put_aside(self, received: Received) -> None:
        """Let a received file stay as it is for as long as remove_leftovers() lets it."""
        touch(self.folder, received.part)

    def publish(self, received: Received) -> Kept:
        """Give a received file its name, for good, and return it.

        A name that is taken keeps its content; content that is not what its name says is replaced. Raises
        RuleBroken where the temporary file is gone: the same form was sent twice.
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
                except FileNotFoundError:
                    gone = "A file is kept already, or gone: look at the exhibits before you choose it again."
                    raise RuleBroken(gone, field="files") from None
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
        remove(self.folder, received.part)

    def open(self, sha256: str) -> io.BufferedReader:
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
