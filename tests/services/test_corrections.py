"""Corrections, and two people who write at the same time: nothing is lost."""

from datetime import date

import pytest

from tests.builders import ANN
from tests.services.recording import BEN, codes, news, of, record, refusal, stands, three_filings, versions
from tracker.db import db, transaction
from tracker.errors import Stale
from tracker.models import Case, Reference
from tracker.reference import tables
from tracker.rules.days import Day
from tracker.rules.vocabulary import Outcome
from tracker.services import filings, journal, routing, updates, updates_lines
from tracker.services.cases_amending import Amended, amend_case


@pytest.fixture
def case(app) -> Case:
    """C002 at three authorities."""
    return three_filings()


class TestACorrection:
    def test_takes_the_place_of_the_old_entry(self, case):
        wrong = record(news("acknowledged", "2024-06-20"))
        right = record(news("defect_notice", "2024-06-25"), corrects=wrong)
        assert stands() == ("defect_notice", "2024-06-25", Outcome.PENDING)
        assert updates.get_update(case.id, right).corrects_id == updates.get_update(case.id, wrong).id
        assert updates.get_update(case.id, wrong).words == "It is acknowledged.", "the old text stays"

    def test_leaves_the_filing_lodged_when_nothing_of_it_was_true(self, case):
        wrong = record(news("inadmissible"))
        record(news("note"), corrects=wrong)
        assert stands() == ("lodged", "2024-06-06", Outcome.PENDING)

    def test_may_be_any_step_that_was_possible_in_that_place(self, case):
        wrong = record(news("acknowledged"))
        there = updates.get_update(case.id, wrong)
        assert codes("C002-01", without=there) == tables.stages()["lodged"].next
        assert refusal(news("investigation"), corrects=wrong).field == "step"

    def test_of_an_earlier_entry_leaves_the_later_ones_as_they_are(self, case):
        wrong = record(news("acknowledged", "2024-06-20"))
        record(news("admissible", "2024-07-01"))
        record(news("acknowledged", "2024-06-21"), corrects=wrong)
        assert stands() == ("admissible", "2024-07-01", Outcome.PENDING)
        assert "acknowledged" in codes("C002-01", without=updates.get_update(case.id, wrong))

    def test_of_the_first_of_two_entries_of_a_day_stays_the_first(self, case):
        wrong = record(news("acknowledged", "2024-06-20"))
        record(news("forwarded", "2024-06-20"))
        again = record(news("acknowledged", "2024-06-20", words="Better words."), corrects=wrong)
        assert stands()[0] == "forwarded"
        record(news("acknowledged", "2024-06-20", words="Still better words."), corrects=again)
        assert stands()[0] == "forwarded"
        assert filings.get_filing("C002-01").entered_by == 3

    def test_of_a_correction_is_asked_what_was_possible_in_the_first_place(self, case):
        wrong = record(news("acknowledged", "2024-06-20"))
        record(news("forwarded", "2024-06-20"))
        again = record(news("acknowledged", "2024-06-20", words="Better words."), corrects=wrong)
        record(news("defect_notice", "2024-06-20"), corrects=again)
        assert stands()[0] == "forwarded"

    def test_can_be_corrected_in_turn(self, case):
        first = record(news("acknowledged", "2024-06-20"))
        second = record(news("acknowledged", "2024-06-21"), corrects=first)
        record(news("acknowledged", "2024-06-22"), corrects=second)
        assert stands() == ("acknowledged", "2024-06-22", Outcome.PENDING)

    def test_of_what_was_corrected_already_is_refused_and_names_by_what(self, case):
        wrong = record(news("acknowledged"))
        right = record(news("acknowledged", "2024-06-21"), corrects=wrong)
        refused = refusal(news("acknowledged", "2024-06-22"), corrects=wrong)
        assert refused.field == "corrects"
        assert f"Entry {wrong} was corrected already, by entry {right}" in str(refused)

    def test_of_an_entry_that_is_not_there_is_refused(self, case):
        record(news("admissible"), "C001-01")
        assert refusal(news("note"), corrects=2).field == "corrects", "entry 2 is that of another case"

    def test_that_leaves_a_filing_out_takes_the_entry_away_there(self, case):
        wrong = record(news("acknowledged"), "C002-01", "C002-02")
        seen = versions("C002-02")
        right = record(news("acknowledged", "2024-06-21"), "C002-01", corrects=wrong)
        assert stands("C002-01")[0] == "acknowledged"
        assert stands("C002-02") == ("lodged", "2024-06-06", Outcome.PENDING)
        assert journal.about("C002-02")[0].detail == {"update": right, "corrects": wrong}
        with pytest.raises(Stale):
            record(news("acknowledged"), "C002-02", seen=seen)

    def test_stands_in_the_protocol_beside_what_it_corrects(self, case):
        wrong = record(news("acknowledged"))
        right = record(news("acknowledged"), corrects=wrong)
        assert [it.number for it in updates.protocol(case.id)] == [1, wrong, right]

    def test_leads_from_any_entry_to_the_one_in_force(self, case):
        first = record(news("acknowledged"))
        second = record(news("acknowledged", "2024-06-21"), corrects=first)
        third = record(news("acknowledged", "2024-06-22"), corrects=second)
        entries = [updates.get_update(case.id, it) for it in (1, first, second, third)]
        assert [updates.in_force(it) for it in entries] == [1, third, third, third]

    def test_keeps_the_fine_of_the_old_entry(self, case):
        number = record(news("note"))
        with transaction():
            updates.get_update(case.id, number).fine = {"amount": 5, "currency": "EUR"}
        again = record(news("note", words="Better words."), corrects=number)
        assert updates.get_update(case.id, again).fine == {"amount": 5, "currency": "EUR"}


