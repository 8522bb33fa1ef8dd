"""A lead that may have changed, at the desk: told, confirmed, undone; overridden; what authorities did."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.builders import lodged
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.db import db, transaction
from tracker.models import Filing, Route, Update
from tracker.rules.access import SHELL
from tracker.services import cases, demonstration, filings, imports, routing

Desk = Callable[[str], Reader]
GOOGLE = "Google LLC"
#: The filings against Google in C083 of which no decision is known.
OPEN = ["C083-03", "C083-04", "C083-05"]


@pytest.fixture
def real(app) -> None:
    """The seven real cases."""
    with transaction():
        imports.import_file(demonstration.FILE, demonstration.FILE.name, by=SHELL)


def change_google(reader: Reader, **answers: str) -> str:
    """Change what is said of Google's first establishment on the page of controllers; return what is told."""
    address = "/desk/cases/C083/controllers"
    fields = reader.fields(address)
    place = [
        name for name, value in fields.items() if name.endswith("controller") and value == key_of(GOOGLE)
    ]
    row = place[0].removesuffix("controller")
    for name, value in answers.items():
        fields[f"{row}{name.replace('__', '-')}"] = value
    # As a browser sends this form: it takes no files.
    answer = reader.call("POST", address, data={**fields, "do": "save", "csrf_token": reader.token(address)})
    assert answer.status_code == 303, answer.text
    return words_of(reader.get(answer.location.partition("#")[0]).text)


def key_of(name: str) -> str:
    found = cases.get_case("C083")
    return next(str(it.controller_id) for it in found.controllers if it.controller.name == name)


def google(number: str) -> Route:
    found = filings.get_filing(number)
    return routing.current(found)[int(key_of(GOOGLE))]


def waits() -> list[str]:
    query = sa.select(Filing.number).join(Route, Route.filing_id == Filing.id)
    query = query.where(Route.current, Route.instead_of_id.is_not(None), Route.confirmed_at.is_(None))
    return sorted(set(db.session.scalars(query)))


def confirm_all(reader: Reader) -> None:
    fields = reader.fields("/desk/cases/C083/routes")
    reader.post("/desk/cases/C083/routes", {**fields, "filings": waits(), "note": "Looked at."})


class TestGooglesIrishEstablishment:
    """The done-when of issue 3: "decides: no" re-routes visibly, and a new fact undoes it."""

    @pytest.fixture
    def reader(self, real, desk: Desk) -> Reader:
        """A lawyer after Google's Irish establishment was recorded as deciding, and confirmed."""
        reader = desk("lawyer")
        told = change_google(
            reader,
            establishments__0__place="Ireland",
            establishments__0__central="yes",
            establishments__0__decides="yes",
            establishments__1__place="France",
            establishments__1__decides="no",
            affected="EEA",
        )
        assert "worked out anew" in told
        assert google("C083-03").lead == "ie-dpc"
        confirm_all(reader)
        assert waits() == []
        return reader

    def test_that_decides_no_more_routes_its_open_filings_again_visibly(self, reader):
        ended = {it: len(filings.get_filing(it).routes) for it in ("C083-01", "C083-09")}
        told = change_google(
            reader,
            establishments__1__decides="no",
            decided_outside_eea="yes",
        )
        assert "On 3 filings the lead may have changed." in told
        assert waits() == OPEN
        assert all(
            google(it).reason == "NOLEAD_DECISIONS_OUTSIDE_EEA" or google(it).lead is None for it in OPEN
        )
        assert {it: len(filings.get_filing(it).routes) for it in ended} == ended, "what has ended stays"
        for address in (
            "/desk/filings/C083-03",
            "/desk/cases/C083",
            "/desk/routes",
            "/desk/cases/C083/routes",
        ):
            page = words_of(reader.get(address).text)
            assert "The lead may have changed: it was the Irish DPC" in page, address
            assert "Ireland: decides: yes, now no" in page, address
        marked = 'data-part="look"'
        assert reader.get("/desk/cases/C083").text.count(marked) == len(OPEN)
        assert "C083" in words_of(reader.get("/desk/cases?lead=changed").text)
        assert reader.get("/desk/cases").text.count(marked) == 1, "of the seven cases that one is marked"
        assert "Lead may have changed 3" in words_of(reader.get("/desk/today").text)

    def test_is_undone_by_a_new_fact(self, reader):
        change_google(reader, establishments__1__decides="no")
        assert waits() == OPEN
        change_google(reader, establishments__1__decides="yes")
        assert waits() == [] and google("C083-03").lead == "ie-dpc"
        assert "The lead may have changed" not in page_of_notices(reader.get("/desk/filings/C083-03").text)
        assert "may have changed" not in words_of(reader.get("/desk/today").text)
        assert 'data-part="look"' not in reader.get("/desk/cases/C083").text + reader.get("/desk/cases").text
        reasons = [it.reason for it in every_run("C083-03")]
        assert len(reasons) == 4, "the history keeps all runs"


