"""All pictures in a real browser, and what holds for each of them."""

import re
from xml.etree import ElementTree

import pytest

from tests.plugins.browser import axe
from tests.reader import check_page
from tests.web import pictured

WINDOWS = [
    pytest.param({"width": 1280}, id="wide"),
    pytest.param({"width": 1280, "dark": True}, id="wide-dark"),
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 360, "dark": True}, id="phone-dark"),
    pytest.param({"width": 1280, "zoom": 4}, id="four-times-as-large"),
]
PAGES = ["/", "/crowded"]


@pytest.fixture
def home():
    with pictured.served() as address:
        yield address


@pytest.fixture(params=["everything", "crowded"])
def page(request):
    values = {"everything": pictured.everything, "crowded": pictured.crowded}[request.param]()
    return pictured.rendered(values)


def drawings(page: str) -> list[ElementTree.Element]:
    """Return what stands in each figure beside its table, read as strictly as XML is."""
    found = re.findall(r'<div data-part="drawing">.*?</div>', page, re.S)
    return [ElementTree.fromstring(it) for it in found]  # noqa: S314 - our own text


class TestEveryPicture:
    def test_stands_on_a_page_without_a_fault(self, page):
        check_page(page)

    def test_is_valid_xml(self, page):
        assert len(drawings(page)) == 4

    def test_has_no_style_of_its_own(self, page):
        assert "style=" not in page and "<style" not in page

    def test_has_a_title_and_a_description(self, page):
        for part in drawings(page):
            [drawing] = [it for it in part.iter("svg") if it.get("role")]
            named = {it.get("id"): it.text for it in drawing.iter() if it.tag in ("title", "desc")}
            assert named[drawing.get("aria-labelledby")] == pictured.WORDS["title"]
            assert named[drawing.get("aria-describedby")] == pictured.WORDS["desc"]

    def test_has_a_table_with_a_caption(self, page):
        figures = re.findall(r"<figure.*?</figure>", page, re.S)
        assert [it.count("<caption") for it in figures] == [1, 1, 1, 1]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("folded", ["", "?folded=yes"])
class TestInABrowser:
    def test_nobody_is_shut_out_and_nothing_is_too_wide(self, home, open_page, window, folded):
        page = open_page(home, **window)
        for address in PAGES:
            page.goto(address + folded)
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


class TestTheMapInABrowser:
    def test_can_be_hit_everywhere_on_a_phone(self, home, open_page):
        page = open_page(home, width=360)
        page.goto("/crowded")
        sizes = page.eval_on_selector_all(
            "a.place circle",
            "all => all.map(it => it.getBoundingClientRect()).map(it => Math.min(it.width, it.height))",
        )
        assert len(sizes) == 32
        assert min(sizes) >= 24

    @pytest.mark.parametrize("code", ["MT", "CY", "LI", "LU"])
    def test_leads_to_the_smallest_states(self, home, open_page, code):
        page = open_page(home, width=360)
        page.goto("/crowded")
        page.locator(f'a.place[href$="country={code}"] circle').click()
        page.wait_for_url(f"**/authorities?country={code}")

    def test_shows_the_countries_under_the_policy_of_the_public_site(self, home, open_page):
        page = open_page(home)
        page.goto("/")
        drawn = page.eval_on_selector_all(
            "use.land", "all => all.map(it => it.getBBox()).filter(it => it.width > 0).length"
        )
        assert drawn == 13  # the neighbours, all states, and the eleven

    def test_leads_by_its_outline_too(self, home, open_page):
        page = open_page(home)
        page.goto("/")
        # In the south of Spain, far from its mark.
        drawing = page.locator('[data-picture="map"] svg').first.bounding_box()
        scale = drawing["width"] / 656
        page.mouse.click(drawing["x"] + 90 * scale, drawing["y"] + 615 * scale)
        page.wait_for_url("**/authorities?country=ES")

    def test_goes_by_keyboard_through_the_countries_in_the_order_of_the_table(self, home, open_page):
        page = open_page(home)
        page.goto("/")
        reached = []
        for _ in range(12):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
        names = [it.href for it in pictured.eleven_states()]
        assert reached == [*names, names[0]]  # the first link of the table follows
        page.keyboard.press("Shift+Tab")
        ring = page.locator("a.place:focus-visible circle")
        assert ring.evaluate("it => parseFloat(getComputedStyle(it).strokeWidth)") > 5

    def test_tells_a_screen_reader_what_each_mark_means(self, home, open_page):
        page = open_page(home)
        page.goto("/")
        group = page.get_by_role("group", name="A picture")
        assert group.get_by_role("link", name="Ireland: 1 filings, leads 11", exact=True).count() == 1
        assert group.get_by_role("link").count() == 11
