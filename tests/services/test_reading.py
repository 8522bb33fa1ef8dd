"""Files that cannot be read: one clear line with the place, nothing half-written, however they were made."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.campaigns import FACTS, a_campaign, a_file, real_cases, refused, take_in_text
from tracker.errors import BadFile
from tracker.rules.access import SHELL
from tracker.services import imports, reading

ANY_DATA = st.recursive(
    st.none() | st.booleans() | st.text(), lambda each: st.lists(each) | st.dictionaries(st.text(), each)
)
#: Ten lists that each repeat the one before ten times: ten thousand million things when written out.
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{place}: &a{place} [{', '.join([f'*a{place - 1}'] * 10)}]\n" for place in range(1, 10)
)


def sound() -> str:
    """Return a sound file as YAML, into which a test puts a fault."""
    return yaml.safe_dump(a_file(a_campaign()), sort_keys=False)


@pytest.mark.usefixtures("app")
class TestAFileThatCannotBeRead:
    @pytest.mark.parametrize(
        ("text", "name", "line"),
        [
            pytest.param(
                "[" * 10000,
                "f.yaml",
                "line 1: text: is nested more than 100 levels deep",
                id="deep YAML",
            ),
            pytest.param(
                "- " * 10000,
                "f.yaml",
                "line 1: text: is nested more than 100 levels deep",
                id="deep list",
            ),
            pytest.param(
                "[" * 10000,
                "f.json",
                "file: whole: is nested more than 100 levels deep",
                id="deep JSON",
            ),
            pytest.param(
                '{"a":' * 500 + "1" + "}" * 500,
                "f.json",
                "file: whole: is nested more than 100 levels deep",
                id="complete deep JSON",
            ),
            pytest.param(
                BOMB,
                "f.yaml",
                "line 6: text: the file unfolds to more than 1,000,000 things here; split it",
                id="alias bomb",
            ),
            pytest.param(
                "a: &a [*a]",
                "f.yaml",
                "line 1: text: *a repeats what is not complete before it",
                id="loop",
            ),
            pytest.param("a: 1\x00", "f.yaml", "line 1: text: holds a NUL byte; remove it", id="NUL byte"),
            pytest.param(
                "\n\na\x00",
                "f.json",
                "line 3: text: holds a NUL byte; remove it",
                id="NUL byte in JSON",
            ),
            pytest.param(
                'a: "\\0"',
                "f.yaml",
                "file: a: Character 1 of the text, U+0000, cannot be kept: remove it.",
                id="NUL in YAML",
            ),
            pytest.param(
                '{"a": "x\\u0000"}',
                "f.json",
                "file: a: Character 2 of the text, U+0000, cannot be kept: remove it.",
                id="NUL in JSON",
            ),
            pytest.param(
                '{"a": ["\\ud800"]}',
                "f.json",
                "file: a, entry 1: Character 1 of the text, U+D800, cannot be kept: remove it.",
                id="lone surrogate in JSON",
            ),
            pytest.param(
                '{"\\ud800": 1}',
                "f.json",
                "file: �: holds a character that no key may have",
                id="in a key",
            ),
            pytest.param(
                b"a: \xff",
                "f.yaml",
                "line 1: text: is not UTF-8; save the file in that encoding",
                id="Latin-1",
            ),
            pytest.param("a: 1\na: 2", "f.yaml", "file: a: stands here twice", id="a key twice"),
            pytest.param(
                '{"a": 1, "a": 2}',
                "f.json",
                "file: a: stands here twice",
                id="a key twice in JSON",
            ),
            pytest.param(
                '{"c": [{"id": "x", "a": 1, "a": 2}]}',
                "f.json",
                "x: a: stands here twice",
                id="a key twice in a thing of JSON",
            ),
            pytest.param(
                "a: 1".encode("utf-16"),
                "f.yaml",
                "line 1: text: is UTF-16, not UTF-8; save the file in that encoding",
                id="UTF-16",
            ),
            pytest.param("", "f.yaml", "file: whole: is empty", id="empty"),
            pytest.param(
                "--- 1\n--- 2",
                "f.yaml",
                "line 2: text: a second document begins here; put one in a file",
                id="two",
            ),
            pytest.param(
                "a: !!python/name:os.system x",
                "f.yaml",
                "line 1: text: the tag tag:yaml.org,2002:python/name:os.system is not read; remove it",
                id="a tag",
            ),
            pytest.param(
                "a: 1\nb: [1, 2\nc: 3",
                "f.yaml",
                "line 3: text: is not YAML: did not find expected ',' or ']' (column 2)",
                id="not YAML",
            ),
            pytest.param("{", "f.json", "line 1: text: is not JSON: ", id="not JSON"),
            pytest.param(
                '{"a": NaN}',
                "f.json",
                "file: whole: holds NaN, which is not a number",
                id="not a number",
            ),
            pytest.param(
                '{"a": 1e999}',
                "f.json",
                "file: whole: holds a number that is too large",
                id="infinite",
            ),
            pytest.param(
                '{"a": ' + "9" * 5000 + "}",
                "f.json",
                "file: whole: holds a number of 5,000 digits; at most 15 are possible",
                id="5,000 digits",
            ),
            pytest.param(
                "x" * (20 * 2**20 + 1),
                "f.yaml",
                "file: whole: is larger than 20 MiB; split it",
                id="too large",
            ),
            pytest.param(
                "[" + "[]," * 600000 + "1]",
                "f.json",
                "file: whole: holds more than 1,000,000 things; split it",
                id="too many things",
            ),
        ],
    )
    def test_is_told_in_one_line(self, text, name, line):
        (fault,) = refused(text, name)
        assert fault.startswith(f"{name}: {line}")

    def test_because_it_is_not_there_is_named(self, tmp_path):
        with pytest.raises(BadFile) as told:
            imports.import_file(tmp_path / "gone.yaml", "gone.yaml", by=SHELL)
        assert told.value.faults == ("gone.yaml: file: whole: cannot be read: No such file or directory",)


@pytest.mark.usefixtures("app")
class TestNorwayWithoutQuotes:
    def test_is_named_with_its_filing(self):
        text = sound().replace("country: FR", "country: NO")
        assert refused(text) == [
            "file.yaml: acme-2024-fr: country: NO without quotes is read as false by YAML: write 'NO'"
        ]

    def test_may_be_a_plain_no_where_one_can_be_meant(self):
        text = sound().replace("verified: true", "verified: NO")
        assert all(it.endswith("write false") for it in refused(text))

    def test_is_norway_with_them(self):
        text = sound().replace("country: FR", "country: 'NO'").replace("fr-cnil", "no-datatilsynet")
        assert take_in_text(text).filings == 2


class TestAWordWithoutQuotes:
    @pytest.mark.parametrize(
        ("word", "value"),
        [
            ("2024-06-06", "2024-06-06"),
            ("12:30", "12:30"),
            ("012", "012"),
            ("1_000", "1_000"),
            ("1e3", "1e3"),
            ("6(1)(f)", "6(1)(f)"),
            ("y", "y"),
            ("12", 12),
            ("-1.5", -1.5),
            ("true", True),
            ("null", None),
            ("~", None),
        ],
    )
    def test_is_a_text_unless_it_is_plainly_something_else(self, word, value):
        assert reading.read(f"a: {word}", "f.yaml").data == {"a": value}

    @pytest.mark.parametrize("word", ["yes", "No", "ON", "off"])
    def test_that_readers_disagree_about_is_refused(self, word):
        with pytest.raises(BadFile) as told:
            reading.read(f"- {word}", "f.yaml")
        assert f"{word} without quotes is read as" in told.value.faults[0]


def test_the_name_of_a_file_is_told_on_one_line():
    with pytest.raises(BadFile) as told:
        reading.read("", "a\nb.yaml")
    assert told.value.faults == ("a\ufffdb.yaml: file: whole: is empty",)


class TestAFileThatIsSound:
    def test_reads_as_any_reader_reads_it(self):
        assert reading.read(FACTS, "cases.yaml").data == real_cases()

    def test_may_repeat_itself(self):
        assert reading.read("a: &x [1, 2]\nb: *x", "f.yaml").data == {"a": [1, 2], "b": [1, 2]}

    def test_may_begin_with_a_byte_order_mark(self):
        assert reading.read(b"\xef\xbb\xbfa: 1", "f.yaml").data == {"a": 1}


class TestAnyFile:
    @given(st.one_of(st.text(), st.binary()), st.sampled_from(["f.yaml", "f.json"]))
    def test_is_read_or_refused_with_a_line(self, text, name):
        try:
            reading.read(text, name)
        except BadFile as bad:
            assert all(line.startswith(f"{name}: ") and line.isprintable() for line in bad.faults)

    @given(ANY_DATA)
    def test_of_json_that_is_read_says_what_the_file_says(self, data):
        try:
            read = reading.read(json.dumps(data), "f.json").data
        except BadFile:
            return
        assert reading.read(json.dumps(read), "f.json").data == read