class TestGooglesOnlyEstablishment:
    def test_that_decides_no_more_leads_still_and_is_left_to_a_person(self, real, desk: Desk):
        """Art 56(1) does not ask a single establishment for decisions, Opinion 04/2024 may: disputed."""
        reader = desk("lawyer")
        ireland = {"establishments__0__place": "Ireland", "establishments__0__central": "yes"}
        change_google(reader, **ireland, establishments__0__decides="yes", affected="EEA")
        confirm_all(reader)
        change_google(reader, establishments__0__decides="no")
        assert waits() == OPEN
        page = words_of(reader.get("/desk/filings/C083-03").text)
        assert "the rules now find the Irish DPC too, but leave it to a person." in page
        change_google(reader, establishments__0__decides="yes")
        assert waits() == []


def page_of_notices(text: str) -> str:
    return " ".join(re.findall(r'<div class="notice".*?</div>', text, re.S))


def every_run(number: str) -> list[Route]:
    query = sa.select(Route).join(Filing, Filing.id == Route.filing_id).where(Filing.number == number)
    return list(db.session.scalars(query.where(Route.controller_id == int(key_of(GOOGLE)))))


@pytest.fixture
def moved(case, desk: Desk) -> Reader:
    """A lawyer; the company of C001 has moved from Ireland to France."""
    with transaction():
        found = cases.get_case("C001")
        found.controllers[0].controller.establishments[0].place = "FR"
        found.controllers[0].processing = {"decides": {"FR": "yes"}}
        db.session.flush()
        routing.route_cases_against({found.controllers[0].controller_id})
    return desk("lawyer")


class TestAChangedLead:
    def test_is_confirmed_on_the_chosen_filings_in_one_act(self, moved):
        fields = moved.fields("/desk/cases/C001/routes")
        data = {**fields, "filings": ["C001-01", "C001-03"], "note": "Seen."}
        moved.post("/desk/cases/C001/routes", data)
        assert waits() == ["C001-02"]
        page = words_of(moved.get("/desk/filings/C001-01").text)
        assert "Confirmed " in page and "by The lawyer: Seen." in page

    def test_is_a_warning_on_the_page_of_its_reasons_until_then(self, moved):
        address = "/desk/filings/C001-02/route"
        page = words_of(moved.get(address).text)
        assert "The rules answer otherwise than before: the lead may have changed." in page
        fields = moved.fields("/desk/cases/C001/routes")
        moved.post("/desk/cases/C001/routes", {**fields, "filings": ["C001-02"]})
        assert "The rules answer otherwise than before" not in words_of(moved.get(address).text)

    def test_is_not_confirmed_without_a_choice_or_by_an_old_page(self, moved):
        fields = moved.fields("/desk/cases/C001/routes")
        page = moved.post("/desk/cases/C001/routes", {**fields, "filings": []}, status=422).text
        assert "Choose at least one filing." in page
        data = {**fields, "filings": ["C001-01"], "seen": "1 2 x"}
        page = moved.post("/desk/cases/C001/routes", data, status=409).text
        assert "changed once more" in page and len(waits()) == 3

    def test_is_shown_to_a_reader_who_cannot_confirm_it(self, moved, desk: Desk):
        page = desk("reader").get("/desk/cases/C001/routes").text
        assert "The lead may have changed" in page and "Confirm the new answers" not in page

    def test_costs_no_statement_more_for_more_filings(self, moved, statements):
        def asked() -> list[int]:
            counted = []
            for address in (
                *("/desk/today", "/desk/routes", "/desk/cases?lead=changed", "/desk/cases/C001"),
                *("/desk/cases/C001/routes", "/desk/cases/C001/lead-acts/new"),
            ):
                statements.clear()
                moved.get(address)
                counted.append(len(statements))
            return counted

        few = asked()
        with transaction():
            lodged(cases.get_case("C001"), "es-aepd", "nl-ap", "pl-uodo")
            found = cases.get_case("C001")
            found.controllers[0].controller.establishments[0].place = "ES"
            found.controllers[0].processing = {"decides": {"ES": "yes"}}
            db.session.flush()
            routing.route_cases_against({found.controllers[0].controller_id})
        assert len(waits()) == 6 and asked() == few


