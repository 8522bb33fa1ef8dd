"""The JSON Schema of the file of cases, and its faults in plain words."""

import difflib
import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from tracker.services.reading_faults import Faults, Way, fit

FILE = Path(__file__).parent.parent / "reference" / "cases.schema.json"
#: A file that is wrong throughout is not looked at to its end.
_MOST_ERRORS = 500

_MOST_REMEMBERED = 10_000
_SIMPLE = (str, bool, int, float, type(None))

_TYPES: dict[type, str] = {dict: "a mapping", list: "a list", str: "text", bool: "true or false"}


@cache
def schema() -> dict[str, Any]:
    """Return the packaged schema (draft 2020-12)."""
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


@cache
def _validator() -> Draft202012Validator:
    """Return a validator with every reference written out: looking them up takes longer than the checking."""
    definitions = schema()["$defs"]

    def written_out(part: Any) -> Any:
        if isinstance(part, list):
            return [written_out(each) for each in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return written_out(definitions[part["$ref"].rpartition("/")[2]])
        return {key: written_out(value) for key, value in part.items() if key != "$defs"}

    remembering = validators.extend(Draft202012Validator, {"properties": _properties()})
    return remembering(written_out(schema()))


def _properties() -> Any:
    """Return the rule "properties" of the validator, with a memory: the same words stand in a file often."""
    usual = Draft202012Validator.VALIDATORS["properties"]
    sound: set[tuple[int, type, object]] = set()

    def properties(
        validator: Any, asked: dict[str, Any], instance: Any, whole: Any
    ) -> Iterator[ValidationError]:
        if not validator.is_type(instance, "object"):
            return
        if len(sound) > _MOST_REMEMBERED:
            sound.clear()
        left = {}
        for key, value in instance.items():
            if key in asked:
                known = (id(asked[key]), type(value), value) if isinstance(value, _SIMPLE) else None
                if known is None or known not in sound:
                    left[key] = known
        for key, known in left.items():
            found = list(usual(validator, {key: asked[key]}, instance, whole))
            if known and not found:
                sound.add(known)
            yield from found

    return properties


def check(data: Any, faults: Faults) -> None:
    """Add what the schema finds wrong with the data to the faults, each at its place."""
    for error in islice(_validator().iter_errors(data), _MOST_ERRORS):
        for way, text in _told(error):
            faults.add(way, text)


def _told(error: ValidationError) -> Iterator[tuple[Way, str]]:
    """Return place and plain words for each thing that one error of the validator is about."""
    way: Way = tuple(error.absolute_path)
    rule, value = str(error.validator), error.instance
    asked: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    if rule == "required":
        for key in error.validator_value:
            if key not in value:
                yield (*way, key), "is missing"
    elif rule == "additionalProperties" and error.validator_value is False:
        for key in value:
            if key not in asked["properties"]:
                near = difflib.get_close_matches(key, asked["properties"], n=1)
                meant = f": meant is perhaps {near[0]}" if near else ""
                yield (*way, key), f"is no key of this file{meant}"
    elif rule == "type":
        yield way, _wrong_type(value, asked)
    elif rule == "pattern" and "propertyNames" in error.absolute_schema_path:
        yield (*way, str(value)), "is no word of small letters, digits and underscores"
    elif isinstance(value, str) and not value:
        nullable = isinstance(asked.get("type"), list) and "null" in asked["type"]
        instead = "null where it is not known" if nullable else "leave the key out"
        yield way, f"is empty: write something, or {instead}"
    elif rule == "maxLength":
        yield way, f"has {len(value):,} characters; at most {error.validator_value:,} are possible"
    else:
        shown = f", not '{fit(value)}'" if isinstance(value, str) else ""
        yield way, f"must be {asked.get('description', error.validator_value)}{shown}"


def _wrong_type(value: Any, asked: dict[str, Any]) -> str:
    types = asked["type"] if isinstance(asked["type"], list) else [asked["type"]]
    if value is None:
        return "is empty: a value is needed here"
    words = {"object": "a mapping", "array": "a list", "string": "text", "boolean": "true or false"}
    default = words.get(types[0], "a number")
    needed = asked.get("description", default)
    if "string" in types and isinstance(value, bool | int | float):
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return f"must be {needed}: put it in quotes ('{written}')"
    return f"must be {needed}, not {_TYPES.get(type(value), 'a number')}"
