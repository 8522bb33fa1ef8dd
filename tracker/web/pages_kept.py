"""Rendered pages of the public site, kept in memory while neither the store nor the day has changed.

Every request asks the store itself whether anything was written since (microseconds), so a withdrawn case is
gone with the next request. The memory is per process and bounded; only whole pages are kept, under host, path
and those names in the query that the site knows, so nobody can fill it with invented addresses. It stands in
front of the app: an answer from memory costs less than finding the view would. A host that the app refuses
never gets a page into it, so none out of it.
"""

import os
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.http import parse_etags

from tracker import clock

Environ = dict[str, Any]
Start = Callable[..., Any]
Wsgi = Callable[[Environ, Start], Iterable[bytes]]

#: What may stand in the query of a public page; anything else changes nothing and is left out of the key.
QUERY = (
    "text",
    "project",
    "authority",
    "country",
    "article",
    "stage",
    "outcome",
    "controller",
    "year",
    "sort",
    "of",
    "by",
    "role",
    "page",
)

#: Pages whose query is whatever a reader typed: an answer to one is kept for nobody else, and by nobody.
TYPED = frozenset({"/route", "/route.json"})

MOST_PAGES = 1_000
MOST_BYTES = 32 << 20
LONGEST_QUERY = 1_000
#: Headers that describe a body, which an answer without one does not have.
OF_THE_BODY = ("content-type", "content-length")
#: How old the answer to "has anything changed" may be on PostgreSQL.
SECONDS = 1.0


class FileRevision:
    """Says of a SQLite file whether anything was committed to it, also by other processes.

    PRAGMA data_version counts only for the connection that asks, so there is one per process, with a lock; a
    file that was put in the place of the old one (a restore) is noticed by its inode.
    """

    def __init__(self, file: Path) -> None:
        """Remember the file; it is opened on first use, so that workers may be forked before."""
        self._file = file
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[int, int, int] | None = None
        self._serial = 0
        self._inherited: list[sqlite3.Connection] = []

    def __call__(self) -> Hashable:
        """Return a value that differs once the content of the store does.

        Raises OSError or sqlite3.Error when the store cannot be read.
        """
        with self._lock:
            found = self._file.stat()
            here = (os.getpid(), found.st_dev, found.st_ino)
            connection = self._connection
            if connection is None or here != self._opened:
                connection = self._open(here)
            return self._serial, connection.execute("PRAGMA data_version").fetchone()[0]

    def _open(self, here: tuple[int, int, int]) -> sqlite3.Connection:
        if self._connection is not None:
            if self._opened and self._opened[0] != here[0]:
                # SQLite forbids to use, and to close, a connection that came along with a fork.
                self._inherited.append(self._connection)
            else:
                self._connection.close()
        uri = f"{self._file.absolute().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(uri, uri=True, timeout=5, check_same_thread=False)
        self._opened = here
        self._serial += 1
        return self._connection


class AskedRevision:
    """Says whether a store has changed by asking it at most once a second."""

    def __init__(self, ask: Callable[[], Hashable], seconds: float = SECONDS) -> None:
        """Remember whom to ask, and for how long an answer counts."""
        self._ask, self._seconds = ask, seconds
        self._answer: tuple[float, Hashable] | None = None

    def __call__(self) -> Hashable:
        """Return the last answer, or a new one when that is too old."""
        answer = self._answer
        if answer is None or time.monotonic() - answer[0] > self._seconds:
            # The time is taken before the question: an answer must never look younger than it is.
            answer = (time.monotonic(), self._ask())
            self._answer = answer
        return answer[1]


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered page with all of its headers."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str = ""


