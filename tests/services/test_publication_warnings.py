"""What a proposal warns of: likely slips in public text, told and never refused."""

from datetime import date
from typing import Any

import pytest

from tests.builders import a_case, lodged
from tests.publishing import told
from tracker.db import transaction
from tracker.services import cases, publication
from tracker.services.cases import NewComplainant

DAY = date(2024, 7, 1)


def texts_of(content: dict[str, Any]) -> list[str]:
    """Return the sentences that stand for a content of C001."""
    return [it.text for it in publication.warnings(cases.get_case("C001"), content)]


def warned(*, title: str = "Example: one", actor: str = "nl-ap", public: str = "Receipt.") -> list[str]:
    """Return the warnings for a case of A and Maria, with one entry for the public besides the lodging."""
    people = (NewComplainant("A", "AT"), NewComplainant("Maria", "FR"))
    with transaction():
        lodged(a_case(title=title, complainants=people), "nl-ap")
        told("C001-01", "information", DAY, actor, public=public)
    case = cases.get_case("C001")
    return texts_of(publication.default_content(case))


class TestAnAddressOfSomebody:
    def test_is_named_with_its_place(self, app):
        assert warned(public="Write to ann.b@dpa.example.org.") == [
            "Entry 2 holds the e-mail address ann.b@dpa.example.org."
        ]

    def test_is_found_in_the_title(self, app):
        assert warned(title="Example: ann@example.org") == [
            "The title holds the e-mail address ann@example.org."
        ]


class TestAPseudonym:
    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("The AP wrote to maria.", "Maria"),
            ("The AP wrote to A.", "A"),
            ("The AP heard complainant A, then the controller.", "A"),
            ("It came to the complainant (A) by post.", "A"),
        ],
    )
    def test_is_named(self, app, words, name):
        assert warned(public=words) == [f"Entry 2 holds “{name}”, the pseudonym of a complainant."]

    @pytest.mark.parametrize(
        "words",
        ["A complaint. A letter, a reply.", "The bank A/S of Mariana answered.", "Example N.A. wrote."],
    )
    def test_is_not_seen_where_it_is_another_word(self, app, words):
        assert warned(public=words) == []


class TestAnActorInWords:
    def test_is_named(self, app):
        assert warned(actor="Ann of the registry") == [
            "Entry 2 says in words who acted, “Ann of the registry”: name no person there."
        ]

    @pytest.mark.parametrize(
        "actor", ["noyb", "us", "Example Platforms Ireland Limited", "Example Platforms"]
    )
    def test_is_no_matter_where_the_public_knows_it_anyway(self, app, actor):
        assert warned(actor=actor) == []


class TestWarnings:
    def test_are_about_what_is_proposed_only(self, app):
        warned(public="Write to ann@example.org.")
        case = cases.get_case("C001")
        assert (
            texts_of(publication.content_of(case, filings=["C001-01"], updates=[1])) == []
        )


class TestWhatNobodyChecked:
    def test_is_named_once_per_kind(self, app):
        with transaction():
            made = a_case()
            lodged(made, "nl-ap", "at-dsb")
            for day in (1, 2):
                told(
                    "C001-01", "information", date(2024, 7, day), "nl-ap", public="Receipt."
                ).verified = False
            case = cases.get_case("C001")
            for it in case.filings:
                it.verified = False
            case.controllers[0].controller.verified = case.legal_verified = False
        case = cases.get_case("C001")
        content = publication.content_of(case, filings=[it.number for it in case.filings], updates=[1, 2, 3])
        claims = [it for it in texts_of(content) if "claim" in it]
        assert texts_of(content) == [
            "The filings C001-01 and C001-02 were not checked against the source.",
            "The controller Example Platforms Ireland Limited was not checked against the source.",
            *claims,
            "The entries 2 and 3 were not checked against the source.",
        ]
        assert len(claims) == 1 and "not checked against the source" in claims[0]


class TestAPartOfACase:
    def test_is_warned_of_because_the_words_are_about_the_whole(self, app):
        with transaction():
            lodged(a_case(), "nl-ap", "at-dsb")
        case = cases.get_case("C001")
        content = publication.content_of(case, filings=["C001-01"], updates=[])
        (warning,) = texts_of(content)
        assert warning.startswith("1 of 2 filings is chosen, but title, summary, claims")


class TestAFilingWhoseSourceSaysMore:
    def test_is_named_with_the_words_of_the_source(self, app):
        with transaction():
            lodged(a_case(), "nl-ap", "at-dsb")
            one, other = cases.get_case("C001").filings
            one.status_said, other.status_said = "reprimand", "unknown"
        case = cases.get_case("C001")
        content = publication.content_of(case, filings=["C001-01", "C001-02"], updates=[])
        assert texts_of(content) == [
            "The source says “reprimand” of C001-01, and no step says so: the public reads that its result "
            "is not known until the step is recorded and cleared.",
            "The source does not know what became of C001-02: the public reads that the result is not known.",
        ]
