"""JSON from outside, read without recursion, without numbers that nobody means, without doubled keys."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tracker.services.reading_faults import (
    BAD_KEY,
    MOST_DIGITS,
    MOST_LEVELS,
    MOST_NODES,
    Faults,
    Way,
    kept,
    stop,
    too_deep,
)


def from_json(text: str, faults: Faults) -> Any:
    """Return what the text says. Soft faults go to `faults`; raises BadFile where reading has to stop."""
    # The reader is fast and blind; this bound keeps a file of brackets from filling the memory.
    if text.count(",") + text.count("[") + text.count("{") > MOST_NODES:
        raise stop(faults, "file: whole", f"holds more than {MOST_NODES:,} things; split it")
    twice: list[tuple[dict[str, Any], set[str]]] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) != len(found):
            counted = Counter(key for key, _ in found)
            twice.append((made, {key for key, times in counted.items() if times > 1}))
        return made

    try:
        data = json.loads(
            text,
            object_pairs_hook=pairs,
            parse_int=_whole_number,
            parse_float=_decimal_number,
            parse_constant=_no_number,
        )
    except RecursionError:
        raise stop(faults, "file: whole", too_deep()) from None
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]} (column {error.colno})"
        raise stop(faults, f"line {error.lineno}: text", message) from None
    except ValueError as error:
        raise stop(faults, "file: whole", str(error)) from None
    return _checked_json(data, {id(made): keys for made, keys in twice}, faults)


def _whole_number(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise ValueError(f"holds a number of {len(digits):,} digits; at most {MOST_DIGITS} are possible")
    return int(digits)


def _decimal_number(written: str) -> float:
    if len(written) > 2 * MOST_DIGITS or abs(float(written)) >= 10**MOST_DIGITS:
        raise ValueError(f"holds a number that is too large or too long: {written[:20]}")
    return float(written)


def _no_number(word: str) -> float:
    raise ValueError(f"holds {word}, which is not a number")


def _checked_json(data: Any, twice: Mapping[int, set[str]], faults: Faults) -> Any:
    """Return the data with every text as it may be kept, without recursion.

    `twice` are the keys that stood more than once in a mapping, by the identity of the mapping.
    """
    faults.data = root = [data]
    waiting: list[tuple[Way, Any]] = [((), root)]
    while waiting:
        way, here = waiting.pop()
        if len(way) > MOST_LEVELS:
            raise stop(faults, "file: whole", too_deep())
        for key in sorted(twice.get(id(here), ())):
            faults.add((*way, key)[1:], "stands here twice")
        items: Iterable[tuple[Any, Any]] = here.items() if isinstance(here, dict) else enumerate(here)
        for key, value in list(items):
            if isinstance(key, str) and not key.isprintable():
                faults.add((*way, key)[1:], BAD_KEY)
            if isinstance(value, str):
                here[key] = kept(value, (*way, key)[1:], faults)
            elif isinstance(value, dict | list):
                waiting.append(((*way, key), value))
    return root[0]
