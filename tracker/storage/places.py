"""Places below a folder, reached without following any link, and how their names are shown."""

import errno
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tracker.errors import StoreFault

TEMPORARY = "tmp"

_FOLDER = os.O_RDONLY | os.O_DIRECTORY
# A pipe in the place of a file must not make the reader wait: without O_NONBLOCK opening it would.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


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
