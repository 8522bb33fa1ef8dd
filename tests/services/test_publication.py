"""Publication: who proposes, who clears, what reaches the public store and how it leaves it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import lodged
from tests.publishing import clear, told, two_cases, withdraw
from tracker.db import PUBLIC, db, transaction
from tracker.errors import RuleBroken
from tracker.models import (
    Case,
    Entry,
    Publication,
    PublishedAuthority,
    PublishedCase,
    PublishedDeadline,
    PublishedFiling,
    PublishedTakenBack,
    PublishedUpdate,
)
from tracker.rules.access import SHELL, Actor
from tracker.rules.vocabulary import PublicationState
from tracker.services import cases, publication
from tracker.services.cases_amending import Amended, amend_case

Of = Callable[[str], Actor]


@pytest.fixture
def case(app) -> Case:
    two_cases()
    return cases.get_case("C001")


def proposed(by: Actor, **chosen: Any) -> int:
    """Propose C001, all of it unless told otherwise, and return the key of the proposal."""
    with transaction():
        found = cases.get_case("C001")
        content = publication.content_of(found, **chosen) if chosen else publication.default_content(found)
        return publication.propose(found, content, note="", by=by).id


def is_outdated(key: int) -> bool:
    """Return whether the records of C001 say something else than the publication."""
    records = publication.records_of(cases.get_case("C001"))
    return publication.is_outdated(publication.get_publication(key), records)


def public_rows() -> dict[str, list[dict[str, Any]]]:
    """Return every row of the public store."""
    found = {}
    for model in (PublishedCase, PublishedFiling, PublishedUpdate, PublishedAuthority):
        table = model.__table__
        query = sa.select(table).order_by(*table.primary_key.columns)
        rows = db.session.execute(query, bind_arguments={"bind": db.engines[PUBLIC]})
        found[table.name] = [dict(it._mapping) for it in rows]
    db.session.rollback()
    return found


class TestAFilingThatWasClosed:
    def test_waits_no_more_though_nobody_recorded_with_which_result(self, app):
        two_cases()
        with transaction():
            told(
                "C001-02", "closed", date(2025, 2, 3), "at-dsb", public="Closed.", irregular="So they wrote."
            )
        content = publication.content_of(
            cases.get_case("C001"), filings=["C001-01", "C001-02"], updates=[1, 4]
        )
        assert [it["outcome"] for it in content["filings"]] == ["pending", "not_recorded"]


class TestAProposal:
    def test_makes_nothing_public(self, case):
        proposed(SHELL)
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert public_rows()["published_cases"] == []

    def test_waits_with_the_case_it_is_about(self, case, actor: Of):
        key = proposed(actor("advocate"))
        (waiting,) = publication.waiting()
        assert (waiting.publication.id, waiting.number, waiting.title) == (key, "C001", "Example: one")
        assert waiting.changes == "For the first time: 3 filings, 2 entries"

    def test_says_which_steps_it_would_add(self, case, actor: Of):
        clear("C001")
        proposed(actor("advocate"), filings=["C001-01", "C001-02", "C001-03"], updates=[1, 2, 3])
        (waiting,) = publication.waiting()
        assert waiting.changes == "Entry 3: Passed on to the lead authority; Filing C001-01"

    def test_says_what_it_would_take_out(self, case, actor: Of):
        clear("C001")
        proposed(actor("advocate"), filings=["C001-01", "C001-02"], updates=[1, 2])
        (waiting,) = publication.waiting()
        assert waiting.changes == "Entry 1: Complaint lodged; Filing C001-03 taken out"

    def test_that_changes_nothing_says_so(self, case, actor: Of):
        clear("C001")
        proposed(actor("advocate"))
        assert [it.changes for it in publication.waiting()] == ["Nothing that is not public already"]

    def test_without_a_filing_is_refused(self, case):
        with pytest.raises(RuleBroken) as refusal:
            proposed(SHELL, filings=[])
        assert refusal.value.field == "filings"

    def test_takes_the_place_of_an_earlier_one(self, case, actor: Of):
        first = proposed(actor("advocate"))
        second = proposed(actor("lawyer"))
        assert publication.get_publication(first).state is PublicationState.SUPERSEDED
        acts = db.session.scalars(sa.select(Entry.act).where(Entry.act.startswith("publication.")))
        assert sorted(acts) == ["publication.propose", "publication.propose", "publication.supersede"]
        assert [it.publication.id for it in publication.waiting()] == [second]
        with pytest.raises(RuleBroken, match="decided already"), transaction():
            publication.clear(first, note="", by=actor("editor"))

    def test_is_what_was_read_also_when_the_records_change(self, case, actor: Of):
        key = proposed(actor("advocate"))
        with transaction():
            case = cases.get_case("C001")
            amend_case(
                case,
                Amended(title="Example: renamed", summary="", project="", facts=case.facts),
                seen=case.version,
                by=SHELL,
            )
        assert is_outdated(key)
        with transaction():
            publication.clear(key, note="", by=actor("editor"))
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert public_rows()["published_cases"][0]["title"] == "Example: one"

    def test_is_up_to_date_while_nothing_of_it_changes(self, case, actor: Of):
        key = proposed(actor("advocate"))
        with transaction():
            lodged(cases.get_case("C001"), "be-apd-gba")
        assert not is_outdated(key)


class TestClearing:
    def test_is_refused_to_the_person_who_proposed(self, case, actor: Of):
        key = proposed(actor("editor"))
        with pytest.raises(RuleBroken, match="somebody else"), transaction():
            publication.clear(key, note="", by=actor("editor"))
        assert publication.get_publication(key).state is PublicationState.PROPOSED

    def test_by_a_second_person_makes_it_public(self, case, actor: Of):
        key = proposed(actor("advocate"))
        with transaction():
            publication.clear(key, note="Read twice.", by=actor("editor"))
        with transaction(PUBLIC):
            assert publication.refresh(["C001"]) == 1
        rows = public_rows()
        assert [it["number"] for it in rows["published_cases"]] == ["C001"]
        assert [it["number"] for it in rows["published_filings"]] == ["C001-01", "C001-02", "C001-03"]
        assert [it["number"] for it in rows["published_updates"]] == [1, 2]
        assert rows["published_cases"][0]["claims"][0]["label"] == "Art 6(1)(f)"

    def test_at_the_terminal_may_be_one_act_and_the_journal_says_so(self, case):
        clear("C001")
        line = db.session.scalars(sa.select(Entry).where(Entry.act == "publication.clear")).one()
        assert line.actor == "shell" and line.detail["alone"] is True

    def test_replaces_what_was_public_before(self, case):
        clear("C001")
        first = publication.status_of(case.id).public
        clear("C001", filings=["C001-02"], updates=[1])
        assert publication.get_publication(first.id).state is PublicationState.REPLACED
        rows = public_rows()
        assert [it["number"] for it in rows["published_filings"]] == ["C001-02"]
        assert [it["number"] for it in rows["published_updates"]] == [1]

    def test_twice_is_refused(self, case, actor: Of):
        key = proposed(SHELL)
        with transaction():
            publication.clear(key, note="", by=actor("editor"))
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        with pytest.raises(RuleBroken, match="decided already"), transaction():
            publication.clear(key, note="", by=actor("editor"))

    def test_and_declining_stand_in_the_journal_with_who_did_it(self, case, actor: Of):
        ann, ed = actor("advocate"), actor("editor")
        first = proposed(ann)
        with transaction():
            publication.decline(first, note="Too early.", by=ed)
        second = proposed(ann)
        with transaction():
            publication.clear(second, note="", by=ed)
        lines = db.session.scalars(
            sa.select(Entry).where(Entry.act.startswith("publication.")).order_by(Entry.id)
        ).all()
        assert [(it.act, it.actor, it.subject, it.detail["publication"]) for it in lines] == [
            ("publication.propose", ann.key, "C001", first),
            ("publication.decline", ed.key, "C001", first),
            ("publication.propose", ann.key, "C001", second),
            ("publication.clear", ed.key, "C001", second),
        ]

    def test_leaves_nothing_behind_when_the_transaction_fails(self, case):
        key = proposed(SHELL)
        with pytest.raises(ZeroDivisionError), transaction():
            publication.clear(key, note="", by=SHELL)
            raise ZeroDivisionError
        assert publication.get_publication(key).state is PublicationState.PROPOSED
        assert not db.session.scalars(sa.select(Entry).where(Entry.act == "publication.clear")).all()

    def test_keeps_private_changes_inside(self, case):
        clear("C001")
        before = public_rows()
        with transaction():
            told("C001-02", "acknowledged", date(2024, 7, 1), "at-dsb", public="Later.")
            found = cases.get_case("C001")
            found.summary = "Something else."
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert public_rows() == before


class TestWithdrawing:
    def test_leaves_the_numbers_that_were_public_and_nothing_else(self, case):
        clear("C001", filings=["C001-01", "C001-02"], updates=[1])
        with transaction():
            publication.withdraw(cases.get_case("C001"), note="Asked to.", by=SHELL)
        with transaction(PUBLIC):
            assert publication.refresh(["C001"]) == 0
        rows = public_rows()
        (left,) = rows["published_cases"]
        assert left.pop("withdrawn_at") is not None
        assert {name: value for name, value in left.items() if value} == {
            "number": "C001",
            "withdrawn": True,
            "withdrawn_filings": ["C001-01", "C001-02"],
        }
        assert rows["published_filings"] == rows["published_updates"] == []
        (entry,) = db.session.scalars(sa.select(PublishedTakenBack))
        assert (entry.case_number, entry.number) == ("C001", 1)
        assert publication.status_of(case.id).withdrawn is not None

    def test_what_is_not_public_is_refused(self, case):
        with pytest.raises(RuleBroken, match="not public"), transaction():
            publication.withdraw(case, note="", by=SHELL)

    def test_can_be_followed_by_clearing_again(self, case):
        clear("C001")
        withdraw("C001")
        clear("C001")
        assert public_rows()["published_cases"][0]["withdrawn"] is False
        standing = publication.status_of(case.id)
        assert standing.public is not None and standing.withdrawn is None


class TestAFilingThatWasPublic:
    def gone(self) -> list[str]:
        (row,) = public_rows()["published_cases"]
        return row["withdrawn_filings"]

    def test_is_remembered_when_a_later_clearing_leaves_it_out(self, case):
        clear("C001", filings=["C001-01", "C001-02"])
        assert self.gone() == []
        clear("C001", filings=["C001-02"])
        assert self.gone() == ["C001-01"]
        withdraw("C001")
        assert self.gone() == ["C001-01", "C001-02"]

    def test_is_not_remembered_as_withdrawn_once_it_is_public_again(self, case):
        clear("C001", filings=["C001-01"])
        withdraw("C001")
        clear("C001")
        assert self.gone() == []

    def test_is_remembered_by_a_store_that_is_built_anew(self, case):
        clear("C001", filings=["C001-01", "C001-02"])
        clear("C001", filings=["C001-02"])
        proposed(SHELL, filings=["C001-03"])
        withdraw("C001")
        before = public_rows()
        with transaction(PUBLIC):
            publication.rebuild()
        assert public_rows() == before
        assert self.gone() == ["C001-01", "C001-02"]


class TestThePublicStore:
    def test_built_anew_from_the_private_one_has_the_same_rows(self, case):
        clear("C001")
        with transaction():
            other = cases.get_case("C002")
            for act in ("clear", "withdraw"):
                if act == "clear":
                    made = publication.propose(other, publication.default_content(other), note="", by=SHELL)
                    publication.clear(made.id, note="", by=SHELL)
                else:
                    publication.withdraw(other, note="", by=SHELL)
        with transaction(PUBLIC):
            publication.refresh()
        before = public_rows()
        with transaction(PUBLIC):
            db.session.execute(sa.update(PublishedCase).values(title="Tampered with"))
            db.session.execute(sa.delete(PublishedDeadline))
            db.session.execute(sa.delete(PublishedFiling))
        with transaction(PUBLIC):
            assert publication.rebuild() == 1
        assert public_rows() == before
        assert [(it["number"], it["withdrawn"]) for it in before["published_cases"]] == [
            ("C001", False),
            ("C002", True),
        ]

    def test_catches_up_after_a_copy_that_failed(self, case):
        clear("C001")
        with transaction():
            publication.withdraw(cases.get_case("C001"), note="", by=SHELL)
        assert publication.behind() == ["C001"]
        with transaction(PUBLIC):
            publication.refresh()
        assert publication.behind() == []
        assert public_rows()["published_cases"][0]["withdrawn"] is True

    def test_loses_a_case_that_a_private_store_from_before_knows_nothing_of(self, case):
        clear("C001")
        withdraw("C001")
        clear("C001")
        with transaction():  # as after a restore of the private store alone
            db.session.execute(sa.delete(Publication))
        assert publication.behind() == ["C001"]
        assert publication.behind("C001") == ["C001"] and publication.behind("C002") == []
        with transaction(PUBLIC):
            publication.refresh()
        assert publication.behind() == []
        rows = public_rows()
        assert rows["published_cases"] == rows["published_filings"] == rows["published_updates"] == []

    def test_does_not_know_a_case_that_was_never_cleared(self, case):
        proposed(SHELL)
        with transaction(PUBLIC):
            publication.refresh(["C001", "C002"])
        assert public_rows()["published_cases"] == []

    def test_has_the_directory_without_what_staff_noted(self, case):
        rows = public_rows()["published_authorities"]
        assert len(rows) == 65 and not {"notes", "cross_check"} & set(rows[0])

    def test_is_left_alone_when_the_directory_is_the_same(self, case, statements):
        with transaction(PUBLIC):
            assert publication.publish_directory() is False
        assert not [it for it in statements if it.startswith(("DELETE", "INSERT"))]


class TestACaseWithALongHistory:
    @pytest.fixture
    def key(self, case) -> int:
        """The key of a case that is public, and for which more was proposed since than a history shows."""
        key: int = case.id
        clear("C001")
        for _ in range(101):
            proposed(SHELL)
        return key

    def test_is_public_still(self, key):
        standing = publication.status_of(key)
        assert standing.public is not None and standing.proposed is not None and standing.withdrawn is None
        assert standing.public.id < publication.history_of(key)[-1].id

    def test_is_told_without_what_each_publication_holds(self, key, statements):
        db.session.expunge_all()
        statements.clear()
        assert len(publication.history_of(key)) == 100
        assert len(statements) == 1 and "publications.content" not in statements[0]

    def test_costs_one_statement_for_where_it_stands(self, key, statements):
        statements.clear()
        publication.status_of(key)
        assert len(statements) == 1


class TestWhatWasWithdrawn:
    def test_still_says_who_had_cleared_it(self, case, actor: Of):
        key = proposed(actor("advocate"))
        with transaction():
            publication.clear(key, note="Read.", by=actor("editor"))
        with transaction():
            publication.withdraw(cases.get_case("C001"), note="Asked to.", by=actor("admin"))
        (ended,) = publication.history_of(cases.get_case("C001").id)
        assert (ended.decided_by, ended.decision_note) == (actor("editor").key, "Read.")
        assert (ended.withdrawn_by, ended.withdrawal_note) == (actor("admin").key, "Asked to.")
        assert ended.decided_at is not None and ended.withdrawn_at is not None
