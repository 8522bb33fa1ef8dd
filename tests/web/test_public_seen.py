"""Every page of the public site for every eye: axe-core, a phone, four times as large, with wide words."""

import pytest

from tests.plugins.browser import COLOURS, axe
from tests.web.looked_at import CASE, CUT, LANGUAGES, PAGES, SMALL, SPACED
from tracker.services import public_site_list

PHONE = {"width": 360, "height": 740, "dark": True}


def faults(page, addresses: list[str]) -> list[str]:
    """Return what is wrong with pages: findings of axe-core, what is cut, and what is too small to press."""
    found = []
    for address in addresses:
        page.goto(address)
        for it in (*axe(page), *page.evaluate(CUT), *page.evaluate(SMALL)):
            found.append(f"{address}: {it}")
    return found


class TestTheListOfPages:
    def test_has_one_of_every_page_of_the_site(self, public_app):
        """Whoever adds a page adds it to PAGES: what has an ending is no page but data."""
        rules = {
            it.endpoint for it in public_app.url_map.iter_rules() if it.methods and "GET" in it.methods
            and "." not in it.rule and it.endpoint != "static"
        }  # fmt: skip
        addresses = public_app.url_map.bind("localhost")
        known = {addresses.match(it.partition("?")[0])[0] for it in PAGES if it != "/no-such-page"}
        assert rules - known == set()

    def test_leads_to_pages_and_to_each_kind_of_refusal(self, public_demo, open_page):
        page = open_page(public_demo)
        assert {page.request.get(it).status for it in PAGES} == {200, 400, 404, 410, 422}


class TestNobodyIsShutOut:
    @pytest.mark.parametrize("width", [360, 1280])
    @pytest.mark.parametrize("language", LANGUAGES, ids=["en", "de", "fr"])
    def test_of_any_page_by_day_or_by_night(self, public_demo, open_page, language: str, width: int):
        """Each page is loaded once: its colours are the business of its style sheet."""
        page = open_page(public_demo, width=width)
        found = []
        for address in PAGES:
            page.goto(language + address)
            by_day = [*axe(page), *page.evaluate(CUT), *page.evaluate(SMALL)]
            page.emulate_media(color_scheme="dark")
            by_night = axe(page, *COLOURS)
            page.emulate_media(color_scheme="light")
            found += [f"{language}{address}, {width} px, light: {it}" for it in by_day]
            found += [f"{language}{address}, {width} px, dark: {it}" for it in by_night]
        assert found == []

    def test_where_everything_that_folds_is_open(self, public_demo, open_page):
        page = open_page(public_demo, **PHONE)
        for address in (CASE, "/cases", "/route"):
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
            assert (axe(page), page.evaluate(CUT), page.evaluate(SMALL)) == ([], [], [])

    def test_on_the_second_page_of_a_list(self, public_demo, open_page, monkeypatch):
        monkeypatch.setattr(public_site_list, "PAGE_SIZE", 2)
        page = open_page(public_demo, **PHONE)
        assert faults(page, ["/cases?page=2", "/de/cases?page=2"]) == []
        assert page.get_by_role("navigation").get_by_role("link", name="Nächste Seite").count() <= 1


class TestFourTimesAsLarge:
    """WCAG 1.4.10: at 400 % a window of 1280 px has room for 320. WCAG 1.4.12: words may be set wider."""

    @pytest.mark.parametrize("language", LANGUAGES, ids=["en", "de", "fr"])
    def test_a_page_scrolls_in_one_direction_and_nothing_is_cut(self, public_demo, open_page, language: str):
        page = open_page(public_demo, width=320, height=256)
        found = []
        for address in PAGES:
            page.goto(language + address)
            found += [f"{language}{address}: {it}" for it in page.evaluate(CUT)]
            page.evaluate(SPACED)
            found += [f"{language}{address}, wider words: {it}" for it in page.evaluate(CUT)]
        assert found == []


class TestNothingMoves:
    def test_for_who_asked_for_less_motion(self, public_demo, open_page):
        page = open_page(public_demo)
        page.goto(CASE)
        moving = """() => [...document.querySelectorAll("*"), document.documentElement].filter(it => {
            const style = getComputedStyle(it);
            const lasts = style.transitionDuration.split(",").some(each => parseFloat(each) > 0);
            return lasts || style.animationName !== "none" || style.scrollBehavior === "smooth";
        }).map(it => it.localName)"""
        assert page.evaluate(moving) == []
