"""A backup: whole, made while the office works, never half there."""

import hashlib
import io
import json
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import ANN
from tests.services.backups import LETTERS, files_below, flip, modes, rows_in
from tracker.config import Settings
from tracker.db import db, transaction
from tracker.errors import BadFile, RuleBroken, StoreFault
from tracker.models import Project
from tracker.services import backups, cases, cases_list, evidence
from tracker.storage import copies
from tracker.storage.files import Store


class TestABackup:
    def test_holds_both_stores_the_evidence_and_a_manifest_and_no_secret(
        self, office: Settings, target: Path
    ) -> None:
        made = backups.backup(office, target)
        there = files_below(target)
        exhibits = {f"private/evidence/{it[:2]}/{it[2:4]}/{it}" for it in Store(office.evidence).names()}
        assert len(exhibits) == 2
        assert set(there) == exhibits | {
            "manifest.json",
            "manifest.sha256",
            "private/private.db",
            "public/public.db",
            "public/files/a/page.png",
        }
        key = office.key_file.read_bytes()
        assert not any(key in (target / it).read_bytes() for it in there)
        assert made.secrets is False and made.faults == ()

    def test_is_described_by_a_manifest_that_sha256sum_can_check(
        self, office: Settings, target: Path
    ) -> None:
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
        check = ["sha256sum", "--check", "--strict", "manifest.sha256"]
        assert subprocess.run(check, cwd=target, check=False).returncode == 0

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
        """Each act of the writer adds a row to two tables: a torn copy has unequal numbers."""
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

    def test_knows_in_private_of_everything_that_is_public_in_it(
        self, office: Settings, target: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Somebody publishes between the two moments: first in the private store, then in the public one."""

        def act(path: Path) -> None:
            with closing(sqlite3.connect(path, isolation_level=None, timeout=0.1)) as connection:
                connection.execute("INSERT INTO acts VALUES (1)")

        private, public = office.private / "private.db", office.public / "public.db"
        for it in (private, public):
            with closing(sqlite3.connect(it, isolation_level=None)) as connection:
                connection.execute("CREATE TABLE acts (n INTEGER)")
        taken, snapshot = list[Path](), copies.snapshot

        @contextmanager
        def and_then(path: Path) -> Iterator[sqlite3.Connection]:
            with snapshot(path) as seen:
                taken.append(path)
                if len(taken) == 1:
                    act(private)
                    with suppress(sqlite3.OperationalError):  # the backup may hold up the public store
                        act(public)
                yield seen

        monkeypatch.setattr(copies, "snapshot", and_then)
        rows = backups.backup(office, target).rows
        assert len(taken) == 2 and rows["public"]["acts"] <= rows["private"]["acts"] == 1

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
        copy, case = copies.copy_store, cases.get_case(cases_list.find_cases()[0][0].number)

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
