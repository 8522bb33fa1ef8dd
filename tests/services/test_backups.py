"""Backups: whole, made while the office works, believed only when every count and hash is right."""

import hashlib
import io
import json
import os
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.builders import ANN, a_case, lodged
from tracker import cli, config
from tracker.app import create_app
from tracker.cli.upkeep import backup_command, restore_command
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.errors import BadFile, RuleBroken
from tracker.models import Project
from tracker.services import backups, cases, evidence, upkeep
from tracker.storage import copies
from tracker.storage.files import Store, StoreFault

LETTERS = (b"first letter", b"second letter")


@pytest.fixture
def office(app: Flask, settings: Settings) -> Settings:
    """A home with a case, two filings, two exhibits and a public file."""
    with transaction():
        case = a_case()
        lodged(case, "at-dsb", "fr-cnil")
        files = [(io.BytesIO(it), "letter.txt") for it in LETTERS]
        evidence.keep_all(files, case, folder=settings.evidence, limit=1000, by=ANN)
    (settings.public / "files" / "a").mkdir(parents=True)
    (settings.public / "files" / "a" / "page.png").write_bytes(b"a cleared picture")
    return settings


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "safe").mkdir()
    return tmp_path / "safe" / "monday"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Settings:
    """Settings of a home that is not there yet."""
    return config.read({"TRACKER_HOME": str(tmp_path / "elsewhere" / "home")})


def files_below(folder: Path) -> dict[str, str]:
    """Return path -> SHA-256 of every file."""
    found = (it for it in folder.rglob("*") if it.is_file())
    return {it.relative_to(folder).as_posix(): hashlib.sha256(it.read_bytes()).hexdigest() for it in found}


def rows_in(file: Path, table: str) -> int:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our tables
        return found


def modes(folder: Path) -> set[tuple[str, str]]:
    """Return kind and mode of everything below and including the folder."""
    facts = [it.stat().st_mode for it in (folder, *folder.rglob("*"))]
    return {("folder" if stat.S_ISDIR(it) else "file", oct(stat.S_IMODE(it))) for it in facts}


