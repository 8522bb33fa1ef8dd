"""Which periods run in a filing, for whom, until when, met by what."""

from datetime import date

import pytest

from tests.rules.deadlines import course, happened, one, runs
from tracker.rules.deadlines import Ends, State, state, time_words
from tracker.rules.happened import Ended
from tracker.rules.lengths import Length

ALL = "II III IV V VI"


def day(text: str) -> date:
    return date.fromisoformat(text)


class TestAComplaintThatWasLodged:
    def test_is_owed_information_within_three_months(self):
        it = one(runs(course()), "G15")
        assert (it.end.due, it.owes_slug, it.met_on) == (day("2024-09-06"), "at-dsb", None)

    def test_is_owed_none_of_the_periods_of_the_new_regulation_when_it_was_lodged_before(self):
        assert not [it for it in runs(course()) if it.startswith("P")]

    def test_is_owed_those_when_the_regulation_applies(self):
        found = runs(course(lodged="2027-05-03"), chapters=ALL)
        assert one(found, "P2").end.due == day("2027-06-14")
        assert one(found, "P1").end.due == day("2027-05-17")

    def test_with_the_lead_itself_is_passed_on_to_nobody(self):
        found = runs(course(lodged="2027-05-03", lodged_with="ie-dpc", country="IE"), chapters=ALL)
        assert "P2" not in found

    def test_outside_the_one_stop_shop_is_owed_nothing_of_it(self):
        found = runs(
            course(happened(2, "lead_confirmed", "2027-06-01"), lodged="2027-05-03", oss=False, lead=None),
            chapters=ALL,
        )
        assert "P15" not in found

    def test_on_a_day_of_which_only_the_month_is_known_is_late_when_it_is_late_for_certain(self):
        it = one(runs(course(lodged="2024-06")), "G15")
        assert (it.end.safe, it.end.certain) == (day("2024-09-02"), day("2024-09-30"))
        assert "known as June 2024 only" in it.end.uncertain[0]

    def test_on_a_day_that_is_not_known_has_no_end_that_is_guessed(self):
        it = one(runs(course(lodged="")), "G15")
        assert it.end.due is None
        assert it.end.uncertain == ("The day from which it runs is not known.",)

    def test_with_the_edps_follows_the_law_of_the_institutions(self):
        found = runs(course(lodged_with="eu-edps", country="EU", oss=False, lead=None))
        assert "G15" not in found
        assert one(found, "G16").end.due == day("2024-09-06")
        # Two months and ten days: 6 November and 10 days is Saturday 16 November.
        assert one(found, "G16-COURT").end.due == day("2024-11-18")

    def test_outside_the_eea_follows_no_period_of_the_gdpr(self):
        assert runs(course(lodged_with="gb-ico", country="GB", lodged="2022-03-01", oss=False)) == {}
        assert "G15" in runs(course(lodged_with="gb-ico", country="GB", lodged="2019-03-01", oss=False))


class TestTheFrenchAuthority:
    def lodged(self, *entries):
        return course(*entries, lodged_with="fr-cnil", country="FR")

    def test_that_is_silent_for_three_months_has_rejected_the_complaint(self):
        it = one(runs(self.lodged()), "FR-IMPLICIT")
        assert it.period.own
        assert (it.end.safe, it.end.certain) == (day("2024-11-07"), day("2025-09-08"))

    def test_that_gave_word_in_time_has_not(self):
        assert "FR-IMPLICIT" not in runs(self.lodged(happened(2, "forwarded", "2024-08-01", actor="fr-cnil")))


class TestTheBoard:
    def entries(self, *more):
        return course(happened(2, "board_dispute", "2026-11-18", actor="ie-dpc"), *more, lodged="2024-06-06")

    def test_has_two_more_weeks_after_the_second_month(self):
        found = runs(self.entries())
        assert one(found, "G10").end.due == day("2026-12-18")
        assert one(found, "G11").end.due == day("2027-02-01")

    def test_that_decided_in_time_needs_no_simple_majority(self):
        assert "G11" not in runs(self.entries(happened(3, "binding_decision", "2026-12-01", actor="eu-edpb")))


