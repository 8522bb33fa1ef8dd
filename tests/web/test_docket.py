"""The docket as lawyers meet it: ours first, each line with its why and with what can be done."""

import dataclasses
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tests.deadlines import forget_deadlines, stored_deadline
from tests.publishing import same_respondent
from tests.reader import Reader
from tests.web.conftest import TODAY, words_of
from tracker.db import db, transaction
from tracker.models import Filing, User
from tracker.rules.vocabulary import Role
from tracker.services import cases

Desk = Callable[[str], Reader]


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.fixture
def filed(app, on_a_day):
    """C001 in Vienna, Paris and Dublin, without any deadline; it is Sunday 22 November 2026."""
    with transaction():
        lodged(a_case(), "at-dsb", "fr-cnil", "ie-dpc")
        forget_deadlines()


def runs(number: str, period: str, due: date | None, **values: object) -> None:
    with transaction():
        [one] = [it for it in cases.get_case(number[:4]).filings if it.number == number]
        stored_deadline(one, period, due=due, **values)


def main(page: str) -> str:
    """Return the words of the main part of a page."""
    return words_of(page.split("<main")[1].split("</main>")[0].partition(">")[2])


def row(page: str, filing: str, period: str) -> str:
    """Return the row of a line of the docket."""
    address = f'/desk/filings/{filing}/deadlines/{period}"'
    return next(it.split("</tr>")[0] for it in page.split("<tr ")[1:] if address in it.split("</tr>")[0])


def told(page: str, filing: str, period: str) -> str:
    """Return the words of that row."""
    return words_of(f"<body><table><tr {row(page, filing, period)}</table>")


