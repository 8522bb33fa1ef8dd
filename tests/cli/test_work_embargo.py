"""`tracker work` ends embargoes when their time has come, once, and mends copies that failed."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import a_case, lodged
from tests.cli.working import desk_context
from tests.test_cli import Run
from tracker import clock
from tracker.db import PUBLIC, transaction
from tracker.rules.access import SHELL
from tracker.services import cases, publication


def public(home: Path) -> list[str]:
    """Return the numbers of the cases in the public store."""
    with sqlite3.connect(home / "public" / "public.db") as store:
        return [
            number for (number,) in store.execute("SELECT number FROM published_cases WHERE NOT withdrawn")
        ]


def held_back(**later: float) -> None:
    """Clear a new case so that it is public after a time from now."""
    with desk_context():
        with transaction():
            lodged(a_case(), "at-dsb")
            found = cases.get_case("C001")
            proposed = publication.propose(found, publication.default_content(found), note="", by=SHELL)
            until = clock.now() + timedelta(**later)
            publication.clear(proposed.id, note="", by=SHELL, until=until)
        with transaction(PUBLIC):
            publication.refresh()


class TestAnEmbargo:
    def test_ends_with_its_time(self, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch):
        held_back(hours=1)
        assert "publication: nothing is due\n" in run("work", "--once")[1]
        assert public(home) == []
        now = clock.now()
        monkeypatch.setattr("tracker.app._catch_up", lambda app: None)
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))
        assert "publication: C001 became public\n" in run("work", "--once")[1]
        assert public(home) == ["C001"]
        assert "publication: nothing is due\n" in run("work", "--once")[1]

    def test_ends_with_any_command_and_start_of_the_desk(
        self, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
    ):
        held_back(hours=1)
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))
        run("cases")
        assert public(home) == ["C001"]

    def test_that_could_not_be_copied_is_copied_in_the_next_round(
        self, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
    ):
        held_back(hours=1)
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))
        monkeypatch.setattr("tracker.app._catch_up", lambda app: None)
        with desk_context(), transaction():
            publication.end_due()
        assert public(home) == []
        assert "publication: 1 public copy brought up to date\n" in run("work", "--once")[1]
        assert public(home) == ["C001"]