class TestInformation:
    def test_in_time_meets_the_period(self):
        found = runs(course(happened(2, "forwarded", "2024-09-02", actor="at-dsb")))
        it = one(found, "G15")
        assert (it.met_on, it.met_number) == (day("2024-09-02"), 2)

    def test_begins_another_three_months_which_are_contested(self):
        it = one(runs(course(happened(2, "forwarded", "2024-09-02", actor="at-dsb"))), "G15-AGAIN")
        assert (it.end.due, it.period.sure.value) == (day("2024-12-02"), "contested")

    def test_by_us_is_none(self):
        it = one(runs(course(happened(2, "information", "2024-07-01"))), "G15")
        assert it.met_on is None

    @pytest.mark.parametrize("step", ["acknowledged", "reminder", "statement", "note"])
    def test_is_not_a_mere(self, step):
        it = one(runs(course(happened(2, step, "2024-07-01", actor="at-dsb"))), "G15")
        assert it.met_on is None

    def test_before_the_lodging_is_none(self):
        early = happened(1, "information", "2024-05-01", actor="at-dsb")
        lodged = happened(2, "lodged", "2024-06-06")
        assert one(runs(course(early, lodged)), "G15").met_on is None

    def test_that_came_late_meets_it_late(self):
        it = one(runs(course(happened(2, "information", "2024-12-06", actor="at-dsb"))), "G15")
        ends = Ends(it.end.due, it.end.safe, it.end.certain, own=False, met_on=it.met_on)
        assert state(ends, day("2026-11-25")) is State.MISSED
        assert time_words(ends, day("2026-11-25")) == "met 3 months late"


class TestADraftDecision:
    def entries(self, *later):
        return course(
            happened(2, "lead_confirmed", "2027-07-26", actor="ie-dpc"), *later, lodged="2027-05-03"
        )

    def test_is_due_fifteen_months_after_the_lead_was_confirmed(self):
        assert one(runs(self.entries(), chapters=ALL), "P15").end.due == day("2028-10-26")

    def test_in_simple_cooperation_is_due_after_twelve(self):
        found = runs(
            self.entries(happened(3, "simple_cooperation", "2027-08-20", actor="ie-dpc")), chapters=ALL
        )
        assert "P15" not in found
        assert one(found, "P18").end.due == day("2028-07-26")

    def test_can_be_extended_from_the_first_day(self):
        more = happened(
            3, "deadline_extended", "2028-09-01", says=("extend", "P15", 2, None, Length.parse("+12m"))
        )
        found = runs(self.entries(more), chapters=ALL)
        it = one(found, "P15")
        assert it.end.extended
        assert it.end.due == day("2029-10-26")
        assert one(found, "P16").met_number == 3

    def test_stands_still_while_the_board_decides_on_the_scope(self):
        dispute = happened(3, "scope_dispute", "2027-12-01", actor="ie-dpc")
        it = one(runs(self.entries(dispute), chapters=ALL), "P15")
        assert it.end.paused_on == day("2027-12-01")
        again = happened(4, "investigation", "2027-12-31", actor="ie-dpc")
        it = one(runs(self.entries(dispute, again), chapters=ALL), "P15")
        assert (it.end.paused_on, it.end.due) == (None, day("2028-11-27"))
        assert any("stood still from 1 December 2027" in reason.text for reason in it.end.reasons)

    def test_gives_the_others_four_weeks_in_which_nobody_is_late(self):
        draft = happened(3, "draft_decision", "2028-10-02", actor="ie-dpc")
        it = one(runs(self.entries(draft), chapters=ALL), "G5")
        assert it.period.lapses
        assert it.end.due == day("2028-10-30")
        ends = Ends(it.end.due, it.end.safe, it.end.certain, own=False, lapses=True)
        assert state(ends, day("2028-11-30")) is State.WAIVED
        assert time_words(ends, day("2028-11-30")) == "ended"

    def test_without_objection_is_to_be_adopted_within_a_month(self):
        draft = happened(3, "draft_decision", "2028-10-02", actor="ie-dpc")
        found = runs(self.entries(draft), chapters=ALL)
        assert one(found, "P24").end.due == day("2028-11-30")
        assert "P27" not in found

    def test_with_an_objection_is_to_be_revised_or_referred_within_three(self):
        draft = happened(3, "draft_decision", "2028-10-02", actor="ie-dpc")
        against = happened(4, "objection", "2028-10-20", actor="fr-cnil")
        found = runs(self.entries(draft, against), chapters=ALL)
        assert one(found, "P27").end.due == day("2029-01-30")
        assert "P24" not in found
        assert one(found, "G5").met_number == 4


