"""Today: what waits, one line and one link for each kind, as many as the list behind it has."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import ANN, a_case, lodged
from tests.deadlines import forget_deadlines, stored_deadline
from tests.reader import Reader
from tests.web.conftest import TODAY
from tracker.db import db, transaction
from tracker.models import UpdateFiling
from tracker.rules.days import Day
from tracker.services import cases, filings_assigning, updates
from tracker.services.updates import NewUpdate

Desk = Callable[[str], Reader]


@pytest.fixture
def waiting(app, on_a_day, actor):
    """One thing of each kind in C001: the advocate sees to Vienna, the lawyer to Paris, nobody to Dublin."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
    for number, step in (
        ("C001-01", "defect_notice"),
        ("C001-02", "defect_notice"),
        ("C001-03", "information"),
    ):
        with transaction():
            chosen = [it for it in cases.get_case("C001").filings if it.number == number]
            new = NewUpdate(step, Day.parse("2024-06-20"), "at-dsb", "words")
            entry = updates.record_update(chosen, new, seen={}, by=ANN)
            if step == "information":
                db.session.execute(
                    sa.update(UpdateFiling).where(UpdateFiling.update_id == entry.id).values(step=None)
                )
    with transaction():
        forget_deadlines()
        filings_assigning.assign(["C001-01"], actor("advocate").user_id, by=ANN)
        filings_assigning.assign(["C001-02"], actor("lawyer").user_id, by=ANN)
        for one in cases.get_case("C001").filings:
            stored_deadline(one, "P23", due=TODAY + timedelta(days=3))
            stored_deadline(one, "OWN-COURT", due=TODAY - timedelta(days=3))
            stored_deadline(one, "AT-BVWG", due=TODAY - timedelta(days=3))
            stored_deadline(one, "G15", due=TODAY - timedelta(days=3))
            stored_deadline(one, "G4", due=None)


def lines(page: str) -> list[tuple[int, str, str]]:
    """Return what is to do, line by line: how many, in which words, and the address of the link."""
    part = page.split('<ul class="todo">')[1].split("</ul>")[0]
    found = re.findall(r"<strong>(\d+)</strong> <span>([^<]+)</span> <a href=\"([^\"]+)\">", part)
    return [(int(many), words, html.unescape(address)) for many, words, address in found]


def shown(page: str) -> int:
    """Return how many lines the list on a page has, which is what it says that it has."""
    said = re.search(r'class="pager"[^>]*>\s*<p>(\d+) ', page)
    rows = sum(it.count("<tr ") for it in page.split("<tbody")[1:])
    assert said and int(said[1]) == rows
    return rows


class TestWhatIsToDo:
    def test_is_told_once_for_each_kind_of_ones_own_and_nobodys(self, waiting, desk: Desk):
        found = lines(desk("advocate").get("/desk/").text)
        assert [(many, words) for many, words, _ in found] == [
            (2, "deadlines of ours were missed"),
            (2, "rights of ours ended lately and were not used"),
            (2, "deadlines of ours end within 14 days"),
            (3, "deadlines of ours to which nobody sees"),
            (1, "filing waits for our answer"),
            (2, "periods of others are over"),
            (1, "entry is no step of the procedure"),
            (2, "periods have no known end"),
        ]

    @pytest.mark.parametrize("whose", ["", "?whose=everybody"])
    def test_counts_what_the_list_behind_each_link_has(self, waiting, desk: Desk, whose: str):
        reader = desk("advocate")
        found = lines(reader.get(f"/desk/today{whose}").text)
        assert len(found) == 8
        for many, words, address in found:
            assert shown(reader.get(address).text) == many, words

    def test_shows_what_waits_for_everybody_where_asked(self, waiting, desk: Desk):
        page = desk("advocate").get("/desk/today?whose=everybody").text
        assert (2, "filings wait for our answer") in [it[:2] for it in lines(page)]
        assert "Only mine, and what nobody sees to" in page

    def test_praises_where_nothing_is(self, app, desk: Desk):
        page = desk("advocate").get("/desk/").text
        assert "Nothing waits for you: all that is due is in hand. Well done." in page
        for address in ("/desk/today/answer", "/desk/today/classify"):
            mine = desk("advocate").get(address).text
            assert "Of your filings, and of those to which nobody sees." in mine
            assert re.search("(None of these|Every entry of these) .*Well done", mine)
            assert f'href="{address}?whose=everybody">What waits for everybody</a>' in mine
            everybody = desk("advocate").get(f"{address}?whose=everybody").text
            assert "Well done." in everybody and "to which nobody sees" not in everybody

    def test_is_not_shown_to_who_sees_no_case(self, waiting, desk: Desk):
        assert "To do" not in desk("admin").get("/desk/").text

    def test_costs_the_same_statements_for_much_and_for_nothing(self, waiting, desk: Desk, statements):
        reader = desk("advocate")
        statements.clear()
        reader.get("/desk/today/classify")
        first = len(statements)
        statements.clear()
        reader.get("/desk/today/answer")
        assert len(statements) <= first <= 6


class TestTheListsBehindIt:
    def test_lead_to_the_answer_and_to_the_correction(self, waiting, desk: Desk):
        reader = desk("advocate")
        page = reader.get("/desk/today/answer").text
        assert "Waiting for missing parts" in page
        assert 'href="/desk/cases/C001/updates/new?filing=C001-01">Answer</a>' in page
        page = reader.get("/desk/today/classify").text
        assert 'href="/desk/cases/C001/updates/new?corrects=4">Say what happened</a>' in page
        reader.get("/desk/cases/C001/updates/new?corrects=4")

    def test_have_pages(self, waiting, desk: Desk, monkeypatch):
        monkeypatch.setattr("tracker.web.desk.today.PAGE", 1)
        page = desk("advocate").get("/desk/today/answer?whose=everybody").text
        assert "Next page" in page and "whose=everybody&amp;page=2" in page
        assert "C001-02" in desk("advocate").get("/desk/today/answer?whose=everybody&page=2").text
