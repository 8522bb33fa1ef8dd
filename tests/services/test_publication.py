"""Publication: what is proposed, who clears it, what reaches the public store and how it leaves it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tracker.db import PUBLIC, db, transaction
from tracker.errors import RuleBroken
from tracker.models import (
    Case,
    Entry,
    Filing,
    PublishedAuthority,
    PublishedCase,
    PublishedFiling,
    PublishedUpdate,
    Reference,
    Update,
)
from tracker.rules.access import PUBLIC_FIELDS, SHELL, Actor
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision, PublicationState
from tracker.services import cases, filings, publication, updates
from tracker.services.updates import NewUpdate

Of = Callable[[str], Actor]


def told(number: str, step: str, day: date, actor: str, *, public: str | None, reference: str | None = None):
    """Record an update of a filing; `public` are the words for the public."""
    filing = filings.get_filing(number)
    return updates.record_update(
        [filing],
        NewUpdate(
            step=step,
            day=Day(day, Precision.DAY),
            actor=actor,
            words=f"For the file: {step}.",
            public_words=public,
            reference=reference,
        ),
        seen={number: filing.version},
        by=SHELL,
    )


@pytest.fixture
def case(app) -> Case:
    """A case with three filings; the Dutch one was acknowledged (public words) and passed on (none)."""
    with transaction():
        made = a_case(title="Example: one", summary="About the first.")
        lodged(made, "nl-ap", "at-dsb", "ie-dpc")
        told("C001-01", "acknowledged", date(2024, 6, 20), "nl-ap", public="Receipt.", reference="z2024-1")
        told("C001-01", "forwarded", date(2024, 9, 2), "nl-ap", public=None)
        noise = a_case(title="Example: two", respondents=made_respondents(made))
        lodged(noise, "fr-cnil")
    return cases.get_case("C001")


def made_respondents(case: Case):
    return (cases.Respondent(known=case.controllers[0].controller_id, affected=("EEA",)),)


def proposed(by: Actor, **chosen: Any) -> int:
    """Propose C001, all of it unless told otherwise, and return the key of the proposal."""
    with transaction():
        found = cases.get_case("C001")
        content = publication.content_of(found, **chosen) if chosen else publication.default_content(found)
        return publication.propose(found, content, note="", by=by).id


def cleared(by: Actor = SHELL, **chosen: Any) -> None:
    """Propose and clear C001 at the terminal, and copy it."""
    key = proposed(by, **chosen)
    with transaction():
        publication.clear(key, note="", by=by)
    with transaction(PUBLIC):
        publication.refresh(["C001"])


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


def entry_of(content: dict[str, Any], number: int) -> dict[str, Any]:
    return next(it for it in content["updates"] if it["number"] == number)


class TestWhatAProposalHolds:
    def test_is_the_list_of_public_fields_and_nothing_else(self, case):
        content = publication.default_content(case)
        assert set(content["case"]) == PUBLIC_FIELDS["case"]
        assert all(set(it) == PUBLIC_FIELDS["filing"] for it in content["filings"])
        assert all(set(it) == PUBLIC_FIELDS["update"] for it in content["updates"])

    def test_with_another_field_is_refused(self, case):
        content = publication.default_content(case)
        content["filings"][0]["note"] = "For the file."
        with pytest.raises(ValueError, match="note"), transaction():
            publication.propose(case, content, note="", by=SHELL)

    def test_leaves_out_numbers_of_authorities_unless_chosen(self, case):
        content = publication.default_content(case)
        assert {it["reference"] for it in content["filings"]} == {None}
        assert entry_of(content, 2)["reference"] is None
        chosen = publication.content_of(case, filings=["C001-01"], references=["C001-01"], updates=[2])
        assert chosen["filings"][0]["reference"] == "z2024-1"
        assert entry_of(chosen, 2)["reference"] == "z2024-1"

    def test_gives_words_for_the_public_and_never_those_for_the_file(self, case):
        assert entry_of(publication.default_content(case), 2)["words"] == "Receipt."
        everything = publication.content_of(case, filings=["C001-01"], updates=[1, 2, 3])
        assert entry_of(everything, 3)["words"] == ""
        assert "For the file" not in str(everything)

    def test_leaves_out_what_has_no_words_for_the_public(self, case):
        assert [it["number"] for it in publication.default_content(case)["updates"]] == [1, 2]

    def test_does_not_let_an_uncleared_update_show_through_the_stage(self, case):
        assert case.filings[0].stage == "forwarded"
        filing = publication.default_content(case)["filings"][0]
        assert (filing["stage"], filing["since"]["on"]) == ("acknowledged", "2024-06-20")
        assert filing["entered_by_authority"] == "nl-ap"

    def test_says_to_the_clearer_where_the_file_is_further(self, case):
        (lagging,) = publication.lagging(case, publication.default_content(case))
        assert lagging.startswith("C001-01 stands at “Passed on to the lead authority”")

    def test_names_the_lead_with_its_reason(self, case):
        filing = publication.default_content(case)["filings"][0]
        assert filing["lead"] == "ie-dpc" and "Art 56(1)" in filing["lead_sentence"]

    def test_leaves_out_an_update_of_filings_that_are_not_chosen(self, case):
        content = publication.content_of(case, filings=["C001-02"], updates=[1, 2])
        assert [it["number"] for it in content["updates"]] == [1]
        assert content["updates"][0]["filings"] == ["C001-02"]

    def test_leaves_out_an_update_that_was_corrected(self, case):
        with transaction():
            filing = filings.get_filing("C001-02")
            new = NewUpdate(
                step="information",
                day=Day(date(2024, 7, 1), Precision.DAY),
                actor="at-dsb",
                words="x",
                public_words="The wrong day.",
            )
            wrong = updates.record_update([filing], new, seen={}, by=SHELL).number
            updates.record_update([filing], new, seen={}, by=SHELL, corrects=wrong)
        content = publication.default_content(cases.get_case("C001"))
        assert wrong not in [it["number"] for it in content["updates"]]
        assert wrong + 1 in [it["number"] for it in content["updates"]]

    def test_takes_web_addresses_for_sources_and_no_other_note(self, case):
        with transaction():
            rows = db.session.scalars(sa.select(Update).order_by(Update.number)).all()
            rows[0].source, rows[1].source = "https://example.org/a", "telephone call with Ann"
        content = publication.default_content(cases.get_case("C001"))
        assert content["case"]["sources"] == ["https://example.org/a"]
        assert entry_of(content, 2)["source"] is None

    def test_refuses_a_filing_or_an_update_of_another_case(self, case):
        with pytest.raises(RuleBroken, match="C002-01"):
            publication.content_of(case, filings=["C002-01"])
        with pytest.raises(RuleBroken, match="99"):
            publication.content_of(case, filings=["C001-01"], updates=[99])

    def test_needs_as_many_statements_for_many_filings_as_for_few(self, case, statements):
        publication.default_content(cases.get_case("C001"))
        few = len(statements)
        with transaction():
            lodged(cases.get_case("C001"), "fr-cnil", "be-apd-gba", "es-aepd", "it-garante", "pl-uodo")
            told("C001-02", "acknowledged", date(2024, 7, 1), "at-dsb", public="Receipt too.")
        statements.clear()
        publication.default_content(cases.get_case("C001"))
        assert len(statements) == few


class TestTheVerifiedPartOfAnImportedCase:
    @pytest.fixture
    def content(self, case):
        with transaction():
            rows = db.session.scalars(sa.select(Filing).where(Filing.case_id == case.id)).all()
            for it in rows:
                it.verified = it.number != "C001-02"
            protocol = db.session.scalars(sa.select(Update).where(Update.case_id == case.id)).all()
            for it in protocol:
                it.verified = it.number != 2
            found = cases.get_case("C001")
            found.legal_verified = False
            found.outcome_said = {"summary": "Nobody checked this."}
            found.controllers[0].controller.verified = False
            db.session.add(Reference(filing_id=found.filings[0].id, position=9, owner="imi", value="44443"))
        return publication.default_content(cases.get_case("C001"), only_verified=True)

    def test_has_the_verified_filings_and_updates(self, content):
        assert [it["number"] for it in content["filings"]] == ["C001-01", "C001-03"]
        assert [it["number"] for it in content["updates"]] == [1, 3]

    def test_has_no_claim_outcome_or_name_that_nobody_checked(self, content):
        case = content["case"]
        assert (case["claims"], case["outcome_text"], case["controllers"]) == ([], "", [])

    def test_names_no_lead_that_rests_on_a_controller_nobody_checked(self, content):
        assert {(it["lead"], it["lead_sentence"]) for it in content["filings"]} == {(None, "")}

    def test_bears_the_number_at_the_authority_and_no_other(self, content):
        assert content["filings"][0]["reference"] == "z2024-1"

    def test_has_the_words_of_the_source(self, content):
        assert entry_of(content, 3)["words"] == "For the file: forwarded."


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

    def test_without_a_filing_is_refused(self, case):
        with pytest.raises(RuleBroken) as refusal:
            proposed(SHELL, filings=[])
        assert refusal.value.field == "filings"

    def test_takes_the_place_of_an_earlier_one(self, case, actor: Of):
        first = proposed(actor("advocate"))
        second = proposed(actor("lawyer"))
        assert publication.get_publication(first).state is PublicationState.DECLINED
        assert [it.publication.id for it in publication.waiting()] == [second]
        with pytest.raises(RuleBroken, match="decided already"), transaction():
            publication.clear(first, note="", by=actor("editor"))

    def test_is_what_was_read_also_when_the_records_change(self, case, actor: Of):
        key = proposed(actor("advocate"))
        with transaction():
            case = cases.get_case("C001")
            cases.amend_case(
                case,
                title="Example: renamed",
                summary="",
                project="",
                facts=case.facts,
                seen=case.version,
                by=SHELL,
            )
        assert publication.is_outdated(publication.get_publication(key))
        with transaction():
            publication.clear(key, note="", by=actor("editor"))
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert public_rows()["published_cases"][0]["title"] == "Example: one"

    def test_is_up_to_date_while_nothing_of_it_changes(self, case, actor: Of):
        key = proposed(actor("advocate"))
        with transaction():
            lodged(cases.get_case("C001"), "be-apd-gba")
        assert not publication.is_outdated(publication.get_publication(key))


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
        cleared()
        line = db.session.scalars(sa.select(Entry).where(Entry.act == "publication.clear")).one()
        assert line.actor == "shell" and line.detail["alone"] is True

    def test_replaces_what_was_public_before(self, case):
        cleared()
        first = publication.status_of(case.id).public
        cleared(filings=["C001-02"], updates=[1])
        assert publication.get_publication(first.id).state is PublicationState.REPLACED
        rows = public_rows()
        assert [it["number"] for it in rows["published_filings"]] == ["C001-02"]
        assert [it["number"] for it in rows["published_updates"]] == [1]

    def test_twice_is_refused(self, case, actor: Of):
        key = proposed(SHELL)
        with transaction():
            publication.clear(key, note="", by=actor("editor"))
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
        cleared()
        before = public_rows()
        with transaction():
            told("C001-02", "acknowledged", date(2024, 7, 1), "at-dsb", public="Later.")
            found = cases.get_case("C001")
            found.summary = "Something else."
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert public_rows() == before


class TestTheComparison:
    def test_shows_everything_as_new_where_nothing_is_public(self, case):
        told_apart = publication.differences(None, publication.default_content(case))
        assert all(it.before == "" for it in told_apart)
        assert {"Title", "Filing C001-02", "Entry 2"} <= {it.what for it in told_apart}

    def test_names_what_comes_what_goes_and_what_changes(self, case):
        old = publication.content_of(case, filings=["C001-01", "C001-02"], updates=[1])
        new = publication.content_of(case, filings=["C001-01", "C001-03"], updates=[1, 2])
        found = {it.what: it for it in publication.differences(old, new)}
        assert set(found) == {"Filing C001-01", "Filing C001-02", "Filing C001-03", "Entry 1", "Entry 2"}
        assert found["Filing C001-02"].after == "" and found["Filing C001-03"].before == ""
        assert "Lodged," in found["Filing C001-01"].before
        assert "Receipt confirmed," in found["Filing C001-01"].after

    def test_has_a_row_for_what_stays_too(self, case):
        content = publication.default_content(case)
        rows = publication.compare(content, content)
        assert rows and not any(it.changed for it in rows)


class TestWithdrawing:
    def test_leaves_the_number_and_nothing_else(self, case):
        cleared()
        with transaction():
            publication.withdraw(cases.get_case("C001"), note="Asked to.", by=SHELL)
        with transaction(PUBLIC):
            assert publication.refresh(["C001"]) == 0
        rows = public_rows()
        (left,) = rows["published_cases"]
        assert {name for name, value in left.items() if value} == {"number", "withdrawn"}
        assert rows["published_filings"] == rows["published_updates"] == []
        assert publication.status_of(case.id).withdrawn is not None

    def test_what_is_not_public_is_refused(self, case):
        with pytest.raises(RuleBroken, match="not public"), transaction():
            publication.withdraw(case, note="", by=SHELL)

    def test_can_be_followed_by_clearing_again(self, case):
        cleared()
        with transaction():
            publication.withdraw(cases.get_case("C001"), note="", by=SHELL)
        cleared()
        assert public_rows()["published_cases"][0]["withdrawn"] is False
        standing = publication.status_of(case.id)
        assert standing.public is not None and standing.withdrawn is None


class TestThePublicStore:
    def test_built_anew_from_the_private_one_has_the_same_rows(self, case):
        cleared()
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
            db.session.execute(sa.delete(PublishedFiling))
        with transaction(PUBLIC):
            assert publication.rebuild() == 1
        assert public_rows() == before
        assert [(it["number"], it["withdrawn"]) for it in before["published_cases"]] == [
            ("C001", False),
            ("C002", True),
        ]

    def test_catches_up_after_a_copy_that_failed(self, case):
        cleared()
        with transaction():
            publication.withdraw(cases.get_case("C001"), note="", by=SHELL)
        assert publication.behind() == ["C001"]
        with transaction(PUBLIC):
            publication.refresh()
        assert publication.behind() == []
        assert public_rows()["published_cases"][0]["withdrawn"] is True

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