class TestOurViews:
    def entries(self, **more):
        return course(
            happened(2, "lead_confirmed", "2027-07-26", actor="ie-dpc"),
            happened(3, "prelim_findings", "2028-03-01", actor="ie-dpc", received="2028-03-06", **more),
            lodged="2027-05-03",
        )

    def test_are_due_between_three_and_six_weeks_after_receipt_where_no_day_was_fixed(self):
        it = one(runs(self.entries(), chapters=ALL), "P23")
        assert it.started.value == day("2028-03-06")
        assert (it.end.safe, it.end.certain) == (day("2028-03-27"), day("2028-04-17"))

    def test_are_due_on_the_day_that_the_authority_fixed(self):
        it = one(runs(self.entries(says=("fix", "P23", 3, day("2028-04-10"))), chapters=ALL), "P23")
        assert (it.end.due, it.end.safe) == (day("2028-04-10"), day("2028-04-10"))

    def test_have_a_safe_day_before_a_fixed_day_that_is_no_working_day(self):
        it = one(runs(self.entries(says=("fix", "P23", 3, day("2028-04-15"))), chapters=ALL), "P23")
        assert (it.end.safe, it.end.due, it.end.certain) == (
            day("2028-04-14"), day("2028-04-15"), day("2028-04-17"),
        )  # fmt: skip

    def test_are_counted_all_the_same_where_nobody_knows_whether_the_regulation_applies(self):
        it = one(runs(self.entries(), unsure=ALL), "P23")
        assert "a person has to decide" in it.end.uncertain[0]
        assert "P15" not in runs(self.entries(), unsure=ALL)


class TestADecision:
    def lost(self, **more):
        return course(
            happened(2, "national_decision", "2026-11-20", actor="at-dsb", outcome="lost", **more),
            oss=False,
            lead=None,
            handling="at-dsb",
        )

    def test_that_we_lost_can_be_appealed_under_the_law_of_the_state_that_decided(self):
        it = one(runs(self.lost(received="2026-11-26")), "AT-BVWG")
        assert it.started.value == day("2026-11-26")
        assert it.period.own
        # 24 December, on which an Austrian period does not end, then two holidays and a Sunday.
        assert (it.end.nominal, it.end.due) == (day("2026-12-24"), day("2026-12-28"))

    def test_without_a_day_of_receipt_is_counted_from_its_own_day(self):
        it = one(runs(self.lost()), "AT-BVWG")
        assert "day of receipt is not recorded" in it.end.uncertain[0]

    def test_that_we_won_cannot(self):
        won = course(
            happened(2, "national_decision", "2026-11-20", actor="at-dsb", outcome="won"),
            oss=False,
            lead=None,
        )
        assert "AT-BVWG" not in runs(won)

    def test_of_an_irish_authority_follows_irish_law(self):
        lost = course(
            happened(
                2, "final_rejected", "2026-03-02", actor="ie-dpc", outcome="lost", received="2026-03-03"
            ),
            lodged_with="ie-dpc",
            country="IE",
        )
        found = runs(lost)
        assert "AT-BVWG" not in found
        assert one(found, "IE-APPEAL").end.due == day("2026-03-30")


