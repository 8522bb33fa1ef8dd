"""Lists of items from outside: each with an id, and all that is wrong with all of them told at once."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from tracker.errors import BadFile, RuleBroken
from tracker.rules.days import Day
from tracker.rules.text import shown
from tracker.rules.vocabulary import Answer, Precision
from tracker.services import reading
from tracker.services.reading_faults import fit

Made = TypeVar("Made")
_WITH_AN_HOUR = re.compile(r"\d{4}-\d\d-\d\d[T ]\d")


def each_item(
    source: Path | bytes, name: str, keys: str, answer: Callable[["Item"], Made | None]
) -> list[Made]:
    """Return what `answer` makes of every item of a list, which each have an id of their own.

    Raises BadFile with the faults of all items, one line each.
    """
    data = reading.read(source, name).data
    if not isinstance(data, list):
        raise BadFile([f"{name}: file: whole: must be a list of items with {keys}"])
    made: list[Made] = []
    faults: list[str] = []
    seen: set[str] = set()
    for place, record in enumerate(data, start=1):
        item = Item(record if isinstance(record, Mapping) else {})
        label = f"item {place}"
        if not isinstance(record, Mapping):
            item.wrong("item", f"must be a record with {keys}")
        elif item.key is None:
            item.wrong("id", "is needed: a text or a whole number")
        else:
            label = fit(str(item.key))
            if str(item.key) in seen:
                item.wrong("id", "stands here twice; an id belongs to one item")
            seen.add(str(item.key))
        found = answer(item) if isinstance(record, Mapping) else None
        faults += [f"{name}: {label}: {fit(field)}: {text}" for field, text in item.faults]
        if found is not None:
            made.append(found)
    if faults:
        raise BadFile(faults)
    return made


class Item:
    """One item of a file, and what is wrong with it."""

    def __init__(self, record: Mapping[str, Any]) -> None:
        """Read the item; nothing is wrong yet."""
        self.record = record
        self.faults: list[tuple[str, str]] = []

    @property
    def key(self) -> str | int | None:
        """Return the id, None where it is no id."""
        key = self.record.get("id")
        if isinstance(key, bool) or not isinstance(key, str | int) or not str(key).strip():
            return None
        return key

    def wrong(self, field: str, text: str) -> None:
        """Keep a fault."""
        self.faults.append((field, text))

    def text(self, field: str, what: str) -> str | None:
        """Return a text that must be there; None, and a fault, where it is not."""
        value = self.record.get(field)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.wrong(field, f"is needed: {what}" if value in (None, "") else f"must be a text: {what}")
        return None

    def day(self, field: str) -> date | None:
        """Return a full day that must be there; None, and a fault, where it is not."""
        value = self.record.get(field)
        if value is None or value == "":
            self.wrong(field, "is needed: a full day, as 2024-06-06")
            return None
        if isinstance(value, datetime) or (isinstance(value, str) and _WITH_AN_HOUR.match(value.strip())):
            self.wrong(field, f"{shown(str(value))} has an hour: write the day alone, as 2024-06-06")
            return None
        day = self.made(field, lambda: Day.parse(value, field=field))
        if day is None or (day.precision is Precision.DAY and day.value is not None):
            return day.value if day else None
        self.wrong(field, f"{shown(str(value))} is not a full day: write 2024-06-06")
        return None

    def made(self, field: str, make: Callable[[], Made]) -> Made | None:
        """Return what is made of the item; None, and a fault, where a rule refuses it."""
        try:
            return make()
        except RuleBroken as refusal:
            self.wrong(refusal.field or field, str(refusal))
            return None

    def yes_or_no(self, field: str, *, missing: Answer) -> Answer | None:
        """Return true, false or unknown; `missing` where nothing is said; None, and a fault, otherwise."""
        value = self.record.get(field)
        if value is None:
            return missing
        if isinstance(value, bool):
            return Answer.YES if value else Answer.NO
        if isinstance(value, str) and value.strip().lower() in {it.value for it in Answer}:
            return Answer(value.strip().lower())
        self.wrong(field, "must be true, false or unknown")
        return None
