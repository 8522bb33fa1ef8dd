"""Finding cases: each filter, words however they are written, numbers, pages, and texts meant to do harm."""

from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ANN, DAY, a_case, lodged
from tracker import clock
from tracker.db import db, transaction
from tracker.models import Case, Filing, Publication
from tracker.reference import tables
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.vocabulary import Outcome, PublicationState
from tracker.services import cases, cases_list, updates
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController
from tracker.services.updates import NewUpdate


def a_case_against(name: str, title: str, **values: object) -> cases.Case:
    """Open a case against a company."""
    return a_case(title=title, respondents=(Respondent(new=NewController(name)),), **values)


def found(text: str = "", **filters: object) -> list[str]:
    """Return the numbers of the cases that match; the total says the same."""
    listed, total = cases_list.find_cases(text, **filters)
    assert total == len(listed)
    return [it.number for it in listed]


def happened(number: str, step: str, day: str, outcome: Outcome | None = None, **values: object) -> int:
    """Record on a filing what happened, and return the number of the entry."""
    with transaction():
        [filing] = [it for it in cases.get_case(number[:4]).filings if it.number == number]
        new = NewUpdate(step, Day.parse(day), "noyb", "words", outcome=outcome)
        return updates.record_update([filing], new, seen={}, by=ANN, **values).number


def news(day: str, what: str = "Complaint lodged") -> cases_list.News:
    """Return the last news of a case as the list tells it."""
    return cases_list.News(Day.parse(day), what)


@pytest.fixture
def three(app):
    """Three cases: C001 in Austria and France, C002 in France and Norway, C003 not lodged."""
    with transaction():
        first = a_case_against(
            "Zürich Köder Øresund ApS", "Überwachung in Łódź: 100% _sicher_", project="Tracking"
        )
        lodged(first, "at-dsb", "fr-cnil", on=date(2023, 5, 1))
        lodged(a_case_against("Ads™ O'Brien Limited", "Scoring", project="Scoring"), "fr-cnil", on=DAY)
        lodged(cases.get_case("C002"), "no-datatilsynet", on=date(2025, 1, 1))
        a_case_against("Third Ltd", 'Not lodged; DROP TABLE "cases"')


class TestTheListOfCases:
    def test_finds_by_one_stage_all_that_a_reader_knows_by_the_same_words(self, three):
        happened("C001-01", "forwarded", "2023-06-01")
        happened("C002-01", "forwarded", "2024-07-01")
        happened("C002-01", "lead_confirmed", "2024-08-01")
        assert found(stage="forwarded") == found(stage="lead_confirmed") == ["C002", "C001"]
        assert found(stage="lodged") == ["C002", "C001"] and found(stage="nowhere") == []

    def test_has_all_of_them_the_highest_number_first(self, three):
        with transaction():
            a_case_against("Fourth Ltd", "The thousandth", number="C1000")
        assert found() == ["C1000", "C003", "C002", "C001"]

    def test_says_of_each_what_there_is_to_know(self, three):
        first, second = cases_list.find_cases()[0][:0:-1]
        assert (first.title, first.ngo, first.project) == (
            "Überwachung in Łódź: 100% _sicher_", "noyb", "Tracking",
        )  # fmt: skip
        assert (first.controllers, first.filings, first.pending) == (("Zürich Köder Øresund ApS",), 2, 2)
        assert (first.lodged, first.last, first.public) == (
            Day.parse("2023-05-01"),
            news("2023-05-01"),
            False,
        )
        assert (second.filings, second.lodged, second.last) == (2, Day.parse(DAY), news("2025-01-01"))

    @pytest.mark.parametrize(
        ("days", "first"),
        [
            (("2025-02", "2025-03-01"), "2025-02"),
            (("2025", "2025-03"), "2025"),
            pytest.param(("2025-02", "2025-02-01"), "2025-02-01", id="the day where both are the same"),
            (("", "2025-02"), "2025-02"),
            (("", ""), ""),
        ],
    )
    def test_says_of_the_first_lodging_no_more_than_is_known(self, three, days, first):
        with transaction():
            for it, day in zip(cases.get_case("C001").filings, map(Day.parse, days), strict=True):
                it.lodged_on, it.lodged_precision = day.value, day.precision
        [listed] = cases_list.find_cases(country="AT")[0]
        assert listed.lodged == Day.parse(first)

    def test_says_nothing_of_days_where_nothing_was_lodged(self, three):
        [it] = cases_list.find_cases("Not lodged")[0]
        assert (it.filings, it.pending, it.lodged, it.last) == (0, 0, UNKNOWN_DAY, None)

    def test_counts_what_is_pending_and_shows_the_last_news(self, three):
        happened("C001-01", "inadmissible", "2023-06-01")
        happened("C001-02", "acknowledged", "2023-05-20")
        [it] = cases_list.find_cases(country="AT")[0]
        assert (it.filings, it.pending) == (2, 1)
        assert it.last == news("2023-06-01", "Refused as inadmissible")

    def test_does_not_take_what_was_corrected_for_the_last_news(self, three):
        wrong = happened("C001-01", "acknowledged", "2025-06-01")
        happened("C001-01", "acknowledged", "2023-06-01", corrects=wrong)
        assert cases_list.find_cases(country="AT")[0][0].last == news("2023-06-01", "Receipt confirmed")

    def test_has_the_last_news_of_one_day_where_the_protocol_has_it(self, three):
        wrong = happened("C001-01", "acknowledged", "2023-06-01")
        happened("C001-01", "forwarded", "2023-06-01")
        happened("C001-01", "acknowledged", "2023-06-01", corrects=wrong)
        what = tables.happened("forwarded")
        assert cases_list.find_cases(country="AT")[0][0].last == news("2023-06-01", what)

    def test_takes_a_day_known_to_the_month_for_later_than_what_was_recorded_before_it(self, three):
        happened("C001-01", "acknowledged", "2023-05-20")
        happened("C001-01", "information", "2023-05")
        what = tables.happened("information")
        assert cases_list.find_cases(country="AT")[0][0].last == news("2023-05", what)

    def test_does_not_take_our_own_bookkeeping_for_the_last_news(self, three):
        happened("C001-01", "acknowledged", "2023-06-01")
        happened("C001-01", "reminder", "2023-09-01")
        assert cases_list.find_cases(country="AT")[0][0].last == news("2023-06-01", "Receipt confirmed")

    def test_marks_what_is_public_and_not_what_was_only_proposed(self, three):
        def publication(number: str, state: PublicationState) -> Publication:
            return Publication(
                case_id=cases.get_case(number).id, state=state, content={}, note="", proposed_by="shell",
                proposed_at=clock.now(), decided_by=None, decided_at=None, decision_note=None,
                withdrawn_by=None, withdrawn_at=None, withdrawal_note=None,
            )  # fmt: skip

        with transaction():
            db.session.add(publication("C001", PublicationState.CLEARED))
            db.session.add(publication("C002", PublicationState.PROPOSED))
        assert [(it.number, it.public) for it in cases_list.find_cases()[0]] == [
            ("C003", False), ("C002", False), ("C001", True),
        ]  # fmt: skip

    def test_is_empty_where_there_is_none(self, app):
        assert cases_list.find_cases() == ([], 0)


