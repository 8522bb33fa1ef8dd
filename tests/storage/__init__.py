"""What is kept: the stores and their form, on each database that the program supports, and the kept files."""

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from tracker.db import PUBLIC, prepare

KINDS = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]


def new_address(request: pytest.FixtureRequest, kind: str, store: str) -> str:
    """Return the address of a new, empty store, which goes when the test ends."""
    if kind == "postgresql":
        return request.getfixturevalue("new_postgres_database")()
    return f"sqlite:///{request.getfixturevalue('tmp_path')}/{store}.db"


def new_engine(request: pytest.FixtureRequest, kind: str, store: str) -> Engine:
    """Return an engine on a new, empty store."""
    engine = sa.create_engine(new_address(request, kind, store))
    prepare(engine, public=store == PUBLIC)
    request.addfinalizer(engine.dispose)
    return engine
