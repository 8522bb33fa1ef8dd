"""The public store made again: the same rows, since when each thing is public, and no word that is gone."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, told, two_cases, withdraw
from tracker import clock
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedCase, PublishedContent, PublishedParty, PublishedUpdate
from tracker.rules.access import OPTIONAL_FIELDS, SHELL
from tracker.services import cases, cases_texts, publication
from tracker.services.cases_texts import NewText

NOON = datetime(2024, 10, 1, 12, tzinfo=UTC)


@pytest.fixture
def hours(monkeypatch) -> Any:
    """Let the clock stand at noon, and so many hours after it."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return lambda later: monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=later))


@pytest.fixture
def five(app, hours) -> None:
    """Five publications: two of C001, the first replaced; one of C002, withdrawn; two of C003, likewise."""
    two_cases()
    with transaction():
        lodged(a_case(title="Example: three", respondents=same_respondent("C001")), "fr-cnil", "nl-ap")
        cases_texts.write_texts(
            cases.get_case("C001"), [NewText("de", "Beispiel", "Zum Ersten.")], seen={}, by=SHELL
        )
    clear("C001", filings=["C001-01", "C001-02"], updates=[1])
    clear("C002")
    clear("C003")
    hours(1)
    clear("C001", filings=["C001-01"], updates=[1, 2])
    withdraw("C002")
    withdraw("C003")
    hours(2)
    clear("C003")


def dump() -> str:
    """Return every row of every public table as text, in the order of its keys."""
    lines = []
    for table in db.metadatas[PUBLIC].sorted_tables:
        query = sa.select(table).order_by(*table.primary_key.columns)
        rows = db.session.execute(query, bind_arguments={"bind": db.engines[PUBLIC]})
        lines += [f"{table.name} {dict(row._mapping)!r}" for row in rows]
    db.session.rollback()
    return "\n".join(lines)


def since(number: str) -> Any:
    """Return the row of a case in the public store."""
    found = db.session.get(PublishedCase, number)
    assert found is not None
    return found


class TestAStoreMadeAgain:
    def test_is_the_same_to_the_last_byte(self, five):
        before = dump()
        assert "Beispiel" in before and before.count("\n") > 10
        with transaction(PUBLIC):
            for table in reversed(db.metadatas[PUBLIC].sorted_tables):
                db.session.execute(sa.delete(table), bind_arguments={"bind": db.engines[PUBLIC]})
        assert dump() == ""
        with transaction(PUBLIC):
            assert publication.rebuild() == 2
        assert dump() == before

    def test_that_is_broken_off_stays_as_it_was(self, five):
        before = dump()
        with pytest.raises(KeyboardInterrupt), transaction(PUBLIC):
            publication.rebuild()
            raise KeyboardInterrupt
        assert dump() == before

    def test_is_counted_without_what_was_withdrawn(self, five):
        counted = publication.counted()
        assert (counted["cases"], counted["contents"], counted["filings"]) == (2, 2, 3)

    def test_is_written_by_one_statement_for_each_table(self, five, statements):
        statements.clear()
        with transaction(PUBLIC):
            publication.rebuild()
        written = [it.split()[2] for it in statements if it.startswith("INSERT INTO published_")]
        # The directory is long, and the index of words is emptied by an insertion.
        of_cases = [it for it in written if it not in ("published_authorities", "published_search")]
        assert len(of_cases) == len(set(of_cases)) > 4


class TestSinceWhenSomethingIsPublic:
    def test_is_when_it_was_cleared_first_though_it_was_cleared_again(self, five):
        assert (since("C001").published_at, since("C001").cleared_at) == (NOON, NOON + timedelta(hours=1))

    def test_of_an_entry_is_when_that_came_in(self, five):
        query = sa.select(PublishedUpdate.number, PublishedUpdate.published_at).where(
            PublishedUpdate.case_number == "C001"
        )
        assert dict(db.session.execute(query).all()) == {1: NOON, 2: NOON + timedelta(hours=1)}

    def test_begins_anew_after_a_withdrawal(self, five):
        assert since("C003").published_at == NOON + timedelta(hours=2)
        assert since("C003").withdrawn_at is None

    def test_ends_with_the_withdrawal(self, five):
        assert (since("C002").published_at, since("C002").withdrawn_at) == (None, NOON + timedelta(hours=1))

    def test_stands_in_the_whole_too(self, five):
        whole = db.session.get(PublishedContent, "C001")
        assert whole is not None
        assert whole.content["case"]["published_at"] == NOON.isoformat()
        assert [it["published_at"] for it in whole.content["updates"]] == [
            (NOON + timedelta(hours=it)).isoformat() for it in (0, 1)
        ]


class TestTheWholeInOnePiece:
    def test_has_what_was_cleared_and_nothing_that_is_for_the_desk(self, five):
        whole = db.session.get(PublishedContent, "C001")
        public = publication.status_of(cases.get_case("C001").id).public
        assert whole is not None and public is not None
        assert set(whole.content) == set(public.content) - {"fields"}
        assert whole.content["deadlines"] == public.content["deadlines"] != []
        assert "number" not in {name for it in whole.content["decisions"] for name in it}


class TestControllersOfPublicCases:
    def test_have_one_address_in_all_of_them(self, five):
        query = sa.select(PublishedParty.case_number, PublishedParty.slug)
        assert set(db.session.execute(query).all()) == {
            ("C001", "example-platforms-ireland-limited"),
            ("C003", "example-platforms-ireland-limited"),
        }


class TestWhatIsTakenBack:
    WORDS = ("Unforgettable", "unforgettable")

    @pytest.fixture
    def told_of(self, app) -> None:
        with transaction():
            lodged(a_case(title="Unforgettable case", summary="Unforgettable."), "nl-ap", "at-dsb")
            told("C001-01", "acknowledged", date(2024, 6, 20), "nl-ap", public="Unforgettable receipt.")
            new = NewText("de", "Unforgettable", "Unforgettable")
            cases_texts.write_texts(cases.get_case("C001"), [new], seen={}, by=SHELL)
        clear("C001")

    def kept(self, settings) -> list[str]:
        """Return the files of the public store in which one of the words stands, in whatever page of it."""
        db.session.remove()
        return [
            path.name
            for path in settings.public.rglob("*")
            if path.is_file() and any(it.encode() in path.read_bytes() for it in self.WORDS)
        ]

    def test_is_in_no_file_of_the_public_store_once_it_is_withdrawn(self, told_of, settings):
        assert self.kept(settings) == ["public.db"]
        withdraw("C001")
        assert self.kept(settings) == []

    def test_field_by_field_is_gone_everywhere(self, told_of, settings):
        with transaction():
            case = cases.get_case("C001")
            case.title = "Example"
        clear("C001", updates=[1], languages=[], filings=["C001-01"], fields=OPTIONAL_FIELDS - {"summary"})
        assert self.kept(settings) == []
