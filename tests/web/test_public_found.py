"""How programs find the public site: the map of its pages, robots, whom to tell of a weakness."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as Tree

import pytest

from tests.publishing import withdraw
from tests.reader import Reader
from tests.web.reused import LANGUAGES
from tracker.app import create_public_app
from tracker.config import Settings
from tracker.web import public_found

MAP, XHTML = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/1999/xhtml}"


def tree(visitor: Reader, address: str) -> Tree.Element:
    return Tree.fromstring(visitor.get(address).data)  # noqa: S314 - our own answer


def places(root: Tree.Element) -> list[str]:
    return [it.text or "" for it in root.iter(f"{MAP}loc")]


class TestTheMapOfPages:
    def test_has_every_page_in_every_language_and_each_is_there(self, reused, visitor: Reader):
        found = places(tree(visitor, "/sitemap.xml"))
        assert len(found) == len(set(found))
        for path in ("/", "/cases", "/data", "/cases/C001", "/filings/C001-03", "/authorities/ie-dpc"):
            assert {f"http://localhost{language}{path}" for language in LANGUAGES} <= set(found)
        assert "http://localhost/projects/artificial-minds" in found
        for it in found[:30] + [it for it in found if "C001" in it or "/projects/" in it]:
            visitor.get(it.removeprefix("http://localhost"))

    def test_names_for_each_the_same_in_the_other_languages(self, reused, visitor: Reader):
        for url in tree(visitor, "/sitemap.xml").iter(f"{MAP}url"):
            others = {it.get("hreflang"): it.get("href") for it in url.iter(f"{XHTML}link")}
            assert set(others) == {"en", "de", "fr"}
            assert url.findtext(f"{MAP}loc") in others.values()

    def test_says_when_a_case_was_cleared_last(self, reused, visitor: Reader):
        told = {
            url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod")
            for url in tree(visitor, "/sitemap.xml").iter(f"{MAP}url")
        }
        day = told["http://localhost/cases/C001"]
        assert day is not None and date.fromisoformat(day)
        assert told["http://localhost/filings/C001-01"] == day and told["http://localhost/about"] is None

    def test_has_nothing_that_is_not_public(self, reused, visitor: Reader):
        withdraw("C001")
        found = " ".join(places(tree(visitor, "/sitemap.xml")))
        assert "C001" not in found and "C002" not in found and "C003" not in found

    def test_is_several_files_where_there_are_too_many(self, reused, visitor: Reader, monkeypatch):
        whole = places(tree(visitor, "/sitemap.xml"))
        monkeypatch.setattr(public_found, "MOST", 7)
        root = tree(visitor, "/sitemap.xml?page=2")
        assert root.tag == f"{MAP}sitemapindex"
        parts = [it.removeprefix("http://localhost") for it in places(root)]
        assert [it for part in parts for it in places(tree(visitor, part))] == whole
        visitor.get("/sitemap-999.xml", status=404)
        visitor.get("/sitemap-0.xml", status=404)


class TestWhatRobotsRead:
    def test_leads_to_the_map_and_keeps_them_from_searching(self, public, visitor: Reader):
        lines = visitor.get("/robots.txt").text.splitlines()
        assert lines == ["User-agent: *", "Disallow: /*?", "Sitemap: http://localhost/sitemap.xml"]


class TestWhomToTellOfAWeakness:
    def test_stands_where_programs_look(self, public, settings: Settings, on_a_day):
        site = create_public_app(replace(settings, security_contact="mailto:safe@example.org"))
        answer = site.test_client().get("/.well-known/security.txt")
        assert answer.mimetype == "text/plain"
        fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
        assert fields["Contact"] == "mailto:safe@example.org"
        assert fields["Expires"] == "2027-05-21T00:00:00Z"
        assert fields["Canonical"].endswith("/.well-known/security.txt")

    def test_is_not_there_where_nobody_was_named(self, public, visitor: Reader):
        visitor.get("/.well-known/security.txt", status=404)


@pytest.mark.parametrize("address", ["/sitemap.xml", "/robots.txt"])
def test_an_unchanged_answer_is_not_sent_again(public, visitor: Reader, address):
    mark = visitor.get(address).headers["ETag"]
    assert visitor.call("GET", address, headers={"If-None-Match": mark}).status_code == 304
