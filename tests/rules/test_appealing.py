"""By whose law we can appeal: Art 78(1), 78(3) GDPR, and who adopts what under Art 60(7) to 60(9)."""

from dataclasses import replace
from datetime import date

import pytest

from tests.rules.deadlines import PLACES, course, happened, runs
from tests.rules.test_running import day, one
from tracker.reference.calendars import calendar_of
from tracker.reference.periods import periods
from tracker.rules.deadlines import Ends, State, state, time_words
from tracker.rules.running import running
from tracker.rules.vocabulary import Answer


def decided(step, by, outcome="partly_won", **facts):
    """Return what runs after a decision that came on Monday 7 February 2028."""
    entry = happened(2, step, "2028-02-01", actor=by, received="2028-02-07", outcome=outcome)
    return runs(course(entry, **{"lead": "fr-cnil", **facts}))


def elsewhere(step, by, outcome="lost"):
    """Return what runs after a decision of an authority of a state without a period for an appeal."""
    entry = happened(2, step, "2028-02-01", actor=by, received="2028-02-07", outcome=outcome)
    filing = course(entry, oss=False, lead=None, lodged_with="cz-uoou", country="CZ", handling="cz-uoou")
    return runs(replace(filing, places={**PLACES, "cz-uoou": "CZ", "sk-uoou": "SK"}))


class TestADecisionOfTheLeadThatMayRejectAPart:
    @pytest.mark.parametrize("step", ["final_split", "final_rejected", "decided", "final_upheld"])
    def test_can_be_appealed_where_the_complaint_was_lodged_too(self, step):
        found = decided(step, "fr-cnil")
        assert one(found, "AT-BVWG").end.due == day("2028-03-06")
        assert "FR-COURT" in found
        for period in ("AT-BVWG", "FR-COURT"):
            assert "the earlier day is the one to keep" in " ".join(one(found, period).end.uncertain)

    def test_is_appealed_in_one_state_where_the_authority_lodged_with_decided(self):
        found = decided("final_rejected", "at-dsb", "lost")
        assert "FR-COURT" not in found
        assert "named as having decided" not in " ".join(one(found, "AT-BVWG").end.uncertain)

    def test_is_no_reason_to_look_at_another_state_where_a_national_authority_decides_for_itself(self):
        assert "AT-BVWG" not in decided("national_decision", "fr-cnil", "lost")

    def test_that_we_won_altogether_is_not_appealed(self):
        assert not {"AT-BVWG", "FR-COURT", "OWN-APPEAL"} & set(decided("final_upheld", "fr-cnil", "won"))


class TestAStateWhosePeriodForAnAppealIsNotKnownHere:
    def test_begins_one_of_ours_whose_last_day_is_not_known(self):
        it = one(elsewhere("national_decision", "cz-uoou"), "OWN-APPEAL")
        assert it.period.own and it.end.due is None
        assert it.end.uncertain == (
            "The period of that state’s law is not in the table: look it up, and fix the last day.",
        )
        ends = Ends(None, None, None, own=True, lapses=True)
        assert state(ends, date(2030, 1, 1)) is State.RUNNING
        assert time_words(ends, date(2030, 1, 1)) == "end not known"

    def test_begins_one_beside_that_of_the_other_state(self):
        entry = happened(2, "final_rejected", "2028-02-01", actor="cz-uoou", outcome="lost")
        found = runs(replace(course(entry, lead="cz-uoou"), places={**PLACES, "cz-uoou": "CZ"}))
        assert {"AT-BVWG", "OWN-APPEAL"} <= set(found)

    def test_is_met_by_our_appeal_alone(self):
        entries = [
            happened(2, "national_decision", "2028-02-01", actor="cz-uoou", outcome="lost"),
            happened(3, "appeal", "2028-02-10"),
            happened(4, "appeal", "2028-02-20", ours=True),
        ]
        filing = course(*entries, oss=False, lead=None, lodged_with="cz-uoou", country="CZ")
        found = runs(replace(filing, places={**PLACES, "cz-uoou": "CZ"}))
        assert one(found, "OWN-APPEAL").met_number == 4

    def test_ends_on_the_day_that_somebody_looked_up(self):
        entries = [
            happened(2, "national_decision", "2028-02-01", actor="cz-uoou", outcome="lost"),
            happened(3, "deadline_fixed", "2028-02-08", says=("fix", "OWN-APPEAL", 2, day("2028-04-03"))),
        ]
        filing = course(*entries, oss=False, lead=None, lodged_with="cz-uoou", country="CZ")
        found = runs(replace(filing, places={**PLACES, "cz-uoou": "CZ"}))
        assert one(found, "OWN-APPEAL").end.due == day("2028-04-03")

    def test_is_none_that_the_table_has(self):
        assert "OWN-APPEAL" not in decided("final_split", "fr-cnil")

    def test_may_be_any_where_a_person_begins_it(self):
        begun = happened(2, "deadline_begun", "2028-02-01", says=("begin", "OWN-APPEAL"))
        assert "OWN-APPEAL" in runs(course(begun))


class TestASettlement:
    def test_that_gave_us_a_part_only_may_be_a_decision_that_can_be_appealed(self):
        it = one(decided("settled", "at-dsb"), "AT-BVWG")
        assert it.end.due == day("2028-03-06")
        assert "Whether it is a decision that can be appealed" in " ".join(it.end.uncertain)

    def test_as_we_wanted_it_is_not_appealed(self):
        assert "AT-BVWG" not in decided("settled", "at-dsb", "settled")


class TestTheSafeDay:
    def test_of_ours_is_none_on_which_courts_may_be_closed(self):
        # 28 days from Saturday 18 March 2028, that day counted, end on Good Friday 14 April.
        received = {"received": "2028-03-18", "outcome": "lost"}
        entry = happened(2, "national_decision", "2028-03-10", actor="ie-dpc", **received)
        filing = course(entry, oss=False, lead=None, lodged_with="ie-dpc", country="IE")
        found = running(filing, periods(), calendar_of, lambda chapter: Answer.NO)
        (it,) = [it for it in found if it.period.id == "IE-APPEAL"]
        assert (it.end.safe, it.end.due) == (day("2028-04-13"), day("2028-04-14"))

    def test_of_others_stays_because_they_are_late_by_the_certain_day(self):
        filing = course(lodged="2028-01-14", oss=False, lead=None, lodged_with="ie-dpc", country="IE")
        found = running(filing, periods(), calendar_of, lambda chapter: Answer.NO)
        (it,) = [it for it in found if it.period.id == "G15"]
        assert (it.end.safe, it.end.certain) == (day("2028-04-14"), day("2028-04-18"))
