"""The packaged table of periods, every cell checked."""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TypeVar

from tracker.errors import BadFile, RuleBroken
from tracker.reference import calendars, tables
from tracker.reference.places import countries
from tracker.reference.tables import Row, by_code
from tracker.rules.calendars import INSTITUTIONS
from tracker.rules.counting_national import Way
from tracker.rules.lengths import Length
from tracker.rules.periods import (
    BY_LAW,
    CONDITIONS,
    OWING,
    PAUSES,
    PERHAPS,
    SHOWN,
    Kind,
    Period,
    Regime,
    Start,
    Sure,
    Unheard,
)
from tracker.rules.running import RULES_VERSION

FILE = "periods.csv"
COLUMNS = (
    "id", "regime", "chapter", "state", "kind", "basis", "label", "owes", "starts", "received", "length",
    "longest", "extension", "extension_basis", "notice", "once", "unheard", "distance", "pause", "place",
    "way", "met", "only", "moot", "sure", "source", "effect", "note", "doubt",
)  # fmt: skip
CHAPTERS = frozenset({"II", "III", "IV", "V", "VI"})
Word = TypeVar("Word")
_ID = re.compile(r"[A-Z]+[0-9]*(-[A-Z]+)?")


@cache
def periods() -> Mapping[str, Period]:
    """Return the periods of the law by id, in the order of the table."""
    return periods_from(tables.rows(FILE, COLUMNS), tables.steps())


@cache
def version() -> str:
    """Return by what deadlines are computed: rules, periods, calendars. Another one may move days."""
    table = hashlib.sha256((tables.FOLDER / FILE).read_bytes()).hexdigest()[:8]
    return f"rules {RULES_VERSION}, periods {table}, {calendars.version()}"


def periods_from(lines: Collection[Row], steps: Collection[str]) -> Mapping[str, Period]:
    """Return the periods in the lines of a table; all that they name must exist. Raises BadFile."""
    made = by_code(lines, "id", lambda row: _period(row, steps))
    for row in lines:
        for name in made[row["id"]].start.ends:
            if name not in made:
                raise row.fault("starts", f"no such period: {name}")
    return made


def _period(row: Row, steps: Collection[str]) -> Period:
    if not _ID.fullmatch(row["id"]):
        raise row.fault("id", "must be as G1, P15 or AT-BVWG")
    start = Start.parse(row["starts"])
    if unknown := (start.steps | start.otherwise) - set(steps):
        raise row.fault("starts", f"no such step: {', '.join(sorted(unknown))}")
    regime = _member(row, "regime", Regime)
    state = row["state"] or None
    if (regime is Regime.NATIONAL) != (state is not None) or (state and state not in countries()):
        raise row.fault("state", "a national period, and no other, names its state")
    if (regime is Regime.PROCEDURAL) != (row["chapter"] in CHAPTERS):
        raise row.fault("chapter", "a period of Reg 2025/2518, and no other, names its chapter")
    if bool(row["extension"]) != bool(row["extension_basis"]) or (row["notice"] and not row["extension"]):
        raise row.fault("extension", "a period that can be extended, and no other, names the basis of that")
    places = {*OWING, INSTITUTIONS, *countries()}
    return Period(
        id=row["id"],
        regime=regime,
        chapter=row["chapter"] or None,
        state=state,
        kind=_member(row, "kind", Kind),
        basis=row.needed("basis"),
        label=row.needed("label"),
        owes=row.one_of("owes", OWING),
        start=start,
        received=row.flag("received"),
        length=_length(row, "length"),
        longest=_length(row, "longest"),
        extension=_length(row, "extension"),
        extension_basis=row["extension_basis"],
        notice=None if row["notice"] == BY_LAW else _length(row, "notice"),
        by_law=row["notice"] == BY_LAW,
        once=row.flag("once"),
        unheard=frozenset(_members(row, "unheard", Unheard)),
        distance=_length(row, "distance"),
        pauses=_named(row, "pause", PAUSES),
        place=row.one_of("place", places),
        way=_member(row, "way", Way),
        met=_meeting(row, "", steps),
        shown=_meeting(row, SHOWN, steps),
        perhaps=_meeting(row, PERHAPS, steps),
        only=_named(row, "only", CONDITIONS),
        moot=_named(row, "moot", steps),
        sure=_member(row, "sure", Sure),
        source=row.needed("source"),
        effect=row["effect"],
        note=row["note"],
        doubt=row["doubt"],
    )


def _member(row: Row, field: str, words: Callable[[str], Word]) -> Word:
    try:
        return words(row[field])
    except ValueError as error:
        raise row.fault(field, f"“{row[field]}” is not one of the words that may stand there") from error


def _members(row: Row, field: str, words: Callable[[str], Word]) -> list[Word]:
    """Return the words of a cell, which is empty or "no" where there are none."""
    try:
        return [words(it) for it in row[field].split() if it != "no"]
    except ValueError as error:
        raise row.fault(field, f"“{row[field]}” is not made of the words that may stand there") from error


def _length(row: Row, field: str) -> Length | None:
    try:
        return Length.parse(row[field]) if row[field] else None
    except RuleBroken as refusal:
        raise BadFile(row.fault(field, str(refusal)).faults) from refusal


def _meeting(row: Row, how: str, steps: Collection[str]) -> frozenset[str]:
    """Return the steps that meet it: after `how` ("shown:", "perhaps:"), else those without such a word."""
    found: set[str] = set()
    for word in row["met"].split():
        before, colon, named = word.rpartition(":")
        if before + colon == how:
            found.update(named.split(","))
        elif colon and before + colon not in (SHOWN, PERHAPS):
            raise row.fault("met", f"unknown: {before}")
    if unknown := found - set(steps):
        raise row.fault("met", f"unknown: {', '.join(sorted(unknown))}")
    return frozenset(found)


def _named(row: Row, field: str, known: Collection[str]) -> frozenset[str]:
    found = frozenset(row[field].split())
    if unknown := found - set(known):
        raise row.fault(field, f"unknown: {', '.join(sorted(unknown))}")
    return found
