"""What a reader of the public site prints: a case and a filing, as a real browser prints them on A4."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from tests.web.looked_at import CASE, FILING


def printed(page, address: str) -> tuple[str, PdfReader]:
    """Return a page on paper, in words and as it is. A space may stand wherever a line ends."""
    page.goto(address)
    page.emulate_media(media="print", color_scheme="dark")
    paper = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    # Letters that are joined for the eye are read as what they are.
    words = unicodedata.normalize("NFKC", " ".join(it.extract_text() for it in paper.pages))
    return " ".join(words.split()), paper


class TestACaseOnPaper:
    def test_has_all_of_it_and_no_way_through_the_site(self, public_demo, open_page):
        words, _ = printed(open_page(public_demo, dark=True), CASE)
        there = ("Pending for", "Last:", "Late, by", "C081-11", "Protocol", "Sources", "Cleared for the")
        for part in there:
            assert part in words
        left_out = ("Who leads?", "Deutsch", "why?", "Skip to", "as a table", "an authority anybody else")
        for part in left_out:
            assert part not in words

    def test_has_every_entry_and_the_address_of_its_source(self, public_demo, open_page):
        page = open_page(public_demo)
        words, _ = printed(page, CASE)
        solid = words.replace(" ", "")
        for address in {it.get_attribute("href") for it in page.locator(".timeline a[rel=noreferrer]").all()}:
            assert address in solid
        assert page.locator(".entry").count() == len(
            re.findall(r"\d+ \d+ \w+ \d{4} ", words[words.index("Protocol 18") :])
        )

    @pytest.mark.parametrize("address", [CASE, FILING])
    def test_is_black_on_white_whatever_the_screen_is(self, public_demo, open_page, address: str):
        page = open_page(public_demo, dark=True)
        page.goto(address)
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    def test_keeps_rows_entries_and_drawings_whole(self, public_demo, open_page):
        page = open_page(public_demo)
        page.goto(CASE)
        page.emulate_media(media="print")
        whole = "tr, .entry, .status, .picture [data-part=drawing]"
        broken = """it => [...document.querySelectorAll(it)]
            .filter(each => each.checkVisibility() && getComputedStyle(each).breakInside !== "avoid")
            .map(each => each.className || each.localName)"""
        assert page.evaluate(broken, whole) == []

    def test_does_not_waste_paper(self, public_demo, open_page):
        """Eleven filings, two drawings, eighteen entries with addresses, and fourteen sources."""
        _, paper = printed(open_page(public_demo), CASE)
        assert len(paper.pages) <= 9


class TestAFilingOnPaper:
    def test_says_where_it_lies_and_what_is_owed(self, public_demo, open_page):
        words, paper = printed(open_page(public_demo), FILING)
        assert "With the Irish DPC, passed on by the Dutch AP no later than 2 September 2024" in words
        assert "Information on progress or outcome" in words or "information on progress or outcome" in words
        assert len(paper.pages) <= 3
