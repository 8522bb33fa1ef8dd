"""The public data: as JSON under a schema, as tables, all at once; the same that the pages say."""

import csv
import io
import json
from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

import html5lib
import jsonschema
import pytest
import sqlalchemy as sa

from tests.publishing import clear, withdraw
from tests.reader import Reader
from tests.web.conftest import words_of
from tests.web.reused import CALENDARS, DATA_SET, FEEDS, HOSTILE, LANGUAGES, PAGES, TABLES
from tracker import config
from tracker.app import create_public_app
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedCase, PublishedContent, PublishedLine, PublishedUpdate
from tracker.reference.public_data import schema_text
from tracker.web import public_data

SCHEMA = json.loads(schema_text())
A_CASE = {"$ref": "#/$defs/case", "$defs": SCHEMA["$defs"]}
STREAMS = ("/data/cases.json", "/data/cases.ndjson", *(f"/data/{it}.csv" for it in DATA_SET))


def check(values: Any, schema: dict[str, Any]) -> None:
    kind = jsonschema.Draft202012Validator
    kind.check_schema(schema)
    kind(schema, format_checker=kind.FORMAT_CHECKER).validate(values)


def rows(visitor: Reader, address: str) -> list[dict[str, str]]:
    """Return a table as a program reads it that wants every row as wide as the first."""
    answer = visitor.get(address)
    assert answer.mimetype == "text/csv" and answer.mimetype_params["charset"] == "utf-8"
    read = list(csv.reader(io.StringIO(answer.text, newline=""), strict=True))
    assert len({len(it) for it in read}) == 1
    return [dict(zip(read[0], it, strict=True)) for it in read[1:]]


def told(visitor: Reader, address: str) -> Any:
    return json.loads(visitor.get(address).text)


