"""The public site in three languages: whole in each, linked with each other, and no English left over."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urljoin

import html5lib
import pytest

from tests.builders import a_case, lodged
from tests.publishing import clear, told
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker import config
from tracker.app import create_public_app
from tracker.db import transaction
from tracker.reference.authorities import authorities
from tracker.web import languages

OTHERS = ("de", "fr")
ALL = ("en", *OTHERS)
#: One address of each kind, below the prefix of a language.
PAGES = (
    "/", "/cases", "/cases?text=posts&country=NL", "/cases?text=nothing+like+it", "/cases/C001",
    "/cases/C001?by=authority", "/filings/C001-01", "/filings/C001-02", "/authorities",
    "/authorities?country=IE", "/authorities/ie-dpc", "/controllers", "/projects", "/figures", "/about",
    "/data", "/route",
    "/route?e-0-place=IE&e-0-head=yes&e-0-decides=yes&lives=AT&affected=EEA&lodged=at-dsb",
    "/route?e-0-place=DE&about=eprivacy&lives=DE",
)  # fmt: skip
#: What cannot be answered: address and status.
REFUSED = (("/cases/C099", 404), ("/cases/C003", 410), ("/cases?year=never", 400), ("/cases?page=x", 404))
#: What is the same in several languages: names, and words that they share.
NAMES = re.compile(r"[\w.-]+\.[a-z]{2,}|[^@ ]+@[^@ ]+|C[0-9]{3}(-[0-9]{2})?.*")
#: Words by which a text that is the same in English is still English.
ENGLISH = re.compile(
    r"\b(the|of|with|and|is|are|was|by|from|not|no|in|to|at|for|this|who|which|lodged|pending|filing|filings|case"
    r"|cases|lead|known|decided|authority|authorities|day|year|month|entry|entries|since)\b"
)


def at(language: str, address: str) -> str:
    return f"{languages.prefix_of(language)}{address}"


def said_in(page: str) -> list[str]:
    """Return the texts of a page and its labels, save what is marked as being in another language."""
    told: list[str] = []

    def walk(it, foreign: bool) -> None:
        foreign = foreign or bool(it.get("lang") and it.tag != "html")
        if not isinstance(it.tag, str) or it.tag in ("script", "style"):
            return
        if not foreign:
            told.extend(
                it.get(name) for name in ("aria-label", "data-label", "title", "placeholder") if it.get(name)
            )
            told.append(it.text or "")
        for child in it:
            walk(child, foreign)
            if not foreign:
                told.append(child.tail or "")

    walk(html5lib.parse(page, namespaceHTMLElements=False), False)
    return [" ".join(it.split()) for it in told if it and it.strip()]


def badly_set(page: str) -> list[str]:
    """Return where French stands before a high sign without the blank that breaks no line, or with another.

    A clock, an address and what is marked as another language are no French.
    """
    found: list[str] = []
    bad = re.compile(r".{0,40}(?:[\w)»%]:(?=\s|$)| [:;?!»]|[\w)»%][;?!](?=\s|$)|« ).{0,20}")

    def walk(it, foreign: bool) -> str:
        foreign = foreign or bool(it.get("lang") and it.tag != "html")
        if not isinstance(it.tag, str) or it.tag in ("script", "style", "option", "address"):
            return ""
        told = "" if foreign else it.text or ""
        for child in it:
            told += walk(child, foreign)
            told += "" if foreign else child.tail or ""
        if it.tag not in INLINE:
            found.extend(bad.findall(re.sub(r"[ \n\t]+", " ", told)))
            return ""
        return told

    walk(html5lib.parse(page, namespaceHTMLElements=False), False)
    return found


#: What stands within a line of text.
INLINE = frozenset({"a", "span", "strong", "em", "time", "mark", "abbr", "b"})


def names() -> set[str]:
    """Return names of authorities, which nobody translates."""
    found = {"Isle of Man", "· Isle of Man", "IoM IC · Isle of Man"}
    for it in authorities().values():
        found |= {it.name, it.name_en, it.address, it.abbr}
    return found


def links_of(page: str) -> Iterator[str]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    for it in tree.iter("a"):
        if it.get("href") and not it.get("hreflang"):
            yield it.get("href")
    yield from (it.get("action") for it in tree.iter("form") if it.get("action"))


@pytest.fixture(autouse=True)
def nothing_missing() -> Iterator[None]:
    """No page may leave a sentence of the program in English."""
    languages.missing.clear()
    yield
    assert languages.missing == set()


class TestEveryPage:
    @pytest.mark.parametrize("language", ALL)
    def test_is_whole_in_its_language(self, public, visitor: Reader, language: str) -> None:
        for address in PAGES:
            assert f'<html lang="{language}">' in visitor.get(at(language, address)).text, address

    def test_names_itself_in_all_languages_and_each_is_there(self, public, visitor: Reader) -> None:
        for address in PAGES:
            page = html5lib.parse(visitor.get(at("de", address)).text, namespaceHTMLElements=False)
            named = {it.get("hreflang"): it.get("href") for it in page.iter("link") if it.get("hreflang")}
            assert set(ALL) <= set(named), address
            for language in ALL:
                path = named[language].removeprefix("http://localhost")
                assert path == at(language, address)
                visitor.get(path)

    @pytest.mark.parametrize("language", OTHERS)
    def test_leads_to_pages_in_its_language(self, public, visitor: Reader, language: str) -> None:
        for address in PAGES:
            here = f"http://localhost{at(language, address)}"
            for href in links_of(visitor.get(at(language, address)).text):
                path = urljoin(here, href)
                if path.startswith("http://localhost/") and "/static/" not in path:
                    assert path.removeprefix("http://localhost").startswith(f"/{language}/"), (address, href)

    def test_offers_the_same_page_with_its_filters_in_the_other_languages(
        self, public, visitor: Reader
    ) -> None:
        page = visitor.get("/de/cases?text=posts&country=NL").text
        assert 'href="/cases?text=posts&amp;country=NL"' in page
        assert 'href="/fr/cases?text=posts&amp;country=NL"' in page

    @pytest.mark.parametrize("language", OTHERS)
    def test_that_is_refused_says_so_in_the_language(self, public, visitor: Reader, language: str) -> None:
        for address, status in REFUSED:
            english = set(said_in(visitor.get(address, status=status).text))
            page = visitor.get(at(language, address), status=status).text
            assert f'<html lang="{language}">' in page
            assert left_over(page, english) == [], address


def left_over(page: str, english: set[str]) -> list[str]:
    """Return what a page says as the English one does, and should not."""
    same = [it for it in said_in(page) if it in english and not NAMES.fullmatch(it)]
    return [it for it in dict.fromkeys(same) if ENGLISH.search(it) and it not in names()]


class TestNoEnglish:
    @pytest.mark.parametrize("language", OTHERS)
    def test_is_left_on_a_page(self, public, visitor: Reader, language: str) -> None:
        for address in PAGES:
            english = set(said_in(visitor.get(address).text))
            assert left_over(visitor.get(at(language, address)).text, english) == [], address

    @pytest.mark.parametrize("language", OTHERS)
    def test_is_left_in_the_errors_of_a_form(self, public, visitor: Reader, language: str) -> None:
        typed = "e-0-place=Nowhere&e-0-since=32&lives=a%00b&about=everything&lodged=x"
        english = set(said_in(visitor.get(f"/route?{typed}", status=422).text))
        assert left_over(visitor.get(f"/{language}/route?{typed}", status=422).text, english) == []


class TestTheDemo:
    """All cases with all that people typed, as an operator shows them."""

    @pytest.fixture
    def reader(self, demo_home: tuple[Path, dict[str, str]]) -> Reader:
        settings = config.read({"TRACKER_HOME": str(demo_home[0])})
        return Reader(create_public_app(settings))

    def test_says_nothing_in_english_that_the_program_computes(self, reader: Reader) -> None:
        # The autouse fixture looks at what was missing.
        for language in OTHERS:
            seen, waiting = set(), {f"/{language}/"}
            while waiting:
                address = waiting.pop()
                seen.add(address)
                for href in links_of(reader.get(address).text):
                    path = href.partition("#")[0]
                    if re.fullmatch(rf"/{language}/(cases|filings|projects|figures|about)(/[\w.-]+)?", path):
                        waiting |= {path} - seen
            assert len(seen) > 50

    @pytest.mark.parametrize(
        "address",
        [
            "/", "/cases", "/cases/C081", "/cases/C082", "/cases/C083", "/cases/C085", "/filings/C081-01",
            "/filings/C083-09", "/authorities/ie-dpc", "/authorities/at-dsb", "/controllers", "/figures",
            "/projects/data-transfers", "/about", "/data", "/route", "/cases?text=nothing+like+it",
            "/route?e-0-place=IE&e-0-decides=yes&lives=AT&affected=EEA&media=yes",
        ],
    )  # fmt: skip
    def test_sets_french_as_the_french_do(self, reader: Reader, address: str) -> None:
        assert badly_set(reader.get(f"/fr{address}").text) == []


class TestWhatPeopleType:
    def test_is_understood_in_the_language_of_the_page(self, public, visitor: Reader) -> None:
        answer = visitor.get("/de/route?e-0-place=%C3%96sterreich&lives=Frankreich", status=303)
        assert answer.location == "/de/route?e-0-place=AT&lives=FR"
        assert 'value="Österreich"' in visitor.get(answer.location).text

    def test_stays_in_the_language_in_which_it_was_cleared_and_says_so(self, public, visitor: Reader) -> None:
        page = visitor.get("/de/cases/C001").text
        assert '<div data-part="words" lang="en">' in page and "It went to Dublin." in page


class TestOneOfTwoFilingsThatIsLate:
    @pytest.mark.parametrize(
        ("prefix", "said"),
        [
            ("", "1 of 2 filings, late by"),
            ("/de", "1 von 2 Beschwerden, um"),
            ("/fr", "1 réclamation sur 2, en retard de"),
        ],
    )
    def test_is_told_as_one(self, app, visitor: Reader, prefix: str, said: str) -> None:
        with transaction():
            lodged(a_case(), "at-dsb", "nl-ap")
            told("C001-01", "information", date(2024, 6, 20), "at-dsb", public="It goes on.")
        clear("C001")
        assert said in words_of(visitor.get(f"{prefix}/cases/C001").text)
