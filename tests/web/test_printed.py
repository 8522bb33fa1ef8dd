"""What lawyers print: a deadline explained on one sheet of A4, as a real browser prints it."""

import io

import pytest
from pypdf import PdfReader


def printed(page, address: str) -> PdfReader:
    """Return a page of the desk as a browser prints it on A4."""
    page.goto(address)
    page.emulate_media(media="print")
    return PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))


class TestWhyThisDateOnPaper:
    @pytest.mark.parametrize("deadline", ["C081-07/deadlines/G15", "C081-03/deadlines/FR-IMPLICIT"])
    def test_is_one_sheet_with_the_answer_the_steps_and_the_law(self, signed_in, deadline: str):
        paper = printed(signed_in("lawyer"), f"/desk/filings/{deadline}")
        assert len(paper.pages) == 1
        words = " ".join(paper.pages[0].extract_text().split())
        for part in ("Why this date", "Legal last day", "is not counted", "Calendar:", "How sure"):
            assert part in words
        assert "Extend" not in words and "Sign out" not in words


class TestTheDocketOnPaper:
    def test_has_the_days_and_no_buttons(self, signed_in):
        paper = printed(signed_in("lawyer"), "/desk/docket")
        words = " ".join(" ".join(it.extract_text() for it in paper.pages).split())
        assert "We owe" in words and "They owe" in words and "late by" in words
        assert "Record news" not in words and "Person everybody" not in words