class TestAnOverride:
    ADDRESS = "/desk/filings/C001-01/route/override"

    def seen(self, reader: Reader, page: str | None = None) -> str:
        """Return what the page of an override showed, as its form sends it."""
        [field] = re.findall(r'<input[^>]*name="seen"[^>]*>', page or reader.get(self.ADDRESS).text)
        return re.findall(r'value="([^"]*)"', field)[0]

    def test_replaces_nothing_that_its_author_did_not_read(self, case, desk: Desk):
        reader = desk("lawyer")
        old = {"do": "override", "seen": self.seen(reader), "lead": "fr-cnil", "why": "They agreed."}
        reader.post(self.ADDRESS, old)
        page = reader.post(
            self.ADDRESS, {**old, "lead": "nl-ap", "why": "No, they did not."}, status=409
        ).text
        assert "Read what holds now" in page and "No, they did not." in page
        assert "by override CNIL · France" in words_of(reader.get("/desk/cases/C001").text)
        again = {**old, "lead": "nl-ap", "seen": self.seen(reader, page)}
        reader.post(self.ADDRESS, again)
        assert "by override AP · Netherlands" in words_of(reader.get("/desk/cases/C001").text)

    def test_stands_beside_the_rules_until_it_is_withdrawn(self, case, desk: Desk):
        reader = desk("lawyer")
        data = {"lead": "fr-cnil", "why": "The authorities agreed.", "do": "override"}
        data["seen"] = self.seen(reader)
        reader.post(self.ADDRESS, data)
        page = words_of(reader.get("/desk/filings/C001-01").text)
        assert "The French CNIL leads, by override of" in page and "The authorities agreed." in page
        assert "The Irish DPC leads" in page, "what the rules say stays to be seen"
        page = words_of(reader.get("/desk/cases/C001").text)
        assert "by override CNIL · France" in page and "By the rules: The Irish DPC leads" in page
        [key] = re.findall(r'name="override" value="(\d+)"', reader.get(self.ADDRESS).text)
        reader.post(self.ADDRESS, {"override": key, "note": "A mistake.", "do": "withdraw"})
        page = words_of(reader.get("/desk/filings/C001-01").text)
        assert "by The lawyer: A mistake." in page and "As the rules say: the Irish DPC leads." in page

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            ({"lead": "", "why": "x"}, "Choose an authority, or that nobody leads."),
            ({"lead": "none", "why": ""}, "Say why"),
            ({"lead": "nobody-knows", "why": "x"}, "Choose one of the list."),
            ({"do": "withdraw", "override": "7", "note": "x"}, "not in force any more"),
        ],
    )
    def test_is_refused_in_words(self, case, desk: Desk, data, words):
        reader = desk("lawyer")
        seen = self.seen(reader)
        page = reader.post(self.ADDRESS, {"do": "override", "seen": seen, **data}, status=422).text
        assert words in page

    def test_is_for_lawyers(self, case, desk: Desk):
        for role in ("reader", "advocate", "editor", "admin"):
            desk(role).get(self.ADDRESS, 404)
        assert "route/override" not in desk("advocate").get("/desk/filings/C001-01").text


