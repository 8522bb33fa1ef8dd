"""Rendered pages of the public site, kept in memory while neither the store nor the day has changed.

Every request asks the store itself whether anything was written since (microseconds), so a withdrawn case is
gone with the next request. The memory is per process and bounded; only pages with status 200 are kept, under
their path and the names in the query that the site knows, so nobody can fill it with invented addresses.
"""

import os
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Request, Response, g, request

from tracker import clock

#: What may stand in the query of a public page; anything else changes nothing and is left out of the key.
QUERY = ("q", "project", "authority", "country", "stage", "outcome", "controller", "year", "page")

MOST_PAGES = 1_000
MOST_BYTES = 32 << 20
LONGEST_QUERY = 1_000
#: Headers that belong to the page; all others are set on every response anyway.
KEPT_HEADERS = ("Content-Type", "Cache-Control", "ETag")
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
    """A rendered page."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


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


def key_of(asked: Request) -> Hashable | None:
    """Return under what the page of a request is kept, None when it is not kept at all."""
    if asked.method not in ("GET", "HEAD") or len(asked.query_string) > LONGEST_QUERY:
        return None
    if not asked.query_string:
        return asked.path
    return asked.path, *(asked.args.get(name) for name in QUERY)


def _unless_known(response: Response) -> Response:
    """Return the response, as a 304 without body where the reader has this very page already."""
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


def install(app: Flask, kept: PagesKept) -> None:
    """Answer from memory before the view is called, and keep what the views of the site return."""

    @app.before_request
    def remember() -> Response | None:
        if request.endpoint is None or request.endpoint == "static":
            return None
        key = key_of(request)
        state = kept.state() if key is not None else None
        if key is None or state is None:
            return None
        page = kept.get(state, key)
        if page is None:
            g.to_keep = (state, key)
            return None
        return _unless_known(Response(page.body, headers=page.headers))

    @app.after_request
    def keep(response: Response) -> Response:
        found = g.pop("to_keep", None)
        if response.status_code != 200 or not response.cache_control.public or "ETag" in response.headers:
            return response
        response.add_etag()
        if found is not None:
            headers = tuple(it for it in response.headers if it[0] in KEPT_HEADERS)
            state, key = found
            kept.put(state, key, Page(response.get_data(), headers))
        return _unless_known(response)
