"""A file of controllers at the desk: looked at first, then taken in, all of it or nothing."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from tests.builders import ANN
from tests.reader import Reader
from tests.services.test_controllers_import import a_file, only
from tests.web.conftest import words_of
from tracker.config import Settings
from tracker.db import transaction
from tracker.reference import controllers_file
from tracker.services import controllers
from tracker.services.controllers import NewController
from tracker.services.controllers_finding import how_many

Desk = Callable[[str], Reader]
IMPORT = "/desk/controllers/import"


def preview(reader: Reader, content: bytes, status: int = 200) -> str:
    """Upload a file and return the page that shows what it would bring."""
    return reader.post(IMPORT, {"files": (BytesIO(content), "those.csv")}, status=status).text


def confirm(reader: Reader, page: str, status: int = 303, **choices: str) -> str:
    """Confirm what a page shows, with choices, and return the answer."""
    return reader.post(IMPORT, {**reader.filled(page), **choices, "do": "take"}, status=status).text


@pytest.fixture
def waiting(settings: Settings) -> Callable[[], list[Path]]:
    """Give the temporary files of the store."""
    return lambda: [it for it in settings.evidence.rglob("*") if it.is_file()]


class TestAFileOfControllers:
    def test_is_shown_before_anything_is_stored(self, desk: Desk):
        shown = words_of(preview(desk("advocate"), a_file({}, {"slug": "b", "name": "B"})))
        assert "What those.csv would bring" in shown and "New controllers 2" in shown
        assert "Example SE" in shown and "Take in 2 new controllers" in shown
        assert how_many() == 0

    def test_is_taken_in_once_it_was_confirmed_and_leaves_nothing_behind(self, desk: Desk, waiting):
        reader = desk("advocate")
        page = preview(reader, a_file({}, {"slug": "b", "name": "B"}))
        assert len(waiting()) == 1
        confirm(reader, page)
        assert "2 controllers are new in the register." in reader.get("/desk/controllers").text
        assert how_many() == 2 and waiting() == []

    def test_creates_nothing_when_it_is_confirmed_twice(self, desk: Desk):
        reader = desk("advocate")
        page = preview(reader, a_file({}))
        confirm(reader, page)
        assert "is not there any more: choose it again." in confirm(reader, page, status=422)
        assert how_many() == 1
        again = preview(reader, a_file({}))
        assert "everything in this file is in the register already" in again and 'value="take"' not in again

    def test_can_be_all_of_the_packaged_one(self, desk: Desk):
        reader = desk("lawyer")
        page = preview(reader, controllers_file.packaged())
        assert len(page) < 300_000, "nobody waits for a page of 3,069 rows"
        confirm(reader, page)
        assert how_many() > 3_000
        listed = reader.get("/desk/controllers?text=zalando").text
        assert "Zalando SE" in listed

    def test_is_shown_once_more_where_the_register_was_changed_meanwhile(self, desk: Desk):
        reader = desk("advocate")
        page = preview(reader, a_file({}))
        with transaction():
            controllers.add_controller(NewController("Example SE", country="DE"), by=ANN)
        again = confirm(reader, page, status=409)
        assert "The register was changed meanwhile." in again and only().website is None
        confirm(reader, again)
        assert only().website == "https://www.example.de/" and how_many() == 1

    def test_shows_who_is_likely_the_same_and_takes_the_choice(self, desk: Desk):
        with transaction():
            key = controllers.add_controller(NewController("Example AG", country="DE"), by=ANN).id
        reader = desk("advocate")
        rows = a_file({}, {"slug": "b", "name": "Example GmbH", "web": "", "address": "Elsewhere"})
        page = preview(reader, rows)
        assert "Same name" in page and 'name="row-example"' in page and "it is Example AG" in page
        confirm(reader, page, **{"row-example": str(key), "row-b": "out"})
        assert how_many() == 1 and only().brands == ["Shop", "Other Shop"]

    @pytest.mark.parametrize("choice", ["17", "9" * 40, "x"])
    def test_cannot_be_told_that_a_row_is_somebody_who_is_not_there(self, desk: Desk, choice):
        reader = desk("advocate")
        page = preview(reader, a_file({}))
        answer = reader.call(
            "POST", IMPORT, data={**reader.filled(page), "row-example": choice, "do": "take"}
        )
        assert answer.status_code in (303, 422) and how_many() == (answer.status_code == 303)


class TestABadFile:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"a,b\n1,2\n", "missing: slug, name"),
            (a_file({"web": "javascript:alert(1)"}), "line 2: web: “javascript:alert(1)” is no web address"),
            (a_file({}, {}), "line 5: slug: “example” stands on line 2 already"),
            (a_file({"name": "Köln"}).decode().encode("latin-1"), "is not written in UTF-8"),
            (a_file({"name": "a\0b"}), "holds a NUL byte"),
            (b'"' + b"x" * 1_000_000, "cannot be read from here on"),
            (b"", "The file is empty"),
        ],
    )
    def test_is_told_what_is_wrong_and_stores_nothing(self, desk: Desk, waiting, content, words):
        page = preview(desk("advocate"), content, status=422)
        assert words in words_of(page) and "Nothing was taken in" in page
        assert how_many() == 0 and waiting() == []

    def test_of_10_megabytes_is_too_large(self, desk: Desk, waiting):
        page = preview(desk("advocate"), b"nonsense\n" * 1_200_000, status=413)
        assert "at most 8 MiB are read" in page and waiting() == []

    def test_is_one_that_was_not_chosen(self, desk: Desk):
        assert "Choose a file." in desk("advocate").post(IMPORT, {}, status=422).text

    def test_is_one_of_two(self, desk: Desk):
        files = [(BytesIO(a_file({})), f"{it}.csv") for it in "ab"]
        assert "One file goes at once" in desk("advocate").post(IMPORT, {"files": files}, status=422).text

    def test_has_faults_that_a_page_can_bear(self, desk: Desk):
        rows = a_file(*({"slug": "", "name": str(it)} for it in range(400)))
        page = preview(desk("advocate"), rows, status=422)
        assert len(re.findall("slug: is missing", page)) == 100 and "101 more are not listed here." in page


def test_who_may_not_change_the_register_takes_nothing_in(app, desk: Desk) -> None:
    for role in ("reader", "editor", "admin"):
        desk(role).get(IMPORT, 404)
    assert "Take in a file" not in desk("reader").get("/desk/controllers").text