def flip(file: Path, at: int = -1) -> None:
    """Flip one bit of one byte, the one in the middle unless told."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2 if at < 0 else at] ^= 0b100
    file.chmod(0o600)
    file.write_bytes(content)


class TestABackup:
    def test_holds_both_stores_the_evidence_and_a_manifest_and_no_secret(
        self, office: Settings, target: Path
    ) -> None:
        made = backups.backup(office, target)
        there = files_below(target)
        exhibits = {f"private/evidence/{it[:2]}/{it[2:4]}/{it}" for it in Store(office.evidence).names()}
        assert len(exhibits) == 2
        assert set(there) == exhibits | {
            "manifest.json", "manifest.sha256", "private/private.db", "public/public.db", "public/files/a/page.png",
        }  # fmt: skip
        key = office.key_file.read_bytes()
        assert not any(key in (target / it).read_bytes() for it in there)
        assert made.secrets is False and made.faults == ()

    def test_is_described_by_a_manifest_that_sha256sum_can_check(self, office: Settings, target: Path) -> None:
        made = backups.backup(office, target)
        told = json.loads((target / "manifest.json").read_text())
        assert (told["format"], told["program"], told["made_at"]) == (1, made.program, made.made_at)
        assert told["rows"]["private"]["filings"] == 2 and told["rows"]["private"]["evidence"] == 2
        assert told["rows"]["public"]["published_authorities"] == rows_in(
            target / "public/public.db", "published_authorities"
        )
        there = files_below(target)
        assert {it: facts[1] for it, facts in told["files"].items()} == {
            it: sha256 for it, sha256 in there.items() if not it.startswith("manifest.")
        }
        done = subprocess.run(["sha256sum", "--check", "--strict", "manifest.sha256"], cwd=target, check=False)
        assert done.returncode == 0

    def test_can_be_read_by_nobody_else(self, office: Settings, target: Path) -> None:
        backups.backup(office, target, secrets=True)
        assert modes(target) == {("folder", "0o700"), ("file", "0o600"), ("file", "0o440")}

    def test_shares_no_bytes_on_the_disk_with_the_original(self, office: Settings, target: Path) -> None:
        backups.backup(office, target)
        assert {it.stat().st_nlink for it in target.rglob("*") if it.is_file()} == {1}

    def test_holds_the_keys_when_it_is_asked_to(self, office: Settings, target: Path) -> None:
        assert backups.backup(office, target, secrets=True).secrets is True
        assert (target / "private/secrets/session.key").read_bytes() == office.key_file.read_bytes()

    def test_takes_the_place_of_an_empty_folder(self, office: Settings, target: Path) -> None:
        target.mkdir()
        backups.backup(office, target)
        assert (target / "manifest.json").exists()
        assert [it.name for it in target.parent.iterdir()] == [target.name]

    def test_has_no_file_that_no_record_names(self, office: Settings, target: Path) -> None:
        spare = Store(office.evidence).keep(io.BytesIO(b"spare"), limit=10).sha256
        assert not any(it.endswith(spare) for it in backups.backup(office, target).files)


class TestABackupWhileTheOfficeWorks:
    def test_is_one_moment_of_a_store_that_is_written_to_all_the_time(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        """Each act of the writer adds one project and one authority beside it: a torn copy has unequal numbers."""
        written, stop = [0], threading.Event()

        def write() -> None:
            with closing(sqlite3.connect(office.private / "private.db", isolation_level=None)) as connection:
                connection.execute("PRAGMA busy_timeout = 5000")
                connection.execute("CREATE TABLE left_hand (n INTEGER, filler TEXT)")
                connection.execute("CREATE TABLE right_hand (n INTEGER, filler TEXT)")
                while not stop.is_set():
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute("INSERT INTO left_hand VALUES (?, ?)", (written[0], "x" * 3000))
                    connection.execute("INSERT INTO right_hand VALUES (?, ?)", (written[0], "x" * 3000))
                    connection.execute("COMMIT")
                    written[0] += 1

        thread = threading.Thread(target=write)
        thread.start()
        try:
            while written[0] < 20:
                stop.wait(0.01)
            acknowledged = written[0]
            made = backups.backup(office, target)
        finally:
            stop.set()
            thread.join(30)
        assert not (target / "private/private.db-wal").exists()
        rows = made.rows["private"]
        assert acknowledged <= rows["left_hand"] == rows["right_hand"] <= written[0]
        assert rows_in(target / "private/private.db", "left_hand") == rows["left_hand"]
        assert backups.restore(elsewhere, target).manifest == made

    def test_has_what_stands_only_in_the_log_of_the_store(self, office: Settings, target: Path) -> None:
        """A plain copy of the main file lacks these rows and still looks sound."""
        with closing(sqlite3.connect(office.private / "private.db")) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM cases").fetchone()
            with transaction():
                db.session.add(Project(slug="new", name="New"))
            assert backups.backup(office, target).rows["private"]["projects"] == 1

    def test_has_the_file_of_every_row_though_more_come_in(
        self, office: Settings, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copy, case = copies.copy_store, cases.get_case(cases.find_cases()[0][0].number)

        def keep_one_more(source: sqlite3.Connection, file: Path) -> None:
            copy(source, file)
            with transaction():
                content = io.BytesIO(file.name.encode())
                evidence.keep_evidence(content, "x", case, folder=office.evidence, limit=100, by=ANN)

        monkeypatch.setattr(copies, "copy_store", keep_one_more)
        made = backups.backup(office, target)
        assert made.faults == () and made.rows["private"]["evidence"] == 2
        assert sum(it.startswith("private/evidence/") for it in made.files) == 2


class TestABackupOfWhatIsNotWhole:
    def test_is_made_and_says_what_is_missing_and_damaged(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        first, second = (hashlib.sha256(it).hexdigest() for it in LETTERS)
        Store(office.evidence).path(first).unlink()
        flip(Store(office.evidence).path(second))
        made = backups.backup(office, target)
        missing, damaged = sorted(made.faults, reverse=True)
        assert missing.startswith("missing: ") and first in missing
        assert damaged.startswith("damaged: ") and second in damaged
        assert (target / "private/evidence" / second[:2] / second[2:4] / second).exists()
        assert backups.restore(elsewhere, target).manifest.faults == made.faults


class TestATarget:
    def test_that_is_not_empty_is_refused_and_left_alone(self, office: Settings, target: Path) -> None:
        backups.backup(office, target)
        before = files_below(target)
        with pytest.raises(RuleBroken, match="not an empty folder"):
            backups.backup(office, target)
        assert files_below(target) == before

    @pytest.mark.parametrize("kind", ["file", "link", "dead link"])
    def test_that_is_something_else_is_refused(self, office: Settings, target: Path, kind: str) -> None:
        if kind == "file":
            target.write_bytes(b"x")
        else:
            target.symlink_to(target.parent if kind == "link" else "nowhere")
        with pytest.raises(RuleBroken, match="not an empty folder"):
            backups.backup(office, target)

    def test_in_no_folder_is_refused(self, office: Settings, target: Path) -> None:
        with pytest.raises(RuleBroken, match="There is no folder"):
            backups.backup(office, target / "deeper" / "still")

    def test_within_the_home_is_refused(self, office: Settings) -> None:
        with pytest.raises(RuleBroken, match="lost with it"):
            backups.backup(office, office.public / "files" / "backup")

    def test_is_not_there_when_something_failed_on_the_way(
        self, office: Settings, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(copies, "copy_file", full)
        with pytest.raises(OSError, match="No space"):
            backups.backup(office, target)
        assert list(target.parent.iterdir()) == []

    def test_is_not_there_when_the_disk_gives_back_something_else(
        self, office: Settings, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        copy = copies.copy_file

        def lie(source: io.BufferedReader, file: Path, mode: int) -> tuple[int, str]:
            facts = copy(source, file, mode)
            flip(file)
            return facts

        monkeypatch.setattr(copies, "copy_file", lie)
        with pytest.raises(BadFile, match="not what was backed up"):
            backups.backup(office, target)
        assert list(target.parent.iterdir()) == []


class TestAStoreOnPostgres:
    @pytest.mark.parametrize("name", ["private_url", "public_url"])
    def test_is_refused_by_a_sentence_that_says_how_it_is_done(
        self, office: Settings, target: Path, name: str
    ) -> None:
        settings = replace(office, **{name: "postgresql+psycopg://tracker@/tracker"})  # type: ignore[arg-type]
        with pytest.raises(RuleBroken, match="pg_dump"):
            backups.backup(settings, target)
        with pytest.raises(RuleBroken, match="pg_restore"):
            backups.restore(settings, target)
        assert list(target.parent.iterdir()) == []


class TestAStoreThatIsNotThere:
    def test_is_told(self, elsewhere: Settings, target: Path) -> None:
        with pytest.raises(StoreFault, match="private.db|public.db"):
            backups.backup(elsewhere, target)
        assert list(target.parent.iterdir()) == []

    def test_is_told_when_it_is_empty(self, office: Settings, target: Path) -> None:
        for it in office.private.glob("private.db*"):
            it.unlink()
        (office.private / "private.db").touch()
        with pytest.raises(RuleBroken, match="private store is empty"):
            backups.backup(office, target)


class TestAHomeThatWasRestored:
    def test_has_the_same_rows_and_files(self, office: Settings, target: Path, elsewhere: Settings) -> None:
        made = backups.backup(office, target)
        back = backups.restore(elsewhere, target)
        assert back.manifest == made
        for path in made.files:
            assert (elsewhere.home / path).read_bytes() == (target / path).read_bytes()
        for store, file in (("private", "private/private.db"), ("public", "public/public.db")):
            for table, count in made.rows[store].items():
                assert rows_in(elsewhere.home / file, table) == count

    def test_works(self, office: Settings, target: Path, elsewhere: Settings) -> None:
        backups.backup(office, target)
        backups.restore(elsewhere, target)
        app = create_app(elsewhere)
        with app.app_context():
            assert len(cases.get_case("C001").filings) == 2
            with transaction():
                case = cases.get_case("C001")
                evidence.keep_evidence(io.BytesIO(b"new"), "x", case, folder=elsewhere.evidence, limit=9, by=ANN)
            assert not any(upkeep.verify(elsewhere.evidence).problems())
            for store in (None, PUBLIC):
                db.engines[store].dispose()

    def test_is_private_where_it_was_private(self, office: Settings, target: Path, elsewhere: Settings) -> None:
        backups.backup(office, target, secrets=True)
        backups.restore(elsewhere, target)
        assert modes(elsewhere.private) == {("folder", "0o700"), ("file", "0o600"), ("file", "0o440")}
        assert modes(elsewhere.evidence) == {("folder", "0o700"), ("file", "0o440")}
        assert modes(elsewhere.public) == {("folder", "0o755"), ("file", "0o644")}
        assert config.session_key(elsewhere) == config.session_key(office)

    def test_has_a_key_of_its_own_when_the_backup_has_none(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        backups.backup(office, target)
        assert backups.restore(elsewhere, target).new_key is True
        assert config.session_key(elsewhere) != config.session_key(office)

    def test_may_be_an_empty_disk(self, office: Settings, target: Path, elsewhere: Settings) -> None:
        (elsewhere.home / "lost+found").mkdir(parents=True)
        backups.backup(office, target)
        backups.restore(elsewhere, target)
        assert {it.name for it in elsewhere.home.iterdir()} == {"lost+found", "private", "public"}

    def test_may_have_its_stores_elsewhere(self, office: Settings, target: Path, tmp_path: Path) -> None:
        backups.backup(office, target)
        settings = config.read(
            {
                "TRACKER_HOME": str(tmp_path / "b"),
                "TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/disk/main.db",
            }
        )
        backups.restore(settings, target)
        assert rows_in(tmp_path / "disk" / "main.db", "filings") == 2
        assert not (settings.private / "private.db").exists()
        assert backups.backup(settings, target.with_name("tuesday")).rows["private"]["filings"] == 2

    def test_is_never_one_that_holds_something_already(self, office: Settings, target: Path) -> None:
        backups.backup(office, target)
        before = files_below(office.evidence)
        with pytest.raises(RuleBroken, match="only restored"):
            backups.restore(office, target)
        assert files_below(office.evidence) == before

    def test_is_not_there_when_something_failed_on_the_way(
        self, office: Settings, target: Path, elsewhere: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        backups.backup(office, target)
        copy = copies.copy_file

        def lie(source: io.BufferedReader, file: Path, mode: int) -> tuple[int, str]:
            facts = copy(source, file, mode)
            flip(file)
            return facts

        monkeypatch.setattr(copies, "copy_file", lie)
        with pytest.raises(BadFile, match="not what was backed up"):
            backups.restore(elsewhere, target)
        assert list(elsewhere.home.iterdir()) == []


class TestABackupThatWasChanged:
    def test_by_one_bit_anywhere_is_refused_and_says_where(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        backups.backup(office, target, secrets=True)
        there = files_below(target)
        assert len(there) == 8
        for path in there:
            flip(target / path)
            name = "manifest.json" if path.startswith("manifest.") else path
            with pytest.raises(BadFile, match=f"^{name}: [^\n]*$"):
                backups.restore(elsewhere, target)
            flip(target / path)
        assert not elsewhere.home.exists()
        assert backups.restore(elsewhere, target).new_key is False

    def test_by_a_file_that_is_gone_or_a_link_is_refused(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        backups.backup(office, target)
        picture = target / "public/files/a/page.png"
        picture.rename(target / "moved")
        with pytest.raises(BadFile, match="page.png is missing"):
            backups.restore(elsewhere, target)
        picture.symlink_to(target / "moved")
        with pytest.raises(BadFile, match="page.png is a link"):
            backups.restore(elsewhere, target)

    def test_by_a_row_that_is_gone_is_refused_also_with_a_hash_to_match(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        backups.backup(office, target)
        store = target / "public/public.db"
        with closing(sqlite3.connect(store)) as connection, connection:
            connection.execute("DELETE FROM published_authorities WHERE slug = 'at-dsb'")
        told = copies.read_manifest(target)
        content = store.read_bytes()
        files = {**told.files, "public/public.db": (len(content), hashlib.sha256(content).hexdigest())}
        copies.write_manifest(target, replace(told, files=files))
        with pytest.raises(BadFile, match="table published_authorities has 64 rows, not 65"):
            backups.restore(elsewhere, target)

    @pytest.mark.parametrize(
        "place", ["../x", "/etc/x", "private/secrets/../../x", "private/evidence/x", "public/files/", "x"]
    )
    def test_to_write_somewhere_else_is_refused(self, target: Path, elsewhere: Settings, place: str) -> None:
        target.mkdir()
        rows = {"private": {"cases": 1}, "public": {"cases": 1}}
        told = copies.Manifest("2024-06-06", "0", False, rows, {place: (1, "0" * 64)}, ())
        copies.write_manifest(target, told)
        with pytest.raises(BadFile, match="no place of a backup"):
            backups.restore(elsewhere, target)

    @pytest.mark.parametrize(
        "content", ["", "[]", "{}", '{"format": 2}', '{"format": 1}', "[" * 100_000, '{"format": 1, "files": []}']
    )
    def test_to_hold_no_manifest_of_ours_is_refused(
        self, target: Path, elsewhere: Settings, content: str
    ) -> None:
        target.mkdir()
        (target / "manifest.json").write_text(content)
        name = hashlib.sha256(content.encode()).hexdigest()
        (target / "manifest.sha256").write_text(f"{name}  manifest.json\n")
        with pytest.raises(BadFile, match="^manifest.json: "):
            backups.restore(elsewhere, target)

    def test_to_hold_nothing_is_refused(self, target: Path, elsewhere: Settings) -> None:
        with pytest.raises(BadFile, match="not a backup"):
            backups.restore(elsewhere, target)


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
        assert status == 1 and err.startswith("missing: ") and "1 file of evidence" in out

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
