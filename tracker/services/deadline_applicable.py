"""Files of complaints from outside: which chapters of Regulation (EU) 2025/2518 apply to each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.reference.places import countries
from tracker.rules.applicability import Applicable, applicable
from tracker.rules.text import shown
from tracker.rules.vocabulary import Answer
from tracker.services.deadline_items import Item, each_item

#: As it stands in JSON.
CODES = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "human"}
WORDS = {Answer.YES: "applies", Answer.NO: "does not apply", Answer.UNKNOWN: "a person decides"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A complaint of a file with the chapters."""

    key: str | int
    chapters: Mapping[str, Applicable]

    @property
    def human(self) -> bool:
        """Return whether a person has to decide on any of them."""
        return any(it.applies is Answer.UNKNOWN for it in self.chapters.values())


def applicable_file(source: Path | bytes, name: str) -> list[Answered]:
    """Return the chapters for a YAML or JSON list of {id, lodged, referred, cross_border, local}.

    They come in the order of the file; `state` is read too, and other keys are ignored. Raises BadFile with
    one line FILE: ID: KEY: text for each fault of each item: no answer is given then.
    """
    return each_item(source, name, "id, lodged and cross_border", _answer)


def _answer(item: Item) -> Answered | None:
    lodged = item.day("lodged")
    asked = item.record.get("referred") not in (None, "")
    referred = item.day("referred") if asked else None
    # That it is cross-border is a finding, that it is local an exception: that holds where somebody says so.
    cross_border = item.yes_or_no("cross_border", missing=Answer.UNKNOWN)
    local = item.yes_or_no("local", missing=Answer.NO)
    state = item.record.get("state")
    if isinstance(state, str):
        state = state.strip().upper()
    if state is not None and state not in countries():
        item.wrong(
            "state", f"{shown(str(item.record['state']))} is no country: write a code of ISO 3166 (NO)"
        )
    if item.faults or lodged is None or cross_border is None or local is None or item.key is None:
        return None
    chapters = item.made("lodged", lambda: applicable(lodged, referred, cross_border, local, state=state))
    return None if chapters is None else Answered(item.key, chapters)


def as_values(it: Answered) -> dict[str, Any]:
    """Return an answer in plain JSON values, under the keys that docs/deadlines.md names."""
    return {
        "id": it.key,
        "chapters": {name: CODES[one.applies] for name, one in it.chapters.items()},
        "human": it.human,
        "because": [
            f"{name}: {reason.text} [{reason.basis}]"
            for name, one in it.chapters.items()
            for reason in one.reasons
        ],
    }


def as_text(it: Answered) -> Iterator[str]:
    """Give the lines of an answer as a person reads it: a line for each chapter, and why."""
    yield f"{it.key}: Regulation (EU) 2025/2518"
    for name, one in it.chapters.items():
        yield f"  {f'Chapter {name}':<12}{WORDS[one.applies]}"
        yield from (f"              {reason.text} [{reason.basis}]" for reason in one.reasons)
    if it.human:
        yield "  A person has to look before this is relied on."
