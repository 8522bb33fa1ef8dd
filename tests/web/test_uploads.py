"""Files on their way in: straight to the store, over a refusal, and gone when nothing came of them."""

import os
import resource
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.reader import Reader
from tracker import clock
from tracker.services import cases, evidence, updates
from tracker.storage.arriving import STALE

Desk = Callable[[str], Reader]
NEW_UPDATE, NEW_EVIDENCE = "/desk/cases/C001/updates/new", "/desk/cases/C001/evidence/new"
UPDATE_FORM = f"{NEW_UPDATE}?filing=C001-01"
LETTER = b"%PDF-1.7 " + b"a letter of several pages " * 50_000


@pytest.fixture
def on_the_way(app: Flask) -> Callable[[], list[Path]]:
    """Give the temporary files of the store."""
    folder = app.config["TRACKER"].evidence / "tmp"
    return lambda: sorted(folder.iterdir()) if folder.exists() else []


def update(**values: Any) -> dict[str, Any]:
    """Return an update as somebody would send it."""
    seen = {f"seen-{it.number}": it.version for it in cases.get_case("C001").filings}
    typed = {"filings": ["C001-01"], "step": "acknowledged", "day": "2024-06-20", "do": "record"}
    return {**typed, "actor": "DSB (Austria)", "words": "Receipt confirmed.", **seen, **values}


