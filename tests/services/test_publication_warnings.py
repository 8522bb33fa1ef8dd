"""What a proposal warns of: likely slips in public text, told and never refused."""

from datetime import date
from typing import Any

import pytest

from tests.builders import a_case, lodged
from tests.publishing import same_respondent, told
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Evidence, StoredFile
from tracker.rules.access import OPTIONAL_FIELDS
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
        case, fields = cases.get_case("C001"), OPTIONAL_FIELDS - {"deadlines"}
        assert texts_of(publication.content_of(case, filings=["C001-01"], updates=[1], fields=fields)) == []


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


class TestWhatLooksLikeASlip:
    @pytest.mark.parametrize(
        ("public", "found"),
        [
            ("Call +43 1 234 56 78 now.", "the telephone number +43 1 234 56 78"),
            ("Tel. 01 / 234 5678.", "the telephone number 01 / 234 5678"),
            ("Pay to AT61 1904 3002 3457 3201.", "the number of an account AT61 1904 3002 3457 3201"),
            ("See https://drive.google.com/file/d/1/view.", "https://drive.google.com/file/d/1/view"),
            ("See https://example.org/x?token=abcd1234.", "https://example.org/x?token=abcd1234"),
            ("See https://ann:pass@example.org/x.", "https://ann:pass@example.org/x"),
            ("See https://x.example/calendar/ab12.ics.", "https://x.example/calendar/ab12.ics"),
            ("See https://x.example/desk/cases/C001.", "https://x.example/desk/cases/C001"),
        ],
    )
    def test_is_named_with_what_it_is(self, app, public: str, found: str):
        assert any(it.startswith("Entry 2 holds ") and found in it for it in warned(public=public))

    @pytest.mark.parametrize(
        "public",
        [
            "On 2024-06-20 the DSB gave it the number 2024-0.384.123 (D155.027).",
            "C-311/18, ECLI:EU:C:2020:559, fine of 1,200,000,000 euro, IN-18-5-5.",
            "See https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:62018CJ0311.",
            "See https://noyb.eu/en/project/dpa/dsb-austria?page=2#top.",
            "AT61 1904 3002 3457 3202 has wrong check digits.",
        ],
    )
    def test_is_not_seen_in_numbers_and_links_that_are_for_everybody(self, app, public: str):
        assert warned(public=public) == []


class TestWhatTheFileKeeps:
    def test_pseudonyms_of_another_case(self, app):
        with transaction():
            a_case(title="Another", complainants=(NewComplainant("Rosalinde", "FR"),))
            lodged(a_case(respondents=same_respondent("C001")), "nl-ap")
            told("C002-01", "information", DAY, "nl-ap", public="As Rosalinde said.")
        case = cases.get_case("C002")
        texts = [it.text for it in publication.warnings(case, publication.default_content(case))]
        assert texts == ["Entry 2 holds “Rosalinde”, the pseudonym of a complainant in another case."]

    def test_people_who_work_here(self, app):
        (warning,) = warned(public="As The lawyer wrote.")
        assert warning == "Entry 2 names “The lawyer”, who has an account here."

    def test_where_a_complainant_lives_where_it_tells(self, app):
        (warning,) = warned(public="The complainant lives in France.")
        assert warning.startswith("Entry 2 names France, where a complainant lives or works")

    def test_a_country_alone_tells_nothing(self, app):
        assert warned(public="The CNIL sits in France.") == []

    def test_words_of_an_entry_that_is_not_chosen(self, app):
        warned(public="Receipt.")
        with transaction():
            secret = "They told us by telephone that nobody reads these complaints."
            told("C001-01", "information", DAY, "nl-ap", public=None).words = secret
            told("C001-01", "information", DAY, "nl-ap", public=f"Note: {secret}")
        case = cases.get_case("C001")
        chosen = publication.content_of(case, filings=["C001-01"], updates=[1, 4])
        assert texts_of(chosen) == ["Entry 4 repeats words of entry 3, which is not chosen."]
        assert texts_of(publication.content_of(case, filings=["C001-01"], updates=[1, 3, 4])) == []

    def test_names_of_kept_files(self, app):
        warned(public="It stands in letter to Ann.pdf for all to see.")
        assert texts_of(publication.default_content(cases.get_case("C001"))) == []
        with transaction():
            case = cases.get_case("C001")
            db.session.add(StoredFile(sha256="ab", bytes=1, media_type="text/plain", stored_at=clock.now()))
            db.session.flush()
            kept = {"sha256": "ab", "title": "A letter", "kept_at": clock.now(), "kept_by": "shell"}
            db.session.add(Evidence(case_id=case.id, exhibit=1, original_name="letter to Ann.pdf", **kept))
        (warning,) = texts_of(publication.default_content(cases.get_case("C001")))
        assert "holds the name of a kept file, letter to Ann.pdf (exhibit 1)" in warning

    def test_numbers_at_authorities_that_are_not_cleared(self, app):
        warned(public="They call it z2024-77.")
        with transaction():
            told("C001-01", "acknowledged", DAY, "nl-ap", public=None, reference="z2024-77")
        case = cases.get_case("C001")
        hidden = publication.content_of(case, filings=["C001-01"], updates=[1, 2])
        assert texts_of(hidden) == ["Entry 2 holds z2024-77, a number of C001-01 that is not cleared."]
        shown = publication.content_of(case, filings=["C001-01"], references=["C001-01"], updates=[1, 2, 3])
        assert texts_of(shown) == []


class TestEveryWarning:
    def test_says_where_it_is_changed_and_has_a_mark_of_its_own(self, app):
        warned(title="Example: ann@example.org", public="Write to bob@example.org.")
        case = cases.get_case("C001")
        found = publication.warnings(case, publication.default_content(case))
        assert [it.place for it in found] == [("case", None), ("entry", 2)]
        assert len({it.mark for it in found}) == 2

    def test_costs_the_same_for_a_long_case(self, app, statements):
        counts = []
        for many in (1, 30):
            with transaction():
                more = {"respondents": same_respondent("C001")} if counts else {}
                number = a_case(**more).number
                lodged(cases.get_case(number), "nl-ap")
                for _ in range(many):
                    told(f"{number}-01", "information", DAY, "nl-ap", public="Receipt.")
            case = cases.get_case(number)
            content = publication.default_content(case)
            statements.clear()
            publication.warnings(case, content)
            counts.append(len(statements))
        assert counts[0] == counts[1]
