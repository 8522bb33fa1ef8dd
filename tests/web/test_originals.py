"""Case texts in the language of the reader where they were cleared in it, and the original labelled."""

import re
from datetime import date

import html5lib
import pytest

from tests.builders import a_case, lodged
from tests.publishing import clear, told
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import db, transaction
from tracker.models import PublishedCase
from tracker.rules.access import SHELL
from tracker.services import cases, cases_texts, publication
from tracker.services.cases import NewClaim
from tracker.services.cases_texts import NewText

GERMAN = "Beispiel: Daten ohne Grund"
#: What German readers read as it is, and others with its language named: each is on the page of the case.
WRITTEN = ("Gespeichert ohne Grund.", "Löschung", "Sie ist da.")


def opened(language: str, *texts: NewText) -> None:
    """Clear C001, written in a language, with one entry and what was translated."""
    with transaction():
        case = a_case(
            title=GERMAN,
            summary="Worum es geht.",
            language=language,
            claims=(NewClaim("6(1)(f)", "Gespeichert ohne Grund."),),
            requested=("Löschung",),
        )
        lodged(case, "at-dsb")
        told("C001-01", "acknowledged", date(2024, 6, 20), "at-dsb", public="Sie ist da.")
        cases_texts.write_texts(cases.get_case("C001"), texts, seen={}, by=SHELL)
    clear("C001")


@pytest.fixture
def german(app) -> None:
    opened("de", NewText("en", "Example: data without a reason", "What it is about."))


def main_of(reader: Reader, address: str) -> str:
    """Return the words of a page that are about the case, in single spaces that may break."""
    tree = html5lib.parse(reader.get(address).text, namespaceHTMLElements=False).find(".//main")
    return " ".join("".join(tree.itertext()).split())


def foreign(reader: Reader, address: str) -> dict[str, str]:
    """Return by text the language in which a part of a page is marked to be."""
    tree = html5lib.parse(reader.get(address).text, namespaceHTMLElements=False).find(".//main")
    return {" ".join("".join(it.itertext()).split()): it.get("lang") for it in tree.iter() if it.get("lang")}


class TestATranslation:
    def test_is_what_its_readers_get_with_the_way_to_the_original(self, german, visitor: Reader):
        page = visitor.get("/cases/C001").text
        said = words_of(page)
        assert "Example: data without a reason" in said and "What it is about." in said
        assert GERMAN not in said and "Our translation. Original: German" in said
        assert '<a href="/de/cases/C001" hreflang="de">Original: German</a>' in page

    def test_stands_in_lists_without_a_label(self, german, visitor: Reader):
        assert "Example: data without a reason (original" not in main_of(visitor, "/cases")

    def test_is_not_spoken_of_to_readers_of_the_original(self, german, visitor: Reader):
        said = main_of(visitor, "/de/cases/C001")
        assert GERMAN in said and "Original" not in said and "Übersetzung" not in said
        assert not foreign(visitor, "/de/cases/C001")


class TestTheOriginal:
    @pytest.mark.parametrize(
        ("address", "label"), [("/cases/C001", "Original: German"), ("/fr/cases/C001", "Original : allemand")]
    )
    def test_is_labelled_where_nothing_else_was_cleared(self, german, visitor: Reader, address, label):
        said, marked = main_of(visitor, address), foreign(visitor, address)
        assert all(marked.get(it) == "de" for it in WRITTEN), marked
        assert f"{WRITTEN[1]} {label}" in said
        assert re.search(rf"(not translated|pas traduits)\. {label}", said)

    def test_is_labelled_in_the_head_where_the_title_has_no_translation(self, german, visitor: Reader):
        said = main_of(visitor, "/fr/cases/C001")
        assert foreign(visitor, "/fr/cases/C001")[GERMAN] == "de"
        assert "original : allemand" in said and "pas encore traduit. Original : allemand" in said
        assert "original: German" not in main_of(visitor, "/cases/C001").partition("Last:")[0]

    @pytest.mark.parametrize("address", ["/fr/", "/fr/cases", "/fr/cases?text=Daten", "/fr/filings/C001-01"])
    def test_is_labelled_wherever_its_title_stands(self, german, visitor: Reader, address: str):
        assert f"{GERMAN} (original : allemand)" in main_of(visitor, address)

    @pytest.mark.parametrize("address", ["/", "/cases?text=Sie+ist+da", "/cases/C001"])
    def test_is_labelled_where_an_entry_is_quoted(self, german, visitor: Reader, address: str):
        assert "Sie ist da. (original: German)" in main_of(visitor, address)

    def test_is_labelled_in_the_protocol_of_a_filing(self, german, visitor: Reader):
        said = main_of(visitor, "/filings/C001-01")
        assert "The words of the entries are not translated. Original: German" in said

    @pytest.mark.parametrize("address", ["/feed.json", "/cases/C001.feed.json", "/filings/C001-01.feed.json"])
    def test_is_labelled_in_feeds_as_on_pages(self, german, visitor: Reader, address: str):
        def told(prefix: str) -> tuple[str, str, str]:
            given = visitor.get(f"{prefix}{address}").json
            newest = given["items"][0]
            return given["title"], newest["title"], newest["content_text"].split("\n")[0]

        _, titled, words = told("/fr")
        assert titled.startswith(f"C001 {GERMAN} (original\N{NO-BREAK SPACE}: allemand)")
        assert words == "Sie ist da. (original\N{NO-BREAK SPACE}: allemand)"
        of, titled, words = told("")
        assert titled.startswith("C001 Example: data without a reason: ")
        assert words == "Sie ist da. (original: German)"
        assert GERMAN not in of and ("C001" not in of or of.endswith("Example: data without a reason"))
        of, titled, words = told("/de")
        assert titled.startswith(f"C001 {GERMAN}: ") and words == "Sie ist da."

    def test_in_a_language_that_the_site_does_not_speak_is_labelled_in_all(self, app, visitor: Reader):
        opened("it", NewText("de", GERMAN, "Worum es geht."))
        for address, label in (("/", "(original: Italian)"), ("/de/", "(Original: Italienisch)")):
            assert label in main_of(visitor, address)
        page = visitor.get("/de/cases/C001").text
        assert "Unsere Übersetzung. Original: Italienisch" in words_of(page)
        assert 'hreflang="it"' not in page

    def test_is_named_in_what_is_given_away(self, german, visitor: Reader):
        given = visitor.get("/cases/C001.json").json["case"]
        assert (given["language"], given["title"]) == ("de", GERMAN)
        assert given["texts"]["en"]["title"] == "Example: data without a reason"


class TestAnotherLanguageOfACase:
    def test_is_public_only_when_it_is_cleared(self, german, visitor: Reader):
        with transaction():
            cases.get_case("C001").language = "it"
        row = db.session.get(PublishedCase, "C001")
        assert row is not None and row.language == "de"
        assert "Italian" not in visitor.get("/cases/C001").text
        public = publication.status_of(cases.get_case("C001").id).public
        assert public is not None
        found = {it.what: it for it in publication.compare(public.content, now())}
        told = found["Language in which it is written"]
        assert (told.before, told.after) == ("German", "Italian")
        clear("C001")
        assert "Original: Italian" in visitor.get("/cases/C001").text


def now():
    """Return what a proposal would hold."""
    return publication.default_content(cases.get_case("C001"))
