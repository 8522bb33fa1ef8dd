"""Hearings: noted, moved, cancelled; each change is a version, and a calendar gets the last."""

from datetime import UTC, date, datetime, time

import pytest

from tests.builders import ANN
from tests.services.recording import BEN, of, three_filings
from tracker.db import transaction
from tracker.errors import RuleBroken, Stale
from tracker.models import Case
from tracker.rules.vocabulary import ProceedingKind, Role
from tracker.services import accounts, decisions_hearings, decisions_proceedings, journal
from tracker.services.decisions_hearings import Dated, NewHearing
from tracker.services.decisions_proceedings import NewProceeding

DAY = date(2027, 7, 13)


@pytest.fixture(autouse=True)
def case(app) -> Case:
    """C002 at three authorities, and C001 beside it."""
    return three_filings()


@pytest.fixture
def person(app) -> int:
    """Somebody who can see to filings."""
    with transaction():
        added = accounts.add_user("eve@example.org", name="Eve", role=Role.LAWYER, password_hash="-", by=ANN)
    return added.id


def a_hearing(**values) -> NewHearing:
    """Return a hearing of the High Court on the first filing."""
    new = {
        "court": "High Court",
        "day": DAY,
        "zone": "Europe/Dublin",
        "what": "Judicial review",
        "at": time(10, 30),
        "filings": ("C002-01",),
        **values,
    }
    return NewHearing(**new)


def noted(**values) -> int:
    """Note a hearing and return its number."""
    with transaction():
        return decisions_hearings.set_hearing(a_hearing(**values), by=ANN).number


def moved(number: int, *, seen: int = 0, why: str | None = "Room taken.", **values) -> None:
    """Move a hearing."""
    with transaction():
        decisions_hearings.move_hearing(number, a_hearing(**values), why=why, seen=seen, by=BEN)


def cancelled(number: int, *, seen: int = 0) -> None:
    """Cancel a hearing."""
    with transaction():
        decisions_hearings.cancel_hearing(number, why="Withdrawn.", seen=seen, by=BEN)


def the_one(**about) -> Dated:
    """Return the one hearing there is."""
    (found,) = decisions_hearings.hearings_for(**about)
    return found


class TestAHearing:
    def test_is_one_moment_for_every_calendar_and_a_time_by_the_clock_of_the_place(self):
        noted(place="Dublin 7")
        it = the_one()
        assert it.starts_at == datetime(2027, 7, 13, 9, 30, tzinfo=UTC)
        assert it.when == "13 July 2027, 10:30 (Dublin)"
        assert (it.sequence, it.cancelled, it.court, it.place) == (0, False, "High Court", "Dublin 7")

    def test_without_a_time_is_a_day(self):
        noted(at=None)
        assert (the_one().starts_at, the_one().day, the_one().when) == (None, DAY, "13 July 2027")

    def test_of_a_proceeding_is_about_all_its_filings(self):
        with transaction():
            run = NewProceeding(ProceedingKind.COURT, "High Court", ("C001-01", "C002-02"))
            number = decisions_proceedings.open_proceeding(run, by=ANN).number
        noted(filings=(), proceeding=number)
        assert (the_one().filings, the_one().proceeding) == (("C001-01", "C002-02"), number)

    def test_before_an_authority_is_named_as_the_directory_does(self):
        noted(court="ie-dpc")
        assert the_one().court == "DPC · Ireland"

    def test_is_in_the_journal(self):
        noted()
        assert [it.act for it in journal.history_of(of("C002-01")[0].case_id)][0] == "hearing.set"


class TestAChange:
    def test_keeps_the_uid_and_counts_the_sequence_on(self):
        number = noted()
        uid = the_one().uid
        moved(number, day=date(2027, 7, 20), at=time(11))
        it = the_one()
        assert (it.uid, it.sequence, it.day, it.why) == (uid, 1, date(2027, 7, 20), "Room taken.")
        assert it.starts_at == datetime(2027, 7, 20, 10, tzinfo=UTC)

    def test_keeps_what_was_said_before(self):
        number = noted()
        moved(number, day=date(2027, 7, 20))
        cancelled(number, seen=1)
        versions = decisions_hearings.get_hearing(number).versions
        assert [(it.sequence, it.day, it.cancelled) for it in versions] == [
            (0, DAY, False),
            (1, date(2027, 7, 20), False),
            (2, date(2027, 7, 20), True),
        ]

    def test_that_cancels_leaves_it_in_the_list_so_that_calendars_hear_of_it(self):
        number = noted()
        cancelled(number)
        assert (the_one().cancelled, the_one().why, the_one().sequence) == (True, "Withdrawn.", 1)

    def test_that_moves_a_cancelled_one_holds_it_again(self):
        number = noted()
        cancelled(number)
        moved(number, seen=1)
        assert (the_one().cancelled, the_one().sequence) == (False, 2)

    def test_that_changes_nothing_is_refused(self):
        number = noted()
        with pytest.raises(RuleBroken, match="Nothing is another than it was"):
            moved(number)

    def test_that_cancels_twice_is_refused(self):
        number = noted()
        cancelled(number)
        with pytest.raises(RuleBroken, match="It was cancelled already"):
            cancelled(number, seen=1)

    def test_by_somebody_who_was_overtaken_is_refused(self):
        number = noted()
        cancelled(number)
        with pytest.raises(Stale):
            moved(number, day=date(2027, 7, 20))


class TestTheList:
    def test_is_of_the_filings_that_a_person_sees_to(self, person):
        noted()
        noted(filings=("C002-02", "C002-03"))
        with transaction():
            of("C002-03")[0].responsible_id = person
        found = decisions_hearings.hearings_for(user_id=person)
        assert [it.filings for it in found] == [("C002-02", "C002-03")]
        assert decisions_hearings.hearings_for(user_id=person + 1) == []

    def test_is_of_some_filings(self):
        noted()
        noted(filings=("C002-02", "C002-03"))
        found = decisions_hearings.hearings_for(filing_ids=[it.id for it in of("C002-02")])
        assert [it.filings for it in found] == [("C002-02", "C002-03")]

    def test_stands_in_the_order_of_days_and_leaves_out_those_before_a_day(self):
        noted(day=date(2027, 9, 1))
        noted(day=date(2027, 3, 1))
        assert [it.day.month for it in decisions_hearings.hearings_for()] == [3, 9]
        assert [it.day.month for it in decisions_hearings.hearings_for(since=date(2027, 3, 2))] == [9]

    def test_takes_as_many_statements_for_many_as_for_one(self, statements):
        noted()
        statements.clear()
        decisions_hearings.hearings_for()
        one = len(statements)
        for _ in range(4):
            noted(filings=("C002-01", "C002-02"))
        statements.clear()
        assert len(decisions_hearings.hearings_for()) == 5 and len(statements) == one


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("values", "field", "says"),
        [
            ({"filings": ()}, "filings", "Choose at least one filing."),
            ({"filings": ("C002-09",)}, "filings", "There is no filing C002-09."),
            ({"proceeding": 9}, "proceeding", "There is no proceeding 9."),
            ({"zone": "Europe/Atlantis"}, "zone", "Choose by which clock"),
            (
                {"day": date(2027, 3, 28), "at": time(1, 30)},
                "time",
                "It is never 01:30 on that day",
            ),
            ({"day": date(1900, 1, 1)}, "day", "is out of reach"),
        ],
    )
    def test_is_told_beside_its_field(self, values, field, says):
        with pytest.raises(RuleBroken) as refused:
            noted(**values)
        assert refused.value.field == field and says in str(refused.value)
