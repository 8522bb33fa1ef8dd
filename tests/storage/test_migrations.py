"""The histories of both stores: up, with rows, down, and up again; and what only the database can refuse."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, selectinload

from tests.storage import KINDS, new_engine
from tests.storage.rows import NOON, ROWS
from tracker import models as m
from tracker.db import PUBLIC, prepare
from tracker.errors import RuleBroken
from tracker.rules.vocabulary import PublicationState
from tracker.services.controllers import found_by
from tracker.services.controllers_statement import Statement, statement_of
from tracker.storage import schema

PRIVATE = schema.PRIVATE
EARLIER = NOON - timedelta(days=1)

#: A process that reads a store; with a third argument, and started by root, it first becomes nobody.
READER = """
import os, sqlite3, sys
file, statement, as_nobody = sys.argv[1:]
if as_nobody and os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    print(sqlite3.connect(f"file:{file}?mode=ro", uri=True).execute(statement).fetchone()[0])
except sqlite3.Error as error:
    print(error)
    sys.exit(1)
"""


def fill(engine: Engine, revision: str) -> None:
    with Session(engine) as session, session.begin():
        ROWS[revision](session)


def contents(engine: Engine) -> dict[str, list[Any]]:
    """Return every row of every table, without the table of the revision itself."""
    everything = sa.select(sa.text("*"))
    with engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(everything.select_from(sa.table(name)))]
            for name in sa.inspect(connection).get_table_names()
            if name != "alembic_version"
        }


def leftovers(engine: Engine) -> list[str]:
    """Return the names of whatever a migration can make, without the table of the revision itself."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE tbl_name <> 'alembic_version'",
        "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND NOT starts_with(relname, 'alembic_version') UNION ALL"
        " SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(query).scalars())


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, store: str) -> Engine:
    return new_engine(request, request.param, store)


@pytest.mark.parametrize(
    ("store", "revision"), [(store, it) for store in schema.STORES for it in schema.revisions(store)]
)
class TestARevision:
    def test_goes_up_takes_rows_goes_down_and_up_again(
        self, engine: Engine, store: str, revision: str
    ) -> None:
        assert revision in ROWS, f"say in ROWS which rows {revision} is tried with"
        history = (None, *schema.revisions(store))
        before = history[history.index(revision) - 1]

        schema.upgrade(engine, store, revision)
        fill(engine, revision)
        written = contents(engine)
        assert [name for name, rows in written.items() if not rows] == [], "a table that was not tried"
        schema.upgrade(engine, store)
        assert {name for name, rows in contents(engine).items() if rows} >= set(written)

        schema.downgrade(engine, store, before or "base")
        assert schema.current(engine, store) == before
        kept = contents(engine)
        assert {name: len(rows) for name, rows in kept.items()} == {name: len(written[name]) for name in kept}

        schema.upgrade(engine, store, revision)
        if before is None:
            fill(engine, revision)
            assert contents(engine) == written
        schema.upgrade(engine, store)
        assert not schema.behind(engine, store)


@pytest.mark.parametrize("store", schema.STORES)
class TestTheWayDown:
    def test_leaves_nothing(self, engine: Engine, store: str) -> None:
        schema.upgrade(engine, store)
        fill(engine, schema.head(store))
        schema.downgrade(engine, store, "base")
        assert leftovers(engine) == []


