"""What somebody should look at before a chronology leaves the house: likely slips, none of them a refusal."""

import re
from collections.abc import Iterator, Sequence

from tracker.services import chronology_missing
from tracker.services.chronology import Chronology
from tracker.services.chronology_steps import Step

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def to_look_at(it: Chronology) -> list[str]:
    """Return a sentence for everything that may say too much, or less than it seems."""
    everything = [each for step in it.steps for each in (step, *step.replaced)]
    found = [
        f"Entry {step.number} holds the e-mail address {address}: whose is it?"
        for step in everything
        for address in dict.fromkeys(_addresses(step))
    ]
    told = (
        (
            "Entry",
            [step.number for step in everything if not step.checked],
            "not checked against the source, and the document says so",
        ),
        (
            "Entry",
            [step.number for step in it.steps if step.replaced],
            "printed with what stood there before it was corrected, and so with any slip in that",
        ),
        (
            "Entry",
            [each.number for each in it.steps if each.irregular or each.because],
            "out of order, and the document says so with the note why it is recorded all the same",
        ),
        (
            "Exhibit",
            [each.number for each in it.exhibits if each.title is None],
            "printed without a title: the name of a file may name a person",
        ),
        (
            "Exhibit",
            [each.number for each in it.exhibits if each.source_note],
            "no more than a note about a web page: keep the page itself as evidence",
        ),
    )
    found += [f"{_named(what, numbers)} {words}." for what, numbers, words in told if numbers]
    return found + [*_left_out(it), *chronology_missing.missing(it)]


def _left_out(it: Chronology) -> Iterator[str]:
    """Say that entries about the case as a whole are left out: the other side has them too."""
    left = it.whole - it.whole_in
    if left == 1:
        yield "1 entry about the case as a whole is left out: look whether a court should know of it."
    elif left:
        yield f"{left} entries about the case as a whole are left out: look which a court should know of."


def _addresses(step: Step) -> Iterator[str]:
    for text in (step.words, step.actor, step.reference or ""):
        yield from EMAIL.findall(text)


def _named(what: str, numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"{what} {numbers[0]} is"
    ordered = [str(it) for it in sorted(numbers)]
    many = {"Entry": "Entries"}.get(what, f"{what}s")
    return f"{many} {', '.join(ordered[:-1])} and {ordered[-1]} are"
