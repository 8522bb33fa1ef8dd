"""The public lists with 100, 1,000 and 10,000 cases: statements, seconds, and a hundred random searches."""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import homes, public_rows
from benchmarks.measuring import counted, say
from tracker.db import PUBLIC, db, transaction
from tracker.services import public_site_feeds as feeds
from tracker.services import publication_index
from tracker.services.public_site_filters import Filters

SIZES = (100, 1_000, 10_000)
ROUNDS = 15
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


@dataclass(frozen=True, slots=True)
class Cost:
    """What something needs: seconds (median), SQL statements."""

    seconds: float
    statements: int


def _cost(work: Callable[[], object]) -> Cost:
    with counted() as seen:
        work()
    spent = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        work()
        spent.append(time.perf_counter() - before)
    return Cost(statistics.median(spent), len(seen))


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


def _percentile(spent: list[float], share: float) -> float:
    return sorted(spent)[min(len(spent) - 1, int(len(spent) * share))]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured with so many cases."""

    costs: dict[str, Cost]
    searches: list[float]
    publishing: float
    withdrawing: float


def _measured(cases: int) -> Measured:
    with homes.desk() as (app, settings):
        public_rows.fill(cases)
        with homes.public(settings) as site:
            client = site.test_client()
            costs = {name: _cost(_page(client, address)) for name, address in PAGES.items()}
            with site.app_context():
                costs |= {name: _cost(work) for name, work in FEEDS.items()}
            spent = []
            for address in _searches(public_rows.vocabulary()):
                before = time.perf_counter()
                assert client.get(address).status_code in (200, 404), address
                spent.append(time.perf_counter() - before)
        return Measured(costs, spent, *_one_case(app))


def _one_case(app: Flask) -> tuple[float, float]:
    """Return how long the index needs when one case is published again, and when it goes."""
    with app.app_context():
        before = time.perf_counter()
        with transaction(PUBLIC):
            publication_index.index(["C007"])
        published = time.perf_counter() - before
        before = time.perf_counter()
        with transaction(PUBLIC):
            row = db.session.get(publication_index.PublishedCase, "C007")
            assert row is not None
            row.withdrawn = True
            db.session.flush()
            publication_index.index(["C007"])
        return published, time.perf_counter() - before


def run() -> None:
    """Print how each page grows, and the time within which 95 of a hundred searches are answered."""
    found = {cases: _measured(cases) for cases in SIZES}
    few, some, many = (found[it] for it in SIZES)
    sizes = ", ".join(f"{it:,}" for it in SIZES)
    for name, cost in many.costs.items():
        before = some.costs[name]
        told = [it.costs[name].statements for it in (few, some, many)]
        say(
            f"public lists, {name}",
            f"{cost.seconds / before.seconds:.2f} of the time with {SIZES[1]:,} cases "
            f"({cost.seconds * 1000:.1f} ms; statements {told[0]}, {told[1]}, {told[2]} with {sizes})",
        )
    for cases, it in found.items():
        say(
            f"public lists, {SEARCHES} searches in {cases:,}",
            f"{_percentile(it.searches, 0.95) * 1000:.0f} ms at the 95th percentile "
            f"(median {statistics.median(it.searches) * 1000:.0f}, longest {max(it.searches) * 1000:.0f})",
        )
    for cases, it in found.items():
        say(
            f"public lists, index of one of {cases:,}",
            f"{it.publishing * 1000:.0f} ms when it is published again, "
            f"{it.withdrawing * 1000:.0f} ms when it goes",
        )
