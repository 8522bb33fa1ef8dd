"""Feeds of the public site, read by programs that others wrote."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

import feedparser
import pytest

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, withdraw
from tests.reader import Reader
from tests.web.reused import FEEDS, HOSTILE, LANGUAGES
from tracker.db import PUBLIC, transaction
from tracker.rules.access import SHELL
from tracker.rules.text import legible
from tracker.services import cases, publication

ATOM, GONE = "{http://www.w3.org/2005/Atom}", "{http://purl.org/atompub/tombstones/1.0}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def as_json(page: str) -> str:
    """Return the address of the JSON Feed of a page."""
    return "/feed.json" if page == "/feed" else f"{page}.feed.json"


def atom(visitor: Reader, address: str) -> feedparser.FeedParserDict:
    found = feedparser.parse(visitor.get(address).data)
    assert not found.bozo, found.get("bozo_exception")
    return found


def tree(visitor: Reader, address: str) -> Tree.Element:
    return Tree.fromstring(visitor.get(address).data)  # noqa: S314 - our own answer


@pytest.mark.parametrize("language", LANGUAGES)
class TestAFeed:
    def test_is_read_as_atom(self, reused, visitor: Reader, language):
        for page in FEEDS:
            answer = visitor.get(f"{language}{page}.atom")
            assert answer.mimetype == "application/atom+xml"
            found = atom(visitor, f"{language}{page}.atom")
            assert found.version == "atom10" and found.feed.language == (language[1:] or "en")
            assert found.entries and found.feed.title
            for it in found.entries:
                assert it.id.startswith("http://localhost/cases/C001#entry-")
                assert it.link == it.id.replace("/cases/", f"{language}/cases/")
                assert it.published == it.updated
            (own,) = [it.href for it in found.feed.links if it.rel == "self"]
            assert own == f"http://localhost{language}{page}.atom"

    def test_is_the_same_as_a_json_feed(self, reused, visitor: Reader, language):
        for page in FEEDS:
            answer = visitor.get(f"{language}{as_json(page)}")
            assert answer.mimetype == "application/feed+json"
            values = json.loads(answer.text)
            assert values["version"] == "https://jsonfeed.org/version/1.1"
            assert values["feed_url"] == f"http://localhost{language}{as_json(page)}"
            told = [it for it in values["items"] if "_tracker" not in it]
            found = atom(visitor, f"{language}{page}.atom")
            assert [(it["id"], it["title"], it["url"]) for it in told] == [
                (it.id, it.title, it.link) for it in found.entries
            ]
            assert [it["content_text"] for it in told] == [it.content[0].value for it in found.entries]
            assert [it["date_published"] for it in told] == [it.published for it in found.entries]

    def test_has_of_what_was_withdrawn_numbers_and_the_time_alone(self, reused, visitor: Reader, language):
        names = [f"http://localhost/cases/C003{it}" for it in ("", "#entry-1")]
        for page in FEEDS:
            root = tree(visitor, f"{language}{page}.atom")
            found = root.findall(f"{GONE}deleted-entry")
            assert [it.attrib["ref"] for it in found] == names
            told = json.loads(visitor.get(f"{language}{as_json(page)}").text)["items"]
            alike = [it for it in told if it["id"] in names]
            for gone, same in zip(found, alike, strict=True):
                assert set(gone.attrib) == {"ref", "when"} and len(gone) == 0 and gone.text is None
                assert datetime.fromisoformat(gone.attrib["when"]).tzinfo == UTC
                assert set(same) == {"id", "content_text", "date_modified", "_tracker"}
                assert same["_tracker"] == {"withdrawn": True}
                assert same["date_modified"] == gone.attrib["when"]

    def test_holds_any_text(self, hostile, visitor: Reader, language):
        for page in FEEDS:
            root = tree(visitor, f"{language}{page}.atom")
            contents = [it.text or "" for it in root.iter(f"{ATOM}content")]
            assert contents and all(legible(HOSTILE).split("\n")[0] in it for it in contents)
            told = json.loads(visitor.get(f"{language}{as_json(page)}").text)["items"]
            assert all(HOSTILE in it["content_text"] for it in told if "_tracker" not in it)
            assert not atom(visitor, f"{language}{page}.atom").bozo


class TestTheFeedOfASearch:
    def test_has_what_fits_the_filters_of_the_list(self, reused, visitor: Reader):
        assert atom(visitor, "/cases.atom?country=AT").entries
        found = atom(visitor, "/cases.atom?country=PT&colour=red")
        assert not found.entries
        assert found.feed.link == "http://localhost/cases?country=PT"

    def test_refuses_what_the_list_refuses(self, reused, visitor: Reader):
        visitor.get("/cases.atom?year=x", status=400)


class TestTheFeedOfAList:
    def test_has_what_fits_what_the_list_was_asked_for(self, reused, visitor: Reader):
        for asked, fits in (
            ("/authorities.atom?country=AT", True),
            ("/authorities.atom?text=ireland", True),
            ("/authorities.atom?country=PT", False),
            ("/controllers.atom?text=EXAMPLE", True),
            ("/controllers.atom?text=nobody", False),
        ):
            found = atom(visitor, asked)
            assert bool(found.entries) == fits, asked
            assert found.feed.link == f"http://localhost{asked.replace('.atom', '')}"
        assert (
            visitor.get("/controllers.feed.json?text=x&colour=red").json["home_page_url"].endswith("?text=x")
        )

    def test_of_authorities_leaves_out_entries_of_other_filings(self, reused, visitor: Reader):
        def entries(country: str) -> set[str]:
            found = atom(visitor, f"/authorities.atom?country={country}")
            return {it.id.partition("#")[2] for it in found.entries}

        assert "entry-3" not in entries("AT") and "entry-3" in entries("NL") & entries("IE")

    def test_of_projects_has_no_case_without_one(self, reused, visitor: Reader):
        with transaction():
            lodged(a_case(title="By itself", respondents=same_respondent("C001")), "nl-ap")
        clear("C004")
        everything = {it.id for it in atom(visitor, "/feed.atom").entries}
        of_projects = {it.id for it in atom(visitor, "/projects.atom").entries}
        assert of_projects < everything
        assert {it.partition("#")[0][-4:] for it in everything - of_projects} == {"C004"}


class TestTheFeedOfAFiling:
    def test_has_its_entries_and_those_of_the_whole_case(self, reused, visitor: Reader):
        record = json.loads(visitor.get("/data/cases.ndjson").text)
        named = {it["number"]: it["filings"] for it in record["entries"]}
        for filing in ("C001-01", "C001-02"):
            found = {it.id.partition("#entry-")[2] for it in atom(visitor, f"/filings/{filing}.atom").entries}
            mine = {str(number) for number, it in named.items() if not it or filing in it}
            assert found == mine < {str(it) for it in named}

    def test_is_gone_with_the_filing(self, reused, visitor: Reader):
        clear("C001", filings=["C001-01"], updates=[1])
        for ending in (".atom", ".feed.json"):
            visitor.get(f"/filings/C001-02{ending}", status=410)
            missing = [visitor.get(f"/filings/{it}{ending}", status=404) for it in ("C002-01", "C001-09")]
            assert missing[0].data == missing[1].data
            assert visitor.get(f"/filings/c1-1{ending}", status=301).location == f"/filings/C001-01{ending}"


class TestAnEntry:
    def test_is_dated_by_when_it_became_public_and_says_when_it_happened(self, reused, visitor: Reader):
        (it,) = [one for one in atom(visitor, "/cases/C001.atom").entries if one.id.endswith("#entry-3")]
        assert it.title == ("C001 Example: AI from posts: Passed on to the lead authority, 2 September 2024")
        assert it.content[0].value.split("\n") == [
            "It went to Dublin.",
            "2 September 2024 · The Dutch AP",
            "C001-01",
        ]
        assert datetime.fromisoformat(it.published) > datetime(2026, 1, 1, tzinfo=UTC)

    def test_says_in_which_language_its_words_are(self, reused, visitor: Reader):
        root = tree(visitor, "/de/cases/C001.atom")
        assert {it.get(LANG) for it in root.iter(f"{ATOM}content")} == {"en", "de"}
        titles = [it.findtext(f"{ATOM}title") for it in root.iter(f"{ATOM}entry")]
        assert all((it or "").startswith("C001 Beispiel: KI aus Beiträgen: ") for it in titles)

    def test_keeps_its_date_when_the_case_is_cleared_again(self, reused, visitor: Reader):
        def dates() -> dict[str, str]:
            return {it.id: it.updated for it in atom(visitor, "/feed.atom").entries}

        before = dates()
        clear("C001", filings=["C001-01", "C001-02", "C001-03"], updates=[1, 2, 3, 4])
        assert dates() == before


class TestAFeedOfWhatIsNotThere:
    @pytest.mark.parametrize("ending", [".atom", ".feed.json", ".ics", ".json", ".csv"])
    def test_answers_as_the_page_does(self, reused, visitor: Reader, ending):
        visitor.get(f"/cases/C003{ending}", status=410)
        missing = [visitor.get(f"/cases/{it}{ending}", status=404) for it in ("C002", "C099")]
        assert missing[0].data == missing[1].data
        visitor.get(f"/authorities/xx{ending}", status=404)

    def test_is_gone_with_the_case(self, reused, visitor: Reader):
        addresses = [f"/cases/C001{it}" for it in (".atom", ".feed.json", ".ics", ".json", ".csv")]
        addresses += ["/cases/C001/protocol.csv", "/filings/C001-01.json", "/filings/C001-01.csv"]
        for it in addresses:
            visitor.get(it)
        withdraw("C001")
        for it in addresses:
            visitor.get(it, status=410)
        assert {it.id for it in atom(visitor, "/feed.atom").entries} == set()
        assert "Dublin" not in visitor.get("/feed.atom").text

    def test_leads_to_the_number_as_it_is_written(self, reused, visitor: Reader):
        for ending in (".atom", ".feed.json", ".ics", ".json", ".csv"):
            assert visitor.get(f"/de/cases/c1{ending}", status=301).location == f"/de/cases/C001{ending}"
        assert visitor.get("/filings/c1-1.json", status=301).location == "/filings/C001-01.json"

    def test_bears_the_title_of_its_case_in_the_language_of_the_reader(self, reused, visitor: Reader):
        for page in ("/cases/C001", "/filings/C001-02"):
            told = json.loads(visitor.get(as_json(f"/de{page}")).text)["title"]
            assert "Beispiel: KI aus Beiträgen" in told and "Example" not in told
            assert "Example: AI from posts" in tree(visitor, f"{page}.atom").findtext(f"{ATOM}title", "")


class TestAnEntryThatWasPublic:
    def test_leaves_in_every_feed_its_id_and_the_time_alone(self, reused, visitor: Reader):
        before = {it.id for it in atom(visitor, "/cases/C001.atom").entries}
        with transaction():
            publication.take_back(cases.get_case("C001"), ("updates", 4), note="Why.", by=SHELL)
        copied()
        (gone,) = before - {it.id for it in atom(visitor, "/cases/C001.atom").entries}
        for page in FEEDS:
            (mark,) = marks(visitor, f"{page}.atom", "#entry-4")
            assert mark.attrib["ref"] == gone and set(mark.attrib) == {"ref", "when"} and not len(mark)
            told = json.loads(visitor.get(as_json(page)).text)["items"]
            (same,) = [it for it in told if it["id"] == gone]
            assert same == {
                "id": gone,
                "content_text": "Withdrawn",
                "date_modified": mark.attrib["when"],
                "_tracker": {"withdrawn": True},
            }

    def test_has_no_mark_any_more_when_it_is_public_again(self, reused, visitor: Reader):
        with transaction():
            publication.take_back(cases.get_case("C001"), ("updates", 4), note="Why.", by=SHELL)
        clear("C001", updates=[1, 2, 3, 4], filings=["C001-01", "C001-02", "C001-03"])
        assert marks(visitor, "/feed.atom", "#entry-4") == []
        assert {it.id for it in atom(visitor, "/feed.atom").entries} >= {
            "http://localhost/cases/C001#entry-4"
        }

    def test_has_one_with_its_case_so_that_programs_find_what_to_drop(self, reused, visitor: Reader):
        items = {it.id for it in atom(visitor, "/cases/C001.atom").entries}
        withdraw("C001")
        names = [it.attrib["ref"] for it in marks(visitor, "/feed.atom", "C001")]
        assert items and names == ["http://localhost/cases/C001", *sorted(items)]

    def test_and_was_not_cleared_with_the_case_again_has_one_from_the_withdrawal_on(
        self, reused, visitor: Reader
    ):
        withdraw("C001")
        case = marks(visitor, "/feed.atom", "C001")[0]
        clear("C001", updates=[1, 2], filings=["C001-01", "C001-02", "C001-03"])
        found = marks(visitor, "/feed.atom", "C001")
        assert [it.attrib["ref"].partition("#")[2] for it in found] == ["entry-3", "entry-4"]
        assert {it.attrib["when"] for it in found} == {case.attrib["when"]}


def copied() -> None:
    with transaction(PUBLIC):
        publication.refresh(["C001"])


def marks(visitor: Reader, address: str, part: str) -> list[Tree.Element]:
    """Return the marks of a feed of what is gone, whose id has this in it."""
    found = tree(visitor, address).findall(f"{GONE}deleted-entry")
    return [it for it in found if part in it.attrib["ref"]]
