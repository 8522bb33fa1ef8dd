"""Refusals as pages: what is wrong, what to do, and a way on."""

import dataclasses
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask

from tests.reader import Reader
from tracker.errors import Stale, Withdrawn
from tracker.services import cases_list, evidence
from tracker.web import guard

Desk = Callable[[str], Reader]
EVIDENCE = "/desk/cases/C001/evidence/new"


class TestAnErrorPageOfTheDesk:
    @pytest.mark.parametrize(
        ("fault", "status", "again"),
        [
            (Stale("Somebody saved."), 409, True),
            (Withdrawn("Gone."), 410, False),
            (ValueError("broken"), 500, True),
        ],
    )
    def test_leads_on(self, app: Flask, desk: Desk, monkeypatch, fault, status: int, again: bool) -> None:
        def fails(*args: object, **values: object) -> None:
            raise fault

        reader = desk("advocate")
        monkeypatch.setattr(cases_list, "find_cases", fails)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", None)
        page = reader.get("/desk/cases?country=FR", status).text
        main = page[page.index("<main") :]
        assert 'href="/desk/"' in main
        assert ('href="/desk/cases?country=FR"' in main) == again

    def test_of_what_is_not_there_leads_to_the_first_page_and_not_back(self, desk: Desk) -> None:
        page = desk("advocate").get("/desk/no-such-page", 404).text
        main = page[page.index("<main") :]
        assert 'href="/desk/"' in main and "no-such-page" not in main


class TestFilesOfOneForm:
    @pytest.fixture(autouse=True)
    def small(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take files of two million bytes at most."""
        settings = dataclasses.replace(app.config["TRACKER"], max_upload=2_000_000)
        monkeypatch.setitem(app.config, "TRACKER", settings)

    def test_may_be_many_small_ones(self, case, desk: Desk) -> None:
        files = [(BytesIO(b"%d" % it + b"x" * 100_000), f"{it}.txt") for it in range(40)]
        desk("advocate").post(EVIDENCE, {"files": files})
        assert len(evidence.exhibits(case.id)) == 40

    def test_are_refused_one_by_one_where_one_is_too_large(self, case, desk: Desk) -> None:
        files = [(BytesIO(b"x" * 2_000_001), "large.pdf"), (BytesIO(b"good"), "small.txt")]
        page = desk("advocate").post(EVIDENCE, {"files": files}, status=413).text
        assert "large.pdf: The file is larger than 1.9 MiB" in page and "small.txt, 4 bytes" in page

    def test_are_refused_together_with_both_limits_in_words(self, case, desk: Desk, monkeypatch) -> None:
        monkeypatch.setattr(guard, "MORE_FILES", 1_000_000)
        files = [(BytesIO(b"x" * 1_900_000), f"{it}.pdf") for it in range(2)]
        page = desk("advocate").post(EVIDENCE, {"files": files}, status=413).text
        assert "larger than 2.9 MiB, the most that one form takes. One file may have 1.9 MiB." in page
        assert f'href="{EVIDENCE}"' in page

    def test_are_not_blamed_for_too_long_a_text(self, case, desk: Desk) -> None:
        sent = {"title": "x" * (1 << 20) + "x", "files": (BytesIO(b"x"), "1.pdf")}
        page = desk("advocate").post(EVIDENCE, sent, status=413).text
        assert "more than 1 MiB of text, or more than 1,000 fields" in page

    def test_and_the_form_says_the_same_limit(self, case, desk: Desk) -> None:
        assert "1.9 MiB" in desk("advocate").get(EVIDENCE).text


class TestAFormWithoutFiles:
    def test_that_is_too_large_says_how_large_it_may_be(self, case, desk: Desk) -> None:
        sent = {"summary": "x" * (2 << 20)}
        page = desk("advocate").post("/desk/cases/C001/amend", sent, status=413).text
        assert "larger than 1 MiB, the most that this page takes" in page
