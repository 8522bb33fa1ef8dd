"""The daily mail as `tracker work` writes and sends it, for one filing in Vienna."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import a_case, lodged
from tests.deadlines import stored_deadline
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Deadline, Filing, Outgoing
from tracker.rules.telling import Choices
from tracker.services import accounts, mail_daily, outbox
from tracker.services.outbox import Answer

TODAY = date(2026, 11, 25)
SITE = "https://desk.example.org"
WANTED = Choices(mail=True)


def days(number: int) -> timedelta:
    return timedelta(days=number)


@pytest.fixture(autouse=True)
def on(app, monkeypatch):
    """Return a function that makes it another day; it is 25 November 2026."""

    def day(it: date) -> None:
        monkeypatch.setattr(clock, "now", lambda: datetime(it.year, it.month, it.day, 6, tzinfo=UTC))

    day(TODAY)
    return day


@pytest.fixture
def filing(app) -> Filing:
    with transaction():
        [made] = lodged(a_case(title="Maria Musterfrau against Example"), "at-dsb")
    return made


def key_of(role: str = "lawyer") -> int:
    return accounts.get_user(f"{role}@example.org").id


def store(filing: Filing, due: date | None, period: str = "OWN-COURT", **values: object) -> int:
    """Store a deadline of our own in a transaction of its own, and return its key."""
    with transaction():
        return stored_deadline(filing, period, due=due, **{"own": True, **values}).id


def change(key: int, **values: object) -> None:
    with transaction():
        for name, value in values.items():
            setattr(db.session.get_one(Deadline, key), name, value)


def tell(role: str = "lawyer", choices: Choices = WANTED, *, today: date | None = None) -> Outgoing | None:
    with transaction():
        return mail_daily.tell(key_of(role), choices, today=today or clock.today(), site=SITE)


def send_all() -> int:
    """Answer for a mail server that takes everything; return how many messages it took."""
    number = 0
    while True:
        with transaction():
            letter = outbox.claim()
            if letter is None:
                return number
            outbox.settle(letter, Answer())
            number += 1
