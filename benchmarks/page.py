"""The public page of case C081, against a bare Flask view that returns the same bytes."""

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from werkzeug.test import create_environ

from benchmarks import homes
from benchmarks.bare import ADDRESS, FOLDER, bare, save
from benchmarks.measuring import interleaved, line
from benchmarks.serving import Asking, served
from tracker.config import Settings

ROUNDS = 7
WARM, ANEW = 500, 20
BARE = "of a bare view returning the same bytes"

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


def _in_process(settings: Settings) -> tuple[bytes, Headers]:
    """Print both figures without a server; return what the page is."""
    with homes.public(settings) as site:
        environ = create_environ(ADDRESS, "http://127.0.0.1/")
        # With a filter that the list of cases knows and this page does not use, an address is a new one to
        # the memory of pages, and the page is rendered.
        serial = count()

        def anew() -> dict[str, Any]:
            return {**environ, "QUERY_STRING": f"text={next(serial)}"}

        body, headers = call(site, environ)
        baseline = bare(body, headers)
        same, theirs = call(baseline, environ)
        assert same == body == call(site, anew())[0]
        assert sorted(theirs) == sorted(headers), (theirs, headers)

        def many(app: Callable[..., Any], times: int) -> Callable[[], None]:
            def work() -> None:
                for _ in range(times):
                    call(app, environ)

            return work

        def render() -> None:
            for _ in range(ANEW):
                call(site, anew())

        warm = interleaved(many(site, WARM), many(baseline, WARM), rounds=ROUNDS)
        line("public case page, warm", [base / took for took, base in warm], BARE)
        cold = interleaved(render, many(baseline, ANEW), rounds=ROUNDS)
        milliseconds = sorted(took for took, _ in cold)[ROUNDS // 2] / ANEW * 1000
        line(
            "public case page, rendered anew",
            [base / took for took, base in cold],
            BARE,
            more=f"{milliseconds:.1f} ms",
            digits=3,
        )
        return body, headers


def _over_http(settings: Settings, body: bytes, headers: Headers) -> None:
    """Print the figure with a real server, one connection asking."""
    folder = Path(settings.home)
    save(folder, body, headers)
    with (
        served("wsgi:public", {"TRACKER_HOME": str(folder)}) as site,
        served("benchmarks.bare:app()", {FOLDER: str(folder)}) as baseline,
    ):
        ours, theirs = Asking(site.port, ADDRESS), Asking(baseline.port, ADDRESS)
        try:
            assert ours.ask() == theirs.ask() == body

            def many(asking: Asking) -> Callable[[], None]:
                def work() -> None:
                    for _ in range(WARM):
                        asking.ask()

                return work

            warm = interleaved(many(ours), many(theirs), rounds=ROUNDS)
        finally:
            ours.close()
            theirs.close()
    rate = sorted(WARM / took for took, _ in warm)[ROUNDS // 2]
    line(
        "public case page, warm, by gunicorn",
        [base / took for took, base in warm],
        BARE,
        more=f"{rate:,.0f} a second on one connection",
    )


def run() -> None:
    """Measure the page from the memory of rendered pages, rendered anew, and served by gunicorn."""
    with homes.desk() as (_, settings):
        homes.add_demo()
        body, headers = _in_process(settings)
        _over_http(settings, body, headers)
