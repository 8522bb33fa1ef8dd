"""Correcting a decision, what stays open in one, urgent decisions."""

import pytest
import sqlalchemy as sa

from tests.services.deciding import (
    DOWN,
    OPEN,
    PARTLY,
    UP,
    a_decision,
    decide,
    drafted,
    entries,
    finding,
    read,
    refused,
)
from tests.services.recording import news, of, record, stands, three_filings
from tracker.db import db
from tracker.models import Case, DecisionFinding
from tracker.rules.days import Day
from tracker.rules.vocabulary import DecisionType, Finding, Outcome
from tracker.services import cases, deadlines, decisions

DUBLIN_COMPANY = 2


def due(period: str, number: str = "C002-01") -> str:
    """Return the day on which the one period of that kind ends in a filing."""
    [row] = [it for it in deadlines.of_filing(of(number)[0]) if it.period == period]
    return str(row.due_on)


@pytest.fixture(autouse=True)
def case(app) -> Case:
    """C002 at three authorities, led from Dublin."""
    return three_filings()


class TestACorrection:
    def test_is_a_new_record_that_points_to_the_old_one(self):
        drafted()
        first = decide(a_decision()).number
        second = decide(a_decision(reference="IN-1"), corrects=first).number
        old, new = read(first), read(second)
        assert (old.corrected_by, old.in_force, new.corrects, new.in_force) == (second, False, first, True)
        assert old.it.reference is None

    def test_of_other_words_makes_no_entry(self):
        drafted()
        first = decide(a_decision()).number
        before = entries()
        decide(a_decision(findings=(finding(Finding.UPHELD),), ecli="ECLI:IE:X:2024:1"), corrects=first)
        assert entries() == before and stands()[0] == "final_upheld"

    def test_of_the_result_corrects_the_entry(self):
        drafted()
        first = decide(a_decision()).number
        done = decide(a_decision({"C002-01": PARTLY}), corrects=first)
        assert entries()[-1] == (6, "final_split", ["C002-01"])
        assert stands()[2] is Outcome.PARTLY_WON and done.entries[0].corrects_id is not None

    def test_of_day_or_authority_moves_the_entry_too(self):
        drafted()
        first = decide(a_decision()).number
        done = decide(
            a_decision(decided="2024-09-09", decided_by="fr-cnil", irregular="They say so."), corrects=first
        )
        assert (done.entries[0].day.iso, done.entries[0].actor_slug) == ("2024-09-09", "fr-cnil")
        assert stands()[1] == "2024-09-09"

    def test_without_the_number_takes_it_from_each_of_its_filings(self):
        drafted("C002-01", "C002-02")
        first = decide(a_decision({"C002-01": UP, "C002-02": UP}, reference="IN-1")).number
        db.session.remove()  # as in the next request
        decide(a_decision({"C002-01": PARTLY, "C002-02": UP}), corrects=first)
        assert stands()[0] == "final_split"
        assert [it.references for it in cases.get_case("C002").filings[:2]] == [[], []]

    def test_that_makes_no_entry_does_not_lose_words_for_the_public(self):
        drafted()
        first = decide(a_decision()).number
        found = refused(a_decision(public_words="The DPC upheld the complaint."), corrects=first)
        assert found.field == "public_words"
        told = a_decision({"C002-01": PARTLY}, public_words="The DPC upheld a part.")
        assert decide(told, corrects=first).entries[0].public_words == "The DPC upheld a part."

    def test_of_the_day_of_receipt_moves_the_end_of_our_appeal(self):
        drafted()
        first = decide(a_decision({"C002-01": PARTLY}, received=Day.parse("2024-09-10"))).number
        assert due("IE-APPEAL") == "2024-10-07"  # 28 days, the day of receipt included
        decide(a_decision({"C002-01": PARTLY}, received=Day.parse("2024-09-06")), corrects=first)
        assert due("IE-APPEAL") == "2024-10-03"

    def test_of_what_only_an_entry_told_gives_it_the_day_of_receipt(self):
        drafted()
        record(news("final_split", "2024-09-02", actor="ie-dpc"), "C002-01")
        assert due("IE-APPEAL") == "2024-09-29"
        told = a_decision({"C002-01": PARTLY}, received=Day.parse("2024-09-10"))
        done = decide(told, corrects=decisions.find()[0][0].it.number)
        assert due("IE-APPEAL") == "2024-10-07" and done.entries[0].corrects_id is not None

    def test_of_the_number_gives_the_entry_the_new_one(self):
        drafted()
        first = decide(a_decision(reference="IN-24-1")).number
        done = decide(a_decision(reference="IN-24-2"), corrects=first)
        assert [it.reference for it in done.entries] == ["IN-24-2"]

    def test_of_an_entry_that_was_out_of_order_needs_no_second_note(self):
        first = decide(a_decision(irregular="Nothing before it came to us.")).number
        done = decide(a_decision(received=Day.parse("2024-09-10")), corrects=first)
        assert done.entries[0].irregular == "Nothing before it came to us."

    def test_for_one_of_two_filings_leaves_the_other_where_it_is(self):
        drafted("C002-01", "C002-02")
        first = decide(a_decision({"C002-01": UP, "C002-02": UP})).number
        decide(a_decision({"C002-01": UP, "C002-02": PARTLY}), corrects=first)
        assert [stands(it)[2] for it in ("C002-01", "C002-02")] == [Outcome.WON, Outcome.PARTLY_WON]

    def test_that_leaves_a_filing_out_takes_it_back_there(self):
        drafted("C002-01", "C002-02")
        first = decide(a_decision({"C002-01": UP, "C002-02": UP})).number
        decide(a_decision({"C002-01": UP}), corrects=first)
        assert (stands("C002-01")[0], stands("C002-02")[0]) == ("final_upheld", "draft_decision")

    def test_keeps_why_the_entry_is_out_of_order_while_it_is(self):
        first = decide(a_decision(irregular="Nothing before it came to us.")).number
        done = decide(a_decision({"C002-01": DOWN}, irregular="Still nothing."), corrects=first)
        assert done.entries[0].irregular == "Still nothing."

    def test_of_one_that_was_corrected_is_refused(self):
        drafted()
        first = decide(a_decision()).number
        second = decide(a_decision(reference="IN-1"), corrects=first).number
        found = refused(a_decision(reference="IN-2"), corrects=first)
        assert (
            str(found) == f"Decision {first} was corrected already, by decision {second}: correct that one."
        )


class TestWhatIsOpen:
    def test_has_no_row_and_is_never_guessed_from_the_result(self):
        drafted()
        done = decide(a_decision(findings=(finding(Finding.OPEN),)))
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DecisionFinding)) == 0
        assert read(done.number).it.findings == []

    def test_with_words_is_kept(self):
        drafted()
        done = decide(a_decision(findings=(finding(Finding.OPEN, words="To be looked at."),)))
        assert [it.words for it in read(done.number).it.findings] == ["To be looked at."]


class TestAnUrgentDecision:
    def test_leaves_the_stage_as_it_is(self):
        done = decide(
            a_decision({"C002-02": OPEN}, type=DecisionType.NATIONAL, decided_by="fr-cnil", urgent=True)
        )
        assert done.entries[0].kind == "urgency_measure" and stands("C002-02")[0] == "lodged"
