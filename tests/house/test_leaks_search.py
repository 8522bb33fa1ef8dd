"""The search of the leak test is tried itself: it finds a mark however it is written, and nothing else."""

import hashlib

import pytest

from tests.leaks import files
from tests.leaks.marks import Marks
from tests.leaks.searching import ENCODINGS, Search, leaks

MARK = "canary00042x"
SEARCH = Search(
    frozenset({MARK, "canary00043x"}), {f"https://{MARK}.example/": MARK}, {b"a file": "canary00043x"}
)


class TestAMark:
    @pytest.mark.parametrize("way", ENCODINGS)
    def test_is_found_however_it_is_written(self, way):
        assert MARK in SEARCH.find(ENCODINGS[way](MARK))

    @pytest.mark.parametrize("way", [it for it in ENCODINGS if not it.startswith(("zip", "gzip", "UTF"))])
    def test_is_found_in_the_middle_of_something(self, way):
        assert MARK in SEARCH.find('<p title="Ü: '.encode() + ENCODINGS[way](MARK) + b'">and more</p>')

    def test_is_found_where_only_a_part_of_it_is_left(self):
        assert set(SEARCH.find(b"Something of canary0004 ...")) == {"canary0004"}
        assert leaks(SEARCH.find(b"canary0004"), {"canary00051x"}) == {"canary0004": {"as it is"}}
        assert leaks(SEARCH.find(b"canary0004"), {MARK}) == {}

    def test_is_found_by_the_hash_of_what_it_stands_in(self):
        whole = hashlib.sha256(f"https://{MARK}.example/".encode()).hexdigest()
        assert set(SEARCH.find(f'ETag: "{whole[:20]}"'.encode())) == {MARK}
        assert set(SEARCH.find(hashlib.md5(b"a file", usedforsecurity=False).hexdigest().encode())) == {
            "canary00043x"
        }

    def test_is_found_in_every_place_of_a_file_that_holds_it_open(self):
        marks = Marks()
        for name, content in files.files(marks):
            found = set(Search(frozenset(marks.of)).find(name.encode() + b" " + content))
            of_it = {
                it for it, what in marks.of.items() if what.startswith(f"file {name.rpartition('.')[2]},")
            }
            missing = {marks.of[it] for it in of_it - found - set(Search(frozenset()).find(content))}
            # What a PDF and a mail write in a way of their own are the names of what is attached.
            assert all("attached, name" in it for it in missing), missing


class TestWhatIsNoMark:
    def test_is_not_found(self):
        pages = (
            b"<p>canaries</p>",
            b"a canary",
            "Ünsere &amp; %20 \\u00e4 =41".encode(),
            bytes(range(256)) * 9,
        )
        assert [it for page in pages for it in SEARCH.find(page) if len(it) > len("canary")] == []
