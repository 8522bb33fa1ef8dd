"""A correction of the entry from which a dozen deadlines run: the same ones move, each once, and no other."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.services.recording import news, of, record
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Deadline, DeadlineChange
from tracker.services import deadlines

THREE = ("C001-01", "C001-02", "C001-03")


@pytest.fixture(autouse=True)
def confirmed(app, monkeypatch) -> int:
    """Three filings of 3 May 2027, passed on to Dublin, which confirmed for all of them by one entry."""
    monkeypatch.setattr(clock, "today", lambda: date(2027, 8, 10))
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "nl-ap", on=date(2027, 5, 3))
    record(news("forwarded", "2027-06-01"), *THREE)
    return record(news("lead_confirmed", "2027-07-05", actor="ie-dpc"), *THREE)


def stored() -> dict[int, Deadline]:
    """Return every deadline of the three filings that is not gone, by its key."""
    db.session.expire_all()
    found = deadlines.of_filings([it.id for it in of(*THREE)])
    return {it.id: it for several in found.values() for it in several}


def test_moves_each_of_them_once_and_leaves_the_others(confirmed):
    before = {key: (it.start_number, it.started_on, it.due_on) for key, it in stored().items()}
    from_it = {key for key, (start, *_) in before.items() if start == confirmed}
    assert len(from_it) >= 12
    with transaction():
        db.session.execute(sa.delete(DeadlineChange))
    record(news("lead_confirmed", "2027-07-12", actor="ie-dpc"), *THREE, corrects=confirmed)
    after = {key: (it.start_number, it.started_on, it.due_on) for key, it in stored().items()}
    assert after.keys() == before.keys(), "the same deadlines, none new and none gone"
    assert all(after[key][2] != before[key][2] for key in from_it), "each has another last day"
    assert all(after[key] == before[key] for key in before.keys() - from_it)
    told = db.session.scalars(sa.select(DeadlineChange.deadline_id)).all()
    assert sorted(told) == sorted(from_it), "and one line of history"
    (why,) = set(db.session.scalars(sa.select(DeadlineChange.why)))
    assert f"corrects entry {confirmed}" in why
