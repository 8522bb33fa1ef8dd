"""What waits to be done: the filings of which nobody has heard for the longest time."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tracker.db import db, transaction
from tracker.models import Filing, Update
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision
from tracker.services import cases, updates, work
from tracker.services.updates import NewUpdate


@pytest.fixture
def filed(app):
    """Three filings, lodged on 6 June 2024 (two) and 1 January 2023."""
    with transaction():
        case = a_case()
        lodged(case, "at-dsb", "fr-cnil")
        lodged(cases.get_case("C001"), "ie-dpc", on=date(2023, 1, 1))


def heard(number: str, day: str, step: str = "information", actor: str = "ie-dpc", **values: object) -> int:
    """Record that an authority said something of a filing."""
    with transaction():
        [filing] = [it for it in cases.get_case("C001").filings if it.number == number]
        new = NewUpdate(step, Day.parse(day), actor, "words")
        return updates.record_update([filing], new, seen={}, by=ANN, **values).number


def silent(limit: int = 10) -> list[tuple[str, str]]:
    """Return the numbers of the silent filings with the day of the last news."""
    return [(it.filing.number, it.last.iso or "") for it in work.silent_longest(limit)]


class TestTheFilingsThatWereSilentLongest:
    def test_come_first_by_the_day_of_lodging_where_nothing_was_heard_since(self, filed):
        assert silent() == [
            ("C001-03", "2023-01-01"), ("C001-01", "2024-06-06"), ("C001-02", "2024-06-06"),
        ]  # fmt: skip

    def test_come_first_by_the_last_news(self, filed):
        heard("C001-03", "2025-02-01")
        heard("C001-03", "2024-07-01")
        heard("C001-01", "2024-07-02")
        assert silent() == [
            ("C001-02", "2024-06-06"), ("C001-01", "2024-07-02"), ("C001-03", "2025-02-01"),
        ]  # fmt: skip

    def test_are_only_those_that_still_wait(self, filed):
        heard("C001-03", "2025-02-01", "inadmissible")
        heard("C001-02", "2025-02-01", "withdrawn")
        assert silent() == [("C001-01", "2024-06-06")]

    def test_of_one_day_come_by_number_and_not_by_its_text(self, filed):
        with transaction():
            for old, new in (("C001-01", "C001-100"), ("C001-02", "C001-11"), ("C001-03", "C001-2")):
                day = {"number": new, "lodged_on": date(2024, 6, 6)}
                db.session.execute(sa.update(Filing).where(Filing.number == old).values(**day))
        assert [number for number, _ in silent()] == ["C001-2", "C001-11", "C001-100"]

    def test_are_no_more_than_asked_for(self, filed):
        assert silent(1) == [("C001-03", "2023-01-01")]

    def test_do_not_count_news_that_were_corrected(self, filed):
        wrong = heard("C001-03", "2026-01-01")
        heard("C001-03", "2023-02-01", corrects=wrong)
        assert silent(1) == [("C001-03", "2023-02-01")]

    def test_do_not_count_what_happened_before_the_lodging(self, filed):
        number = heard("C001-01", "2024-06-07")
        with transaction():
            db.session.execute(
                sa.update(Update).where(Update.number == number).values(happened_on=date(2020, 1, 1))
            )
        assert ("C001-01", "2024-06-06") in silent()

    def test_do_not_count_news_of_an_unknown_day(self, filed):
        heard("C001-03", "")
        assert silent(1) == [("C001-03", "2023-01-01")]

    def test_leave_out_a_filing_of_which_nobody_knows_when_it_was_lodged(self, filed):
        with transaction():
            db.session.execute(
                sa.update(Filing)
                .where(Filing.number == "C001-03")
                .values(lodged_on=None, lodged_precision=Precision.UNKNOWN)
            )
        assert [number for number, _ in silent()] == ["C001-01", "C001-02"]

    def test_come_with_what_is_shown_of_them_in_one_statement(self, filed, statements):
        db.session.expunge_all()
        statements.clear()
        shown = [(it.filing.case.title, it.filing.authority.slug) for it in work.silent_longest()]
        assert len(shown) == 3 and len(statements) == 1

    def test_are_none_where_nothing_was_lodged(self, app):
        assert silent() == []
