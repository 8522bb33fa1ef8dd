"""Who supervises cookies and terminal equipment (Art 5(3) Directive 2002/58), state by state: eprivacy.csv.

Medium confidence: national law changes, and each row says whether a person has to look.
"""

from collections.abc import Collection, Mapping
from functools import cache

from tracker.reference.tables import Row, by_code, rows
from tracker.rules.routing.directory import TerminalAuthority
from tracker.rules.territory import MEMBERSHIPS

COLUMNS = ("state", "authority", "name", "by_place", "certain", "basis", "note")


@cache
def terminal_authorities() -> Mapping[str, TerminalAuthority]:
    """Return the authority by state; a state that is not in the table is not known."""
    return terminal_authorities_from(rows("eprivacy.csv", COLUMNS))


def terminal_authorities_from(lines: Collection[Row]) -> Mapping[str, TerminalAuthority]:
    """Return the authorities in the lines of a table. Raises BadFile."""
    states = frozenset(state for it in MEMBERSHIPS for state in it.states)

    def make(row: Row) -> TerminalAuthority:
        row.one_of("state", states)
        by_place = row.flag("by_place")
        if sum((bool(row["authority"]), bool(row["name"]), by_place)) != 1:
            raise row.fault("authority", "must be given, or else a name, or else by_place: one of the three")
        return TerminalAuthority(
            slug=row["authority"] or None,
            name=row["name"] or None,
            by_place=by_place,
            certain=row.flag("certain"),
            basis=row.needed("basis"),
            note=row["note"],
        )

    return by_code(lines, "state", make)
