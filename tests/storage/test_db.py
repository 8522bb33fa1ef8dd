"""The two stores as the program uses them: keys, column types, the one way to write; on each database."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.engine import Engine

from tests.storage import KINDS, new_address
from tests.storage.rows import NOON
from tracker import db as stores
from tracker.db import PUBLIC, WRITER, Rounds, db, new_id, prepare, transaction
from tracker.models import Case, Controller, Entry, Project, PublishedCase, Reference, StoredFile
from tracker.rules.vocabulary import Answer
from tracker.storage import schema


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The private store, inside an app that has nothing else but the public one, which is empty."""
    app = Flask("stores")
    app.config["SQLALCHEMY_DATABASE_URI"] = new_address(request, request.param, schema.PRIVATE)
    app.config["SQLALCHEMY_BINDS"] = {PUBLIC: new_address(request, request.param, PUBLIC)}
    db.init_app(app)
    with app.app_context():
        for bind in (None, PUBLIC):
            prepare(db.engines[bind], public=bind == PUBLIC)
        schema.upgrade(db.engines[None], schema.PRIVATE)
        yield db.engines[None]
        db.session.remove()
        for it in db.engines.values():
            it.dispose()


CASE = {"title": "T", "folded": "t", "ngo": "noyb", "summary": "", "requested": [], "opened_at": NOON}
CASE["opened_by"] = "shell"


def entry(subject: str = "C001", **values: object) -> Entry:
    return Entry(**{"at": NOON, "actor": "shell", "act": "try", "subject": subject, "detail": {}, **values})


def subjects(engine: Engine) -> list[str]:
    """Return what another connection sees in the journal."""
    with engine.connect() as other:
        return list(other.execute(sa.text("SELECT subject FROM journal ORDER BY id")).scalars())


class TestAKey:
    def test_is_known_before_the_row_is_written_and_can_be_given(self) -> None:
        assert Project(slug="ai", name="AI").id > 0
        assert Project(id=7, slug="ai", name="AI").id == 7

    def test_is_never_given_twice_and_rises_over_threads(self) -> None:
        given: list[list[int]] = []
        threads = [
            threading.Thread(target=lambda: given.append([new_id() for _ in range(2000)])) for _ in range(4)
        ]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        assert all(keys == sorted(keys) for keys in given)
        assert len({key for keys in given for key in keys}) == 8000

    def test_fits_its_column_for_a_lifetime(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stores, "_last_key", 0)
        late = datetime(2090, 1, 1, tzinfo=UTC).timestamp()
        monkeypatch.setattr(stores.time, "time_ns", lambda: int(late * 1e9))
        assert 0 < new_id() < 2**63

    def test_goes_on_rising_when_the_clock_was_put_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        before = new_id()
        monkeypatch.setattr(stores.time, "time_ns", lambda: 0)
        assert new_id() > before


class TestARow:
    def test_comes_back_as_it_was_written(self, engine: Engine) -> None:
        detail = {"ä": [1, None, "\N{SNOWMAN}"], "deep": {"b": True}}
        vienna = datetime(2024, 6, 6, 14, 30, 1, 123456, tzinfo=timezone(timedelta(hours=2)))
        with transaction():
            line = entry(detail=detail, at=vienna)
            db.session.add(line)
            key = line.id
        found = db.session.get_one(Entry, key, populate_existing=True)
        assert found.detail == detail
        assert found.at == vienna
        assert found.at.utcoffset() == timedelta(0)

    def test_keeps_a_day_on_which_the_clocks_change_in_order(self, engine: Engine) -> None:
        """Stored in UTC, so the hour that comes twice in Vienna on 27 October 2024 stays two hours."""
        first = datetime(2024, 10, 27, 2, 30, tzinfo=timezone(timedelta(hours=2)))
        second = datetime(2024, 10, 27, 2, 30, tzinfo=timezone(timedelta(hours=1)))
        with transaction():
            db.session.add_all([entry("second", at=second), entry("first", at=first)])
        assert list(db.session.scalars(sa.select(Entry.subject).order_by(Entry.at))) == ["first", "second"]
        query = sa.select(Entry.subject).where(Entry.at < second)
        assert list(db.session.scalars(query)) == ["first"]

    def test_refuses_a_moment_without_a_zone(self, engine: Engine) -> None:
        with pytest.raises(sa.exc.StatementError, match="needs its zone"), transaction():
            db.session.add(entry(at=datetime(2024, 6, 6, 12)))
        assert subjects(engine) == []

    def test_holds_a_word_by_its_value(self, engine: Engine) -> None:
        with transaction():
            db.session.add(
                Controller(
                    name="Meta",
                    folded="meta",
                    establishments_known=Answer.YES,
                    targets_eea=Answer.UNKNOWN,
                    decided_outside_eea=Answer.NO,
                )
            )
        columns = "establishments_known, targets_eea, decided_outside_eea"
        with engine.connect() as other:
            held = other.exec_driver_sql(f"SELECT {columns} FROM controllers").one()  # noqa: S608 - ours
        assert tuple(held) == ("yes", "unknown", "no")
        assert db.session.scalars(sa.select(Controller.targets_eea)).one() is Answer.UNKNOWN

    def test_refuses_a_word_that_is_not_in_the_list(self, engine: Engine) -> None:
        with pytest.raises(sa.exc.StatementError, match="perhaps"):
            db.session.scalars(sa.select(Controller).where(Controller.targets_eea == "perhaps"))
        assert not list(db.session.scalars(sa.select(Controller).where(Controller.targets_eea == "yes")))

    def test_has_nothing_where_a_list_is_not_known(self, engine: Engine) -> None:
        """Not the word null, which no question for missing values would find."""
        with transaction():
            db.session.add(Case(**CASE, number="C001", totals=None))
            db.session.add(Case(**CASE, number="C002", totals={}))
        found = db.session.scalars(sa.select(Case.number).where(Case.totals.is_(None)))
        assert list(found) == ["C001"]
        with engine.connect() as other:
            assert other.exec_driver_sql("SELECT count(*) FROM cases WHERE totals IS NULL").scalar() == 1

    def test_cannot_point_to_one_that_does_not_exist(self, engine: Engine) -> None:
        with pytest.raises(sa.exc.IntegrityError), transaction():
            db.session.add(Reference(filing_id=1, position=1, owner="authority", value="D124"))


