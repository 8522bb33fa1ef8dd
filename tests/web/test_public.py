"""The public site as anybody meets it: what it says, what it keeps to itself, how it answers nonsense."""

from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

import html5lib
import pytest
import sqlalchemy as sa

from tests.builders import DUBLIN, IN_DUBLIN, a_case, lodged
from tests.publishing import clear, same_respondent, told
from tests.reader import DATA, Reader
from tests.web.conftest import words_of
from tracker.db import PUBLIC, db, transaction
from tracker.models import Filing
from tracker.reference.authorities import authorities
from tracker.services import cases, public_site, public_site_list, publication
from tracker.services.cases import Respondent

#: Every address of the public site, with something at it once `public` ran.
PAGES = (
    "/",
    "/cases",
    "/cases/C001",
    "/filings/C001-01",
    "/filings/C001-03",
    "/authorities",
    "/controllers",
    "/controllers/example-platforms-ireland-limited",
    "/projects",
    "/projects/artificial-minds",
    "/authorities/ie-dpc",
    "/authorities/li-dss",
    "/figures",
    "/about",
    "/data",
    "/route",
    "/route?e-0-place=IE&e-0-decides=yes&lives=AT&affected=EEA",
)


class TestEveryPublicPage:
    @pytest.mark.parametrize("address", PAGES)
    def test_is_whole(self, public, visitor: Reader, address):
        visitor.get(address)

    @pytest.mark.parametrize("address", [*PAGES, "/cases/C002", "/cases/C003", "/cases?year=x"])
    def test_sets_no_cookie_and_asks_nobody_else(self, public, visitor: Reader, address):
        answer = visitor.call("GET", address)
        assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
        tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
        loaded = [it.get("src") for it in tree.iter() if it.get("src")]
        loaded += [
            it.get("href") for it in tree.iter("link") if it.get("rel") not in ("alternate", "canonical")
        ]
        assert loaded and all(urlsplit(it).netloc == "" for it in loaded)
        assert {it.get("type") for it in tree.iter("script")} <= {DATA} and "csrf" not in answer.text

    @pytest.mark.parametrize("address", [*PAGES, "/cases?country=AT&text=example", "/cases?country=MT"])
    def test_leads_to_nothing_broken(self, public, visitor: Reader, address):
        tree = html5lib.parse(visitor.get(address).text, namespaceHTMLElements=False)
        ids = {it.get("id") for it in tree.iter() if it.get("id")}
        for link in (it.get("href") for it in tree.iter("a")):
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto"):
                continue
            if parts.path:
                visitor.get(parts.path + (f"?{parts.query}" if parts.query else ""))
            else:
                assert parts.fragment in ids, f"{address}: {link}"

    @pytest.mark.parametrize("address", PAGES)
    def test_answers_head_like_get_without_the_body(self, public, visitor: Reader, address):
        whole, head = visitor.call("GET", address), visitor.call("HEAD", address)
        assert head.status_code == 200 and head.data == b""
        assert dict(head.headers) == dict(whole.headers)


class TestTheStartPage:
    def test_counts_what_is_public(self, public, visitor: Reader):
        text = words_of(visitor.get("/").text)
        assert "cases 1" in text and "filings 3" in text and "of them pending 3" in text

    def test_says_so_while_nothing_is_public(self, app, visitor: Reader):
        assert "No case is public yet" in visitor.get("/").text


