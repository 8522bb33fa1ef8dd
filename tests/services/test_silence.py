"""The silence log of filings, what people say of entries, and the list of those that were silent longest."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tracker import clock
from tracker.db import db, new_id, transaction
from tracker.errors import RuleBroken
from tracker.models import Deadline, DeadlineChange
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision
from tracker.services import cases, filings, silence, silence_marks, updates, work
from tracker.services.updates import NewUpdate

TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is 25 November 2026."""
    monkeypatch.setattr(clock, "today", lambda: TODAY)


@pytest.fixture
def case(app):
    """C001, lodged in the Netherlands, Austria and Ireland on 6 June 2024."""
    with transaction():
        lodged(a_case(), "nl-ap", "at-dsb", "ie-dpc")


def told(step, day, actor="nl-ap", *numbers, **values):
    """Record something on the filings (default: the first) and return the number of the entry."""
    with transaction():
        chosen = [it for it in cases.get_case("C001").filings if it.number in (numbers or ("C001-01",))]
        new = NewUpdate(step, Day.parse(day), actor, "words")
        return updates.record_update(chosen, new, seen={}, by=ANN, **values).number


def marked(number, *, empty=False, answers=None, by=ANN):
    """Say of an entry that it has nothing new, or which reminder it answers."""
    with transaction():
        update = updates.get_update(cases.get_case("C001").id, number)
        silence_marks.mark(update, empty=empty, answers=answers, by=by)


def log(number="C001-01"):
    return silence.log_of(filings.get_filing(number))


def owed(number="C001-01", period="G15", due=date(2024, 9, 6), **values):
    """Write down a deadline of an authority, as the engine does."""
    with transaction():
        row = {
            "filing_id": filings.get_filing(number).id, "period": period, "start_number": 1, "gone": False,
            "started_on": date(2024, 6, 6), "started_precision": Precision.DAY, "owes": "lodged_with",
            "owes_slug": "nl-ap", "own": False, "due_on": due, "nominal_on": due, "safe_on": due,
            "certain_on": due, "open": True, "extended": False, "counted": {}, "rules_version": "1",
            "computed_at": datetime(2026, 1, 1, tzinfo=UTC),
        }  # fmt: skip
        db.session.execute(
            sa.delete(Deadline).where(
                Deadline.filing_id == row["filing_id"], Deadline.period == period, Deadline.start_number == 1
            )
        )
        db.session.execute(sa.insert(Deadline.__table__).values(id=new_id(), **(row | values)))


@pytest.fixture
def no_deadlines(case):
    """Nothing but what the test itself writes down."""
    with transaction():
        db.session.execute(sa.delete(DeadlineChange))
        db.session.execute(sa.delete(Deadline))


class TestTheSilenceLog:
    def test_counts_from_the_lodging_where_nothing_came(self, case):
        it = log()
        assert (it.last, it.time.least, it.waiting) == (None, 902, True)
        assert (it.filing, it.case, it.authority, it.lodged) == (
            "C001-01", "C001", "nl-ap", Day.parse("2024-06-06"),
        )  # fmt: skip

    def test_counts_from_the_last_substantive_news(self, case):
        told("admissible", "2024-06-20")
        told("information", "2024-09-02")
        told("reminder", "2025-01-10", "noyb")
        it = log()
        assert (it.last.number, it.last.title, it.last.actor) == (3, "Report on progress", "AP · Netherlands")
        assert it.time.least == 814
        assert [(word.number, word.day.iso) for word in it.news] == [(2, "2024-06-20"), (3, "2024-09-02")]

    def test_is_of_one_filing_alone(self, case):
        told("information", "2024-09-02", "nl-ap", "C001-01", "C001-02")
        assert log("C001-02").last.number == 2 and log("C001-03").last is None

    def test_of_many_filings_takes_as_many_statements_as_of_one(self, case, statements):
        told("information", "2024-09-02", "nl-ap", "C001-01", "C001-02")
        counts = []
        for numbers in (["C001-01"], ["C001-01", "C001-02", "C001-03"]):
            chosen = [it for it in cases.get_case("C001").filings if it.number in numbers]
            statements.clear()
            assert len(silence.logs_of(chosen)) == len(numbers)
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 5

    def test_names_the_reminders_and_what_answered_them(self, case):
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-03-10")
        told("reminder", "2025-06-10", "us")
        first, second = log().chased
        assert (first.reminder.number, first.answer.number, first.linked, first.waited.least) == (
            2,
            3,
            False,
            59,
        )
        assert second.answer is None and second.waited.least == 533
        assert [it.reminder.number for it in log().unanswered] == [4]
        assert log().last_reminder.number == 4

    def test_as_of_another_day_is_as_long_as_it_was_then(self, case):
        it = silence.log_of(filings.get_filing("C001-01"), today=date(2024, 6, 16))
        assert it.time.least == 10 and it.as_of == date(2024, 6, 16)

    def test_of_an_ended_complaint_waits_no_more(self, case):
        told("inadmissible", "2025-06-06")
        it = log()
        assert (it.waiting, it.time) == (False, None)
        assert [(p.after, p.until.number, p.time.least) for p in it.periods] == [(None, 2, 365)]