class TestTheLinesOfTheProtocol:
    def lines(self, case: Case) -> list[tuple[int, ...]]:
        return [it.numbers for it in updates_lines.lines_of(updates.protocol(case.id))]

    def test_hold_every_entry_once_what_is_in_force_first(self, case):
        first = record(news("acknowledged"))
        record(news("admissible", "2024-07-01"))
        second = record(news("acknowledged", "2024-06-21"), corrects=first)
        third = record(news("acknowledged", "2024-06-22"), corrects=second)
        assert self.lines(case) == [(1,), (third, second, first), (3,)]

    def test_stand_on_the_day_of_what_is_in_force(self, case):
        wrong = record(news("information", "2024-06-20"))
        record(news("information", "2024-07-01"))
        record(news("information", "2024-08-01"), corrects=wrong)
        assert self.lines(case) == [(1,), (3,), (4, 2)]

    def test_keep_the_place_of_the_first_entry_on_one_day(self, case):
        wrong = record(news("acknowledged"))
        record(news("forwarded"))
        record(news("acknowledged"), corrects=wrong)
        assert self.lines(case) == [(1,), (4, 2), (3,)]

    def test_put_a_day_known_to_the_month_after_what_was_recorded_before_it(self, case):
        record(news("acknowledged", "2024-06-20"))
        record(news("information", "2024-06"))
        assert self.lines(case) == [(1,), (2,), (3,)]
        assert [it.number for it in updates.protocol(case.id)] == [1, 2, 3]

    def test_of_a_filing_include_what_a_correction_took_away_from_it(self, case):
        wrong = record(news("acknowledged"), "C002-01", "C002-02")
        record(news("acknowledged"), "C002-01", corrects=wrong)
        lines = updates_lines.lines_of(updates.protocol(case.id))
        here = updates_lines.of_filing(lines, of("C002-02")[0].id)
        assert [it.numbers for it in here] == [(1,), (3, 2)]
        assert updates_lines.of_filing(lines, of("C002-03")[0].id)[0].numbers == (1,)