class PagesKept:
    """The memory of one process: the pages used last, all from one state of the store and one day."""

    def __init__(
        self,
        revision: Callable[[], Hashable],
        *,
        most_pages: int = MOST_PAGES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """Start empty. `revision` says in what state the store is."""
        self._revision = revision
        self._most_pages, self._most_bytes = most_pages, most_bytes
        self._lock = threading.Lock()
        self._state: Hashable = None
        self._pages: OrderedDict[Hashable, Page] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        """Return how many pages are kept."""
        return len(self._pages)

    def state(self) -> Hashable | None:
        """Return the state of the store and the day; None when nobody can say, and then nothing is kept."""
        try:
            return self._revision(), clock.today()
        except (OSError, sqlite3.Error):
            return None

    def get(self, state: Hashable, key: Hashable) -> Page | None:
        """Return the page as it was rendered in this state; everything from another state is forgotten."""
        with self._lock:
            if state != self._state:
                self._pages.clear()
                self._bytes, self._state = 0, state
                return None
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, state: Hashable, key: Hashable, page: Page) -> None:
        """Keep a page that was rendered after the store had been found in this state."""
        with self._lock:
            if state != self._state or len(page.body) > self._most_bytes // 8:
                return
            before = self._pages.pop(key, None)
            self._bytes += len(page.body) - (len(before.body) if before else 0)
            self._pages[key] = page
            while len(self._pages) > self._most_pages or self._bytes > self._most_bytes:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= len(oldest.body)


def key_of(environ: Environ) -> Hashable | None:
    """Return under what the answer to a request is kept, None when it is not kept at all."""
    query = environ.get("QUERY_STRING", "")
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or len(query) > LONGEST_QUERY:
        return None
    place = (environ.get("HTTP_HOST"), environ.get("SCRIPT_NAME"), environ.get("PATH_INFO"))
    if not query:
        return place
    if environ.get("PATH_INFO") in TYPED:
        return None
    values: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if "%" in name or "+" in name:
            return None  # a known name may hide in it
        if name in QUERY:
            values.setdefault(name, value)  # the first one counts, as in the views
    return *place, *sorted(values.items())


class FromMemory:
    """Answers in front of a WSGI app what it has answered before, and remembers what it answers."""

    def __init__(self, wsgi: Wsgi, kept: PagesKept, *, never: str = "/static/") -> None:
        """Wrap the app. Paths that begin with `never` go through: files are not pages."""
        self._wsgi, self._kept, self._never = wsgi, kept, never

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer from memory, or by the app."""
        key = None if environ.get("PATH_INFO", "").startswith(self._never) else key_of(environ)
        state = None if key is None else self._kept.state()
        if key is None or state is None:
            return self._wsgi(environ, start)
        page = self._kept.get(state, key)
        if page is not None:
            return _send(page, environ, start)
        return self._ask(environ, start, state, key)

    def _ask(self, environ: Environ, start: Start, state: Hashable, key: Hashable) -> Iterable[bytes]:
        """Let the app answer, keep the page if it is one, and send it."""
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], fault: Any = None) -> None:
            told[:] = [(status, headers)]

        # The app gives the whole page also to those who have it, so that it is rendered for them once only.
        whole = {name: it for name, it in environ.items() if name != "HTTP_IF_NONE_MATCH"}
        answer = self._wsgi(whole, listen)
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        status, headers = told[0]
        named = {name.lower(): it for name, it in headers}
        page = Page(body, tuple(headers), named.get("etag", ""))
        if not (status.startswith("200 ") and page.etag and "public" in named.get("cache-control", "")):
            start(status, headers)
            return [body]
        if environ["REQUEST_METHOD"] == "GET":
            self._kept.put(state, key, page)
        return _send(page, environ, start)


def _send(page: Page, environ: Environ, start: Start) -> Iterable[bytes]:
    """Send a page, or only that it has not changed to those who have it."""
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known is not None and parse_etags(known).contains_weak(page.etag.strip('"')):
        start("304 NOT MODIFIED", [it for it in page.headers if it[0].lower() not in OF_THE_BODY])
        return []
    start("200 OK", list(page.headers))
    return [page.body] if environ["REQUEST_METHOD"] == "GET" else []
