"""The search over what is public: what it finds, in which order, and where it says that it was."""

from datetime import date

import pytest

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, told, withdraw
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedCase, PublishedDecision
from tracker.rules.vocabulary import Precision
from tracker.services import public_site_list as lists
from tracker.services import publication_index
from tracker.services.public_site_filters import Filters
from tracker.services.public_site_rows import CaseRow
from tracker.services.public_site_search import phrases_of

#: Of C001 its reference at the authority is public too.
TOLD = {"filings": ["C001-01", "C001-02"], "references": ["C001-01"], "updates": [1, 2]}


@pytest.fixture
def public(app) -> None:
    """C001 about a réclamation, told in words; C002 that names tracking in its title, C003 in an entry."""
    with transaction():
        made = a_case(title="Meta: une réclamation", summary="What people posted since 2007.", project="KI")
        lodged(made, "nl-ap", "at-dsb")
        told("C001-01", "acknowledged", date(2024, 6, 20), "nl-ap", public="Stamped.", reference="z2024-77")
        others = same_respondent("C001")
        lodged(a_case(title="Tracking without consent", respondents=others), "fr-cnil")
        lodged(a_case(title="Something else", respondents=others), "fr-cnil", on=date(2024, 7, 1))
        words = "The authority asked about tracking; it wants to know of every partner by name."
        told("C003-01", "acknowledged", date(2024, 9, 2), "fr-cnil", public=words)
    for number in ("C001", "C002", "C003"):
        clear(number, **(TOLD if number == "C001" else {}))


def found(text: str, **more: str) -> list[str]:
    return [it.number for it in lists.find_cases(Filters(text=text, **more)).rows]


def the_row(text: str) -> CaseRow:
    (row,) = lists.find_cases(Filters(text=text)).rows
    return row


class TestAWord:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            pytest.param("reclamation", ["C001"], id="without its accent"),
            pytest.param("RÉCLAMATION", ["C001"], id="in capitals"),
            pytest.param("recl", ["C001"], id="of which only the beginning is typed"),
            pytest.param("recl meta", [], id="that goes on is only the last"),
            pytest.param("clamation", [], id="does not begin in the middle"),
            pytest.param("meta 2007", ["C001"], id="and another, in different parts of the case"),
            pytest.param("meta tracking", [], id="and another, in different cases"),
            pytest.param("C001-02", ["C001"], id="a number of a filing"),
            pytest.param("z2024-77", ["C001"], id="a reference at an authority"),
            pytest.param("autoriteit persoonsgegevens", ["C001"], id="the name of an authority"),
            pytest.param("stamped", ["C001"], id="of an entry"),
            pytest.param('"without consent"', ["C002"], id="in quotes, together"),
            pytest.param('"consent without"', [], id="in quotes, in that order"),
            pytest.param("file only", [], id="that was never cleared"),
        ],
    )
    def test_is_found_as_somebody_types_it(self, public, text, numbers):
        assert found(text) == numbers

    @pytest.mark.parametrize(
        "text",
        [
            'a" OR * NEAR(',
            "NOT",
            "title:meta",
            '"',
            '""',
            "*",
            "meta*)",
            "-meta",
            "' & | ! <->",
            "%_\\",
            "^zz",
        ],
    )
    def test_is_only_a_word_whatever_it_means_to_a_database(self, public, text):
        assert set(found(text)) <= {"C001"}

    def test_is_gone_with_the_case(self, public):
        withdraw("C001")
        assert found("reclamation") == []

    def test_of_signs_alone_finds_nothing(self, public):
        assert found("%%") == [] and phrases_of("%% --") == ()


class TestTheOrder:
    def test_begins_with_what_has_the_word_in_its_title(self, public):
        assert found("tracking") == ["C002", "C003"]

    def test_is_that_of_lodging_where_all_fit_alike(self, public):
        with transaction():
            for year in (2020, 2022, 2021):
                made = a_case(title="Quokka", respondents=same_respondent("C001"))
                lodged(made, "pl-uodo", on=date(year, 6, 6))
        for number in ("C004", "C005", "C006"):
            clear(number)
        assert found("quokka") == ["C005", "C006", "C004"]

    @pytest.mark.parametrize(
        ("sort", "numbers"),
        [
            ("newest", ["C003", "C002", "C001"]),
            ("waiting", ["C001", "C002", "C003"]),
            ("number", ["C001", "C002", "C003"]),
        ],
    )
    def test_is_the_one_that_was_asked_for(self, public, sort, numbers):
        for filters in (Filters(), Filters(text="example")):
            rows = lists.find_cases(filters, sort=sort).rows
            assert [it.number for it in rows] == numbers

    def test_knows_filters_too(self, public):
        assert found("tracking", country="FR") == ["C002", "C003"]
        assert found("tracking", country="NL") == []


class TestThePlace:
    def test_is_the_entry_with_its_words_marked(self, public):
        rows = lists.find_cases(Filters(text="tracking")).rows
        place = rows[1].place
        assert place and (place.kind, place.number) == ("entry", 2)
        assert [words for words, fits in place.parts if fits] == ["tracking"]
        assert "".join(words for words, _ in place.parts).startswith("The authority asked about tracking;")

    def test_is_the_title_where_it_has_the_words(self, public):
        place = the_row("reclamation").place
        assert place and place.kind == "title"
        assert ("réclamation", True) in place.parts

    def test_is_where_most_of_the_words_are(self, public):
        place = the_row("meta people posted").place
        assert place and place.kind == "summary"

    def test_is_none_where_only_an_authority_has_the_name(self, public):
        assert the_row("autoriteit persoonsgegevens").place is None


class TestACaseInOtherLanguages:
    def test_is_found_by_them_and_says_in_which(self, app):
        with transaction():
            lodged(a_case(title="AI from posts"), "nl-ap")
        clear("C001")
        with transaction(PUBLIC):
            case = db.session.get(PublishedCase, "C001")
            assert case is not None
            case.texts = {"de": {"title": "KI aus Beiträgen", "summary": "Ohne Einwilligung trainiert."}}
            db.session.flush()
            publication_index.index(["C001"])
        row = the_row("einwilligung")
        assert row.place and (row.place.kind, row.place.language) == ("summary", "de")
        assert row.titles == {"de": "KI aus Beiträgen"} and row.language == "en"

    def test_tells_of_a_decision_in_its_own_whatever_that_of_the_paper_is(self, app):
        with transaction():
            lodged(a_case(title="AI from posts"), "nl-ap")
        clear("C001")
        new = {"case_number": "C001", "position": 1, "type": "final", "decided_by": "BVwG", "language": "de"}
        new |= {"decided_precision": Precision.UNKNOWN, "appeal": "none_known", "summary": "It was unlawful."}
        new |= {it: [] for it in ("filings", "findings", "measures", "entries", "fines")}
        with transaction(PUBLIC):
            db.session.add(PublishedDecision(**new))
            db.session.flush()
            publication_index.index(["C001"])
        place = the_row("unlawful").place
        assert place and (place.kind, place.language) == ("decision", "en")
