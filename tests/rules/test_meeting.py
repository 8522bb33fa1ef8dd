"""By what a period is met: word to us on its receipt, acts between authorities, what only shows the rest."""

from datetime import date

import pytest

from tests.rules.deadlines import course, happened, runs
from tests.rules.test_running import ALL, day, one
from tracker.rules.deadlines import Ends, State, state, time_words
from tracker.rules.running import Running

TODAY = date(2029, 6, 1)


def filing(*entries, lodged="2027-05-03", **facts):
    """Return what runs in a filing lodged after 2 April 2027."""
    return runs(course(*entries, lodged=lodged, **facts), chapters=ALL)


def ends(it: Running) -> Ends:
    shown = it.met_on is None and it.met_number is not None
    return Ends(
        it.end.due,
        it.end.safe,
        it.end.certain,
        own=it.period.own,
        met_on=it.met_on,
        shown_met=shown,
        untold=it.period.untold,
        lapses=it.period.lapses,
    )


def doubts(it: Running) -> str:
    return " ".join(it.end.uncertain)


def lodged_and_received(received: str):
    return happened(1, "lodged", "2027-05-03", received=received)


class TestWordToUs:
    """Art 77(2), 78(2): the authority informs us. Three months from 3 May 2027 end on 3 August."""

    SENT = happened(2, "forwarded", "2027-06-01", actor="at-dsb", received="2027-09-20")

    def test_is_given_on_the_day_on_which_it_came(self):
        it = one(filing(self.SENT), "G15")
        assert (it.met_on, it.met_number) == (day("2027-09-20"), 2)
        assert state(ends(it), TODAY) is State.MISSED

    def test_begins_the_next_three_months_when_it_came(self):
        it = one(filing(self.SENT), "G15-AGAIN")
        assert (it.started.first, it.end.due) == (day("2027-09-20"), day("2027-12-20"))

    def test_that_was_sent_later_and_came_first_counts_first(self):
        second = happened(3, "information", "2027-07-01", actor="at-dsb", received="2027-07-05")
        it = one(filing(self.SENT, second), "G15")
        assert (it.met_on, it.met_number) == (day("2027-07-05"), 3)

    def test_whose_receipt_is_not_recorded_counts_from_its_day(self):
        it = one(filing(happened(2, "forwarded", "2027-06-01", actor="at-dsb")), "G15")
        assert it.met_on == day("2027-06-01")

    def test_does_not_change_when_the_complaint_was_passed_on(self):
        it = one(filing(self.SENT), "P3")
        assert it.started.first == day("2027-06-01")
        assert "1 June 2027, the day of the entry; word of it came on 20 September 2027" in doubts(it)
        assert one(filing(self.SENT), "P2").met_on == day("2027-06-01")


class TestAnActOfAuthoritiesAlone:
    @pytest.mark.parametrize("step", ["draft_decision", "key_issues", "revised_draft", "board_dispute"])
    def test_that_only_authorities_hear_of_informs_nobody(self, step):
        assert one(filing(happened(2, step, "2027-07-01", actor="ie-dpc")), "G15").met_on is None

    @pytest.mark.parametrize(
        "step", ["investigation", "lead_confirmed", "returned", "local_proposed", "local_handling"]
    )
    def test_of_which_we_may_have_been_told_meets_it_in_doubt(self, step):
        it = one(filing(happened(2, step, "2027-07-01", actor="ie-dpc")), "G15")
        assert (it.met_on, it.perhaps) == (day("2027-07-01"), True)
        assert "no entry shows that we were told" in doubts(it)

    def test_of_which_word_came_meets_it_on_that_day(self):
        entry = happened(2, "investigation", "2027-07-01", actor="ie-dpc", received="2027-07-09")
        it = one(filing(entry), "G15")
        assert (it.met_on, it.perhaps) == (day("2027-07-09"), False)

    def test_gives_way_to_word_in_time(self):
        act = happened(2, "investigation", "2027-07-01", actor="ie-dpc")
        it = one(filing(act, happened(3, "information", "2027-07-20", actor="at-dsb")), "G15")
        assert (it.met_number, it.perhaps) == (3, False)

    def test_in_time_comes_before_word_that_is_late(self):
        act = happened(2, "investigation", "2027-07-01", actor="ie-dpc")
        it = one(filing(act, happened(3, "information", "2027-10-20", actor="at-dsb")), "G15")
        assert (it.met_number, it.perhaps) == (2, True)

    def test_takes_no_action_against_silence_from_us(self):
        """CJA R.421-2: whether the silence was broken is in doubt, and our own time runs all the same."""
        entry = happened(2, "investigation", "2024-07-01", actor="ie-dpc")
        found = runs(course(entry, lodged_with="fr-cnil", country="FR"))
        assert one(found, "FR-SILENCE").perhaps
        assert one(found, "FR-IMPLICIT").end.safe == day("2024-11-07")


