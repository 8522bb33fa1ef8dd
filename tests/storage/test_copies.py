"""Copies of stores: what is wrong with one is found, also where every row is there."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tracker.storage import copies


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A store with two rows in one table."""
    file = tmp_path / "copy.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE filings (number TEXT)")
        connection.execute("INSERT INTO filings VALUES ('C001-01'), (NULL)")
    return file


class TestACopy:
    def test_is_sound_with_the_rows_that_it_should_have(self, copy: Path) -> None:
        assert copies.faults_of(copy, {"filings": 2}) == []

    def test_with_another_number_of_rows_is_not(self, copy: Path) -> None:
        assert copies.faults_of(copy, {"filings": 3}) == ["table filings has 2 rows, not 3"]

    def test_whose_structure_is_broken_is_not_either(self, copy: Path) -> None:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE filings (number TEXT NOT NULL)'")
        assert copies.faults_of(copy, {"filings": 2}) == ["NULL value in filings.number"]