class TestACasePage:
    def test_answers_the_first_questions_on_top(self, public, visitor: Reader):
        text = words_of(visitor.get("/cases/C001").text)
        assert "noyb against Example Platforms Ireland Limited" in text
        assert "lodged on 6 June 2024 with 3 authorities" in text
        assert "Pending for 2 years and 5 months." in text
        assert "Led by the Irish DPC, because the organisation complained about is recorded" in text
        assert "Last: 2 September 2024, the Dutch AP: It went to Dublin." in text
        assert "Posts were used." in text

    def test_has_a_row_per_filing(self, public, visitor: Reader):
        tree = html5lib.parse(visitor.get("/cases/C001").text, namespaceHTMLElements=False)
        table = next(it for it in tree.iter("table") if "filings_table" in it.get("class", ""))
        rows = [" ".join("".join(it.itertext()).split()) for it in table.findall(".//tbody/tr")]
        assert len(rows) == 3
        assert rows[0].startswith("C001-01 AP · Netherlands z-77 With the lead authority 2 September 2024")
        assert "DSB · Austria" in rows[1] and "not shown here" in rows[1]

    def test_says_once_who_leads_where_it_is_the_same_in_every_row(self, public, visitor: Reader):
        page = visitor.get("/cases/C001").text
        assert "All 3 are led by DPC · Ireland." in words_of(page)
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        table = next(it for it in tree.iter("table") if "filings_table" in it.get("class", ""))
        heads = ["".join(it.itertext()) for it in table.findall(".//thead/tr/th")]
        # The last news of each filing is the step by which it stands where it stands.
        assert heads == ["Filing", "Lodged with", "Its number", "Stage", "Since"]
        assert "DPC · Ireland" not in "".join(table.itertext()).split("C001-03")[0]

    def test_tells_the_protocol_in_order_with_numbers_and_months(self, public, visitor: Reader):
        tree = html5lib.parse(visitor.get("/cases/C001").text, namespaceHTMLElements=False)
        (protocol,) = [it for it in tree.iter("ol") if it.get("class") == "timeline"]
        items = [" ".join("".join(it.itertext()).split()) for it in protocol.findall("li")]
        assert items[0] == "June 2024" and items[3] == "September 2024"
        assert items[1].startswith("Entry 1 6 June 2024 ") and "All 3 filings" in items[1]
        assert items[4].startswith("Entry 3 2 September 2024 Passed on to the lead authority · The Dutch AP")
        assert "It went to Dublin." in items[4] and "C001-01" in items[4]

    def test_says_which_entries_are_not_public(self, public, visitor: Reader):
        assert "not public" not in words_of(visitor.get("/cases/C001").text)
        clear("C001", filings=["C001-01", "C001-02"], updates=[1, 3])
        text = words_of(visitor.get("/cases/C001").text)
        first, gap, third = (text.index(it) for it in ("Entry 1 ", "Entry 2 is not public", "Entry 3 "))
        assert first < gap < third

    def test_says_when_it_was_cleared_and_how_to_correct_it(self, public, visitor: Reader):
        text = words_of(visitor.get("/cases/C001").text)
        assert "Cleared for the public" in text and "quote C001" in text and "Reuse" in text

    def test_shows_markup_in_words_as_words(self, public, visitor: Reader):
        with transaction():
            told(
                "C001-02", "acknowledged", date(2024, 7, 1), "<i>eve</i>", public="<script>alert(1)</script>"
            )
        clear("C001")
        text = visitor.get("/cases/C001").text
        told_to_programs = f'<script type="{DATA}">'
        assert "<script" not in text.replace(told_to_programs, "")
        assert "<i>" not in text and "&lt;script&gt;alert(1)" in text

    def test_needs_as_many_statements_for_much_as_for_little(self, public, public_app, visitor: Reader):
        few = statements_for(public_app, visitor, "/cases/C001", "/filings/C001-01", "/cases", "/")
        with transaction():
            many = ["fr-cnil", "be-apd-gba", "es-aepd", "it-garante", "pl-uodo", "gr-hdpa", "se-imy"]
            lodged(cases.get_case("C001"), *many)
            for day in range(1, 9):
                told("C001-02", "information", date(2024, 8, day), "at-dsb", public=f"News {day}.")
            for number in range(9):
                lodged(
                    a_case(number=f"C2{number:02}", respondents=same_respondent("C001")), "at-dsb", "fr-cnil"
                )
        clear("C001")
        for number in range(9):
            clear(f"C2{number:02}")
        much = statements_for(public_app, visitor, "/cases/C001", "/filings/C001-01", "/cases", "/")
        assert few == much


def statements_for(app, visitor: Reader, *addresses: str) -> list[int]:
    """Return how many SQL statements each page needs when it is rendered anew."""
    counts, seen = [], []

    def note(connection, cursor, statement, *rest) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engines[PUBLIC]
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        for address in addresses:
            seen.clear()
            visitor.get(address)
            counts.append(len(seen))
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert all(it > 1 for it in counts)
    return counts


class TestAFilingPage:
    def test_says_where_it_lies_in_one_sentence(self, public, visitor: Reader):
        text = words_of(visitor.get("/filings/C001-01").text)
        assert (
            "With the Irish DPC, passed on by the Dutch AP no later than 2 September 2024; pending for"
            in text
        )
        assert "z-77" in text

    def test_tells_its_own_protocol(self, public, visitor: Reader):
        assert "It went to Dublin." in visitor.get("/filings/C001-01").text
        assert "It went to Dublin." not in visitor.get("/filings/C001-02").text

    def test_gives_the_reason_for_the_lead(self, public, visitor: Reader):
        assert "Art 56(1)" in words_of(visitor.get("/filings/C001-02").text)


