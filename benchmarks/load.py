"""Two hundred people read the public site while another process publishes once a second.

`python -m benchmarks.load HOME CASE TIMES EVERY` is that process: it gives the case another title, clears
it, copies it to the public store, and prints when each copy was committed.
"""

import asyncio
import gzip
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks import full_case, homes
from benchmarks.measuring import say
from benchmarks.serving import HERE, PATIENCE, ROOT, served
from tracker import config
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import PUBLIC, let_go, transaction
from tracker.errors import CopyBehind
from tracker.rules.access import SHELL
from tracker.services import cases, publication

READERS, TIMES, EVERY = 200, 20, 1.0
#: Besides the case that is published again and again.
OTHERS = ("/", "/cases", "/authorities", "/de/cases")
TITLE = re.compile(rb"<title>[^<]*No ([0-9]+)\.")


@dataclass(slots=True)
class Seen:
    """What the readers saw: seconds that answers took, faults, and (when asked, number in the title)."""

    took: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    titles: list[tuple[float, int]] = field(default_factory=list)
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of a run. `oldest`: how long ago a page had been replaced when it was asked for.

    `waits`: how often the copy to the public store had to be tried again, because readers held it. `copied`
    and `p95`: within how many seconds 95 % of the copies were committed, and of the answers given.
    """

    answers: int
    unchanged: int
    faults: Sequence[str]
    publications: int
    waits: int
    oldest: float
    p95: float
    copied: float


def within(took: Sequence[float], share: float) -> float:
    """Return within how many seconds so large a share of something was done."""
    return sorted(took)[int(len(took) * share)]


def publish(settings: Settings, number: str, times: int, every: float) -> None:
    """Publish the case so many times, and print the number in its title and when it was committed."""
    app = create_app(settings, argon2=homes.CHEAP_ARGON2)
    print("ready", flush=True)
    begin = time.monotonic()
    with app.app_context():
        for serial in range(1, times + 1):
            time.sleep(max(0.0, begin + serial * every - time.monotonic()))
            with transaction():
                case = cases.get_case(number)
                case.title = f"No {serial}. of a case that is published again"
                content = publication.default_content(case)
                publication.clear(publication.propose(case, content, note="", by=SHELL).id, note="", by=SHELL)
            began = time.monotonic()
            while not _copied(number):
                print("waits", flush=True)
            print(serial, time.monotonic(), time.monotonic() - began, flush=True)


def _copied(number: str) -> bool:
    """Copy the case to the public store; return False where readers held that for too long."""
    try:
        with publication.copying(""), transaction(PUBLIC):
            publication.refresh([number])
    except CopyBehind:
        return False
    return True


async def _reader(port: int, address: str, more: Callable[[], bool], pause: float, seen: Seen) -> None:
    """Read one page again and again while there is more, as a browser that keeps what it has."""
    some = random.Random(address)  # noqa: S311 - no secret
    known: tuple[str, int] | None = None
    coming, going = await asyncio.open_connection(HERE, port)
    try:
        while more():
            await asyncio.sleep(some.random() * 2 * pause)
            asked = time.monotonic()
            packed = some.random() < 0.8
            lines = [f"GET {address} HTTP/1.1", f"Host: {HERE}"]
            lines += ["Accept-Encoding: gzip"] if packed else []
            lines += [f"If-None-Match: {known[0]}"] if known and some.random() < 0.5 else []
            going.write(("\r\n".join([*lines, "", ""])).encode())
            head = (await asyncio.wait_for(coming.readuntil(b"\r\n\r\n"), PATIENCE)).decode()
            status = head.split(" ", 2)[1]
            headers = dict(it.lower().split(": ", 1) for it in head.split("\r\n")[1:] if it)
            body = await coming.readexactly(int(headers.get("content-length", 0)))
            seen.took.append(time.monotonic() - asked)
            if status == "304" and known:
                seen.unchanged += 1
                seen.titles.append((asked, known[1]))
                continue
            if status != "200":
                seen.faults.append(f"{address}: {status}")
                continue
            page = gzip.decompress(body) if "content-encoding" in headers else body
            if not page.rstrip().endswith(b"</html>"):
                seen.faults.append(f"{address}: half a page")
            title = TITLE.search(page)
            if title:
                seen.titles.append((asked, int(title[1])))
                known = (headers["etag"], int(title[1]))
    except (OSError, asyncio.IncompleteReadError, TimeoutError) as fault:
        seen.faults.append(f"{address}: {type(fault).__name__}")
    finally:
        going.close()


async def _read(port: int, addresses: Sequence[str], more: Callable[[], bool], pause: float) -> Seen:
    seen = Seen()
    await asyncio.gather(*(_reader(port, it, more, pause, seen) for it in addresses))
    return seen


def measure(
    settings: Settings, number: str, *, readers: int, times: int, every: float, pause: float = 0.0
) -> Figures:
    """Let so many read while the case is published so many times, and return what they saw.

    Each of them waits for `pause` seconds, on average, before asking again.
    """
    pages = [f"/cases/{number}", f"/de/cases/{number}", f"/cases/{number}", *OTHERS]
    addresses = [pages[place % len(pages)] for place in range(readers)]
    told = [sys.executable, "-m", "benchmarks.load", str(settings.home), number, str(times), str(every)]
    with (
        served("wsgi:public", {"TRACKER_HOME": str(settings.home)}, threads=8, workers=2) as site,
        subprocess.Popen(told, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer,
    ):
        assert writer.stdout is not None and writer.stdout.readline() == "ready\n"
        seen = asyncio.run(_read(site.port, addresses, lambda: writer.poll() is None, pause))
        written, _ = writer.communicate(timeout=PATIENCE)
        assert writer.returncode == 0
    lines = [it.split() for it in written.splitlines()]
    committed = {int(it[0]): float(it[1]) for it in lines if len(it) == 3}
    late = [
        asked - committed[serial + 1]
        for asked, serial in seen.titles
        if committed.get(serial + 1, asked) < asked
    ]
    return Figures(
        answers=len(seen.took),
        unchanged=seen.unchanged,
        faults=seen.faults,
        publications=len(committed),
        waits=len(lines) - len(committed),
        oldest=max(late, default=0.0),
        p95=within(seen.took, 0.95),
        copied=within([float(it[2]) for it in lines if len(it) == 3], 0.95),
    )


def run() -> None:
    """Print how the site does under load."""
    with homes.desk() as (_, settings):
        full_case.add()
        # What this process has read would keep the other one from writing for as long as it is held.
        let_go()
        it = measure(settings, full_case.NUMBER, readers=READERS, times=TIMES, every=EVERY)
    name = f"{READERS} readers, {it.publications} publications"
    say(
        name,
        f"95 % copied within {it.copied:.2f} seconds, "
        f"{it.waits} times a writer waited for more than five seconds",
    )
    say(name, f"{len(it.faults)} errors in {it.answers:,} answers, {it.unchanged:,} of them 304")
    say(
        name,
        f"{it.oldest:.3f} seconds is the oldest page seen, 0 are announced (no-cache, SQLite); "
        f"95 % within {it.p95:.2f} seconds",
    )
    for fault in sorted(set(it.faults)):
        say("", fault)


if __name__ == "__main__":
    home, case_number, how_often, seconds = sys.argv[1:]
    publish(config.read({"TRACKER_HOME": home}), case_number, int(how_often), float(seconds))
