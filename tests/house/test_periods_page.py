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
    Regime.ANY: "Whatever the law",
}
HEADER = (
    "| id | provision | what | who | from | how long | when it is missed | how sure |",
    "|---|---|---|---|---|---|---|---|",
)


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
    if "unlisted" in it.only:
        long = "as the law of the state says"
    more = "".join(
        [
            extension(it),
            f" and {it.distance.words}" if it.distance else "",
            "; stands still in cooperation" if "cooperation" in it.pauses else "",
            "; stands still while the Board decides on the scope" if "scope" in it.pauses else "",
            "; stands still during an early resolution" if "early" in it.pauses else "",
        ]
    )
    who = "we" if it.own else OWING[it.owes]
    missed = it.effect or "nothing that the law names"
    cells = (it.id, it.basis, it.label, who, began(it.start), long + more, missed, SURE_WORDS[it.sure])
    return f"| {' | '.join(cells)} |"


def extension(it: Period) -> str:
    """Return how much longer a period can be, and by when that has to be said."""
    if it.extension is None:
        return ""
    once = " once" if it.once else ""
    notice = f", told {it.notice.words} its end" if it.notice else ""
    return f", {it.extension.words} more at most{once}{notice} ({it.extension_basis})"


def began(start: Start) -> str:
    """Return from what a period runs, in words."""
    if start.ends:
        more = ", also where that was done in time" if start.done else ""
        return f"end of {' or '.join(start.ends)}{' with its extension' if start.extended else more}"
    words = ["lodging"] if start.lodging else []
    known = steps()
    words += [known[code].label for code in sorted(start.steps, key=list(known).index)]
    if start.otherwise:
        shown = " or ".join(known[code].label for code in sorted(start.otherwise, key=list(known).index))
        words.append(f"where that is not on record: {shown}, by the lead")
    return "; ".join(words) or "begun by hand"


def test_the_page_of_periods_has_a_row_for_each_and_says_the_same() -> None:
    there = PAGE.read_text(encoding="utf-8").splitlines()
    missing = [it for it in tables() if it.startswith("| ") and it not in there]
    assert missing == []
    rows = [it for it in there if it.startswith("| ") and it not in HEADER]
    assert len(rows) == len(periods())