class TestAPeriodMissed:
    def test_is_one_of_an_authority_that_is_over(self, no_deadlines):
        owed()
        [it] = log().missed
        assert (it.basis, it.what) == ("Art 78(2), 77(2)", "information on progress or outcome")
        assert (it.last, it.over, it.met_on) == (date(2024, 9, 6), 810, None)

    def test_may_have_been_met_too_late(self, no_deadlines):
        owed(met_on=date(2024, 9, 10), open=False)
        assert [(it.over, it.met_on) for it in log().missed] == [(4, date(2024, 9, 10))]

    def test_is_none_that_is_doubtful(self, no_deadlines):
        owed(certain_on=TODAY)
        assert log().missed == ()

    @pytest.mark.parametrize(
        "values",
        [
            {"met_on": date(2024, 9, 6), "open": False},
            {"waived": "we agreed", "open": False},
            {"paused_on": date(2024, 7, 1)},
            {"gone": True},
            {"own": True, "owes": "us"},
            {"owes": "controller"},
            {"period": "P8"},
            {"period": "P10"},
            {"period": "P2", "met_number": 2, "open": False},
            {"due": None, "certain_on": None, "safe_on": None},
        ],
        ids=[
            "met",
            "waived",
            "stopped",
            "gone",
            "ours",
            "of the controller",
            "a right",
            "between authorities and not shown",
            "shown to be met",
            "without an end",
        ],
    )
    def test_is_none_that_is(self, no_deadlines, values):
        owed(**values)
        assert log().missed == ()

    def test_comes_with_the_others_the_oldest_first(self, no_deadlines):
        owed()
        owed(period="AT-DECISION", due=date(2024, 7, 1))
        owed(period="of an older table", due=date(2024, 8, 1))
        assert [it.period for it in log().missed] == ["AT-DECISION", "of an older table", "G15"]


class TestTheLogAsData:
    def test_says_all_that_the_log_says(self, no_deadlines):
        told("information", "2024-09")
        told("information", "2025-01-02")
        told("information", "")
        told("reminder", "2025-01-10", "noyb")
        told("information", "2025-03-01")
        marked(6, answers=5, empty=True)
        with transaction():
            db.session.execute(sa.delete(DeadlineChange))
            db.session.execute(sa.delete(Deadline))
        owed()
        data = silence.as_data(log())
        assert data["last_substantive_news"]["entry"] == 3
        assert data["silent"] == {"from": "2025-01-02", "to": "2026-11-25", "days": [692, 692], "exact": True}
        assert [it["entry"] for it in data["substantive_news_of_unknown_day"]] == [4]
        assert data["periods_of_silence"][1] == {
            "from": "2024-09", "to": "2025-01-02", "days": [94, 123], "exact": False,
            "after_entry": 2, "until_entry": 3, "goes_on": False,
        }  # fmt: skip
        assert [it["entry"] for it in data["nothing_new"]] == [6]
        [chased] = data["reminders"]
        assert (chased["answer"]["entry"], chased["how_known"], chased["says_something_new"]) == (
            6,
            "linked",
            False,
        )
        assert data["reminders_unanswered"] == 0
        [missed] = data["periods_missed"]
        assert (missed["basis"], missed["due"], missed["days_over"]) == (
            "Art 78(2), 77(2)",
            "2024-09-06",
            810,
        )


class TestTheFilingsThatWereSilentLongest:
    """The list on the first page is one statement of SQL; it says what the log of each filing says."""

    def test_are_those_of_their_logs_whatever_happened(self, case):
        chance = random.Random(9)  # noqa: S311 - no secret
        steps = [
            "information",
            "statement",
            "reminder",
            "note",
            "submission",
            "file_access",
            "publication",
            "consultation",
        ]
        actors = ["nl-ap", "ie-dpc", "noyb", "us", "Meta", "a court"]
        for _ in range(60):
            numbers = chance.sample(["C001-01", "C001-02", "C001-03"], chance.randint(1, 3))
            day = str(date(2024, 6, 6) + timedelta(days=chance.randint(0, 880)))
            written = chance.choice([day, day, day, day[:7], day[:4], ""])
            step = chance.choice(steps)
            number = told(step, written, chance.choice(actors), *numbers)
            if chance.random() < 0.3:
                try:
                    marked(number, empty=True)
                except RuleBroken:
                    pass
            if chance.random() < 0.3:
                told(step, day, chance.choice(actors), *numbers, corrects=number)
            shown = {it.filing.number: it.last for it in work.silent_longest()}
            for it in cases.get_case("C001").filings:
                here = log(it.number)
                begun = here.last.day if here.last else here.lodged
                assert shown[it.number] == begun, it.number

    def test_are_counted_anew_from_a_second_lodging(self, case):
        told("inadmissible", "2024-07-01")
        told("lodged", "2025-07-01", "noyb")
        assert [str(it.last.value) for it in work.silent_longest() if it.filing.number == "C001-01"] == [
            "2025-07-01"
        ]
        assert log().time.least == (TODAY - date(2025, 7, 1)).days

    def test_are_none_that_ended(self, case):
        told("withdrawn", "2025-07-01", "noyb")
        assert "C001-01" not in [it.filing.number for it in work.silent_longest()]
        assert log().waiting is False
