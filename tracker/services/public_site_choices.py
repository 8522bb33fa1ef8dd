"""What each further choice of a filter would leave of the public list.

Without any filter the counts stand ready in the totals. With some, the number of SQL statements depends on
how many filters are set, never on how many cases there are.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.models import PublishedFacet, PublishedFiling, PublishedTotal
from tracker.services.public_site_filters import (
    FACETS,
    OF_FILINGS,
    Filters,
    about_cases,
    about_filings,
    conditions,
    same_words,
)
from tracker.services.public_site_search import asked_of_store

#: How many choices a filter offers; further ones are reached by the search.
MOST_CHOICES = 200
#: Filters whose values have words that only the store knows.
LABELLED = ("project", "controller")
#: Stands between the codes of a case; no code holds it.
BETWEEN = ","

Counts = dict[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter and how many cases it would leave, the other filters kept.

    `label` are its words, where the program does not know them by the value.
    """

    value: str
    cases: int
    label: str = ""


def choices_of(filters: Filters) -> dict[str, tuple[Choice, ...]]:
    """Return the values of every filter with the cases that each would leave, the most frequent first.

    The value that is chosen now is always among them.
    """
    counted: Counts = {}
    together: dict[Filters, list[str]] = defaultdict(list)
    for name in FACETS:
        together[filters.without(name)].append(name)
    for others, names in together.items():
        counted |= _counted(others, names)
    chosen = {name: _first(name, counted[name], filters.value(name)) for name in FACETS}
    labels = _labels({name: [value for value, _ in chosen[name]] for name in LABELLED})
    return {
        name: tuple(Choice(value, cases, labels.get((name, value), "")) for value, cases in some)
        for name, some in chosen.items()
    }


def _first(name: str, counts: Counter[str], now: str) -> list[tuple[str, int]]:
    """Return the choices that are offered; years are in their own order."""
    found = sorted(counts.items(), key=lambda it: (-it[1], it[0]))
    if name == "year":
        found.sort(reverse=True)
    found = found[:MOST_CHOICES]
    if now and all(value != now for value, _ in found):
        found.append((now, counts[now]))
    return found


def _counted(others: Filters, names: Sequence[str]) -> Counts:
    """Return in how many of the cases that fit the other filters each value of these filters occurs."""
    if not others.active():
        return _of_totals(names)
    of_filings = [name for name in names if name in OF_FILINGS and about_filings(others)]
    found = _of_filings(others, of_filings) if of_filings else {}
    return found | _of_facets(others, [name for name in names if name not in of_filings])


def _of_totals(names: Sequence[str]) -> Counts:
    """Return the counts of all cases, in one statement that reads no more than is offered."""
    it = PublishedTotal
    parts = [
        sa.select(it.name, it.value, it.cases)
        .where(it.name == name)
        .order_by(it.cases.desc(), it.value.desc())
        .limit(MOST_CHOICES)
        .subquery()
        for name in names
    ]
    counted: Counts = {name: Counter() for name in names}
    for name, value, cases in asked_of_store(sa.union_all(*(sa.select(part) for part in parts))):
        counted[name][value] = cases
    return counted


def _of_facets(others: Filters, names: Sequence[str]) -> Counts:
    counted: Counts = {name: Counter() for name in names}
    if not names:
        return counted
    it = PublishedFacet
    # Said as an expression, so that the database begins with the cases and not with all rows of these names.
    query = sa.select(it.name, it.value, sa.func.count()).where(
        it.name.concat("").in_(names), *conditions(others, it.case_number)
    )
    for name, value, cases in db.session.execute(query.group_by(it.name, it.value)):
        counted[name][value] = cases
    return counted


def _of_filings(others: Filters, names: Sequence[str]) -> Counts:
    """Return in how many cases each value occurs in a filing that fits the other filters, in one statement.

    The database joins the codes of each case and they are told apart here: counting distinct pairs in SQL
    takes twice as long, and once per column.
    """
    columns = [(name, column) for name in names for column in _columns_of(name)]
    joined = [sa.func.aggregate_strings(column, BETWEEN) for _, column in columns]
    query = sa.select(*joined).where(
        *about_filings(others), *about_cases(others, PublishedFiling.case_number)
    )
    counted: Counts = {name: Counter() for name in names}
    for row in db.session.execute(query.group_by(PublishedFiling.case_number)):
        of_case: dict[str, set[str]] = {name: set() for name in names}
        for (name, _), codes in zip(columns, row, strict=True):
            if codes:
                of_case[name].update(it for it in codes.split(BETWEEN) if it)
        if "stage" in of_case:
            of_case["stage"] = {same_words(it)[0] for it in of_case["stage"]}
        for name, values in of_case.items():
            counted[name].update(values)
    return counted


def _columns_of(name: str) -> Sequence[Any]:
    columns = (PublishedFiling.authority, PublishedFiling.lead)
    return columns if name == "authority" else (getattr(PublishedFiling, name),)


def _labels(values: dict[str, list[str]]) -> dict[tuple[str, str], str]:
    it = PublishedTotal
    wanted = [sa.and_(it.name == name, it.value.in_(some)) for name, some in values.items() if some]
    if not wanted:
        return {}
    query = sa.select(it.name, it.value, it.label).where(sa.or_(*wanted))
    return {(name, value): label for name, value, label in db.session.execute(query)}
