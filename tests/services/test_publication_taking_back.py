"""A part taken back from the public: one person, at once, and no new word of the file slips out with it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.publishing import clear, told, two_cases
from tracker import clock
from tracker.db import PUBLIC, db, transaction
from tracker.errors import RuleBroken
from tracker.models import Entry, PublishedCase, PublishedFiling, PublishedUpdate
from tracker.rules.access import SHELL, Actor
from tracker.rules.vocabulary import PublicationState, WithdrawalReason
from tracker.services import cases, publication

Of = Callable[[str], Actor]
ALL = ["C001-01", "C001-02", "C001-03"]


@pytest.fixture
def case(app) -> None:
    two_cases()
    clear("C001", filings=ALL, references=["C001-01"], updates=[1, 2, 3])


def take_back(kind: str, key: Any, *, by: Actor = SHELL) -> None:
    with transaction():
        publication.take_back(cases.get_case("C001"), (kind, key), note="Why.", by=by)
    with transaction(PUBLIC):
        publication.refresh(["C001"])


def content() -> dict[str, Any]:
    public = publication.status_of(cases.get_case("C001").id).public
    assert public is not None
    return public.content


class TestAnEntryThatIsTakenBack:
    def test_is_gone_at_once_by_one_person_and_what_followed_from_it_too(self, case, actor: Of):
        stage = {it.number: it.stage for it in db.session.scalars(sa.select(PublishedFiling))}
        take_back("updates", 3, by=actor("editor"))
        assert sorted(db.session.scalars(sa.select(PublishedUpdate.number))) == [1, 2]
        now = {it.number: it.stage for it in db.session.scalars(sa.select(PublishedFiling))}
        assert (stage["C001-01"], now["C001-01"]) == ("forwarded", "acknowledged")
        assert not [it for it in content()["deadlines"] if it["start_number"] == 3]

    def test_lets_nobody_be_called_late_who_was_in_time_a_moment_before(self, case):
        with transaction():
            answer = told("C001-02", "information", date(2024, 8, 1), "at-dsb", public="News.").number
        clear("C001", filings=ALL, references=["C001-01"], updates=[1, 2, 3, answer])
        owed = {(it["filing"], it["period"]): it for it in content()["deadlines"]}
        assert owed["C001-02", "G15"]["met_on"] == "2024-08-01"
        take_back("updates", answer)
        after = {(it["filing"], it["period"]): it for it in content()["deadlines"]}
        assert ("C001-02", "G15") not in after
        assert after["C001-03", "G15"] == owed["C001-03", "G15"]
        found = cases.get_case("C001")
        assert publication.late_in_public(found, content()) == []

    def test_takes_nothing_along_that_the_file_says_by_now(self, case):
        with transaction():
            found = cases.get_case("C001")
            found.title, found.summary = "Not cleared", "Not cleared either."
            told("C001-02", "acknowledged", date(2024, 7, 1), "at-dsb", public="Nobody cleared this.")
        before = content()
        take_back("updates", 3)
        after = content()
        assert after["case"] == before["case"] and "Not cleared" not in str(after)
        assert [it["number"] for it in after["updates"]] == [1, 2]
        by_number = {it["number"]: it for it in after["filings"]}
        assert by_number["C001-01"]["stage"] == "acknowledged"
        assert by_number["C001-02"] == next(it for it in before["filings"] if it["number"] == "C001-02")

    def test_is_not_ticked_again_by_itself(self, case):
        take_back("updates", 2)
        found = cases.get_case("C001")
        public = publication.completed(content())
        ticked = publication.suggested(found, public, publication.records_of(found))
        assert ticked["updates"] == [1, 3]
        assert 2 in publication.proposed_updates(publication.records_of(found))

    def test_leaves_its_reason_in_the_journal_and_who_proposed_the_text(self, case, actor: Of):
        with transaction():
            publication.take_back(
                cases.get_case("C001"),
                ("updates", 3),
                note="Names somebody.",
                by=actor("editor"),
                reason=WithdrawalReason.PERSON,
            )
        line = db.session.scalars(sa.select(Entry).where(Entry.act == "publication.take_back")).one()
        assert (line.detail["kind"], line.detail["key"], line.detail["reason"]) == ("updates", 3, "person")
        newest, before = publication.history_of(cases.get_case("C001").id)
        assert (newest.proposed_at, newest.decided_by) == (before.proposed_at, actor("editor").key)
        assert (newest.decision_note, before.state) == ("Names somebody.", PublicationState.REPLACED)


class TestAFilingThatIsTakenBack:
    def test_answers_that_it_was_withdrawn(self, case):
        take_back("filings", "C001-02")
        assert sorted(db.session.scalars(sa.select(PublishedFiling.number))) == ["C001-01", "C001-03"]
        (row,) = db.session.scalars(sa.select(PublishedCase)).all()
        assert row.withdrawn_filings == ["C001-02"]

    def test_takes_the_entries_along_that_are_about_it_alone_also_where_the_file_went_on(self, case):
        with transaction():
            cases.get_case("C001").title = "Not cleared"
        take_back("filings", "C001-01")
        assert [it["number"] for it in content()["updates"]] == [1]
        assert content()["updates"][0]["filings"] == ["C001-02", "C001-03"]
        assert {it["filing"] for it in content()["deadlines"]} <= {"C001-02", "C001-03"}
        assert "C001-01" not in str({**content(), "texts": []})

    def test_is_refused_where_nothing_would_be_left(self, case):
        take_back("filings", "C001-02")
        take_back("filings", "C001-03")
        with pytest.raises(RuleBroken, match="withdraw the whole case"):
            take_back("filings", "C001-01")


class TestAnyOtherPart:
    @pytest.mark.parametrize("went_on", [False, True])
    @pytest.mark.parametrize(
        ("kind", "key", "gone"),
        [
            ("references", "C001-01", "z2024-1"),
            ("fields", "summary", "About the first."),
            ("fields", "claims", "6(1)(f)"),
            ("fields", "controllers", "Example Platforms"),
        ],
    )
    def test_is_gone_wherever_it_stood(self, case, went_on: bool, kind: str, key: str, gone: str):
        with transaction():
            cases.get_case("C001").title = "Not cleared" if went_on else "Example: one"
        assert gone in str(content())
        take_back(kind, key)
        left = {**content(), "filings": [{**it, "lead_sentence": ""} for it in content()["filings"]]}
        assert gone not in str(left) and "Not cleared" not in str(left)

    def test_that_is_not_public_is_refused(self, case):
        for part in (("updates", 9), ("filings", "C002-01"), ("hearings", 1)):
            with pytest.raises(RuleBroken, match="is not public"):
                take_back(*part)


class TestWhatIsUnderEmbargo:
    def test_loses_the_part_too(self, case):
        with transaction():
            found = cases.get_case("C001")
            all_of_it = publication.content_of(found, filings=ALL, updates=[1, 2, 3])
            proposed = publication.propose(found, all_of_it, note="", by=SHELL)
            later = clock.now() + timedelta(days=1)
            publication.clear(proposed.id, note="", by=SHELL, until=later)
        take_back("updates", 3)
        held = publication.status_of(cases.get_case("C001").id).embargoed
        assert held is not None and held.embargo_until == later
        assert [it["number"] for it in held.content["updates"]] == [1, 2]