class TestTheDocket:
    @pytest.fixture
    def lines(self, filed):
        runs("C001-01", "P23", day(5))
        runs("C001-02", "OWN-COURT", day(-2))
        runs("C001-03", "P19", day(40))
        runs("C001-01", "G15", date(2024, 9, 6))
        runs("C001-02", "G15", day(30))
        runs("C001-03", "G15", day(-5), paused_on=day(-60))
        runs("C001-03", "G4", None)

    def test_is_what_a_lawyer_sees_first(self, lines, desk: Desk):
        assert desk("lawyer").get("/desk/", 302).location == "/desk/docket"
        assert "Today" in main(desk("advocate").get("/desk/").text), "and nobody else"

    def test_begins_with_the_day_and_whether_ours_are_at_risk(self, lines, desk: Desk):
        words = main(desk("lawyer").get("/desk/docket").text)
        assert words.startswith(
            "Sunday 22 November 2026 Docket One deadline of ours is over; 1 more ends within 14 days. "
            "Next: C001-01, views on the preliminary findings, Art 20(1) Reg 2025/2518: "
            "Friday 27 November 2026, 5 days left."
        )
        assert "1 period of others is over and still owed." in words

    def test_shows_ours_before_theirs_and_the_late_ones_first(self, lines, desk: Desk):
        page = desk("lawyer").get("/desk/docket").text
        order = re.findall(r'class="why" href="/desk/filings/([^"]+)/deadlines/([^"/]+)"', page)
        assert order == [
            ("C001-02", "OWN-COURT"), ("C001-01", "P23"), ("C001-03", "P19"),
            ("C001-01", "G15"), ("C001-02", "G15"), ("C001-03", "G15"), ("C001-03", "G4"),
        ]  # fmt: skip

    def test_tells_of_each_line_who_owes_what_until_when_and_how_long_that_is(self, lines, desk: Desk):
        page = desk("lawyer").get("/desk/docket").text
        ours = told(page, "C001-01", "P23")
        assert "views on the preliminary findings" in ours and "Art 20(1) Reg 2025/2518" in ours
        assert (
            "Fri 27 November 2026" in ours
            and "internal Tue 24 November 2026" in ours
            and "5 days left" in ours
        )
        theirs = told(page, "C001-01", "G15")
        assert "DSB · Austria" in theirs and "late by 2 years and 2 months" in theirs
        assert "stopped since" in told(page, "C001-03", "G15")

    def test_tells_two_last_days_apart_and_of_one_that_is_over_the_last_of_the_law(self, filed, desk: Desk):
        runs("C001-01", "P23", day(20), safe_on=day(2))
        runs("C001-02", "OWN-COURT", day(-1), safe_on=day(-20))
        page = desk("lawyer").get("/desk/docket").text
        running = told(page, "C001-01", "P23")
        assert "Tue 24 November 2026" in running and "by the law Sat 12 December 2026" in running
        over = told(page, "C001-02", "OWN-COURT")
        assert "Sat 21 November 2026" in over and "by the law" not in over and "late by 1 day" in over

    def test_marks_ours_louder_the_nearer_they_are(self, lines, desk: Desk):
        page = desk("lawyer").get("/desk/docket").text
        assert 'data-urgent="0"' in row(page, "C001-02", "OWN-COURT")
        assert 'data-urgent="7"' in row(page, "C001-01", "P23")
        assert "data-urgent" not in row(page, "C001-03", "P19")
        assert "data-urgent" not in row(page, "C001-01", "G15"), "what others owe is not ours to be late with"

    def test_has_what_can_be_done_one_click_away(self, lines, desk: Desk):
        page = desk("lawyer").get("/desk/docket").text
        addresses = re.findall(r'href="([^"]+)">(?:Record [a-z ]+|Remind|Extend|Waive|Run again)<', page)
        reader = desk("lawyer")
        assert len(addresses) > 10
        for address in set(addresses):
            reader.get(address.replace("&amp;", "&"))
        form = reader.get("/desk/cases/C001/updates/new?filing=C001-01&step=information").text
        assert '<option selected value="information">' in form

    def test_offers_no_reminder_where_nobody_knows_to_whom(self, lines, desk: Desk):
        reader = desk("lawyer")
        assert ">Remind<" in reader.get("/desk/docket").text
        with transaction():
            db.session.execute(sa.update(Filing).values(authority_slug=None))
        assert ">Remind<" not in reader.get("/desk/docket").text

    def test_offers_a_reader_nothing_to_change(self, lines, desk: Desk):
        page = desk("reader").get("/desk/docket").text
        assert "Record what was done" not in page and 'type="checkbox"' not in page
        assert "late by 2 years and 2 months" in page

    def test_folds_what_was_missed_long_ago(self, filed, desk: Desk):
        runs("C001-01", "OWN-COURT", day(-91))
        runs("C001-02", "OWN-COURT", day(-400))
        page = desk("lawyer").get("/desk/docket").text
        words = main(page)
        assert "2 deadlines of ours were missed more than 90 days ago." in words
        assert "C001-01" not in words and "No deadline of ours ends within 14 days." in words
        folded = re.search(r'href="([^"]+state=long-ago[^"]*)"', page)
        assert folded
        assert "2 deadlines" in main(desk("lawyer").get(folded[1].replace("&amp;", "&")).text)

    def test_calls_a_right_of_ours_that_is_over_ended_and_nothing_late(self, filed, desk: Desk):
        runs("C001-01", "AT-BVWG", day(-32), safe_on=day(-39))
        page = desk("lawyer").get("/desk/docket").text
        words = main(page)
        assert "No deadline of ours ends within 14 days." in words and "We owe nothing" in words
        assert "1 right of ours ended, not used." in words and "late by" not in words
        behind = re.search(r'href="([^"]+state=lapsed[^"]*)"', page)
        assert behind
        shown = desk("lawyer").get(behind[1].replace("&amp;", "&")).text
        assert "1 deadline" in main(shown)
        assert "ended 1 month ago, not used" in told(shown, "C001-01", "AT-BVWG")
        assert "data-urgent" not in row(shown, "C001-01", "AT-BVWG")
        line = told(shown, "C001-01", "AT-BVWG")
        assert "Wed 21 October 2026" in line and "by the law" not in line
        why = main(desk("lawyer").get("/desk/filings/C001-01/deadlines/AT-BVWG").text)
        assert "We had until Wednesday 21 October 2026, and did not use it." in why

    def test_is_loud_for_a_month_where_a_right_of_ours_ended_unused(self, filed, desk: Desk):
        runs("C001-01", "AT-BVWG", day(-2), safe_on=day(-9))
        page = desk("lawyer").get("/desk/docket").text
        assert "One right of ours was not used and ended in the last 30 days." in main(page)
        line = told(page, "C001-01", "AT-BVWG")
        assert "ended 2 days ago, not used" in line and "Record what was done" in line and "Waive" in line
        assert 'data-urgent="0"' in row(page, "C001-01", "AT-BVWG")

    def test_says_so_where_nothing_is_owed(self, filed, desk: Desk):
        words = main(desk("lawyer").get("/desk/docket").text)
        assert "We owe nothing" in words and "Nobody owes us anything." in words


