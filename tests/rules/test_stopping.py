"""When clocks stand still, and what begins with what, under Regulation (EU) 2025/2518."""

import pytest

from tests.rules.deadlines import course, happened, runs
from tests.rules.test_running import ALL, day, one
from tracker.reference.calendars import calendar_of
from tracker.reference.periods import periods
from tracker.rules.running import running
from tracker.rules.vocabulary import Answer

LODGED = "2027-05-03"
CONFIRMED = happened(2, "lead_confirmed", "2027-07-26", actor="ie-dpc")


def found(*entries, **facts):
    return runs(course(*entries, lodged=LODGED, **facts), chapters=ALL)


class TestAnEarlyResolution:
    """Art 4(5), 5(6): what has to be done is to be done "in the absence of an early resolution"."""

    ANNOUNCED = happened(2, "early_resolution", "2027-05-10", actor="at-dsb")

    def test_stops_the_time_for_passing_the_complaint_on(self):
        it = one(found(self.ANNOUNCED), "P2")
        assert it.end.paused_on == day("2027-05-10")

    @pytest.mark.parametrize("step", ["resumed", "views"])
    def test_lets_it_run_again_with_our_objection(self, step):
        it = one(found(self.ANNOUNCED, happened(3, step, "2027-05-24", ours=True)), "P2")
        # Six weeks end on 14 June; the clock stood still for 14 days.
        assert (it.end.paused_on, it.end.due) == (None, day("2027-06-28"))

    @pytest.mark.parametrize("period", ["P10", "P15"])
    def test_by_the_lead_stops_its_own_time(self, period):
        early = happened(3, "early_resolution", "2027-08-02", actor="ie-dpc")
        assert one(found(CONFIRMED, early), period).end.paused_on == day("2027-08-02")
        again = happened(4, "resumed", "2027-08-16", ours=True)
        assert one(found(CONFIRMED, early, again), period).end.paused_on is None

    def test_during_a_dispute_over_the_scope_is_not_counted_twice(self):
        entries = [
            CONFIRMED,
            happened(3, "deadline_paused", "2027-09-01", says=("pause", "P15", 2)),
            happened(4, "scope_dispute", "2027-09-10", actor="ie-dpc"),
            happened(5, "urgent_board_decision", "2027-09-20", actor="eu-edpb"),
            happened(6, "deadline_restarted", "2027-10-01", says=("restart", "P15", 2)),
        ]
        # 26 October 2028 and the 30 days of September: Saturday 25 November, so Monday.
        assert one(found(*entries), "P15").end.due == day("2028-11-27")


class TestADisputeOverTheScope:
    """Art 12(2): until the Board has decided on it, by an urgent binding decision."""

    def test_is_over_with_the_decision_of_the_board(self):
        dispute = happened(3, "scope_dispute", "2027-12-01", actor="ie-dpc")
        decided = happened(4, "urgent_board_decision", "2027-12-31", actor="eu-edpb")
        it = one(found(CONFIRMED, dispute, decided), "P15")
        assert (it.end.paused_on, it.end.due) == (None, day("2028-11-27"))

    def test_keeps_the_time_for_the_notice_of_an_extension_still_too(self):
        dispute = happened(3, "scope_dispute", "2027-12-01", actor="ie-dpc")
        assert one(found(CONFIRMED, dispute), "P16").end.paused_on == day("2027-12-01")


class TestTheNoticeOfAnExtension:
    def test_has_more_time_where_a_person_stopped_the_time_for_the_draft(self):
        stop = happened(3, "deadline_paused", "2027-12-01", says=("pause", "P15", 2))
        assert one(found(CONFIRMED, stop), "P16").end.paused_on == day("2027-12-01")
        go = happened(4, "deadline_restarted", "2027-12-31", says=("restart", "P15", 2))
        # Four weeks before Monday 27 November 2028.
        it = one(found(CONFIRMED, stop, go), "P16")
        assert (it.end.paused_on, it.end.due) == (None, day("2028-10-30"))


class TestADisputeOverTheLead:
    """Art 65(1)(b): Art 27 is about objections; Art 29(3) gives the Chair one week to register."""

    def board(self, step, **facts):
        return one(found(happened(2, step, "2027-08-02", actor="at-dsb"), chapter_v=True, **facts), "G10")

    def test_gives_the_board_its_month_from_the_referral_with_a_week_in_doubt(self):
        it = self.board("lead_disputed")
        assert it.end.due == day("2027-09-02")
        assert "9 August 2027" in " ".join(it.end.uncertain)
        assert "a week to register" in " ".join(it.end.uncertain)
        # The longest month of the Board besides, of which nobody has to tell us.
        assert it.end.certain == day("2027-10-11")

    def test_is_not_checked_for_four_weeks_as_objections_are(self):
        assert self.board("board_dispute").end.due == day("2027-09-30")


