"""What stands on the page of a case, and what it costs when there are many filings."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tests.builders import lodged
from tests.reader import Reader
from tracker import clock
from tracker.db import transaction
from tracker.reference.authorities import ONE_PER_STATE, authorities
from tracker.rules.days import Day
from tracker.rules.routing import Procedure, Reason, plain
from tracker.rules.vocabulary import Outcome
from tracker.services import cases
from tracker.web.desk.case_page import affected_words, case_status, link, outcome_words
from tracker.web.desk.rows import newest_by_filing

PENDING, WON, LOST = Outcome.PENDING, Outcome.WON, Outcome.LOST


def status(*outcomes: Outcome) -> str:
    """Return the head of a case whose filings have these outcomes."""
    filings = [SimpleNamespace(outcome=it, lodged=Day.parse("2024-06-06")) for it in outcomes]
    told = [SimpleNamespace(sentence="Lodged; pending for a year.", mark="open") for _ in outcomes]
    said = case_status(SimpleNamespace(filings=filings), told)
    return f"{said['words']} {said['sentence']}".strip().partition(" First lodged on 6 June 2024")[0]


class TestTheHeadOfACase:
    @pytest.mark.parametrize(
        ("outcomes", "words"),
        [
            ((), "Not lodged anywhere yet."),
            ((PENDING,), "Lodged; pending for a year."),
            ((PENDING, PENDING), "Pending. 2 filings."),
            ((PENDING, WON, PENDING, LOST), "2 of 4 filings are pending. The others: 1 won, 1 lost."),
            ((WON, LOST, WON), "Ended. 3 filings: 2 won, 1 lost."),
        ],
    )
    def test_says_how_many_are_pending_and_how_the_others_ended_each_once(self, outcomes, words):
        assert status(*outcomes) == words


class TestTheOutcomeBeforeASentence:
    @pytest.mark.parametrize(
        ("outcome", "sentence", "words"),
        [
            (Outcome.WITHDRAWN, "Withdrawn on 25 November 2026.", ""),
            (WON, "Decided on 25 November 2026.", "Won."),
            (PENDING, "Lodged on 25 November 2026.", ""),
        ],
    )
    def test_is_not_said_twice(self, outcome: Outcome, sentence: str, words: str):
        assert outcome_words(outcome, sentence) == words


class TestPlaces:
    @pytest.mark.parametrize(
        ("places", "words"),
        [
            (("IE", "FR"), "Ireland, France"),
            (("DE-BY", "IE"), "Germany, Bayern; Ireland"),
            (("EEA",), "all EEA states"),
            (None, "not known"),
        ],
    )
    def test_are_named_and_set_apart(self, places: tuple[str, ...] | None, words: str):
        assert affected_words(places) == words


class TestACaseWithManyFilings:
    ADDRESSES = ("/desk/cases/C001", "/desk/filings/C001-01", "/desk/authorities/ie-dpc")

    def test_costs_as_many_statements_as_one_with_few_and_little_more_per_filing(
        self, case, desk: Callable[[str], Reader], statements: list[str]
    ):
        reader = desk("advocate")
        few = {it: self.cost(reader, it, statements) for it in self.ADDRESSES}
        many = [it.slug for it in authorities().values() if it.scope in ONE_PER_STATE]
        known = {it.authority_slug for it in case.filings}
        with transaction():
            lodged(cases.get_case("C001"), *(it for it in many if it not in known))
        for address in self.ADDRESSES:
            ran, size = self.cost(reader, address, statements)
            assert ran == few[address][0], address
            assert size - few[address][1] < 1400 * len(many), address

    def test_is_corrected_by_an_address_that_does_not_grow_with_them(self, case, desk):
        reader = desk("advocate")
        page = reader.get("/desk/cases/C001").text
        assert "?corrects=1" in page and "filing=C001" not in page
        form = reader.get("/desk/cases/C001/updates/new?corrects=1").text
        assert form.count('name="seen-C001-') == len(case.filings)

    @staticmethod
    def cost(reader: Reader, address: str, statements: list[str]) -> tuple[int, int]:
        """Return how many statements a page takes, and how many bytes it has."""
        reader.get(address)
        statements.clear()
        size = len(reader.get(address).data)
        return len(statements), size


class TestAnAuthorityWithManyFilings:
    def test_shows_them_in_pages(self, case, desk, monkeypatch):
        monkeypatch.setattr("tracker.web.desk.authorities.PAGE", 2)
        reader = desk("advocate")
        first, second = (reader.get(f"/desk/authorities/ie-dpc?page={page}").text for page in (1, 2))
        assert "C001-01" in first and "C001-03" not in first and "Page 1 of 2" in first
        assert "C001-03" in second and "C001-01" not in second
        assert 'href="/desk/authorities/ie-dpc?page=2" rel="next"' in first and 'rel="next"' not in second
        assert (
            'href="/desk/authorities/ie-dpc?page=2" rel="prev"'
            in reader.get("/desk/authorities/ie-dpc?page=99").text
        )


class TestTheDayOfLodging:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            ("2026-11-25", "First lodged today, 25 November 2026."),
            ("2026-11-24", "First lodged on 24 November 2026, 1 day ago."),
            ("2024-06-06", "First lodged on 6 June 2024, 2 years and 5 months ago."),
            ("2025-02", "First lodged in February 2025, about 1 year and 9 months ago."),
            ("2024", "First lodged in 2024, about 2 years ago."),
            ("2026-11", "First lodged in November 2026."),
        ],
    )
    def test_is_told_with_the_time_since(self, monkeypatch, day: str, words: str):
        monkeypatch.setattr(clock, "today", lambda: Day.parse("2026-11-25").value)
        filings = [SimpleNamespace(outcome=Outcome.PENDING, lodged=Day.parse(day))] * 2
        said = case_status(SimpleNamespace(filings=filings), [SimpleNamespace()] * 2)
        assert said["sentence"].endswith(words) and "today ago" not in said["sentence"]


class TestTheCodesOfARoute:
    @pytest.mark.parametrize("code", [*Procedure, *Reason, "4(23)(a)", "4(23)(b)", "none", None])
    def test_have_plain_words(self, code):
        assert plain(code) and "_" not in plain(code)


class TestTheSourceOfAnEntry:
    @pytest.mark.parametrize("said", ["https://noyb.eu/en/case", "HTTP://noyb.eu/en/case"])
    def test_is_a_link_where_it_is_a_web_address(self, said):
        assert str(link(said)).startswith(f'<a href="{said}"')

    @pytest.mark.parametrize("said", ["javascript:alert(1)//a/b", " JavaScript:alert(1)", "data:text/html,x"])
    def test_is_text_where_it_is_none(self, said):
        assert link(said) == said and not hasattr(link(said), "__html__")

    def test_is_left_out_where_there_is_none(self):
        assert link("") is None and link(None) is None


class TestTheLastNewsOfAFiling:
    def told(self, *entries: tuple[int, str | None, int | None]) -> int:
        """Return the number of the last news; entries are (number, day, number of what it corrects)."""
        protocol = [
            SimpleNamespace(
                id=number * 10,
                number=number,
                day=Day.parse(day),
                corrects_id=corrects and corrects * 10,
                kind="information",
                actor="the authority",
                actor_slug="at-dsb",
                filings=[SimpleNamespace(filing_id=1)],
            )
            for number, day, corrects in entries
        ]
        last: int = newest_by_filing(protocol, "noyb")[1].number
        return last

    def test_are_those_of_the_latest_day(self):
        assert self.told((1, "2024-06-20", None), (2, "2024-05-01", None)) == 1

    def test_are_none_that_were_corrected_away(self):
        assert self.told((1, "2024-06-07", None), (2, "2024-12-20", None), (3, "2024-06-20", 2)) == 3

    def test_of_an_unknown_day_are_no_newer_than_what_was_recorded_after_them(self):
        assert self.told((1, "2024-06-07", None), (2, None, None), (3, "2024-06-20", None)) == 3

    def test_of_the_same_day_are_those_that_the_stage_follows_from(self):
        assert self.told((1, "2024-06-20", None), (2, "2024-06-20", None), (3, "2024-06-20", 1)) == 2
