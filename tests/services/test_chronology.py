"""What stands in the chronology of a filing, and what never does."""

import hashlib
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.services.chronicling import ELSEWHERE, HERE, Keep, deadline, kept, numbers, told, words
from tests.services.recording import BEN, news, record, three_filings
from tracker.config import Settings
from tracker.db import db, transaction
from tracker.models import Complainant, Reference, Update
from tracker.services import cases, filings, routing_overrides, updates


@pytest.fixture(autouse=True)
def case(app: Flask) -> None:
    """C002 at three authorities, lodged on 6 June 2024 by entry 1."""
    three_filings()


@pytest.fixture
def keep(settings: Settings) -> Keep:
    """Keep a file as an exhibit of the case."""
    return partial(kept, settings.evidence)


class TestTheSteps:
    def test_are_the_entries_about_the_filing_in_the_order_of_the_protocol(self) -> None:
        record(news("forwarded", "2024-09-02"))
        record(news("acknowledged", "2024-06-20"))
        record(news("acknowledged", "2024-06-21", actor="fr-cnil"), ELSEWHERE)
        assert numbers(told()) == [1, 3, 2]
        assert [step.day.iso for step in told().steps] == ["2024-06-06", "2024-06-20", "2024-09-02"]

    def test_say_who_acted_what_it_was_and_on_what_law_it_rests(self) -> None:
        record(news("acknowledged", reference="D-1.234"))
        step = told().steps[1]
        assert (step.label, step.basis, step.actor, step.words, step.reference) == (
            "Receipt confirmed", "Art 77(2)", "DSB · Austria", "It is acknowledged.", "D-1.234",
        )  # fmt: skip

    def test_know_a_day_as_exactly_as_it_was_recorded(self) -> None:
        record(news("information", "2024-07"))
        assert told().steps[1].day.words == "July 2024"

    def test_end_with_the_day_of_the_chronology(self) -> None:
        record(news("acknowledged", "2024-06-20"))
        record(news("forwarded", "2024-09-02"))
        assert numbers(told(as_of=date(2024, 9, 1))) == [1, 2]
        assert numbers(told(as_of=date(2024, 9, 2))) == [1, 2, 3]

    def test_show_a_correction_with_what_it_replaced(self) -> None:
        record(news("acknowledged", "2024-06-20", words="Wrong."))
        record(news("acknowledged", "2024-06-21", words="Right."), corrects=2)
        (_, step) = told().steps
        assert (step.number, step.words, step.corrects) == (3, "Right.", 2)
        assert [(it.number, it.words) for it in step.replaced] == [(2, "Wrong.")]

    def test_name_the_corrected_entry_where_what_it_said_is_left_out(self) -> None:
        record(news("acknowledged", words="Wrong."))
        record(news("acknowledged", words="Right."), corrects=2)
        it = told(earlier=False)
        assert it.steps[1].corrects == 2 and it.steps[1].replaced == ()
        assert "Wrong." not in words(it)

    def test_say_of_an_entry_that_turned_out_to_concern_another_filing_that_nothing_of_it_counts(
        self,
    ) -> None:
        record(news("statement", words="About both."), HERE, ELSEWHERE)
        record(news("statement", words="About the French one alone."), ELSEWHERE, corrects=2)
        step = told().steps[1]
        assert (step.number, step.corrects, step.withdrawn, step.words) == (3, 2, True, "")
        assert "French one alone" not in words(told())

    def test_say_what_is_out_of_order_and_why_it_is_recorded_all_the_same(self) -> None:
        record(news("inadmissible", day="2024-07-01"))
        record(news("admissible", day="2024-08-01", irregular="The authority wrote so."))
        in_order, out_of_order = told().steps[1:]
        assert (in_order.irregular, in_order.because) == ((), None)
        assert [it for it, _ in out_of_order.irregular] == ["Cannot follow entry 2."]
        assert out_of_order.because == "The authority wrote so."

    def test_do_not_say_that_something_between_them_is_not_on_record(self) -> None:
        record(news("draft_decision", day="2025-08-01", actor="ie-dpc", irregular="It came by post."))
        assert told().steps[-1].irregular == () and told().steps[-1].because == "It came by post."

    def test_say_what_nobody_compared_with_its_source(self) -> None:
        record(news("acknowledged"))
        with transaction():
            db.session.scalars(sa.select(Update).where(Update.kind == "acknowledged")).one().verified = False
        assert not told().steps[1].checked and told().steps[0].checked


