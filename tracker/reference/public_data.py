"""The form of the public data, as JSON Schema (draft 2020-12)."""

from functools import cache

from tracker.reference.tables import FOLDER


@cache
def schema_text() -> str:
    """Return the schema as it is given away."""
    return (FOLDER / "public_data.schema.json").read_text(encoding="utf-8")
