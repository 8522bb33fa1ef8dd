"""The protocol at the desk, put into what its template shows: what is in force, and what it replaced."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate, groupby
from types import MappingProxyType
from typing import Any

from flask import url_for

from tracker.reference import tables
from tracker.rules.decisions import MAY_DECIDE
from tracker.rules.standing import kind_label
from tracker.services import silence_marks
from tracker.services.silence_marks import Marks
from tracker.services.updates_lines import Line
from tracker.web.desk.procedure_rows import NAMED, Remark
from tracker.web.jinja import show_moment

Tag = tuple[str, str | None]


def protocol_rows(
    lines: Sequence[Line],
    number: str,
    exhibits: Iterable[Any],
    names: Mapping[str, str],
    *,
    filings: int,
    here: Any = None,
    remarks: Mapping[int, Sequence[Remark]] = MappingProxyType({}),
    marks: Mapping[int, Marks] = MappingProxyType({}),
    decided: Mapping[int, Sequence[int]] | None = None,
) -> list[dict[str, Any]]:
    """Return the lines of the protocol of a case as rows.

    `filings` is how many the case has; `here` is the filing on whose page the rows stand: it is not named on
    each of them, but a line whose newest entry left it out says so. `remarks` are what stands under entries
    in force, by number; `marks` are what people said of entries, by key, and `decided` the numbers of the
    decisions that came in through an entry, by its key.
    """
    proofs: dict[int, list[Any]] = defaultdict(list)
    for it in exhibits:
        proofs[it.update_id].append(it)
    said = _said_once(lines, names)
    rows = []
    for line, recorded in zip(lines, said, strict=True):
        it = line.entry
        entry = entry_row(it, number, proofs[it.id], filings=filings, here=here, recorded=recorded)
        entry["remarks"] = remarks.get(it.number, ())
        entry["marked"] = silence_marks.words(marks.get(it.id, silence_marks.NONE), names)
        if decided is not None:
            said_of = decided.get(it.id, ())
            entry["tags"] += [(f"Decision {each}", url_for("desk.decision", key=each)) for each in said_of]
            words = {it.kind, *(each.step or "" for each in it.filings)}
            entry["decide"] = not said_of and bool(words & MAY_DECIDE)
        entry["tags"] += [
            (f"Ex. {proof.exhibit}, of entry {each.number}", _exhibit(number, proof))
            for each in line.replaced
            for proof in proofs[each.id]
        ]
        replaced = [
            entry_row(each, number, proofs[each.id], filings=filings, recorded=told)
            for each in line.replaced
            for told in [f"{_recorded(each, names)}."]
        ]
        rows.append(
            {
                "month": it.day.rule,
                "entry": entry,
                "replaced": replaced,
                "corrects": line.replaced[0].number if line.replaced else None,
                "by": [it.number, *(each.number for each in line.replaced[:-1])],
                "left_out": here is not None and all(link.filing_id != here.id for link in it.filings),
                "correctable": bool(it.filings),
                "markable": bool(it.filings) and it.actor_slug is not None,
            }
        )
    return rows


def entry_row(
    entry: Any,
    number: str,
    exhibits: Iterable[Any],
    *,
    filings: int,
    here: Any = None,
    recorded: str | None = None,
) -> dict[str, Any]:
    """Return one entry with its title in words and its tags: filings and exhibits, each with an address."""
    steps, kinds = tables.steps(), tables.event_kinds()
    named = sorted((it.filing.position, it.filing.number) for it in entry.filings)
    tags: list[Tag] = []
    if 1 < filings == len(named):
        tags = [(f"all {filings} filings", None)]
    else:
        others = [each for _, each in named if here is None or each != here.number]
        tags = [(each, url_for("desk.filing", number=each)) for each in others[:NAMED]]
        tags += [(f"and {len(others) - NAMED} more", None)] if len(others) > NAMED else []
    tags += [(f"Ex. {it.exhibit}", _exhibit(number, it)) for it in exhibits]
    return {
        "it": entry,
        "title": steps[entry.kind].label if entry.kind in steps else kind_label(entry.kind, kinds),
        "tags": tags,
        "recorded": recorded,
        "remarks": (),
        "marked": "",
        "decide": False,
    }


def _exhibit(number: str, exhibit: Any) -> str:
    return url_for("desk.exhibit", number=number, exhibit=exhibit.exhibit)


def _recorded(entry: Any, names: Mapping[str, str]) -> str:
    return f"Recorded {show_moment(entry.recorded_at)} by {names.get(entry.recorded_by, entry.recorded_by)}"


def _said_once(lines: Sequence[Line], names: Mapping[str, str]) -> list[str | None]:
    """Return for each line who recorded it and when, said by the first of those that came in together."""

    # Under an entry that replaced others something else stands below: there a run of lines ends.
    ends = accumulate([0, *(1 if it.replaced else 0 for it in lines)])
    runs = {id(line): number for line, number in zip(lines, ends, strict=False)}

    def minute(line: Line) -> tuple[datetime, str, int]:
        moment = line.entry.recorded_at.replace(second=0, microsecond=0)
        return moment, line.entry.recorded_by, runs[id(line)]

    said: list[str | None] = []
    for _, together in groupby(lines, key=minute):
        run = list(together)
        more = len(run) - 1
        below = ", like the entry below" if more == 1 else f", like the {more} entries below" if more else ""
        said += [f"{_recorded(run[0].entry, names)}{below}.", *[None] * more]
    return said