class TestATransaction:
    def test_records_everything_or_nothing(self, engine: Engine) -> None:
        with transaction():
            db.session.add(entry("kept"))
        with pytest.raises(ZeroDivisionError), transaction():
            db.session.add(entry("lost"))
            db.session.flush()
            _ = 1 / 0
        assert subjects(engine) == ["kept"]

    def test_inside_another_is_refused_and_undoes_both(self, engine: Engine) -> None:
        with pytest.raises(RuntimeError, match="already open"), transaction():
            db.session.add(entry("outer"))
            with transaction():
                db.session.add(entry("inner"))
        assert subjects(engine) == []
        with transaction():
            db.session.add(entry("after"))
        assert subjects(engine) == ["after"]

    def test_on_the_public_store_inside_a_private_one_is_refused_too(self, engine: Engine) -> None:
        with pytest.raises(RuntimeError, match="already open"), transaction(), transaction(PUBLIC):
            pass

    def test_keeps_other_writers_out_from_its_first_line_and_lets_readers_in(self, engine: Engine) -> None:
        assert self.free(engine)
        with transaction():
            assert not self.free(engine)
            assert subjects(engine) == []
        assert self.free(engine)

    def test_that_only_reads_keeps_nobody_out_and_records_nothing(self, engine: Engine) -> None:
        with transaction(write=False):
            db.session.scalar(sa.select(sa.func.count()).select_from(Entry))
            assert self.free(engine)
        with suppress(sa.exc.DBAPIError), transaction(write=False):
            db.session.add(entry("dropped"))
            db.session.flush()
        assert subjects(engine) == []
        with transaction():
            db.session.add(entry("kept"))
        assert subjects(engine) == ["kept"]

    def test_lets_the_next_writer_in_after_a_failure(self, engine: Engine) -> None:
        with pytest.raises(ZeroDivisionError), transaction():
            _ = 1 / 0
        assert self.free(engine)

    def test_of_one_store_leaves_the_other_free(self, engine: Engine) -> None:
        with transaction(PUBLIC):
            assert self.free(engine)
            assert not self.free(db.engines[PUBLIC])

    def test_gives_the_next_number_to_one_of_two_at_once(self, engine: Engine) -> None:
        """Both count the rows and add one: without the lock both would count the same."""
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy ends with its thread

        def act() -> None:
            with app.app_context():
                for _ in range(10):
                    with transaction():
                        count = db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile))
                        db.session.add(StoredFile(sha256=f"{count}", bytes=1, media_type="", stored_at=NOON))

        threads = [threading.Thread(target=act) for _ in range(3)]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        with engine.connect() as other:
            held = set(other.execute(sa.select(StoredFile.sha256)).scalars())
        assert held == {str(number) for number in range(30)}

    def free(self, engine: Engine) -> bool:
        """Return whether somebody else could begin to write now."""
        with engine.connect() as other:
            if engine.dialect.name == "postgresql":
                return bool(other.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(WRITER))))
            raw = other.connection.cursor()
            raw.execute("PRAGMA busy_timeout = 0")
            try:
                raw.execute("BEGIN IMMEDIATE")
            except other.dialect.loaded_dbapi.OperationalError:
                return False
            else:
                raw.execute("ROLLBACK")
                return True
            finally:
                raw.execute("PRAGMA busy_timeout = 5000")