class TestWhatAnAuthorityDid:
    ADDRESS = "/desk/cases/C001/lead-acts/new"
    TYPED = {"act": "confirmed", "authority": "ie-dpc", "lead": "ie-dpc", "day": "2024-09-02"}

    def test_is_recorded_once_for_several_filings_and_shown_beside_the_rules(self, case, desk: Desk):
        reader = desk("advocate")
        data = {**self.TYPED, "filings": ["C001-01", "C001-02"], "reference": "IN-1", "source": "Ex. 3"}
        reader.post(self.ADDRESS, data)
        page = words_of(reader.get("/desk/filings/C001-02").text)
        assert "The Irish DPC confirmed that it leads on 2 September 2024 (entry 2)." in page
        assert "reference IN-1" in page and "Ex. 3" in page
        assert "DPC confirmed" not in words_of(reader.get("/desk/filings/C001-03").text)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Update)) == 2

    def test_is_the_step_too_where_the_procedure_allows_it(self, case, desk: Desk):
        reader = desk("advocate")
        with transaction():
            db.session.execute(sa.text("UPDATE update_filings SET step = 'forwarded'"))
            db.session.execute(sa.update(Filing).values(stage="forwarded"))
            db.session.execute(sa.update(Filing).where(Filing.number == "C001-02").values(stage="lodged"))
            db.session.execute(sa.text("DELETE FROM update_filings WHERE position = 1"))
        reader.post(self.ADDRESS, {**self.TYPED, "filings": ["C001-01", "C001-02"]})
        assert [filings.get_filing(it).stage for it in ("C001-01", "C001-02")] == ["lead_confirmed", "lodged"]
        page = words_of(reader.get("/desk/cases/C001").text)
        assert "Recorded as entry 2 and entry 3." in page and "Entry 3 moves no stage" in page
        for number in ("C001-01", "C001-02"):
            assert "The Irish DPC confirmed that it leads" in reader.get(f"/desk/filings/{number}").text

    def test_is_corrected_by_a_new_entry(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post(self.ADDRESS, {**self.TYPED, "filings": ["C001-01"]})
        fields = reader.fields(f"{self.ADDRESS}?corrects=2")
        assert (fields["authority"], fields["lead"], fields["corrects"]) == ("ie-dpc", "ie-dpc", "2")
        reader.post(self.ADDRESS, {**fields, "filings": ["C001-01"], "lead": "fr-cnil"})
        page = words_of(reader.get("/desk/filings/C001-01").text)
        assert "The Irish DPC confirmed that the French CNIL leads on 2 September 2024 (entry 3)." in page
        assert "(entry 2)" not in page

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"act": ""}, "Say what it did."),
            ({"authority": ""}, "Say who did it."),
            ({"lead": ""}, "Say which authority is confirmed as lead."),
            ({"day": ""}, "Say when it happened."),
            ({"day": "2099-01-01"}, "has not come yet"),
            ({"filings": []}, "Choose at least one filing."),
        ],
    )
    def test_is_refused_in_words(self, case, desk: Desk, change, words):
        data = {**self.TYPED, "filings": ["C001-01"], **change}
        assert words in desk("advocate").post(self.ADDRESS, data, status=422).text

    def test_is_refused_where_somebody_else_wrote_meanwhile(self, case, desk: Desk):
        reader = desk("advocate")
        fields = reader.fields(self.ADDRESS)
        reader.post(self.ADDRESS, {**self.TYPED, "filings": ["C001-01"]})
        reader.post(self.ADDRESS, {**fields, **self.TYPED, "filings": ["C001-01"]}, status=409)

    def test_is_found_where_a_file_brought_it(self, real, desk: Desk):
        page = words_of(desk("reader").get("/desk/filings/C081-07").text)
        assert "The Dutch AP passed on the complaint" in page

    def test_that_is_a_step_is_corrected_as_one(self, real, desk: Desk):
        reader = desk("lawyer")
        page = reader.get("/desk/filings/C081-07").text
        assert "lead-acts/new?corrects=8" not in page
        reader.get("/desk/cases/C081/updates/new?corrects=8")
