"""The public lists with 100, 1,000 and 10,000 cases: statements, seconds, and a hundred random searches."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from benchmarks import homes, public_rows
from benchmarks.measuring import counted, interleaved, line, say
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedCase
from tracker.services import public_site_feeds as feeds
from tracker.services import publication_index
from tracker.services.public_site_filters import Filters

SIZES = (100, 1_000, 10_000)
ROUNDS, AT_ONCE = 9, 5
SEARCHES = 100
#: The unfiltered pages. What the site knows and the page does not use makes it rendered anew each time.
PAGES = {
    "home": "/",
    "cases": "/cases",
    "controllers": "/controllers",
    "projects": "/projects",
    "authorities": "/authorities",
}
FEEDS: dict[str, Callable[[], object]] = {
    "feed of everything": feeds.feed_of_everything,
    "feed of an authority": lambda: feeds.feed_of_authority("ie-dpc"),
    "feed of a project": lambda: feeds.feed_of_project("project-1"),
    "feed of a search": lambda: feeds.feed_of_search(Filters(text="data", outcome="pending")),
}


def _page(client: FlaskClient, address: str) -> Callable[[], None]:
    serial = iter(range(10**6))

    def ask() -> None:
        # The page of a case knows this name in the query, and these do not: another page to the memory.
        answer = client.get(address, query_string={"of": next(serial)})
        assert answer.status_code == 200, f"{address}: {answer.status}"

    return ask


def _searches(words: Sequence[str]) -> list[str]:
    """Return the addresses of random searches and filtered lists, always the same."""
    some = random.Random(11)  # noqa: S311 - no secret
    places = homes.slugs(40)
    choices: dict[str, Callable[[], str]] = {
        "text": lambda: " ".join(some.sample([*public_rows.COMMON, *words[:200]], some.randrange(1, 4))),
        "authority": lambda: some.choice(places[:10]),
        "country": lambda: some.choice(["IE", "FR", "DE", "AT", "BE"]),
        "stage": lambda: some.choice(public_rows.STAGES),
        "outcome": lambda: some.choice(public_rows.OUTCOMES),
        "project": lambda: f"project-{some.randrange(1, 40)}",
        "article": lambda: some.choice(["5", "6", "13", "15"]),
        "controller": lambda: f"example-{some.randrange(1, 50)}-limited",
        "year": lambda: str(some.randrange(2018, 2027)),
        "sort": lambda: some.choice(["newest", "waiting", "number"]),
    }
    found = []
    for _ in range(SEARCHES):
        names = some.sample(list(choices), some.choice([1, 1, 2, 3]))
        found.append(f"/cases?{urlencode({name: choices[name]() for name in names})}")
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """A home with so many public cases: its desk and its public site."""

    cases: int
    desk: Flask
    site: Flask
    client: FlaskClient

    def works(self) -> dict[str, Callable[[], object]]:
        """Return what is measured, by name."""
        found: dict[str, Callable[[], object]] = {
            name: _page(self.client, address) for name, address in PAGES.items()
        }
        return found | {name: self._within(work) for name, work in FEEDS.items()}

    def _within(self, work: Callable[[], object]) -> Callable[[], object]:
        def ask() -> object:
            with self.site.app_context():
                return work()

        return ask


def _several(work: Callable[[], object]) -> Callable[[], None]:
    def ask() -> None:
        for _ in range(AT_ONCE):
            work()

    return ask


def _statements(work: Callable[[], object]) -> int:
    work()
    with counted() as seen:
        work()
    return len(seen)


def _spent(home: Home) -> list[float]:
    """Return the seconds of each of the searches."""
    spent = []
    for address in _searches(public_rows.vocabulary()):
        before = time.perf_counter()
        assert home.client.get(address).status_code == 200, address
        spent.append(time.perf_counter() - before)
    return spent


def _one_case(home: Home) -> tuple[float, float]:
    """Return how long the index needs when one case is published again, and when it goes."""
    with home.desk.app_context():
        before = time.perf_counter()
        with transaction(PUBLIC):
            publication_index.index(["C007"])
        published = time.perf_counter() - before
        before = time.perf_counter()
        with transaction(PUBLIC):
            gone = sa.update(PublishedCase).where(PublishedCase.number == "C007").values(withdrawn=True)
            db.session.execute(gone)
            publication_index.index(["C007"])
        return published, time.perf_counter() - before


def run() -> None:
    """Print how each page grows, and the time within which 95 of a hundred searches are answered."""
    with ExitStack() as stack:
        found = []
        for cases in SIZES:
            desk, settings = stack.enter_context(homes.desk())
            public_rows.fill(cases)
            site = stack.enter_context(homes.public(settings))
            found.append(Home(cases, desk, site, site.test_client()))
        few, some, many = found
        sizes = ", ".join(f"{it:,}" for it in SIZES)
        before, each = some.works(), [it.works() for it in found]
        for name, work in many.works().items():
            told = ", ".join(str(_statements(it[name])) for it in each)
            rounds = interleaved(_several(work), _several(before[name]), rounds=ROUNDS)
            took = statistics.median(subject for subject, _ in rounds) / AT_ONCE
            line(
                f"public lists, {name}",
                [subject / base for subject, base in rounds],
                f"of the time with {SIZES[1]:,} cases",
                more=f"{took * 1000:.1f} ms, statements {told} with {sizes}",
            )
        for it in found:
            spent = sorted(_spent(it))
            say(
                f"public lists, {SEARCHES} searches in {it.cases:,}",
                f"{spent[SEARCHES * 95 // 100 - 1] * 1000:.0f} ms at the 95th percentile "
                f"(median {statistics.median(spent) * 1000:.0f}, longest {spent[-1] * 1000:.0f})",
            )
        for it in found:
            published, withdrawn = _one_case(it)
            say(
                f"public lists, index of one of {it.cases:,}",
                f"{published * 1000:.0f} ms when it is published again, {withdrawn * 1000:.0f} when it goes",
            )
