"""Case texts in the language of the reader where they were cleared in it, and the original labelled."""

import re
from datetime import date
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, told
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedCase, PublishedContent
from tracker.rules.access import SHELL
from tracker.services import cases, cases_texts, publication
from tracker.services.cases import NewClaim
from tracker.services.cases_texts import NewText

GERMAN = "Beispiel: Daten ohne Grund"
#: What German readers read as it is, and others with its language named: each is on the page of the case.
WRITTEN = ("Gespeichert ohne Grund.", "Löschung", "Sie ist da.")

#: Of C001, in the language of the case whatever that of the paper was.
DECISION = {
    **{"number": 1, "position": 1, "type": "final", "decided_by": "DSB", "decided_by_slug": "at-dsb"},
    **{
        "decided": {"on": "2024-09-02", "precision": "day"},
        "reference": None,
        "ecli": None,
        "language": "en",
    },
    **{"source": None, "summary": "Die Behörde gab recht.", "appeal": "none_known", "appeal_to": None},
    **{"filings": [{"number": "C001-01", "result": "upheld"}], "findings": [], "fines": [], "entries": [2]},
    "measures": [{"letter": "f", "words": "Weitergabe beenden.", "comply_by": None}],
}
HEARING = {
    **{"uid": "one", "sequence": 0, "filings": ["C001-01"], "court": "BVwG", "day": "2027-01-01"},
    **{"zone": "Europe/Vienna", "starts_at": None, "place": None, "what": "Verhandlung", "cancelled": False},
}


def opened(language: str, *texts: NewText, **values: Any) -> None:
    """Clear C001, written in a language, with one entry and what was translated."""
    with transaction():
        case = a_case(
            **{
                "title": GERMAN,
                "summary": "Worum es geht.",
                "language": language,
                "claims": (NewClaim("6(1)(f)", "Gespeichert ohne Grund."),),
                "requested": ("Löschung",),
                **values,
            }
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

    def test_of_the_title_alone_is_told_below_it_with_the_way_to_the_original(self, app, visitor: Reader):
        opened("de", NewText("en", "Example: data without a reason"))
        page = visitor.get("/cases/C001").text
        assert page.count('<a href="/de/cases/C001" hreflang="de">Original: German</a>') == 1
        assert page.index("Our translation.") < page.index("There is no translation of this text yet.")

    def test_is_told_of_once(self, german, visitor: Reader):
        assert visitor.get("/cases/C001").text.count("Our translation.") == 1

    @pytest.mark.parametrize(
        ("address", "label"),
        [
            ("/cases", "(translation: French)"),
            ("/de/cases", "(Übersetzung: Französisch)"),
            ("/fr/cases", ""),
        ],
    )
    def test_that_is_quoted_to_others_is_not_called_the_original(self, app, visitor: Reader, address, label):
        opened("de", NewText("fr", "Exemple", "De quoi parle cette affaire."))
        said = main_of(visitor, f"{address}?text=parle")
        assert "De quoi parle cette affaire." in said and label in said
        assert "riginal: French" not in said and "riginal: Französisch" not in said
        assert label or not re.search("traduction|original", said)

    def test_into_the_language_of_the_original_is_never_shown(self, german, visitor: Reader):
        other = {"title": "Anders", "summary": "Anders."}
        with transaction(PUBLIC):
            db.session.execute(sa.update(PublishedCase).values(texts={"de": other}))
            row = db.session.scalars(sa.select(PublishedContent)).one()
            row.content = {**row.content, "texts": [{"language": "de", **other}]}
        for address in ("/de/", "/de/cases", "/de/cases/C001", "/de/authorities/at-dsb"):
            said = main_of(visitor, address)
            assert GERMAN in said and "Anders" not in said


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

    @pytest.mark.parametrize(
        "address",
        ["/fr/", "/fr/cases", "/fr/cases?text=Daten", "/fr/filings/C001-01", "/fr/authorities/at-dsb"],
    )
    def test_is_labelled_wherever_its_title_stands(self, german, visitor: Reader, address: str):
        said = main_of(visitor, address)
        assert 0 < said.count(GERMAN) == said.count(f"{GERMAN} (original : allemand)")

    @pytest.mark.parametrize("address", ["/fr/cases/C001", "/fr/filings/C001-01"])
    def test_is_marked_in_the_line_to_cite(self, german, visitor: Reader, address: str):
        (line,) = re.findall(r'<span id="cite">.*', visitor.get(address).text)
        assert f'<span lang="de">{GERMAN}</span>' in line

    @pytest.mark.parametrize("values", [{"requested": ()}, {"claims": (NewClaim("6(1)(f)"),)}])
    def test_is_labelled_below_claims_and_what_was_asked_for(self, app, visitor: Reader, values):
        opened("de", NewText("en", "Example", "What it is about."), **values)
        assert main_of(visitor, "/cases/C001").count("Original: German") == 3, "summary, claims, protocol"

    def test_is_not_spoken_of_below_provisions_alone(self, app, visitor: Reader):
        opened("de", requested=(), claims=(NewClaim("6(1)(f)"),))
        page = visitor.get("/cases/C001").text
        claims = page[page.index('id="claims"') : page.index('id="protocol"')]
        assert "Original" not in claims

    def test_is_labelled_at_decisions_hearings_and_the_outcome(self, german, visitor: Reader):
        with transaction(PUBLIC):
            row = db.session.scalars(sa.select(PublishedContent)).one()
            case = {**row.content["case"], "outcome_text": "Gewonnen."}
            row.content = {**row.content, "case": case, "decisions": [DECISION], "hearings": [HEARING]}
        for address in ("/cases/C001", "/filings/C001-01"):
            said = main_of(visitor, address)
            assert "Weitergabe beenden. (original: German)" in said
            assert "Die Behörde gab recht. Original: German" in said.replace(
                "recht.Original", "recht. Original"
            )
            assert "Verhandlung (original: German)" in said
        said = main_of(visitor, "/cases/C001")
        assert re.search(r"Gewonnen\. ?Original: German", said)
        assert foreign(visitor, "/cases/C001")["Gewonnen."] == "de"

    def test_is_not_spoken_of_where_no_entry_has_words(self, app, visitor: Reader):
        opened("de")
        with transaction(PUBLIC):
            row = db.session.scalars(sa.select(PublishedContent)).one()
            row.content = {**row.content, "updates": [{**it, "words": ""} for it in row.content["updates"]]}
        assert "The words of the entries are not translated" not in main_of(visitor, "/cases/C001")

    @pytest.mark.parametrize("address", ["/", "/cases?text=Sie+ist+da", "/cases/C001"])
    def test_is_labelled_where_an_entry_is_quoted(self, german, visitor: Reader, address: str):
        assert "Sie ist da. (original: German)" in main_of(visitor, address)

    def test_is_labelled_among_the_most_active_cases(self, german, visitor: Reader):
        with transaction():
            told("C001-01", "information", date(2024, 9, 2), "at-dsb", public="Sie wartet.")
            # The case with the most filings pending stands in a place of its own.
            lodged(a_case(title="Another", respondents=same_respondent("C001")), "fr-cnil", "nl-ap")
        clear("C001")
        clear("C002")
        tree = html5lib.parse(visitor.get("/fr/").text, namespaceHTMLElements=False)
        (section,) = [it for it in tree.iter("section") if it.get("aria-labelledby") == "moving"]
        said = " ".join("".join(section.itertext()).split())
        assert f"{GERMAN} (original : allemand)" in said

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