class TestTheClockOfTheAustrianAuthority:
    def test_stands_still_during_cooperation(self):
        it = one(runs(course(happened(2, "forwarded", "2024-07-01", actor="at-dsb"))), "AT-DECISION")
        assert it.end.paused_on == day("2024-07-01")

    def test_stands_still_from_the_lodging_where_nobody_recorded_when_cooperation_began(self):
        it = one(runs(course()), "AT-DECISION")
        assert it.end.paused_on == day("2024-06-06")

    def test_runs_where_no_other_authority_leads(self):
        it = one(runs(course(oss=False, lead=None)), "AT-DECISION")
        assert (it.end.paused_on, it.end.due) == (None, day("2024-12-06"))


class TestAPeriodThatAPersonStopped:
    def test_stands_still_and_runs_on_later(self):
        stop = happened(2, "deadline_paused", "2024-07-01", says=("pause", "G15", 0))
        assert one(runs(course(stop)), "G15").end.paused_on == day("2024-07-01")
        go = happened(3, "deadline_restarted", "2024-07-31", says=("restart", "G15", 0))
        it = one(runs(course(stop, go)), "G15")
        assert (it.end.paused_on, it.end.due) == (None, day("2024-10-07"))


class TestAPeriodOfWhichAPersonSaid:
    def test_that_it_was_done_is_met(self):
        done = happened(2, "deadline_met", "2024-07-05", says=("meet", "G15", 0))
        assert one(runs(course(done)), "G15").met_on == day("2024-07-05")

    def test_that_nobody_waits_for_it_is_waived(self):
        waived = happened(2, "deadline_waived", "2024-07-05", says=("waive", "G15", 0))
        assert one(runs(course(waived)), "G15").waived == "waived by entry 2"

    def test_that_it_began_runs(self):
        begun = happened(2, "deadline_begun", "2024-06-10", says=("begin", "G17"))
        assert one(runs(course(begun)), "G17").end.nominal == day("2024-06-13")


class TestAFilingThatWasWithdrawn:
    def test_is_owed_nothing_any_more(self):
        gone = course(happened(2, "withdrawn", "2024-07-05"), ended=Ended(2, 2, "“Withdrawn” on 5 July 2024"))
        assert one(runs(gone), "G15").waived == "the filing ended with entry 2, “Withdrawn” on 5 July 2024"


class TestAFilingLodgedWithTheLeadItself:
    """Art 4(6), 10(3), 12(1) Reg (EU) 2025/2518: the months run from the confirmation of its competence."""

    def lodged(self, *entries):
        return runs(course(*entries, lodged="2027-05-03", lodged_with="ie-dpc", country="IE"), chapters=ALL)

    def test_waits_six_weeks_for_the_lead_to_confirm_that_it_leads(self):
        it = one(self.lodged(), "P3-LEAD")
        assert (it.end.due, it.owes_slug) == (day("2027-06-14"), "ie-dpc")

    def test_has_the_periods_of_the_lead_from_the_confirmation(self):
        found = self.lodged(happened(2, "lead_confirmed", "2027-06-01", actor="ie-dpc"))
        assert one(found, "P3-LEAD").met_on == day("2027-06-01")
        assert [one(found, it).end.due for it in ("P7", "P10", "P15")] == [
            day("2027-07-13"), day("2027-09-01"), day("2028-09-01"),
        ]  # fmt: skip

    def test_has_them_from_the_investigation_where_no_confirmation_is_on_record(self):
        found = self.lodged(happened(2, "investigation", "2027-06-07", actor="ie-dpc"))
        assert one(found, "P3-LEAD").met_on == day("2027-06-07")
        it = one(found, "P15")
        assert it.end.due == day("2028-09-07")
        assert "counted from the first step that shows it" in it.end.uncertain[0]

    def test_has_them_from_the_confirmation_once_that_is_on_record(self):
        found = self.lodged(
            happened(2, "lead_confirmed", "2027-06-01", actor="ie-dpc"),
            happened(3, "investigation", "2027-06-07", actor="ie-dpc"),
        )
        it = one(found, "P15")
        assert (it.end.due, it.started_by) == (day("2028-09-01"), 2)

    def test_does_not_have_them_from_what_another_authority_does(self):
        found = self.lodged(happened(2, "investigation", "2027-06-07", actor="fr-cnil"))
        assert "P15" not in found


