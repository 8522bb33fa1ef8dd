"""Names of files are data: kept whole, shown on one line, sent so that no browser or disk is misled."""

import hashlib
import io
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.utils import send_file

from tests.builders import ANN, a_case
from tracker.config import Settings
from tracker.db import transaction
from tracker.services import evidence
from tracker.services.evidence import display_name, download_name

LETTER = b"%PDF-1.7 We are looking into the matter."
NAME = hashlib.sha256(LETTER).hexdigest()

NAMES = [
    "../../x",
    "..\\..\\x",
    "/etc/passwd",
    "C:\\x",
    "file:///x",
    "x" * 1000,
    "ü" * 500 + ".pdf",
    "",
    "..",
    ". . .",
    "a\u202efdp.exe",
    "a\u200bb.pdf",
    "a\r\nSet-Cookie: b=c",
    "a.pdf.exe",
    "a. ",
    "NUL",
    "com1.txt",
    "x::$DATA",
    'a"; filename="b.html',
    "<img src=x onerror=alert(1)>.png",
    "\uff0e\uff0e\uff0fx",
    "%2e%2e%2fx",
    "\u2024\u2024\uff3cx",
    "e\u0301.pdf",
    "\u00e9.pdf",
    "\U0001f600.pdf",
]


def kept_as(names: list[str], folder: Path) -> list[str]:
    """Keep one content under all the names and return what is recorded as their names."""
    with transaction():
        case = a_case()
        files = [(io.BytesIO(LETTER), it) for it in names]
        evidence.keep_all(files, case, folder=folder, limit=1000, by=ANN)
    return [it.original_name for it in evidence.exhibits(case.id)]


class TestAName:
    def test_is_kept_whole_as_it_came_and_decides_nothing_on_the_disk(
        self, app: Flask, settings: Settings
    ) -> None:
        assert kept_as(NAMES, settings.evidence) == NAMES
        written = (it for it in settings.home.parent.rglob("*") if it.is_file())
        assert [it.name for it in written if it.read_bytes() == LETTER] == [NAME]

    def test_that_no_database_can_hold_is_written_out(self, app: Flask, settings: Settings) -> None:
        assert kept_as(["a\0b", "a\udcffb"], settings.evidence) == ["a\\u0000b", "a\\udcffb"]

    @pytest.mark.parametrize("name", [*NAMES, "a\0b", "a\ud800b", "a\udcffb"])
    def test_can_be_shown_on_one_short_line(self, name: str) -> None:
        shown = display_name(name)
        assert shown.isprintable() and 0 < len(shown) <= 100

    def test_that_is_long_keeps_its_ending_on_the_page(self) -> None:
        assert display_name("x" * 300 + ".pdf.exe").endswith("x.pdf.exe")

    @pytest.mark.parametrize("name", [*NAMES, "a\0b", "a\ud800b", "a\udcffb"])
    def test_can_be_sent_in_a_header_and_written_on_any_disk(self, name: str) -> None:
        sent = download_name(name)
        assert sent.isprintable() and 0 < len(sent.encode()) <= 150
        assert not set(sent) & set('/\\:*?"<>|;%') and sent == sent.strip(" .")
        assert sent.upper().split(".")[0] not in {"NUL", "CON", "COM1"}
        environ = {"REQUEST_METHOD": "GET"}
        answer = send_file(io.BytesIO(b"x"), environ, mimetype="x/y", as_attachment=True, download_name=sent)
        header = answer.headers["Content-Disposition"]
        answer.close()
        assert header.startswith("attachment; filename") and header.isascii() and header.isprintable()
        plain = header.partition("filename=")[2].partition(";")[0]
        assert not set(plain) & set("/\\:<>")

    @pytest.mark.parametrize(
        ("name", "sent"),
        [
            ("Bescheid über 2024.pdf", "Bescheid über 2024.pdf"),
            ("../../x", "_.._x"),
            ("a.pdf.exe", "a.pdf.exe"),
            ("NUL", "_NUL"),
            ("", "file"),
            (".bashrc", "bashrc"),
            ("ü" * 500 + ".pdf", "ü" * 72 + ".pdf"),
        ],
    )
    def test_stays_readable_when_it_is_sent(self, name: str, sent: str) -> None:
        assert download_name(name) == sent
