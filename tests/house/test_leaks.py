"""Nothing private reaches the public: every text of the private store is marked, and every public byte read.

The list of texts is made from the models and that of addresses from the app, so a new column or a new page is
covered without anybody thinking of it. A mark that comes out somewhere must be one of a field that may be
public, of a case that is.
"""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaks import office as offices
from tests.leaks import planting, reading, store
from tests.leaks.changes import KEPT, Changes
from tests.leaks.marks import UNMARKED
from tests.leaks.office import Office
from tests.leaks.reading import Answer
from tests.leaks.searching import leaks
from tracker.db import db

#: How many single changes are made, as `make leaks` makes them.
CHANGES = int(os.environ.get("TEST_CHANGES", "300"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The marked office, the same for all tests here: each leaves it as it was."""
    with offices.opened(Path(tmp_path_factory.mktemp("leaks"))) as found:
        yield found


@pytest.fixture(scope="module")
def seen(office: Office) -> dict[str, Answer]:
    """Every address of the public site, read once."""
    return reading.read(office.public)


@pytest.fixture(scope="module")
def some(office: Office, seen: dict[str, Answer]) -> dict[str, Answer]:
    """Some addresses of every kind, for what takes too long with all of them; `make leaks` takes all."""
    return reading.some_of_each(office.public, seen, 1)


@pytest.fixture(scope="module")
def looked(office: Office, some: dict[str, Answer]) -> planting.Looked:
    """What is found while a mark stands in every field that is cleared, and in every encoding."""
    return planting.look(office, [it for it in some if not it.startswith(("/de", "/fr", "/static/"))])


@pytest.fixture(scope="module")
def allowed(office: Office) -> set[str]:
    """The marks of what is cleared."""
    return offices.cleared() | offices.cleared_beside()


class TestEveryTextOfThePrivateStore:
    def test_has_a_mark_or_a_reason_to_have_none(self, office):
        assert offices.wanted_columns() - office.marks.columns() == set()
        assert "publications.note" in office.marks.columns()

    def test_that_has_none_is_there(self, office):
        for table, column in [*UNMARKED, *KEPT]:
            assert column in db.metadatas[None].tables[table].columns

    def test_is_marked_in_settings_and_files_too(self, office):
        assert offices.unmarked_settings(office) == set()
        kinds = {it.partition(",")[0] for it in office.marks.of.values() if it.startswith("file ")}
        assert kinds == {f"file {it}" for it in ("pdf", "docx", "xlsx", "jpg", "png", "eml", "txt")}


class TestThePublicSite:
    def test_is_read_whole(self, office, seen):
        assert reading.never_read(office.public, seen) == set(), (
            "Nothing that was read led there, and tests/leaks/reading.py knows no address that is answered."
        )
        assert {it.status for it in seen.values()} >= {200, 301, 400, 404, 410}
        for prefix in ("/cases/C001", "/de/cases/C001", "/fr/cases/C001"):
            assert seen[prefix].status == 200

    def test_shows_what_was_cleared_and_nothing_else(self, office, seen, allowed):
        search, shown = office.search(), set()
        for address, answer in seen.items():
            found = search.find(answer.whole)
            shown |= set(found)
            leaked = leaks(found, allowed)
            assert not leaked, f"{address} shows {leaked}: {office.told(leaked)}"
        missing = offices.cleared() - shown
        assert not missing, f"cleared, and nowhere to be read: {office.told(missing)}"

    def test_shows_nothing_else_in_any_other_way_of_asking(self, office, some, allowed):
        search = office.search()
        for asked, answer in reading.in_other_ways(office.public, some):
            leaked = leaks(search.find(answer.whole), allowed)
            assert not leaked, f"{asked} shows {leaked}: {office.told(leaked)}"
            method, _, address = asked.partition(" ")
            if method == "HEAD":
                assert (answer.status, answer.headers) == (some[address].status, some[address].headers)
                assert answer.body == b"", address
            assert answer.status < 500 and "Set-Cookie" not in dict(answer.headers), asked

    def test_finds_nothing_private_by_searching(self, office, allowed):
        private = sorted(set(office.marks.of) - allowed)
        for mark in private[::60]:
            # Only the word that was asked for is another.
            answer = reading.ask(office.public, f"/cases?text={mark}")
            never = reading.ask(office.public, "/cases?text=canary99999x")
            assert answer.body.replace(mark.encode(), b"canary99999x") == never.body, office.marks.of[mark]

    def test_says_nothing_of_a_fault(self, office, allowed, monkeypatch):
        def fail(*args: object, **values: object) -> None:
            raise RuntimeError(mark)

        mark = sorted(set(office.marks.of) - allowed)[0]
        monkeypatch.setitem(office.public.config, "PROPAGATE_EXCEPTIONS", False)
        monkeypatch.setattr(office.public, "logger", type("Quiet", (), {"error": lambda *_, **__: None})())
        for endpoint in ("public.case", "public.start"):
            monkeypatch.setitem(office.public.view_functions, endpoint, fail)
        for address in ("/cases/C001?by=fault", "/de/?sort=fault"):
            answer = reading.ask(office.public, address)
            assert answer.status == 500
            assert leaks(office.search().find(answer.whole), allowed) == {}

    def test_has_nothing_else_in_its_store(self, office, allowed):
        search, stored = office.search(), set()
        db.session.remove()
        rows = "\n".join(f"{name} {row}" for name, row in store.rows(office.settings)).encode()
        for name, content in [*store.files(office.settings), ("the rows", rows)]:
            found = search.find(content)
            stored |= set(found)
            leaked = leaks(found, allowed)
            assert not leaked, f"{name} holds {leaked}: {office.told(leaked)}"
        missing = allowed - stored
        assert not missing, f"cleared, and not in the store: {office.told(missing)}"


class TestWhatIsNotPublic:
    def test_looks_byte_for_byte_like_what_never_was(self, office):
        pairs = reading.pairs(office.marks.of, offices.cleared())
        tried = 0
        for part, argument, private, never in pairs:
            for one, other in reading.twins(office.public, part, argument, private, never):
                for method, known in (("GET", {}), ("HEAD", {}), ("GET", {"If_None_Match": '"x"'})):
                    answers = [reading.ask(office.public, it, method, **known) for it in (one, other)]
                    assert answers[0].whole == answers[1].whole, f"{one} is not as {other}"
                    assert answers[0].status == 404, one
                    tried += 1
        assert tried > 3 * 3 * len(pairs) - 1

    def test_is_no_choice_of_a_list(self, office):
        names = [it for it, what in office.marks.of.items() if what in ("controllers.name", "projects.slug")]
        for it in sorted(set(names) - offices.cleared()):
            for asked in ("controller", "project", "authority", "article", "stage"):
                one, other = (
                    reading.ask(office.public, f"/cases?{asked}={word}") for word in (it, "canary99999x")
                )
                assert one.body.replace(it.encode(), b"canary99999x") == other.body


class TestACaseThatWasWithdrawn:
    def test_was_public_at_many_addresses(self, office):
        public = {it for it, answer in office.former.items() if answer.status == 200}
        assert {
            f"{it}/{what}" for it in ("", "/de", "/fr") for what in ("cases/C003", "filings/C003-01")
        } <= public

    def test_is_gone_from_each_of_them(self, office):
        for address, answer in office.former.items():
            known = {"If_None_Match": dict(answer.headers).get("ETag", "")}
            for method in ("GET", "HEAD"):
                now = reading.ask(office.public, address, method, **known)
                if answer.status == 200:
                    assert now.status == 410, f"{method} {address}: {now.status}"
                assert now.status not in (200, 206, 304), f"{method} {address}: {now.status}"
                assert office.search().find(now.whole) == {}


class TestTheSearch:
    def test_knows_every_public_field(self, looked):
        assert looked.strange == set(), f"neither planted nor a code with a reason: {looked.strange}"

    def test_finds_a_mark_in_every_cleared_field(self, looked):
        assert {what for mark, what in looked.planted.items() if mark not in looked.stored} == set()
        missing = {what for mark, what in looked.planted.items() if mark not in looked.shown}
        assert missing <= set(planting.IN_THE_STORE_ONLY), missing

    def test_finds_a_mark_that_is_written_in_another_way(self, looked):
        assert {way for mark, way in looked.written.items() if mark not in looked.shown} == set()
        assert len(looked.written) > 30


class TestSingleChangesOfThePrivateStore:
    def test_leave_every_public_byte_as_it_was(self, office, some):
        before = set(store.rows(office.settings))
        fingerprint = store.fingerprint(office.settings)
        changes = Changes(office.marks)
        for made in itertools.islice(changes, CHANGES):
            offices.copy(directory=True)
            assert store.fingerprint(office.settings) == fingerprint, (
                f"{made} shows in {store.differing(before, office.settings)}"
            )
        assert len({*changes.made}) > CHANGES // 3
        again = reading.read(office.public, list(some))
        assert reading.differing(some, again) == [], f"after {changes.made}"
