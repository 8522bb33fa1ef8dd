"""Publication on PostgreSQL: embargoes, parts taken back, lists, and two people at the same moment."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.builders import CHEAP_ARGON2
from tests.publishing import clear, told, two_cases, withdraw
from tracker import clock, config
from tracker.app import create_app
from tracker.db import PUBLIC, db, transaction
from tracker.errors import RuleBroken
from tracker.models import Entry, PublishedFiling
from tracker.rules.access import SHELL
from tracker.services import authorities, cases, installation, publication


@pytest.fixture
def desk(new_postgres_database: Callable[[], str], tmp_path: Path) -> Iterator[Flask]:
    """The desk on two databases, in an app context, with C001 and C002."""
    names = {
        "TRACKER_HOME": str(tmp_path / "postgres"),
        "TRACKER_DATABASE_URL": new_postgres_database(),
        "TRACKER_PUBLIC_DATABASE_URL": new_postgres_database(),
    }
    settings = config.read(names)
    installation.prepare(settings)
    app = create_app(settings, argon2=CHEAP_ARGON2)
    with app.app_context():
        with transaction():
            authorities.sync(by=SHELL)
        two_cases()
        yield app
        db.session.remove()
        for store in (None, PUBLIC):
            db.engines[store].dispose()


def proposed() -> int:
    """Propose all of C001, and return the key."""
    with transaction():
        case = cases.get_case("C001")
        return publication.propose(case, publication.default_content(case), note="", by=SHELL).id


def public_filings() -> list[str]:
    return sorted(db.session.scalars(sa.select(PublishedFiling.number)))


class TestOnPostgreSQL:
    def test_the_list_names_who_is_called_late_and_what_was_withdrawn(self, desk: Flask):
        clear("C001", filings=["C001-02"], updates=[1])
        assert publication.public_late(limit=50) == ([], 0)
        with transaction():
            told("C001-02", "information", date(2024, 8, 1), "at-dsb", public="News.")
        ((late,), more) = publication.public_late(limit=50)
        assert (late.number, more) == ("C001", 0) and "C001-02" in late.says
        withdraw("C001")
        proposed()
        (waiting,) = publication.waiting()
        assert waiting.changes.startswith("Again, after it was withdrawn on ")

    def test_an_embargo_ends_and_a_part_is_taken_back(self, desk: Flask, monkeypatch: pytest.MonkeyPatch):
        clear("C001", filings=["C001-01"], updates=[1])
        until = clock.now() + timedelta(hours=1)
        key = proposed()
        with transaction():
            publication.clear(key, note="", by=SHELL, until=until)
        assert [it.number for it in publication.embargoed()] == ["C001"] and not publication.is_due()
        monkeypatch.setattr(clock, "now", lambda: until)
        with transaction():
            assert publication.end_due() == ["C001"]
        with transaction(PUBLIC):
            publication.refresh()
        assert public_filings() == ["C001-01", "C001-02", "C001-03"] and publication.behind() == []
        with transaction():
            publication.take_back(cases.get_case("C001"), ("filings", "C001-02"), note="", by=SHELL)
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert public_filings() == ["C001-01", "C001-03"]

    def test_public_cases_that_went_on_are_listed(self, desk: Flask):
        clear("C001")
        with transaction():
            told("C001-02", "acknowledged", date(2024, 7, 1), "at-dsb", public="Receipt.")
        (found,), more = publication.gone_on(limit=10)
        assert (found.number, found.entries, more) == ("C001", 1, 0)

    def test_two_people_who_clear_at_once_clear_once(self, desk: Flask):
        key = proposed()
        start = threading.Barrier(2)
        told_to: list[str] = []

        def clear_it() -> None:
            with desk.app_context():
                start.wait()
                try:
                    with transaction():
                        publication.clear(key, note="", by=SHELL, beside=0)
                    told_to.append("cleared")
                except RuleBroken as refusal:
                    told_to.append(str(refusal))

        threads = [threading.Thread(target=clear_it) for _ in range(2)]
        for it in threads:
            it.start()
        for it in threads:
            it.join()
        # One that comes while the copy lags is told the same, because it only has to be copied again.
        assert "cleared" in told_to
        query = sa.select(sa.func.count()).select_from(Entry).where(Entry.act == "publication.clear")
        assert db.session.scalar(query) == 1

    def test_what_was_proposed_anew_meanwhile_is_cleared_by_nobody_who_read_the_other(self, desk: Flask):
        first = proposed()
        proposing, done = threading.Event(), threading.Event()

        def propose_anew() -> None:
            with desk.app_context(), transaction():
                case = cases.get_case("C001")
                content = publication.content_of(case, filings=["C001-02"])
                publication.propose(case, content, note="", by=SHELL)
                proposing.set()
                done.wait(0.3)

        other = threading.Thread(target=propose_anew)
        other.start()
        proposing.wait()
        with pytest.raises(RuleBroken, match="decided already, or replaced"), transaction():
            publication.clear(first, note="", by=SHELL)
        done.set()
        other.join()
        assert publication.status_of(cases.get_case("C001").id).public is None