class TestTheFilters:
    @pytest.fixture
    def lines(self, filed):
        with transaction():
            lodged(a_case(title="Another", respondents=same_respondent("C001")), "at-dsb")
            forget_deadlines()
        runs("C001-01", "P23", day(5))
        runs("C001-02", "G15", day(-5))
        runs("C002-01", "G15", day(-7))

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("case=c002", ["C002-01"]),
            ("authority=fr-cnil", ["C001-02"]),
            ("side=own", ["C001-01"]),
            ("side=owed", ["C001-02", "C002-01"]),
            ("period=P23", ["C001-01"]),
            ("state=late", ["C001-02", "C002-01"]),
            ("state=near&side=own", ["C001-01"]),
            ("person=nobody", ["C001-01", "C001-02", "C002-01"]),
            ("person=me", []),
            ("person=me-or-nobody&state=late", ["C001-02", "C002-01"]),
            # What nobody could have chosen is no filter.
            ("person=77&case=C001", ["C001-01", "C001-02"]),
            (
                "authority=xx&side=up&period=Q1&state=odd&person=me%00x",
                ["C001-01", "C001-02", "C002-01"],
            ),
            # The number of a case is typed: one that is none finds nothing, and stays to be seen.
            ("case=nonsense", []),
            ("case=c001-02", ["C001-01", "C001-02"]),
        ],
    )
    def test_stand_in_the_address(self, lines, desk: Desk, query: str, shown: list[str]):
        page = desk("lawyer").get(f"/desk/docket?{query}").text
        assert sorted(set(re.findall(r"/desk/filings/(C\d+-\d+)/deadlines/", page))) == shown

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("state=xyz", "Not understood, so it is left out: state “xyz”. Choose a value under Filters."),
            ("person=999&state=late", "Not understood, so it is left out: person “999”."),
            ("authority=zz&side=up", "Not understood, so they are left out: authority “zz” and side “up”."),
            ("state=late", ""),
            ("", ""),
        ],
    )
    def test_that_are_not_understood_are_named(self, lines, desk: Desk, query: str, said: str):
        words = main(desk("lawyer").get(f"/desk/docket?{query}").text)
        assert said in words and ("Not understood" in words) == bool(said)

    def test_say_which_one_to_relax_where_nothing_is_left(self, lines, desk: Desk):
        words = main(desk("lawyer").get("/desk/docket?person=me&case=C001").text)
        assert "With these filters we owe nothing: relax person and case number." in words
        assert "No deadline with these filters: relax person, state" in main(
            desk("lawyer").get("/desk/docket?person=me&state=late").text
        ).replace(" and ", ", ")

    def test_stay_when_a_list_is_opened_from_the_first_page(self, lines, desk: Desk, monkeypatch):
        monkeypatch.setattr("tracker.web.desk.docket.FIRST", 1)
        page = desk("lawyer").get("/desk/docket?person=nobody").text
        address = re.search(r'href="([^"]+)">All 2 of them', page)
        assert address
        words = main(desk("lawyer").get(address[1].replace("&amp;", "&")).text)
        assert "2 deadlines" in words and "C001-02" in words and "C002-01" in words

    def test_leave_what_is_cut_off_to_be_read_on_paper_too(self, lines, desk: Desk, monkeypatch):
        monkeypatch.setattr("tracker.web.desk.docket.FIRST", 1)
        monkeypatch.setattr("tracker.web.desk.docket.PAGE", 1)
        reader = desk("lawyer")
        assert "1 of 2 stand here." in main(reader.get("/desk/docket").text)
        assert "1 of 2 stand on this page." in main(reader.get("/desk/docket?state=late").text)
        assert "of 1 stand" not in main(reader.get("/desk/docket?state=near").text)

    def test_have_pages_and_no_page_beyond(self, lines, desk: Desk, monkeypatch):
        monkeypatch.setattr("tracker.web.desk.docket.PAGE", 1)
        first = desk("lawyer").get("/desk/docket?state=late").text
        assert "C002-01" in first and "C001-02/deadlines" not in first and "Next page" in first
        second = desk("lawyer").get("/desk/docket?state=late&page=2").text
        assert "C001-02/deadlines" in second and "Next page" not in second and "Earlier page" in second