class TestAnAuthority:
    def test_is_found_by_name_place_and_country(self, public, visitor: Reader):
        assert 'href="/authorities/nl-ap"' in visitor.get("/authorities?text=persoonsgegevens").text
        norwegian = visitor.get("/authorities?text=datatilsynet&country=NO").text
        assert "/authorities/no-datatilsynet" in norwegian and "/authorities/dk-" not in norwegian
        assert "None of the 65 authorities" in visitor.get("/authorities?text=xyzzy").text

    def test_shows_every_public_filing_with_its_roles(self, public, visitor: Reader):
        text = words_of(visitor.get("/authorities/ie-dpc").text)
        assert "C001-01 AP · Netherlands lead" in text
        assert "C001-03 DPC · Ireland lodged with, lead" in text
        assert "C002" not in text and "C003" not in text
        assert "C001-02 DSB · Austria lodged with" in words_of(visitor.get("/authorities/at-dsb").text)

    def test_claims_no_check_of_contacts_that_nobody_made(self, public, visitor: Reader):
        dated = words_of(visitor.get("/authorities/ie-dpc").text)
        assert "As of 10 February 2023, when the source was last edited." in dated
        without = next(slug for slug, it in authorities().items() if it.source_date is None)
        assert "Not checked: the source gives no day." in words_of(
            visitor.get(f"/authorities/{without}").text
        )

    def test_shows_filings_that_it_handles_without_leading(self, public, visitor: Reader):
        with transaction():
            cases.get_case("C001").filings[1].handling_said = "fr-cnil"
            cases.get_case("C001").filings[2].handling_said = "Somebody at the Commission"
        clear("C001")
        text = words_of(visitor.get("/authorities/fr-cnil").text)
        assert "Has a role in 1 public filing" in text and "1 handled here without leading" in text
        assert "C001-02 DSB · Austria handling" in text
        assert "Handled by CNIL · France" in words_of(visitor.get("/filings/C001-02").text)
        assert "Commission" not in visitor.get("/filings/C001-03").text

    def test_is_named_with_its_country_in_the_title_of_a_filing(self, public, visitor: Reader):
        assert "<title>C001-02 DSB · Austria: Example: AI from posts" in visitor.get("/filings/C001-02").text


class TestACaseWithMoreThanAHundredFilings:
    def test_has_its_filings_in_one_order_everywhere(self, app, visitor: Reader):
        """C001-11 comes before C001-100, whatever their text says."""
        with transaction():
            made = a_case()
            lodged(made, "at-dsb", "fr-cnil", "ie-dpc")
            for old, new in (("C001-01", "C001-100"), ("C001-02", "C001-11"), ("C001-03", "C001-2")):
                db.session.execute(sa.update(Filing).where(Filing.number == old).values(number=new))
        with transaction():
            told("C001-100", "inadmissible", date(2024, 7, 1), "at-dsb", public="No.")
        clear("C001")
        with app.app_context():
            page = public_site.case_page("C001")
            (row,) = public_site_list.find_cases(public_site.Filters()).rows
            assert [it.number for it in page.filings] == ["C001-2", "C001-11", "C001-100"]
            assert row.marks == tuple(it.state.mark for it in page.filings)
            assert row.marks[-1] not in row.marks[:2]


class TestWhatIsNotPublic:
    @pytest.mark.parametrize(
        ("never_public", "never_was"),
        [("/cases/C002", "/cases/C900"), ("/filings/C002-01", "/filings/C900-01")],
    )
    def test_looks_byte_for_byte_like_what_never_was(self, public, visitor, never_public, never_was):
        hidden, absent = visitor.get(never_public, 404), visitor.get(never_was, 404)
        assert hidden.data == absent.data and list(hidden.headers) == list(absent.headers)

    def test_is_not_named_anywhere(self, public, visitor: Reader):
        for address in [*PAGES, "/cases?text=secret", "/cases?country=FR", "/authorities/fr-cnil"]:
            text = visitor.get(address).text.replace('value="secret"', "").replace("“secret”", "")
            text = text.replace("text=secret", "")
            assert "secret" not in text and "C002" not in text and "For the file only" not in text

    @pytest.mark.parametrize("case", ["C001", "C003"])
    def test_when_only_other_filings_were_cleared_looks_the_same(self, public, visitor: Reader, case):
        with transaction():
            lodged(cases.get_case(case), "pl-uodo")
        never_public = f"/filings/{cases.get_case(case).filings[-1].number}"
        assert visitor.get(never_public, 404).data == visitor.get(f"/filings/{case}-99", 404).data
        assert visitor.get(never_public, 404).data == visitor.get("/filings/C900-01", 404).data


