"""Proceedings and hearings at the desk: noted, changed, moved and cancelled."""

from collections.abc import Callable

from tests.builders import a_case, lodged
from tests.reader import Reader
from tracker.db import transaction
from tracker.services import decisions_hearings, decisions_proceedings
from tracker.services.cases import Respondent

Desk = Callable[[str], Reader]
PROCEEDING = "/desk/cases/C001/proceedings/new?filing=C001-01"
HEARING = "/desk/hearings/new?filing=C001-01"


def a_run(reader: Reader, **values: object) -> str:
    """Note a proceeding before a court and return its address."""
    sent = {"kind": "court", "body": "High Court", "reference": "2024/12", "filings": ["C001-01"], **values}
    return reader.post(PROCEEDING, {**reader.fields(PROCEEDING), **sent}).location


def a_hearing(reader: Reader, **values: object) -> str:
    """Note a hearing and return its address."""
    sent = {"day": "2027-03-02", "time": "10:30", "court": "High Court", "what": "Judicial review", **values}
    return reader.post(HEARING, {**reader.fields(HEARING), "filings": ["C001-01"], **sent}).location


class TestAProceeding:
    def test_joins_filings_of_other_cases(self, case, desk: Desk):
        with transaction():
            respondents = (Respondent(case.controllers[0].controller_id),)
            lodged(a_case(title="Another", respondents=respondents), "at-dsb")
        reader = desk("advocate")
        address = a_run(reader, others="C002-01")
        page = reader.get(address).text
        assert "2024/12, High Court" in page and "C001-01" in page and "C002-01" in page
        assert address in reader.get("/desk/cases/C002").text

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, case, desk: Desk):
        reader = desk("advocate")
        sent = {**reader.fields(PROCEEDING), "kind": "board", "body": "High Court", "others": "C009-01"}
        page = reader.post(PROCEEDING, sent, status=422).text
        assert (
            "Choose the European Data Protection Board" in page.split('id="body-error"')[1].split("</p>")[0]
        )
        assert 'value="High Court"' in page

    def test_is_changed_by_one_person_at_a_time(self, case, desk: Desk):
        reader = desk("advocate")
        address = f"{a_run(reader)}/amend"
        shown = {**reader.fields(address), "filings": ["C001-01"]}
        reader.post(address, {**shown, "costs": "none"})
        page = reader.post(address, {**shown, "costs": "half"}, status=409).text
        assert "Somebody else changed this proceeding" in page
        assert decisions_proceedings.get_proceeding(1).costs == "none"

    def test_is_where_a_decision_of_it_is_recorded(self, case, desk: Desk):
        reader = desk("advocate")
        address = f"{a_run(reader)}/decisions/new"
        form = reader.fields(address)
        assert (form["proceeding"], form["decided_by"]) == ("1", "High Court")


class TestAHearing:
    def test_shows_its_time_by_the_clock_of_the_place(self, case, desk: Desk):
        reader = desk("advocate")
        address = a_hearing(reader, zone="Europe/Dublin")
        for page in (address, "/desk/hearings", "/desk/filings/C001-01", "/desk/cases/C001"):
            assert "2 March 2027, 10:30 (Dublin)" in reader.get(page).text

    def test_begins_with_the_clock_of_the_country_where_it_was_lodged(self, case, desk: Desk):
        assert desk("advocate").fields(HEARING)["zone"] == "Europe/Vienna"

    def test_before_a_court_has_no_clock_until_somebody_chooses_one(self, case, desk: Desk):
        reader = desk("advocate")
        address = f"/desk/hearings/new?proceeding={a_run(reader).rsplit('/', 1)[1]}"
        form = {**reader.fields(address), "day": "2027-03-02", "time": "10:30", "what": "Judicial review"}
        assert form["zone"] == "" and ">Proceedings</a>" in reader.get(address).text
        page = reader.post(address, {**form, "filings": ["C001-01"]}, status=422).text
        assert "Choose the clock of the place" in page.split('id="zone-error"')[1].split("</p>")[0]
        reader.post(address, {**form, "filings": ["C001-01"], "zone": "Europe/Dublin"})
        assert reader.fields(address)["zone"] == "Europe/Dublin"

    def test_in_a_proceeding_is_not_about_all_of_it_because_nothing_is_ticked(self, case, desk: Desk):
        reader = desk("advocate")
        address = f"/desk/hearings/new?proceeding={a_run(reader).rsplit('/', 1)[1]}"
        form = {**reader.fields(address), "day": "2027-03-02", "what": "It", "zone": "Europe/Dublin"}
        page = reader.post(address, {**form, "filings": []}, status=422).text
        assert "Choose at least one filing." in page.split('id="filings-error"')[1].split("</p>")[0]

    def test_about_filings_of_several_countries_has_no_clock_by_itself(self, case, desk: Desk):
        reader = desk("advocate")
        assert reader.fields("/desk/hearings/new?case=C001")["zone"] == ""

    def test_that_was_cancelled_is_held_again_by_a_form_that_says_so(self, case, desk: Desk):
        reader = desk("advocate")
        change = f"{a_hearing(reader)}/change"
        reader.post(change, {**reader.fields(change), "do": "cancel"})
        page = reader.get(change).text
        assert "Note that it is held after all" in page and "Move it" not in page
        reader.post(change, {**reader.fields(change), "do": "move"})
        assert not decisions_hearings.hearings_for()[0].cancelled

    def test_is_moved_and_cancelled_with_every_change_kept(self, case, desk: Desk):
        reader = desk("advocate")
        address = a_hearing(reader)
        change = f"{address}/change"
        reader.post(
            change, {**reader.fields(change), "day": "2027-03-09", "why": "Room taken.", "do": "move"}
        )
        reader.post(change, {**reader.fields(change), "why": "Withdrawn.", "do": "cancel"})
        page = reader.get(address).text
        for words in ("2 March 2027", "9 March 2027", "Room taken.", "Withdrawn.", "cancelled"):
            assert words in page
        (it,) = decisions_hearings.hearings_for()
        assert (it.sequence, it.cancelled) == (2, True)

    def test_after_somebody_else_is_not_changed(self, case, desk: Desk):
        reader = desk("advocate")
        change = f"{a_hearing(reader)}/change"
        shown = reader.fields(change)
        reader.post(change, {**shown, "do": "cancel"})
        page = reader.post(change, {**shown, "day": "2027-03-09", "do": "move"}, status=409).text
        assert "Somebody else changed this hearing" in page

    def test_says_what_is_wrong_beside_its_field(self, case, desk: Desk):
        reader = desk("advocate")
        good = {**reader.fields(HEARING), "filings": ["C001-01"], "court": "High Court", "what": "It"}
        for values, field, words in (
            ({"day": "2027-03-28", "time": "02:30"}, "time", "It is never 02:30"),
            ({"day": "2027-03-02", "time": "half past"}, "time", "is not a time"),
            ({"day": ""}, "day", "Say on which day"),
            ({"day": "2027-03-02", "filings": []}, "filings", "Choose at least one filing."),
        ):
            page = reader.post(HEARING, {**good, **values}, status=422).text
            assert words in page.split(f'id="{field}-error"')[1].split("</p>")[0], field

    def test_of_which_nobody_may_say_anything_is_only_read(self, case, desk: Desk):
        address = a_hearing(desk("advocate"))
        reader = desk("reader")
        assert "Move or cancel it" not in reader.get(address).text
        reader.get(f"{address}/change", 404)
        reader.get(HEARING, 404)