class TestAFile:
    def test_is_written_to_the_store_and_nowhere_else(
        self, case, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def elsewhere(*args: Any, **values: Any) -> Any:
            raise AssertionError("A temporary file outside the store.")

        monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", elsewhere)
        desk("advocate").post(NEW_EVIDENCE, {"files": (BytesIO(LETTER), "letter.pdf")})
        assert [it.stored.bytes for it in evidence.exhibits(case.id)] == [len(LETTER)]


class TestAFormThatIsRefused:
    def test_keeps_its_files_when_somebody_else_was_first(self, case, desk: Desk, on_the_way) -> None:
        reader = desk("advocate")
        mine = update(files=(BytesIO(LETTER), "letter.pdf"))
        reader.post(NEW_UPDATE, update(step="information", words="Mine."), form=UPDATE_FORM)
        page = reader.post(NEW_UPDATE, mine, form=UPDATE_FORM, status=409).text
        assert "letter.pdf, 1.2 MiB" in page and len(on_the_way()) == 1
        again = {**update(), "files-aside": on_the_way()[0].name}
        again[f"files-aside-{on_the_way()[0].name}"] = "letter.pdf"
        reader.post(NEW_UPDATE, again, form=UPDATE_FORM)
        [exhibit] = evidence.exhibits(case.id)
        assert (exhibit.original_name, exhibit.stored.bytes) == ("letter.pdf", len(LETTER))
        assert on_the_way() == []

    def test_sends_them_along_as_its_page_stands(self, case, desk: Desk, on_the_way) -> None:
        reader = desk("advocate")
        wrong = {"files": (BytesIO(LETTER), "Schreiben „1“.pdf"), "obtained_on": "2099-01-01"}
        page = reader.post(NEW_EVIDENCE, wrong, status=422)
        sent = {**reader.filled(page.text), "obtained_on": ""}
        reader.post(NEW_EVIDENCE, sent)
        assert [it.original_name for it in evidence.exhibits(case.id)] == ["Schreiben „1“.pdf"]

    def test_leaves_out_what_is_not_ticked(self, case, desk: Desk) -> None:
        reader = desk("advocate")
        wrong = {"files": (BytesIO(LETTER), "wrong.pdf"), "obtained_on": "2099-01-01"}
        sent = reader.filled(reader.post(NEW_EVIDENCE, wrong, status=422).text)
        del sent["files-aside"]
        sent |= {"obtained_on": "", "files": (BytesIO(b"right"), "right.txt")}
        reader.post(NEW_EVIDENCE, sent)
        assert [it.original_name for it in evidence.exhibits(case.id)] == ["right.txt"]

    def test_keeps_the_good_files_beside_an_empty_one(self, case, desk: Desk) -> None:
        reader = desk("advocate")
        both = {"files": [(BytesIO(b"good"), "good.txt"), (BytesIO(b""), "empty.txt")]}
        page = reader.post(NEW_EVIDENCE, both, status=422).text
        assert "empty.txt: The file is empty" in page and "good.txt, 4 bytes" in page
        assert evidence.exhibits(case.id) == []

    @pytest.mark.parametrize("wrong", [{"words": ""}, {"do": "all"}, {"day": "2099-01-01"}])
    def test_names_a_file_that_cannot_be_kept_whatever_else_is_wrong(
        self, case, desk: Desk, wrong: dict[str, str]
    ) -> None:
        sent = update(files=[(BytesIO(b""), "decision.pdf"), (BytesIO(b"good"), "good.txt")], **wrong)
        page = desk("advocate").post(NEW_UPDATE, sent, form=UPDATE_FORM, status=422).text
        assert "decision.pdf: The file is empty" in page and "good.txt, 4 bytes" in page

    def test_takes_no_more_files_than_it_can_name_again_and_says_how_many_are_left(
        self, case, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tracker.web.uploads.MOST_FILES", 3)
        five = {"files": [(BytesIO(f"{it}".encode()), f"{it}.txt") for it in range(5)]}
        page = desk("advocate").post(NEW_EVIDENCE, five, status=422).text
        assert "3 files go at once: choose the other 2 again afterwards." in page
        assert "2.txt, 1 byte" in page and "3.txt" not in page

    def test_says_so_when_a_file_has_waited_for_too_long(self, case, desk: Desk, on_the_way) -> None:
        reader = desk("advocate")
        wrong = {"files": (BytesIO(LETTER), "letter.pdf"), "obtained_on": "2099-01-01"}
        sent = reader.filled(reader.post(NEW_EVIDENCE, wrong, status=422).text)
        then = (clock.now() - STALE * 2).timestamp()
        os.utime(on_the_way()[0], (then, then))
        reader.post("/desk/cases/C001/evidence/new", {"files": (BytesIO(b"other"), "other.txt")})
        assert on_the_way() == []  # the next upload clears it away
        page = reader.post(NEW_EVIDENCE, {**sent, "obtained_on": ""}, status=422).text
        assert "letter.pdf is not there any more: choose it again." in page

    @pytest.mark.parametrize("part", ["../secrets/session.key", "0" * 32, "x" * 5000, ""])
    def test_takes_no_other_file_of_the_server(self, case, desk: Desk, part: str) -> None:
        sent = {"files-aside": part, f"files-aside-{part}": "key.txt"}
        page = desk("advocate").post(NEW_EVIDENCE, sent, status=422).text
        assert "is not there any more" in page and evidence.exhibits(case.id) == []


class TestManyFiles:
    def test_hold_one_of_them_open_at_a_time(self, app: Flask, case, desk: Desk) -> None:
        reader = desk("advocate")
        reader.get(NEW_EVIDENCE)
        many = {"files": [(BytesIO(f"letter {it}".encode()), f"{it}.txt") for it in range(200)]}
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/dev/fd")) + 60, before[1]))
        try:
            reader.post(NEW_EVIDENCE, many)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert len(evidence.exhibits(case.id)) == 200


class TestAnUploadThatDoesNotEnd:
    def test_leaves_nothing_behind(self, app: Flask, case, desk: Desk, on_the_way) -> None:
        reader = desk("advocate")
        token = reader.token(NEW_EVIDENCE)
        begin = (
            f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'
            'Content-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
        ).encode()
        answer = reader.call(
            "POST",
            NEW_EVIDENCE,
            input_stream=BytesIO(begin + LETTER),
            headers={"Content-Type": "multipart/form-data; boundary=b"},
            content_length=10 * len(LETTER),
        )
        assert answer.status_code == 400
        assert on_the_way() == [] and evidence.exhibits(case.id) == []

    def test_of_a_stranger_is_not_even_begun(self, app: Flask, case, on_the_way) -> None:
        Reader(app).call("POST", NEW_EVIDENCE, data={"files": (BytesIO(LETTER), "letter.pdf")})
        assert on_the_way() == []


class TestAnUpdateOnSeveralFilings:
    def test_has_its_file_with_the_entry(self, case, desk: Desk) -> None:
        numbers = ["C001-01", "C001-02"]
        sent = update(filings=numbers, files=(BytesIO(LETTER), "letter.pdf"))
        desk("advocate").post(NEW_UPDATE, sent, form=UPDATE_FORM)
        [exhibit] = evidence.exhibits(case.id)
        assert exhibit.update_id == updates.protocol(case.id)[-1].id and exhibit.filing_id is None
