"""Pieces of pages that are remembered, and words that are bound: a page says the same with and without."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from markupsafe import Markup

from tests.reader import Reader
from tracker import clock, config
from tracker.app import create_public_app
from tracker.db import PUBLIC, db
from tracker.web.templating import Pieces


@pytest.fixture
def demo(demo_home: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Reader]:
    """A reader of the public site of the demo, whose memory of whole pages holds nothing."""
    home = copytree(demo_home[0], tmp_path / "home")
    app = create_public_app(config.read({"TRACKER_HOME": str(home)}))
    app.extensions["pages_kept"]._most_pages = 0
    yield Reader(app)
    with app.app_context():
        db.session.remove()
        db.engines[PUBLIC].dispose()


def forget(reader: Reader) -> int:
    """Forget the pieces of every language; return how many there were."""
    environments = reader.app.extensions["languages"].values()
    found = sum(len(it.globals["pieces"]) for it in environments)
    for it in environments:
        it.globals["pieces"].forget()
    return found


def addresses(reader: Reader) -> list[str]:
    """Return pages that are made of pieces: cases and filings, with choices, in every language."""
    known = sorted(set(re.findall(r'href="/cases/(C[0-9]+)"', reader.get("/cases").text)))
    assert len(known) > 3
    paths = [f"/cases/{it}{query}" for it in known for query in ("", "?by=authority", f"?of={it}-01")]
    paths += [f"/filings/{it}-01" for it in known]
    return [f"{prefix}{it}" for prefix in ("", "/de", "/fr") for it in paths]


class TestAPageOfPieces:
    def test_says_the_same_as_one_that_is_made_anew(self, demo: Reader):
        pages = addresses(demo)
        remembered = {}
        for _ in range(2):
            remembered = {it: demo.call("GET", it).data for it in pages}
        assert forget(demo) > 100
        for it, data in remembered.items():
            assert demo.call("GET", it).data == data, it
            forget(demo)

    def test_tells_the_times_of_the_day_on_which_it_is_read(self, demo: Reader, monkeypatch):
        before = demo.get("/cases/C081").data
        later = clock.today().replace(year=clock.today().year + 2)
        monkeypatch.setattr(clock, "today", lambda: later)
        then = demo.get("/cases/C081").data
        forget(demo)
        assert demo.get("/cases/C081").data == then != before

    def test_links_to_where_the_site_is_mounted(self, demo: Reader):
        demo.get("/cases/C081")
        mounted = demo.call("GET", "/cases/C081", environ_overrides={"SCRIPT_NAME": "/register"}).text
        assert 'href="/filings/' not in mounted and 'href="/register/filings/C081-01"' in mounted


class TestTheMemoryOfPieces:
    @pytest.fixture
    def make(self, demo: Reader) -> Iterator[Callable[..., Markup]]:
        with demo.app.test_request_context("/"):
            yield lambda pieces, name, text: pieces.piece(name, caller=lambda: Markup(text))  # noqa: S704

    def test_makes_a_piece_once(self, make):
        pieces = Pieces()
        assert make(pieces, "one", "first") == make(pieces, "one", "second") == "first"
        assert make(pieces, "other", "second") == "second"

    def test_forgets_what_was_not_asked_for_while_it_filled_up(self, make):
        pieces = Pieces(most=8)
        for name in ("one", "two", "three", "four", "one", "five", "six", "seven"):
            make(pieces, name, name)
        assert make(pieces, "one", "anew") == "one" and make(pieces, "two", "anew") == "anew"

    @pytest.mark.parametrize("bounds", [{"most": 10}, {"most_bytes": 400}])
    def test_never_holds_more_than_it_may(self, make, bounds):
        pieces = Pieces(**bounds)
        for number in range(60):
            make(pieces, str(number), "x" * 40)
            assert len(pieces) <= 10

    def test_gives_readers_who_come_at_once_the_same(self, demo: Reader):
        pieces, found = Pieces(most=6), set()

        def read() -> None:
            with demo.app.test_request_context("/"):
                for number in range(200):
                    name = str(number % 5)
                    found.add((name, pieces.piece(name, caller=lambda name=name: Markup(name))))  # noqa: S704

        readers = [threading.Thread(target=read) for _ in range(4)]
        for it in readers:
            it.start()
        for it in readers:
            it.join()
        assert found == {(str(it), str(it)) for it in range(5)} and len(pieces) <= 6
