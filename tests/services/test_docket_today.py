"""What waits today, counted as it is listed: answers, entries that are no step, deadlines."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tests.deadlines import forget_deadlines, stored_deadline
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Filing, UpdateFiling
from tracker.rules.days import Day
from tracker.services import cases, docket, docket_today, filings_assigning, updates
from tracker.services.docket import Filter
from tracker.services.docket_today import Task
from tracker.services.updates import NewUpdate

TODAY = date(2026, 11, 25)


@pytest.fixture
def filed(app, monkeypatch):
    """C001 with three filings, without deadlines; the lawyer sees to the first."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
        forget_deadlines()


def filing(number: str) -> Filing:
    return next(it for it in cases.get_case("C001").filings if it.number == number)


def happened(number: str, step: str, day: str, **values: object) -> int:
    with transaction():
        new = NewUpdate(step, Day.parse(day), "at-dsb", "words")
        update = updates.record_update([filing(number)], new, seen={}, by=ANN, **values)
        forget_deadlines()
        return update.number


def no_step(number: int) -> None:
    """Let an entry be no step, as one of an imported file of which nobody knows what it is."""
    with transaction():
        entry = updates.get_update(cases.get_case("C001").id, number)
        db.session.execute(
            sa.update(UpdateFiling).where(UpdateFiling.update_id == entry.id).values(step=None)
        )


class TestAFilingThatWaitsForUs:
    def test_stands_at_a_stage_where_the_next_act_is_ours(self, filed):
        happened("C001-01", "acknowledged", "2024-06-20")
        happened("C001-02", "defect_notice", "2024-07-20")
        happened("C001-03", "defect_notice", "2024-06-30")
        found, total = docket_today.unanswered(Filter())
        assert [(it.filing, it.stage, it.since.iso) for it in found] == [
            ("C001-03", "defect_notice", "2024-06-30"), ("C001-02", "defect_notice", "2024-07-20"),
        ]  # fmt: skip
        assert total == 2

    def test_waits_no_more_once_it_went_on_or_has_ended(self, filed):
        happened("C001-02", "defect_notice", "2024-07-20")
        happened("C001-03", "defect_notice", "2024-07-20")
        happened("C001-02", "admissible", "2024-07-21")
        happened("C001-03", "withdrawn", "2024-07-21")
        assert docket_today.unanswered(Filter()) == ([], 0)


class TestAnEntryThatIsNoStep:
    def test_waits_for_somebody_to_say_what_happened(self, filed):
        no_step(happened("C001-01", "information", "2024-06-20"))
        found, total = docket_today.unclassified(Filter())
        assert [(it.case, it.number) for it in found] == [("C001", 2)] and total == 1

    def test_is_settled_by_its_correction(self, filed):
        number = happened("C001-01", "information", "2024-06-20")
        no_step(number)
        happened("C001-01", "acknowledged", "2024-06-20", corrects=number)
        assert docket_today.unclassified(Filter()) == ([], 0)

    def test_of_a_filing_that_has_ended_waits_no_more(self, filed):
        no_step(happened("C001-01", "information", "2024-06-20"))
        happened("C001-01", "withdrawn", "2024-06-21")
        assert docket_today.unclassified(Filter()) == ([], 0)


class TestWhatWaits:
    @pytest.fixture
    def much(self, filed, actor):
        no_step(happened("C001-01", "information", "2024-06-20"))
        happened("C001-02", "defect_notice", "2024-07-20")
        with transaction():
            filings_assigning.assign(["C001-01"], actor("lawyer").user_id, by=ANN)
            filings_assigning.assign(["C001-02"], actor("advocate").user_id, by=ANN)
            for number, period, offset in (
                ("C001-01", "OWN-COURT", -2), ("C001-01", "G15", -2), ("C001-02", "P23", 3),
                ("C001-02", "G15", -2), ("C001-03", "P23", 30), ("C001-03", "G15", 9),
            ):  # fmt: skip
                stored_deadline(filing(number), period, due=TODAY + timedelta(days=offset))
            stored_deadline(filing("C001-03"), "G4", due=None)
            stored_deadline(filing("C001-03"), "OWN-COURT", due=TODAY - timedelta(days=200))
            stored_deadline(filing("C001-03"), "P19", due=TODAY - timedelta(days=1))

    def test_is_counted_by_kind(self, much):
        assert docket_today.waiting(Filter(), TODAY) == {
            Task.MISSED: 1, Task.ENDED: 1, Task.NEAR: 1, Task.NOBODY: 2, Task.ANSWER: 1, Task.LATE: 2,
            Task.CLASSIFY: 1, Task.UNKNOWN: 1,
        }  # fmt: skip

    def test_is_ones_own_and_what_nobody_sees_to(self, much, actor):
        mine = Filter(person=actor("lawyer").user_id, nobody=True)
        assert docket_today.waiting(mine, TODAY) == {
            Task.MISSED: 1, Task.ENDED: 1, Task.NEAR: 0, Task.NOBODY: 2, Task.ANSWER: 0, Task.LATE: 1,
            Task.CLASSIFY: 1, Task.UNKNOWN: 1,
        }  # fmt: skip

    def test_is_as_many_as_its_list_has_lines(self, much, actor):
        for whose in (Filter(), Filter(person=actor("advocate").user_id, nobody=True)):
            counts = docket_today.waiting(whose, TODAY)
            for task, many in counts.items():
                behind = docket_today.lists(task)
                if behind is None:
                    read = {Task.ANSWER: docket_today.unanswered, Task.CLASSIFY: docket_today.unclassified}[
                        task
                    ]
                    found, total = read(whose)
                    assert len(found) == total == many, task
                else:
                    own, show = behind
                    wanted = docket.side(Filter(nobody=True) if task is Task.NOBODY else whose, own)
                    assert len(docket.find(wanted, show, TODAY, internal_days=3)) == many, task

    def test_costs_the_same_for_much_and_for_nothing(self, much, statements):
        statements.clear()
        docket_today.waiting(Filter(), TODAY)
        much_cost = len(statements)
        with transaction():
            forget_deadlines()
        statements.clear()
        docket_today.waiting(Filter(), TODAY)
        assert len(statements) == much_cost == 5
