"""Pages kept in memory: quick while nothing changes, and never a moment older than the store."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.publishing import clear, withdraw
from tests.reader import Reader
from tracker import clock
from tracker.db import PUBLIC, db, transaction
from tracker.services import public_site
from tracker.web.pages_kept import AskedRevision, FileRevision, FromMemory, Page, PagesKept


@pytest.fixture
def public(app):
    with transaction():
        lodged(a_case(title="Example: kept in memory"), "nl-ap", "ie-dpc")
    clear("C001")


@pytest.fixture
def asked(public_app):
    """The SQL statements that the public site runs."""
    seen: list[str] = []

    def note(connection, cursor, statement, *rest) -> None:
        seen.append(statement)

    with public_app.app_context():
        engine = db.engines[PUBLIC]
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


class TestAPageReadTwice:
    @pytest.mark.parametrize("address", ["/", "/cases?country=NL", "/cases/C001", "/authorities/ie-dpc"])
    def test_is_rendered_once(self, public, visitor: Reader, asked, address):
        first = visitor.get(address)
        asked.clear()
        second = visitor.get(address)
        assert asked == []
        assert second.data == first.data and dict(second.headers) == dict(first.headers)

    def test_is_not_sent_again_to_who_has_it(self, public, visitor: Reader):
        tag = visitor.get("/cases/C001").headers["ETag"]
        answer = visitor.call("GET", "/cases/C001", headers={"If-None-Match": tag})
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == tag and "no-cache" in answer.headers["Cache-Control"]
        assert "Content-Security-Policy" in answer.headers
        other = visitor.call("GET", "/cases/C001", headers={"If-None-Match": '"other"'})
        assert other.status_code == 200 and other.data

    def test_is_not_sent_again_also_when_it_is_rendered_anew(self, public, public_app, visitor: Reader):
        tag = visitor.get("/cases/C001").headers["ETag"]
        with transaction(PUBLIC):
            db.session.execute(sa.text("UPDATE published_authorities SET phone = phone"), **in_public())
        assert visitor.call("GET", "/cases/C001", headers={"If-None-Match": tag}).status_code == 304

    def test_is_rendered_anew_on_the_next_day(self, public, visitor: Reader, monkeypatch):
        before = visitor.get("/cases/C001").data
        later = clock.today() + timedelta(days=400)
        monkeypatch.setattr(clock, "today", lambda: later)
        assert visitor.get("/cases/C001").data != before


def in_public() -> dict[str, object]:
    return {"bind_arguments": {"bind": db.engines[PUBLIC]}}


class TestAfterAnAct:
    def test_a_withdrawn_case_is_gone_with_the_next_request(self, public, visitor: Reader):
        tag = visitor.get("/cases/C001").headers["ETag"]
        visitor.get("/cases/C001")
        withdraw("C001")
        for address in ("/cases/C001", "/filings/C001-01"):
            assert "kept in memory" not in visitor.get(address, 410).text
            assert visitor.call("GET", address, headers={"If-None-Match": tag}).status_code == 410
            visitor.get(address, 410, headers={"Range": "bytes=0-100"})
        assert "kept in memory" not in visitor.get("/").text

    def test_of_another_process_the_pages_are_new(self, public, settings, visitor: Reader):
        visitor.get("/cases/C001")
        program = (
            "import sqlite3, sys; store = sqlite3.connect(sys.argv[1]);"
            "store.execute(\"UPDATE published_contents SET content = replace(content, 'kept in memory',"
            " 'Renamed elsewhere')\"); store.commit()"
        )
        subprocess.run([sys.executable, "-c", program, settings.public / "public.db"], check=True)
        assert "Renamed elsewhere" in visitor.get("/cases/C001").text

    def test_that_puts_another_file_in_its_place_the_pages_are_new(self, public, settings, visitor: Reader):
        visitor.get("/cases/C001")
        store = settings.public / "public.db"
        copy = store.with_name("restored.db")
        shutil.copy(store, copy)
        with sqlite3.connect(copy) as other:
            other.execute(
                "UPDATE published_contents SET content = replace(content, 'kept in memory', 'Restored')"
            )
        other.close()
        with db.engines[PUBLIC].connect():
            pass
        copy.replace(store)
        with visitor.app.app_context():
            db.engines[PUBLIC].dispose()
        assert "Restored" in visitor.get("/cases/C001").text


class TestTheMemory:
    def test_keeps_no_page_for_words_that_the_site_does_not_know(self, public, public_app, visitor: Reader):
        kept = public_app.extensions["pages_kept"]
        visitor.get("/cases?country=NL")
        before = len(kept)
        for number in range(5):
            visitor.get(f"/cases?country=NL&utm={number}&country=AT")
        assert len(kept) == before

    @pytest.mark.parametrize(
        ("address", "status"),
        [("/cases/C900", 404), ("/cases?year=x", 400), ("/cases/c001", 301), ("/static/css/base.css", 200)],
    )
    def test_keeps_nothing_but_whole_pages(self, public, public_app, visitor: Reader, address, status):
        kept = public_app.extensions["pages_kept"]
        visitor.get("/")
        before = len(kept)
        assert visitor.call("GET", address).status_code == status
        assert len(kept) == before

    def test_forgets_the_page_that_was_read_longest_ago(self):
        kept = PagesKept(lambda: 1, most_pages=2)
        state = kept.state()
        for name in ("a", "b"):
            kept.get(state, name)
            kept.put(state, name, Page(b"x", ()))
        assert kept.get(state, "a")
        kept.put(state, "c", Page(b"x", ()))
        assert kept.get(state, "a") and kept.get(state, "c") and kept.get(state, "b") is None

    def test_never_holds_more_bytes_than_it_may(self):
        kept = PagesKept(lambda: 1, most_bytes=1000)
        state = kept.state()
        kept.get(state, "first")
        for name in range(20):
            kept.put(state, name, Page(b"x" * 110, ()))
        assert len(kept) == 9
        kept.put(state, "too large for us", Page(b"x" * 500, ()))
        assert kept.get(state, "too large for us") is None

    def test_does_not_take_a_page_that_was_rendered_before_the_store_changed(self):
        states = iter([1, 2])
        kept = PagesKept(lambda: next(states))
        old = kept.state()
        kept.get(old, "page")
        new = kept.state()
        assert kept.get(new, "page") is None
        kept.put(old, "page", Page(b"old", ()))
        assert kept.get(new, "page") is None

    def test_gives_a_page_to_no_host_that_the_site_does_not_answer_to(self, public, visitor: Reader):
        visitor.get("/cases/C001")
        assert visitor.call("GET", "/cases/C001", headers={"Host": "evil.example"}).status_code == 400

    def test_tells_apart_what_only_looks_alike(self, public, visitor: Reader):
        pages = [
            visitor.get(f"/cases?{query}").data
            for query in (
                "text=nl",
                "country=NL",
                "text=%FF",
                "text=%FE",
                "%74ext=kept",
                "text=",
                "country=NL&text=nl",
            )
        ]
        assert len(set(pages)) == len(pages)

    def test_keeps_nothing_while_nobody_can_say_what_state_the_store_is_in(self, tmp_path: Path):
        kept = PagesKept(FileRevision(tmp_path / "missing.db"))
        assert kept.state() is None


class TestTheQuestionToPostgresql:
    def test_is_asked_again_when_the_answer_is_too_old(self, monkeypatch):
        now, answers = [100.0], iter("abc")
        monkeypatch.setattr("tracker.web.pages_kept.time.monotonic", lambda: now[0])
        revision = AskedRevision(lambda: next(answers), 1.0)
        assert revision() == revision() == "a"
        now[0] += 1.1
        assert revision() == "b"

    def test_has_another_answer_after_every_commit(self, new_postgres_database):
        engine = sa.create_engine(new_postgres_database())
        writer = sa.create_engine(engine.url)
        with writer.begin() as connection:
            connection.execute(sa.text("CREATE TABLE things (word text)"))

        def ask() -> str:
            with engine.connect() as connection:
                return str(connection.scalar(sa.text(public_site.SNAPSHOT)))

        try:
            assert ask() == ask()
            with writer.connect() as first, writer.connect() as second:
                for connection in (first, second):
                    connection.execute(sa.text("INSERT INTO things VALUES ('x')"))
                seen = [ask()]
                for connection in (second, first):
                    connection.commit()
                    seen.append(ask())
            assert len(set(seen)) == 3
        finally:
            engine.dispose()
            writer.dispose()


class TestManyWhoAskAtOnce:
    def test_let_a_page_be_rendered_once(self):
        rendered, begun, may_end = [], threading.Event(), threading.Event()

        def app(environ, start):
            rendered.append(environ["PATH_INFO"])
            begun.set()
            assert may_end.wait(10)
            start("200 OK", [("ETag", '"x"'), ("Cache-Control", "public"), ("Content-Type", "text/html")])
            return [b"page"]

        site, answers = FromMemory(app, PagesKept(lambda: 1)), []

        def read() -> None:
            environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/cases", "HTTP_HOST": "here"}
            answers.append(b"".join(site(environ, lambda *told: None)))

        readers = [threading.Thread(target=read) for _ in range(8)]
        for it in readers:
            it.start()
        assert begun.wait(10)
        may_end.set()
        for it in readers:
            it.join(10)
        assert answers == [b"page"] * 8 and rendered == ["/cases"]
        assert site._turns._taken == {}

    def test_go_on_after_a_page_that_failed(self):
        def app(environ, start):
            raise RuntimeError("a fault")

        site = FromMemory(app, PagesKept(lambda: 1))
        for _ in range(2):
            with pytest.raises(RuntimeError):
                site({"REQUEST_METHOD": "GET", "PATH_INFO": "/cases"}, lambda *told: None)
        assert site._turns._taken == {}


def test_the_day_is_part_of_the_state(monkeypatch):
    kept = PagesKept(lambda: 1)
    monkeypatch.setattr(clock, "today", lambda: date(2024, 6, 6))
    before = kept.state()
    monkeypatch.setattr(clock, "today", lambda: date(2024, 6, 7))
    assert kept.state() != before
