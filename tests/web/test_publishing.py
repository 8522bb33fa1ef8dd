"""Publication at the desk: what the page says to the one who proposes and to the one who clears."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa

from tests.builders import CHEAP_ARGON2, a_case, lodged
from tests.publishing import answered, clear, same_respondent, told, withdraw
from tests.reader import Reader
from tests.web.conftest import words_of
from tracker import clock
from tracker.app import create_app
from tracker.db import PUBLIC, db, transaction
from tracker.models import Reference
from tracker.reference.authorities import authorities
from tracker.rules.access import OPTIONAL_FIELDS
from tracker.rules.days import words
from tracker.services import cases, publication

Desk = Callable[[str], Reader]
PAGE = "/desk/cases/C001/publication"
ALL = sorted(OPTIONAL_FIELDS)


class TestTheProposals:
    def test_are_listed_with_what_is_proposed(self, case, desk: Desk):
        advocate, editor = desk("advocate"), desk("editor")
        advocate.post(f"{PAGE}/propose", {"filings": ["C001-01"], "updates": ["1"], "note": ""}, form=PAGE)
        for address in ("/desk/publications", "/desk/"):
            assert "For the first time: 1 filing, 1 entry" in words_of(editor.get(address).text)

    def test_say_so_of_a_case_that_was_withdrawn_before(self, case, desk: Desk):
        clear("C001")
        withdraw("C001")
        advocate = desk("advocate")
        advocate.post(f"{PAGE}/propose", {"filings": ["C001-01"], "updates": ["1"], "note": ""}, form=PAGE)
        day = words(clock.today())
        text = words_of(advocate.get("/desk/publications").text)
        assert f"Again, after it was withdrawn on {day}: 1 filing, 1 entry" in text
        assert "For the first time" not in text

    def test_that_a_newer_one_replaced_are_not_called_declined(self, case, desk: Desk):
        advocate = desk("advocate")
        for _ in range(2):
            advocate.post(f"{PAGE}/propose", {"filings": ["C001-01"], "note": ""}, form=PAGE)
        text = words_of(advocate.get(PAGE).text)
        assert "replaced by a newer proposal" in text and "declined" not in text


class TestThePublicPage:
    @pytest.mark.parametrize("site", ["", "https://cases.example.org"])
    def test_is_linked_where_the_public_site_stands(self, app, case, desk: Desk, monkeypatch, site: str):
        monkeypatch.setitem(app.jinja_env.globals, "public_site", site)
        clear("C001")
        assert f'<a href="{site}/cases/C001">Open the public page</a>' in desk("reader").get(PAGE).text

    def test_is_said_to_have_fallen_behind_once_something_new_is_recorded(self, case, desk: Desk):
        notice = "The public page stays as cleared until a new proposal is cleared."
        with transaction():
            found = cases.get_case("C001")
            numbers = [it.number for it in publication.records_of(found).counting]
        clear("C001", filings=[it.number for it in found.filings], updates=numbers)
        assert notice not in words_of(desk("reader").get(PAGE).text)
        with transaction():
            told("C001-02", "withdrawn", date(2024, 10, 1), "us", public=None)
        assert notice in words_of(desk("reader").get(PAGE).text)


class Crash(BaseException):
    """The process ends here, whatever it was doing."""


class TestACrashBetweenTheTwoStores:
    @pytest.fixture
    def crash(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
        """Send a form of the page; the process dies once the private store is written."""

        def end(*_: object) -> None:
            raise Crash

        def send(reader: Reader, address: str, **data: Any) -> None:
            with monkeypatch.context() as patch, pytest.raises(Crash):
                patch.setattr(publication, "refresh", end)
                reader.post(address, {"note": "", **data}, form=PAGE)

        return send

    def test_is_made_up_for_when_the_desk_starts_again(
        self, case, crash, settings, desk: Desk, visitor: Reader
    ):
        desk("advocate").post(f"{PAGE}/propose", {"filings": ["C001-01"], "note": ""}, form=PAGE)
        (waiting,) = publication.waiting()
        for address, data, before, after in (
            (f"/desk/publications/{waiting.publication.id}", answered(), 404, 200),
            (f"{PAGE}/withdraw", {"reason": "early"}, 200, 410),
        ):
            crash(desk("editor"), address, **data)
            visitor.get("/cases/C001", before)
            create_app(settings, argon2=CHEAP_ARGON2)
            visitor.get("/cases/C001", after)


class TestAReaderWhoHoldsThePublicStore:
    """A backup, for instance: longer than anybody waits."""

    @pytest.fixture
    def held(self, app, settings) -> Iterator[Callable[[], None]]:
        """Hold the public store as a reader does; the function that is returned lets it go."""

        def impatient(connection: Any, record: Any) -> None:
            connection.execute("PRAGMA busy_timeout = 20")  # no test waits for five seconds

        engine = db.engines[PUBLIC]
        sa.event.listen(engine, "connect", impatient)
        db.session.remove()
        engine.dispose()
        reader = sqlite3.connect(settings.public / "public.db", isolation_level=None)

        def take() -> None:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM published_cases").fetchone()

        self.take, self.let_go = take, lambda: reader.execute("ROLLBACK")
        yield take
        reader.close()
        sa.event.remove(engine, "connect", impatient)
        db.session.remove()
        engine.dispose()

    def withdrawn(self, case, held, desk: Desk) -> Reader:
        """Withdraw C001 while the public store is held; return the editor."""
        clear("C001")
        editor = desk("editor")
        token = editor.token(PAGE)
        held()
        answer = editor.call("POST", f"{PAGE}/withdraw", data={"note": "x", "csrf_token": token})
        assert answer.status_code == 503
        text = words_of(answer.text)
        assert "Withdrawn in the file. The public copy could not be changed yet" in text
        assert "Kept here, not copied yet" in text and "Nothing was saved" not in text
        return editor

    def test_hides_from_nobody_that_a_withdrawn_case_is_public_still(
        self, case, held, desk: Desk, visitor: Reader
    ):
        editor = self.withdrawn(case, held, desk)
        visitor.get("/cases/C001")
        for reader in (editor, desk("reader")):
            page = reader.get(PAGE).text
            assert "The public copy lags behind." in page
            assert "The public address answers that it was" not in page
            assert ("Copy again" in page) is (reader is editor)
        assert "The public copy of C001 lags behind" in words_of(editor.get("/desk/publications").text)

    def test_is_over_and_the_next_page_of_publication_makes_up_for_it(
        self, case, held, desk: Desk, visitor: Reader
    ):
        for address in (PAGE, "/desk/publications"):
            editor = self.withdrawn(case, held, desk)
            self.let_go()
            assert "lags behind" not in editor.get(address).text
            visitor.get("/cases/C001", 410)

    def test_is_over_and_withdrawing_once_more_removes_the_copy(
        self, case, held, desk: Desk, visitor: Reader
    ):
        editor = self.withdrawn(case, held, desk)
        token = editor.token(PAGE)
        self.let_go()
        again = editor.call("POST", f"{PAGE}/withdraw", data={"note": "x", "csrf_token": token})
        assert again.status_code == 303
        visitor.get("/cases/C001", 410)
        (ended,) = publication.history_of(cases.get_case("C001").id)
        assert ended.withdrawal_note == "x"
        editor.post(f"{PAGE}/withdraw", {"note": ""}, form=PAGE, status=422)

    def test_is_over_and_a_button_copies_again(self, case, held, desk: Desk, visitor: Reader):
        editor = self.withdrawn(case, held, desk)
        token = editor.token(PAGE)
        copy = {"data": {"csrf_token": token}}
        answer = editor.call("POST", f"{PAGE}/copy", **copy)
        assert answer.status_code == 503 and "could not be changed yet" in answer.text
        self.let_go()
        assert editor.call("POST", f"{PAGE}/copy", **copy).status_code == 303
        visitor.get("/cases/C001", 410)

    def test_is_over_and_the_next_act_makes_up_for_it(self, case, held, desk: Desk, visitor: Reader):
        with transaction():
            lodged(a_case(title="Another", respondents=same_respondent("C001")), "at-dsb")
        editor = self.withdrawn(case, held, desk)
        self.let_go()
        advocate = desk("advocate")
        other = "/desk/cases/C002/publication"
        advocate.post(f"{other}/propose", {"filings": ["C002-01"], "note": ""}, form=other)
        (waiting,) = publication.waiting()
        decide = answered("C002")
        editor.post(f"/desk/publications/{waiting.publication.id}", decide, form="/desk/cases")
        visitor.get("/cases/C002")
        visitor.get("/cases/C001", 410)

    def test_is_over_and_clearing_once_more_copies_what_was_cleared(
        self, case, held, desk: Desk, visitor: Reader
    ):
        desk("advocate").post(f"{PAGE}/propose", {"filings": ["C001-01"], "note": ""}, form=PAGE)
        (waiting,) = publication.waiting()
        editor, address = desk("editor"), f"/desk/publications/{waiting.publication.id}"
        sent = {"data": {**answered(), "csrf_token": editor.token(PAGE)}}
        held()
        answer = editor.call("POST", address, **sent)
        assert answer.status_code == 503
        assert "Cleared in the file. The public copy could not be changed yet" in words_of(answer.text)
        self.let_go()
        visitor.get("/cases/C001", 404)
        assert editor.call("POST", address, **sent).status_code == 303
        visitor.get("/cases/C001")
        assert editor.call("POST", address, **sent).status_code == 422

    def test_keeps_no_desk_from_starting(self, case, held, settings, desk: Desk):
        self.withdrawn(case, held, desk)
        create_app(settings, argon2=CHEAP_ARGON2)


class TestTheComparison:
    def test_shows_what_would_change_before_what_stays(self, case, desk: Desk):
        clear("C001", filings=["C001-01"], updates=[1])
        advocate = desk("advocate")
        chosen = {"filings": ["C001-01", "C001-02"], "updates": ["1"], "fields": ALL, "note": ""}
        advocate.post(f"{PAGE}/propose", chosen, form=PAGE)
        text = words_of(advocate.get(PAGE).text)
        changed, same = text.index("Filing C001-02 changed"), text.index("What stays as it is")
        assert changed < same < text.index("Filing C001-01 Lodged with")

    def test_says_so_where_nothing_would_change(self, case, desk: Desk):
        clear("C001", filings=["C001-01"], updates=[1])
        advocate = desk("advocate")
        same = {"filings": ["C001-01"], "updates": ["1"], "fields": ALL, "note": ""}
        advocate.post(f"{PAGE}/propose", same, form=PAGE)
        assert "Nothing of this would change what is public." in words_of(advocate.get(PAGE).text)


class TestTheNumberAtAnAuthority:
    def test_is_offered_as_the_public_would_read_it(self, case, desk: Desk):
        with transaction():
            filing = cases.get_case("C001").filings[0]
            for place, (owner, value) in enumerate((("noyb", "our-17"), ("authority", "D155.027"))):
                db.session.add(Reference(filing_id=filing.id, position=place, owner=owner, value=value))
        text = words_of(desk("advocate").get(PAGE).text)
        assert "with its number D155.027" in text and "our-17" not in text


class TestAWarning:
    def test_stands_where_one_proposes_and_is_answered_by_who_clears(self, case, desk: Desk):
        with transaction():
            told("C001-01", "acknowledged", date(2024, 6, 20), "at-dsb", public="Write to ann@example.org.")
        warning = "Entry 2 holds the e-mail address ann@example.org."
        advocate, editor = desk("advocate"), desk("editor")
        before = words_of(advocate.get(PAGE).text)
        assert f"Look at this before you propose all of it: {warning}" in before

        chosen = {"filings": ["C001-01"], "updates": ["1", "2"], "note": ""}
        advocate.post(f"{PAGE}/propose", chosen, form=PAGE)
        proposed = words_of(editor.get(PAGE).text)
        assert f"Look at this before it is cleared: {warning}" in proposed
        assert proposed.count(warning) == 1
        (waiting,) = publication.waiting()
        address = f"/desk/publications/{waiting.publication.id}"
        refused = editor.post(address, {"note": "", "do": "clear"}, form=PAGE, status=422).text
        assert "Some warnings are not answered" in refused
        assert publication.status_of(cases.get_case("C001").id).public is None
        editor.post(address, answered(), form=PAGE)
        assert publication.status_of(cases.get_case("C001").id).public is not None


class TestAnAuthorityThatOnlyThePublicCallsLate:
    """The Austrian DSB answered in August 2024; the answer is in the file and is not cleared."""

    WARNING = (
        "that the Austrian DSB is late with information on progress or outcome in C001-01; entry 2 of the "
        "file meets it, on 1 August 2024."
    )

    def answer(self) -> None:
        with transaction():
            told("C001-01", "information", date(2024, 8, 1), "at-dsb", public="News.")

    def test_is_answered_by_who_clears_also_where_the_public_reads_it_already(self, case, desk: Desk):
        clear("C001", filings=["C001-01"], updates=[1])
        self.answer()
        advocate, editor = desk("advocate"), desk("editor")
        chosen = {"filings": ["C001-01"], "updates": ["1"], "fields": ALL, "note": ""}
        advocate.post(f"{PAGE}/propose", chosen, form=PAGE)
        page = editor.get(PAGE).text
        assert f"Look at this before it is cleared: The public page will say {self.WARNING}" in words_of(page)
        assert '<a href="/desk/filings/C001-01/deadlines/G15">Why this date, in C001-01</a>' in page
        (waiting,) = publication.waiting()
        address = f"/desk/publications/{waiting.publication.id}"
        refused = editor.post(address, {"note": "", "do": "clear"}, form=PAGE, status=422).text
        assert "Some warnings are not answered" in refused
        editor.post(address, answered(), form=PAGE)

    def test_is_named_on_the_page_and_in_the_list_once_the_file_goes_on(self, case, desk: Desk):
        clear("C001", filings=["C001-01"], updates=[1])
        editor, reader = desk("editor"), desk("reader")
        assert "Nobody is called late in public" in editor.get("/desk/publications").text
        assert "The public page says" not in reader.get(PAGE).text
        self.answer()
        assert f"The public page says {self.WARNING}" in words_of(reader.get(PAGE).text)
        listed = words_of(editor.get("/desk/publications").text)
        assert "The Austrian DSB is late with information on progress or outcome in C001-01" in listed
        assert "Entry 2 of the file meets it, on 1 August 2024" in listed
        clear("C001", filings=["C001-01"], updates=[1, 2])
        assert "The public page says" not in reader.get(PAGE).text


class TestTheFirstPublication:
    def test_is_read_in_one_column_with_equal_filings_together(self, case, desk: Desk):
        advocate = desk("advocate")
        chosen = {"filings": ["C001-01", "C001-02", "C001-03"], "updates": ["1"], "note": ""}
        advocate.post(f"{PAGE}/propose", chosen, form=PAGE)
        text = words_of(advocate.get(PAGE).text)
        assert "What the public will read" in text and "Public now" not in text
        assert (
            "3 filings C001-01: Lodged with the Austrian DSB" in text
            and text.count("Number at the authority:") == 1
        )


class TestAnEditorWhoProposed:
    def test_reads_why_nothing_can_be_cleared_and_can_take_it_back(self, case, desk: Desk):
        editor = desk("editor")
        editor.post(f"{PAGE}/propose", {"filings": ["C001-01"], "note": ""}, form=PAGE)
        page = editor.get(PAGE).text
        assert "You proposed this, so you cannot clear it" in page
        assert "Take back" in page and "Clear for the public" not in page


class TestTheHistory:
    def test_names_who_cleared_and_who_withdrew(self, case, desk: Desk):
        desk("advocate").post(f"{PAGE}/propose", {"filings": ["C001-01"], "note": ""}, form=PAGE)
        (waiting,) = publication.waiting()
        key = waiting.publication.id
        desk("editor").post(f"/desk/publications/{key}", answered(note="Read."), form=PAGE)
        desk("editor").post(f"{PAGE}/withdraw", {"note": "Asked to."}, form=PAGE)
        tree = html5lib.parse(desk("editor").get(PAGE).text, namespaceHTMLElements=False)
        row = list(tree.iter("tr"))[-1]
        cells = {it.get("data-label"): "".join(it.itertext()) for it in row.iter("td")}
        assert "withdrawn" in "".join(row.itertext()) and cells["Proposed"].startswith("The advocate, ")
        assert cells["Decided"].startswith("The editor, ") and cells["Withdrawn"].startswith("The editor, ")
        assert cells["Notes"] == "Read. / Asked to."


class TestAFilingThatNobodyChecked:
    def test_says_so_where_it_is_chosen(self, case, desk: Desk):
        with transaction():
            cases.get_case("C001").filings[1].verified = False
        tree = html5lib.parse(desk("advocate").get(PAGE).text, namespaceHTMLElements=False)
        labels = {it.get("for"): "".join(it.itertext()) for it in tree.iter("label")}
        assert labels["p-C001-02"].endswith("not checked against the source")
        assert "not checked" not in labels["p-C001-01"]


class TestThePageOfALargeCase:
    def test_costs_as_many_statements_as_that_of_a_small_one(self, app, desk: Desk, statements):
        slugs = [slug for slug, it in authorities().items() if it.scope != "board"]
        counts = []
        editor, advocate = desk("editor"), desk("advocate")
        for number, many in (("C001", 1), ("C002", 40)):
            with transaction():
                respondents = {"respondents": same_respondent("C001")} if number == "C002" else {}
                lodged(a_case(**respondents), *slugs[:many])
                for day in range(1, 1 + many // 4):
                    first = f"{number}-01"
                    told(first, "information", date(2024, 7, day), slugs[0], public=f"News {day}.")
            clear(number)
            page = f"/desk/cases/{number}/publication"
            filing = f"{number}-01"
            advocate.post(f"{page}/propose", {"filings": [filing], "updates": ["1"], "note": ""}, form=page)
            editor.get(page)
            statements.clear()
            assert "Public now" in editor.get(page).text
            counts.append(len(statements))
        assert counts[0] == counts[1]
