"""Single changes of the private store, of whatever the models have: none of them may change a public byte."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from tests.leaks.marks import ADDED_TO, NOON, Marks, add_row, in_the_directory, is_text, private_tables
from tracker.db import db, transaction

#: What is public itself, or the name of it: a change of these is no change of something private.
KEPT = {
    ("cases", "number"): "the name under which what is public is known; no act changes it",
    ("publications", "case_id"): "of which case it is",
    ("publications", "state"): "whether it is public",
    ("publications", "content"): "what was cleared, word by word",
    ("publications", "decided_at"): "since when it is public",
    ("publications", "withdrawn_at"): "since when it is not public any more",
}


def changeable(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of a table that a change may be made in."""
    return [
        it
        for it in table.columns
        if not it.primary_key
        and (table.name, it.name) not in KEPT
        and not in_the_directory(it)
        and not (table.name == "publications" and not is_text(it))
    ]


class Changes:
    """Makes changes, one after the other, always the same for the same seed."""

    def __init__(self, marks: Marks, seed: int = 1) -> None:
        """Begin with a seed; new texts are marked too."""
        self._marks, self._random = marks, random.Random(seed)  # noqa: S311 - no secret
        self.made: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """Make a change in a transaction of its own and say which; without end."""
        tables = private_tables()
        while True:
            table = self._random.choice(tables)
            with transaction():
                told = self._change(table)
            if told:
                self.made.append(told)
                yield told

    def _change(self, table: sa.Table) -> str | None:
        """Change a value of a row, or add a row where the database lets none be changed; None for neither."""
        columns = changeable(table)
        keys = db.session.execute(sa.select(*table.primary_key.columns)).all()
        if table.name in ADDED_TO or not columns or not keys:
            return f"a row of {table.name}" if add_row(table, self._marks) else None
        column, key = self._random.choice(columns), self._random.choice(keys)
        here = [it == value for it, value in zip(table.primary_key.columns, key, strict=True)]
        before = db.session.execute(sa.select(column).where(*here)).scalar()
        after = self._another(column, before)
        if after is None or after == before:
            return None
        try:
            with db.session.begin_nested():
                db.session.execute(sa.update(table).where(*here).values({column.name: after}))
        except sa.exc.IntegrityError:
            return None
        return f"{table.name}.{column.name}"

    def _another(self, column: sa.Column[Any], before: Any) -> Any:
        """Return another value for a column; None where there is none."""
        kind, chance = column.type, self._random
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column
            others = [it for it in db.session.scalars(sa.select(target).limit(50)) if it != before]
            return chance.choice(others) if others else None
        if isinstance(kind, sa.Enum):
            others = [it for it in kind.enum_class or () if it != before]
            return chance.choice(others) if others else None
        if isinstance(kind, sa.Boolean):
            return not before
        if isinstance(kind, sa.Date):
            return date(2020, 1, 1) + timedelta(days=chance.randrange(3000))
        if isinstance(kind, sa.Integer):
            return chance.randrange(1, 1 << 40)
        if isinstance(kind, sa.JSON):
            return {"summary": self._marks.new(f"a change of {column.table.name}.{column.name}")}
        if is_text(column):
            return self._marks.new(f"a change of {column.table.name}.{column.name}")
        assert isinstance(before or NOON, datetime)
        return NOON + timedelta(minutes=chance.randrange(1_000_000))
