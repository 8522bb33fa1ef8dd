"""Packaged tables: read once, every cell checked, faults named with file and line."""

import csv
import enum
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from tracker.errors import BadFile, RuleBroken
from tracker.rules.days import UNKNOWN_DAY
from tracker.rules.lengths import Length
from tracker.rules.procedure import FIRST_STAGE, RESUMED, Procedure, Stage, Step
from tracker.rules.procedure_flags import Flag
from tracker.rules.procedure_guards import PARTIES, Effect, Guard, Setting, When, filled
from tracker.rules.provisions import ARTICLES, Article
from tracker.rules.standing import EventKind, kind_label, slots, step_sentence
from tracker.rules.text import clean
from tracker.rules.vocabulary import Answer, Outcome

FOLDER = Path(__file__).parent

ACTORS = frozenset({*PARTIES, "any"})
GROUPS = frozenset({"running", "finished", "other", "deadline"})
#: In the table of guards: every step that belongs to the one-stop shop.
ONLY_OSS = "only_oss"
PHASES = frozenset({"in_progress", "action_needed", "complete"})
MARKS = frozenset({"open", "half", "full", "bar"})

Value = TypeVar("Value")
Member = TypeVar("Member", bound=enum.Enum)


class Row(Mapping[str, str]):
    """One line of a table: its cells by column, without white space at their ends."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str]) -> None:
        """Keep the cells, with where they stand."""
        self.file, self.line, self._cells = file, line, cells

    def __getitem__(self, field: str) -> str:
        """Return a cell; KeyError for a column that the table does not have."""
        return self._cells[field]

    def __iter__(self) -> Iterator[str]:
        """Go through the columns."""
        return iter(self._cells)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._cells)

    def fault(self, field: str, text: str) -> BadFile:
        """Return the error that names this line and field, to be raised."""
        return BadFile([f"{self.file}: line {self.line}: {field}: {text}"])

    def needed(self, field: str) -> str:
        """Return a cell that must not be empty."""
        if not self[field]:
            raise self.fault(field, "must not be empty")
        return self[field]

    def number(self, field: str, *, highest: int) -> int:
        """Return a whole number from 0 to `highest`."""
        text = self[field]
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= highest):
            raise self.fault(field, f"must be a number from 0 to {highest}")
        return int(text)

    def flag(self, field: str) -> bool:
        """Return whether the cell says yes."""
        return self.one_of(field, {"yes", "no"}) == "yes"

    def one_of(self, field: str, choices: Collection[str]) -> str:
        """Return a cell that holds one of the choices."""
        if self[field] not in choices:
            raise self.fault(field, f"“{self[field]}” is none of {', '.join(sorted(choices))}")
        return self[field]

    def some_of(self, field: str, choices: Collection[str], *, empty: bool = False) -> tuple[str, ...]:
        """Return the words of a cell, each one of the choices; none only where it may be empty."""
        words = tuple(self[field].split())
        for word in words or (() if empty else ("",)):
            if word not in choices:
                raise self.fault(field, f"“{word}” is none of {', '.join(sorted(choices))}")
        return words

    def member(self, field: str, words: type[Member]) -> Member | None:
        """Return the member of a list of words, None where the cell is empty."""
        if not self[field]:
            return None
        return words(self.one_of(field, {str(member.value) for member in words}))


def read(path: Path, needs: Collection[str] = ()) -> tuple[Row, ...]:
    """Return the lines of a table (UTF-8, commas, a header) with all columns in `needs`.

    Raises BadFile for a table that is not in shape, with all faults at once.
    """
    faults: list[str] = []
    found: list[Row] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, [])
            missing = [field for field in needs if field not in header]
            if missing or not header or len(set(header)) != len(header):
                raise BadFile([f"{path.name}: line 1: header: needs each once: {', '.join(needs or header)}"])
            start = reader.line_num + 1
            for cells in reader:
                line, start = start, reader.line_num + 1
                if not cells:
                    continue
                if len(cells) != len(header):
                    faults.append(f"{path.name}: line {line}: row: has {len(cells)} cells, not {len(header)}")
                    continue
                row = Row(path.name, line, dict(zip(header, map(str.strip, cells), strict=True)))
                faults += _unclean(row)
                found.append(row)
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadFile([f"{path.name}: line {len(found) + 2}: row: cannot be read: {error}"]) from error
    if faults:
        raise BadFile(faults)
    return tuple(found)


@cache
def rows(file: str, needs: tuple[str, ...] = ()) -> tuple[Row, ...]:
    """Return the lines of a packaged table, read once. Raises BadFile as read() does."""
    return read(FOLDER / file, needs)


def by_code(lines: Iterable[Row], field: str, make: Callable[[Row], Value]) -> Mapping[str, Value]:
    """Return one value per line by the cell `field`, in the order of the table.

    Raises BadFile with the faults of all lines; a code that stands there twice is one.
    """
    made: dict[str, Value] = {}
    faults: list[str] = []
    for row in lines:
        try:
            if row.needed(field) in made:
                raise row.fault(field, f"“{row[field]}” stands there twice")
            made[row[field]] = make(row)
        except BadFile as bad:
            faults += bad.faults
    if faults:
        raise BadFile(faults)
    return MappingProxyType(made)


@cache
def stages() -> Mapping[str, Stage]:
    """Return the stages of a filing by code."""
    return stages_from(rows("stages.csv", _columns(Stage)))


@cache
def steps() -> Mapping[str, Step]:
    """Return the steps of the procedure by code."""
    return steps_from(rows("steps.csv", _columns(Step)), stages())


@cache
def guards() -> Mapping[str, Guard]:
    """Return the guards of the procedure by code."""
    return guards_from(rows("guards.csv", _columns(Guard)), steps(), stages())


@cache
def flags() -> Mapping[str, Flag]:
    """Return what may run beside the procedure, by code."""
    return flags_from(rows("flags.csv", _columns(Flag)), steps())


@cache
def procedure() -> Procedure:
    """Return the table of stages and steps, with the guards of each step."""
    of = {code: tuple(it for it in guards().values() if code in it.steps) for code in steps()}
    return Procedure(stages(), steps(), MappingProxyType(of))


@cache
def event_kinds() -> Mapping[str, EventKind]:
    """Return the kinds of imported events."""
    return event_kinds_from(rows("event_kinds.csv", _columns(EventKind)), steps())


def happened(kind: str) -> str:
    """Return what happened in plain words, for a step or a kind of imported event."""
    kinds = event_kinds()
    step = procedure().steps.get(kind)
    return step.label if step and kind not in kinds else kind_label(kind, kinds)


@cache
def provisions() -> Mapping[int, Article]:
    """Return the articles of the GDPR by number."""
    return provisions_from(rows("provisions.csv", ("article", *_columns(Article)[1:])))


def stages_from(lines: Collection[Row]) -> Mapping[str, Stage]:
    """Return the stages in the lines of a table. Raises BadFile."""
    codes = {row["code"] for row in lines}

    def make(row: Row) -> Stage:
        following = {name: frozenset(row[name].split()) for name in ("next", "next_here")}
        for name, named in following.items():
            if unknown := named - codes:
                raise row.fault(name, f"no such stage: {', '.join(sorted(unknown))}")
        words = slots(
            UNKNOWN_DAY, Outcome.PENDING, lodged_with=None, lead=None, handling=None, entered_by=None
        )
        return Stage(
            code=row["code"],
            label=row.needed("label"),
            plain=row.needed("plain"),
            sentence=_with_slots(row, lambda text: text.format_map(words)),
            phase=row.one_of("phase", PHASES),
            mark=row.one_of("mark", MARKS),
            next=following["next"],
            next_here=following["next_here"],
            resumes=row.flag("resumes"),
            final=row.flag("final"),
            evidence=row.needed("evidence"),
        )

    made = by_code(lines, "code", make)
    if FIRST_STAGE not in made:
        raise BadFile([f"stages.csv: line 1: code: {FIRST_STAGE} is missing"])
    return made


def steps_from(lines: Collection[Row], known: Mapping[str, Stage]) -> Mapping[str, Step]:
    """Return the steps in the lines of a table; every stage that they enter must be known. Raises BadFile."""

    def make(row: Row) -> Step:
        stage = row.one_of("stage", {*known, ""}) or None
        step = Step(
            code=row["code"],
            label=row.needed("label"),
            sentence=row.needed("sentence"),
            stage=stage,
            actors=row.some_of("actors", ACTORS),
            basis=row["basis"],
            outcome=row.member("outcome", Outcome),
            needs_outcome=row.flag("needs_outcome"),
            only_oss=row.flag("only_oss"),
            group=row.one_of("group", GROUPS),
            offered=row.flag("offered"),
        )
        if step.code in known and step.code != stage:
            raise row.fault("stage", f"the step named like the stage {step.code} must enter it")
        _with_slots(row, lambda _: step_sentence(step, actor="", authority=None, lead=None))
        return step

    made = by_code(lines, "code", make)
    if RESUMED not in made:
        raise BadFile([f"steps.csv: line 1: code: {RESUMED} is missing"])
    return made


def guards_from(
    lines: Collection[Row], steps: Mapping[str, Step], stages: Mapping[str, Stage]
) -> Mapping[str, Guard]:
    """Return the guards in the lines of a table; their steps and stages must be known. Raises BadFile.

    The word only_oss stands for all steps of which the table of steps says so.
    """
    inside = {it.code for it in steps.values() if it.only_oss}

    def make(row: Row) -> Guard:
        named = row.some_of("steps", {*steps, ONLY_OSS})
        guard = Guard(
            code=row["code"],
            effect=Effect(row.one_of("effect", {it.value for it in Effect})),
            when=When(row.one_of("when", {it.value for it in When})),
            steps=frozenset(named) - {ONLY_OSS} | (inside if ONLY_OSS in named else set()),
            stages=frozenset(row.some_of("stages", stages, empty=True)),
            basis=row["basis"],
            words=row.needed("words"),
        )
        _with_slots(row, lambda _: filled(guard, Setting(Answer.UNKNOWN)), field="words")
        return guard

    return by_code(lines, "code", make)


def flags_from(lines: Collection[Row], steps: Mapping[str, Step]) -> Mapping[str, Flag]:
    """Return the flags in the lines of a table; their steps must be known. Raises BadFile."""
    codes = {row["code"] for row in lines}

    def make(row: Row) -> Flag:
        try:
            lapses = Length.parse(row["lapses"]) if row["lapses"] else None
        except RuleBroken as refusal:
            raise row.fault("lapses", str(refusal)) from refusal
        return Flag(
            code=row["code"],
            label=row.needed("label"),
            begins=row.some_of("begins", steps),
            ends=row.some_of("ends", steps),
            lapses=lapses,
            beside=row.one_of("beside", {*codes, ""}),
            alone=row.one_of("alone", {*codes, ""}),
            basis=row.needed("basis"),
            words=row["words"],
        )

    return by_code(lines, "code", make)


def event_kinds_from(lines: Collection[Row], known: Mapping[str, Step]) -> Mapping[str, EventKind]:
    """Return the kinds of events in the lines of a table; every step must be known. Raises BadFile."""

    def make(row: Row) -> EventKind:
        step = row.one_of("step", {*known, ""}) or None
        outcome = row.member("outcome", Outcome) or (known[step].outcome if step else None)
        return EventKind(row["kind"], row.needed("label"), step, outcome)

    return by_code(lines, "kind", make)


def provisions_from(lines: Collection[Row]) -> Mapping[int, Article]:
    """Return the articles in the lines of a table. Raises BadFile."""

    def make(row: Row) -> Article:
        paragraphs = row.number("paragraphs", highest=99)
        points: dict[int, str] = {}
        for cell in row["points"].split():
            paragraph, letter = cell[:-1], cell[-1]
            if not (paragraph.isdecimal() and paragraph.isascii() and "a" <= letter <= "z"):
                raise row.fault("points", f"“{cell}” is not a paragraph with its last letter, as in 1f")
            if int(paragraph) > paragraphs:
                raise row.fault("points", f"there is no paragraph {paragraph}")
            points[int(paragraph)] = letter
        return Article(
            row.number("article", highest=ARTICLES), paragraphs, MappingProxyType(points), row.needed("title")
        )

    return MappingProxyType({it.number: it for it in by_code(lines, "article", make).values()})


def _columns(
    kind: type[Stage] | type[Step] | type[Guard] | type[Flag] | type[EventKind] | type[Article],
) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _with_slots(row: Row, fill: Callable[[str], str], field: str = "sentence") -> str:
    """Return the sentence of the row after trying it out. Raises BadFile for a slot that does not exist."""
    sentence = row.needed(field)
    try:
        fill(sentence)
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise row.fault(field, f"has a slot that does not exist: {error}") from error
    return sentence


def _unclean(row: Row) -> list[str]:
    """Return a fault for every cell with characters that no text may have."""
    faults: list[str] = []
    for field, cell in row.items():
        try:
            clean(cell, field=field)
        except RuleBroken as refusal:
            faults += row.fault(field, str(refusal)).faults
    return faults