class TestACorrectedImport:
    """The procedure was not asked when it came in, so it may stand where no step would be possible."""

    def imported(self, case: Case) -> int:
        number = record(news("note"))
        with transaction():
            entry = updates.get_update(case.id, number)
            entry.kind = entry.filings[0].step = "decided"
        return number

    def test_may_keep_its_step_and_day_when_only_the_words_were_wrong(self, case):
        wrong = self.imported(case)
        right = record(news("decided", words="Better words."), corrects=wrong)
        assert updates.get_update(case.id, right).kind == "decided"

    def test_is_offered_with_its_own_step(self, case):
        there = updates.get_update(case.id, self.imported(case))
        assert "decided" in codes("C002-01", without=there)
        assert "decided" not in codes("C002-01", "C002-02", without=there)

    def test_on_another_day_is_asked_like_any_other(self, case):
        wrong = self.imported(case)
        assert refusal(news("decided", "2024-06-21"), corrects=wrong).field == "step"


class TestANumberThatOnlyACorrectedEntryTold:
    def kept(self, number: str = "C002-01") -> list[tuple[str, str]]:
        return [(it.owner, it.value) for it in filings.get_filing(number).references]

    def test_is_replaced_by_that_of_the_correction_in_its_place(self, case):
        wrong = record(news("acknowledged", reference="D155.027"))
        record(news("information", actor="ie-dpc", reference="IN-24-1"))
        record(news("acknowledged", reference="D155.028"), corrects=wrong)
        assert self.kept() == [("authority", "D155.028"), ("lead_authority", "IN-24-1")]

    def test_goes_where_the_correction_names_none(self, case):
        wrong = record(news("acknowledged", reference="D155.027"))
        record(news("acknowledged"), corrects=wrong)
        assert self.kept() == []

    def test_goes_from_a_filing_that_the_correction_leaves_out(self, case):
        wrong = record(news("acknowledged", reference="D155.027"), "C002-01", "C002-02")
        record(news("acknowledged", reference="D155.027"), "C002-01", corrects=wrong)
        assert self.kept("C002-01") == [("authority", "D155.027")]
        assert self.kept("C002-02") == []

    def test_goes_with_the_authority_that_had_not_given_it(self, case):
        wrong = record(news("information", reference="24-100"))
        record(news("information", actor="fr-cnil", reference="24-100"), corrects=wrong)
        assert self.kept() == [("fr_cnil", "24-100")]

    def test_stays_where_another_entry_tells_it_too(self, case):
        record(news("information", reference="D155.027"))
        wrong = record(news("acknowledged", reference="D155.027"))
        record(news("acknowledged", reference="D155.028"), corrects=wrong)
        assert self.kept() == [("authority", "D155.027"), ("authority", "D155.028")]

    def test_stays_where_it_was_known_before_any_entry_told_it(self, case):
        with transaction():
            [filing] = of("C002-01")
            db.session.add(Reference(filing_id=filing.id, position=0, owner="authority", value="D155.027"))
        wrong = record(news("acknowledged", reference="D155.027"))
        record(news("acknowledged"), corrects=wrong)
        assert self.kept() == [("authority", "D155.027")]

    def test_goes_at_the_end_of_a_chain_of_corrections(self, case):
        first = record(news("acknowledged", reference="D155.027"))
        second = record(news("acknowledged", reference="D155.027", words="Better."), corrects=first)
        record(news("acknowledged", reference="D155.029"), corrects=second)
        assert self.kept() == [("authority", "D155.029")]