class TestTheCostOfThePage:
    def test_is_a_few_statements_whatever_the_number_of_filings(self, filed, desk: Desk, statements):
        runs("C001-01", "P23", day(5))
        runs("C001-01", "G15", day(-5))
        runs("C001-01", "G4", None)
        runs("C001-01", "P3", day(5))
        reader = desk("lawyer")

        def cost(address: str) -> int:
            statements.clear()
            reader.get(address)
            return len(statements)

        addresses = ("/desk/docket", "/desk/docket?state=late")
        few = [cost(it) for it in addresses]
        with transaction():
            more = a_case(title="More", respondents=same_respondent("C001"))
            lodged(more, "de-be-blnbdi", "es-aepd", "it-garante", "nl-ap", "pl-uodo")
            forget_deadlines()
            for one in db.session.scalars(sa.select(Filing)):
                for period, offset in (("P23", 5), ("G15", -5), ("P3", 5)):
                    stored_deadline(one, period, due=day(offset))
                stored_deadline(one, "G4", due=None)
        assert [cost(it) for it in addresses] == few
        assert few[0] <= 12 and few[1] <= 8


class TestFilesThatNobodyCanSeeTo:
    def test_are_named_on_the_docket_with_the_way_to_hand_them_over(self, filed, desk: Desk):
        with transaction():
            user = db.session.scalars(sa.select(User).where(User.role == Role.ADVOCATE)).one()
            db.session.execute(sa.update(Filing).values(responsible_id=user.id))
            user.active = False
        page = desk("lawyer").get("/desk/docket").text
        assert "The advocate is disabled, and still sees to 3 open filings." in main(page)
        assert f'href="/desk/people/{user.id}/hand-over"' in page
        assert "hand-over" not in desk("reader").get("/desk/docket").text


class TestThePagesOfCaseAndFiling:
    def test_tell_of_each_filing_our_next_deadline_and_who_is_late(self, filed, desk: Desk):
        runs("C001-01", "P23", day(5))
        runs("C001-01", "G15", day(-5))
        runs("C001-01", "G3", day(-5))
        runs("C001-02", "OWN-COURT", day(-300))
        runs("C001-03", "P23", day(-300))
        page = desk("advocate").get("/desk/cases/C001").text
        cells = [
            words_of("<body>" + it.split("</td>")[0]) for it in page.split('data-label="Deadlines">')[1:]
        ]
        assert cells == ["ours: Fri 27 November 20262 late", "1 of ours missed", "none"]

    def test_list_all_deadlines_of_a_filing_met_ones_with_the_entry(self, filed, desk: Desk):
        runs("C001-01", "G15", date(2024, 9, 6), met_on=date(2024, 9, 2), met_number=1)
        runs("C001-01", "P23", day(5))
        runs("C001-01", "G3", day(-9), waived="the filing ended with entry 5")
        page = desk("advocate").get("/desk/filings/C001-01").text
        words = main(page)
        assert "Deadlines 3" in words and "met in time" in words and "5 days left" in words
        assert 'href="/desk/cases/C001#entry-1">entry 1</a>' in page
        assert "the filing ended with entry 5" in words
        assert page.index("deadlines/P23") < page.index("deadlines/G15")

    def test_say_so_where_none_runs(self, filed, desk: Desk):
        assert "No period runs here" in main(desk("advocate").get("/desk/filings/C001-01").text)


class TestTheDaysAtWhichTheInstallationWarns:
    @pytest.mark.parametrize(
        ("days", "near"), [((30, 5), "30 days"), ((1,), "1 day"), ((14, 7, 3, 1), "14 days")]
    )
    def test_say_what_ends_soon_on_the_docket_in_its_list_and_under_today(
        self, app, filed, desk: Desk, monkeypatch, days: tuple[int, ...], near: str
    ):
        settings = dataclasses.replace(app.config["TRACKER"], warn_days=days)
        monkeypatch.setitem(app.config, "TRACKER", settings)
        runs("C001-01", "P23", day(max(days)))
        runs("C001-02", "P23", day(max(days) + 1))
        lawyer = desk("lawyer")
        docket = lawyer.get("/desk/docket").text
        assert f"One deadline of ours ends within {near}" in main(docket)
        assert f">ends within {near}</option>" in docket
        listed = main(lawyer.get("/desk/docket?side=own&state=near").text)
        assert f"ends within {near}" in listed and "1 deadline" in listed and "C001-02" not in listed
        assert f"1 deadline of ours ends within {near}" in main(lawyer.get("/desk/today").text)
