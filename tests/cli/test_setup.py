"""`tracker init` and `tracker serve`, and what all commands say when they cannot begin."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reader import Reader
from tests.test_cli import Run
from tracker import config
from tracker.app import create_app, create_public_app
from tracker.cli import CONTENTS
from tracker.errors import UnsafeSetting

ROOT = Path(__file__).parent.parent.parent


class TestAHomeWithANameThatMeansSomethingInAnAddress:
    @pytest.mark.parametrize("name", ["a?b", "a#b", "a%25b", "100%", "a&mode=rw", "a b", "Büro"])
    def test_is_a_home_like_any_other(self, run: Run, tmp_path: Path, monkeypatch, name: str):
        above = tmp_path / "above"
        above.mkdir()
        home = above / name
        monkeypatch.setenv("TRACKER_HOME", str(home))
        assert run("init")[0] == 0
        assert [it.name for it in above.iterdir()] == [name]
        assert (home / "private/private.db").stat().st_size and (home / "public/public.db").stat().st_size
        settings = config.read()
        Reader(create_public_app(settings)).get("/authorities")
        assert run("backup", str(above / "copy"))[0] == 0
        monkeypatch.setenv("TRACKER_HOME", str(above / f"{name} again"))
        assert run("restore", str(above / "copy"))[0] == 0
        assert run("init")[0] == 0
        assert {it.name for it in above.iterdir()} == {name, f"{name} again", "copy"}


class TestTwoAddressesOfOneStore:
    def test_are_refused_before_anything_is_made(self, run: Run, tmp_path: Path, monkeypatch):
        home = tmp_path / "new"
        monkeypatch.setenv("TRACKER_HOME", str(home))
        monkeypatch.setenv("TRACKER_PUBLIC_DATABASE_URL", f"sqlite:///{home}/public/../private/private.db")
        status, out, err = run("init")
        assert (status, out) == (1, "") and not home.exists()
        assert err.startswith("tracker: TRACKER_PUBLIC_DATABASE_URL leads to the private store")

    @pytest.mark.parametrize("make", [create_app, create_public_app])
    def test_are_refused_by_both_sites(self, home: Path, monkeypatch, make):
        monkeypatch.setenv("TRACKER_PUBLIC_DATABASE_URL", f"sqlite:///{home}/private/private.db")
        with pytest.raises(UnsafeSetting, match="leads to the private store"):
            make(config.read())


class TestAKeyThatCannotBeRead:
    def test_is_named_with_its_place_where_it_is_missing(self, run: Run, home: Path):
        (home / "private/secrets/session.key").unlink()
        _, _, err = run("cases")
        assert f"{home}/private/secrets/session.key is not there: run 'tracker init' first" in err

    def test_is_named_with_the_reason_where_it_is_there(self, run: Run, home: Path):
        key = home / "private/secrets/session.key"
        key.unlink()
        key.mkdir()
        status, _, err = run("cases")
        assert status == 1 and f"{key} cannot be read (Is a directory): run this as the user" in err


class TestAServerUnderGunicorn:
    @pytest.mark.parametrize(("site", "words"), [("desk", "session.key"), ("public", "TRACKER_HOSTS")])
    def test_ends_at_an_unsafe_setting_instead_of_starting_for_ever(self, tmp_path: Path, site, words):
        # One worker: of two that end in the same moment gunicorn makes a traceback of its own, and status 1.
        mode = {"TRACKER_ENV": "production"} if site == "public" else {}
        answer = subprocess.run(
            [sys.executable, "-m", "gunicorn", "--bind", f"unix:{tmp_path}/socket", "--workers", "1"]
            + ["--no-control-socket", f"wsgi:{site}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            cwd=ROOT,
            env={**os.environ, "TRACKER_HOME": str(tmp_path / "nothing"), **mode},
        )
        assert answer.returncode == 4 and words in answer.stderr and "Traceback" not in answer.stderr


class TestTheContents:
    def test_cut_no_entry_off(self, run: Run):
        _, out, _ = run("--help")
        listed = out.split("Set up:")[1]
        assert "..." not in listed and "…" not in listed and "clock" not in out
        told = " ".join(out.split())
        for names in CONTENTS.values():
            for name in names:
                first = run(name, "--help")[1].split("\n\n")[1]
                assert f"{name} {' '.join(first.split()).split('. ')[0].rstrip('.')}" in told


class TestAPassword:
    def test_that_is_empty_is_refused_and_not_asked_for(self, run: Run):
        status, out, err = run("user", "add", "x@example.org", "--password", "")
        assert (status, out) == (1, "") and "14 characters" in err

    def test_comes_on_standard_input_where_there_is_no_terminal(self, run: Run, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO("a long enough pass phrase\n"))
        assert run("user", "add", "x@example.org")[:2] == (0, "x@example.org can sign in as reader.\n")

    @pytest.mark.parametrize("closed", [True, False])
    def test_is_asked_for_in_one_line_where_nothing_comes(self, run: Run, monkeypatch, closed: bool):
        monkeypatch.setattr(sys, "stdin", None if closed else io.StringIO(""))
        status, out, err = run("user", "password", "reader@example.org")
        assert (status, out) == (1, "")
        assert err == "tracker: password: There is no terminal to ask at: send it on standard input.\n"


class TestASearchWithoutAHit:
    def test_says_so(self, run: Run):
        assert run("cases") == (0, "", "There is no case yet.\n")
        assert run("cases", "zzz") == (0, "", "No case fits “zzz”.\n")
        assert run("authorities", "list", "zzz") == (0, "", "No authority fits “zzz”.\n")


class TestAFileThatIsNone:
    def test_is_refused_instead_of_waited_for(self, run: Run, tmp_path: Path):
        os.mkfifo(tmp_path / "pipe.yaml")
        status, out, err = run("import", str(tmp_path / "pipe.yaml"))
        assert (status, out) == (1, "")
        assert err == "pipe.yaml: file: whole: is no ordinary file; name one\n"
