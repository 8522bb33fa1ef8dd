"""Databases of a real PostgreSQL server, one server per test process, one database per test."""

from collections.abc import Callable, Iterator

import pytest

from tests import servers


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the server, before -m chooses, so that no test has to remember it."""
    for item in items:
        if "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Postgres]:
    """A server that runs as long as the test process."""
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: servers.Postgres) -> str:
    """The address of the server's first database, for questions to the server itself."""
    return postgres_server.url("postgres")


@pytest.fixture
def new_postgres_database(postgres_server: servers.Postgres) -> Iterator[Callable[[], str]]:
    """A function that gives the address of a new, empty database; all go when the test ends."""
    names: list[str] = []

    def create() -> str:
        names.append(postgres_server.create())
        return postgres_server.url(names[-1])

    yield create
    for name in names:
        postgres_server.drop(name)


@pytest.fixture
def postgres_database(new_postgres_database: Callable[[], str]) -> str:
    """The address of one new, empty database."""
    return new_postgres_database()
