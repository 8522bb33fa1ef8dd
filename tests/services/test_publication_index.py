"""What is derived of public cases: the same whenever it is made, and gone with what it was made of."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, told, two_cases, withdraw
from tracker.config import Settings
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedDecision, PublishedFacet, PublishedLine, PublishedTotal
from tracker.rules.vocabulary import Precision
from tracker.services import publication, publication_facets, publication_index

DERIVED = (PublishedLine, PublishedFacet, PublishedTotal)


def derived() -> dict[str, list[Any]]:
    """Return all that is derived, the words of the search too."""
    found: dict[str, list[Any]] = {}
    with db.engines[PUBLIC].connect() as connection:
        for model in DERIVED:
            query = sa.select(model.__table__).order_by(*model.__table__.primary_key.columns)
            found[model.__tablename__] = [tuple(row) for row in connection.execute(query)]
        words = sa.text("SELECT rowid, best, good, further, rest FROM published_search ORDER BY rowid")
        found["search"] = [tuple(row) for row in connection.execute(words)]
    return found


def total(name: str, value: str = "") -> tuple[int, int, int] | None:
    it = PublishedTotal
    query = sa.select(it.cases, it.filings, it.pending).where(it.name == name, it.value == value)
    row = db.session.execute(query).first()
    return tuple(row) if row else None


@pytest.fixture
def public(app) -> None:
    """C001 with three filings, C002 with one in France, both public."""
    two_cases()
    clear("C001")
    clear("C002")


class TestWhatIsDerived:
    def test_is_the_same_when_the_store_is_made_anew(self, public):
        before = derived()
        assert all(before.values())
        with transaction(PUBLIC):
            publication.rebuild()
        assert derived() == before

    def test_is_the_same_when_a_case_is_published_again(self, public):
        before = derived()
        with transaction(PUBLIC):
            publication.refresh(["C001"])
        assert derived() == before

    def test_counts_what_fits_each_choice(self, public):
        assert total("all") == (2, 4, 4)
        assert total("country", "FR") == (1, 1, 1)
        assert total("authority", "ie-dpc") == (2, 4, 4)
        assert total("lodged", "ie-dpc") == (1, 1, 1)
        assert total("article", "6") == (2, 4, 4)
        assert total("controller", "example-platforms-ireland-limited") == (2, 4, 4)

    def test_goes_with_the_case(self, public):
        withdraw("C001")
        rows = derived()
        assert [it[0] for it in rows["published_lines"]] == ["C002"]
        assert {it[2] for it in rows["published_facets"]} == {"C002"}
        assert len(rows["search"]) == 1
        assert total("all") == (1, 1, 1)
        # A choice that fits nothing any more is none.
        assert total("country", "NL") is None

    def test_is_made_of_the_whole_of_it_when_it_is_missing(self, public):
        before = derived()
        with transaction(PUBLIC):
            publication_index.forget_everything()
        assert publication.behind() == ["C001", "C002"]
        with transaction(PUBLIC):
            publication.refresh()
        assert derived() == before and publication.behind() == []

    def test_needs_as_many_statements_for_many_cases_as_for_one(self, public, statements):
        def needed(*numbers: str) -> int:
            statements.clear()
            with transaction(PUBLIC):
                publication_index.index(numbers)
            return len(statements)

        assert needed("C001", "C002") == needed("C001")


class TestTheOrders:
    def test_know_who_waits_when_something_happened_and_how_much_is_going_on(self, public):
        lively, quiet = db.session.scalars(sa.select(PublishedLine).order_by(PublishedLine.case_number))
        assert (lively.pending, lively.filings) == (3, 3)
        assert lively.waiting == lively.newest == date(2024, 6, 6).toordinal()
        # The entry of 2 September has no words for the public and was not cleared.
        assert lively.last_on == date(2024, 6, 20).toordinal()
        assert quiet.moving == 0 and quiet.last_number == 1

    def test_put_a_number_of_four_digits_last(self):
        numbers = ["C1000", "C101", "C099"]
        assert sorted(numbers, key=publication_index.rank_of) == ["C099", "C101", "C1000"]


class TestTheWordsOfAWithdrawnCase:
    def test_are_not_in_the_file_any_more(self, public, settings: Settings):
        with transaction():
            made = a_case(title="Zebrafink Quokkala", respondents=same_respondent("C001"))
            lodged(made, "pl-uodo")
        clear("C003")
        file = Path(settings.public) / "public.db"
        assert b"zebrafink" in file.read_bytes().lower()
        withdraw("C003")
        assert not [
            it
            for it in Path(settings.public).rglob("*")
            if it.is_file() and b"zebrafink" in it.read_bytes().lower()
        ]

    def test_are_not_in_the_file_either_when_only_an_entry_is_left_out(self, app, settings: Settings):
        with transaction():
            lodged(a_case(), "nl-ap")
            told("C001-01", "acknowledged", date(2024, 6, 20), "nl-ap", public="Zebrafink.")
        clear("C001")
        file = Path(settings.public) / "public.db"
        assert b"zebrafink" in file.read_bytes().lower()
        clear("C001", filings=["C001-01"], updates=[1])
        assert b"zebrafink" not in file.read_bytes().lower()


def decision(**values: Any) -> PublishedDecision:
    new = {
        "type": "final",
        "appeal": "none_known",
        "decided_precision": Precision.UNKNOWN,
        "filings": [{"number": "C001-01", "result": "upheld"}],
        "fines": [{"minor": 100, "currency": "EUR", "against": None}],
    }
    return PublishedDecision(**new | values)


class TestFinesImposed:
    @pytest.mark.parametrize(
        ("values", "counted"),
        [
            ({}, {"EUR": 100}),
            ({"type": "national"}, {"EUR": 100}),
            pytest.param({"type": "draft"}, {}, id="a draft imposes none yet"),
            pytest.param({"type": "binding"}, {}, id="the Board tells an authority to"),
            pytest.param({"type": None}, {}, id="of a kind that nobody knows"),
            pytest.param({"appeal": "annulled"}, {}, id="annulled"),
            pytest.param({"filings": [{"number": "C001-01", "result": "annulled"}]}, {}, id="said so"),
            pytest.param({"fines": [{"minor": 1, "currency": "ZZZ", "against": None}]}, {}, id="in nothing"),
            pytest.param({"appeal": "lodged"}, {"EUR": 100}, id="an appeal alone changes nothing"),
        ],
    )
    def test_are_those_of_decisions_that_end_a_matter_and_stand(self, values, counted):
        assert publication_facets.fines_of([decision(**values)]) == counted

    def test_are_summed_by_currency(self):
        kroner = decision(fines=[{"minor": 7, "currency": "SEK", "against": None}])
        assert publication_facets.fines_of([decision(), decision(), kroner]) == {"EUR": 200, "SEK": 7}


class TestArticles:
    def test_are_those_of_the_gdpr_without_paragraphs(self):
        claims = [{"provision": it} for it in ("6(1)(f)", "6(4)", "13", "§ 25 TDDDG")]
        assert publication_facets.articles_of(claims) == {"6", "13"}
