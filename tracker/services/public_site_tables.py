"""The public data as tables: what CSV files and lists as JSON are made of, each in one SQL statement.

Like the records of public_site_data.py: what no column here names stays where it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from operator import attrgetter
from typing import Any, cast

import sqlalchemy as sa

from tracker.db import by_number, db
from tracker.errors import NotFound
from tracker.models import (
    PublishedAuthority,
    PublishedCase,
    PublishedDeadline,
    PublishedDecision,
    PublishedFiling,
    PublishedHearing,
    PublishedLine,
    PublishedTotal,
    PublishedUpdate,
)
from tracker.reference import periods, tables
from tracker.reference.authorities import label
from tracker.rules.money import Money
from tracker.services.authorities_search import search
from tracker.services.controllers import fold
from tracker.services.public_site_data import AT_A_TIME, AUTHORITY
from tracker.services.public_site_filters import Filters, conditions
from tracker.services.public_site_list import NEWEST, NUMBER, WAITING
from tracker.services.public_site_records import open_claims_of
from tracker.services.public_site_search import asked_of_store

Cell = str | int | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """The heads of the columns, and the rows of words, numbers, yes or no, nothing, and lists of words."""

    heads: tuple[str, ...]
    rows: Iterator[tuple[Cell, ...]]

    def records(self) -> Iterator[dict[str, Cell]]:
        """Give the rows with their heads."""
        return (dict(zip(self.heads, row, strict=True)) for row in self.rows)

    def where(self, head: str, word: str) -> "Table":
        """Return the table with those rows alone whose list in a column has the word."""
        place = self.heads.index(head)
        return Table(self.heads, (row for row in self.rows if word in cast(list[str], row[place])))


Asked = sa.Select[*tuple[Any, ...]]
#: A column: its head, and how its cell is made of a row.
Column = tuple[str, Callable[[Any], Any]]


def _columns(names: str) -> list[Column]:
    """Return columns that stand under the name that they have in the row."""
    return [(name, attrgetter(name)) for name in names.split()]


def _address(path: str, name: str) -> Column:
    return "address", lambda row: f"{row.site}{path}{getattr(row, name)}"


def _table(query: Asked, columns: Sequence[Column], site: str) -> Table:
    query = query.add_columns(sa.literal(site).label("site"))

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in asked_of_store(query.execution_options(yield_per=AT_A_TIME)):
            yield tuple(_cell(make(row)) for _, make in columns)

    return Table(tuple(head for head, _ in columns), rows())


def _cell(value: Any) -> Cell:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, list | tuple):
        return [str(it) for it in value]
    return value if isinstance(value, str | int | bool) or value is None else str(value)


def _in_order(query: Asked, number: Any) -> Asked:
    """Return rows of cases by the number of the case."""
    return query.join(PublishedLine, PublishedLine.case_number == number).order_by(PublishedLine.rank)


CASES: list[Column] = [
    *_columns("number"),
    _address("/cases/", "number"),
    *_columns("title language"),
    ("brought_by", lambda row: row.ngo),
    *_columns("controllers project lodged_on filings pending last_entry published_at cleared_at"),
]


def cases_table(site: str, filters: Filters | None = None, order: str = NUMBER) -> Table:
    """Return the public cases that match, by number or in an order of the list."""
    case, line = PublishedCase, PublishedLine
    by = {NEWEST: (line.newest.desc(), line.rank.desc()), WAITING: (line.waiting, line.rank)}
    query = (
        sa.select(
            case.number, case.title, case.language, case.ngo, case.controllers, case.project, case.lodged_on,
            line.filings, line.pending, line.last_number.label("last_entry"), case.published_at,
            case.cleared_at,
        )
        .join(line, line.case_number == case.number)
        .where(*conditions(filters or Filters(), line.case_number))
        .order_by(*by.get(order, (line.rank,)))
    )  # fmt: skip
    return _table(query, CASES, site)


def cases_of(name: str, slug: str, site: str) -> Table:
    """Return the cases against a controller, or those of a project (`name`). Raises NotFound."""
    total = PublishedTotal
    if db.session.scalar(sa.select(total.cases).where(total.name == name, total.value == slug)) is None:
        raise NotFound("There is no such page.")
    return cases_table(site, replace(Filters(), **cast(Any, {name: slug})), NEWEST)


FILINGS: list[Column] = [
    *_columns("number"),
    _address("/filings/", "number"),
    ("case", lambda row: row.case_number),
    *_columns("authority"),
    ("authority_name", lambda row: label(row.authority, row.country or None)),
    *_columns("country reference lodged_on lodged_precision stage"),
    ("stage_words", lambda row: _stage(row.stage)),
    *_columns("since_on since_precision outcome lead"),
    ("lead_name", lambda row: label(row.lead) if row.lead else None),
    *_columns("lead_presumed handling controllers"),
    ("open_claims", lambda row: list(open_claims_of(row.claims).get(row.number, ()))),
]


def filings_table(site: str, *, case: str = "", authority: str = "") -> Table:
    """Return public filings by number: all, those of a case, or those in which an authority has a role."""
    it, of = PublishedFiling, PublishedCase
    query = sa.select(
        it.number, it.case_number, it.authority, it.country, it.reference, it.lodged_on, it.lodged_precision,
        it.stage, it.since_on, it.since_precision, it.outcome, it.lead, it.lead_presumed, it.handling,
        it.controllers, of.claims,
    ).join(of, of.number == it.case_number)  # fmt: skip
    if case:
        query = query.where(it.case_number == case)
    if authority:
        query = query.where(sa.or_(it.authority == authority, it.lead == authority, it.handling == authority))
    return _table(_in_order(query, it.case_number).order_by(*by_number(it.number)), FILINGS, site)


ENTRIES: list[Column] = [
    ("case", lambda row: row.case_number),
    *_columns("number"),
    ("address", lambda row: f"{row.site}/cases/{row.case_number}#entry-{row.number}"),
    ("day", lambda row: row.happened_on),
    ("precision", lambda row: row.happened_precision),
    ("step", lambda row: row.kind),
    *_columns("label actor"),
    ("authority", lambda row: row.actor_slug),
    *_columns("words language filings reference source published_at"),
]


def entries_table(site: str, *, case: str = "") -> Table:
    """Return the public entries of the protocols, in their order: all, or those of a case."""
    it, of = PublishedUpdate, PublishedCase
    query = sa.select(
        it.case_number, it.number, it.happened_on, it.happened_precision, it.kind, it.label, it.actor,
        it.actor_slug, it.words, of.language, it.filings, it.reference, it.source, it.published_at,
    ).join(of, of.number == it.case_number)  # fmt: skip
    if case:
        query = query.where(it.case_number == case)
    return _table(_in_order(query, it.case_number).order_by(it.position), ENTRIES, site)


DECISIONS: list[Column] = [
    ("case", lambda row: row.case_number),
    ("number", lambda row: row.position),
    _address("/cases/", "case_number"),
    *_columns("type decided_by"),
    ("authority", lambda row: row.decided_by_slug),
    *_columns("decided_on decided_precision reference ecli language source summary appeal appeal_to"),
    ("filings", lambda row: [f"{it['number']}: {it['result']}" for it in row.filings]),
    ("findings", lambda row: [f"{it['filing']} {it['provision']}: {it['finding']}" for it in row.findings]),
    (
        "fines",
        lambda row: [f"{Money(it['minor'], it['currency']).plain} {it['currency']}" for it in row.fines],
    ),
    ("measures", lambda row: [it["letter"] for it in row.measures]),
    *_columns("entries"),
]


def decisions_table(site: str) -> Table:
    """Return the public decisions. Fines are in their currency as it is written, not in its cents."""
    it = PublishedDecision
    query = sa.select(
        it.case_number, it.position, it.type, it.decided_by, it.decided_by_slug, it.decided_on,
        it.decided_precision, it.reference, it.ecli, it.language, it.source, it.summary, it.appeal,
        it.appeal_to, it.filings, it.findings, it.fines, it.measures, it.entries,
    )  # fmt: skip
    return _table(_in_order(query, it.case_number).order_by(it.position), DECISIONS, site)


DEADLINES: list[Column] = [
    ("filing", lambda row: row.filing_number),
    _address("/filings/", "filing_number"),
    *_columns("period"),
    ("label", lambda row: _period(row.period, "label")),
    ("basis", lambda row: _period(row.period, "basis")),
    ("authority", lambda row: row.owed_by),
    *_columns("start_number started_on due_on"),
    ("latest_on", lambda row: row.certain_on),
    *_columns("met_on paused_on open"),
]


def deadlines_table(site: str) -> Table:
    """Return what authorities owe by law in public filings, met or not."""
    it = PublishedDeadline
    query = sa.select(
        it.filing_number, it.period, it.owed_by, it.start_number, it.started_on, it.due_on, it.certain_on,
        it.met_on, it.paused_on, it.open,
    )  # fmt: skip
    query = _in_order(query, it.case_number).order_by(*by_number(it.filing_number), it.position)
    return _table(query, DEADLINES, site)


HEARINGS: list[Column] = [
    *_columns("uid sequence"),
    ("case", lambda row: row.case_number),
    _address("/cases/", "case_number"),
    *_columns("filings day starts_at zone court place what cancelled"),
]


def hearings_table(site: str) -> Table:
    """Return the public hearings."""
    it = PublishedHearing
    query = sa.select(
        it.uid, it.sequence, it.case_number, it.filings, it.day, it.starts_at, it.zone, it.court, it.place,
        it.what, it.cancelled,
    )  # fmt: skip
    return _table(_in_order(query, it.case_number).order_by(it.day, it.uid), HEARINGS, site)


def authorities_table(site: str, text: str = "", country: str = "") -> Table:
    """Return the directory by country and name; every word of `text` occurs in it."""
    it = PublishedAuthority
    query = sa.select(it)
    if country:
        query = query.where(it.country == country)
    columns: list[Column] = [
        ("address", lambda row: f"{site}/authorities/{row.slug}"),
        ("label", lambda row: label(row.slug, row.country)),
        *_columns(" ".join(AUTHORITY)),
    ]

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in search(db.session.scalars(query), text):
            yield tuple(_cell(make(row)) for _, make in columns)

    return Table(tuple(head for head, _ in columns), rows())


GROUP: list[Column] = [
    ("slug", lambda row: row.value),
    ("name", lambda row: row.label),
    *_columns("cases filings pending"),
]


def groups_table(name: str, site: str, text: str = "") -> Table:
    """Return all controllers or projects (`name`) by name; every word of `text` is in the name."""
    it = PublishedTotal
    fits = [it.sorted.contains(word, autoescape=True) for word in fold(text).split()]
    query = sa.select(it.value, it.label, it.cases, it.filings, it.pending).where(it.name == name, *fits)
    columns = [GROUP[0], _address(f"/{name}s/", "value"), *GROUP[1:]]
    return _table(query.order_by(it.sorted, it.value), columns, site)


#: The tables of the whole data set, by the name of their file.
DATA_SET: Mapping[str, Callable[[str], Table]] = {
    "cases": cases_table,
    "filings": filings_table,
    "entries": entries_table,
    "decisions": decisions_table,
    "deadlines": deadlines_table,
    "hearings": hearings_table,
    "authorities": authorities_table,
    "controllers": lambda site: groups_table("controller", site),
    "projects": lambda site: groups_table("project", site),
}


def _stage(code: str) -> str:
    stage = tables.procedure().stages.get(code)
    return stage.plain if stage else code.replace("_", " ")


def _period(code: str, name: str) -> str:
    period = periods.periods().get(code)
    return str(getattr(period, name)) if period else ""