@pytest.fixture
def asked(public_app) -> Iterator[list[str]]:
    """Every SQL statement of the public site while the test looks."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    with public_app.app_context():
        engine = db.engines[PUBLIC]
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


class TestTheSchema:
    def test_is_one_and_is_given_away(self, reused, visitor: Reader):
        assert told(visitor, "/data/schema.json") == SCHEMA
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_takes_nothing_that_it_does_not_name(self, reused, visitor: Reader):
        case = told(visitor, "/cases/C001.json")["case"]
        with pytest.raises(jsonschema.ValidationError):
            check({**case, "note": "inside"}, A_CASE)

    def test_holds_for_every_case_of_the_demo(self, demo_home):
        site = create_public_app(config.read({"TRACKER_HOME": str(demo_home[0])})).test_client()
        values = json.loads(site.get("/data/cases.json").text)
        check(values, SCHEMA)
        assert any(it["findings"] for case in values["cases"] for it in case["decisions"])
        for it in values["cases"]:
            same = json.loads(site.get(f"/cases/{it['number']}.json").text)["case"]
            assert same == it

    def test_names_claims_that_were_left_open_as_the_table_of_filings_does(self, demo_home):
        reader = Reader(create_public_app(config.read({"TRACKER_HOME": str(demo_home[0])})))
        records = json.loads(reader.get("/data/cases.json").text)["cases"]
        left: dict[str, list[str]] = {}
        for claim in (claim for it in records for claim in it["claims"]):
            for number in claim["open"]:
                left.setdefault(number, []).append(claim["label"])
        tabled = {it["number"]: it["open_claims"] for it in rows(reader, "/data/filings.csv")}
        assert left and {number: it for number, it in tabled.items() if it} == {
            number: "; ".join(labels) for number, labels in left.items()
        }


@pytest.mark.parametrize("language", LANGUAGES)
class TestTheWholeData:
    def test_keep_to_the_schema(self, reused, visitor: Reader, language):
        values = told(visitor, f"{language}/data/cases.json")
        check(values, SCHEMA)
        assert [it["number"] for it in values["cases"]] == ["C001"]
        assert values["licence"] == "https://creativecommons.org/licenses/by/4.0/"

    def test_are_the_same_line_by_line(self, reused, visitor: Reader, language):
        lines = visitor.get(f"{language}/data/cases.ndjson").text.splitlines()
        assert [json.loads(it) for it in lines] == told(visitor, "/data/cases.json")["cases"]

    def test_hold_any_text(self, hostile, visitor: Reader, language):
        values = told(visitor, f"{language}/data/cases.json")
        check(values, SCHEMA)
        assert values["cases"][0]["title"] == HOSTILE
        assert visitor.get(f"{language}/data/cases.ndjson").text.count("\n") == 1

    def test_have_nothing_of_what_was_withdrawn(self, reused, visitor: Reader, language):
        withdraw("C001")
        assert told(visitor, f"{language}/data/cases.json")["cases"] == []
        for it in ("cases", "filings", "entries", "hearings", "deadlines"):
            assert rows(visitor, f"{language}/data/{it}.csv") == []

    def test_say_on_their_page_which_they_are(self, reused, visitor: Reader, language):
        page = visitor.get(f"{language}/data").text
        version = visitor.get(f"{language}/data/cases.json").headers["X-Data-Version"]
        assert version in page and told(visitor, "/data/cases.json")["version"] == version
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        links = {it.get("href") for it in tree.iter("a")}
        assert {f"{language}{it}" for it in STREAMS} <= links


class TestTheVersion:
    def test_changes_when_something_is_cleared_or_withdrawn_and_not_otherwise(self, reused, visitor: Reader):
        def version() -> str:
            return visitor.get("/data/cases.ndjson").headers["X-Data-Version"]

        first = version()
        assert version() == first
        clear("C001", filings=["C001-01"], updates=[1])
        second = version()
        withdraw("C001")
        assert len({first, second, version()}) == 3

    def test_is_known_again_without_reading_a_case(self, reused, visitor: Reader, asked):
        for address in STREAMS:
            whole = visitor.get(address)
            asked.clear()
            again = visitor.call("GET", address, headers={"If-None-Match": whole.headers["ETag"]})
            assert again.status_code == 304 and again.data == b""
            assert len(asked) == 2, address

    def test_is_sent_piece_by_piece(self, reused, public_app):
        for address in STREAMS:
            answer = public_app.test_client().get(address)
            assert answer.is_streamed and answer.content_length is None
            answer.close()

    def test_is_told_by_head_too(self, reused, visitor: Reader):
        whole, head = (visitor.call(it, "/data/cases.csv") for it in ("GET", "HEAD"))
        assert head.status_code == 200 and head.data == b"" and head.headers["ETag"] == whole.headers["ETag"]


class TestADownloadOverASlowLine:
    @pytest.mark.parametrize("address", ["/data/cases.json", "/data/entries.csv"])
    def test_is_whole_and_keeps_nobody_from_withdrawing(self, reused, public_app, address, monkeypatch):
        monkeypatch.setattr(public_data, "BLOCK", 100)
        line = copy_context()  # a request of its own, which is not over while others do something
        client = public_app.test_client()
        whole = client.get(address).data
        answer = line.run(client.get, address)
        body = line.run(answer.iter_encoded)
        begun = line.run(next, body)
        withdraw("C001")
        assert begun + line.run(b"".join, body) == whole and len(whole) > 100
        line.run(answer.close)
        assert b"Example" not in client.get(address).data


class TestThePriceOfData:
    def test_is_the_same_number_of_statements_for_many_cases(self, reused, visitor: Reader, asked):
        addresses = [*STREAMS, *TABLES, *CALENDARS, "/feed.atom", "/cases.json", "/sitemap.xml"]

        def cost() -> dict[str, int]:
            found = {}
            for it in addresses:
                asked.clear()
                visitor.get(it)
                found[it] = len(asked)
            return found

        before = cost()
        with transaction(PUBLIC):
            copies(120)
        assert cost() == before
        assert visitor.get("/data/cases.ndjson").text.count("\n") == 121


def copies(number: int) -> None:
    """Put the same case into the public store again and again, under other numbers."""
    for table in (PublishedCase, PublishedContent, PublishedLine, PublishedUpdate):
        name = "number" if table is PublishedCase else "case_number"
        kept: Any = table
        [first] = db.session.scalars(sa.select(kept).where(getattr(kept, name) == "C001").limit(1))
        for row in [{it.key: getattr(first, it.key) for it in sa.inspect(kept).column_attrs}]:
            for place in range(200, 200 + number):
                more = {"key": place, "rank": f"004C{place}"} if table is PublishedLine else {}
                db.session.execute(sa.insert(kept).values({**row, name: f"C{place}", **more}))


@pytest.mark.parametrize("language", LANGUAGES)
class TestAPageAsData:
    def test_of_a_case_says_what_the_page_says(self, reused, visitor: Reader, language):
        values = told(visitor, f"{language}/cases/C001.json")
        check(values["case"], A_CASE)
        page = (
            words_of(visitor.get(f"{language}/cases/C001").text).replace("\xa0", " ").replace("\u202f", " ")
        )
        case, computed = values["case"], values["computed"]
        title = case["texts"].get(language[1:], case)["title"]
        assert values["address"] == f"http://localhost{language}/cases/C001" and title in page
        for sentence in computed["status"].replace("(Art.", "(Art").split(". "):
            assert sentence.replace("(Art ", "").strip(".")[:40] in page.replace("(Art. ", "").replace(
                "(Art ", ""
            ), sentence
        for it in computed["filings"]:
            assert it["number"] in page and it["stage"] in page
        for it in case["entries"]:
            assert it["words"] in page
        for it in case["hearings"]:
            assert it["court"] in page
        assert [it["number"] for it in case["entries"]] == [1, 2, 3, 4]

    def test_of_a_filing_says_what_the_page_says(self, reused, visitor: Reader, language):
        values = told(visitor, f"{language}/filings/C001-01.json")
        page = (
            words_of(visitor.get(f"{language}/filings/C001-01").text)
            .replace("\xa0", " ")
            .replace("\u202f", " ")
        )
        assert values["filing"]["reference"] == "z-77" and "z-77" in page
        assert values["computed"]["status"] in page
        for it in values["computed"]["due"]:
            assert it["label"] in page and it["time"] in page
        for it in values["entries"]:
            assert it["words"] in page
        assert len(values["hearings"]) == 2

    def test_of_an_authority_counts_what_the_page_counts(self, reused, visitor: Reader, language):
        values = told(visitor, f"{language}/authorities/ie-dpc.json")
        assert values["computed"] | {"on": ""} == {
            "on": "", "filings": 3, "lodged": 1, "led": 3, "presumed": 0, "handled": 0, "pending": 3,
            "late": values["computed"]["late"],
        }  # fmt: skip
        assert [it["number"] for it in values["filings"]] == ["C001-01", "C001-02", "C001-03"]
        assert values["authority"]["slug"] == "ie-dpc"

    def test_of_a_group_has_its_cases(self, reused, visitor: Reader, language):
        for address, kind in ((FEEDS[7], "controller"), (FEEDS[9], "project")):
            values = told(visitor, f"{language}{address}.json")
            assert values[kind]["pending"] == 3 and values[kind]["outcomes"] == {"pending": 3}
            assert [it["number"] for it in values["cases"]] == ["C001"]

    def test_of_a_list_is_its_table(self, reused, visitor: Reader, language):
        for name in ("cases", "authorities", "controllers", "projects"):
            records = told(visitor, f"{language}/{name}.json")[name]
            table = rows(visitor, f"{language}/{name}.csv")
            assert [list(it) for it in records] == [list(it) for it in table]
            assert len(records) == len(table) > 0


class TestATable:
    def test_is_read_by_a_program_whatever_stands_in_it(self, hostile, visitor: Reader):
        for address in [*TABLES, *STREAMS[2:]]:
            for it in rows(visitor, address):
                for cell in it.values():
                    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), address
                    assert "\x00" not in cell

    def test_is_kept_by_whoever_has_it(self, reused, visitor: Reader):
        for address in [*TABLES, *STREAMS[2:]]:
            answer = visitor.get(address)
            again = visitor.call("GET", address, headers={"If-None-Match": answer.headers["ETag"]})
            assert again.status_code == 304
            assert answer.headers["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in answer.headers


class TestTheTableOfCases:
    def test_has_what_fits_the_filters(self, reused, visitor: Reader):
        assert [it["number"] for it in rows(visitor, "/cases.csv?country=AT&text=posts")] == ["C001"]
        assert rows(visitor, "/cases.csv?country=PT") == []
        visitor.get("/cases.csv?year=x", status=400)

    def test_names_the_page_of_each(self, reused, visitor: Reader):
        (it,) = rows(visitor, "/cases.csv")
        assert it["address"] == "http://localhost/cases/C001"
        assert (it["filings"], it["pending"], it["lodged_on"]) == ("3", "3", "2024-06-06")


class TestTheTableOfFilings:
    def test_of_a_case_keeps_what_is_not_known_empty(self, reused, visitor: Reader):
        first, second, _ = rows(visitor, "/cases/C001.csv")
        assert (first["reference"], second["reference"]) == ("z-77", "")
        assert first["lead_name"] == "DPC · Ireland" and first["lead_presumed"] == "no"

    def test_of_a_filing_has_its_entries_alone(self, reused, visitor: Reader):
        assert [it["number"] for it in rows(visitor, "/filings/C001-02.csv")] == ["1", "4"]


class TestAPage:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_leads_to_its_forms_and_each_of_them_is_there(self, reused, visitor: Reader, language):
        for page in ("/", *PAGES):
            tree = html5lib.parse(visitor.get(f"{language}{page}").text, namespaceHTMLElements=False)
            heads = [
                (it.get("href"), it.get("type"))
                for it in tree.iter("link")
                if it.get("rel") == "alternate" and it.get("type")
            ]
            links = {(it.get("href"), it.get("type")) for it in tree.iter("a") if it.get("type")}
            assert len(heads) >= 2 and set(heads) <= links
            for address, kind in heads:
                assert visitor.get(address).mimetype == kind

    def test_of_a_search_leads_to_the_forms_of_the_same_search(self, reused, visitor: Reader):
        page = visitor.get("/cases?country=AT&text=%3Cposts%3E&page=1").text
        tree = html5lib.parse(page, namespaceHTMLElements=False)
        links = {it.get("href") for it in tree.iter("link") if it.get("type") == "text/csv"}
        assert links == {"/cases.csv?text=%3Cposts%3E&country=AT"}