class TestAComplaintThatWasReceivedLater:
    """Lodged by post on 3 May 2027, received on 10 May: Art 4(2), 4(5), 4(6) Reg 2025/2518 say receipt."""

    @pytest.mark.parametrize(("period", "last"), [("P1", "2027-05-24"), ("P2", "2027-06-21")])
    def test_begins_the_periods_of_the_regulation_on_that_day(self, period, last):
        it = one(filing(lodged_and_received("2027-05-10")), period)
        assert (it.end.due, it.end.certain) == (day(last), day(last))

    def test_begins_that_of_the_lead_too(self):
        entry = lodged_and_received("2027-05-10")
        found = filing(entry, lodged_with="ie-dpc", country="IE")
        assert one(found, "P3-LEAD").end.due == day("2027-06-21")

    def test_is_owed_information_three_months_after_the_lodging_and_late_for_certain_after_the_receipt(self):
        it = one(filing(lodged_and_received("2027-05-10")), "G15")
        assert (it.end.safe, it.end.due, it.end.certain) == (
            day("2027-08-03"),
            day("2027-08-03"),
            day("2027-08-10"),
        )
        assert "the complaint was received, Monday 10 May 2027" in doubts(it)

    def test_says_where_the_day_is_not_recorded(self):
        assert "The day of receipt is not recorded" in doubts(one(filing(), "P2"))
        assert one(filing(), "P2").end.due == day("2027-06-14")

    def test_leaves_what_ends_on_one_day_either_way_alone(self):
        # Saturday 1 and Sunday 2 May: three months end on Monday 2 August 2027.
        entry = happened(1, "lodged", "2027-05-01", received="2027-05-02")
        assert not doubts(one(filing(entry, lodged="2027-05-01"), "G15"))


class TestWhatOnlyShowsThatAnEarlierStepWasTaken:
    def test_does_not_make_that_late(self):
        """Six weeks from 3 May 2027 end on 14 June; the lead confirms on 1 July what it was sent before."""
        it = one(filing(happened(2, "lead_confirmed", "2027-07-01", actor="ie-dpc")), "P2")
        assert (it.met_on, it.met_by, it.met_number) == (None, day("2027-07-01"), 2)
        assert state(ends(it), TODAY) is State.MET
        assert time_words(ends(it), TODAY) == "met, the day is not known"
        assert "done, by 1 July 2027 at the latest" in doubts(it)

    def test_proves_that_it_was_taken_in_time_where_it_came_in_time(self):
        it = one(filing(happened(2, "lead_confirmed", "2027-06-01", actor="ie-dpc")), "P2")
        assert (it.met_on, it.met_by) == (day("2027-06-01"), day("2027-06-01"))

    def test_leaves_the_step_itself_late(self):
        passed = happened(2, "forwarded", "2027-06-20", actor="at-dsb")
        it = one(filing(passed, happened(3, "lead_confirmed", "2027-07-01", actor="ie-dpc")), "P2")
        assert (it.met_on, it.met_number, it.met_by) == (day("2027-06-20"), 2, None)

    def test_is_the_decision_of_the_board_for_the_check_before_it(self):
        dispute = happened(2, "board_dispute", "2029-01-08", actor="ie-dpc")
        it = one(filing(dispute, happened(3, "binding_decision", "2029-03-20", actor="eu-edpb")), "P28")
        assert (it.met_on, it.met_by) == (None, day("2029-03-20"))

    def test_is_the_investigation_for_the_confirmation_of_the_lead(self):
        passed = happened(2, "forwarded", "2027-06-01", actor="at-dsb")
        it = one(filing(passed, happened(3, "investigation", "2027-12-01", actor="ie-dpc")), "P3")
        assert (it.met_on, it.met_by) == (None, day("2027-12-01"))


class TestAnActThatNobodyHasToTellUsOf:
    """Art 24(3)(a) Reg 2025/2518; Art 7: Section 2 confers no rights on individuals as to Art 7 to 13."""

    def it(self, *more):
        confirmed = happened(2, "lead_confirmed", "2027-07-26", actor="ie-dpc")
        return one(filing(confirmed, *more), "P10")

    def test_is_not_shown_rather_than_late(self):
        it = self.it()
        assert "Nobody has to tell us of this step, Art 7, 24(3)(a) Reg 2025/2518" in doubts(it)
        assert time_words(ends(it), TODAY).startswith("not shown by any entry, over for 1 year")

    def test_is_late_where_an_entry_shows_that_it_was(self):
        it = self.it(happened(3, "key_issues", "2027-12-01", actor="ie-dpc"))
        assert "Nobody has to tell us" not in doubts(it)
        assert time_words(ends(it), TODAY) == "met 1 month late"

    def test_is_none_where_word_is_due_to_us(self):
        assert "Nobody has to tell us" not in doubts(one(filing(), "G15"))

    def test_of_the_board_has_no_article_7(self):
        it = one(filing(happened(2, "board_dispute", "2029-01-08", actor="ie-dpc")), "P28")
        assert "Nobody has to tell us of this step, Art 24(3)(a) Reg 2025/2518" in doubts(it)
