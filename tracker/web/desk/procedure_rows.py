"""How a filing went by the procedure, in the words of its page: what is out of order, what runs beside."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracker import clock
from tracker.reference.eurlex import parts
from tracker.rules import days
from tracker.rules.procedure import Fault
from tracker.rules.procedure_flags import Raised
from tracker.rules.procedure_order import Irregularity
from tracker.services.procedure import Walk

#: What is said under an entry: the shape of its mark, None for none, and the words.
Remark = tuple[str | None, str]
#: So many filings are named one by one, the others are counted.
NAMED = 12


def under_entries(walk: Walk) -> dict[int, list[Remark]]:
    """Return what stands under the entries of a filing, by number: what is out of order comes first."""
    found: dict[int, list[Remark]] = defaultdict(list)
    for it in walk.irregularities:
        found[it.number].append((None if it.fault is Fault.GAP else "warn", _under(it)))
    for remark in walk.remarks:
        found[remark.number].append((None, f"{remark.words} ({remark.basis})"))
    for raised in walk.flags:
        if raised.began:
            found[raised.began.number].append((None, f"Begins beside the procedure: {_named(raised)}."))
        if raised.ended:
            found[raised.ended.number].append((None, f"Ends beside the procedure: {_named(raised)}."))
    return found


def under_entries_of_case(
    walks: Mapping[int, Walk], numbers: Mapping[int, str], entries: Iterable[Any]
) -> dict[int, list[Remark]]:
    """Return what is out of order in the entries of a case, by number, with the filings where it is.

    `numbers` are those of the filings by id. What came between and is not on record stands on the pages of
    the filings, as it can be much; here only for an entry that has a note about it.
    """
    noted = {it.number for it in entries if it.irregular}
    told: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for filing, number in numbers.items():
        for it in walks[filing].irregularities:
            if it.fault is not Fault.GAP or it.number in noted:
                told[it.number][_under(it)].append(number)
    return {
        entry: [("warn", f"{_listed(where)}: {words}") for words, where in each.items()]
        for entry, each in told.items()
    }


def irregularity_rows(walk: Walk, entries: Iterable[Any]) -> list[dict[str, Any]]:
    """Return what is out of order in a filing as its page lists it, with the note of each entry."""
    notes = {it.number: it.irregular for it in entries}
    return [
        {
            "told": it.words.removeprefix(f"Entry {it.number}"),
            "basis": parts(it.basis),
            "note": notes.get(it.number),
            "number": it.number,
            "gap": it.fault is Fault.GAP,
        }
        for it in walk.irregularities
    ]


def flag_rows(flags: Sequence[Raised]) -> list[dict[str, Any]]:
    """Return what runs or ran beside the procedure as the page of a filing lists it."""
    return [
        {
            "label": it.flag.label,
            "basis": parts(it.flag.basis),
            "words": it.flag.words,
            "when": _when(it),
            "runs": it.runs(clock.today()),
            "entries": [each.number for each in (it.began, it.ended) if each],
        }
        for it in flags
    ]


def _when(raised: Raised) -> str:
    """Return from when to when: "since 14 July 2023, over on 14 October 2023 at the latest"."""
    began = f"since {raised.began.day.words}" if raised.began else "beginning not on record"
    if raised.ended:
        return f"{began}, ended {raised.ended.day.when}"
    if raised.lapses_on is None:
        return began
    over = "to end" if raised.runs(clock.today()) else "over"
    return f"{began}, {over} on {days.words(raised.lapses_on)} at the latest"


def _named(raised: Raised) -> str:
    return f"{raised.flag.label[:1].lower()}{raised.flag.label[1:]}"


def _listed(numbers: Sequence[str]) -> str:
    """Return the numbers of filings, of which many are counted."""
    more = len(numbers) - NAMED
    return ", ".join([*numbers[:NAMED], *([f"and {more} more"] if more > 0 else [])])


def _under(it: Irregularity) -> str:
    """Return what is out of order as it stands under the entry, with the law where that says more."""
    by_table = it.fault in (Fault.ORDER, Fault.GAP)
    return f"{it.short} ({it.basis})" if it.basis and not by_table else it.short
