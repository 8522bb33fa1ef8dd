"""What a proposal would change, in words, for the person who clears it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.models import Case
from tracker.reference import tables
from tracker.rules.days import words
from tracker.services.publication_fields import Content, completed
from tracker.services.publication_lines import DEADLINES, lines_of

#: Stands for filings in a first reading until they are counted.
FILINGS = "Filings"
#: What stands there before the deadlines of all of them.
OWED = "Deadlines of authorities"

#: How a line begins about a case that was never public.
FIRST = "For the first time"
#: How many changes a line names before it counts the rest.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing as it is public now and as it would be; lines of text, empty where there is nothing."""

    what: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Return whether clearing would change it."""
        return self.before != self.after


def compare(old: Content | None, new: Content | None) -> list[Compared]:
    """Return every field of the case, every filing, update, decision and so on, with both of its texts.

    `old` is what is public now, None for nothing; `new` None shows what a withdrawal takes away.
    """
    before, after = dict(lines_of(old)), dict(lines_of(new))
    order = list(after) + [it for it in before if it not in after]
    return [Compared(what, before.get(what, ""), after.get(what, "")) for what in order]


def first_reading(content: Content) -> list[tuple[str, str]]:
    """Return all that the public would read of a case of which nothing is public: (what, its text).

    Filings that differ only in their numbers and in where they were lodged stand together, so that whoever
    clears reads what they share once; so does what authorities owe in any of them.
    """
    found: list[tuple[str, str]] = []
    alike: dict[str, list[str]] = {}
    owed: list[str] = []
    for what, text in lines_of(content):
        if what.startswith(DEADLINES):
            if not owed:
                found.append((OWED, OWED))
            owed += [f"{what.removeprefix(DEADLINES).strip()}: {line}" for line in text.splitlines()]
            continue
        if not what.startswith("Filing "):
            found.append((what, text))
            continue
        lodged, _, rest = text.partition("\n")
        number = what.removeprefix("Filing ")
        if rest not in alike:
            found.append((FILINGS, rest))
        alike.setdefault(rest, []).append(f"{number}: {lodged}")
    return [
        (_counted(alike[text], "filing").capitalize(), "\n".join([*alike[text], text]))
        if what is FILINGS
        else (what, "\n".join(owed) if what is OWED else text)
        for what, text in found
        if text
    ]


def differences(old: Content | None, new: Content | None) -> list[Compared]:
    """Return what clearing would change, add or remove."""
    return [it for it in compare(old, new) if it.changed]


def in_short(old: Content | None, new: Content, withdrawn: datetime | None = None) -> str:
    """Return what clearing would change in one line: "Entry 3: Receipt confirmed; Filing C001-02".

    `withdrawn` is when a case of which nothing is public was withdrawn last, None where it never was.
    """
    new = completed(new)
    labels = {f"Entry {it['number']}": it["label"] for it in new["updates"]}
    if old is None:
        told = [_counted(new["filings"], "filing"), _counted(new["updates"], "entry")]
        told += [_counted(new[part], part[:-1]) for part in ("decisions", "hearings") if new[part]]
        when = f"Again, after it was withdrawn on {words(withdrawn.date())}" if withdrawn else FIRST
        return f"{when}: {', '.join(told)}"
    changed = differences(old, new)
    # Deadlines are worked out from the entries, and told apart only where nothing else is.
    changed = [it for it in changed if not it.what.startswith(DEADLINES)] or changed
    # Steps come first: they are what somebody who decides has to know.
    changed.sort(key=lambda it: it.what not in labels)
    told = [_change(it, labels.get(it.what)) for it in changed[:MOST_NAMED]]
    more = len(changed) - len(told)
    return "; ".join(told + ([f"{more} more"] if more else [])) or "Nothing that is not public already"


def _change(it: Compared, label: str | None) -> str:
    if not it.after:
        return f"{it.what} taken out"
    return f"{it.what}: {label}" if label else it.what


def lagging(case: Case, content: Content) -> list[str]:
    """Return a sentence for every filing that the public would see elsewhere than where the file has it.

    That is so where the update that led there is not chosen: the public stage follows from cleared updates.
    """
    stages = tables.procedure().stages
    shown = {it["number"]: it["stage"] for it in content["filings"]}
    return [
        f"{it.number} stands at “{stages[it.stage].plain}” in the file; the public would read "
        f"“{stages[shown[it.number]].plain}”, because the entry that led there is not chosen."
        for it in case.filings
        if it.number in shown and shown[it.number] != it.stage
    ]


def _counted(things: Sequence[object], word: str) -> str:
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{len(things)} {word if len(things) == 1 else plural}"
