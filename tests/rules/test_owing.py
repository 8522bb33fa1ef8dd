"""Who owes a period, and whose calendars count for it."""

from tests.rules.deadlines import course, happened, runs
from tests.rules.test_running import day, one


class TestTheFinalDecisionAfterTheBoard:
    DECIDED = happened(2, "binding_decision", "2026-09-25", actor="eu-edpb", received="2026-09-25")

    def test_may_be_for_either_of_two_authorities_to_adopt_by_both_calendars(self):
        it = one(runs(course(self.DECIDED)), "G12")
        assert (it.owes_slug, set(it.end.calendars)) == ("ie-dpc", {"IE", "AT"})
        # Monday 26 October 2026 is a holiday in Ireland, and none in Austria.
        assert (it.end.safe, it.end.certain) == (day("2026-10-26"), day("2026-10-27"))
        assert "a rejection is for the authority lodged with" in " ".join(it.end.uncertain)

    def test_was_for_the_authority_lodged_with_where_it_rejects(self):
        rejected = happened(3, "final_rejected", "2026-10-20", actor="at-dsb")
        it = one(runs(course(self.DECIDED, rejected)), "G12")
        assert (it.owes_slug, it.end.calendars, it.met_number) == ("at-dsb", ("AT",), 3)

    def test_is_for_one_where_it_is_both(self):
        it = one(runs(course(self.DECIDED, lodged_with="ie-dpc", country="IE")), "G12")
        assert (it.owes_slug, it.end.calendars) == ("ie-dpc", ("IE",))


class TestMutualAssistance:
    def asked(self, by, *more, **facts):
        return one(
            runs(course(happened(2, "assistance_request", "2024-07-01", actor=by), *more, **facts)), "G7"
        )

    def test_is_owed_by_the_lead_where_the_authority_lodged_with_asked_and_says_that_this_is_taken_so(self):
        it = self.asked("at-dsb")
        assert it.owes_slug == "ie-dpc"
        assert "taken for the other one" in " ".join(it.end.uncertain)

    def test_is_owed_by_whoever_answered(self):
        it = self.asked("ie-dpc", happened(3, "assistance_answer", "2024-07-20", actor="nl-ap"))
        assert (it.owes_slug, it.end.calendars, it.met_number) == ("nl-ap", ("NL",), 3)

    def test_is_owed_by_nobody_known_where_another_authority_asked(self):
        assert self.asked("fr-cnil").owes_slug is None
