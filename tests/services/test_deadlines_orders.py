"""What a decision orders to be done by a day: a deadline of whoever is ordered, that follows the decision."""

from datetime import date

import pytest

from tests.campaigns import take_in_text
from tests.services.deciding import DOWN, UP, a_decision, decide, drafted
from tests.services.recording import news, of, record, three_filings
from tracker.models import Case
from tracker.rules.days import Day
from tracker.rules.vocabulary import DecisionType, Result
from tracker.services import deadlines, exports
from tracker.services.decisions_new import NewMeasure


@pytest.fixture(autouse=True)
def case(app) -> Case:
    """C002 at three authorities, led from Dublin."""
    return three_filings()


def orders(number: str = "C002-01") -> list[str]:
    """Return the days by which something is ordered to be done, as the deadlines of a filing have them."""
    rows = deadlines.of_filing(of(number)[0])
    return [str(it.due_on) for it in rows if it.period == "ORDER"]


def by(*days: str) -> tuple[NewMeasure, ...]:
    """Return measures to be carried out by these days."""
    return tuple(NewMeasure("d", "Bring it in line.", date.fromisoformat(it)) for it in days)


class TestADecisionThatSetsADay:
    def test_begins_the_period_of_the_controller(self):
        drafted()
        decide(a_decision(measures=by("2024-12-02")))
        [row] = [it for it in deadlines.of_filing(of("C002-01")[0]) if it.period == "ORDER"]
        assert (str(row.due_on), row.own, str(row.started_on)) == ("2024-12-02", False, "2024-09-02")

    def test_has_the_first_of_several_days(self):
        drafted()
        decide(a_decision(measures=(*by("2025-03-03", "2024-12-02"), NewMeasure("b"))))
        assert orders() == ["2024-12-02"]

    def test_orders_nothing_in_a_complaint_that_it_rejects(self):
        drafted("C002-01", "C002-02")
        both = {"C002-01": UP, "C002-02": DOWN}
        decide(a_decision(both, measures=by("2024-12-02"), irregular="In one letter."))
        assert (orders("C002-01"), orders("C002-02")) == (["2024-12-02"], [])

    def test_orders_nothing_as_long_as_it_is_a_draft(self):
        record(news("admissible", "2024-06-20"), "C002-01")
        record(news("investigation", "2024-07-01", actor="ie-dpc"), "C002-01")
        opened = {"C002-01": Result.OPEN}
        decide(a_decision(opened, "2024-08-01", type=DecisionType.DRAFT, measures=by("2024-12-02")))
        assert orders() == []

    def test_is_met_by_a_report_of_compliance(self):
        drafted()
        decide(a_decision(measures=by("2024-12-02")))
        record(news("measures", "2024-11-11", actor="ie-dpc"), "C002-01")
        [row] = [it for it in deadlines.of_filing(of("C002-01")[0]) if it.period == "ORDER"]
        assert str(row.met_on) == "2024-11-11"


class TestACorrection:
    def test_of_the_day_moves_the_end_and_keeps_the_earlier_one(self):
        drafted()
        first = decide(a_decision(measures=by("2024-12-02"))).number
        decide(a_decision(measures=by("2024-12-09")), corrects=first)
        [row] = [it for it in deadlines.of_filing(of("C002-01")[0]) if it.period == "ORDER"]
        assert str(row.due_on) == "2024-12-09"
        [change] = deadlines.get("C002-01", "ORDER", row.start_number).changes
        assert (str(change.due_before), change.why) == ("2024-12-02", f"decision {first + 1}")

    def test_without_a_day_takes_the_period_away(self):
        drafted()
        first = decide(a_decision(measures=by("2024-12-02"))).number
        decide(a_decision(), corrects=first)
        assert orders() == []

    def test_that_makes_another_entry_keeps_the_period(self):
        drafted()
        first = decide(a_decision(measures=by("2024-12-02"))).number
        decide(a_decision(reference="IN-1", measures=by("2024-12-02")), corrects=first)
        assert orders() == ["2024-12-02"]


class TestAJudgment:
    def test_that_annuls_takes_the_order_away_and_a_later_one_brings_it_back(self):
        drafted()
        decide(a_decision(measures=by("2024-12-02")))
        court = {"type": DecisionType.JUDGMENT, "decided_by": "High Court", "irregular": "Meta appealed."}
        decide(a_decision({"C002-01": Result.ANNULLED}, "2024-10-02", **court))
        assert orders() == []
        above = {**court, "decided_by": "Supreme Court"}
        decide(a_decision({"C002-01": Result.CONFIRMED}, "2024-11-04", **above))
        assert orders() == ["2024-12-02"]

    def test_that_annuls_leaves_nothing_to_appeal_against(self):
        drafted()
        partly = a_decision({"C002-01": Result.PARTLY}, received=Day.parse("2024-09-10"))
        decide(partly)
        court = {"type": DecisionType.JUDGMENT, "decided_by": "High Court", "irregular": "Meta appealed."}
        decide(a_decision({"C002-01": Result.ANNULLED}, "2024-10-02", **court))
        [row] = [it for it in deadlines.of_filing(of("C002-01")[0]) if it.period == "IE-APPEAL"]
        assert not row.open and row.met_on is None


class TestAFile:
    def test_brings_the_period_along(self, app, elsewhere):
        drafted()
        decide(a_decision(measures=by("2024-12-02")))
        out = exports.export_cases()
        with elsewhere():
            take_in_text(exports.as_text(out, "o.yaml"), "o.yaml")
            assert orders() == ["2024-12-02"]