class TestAFilter:
    @pytest.mark.parametrize(
        ("filters", "numbers"),
        [
            ({"project": "tracking"}, ["C001"]),
            ({"project": "scor"}, []),
            ({"authority": "fr-cnil"}, ["C002", "C001"]),
            ({"authority": "no-datatilsynet"}, ["C002"]),
            ({"authority": "fr"}, []),
            ({"country": "AT"}, ["C001"]),
            ({"country": "FR"}, ["C002", "C001"]),
            ({"country": "DE"}, []),
            ({"stage": "lodged"}, ["C002", "C001"]),
            ({"stage": "closed"}, []),
            ({"outcome": "pending"}, ["C002", "C001"]),
            ({"outcome": "won"}, []),
            ({"year": 2023}, ["C001"]),
            ({"year": 2024}, ["C002"]),
            ({"year": 2022}, []),
        ],
    )
    def test_keeps_what_it_names(self, three, filters, numbers):
        assert found(**filters) == numbers

    def test_by_stage_and_outcome_follows_what_happened(self, three):
        happened("C001-01", "inadmissible", "2023-06-01")
        assert found(stage="inadmissible") == found(outcome="lost") == ["C001"]
        assert found(outcome="pending") == ["C002", "C001"]

    @pytest.mark.parametrize(
        ("filters", "numbers"),
        [
            pytest.param({"country": "NO", "year": 2025}, ["C002"], id="the Norwegian one of 2025"),
            pytest.param({"country": "NO", "year": 2024}, [], id="none is Norwegian and of 2024"),
            pytest.param({"country": "AT", "authority": "fr-cnil"}, [], id="none is in both"),
            pytest.param({"project": "scoring", "country": "FR"}, ["C002"], id="project and country"),
        ],
    )
    def test_together_with_others_asks_for_one_filing_that_meets_all(self, three, filters, numbers):
        assert found(**filters) == numbers

    def test_goes_with_words(self, three):
        assert found("scoring", country="FR") == ["C002"] and found("scoring", country="AT") == []


