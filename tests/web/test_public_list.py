"""The public list of cases: filters in the address, what each choice would leave, pages, the empty list."""

import re
from datetime import date

import html5lib
import pytest

from tests.builders import a_case, lodged
from tests.publishing import clear, same_respondent, told
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import transaction
from tracker.rules.vocabulary import Outcome, Precision
from tracker.services.cases import Respondent
from tracker.services.controllers import NewController


def make_two_more() -> None:
    with transaction():
        other = NewController(name="Schön & Söhne GmbH", country="AT")
        made = a_case(title="Scoring", number="C010", project="Scores", respondents=(Respondent(new=other),))
        lodged(made, "at-dsb", on=date(2023, 5, 25))
        told("C010-01", "admissible", date(2023, 6, 1), "at-dsb", public="Accepted.")
        told("C010-01", "investigation", date(2023, 7, 1), "at-dsb", public="Opened.")
        won = {"outcome": Outcome.WON}
        told("C010-01", "national_decision", date(2024, 1, 9), "at-dsb", public="It was upheld.", **won)
        lodged(a_case(title="Third", number="C011", respondents=same_respondent("C001")), "fr-cnil")
    clear("C010")
    clear("C011")


class TestASearch:
    @pytest.mark.parametrize("address", ["/", "/cases", "/authorities"])
    def test_has_the_name_of_the_filter_in_every_form(self, public, visitor: Reader, address):
        tree = html5lib.parse(visitor.get(address).text, namespaceHTMLElements=False)
        assert [it.get("name") for it in tree.iter("input") if it.get("type") == "search"] == ["text"]

    def test_at_the_desk_has_the_same_name(self, public, desk):
        for address in ("/desk/cases", "/desk/authorities"):
            assert 'type="search" id="filter-text" name="text"' in desk("reader").get(address).text


class TestTheList:
    @pytest.fixture
    def three(self, public, starting_from):
        """C001 as above; C010 of 2023, decided in Austria, against another; C011 like C001, in France."""
        starting_from("three", make_two_more)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["C011", "C001", "C010"]),
            ("project=scores", ["C010"]),
            ("authority=fr-cnil", ["C011"]),
            pytest.param("authority=ie-dpc", ["C011", "C001"], id="lodged with or led by"),
            ("country=AT", ["C001", "C010"]),
            ("stage=forwarded", ["C001"]),
            ("outcome=won", ["C010"]),
            ("year=2023", ["C010"]),
            ("controller=schon-sohne-gmbh--4c824ece", ["C010"]),
            ("article=6", ["C011", "C001", "C010"]),
            pytest.param("text=schon+sohne", ["C010"], id="words without accents"),
            pytest.param("text=c010", ["C010"], id="a number"),
            pytest.param("text=100%25", [], id="a per cent sign is no wild card"),
            pytest.param("country=AT&stage=forwarded", [], id="two filters of the same filing"),
            pytest.param("country=AT&outcome=pending", ["C001"], id="and the same once more"),
            ("stage=nonsense", []),
            ("colour=red", ["C011", "C001", "C010"]),
        ],
    )
    def test_shows_what_fits_every_filter(self, three, visitor: Reader, query, found):
        text = visitor.get(f"/cases?{query}").text
        assert re.findall(r'<th scope="row"[^>]*><a href="/cases/(C\d+)"', text) == found

    def test_by_the_name_of_a_controller_leads_to_its_address(self, three, visitor: Reader):
        answer = visitor.get("/cases?controller=Sch%C3%B6n+%26+S%C3%B6hne+GmbH&country=AT", 301)
        assert answer.location == "/cases?controller=schon-sohne-gmbh--4c824ece&country=AT"

    def test_counts_what_each_choice_would_leave(self, three, visitor: Reader):
        text = words_of(visitor.get("/cases").text)
        for choice in ("Austria (2)", "DPC · Ireland (2)", "Scores (1)", "2024 (2)", "No result yet (2)"):
            assert choice in text, choice
        narrowed = words_of(visitor.get("/cases?country=FR").text)
        assert "Austria (2)" in narrowed and "DPC · Ireland (1)" in narrowed

    def test_says_which_filter_to_drop_when_nothing_fits(self, three, visitor: Reader):
        answer = visitor.get("/cases?country=FR&outcome=won&year=2023").text
        assert "Without country “France”" in words_of(answer)
        assert 'href="/cases?outcome=won&amp;year=2023"' in answer
        assert "Without outcome" not in words_of(answer)

    def test_keeps_the_choice_while_paging(self, three, visitor: Reader, monkeypatch):
        monkeypatch.setattr("tracker.services.public_site_list.PAGE_SIZE", 1)
        first = visitor.get("/cases?country=AT").text
        assert (
            'href="/cases?page=2&amp;country=AT"' in first or 'href="/cases?country=AT&amp;page=2"' in first
        )
        assert 'href="/cases/C010"' in visitor.get("/cases?country=AT&page=2").text
        visitor.get("/cases?country=AT&page=3", 404)


class TestTheDayOfLodging:
    def test_is_no_day_where_only_the_month_is_known(self, on_a_day, app, visitor: Reader):
        with transaction():
            [filing] = lodged(a_case(), "nl-ap")
            filing.lodged_on, filing.lodged_precision = date(2025, 2, 1), Precision.MONTH
        clear("C001")
        for address in ("/", "/cases", "/cases?year=2025"):
            cell = visitor.get(address).text.split('data-label="Lodged">')[1].split("</td>")[0]
            assert cell == '<time class="day" datetime="2025-02">February 2025</time>', address


class TestStagesWithTheSameWords:
    @pytest.fixture
    def two(self, on_a_day, app, visitor: Reader) -> Reader:
        """C001 passed on to the lead, C002 where that confirmed: in the same words for the public."""
        with transaction():
            lodged(a_case(), "nl-ap")
            lodged(a_case(respondents=same_respondent("C001")), "at-dsb")
            for number, receiving in (("C001-01", "nl-ap"), ("C002-01", "at-dsb")):
                told(number, "forwarded", date(2024, 9, 2), receiving, public="It went to Dublin.")
            told("C002-01", "lead_confirmed", date(2024, 10, 1), "ie-dpc", public="It leads.")
        clear("C001")
        clear("C002")
        return visitor

    def test_are_one_choice_that_finds_all_of_them(self, two: Reader):
        choices = re.findall(
            r'<option value="([^"]*)"[^>]*>With the lead authority \((\d)\)', two.get("/cases").text
        )
        assert choices == [("forwarded", "2")]
        assert "2 cases of your choice" in words_of(two.get("/cases?stage=forwarded").text)

    def test_are_the_same_choice_in_an_old_address(self, two: Reader):
        page = two.get("/cases?stage=lead_confirmed").text
        assert "2 cases of your choice" in words_of(page)
        assert '<option value="forwarded" selected>' in page


class TestTheFilters:
    @pytest.mark.parametrize(("query", "is_open"), [("", False), ("?text=ai", False), ("?country=AT", True)])
    def test_are_folded_unless_one_is_set(self, public, visitor: Reader, query, is_open):
        tree = html5lib.parse(visitor.get(f"/cases{query}").text, namespaceHTMLElements=False)
        (folded,) = tree.iter("details")
        assert (folded.get("open") is not None) is is_open
        assert not [it for it in folded.iter("input")]

    def test_say_once_that_nothing_fits(self, public, visitor: Reader):
        text = words_of(visitor.get("/cases?text=nowhere").text)
        assert "0 cases" not in text and "No case fits all of this together" in text