class TestWhatIsNeverIn:
    def test_is_a_note_also_where_somebody_asks_for_it(self) -> None:
        record(news("note", words="Privileged."))
        it = told(taken=frozenset({"1", "2"}))
        assert numbers(it) == [1] and "Privileged." not in words(it)
        assert it.complete and it.internal == 1

    def test_is_what_was_corrected_into_a_note(self) -> None:
        record(news("statement", words="Slip of the pen."))
        record(news("note", words="Privileged."), corrects=2)
        assert numbers(told()) == [1] and "Slip" not in words(told())

    def test_is_the_note_that_a_step_corrects(self) -> None:
        record(news("note", words="Privileged."))
        record(news("statement", words="The statement."), corrects=2)
        assert numbers(told()) == [1, 3] and "Privileged." not in words(told())

    def test_is_an_exhibit_of_a_note(self, keep: Keep) -> None:
        record(news("note"))
        keep(entry=2, title="Our strategy")
        keep(entry=2, of=HERE, title="Our other strategy")
        assert told().exhibits == () and "strategy" not in words(told())

    def test_is_what_we_did_about_a_period(self) -> None:
        record(news("deadline_waived", actor="noyb", words="We let it go."))
        record(news("deadline_extended", words="Two months more."))
        assert [step.words for step in told().steps[1:]] == ["Two months more."]

    def test_is_anything_about_other_filings(self, keep: Keep) -> None:
        record(news("statement", actor="fr-cnil", words="French matters."), ELSEWHERE)
        keep(entry=2, title="French letter")
        keep(of=ELSEWHERE, title="French file")
        with transaction():
            filing = filings.get_filing(ELSEWHERE)
            db.session.add(Reference(filing_id=filing.id, position=0, owner="authority", value="F-1"))
        record(news("statement", words="To both."), HERE, ELSEWHERE)
        keep(entry=3, of=ELSEWHERE, title="French copy")
        it = told(taken=frozenset({"1", "2", "3", "x1", "x2", "x3"}))
        assert numbers(it) == [1, 3] and it.exhibits == ()
        assert "French" not in words(it) and "F-1" not in words(it)
        assert not [each for each in it.offered if "French" in repr(each.it)]

    def test_is_where_a_complainant_lives_or_works(self) -> None:
        with transaction():
            person = db.session.scalars(sa.select(Complainant)).first()
            person.workplace = "DE-BY"
            filings.get_filing(HERE).complainant = person
        (party,) = [each for each in told().parties if each.role == "complainant"]
        assert party.lines == (person.pseudonym,) and "DE-BY" not in words(told())

    def test_is_the_name_of_a_file_which_may_name_a_person(self, keep: Keep) -> None:
        keep(of=HERE, name="Mandate of Erika Example.pdf")
        keep(b"Another.", of=HERE, name="Passport of Erika Example.pdf", title="Mandate")
        it = told()
        assert [each.title for each in it.exhibits] == [None, "Mandate"]
        assert "Erika" not in words(it) and "Erika" not in repr(it.offered)

    def test_is_who_sent_a_letter_and_who_recorded_it(self) -> None:
        record(news("statement", letter=updates.Letter(sender="Erika Example")), by=BEN)
        assert "Erika" not in words(told()) and BEN.key not in words(told())

    def test_is_why_a_person_overrode_who_leads(self) -> None:
        with transaction():
            filing = filings.get_filing(HERE)
            routing_overrides.override(
                filing, lead="at-dsb", why="Our secret theory.", controller_id=None,
                seen=routing_overrides.seen_in(filing), by=BEN,
            )  # fmt: skip
        it = told()
        assert "secret theory" not in words(it)
        assert [(led.lead, led.ground.value) for led in it.led] == [("at-dsb", "override")]

    def test_is_what_the_filing_is_noted_to_be(self) -> None:
        with transaction():
            filing = filings.get_filing(HERE)
            filing.note, filing.extra, filing.status_said = "Noted.", {"tool": "Kept."}, "Said."
        assert not {"Noted.", "Kept.", "Said."} & set(words(told()).split("'"))

    def test_is_a_deadline_of_ours_or_one_that_was_waived(self) -> None:
        with transaction():
            deadline(period="P19", own=True, owes="us", owes_slug=None)
            deadline(period="P24")
            deadline(period="P12", own=True, owes="us", owes_slug=None)
            deadline(period="P15", waived="We do not insist.")
        keys = {owed.key for owed in told().periods.owed}
        assert "P24:1" in keys and not keys & {"P19:1", "P12:1", "P15:1"}
        assert "insist" not in words(told())

    def test_is_a_right_of_others_for_which_nobody_is_late(self) -> None:
        with transaction():
            deadline(period="P21", owes="concerned", owes_slug=None)
        assert "P21:1" not in {owed.key for owed in told().periods.owed}


