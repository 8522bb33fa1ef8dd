"""Who sees to filings, at the desk: named for the ticked ones, handed over with a preview."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import db, transaction
from tracker.models import Filing, User
from tracker.rules.access import SHELL
from tracker.rules.vocabulary import Role
from tracker.services import accounts, filings_assigning

Desk = Callable[[str], Reader]


def key(role: str) -> int:
    return accounts.get_user(f"{role}@example.org").id


def who() -> list[str | None]:
    rows = db.session.execute(
        sa.select(User.name).select_from(Filing).outerjoin(User).order_by(Filing.number)
    )
    return [name for (name,) in rows]


def give(role: str, *numbers: str) -> None:
    with transaction():
        filings_assigning.assign(numbers, key(role), by=SHELL)


class TestNamingWhoSeesToFilings:
    def test_begins_with_the_ticked_filings_and_who_sees_to_them_now(self, case, desk: Desk):
        give("lawyer", "C001-02")
        page = desk("advocate").get("/desk/assign?filing=C001-01&filing=C001-02").text
        assert page.count(" checked") == 2 and "C001-03" not in page
        assert "now The lawyer" in page and "now nobody" in page

    def test_begins_with_all_filings_of_a_case(self, case, desk: Desk):
        page = desk("advocate").get("/desk/cases/C001").text
        assert 'href="/desk/assign?case=C001"' in page
        assert desk("advocate").get("/desk/assign?case=C001").text.count(" checked") == 3

    def test_takes_oneself_unless_another_one_is_chosen(self, case, desk: Desk):
        reader = desk("advocate")
        sent = reader.fields("/desk/assign?filing=C001-01") | {"filings": ["C001-01", "C001-03"]}
        answer = reader.post("/desk/assign", sent, form="/desk/assign?case=C001")
        assert answer.location == "/desk/cases/C001"
        assert who() == ["The advocate", None, "The advocate"]
        assert "The advocate sees to 2 filings now." in reader.get("/desk/cases/C001").text

    def test_can_name_nobody(self, case, desk: Desk):
        give("lawyer", "C001-01")
        reader = desk("advocate")
        sent = {"filings": "C001-01", "person": "nobody"}
        assert (
            reader.post("/desk/assign", sent, form="/desk/assign?case=C001").location
            == "/desk/filings/C001-01"
        )
        assert who() == [None, None, None]
        assert "nobody named" in reader.get("/desk/filings/C001-01").text

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"filings": ["C001-01"], "person": ""}, "Choose a person, or nobody."),
            ({"filings": ["C001-01"], "person": "77"}, "Choose one of the list."),
            ({"filings": [], "person": "nobody"}, "Choose at least one filing."),
            ({"filings": ["C001-77"], "person": "nobody"}, "There is no filing C001-77."),
        ],
    )
    def test_is_refused_with_everything_still_there(self, case, desk: Desk, sent, words: str):
        sent = sent | {"offered": ["C001-01", "C001-02"]}
        page = desk("advocate").post("/desk/assign", sent, form="/desk/assign?case=C001", status=422).text
        assert words in page and "C001-02" in page
        assert who() == [None, None, None]

    def test_says_where_to_begin_where_no_filing_is_chosen(self, app, desk: Desk):
        assert "No filing is chosen" in desk("advocate").get("/desk/assign").text

    def test_stands_on_the_page_and_in_the_journal_of_the_filing(self, case, desk: Desk):
        give("lawyer", "C001-01")
        words = words_of(desk("reader").get("/desk/filings/C001-01").text)
        assert "Who sees to it The lawyer" in words and "named who sees to" in words

    def test_is_not_for_who_only_reads(self, case, desk: Desk):
        assert "/desk/assign" not in desk("reader").get("/desk/filings/C001-01").text
        desk("reader").get("/desk/assign?filing=C001-01", 404)


class TestHandingOver:
    def address(self) -> str:
        return f"/desk/people/{key('advocate')}/hand-over"

    @pytest.mark.parametrize("role", ["lawyer", "admin"])
    def test_shows_first_what_goes_and_takes_all_of_it(self, case, desk: Desk, role: str):
        give("advocate", "C001-01", "C001-03")
        reader = desk(role)
        page = reader.get(self.address()).text
        assert (
            "All filings of The advocate" in page
            and "Hand over 2 filings" in page
            and "2 of them open" in page
        )
        reader.post(self.address(), reader.filled(page) | {"to": str(key("lawyer"))})
        assert who() == ["The lawyer", None, "The lawyer"]

    def test_shows_the_admin_numbers_and_no_case(self, case, desk: Desk):
        give("advocate", "C001-01")
        page = desk("admin").get(self.address()).text
        assert "C001" in page and "/desk/cases" not in page and case.title not in page

    def test_is_refused_beside_its_field(self, case, desk: Desk):
        give("advocate", "C001-01")
        reader = desk("lawyer")
        page = reader.post(self.address(), reader.fields(self.address()), status=422).text
        assert "Choose who takes them over." in page.split('id="to-error"')[1].split("</p>")[0]

    def test_is_refused_where_the_list_grew_meanwhile(self, case, desk: Desk):
        give("advocate", "C001-01")
        reader = desk("lawyer")
        sent = reader.fields(self.address()) | {"to": str(key("lawyer"))}
        give("advocate", "C001-02")
        page = reader.post(self.address(), sent, status=422).text
        assert "2 filings, not 1" in page and "Hand over 2 filings" in page
        assert who()[0] == "The advocate"

    def test_has_nothing_to_show_for_who_sees_to_nothing(self, case, desk: Desk):
        assert "there is nothing to hand over" in desk("lawyer").get(self.address()).text

    def test_is_not_for_advocates(self, case, desk: Desk):
        desk("advocate").get(self.address(), 404)

    def test_is_offered_on_the_docket_of_a_colleague(self, case, desk: Desk):
        page = desk("lawyer").get(f"/desk/docket?person={key('advocate')}").text
        assert f'href="{self.address()}"' in page
        assert "hand-over" not in desk("lawyer").get("/desk/docket?person=me").text


class TestThePageOfPeople:
    def test_says_how_many_filings_each_sees_to(self, case, desk: Desk):
        give("advocate", "C001-01", "C001-02")
        words = words_of(desk("admin").get("/desk/people").text)
        assert "Sees to 2 filings. Hand over all filings of The advocate" in words

    def test_names_who_was_disabled_and_left_files_behind(self, case, desk: Desk):
        give("advocate", "C001-01")
        with transaction():
            db.session.execute(sa.update(User).where(User.role == Role.ADVOCATE).values(active=False))
        page = desk("admin").get("/desk/people").text
        assert "The advocate is disabled, and still sees to one open filing." in page
        assert re.search(r'href="/desk/people/\d+/hand-over">Hand them over', page)
