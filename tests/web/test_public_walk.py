"""What a journalist does on a phone: from the home page to the state of the Dutch filing, and off with it."""

import csv
import io
import json
import re
from urllib.parse import urljoin

import feedparser
import pytest

from tests.web.looked_at import CASE, CUT, FILING

PHONE = {"width": 360, "height": 740, "touch": True}

#: What the reader of each language sees: the name of the case, the state of the filing, and what can be done.
WORDS = {
    "": {
        "title": "Meta: use of Facebook and Instagram data to train AI",
        "state": "With the Irish DPC, passed on by the Dutch AP no later than 2 September 2024",
        "answers": ("noyb against", "lodged on 6 June 2024", "Pending for", "Irish DPC", "Last:", "Late, by"),
        "cite": "Cite", "feed": "Feed", "data": "Data", "table": "Table", "cited": "as cleared on",
    },
    "/de": {
        "title": "Meta: Daten von Facebook und Instagram für das Training von KI",
        "state": "2. September 2024",
        "answers": ("noyb gegen", "6. Juni 2024", "anhängig", "DPC", "Zuletzt:", "Säumig nach"),
        "cite": "Zitieren", "feed": "Feed", "data": "Daten", "table": "Tabelle",
        "cited": "Stand der Freigabe",
    },
    "/fr": {
        "title": "Meta : données de Facebook et d’Instagram pour entraîner une IA",
        "state": "2 septembre 2024",
        "answers": ("noyb contre", "6 juin 2024", "Pendante", "DPC", "Dernièrement", "En retard"),
        "cite": "Citer", "feed": "Flux", "data": "Données", "table": "Tableau", "cited": "C081-07",
    },
}  # fmt: skip

#: The words in the window without scrolling. What only begins in it counts: its first line is read.
ON_SCREEN = """() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(node);
        const { top, width, height } = range.getBoundingClientRect();
        const line = parseFloat(getComputedStyle(node.parentElement).fontSize);
        if (width && height && top + line <= innerHeight) found.push(node.data);
    }
    return found.join(" ").replace(/\\s+/g, " ");
}"""

languages = pytest.mark.parametrize("language", list(WORDS), ids=["en", "de", "fr"])


@pytest.fixture
def phone(public_demo, open_page):
    """A phone, held upright and in the hand."""
    return open_page(public_demo, **PHONE)


def tap(page, link) -> None:
    """Tap a link that a thumb can hit, and wait for its page."""
    box = link.bounding_box()
    assert box and min(box["width"], box["height"]) >= 16
    with page.expect_navigation():
        link.tap()


def screens(page, link) -> float:
    """Return how far down something stands, in windows."""
    return (link.bounding_box()["y"] + page.evaluate("scrollY")) / PHONE["height"]


class TestFromHomeToTheDutchFiling:
    @languages
    def test_takes_two_taps_and_little_scrolling(self, phone, language: str):
        phone.goto(f"{language}/")
        case = phone.locator(f"main a[href='{language}{CASE}']").first
        assert screens(phone, case) < 2
        tap(phone, case)
        filing = phone.locator(f".filings_table a[href='{language}{FILING}']")
        assert screens(phone, filing) < 3
        tap(phone, filing)
        assert WORDS[language]["state"] in phone.locator(".status").inner_text()
        assert phone.locator(".status").bounding_box()["y"] < PHONE["height"] / 2
        assert phone.evaluate(CUT) == []

    def test_works_without_scripts_too(self, public_demo, open_page):
        page = open_page(public_demo, javascript=False, **PHONE)
        page.goto("/")
        tap(page, page.locator(f"main a[href='{CASE}']").first)
        tap(page, page.locator(f".filings_table a[href='{FILING}']"))
        assert WORDS[""]["state"] in page.locator(".status").inner_text()

    @languages
    def test_passes_a_row_that_says_the_state_already(self, phone, language: str):
        phone.goto(language + CASE)
        row = phone.locator(f"tr:has(th a[href='{language}{FILING}'])").first.inner_text()
        assert re.search(r"2\.? [Ss]eptemb(er|re) 2024", row)