class TestAWithdrawnCase:
    @pytest.mark.parametrize("address", ["/cases/C003", "/filings/C003-01"])
    def test_is_gone_and_says_so(self, public, visitor: Reader, address):
        text = visitor.get(address, 410).text
        assert "has been withdrawn" in text and "Example: withdrawn" not in text

    def test_answers_the_same_from_a_store_that_is_built_anew(self, public, visitor: Reader):
        addresses = ("/cases/C003", "/filings/C003-01", "/filings/C003-02", "/filings/C001-01")
        before = [visitor.call("GET", it).status_code for it in addresses]
        with transaction(PUBLIC):
            publication.rebuild()
        assert [visitor.call("GET", it).status_code for it in addresses] == before == [410, 410, 404, 200]

    def test_is_in_no_list(self, public, visitor: Reader):
        for address in ("/", "/cases", "/cases?country=FR", "/authorities/fr-cnil"):
            assert "C003" not in visitor.get(address).text


class TestAFilingThatALaterClearingLeftOut:
    def test_is_gone_while_its_case_is_public(self, public, visitor: Reader):
        clear("C001", filings=["C001-01"], updates=[1])
        assert "has been withdrawn" in visitor.get("/filings/C001-02", 410).text
        assert "C001-02" not in visitor.get("/cases/C001").text


class TestAnAddress:
    @pytest.mark.parametrize(
        ("typed", "canonical"),
        [
            ("/cases/c001", "/cases/C001"),
            ("/cases/C1", "/cases/C001"),
            ("/filings/c001-1", "/filings/C001-01"),
            pytest.param("/cases/c002", "/cases/C002", id="also of what is not public"),
        ],
    )
    def test_written_otherwise_leads_to_the_right_one(self, public, visitor: Reader, typed, canonical):
        answer = visitor.call("GET", typed)
        assert (answer.status_code, answer.headers["Location"]) == (301, canonical)

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("/cases/C99999999999999999999", 404),
            ("/cases/C000", 404),
            ("/cases/C001/", 404),
            ("/cases/%00", 404),
            ("/cases/%ED%A0%80", 404),
            ("/filings/%00", 404),
            ("/filings/C001-99999999999999999999", 404),
            ("/filings/C001", 404),
            ("/filings/" + "C" * 5000, 404),
            ("/authorities/%00", 404),
            ("/authorities/IE-DPC'--", 404),
            ("/authorities/" + "a" * 5000, 404),
            ("/authorities/ie-dpc?page=99", 404),
            ("/cases?page=1000000000000000000000000000000", 404),
            ("/cases?page=0", 404),
            ("/cases?page=-1", 404),
            ("/cases?page=%D9%A3", 404),
            ("/cases?page=2", 404),
            ("/cases?year=abc", 400),
            ("/cases?year=99999999999999999999", 400),
            ("/cases?year=0001", 400),
            ("/cases?text=" + "a" * 100_000, 400),
            ("/cases?text=" + "a+" * 90, 400),
            ("/cases?text=%00", 400),
            ("/cases?text=a%0Ab", 400),
            ("/cases?stage=%00", 400),
            ("/authorities?text=" + "a" * 100_000, 400),
            ("/authorities?country=%00", 400),
            ("/cases?text=%ED%A0%80", 200),
            ("/cases?text=%FF%FE", 200),
            ("/cases?text=%25_%5C%27%22", 200),
            ("/nowhere", 404),
        ],
    )
    def test_that_means_nothing_gets_a_clear_answer(self, public, visitor: Reader, address, status):
        visitor.get(address, status)

    def test_says_what_is_wrong_with_it(self, public, visitor: Reader):
        assert "“abc” is not a year" in visitor.get("/cases?year=abc", 400).text

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    def test_takes_nothing_but_reading(self, public, visitor: Reader, method):
        assert visitor.call(method, "/cases/C001").status_code == 405


class TestTheReasonsOfSeveralControllers:
    def test_stand_in_a_paragraph_each(self, app, visitor: Reader):
        with transaction():
            case = a_case(
                respondents=(
                    Respondent(new=DUBLIN, affected=("EEA",), processing=IN_DUBLIN),
                    Respondent(new=replace(DUBLIN, name="Example <Two> Limited"), affected=("EEA",)),
                )
            )
            lodged(case, "at-dsb", "fr-cnil")
        clear("C001")
        for address, place in (("/cases/C001", "reason"), ("/filings/C001-01", "route_line")):
            tree = html5lib.parse(visitor.get(address).text, namespaceHTMLElements=False)
            (box,) = [it for it in tree.iter("div") if place in (it.get("class"), it.get("data-part"))]
            told = ["".join(it.itertext()) for it in box.findall("p")]
            assert [it.split(":")[0] for it in told] == [DUBLIN.name, "Example <Two> Limited"]
        status = words_of(visitor.get("/cases/C001").text)
        assert "All filings are led by the Irish DPC; whether it leads is disputed." in status
        assert "Led by the Irish DPC, because" not in status
