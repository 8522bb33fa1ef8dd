"""Marks: a word of its own in every text of the private store, so that it is known again wherever it shows.

Which texts there are is taken from the models. A new column has a mark without anybody thinking of it; one
that cannot bear any stands in UNMARKED with the reason.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.db import db, new_id
from tracker.models import PublishedAuthority

#: Texts that carry a meaning which the program needs, or that are public as they are: why each has no mark.
UNMARKED: Mapping[tuple[str, str], str] = {
    ("cases", "number"): "the name of the case, in addresses too",
    ("filings", "number"): "the name of the filing, in addresses too",
    ("filing_references", "owner"): "a code: who gave the number",
    ("routes", "facts"): "read by the rules",
    ("routes", "result"): "read by the rules",
    ("update_filings", "step"): "a code of steps.csv",
    ("cases", "language"): "a code of a language",
    ("case_texts", "language"): "a code of a language",
    ("deadline_acts", "act"): "a code, checked by the database",
    ("deadline_acts", "period"): "a code of periods.csv",
    ("deadline_acts", "more"): "a length that the rules count with",
    ("decision_fines", "currency"): "a code of a currency, by which amounts are summed",
    ("hearing_versions", "zone"): "a name of the time zone database",
}
#: What such a text is in a row that is made for a table without any.
MEANS = {"act": "extend", "period": "G15", "more": "+1m", "currency": "EUR", "zone": "Europe/Vienna"}
#: Written by the act of publishing itself, so marked after it.
AFTERWARDS = {"publications"}
#: Guarded by triggers against any change: rows are added instead.
ADDED_TO = {"journal", "controller_revisions", "stored_files"}
#: Of what a further row of a table belongs to the last one, while all else of it is of the first.
OWN = {"decisions", "hearings", "proceedings", "reminder_batches", "users", "deadlines", "controllers"}
NOON = datetime(2024, 6, 6, 12, tzinfo=UTC)


class Marks:
    """Gives every text a mark of its own; knows which text has which, and the whole that stands there."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}
        #: Texts in which a mark stands beside something else.
        self.wholes: dict[str, str] = {}

    def new(self, what: str) -> str:
        """Return a new mark for something."""
        mark = f"canary{len(self.of):05}x"
        self.of[mark] = what
        return mark

    def whole(self, what: str, form: str) -> str:
        """Return a text with a new mark at the place of the braces."""
        mark = self.new(what)
        self.wholes[form.format(mark)] = mark
        return form.format(mark)

    def text(self, column: sa.Column[Any]) -> Any:
        """Return a marked value for a column: an address for a source, a structure for JSON."""
        what = f"{column.table.name}.{column.name}"
        if isinstance(column.type, sa.JSON):
            return {key: self.new(f"{what}[{key}]") for key in ("summary", "status")}
        return self.whole(what, "https://{}.example/") if column.name.endswith("source") else self.new(what)

    def columns(self) -> set[str]:
        """Return the columns that have a mark somewhere."""
        return {what.partition("[")[0] for what in self.of.values()}


def private_tables() -> list[sa.Table]:
    """Return every table of the private store, those without foreign keys first."""
    return list(db.metadatas[None].sorted_tables)


def is_text(column: sa.Column[Any]) -> bool:
    """Return whether a column holds text, or a structure with text in it."""
    return isinstance(column.type, sa.Text | sa.JSON | sa.String) and not isinstance(column.type, sa.Enum)


def in_the_directory(column: sa.Column[Any]) -> bool:
    """Return whether a column belongs to the directory of authorities, which is public."""
    public = {it.key for it in sa.inspect(PublishedAuthority).column_attrs}
    return column.table.name == "authorities" and column.name in public


def marked_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of a table that bear marks."""
    return [
        it
        for it in table.columns
        if is_text(it)
        and not it.foreign_keys
        and (table.name, it.name) not in UNMARKED
        and not in_the_directory(it)
    ]


def a_value(column: sa.Column[Any], marks: Marks, *, last: bool, own: bool) -> Any:
    """Return a value for a column of a new row; a key of another table is its first, or its last."""
    kind = column.type
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        of_last = last or (own and target.table.name in OWN)
        return db.session.scalar(
            sa.select(target).order_by(target.desc() if of_last else target.asc()).limit(1)
        )
    if column in marked_columns(column.table):
        return marks.text(column)
    if isinstance(kind, sa.Enum):
        return next(iter(kind.enum_class or ()))
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Date):
        return date(2024, 6, 6)
    if isinstance(kind, sa.Integer):
        return new_id()
    if is_text(column):
        return MEANS.get(column.name, f"key{new_id()}")
    return NOON


def add_row(table: sa.Table, marks: Marks, *, last: bool = False, own: bool = False) -> bool:
    """Add a row to a table, whatever it holds, with marks in its texts; return whether it could be added.

    One that would be there twice, because everything in it is a key of another table, cannot.
    """
    row = {it.name: a_value(it, marks, last=last, own=own) for it in table.columns}
    try:
        with db.session.begin_nested():
            db.session.execute(sa.insert(table), [row])
    except sa.exc.IntegrityError:
        return False
    return True


def mark_all(marks: Marks, tables: Sequence[sa.Table] | None = None) -> None:
    """Mark every text of every row; a table without rows gets some, of the first case and of the last one."""
    for table in private_tables() if tables is None else tables:
        if table.name in AFTERWARDS and tables is None:
            continue
        keys = list(table.primary_key.columns)
        there = db.session.execute(sa.select(*keys)).all()
        if not there or table.name in ADDED_TO:
            added = [add_row(table, marks), add_row(table, marks, own=True), add_row(table, marks, last=True)]
            assert any(added), f"{table.name}: no row could be made for it"
        if table.name not in ADDED_TO:
            mark_rows(marks, table, there)


def mark_rows(marks: Marks, table: sa.Table, keys: Sequence[Any], *, but: Collection[str] = ()) -> None:
    """Mark the texts of rows, but not those of some columns; what is a key stays."""
    columns = [it for it in marked_columns(table) if not it.primary_key and it.name not in but]
    for key in keys if columns else ():
        here = [it == value for it, value in zip(table.primary_key.columns, key, strict=True)]
        values = {it.name: marks.text(it) for it in columns}
        db.session.execute(sa.update(table).where(*here).values(values))