class TestTheFirstScreenOfACase:
    @languages
    def test_answers_what_a_reader_asks(self, phone, language: str):
        """Who against whom, since when, where it lies, what happened last, what is late."""
        phone.goto(language + CASE)
        seen = phone.evaluate(ON_SCREEN)
        assert WORDS[language]["title"] in seen
        assert [it for it in WORDS[language]["answers"] if it not in seen] == []

    def test_holds_the_whole_answer_and_what_can_be_done_in_english(self, phone):
        phone.goto(CASE)
        bottom = phone.locator(".reader li").last.bounding_box()
        assert bottom["y"] + bottom["height"] <= PHONE["height"]

    @languages
    def test_shows_at_once_or_with_a_flick_what_can_be_done(self, phone, language: str):
        phone.goto(language + CASE)
        words = WORDS[language]
        for name in ("feed", "data", "table", "cite"):
            link = phone.locator(".reader").get_by_role("link", name=words[name], exact=True)
            assert screens(phone, link) < 1.25
            assert link.bounding_box()["height"] >= 24


class TestFurtherDown:
    def test_a_claim_says_in_words_what_it_is_about(self, phone):
        phone.goto(CASE)
        rows = phone.locator(".claims_table tbody tr")
        assert rows.count() == 12
        told = [it.locator("td").first.inner_text() for it in rows.all()]
        assert [it for it in told if not re.search(r"\w{4,}", it)] == []


class TestAwayWithIt:
    @languages
    def test_the_citation_can_be_reached_and_selected(self, phone, language: str):
        phone.goto(language + FILING)
        phone.get_by_role("link", name=WORDS[language]["cite"], exact=True).tap()
        phone.wait_for_function("location.hash === '#cite'")
        assert 0 <= phone.locator("#cite").bounding_box()["y"] < PHONE["height"]
        phone.locator("#cite").evaluate("it => getSelection().selectAllChildren(it)")
        words = phone.evaluate("getSelection().toString()").replace("\xa0", " ")
        for part in ("noyb", "C081-07", WORDS[language]["title"], WORDS[language]["cited"], FILING):
            assert part in words

    @languages
    def test_the_data_are_one_tap_away_and_say_the_same(self, phone, language: str):
        phone.goto(language + FILING)
        reader = phone.locator(".reader")
        href = reader.get_by_role("link", name=WORDS[language]["data"], exact=True).get_attribute("href")
        assert "C081-07" in json.dumps(json.loads(phone.request.get(href).text()))
        href = reader.get_by_role("link", name=WORDS[language]["table"], exact=True).get_attribute("href")
        rows = list(csv.reader(io.StringIO(phone.request.get(href).text())))
        assert len(rows) > 1 and any("C081-07" in it for it in rows[1])

    @languages
    def test_the_feed_is_found_by_eye_and_by_program(self, phone, language: str):
        phone.goto(language + CASE)
        shown = phone.locator(".reader").get_by_role("link", name=WORDS[language]["feed"], exact=True)
        known = phone.locator("head link[rel=alternate][type='application/atom+xml']").first
        assert urljoin(phone.url, known.get_attribute("href")) == urljoin(
            phone.url, shown.get_attribute("href")
        )
        feed = feedparser.parse(phone.request.get(shown.get_attribute("href")).text())
        assert not feed.bozo and feed.entries and "C081" in feed.feed.title


class TestAPeriodThatWasMetAfterItsLastDay:
    def test_says_when_it_was_first_recorded_and_reproaches_nobody(self, phone):
        """That nothing older is recorded does not prove that nothing was done."""
        phone.goto("/filings/C082-04")
        row = phone.locator(".owed_table tbody tr").first.inner_text()
        assert "first recorded on 12 January 2023, after the last day" in row and "late" not in row