class TestAConfirmationOfTheLead:
    def test_is_in_doubt_by_whose_receipt_its_six_weeks_run(self):
        found = runs(
            course(happened(2, "forwarded", "2027-06-01", actor="at-dsb"), lodged="2027-05-03"), chapters=ALL
        )
        it = one(found, "P3")
        assert it.end.due == day("2027-07-13")
        assert "Counted from the receipt by the authority lodged with" in it.end.uncertain[0]


class TestViewsBeforeTheBoard:
    def test_say_that_the_law_names_no_shortest_time(self):
        begun = happened(2, "deadline_begun", "2028-03-06", says=("begin", "P29"))
        it = one(runs(course(begun, lodged="2027-05-03"), chapters=ALL), "P29")
        assert "names the longest time only" in " ".join(it.end.uncertain)


class TestWhatALaterStepTookThePlaceOf:
    def test_is_the_silence_of_the_french_authority_after_a_decision(self):
        decided = happened(2, "national_decision", "2024-12-02", actor="fr-cnil", outcome="lost")
        it = one(runs(course(decided, lodged_with="fr-cnil", country="FR")), "FR-IMPLICIT")
        assert it.waived == "over since entry 2, on 2 December 2024"

    def test_is_an_urgent_measure_that_was_ended_with_what_had_to_be_done_before_its_end(self):
        measure = happened(2, "urgency_measure", "2027-08-02", actor="at-dsb")
        found = runs(course(measure, lodged="2027-05-03"), chapters=ALL)
        assert (one(found, "G13").waived, "P32" in found) == (None, True)
        ended = happened(3, "urgency_ended", "2027-09-01", actor="at-dsb")
        found = runs(course(measure, ended, lodged="2027-05-03"), chapters=ALL)
        assert one(found, "G13").waived == "over since entry 3, on 1 September 2027"
        assert "P32" not in found

    def test_is_not_a_measure_whose_time_had_passed(self):
        measure = happened(2, "urgency_measure", "2024-08-02", actor="at-dsb")
        ended = happened(3, "urgency_ended", "2024-12-01", actor="at-dsb")
        assert one(runs(course(measure, ended)), "G13").waived is None

    def test_is_said_to_be_over(self):
        ends = Ends(day("2027-11-02"), None, None, own=False, waived=True, moot=True)
        assert time_words(ends, day("2027-10-01")) == "over"


class TestWhatOthersDidAfterTheLegalLastDay:
    def test_is_in_time_by_the_latest_count_only(self):
        ends = Ends(
            day("2028-10-26"), day("2028-10-26"), day("2029-10-26"), own=False, met_on=day("2029-01-10")
        )
        assert state(ends, day("2029-02-01")) is State.MET
        assert time_words(ends, day("2029-02-01")) == "met in time by the latest count"


class TestWhatSomebodySetsUs:
    def test_runs_outside_the_law_of_the_union_too(self):
        begun = happened(2, "deadline_begun", "2024-07-01", says=("begin", "OWN-OTHER", 2, day("2024-08-01")))
        for where in (
            {"lodged_with": "gb-ico", "country": "GB"},
            {"lodged_with": "eu-edps", "country": "EU"},
        ):
            found = runs(course(begun, oss=False, lead=None, **where))
            assert one(found, "OWN-OTHER").end.due == day("2024-08-01")
