"""Two people at one form: what one of them left alone follows the other, what both changed stays apart."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.rules.days import Day

#: Lists of rows, and the field by which a row is known again.
KEYS = {
    **dict.fromkeys(("claims", "complainants", "establishments", "representatives"), "key"),
    "respondents": "controller",
}
Values = Mapping[str, Any]


def plain(value: Any) -> Any:
    """Return what a form holds as values of JSON: a day as it is typed, None as an empty text."""
    if isinstance(value, Mapping):
        return {name: plain(it) for name, it in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(it) for it in value]
    if isinstance(value, Day):
        return value.iso or ""
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def written(values: Values) -> str:
    """Return values as a hidden field of the form carries them."""
    return json.dumps(plain(values), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> dict[str, Any]:
    """Return what `written` wrote; nothing for a text that somebody else made."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def merge(opened: Values, mine: Values, theirs: Values) -> dict[str, Any]:
    """Return my values, but theirs wherever I left alone what I was shown.

    A row that they added is there; one that they took out stays away, or becomes a new one if I changed it.
    """
    result: dict[str, Any] = {}
    for name, value in mine.items():
        was, now = opened.get(name, _empty(value)), theirs.get(name, _empty(value))
        if name in KEYS and isinstance(value, list):
            result[name] = _merge_rows(KEYS[name], was, value, now)
        else:
            result[name] = now if value == was else value
    return result


def _empty(value: Any) -> Any:
    return False if isinstance(value, bool) else [] if isinstance(value, list) else ""


def _by_key(rows: Any, key: str) -> dict[int, dict[str, Any]]:
    rows = rows if isinstance(rows, list) else []
    return {it[key]: it for it in rows if isinstance(it, dict) and isinstance(it.get(key), int) and it[key]}


def _changed(was: Values, row: Values) -> bool:
    return any(value != was.get(name, _empty(value)) for name, value in row.items())


def _merge_rows(key: str, opened: Any, mine: list[dict[str, Any]], theirs: Any) -> list[dict[str, Any]]:
    was, now = _by_key(opened, key), _by_key(theirs, key)
    kept, new = [], []
    for row in mine:
        number = row[key]
        if not number:
            new.append(row)
        elif number in now:
            kept.append(merge(was.get(number, {}), row, now[number]))
        elif not (row.get("out") or row.get("mistake")) and _changed(was.get(number, {}), row):
            new.append({**row, key: ""})
    seen = {row[key] for row in mine}
    kept += [row for number, row in now.items() if number not in seen and number not in was]
    return kept + new
