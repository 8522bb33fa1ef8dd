"""Embargo: what is cleared stays inside until its time, and what was public stays as it was."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.publishing import clear, two_cases
from tracker import clock
from tracker.db import PUBLIC, db, transaction
from tracker.errors import RuleBroken
from tracker.models import Entry, PublishedCase, PublishedFiling
from tracker.rules.access import SHELL, Actor
from tracker.rules.vocabulary import PublicationState
from tracker.services import cases, publication

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
Of = Callable[[str], Actor]
At = Callable[[datetime], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Return a function that sets the clock; it starts at NOW."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(NOW)
    return set_to


@pytest.fixture
def case(app, at: At) -> None:
    two_cases()


def held(until: datetime = LATER, **chosen: object) -> int:
    """Clear C001 under embargo, and return the key of the publication."""
    with transaction():
        found = cases.get_case("C001")
        content = publication.content_of(found, **chosen) if chosen else publication.default_content(found)
        proposed = publication.propose(found, content, note="", by=SHELL)
        return publication.clear(proposed.id, note="", by=SHELL, until=until).id


def look_after() -> list[str]:
    """Do what `tracker work` and the start of the desk do; return the cases that became public."""
    with transaction():
        ended = publication.end_due()
    with transaction(PUBLIC):
        publication.refresh()
    return ended


def public_filings() -> list[str]:
    return sorted(db.session.scalars(sa.select(PublishedFiling.number)))


def acts() -> list[str]:
    query = sa.select(Entry.act).where(Entry.act.startswith("publication.")).order_by(Entry.id)
    return list(db.session.scalars(query))


class TestUnderEmbargo:
    def test_nothing_of_it_is_in_the_public_store_before_its_time(self, case, at: At):
        held()
        at(LATER - timedelta(seconds=1))
        assert look_after() == []
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        with transaction(PUBLIC):
            publication.rebuild()
        assert db.session.scalars(sa.select(PublishedCase.number)).all() == []

    def test_becomes_public_with_its_time_and_is_public_since_then(self, case, at: At):
        held()
        at(LATER + timedelta(minutes=5))
        assert publication.is_due() and look_after() == ["C001"]
        assert not publication.is_due() and look_after() == []
        (row,) = db.session.scalars(sa.select(PublishedCase)).all()
        assert (row.cleared_at, row.published_at) == (LATER, LATER)
        assert acts()[-1] == "publication.release"

    def test_what_was_public_stays_as_it_was_until_then(self, case, at: At):
        clear("C001", filings=["C001-01"], updates=[1])
        held(filings=["C001-01", "C001-02"], updates=[1])
        look_after()
        assert public_filings() == ["C001-01"]
        standing = publication.status_of(cases.get_case("C001").id)
        assert standing.public is not None and standing.embargoed is not None
        at(LATER)
        look_after()
        assert public_filings() == ["C001-01", "C001-02"]
        assert publication.get_publication(standing.public.id).state is PublicationState.REPLACED

    def test_is_refused_for_a_moment_that_is_over(self, case):
        with pytest.raises(RuleBroken, match="is over"):
            held(until=NOW)
        assert acts() == []

    def test_is_listed_with_what_it_would_change(self, case):
        held()
        (waits,) = publication.embargoed()
        assert (waits.number, waits.changes) == ("C001", "For the first time: 3 filings, 2 entries")
        assert publication.waiting() == []

    def test_makes_room_for_what_is_cleared_later_and_never_becomes_public(self, case, at: At):
        first = held(filings=["C001-01"], updates=[1])
        clear("C001", filings=["C001-02"], updates=[1])
        at(LATER)
        assert look_after() == [] and public_filings() == ["C001-02"]
        assert publication.get_publication(first).state is PublicationState.SUPERSEDED

    def test_is_shown_by_the_clock_of_the_installation(self):
        until = datetime(2027, 6, 6, 8, 0, tzinfo=UTC)
        assert publication.embargo_words(until, "Europe/Vienna") == "6 June 2027, 10:00 (Europe/Vienna)"


class TestAnEmbargo:
    def test_can_be_lifted_and_is_public_from_that_moment(self, case, at: At, actor: Of):
        key = held()
        at(NOW + timedelta(minutes=1))
        with transaction():
            assert publication.lift(key, by=actor("editor")) == "C001"
        look_after()
        (row,) = db.session.scalars(sa.select(PublishedCase)).all()
        assert row.published_at == NOW + timedelta(minutes=1)

    def test_can_be_moved(self, case, at: At, actor: Of):
        key = held()
        with transaction():
            publication.move(key, LATER + timedelta(days=1), by=actor("editor"))
        at(LATER)
        assert look_after() == []
        with pytest.raises(RuleBroken, match="is over"), transaction():
            publication.move(key, NOW, by=actor("editor"))
        at(LATER + timedelta(days=1))
        assert look_after() == ["C001"]

    def test_can_be_called_off_and_leaves_no_trace_in_public(self, case, at: At, actor: Of):
        key = held()
        with transaction():
            publication.call_off(key, note="Not yet.", by=actor("editor"))
        at(LATER)
        assert look_after() == []
        assert db.session.scalars(sa.select(PublishedCase.number)).all() == []
        ended = publication.get_publication(key)
        assert (ended.state, ended.withdrawal_note) == (PublicationState.DECLINED, "Not yet.")
        assert ended.decided_by == SHELL.key
        with pytest.raises(RuleBroken, match="not under embargo"), transaction():
            publication.lift(key, by=actor("editor"))

    def test_ends_with_the_case_that_is_withdrawn(self, case, at: At):
        clear("C001", filings=["C001-01"], updates=[1])
        held()
        with transaction():
            publication.withdraw(cases.get_case("C001"), note="", by=SHELL)
        at(LATER)
        look_after()
        assert public_filings() == []


class TestAStoreThatIsBuiltAnew:
    def test_has_the_same_rows_after_an_embargo_that_ended(self, case, at: At):
        held()
        at(LATER + timedelta(minutes=5))
        look_after()
        query = sa.select(PublishedCase.__table__)
        bind = {"bind": db.engines[PUBLIC]}
        before = db.session.execute(query, bind_arguments=bind).all()
        db.session.rollback()
        with transaction(PUBLIC):
            publication.rebuild()
        assert db.session.execute(query, bind_arguments=bind).all() == before
