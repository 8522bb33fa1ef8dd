"""Extensions and fixed days: what of them the law carries, what is in doubt, and what moves nothing."""

from datetime import date

import pytest

from tests.rules.deadlines import course, happened, runs
from tracker.rules import meeting
from tracker.rules.lengths import Length
from tracker.rules.running import Running

ALL = "II III IV V VI"


def day(text: str) -> date:
    return date.fromisoformat(text)


def extension(number: int, on: str, period: str, start: int, *, until: str = "", more: str = "", **values):
    """Return an entry that extends a period until a day, or by a length."""
    to, longer = day(until) if until else None, Length.parse(more) if more else None
    return happened(number, "deadline_extended", on, says=("extend", period, start, to, longer), **values)


def fixed(number: int, on: str, period: str, start: int, until: str):
    return happened(number, "deadline_fixed", on, says=("fix", period, start, day(until)))


def doubts(it: Running) -> str:
    """Return what is uncertain, where the reasons say it too."""
    # That nobody has to tell us of a step is no doubt about its extension.
    told = " ".join(text for text in it.end.uncertain if text != meeting.untold(it.period))
    for judged in it.end.extensions:
        for text in judged.doubts:
            assert text in told
            assert any(text.rstrip(".") in reason.text for reason in it.end.reasons)
    return told


def days(it: Running) -> tuple[date | None, date | None, date | None]:
    return it.end.safe, it.end.due, it.end.certain


class TestTheTimeForADraftDecision:
    """Art 12(3) Reg (EU) 2025/2518: once, twelve months at most, told four weeks before the fifteen end."""

    CONFIRMED = happened(2, "lead_confirmed", "2027-07-26", actor="ie-dpc")
    #: Thursday 26 October 2028, and four weeks before it 28 September.
    LAW = day("2028-10-26")

    def draft(self, *entries, simple: bool = False) -> Running:
        more = [happened(3, "simple_cooperation", "2027-08-20", actor="ie-dpc")] if simple else []
        found = runs(course(self.CONFIRMED, *more, *entries, lodged="2027-05-03"), chapters=ALL)
        (it,) = found["P18" if simple else "P15"]
        return it

    def test_may_be_longer_without_our_knowing_until_the_lead_is_late_for_certain(self):
        it = self.draft()
        assert days(it) == (self.LAW, self.LAW, day("2029-10-26"))
        assert "nobody has to tell us" in doubts(it)
        assert not it.end.extended

    def test_is_longer_by_what_was_told_in_time(self):
        it = self.draft(extension(4, "2028-09-28", "P15", 2, more="+6m"))
        assert (it.end.due, it.end.certain) == (day("2029-04-26"), day("2029-04-26"))
        assert it.end.extended
        assert it.end.extensions[0].doubts == ()

    def test_is_longer_in_doubt_only_where_the_notice_came_in_the_last_four_weeks(self):
        it = self.draft(extension(4, "2028-09-29", "P15", 2, more="+6m"))
        assert (it.end.due, it.end.certain) == (self.LAW, day("2029-04-26"))
        assert "asks for notice 4 weeks before its end, until Thursday 28 September 2028" in doubts(it)
        assert it.end.reasons[-1].basis == "Art 12(3) Reg 2025/2518"
        assert it.end.extended

    def test_is_in_doubt_where_only_the_month_of_the_notice_is_known(self):
        assert "may be too late" in doubts(self.draft(extension(4, "2028-09", "P15", 2, more="+6m")))

    def test_is_not_longer_where_it_was_over(self):
        it = self.draft(extension(4, "2028-11-02", "P15", 2, more="+6m"))
        assert days(it) == (self.LAW, self.LAW, self.LAW)
        assert "what is over is not extended any more" in doubts(it)
        assert not it.end.extended

    def test_is_longer_once(self):
        first = extension(4, "2028-06-01", "P15", 2, more="+6m")
        it = self.draft(first, extension(5, "2028-08-01", "P15", 2, more="+3m"))
        assert (it.end.due, it.end.certain) == (day("2029-04-26"), day("2029-04-26"))
        assert "Entry 5 extends it until Thursday 26 July 2029" in doubts(it)
        assert "allows one extension only. It moves no day." in doubts(it)

    def test_is_never_longer_than_twelve_months_more(self):
        it = self.draft(extension(4, "2028-06-01", "P15", 2, until="2030-03-01"))
        assert (it.end.due, it.end.certain) == (day("2029-10-26"), day("2029-10-26"))
        assert "allows 12 months more at most, until Friday 26 October 2029" in doubts(it)
        assert "It is counted until Friday 26 October 2029." in doubts(it)

    def test_does_not_end_earlier_by_an_extension(self):
        it = self.draft(extension(4, "2028-06-01", "P15", 2, until="2028-10-20"))
        assert it.end.due == self.LAW
        assert it.end.extensions[0].idle
        assert "nothing is extended" in doubts(it)
        assert "nobody has to tell us" in doubts(it), "nobody told of one"

    def test_that_stands_still_is_not_over(self):
        dispute = happened(4, "scope_dispute", "2028-10-01", actor="ie-dpc")
        it = self.draft(dispute, extension(5, "2028-11-02", "P15", 2, more="+6m"))
        assert it.end.extensions[0].doubts == ()

    def test_keeps_the_doubt_of_one_extension_beside_the_next(self):
        late = extension(4, "2028-10-02", "P15", 2, more="+6m")
        it = self.draft(late, extension(5, "2028-10-03", "P15", 2, more="+7m"))
        assert "4 weeks before" in doubts(it) and "allows one extension only" in doubts(it)

    def test_in_simple_cooperation_is_longer_by_two_months_told_two_weeks_before(self):
        # Twelve months end on Wednesday 26 July 2028; two weeks before it is the 12th.
        in_time = self.draft(extension(4, "2028-07-12", "P18", 2, more="+2m"), simple=True)
        assert (in_time.end.due, doubts(in_time)) == (day("2028-09-26"), "")
        late = self.draft(extension(4, "2028-07-13", "P18", 2, more="+2m"), simple=True)
        assert (late.end.due, late.end.certain) == (day("2028-07-26"), day("2028-09-26"))
        assert "Art 12(6) Reg 2025/2518 asks for notice 2 weeks before its end" in doubts(late)

    def test_may_be_objected_to_for_two_weeks_by_authorities_concerned(self):
        told = extension(4, "2028-06-01", "P15", 2, more="+6m")
        found = runs(course(self.CONFIRMED, told, lodged="2027-05-03"), chapters=ALL)
        [it] = found["P17"]
        assert (it.end.due, it.started_by, it.period.lapses) == (day("2028-06-15"), 4, True)
        other = extension(4, "2027-08-01", "P10", 2, until="2027-12-01")
        assert "P17" not in runs(course(self.CONFIRMED, other, lodged="2027-05-03"), chapters=ALL)

    def test_is_in_no_doubt_where_the_draft_came_within_it(self):
        it = self.draft(happened(4, "draft_decision", "2028-10-02", actor="ie-dpc"))
        assert (it.end.certain, doubts(it)) == (self.LAW, "")


