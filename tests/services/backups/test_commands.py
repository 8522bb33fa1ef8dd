"""`tracker backup` and `tracker restore`: what they say, and how they end."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.services.backups import LETTERS
from tracker import cli, config
from tracker.cli.upkeep import backup_command, restore_command
from tracker.config import Settings
from tracker.storage.files import Store


class TestTheCommands:
    @pytest.fixture
    def run(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
        def command(it: object, settings: Settings, *arguments: str) -> tuple[int, str, str]:
            monkeypatch.setenv("TRACKER_HOME", str(settings.home))
            result = CliRunner().invoke(it, arguments)  # type: ignore[arg-type]
            return result.exit_code, result.stdout, result.stderr

        return command

    def test_say_what_was_copied_and_what_comes_next(
        self,
        office: Settings,
        target: Path,
        elsewhere: Settings,
        run: Callable[..., tuple[int, str, str]],
    ) -> None:
        status, out, err = run(backup_command, office, str(target))
        assert (status, err) == (0, "")
        assert "2 files of evidence; every count and hash was checked" in out and "keys are not in it" in out
        status, out, err = run(restore_command, elsewhere, str(target))
        assert (status, err) == (0, "")
        assert "A new key for sessions was made" in out and "publish --rebuild" in out

    def test_copy_the_keys_only_by_their_option(
        self,
        office: Settings,
        target: Path,
        elsewhere: Settings,
        run: Callable[..., tuple[int, str, str]],
    ) -> None:
        assert "The keys are not" not in run(backup_command, office, str(target), "--with-secrets")[1]
        assert "new key" not in run(restore_command, elsewhere, str(target))[1]
        assert config.session_key(elsewhere) == config.session_key(office)

    def test_end_with_one_when_evidence_was_missing(
        self, office: Settings, target: Path, run: Callable[..., tuple[int, str, str]]
    ) -> None:
        Store(office.evidence).path(hashlib.sha256(LETTERS[0]).hexdigest()).unlink()
        status, out, err = run(backup_command, office, str(target))
        assert status == 1 and err.startswith("missing: ")
        assert "1 file of evidence; 1 file of evidence missing or damaged." in out and "checked" not in out

    def test_write_a_refusal_on_one_line_and_end_with_one(
        self,
        office: Settings,
        target: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("TRACKER_HOME", str(office.home))
        for arguments in (["backup", str(office.home / "x")], ["restore", os.fspath(target)]):
            with pytest.raises(SystemExit) as end:
                cli.main(arguments)
            told = capsys.readouterr()
            assert end.value.code == 1 and told.out == "" and told.err.count("\n") == 1
