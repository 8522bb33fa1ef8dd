"""Times during which a clock stands still: each day once, and none after the period is over."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.deadlines import course, happened, one, runs
from tracker.rules.stops import Stop, still

LAST = date(2024, 9, 6)


def day(text: str) -> date:
    return date.fromisoformat(text)


def stop(since: str, until: str | None = None) -> Stop:
    return Stop(day(since), day(until) if until else None, "why")


def by_hand(number: int, act: str, on: str, period: str = "G15", start: int = 0):
    step = {"pause": "deadline_paused", "restart": "deadline_restarted"}[act]
    return happened(number, step, on, says=(act, period, start))


class TestTimesTogether:
    def test_count_each_day_once_where_they_overlap(self):
        it = still([stop("2024-07-01", "2024-07-11"), stop("2024-07-06", "2024-07-16")], LAST)
        assert (it.days, it.overlap, it.now) == (15, True, None)

    def test_count_all_days_where_they_lie_apart(self):
        it = still([stop("2024-08-01", "2024-08-11"), stop("2024-07-01", "2024-07-06")], LAST)
        assert (it.days, it.overlap) == (15, False)

    def test_count_nothing_that_begins_after_the_end(self):
        it = still([stop("2024-09-07", "2024-10-07")], LAST)
        assert (it.days, [one.since for one in it.late]) == (0, [day("2024-09-07")])

    def test_count_what_begins_on_the_last_day_or_on_one_to_which_it_was_moved(self):
        assert still([stop("2024-09-06", "2024-09-16")], LAST).days == 10
        moved = [stop("2024-09-01", "2024-09-11"), stop("2024-09-16", "2024-09-17")]
        assert still(moved, LAST).days == 11
        assert still([moved[0], stop("2024-09-17", "2024-09-18")], LAST).days == 10

    def test_stand_still_now_from_the_first_day_of_the_time_that_goes_on(self):
        it = still([stop("2024-07-06"), stop("2024-07-01", "2024-07-11")], LAST)
        assert it.now is not None and (it.now.since, it.days) == (day("2024-07-01"), 0)
        assert still([stop("2024-09-07")], LAST).now is None

    @given(st.lists(st.tuples(st.integers(-60, 200), st.integers(0, 90)), max_size=6))
    def test_agree_with_counting_day_by_day(self, times: list[tuple[int, int]]):
        start = date(2024, 6, 6)
        spans = [(start + timedelta(since), start + timedelta(since + long)) for since, long in times]
        end, today = LAST, min([start, *(since for since, _ in spans)])
        # Day by day: whenever the clock stands still while it is not over, the end goes one day back.
        held = False
        while today <= end or held:
            begun = [since for since, until in spans if since <= today < until]
            held = bool(begun) and (held or any(since <= end for since in begun))
            if held:
                end += timedelta(1)
            today += timedelta(1)
        found = still([Stop(since, until, "why") for since, until in spans], LAST)
        assert LAST + timedelta(found.days) == end


class TestAPeriodThatIsOver:
    def test_does_not_stand_still_any_more(self):
        it = one(runs(course(by_hand(2, "pause", "2024-10-01"))), "G15")
        assert (it.end.paused_on, it.end.due) == (None, LAST)

    def test_is_not_moved_by_a_time_that_began_later(self):
        found = runs(course(by_hand(2, "pause", "2024-10-01"), by_hand(3, "restart", "2024-11-01")))
        it = one(found, "G15")
        assert it.end.due == LAST
        assert any("it was over, and stands still no more" in reason.text for reason in it.end.reasons)

    def test_is_not_brought_back_by_cooperation_that_began_later(self):
        entries = (
            happened(2, "forwarded", "2025-06-01", actor="at-dsb"),
            happened(3, "returned", "2025-09-01", actor="ie-dpc"),
        )
        assert one(runs(course(*entries)), "AT-DECISION").end.due == day("2024-12-06")


class TestTheTimeOfCooperation:
    def test_and_a_stop_by_hand_on_the_same_days_count_once(self):
        entries = (
            happened(2, "forwarded", "2024-07-01", actor="at-dsb"),
            by_hand(3, "pause", "2024-07-15", "AT-DECISION"),
            happened(4, "returned", "2024-10-01", actor="ie-dpc"),
            by_hand(5, "restart", "2024-10-15", "AT-DECISION"),
        )
        it = one(runs(course(*entries)), "AT-DECISION")
        # 106 days from 1 July to 15 October, after 6 December 2024: Saturday 22 March, so Monday.
        assert it.end.due == day("2025-03-24")

    def test_began_before_the_draft_that_shows_it(self):
        draft = happened(2, "draft_decision", "2025-10-06", actor="ie-dpc")
        it = one(runs(course(draft)), "AT-DECISION")
        assert it.end.paused_on == day("2024-06-06")


class TestALastDayThatWasFixed:
    def test_before_the_period_begins_is_in_doubt(self):
        fixed = happened(
            2, "defect_notice", "2024-07-25", actor="at-dsb", says=("fix", "*", None, day("2024-07-19"))
        )
        found = [it for several in runs(course(fixed)).values() for it in several if it.started_by == 2]
        doubts = [text for it in found for text in it.end.uncertain]
        assert any(
            "begins on Thursday 25 July 2024 only: one of the two days is wrong" in it for it in doubts
        )
