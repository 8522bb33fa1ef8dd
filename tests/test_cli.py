"""The command line: what it prints, where errors go, with which exit status it ends."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from tests.publishing import marks_in
from tracker.cli import CONTENTS, main
from tracker.db import prepare
from tracker.models import PublishedCase
from tracker.storage import schema

Run = Callable[..., tuple[int, str, str]]
FACTS = Path(__file__).parent.parent / "tracker" / "reference" / "demo" / "cases.yaml"


@pytest.fixture
def home(prepared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prepared home that the command finds by TRACKER_HOME."""
    home = tmp_path / "home"
    shutil.copytree(prepared_home, home)
    monkeypatch.setenv("TRACKER_HOME", str(home))
    return home


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `tracker` and returns exit status, stdout and stderr."""

    def tracker(*arguments: str) -> tuple[int, str, str]:
        status = 0
        try:
            main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        told = capsys.readouterr()
        return status, told.out, told.err

    return tracker


class TestTheHelp:
    def test_reads_like_a_table_of_contents(self, run: Run):
        status, out, _ = run("--help")
        assert status == 0
        places = [out.index(section + ":") for section in CONTENTS]
        assert places == sorted(places)
        for names in CONTENTS.values():
            for name in names:
                assert f"  {name} " in out

    @pytest.mark.parametrize("command", [name for names in CONTENTS.values() for name in names])
    def test_of_every_command_says_what_it_does(self, run: Run, command: str):
        status, out, _ = run(command, "--help")
        assert status == 0 and len(out.split("\n")[2].strip()) > 15


class TestWrongUsage:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("no-such-command",),
            ("lodge", "C081"),
            ("lodge", "C081", "--to", "at-dsb", "--on", "2024-11-31"),
            ("lodge", "C081", "--to", "at-dsb", "--on", "2024-11"),
            ("publish",),
            ("publish", "C081", "--rebuild"),
            ("serve", "--port", "99999"),
            ("serve", "--port", "0"),
            ("demo", "--serve", "--port", "0"),
            ("serve", "--public", "--desk"),
            ("imports", "9" * 23),
            ("imports", "0"),
            ("user", "add", "a@example.org", "--role", "king"),
        ],
    )
    def test_ends_with_two(self, run: Run, arguments: tuple[str, ...]):
        status, out, err = run(*arguments)
        assert status == 2 and out == "" and err and "Traceback" not in err


class TestARefusal:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (("lodge", "C999", "--to", "at-dsb", "--on", "2024-06-06"), "There is no case C999"),
            (("lodge", "81", "--to", "at-dsb", "--on", "2024-06-06"), "81"),
            (("user", "add", "x"), "not an e-mail address"),
            (("user", "add", "Reader@example.org"), "has an account already"),
            (("user", "password", "nobody@example.org"), "nobody@example.org"),
            (("publish", "C999"), "There is no case C999"),
            (("withdraw", "C999"), "There is no case C999"),
            (("user", "disable", "nobody@example.org"), "nobody@example.org"),
            (("user", "add", "x", "--password", "a long enough pass phrase"), "not an e-mail address"),
            (("user", "add", "x@example.org", "--password", "short"), "14 characters"),
            (("import", "no-such-file.yaml"), "no-such-file.yaml"),
        ],
    )
    def test_is_a_line_on_stderr_and_ends_with_one(self, run: Run, arguments: tuple[str, ...], words: str):
        status, out, err = run(*arguments)
        assert status == 1 and out == "" and words in err
        assert len(err.strip().split("\n")) == 1 and "Traceback" not in err

    def test_names_a_home_that_nobody_prepared(self, run: Run, tmp_path: Path, monkeypatch):
        monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "nothing"))
        status, _, err = run("cases")
        assert status == 1 and "tracker init" in err


class TestThePublicSiteWithoutAStore:
    WORDS = "tracker: The public store cannot be opened"

    def test_is_refused_by_serve(self, run: Run, tmp_path: Path, monkeypatch):
        monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "nothing"))
        status, out, err = run("serve", "--public", "--port", str(free_port()))
        assert (status, out, err.count("\n")) == (1, "", 1)
        assert err.startswith(self.WORDS) and "tracker init" in err

    @pytest.mark.parametrize("form", [None, "public_0001"])
    def test_is_refused_by_a_server_of_wsgi(self, tmp_path: Path, form: str | None):
        words = self.WORDS
        if form is not None:
            (tmp_path / "public").mkdir()
            store = sa.create_engine(f"sqlite:///{tmp_path}/public/public.db")
            prepare(store, public=True)
            schema.upgrade(store, "public", form)
            store.dispose()
            words = "tracker: The public store has an older form"
        answer = subprocess.run(
            [sys.executable, "-c", "import wsgi; wsgi.public"],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "TRACKER_HOME": str(tmp_path)},
        )
        assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
        assert answer.stderr.startswith(words)


class TestInit:
    def test_prepares_an_empty_home_closed_to_others(self, run: Run, tmp_path: Path, monkeypatch):
        home = tmp_path / "new"
        monkeypatch.setenv("TRACKER_HOME", str(home))
        assert run("init")[0] == 0
        assert (home / "private").stat().st_mode & 0o777 == 0o700
        for made in (
            "private/private.db",
            "private/evidence",
            "private/secrets",
            "public/public.db",
            "public/files",
        ):
            assert (home / made).exists(), made
        status, out, _ = run("init")
        assert status == 0 and "nothing was changed" in out


class TestInitOnAnOlderPublicStore:
    def test_remembers_which_filings_were_public(self, run: Run, home: Path):
        run("import", str(FACTS))
        run("publish", "C081", *marks_in(run("publish", "C081")[2]))
        run("withdraw", "C081")
        store = sa.create_engine(f"sqlite:///{home}/public/public.db")
        prepare(store, public=True)
        schema.downgrade(store, "public", "public_0001")
        run("init")
        with store.connect() as connection:
            query = sa.select(PublishedCase.withdrawn, PublishedCase.withdrawn_filings)
            ((withdrawn, filings),) = connection.execute(query)
        store.dispose()
        assert withdrawn and "C081-01" in filings


class TestTheDemo:
    def test_comes_once_and_prints_names_and_passwords_every_time(self, run: Run, home: Path):
        status, first, _ = run("demo")
        assert status == 0
        stores = [(home / it).read_bytes() for it in ("public/public.db",)]
        status, second, _ = run("demo")
        assert (status, second) == (0, first)
        assert stores == [(home / it).read_bytes() for it in ("public/public.db",)]
        for role in ("reader", "advocate", "lawyer", "editor", "admin"):
            assert f"{role}@demo.example" in first
        status, out, _ = run("cases")
        assert len(out.strip().split("\n")) == 7 and "C081\t2024-06-06\t11\tMeta" in out

    def test_lists_no_day_of_lodging_where_only_the_month_is_known(self, run: Run, home: Path):
        run("demo")
        with closing(sqlite3.connect(home / "private" / "private.db", isolation_level=None)) as store:
            store.execute("UPDATE filings SET lodged_on = '2024-06-01', lodged_precision = 'month'")
        assert "C081\t2024-06\t11" in run("cases")[1]

    def test_leaves_alone_what_people_changed(self, run: Run, home: Path):
        run("demo")
        run("lodge", "C081", "--to", "se-imy", "--on", "2024-06-06")
        run("withdraw", "C082")
        assert run("demo")[0] == 0
        assert "C081\t2024-06-06\t12" in run("cases")[1]

    def test_tells_where_it_is_served_only_when_it_is(self, run: Run, monkeypatch):
        assert "http" not in run("demo")[1]
        told: list[str] = []
        monkeypatch.setattr("tracker.cli.demonstration.run", lambda *_, **how: told.extend(how["told"]))
        assert run("demo", "--serve", "--port", "5999")[1] == ""
        assert "  First case    http://127.0.0.1:5999/cases/C081" in told

    def test_is_refused_in_production_before_anything_is_written(self, run: Run, home: Path, monkeypatch):
        safe = {"ENV": "production", "HOSTS": "a.example.org", "BASE_URL": "https://a.example.org"}
        for name, value in safe.items():
            monkeypatch.setenv(f"TRACKER_{name}", value)
        before = {it: it.stat().st_mtime_ns for it in home.rglob("*")}
        status, out, err = run("demo")
        assert (status, out, err.count("\n")) == (1, "", 1) and "TRACKER_ENV is production" in err
        assert {it: it.stat().st_mtime_ns for it in home.rglob("*")} == before


class TestBytesThatAreNoText:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("lodge", "C081", "--to", "pl\udcff", "--on", "2024-06-06"),
            ("cases", "\udcff"),
            ("authorities", "list", "\udcff"),
            ("user", "disable", "\udcff@example.org"),
            ("user", "add", "\udcff@example.org", "--password", "a long enough pass phrase"),
            ("import", "\udcff.yaml"),
            ("publish", "\udcff"),
            ("withdraw", "C081", "--note", "\udcff"),
        ],
    )
    def test_are_refused_in_a_line_or_found_nowhere(self, home: Path, arguments: tuple[str, ...]):
        main_ = "from tracker.cli import main; main()"
        answer = subprocess.run(
            [sys.executable, "-c", main_, *(os.fsencode(it) for it in arguments)],
            capture_output=True,
            check=False,
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "TRACKER_HOME": str(home)},
        )
        assert b"Traceback" not in answer.stderr and answer.stderr.count(b"\n") <= 1
        assert answer.returncode == 1 or answer.stdout == b""


class TestTheLastAdmin:
    def test_is_disabled_only_by_force(self, run: Run):
        status, out, err = run("user", "disable", "admin@example.org")
        assert (status, out) == (1, "") and "last admin" in err and "--force" in err
        status, out, _ = run("user", "disable", "--force", "admin@example.org")
        assert (status, out) == (0, "admin@example.org can no longer sign in.\n")

    def test_loses_the_role_only_by_force(self, run: Run):
        assert run("user", "role", "admin@example.org", "reader")[0] == 1
        assert run("user", "role", "admin@example.org", "reader", "--force")[0] == 0


class TestLodging:
    def test_at_the_terminal_is_the_same_act(self, run: Run):
        run("import", str(FACTS))
        status, out, _ = run("lodge", "C081", "--to", "se-imy", "--to", "fi-tsv", "--on", "2024-06-06")
        assert status == 0
        assert "C081-12\tIMY · Sweden" in out and "C081-13\tTSV · Finland" in out
        assert "The Irish DPC leads" in out

    def test_shows_without_storing(self, run: Run):
        run("import", str(FACTS))
        arguments = ("lodge", "C081", "--to", "se-imy", "--on", "2024-06-06", "--dry-run")
        assert run(*arguments) == run(*arguments)

    def test_makes_all_or_nothing(self, run: Run):
        run("import", str(FACTS))
        before = run("cases")[1]
        status, _, err = run("lodge", "C081", "--to", "se-imy", "--to", "xx-nowhere", "--on", "2024-06-06")
        assert status == 1 and "xx-nowhere" in err
        assert run("cases")[1] == before

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            (("--language", "xx"), "language: There is no language “xx”"),
            (("--to", "se-imy"), "authorities: The Swedish IMY is named twice"),
        ],
    )
    def test_names_what_is_wrong_on_the_command_line(self, run: Run, more: tuple[str, ...], words: str):
        run("import", str(FACTS))
        status, out, err = run("lodge", "C081", "--to", "se-imy", "--on", "2024-06-06", *more)
        assert (status, out) == (1, "") and words in err


class TestImportExportAndBack:
    def test_gives_the_same_file(self, run: Run, tmp_path: Path, prepared_home: Path, monkeypatch):
        run("import", str(FACTS))
        assert run("export", str(tmp_path / "one.yaml"))[0] == 0
        other = tmp_path / "other"
        shutil.copytree(prepared_home, other)
        monkeypatch.setenv("TRACKER_HOME", str(other))
        assert run("import", str(tmp_path / "one.yaml"))[0] == 0
        run("export", str(tmp_path / "two.yaml"))
        assert (tmp_path / "one.yaml").read_text() == (tmp_path / "two.yaml").read_text()

    def test_is_never_public_by_itself(self, run: Run, home: Path):
        before = (home / "public" / "public.db").read_bytes()
        run("import", str(FACTS))
        assert (home / "public" / "public.db").read_bytes() == before

    def test_lists_what_one_file_brought(self, run: Run):
        run("import", str(FACTS))
        status, out, _ = run("imports", "1")
        assert status == 0 and out.count("\tC081-") + out.count("C081-") >= 11

    def test_says_in_its_last_line_what_else_it_brought(self, run: Run, tmp_path: Path):
        run("import", str(FACTS))
        campaign = yaml.safe_load(FACTS.read_text(encoding="utf-8"))["campaigns"][0]
        campaign["complainants"] = [{"pseudonym": "A"}]
        (tmp_path / "more.json").write_text(json.dumps({"schema_version": 1, "campaigns": [campaign]}))
        out = run("import", str(tmp_path / "more.json"))[1]
        assert "Brought 0 cases, 0 controllers, 0 filings, 0 events, 1 complainant; " in out
        assert run("imports", "2")[1] == "complainant\tA\tC081\n"
        assert "0 events, 1 complainant\t" in run("imports")[1]

    def test_waits_for_nobody_who_writes_where_nothing_is_stored(self, run: Run, home: Path, tmp_path: Path):
        run("import", str(FACTS))
        with closing(sqlite3.connect(home / "private" / "private.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for words in (
                ("import", str(FACTS), "--dry-run"),
                ("export", str(tmp_path / "out.yaml")),
                ("lodge", "C084", "--to", "se-imy", "--on", "2024-09-01", "--dry-run"),
            ):
                assert run(*words)[0] == 0
            other.execute("ROLLBACK")

    def test_tells_what_is_wrong_with_a_file_before_it_waits_for_the_store(
        self, run: Run, home: Path, tmp_path: Path
    ):
        (tmp_path / "bad.yaml").write_text("a: [")
        with closing(sqlite3.connect(home / "private" / "private.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert "is not YAML" in run("import", str(tmp_path / "bad.yaml"))[2]
            other.execute("ROLLBACK")


class TestPeople:
    def test_are_managed_at_the_terminal(self, run: Run):
        phrase = "a long enough pass phrase"
        assert run("user", "add", "New@example.org", "--role", "lawyer", "--password", phrase)[0] == 0
        assert run("user", "role", "new@example.org", "editor")[0] == 0
        assert run("user", "disable", "new@example.org")[0] == 0
        assert "new@example.org\teditor\tdisabled" in run("user", "list")[1]
        assert run("user", "enable", "new@example.org")[0] == 0
        assert run("user", "password", "new@example.org", "--password", phrase + "2")[0] == 0


class TestTheInstalledCommand:
    def test_starts(self, home: Path):
        answer = subprocess.run(
            [sys.executable, "-m", "tracker.cli", "authorities", "list", "Ireland"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        assert answer.stdout.startswith("ie-dpc\tDPC · Ireland")
