"""Single changes of the private store, of whatever the models have: none of them may change a public byte."""

import random
from collections.abc import Callable, Iterator, Mapping
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
        after = self.another(column, before)
        if after is None or after == before:
            return None
        try:
            with db.session.begin_nested():
                db.session.execute(sa.update(table).where(*here).values({column.name: after}))
        except sa.exc.IntegrityError:
            return None
        return f"{table.name}.{column.name}"

    def another(self, column: sa.Column[Any], before: Any) -> Any:
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


#: What a proposal is made of: a change of these changes what it would hold, and of nothing else.
FOLLOWED: Mapping[str, str] = {
    "case_controllers": "case_id controller_id",
    "case_texts": "title summary language",
    "cases": "language ngo outcome_said project_id requested summary title legal_source",
    "claims": "case_id conduct position provision",
    "controllers": "name",
    "decision_entries": "",
    "decision_filings": "position result",
    "decision_findings": "decision_id filing_id claim_id finding",
    "decision_fines": "decision_id position minor currency controller_id",
    "decision_measures": "decision_id position letter comply_by",
    "decisions": "appeal appeal_to decided_by decided_by_slug decided_on decided_precision ecli language "
    "number reference source type corrects_id",
    "filing_references": "filing_id owner position value",
    "filings": "authority_slug case_id country handling_said lead_said lodged_on lodged_precision number "
    "position source",
    "hearing_filings": "position",
    "hearing_versions": "cancelled court court_slug day hearing_id place sequence starts_at what zone",
    "hearings": "number sequence uid",
    "projects": "name slug",
    "route_overrides": "controller_id ended_at filing_id lead",
    "routes": "controller_id current facts filing_id result lead reason",
    "update_filings": "outcome position step",
    "updates": "actor actor_slug case_id corrects_id happened_on happened_precision kind number "
    "public_words reference source verified",
}


def unfollowed() -> list[sa.Column[Any]]:
    """Return the columns of which nothing in a proposal may follow."""
    return [
        it
        for table in private_tables()
        if table.name != "publications"
        for it in changeable(table)
        if it.name not in FOLLOWED.get(table.name, "").split()
    ]


def each_undone(column: sa.Column[Any], marks: Marks, ask: Callable[[], object]) -> list[object]:
    """Change a column in one row after the other, ask something, undo it, and return the answers."""
    answers, table, changes = [], column.table, Changes(marks)
    for key in db.session.execute(sa.select(*table.primary_key.columns).limit(2)).all():
        here = [it == value for it, value in zip(table.primary_key.columns, key, strict=True)]
        before = db.session.execute(sa.select(column).where(*here)).scalar()
        after = changes.another(column, before)
        if after is None or table.name in ADDED_TO:
            continue
        undone = db.session.begin_nested()
        try:
            db.session.execute(sa.update(table).where(*here).values({column.name: after}))
            db.session.expire_all()
            answers.append(ask())
        except sa.exc.IntegrityError:
            pass
        finally:
            undone.rollback()
            db.session.expire_all()
    return answers
