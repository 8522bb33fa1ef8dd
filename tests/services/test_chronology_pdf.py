"""The PDF of a chronology: A4, tagged, searchable, the same bytes twice, whatever words it holds."""

import io
import os
import subprocess
import sys
import textwrap
from datetime import date
from typing import Any

import pypdf
import pytest
from flask import Flask

from tests.builders import ANN
from tests.services.recording import news, of, record, three_filings
from tracker.db import transaction
from tracker.models import Filing
from tracker.rules.days import Day
from tracker.services import chronology, chronology_pdf, filings, updates
from tracker.services.chronology import Choice
from tracker.services.chronology_pdf import NoPdf, pdf_of
from tracker.web.chronology_document import document

DAY = date(2026, 11, 25)
HOSTILE = (
    "<script>alert(1)</script><img src=http://127.0.0.1:9/x onerror=alert(1)> & "
    "</td></table><h1>Not a heading</h1>"
)
#: In points, as PDF counts.
A4 = (595, 842)


@pytest.fixture(autouse=True)
def case(app: Flask) -> None:
    """C002 at three authorities."""
    three_filings()


def page(**choice: Any) -> str:
    """Return the chronology of the first filing as a page."""
    filing = filings.get_filing("C002-01")
    return document(chronology.chronology_of(filing, as_of=DAY, choice=Choice(**choice)))


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """Return what a search in the document finds, in single spaces."""
    return " ".join(" ".join(it.extract_text() for it in read(content).pages).split())


class TestThePdf:
    def test_is_tagged_named_and_in_a_language(self) -> None:
        root = read(pdf_of(page(language="de"))).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"]
        assert root["/Lang"] == "de"
        found = read(pdf_of(page())).metadata
        assert found and found.title == (
            "Chronology of the complaint C002-01: noyb against Example Platforms Ireland Limited"
        )
        assert found.author == "noyb"

    def test_says_that_it_keeps_to_pdf_ua(self) -> None:
        described = read(pdf_of(page())).trailer["/Root"]["/Metadata"].get_data().decode()
        assert 'pdfuaid:part="1"' in described

    def test_has_headings_and_tables_with_heads_in_its_structure(self) -> None:
        kinds: set[str] = set()

        def walk(node: Any) -> None:
            node = node.get_object() if hasattr(node, "get_object") else node
            if isinstance(node, list):
                for it in node:
                    walk(it)
            elif isinstance(node, dict):
                kinds.add(str(node.get("/S", "")))
                walk(node.get("/K", []))

        walk(read(pdf_of(page())).trailer["/Root"]["/StructTreeRoot"]["/K"])
        assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= kinds

    def test_is_on_a4_with_numbered_pages_and_the_number_of_the_filing_on_each(self) -> None:
        for _ in range(30):
            record(news("statement", words="A long statement of the authority. " * 12))
        pages = read(pdf_of(page())).pages
        assert len(pages) > 3
        for number, it in enumerate(pages, start=1):
            assert (round(it.mediabox.width), round(it.mediabox.height)) == A4
            text = it.extract_text()
            assert f"{number} / {len(pages)}" in text
            assert "Chronology of the complaint C002-01 · As of 25 November 2026" in text

    def test_can_be_searched_for_each_step_in_order(self) -> None:
        record(news("acknowledged", "2024-06-20", words="First the receipt came."))
        record(news("forwarded", "2024-09-02", words="Then it was passed on."))
        text = text_of(pdf_of(page()))
        places = [
            text.index(it) for it in ("Complaint lodged with", "First the receipt", "Then it was passed")
        ]
        assert places == sorted(places)

    def test_holds_every_font_that_it_uses(self) -> None:
        record(news("statement", words="Ελληνική Αρχή; Комисия; Przykład Źdźbło"))
        content = pdf_of(page())
        fonts = [
            font.get_object() for it in read(content).pages for font in it["/Resources"]["/Font"].values()
        ]
        assert fonts
        for font in fonts:
            (descendant,) = font["/DescendantFonts"]
            described = descendant.get_object()["/FontDescriptor"]
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)

    def test_writes_greek_cyrillic_and_polish_names(self) -> None:
        names = "Αρχή Προστασίας Δεδομένων; Комисия за защита; Żółć i Źdźbło; Þingvellir; Ħal Ġdid"
        record(news("statement", words=names))
        assert names in text_of(pdf_of(page()))

    def test_is_in_the_language_that_was_chosen_for_its_headings(self) -> None:
        text = text_of(pdf_of(page(language="fr")))
        assert "Chronologie de la réclamation C002-01" in text and "État au 25 novembre 2026" in text


