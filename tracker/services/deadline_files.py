"""Files of periods from outside: counted without a store, every day with its reasons."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.reference.calendars import calendar_of
from tracker.reference.periods import periods
from tracker.rules.calendars import Calendar, with_weekday
from tracker.rules.counting import Counted, Skipped
from tracker.rules.counting_national import count_by, way_of
from tracker.rules.days import Day, words
from tracker.rules.ending import Clock, end
from tracker.rules.lengths import Length
from tracker.rules.periods import Period
from tracker.rules.text import shown
from tracker.rules.vocabulary import Precision
from tracker.services.deadline_items import Item, each_item

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Answered:
    """An item of a file with its end.

    `rule` is what the file or the table says of the period, `what` is how long it is and from when.
    """

    key: str | int
    rule: str
    what: str
    calendar: Calendar
    nominal: date
    due: date
    safe: date
    certain: date
    because: tuple[str, ...]
    uncertain: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def count_file(source: Path | bytes, name: str) -> list[Answered]:
    """Return the ends of a YAML or JSON list of {id, event, period, place} or {id, rule, event, place}.

    They come in the order of the file, and keys beside these are ignored. Raises BadFile with one line
    FILE: ID: KEY: text for each fault of each item: no answer is given then.
    """
    return each_item(source, name, "id, event, period and place", _answer)


def _answer(item: Item) -> Answered | None:
    event = item.day("event")
    place = item.text("place", "a country (IE), one with a part (DE-BE), EU, or none")
    calendar = item.made("place", lambda: calendar_of(place)) if place else None
    rule = item.record.get("rule")
    if rule is not None and not isinstance(rule, str):
        item.wrong("rule", "must be a text: the id of a period, or words")
        return None
    rule = (rule or "").strip()
    if item.record.get("period") is None:
        period = _named(item, rule)
        if event is None or calendar is None or period is None or item.key is None:
            return None
        return _by_the_table(item, item.key, period, event, calendar)
    length = item.made("period", lambda: Length.parse(item.record["period"]))
    of_table = periods().get(rule.upper())
    way = of_table.way if of_table else item.made("rule", lambda: way_of(rule))
    if event is None or calendar is None or length is None or way is None or item.key is None:
        return None
    counted = item.made("event", lambda: count_by(way, event, length, calendar))
    if counted is None:
        return None
    if of_table is not None:
        # A length of one's own, counted by the law of the period that is named beside it.
        rule = f"{of_table.id}: {of_table.label} ({of_table.basis})"
    return _counted(item.key, rule, counted, calendar)


def _named(item: Item, rule: str) -> Period | None:
    """Return the period of the table that an item names in place of a length."""
    if not rule:
        item.wrong("period", "is needed, as +1m, +3w, -4w or 28d inclusive; or a rule that is the id of one")
        return None
    found = periods().get(rule.upper())
    if found is None:
        near = [] if " " in rule else difflib.get_close_matches(rule.upper(), list(periods()), n=1)
        meant = (
            f"did you mean {near[0]}?" if near else "write the id of one (G1, P15), or give a period (+1m)"
        )
        item.wrong("rule", f"{shown(rule)} is no period of the table: {meant}")
    return found


def _by_the_table(
    item: Item, key: str | int, period: Period, event: date, calendar: Calendar
) -> Answered | None:
    if period.length is None and not period.start.ends:
        item.wrong("rule", f"{period.id} has no length in the law ({period.basis}): give a period (+1m) too")
        return None
    # The calendar is that of the item, whoever has to act.
    ends = end(Clock(period, Day(event, Precision.DAY), (calendar.code,)), calendar_of)
    if ends.due is None or ends.nominal is None:
        item.wrong("event", " ".join(ends.uncertain))
        return None
    lasts = period.length_words if period.length else "counted to the end of another period"
    first = f"{period.id} is {lasts} [{period.basis}]"
    return Answered(
        key=key,
        rule=f"{period.id}: {period.label} ({period.basis})",
        what=f"{lasts} {_from(event, period.length)}"
        if period.length
        else f"before another period ends on {words(event)}",
        calendar=calendar,
        nominal=ends.nominal,
        due=ends.due,
        safe=ends.safe or ends.due,
        certain=ends.certain or ends.due,
        because=(first, *(f"{it.text} [{it.basis}]" for it in ends.reasons)),
        uncertain=ends.uncertain,
        skipped=ends.skipped,
    )


def _counted(key: str | int, rule: str, it: Counted, calendar: Calendar) -> Answered:
    return Answered(
        key=key,
        rule=rule,
        what=f"{it.length.words} {_from(it.event, it.length)}",
        calendar=calendar,
        nominal=it.nominal,
        due=it.due,
        safe=it.safe,
        certain=it.certain,
        because=tuple(f"{reason.text} [{reason.basis}]" for reason in it.reasons),
        uncertain=it.uncertain,
        skipped=tuple(it.skipped),
    )


def _from(event: date, length: Length | None) -> str:
    return words(event) if length is not None and length.backward else f"from {words(event)}"


def as_values(it: Answered) -> dict[str, Any]:
    """Return an answer in plain JSON values, under the keys that docs/deadlines.md names."""
    return {
        "id": it.key,
        "nominal": it.nominal.isoformat(),
        "due": it.due.isoformat(),
        "weekday": WEEKDAYS[it.due.weekday()],
        "because": list(it.because),
        "safe": it.safe.isoformat(),
        "certain": it.certain.isoformat(),
        "uncertain": list(it.uncertain),
        "skipped": [{"day": one.day.isoformat(), "name": one.name} for one in it.skipped],
        "calendar": {"place": it.calendar.code, "version": it.calendar.version},
    }


def as_text(it: Answered) -> Iterator[str]:
    """Give the lines of an answer as a person reads it: the day, how it was found, what is in doubt."""
    yield f"{it.key}: {with_weekday(it.due)}"
    if it.rule:
        yield f"  {it.rule}"
    yield f"  {it.what}, {it.calendar.name}"
    yield f"  Nominal end:  {with_weekday(it.nominal)}"
    yield f"  Due:          {with_weekday(it.due)}"
    if it.safe != it.due:
        yield f"  Earliest end: {with_weekday(it.safe)}"
    if it.certain != it.due:
        yield f"  Latest end:   {with_weekday(it.certain)}"
    yield "  Because:"
    for number, text in enumerate(it.because, start=1):
        yield f"    {number}. {text}"
    if it.uncertain:
        yield "  In doubt:"
        yield from (f"    - {text}" for text in it.uncertain)
    yield f"  Calendar: {it.calendar.source} ({it.calendar.version})"
