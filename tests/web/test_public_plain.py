"""A reader on a phone understands a case: what is of the second rank is folded, and nothing is said twice."""

import re

import pytest
from playwright.sync_api import Page

from tests.web.looked_at import CASE

SCREEN = 740
#: The longest case of real life fits in so many screens of a phone; it was fifteen with everything open.
MOST_SCREENS = 13


def opened(open_page, site: str, address: str, **more) -> Page:
    page = open_page(site, **more)
    page.goto(address)
    return page


class TestALongCaseOnAPhone:
    @pytest.fixture
    def page(self, public_demo, open_page) -> Page:
        return opened(open_page, public_demo, CASE, width=360, height=SCREEN)

    def test_is_not_longer_than_it_has_to_be(self, page: Page):
        assert page.evaluate("document.documentElement.scrollHeight") <= MOST_SCREENS * SCREEN

    def test_has_every_filing_claim_and_entry_without_unfolding_anything(self, page: Page):
        for part in (".filings_table tbody tr", ".claims_table tbody tr", ".entry", "#due", ".routes"):
            rows = page.locator(part).all()
            assert rows and all(it.is_visible() for it in rows), part

    @pytest.mark.parametrize("part", [".picture[data-picture=map] svg", ".sources", ".filters"])
    def test_unfolds_the_rest_without_a_script(self, page: Page, part: str):
        folded = page.locator("details.folded", has=page.locator(part))
        assert not page.locator(part).first.is_visible()
        folded.locator("> summary").click()
        assert page.locator(part).first.is_visible()

    def test_keeps_the_filter_open_that_is_set(self, public_demo, open_page):
        page = opened(open_page, public_demo, f"{CASE}?by=ngo", width=360, height=SCREEN)
        assert page.locator(".filters").is_visible()


class TestTheSameWithMoreRoom:
    @pytest.mark.parametrize("media", ["screen", "print"])
    def test_has_everything_open_and_nothing_to_unfold(self, public_demo, open_page, media: str):
        page = opened(open_page, public_demo, CASE, width=1280, height=900)
        page.emulate_media(media=media)
        for part in (".picture[data-picture=map] svg", ".picture[data-picture=bars] svg", ".sources"):
            assert page.locator(part).first.is_visible(), part
        assert not any(it.is_visible() for it in page.locator(".folded > summary").all())


class TestWhatWouldBeSaidTwice:
    def test_is_a_filing_in_the_list_of_the_one_lead_that_all_have(self, public_demo, open_page):
        page = opened(open_page, public_demo, CASE)
        assert page.locator(".routes li").all_inner_texts() == ["All 11 filings"]

    def test_is_a_claim_that_nobody_decided_yet(self, public_demo, open_page):
        page = opened(open_page, public_demo, CASE)
        told = page.locator("section:has(#claims)").inner_text()
        assert told.count("No finding on them is recorded yet.") == 1 and "none yet" not in told

    def test_is_a_fine_whose_amount_is_known(self, public_demo, open_page):
        page = opened(open_page, public_demo, "/cases/C082")
        told = page.locator(".decided").first.inner_text()
        assert "Fine: EUR 50,000,000" in told and "(Art 83)" not in told and "58(2)(i)" not in told


class TestTheNumbersOfTheStartPage:
    @pytest.mark.parametrize("prefix", ["/", "/de/", "/fr/"])
    def test_add_up_to_all_filings(self, public_demo, open_page, prefix: str):
        page = opened(open_page, public_demo, prefix)
        words = page.locator(".tally dt").all_inner_texts()
        numbers = [
            int(re.sub(r"\D", "", it.split("\n")[0])) for it in page.locator(".tally dd").all_inner_texts()
        ]
        of_them = [it for it, of in zip(numbers, words, strict=True) if re.match("of them|davon|dont", of)]
        assert sum(of_them) == numbers[1]


class TestWhatAnAuthorityDidInTheCaseAsAWhole:
    def test_is_pointed_at_on_the_page_of_a_filing_that_calls_it_late(self, public_demo, open_page):
        page = opened(open_page, public_demo, "/filings/C081-08")
        told = page.locator("main").inner_text()
        assert "15 more entries concern the case as a whole, 2 of them by authorities of this filing" in told


class TestWhatHappenedLastInOtherProceedings:
    def test_is_not_taken_for_news_of_the_filings(self, public_demo, open_page):
        page = opened(open_page, public_demo, CASE)
        told = page.inner_text(".status")
        assert "Last: 12 August 2025, OLG Schleswig, in other proceedings: Interim" in told
        page.goto("/cases/C082")
        assert "Last: 29 January 2025" in page.inner_text(".status")
        page.goto("/")
        told = page.locator("section:has(#news)").inner_text()
        assert "OLG Schleswig, in other proceedings: Interim application" in told
        page.goto("/cases")
        told = page.locator("tr", has=page.locator('a[href="/cases/C081"]')).inner_text()
        assert "Judgment, in other proceedings" in told
        assert page.locator("main").inner_text().count("in other proceedings") == 1


class TestAFilingOfWhichNobodyKnowsWhereItWasLodged:
    def test_is_said_not_to_count_where_lateness_is_counted(self, public_demo, open_page):
        page = opened(open_page, public_demo, CASE)
        told = page.locator("section:has(#due)").inner_text()
        assert "9 of 10 filings" in told
        assert "Filings with an authority that is not known are not counted." in told
