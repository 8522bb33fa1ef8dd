"""Publishing at the terminal while somebody holds the public store: what is said, what is made up for."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns import FACTS
from tests.publishing import marks_in
from tracker.cli import main


class Impatient(sqlite3.Connection):
    """A connection that waits for nobody: no test waits for five seconds."""

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        """Run a statement."""
        return super().execute(sql.replace("busy_timeout = 5000", "busy_timeout = 20"), *rest)


class TestWithdrawingWhileSomebodyHoldsThePublicStore:
    def test_says_what_was_kept_and_any_later_command_does_the_rest(
        self, prepared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
    ):
        home = tmp_path / "home"
        shutil.copytree(prepared_home, home)
        monkeypatch.setenv("TRACKER_HOME", str(home))
        connected = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *a, **how: connected(*a, factory=Impatient, **how))
        main(("import", str(FACTS)))
        with pytest.raises(SystemExit):
            main(("publish", "C081"))
        main(("publish", "C081", *marks_in(capsys.readouterr().err)))
        capsys.readouterr()
        with closing(connected(home / "public" / "public.db", isolation_level=None)) as reader:
            withdrawn = "SELECT withdrawn FROM published_cases"
            reader.execute("BEGIN")
            assert reader.execute(withdrawn).fetchall() == [(0,)]
            with pytest.raises(SystemExit) as end:
                main(("withdraw", "C081"))
            told = capsys.readouterr()
            assert (end.value.code, told.out) == (1, "")
            assert told.err.startswith("tracker: C081 is withdrawn in the file. The public copy could not be")
            reader.execute("ROLLBACK")
            assert reader.execute(withdrawn).fetchall() == [(0,)]
            main(("cases",))
            assert reader.execute(withdrawn).fetchall() == [(1,)]
