"""Files that came with a form: on the disk at once, kept with the act, or waiting for another try of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tracker import clock
from tracker.errors import RuleBroken, StoreFault, TooLarge, TrackerError
from tracker.rules.sizes import size_words
from tracker.rules.text import legible
from tracker.services.evidence_names import display_name
from tracker.storage.arriving import STALE, Part, Received
from tracker.storage.files import Store


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is on the disk and belongs to nothing yet, and the name it came with."""

    file: Received
    name: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A file that came with a form that was refused: it waits for the next try.

    `part` is what the store calls it, `name` what it came with, as a form can
    carry it, `shown` what people read.
    """

    part: str
    name: str
    shown: str
    bytes: int


@dataclass(slots=True)
class Arrivals:
    """What came with one form: files that are on the disk, and a refusal for each that is not."""

    files: list[Arrived] = field(default_factory=list)
    faults: list[TrackerError] = field(default_factory=list)


def begin(*, folder: Path, limit: int) -> Part:
    """Return a temporary file of the store, for whoever reads a form to write an upload to."""
    return Store(folder).begin(limit=limit)


@contextmanager
def received(
    files: Sequence[tuple[BinaryIO | Part, str]],
    *,
    folder: Path,
    limit: int,
    aside: Sequence[tuple[str, str]] = (),
) -> Iterator[Arrivals]:
    """Take in files, without a transaction; what was neither kept nor put aside by the end is removed.

    `aside` are files of an earlier try, by the name of their part and their own. A file that cannot be taken
    in is a refusal that names the field, and the file where there are several. What others left behind an
    hour ago is cleared away.
    """
    store, arrivals = Store(folder), Arrivals()
    if files:
        store.remove_leftovers(older_than=clock.now() - STALE)
    several = len(files) + len(aside) > 1
    try:
        for part, name in aside:
            with _faults_of(arrivals, name, several):
                arrivals.files.append(Arrived(store.receive_again(part), name))
        for stream, name in files:
            with _faults_of(arrivals, name, several):
                if isinstance(stream, Part):
                    file = store.receive_part(stream)
                else:  # read anywhere else than from a form, the bytes have yet to come
                    file = store.receive(stream, limit=limit)
                arrivals.files.append(Arrived(file, name))
        yield arrivals
    finally:
        for it in arrivals.files:
            store.discard(it.file)


@contextmanager
def _faults_of(arrivals: Arrivals, name: str, several: bool) -> Iterator[None]:
    """Note a file that cannot be taken in; the others are."""
    named = f"{display_name(name)}: " if several else ""
    try:
        yield
    except StoreFault:
        gone = f"{display_name(name)} is not there any more: choose it again."
        arrivals.faults.append(RuleBroken(gone, field="files"))
    except (RuleBroken, TooLarge) as refusal:
        arrivals.faults.append(type(refusal)(f"{named}{refusal}", field=refusal.field))


def content(it: Arrived, *, folder: Path, limit: int) -> bytes:
    """Return what stands in a file that is read and not kept. Raises TooLarge beyond `limit` bytes."""
    if it.file.kept.bytes > limit:
        raise TooLarge(
            f"{display_name(it.name)} has {size_words(it.file.kept.bytes)}; at most {size_words(limit)} are "
            "read: split it.",
            field="files",
        )
    return Store(folder).content(it.file)


def put_aside(arrivals: Arrivals, *, folder: Path) -> list[Aside]:
    """Let the files wait for an hour for the next try of their form, and return what names them there."""
    store = Store(folder)
    waiting = []
    for it in arrivals.files:
        store.put_aside(it.file)
        waiting.append(Aside(it.file.part, legible(it.name), display_name(it.name), it.file.kept.bytes))
    arrivals.files.clear()
    return waiting