class TestWords:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            pytest.param("überwachung", ["C001"], id="case"),
            pytest.param("UBERWACHUNG", ["C001"], id="accents"),
            pytest.param("lodz", ["C001"], id="a letter that is no letter with an accent"),
            pytest.param("ŁÓDŹ", ["C001"], id="all of it"),
            pytest.param("  überwachung   in ", ["C001"], id="spaces"),
            pytest.param("wachung", ["C001"], id="the middle of a word"),
            pytest.param("zurich koder", ["C001"], id="a controller"),
            pytest.param("Øresund", ["C001"], id="a Danish controller"),
            pytest.param("oresund", ["C001"], id="a Danish controller without its letter"),
            pytest.param("adstm", ["C002"], id="a sign"),
            pytest.param("o'brien", ["C002"], id="a quote"),
            pytest.param("nowhere", [], id="nothing"),
            pytest.param(" ", ["C003", "C002", "C001"], id="blanks"),
            pytest.param("\u0301", [], id="an accent alone"),
        ],
    )
    def test_are_found_in_titles_and_names(self, three, text, numbers):
        assert found(text) == numbers

    @pytest.mark.parametrize("text", ["C002", "c002", " c2 ", "C-2", "C002-01", "c2-2", "C002/2"])
    def test_that_are_a_number_find_its_case(self, three, text):
        assert found(text) == ["C002"]

    @pytest.mark.parametrize("text", ["C002-09", "C009", "C" + "0" * 500 + "2", "C" + "9" * 20])
    def test_that_are_a_number_of_nothing_find_nothing(self, three, text):
        assert found(text) == []

    def test_that_are_the_number_of_an_authority_find_its_case(self, three):
        with transaction():
            here = cases.get_case("C002").filings[:1]
            new = NewUpdate("information", Day.parse("2024-07-01"), "fr-cnil", "words", reference="24/17%")
            updates.record_update(here, new, seen={}, by=ANN)
        assert found("24/17%") == ["C002"]
        assert found("24/1") == [], "a number of somebody else is meant whole"

    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            pytest.param("%", ["C001"], id="the sign itself"),
            pytest.param("100% _", ["C001"], id="both signs themselves"),
            pytest.param("_", ["C001"], id="the line itself"),
            pytest.param("s_cher", [], id="no wildcard for one letter"),
            pytest.param("über%in", [], id="no wildcard for many letters"),
            pytest.param("\\", [], id="the sign of escape"),
            pytest.param("/", [], id="the other sign of escape"),
            pytest.param("' OR '1'='1", [], id="the end of a string"),
            pytest.param('"cases"', ["C003"], id="a name in quotes"),
            pytest.param("'; DROP TABLE cases; --", [], id="a statement"),
            pytest.param("überwachung" * 10_000, [], id="a very long text"),
            pytest.param("🦊", [], id="a sign beyond the basic plane"),
        ],
    )
    def test_that_are_meant_to_do_harm_are_only_words(self, three, text, numbers):
        assert found(text) == numbers
        assert len(found()) == 3


class TestAPage:
    @pytest.fixture
    def seven(self, app):
        """Seven cases."""
        with transaction():
            for it in range(7):
                a_case_against(f"Example {it} Ltd", "Odd" if it % 2 else "Even")

    def test_holds_so_many_and_knows_how_many_there_are(self, seven):
        pages = [cases_list.find_cases(page=it, size=3) for it in (1, 2, 3, 4)]
        assert [[it.number for it in page] for page, _ in pages] == [
            ["C007", "C006", "C005"], ["C004", "C003", "C002"], ["C001"], [],
        ]  # fmt: skip
        assert {total for _, total in pages} == {7}

    def test_counts_only_what_matches(self, seven):
        listed, total = cases_list.find_cases("odd", size=2)
        assert ([it.number for it in listed], total) == (["C006", "C004"], 3)

    def test_costs_as_many_statements_however_much_is_on_it(self, seven, statements):
        counts = []
        for size in (1, 7):
            db.session.expunge_all()
            statements.clear()
            cases_list.find_cases("example", size=size)
            counts.append(len(statements))
        assert counts[0] == counts[1] <= 8

    def test_costs_as_many_statements_however_long_the_protocols_are(self, three, statements):
        counts = []
        for _ in range(2):
            db.session.expunge_all()
            statements.clear()
            cases_list.find_cases()
            counts.append(len(statements))
            happened("C001-01", "information", "2023-05-20")
            happened("C002-01", "information", "2025-01-02")
        assert counts[0] == counts[1]


class TestTheCasesThatWereLodged:
    def test_are_offered_by_number_with_how_many_filings_each_has(self, app):
        with transaction():
            lodged(a_case_against("One Ltd", "First", number="C099"), "at-dsb", "fr-cnil")
            a_case_against("Two Ltd", "Not lodged", number="C100")
            lodged(a_case_against("Three Ltd", "Third", number="C1000"), "at-dsb")
        assert cases_list.lodged_cases() == [("C1000", "Third", 1), ("C099", "First", 2)]
        assert cases_list.lodged_cases(without="C1000") == [("C099", "First", 2)]

    def test_are_all_of_them_in_one_statement(self, app, statements):
        with transaction():
            case = a_case_against("One Ltd", "First")
            lodged(case, "at-dsb")
            row = dict(db.session.execute(sa.select(Case.__table__)).one()._mapping)
            filing = dict(db.session.execute(sa.select(Filing.__table__)).one()._mapping)
            for it in range(2, 302):
                new = {"id": it, "number": f"C{it:03}", "key": None}
                db.session.execute(sa.insert(Case.__table__), [{**row, **new}])
                of_it = {"id": it, "number": f"C{it:03}-01", "case_id": it, "complainant_id": None}
                db.session.execute(sa.insert(Filing.__table__), [{**filing, **of_it}])
        statements.clear()
        assert len(cases_list.lodged_cases()) == 301
        assert len(statements) == 1
