"""What public pages tell programs about themselves in their heads."""

import json
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.plugins.browser import axe
from tests.reader import Reader
from tests.web.conftest import words_of
from tests.web.reused import HOSTILE, LANGUAGES, PAGES

ADDRESSES = ("/", "/data", *PAGES)


def head(visitor: Reader, address: str) -> Element:
    # Not by get(): it would find the signs of the hostile texts, which nobody can clear.
    found = html5lib.parse(visitor.call("GET", address).text, namespaceHTMLElements=False).find("head")
    assert found is not None
    return found


def said(root: Element) -> dict[str, str]:
    """Return what is said for previews, by name."""
    return {
        it.get("property") or "": it.get("content") or "" for it in root.iter("meta") if it.get("property")
    }


def linked(root: Element) -> list[dict[str, Any]]:
    return [json.loads(it.text or "") for it in root.iter("script")]


@pytest.mark.parametrize("language", LANGUAGES)
class TestAHead:
    def test_names_the_one_address_of_the_page(self, reused, visitor: Reader, language):
        for page in ADDRESSES:
            root = head(visitor, f"{language}{page}?colour=red")
            (canonical,) = [it.get("href") for it in root.iter("link") if it.get("rel") == "canonical"]
            assert canonical == f"http://localhost{language}{page}"
            assert said(root)["og:url"] == canonical

    def test_says_for_previews_what_the_page_is(self, reused, visitor: Reader, language):
        for page in ADDRESSES:
            told = said(head(visitor, language + page))
            assert told["og:title"] and told["og:description"] and len(told["og:description"]) <= 300
            assert told["og:type"] in ("website", "article") and told["og:locale"][:2] == (
                language[1:] or "en"
            )

    def test_says_the_same_as_json(self, reused, visitor: Reader, language):
        for page in ADDRESSES:
            for it in linked(head(visitor, language + page)):
                assert it["@context"] == "https://schema.org"
                assert it["@type"] in ("WebPage", "BreadcrumbList", "Dataset")

    def test_holds_any_text(self, hostile, visitor: Reader, language):
        for page in ADDRESSES:
            for it in linked(head(visitor, language + page)):
                assert it["@context"] == "https://schema.org"


class TestTheHeadOfACase:
    def test_says_where_it_stands(self, reused, visitor: Reader):
        told = said(head(visitor, "/cases/C001"))
        assert told["og:description"].startswith("Pending for 2 years and 5 months. Led by the Irish DPC,")
        assert told["og:title"] == "C001 Example: AI from posts"

    def test_says_where_the_page_lies(self, reused, visitor: Reader):
        page, trail = linked(head(visitor, "/de/filings/C001-01"))
        steps = [(it["position"], it["item"]) for it in trail["itemListElement"]]
        assert steps == [
            (1, "http://localhost/de/cases"),
            (2, "http://localhost/de/cases/C001"),
            (3, "http://localhost/de/filings/C001-01"),
        ]
        assert page["isPartOf"]["@id"] == "http://localhost/de/cases/C001"

    def test_keeps_a_hostile_title_whole(self, hostile, visitor: Reader):
        page, _ = linked(head(visitor, "/cases/C001"))
        assert page["name"] == f"C001 {HOSTILE}"


class TestTheHeadOfTheData:
    def test_describes_a_data_set_with_its_files(self, reused, visitor: Reader):
        (it,) = linked(head(visitor, "/data"))
        assert it["@type"] == "Dataset" and it["license"].startswith("https://creativecommons.org/")
        assert it["version"] in words_of(visitor.get("/data").text)
        for file in it["distribution"]:
            answer = visitor.get(file["contentUrl"].removeprefix("http://localhost"))
            assert answer.mimetype == file["encodingFormat"]


class TestInABrowser:
    def test_nothing_of_it_runs_and_nothing_is_refused(self, demo, open_page):
        page = open_page(demo[0], width=360)
        refused: list[str] = []
        page.on("console", lambda it: refused.append(it.text))
        page.on("pageerror", lambda it: refused.append(str(it)))
        for address in (
            "/cases/C081",
            "/filings/C081-06",
            "/data",
            "/de/authorities/ie-dpc",
            "/cases?country=NL",
        ):
            page.goto(address)
            assert axe(page) == []
        assert refused == []

    def test_a_reader_on_a_phone_gets_from_home_to_feed_data_and_citation(self, demo, open_page):
        page = open_page(demo[0], width=360)
        page.goto("/")
        page.get_by_role("link", name="Meta: use of Facebook").first.click()
        page.get_by_role("link", name="Cite", exact=True).click()
        assert page.url.endswith("/cases/C081#cite") and page.locator("#cite").is_visible()
        for name, kind in (("Feed", "application/atom+xml"), ("Data", "application/json")):
            href = page.get_by_role("link", name=name, exact=True).get_attribute("href")
            assert page.request.get(demo[0] + href).headers["content-type"].startswith(kind)
