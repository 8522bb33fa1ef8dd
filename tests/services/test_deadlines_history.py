"""The days that a deadline had before: the legal one and the one that people go by, each where it moved."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN
from tests.services.recording import BEN, news, of, record, three_filings
from tracker.db import db, transaction
from tracker.models import Deadline, DeadlineChange
from tracker.rules.happened import Act
from tracker.services import deadlines, updates_deadlines
from tracker.services.updates import Letter
from tracker.services.updates_deadlines import NewAct


@pytest.fixture(autouse=True)
def case(app):
    return three_filings()


def of_filing(period: str) -> Deadline:
    db.session.expire_all()
    return next(it for it in deadlines.of_filing(of("C002-01")[0]) if it.period == period)


def only_change(row: Deadline) -> DeadlineChange:
    [change] = deadlines.get("C002-01", row.period, row.start_number).changes
    return change


class TestALateLetterThatExtends:
    def test_moves_the_day_to_go_by_and_keeps_the_one_before(self):
        record(news("data_request", "2024-06-10", actor="noyb", letter=Letter(received_on=date(2024, 6, 11))))
        new = NewAct(Act.EXTEND, "G1", of_filing("G1").start_number, more="+2m")
        with transaction():
            letter = Letter(received_on=date(2024, 7, 15))
            entry = news("note", "2024-07-05", letter=letter, irregular="It came late.")
            number = updates_deadlines.record(of("C002-01"), new, entry, seen={}, by=BEN).number
        it = of_filing("G1")
        assert (it.due_on, it.certain_on) == (date(2024, 7, 11), date(2024, 9, 11))
        change = only_change(it)
        assert (change.due_before, change.due_after) == (date(2024, 7, 11), date(2024, 7, 11))
        assert (change.certain_before, change.certain_after) == (date(2024, 7, 11), date(2024, 9, 11))
        assert change.why.startswith(f"entry {number}")


class TestAMonthThatIsCorrectedToItsDay:
    def test_keeps_the_days_to_go_by_that_it_had(self):
        wrong = record(news("inadmissible", "2024-08"))
        was = of_filing("AT-BVWG")
        before = (was.due_on, was.safe_on, was.certain_on)
        record(news("inadmissible", "2024-08-14"), corrects=wrong)
        it, change = of_filing("AT-BVWG"), only_change(was)
        assert (change.due_before, change.safe_before, change.certain_before) == before
        assert (change.due_after, change.safe_after, change.certain_after) == (
            it.due_on,
            it.safe_on,
            it.certain_on,
        )
        assert before[1] != it.safe_on


class TestComputingAnew:
    @pytest.mark.parametrize("day", ["safe", "certain", "started"])
    def test_keeps_and_counts_each_day_that_moved_alone(self, day, made_older: Callable[[str], Deadline]):
        row = made_older(f"{day}_on")
        with transaction(write=False):
            assert deadlines.redate(by=ANN, dry_run=True).moved == 1
        with transaction():
            assert deadlines.redate(by=ANN).moved == 1
        change = only_change(row)
        assert getattr(change, f"{day}_before") == date(2024, 5, 31)
        assert getattr(change, f"{day}_after") == getattr(of_filing("G15"), f"{day}_on")
        assert change.due_before == change.due_after == of_filing("G15").due_on

    def test_counts_no_day_where_other_rules_say_the_same(self, statements):
        with transaction():
            db.session.execute(sa.update(Deadline).values(rules_version="older"))
        with transaction():
            assert deadlines.redate(by=ANN).moved == 0
        assert db.session.scalars(sa.select(DeadlineChange)).all() == []

    @pytest.fixture
    def made_older(self, app) -> Callable[[str], Deadline]:
        """Return a function that gives one column of a deadline another day, and returns the deadline."""

        def make(column: str) -> Deadline:
            row = of_filing("G15")
            with transaction():
                other = {column: date(2024, 5, 31)}
                db.session.execute(sa.update(Deadline).values(other).where(Deadline.id == row.id))
            return of_filing("G15")

        return make


class TestADeadlineThatIsGone:
    def test_had_all_its_days_before_and_none_after(self):
        wrong = record(news("forwarded", "2024-08-20"))
        row = of_filing("G15-AGAIN")
        record(news("acknowledged", "2024-08-20"), corrects=wrong)
        change = only_change(row)
        assert (change.safe_before, change.certain_before) == (row.safe_on, row.certain_on)
        assert change.started_before == date(2024, 8, 20)
        assert {change.safe_after, change.certain_after, change.started_after} == {None}
