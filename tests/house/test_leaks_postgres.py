"""The same on PostgreSQL, in short: nothing private in the public database, on no page, after no change."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.leaks import office as offices
from tests.leaks import reading, store
from tests.leaks.changes import Changes
from tests.leaks.office import Office
from tests.leaks.searching import leaks

CHANGES = 20


@pytest.fixture
def office(tmp_path: Path, new_postgres_database: Callable[[], str], monkeypatch) -> Iterator[Office]:
    """The marked office on two databases of a server; every answer of it is too old at once."""
    clock = itertools.count(1.0, 10.0)
    monkeypatch.setattr("tracker.web.pages_kept.time.monotonic", lambda: next(clock))
    stores = {
        "TRACKER_DATABASE_URL": new_postgres_database(),
        "TRACKER_PUBLIC_DATABASE_URL": new_postgres_database(),
    }
    with offices.opened(tmp_path, **stores) as found:
        yield found


class TestOnPostgreSQL:
    def test_nothing_private_is_public_and_no_change_shows(self, office):
        allowed, search = offices.cleared() | offices.cleared_beside(), office.search()
        addresses = [it for it in reading.beginnings(office.public) if not it.startswith(("/static/", "/fr"))]
        seen = reading.read(office.public, addresses)
        for address, answer in seen.items():
            leaked = leaks(search.find(answer.whole), allowed)
            assert not leaked, f"{address} shows {leaked}: {office.told(leaked)}"
        before = set(store.rows(office.settings))
        held = search.find("\n".join(row for _, row in before).encode())
        assert leaks(held, allowed) == {}
        assert allowed <= set(held)
        for made in itertools.islice(Changes(office.marks), CHANGES):
            offices.copy(directory=True)
            assert store.differing(before, office.settings) == [], made
        some = reading.some_of_each(office.public, seen, 1)
        assert reading.differing(some, reading.read(office.public, list(some))) == []
