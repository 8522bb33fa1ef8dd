"""Reads single values of a stored or hand-written record. A wrong type is refused, naming the field."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from tracker.errors import RuleBroken
from tracker.rules.vocabulary import Answer

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AS_JSON: Mapping[Answer, bool | str] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: "unknown"}


def only_keys(data: object, known: Iterable[str], field: str | None) -> Mapping[str, Any]:
    """Return the data if it is a record of known keys. Raises RuleBroken for anything else."""
    if not isinstance(data, Mapping):
        raise RuleBroken("A record with named values is needed here.", field=field)
    known = tuple(known)
    for key in data:
        if key not in known:
            raise RuleBroken(
                f"'{key}' is not a fact that the routing rules know: write one of {', '.join(known)}.",
                field=str(key),
            )
    return data


def answer_to_json(answer: Answer) -> bool | str:
    """Return true, false or "unknown"."""
    return _AS_JSON[answer]


def answer(data: Mapping[str, Any], key: str) -> Answer:
    """Return the answer under the key; missing, null and "unknown" are unknown. Raises RuleBroken."""
    value = data.get(key)
    if value is True:
        return Answer.YES
    if value is False:
        return Answer.NO
    if value is None or value == "unknown":
        return Answer.UNKNOWN
    raise RuleBroken("must be true, false or unknown.", field=key)


def flag(data: Mapping[str, Any], key: str) -> Answer:
    """Return the answer under the key; missing and null are no: it is rarely so. Raises RuleBroken."""
    return Answer.NO if data.get(key) is None else answer(data, key)


def text(data: Mapping[str, Any], key: str) -> str | None:
    """Return the text under the key, None if missing or null. Raises RuleBroken."""
    value = data.get(key)
    if value is None or isinstance(value, str):
        return value
    raise RuleBroken("must be text.", field=key)


def one_of(
    data: Mapping[str, Any], key: str, allowed: Sequence[str], *, but: str | None = None
) -> str | None:
    """Return the code under the key, None if missing, null or `but`. Raises RuleBroken."""
    value = data.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or value not in allowed:
        raise RuleBroken(f"must be one of {', '.join(allowed)}.", field=key)
    return None if value == but else value


def place(data: Mapping[str, Any], key: str, *, unknown: bool = True) -> str | None:
    """Return the place under the key as written, None if missing, null or "unknown". Raises RuleBroken."""
    value = data.get(key)
    if value is None or (unknown and value == "unknown"):
        return None
    if isinstance(value, str) and value != "unknown":
        return value
    raise RuleBroken(
        f"must be a place such as IE or DE-BY{', or unknown' if unknown else ''}. NO needs quotes in YAML.",
        field=key,
    )


def slug(data: Mapping[str, Any], key: str) -> str | None:
    """Return the slug of an authority, None if missing, null or "unknown". Raises RuleBroken."""
    value = data.get(key)
    if value is None or value == "unknown":
        return None
    if isinstance(value, str):
        return value
    raise RuleBroken("must be the slug of an authority such as ie-dpc, or unknown.", field=key)


def texts(data: Mapping[str, Any], key: str, what: str) -> tuple[str, ...] | None:
    """Return the list of texts under the key, None if missing, null or "unknown"; `what` they are.

    Raises RuleBroken.
    """
    value = data.get(key)
    if value is None or value == "unknown":
        return None
    if isinstance(value, list | tuple) and all(isinstance(it, str) for it in value):
        return tuple(value)
    raise RuleBroken(f"must be a list of {what}. NO needs quotes in YAML.", field=key)


def day(data: Mapping[str, Any], key: str) -> date | None:
    """Return the day under the key ("2024-06-06"), None if missing, null or "unknown". Raises RuleBroken."""
    value = data.get(key)
    if value is None or value == "unknown":
        return None
    if isinstance(value, str) and DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise RuleBroken("must be a day such as 2024-06-06.", field=key)


def day_to_json(value: date | None) -> str | None:
    """Return the day as text, None for None."""
    return None if value is None else value.isoformat()