class TestACorrectedLodging:
    #: The filings that entry 1 lodged.
    ALL = ("C002-01", "C002-02", "C002-03")

    def test_moves_the_day_of_lodging_and_the_day_of_the_route(self, case):
        record(news("lodged", "2024-06-05", actor="noyb"), *self.ALL, corrects=1)
        filing = filings.get_filing("C002-01")
        assert filing.lodged.iso == filing.since.iso == "2024-06-05"
        [run] = filing.routes
        assert routing.read(run)[0].as_of == date(2024, 6, 5) and run.lead == "ie-dpc"

    @pytest.mark.parametrize("step", ["lodged", "note"])
    def test_may_not_leave_out_a_filing_that_only_it_lodged(self, case, step):
        refused = refusal(news(step, "2024-06-06", actor="noyb"), "C002-01", "C002-03", corrects=1)
        assert refused.field == "filings"
        assert str(refused) == "C002-02 was lodged by this entry: record “Withdrawn” instead."
        again = record(news("lodged", "2024-06-05", actor="noyb"), *self.ALL, corrects=1)
        assert refusal(news("lodged", "2024-06-05"), "C002-01", corrects=again).field == "filings"

    def test_may_leave_out_a_filing_that_another_entry_lodged(self, case):
        record(news("inadmissible", "2024-06-20", actor="Both authorities"), "C002-01", "C002-02")
        again = record(news("lodged", "2024-07-01"), "C002-01", "C002-02")
        record(news("lodged", "2024-07-01"), "C002-01", corrects=again)
        assert stands("C002-01")[0] == "lodged"
        assert stands("C002-02")[0] == "inadmissible"

    def test_may_not_lie_after_what_happened_since(self, case):
        record(news("acknowledged", "2024-06-20"))
        refused = refusal(news("lodged", "2024-06-21"), *self.ALL, corrects=1)
        assert refused.field == "day" and "20 June 2024" in str(refused)

    def test_may_not_lie_before_the_facts_of_the_case(self, case):
        with transaction():
            amend_case(
                case,
                Amended(title="T", summary="", project="", facts=Day.parse("2024-06")),
                seen=case.version,
                by=ANN,
            )
        refused = refusal(news("lodged", "2024-05-31"), *self.ALL, corrects=1)
        assert refused.field == "day" and "before the facts of the case (June 2024)" in str(refused)

    def test_needs_a_day(self, case):
        assert refusal(news("lodged", ""), *self.ALL, corrects=1).field == "day"

    def test_after_a_refusal_is_no_new_day_of_lodging(self, case):
        record(news("inadmissible", "2024-06-20"))
        again = record(news("lodged", "2024-07-01"))
        record(news("lodged", "2024-07-02"), corrects=again)
        filing = filings.get_filing("C002-01")
        assert (filing.lodged.iso, filing.since.iso) == ("2024-06-06", "2024-07-02")


class TestTwoPeopleWhoWriteAtOnce:
    def test_are_told_what_the_first_one_wrote(self, case):
        seen = versions("C002-01")
        record(news("acknowledged", words="Ann was first."), by=ANN)
        with pytest.raises(Stale) as refused:
            record(news("inadmissible", words="Ben was second."), seen=seen, by=BEN)
        assert "C002-01" in str(refused.value)
        assert [it.words for it in refused.value.theirs][0] == "Ann was first."
        assert stands()[0] == "acknowledged", "nothing of the second one is recorded"

    def test_are_told_also_when_the_first_one_left_the_stage_as_it_was(self, case):
        seen = versions("C002-01")
        record(news("information", words="Ann was first."), by=ANN)
        with pytest.raises(Stale) as refused:
            record(news("acknowledged"), seen=seen, by=BEN)
        assert refused.value.theirs[0].words == "Ann was first."

    def test_do_not_meet_on_different_filings(self, case):
        seen = versions("C002-02")
        record(news("acknowledged"), "C002-01", by=ANN)
        record(news("acknowledged"), "C002-02", seen=seen, by=BEN)
        assert stands("C002-02")[0] == "acknowledged"

    def test_meet_when_one_of_several_filings_is_the_same(self, case):
        seen = versions("C002-01", "C002-02")
        record(news("acknowledged"), "C002-02", "C002-03", by=ANN)
        with pytest.raises(Stale) as refused:
            record(news("acknowledged"), "C002-01", "C002-02", seen=seen, by=BEN)
        assert "C002-02" in str(refused.value) and "C002-01" not in str(refused.value)

    def test_can_both_be_heard_one_after_the_other(self, case):
        record(news("acknowledged"), seen=versions("C002-01"), by=ANN)
        record(news("admissible"), seen=versions("C002-01"), by=BEN)
        assert [it.recorded_by for it in updates.protocol(case.id)] == ["user:1", "user:1", "user:2"]
