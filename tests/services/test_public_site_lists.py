"""The start page, controllers, projects and feeds: what they count, and what they cost at any size."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, told, withdraw
from tracker.db import PUBLIC, db, transaction
from tracker.errors import NotFound, Withdrawn
from tracker.models import PublishedCase, PublishedDecision, PublishedFiling, PublishedTakenBack
from tracker.rules.money import Money
from tracker.rules.vocabulary import Outcome, Precision
from tracker.services import public_site_feeds as feeds
from tracker.services import public_site_groups as groups
from tracker.services import public_site_home as home
from tracker.services import public_site_list as lists
from tracker.services import public_site_tables as tables
from tracker.services import publication_index
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController
from tracker.services.public_site_filters import Filters


@pytest.fixture
def public(app) -> None:
    """C001 with three filings, one decided; C002 of 2019 in Austria against another; C003 withdrawn."""
    with transaction():
        lodged(a_case(title="First", project="Minds"), "nl-ap", "fr-cnil", "ie-dpc")
        told("C001-01", "acknowledged", date(2024, 6, 20), "nl-ap", public="Receipt.")
        told("C001-02", "inadmissible", date(2024, 8, 1), "fr-cnil", public="Refused.", outcome=Outcome.LOST)
        other = (Respondent(new=NewController(name="Schön GmbH", country="AT")),)
        lodged(a_case(title="Second", project="Scores", respondents=other), "at-dsb", on=date(2019, 1, 7))
        lodged(a_case(title="Third", respondents=same_respondent("C001")), "pl-uodo")
    for number in ("C001", "C002", "C003"):
        clear(number)
    withdraw("C003")


def fine(**values: object) -> None:
    """Give C001 a public decision with a fine."""
    new = {"case_number": "C001", "position": 9, "type": "final", "decided_by": "DPC", "summary": ""}
    new |= {"decided_precision": Precision.UNKNOWN, "appeal": "none_known"}
    new |= dict.fromkeys(("filings", "findings", "measures", "entries"), [])
    with transaction(PUBLIC):
        db.session.add(PublishedDecision(**new | values))
        db.session.flush()
        publication_index.index(["C001"])


class TestTheTableOfDecisions:
    def test_tells_a_fine_as_anybody_writes_it(self, public):
        """A cell is read in a spreadsheet: 5.5 million euros in cents would be 550 million there."""
        many = ((5_500_000_00, "EUR"), (5_50, "SEK"), (700, "ISK"))
        fine(fines=[{"minor": minor, "currency": it, "against": None} for minor, it in many])
        *_, row = tables.decisions_table("https://tracker.example").records()
        assert row["fines"] == ["5500000 EUR", "5.50 SEK", "700 ISK"]


class TestTheStartPage:
    def test_counts_what_is_public(self, public):
        site = home.overview()
        assert (site.cases, site.filings, site.pending, site.decided) == (2, 4, 3, 1)
        assert site.authorities == 4 and site.unclear == 0

    def test_names_the_filing_that_waits_longest(self, public):
        waiting = home.overview().waiting
        assert waiting and (waiting.number, waiting.authority.slug) == ("C002-01", "at-dsb")
        assert waiting.lodged.value == date(2019, 1, 7)

    def test_features_the_case_with_the_most_filings_pending(self, public):
        featured = home.overview().featured
        assert featured and featured.number == "C001"

    def test_sums_the_fines(self, public):
        fine(fines=[{"minor": 5_50, "currency": "EUR", "against": None}])
        assert home.overview().fines == (Money(5_50, "EUR"),)

    def test_has_the_last_entry_of_each_case(self, public):
        assert [(it.number, it.news.number) for it in home.overview().news] == [("C001", 3), ("C002", 1)]

    def test_calls_in_motion_only_where_three_things_happened(self, public):
        with transaction():
            lodged(a_case(title="Fourth", respondents=same_respondent("C001")), "nl-ap")
            told("C004-01", "acknowledged", date(2024, 6, 20), "nl-ap", public="Receipt.")
        clear("C004")
        # Of C001, which is featured, it is said above.
        assert home.overview().moving == ()
        with transaction():
            told("C004-01", "forwarded", date(2024, 6, 21), "nl-ap", public="Passed on.")
        clear("C004")
        assert [it.number for it in home.overview().moving] == ["C004"]

    def test_is_there_while_nothing_is_public(self, app):
        site = home.overview()
        assert (site.cases, site.featured, site.waiting, site.news) == (0, None, None, ())


class TestControllers:
    def test_are_listed_by_name_with_what_is_pending(self, public):
        found = groups.controllers_list()
        assert [(it.name, it.cases, it.filings, it.pending) for it in found.rows] == [
            ("Example Platforms Ireland Limited", 1, 3, 2),
            ("Schön GmbH", 1, 1, 1),
        ]

    def test_are_found_without_accents(self, public):
        assert [it.name for it in groups.controllers_list("schon").rows] == ["Schön GmbH"]
        assert groups.controllers_list("100%").total == 0

    def test_have_a_page_with_their_cases_and_results(self, public):
        page = groups.controller_page("example-platforms-ireland-limited")
        assert [it.number for it in page.rows] == ["C001"]
        assert page.outcomes == (("pending", 2), ("lost", 1))

    def test_of_withdrawn_cases_alone_have_none(self, public):
        withdraw("C002")
        slug = groups.controller_slug("Schön GmbH")
        assert slug is None
        with pytest.raises(NotFound):
            groups.controller_page("schon-gmbh")


class TestProjects:
    def test_are_listed_with_their_cases(self, public):
        assert [(it.slug, it.cases) for it in groups.projects_list().rows] == [("minds", 1), ("scores", 1)]
        assert [it.number for it in groups.project_page("scores").rows] == ["C002"]


class TestAFeed:
    def test_of_everything_has_all_entries_and_what_was_withdrawn(self, public):
        feed = feeds.feed_of_everything()
        assert [(it.case_number, it.number) for it in feed.entries] == [
            ("C002", 1),
            ("C001", 3),
            ("C001", 2),
            ("C001", 1),
        ]
        assert [(it.number, it.entry) for it in feed.gone] == [("C003", None), ("C003", 1)]
        assert feed.updated_at == feed.gone[0].at

    def test_has_the_newest_alone_where_there_are_more(self, public):
        assert len(feeds.feed_of_everything(limit=2).entries) == 2

    def test_has_the_newest_marks_alone_of_cases_and_four_times_as_many_of_entries(self, public):
        with transaction(PUBLIC):
            case = db.session.get(PublishedCase, "C003")
            assert case is not None and case.withdrawn_at is not None
            for number, hours in ((10, -3), (11, -2), (12, -1), (13, 1), (14, 2)):
                at = case.withdrawn_at + timedelta(hours=hours)
                db.session.add(PublishedTakenBack(case_number="C001", number=number, taken_back_at=at))
            db.session.add(PublishedTakenBack(case_number="C001", number=15, taken_back_at=None))
        gone = feeds.feed_of_everything(limit=1).gone
        assert [(it.number, it.entry) for it in gone] == [
            ("C001", 14),
            ("C001", 13),
            ("C003", None),
            ("C003", 1),
            ("C001", 12),
        ]

    def test_of_an_authority_leaves_out_what_does_not_concern_it(self, public):
        feed = feeds.feed_of_authority("nl-ap")
        assert [it.number for it in feed.entries] == [2, 1]
        assert {it.case_number for it in feeds.feed_of_authority("ie-dpc").entries} == {"C001"}

    def test_of_what_stands_still_is_full_whatever_is_told_of_others(self, public):
        """However much has come since of other filings of the case, the last word on this one is there."""
        with transaction():
            for day in range(1, 9):
                told("C001-02", "information", date(2024, 9, day), "fr-cnil", public="More.")
        clear("C001")
        for feed in (
            feeds.feed_of_filing("C001-01", limit=1),
            feeds.feed_of_authority("nl-ap", limit=1),
            feeds.feed_of_authorities(country="NL", limit=1),
        ):
            assert [(it.case_number, it.number) for it in feed.entries] == [("C001", 2)]
        assert [it.number for it in feeds.feed_of_filing("C001-03").entries] == [1]
        assert [it.case_number for it in feeds.feed_of_projects(limit=1).entries] == ["C001"]

    def test_of_an_authority_has_what_it_handles(self, public):
        filing = PublishedFiling
        with transaction(PUBLIC):
            handled = sa.update(filing).where(filing.number == "C001-02").values(handling="be-apd-gba")
            db.session.execute(handled)
            publication_index.index(["C001"])
        for feed in (feeds.feed_of_authority("be-apd-gba"), feeds.feed_of_authorities(country="BE")):
            assert [it.number for it in feed.entries] == [3, 1]

    def test_is_one_of_a_controller_a_project_a_case_or_a_search(self, public):
        for feed in (
            feeds.feed_of_controller("example-platforms-ireland-limited"),
            feeds.feed_of_project("minds"),
            feeds.feed_of_case("C001"),
            feeds.feed_of_search(Filters(text="first", country="FR")),
        ):
            assert {it.case_number for it in feed.entries} == {"C001"}
        assert feeds.feed_of_search(Filters(text="first", country="AT")).entries == ()

    def test_of_what_is_not_public_is_none(self, public):
        for ask in (feeds.feed_of_case, feeds.feed_of_controller, feeds.feed_of_project):
            with pytest.raises(NotFound):
                ask("C900")
        with pytest.raises(NotFound):
            feeds.feed_of_authority("xx")
        with pytest.raises(Withdrawn):
            feeds.feed_of_case("C003")


class TestTheNumberOfStatements:
    def test_is_the_same_for_few_cases_and_for_many(self, public, statements):
        asked = {
            "home": home.overview,
            "list": lambda: lists.find_cases(Filters()),
            "filtered": lambda: lists.find_cases(Filters(country="NL", outcome="pending")),
            "search": lambda: lists.find_cases(Filters(text="first")),
            "controllers": groups.controllers_list,
            "project": lambda: groups.project_page("minds"),
            "feed": feeds.feed_of_everything,
            "feed of an authority": lambda: feeds.feed_of_authority("nl-ap"),
        }

        def counted() -> dict[str, int]:
            found = {}
            for name, ask in asked.items():
                statements.clear()
                ask()
                found[name] = len(statements)
            return found

        few = counted()
        with transaction():
            for serial in range(5):
                made = a_case(title=f"First {serial}", project="Minds", respondents=same_respondent("C001"))
                lodged(made, "nl-ap", "at-dsb", "fr-cnil")
        for number in ("C004", "C005", "C006", "C007", "C008"):
            clear(number)
        assert counted() == few
        assert lists.find_cases(Filters(text="first")).total == 6

    def test_of_all_cases_asks_no_case_for_a_count(self, public, statements):
        lists.count(Filters())
        assert len(statements) == 1 and PublishedCase.__tablename__ not in statements[0]
