"""Evidence at the desk: kept, listed with what it belongs to, downloaded as an attachment."""

from collections.abc import Callable
from io import BytesIO

import pytest

from tests.reader import Reader
from tests.web.conftest import words_of
from tracker.services import evidence, journal

Desk = Callable[[str], Reader]


class TestEvidence:
    def test_is_sent_as_an_attachment_that_runs_nothing(self, case, desk: Desk):
        reader = desk("advocate")
        data = {
            "files": (BytesIO(b"<script>alert(1)</script>"), 'x"; <img onerror=1>.html'),
            "title": "A page",
        }
        reader.post("/desk/cases/C001/evidence/new", data)
        reader.get("/desk/cases/C001/evidence/1")
        answer = reader.get("/desk/cases/C001/evidence/1/file")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype == "application/octet-stream"
        assert answer.data == b"<script>alert(1)</script>"

    def test_keeps_the_same_content_twice_as_one_file_and_two_exhibits(self, case, desk: Desk, settings):
        reader = desk("advocate")
        for name in ("one.txt", "two.txt"):
            reader.post("/desk/cases/C001/evidence/new", {"files": (BytesIO(b"the same"), name)})
        assert [it.exhibit for it in evidence.exhibits(case.id)] == [1, 2]
        assert len([it for it in settings.evidence.rglob("*") if it.is_file()]) == 1

    def test_may_be_much_larger_than_a_form(self, case, desk: Desk):
        size = 3 << 20
        desk("advocate").post("/desk/cases/C001/evidence/new", {"files": (BytesIO(b"x" * size), "big.bin")})
        assert evidence.exhibits(case.id)[0].stored.bytes == size

    def test_cannot_have_been_obtained_on_a_day_that_has_not_come(self, case, desk: Desk):
        data = {"files": (BytesIO(b"x"), "x.txt"), "obtained_on": "2099-01-01"}
        page = desk("advocate").post("/desk/cases/C001/evidence/new", data, status=422).text
        beside = page.split('id="obtained_on-error"')[1].split("</p>")[0]
        assert "1 January 2099 has not come yet." in beside
        assert evidence.exhibits(case.id) == []

    def test_says_that_a_file_is_required(self, case, desk: Desk):
        page = desk("advocate").get("/desk/cases/C001/evidence/new").text
        assert "required" in page.split('for="files"')[1].split("</label>")[0]

    @pytest.mark.parametrize(
        ("to", "back"),
        [
            ("", "/desk/cases/C001#evidence"),
            ("?filing=C001-02", "/desk/filings/C001-02#evidence"),
            ("?entry=1", "/desk/cases/C001#entry-1"),
        ],
    )
    def test_leads_back_to_where_it_belongs(self, case, desk: Desk, to: str, back: str):
        data = {"files": (BytesIO(b"x"), "x.txt")}
        assert desk("advocate").post("/desk/cases/C001/evidence/new" + to, data).location == back

    @pytest.mark.parametrize(
        "query", ["filing=C001-99", "filing=C002-01", "entry=7", "entry=²", "entry=" + "1" * 5000]
    )
    def test_is_not_kept_for_what_is_not_there(self, case, desk: Desk, query: str):
        reader = desk("advocate")
        assert reader.call("GET", f"/desk/cases/C001/evidence/new?{query}").status_code == 404

    def test_says_to_what_it_belongs_what_it_is_and_how_it_was_called(self, case, desk: Desk):
        reader = desk("advocate")
        for name, to in (("one.pdf", "?filing=C001-02"), ("two.pdf", "?entry=1"), ("three.pdf", "")):
            data = {"files": (BytesIO(b"%PDF-1.7 " + name.encode()), name), "title": "Letter of the DPC"}
            reader.post("/desk/cases/C001/evidence/new" + to, data)
        table = words_of(reader.get("/desk/cases/C001").text).split("Exhibits Exhibit")[1]
        for words in (
            "Ex. 1, custody record of Letter of the DPC Letter of the DPC one.pdf PDF document 16 bytes",
            " C001-02 not recorded",
            " entry 1 not recorded",
            " the case as a whole not recorded",
        ):
            assert words in table
        assert "download Letter" not in table
        record = words_of(reader.get("/desk/cases/C001/evidence/1").text)
        assert "Belongs to C001-02" in record and "PDF document application/pdf" in record
        assert "Size 16 bytes SHA" not in record and "Size 16 bytes Type" in record

    def test_is_downloaded_without_a_day_until_which_it_may_be_kept(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post("/desk/cases/C001/evidence/new", {"files": (BytesIO(b"x"), "x.txt")})
        answer = reader.get("/desk/cases/C001/evidence/1/file")
        assert "Expires" not in answer.headers and answer.headers["Cache-Control"] == "no-store"

    def test_was_not_downloaded_by_whoever_asked_for_its_headers(self, case, desk: Desk):
        reader = desk("advocate")
        reader.post("/desk/cases/C001/evidence/new", {"files": (BytesIO(b"abc"), "x.txt")})
        answer = reader.call("HEAD", "/desk/cases/C001/evidence/1/file")
        assert (answer.status_code, answer.content_length, answer.data) == (200, 3, b"")
        assert [it.act for it in journal.about("C001")] == ["evidence.keep", "case.open"]

    @pytest.mark.parametrize("fault", ["damaged", "missing"])
    def test_that_cannot_be_read_gets_a_page_that_says_so(self, case, desk: Desk, settings, fault: str):
        reader = desk("advocate")
        reader.post("/desk/cases/C001/evidence/new", {"files": (BytesIO(b"abc"), "x.txt")})
        [path] = [it for it in settings.evidence.rglob("*") if it.is_file()]
        path.unlink()
        if fault == "damaged":
            path.write_bytes(b"abd")
        page = reader.get("/desk/cases/C001/evidence/1/file", 500).text
        assert fault in page and "tracker verify" in page
        assert "evidence.open" not in [it.act for it in journal.about("C001")]

    def test_says_so_when_no_file_was_chosen(self, case, desk: Desk):
        page = desk("advocate").post("/desk/cases/C001/evidence/new", {"title": "x"}, status=422).text
        assert "Choose at least one file." in page
