"""The preview: the very bytes that will be public, in every language, and nothing of them anywhere else."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from tests.publishing import answered, clear, told
from tests.reader import Reader
from tracker import clock
from tracker.db import db, transaction
from tracker.models import PublishedCase
from tracker.rules.access import SHELL
from tracker.services import cases, cases_texts, publication

Desk = Callable[[str], Reader]
PAGE = "/desk/cases/C001/publication"
PREVIEW = f"{PAGE}/preview"
BANNER = re.compile(r'<aside class="notice".*?</aside>', re.S)
PATHS = ("/cases/C001", "/de/cases/C001", "/fr/cases/C001", "/filings/C001-01", "/de/filings/C001-02")


@pytest.fixture
def proposed(case, monkeypatch: pytest.MonkeyPatch) -> int:
    """C001 proposed, with an entry for the public; the clock stands still."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    with transaction():
        told("C001-01", "acknowledged", date(2024, 6, 20), "at-dsb", public="It is <here> & read.")
    with transaction():
        found = cases.get_case("C001")
        made = publication.propose(found, publication.default_content(found), note="", by=SHELL)
        return made.id


def bare(page: str) -> str:
    """Return a previewed page without its banner, with its links as they are in public."""
    return BANNER.sub("", page).replace(PREVIEW, "")


class TestAPreview:
    @pytest.mark.parametrize("path", PATHS)
    def test_is_the_page_that_will_be_public(self, proposed, desk: Desk, visitor: Reader, path: str):
        editor = desk("editor")
        before = editor.get(f"{PREVIEW}{path}").text
        assert "Preview." in before and "It is &lt;here&gt; &amp; read." in before or "C001-02" in path
        editor.post(f"/desk/publications/{proposed}", answered(), form=PAGE)
        assert bare(before) == visitor.get(path).text

    def test_makes_nothing_public(self, proposed, desk: Desk, visitor: Reader):
        desk("reader").get(f"{PREVIEW}/cases/C001")
        visitor.get("/cases/C001", 404)
        assert db.session.scalars(sa.select(PublishedCase)).all() == []

    def test_is_kept_by_nobody_and_runs_nothing(self, proposed, desk: Desk):
        headers = desk("reader").get(f"{PREVIEW}/cases/C001").headers
        assert headers["Cache-Control"] == "no-store" and "ETag" not in headers
        policy = headers["Content-Security-Policy"]
        assert "script-src" not in policy and "default-src 'none'" in policy

    def test_brings_its_own_style(self, proposed, desk: Desk):
        reader = desk("reader")
        assert reader.call("GET", f"{PREVIEW}/static/css/public.css").mimetype == "text/css"

    def test_follows_what_is_proposed_now(self, proposed, desk: Desk):
        reader = desk("reader")
        assert "C001-03" in reader.get(f"{PREVIEW}/cases/C001").text
        with transaction():
            found = cases.get_case("C001")
            content = publication.content_of(found, filings=["C001-01"], updates=[1])
            publication.propose(found, content, note="", by=SHELL)
        text = reader.get(f"{PREVIEW}/cases/C001").text
        assert "C001-03" not in text and "It is" not in text
        reader.get(f"{PREVIEW}/filings/C001-03", 404)

    @pytest.mark.parametrize("path", ["/cases", "/cases/C002", "/about", "/cases/C0011", "/de/cases", "/x"])
    def test_has_no_page_of_anything_else(self, proposed, desk: Desk, path: str):
        desk("reader").get(f"{PREVIEW}{path}", 404)

    def test_leads_from_its_start_to_the_case(self, proposed, desk: Desk):
        answer = desk("reader").call("GET", f"{PREVIEW}/")
        assert answer.status_code == 302 and answer.location.endswith(f"{PREVIEW}/cases/C001")

    def test_is_not_there_where_nothing_is_proposed(self, case, desk: Desk):
        clear("C001")
        desk("reader").get(f"{PREVIEW}/cases/C001", 404)

    def test_is_linked_in_every_language(self, proposed, desk: Desk):
        text = desk("editor").get(PAGE).text
        for prefix in ("", "/de", "/fr"):
            assert f'href="{PREVIEW}{prefix}/cases/C001"' in text

    def test_shows_title_and_summary_of_the_language(self, proposed, desk: Desk):
        with transaction():
            found = cases.get_case("C001")
            texts = [cases_texts.NewText("de", "Auf Deutsch", "Worum es geht.")]
            cases_texts.write_texts(found, texts, seen={"de": 0}, by=SHELL)
            found = cases.get_case("C001")
            publication.propose(found, publication.default_content(found), note="", by=SHELL)
        reader = desk("reader")
        assert "Auf Deutsch" in reader.get(f"{PREVIEW}/de/cases/C001").text
        assert "Auf Deutsch" not in reader.get(f"{PREVIEW}/fr/cases/C001").text
