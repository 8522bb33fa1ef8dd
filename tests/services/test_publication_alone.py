"""The operator at the terminal, who proposes and clears alone: what is kept, answered and told."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.publishing import alone, clear, told, two_cases, withdraw
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Case, Publication
from tracker.rules.access import SHELL
from tracker.rules.days import words
from tracker.services import cases, publication


@pytest.fixture
def case(app) -> Case:
    two_cases()
    return cases.get_case("C001")


class TestTheOperatorAlone:
    def test_keeps_numbers_and_entries_that_are_public_already(self, case):
        clear("C001", filings=["C001-01"], references=["C001-01"], updates=[1, 2, 3])
        changes = alone("C001")
        public = publication.status_of(cases.get_case("C001").id).public
        assert public is not None
        assert [it["reference"] for it in public.content["filings"]] == ["z2024-1", None, None]
        assert [it["number"] for it in public.content["updates"]] == [1, 2, 3]
        assert "Filing C001-02" in changes and "Filing C001-01" not in changes

    def test_is_told_that_nothing_changes(self, case):
        for changes in ("For the first time: 3 filings, 2 entries", "Nothing that is not public already"):
            assert alone("C001") == changes

    def test_is_told_that_it_was_withdrawn_before(self, case):
        for _ in range(2):
            alone("C001")
            withdraw("C001")
        day = words(clock.today())
        assert alone("C001") == f"Again, after it was withdrawn on {day}: 3 filings, 2 entries"

    def test_is_listed_by_the_last_time_that_it_was_withdrawn(self, case):
        for _ in range(2):
            alone("C001")
            withdraw("C001")
        with transaction():
            first = db.session.scalars(sa.select(Publication).order_by(Publication.id)).first()
            first.withdrawn_at = datetime(2024, 1, 1, tzinfo=UTC)
            proposed = cases.get_case("C001")
            publication.propose(proposed, publication.default_content(proposed), note="", by=SHELL)
        (waiting,) = publication.waiting()
        assert waiting.changes.startswith(f"Again, after it was withdrawn on {words(clock.today())}: ")

    def test_makes_nothing_public_before_every_warning_is_answered(self, case):
        with transaction():
            told("C001-02", "acknowledged", date(2024, 7, 1), "at-dsb", public="Write to ann@example.org.")
        with pytest.raises(publication.Unanswered) as refusal, transaction():
            publication.publish_alone(cases.get_case("C001"), note="", by=SHELL)
        assert len(refusal.value.warned) == 2
        assert any("ann@example.org" in it.text for it in refusal.value.warned)
        assert publication.status_of(cases.get_case("C001").id).public is None
        assert publication.history_of(cases.get_case("C001").id) == []

    def test_answers_nothing_again_of_what_is_public_but_who_is_called_late(self, case):
        with transaction():
            told("C001-02", "acknowledged", date(2024, 7, 1), "at-dsb", public="Write to ann@example.org.")
        alone("C001")
        with pytest.raises(publication.Unanswered) as refusal, transaction():
            publication.publish_alone(cases.get_case("C001"), note="", by=SHELL)
        (late,) = refusal.value.warned
        assert "the Dutch AP is late" in late.text
