"""Hearings as calendars and mail know them: where each stands now, for whom, and nobody's words about it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import ANN, a_case, lodged
from tests.calendars import read
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Filing
from tracker.rules.telling import Choices
from tracker.services import accounts, calendar_feed, mail_daily
from tracker.services.decisions_hearings import NewHearing, cancel_hearing, move_hearing, set_hearing
from tracker.services.hearings_told import Hearing, of_person
from tracker.services.ics import Event, as_ics

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TODAY = NOON.date()
NEW = NewHearing(
    court="Bundesverwaltungsgericht",
    day=date(2026, 12, 3),
    at=time(10, 30),
    zone="Europe/Vienna",
    what="Maria Musterfrau is heard",
    place="Erdbergstraße 192, Wien",
    filings=("C001-01", "C001-02"),
)


@pytest.fixture(autouse=True)
def filings(app, monkeypatch) -> None:
    """C001 with two filings; a minute passes between two looks at the clock."""
    passed = iter(range(1, 10_000))
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=next(passed)))
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil")


def made(**values: object) -> int:
    new = NewHearing(**{it: getattr(NEW, it) for it in NEW.__slots__} | values)  # type: ignore[arg-type]
    with transaction():
        return set_hearing(new, by=ANN).number


def told(role: str = "lawyer", *, everything: bool = False, since: date = TODAY) -> list[Hearing]:
    db.session.rollback()
    return of_person(accounts.get_user(f"{role}@example.org").id, everything=everything, since=since)


def shown() -> list[Event]:
    user = accounts.get_user("lawyer@example.org")
    return calendar_feed.events(user, Choices(mail=True), site="https://desk.example.org")


class TestAHearing:
    def test_is_told_with_its_time_at_the_place(self):
        made()
        [it] = told()
        assert it.filings == ("C001-01", "C001-02") and it.court == "Bundesverwaltungsgericht"
        assert it.local is not None and it.local.isoformat() == "2026-12-03T10:30:00+01:00"
        assert it.place == "Erdbergstraße 192, Wien" and not it.cancelled

    def test_before_an_authority_bears_its_name(self):
        made(court="ie-dpc", zone="Europe/Dublin")
        assert told()[0].court == "DPC · Ireland"

    def test_whose_time_is_not_known_has_a_day_alone(self):
        made(at=None)
        [it] = told()
        assert it.local is None and it.day == date(2026, 12, 3)

    def test_that_is_moved_stays_the_same_entry(self):
        number = made()
        [before] = shown()
        moved = NewHearing(**{it: getattr(NEW, it) for it in NEW.__slots__} | {"day": date(2026, 12, 10)})
        with transaction():
            move_hearing(number, moved, why="The judge is ill.", seen=0, by=ANN)
        [after] = shown()
        assert after.uid == before.uid and after.changed_at > before.changed_at
        assert after.starts.isoformat() == "2026-12-10T10:30:00+01:00"

    def test_that_is_cancelled_is_shown_so(self):
        number = made()
        with transaction():
            cancel_hearing(number, why="It was settled.", seen=0, by=ANN)
        [it] = shown()
        assert it.cancelled and told()[0].cancelled

    def test_is_told_without_what_somebody_wrote_of_it(self):
        made()
        with transaction():
            user = accounts.get_user("lawyer@example.org")
            site = "https://desk.example.org"
            message = mail_daily.tell(user.id, Choices(mail=True), today=NOON.date(), site=site)
        assert message is not None and message.subject == "1 hearing"
        assert "3 December 2026, 10:30 (Europe/Vienna), Bundesverwaltungsgericht" in message.body
        assert "Maria" not in message.body + str(shown())

    def test_leads_to_its_page(self, desk):
        number = made()
        assert told()[0].path == f"/desk/hearings/{number}"
        assert "Bundesverwaltungsgericht" in desk("lawyer").get(told()[0].path).text

    def test_is_read_by_calendar_programs_with_its_zone(self):
        made()
        entry = read(as_ics(shown(), name="x").decode()).vevent
        assert entry.dtstart.value.isoformat() == "2026-12-03T10:30:00+01:00"
        assert entry.location.value == "Erdbergstraße 192, Wien"

    def test_from_before_is_left_out(self):
        made()
        assert told(since=date(2026, 12, 3)) and not told(since=date(2026, 12, 4))


class TestWhoIsToldOfAHearing:
    def test_is_whoever_sees_to_one_of_its_filings_and_everybody_where_nobody_does(self):
        made()
        assert told("lawyer") and told("advocate")
        with transaction():
            for it in db.session.query(Filing):
                it.responsible_id = accounts.get_user("advocate@example.org").id
        assert told("advocate") and not told("lawyer")
        assert told("lawyer", everything=True)

    def test_costs_as_many_statements_for_many_hearings(self, statements):
        for _ in range(12):
            made()
        user = accounts.get_user("lawyer@example.org").id
        del statements[:]
        assert len(of_person(user, everything=True, since=NOON.date())) == 12
        assert len(statements) == 2
