"""Faults of files from outside, told as lines FILE: ID: FIELD: text; how much a file may ask of us."""

import json
from typing import Any

from tracker.errors import BadFile, RuleBroken
from tracker.rules.text import clean

MOST_BYTES = 20 * 1024 * 1024
MOST_LEVELS = 100
#: Things in a file after every repetition is written out: a small file can be made to unfold into billions.
MOST_NODES = 1_000_000
MOST_CHARACTERS = 2 * MOST_BYTES
MOST_DIGITS = 15
MOST_FAULTS = 50
BAD_KEY = "holds a character that no key may have"

#: The way to a value: keys of mappings and places (from 0) in lists.
Way = tuple[str | int, ...]


class Faults:
    """The faults of one file, collected so that its author sees all of them at once."""

    def __init__(self, name: str) -> None:
        """Start without faults; `name` is the file as its author knows it."""
        self.name = printable(name)
        self.data: Any = None
        self.found: list[tuple[Way, str]] = []

    def add(self, way: Way, text: str) -> None:
        """Keep a fault of the value at the end of the way."""
        self.found.append((way, text))

    def refuse(self) -> None:
        """Raise BadFile with one line per fault, in the order of finding, if there is any."""
        if not self.found:
            return
        lines = list(dict.fromkeys(f"{self.name}: {self.place(way)}: {text}" for way, text in self.found))
        if len(lines) > MOST_FAULTS:
            kept = MOST_FAULTS - 1
            lines = [*lines[:kept], f"{self.name}: file: all: and {len(lines) - kept:,} more faults"]
        raise BadFile(lines)

    def place(self, way: Way) -> str:
        """Return "ID: FIELD" for a way.

        ID is the id of the innermost thing that has one; a thing of a list without an id is counted from 1.
        """
        subject, field, here = "", list[str](), self.data
        for step in way:
            below = _below(here, step)
            if isinstance(step, str):
                field.append(fit(step))
            elif isinstance(below, dict) and (field or not subject):
                own = below.get("id")
                kind = field[-1].removesuffix("s") if field else "item"
                counted = f"{subject}{', ' if subject else ''}{kind} {step + 1}"
                subject = fit(own) if isinstance(own, str) and own.strip() else counted
                field = []
            elif field:
                field[-1] += f", entry {step + 1}"
            here = below
        return f"{subject or 'file'}: {'.'.join(field) or 'whole'}"


def too_deep() -> str:
    """Return what is wrong with a file that is nested too deep."""
    return f"is nested more than {MOST_LEVELS} levels deep"


def fit(text: str) -> str:
    """Return a word of the file as a message can repeat it: short, on one line, printable."""
    return printable(text if len(text) <= 60 else text[:59] + "…")


def printable(text: str) -> str:
    """Return a text on one line that every terminal can show."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def shown(value: Any) -> str:
    """Return a value as the author of a file would write it, a text in quotes; "nothing" for None."""
    if value is None:
        return "nothing"
    words = getattr(value, "words", value)
    if isinstance(words, str):
        return f"'{fit(words)}'"
    return fit(json.dumps(value, ensure_ascii=False, default=str))


def kept(text: str, way: Way, faults: Faults) -> str:
    """Return a text as it may be kept; a fault, and an empty text, where it may not."""
    if len(text) < 1_000 and text.isascii() and text.isprintable() and text == text.strip():
        return text
    try:
        return clean(text, field="")
    except RuleBroken as refusal:
        faults.add(way, str(refusal))
        return ""


def stop(faults: Faults, place: str, text: str) -> BadFile:
    """Return the refusal of a file that cannot be read to its end."""
    return BadFile([f"{faults.name}: {place}: {text}"])


def _below(here: Any, step: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(step)
    return here[step] if isinstance(here, list) and isinstance(step, int) and step < len(here) else None
