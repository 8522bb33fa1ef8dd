"""The catalogues of the public pages hold all that the pages say and nothing else, in every language."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
OTHERS = ("de", "fr")
SLOT = re.compile(r"%\([a-z_]+\)[sd]")


def tool() -> ModuleType:
    """Return the script that gathers the words."""
    spec = importlib.util.spec_from_file_location("words_of_pages", ROOT / "scripts" / "words.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WORDS = tool()
SAID = WORDS.gathered()


def ids(catalogue) -> set[object]:
    return {it.id for it in catalogue if it.id}


def texts(message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def slots(text: str) -> list[str]:
    return sorted(SLOT.findall(text))


@pytest.mark.parametrize("code", OTHERS)
class TestACatalogue:
    def test_has_what_the_pages_say_and_nothing_that_they_say_no_more(self, code: str) -> None:
        kept = ids(WORDS.read(code))
        assert ids(SAID) - kept == set(), "run make words"
        assert kept - ids(SAID) == set(), "run make words"

    def test_translates_all_of_it(self, code: str) -> None:
        kept = WORDS.read(code)
        assert [it.id for it in kept if it.id and not all(WORDS.strings(it.string))] == []
        assert [it.id for it in kept if it.fuzzy and it.id] == []
        assert not kept.obsolete

    def test_fills_the_same_slots(self, code: str) -> None:
        for it in WORDS.read(code):
            if not it.id:
                continue
            english, told = texts(it), WORDS.strings(it.string)
            assert len(told) == (2 if len(english) == 2 else 1), it.id
            for one in told:
                # "1 filing" has its number in words in some languages, and other slots in all of them.
                assert slots(one) in [slots(each) for each in english], (it.id, one)

    def test_is_kept_as_the_tool_writes_it(self, code: str) -> None:
        assert WORDS.file_of(code).read_text(encoding="utf-8") == WORDS.written(WORDS.renewed(code), code)

    def test_does_not_ask_politely_and_does_not_shout(self, code: str) -> None:
        told = [one for it in WORDS.read(code) if it.id for one in WORDS.strings(it.string)]
        assert [it for it in told if re.search(r"!|\bbitte\b|s’il vous pla|veuillez", it, re.I)] == []


def test_every_message_names_what_it_fills_in() -> None:
    """A translator has to know what stands in a slot, and may need another order."""
    unnamed = re.compile(r"(?<!%)%(?!\(|%)")
    assert [it.id for it in SAID if it.id and any(unnamed.search(one) for one in texts(it))] == []


def test_no_word_stands_within_another_string_where_it_is_not_gathered():
    within = re.compile(r"""\bf["'].*\{(?:n?gettext|_|N_)\(""")
    files = {file for pattern in WORDS.CODE for file in ROOT.glob(pattern)}
    found = [
        f"{it.name}: {line.strip()}"
        for it in files
        for line in it.read_text().splitlines()
        if within.search(line)
    ]
    assert files and found == []
