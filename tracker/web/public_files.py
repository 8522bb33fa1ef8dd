"""Files of the public site as they are sent: few, small, and under names that say what is in them.

What every page needs of the style is one sheet, put together at the start from the files that people edit. A
file bears the hash of its content in its name, so a browser keeps it for a year and asks for a changed one
under another name. All of it is compressed once.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from tracker.web import jinja

#: The sheet of every page: later parts add to earlier ones, and what is for paper comes last.
SHEET = ("base", "page", "records", "filters", "public", "pictures")
PAPER = "print"
#: Sheets of single pages, and files that pages name.
MORE = ("forms",)
DRAWN = ("map.svg", "favicon.svg")

A_YEAR = 365 * 24 * 3600
#: A body that is shorter than this is sent as it is: the header costs as much as it would save.
SHORTEST = 256

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
BLANK = re.compile(r"\s*([{};,])\s*|\s+")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent. `packed` is its compressed form, None where that would not be smaller."""

    name: str
    body: bytes
    packed: bytes | None
    mimetype: str


def shorter(style: str) -> str:
    """Return a style sheet without comments and without blanks that say nothing.

    The sheets hold no text in quotes with a brace, a comma or two blanks in it; a test looks.
    """
    return BLANK.sub(lambda it: it[1] or " ", COMMENT.sub("", style)).strip()


def made(folder: Path) -> dict[str, File]:
    """Return the files of the site by the name that templates use: "site.css", "forms.css", "map.svg"."""
    sheets = {it: (folder / "css" / f"{it}.css").read_text(encoding="utf-8") for it in (*SHEET, PAPER, *MORE)}
    whole = "\n".join([*(sheets[it] for it in SHEET), f"@media print {{\n{sheets[PAPER]}\n}}"])
    texts = {"site.css": whole, **{f"{it}.css": sheets[it] for it in MORE}}
    found = {name: _file(name, shorter(it).encode()) for name, it in texts.items()}
    return found | {name: _file(name, (folder / name).read_bytes()) for name in DRAWN}


def pack(body: bytes) -> bytes | None:
    """Return a body compressed; None where it is too short for that. The same body gives the same bytes."""
    if len(body) < SHORTEST:
        return None
    return gzip.compress(body, 6, mtime=0)


def takes_packed(accepted: str) -> bool:
    """Return whether whoever sends this Accept-Encoding reads gzip. "gzip;q=0" says that it does not."""
    for it in accepted.lower().split(","):
        coding, _, weight = it.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def install(app: Flask) -> None:
    """Send the files of the site under names with their hash, and name them so in templates.

    Everything else below /static/ is sent as before.
    """
    files = made(jinja.folder("static"))
    by_name = {it.name: it for it in files.values()}

    def static(filename: str) -> Response:
        file = by_name.get(filename)
        return _answer(file) if file else app.send_static_file(filename)

    app.view_functions["static"] = static
    app.jinja_env.globals["static_link"] = _links(files)


def _links(files: Mapping[str, File]) -> Any:
    names = {name: it.name for name, it in files.items()}

    def static_link(name: str) -> str:
        """Return the address of a file, by the name with its hash where it has one."""
        return jinja.static_link(names.get(name, name))

    return static_link


def _file(name: str, body: bytes) -> File:
    stem, dot, kind = name.partition(".")
    mark = hashlib.sha256(body).hexdigest()[:12]
    packed = pack(body)
    smaller = packed is not None and len(packed) < len(body)
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(f"{stem}.{mark}{dot}{kind}", body, packed if smaller else None, mimetype)


def _answer(file: File) -> Response:
    packed = file.packed is not None and takes_packed(request.headers.get("Accept-Encoding", ""))
    answer = Response(file.packed if packed else file.body, mimetype=file.mimetype)
    if packed:
        answer.content_encoding = "gzip"
    if file.packed is not None:
        answer.vary.add("Accept-Encoding")
    answer.cache_control.public = True
    answer.cache_control.max_age = A_YEAR
    answer.cache_control.immutable = True
    answer.set_etag(f"{file.name}-gzip" if packed else file.name)
    return answer.make_conditional(request)
