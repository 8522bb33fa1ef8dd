"""Files from outside, YAML or JSON: read strictly, every fault told with its place."""

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.errors import BadFile
from tracker.services.reading_faults import MOST_BYTES, Faults, printable
from tracker.services.reading_json import from_json
from tracker.services.reading_yaml import from_yaml

__all__ = ["Document", "Faults", "read"]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and the SHA-256 of its bytes."""

    data: Any
    sha256: str


def read(source: Path | str | bytes, name: str) -> Document:
    """Return what a file says: JSON where `name` ends in .json, YAML otherwise.

    `source` is the path of the file, or its content. Every text comes back as it may be kept (rules.text).
    Raises BadFile with lines FILE: ID: FIELD: text.
    """
    name = printable(name) or "."
    raw = _bytes(source, name)
    text = _decoded(raw, name)
    faults = Faults(name)
    faults.data = from_json(text, faults) if name.lower().endswith(".json") else from_yaml(text, faults)
    faults.refuse()
    return Document(faults.data, hashlib.sha256(raw).hexdigest())


def _bytes(source: Path | str | bytes, name: str) -> bytes:
    if isinstance(source, str):
        raw = source.encode("utf-8", "surrogatepass")
    elif isinstance(source, bytes):
        raw = source
    else:
        try:
            if source.exists() and not source.is_file():
                # A pipe would keep us waiting, and a device may never end.
                raise BadFile([f"{name}: file: whole: is no ordinary file; name one"])
            with source.open("rb") as stream:
                raw = stream.read(MOST_BYTES + 1)
        except OSError as error:
            raise BadFile([f"{name}: file: whole: cannot be read: {error.strerror}"]) from None
    if len(raw) > MOST_BYTES:
        raise BadFile([f"{name}: file: whole: is larger than {MOST_BYTES // 1024**2} MiB; split it"])
    return raw


def _decoded(raw: bytes, name: str) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadFile([f"{name}: line 1: text: is UTF-16, not UTF-8; save the file in that encoding"])
    if b"\0" in raw:
        raise BadFile([f"{name}: line {_line(raw, raw.index(0))}: text: holds a NUL byte; remove it"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line(raw, error.start)
        raise BadFile([f"{name}: line {line}: text: is not UTF-8; save the file in that encoding"]) from None


def _line(raw: bytes, position: int) -> int:
    return raw.count(b"\n", 0, position) + 1