@pytest.mark.parametrize("store", schema.STORES)
class TestAStore:
    def test_is_behind_until_it_is_upgraded_and_then_stays_as_it_is(
        self, engine: Engine, store: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert schema.behind(engine, store)
        schema.upgrade(engine, store)
        assert not schema.behind(engine, store)
        fill(engine, schema.head(store))
        written = contents(engine)
        schema.upgrade(engine, store)
        assert contents(engine) == written
        assert capfd.readouterr() == ("", "")

    def test_that_a_newer_program_wrote_is_refused(self, engine: Engine, store: str) -> None:
        schema.upgrade(engine, store)
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :n"), {"n": f"{store}_9999"})
        for act in (schema.behind, schema.upgrade):
            with pytest.raises(RuleBroken, match=f"The {store} store has the form {store}_9999"):
                act(engine, store)

    def test_is_as_before_when_a_migration_fails_half_way(self, engine: Engine, store: str) -> None:
        last = {PRIVATE: "update_filings", PUBLIC: "published_updates"}[store]
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE {last} (stranger INTEGER)")
        with pytest.raises(sa.exc.DBAPIError, match="already exists"):
            schema.upgrade(engine, store)
        assert leftovers(engine) == [last]
        assert schema.current(engine, store) is None


@pytest.mark.parametrize("store", [PUBLIC])
class TestALeadCopiedBefore:
    def test_is_presumed_where_its_sentence_says_so(self, engine: Engine, store: str) -> None:
        schema.upgrade(engine, store, "public_0001")
        fill(engine, "public_0001")
        with engine.begin() as connection:
            for number, lead, sentence in (
                ("C081-02", "ie-dpc", "The DPC (Ireland) leads: it decides there."),
                ("C081-03", None, "An authority in Germany is presumed to lead."),
            ):
                connection.execute(
                    sa.text(
                        "INSERT INTO published_filings SELECT :number, case_number, authority, country,"
                        " reference, lodged_on, lodged_precision, stage, since_on, since_precision, outcome,"
                        " entered_by_authority, :lead, :sentence, controllers FROM published_filings"
                        " WHERE number = 'C081-01'"
                    ),
                    {"number": number, "lead": lead, "sentence": sentence},
                )
        schema.upgrade(engine, store)
        query = sa.select(m.PublishedFiling.number, m.PublishedFiling.lead_presumed).order_by("number")
        with engine.connect() as connection:
            assert [tuple(row) for row in connection.execute(query)] == [
                ("C081-01", True),
                ("C081-02", False),
                ("C081-03", False),
            ]


@pytest.mark.parametrize("store", [PRIVATE])
class TestAWithdrawalFromBefore:
    def test_no_longer_hides_who_had_cleared(self, engine: Engine, store: str) -> None:
        schema.upgrade(engine, store, "private_0003")
        fill(engine, "private_0003")
        with Session(engine) as session, session.begin():
            ended = {"state": PublicationState.WITHDRAWN, "decided_by": "user:3", "decided_at": NOON}
            table = m.Publication.__table__
            session.execute(sa.update(table).values(**ended, decision_note="A name."))
            cleared = {"actor": "user:2", "act": "publication.clear", "subject": "C081", "case_id": 1}
            session.add(m.Entry(id=2, at=EARLIER, detail={"publication": 1}, **cleared))
        schema.upgrade(engine, store)
        with Session(engine) as session:
            (it,) = session.scalars(sa.select(m.Publication)).all()
            assert (it.decided_by, it.decided_at, it.decision_note) == ("user:2", EARLIER, None)
            assert (it.withdrawn_by, it.withdrawn_at, it.withdrawal_note) == ("user:3", NOON, "A name.")
        schema.downgrade(engine, store, "private_0003")
        with engine.connect() as connection:
            query = sa.text("SELECT decided_by, decision_note FROM publications")
            assert tuple(connection.execute(query).one()) == ("user:3", "A name.")


@pytest.mark.parametrize("store", [PRIVATE])
class TestAControllerFromBefore:
    def test_begins_its_history_with_what_the_register_said_then(self, engine: Engine, store: str) -> None:
        schema.upgrade(engine, store, "private_0004")
        fill(engine, "private_0004")
        schema.upgrade(engine, store)
        with Session(engine) as session:
            places = selectinload(m.Controller.establishments)
            controller = session.scalars(sa.select(m.Controller).options(places)).one()
            (first,) = session.scalars(sa.select(m.ControllerRevision)).all()
            assert (first.controller_id, first.number, first.actor) == (controller.id, 1, "shell")
            assert Statement.from_json(first.said) == statement_of(controller)
            assert first.said == statement_of(controller).to_json(), "or the next save would be a change"
            assert controller.searched == "https://www.meta.com"

    def test_is_found_by_its_website_as_one_of_today_is(self, engine: Engine, store: str) -> None:
        website = "https://www.Société-Łódź-STRAẞE.example"
        schema.upgrade(engine, store, "private_0004")
        fill(engine, "private_0004")
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE controllers SET website = :it"), {"it": website})
        schema.upgrade(engine, store)
        with Session(engine) as session:
            assert session.scalars(sa.select(m.Controller.searched)).all() == [found_by(None, website, None)]

    def test_has_a_history_that_only_grows(self, engine: Engine, store: str) -> None:
        schema.upgrade(engine, store)
        fill(engine, schema.head(store))
        around = {
            "sqlite": [
                "REPLACE INTO controller_revisions (id, controller_id, number, at, actor, said)"
                f" SELECT id + {more}, controller_id, number + 1 - {more}, at, 'user:2', said"
                " FROM controller_revisions"
                for more in (0, 1)
            ],
            "postgresql": ["TRUNCATE controller_revisions"],
        }[engine.dialect.name]
        before = contents(engine)
        for statement in (
            "UPDATE controller_revisions SET why = 'x'",
            "DELETE FROM controller_revisions",
            *around,
        ):
            with pytest.raises(sa.exc.DBAPIError, match="never changed"), engine.begin() as connection:
                connection.exec_driver_sql(statement)
        assert contents(engine) == before


class TestTheAddressOfAStore:
    @pytest.fixture(params=KINDS)
    def private(self, request: pytest.FixtureRequest) -> Engine:
        return new_engine(request, request.param, PRIVATE)

    def test_that_leads_to_the_other_store_is_noticed(self, private: Engine) -> None:
        schema.upgrade(private, PRIVATE)
        with pytest.raises(RuleBroken, match=f"The public store has the form {schema.head(PRIVATE)}"):
            schema.upgrade(private, PUBLIC)


@pytest.mark.parametrize("store", [PRIVATE])
class TestThePrivateStore:
    @pytest.fixture
    def filled(self, engine: Engine, store: str) -> Engine:
        schema.upgrade(engine, store)
        fill(engine, schema.head(store))
        return engine

    def test_refuses_to_change_the_journal(self, filled: Engine) -> None:
        around = {
            "sqlite": "REPLACE INTO journal (id, at, actor, act, subject, detail)"
            " SELECT id, at, 'user:2', act, subject, detail FROM journal",
            "postgresql": "TRUNCATE journal",
        }[filled.dialect.name]
        for statement in (
            "UPDATE journal SET act = 'nothing'",
            "UPDATE journal SET case_id = NULL",
            "DELETE FROM journal",
            around,
        ):
            self.refused(filled, statement, "journal is never changed")

    def test_refuses_to_change_what_was_kept(self, filled: Engine) -> None:
        with filled.begin() as connection:
            connection.exec_driver_sql("DELETE FROM evidence")  # nothing but the trigger stands in the way
        for statement in (
            "UPDATE stored_files SET sha256 = 'ef'",
            "UPDATE stored_files SET bytes = 3",
        ):
            self.refused(filled, statement, "stored_files is never changed")
        if filled.dialect.name == "sqlite":
            self.refused(
                filled,
                "REPLACE INTO stored_files SELECT sha256, 3, media_type, stored_at FROM stored_files",
                "stored_files is never changed",
            )

    def test_takes_more_lines_and_a_better_guess_of_a_type(self, filled: Engine) -> None:
        with Session(filled) as session, session.begin():
            session.add(m.Entry(at=NOON, actor="shell", act="verify", subject="evidence", detail={}))
            session.execute(sa.update(m.StoredFile).values(media_type="application/pdf"))
        assert len(contents(filled)["journal"]) == 2
        assert contents(filled)["stored_files"][0][2] == "application/pdf"

    def refused(self, engine: Engine, statement: str, words: str) -> None:
        before = contents(engine)
        with pytest.raises(sa.exc.DBAPIError, match=words), engine.begin() as connection:
            connection.exec_driver_sql(statement)
        assert contents(engine) == before


class TestTheStoresOnSQLite:
    @pytest.fixture
    def folder(self) -> Iterator[Path]:
        """A folder that anybody may enter, unlike pytest's own."""
        path = Path(tempfile.mkdtemp(prefix="tracker-public-"))
        path.chmod(0o755)
        yield path
        path.chmod(0o755)
        shutil.rmtree(path)

    @pytest.fixture
    def made(self, folder: Path) -> Callable[[str], Path]:
        def make(store: str) -> Path:
            file = folder / f"{store}.db"
            engine = sa.create_engine(f"sqlite:///{file}")
            prepare(engine, public=store == PUBLIC)
            schema.upgrade(engine, store)
            fill(engine, schema.head(store))
            engine.dispose()
            file.chmod(0o444)
            return file

        return make

    @pytest.mark.parametrize(("store", "mode"), [(PRIVATE, "wal"), (PUBLIC, "delete")])
    def test_have_the_journal_mode_of_their_readers(
        self, made: Callable[[str], Path], store: str, mode: str
    ) -> None:
        assert self.ask(made(store), "PRAGMA journal_mode") == (0, mode)

    def test_let_a_reader_without_the_right_to_write_read_the_public_one(
        self, made: Callable[[str], Path]
    ) -> None:
        file = made(PUBLIC)
        file.parent.chmod(0o555)
        assert self.ask(file, "SELECT title FROM published_cases", as_nobody=True) == (
            0,
            "Künstliche Intelligenz",
        )
        status, words = self.ask(file, "DELETE FROM published_cases", as_nobody=True)
        assert (status, "readonly" in words) == (1, True)

    def ask(self, file: Path, statement: str, *, as_nobody: bool = False) -> tuple[int, str]:
        """Return exit status and answer of a process that may only read."""
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", READER, file, statement, "yes" if as_nobody else ""],
            capture_output=True,
            encoding="utf-8",
        )
        assert done.stderr == ""
        return done.returncode, done.stdout.strip()

    def test_refuse_a_migration_that_leaves_a_row_pointing_nowhere(self, tmp_path: Path) -> None:
        engine = sa.create_engine(f"sqlite:///{tmp_path}/private.db")
        prepare(engine, public=False)
        schema.upgrade(engine, PRIVATE)
        with engine.connect() as connection:
            raw = connection.connection.cursor()
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute(
                "INSERT INTO imported_items (id, import_id, kind, key, number) VALUES (1, 7, '', '', '')"
            )
            raw.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(RuleBroken, match="A row of imported_items points to a row of imports"):
            schema.downgrade(engine, PRIVATE, schema.head(PRIVATE))
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        engine.dispose()