class TestTheAnswerToARequest:
    """Art 12(3) GDPR: two more months, told within the first."""

    REQUEST = happened(2, "data_request", "2024-06-10", received="2024-06-11", ours=True)

    def answer(self, *entries) -> Running:
        (it,) = runs(course(self.REQUEST, *entries))["G1"]
        return it

    def test_is_later_where_that_was_told_within_the_first_month(self):
        it = self.answer(extension(3, "2024-07-11", "G1", 2, more="+2m"))
        assert (it.end.due, doubts(it)) == (day("2024-09-11"), "")

    def test_is_not_later_where_that_was_told_afterwards(self):
        it = self.answer(extension(3, "2024-07-12", "G1", 2, more="+2m"))
        assert days(it) == (day("2024-07-11"),) * 3
        assert "The period had ended on Thursday 11 July 2024" in doubts(it)

    def test_is_in_doubt_where_the_letter_came_afterwards(self):
        it = self.answer(extension(3, "2024-07-10", "G1", 2, more="+2m", received="2024-07-15"))
        assert (it.end.due, it.end.certain) == (day("2024-07-11"), day("2024-09-11"))
        assert "came on Monday 15 July 2024 only" in doubts(it)

    def test_is_two_months_later_at_most_in_several_steps(self):
        first = extension(3, "2024-06-20", "G1", 2, more="+1m")
        it = self.answer(first, extension(4, "2024-06-25", "G1", 2, more="+2m"))
        assert it.end.due == day("2024-09-11")
        assert "allows 2 months more at most" in doubts(it)

    def test_is_no_later_once_it_has_all_the_time_that_the_law_allows(self):
        first = extension(3, "2024-06-20", "G1", 2, more="+2m")
        it = self.answer(first, extension(4, "2024-06-25", "G1", 2, until="2024-10-11"))
        assert (it.end.due, it.end.certain) == (day("2024-09-11"), day("2024-09-11"))
        assert "It moves no day." in doubts(it)

    def test_is_owed_without_an_extension_of_which_we_would_know(self):
        assert self.answer().end.certain == day("2024-07-11")