class TestACommitThatFails:
    def test_leaves_the_store_to_its_readers_and_to_the_next_writer(self, tmp_path: Path) -> None:
        """A reader holds the public store longer than the writer waits."""
        app = Flask("stores")
        addresses = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("private", "public")}
        app.config["SQLALCHEMY_DATABASE_URI"] = addresses["private"]
        app.config["SQLALCHEMY_BINDS"] = {PUBLIC: addresses["public"]}
        db.init_app(app)
        with app.app_context(), closing(sqlite3.connect(tmp_path / "public.db")) as reader:
            prepare(db.engines[PUBLIC], public=True)
            sa.event.listen(
                db.engines[PUBLIC], "connect", lambda it, _: it.execute("PRAGMA busy_timeout = 0")
            )
            for bind, store in ((None, schema.PRIVATE), (PUBLIC, PUBLIC)):
                schema.upgrade(db.engines[bind], store)
            reader.execute("BEGIN")
            assert reader.execute("SELECT count(*) FROM published_cases").fetchone() == (0,)
            with pytest.raises(sa.exc.OperationalError, match="locked"), transaction(PUBLIC):
                assert db.session.scalars(sa.select(Case)).all() == []  # both stores are open now
                db.session.add(PublishedCase(number="C001"))
            with closing(sqlite3.connect(tmp_path / "public.db", timeout=0)) as other:
                assert other.execute("SELECT count(*) FROM published_cases").fetchone() == (0,)
            reader.execute("ROLLBACK")
            with transaction(PUBLIC):
                db.session.add(PublishedCase(number="C001"))
            assert reader.execute("SELECT count(*) FROM published_cases").fetchone() == (1,)
            db.session.remove()
            for it in db.engines.values():
                it.dispose()


class TestReadersOfThePublicStore:
    def test_who_overlap_without_a_pause_do_not_keep_a_writer_out(self, tmp_path: Path) -> None:
        """Threads of one process share its lock on the file: one of them reads at any moment."""
        file = tmp_path / "public.db"
        with closing(sqlite3.connect(file, isolation_level=None)) as store:
            store.execute("CREATE TABLE numbers (number)")
        engine = sa.create_engine(stores.address(f"sqlite:///{file}", read_only=True))
        prepare(engine, public=True)
        over, begun = threading.Event(), threading.Barrier(5)
        read: list[int] = []

        def reader(place: int) -> None:
            begun.wait()
            over.wait(place / 40)
            while not over.is_set():
                with engine.connect() as connection:
                    read.append(len(connection.execute(sa.text("SELECT number FROM numbers")).all()))
                    over.wait(0.1)

        threads = [threading.Thread(target=reader, args=[place]) for place in range(4)]
        for it in threads:
            it.start()
        # Another process, because SQLite keeps order among the threads of one.
        writes = (
            "import sqlite3, sys; store = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None);"
            "[store.execute('INSERT INTO numbers VALUES (?)', [it]) for it in range(5)]"
        )
        begun.wait()
        try:
            done = subprocess.run([sys.executable, "-c", writes, str(file)], capture_output=True, text=True)
        finally:
            over.set()
            for it in threads:
                it.join()
            engine.dispose()
        assert (done.returncode, done.stderr) == (0, "")
        assert read == sorted(read) and len(read) > 4

    def test_who_lose_a_connection_and_go_on_leave_as_often_as_they_came(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inside: list[int] = []

        class Counted(Rounds):
            def enter(self, file: str) -> None:
                inside.append(1)
                super().enter(file)

            def leave(self) -> None:
                inside.append(-1)
                super().leave()

        monkeypatch.setattr("tracker.db.Rounds", Counted)
        with closing(sqlite3.connect(tmp_path / "public.db")) as store:
            store.execute("CREATE TABLE numbers (number)")
        engine = sa.create_engine(stores.address(f"sqlite:///{tmp_path}/public.db", read_only=True))
        prepare(engine, public=True)
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT number FROM numbers"))
            connection.invalidate()
            connection.rollback()
            connection.execute(sa.text("SELECT number FROM numbers"))
        engine.dispose()
        assert inside == [1, -1, 1, -1]


class TestAStoreOnSQLite:
    PROMISED = {
        "foreign_keys": 1,
        "synchronous": 2,  # FULL: what was committed outlives a power cut
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
    }

    @pytest.mark.parametrize(("public", "mode"), [(False, "wal"), (True, "delete")])
    def test_has_on_every_connection_what_our_promises_rest_on(
        self, tmp_path: Path, public: bool, mode: str
    ) -> None:
        engine = sa.create_engine(f"sqlite:///{tmp_path}/store.db")
        prepare(engine, public=public)
        for _ in range(2):
            with engine.connect() as connection:
                asked = [*self.PROMISED, "journal_mode"]
                found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked}
            assert found == {**self.PROMISED, "journal_mode": mode}
            engine.dispose()

    def test_is_left_alone_by_a_connection_that_may_only_read(self, tmp_path: Path) -> None:
        writer = sa.create_engine(f"sqlite:///{tmp_path}/store.db")
        with writer.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (a)")
        writer.dispose()
        before = (tmp_path / "store.db").read_bytes()
        reader = sa.create_engine(f"sqlite:///file:{tmp_path}/store.db?mode=ro&uri=true")
        prepare(reader, public=True)
        with reader.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM t").scalar() == 0
        with pytest.raises(sa.exc.OperationalError, match="readonly"), reader.begin() as connection:
            connection.exec_driver_sql("DELETE FROM t")
        reader.dispose()
        assert (tmp_path / "store.db").read_bytes() == before
        assert [it.name for it in tmp_path.iterdir()] == ["store.db"]
