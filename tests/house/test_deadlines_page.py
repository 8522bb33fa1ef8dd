"""The page on counting says what the rules do: every way, with its provisions."""

from pathlib import Path

import pytest

from tests.house.test_docs import table
from tracker.reference.calendars import corrections
from tracker.rules.ways_of_counting import LAWS, Law, Moves, Way

PAGE = Path(__file__).resolve().parents[2] / "docs/deadlines.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = {row[0].strip("`"): row[1:] for row in table(TEXT)}
MOVES = {Moves.YES: "yes: ", Moves.DOUBTFUL: "taken to, in doubt: ", Moves.NOT_ASSUMED: "not assumed: "}


def short(text: str) -> str:
    return text.replace("European Convention on the Calculation of Time-Limits (ETS 76)", "ETS 76")


class TestTheWaysOnThePage:
    def test_are_those_of_the_rules(self):
        assert set(LAWS) == set(Way) - {Way.REGULATION_1182_71}
        assert {it.value for it in LAWS} <= set(ROWS)

    @pytest.mark.parametrize("way", LAWS, ids=[it.value for it in LAWS])
    def test_have_the_same_provisions(self, way: Way):
        law: Law = LAWS[way]
        name, day, move, besides = ROWS[way.value]
        assert name == law.name
        assert day == short(f"{law.start}; {law.end}")
        assert move == short(MOVES[law.moves] + law.move)
        for it in (*law.closed, *law.doubtful):
            assert it.name in besides
        for basis in (law.august_basis, law.two_basis, law.from_the_end, law.clear):
            assert basis in besides


class TestTheTableOfCorrectionsOnThePage:
    def test_has_the_same_columns_and_actions(self):
        for column in corrections()[0]:
            assert f"`{column}`" in TEXT
        for action in ("add", "remove", "doubt"):
            assert f"`{action}`:" in TEXT
