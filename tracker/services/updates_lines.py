"""The protocol as it is read: each line is an entry in force, with those whose place it took below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.models import Update
from tracker.rules.protocol import in_place


@dataclass(frozen=True, slots=True)
class Line:
    """An entry that nothing corrects, and what it corrects: newest first, down to the first of all."""

    entry: Update
    replaced: tuple[Update, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of all entries of the line."""
        return (self.entry.number, *(it.number for it in self.replaced))

    def names(self, filing_id: int) -> bool:
        """Return whether any entry of the line names the filing."""
        return any(it.filing_id == filing_id for each in (self.entry, *self.replaced) for it in each.filings)


def lines_of(entries: Sequence[Update]) -> list[Line]:
    """Return every entry of a case in its line, what is in force in the order of protocol.in_place."""
    by_id = {it.id: it for it in entries}
    corrected = {it.corrects_id for it in entries}
    lines, told = [], set()
    for entry in entries:
        if entry.id in corrected:
            continue
        replaced, older = [], by_id.get(entry.corrects_id or 0)
        while older is not None and older.id not in told:
            told.add(older.id)
            replaced.append(older)
            older = by_id.get(older.corrects_id or 0)
        lines.append(Line(entry, tuple(replaced)))
    by_entry = {it.entry.id: it for it in lines}
    return [by_entry[it.id] for it in in_place([it.entry for it in lines], within=entries)]


def of_filing(lines: Sequence[Line], filing_id: int) -> list[Line]:
    """Return the lines about one filing, also those whose newest entry does not name it any more."""
    return [it for it in lines if it.names(filing_id)]


def of_the_whole(lines: Sequence[Line]) -> int:
    """Return how many entries in force concern the case as a whole."""
    return sum(not it.entry.filings for it in lines)
