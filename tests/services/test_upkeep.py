"""Upkeep: what is missing, damaged or left over is named, and nothing else is."""

import io
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from tests.builders import ANN, a_case
from tracker import clock
from tracker.cli.upkeep import verify_command
from tracker.config import Settings
from tracker.db import db, transaction
from tracker.models import Evidence, StoredFile
from tracker.services import cases, cases_list, evidence, upkeep
from tracker.storage.files import Store

FILES = (b"first letter", b"second letter", b"third letter")


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store(settings.evidence)


@pytest.fixture
def kept(app: Flask, store: Store) -> list[str]:
    """Three exhibits and a fourth with the content of the first; the hashes of the three."""
    with transaction():
        case = a_case()
        files = [(io.BytesIO(it), "letter.txt") for it in (*FILES, FILES[0])]
        made = evidence.keep_all(files, case, folder=store.folder, limit=1000, by=ANN)
        return [it.sha256 for it in made[:3]]


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.chmod(0o600)
    path.write_bytes(content)


def told(report: upkeep.Report) -> list[tuple[str, str]]:
    return [(kind, it.name) for kind, it in report.problems()]


class TestAStoreInOrder:
    def test_has_nothing_to_tell(self, kept: list[str], store: Store) -> None:
        report = upkeep.verify(store.folder)
        assert told(report) == [] and report.checked == 3

    def test_has_nothing_to_tell_before_its_first_file(self, app: Flask, store: Store) -> None:
        store.folder.rmdir()
        assert upkeep.verify(store.folder) == upkeep.Report((), (), (), 0)

    def test_is_not_changed_by_looking(self, kept: list[str], store: Store) -> None:
        write(store.folder / "stranger", b"x")
        before = sorted((str(it), it.stat().st_mtime_ns) for it in store.folder.rglob("*"))
        upkeep.verify(store.folder)
        assert before == sorted((str(it), it.stat().st_mtime_ns) for it in store.folder.rglob("*"))


class TestAFault:
    def test_of_one_flipped_bit_is_damage_and_names_every_exhibit(
        self, kept: list[str], store: Store
    ) -> None:
        write(store.path(kept[0]), b"First letter")
        report = upkeep.verify(store.folder)
        assert told(report) == [("damaged", kept[0])] and report.checked == 3
        number = cases_list.find_cases()[0][0].number
        assert report.damaged[0].exhibits == (f"{number} Ex. 1", f"{number} Ex. 4")

    def test_of_a_file_that_is_gone_is_a_missing_file(self, kept: list[str], store: Store) -> None:
        store.path(kept[1]).unlink()
        report = upkeep.verify(store.folder)
        assert told(report) == [("missing", kept[1])] and report.checked == 2
        assert [it[-5:] for it in report.missing[0].exhibits] == ["Ex. 2"]

    def test_of_a_strange_file_is_a_leftover(self, kept: list[str], store: Store) -> None:
        stranger = store.keep(io.BytesIO(b"nobody knows me"), limit=100).sha256
        write(store.folder / "notes.txt", b"x")
        assert told(upkeep.verify(store.folder)) == [("leftover", stranger), ("leftover", "notes.txt")]

    def test_of_a_link_in_the_place_of_a_file_is_damage_told_once(
        self, kept: list[str], store: Store, tmp_path: Path
    ) -> None:
        write(tmp_path / "elsewhere", FILES[2])
        store.path(kept[2]).unlink()
        store.path(kept[2]).symlink_to(tmp_path / "elsewhere")
        assert told(upkeep.verify(store.folder)) == [("damaged", kept[2])]

    def test_of_a_link_elsewhere_is_a_leftover(self, kept: list[str], store: Store, tmp_path: Path) -> None:
        (store.folder / "aa").symlink_to(tmp_path)
        assert ("leftover", "aa") in told(upkeep.verify(store.folder))

    def test_of_a_record_with_another_length_is_damage(self, kept: list[str], store: Store) -> None:
        name = store.keep(io.BytesIO(b"twelve bytes"), limit=100).sha256
        with transaction():
            db.session.add(StoredFile(sha256=name, bytes=11, media_type="text/plain", stored_at=clock.now()))
        report = upkeep.verify(store.folder)
        assert told(report) == [("damaged", name)]
        assert report.damaged[0].reason == "it has 12 bytes, the record says 11"

    def test_of_several_kinds_is_told_with_the_worst_first(self, kept: list[str], store: Store) -> None:
        write(store.folder / "stranger", b"x")
        write(store.path(kept[0]), b"damaged")
        store.path(kept[1]).unlink()
        assert [kind for kind, _ in told(upkeep.verify(store.folder))] == ["missing", "damaged", "leftover"]