class TestTheSameData:
    def test_give_the_same_bytes(self) -> None:
        record(news("acknowledged", words="Ελληνικά и кириллица"))
        assert pdf_of(page()) == pdf_of(page())

    def test_give_the_same_bytes_in_another_process_at_another_time(self) -> None:
        html = page()
        program = textwrap.dedent(
            """
            import sys, time_machine
            from tracker.services.chronology_pdf import pdf_of
            with time_machine.travel("2031-01-01 12:00:00"):
                sys.stdout.buffer.write(pdf_of(sys.stdin.read()))
            """
        )
        done = subprocess.run(  # noqa: S603 - this very program
            [sys.executable, "-c", program],
            input=html.encode(),
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland"},
        )
        assert done.stdout == pdf_of(html)

    def test_give_other_bytes_once_something_is_recorded(self) -> None:
        before = pdf_of(page())
        record(news("acknowledged"))
        assert pdf_of(page()) != before


class TestHostileWords:
    def test_are_printed_as_they_stand(self) -> None:
        record(news("statement", words=HOSTILE))
        html = page(introduction=HOSTILE)
        assert "<script" not in html and "<img" not in html
        text = text_of(pdf_of(html)).replace(" ", "")
        assert text.count(HOSTILE.replace(" ", "")) == 2

    def test_that_are_very_long_are_broken_within_their_column(self) -> None:
        record(news("statement", words="x" * 2000))
        content = pdf_of(page())
        lines = [line for it in read(content).pages for line in it.extract_text().splitlines()]
        runs = [len(line) for line in lines if set(line.strip()) == {"x"}]
        assert sum(runs) == 2000 and max(runs) < 90

    def test_that_fill_more_than_a_page_are_all_there(self) -> None:
        record(news("statement", words="\n\n".join(f"Paragraph {it} of many." for it in range(300))))
        text = text_of(pdf_of(page()))
        assert all(f"Paragraph {it} of many." in text for it in range(300))

    def test_that_run_from_right_to_left_can_be_found(self) -> None:
        record(news("statement", words="שלום עולם and مرحبا"))
        assert "and" in text_of(pdf_of(page()))

    def test_cannot_make_a_link_that_runs_something(self) -> None:
        record(news("statement", source="https://example.org/a"))
        record(news("statement", words="Second."))
        with transaction():
            update = updates.get_update(filings.get_filing("C002-01").case_id, 3)
            update.source = "javascript:alert(1)"
        html = page()
        assert 'href="https://example.org/a"' in html and 'href="javascript' not in html
        assert b"javascript" not in pdf_of(html)


class TestTwoHundredEntries:
    def test_are_all_told_in_order(self) -> None:
        with transaction():
            here: list[Filing] = of("C002-01")
            for number in range(200):
                day = Day.parse(f"2025-{1 + number // 20:02}-{1 + number % 20:02}")
                new = updates.NewUpdate(
                    "statement", day, "at-dsb", f"Statement {number:03} of the authority."
                )
                updates.record_update(here, new, seen={}, by=ANN)
        text = text_of(pdf_of(page()))
        places = [text.index(f"Statement {number:03} of") for number in range(200)]
        assert places == sorted(places)


class TestTheRenderer:
    def test_fetches_nothing(self) -> None:
        from weasyprint.urls import FatalURLFetchingError

        for address in ("http://127.0.0.1:9/x.png", "file:///etc/hostname", "data:image/gif;base64,AAAA"):
            with pytest.raises(FatalURLFetchingError):
                pdf_of(f'<html lang="en"><title>t</title><img alt="" src="{address}"></html>')

    def test_says_which_extra_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "weasyprint", None)
        with pytest.raises(NoPdf, match=r"pip install 'gdpr-tracker\[pdf\]'"):
            pdf_of("<html></html>")

    def test_says_which_packages_are_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def without_pango() -> None:
            raise OSError("cannot load library 'libpango-1.0-0'")

        monkeypatch.setattr(chronology_pdf, "_imported", without_pango)
        assert chronology_pdf.missing() == (
            "PDFs need Pango and fonts. On Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
            "libharfbuzz-subset0 fonts-noto-core."
        )
