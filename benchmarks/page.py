"""The public page of C081 with eleven filings and forty entries, against a bare view of the same bytes."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import create_environ

from benchmarks import full_case, homes
from benchmarks.bare import ADDRESS, FOLDER, bare, save
from benchmarks.measuring import counted, interleaved, line, say
from benchmarks.serving import Asking, served
from benchmarks.weight import first_screen, head
from tracker.config import Settings
from tracker.services import public_site_case

ROUNDS = 7
WARM, ANEW = 500, 50
BARE = "of a bare view returning the same bytes"
#: The prefix of each language that is measured.
LANGUAGES = {"en": "", "de": "/de"}

Headers = list[tuple[str, str]]


def call(app: Callable[..., Any], environ: dict[str, Any]) -> tuple[bytes, Headers]:
    """Ask a WSGI app as a server does, with nothing around it; return body and headers."""
    told: list[Any] = []

    def start(status: str, headers: Headers, fault: Any = None) -> None:
        told[:] = [status, headers]

    answer = app(environ.copy(), start)
    body = b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    assert told[0] == "200 OK", told[0]
    return body, told[1]


def _packed(app: Flask, address: str) -> tuple[bytes, Headers]:
    return call(app, create_environ(address, "http://127.0.0.1/", headers={"Accept-Encoding": "gzip"}))


def _weigh(site: Flask, name: str, address: str) -> None:
    """Print what is sent of a page and of the files it names, compressed, and what its first screen needs."""
    page, headers = _packed(site, address)
    plain, _ = call(site, create_environ(address, "http://127.0.0.1/"))
    files = sorted(set(re.findall(r'"(/static/[^"#]+)', plain.decode())))
    sizes = {it: sum((len(body), head("200 OK", told))) for it in files for body, told in [_packed(site, it)]}
    [sheet] = [it for it in files if it.endswith(".css")]
    whole = len(page) + head("200 OK", headers)
    first = first_screen(page) + head("200 OK", headers) + sizes[sheet]
    say(
        f"public case page, bytes, {name}",
        f"{whole + sum(sizes.values()):,} sent in all: page {len(page):,} of {len(plain):,}, style sheet and "
        f"other files {sum(sizes.values()):,}; first screen {first:,}",
    )


def _in_process(settings: Settings, name: str, address: str) -> tuple[bytes, Headers]:
    """Print the figures without a server; return what the page is."""
    with homes.public(settings) as site:
        environ = create_environ(address, "http://127.0.0.1/")
        # With a filter that the list of cases knows and this page does not use, an address is a new one to
        # the memory of pages, and the page is rendered.
        serial = count()
        pieces = [it.globals["pieces"] for it in site.extensions["languages"].values()]

        def anew() -> dict[str, Any]:
            return {**environ, "QUERY_STRING": f"text={next(serial)}"}

        body, headers = call(site, environ)
        baseline = bare(body, headers)
        bare_environ = create_environ(ADDRESS, "http://127.0.0.1/")
        same, theirs = call(baseline, bare_environ)
        assert sorted(theirs) == sorted(headers), (theirs, headers)
        assert same == body

        def many(app: Callable[..., Any], asked: dict[str, Any], times: int) -> Callable[[], None]:
            def work() -> None:
                for _ in range(times):
                    call(app, asked)

            return work

        def render() -> None:
            for _ in range(ANEW):
                call(site, anew())

        def from_nothing() -> None:
            for _ in range(ANEW):
                for it in pieces:
                    it.forget()
                public_site_case.forget()
                call(site, anew())

        warm = interleaved(many(site, environ, WARM), many(baseline, bare_environ, WARM), rounds=ROUNDS)
        line(f"public case page, warm, {name}", [base / took for took, base in warm], BARE)
        for what, work in (("rendered anew", render), ("rendered from nothing", from_nothing)):
            cold = interleaved(work, many(baseline, bare_environ, ANEW), rounds=ROUNDS)
            milliseconds = sorted(took for took, _ in cold)[ROUNDS // 2] / ANEW * 1000
            line(
                f"public case page, {what}, {name}",
                [base / took for took, base in cold],
                BARE,
                more=f"{milliseconds:.1f} ms",
                digits=3,
            )
        with site.app_context(), counted() as seen:
            call(site, anew())
        say(f"public case page, statements, {name}", str(len(seen)))
        _weigh(site, name, address)
        return body, headers


@contextmanager
def _asking(port: int, address: str, *, anew: bool = False) -> Iterator[Callable[[], None]]:
    """Give a function that asks many times on one connection, for the same page or a new one each time."""
    asking = Asking(port, address)
    serial = count()

    def work() -> None:
        for _ in range(ANEW if anew else WARM):
            asking.ask(f"{address}?text={next(serial)}" if anew else address)

    try:
        yield work
    finally:
        asking.close()


def _over_http(settings: Settings, name: str, address: str, body: bytes, headers: Headers) -> None:
    """Print the figures with a real server, one connection asking."""
    folder = Path(settings.home)
    save(folder, body, headers)
    with (
        served("wsgi:public", {"TRACKER_HOME": str(folder)}) as site,
        served("benchmarks.bare:app()", {FOLDER: str(folder)}) as baseline,
    ):
        for what, anew in (("warm", False), ("rendered anew", True)):
            with (
                _asking(site.port, address, anew=anew) as ours,
                _asking(baseline.port, ADDRESS, anew=anew) as theirs,
            ):
                told = interleaved(ours, theirs, rounds=ROUNDS)
            rate = sorted((ANEW if anew else WARM) / took for took, _ in told)[ROUNDS // 2]
            line(
                f"public case page, {what}, gunicorn, {name}",
                [base / took for took, base in told],
                BARE,
                more=f"{rate:,.0f} a second on one connection",
                digits=3 if anew else 2,
            )


def run() -> None:
    """Measure the page from memory, rendered anew, by gunicorn, and weigh it, in two languages."""
    with homes.desk() as (_, settings):
        full_case.add()
        for name, prefix in LANGUAGES.items():
            address = f"{prefix}{ADDRESS}"
            body, headers = _in_process(settings, name, address)
            _over_http(settings, name, address, body, headers)
