"""The way back: into an empty home only, and only from a backup in which every count and hash is right."""

import hashlib
import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.builders import ANN
from tests.services.backups import files_below, flip, modes, rows_in
from tracker import config
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.errors import BadFile, RuleBroken
from tracker.services import backups, cases, evidence, upkeep
from tracker.storage import copies
from tracker.storage.files import Store


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
                new = io.BytesIO(b"new")
                evidence.keep_evidence(new, "x", case, folder=elsewhere.evidence, limit=9, by=ANN)
            assert not any(upkeep.verify(elsewhere.evidence).problems())
            for store in (None, PUBLIC):
                db.engines[store].dispose()

    def test_is_private_where_it_was_private(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
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
        with pytest.raises(BadFile, match="page.png: is missing"):
            backups.restore(elsewhere, target)
        picture.symlink_to(target / "moved")
        with pytest.raises(BadFile, match="page.png: is a link"):
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
        "content",
        ["", "[]", "{}", '{"format": 2}', '{"format": 1}', "[" * 100_000, '{"format": 1, "files": []}'],
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


class TestABackupThatIsNotWhole:
    def test_has_a_file_that_the_manifest_does_not_know(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        backups.backup(office, target)
        (target / "private/evidence/notes.txt").write_bytes(b"somebody put this here")
        with pytest.raises(BadFile) as refused:
            backups.restore(elsewhere, target)
        assert refused.value.faults == ("private/evidence/notes.txt: not in the manifest",)
        assert not elsewhere.home.exists()

    def test_lacks_a_file_that_a_row_names_also_where_the_manifest_was_written_anew(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        made = backups.backup(office, target)
        lost = next(it for it in made.files if it.startswith("private/evidence/"))
        (target / lost).unlink()
        rest = {path: facts for path, facts in made.files.items() if path != lost}
        copies.write_manifest(target, replace(made, files=rest))
        with pytest.raises(BadFile) as refused:
            backups.restore(elsewhere, target)
        words = "a row of private/private.db names it, and the manifest does not"
        assert refused.value.faults == (f"{lost}: {words}",)

    def test_is_restored_where_it_says_itself_what_was_missing_when_it_was_made(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        name = next(iter(Store(office.evidence).names()))
        Store(office.evidence).path(name).unlink()
        made = backups.backup(office, target)
        assert len(made.faults) == 1
        assert backups.restore(elsewhere, target).manifest == made

    def test_is_told_of_with_each_path_once(
        self, office: Settings, target: Path, elsewhere: Settings
    ) -> None:
        made = backups.backup(office, target)
        lost = next(it for it in made.files if it.startswith("private/evidence/"))
        (target / lost).unlink()
        with pytest.raises(BadFile) as refused:
            backups.restore(elsewhere, target)
        assert refused.value.faults == (f"{lost}: is missing.",)


class TestAHomeWithinTheBackup:
    def test_is_refused_before_anything_is_written(self, office: Settings, target: Path) -> None:
        backups.backup(office, target)
        before = files_below(target)
        within = config.read({"TRACKER_HOME": str(target / "private" / "home")})
        with pytest.raises(RuleBroken, match="lies within the backup"):
            backups.restore(within, target)
        assert files_below(target) == before
        assert not within.home.exists()
