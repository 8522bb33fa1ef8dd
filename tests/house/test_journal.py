"""Every act that is written into the journal has words for whoever reads it."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.services import journal

ROOT = Path(__file__).parent.parent.parent


def acts(file: Path) -> Iterator[str]:
    """Yield every act that a file writes: as it stands in the call, or in a table that the call names."""
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "journal.note":
            act = call.args[0]
            if isinstance(act, ast.Subscript) and isinstance(act.value, ast.Name):
                module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
                yield from getattr(module, act.value.id).values()
            elif isinstance(act, ast.IfExp):
                yield from (ast.literal_eval(act.body), ast.literal_eval(act.orelse))
            else:
                yield ast.literal_eval(act)


FILES = [it for it in sorted((ROOT / "tracker").rglob("*.py")) if "journal.note(" in it.read_text("utf-8")]


class TestTheJournal:
    @pytest.mark.parametrize("file", FILES, ids=lambda it: it.name)
    def test_has_words_for_every_act_of(self, file: Path):
        written = set(acts(file))
        assert written
        assert written <= journal.ACTS.keys(), "give these words in tracker/services/journal.py"

    def test_has_words_that_nobody_could_take_for_a_code(self):
        assert len(FILES) > 5
        assert all(" " in words or words.isalpha() for words in journal.ACTS.values())
        assert len(set(journal.ACTS.values())) == len(journal.ACTS)
