"""The page of periods for lawyers says what the table says, row by row."""

from collections.abc import Iterator
from pathlib import Path

from tracker.reference.periods import periods
from tracker.reference.tables import steps
from tracker.rules.periods import OWING, SURE_WORDS, Period, Regime, Start

PAGE = Path(__file__).resolve().parents[2] / "docs/periods.md"
HEADINGS = {
    Regime.GDPR: "The GDPR",
    Regime.PROCEDURAL: "Regulation (EU) 2025/2518",
    Regime.INSTITUTIONS: "Regulation (EU) 2018/1725",
    Regime.NATIONAL: "National law",
}
HEADER = ("| id | provision | what | who | from | how long | how sure |", "|---|---|---|---|---|---|---|")


def tables() -> Iterator[str]:
    """Give the lines of the page that come from the table."""
    for regime, heading in HEADINGS.items():
        yield from ("", f"## {heading}", "", *HEADER)
        yield from (line(it) for it in periods().values() if it.regime is regime)


def line(it: Period) -> str:
    """Return the row of a period."""
    long = it.length_words if it.length else "fixed by whoever asks" if it.own else "no number of days"
    if it.start.ends and not it.length:
        long = "until that end"
    more = "".join(
        [
            f", {it.extension.words} more at most" if it.extension else "",
            f" and {it.distance.words}" if it.distance else "",
            "; stands still in cooperation" if it.pause == "cooperation" else "",
            "; stands still while the Board decides on the scope" if it.pause == "scope" else "",
        ]
    )
    who = "we" if it.own else OWING[it.owes]
    cells = (it.id, it.basis, it.label, who, began(it.start), long + more, SURE_WORDS[it.sure])
    return f"| {' | '.join(cells)} |"


def began(start: Start) -> str:
    """Return from what a period runs, in words."""
    if start.ends:
        return f"end of {' or '.join(start.ends)}{' with its extension' if start.extended else ''}"
    words = ["lodging"] if start.lodging else []
    known = steps()
    words += [known[code].label for code in sorted(start.steps, key=list(known).index)]
    return "; ".join(words) or "begun by hand"


def test_the_page_of_periods_has_a_row_for_each_and_says_the_same() -> None:
    there = PAGE.read_text(encoding="utf-8").splitlines()
    missing = [it for it in tables() if it.startswith("| ") and it not in there]
    assert missing == []
    rows = [it for it in there if it.startswith("| ") and it not in HEADER]
    assert len(rows) == len(periods())
