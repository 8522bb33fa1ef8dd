"""A home worth a backup, and places for it to go."""

import io
from pathlib import Path

import pytest
from flask import Flask

from tests.builders import ANN, a_case, lodged
from tests.services.backups import LETTERS
from tracker import config
from tracker.config import Settings
from tracker.db import transaction
from tracker.services import evidence


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
