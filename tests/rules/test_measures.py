"""From the protocol of a filing to how long it waited: what counts, what does not, and what nobody knows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.reference import measures as table
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.measures import LeftOut, Lodged, Meaning, Measure, Waited, counted, owes, waited
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.survival import Observation

TODAY = date(2026, 11, 22)
ACK, TRANSFER, FIRST, FINAL = Measure


def a_filing(lodged="2024-01-01", **values) -> Lodged:
    """Return a filing lodged in the Netherlands and led from Ireland."""
    known = {"authority": "nl-ap", "lead": "ie-dpc", "handling": None, "outcome": "pending", **values}
    return Lodged(counted(Day.parse(lodged)), **known)


def waits(measure, *steps, filing=None):
    """Return how long a filing waited whose protocol is "step day" each."""
    split = [it.partition(" ") for it in steps]
    happened = [(step, counted(Day.parse(day or None))) for step, _, day in split]
    means = table.meanings()[measure]
    return waited(measure, filing or a_filing(), happened, means=means, today=TODAY.toordinal())


def ended(days, **more):
    return Waited(Observation(days, ended=True), open=False, **more)


def still_open(days, **more):
    return Waited(Observation(days, ended=False), open=True, **more)


def stopped(days):
    return Waited(Observation(days, ended=False), open=False)


class TestAFilingOfWhichNothingIsHeard:
    @pytest.mark.parametrize("measure", Measure)
    def test_waits_until_today_for_everything(self, measure):
        assert waits(measure, "lodged 2024-01-01") == still_open((TODAY - date(2024, 1, 1)).days)


class TestReceipt:
    def test_is_confirmed_by_the_confirmation(self):
        assert waits(ACK, "acknowledged 2024-01-11", "forwarded 2024-06-01") == ended(10)

    @pytest.mark.parametrize("step", ["defect_notice", "admissible", "inadmissible", "forwarded"])
    def test_is_shown_by_what_only_its_receiver_can_do(self, step):
        assert waits(ACK, f"{step} 2024-01-31", "acknowledged 2024-02-01") == ended(30, shown=True)

    @pytest.mark.parametrize("step", ["lead_confirmed", "investigation", "final_upheld", "settled", "appeal"])
    def test_was_confirmed_on_a_day_that_nobody_recorded_where_others_act_first(self, step):
        assert waits(ACK, f"{step} 2025-01-31") is LeftOut.NOT_RECORDED

    def test_counts_where_it_is_recorded_after_a_step_that_comes_later_as_a_rule(self):
        assert waits(ACK, "investigation 2024-01-05", "acknowledged 2024-01-11") == ended(10)

    def test_is_awaited_no_longer_once_the_complaint_is_withdrawn(self):
        assert waits(ACK, "withdrawn 2024-01-31", "closed 2024-03-01") == stopped(30)


class TestPassingOn:
    def test_counts_from_the_lodging(self):
        assert waits(TRANSFER, "acknowledged 2024-01-11", "forwarded 2024-09-02") == ended(245)

    @pytest.mark.parametrize("step", ["lead_confirmed", "returned"])
    def test_is_shown_by_the_answer_of_whom_it_was_passed_on_to(self, step):
        assert waits(TRANSFER, f"{step} 2024-01-31") == ended(30, shown=True)

    def test_of_which_only_what_the_lead_did_with_it_is_recorded_has_no_day(self):
        assert waits(TRANSFER, "draft_decision 2025-01-31") is LeftOut.NOT_RECORDED

    @pytest.mark.parametrize("step", ["inadmissible", "local_handling", "settled", "withdrawn"])
    def test_is_awaited_no_longer_once_it_ended_where_it_was_lodged(self, step):
        assert waits(TRANSFER, f"{step} 2024-01-31") == stopped(30)

    def test_is_owed_by_nobody_who_leads_already(self):
        filing = a_filing(authority="ie-dpc")
        assert waits(TRANSFER, "acknowledged 2024-01-11", filing=filing) is None

    @pytest.mark.parametrize("unknown", ["authority", "lead"])
    def test_is_owed_by_nobody_who_is_known_where_one_of_both_is_not(self, unknown):
        assert waits(TRANSFER, filing=a_filing(**{unknown: None})) is LeftOut.NOBODY_KNOWN


class TestTheFirstDecision:
    @pytest.mark.parametrize(
        "step",
        ["inadmissible", "final_upheld", "final_rejected", "final_split", "national_decision", "decided"],
    )
    def test_is_any_decision_about_the_complaint(self, step):
        assert waits(FIRST, f"{step} 2024-01-31", "decision_annulled 2025-01-01") == ended(30)

    @pytest.mark.parametrize("step", ["draft_decision", "binding_decision", "prelim_findings"])
    def test_is_not_what_prepares_one(self, step):
        assert waits(FIRST, f"{step} 2024-01-31").open

    @pytest.mark.parametrize("step", ["settled", "withdrawn", "closed"])
    def test_is_awaited_no_longer_once_it_ended_without_one(self, step):
        assert waits(FIRST, f"{step} 2024-01-31", "final_upheld 2025-01-31") == stopped(30)

    @pytest.mark.parametrize("step", ["appeal", "measures", "decision_confirmed"])
    def test_has_no_day_where_only_what_came_of_it_is_recorded(self, step):
        assert waits(FIRST, f"{step} 2025-01-31") is LeftOut.NOT_RECORDED


class TestTheFinalOutcome:
    def test_is_the_decision_that_stands(self):
        assert waits(FINAL, "final_upheld 2024-01-31", "measures 2024-06-01") == ended(30)

    def test_is_the_first_of_several_that_end_it_in_a_row(self):
        assert waits(FINAL, "decided 2024-01-31", "final_upheld 2024-03-01", "closed 2025-01-01") == ended(30)

    def test_is_awaited_again_while_a_court_has_it(self):
        assert waits(FINAL, "final_upheld 2024-01-31", "appeal 2024-02-20").open

    def test_is_what_the_court_left(self):
        assert waits(
            FINAL, "final_upheld 2024-01-31", "appeal 2024-02-20", "decision_confirmed 2025-01-01"
        ) == ended(366)

    def test_is_awaited_again_once_the_court_annulled_the_decision(self):
        assert waits(
            FINAL, "final_upheld 2024-01-31", "appeal 2024-02-20", "decision_annulled 2025-01-01"
        ).open

    def test_is_a_settlement_too_but_no_withdrawal(self):
        assert waits(FINAL, "settled 2024-01-31") == ended(30)
        assert waits(FINAL, "withdrawn 2024-01-31") == stopped(30)

    def test_is_awaited_again_after_a_complaint_that_was_refused_is_lodged_again(self):
        assert waits(FINAL, "lodged 2024-01-01", "inadmissible 2024-01-31", "lodged 2024-03-01").open


class TestAFilingWhoseResultNobodyKnows:
    @pytest.mark.parametrize("measure", Measure)
    def test_counts_nowhere_because_nobody_knows_whether_it_waits(self, measure):
        filing = a_filing(outcome=NOT_KNOWN)
        assert waits(measure, "acknowledged 2024-01-11", filing=filing) is LeftOut.RESULT_NOT_KNOWN


class TestDaysThatAreNotKnownExactly:
    def test_count_from_the_middle_of_a_month(self):
        assert waits(FIRST, "final_upheld 2024-03", filing=a_filing("2024-01")) == ended(60, to_month=True)
        assert waits(FIRST, "final_upheld 2024-01-31", filing=a_filing("2024-01")) == ended(16, to_month=True)

    def test_within_one_month_are_no_time(self):
        assert waits(ACK, "acknowledged 2024-01-05", filing=a_filing("2024-01")) == ended(0, to_month=True)

    def test_of_this_month_have_come(self):
        assert waits(FIRST, filing=a_filing("2026-11")) == still_open(7, to_month=True)
        assert waits(ACK, "acknowledged 2026-11", filing=a_filing("2026-11-20")) == ended(0, to_month=True)

    @pytest.mark.parametrize("lodged", ["2024", None])
    def test_to_the_month_leave_the_filing_out(self, lodged):
        assert waits(FIRST, "final_upheld 2025-01-31", filing=a_filing(lodged)) is LeftOut.ROUGH_DAYS

    @pytest.mark.parametrize("day", ["2025", ""])
    def test_of_the_end_leave_the_filing_out(self, day):
        assert waits(FIRST, f"final_upheld {day}") is LeftOut.ROUGH_DAYS


class TestDaysThatCannotBe:
    def test_of_an_end_before_the_lodging_leave_the_filing_out(self):
        assert waits(ACK, "acknowledged 2023-12-31") is LeftOut.WRONG_DAYS
        assert waits(ACK, "acknowledged 2023-12") is LeftOut.WRONG_DAYS

    def test_that_have_not_come_leave_the_filing_out(self):
        assert waits(FIRST, "final_upheld 2026-11-23") is LeftOut.WRONG_DAYS
        assert waits(FIRST, filing=a_filing("2026-11-23")) is LeftOut.WRONG_DAYS


class TestWhoOwesIt:
    def test_is_the_authority_lodged_with_for_receipt_and_for_passing_it_on(self):
        assert owes(ACK, a_filing()) == owes(TRANSFER, a_filing()) == "nl-ap"

    def test_is_whoever_leads_for_a_decision_else_handles_it_else_received_it(self):
        for measure in (FIRST, FINAL):
            assert owes(measure, a_filing(handling="de-be")) == "ie-dpc"
            assert owes(measure, a_filing(lead=None, handling="de-be")) == "de-be"
            assert owes(measure, a_filing(lead=None)) == "nl-ap"

    def test_is_nobody_for_passing_on_where_nobody_is_known_to_lead(self):
        assert owes(TRANSFER, a_filing(lead=None)) is None


days = st.dates(date(2020, 1, 1), date(2027, 12, 31)).map(lambda it: it.isoformat())
known = st.one_of(days, days.map(lambda it: it[:7]), days.map(lambda it: it[:4]))
entries = st.lists(st.tuples(st.sampled_from(sorted(table.kinds().values())), known), max_size=6)


class TestAnyProtocol:
    @given(st.sampled_from(Measure), known, entries)
    def test_gives_a_time_until_today_or_a_reason(self, measure, lodged, happened):
        found = waits(measure, *(" ".join(it) for it in happened), filing=a_filing(lodged))
        assert isinstance(found, Waited | LeftOut)
        if isinstance(found, Waited):
            assert 0 <= found.observation.days <= (TODAY - date(2020, 1, 1)).days
            assert not (found.open and found.observation.ended)

    @given(known, entries)
    def test_is_decided_for_the_first_time_before_it_is_decided_for_good(self, lodged, happened):
        protocol = [" ".join(it) for it in sorted(happened, key=lambda it: it[1])]
        first, final = (waits(it, *protocol, filing=a_filing(lodged)) for it in (FIRST, FINAL))
        if isinstance(first, Waited) and isinstance(final, Waited) and first.observation.ended:
            assert first.observation.days <= final.observation.days or first.to_month


def test_an_unknown_day_of_lodging_is_no_day_at_all() -> None:
    filing = Lodged(counted(UNKNOWN_DAY), "nl-ap", None, None, "pending")
    assert waits(FIRST, filing=filing) is LeftOut.ROUGH_DAYS


def test_meanings_are_those_of_the_table() -> None:
    assert table.meanings()[ACK]["acknowledged"] is Meaning.IS
