"""`tracker reroute`: what older rules found is worked out again, and nothing else."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.test_cli import FACTS, Run
from tracker.rules import routing


@pytest.fixture(autouse=True)
def taken_in(run: Run) -> None:
    """The seven real cases."""
    assert run("import", str(FACTS))[0] == 0


def runs(home: Path) -> int:
    with closing(sqlite3.connect(home / "private" / "private.db")) as store:
        found: int = store.execute("SELECT count(*) FROM routes").fetchone()[0]
        return found


class TestRoutesOfTheseRules:
    def test_are_left_alone(self, run: Run, home: Path) -> None:
        before = runs(home)
        status, out, err = run("reroute")
        assert (status, out) == (0, "") and err.startswith("Every route of an open filing")
        assert runs(home) == before


class TestRoutesOfOlderRules:
    @pytest.fixture(autouse=True)
    def newer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(routing, "RULES_VERSION", "2099-01-01.1")

    def test_are_only_counted_in_a_dry_run(self, run: Run, home: Path) -> None:
        before = runs(home)
        status, out, err = run("reroute", "--dry-run")
        assert status == 0 and err == "Nothing is stored.\n"
        assert "C081\t11 routes\tsame leads, same reasons" in out
        assert runs(home) == before

    def test_are_worked_out_again_once_and_not_where_a_filing_has_ended(self, run: Run, home: Path) -> None:
        before = runs(home)
        status, out, _ = run("reroute")
        assert status == 0 and "C081\t11 routes" in out and "C082" not in out
        assert runs(home) > before
        assert run("reroute")[1] == ""