class TestTheChoice:
    def test_leaves_out_what_is_not_ticked_and_says_that_it_is_a_selection(self) -> None:
        record(news("acknowledged"))
        record(news("forwarded", "2024-09-02"))
        it = told(taken=frozenset({"1", "3"}))
        assert numbers(it) == [1, 3] and not it.complete and told().complete

    def test_can_take_in_what_concerns_the_case_as_a_whole(self) -> None:
        record(news("statement", words="A statement on all."))
        with transaction():
            update = updates.get_update(cases.get_case("C002").id, 2)
            for link in list(update.filings):
                db.session.delete(link)
        assert numbers(told()) == [1]
        it = told(taken=frozenset({"1", "2"}))
        assert numbers(it) == [1, 2] and it.steps[1].of_case
        assert told(taken=frozenset({"1"})).complete, "of the filing itself nothing is left out"

    def test_cannot_hide_that_an_authority_answered(self) -> None:
        record(news("information", "2024-09-02"))
        assert told(taken=frozenset({"1"})).silence == told().silence
        last = told().silence.last
        assert last is not None and last.number == 2

    def test_can_leave_out_a_period(self) -> None:
        keys = {each.key for each in told().offered} - {"G15:0"}
        assert "G15:0" in {owed.key for owed in told().periods.owed}
        assert "G15:0" not in {owed.key for owed in told(taken=frozenset(keys)).periods.owed}

    def test_falls_back_to_english_for_a_language_that_it_does_not_have(self) -> None:
        assert told(language="xx").language == "en" and told(language="de").language == "de"


class TestExhibits:
    def test_stand_with_their_entry_and_in_one_list_with_their_hashes(self, keep: Keep) -> None:
        record(news("acknowledged"))
        keep(b"The receipt.", entry=2, title="Receipt")
        keep(b"The complaint.", of=HERE, title="Complaint")
        it = told()
        assert [each.number for each in it.steps[1].exhibits] == [1]
        assert [(each.number, each.title, each.sha256) for each in it.exhibits] == [
            (1, "Receipt", hashlib.sha256(b"The receipt.").hexdigest()),
            (2, "Complaint", hashlib.sha256(b"The complaint.").hexdigest()),
        ]
        assert (it.exhibits[0].kind, it.exhibits[0].bytes) == ("Text", 12)
        assert it.proves == {1: (2,)}

    def test_of_an_entry_that_is_left_out_are_left_out(self, keep: Keep) -> None:
        record(news("acknowledged"))
        keep(entry=2, title="Receipt")
        assert told(taken=frozenset({"1"})).exhibits == ()

    def test_of_the_case_that_cite_the_source_of_an_entry_prove_that_entry(self, keep: Keep) -> None:
        record(news("statement", source="https://example.org/a"))
        keep(source="https://example.org/a", title="The page")
        keep(b"Another.", source="https://example.org/b", title="Another page")
        it = told()
        assert it.proves == {1: (2,)} and [each.number for each in it.exhibits] == [1]

    def test_of_the_case_as_a_whole_come_in_where_they_are_ticked(self, keep: Keep) -> None:
        keep(title="The statutes")
        assert told().exhibits == ()
        assert [each.title for each in told(taken=frozenset({"1", "x1"})).exhibits] == ["The statutes"]

    def test_stay_with_what_a_correction_replaced(self, keep: Keep) -> None:
        record(news("acknowledged"))
        keep(entry=2, title="Receipt")
        record(news("acknowledged", "2024-06-21"), corrects=2)
        assert told().proves == {1: (2,)}
        assert told(earlier=False).exhibits == ()
