"""The packaged table of what each step means for each measure, every cell checked."""

from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType

from tracker.errors import BadFile
from tracker.reference import tables
from tracker.reference.tables import Row, by_code
from tracker.rules.measures import Meaning, Means, Measure
from tracker.rules.procedure import Step

FILE = "measures.csv"
COLUMNS = ("step", *(it.value for it in Measure))
#: Groups of steps that move a filing; each of these has a row, so that none is forgotten.
GROUPS = frozenset({"running", "finished"})


@cache
def meanings() -> Mapping[Measure, Means]:
    """Return, for each measure, the steps that mean something for it."""
    return meanings_from(tables.rows(FILE, COLUMNS), tables.steps())


@cache
def kinds() -> Mapping[str, str]:
    """Return the step of every kind of entry that means something for a measure; events count as theirs."""
    steps = {step for means in meanings().values() for step in means}
    events = {kind: it.step for kind, it in tables.event_kinds().items()}
    all_of_them = {**{step: step for step in steps}, **events}
    return MappingProxyType({kind: step for kind, step in all_of_them.items() if step in steps})


def meanings_from(lines: Collection[Row], steps: Mapping[str, Step]) -> Mapping[Measure, Means]:
    """Return the meanings in the lines of a table; it has every step that moves a filing. Raises BadFile."""
    read = by_code(lines, "step", lambda row: {it: row.member(it.value, Meaning) for it in Measure})
    wanted = {code for code, it in steps.items() if it.group in GROUPS}
    faults = [f"{FILE}: step: “{it}” moves no filing" for it in read if it not in wanted]
    faults += [f"{FILE}: step: “{it}” has no row" for it in sorted(wanted - set(read))]
    if faults:
        raise BadFile(faults)
    return MappingProxyType(
        {
            measure: MappingProxyType({step: it for step, row in read.items() if (it := row[measure])})
            for measure in Measure
        }
    )