class TestViewsInSimpleCooperation:
    """Art 6(1) leaves Art 16, 19 and 20 out of it; Art 6(4) and national law say when we are heard."""

    SIMPLE = happened(3, "simple_cooperation", "2027-08-09", actor="ie-dpc")

    @pytest.mark.parametrize(
        ("step", "theirs"), [("rejection_hearing", ["P19"]), ("prelim_findings", ["P21", "P22", "P23"])]
    )
    def test_are_due_on_the_day_that_the_authority_fixes_and_have_no_length(self, step, theirs):
        asked = happened(4, step, "2028-03-01", actor="ie-dpc", received="2028-03-06")
        these = found(CONFIRMED, self.SIMPLE, asked)
        assert not set(theirs) & set(these)
        assert one(these, "OWN-VIEWS").end.due is None
        usual = found(CONFIRMED, asked)
        assert set(theirs) <= set(usual) and "OWN-VIEWS" not in usual

    def test_have_three_weeks_again_where_somebody_objected_to_it_before(self):
        against = happened(4, "simple_objection", "2027-08-16", actor="fr-cnil")
        asked = happened(5, "prelim_findings", "2028-03-01", actor="ie-dpc", received="2028-03-06")
        these = found(CONFIRMED, self.SIMPLE, against, asked)
        assert "P23" in these and "OWN-VIEWS" not in these


class TestADraftThatMayReject:
    """Art 21(1) is about decisions under Art 60(7) and 60(9), not about a rejection under Art 60(8)."""

    HEARD = happened(3, "rejection_hearing", "2028-03-01", actor="at-dsb")
    DRAFT = happened(4, "draft_decision", "2028-10-02", actor="ie-dpc")

    def test_is_not_held_against_the_lead_as_a_decision_that_is_due(self):
        assert "P24" not in found(CONFIRMED, self.HEARD, self.DRAFT)
        assert "P24" in found(CONFIRMED, self.DRAFT)

    def test_was_none_where_the_lead_upheld_a_part(self):
        split = happened(5, "final_split", "2028-12-20", actor="ie-dpc")
        it = one(found(CONFIRMED, self.HEARD, self.DRAFT, split), "P24")
        assert (it.met_on, it.end.due) == (day("2028-12-20"), day("2028-11-30"))


class TestARequestForAssistance:
    """Art 11(3): within a month of the end of the time for the answer to comments."""

    def test_has_its_month_also_where_the_lead_answered_earlier(self):
        entries = [
            CONFIRMED,
            happened(3, "key_issues", "2027-09-06", actor="ie-dpc"),
            happened(4, "key_issue_comments", "2027-09-20", actor="fr-cnil"),
            happened(5, "key_issue_answer", "2027-10-11", actor="ie-dpc"),
        ]
        # Four weeks for the comments, until 4 October, and four for the answer, until 1 November.
        assert one(found(*entries), "P13").end.due == day("2027-12-01")


class TestOurObjectionToEarlyResolution:
    def test_has_a_safe_day_on_which_offices_are_open_for_certain(self):
        # Four weeks from Friday 17 March 2028 end on Good Friday, on which Irish offices may be closed.
        told = happened(2, "early_resolution", "2028-03-17", actor="ie-dpc", received="2028-03-17")
        filing = course(told, lodged="2028-03-01", lodged_with="ie-dpc", country="IE")
        (it,) = [
            it
            for it in running(filing, periods(), calendar_of, lambda chapter: Answer.YES)
            if it.period.id == "P4"
        ]
        assert (it.end.safe, it.end.due, it.end.certain) == (
            day("2028-04-13"), day("2028-04-14"), day("2028-04-18"),
        )  # fmt: skip


class TestTheTable:
    def test_names_article_15_where_a_revised_draft_is_late(self):
        against = happened(4, "objection", "2028-10-20", actor="fr-cnil")
        these = found(CONFIRMED, happened(3, "draft_decision", "2028-10-02", actor="ie-dpc"), against)
        assert "Art 15" in one(these, "P27").period.effect

    def test_does_not_count_the_views_of_a_party_from_the_draft_before_which_they_are_heard(self):
        revised = happened(3, "revised_draft", "2028-10-02", actor="ie-dpc")
        assert "P25" not in found(CONFIRMED, revised)
