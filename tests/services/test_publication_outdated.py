"""When what is public of a case has fallen behind its records."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.builders import lodged
from tests.publishing import clear, told, two_cases
from tracker.db import transaction
from tracker.models import Case
from tracker.rules.access import Actor
from tracker.services import cases, publication, updates

Of = Callable[[str], Actor]


@pytest.fixture
def case(app) -> Case:
    two_cases()
    return cases.get_case("C001")


def is_outdated(key: int) -> bool:
    """Return whether the records of C001 say something else, or more, than the publication."""
    records = publication.records_of(cases.get_case("C001"))
    return publication.is_outdated(publication.get_publication(key), records)


class TestWhatIsPublic:
    """It does not follow the records by itself, so the desk has to know when it has fallen behind."""

    @pytest.fixture
    def public(self, case) -> int:
        clear("C001", filings=["C001-01", "C001-02"], updates=[1, 2, 3])
        found = publication.status_of(case.id).public
        assert found is not None
        return found.id

    def test_is_up_to_date_once_it_is_cleared(self, public):
        assert not is_outdated(public)

    def test_is_outdated_once_a_filing_of_it_stands_elsewhere_in_the_file(self, public):
        with transaction():
            told("C001-02", "withdrawn", date(2024, 10, 1), "us", public=None)
        assert is_outdated(public)

    def test_is_outdated_while_what_led_a_filing_on_is_not_cleared(self, public):
        clear("C001", filings=["C001-01"], updates=[1, 2])
        again = publication.status_of(cases.get_case("C001").id).public
        assert again is not None and is_outdated(again.id)

    def test_is_outdated_once_something_with_words_for_the_public_is_recorded(self, public):
        with transaction():
            told("C001-02", "information", date(2024, 10, 1), "at-dsb", public="It has begun.")
        assert is_outdated(public)

    def test_is_outdated_once_the_case_is_lodged_elsewhere(self, public):
        with transaction():
            lodged(cases.get_case("C001"), "be-apd-gba")
        assert is_outdated(public)

    def test_is_outdated_by_what_was_recorded_while_it_waited(self, public, actor: Of):
        with transaction():
            found = cases.get_case("C001")
            content = publication.content_of(found, filings=["C001-01", "C001-02"], updates=[1, 2, 3])
            key = publication.propose(found, content, note="", by=actor("advocate")).id
        with transaction():
            told("C001-02", "information", date(2024, 10, 1), "at-dsb", public="It has begun.")
        with transaction():
            publication.clear(key, note="", by=actor("editor"))
        assert is_outdated(key)

    def test_is_up_to_date_when_something_is_recorded_for_the_file_alone(self, public):
        with transaction():
            told("C001-02", "information", date(2024, 10, 1), "at-dsb", public=None)
        assert not is_outdated(public)

    def test_is_up_to_date_when_an_entry_of_then_was_left_out_on_purpose(self, public):
        with transaction():
            told("C001-02", "information", date(2024, 10, 1), "at-dsb", public="It has begun.")
        clear("C001", filings=["C001-01", "C001-02"], updates=[1, 2, 3])
        again = publication.status_of(cases.get_case("C001").id).public
        assert again is not None and not is_outdated(again.id)

    def test_is_up_to_date_where_only_the_source_may_know_a_result(self, case):
        with transaction():
            cases.get_case("C001").filings[1].status_said = "reprimand"
            updates.get_update(case.id, 1).verified = True
        clear("C001", filings=["C001-02"], updates=[1])
        found = publication.status_of(case.id).public
        assert found is not None and found.content["filings"][0]["outcome"] == "not_known"
        assert not is_outdated(found.id)
