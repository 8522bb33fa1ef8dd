"""How the pages and files of the public site are sent: compressed, once, and not again to who has them."""

import gzip
import re
from pathlib import Path

import pytest

from tests.builders import a_case, lodged
from tests.publishing import clear, withdraw
from tests.reader import Reader
from tracker.db import transaction
from tracker.web import pages_kept, public_files
from tracker.web.public_files import shorter, takes_packed

STATIC = Path(__file__).resolve().parents[2] / "static"
PACKED = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def public(app):
    with transaction():
        lodged(a_case(title="Example: sent compressed"), "nl-ap", "ie-dpc")
    clear("C001")


@pytest.fixture
def rendered(monkeypatch) -> list[str]:
    """Which templates were rendered."""
    seen: list[str] = []
    render = pages_kept.FromMemory._ask

    def note(self, environ):
        seen.append(environ["PATH_INFO"])
        return render(self, environ)

    monkeypatch.setattr(pages_kept.FromMemory, "_ask", note)
    return seen


class TestAPage:
    def test_is_sent_compressed_to_who_takes_it_and_says_the_same(self, public, visitor: Reader):
        plain = visitor.get("/cases/C001")
        packed = visitor.call("GET", "/cases/C001", headers=PACKED)
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data and len(packed.data) * 2 < len(plain.data)
        for answer in (plain, packed):
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert plain.headers["ETag"] != packed.headers["ETag"]

    def test_is_compressed_once(self, public, visitor: Reader, monkeypatch):
        packed: list[int] = []
        monkeypatch.setattr(pages_kept, "pack", lambda it: packed.append(len(it)) or public_files.pack(it))
        answers = {visitor.call("GET", "/cases/C001", headers=PACKED).data for _ in range(3)}
        assert len(packed) == len(answers) == 1

    @pytest.mark.parametrize("headers", [{}, PACKED])
    def test_is_not_rendered_and_not_sent_again_to_who_has_it(self, public, visitor, rendered, headers):
        tag = visitor.call("GET", "/cases/C001", headers=headers).headers["ETag"]
        rendered.clear()
        again = visitor.call("GET", "/cases/C001", headers={**headers, "If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
        assert "Accept-Encoding" in again.headers["Vary"]
        assert not {"Content-Encoding", "Content-Length", "Content-Type"} & set(again.headers.keys())
        assert rendered == []

    def test_is_known_again_in_the_form_that_somebody_has(self, public, visitor: Reader):
        tags = [visitor.call("GET", "/cases/C001", headers=it).headers["ETag"] for it in ({}, PACKED)]
        for tag in tags:
            for headers in ({}, PACKED):
                again = visitor.call("GET", "/cases/C001", headers={**headers, "If-None-Match": tag})
                assert (again.status_code, again.headers["ETag"]) == (304, tag)

    def test_has_the_same_etag_after_a_restart(self, public, public_app, visitor: Reader):
        tag = visitor.call("GET", "/cases/C001", headers=PACKED).headers["ETag"]
        kept = public_app.extensions["pages_kept"]
        kept._pages.clear()  # as in a process that has just begun
        again = visitor.call("GET", "/cases/C001", headers={**PACKED, "If-None-Match": tag})
        assert again.status_code == 304

    @pytest.mark.parametrize("headers", [{}, PACKED])
    def test_has_the_same_headers_without_its_body(self, public, visitor: Reader, headers):
        got = visitor.call("GET", "/cases/C001", headers=headers)
        head = visitor.call("HEAD", "/cases/C001", headers=headers)
        assert head.data == b"" and dict(head.headers) == dict(got.headers)

    def test_of_a_withdrawn_case_is_gone_in_both_forms(self, public, visitor: Reader):
        tags = [visitor.call("GET", "/cases/C001", headers=it).headers["ETag"] for it in ({}, PACKED)]
        withdraw("C001")
        for tag in tags:
            for headers in ({}, PACKED):
                answer = visitor.call("GET", "/cases/C001", headers={**headers, "If-None-Match": tag})
                assert answer.status_code == 410
                text = gzip.decompress(answer.data) if "Content-Encoding" in answer.headers else answer.data
                assert b"sent compressed" not in text

    def test_that_somebody_asked_with_an_unknown_word_says_nothing_of_it_to_others(self, public, visitor):
        first = visitor.get("/cases/C001?tracker=whosentme")
        assert "whosentme" not in first.text
        assert visitor.get("/cases/C001").data == first.data
        assert "/de/cases?country=NL" in visitor.get("/cases?x=1&country=NL").text

    def test_with_a_choice_of_the_protocol_is_a_page_of_its_own(self, public, visitor: Reader):
        pages = {visitor.get(f"/cases/C001{it}").data for it in ("", "?by=ngo", "?of=C001-01")}
        assert len(pages) == 3


class TestTheMemory:
    def test_counts_the_compressed_form_too(self):
        kept = pages_kept.PagesKept(lambda: 1, most_bytes=20_000)
        state = kept.state()
        kept.get(state, "page")
        page = pages_kept.Page(bytes(range(256)) * 8, (pages_kept.VARIES,), '"x"')
        kept.put(state, "page", page)
        assert kept._bytes == 2048
        form = kept.packed("page", page)
        assert kept._bytes == 2048 + len(form.body) == page.size


class TestAFile:
    def test_bears_its_content_in_its_name_and_may_be_kept_for_a_year(self, public, visitor: Reader):
        page = visitor.get("/de/cases/C001").text
        names = sorted(set(re.findall(r'"(/static/[^"#]+)', page)))
        assert [it.split("/")[-1].split(".")[0] for it in names] == ["favicon", "map", "site"]
        for name in names:
            answer = visitor.call("GET", name, headers=PACKED)
            assert answer.status_code == 200 and answer.headers["Content-Security-Policy"]
            assert "max-age=31536000" in answer.headers["Cache-Control"]
            tag = answer.headers["ETag"]
            again = visitor.call("GET", name, headers={**PACKED, "If-None-Match": tag})
            assert (again.status_code, again.data) == (304, b"")
        packed = visitor.call("GET", names[-1], headers=PACKED)
        plain = visitor.call("GET", names[-1])
        assert gzip.decompress(packed.data) == plain.data
        assert packed.mimetype == "text/css"

    def test_of_another_content_has_another_name(self, visitor: Reader):
        assert visitor.call("GET", "/static/site.000000000000.css").status_code == 404

    def test_is_one_sheet_on_every_page_and_one_more_where_a_form_is_filled_in(self, public, visitor: Reader):
        for address, sheets in (("/", 1), ("/cases", 1), ("/cases/C001", 1), ("/nowhere", 1), ("/route", 2)):
            text = visitor.call("GET", address).text
            assert text.count('rel="stylesheet"') == sheets, address


class TestAShorterSheet:
    def test_lacks_comments_and_blanks_and_nothing_else(self):
        assert shorter(
            "/* why */\na:is(b, c) > d {\n  margin: 0 1px;\n}\n\n@media (x) and (y) { e { } }"
        ) == ("a:is(b,c) > d{margin: 0 1px;}@media (x) and (y){e{}}")

    @pytest.mark.parametrize("name", [*public_files.SHEET, public_files.PAPER, *public_files.MORE])
    def test_is_made_of_sheets_that_hold_no_text_it_would_change(self, name):
        style = public_files.COMMENT.sub("", (STATIC / "css" / f"{name}.css").read_text(encoding="utf-8"))
        for quoted in re.findall(r'"[^"\n]*"', style):
            assert shorter(f"a{quoted}b") == f"a{quoted}b", quoted


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("GZIP", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br;q=1.0", False),
    ],
)
def test_who_takes_a_compressed_answer_says_so(header, takes):
    assert takes_packed(header) is takes
