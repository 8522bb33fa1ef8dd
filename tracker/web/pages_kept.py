"""Rendered pages of the public site, kept in memory while neither the store nor the day has changed.

Every request asks the store itself whether anything was written since (microseconds), so a withdrawn case is
gone with the next request. The memory is per process and bounded; only whole pages are kept, under host, path
and those names in the query that the site knows, so nobody can fill it with invented addresses. It stands in
front of the app: an answer from memory costs less than finding the view would. A host that the app refuses
never gets a page into it, so none out of it.

A page is also compressed at most once, when the first reader who takes it so asks for it. Each form has an
ETag of its own, a hash of what the page says: who has either is told that nothing changed, without the page
being rendered, as long as the process remembers it, and without its being sent also after a restart.
"""

import os
import re
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.http import parse_etags

from tracker import clock
from tracker.web.public_files import SHORTEST, pack, takes_packed

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

#: What reads a page; HEAD reads all of it but the body.
READING = ("GET", "HEAD")

#: Pages whose query is whatever a reader typed: an answer to one is kept for nobody else, and by nobody.
TYPED = frozenset({"/route", "/route.json"})
#: Below it lie files with everything in them: they are sent while they are read, and know their own version.
STREAMED = "/data/"

MOST_PAGES = 1_000
MOST_BYTES = 32 << 20
LONGEST_QUERY = 1_000
#: Headers that describe a body, which an answer without one does not have.
OF_THE_BODY = ("content-type", "content-length", "content-encoding")
#: What caches have to know of a page that is there in two forms.
VARIES = ("Vary", "Accept-Encoding")
#: What is worth compressing. Everything else that the site sends is small, or compressed already.
PACKED = re.compile(r"text/.+|application/(.*\+)?(json|xml)|image/svg\+xml")
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


Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A page as it is sent: the body with all of its headers, and those that say that it has not changed."""

    body: bytes
    headers: Headers
    unchanged: Headers
    etag: str = ""


class Page:
    """A rendered page with all of its headers, as it is, and compressed once somebody has asked for that."""

    __slots__ = ("_packed", "plain", "varies")

    def __init__(self, body: bytes, headers: Headers, etag: str = "") -> None:
        """Take a page as it was rendered."""
        self.plain = _form(body, headers, etag)
        #: Whether there is a compressed form of it.
        self.varies = VARIES in headers
        self._packed: Form | None = None

    @property
    def size(self) -> int:
        """Return how many bytes are held."""
        return len(self.plain.body) + (len(self._packed.body) if self._packed else 0)

    def packed(self) -> Form:
        """Return it compressed. Two readers who are first at once do the same work; nobody waits."""
        if self._packed is None:
            body = pack(self.plain.body)
            assert body is not None  # noqa: S101 - a body that is too short does not vary
            etag = f'{self.plain.etag[:-1]}-gzip"' if self.plain.etag else ""
            own = {"content-length": str(len(body)), "etag": etag}
            headers = [(name, own.get(name.lower(), it)) for name, it in self.plain.headers]
            self._packed = _form(body, (*headers, ("Content-Encoding", "gzip")), etag)
        return self._packed


def _form(body: bytes, headers: Headers, etag: str) -> Form:
    return Form(body, headers, tuple(it for it in headers if it[0].lower() not in OF_THE_BODY), etag)


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
            if state != self._state or page.size > self._most_bytes // 8:
                return
            before = self._pages.pop(key, None)
            self._bytes += page.size - (before.size if before else 0)
            self._pages[key] = page
            self._forget()

    def packed(self, key: Hashable, page: Page) -> Form:
        """Return a page compressed, and count what that holds if the page is kept."""
        before = page.size
        form = page.packed()
        if page.size != before:
            with self._lock:
                if self._pages.get(key) is page:
                    self._bytes += page.size - before
                    self._forget()
        return form

    def _forget(self) -> None:
        while len(self._pages) > self._most_pages or self._bytes > self._most_bytes:
            _, oldest = self._pages.popitem(last=False)
            self._bytes -= oldest.size


def known_in(query: str) -> dict[str, str] | None:
    """Return what of a query the site knows, as it was written; None where a known name may hide in it.

    Of a name that stands there twice the first one counts, as in the views.
    """
    values: dict[str, str] = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if "%" in name or "+" in name:
            return None
        if name in QUERY:
            values.setdefault(name, value)
    return values


def key_of(environ: Environ) -> Hashable | None:
    """Return under what the answer to a request is kept, None when it is not kept at all."""
    query = environ.get("QUERY_STRING", "")
    if environ["REQUEST_METHOD"] not in READING or len(query) > LONGEST_QUERY:
        return None
    place = (environ.get("HTTP_HOST"), environ.get("SCRIPT_NAME"), environ.get("PATH_INFO"))
    if not query:
        return place
    known = None if environ.get("PATH_INFO") in TYPED else known_in(query)
    return None if known is None else (*place, *sorted(known.items()))


class Turns:
    """Lets one thread at a time do what all of them want: after a publication everybody asks for one page."""

    def __init__(self) -> None:
        """Start without anybody."""
        self._lock = threading.Lock()
        self._taken: dict[Hashable, tuple[threading.Lock, int]] = {}

    @contextmanager
    def take(self, key: Hashable) -> Iterator[None]:
        """Wait until nobody else has the turn of this key, and have it."""
        with self._lock:
            turn, waiting = self._taken.get(key, (threading.Lock(), 0))
            self._taken[key] = turn, waiting + 1
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, waiting = self._taken.pop(key)
                if waiting > 1:
                    self._taken[key] = turn, waiting - 1


class FromMemory:
    """Answers in front of a WSGI app what it has answered before, and remembers what it answers."""

    def __init__(
        self, wsgi: Wsgi, kept: PagesKept, *, never: tuple[str, ...] = ("/static/", STREAMED)
    ) -> None:
        """Wrap the app. Paths that begin with one of `never` go through: files are not pages."""
        self._wsgi, self._kept, self._never = wsgi, kept, never
        self._turns = Turns()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer from memory, or by the app."""
        if environ["REQUEST_METHOD"] not in READING or environ.get("PATH_INFO", "").startswith(self._never):
            return self._wsgi(environ, start)
        key = key_of(environ)
        state = None if key is None else self._kept.state()
        page = None if state is None else self._kept.get(state, key)
        status = "200 OK"
        if page is None and state is None:
            status, page = self._ask(environ)
        elif page is None:
            status, page = self._make(environ, key)
        takes = page.varies and takes_packed(environ.get("HTTP_ACCEPT_ENCODING", ""))
        form = self._kept.packed(key, page) if takes else page.plain
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and page.plain.etag and (there := _known_form(page, form, known)):
            start("304 NOT MODIFIED", list(there.unchanged))
            return []
        start(status, list(form.headers))
        return [form.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _make(self, environ: Environ, key: Hashable) -> tuple[str, Page]:
        """Return the answer of the app and keep it; who asks for the same page meanwhile gets it too."""
        with self._turns.take(key):
            state = self._kept.state()
            page = None if state is None else self._kept.get(state, key)
            if page is not None:
                return "200 OK", page
            status, page = self._ask(environ)
            if state is not None and page.plain.etag:
                self._kept.put(state, key, page)
            return status, page

    def _ask(self, environ: Environ) -> tuple[str, Page]:
        """Return the status and the answer of the app. It has an ETag only if it may be kept."""
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def listen(status: str, headers: list[tuple[str, str]], fault: Any = None) -> None:
            told[:] = [(status, headers)]

        # The app gives the whole page also to those who have it, or want its headers: it is rendered once.
        whole = {name: it for name, it in environ.items() if name != "HTTP_IF_NONE_MATCH"}
        whole["REQUEST_METHOD"] = "GET"
        answer = self._wsgi(whole, listen)
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        status, headers = told[0]
        named = {name.lower(): it for name, it in headers}
        if _is_worth_packing(body, named):
            headers = [*headers, VARIES]
        keeps = status.startswith("200 ") and "public" in named.get("cache-control", "")
        return status, Page(body, tuple(headers), named.get("etag", "") if keeps else "")


def _is_worth_packing(body: bytes, named: dict[str, str]) -> bool:
    kind = named.get("content-type", "").partition(";")[0]
    return len(body) >= SHORTEST and "content-encoding" not in named and PACKED.fullmatch(kind) is not None


def _known_form(page: Page, form: Form, known: str) -> Form | None:
    """Return the form of a page that somebody has, by its ETag: the one that would be sent, or the other."""
    tags = parse_etags(known)
    if tags.contains_weak(form.etag.strip('"')):
        return form
    other = page.plain if form is not page.plain else page.packed() if page.varies else None
    return other if other and tags.contains_weak(other.etag.strip('"')) else None
