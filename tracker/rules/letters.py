"""Letters from templates: words with named slots, and gaps where the records say nothing.

Words in square brackets with a slot in them are said only where each slot in them is known; a line of which
nothing is left is no line. Brackets without a slot are words like others.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tracker.errors import RuleBroken
from tracker.rules.text import shown

_SLOT = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]{}]*(?:\{[^{}]*\}[^\[\]{}]*)+)\]")
#: What stands where words were left out until their line is looked at; no template may hold it.
_GONE = "\0"
#: What would open or close a slot, in a value from the records.
_BRACES = str.maketrans("{}", "()")


def spoken(slot: str) -> str:
    """Return the name of a slot in words: "due day"."""
    return slot.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a letter: words, or the name of a slot for which nothing is known."""

    words: str
    gap: bool = False

    @property
    def shown(self) -> str:
        """Return the piece as a reader sees it: a gap by its name, "due day"."""
        return spoken(self.words) if self.gap else self.words


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its slots filled, as far as something is known."""

    parts: tuple[Part, ...]
    #: The slots for whose sake words were left out.
    left_out: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the names of the slots for which nothing is known, each once, in the order of the text."""
        return tuple(dict.fromkeys(it.words for it in self.parts if it.gap))

    @property
    def text(self) -> str:
        """Return the text; what is missing stands in square brackets."""
        return "".join(f"[{it.shown}]" if it.gap else it.words for it in self.parts)


def slots_in(text: str, known: Collection[str], *, field: str) -> list[str]:
    """Return the slots of a template, each once, in order.

    Raises RuleBroken, naming what is possible, for a slot that does not exist, and for a brace that opens or
    closes none.
    """
    found = list(dict.fromkeys(it.strip() for it in _SLOT.findall(text)))
    if unknown := [it for it in found if it not in known]:
        named = ", ".join(shown(it) for it in unknown[:5])
        raise RuleBroken(
            f"There is no slot {named}. Possible are {', '.join(f'{{{it}}}' for it in known)}.", field=field
        )
    rest = _SLOT.sub("", text)
    if "{" in rest or "}" in rest:
        at = next(
            number for number, line in enumerate(_lines_without_slots(text), 1) if re.search("[{}]", line)
        )
        raise RuleBroken(
            f"Line {at} has a brace without its counterpart: write a slot as {{reference}}, and no other "
            "braces.",
            field=field,
        )
    return found


def _lines_without_slots(text: str) -> list[str]:
    return [_SLOT.sub("", line) for line in text.split("\n")]


def fill(template: str, values: Mapping[str, str | None]) -> Filled:
    """Return a template with its slots filled by values that are not empty; the others stay as gaps.

    What stands in square brackets is left out where one of its slots is not known.
    """
    template, left_out = _without_unknown(template, values)
    parts: list[Part] = []
    at = 0
    for it in _SLOT.finditer(template):
        if it.start() > at:
            parts.append(Part(template[at : it.start()]))
        value = (values.get(it[1].strip()) or "").strip()
        parts.append(Part(value.translate(_BRACES)) if value else Part(it[1].strip(), gap=True))
        at = it.end()
    if at < len(template):
        parts.append(Part(template[at:]))
    return Filled(tuple(parts), left_out)


def _without_unknown(template: str, values: Mapping[str, str | None]) -> tuple[str, tuple[str, ...]]:
    """Return a template without brackets and what cannot be said, and the slots that lack for it."""
    lacking: list[str] = []

    def said(found: re.Match[str]) -> str:
        unknown = [it.strip() for it in _SLOT.findall(found[1]) if not (values.get(it.strip()) or "").strip()]
        lacking.extend(unknown)
        return _GONE if unknown else found[1]

    lines: list[str] = []
    gone = False
    for line in _OPTIONAL.sub(said, template).split("\n"):
        rest = line.replace(_GONE, "")
        if rest != line and not rest.strip():
            gone = True
        elif rest or not (gone and lines and not lines[-1]):
            # Where a whole paragraph is gone, one of the two empty lines around it goes too.
            lines.append(rest)
            gone = False
    return "\n".join(lines), tuple(dict.fromkeys(lacking))