class TestWhatTheLawDoesNotExtend:
    def test_is_not_longer_by_the_word_of_the_authority_that_owes_it(self):
        (it,) = runs(course(extension(2, "2024-08-01", "G15", 0, until="2024-12-02")))["G15"]
        assert days(it) == (day("2024-09-06"),) * 3
        assert "Art 78(2), 77(2) allows no extension. It moves no day." in doubts(it)

    def test_is_longer_in_doubt_where_the_law_of_a_state_may_know_more(self):
        here = course(extension(2, "2024-08-01", "AT-DECISION", 0, until="2025-02-03"), oss=False, lead=None)
        (it,) = runs(here)["AT-DECISION"]
        assert (it.end.due, it.end.certain) == (day("2024-12-06"), day("2025-02-03"))

    def test_of_ours_is_kept_by_the_day_of_the_law(self):
        lost = happened(
            2, "national_decision", "2026-03-02", actor="at-dsb", outcome="lost", received="2026-03-02"
        )
        here = course(
            lost, extension(3, "2026-03-10", "AT-BVWG", 2, until="2026-05-04"), oss=False, lead=None
        )
        (it,) = runs(here)["AT-BVWG"]
        assert days(it) == (day("2026-03-30"), day("2026-03-30"), day("2026-05-04"))
        assert "Monday 30 March 2026 is safe." in doubts(it)

    def test_is_as_long_as_whoever_sets_it_says_where_the_law_gives_no_length(self):
        asked = happened(
            2, "defect_notice", "2024-07-01", actor="at-dsb", says=("fix", "*", 2, day("2024-07-19"))
        )
        (it,) = runs(course(asked, extension(3, "2024-07-15", "OWN-REMEDY", 2, until="2024-08-02")))[
            "OWN-REMEDY"
        ]
        assert (it.end.due, it.end.safe, it.end.extended) == (day("2024-08-02"), day("2024-08-02"), True)


class TestADayThatIsFixedForOurViews:
    """Art 20(1) Reg (EU) 2025/2518: three to six weeks, here from 27 March to 17 April 2028."""

    def views(self, *entries) -> Running:
        asked = happened(3, "prelim_findings", "2028-03-01", actor="ie-dpc", received="2028-03-06")
        confirmed = happened(2, "lead_confirmed", "2027-07-26", actor="ie-dpc")
        (it,) = runs(course(confirmed, asked, *entries, lodged="2027-05-03"), chapters=ALL)["P23"]
        return it

    def test_is_safe_where_the_law_allows_it(self):
        it = self.views(fixed(4, "2028-03-07", "P23", 3, "2028-04-10"))
        assert (days(it), doubts(it)) == ((day("2028-04-10"),) * 3, "")

    def test_is_in_doubt_beyond_six_weeks(self):
        it = self.views(fixed(4, "2028-03-07", "P23", 3, "2028-05-08"))
        assert days(it) == (day("2028-04-17"), day("2028-05-08"), day("2028-05-08"))
        assert "gives 3 weeks to 6 weeks: until Monday 17 April 2028" in doubts(it)

    def test_is_in_doubt_before_three_weeks_and_kept_all_the_same(self):
        it = self.views(fixed(4, "2028-03-07", "P23", 3, "2028-03-13"))
        assert days(it) == (day("2028-03-13"), day("2028-03-13"), day("2028-03-27"))
        assert "at least until Monday 27 March 2028" in doubts(it)

    def test_may_be_extended_within_six_weeks(self):
        first = fixed(4, "2028-03-07", "P23", 3, "2028-03-27")
        it = self.views(first, extension(5, "2028-03-20", "P23", 3, until="2028-04-10"))
        assert (days(it), doubts(it)) == ((day("2028-04-10"),) * 3, "")

    def test_that_is_extended_after_it_is_over_is_kept_by_the_first(self):
        first = fixed(4, "2028-03-07", "P23", 3, "2028-03-27")
        it = self.views(first, extension(5, "2028-03-29", "P23", 3, until="2028-04-10"))
        assert days(it) == (day("2028-03-27"), day("2028-04-10"), day("2028-04-10"))
        assert "what is over is not extended any more" in doubts(it)


class TestTheBoard:
    """Art 65(2): one month, and one more for a complex matter, of which nobody tells us."""

    DISPUTE = happened(2, "board_dispute", "2026-11-18", actor="ie-dpc")

    def test_is_late_for_certain_after_the_second_month_only(self):
        (it,) = runs(course(self.DISPUTE))["G10"]
        assert (it.end.due, it.end.certain) == (day("2026-12-18"), day("2027-01-18"))

    @pytest.mark.parametrize(("decided", "expected"), [("2027-01-12", False), ("2027-01-25", True)])
    def test_needs_a_simple_majority_after_the_second_month_only(self, decided: str, expected: bool):
        decision = happened(3, "binding_decision", decided, actor="eu-edpb")
        assert ("G11" in runs(course(self.DISPUTE, decision))) is expected


class TestAPeriodThatRunsFromTheEndOfAnother:
    def test_may_begin_on_every_day_on_which_that_one_may_be_over(self):
        entries = [
            happened(2, "lead_confirmed", "2027-07-26", actor="ie-dpc"),
            happened(3, "key_issues", "2027-10-01", actor="ie-dpc"),
            happened(4, "key_issue_comments", "2027-10-20", actor="at-dsb"),
        ]
        (it,) = runs(course(*entries, lodged="2027-05-03"), chapters=ALL)["P12"]
        # Comments in time end in four weeks; where two more were given, the answer may be later by as much,
        # and by two more of its own.
        assert (it.end.due, it.end.certain) == (day("2027-11-26"), day("2027-12-24"))
