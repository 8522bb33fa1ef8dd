"""Who owes a period, and whose calendars count for it."""

from tests.rules.deadlines import course, happened, runs
from tests.rules.test_running import ALL, day, one


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


class TestALeadThatChanged:
    """Whoever led when a period began owes it, and whoever leads now owes nothing of another one."""

    PASSED = happened(2, "forwarded", "2027-06-01", actor="at-dsb")

    def found(self, *entries, lead="nl-ap"):
        return runs(course(*entries, lodged="2027-05-03", lead=lead), chapters=ALL)

    def test_owes_no_draft_whose_time_began_when_another_one_confirmed(self):
        found = self.found(happened(2, "lead_confirmed", "2027-07-01", actor="ie-dpc"))
        for period in ("P7", "P10", "P15"):
            it = one(found, period)
            assert (it.owes_slug, it.end.calendars) == ("ie-dpc", ("IE",))
            assert "Another authority leads now" in " ".join(it.end.uncertain)

    def test_owes_what_the_board_found_for_it_to_lead(self):
        found = self.found(happened(2, "lead_confirmed", "2027-07-01", actor="eu-edpb"))
        assert one(found, "P15").owes_slug == "nl-ap"

    def test_owes_what_the_authority_lodged_with_told_of_its_confirmation(self):
        found = self.found(happened(2, "lead_confirmed", "2027-07-01", actor="at-dsb"))
        assert one(found, "P15").owes_slug == "nl-ap"

    def test_owes_no_confirmation_of_what_was_passed_to_the_one_that_sent_it_back(self):
        it = one(self.found(self.PASSED, happened(3, "returned", "2027-06-20", actor="ie-dpc")), "P3")
        assert (it.owes_slug, it.end.calendars) == ("ie-dpc", ("IE",))

    def test_owes_it_where_the_entry_names_it(self):
        passed = happened(2, "forwarded", "2027-06-01", actor="at-dsb", lead="ie-dpc")
        again = happened(3, "forwarded", "2027-07-01", actor="at-dsb", lead="nl-ap")
        assert [it.owes_slug for it in self.found(passed, again)["P3"]] == ["ie-dpc", "nl-ap"]

    def test_is_not_guessed_where_nothing_tells_who_it_was(self):
        first, second = self.found(self.PASSED, happened(3, "forwarded", "2027-07-01", actor="at-dsb"))["P3"]
        assert (first.owes_slug, second.owes_slug) == (None, "nl-ap")
        assert "who had to confirm is not known" in " ".join(first.end.uncertain)

    def test_owes_it_where_it_did_not_change(self):
        it = one(self.found(self.PASSED), "P3")
        assert it.owes_slug == "nl-ap"
        assert "leads now" not in " ".join(it.end.uncertain)
