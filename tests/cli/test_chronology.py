"""`tracker chronology`: the same document at the terminal, and a line in the journal for each file."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import FACTS, Run


@pytest.fixture(autouse=True)
def taken_in(run: Run) -> None:
    """The seven real cases."""
    assert run("import", str(FACTS))[0] == 0


def made(home: Path) -> list[dict[str, Any]]:
    """Return what the journal says of chronologies, oldest first."""
    query = "SELECT detail FROM journal WHERE act = 'chronology.make' ORDER BY id"
    with closing(sqlite3.connect(home / "private" / "private.db")) as store:
        return [json.loads(detail) for (detail,) in store.execute(query)]


class TestTheChronologyOfARealFiling:
    def test_is_a_pdf_whose_hash_is_printed_and_kept(self, run: Run, home: Path, tmp_path: Path) -> None:
        target = tmp_path / "c.pdf"
        status, out, err = run("chronology", "C081-07", "-o", str(target))
        content = target.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        assert (status, out, err) == (0, f"{target}\t{sha256}\n", "")
        assert content.startswith(b"%PDF-")
        assert [it["sha256"] for it in made(home)] == [sha256]

    def test_is_the_same_file_for_the_same_day(self, run: Run, tmp_path: Path) -> None:
        for name in ("a.pdf", "b.pdf"):
            assert run("chronology", "c081-07", "-o", str(tmp_path / name), "--as-of", "2026-11-20")[0] == 0
        assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()

    def test_is_a_page_for_editing_in_another_language_where_that_is_asked(
        self, run: Run, home: Path, tmp_path: Path
    ) -> None:
        target = tmp_path / "c.html"
        assert run("chronology", "C081-07", "--html", "-o", str(target), "--language", "fr")[0] == 0
        assert "Chronologie de la réclamation C081-07" in target.read_text(encoding="utf-8")
        assert made(home)[0]["form"] == "html"

    def test_is_called_after_filing_and_day(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert run("chronology", "C081-07", "--as-of", "2026-11-20")[0] == 0
        assert (tmp_path / "C081-07-chronology-2026-11-20.pdf").exists()

    def test_proves_that_the_dutch_authority_was_silent(self, run: Run, tmp_path: Path) -> None:
        target = tmp_path / "c.html"
        run("chronology", "C081-07", "--html", "-o", str(target), "--as-of", "2026-11-25")
        text = target.read_text(encoding="utf-8")
        told = "2 September 2024, AP · Netherlands (entry 8); since then 2 years and 2 months (814 days)"
        assert told in text
        assert "none recorded, 2 years and 5 months after the complaint was lodged" in text
        assert "Postbus 93374" in text and "Grand Canal" not in text.split("Postbus")[1]


class TestAnotherLanguage:
    @pytest.mark.parametrize("language", ["de", "fr"])
    def test_has_nothing_english_that_the_program_says_itself(
        self, run: Run, tmp_path: Path, language: str
    ) -> None:
        for number in ("C081-07", "C084-01", "C085-01", "C087-01"):
            target = tmp_path / f"{number}.html"
            day = ("--as-of", "2026-11-25")
            run("chronology", number, "--html", "-o", str(target), *day, "--language", language)
            text = target.read_text(encoding="utf-8")
            assert f'<html lang="{language}">' in text and 'lang="en"' not in text
            for english in ("Art 7", "(entry", "GDPR)", " leads", "is not counted", " days", "Source note"):
                assert english not in text, (number, english)

    def test_does_not_tell_the_days_twice(self, run: Run, tmp_path: Path) -> None:
        target = tmp_path / "c.html"
        run("chronology", "C081-07", "--html", "-o", str(target), "--as-of", "2024-09-26", "--language", "de")
        assert "seither 24 Tage<" in target.read_text(encoding="utf-8")


class TestWhatCannotBeWritten:
    def test_is_a_file_that_is_there_already(self, run: Run, home: Path, tmp_path: Path) -> None:
        target = tmp_path / "c.pdf"
        target.write_text("mine")
        status, _, err = run("chronology", "C081-07", "-o", str(target))
        assert status == 1 and "File exists" in err
        assert target.read_text() == "mine" and made(home) == []

    def test_is_a_filing_that_does_not_exist(self, run: Run) -> None:
        status, _, err = run("chronology", "C081-99")
        assert status == 1 and "There is no filing C081-99." in err

    def test_is_a_day_before_the_lodging(self, run: Run) -> None:
        status, _, err = run("chronology", "C081-07", "--as-of", "2024-06-05")
        assert status == 1 and "was lodged on 6 June 2024, so nothing can be told as of 5 June 2024" in err

    def test_is_a_day_that_has_not_come(self, run: Run) -> None:
        status, _, err = run("chronology", "C081-07", "--as-of", "2099-01-01")
        assert status == 1 and "has not come yet" in err
