"""The page on the procedure says what the tables say: each of its tables is made from them, and compared."""

from pathlib import Path

import pytest

from tests.house.test_docs import table
from tracker.reference import tables
from tracker.rules.procedure import FIRST_ACTORS, FIRST_BASIS, FIRST_STAGE
from tracker.rules.procedure_guards import PARTIES, Effect

PAGE = Path(__file__).resolve().parents[2] / "docs/procedure.md"
EFFECTS = {
    Effect.IMPOSSIBLE: "cannot have happened",
    Effect.REFUSED: "needs a note",
    Effect.REMARK: "is remarked",
}


def whose(actors):
    """Return whose act a step may be, in words."""
    return ", ".join("anybody" if it == "any" else PARTIES[it] for it in actors)


def codes(listed):
    """Return codes in the order of the table, as the page has them."""
    order = [*tables.stages(), *tables.steps()]
    return " ".join(f"`{it}`" for it in sorted(listed, key=order.index))


def stages():
    """Return the table of stages: code, words, what shows it, who acts, basis, what may follow."""
    for it in tables.stages().values():
        step = tables.steps().get(it.code)
        actors, basis = (step.actors, step.basis) if step else (FIRST_ACTORS, FIRST_BASIS)
        assert step or it.code == FIRST_STAGE
        follows = f"{codes(it.next)}{', or the stage before' if it.resumes else ''}".removeprefix(", or ")
        follows += f"; where it leads itself {codes(it.next_here)}" if it.next_here else ""
        yield [f"`{it.code}`", it.label, it.evidence, whose(actors), basis, follows or "nothing"]


def besides():
    """Return the table of steps that leave the stage as it is: code, words, who acts, basis."""
    for it in tables.steps().values():
        if it.stage is None:
            yield [f"`{it.code}`", it.label, whose(it.actors), it.basis]


def guards():
    """Return the table of guards: code, steps, from which stages, effect, basis, words."""
    for it in tables.guards().values():
        steps = "all of the one-stop shop" if it.code == "one_stop_shop" else codes(it.steps)
        yield [f"`{it.code}`", steps, codes(it.stages) or "any", EFFECTS[it.effect], it.basis, it.words]


def flags():
    """Return the table of flags: code, words, what begins and ends it, basis."""
    for it in tables.flags().values():
        over = f", or after {it.lapses.words}" if it.lapses else ""
        yield [f"`{it.code}`", it.label, codes(it.begins), f"{codes(it.ends)}{over}", it.basis]


def kinds():
    """Return the table of kinds of events: kind, words, the step that it is."""
    for it in tables.event_kinds().values():
        step = "depends on route and fine" if it.kind == "decision" else f"`{it.step}`"
        yield [f"`{it.kind}`", it.label, step]


def written(rows):
    """Return rows as the page has them: without what ends a cell."""
    return [[cell.replace("|", "/") for cell in row] for row in rows]


@pytest.mark.parametrize("made", [stages, besides, guards, flags, kinds], ids=lambda it: it.__name__)
def test_the_page_has_every_row_of_the_tables_and_no_other(made):
    """A row that is missing stands in the message as it has to be written."""
    page = table(PAGE.read_text(encoding="utf-8"))
    rows = written(made())
    missing = ["| " + " | ".join(it) + " |" for it in rows if it not in page]
    assert missing == []
    at = page.index(rows[0])
    assert page[at : at + len(rows)] == rows, "in the order of the table"
    following = page[at + len(rows) : at + len(rows) + 1]
    assert not following or following[0] in HEADINGS, "what is no row of the table any more"


HEADINGS = [
    ["stage", "words", "shown by", "whose act", "basis", "may be followed by"],
    ["step", "words", "whose act", "basis"],
    ["guard", "steps", "from", "what it does", "basis", "words"],
    ["flag", "words", "begins with", "ends with", "basis"],
    ["kind", "words", "step"],
]
