"""What of a protocol does not follow by the procedure: read from what happened, and refused to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.rules.procedure import FIRST_STAGE, Fault, Hindrance, Procedure, Step
from tracker.rules.procedure_guards import Setting
from tracker.rules.standing import Entry, Standing, course, that_count


@dataclass(frozen=True, slots=True)
class Irregularity:
    """An entry that is out of order. `after` is the number of the entry that it does not follow from.

    That is 0 for a lodging of which no entry tells, and None where nothing came before. `words` say it in one
    or two sentences, `short` as it is said under the entry itself, `basis` is the law.
    """

    number: int
    after: int | None
    step: str
    fault: Fault
    basis: str
    words: str
    short: str


@dataclass(frozen=True, slots=True)
class Remarked:
    """Something to know of an entry that is in order."""

    number: int
    basis: str
    words: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """An entry with where the filing stood before it, and the entry that had led there."""

    entry: Entry
    step: Step
    before: Standing
    led_there: Entry | None


def irregularities(entries: Sequence[Entry], procedure: Procedure, setting: Setting) -> list[Irregularity]:
    """Return what is out of order in a filing, in the order in which it happened.

    A step that cannot follow the one before, one that could if others came between (they may be missing in
    our record only), one that a guard speaks against, a decision of an authority that cannot adopt it.
    Whether each has a note that says why it is recorded is for others to know.
    """
    found = []
    for it in _taken(entries, procedure):
        stage, history = it.before.stage, it.before.history
        if it.step.code == "lodged" and "lodged" not in history:
            continue  # what comes before the lodging is out of order, and not the lodging
        hindrance = procedure.hindrance(stage, it.step.code, setting, history=history, day=it.entry.day)
        hindrance = hindrance or procedure.wrong_authority(stage, it.step.code, setting, it.entry.actor)
        if hindrance:
            words, short = _told(it, hindrance, procedure)
            found.append(
                Irregularity(
                    number=it.entry.number,
                    after=it.led_there.number if it.led_there else None,
                    step=it.step.code,
                    fault=hindrance.fault,
                    basis=hindrance.basis,
                    words=words,
                    short=short,
                )
            )
    return found


def remarks(entries: Sequence[Entry], procedure: Procedure, setting: Setting) -> list[Remarked]:
    """Return what is to be known of the entries of a filing besides, in the order in which they happened."""
    return [
        Remarked(it.entry.number, remark.basis, remark.words)
        for it in _taken(entries, procedure)
        for remark in procedure.remarks(it.before.stage, it.step.code, setting, day=it.entry.day)
    ]


def named(entry: Entry, procedure: Procedure) -> str:
    """Return an entry as it is cited: "entry 3, “Receipt confirmed”, on 1 July 2024"."""
    return f"{_number(entry)}, “{procedure.steps[entry.step or ''].label}”, {entry.day.when}"


def _taken(entries: Sequence[Entry], procedure: Procedure) -> list[_Taken]:
    """Return the entries that are steps of the table."""
    counting, stood = that_count(entries), course(entries, procedure)
    found: list[_Taken] = []
    led_there: Entry | None = None
    for entry, before in zip(counting, stood, strict=False):
        step = procedure.steps.get(entry.step or "")
        if step is None:
            continue
        found.append(_Taken(entry, step, before, led_there))
        if procedure.moves(step.code):
            led_there = entry
    return found


def _told(it: _Taken, hindrance: Hindrance, procedure: Procedure) -> tuple[str, str]:
    """Return in words what is out of order, with the entry itself and as it is said under it."""
    this = named(it.entry, procedure)
    opened = f"{this[:1].upper()}{this[1:]}"
    if hindrance.words:
        return f"{opened}: {hindrance.words[:1].lower()}{hindrance.words[1:]}", hindrance.words
    if it.led_there is None:
        before = "the lodging" if it.before.stage == FIRST_STAGE else "what it follows from"
        return f"{opened} comes before {before}.", f"Comes before {before}."
    then, number = named(it.led_there, procedure), _number(it.led_there)
    if hindrance.fault is Fault.GAP:
        words = f"{opened} does not follow from {then}: what came between is not on record."
        return words, f"What came between {number} and this one is not on record."
    return f"{opened} cannot follow {then}.", f"Cannot follow {number}."


def _number(entry: Entry) -> str:
    return f"entry {entry.number}" if entry.number else "the lodging"
