"""YAML from outside, read without guesses, tags, doubled keys or unbounded repetition.

YAML guesses what a word without quotes means, and the guesses of its versions differ. Here a word is a text
unless it is plainly a number, true, false or null; what an older reader would take for true or false (NO is
Norway) is refused instead of guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from tracker.errors import BadFile
from tracker.services.reading_faults import (
    BAD_KEY,
    MOST_CHARACTERS,
    MOST_DIGITS,
    MOST_LEVELS,
    MOST_NODES,
    Faults,
    Way,
    fit,
    kept,
    stop,
    too_deep,
)

_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
#: Keys that are true or false in a file of cases or of facts: elsewhere only the word can be meant.
_FLAGS = frozenset(
    "urgency_requested_art66 verified ca decides implements main_processing establishments_complete "
    "decided_outside_eea targets_eea media_art85 church_art91 de_telecom cross_border local".split()
)
_READ_AS_TRUE = frozenset("yes Yes YES on On ON".split())
_READ_AS_FALSE = frozenset("no No NO off Off OFF".split())


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read, with how much it unfolds to so far."""

    value: dict[str, Any] | list[Any]
    anchor: str | None
    key: str | None = None
    nodes: int = 1
    characters: int = 0
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    nodes: int
    characters: int
    height: int


#: The C parser of the wheels is twenty times faster; both give the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def from_yaml(text: str, faults: Faults) -> Any:
    """Return what the text says. Soft faults go to `faults`; raises BadFile where reading has to stop."""
    try:
        return _Builder(faults).build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}" if mark else "file"
        column = f" (column {mark.column + 1})" if mark else ""
        message = f"is not YAML: {error.problem or error.context}{column}"
        if "nesting depth" in (error.problem or ""):
            # Newer C parsers look far enough ahead to stop before they give us an event.
            message = too_deep()
        raise stop(faults, f"{where}: text", message) from None
    except (yaml.YAMLError, ValueError):
        raise stop(faults, "file: whole", "is not YAML: holds a character that is not allowed") from None


class _Builder:
    """Puts a file together from the parser's events, without recursion."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.open: list[_Open] = []
        self.anchors: dict[str, _Anchored] = {}
        self.root: list[Any] = []
        self.nodes = 0
        self.characters = 0

    def build(self, events: Iterator[Any]) -> Any:
        """Return the one document of the file."""
        for event in events:
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.MappingStartEvent():
                    self._start({}, event)
                case yaml.SequenceStartEvent():
                    self._start([], event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._end(event)
                case yaml.AliasEvent():
                    self._alias(event)
                case yaml.DocumentStartEvent() if self.root:
                    raise self._refusal(event, "a second document begins here; put one in a file")
        if not self.root:
            raise stop(self.faults, "file: whole", "is empty")
        return self.root[0]

    def _scalar(self, event: Any) -> None:
        self._no_tag(event)
        self._count(event, 1, len(event.value))
        if self._wants_key():
            top = self.open[-1]
            if event.anchor:
                raise self._refusal(event, "a key cannot be repeated elsewhere: remove the &")
            top.key = event.value
            if not event.value.isprintable():
                self.faults.add(self._way(), BAD_KEY)
            if event.value in top.value:
                self.faults.add(self._way(), "stands here twice")
            top.nodes, top.characters = top.nodes + 1, top.characters + len(event.value)
            return
        value = self._resolved(event)
        self._place(_Anchored(value, 1, len(event.value), 0), event.anchor)

    def _resolved(self, event: Any) -> Any:
        """Return what a word means: text unless it stands without quotes and is plainly something else."""
        text: str = event.value
        if not event.implicit[0]:
            return kept(text, self._way(), self.faults)
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if text in _READ_AS_TRUE or text in _READ_AS_FALSE:
            meant = "true" if text in _READ_AS_TRUE else "false"
            way = self._way()
            write = meant if way and way[-1] in _FLAGS else f"'{text}'"
            self.faults.add(way, f"{text} without quotes is read as {meant} by YAML: write {write}")
            return text
        if _WHOLE.fullmatch(text) and len(text) <= MOST_DIGITS:
            return int(text)
        if _DECIMAL.fullmatch(text) and len(text) <= MOST_DIGITS:
            return float(text)
        return kept(text, self._way(), self.faults)

    def _start(self, value: dict[str, Any] | list[Any], event: Any) -> None:
        self._no_tag(event)
        if self._wants_key():
            raise self._refusal(event, "a key must be a word")
        if len(self.open) >= MOST_LEVELS:
            raise self._refusal(event, too_deep())
        self._count(event, 1, 0)
        self.open.append(_Open(value, event.anchor))

    def _end(self, event: Any) -> None:
        done = self.open.pop()
        self._place(_Anchored(done.value, done.nodes, done.characters, done.height), done.anchor)

    def _alias(self, event: Any) -> None:
        known = self.anchors.get(event.anchor)
        if known is None:
            raise self._refusal(event, f"*{fit(event.anchor)} repeats what is not complete before it")
        if self._wants_key():
            raise self._refusal(event, "a key must be a word")
        if len(self.open) + known.height > MOST_LEVELS:
            raise self._refusal(event, too_deep())
        self._count(event, known.nodes, known.characters)
        self._place(known, None)

    def _wants_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None

    def _place(self, made: _Anchored, anchor: str | None) -> None:
        """Put a finished value where it belongs, and remember what it unfolds to."""
        if anchor:
            self.anchors[anchor] = made
        if not self.open:
            self.root.append(made.value)
            return
        top = self.open[-1]
        if isinstance(top.value, dict):
            top.value[top.key or ""] = made.value
            top.key = None
        else:
            top.value.append(made.value)
        top.nodes, top.characters = top.nodes + made.nodes, top.characters + made.characters
        top.height = max(top.height, made.height + 1)

    def _count(self, event: Any, nodes: int, characters: int) -> None:
        self.nodes, self.characters = self.nodes + nodes, self.characters + characters
        if self.nodes > MOST_NODES or self.characters > MOST_CHARACTERS:
            raise self._refusal(event, f"the file unfolds to more than {MOST_NODES:,} things here; split it")

    def _no_tag(self, event: Any) -> None:
        if event.tag is not None:
            raise self._refusal(event, f"the tag {fit(event.tag)} is not read; remove it")

    def _way(self) -> Way:
        """Return the way to the value that is being read."""
        steps: list[str | int] = []
        for it in self.open:
            steps.append(len(it.value) if isinstance(it.value, list) else it.key or "")
        return tuple(steps)

    def _refusal(self, event: Any, text: str) -> BadFile:
        return stop(self.faults, f"line {event.start_mark.line + 1}: text", text)