class TestACrash:
    def test_between_file_and_record_leaves_a_file_that_is_named_and_nothing_else(
        self, kept: list[str], store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def crash(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        case = cases.get_case(cases_list.find_cases()[0][0].number)
        monkeypatch.setattr(evidence.journal, "note", crash)
        with pytest.raises(KeyboardInterrupt), transaction():
            evidence.keep_evidence(
                io.BytesIO(b"in between"), "x", case, folder=store.folder, limit=100, by=ANN
            )
        monkeypatch.undo()
        report = upkeep.verify(store.folder)
        (spare,) = set(store.names()) - set(kept)
        assert told(report) == [("leftover", spare)]
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Evidence)) == 4
        # Keeping it again takes the file over.
        with transaction():
            again = evidence.keep_evidence(
                io.BytesIO(b"in between"), "x", case, folder=store.folder, limit=100, by=ANN
            )
            assert (again.sha256, again.exhibit) == (spare, 5)
        assert told(upkeep.verify(store.folder)) == []

    def test_while_bytes_come_in_leaves_a_temporary_file_that_is_named_after_an_hour(
        self, kept: list[str], store: Store
    ) -> None:
        part = store.receive(io.BytesIO(b"half"), limit=100).part
        path = store.folder / "tmp" / part
        assert told(upkeep.verify(store.folder)) == [] and upkeep.tidy(store.folder) == 0
        old = (clock.now() - timedelta(minutes=61)).timestamp()
        os.utime(path, (old, old))
        assert told(upkeep.verify(store.folder)) == [("leftover", f"tmp/{part}")]
        assert upkeep.tidy(store.folder) == 1
        assert told(upkeep.verify(store.folder)) == []


class TestAnUploadWhileEverythingIsHashed:
    def test_is_no_leftover(self, kept: list[str], store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        """The file has its name before the look at the store, the record comes during the hashing."""
        name = store.keep(io.BytesIO(b"just now"), limit=100).sha256
        measure = upkeep.measure

        def record(stream: io.BytesIO) -> tuple[int, str]:
            if db.session.get(StoredFile, name) is None:
                with transaction():
                    row = StoredFile(sha256=name, bytes=8, media_type="text/plain", stored_at=clock.now())
                    db.session.add(row)
            return measure(stream)

        monkeypatch.setattr(upkeep, "measure", record)
        assert told(upkeep.verify(store.folder)) == []


class TestTheCommand:
    @pytest.fixture
    def run(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[..., tuple[int, list[str]]]:
        def verify(*arguments: str) -> tuple[int, list[str]]:
            monkeypatch.setenv("TRACKER_HOME", str(settings.home))
            result = CliRunner().invoke(verify_command, arguments)
            return result.exit_code, result.output.splitlines()

        return verify

    def test_says_in_its_last_line_what_was_looked_at(
        self, kept: list[str], run: Callable[..., tuple[int, list[str]]]
    ) -> None:
        assert run() == (0, ["3 files hashed: 0 missing, 0 damaged, 0 left over"])

    def test_writes_a_line_for_each_problem_and_ends_with_one(
        self, kept: list[str], store: Store, run: Callable[..., tuple[int, list[str]]]
    ) -> None:
        store.path(kept[0]).unlink()
        write(store.folder / "a\nb", b"x")
        status, lines = run()
        number = cases_list.find_cases()[0][0].number
        assert status == 1
        assert lines == [
            f"missing\t{kept[0]}\tthere is no such file\t{number} Ex. 1, {number} Ex. 4",
            "leftover\ta\\u000ab\tnot put here by the store",
            "2 files hashed: 1 missing, 0 damaged, 1 left over",
        ]

    def test_removes_old_temporary_files_when_it_is_asked_to(
        self, kept: list[str], store: Store, run: Callable[..., tuple[int, list[str]]]
    ) -> None:
        part = store.folder / "tmp" / store.receive(io.BytesIO(b"half"), limit=100).part
        os.utime(part, (0, 0))
        assert run()[0] == 1 and part.exists()
        assert run("--tidy")[1][0] == "1 temporary file removed"
        assert not part.exists() and run()[0] == 0
