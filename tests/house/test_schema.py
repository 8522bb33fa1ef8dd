"""The models and the migrations say the same, on each database."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Engine

from tests.storage import KINDS, new_engine
from tracker import models
from tracker.db import PUBLIC, db, has_a_model
from tracker.storage import schema


@pytest.fixture(params=KINDS)
def migrated(request: pytest.FixtureRequest, store: str) -> Engine:
    engine = new_engine(request, request.param, store)
    schema.upgrade(engine, store)
    return engine


def tables_of(store: str) -> sa.MetaData:
    assert models.__all__
    return db.metadatas[PUBLIC if store == PUBLIC else None]


@pytest.mark.parametrize("store", schema.STORES)
class TestAStoreThatWasMigrated:
    def test_has_the_tables_columns_and_keys_of_the_models(self, migrated: Engine, store: str) -> None:
        with migrated.connect() as connection:
            opts = {"compare_server_default": True, "include_name": has_a_model}
            context = MigrationContext.configure(connection, opts=opts)
            assert compare_metadata(context, tables_of(store)) == []

    def test_has_the_primary_keys_of_the_models(self, migrated: Engine, store: str) -> None:
        """Alembic does not compare these."""
        asked = sa.inspect(migrated)
        found = {name: asked.get_pk_constraint(name) for name in tables_of(store).tables}
        assert {name: (it["name"], it["constrained_columns"]) for name, it in found.items()} == {
            name: (it.primary_key.name, it.primary_key.columns.keys())
            for name, it in tables_of(store).tables.items()
        }

    def test_has_the_names_of_constraints_that_the_models_give(self, migrated: Engine, store: str) -> None:
        """A constraint without its name cannot be changed by a later migration."""
        asked = sa.inspect(migrated)
        for name, table in tables_of(store).tables.items():
            found = asked.get_unique_constraints(name) + asked.get_foreign_keys(name)
            given = {it.name for it in table.constraints if not isinstance(it, sa.PrimaryKeyConstraint)}
            assert {it["name"] for it in found} == given


class TestTheTwoStores:
    def test_share_no_table(self) -> None:
        assert not set(tables_of("private").tables) & set(tables_of("public").tables)
