"""What a proposal would change, in words, for the person who clears it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.models import Case
from tracker.reference import tables
from tracker.reference.authorities import in_words, label
from tracker.rules.days import Day
from tracker.rules.standing import outcome_words
from tracker.rules.vocabulary import Precision
from tracker.services.publication_fields import Content, completed

#: Stands for filings in a first reading until they are counted.
FILINGS = "Filings"

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
    """Return every field of the case, every filing and every update, with both of its texts.

    `old` is what is public now, None for nothing; `new` None shows what a withdrawal takes away.
    """
    before, after = dict(_lines(old)), dict(_lines(new))
    order = list(after) + [it for it in before if it not in after]
    return [Compared(what, before.get(what, ""), after.get(what, "")) for what in order]


def first_reading(content: Content) -> list[tuple[str, str]]:
    """Return all that the public would read of a case of which nothing is public: (what, its text).

    Filings that differ only in their numbers and in where they were lodged stand together, so that whoever
    clears reads what they share once.
    """
    found: list[tuple[str, str]] = []
    alike: dict[str, list[str]] = {}
    for what, text in _lines(content):
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
        else (what, text)
        for what, text in found
        if text
    ]


def differences(old: Content | None, new: Content | None) -> list[Compared]:
    """Return what clearing would change, add or remove."""
    return [it for it in compare(old, new) if it.changed]


def in_short(old: Content | None, new: Content) -> str:
    """Return what clearing would change in one line: "Entry 3: Receipt confirmed; Filing C001-02"."""
    labels = {f"Entry {it['number']}": it["label"] for it in new["updates"]}
    if old is None:
        return (
            f"For the first time: {_counted(new['filings'], 'filing')}, {_counted(new['updates'], 'entry')}"
        )
    changed = differences(old, new)
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


def _lines(content: Content | None) -> Iterator[tuple[str, str]]:
    if content is None:
        return
    content = completed(content)
    case = content["case"]
    yield "Title", case["title"]
    yield "Summary", case["summary"]
    yield "Brought by", case["ngo"]
    yield "Project", case["project"]["name"] if case["project"] else ""
    yield "Controllers", "\n".join(case["controllers"])
    yield "Claims", "\n".join(_joined(f"Art {it['provision']}", it["conduct"]) for it in case["claims"])
    yield "Measures asked for", "\n".join(case["requested"])
    yield "Outcome as the source tells it", case["outcome_text"]
    yield "Sources", "\n".join(case["sources"])
    for it in content["filings"]:
        yield f"Filing {it['number']}", _filing(it)
    for it in content["updates"]:
        yield f"Entry {it['number']}", _update(it)


def _counted(things: Sequence[object], word: str) -> str:
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{len(things)} {word if len(things) == 1 else plural}"


def _joined(*parts: str | None) -> str:
    return ": ".join(it for it in parts if it)


def _day(day: Mapping[str, Any]) -> Day:
    return Day(date.fromisoformat(day["on"]) if day["on"] else None, Precision(day["precision"]))


def _filing(it: Mapping[str, Any]) -> str:
    stage = tables.procedure().stages.get(it["stage"])
    where = in_words(it["authority"], it["country"])
    lead = "Presumed lead" if it["lead_presumed"] else "Lead"
    lines = [
        f"Lodged with {where} {_day(it['lodged']).when}",
        f"Against {', '.join(it['controllers'])}" if it["controllers"] else "",
        f"{stage.plain if stage else it['stage']}, since {_day(it['since']).words}",
        f"Outcome: {outcome_words(it['outcome'])}",
        f"By act of {in_words(it['entered_by_authority'])}" if it["entered_by_authority"] else "",
        f"{lead}: {label(it['lead'])}" if it["lead"] else "Lead: none or not known",
        f"Handled by {in_words(it['handling'])}" if it["handling"] else "",
        *it["lead_sentence"].split("\n\n"),
        f"In one line: {it['lead_short']}" if it["lead_short"] else "",
        f"Number at the authority: {it['reference']}"
        if it["reference"]
        else "Number at the authority: not cleared",
    ]
    return "\n".join(line for line in lines if line)


def _update(it: Mapping[str, Any]) -> str:
    about = it["filings"]
    lines = [
        f"{_day(it['day']).words}: {it['label']}",
        f"By {it['actor']['words']}",
        it["words"],
        f"Concerns {', '.join(about)}" if about else "Concerns the case as a whole",
        f"Reference: {it['reference']}" if it["reference"] else "",
        f"Source: {it['source']}" if it["source"] else "",
    ]
    return "\n".join(line for line in lines if line)
