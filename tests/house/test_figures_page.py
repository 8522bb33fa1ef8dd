"""The page on the figures says what the program counts: each of its tables is made from it, and compared."""

from pathlib import Path

import pytest

from tests.house.test_docs import table
from tracker.reference import measures, tables
from tracker.rules.measures import (
    FEWEST,
    FEWEST_CASES,
    MIDDLE,
    RECORDED,
    LeftOut,
    Meaning,
    Measure,
    Silent,
)
from tracker.rules.positions import Position
from tracker.web.public_figures import COLUMNS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/figures.md").read_text(encoding="utf-8")
ROWS = table(PAGE)


def first_cells(heading):
    """Return the codes in the first column of the table that begins with a heading."""
    start = next(place for place, row in enumerate(ROWS) if row[0] == heading)
    rows = ROWS[start + 1 :]
    end = next((place for place, row in enumerate(rows) if not row[0].startswith("`")), len(rows))
    return [row[0].strip("`") for row in rows[:end]]


def test_has_every_step_with_its_meaning_for_each_measure():
    made = []
    for row in tables.rows(measures.FILE, measures.COLUMNS):
        means = (measures.meanings()[it].get(row["step"]) for it in Measure)
        made.append([f"`{row['step']}`", *(it.value if it else "" for it in means)])
    written = [row for row in ROWS if row[0].strip("`") in tables.steps() and len(row) == len(made[0])]
    assert written == made


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("measure", [it.value for it in Measure]),
        ("reason", [it.value for it in LeftOut]),
        ("column", list(COLUMNS)),
    ],
)
def test_explains_each_word_of_the_figures_and_no_other(heading, codes):
    assert first_cells(heading) == codes


def test_explains_each_position_of_a_filing():
    assert sorted(first_cells("position")) == sorted(it.value for it in Position)


def test_explains_each_meaning_of_a_step():
    assert [it.value for it in Meaning if f"- `{it.value}`: " not in PAGE] == []


def test_says_below_what_there_is_no_figure():
    assert f"Fewer than {FEWEST} filings" in PAGE and f"the {MIDDLE}th, counts" in PAGE
    assert f"filings of fewer than {FEWEST_CASES} cases" in PAGE
    assert RECORDED == 0.5, "the page says that most have to be recorded"
    assert [it.value for it in Silent if f"`{it.value}`" not in PAGE] == []


class TestATableOfMeanings:
    def test_without_a_step_that_moves_a_filing_is_refused(self):
        lines = [it for it in tables.rows(measures.FILE) if it["step"] != "appeal"]
        with pytest.raises(measures.BadFile, match="“appeal” has no row"):
            measures.meanings_from(lines, tables.steps())

    def test_with_a_step_that_moves_none_is_refused(self):
        steps = {code: it for code, it in tables.steps().items() if code != "appeal"}
        with pytest.raises(measures.BadFile, match="“appeal” moves no filing"):
            measures.meanings_from(tables.rows(measures.FILE), steps)

    def test_gives_imported_events_the_meaning_of_their_step(self):
        assert measures.kinds()["transfer_to_lead"] == "forwarded"
        assert measures.kinds()["decision"] == "decided"
        assert "reminder" not in measures.kinds()
