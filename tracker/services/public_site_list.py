"""The public list of cases: filters joined by and, what each further choice would leave, one page at a time.

The number of SQL statements depends on how many filters are set, never on how many cases there are.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import PUBLIC, by_number, db
from tracker.models import PublishedCase, PublishedFiling, PublishedUpdate
from tracker.reference import tables
from tracker.rules.days import Day, how_long
from tracker.rules.vocabulary import Precision
from tracker.services.controllers import fold
from tracker.services.public_site_words import (
    News,
    State,
    case_status,
    first_lodged,
    has_result,
    is_pending,
    is_unclear,
    lodged_words,
    news,
    state_of,
)

PAGE_SIZE = 25
#: How many choices a filter offers; further ones are reached by the search.
MOST_CHOICES = 200


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for. Empty and None mean: any. Filing filters must hold for the same filing.

    `stage` stands for all that the public reads in the same words; `authority` is one with which a filing was
    lodged or that leads it; `controller` is a whole name; every word of `text` must occur; `year` is that of
    the first lodging.
    """

    text: str = ""
    project: str = ""
    authority: str = ""
    country: str = ""
    stage: str = ""
    outcome: str = ""
    controller: str = ""
    year: int | None = None

    def active(self) -> tuple[str, ...]:
        """Return the names of the filters that are set."""
        return tuple(it.name for it in fields(self) if getattr(self, it.name))

    def without(self, name: str) -> "Filters":
        """Return the filters with one of them cleared."""
        blank: dict[str, Any] = {name: None if name == "year" else ""}
        return replace(self, **blank)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the list shows it. `marks` are the shapes of its filings, in order."""

    number: str
    title: str
    ngo: str
    controllers: tuple[str, ...]
    project: str
    first_lodged: Day
    lodged: str
    filings: int
    marks: tuple[str, ...]
    marks_words: str
    state: State
    last: News | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter and how many cases it would leave, the other filters kept."""

    value: str
    cases: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list. Where it is empty, `relax` names filters without which there would be cases."""

    rows: tuple[CaseRow, ...]
    total: int
    page: int
    pages: int
    choices: dict[str, tuple[Choice, ...]]
    relax: tuple[Choice, ...]


def find_cases(filters: Filters, *, page: int = 1) -> Found:
    """Return a page (from 1) of the public cases that match, the last lodged first.

    A page that does not exist has no rows; whether it should is for the caller to say.
    """
    total = _count(filters)
    chosen = (
        sa.select(PublishedCase)
        .where(*_conditions(filters))
        .order_by(
            PublishedCase.lodged_on.is_(None),
            PublishedCase.lodged_on.desc(),
            *by_number(PublishedCase.number, last_first=True),
        )
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    relax: tuple[Choice, ...] = ()
    if not total:
        tried = (Choice(name, _count(filters.without(name))) for name in filters.active())
        relax = tuple(it for it in tried if it.cases)
    return Found(
        rows=rows_of(db.session.scalars(chosen).all()),
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        choices=choices_of(filters),
        relax=relax,
    )


def newest(limit: int) -> tuple[CaseRow, ...]:
    """Return the cases that were lodged last."""
    query = (
        sa.select(PublishedCase)
        .where(PublishedCase.withdrawn.is_(False), PublishedCase.lodged_on.is_not(None))
        .order_by(PublishedCase.lodged_on.desc(), *by_number(PublishedCase.number, last_first=True))
    )
    return rows_of(db.session.scalars(query.limit(limit)).all())


def rows_of(cases: Sequence[PublishedCase]) -> tuple[CaseRow, ...]:
    """Return the cases as rows, in two SQL statements for all of them."""
    numbers = [it.number for it in cases]
    filings: dict[str, list[PublishedFiling]] = defaultdict(list)
    query = sa.select(PublishedFiling).where(PublishedFiling.case_number.in_(numbers))
    for filing in db.session.scalars(query.order_by(*by_number(PublishedFiling.number))):
        filings[filing.case_number].append(filing)
    newest_place = (
        sa.select(PublishedUpdate.case_number, sa.func.max(PublishedUpdate.position).label("position"))
        .where(PublishedUpdate.case_number.in_(numbers))
        .group_by(PublishedUpdate.case_number)
        .subquery()
    )
    last = {
        it.case_number: it
        for it in db.session.scalars(
            sa.select(PublishedUpdate).join(
                newest_place,
                sa.and_(
                    PublishedUpdate.case_number == newest_place.c.case_number,
                    PublishedUpdate.position == newest_place.c.position,
                ),
            )
        )
    }
    return tuple(_row(it, filings[it.number], last.get(it.number)) for it in cases)


def _row(case: PublishedCase, filings: Sequence[PublishedFiling], last: PublishedUpdate | None) -> CaseRow:
    status = case_status(filings, clock.today())
    counted = f"{len(filings)} filing{'' if len(filings) == 1 else 's'}"
    state = _state_of_one(filings[0]) if len(filings) == 1 else status.state
    return CaseRow(
        number=case.number,
        title=case.title,
        ngo=case.ngo,
        controllers=tuple(case.controllers),
        project=case.project,
        first_lodged=first_lodged(filings),
        lodged=lodged_words(filings) if filings else "",
        filings=len(filings),
        marks=tuple(state_of(it).mark for it in filings),
        marks_words=f"{counted}: {_how_many(filings)}",
        state=State(state.mark, state.words.rstrip("."), state.tone),
        last=news(last) if last else None,
    )


def _how_many(filings: Sequence[PublishedFiling]) -> str:
    """Return "3 pending, 9 with a result, 2 not known", each where there are any."""
    kinds = (("pending", is_pending), ("with a result", has_result), ("not known", is_unclear))
    counted = [(sum(map(is_such, filings)), words) for words, is_such in kinds]
    return ", ".join(f"{count} {words}" for count, words in counted if count) or "none"


def _state_of_one(filing: PublishedFiling) -> State:
    """Return where the only filing of a case stands, and for how long it has been pending if it is."""
    state = state_of(filing)
    time = how_long(filing.lodged, Day(clock.today(), Precision.DAY)) if is_pending(filing) else None
    return replace(state, words=f"{state.words}, pending for {time}") if time else state


def same_words(stage: str) -> tuple[str, ...]:
    """Return the stages that the public reads in the same words as this one; a strange one stands alone.

    The first of them stands for all in the filter.
    """
    return tables.procedure().alike(stage) or (stage,)


def _filing_conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    table = PublishedFiling
    found = []
    if filters.authority:
        found.append(sa.or_(table.authority == filters.authority, table.lead == filters.authority))
    if filters.country:
        found.append(table.country == filters.country)
    if filters.stage:
        found.append(table.stage.in_(same_words(filters.stage)))
    if filters.outcome:
        found.append(table.outcome == filters.outcome)
    return found


def _case_conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    table = PublishedCase
    found: list[sa.ColumnElement[bool]] = [table.withdrawn.is_(False)]
    if filters.project:
        found.append(table.project_slug == filters.project)
    if filters.year:
        found.append(table.lodged_on.between(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    if filters.controller:
        each = _controllers()
        found.append(sa.exists(sa.select(1).select_from(each).where(each.c.value == filters.controller)))
    found += [table.searched.contains(word, autoescape=True) for word in fold(filters.text).split()]
    return found


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Return what a row of published_cases has to fulfil."""
    found = _case_conditions(filters)
    about = _filing_conditions(filters)
    if about:
        matching = sa.select(PublishedFiling.case_number).where(*about)
        found.append(PublishedCase.number.in_(matching))
    return found


def _controllers() -> sa.FromClause:
    """Return the names of the controllers of a case as rows with the column `value`."""
    column = PublishedCase.controllers
    if db.engines[PUBLIC].dialect.name == "postgresql":
        listed = sa.func.json_array_elements_text(column).table_valued("value", name="each_controller")
        return listed.render_derived()
    return sa.func.json_each(column).table_valued("value", name="each_controller")


def _count(filters: Filters) -> int:
    query = sa.select(sa.func.count()).select_from(PublishedCase).where(*_conditions(filters))
    return db.session.scalar(query) or 0


#: Filters that offer choices, in the order of the page, and those of them that are about a filing.
FACETS = ("project", "authority", "country", "stage", "outcome", "controller", "year")
OF_FILINGS = ("authority", "country", "stage", "outcome")
#: Stands between the codes of a case; no code holds it.
BETWEEN = ","


def choices_of(filters: Filters) -> dict[str, tuple[Choice, ...]]:
    """Return the values of every filter with the cases that each would leave, the most frequent first.

    The value that is chosen now is always among them.
    """
    counted = _filing_choices(filters)
    for name in FACETS:
        if name not in OF_FILINGS:
            counted[name] = _case_choices(filters.without(name), name)
    found = {}
    for name in FACETS:
        choices = [Choice(value, cases) for value, cases in counted[name] if value]
        now = str(getattr(filters, name) or "")
        now = same_words(now)[0] if name == "stage" else now
        if now and all(it.value != now for it in choices):
            choices.append(Choice(now, 0))
        found[name] = tuple(choices)
    return found


def _filing_choices(filters: Filters) -> dict[str, list[tuple[str, int]]]:
    """Return the choices of the filters that are about filings.

    Those that are not set see the same filings, so one statement serves all of them.
    """
    free = tuple(name for name in OF_FILINGS if not getattr(filters, name))
    counted = _counts(free, filters)
    for name in set(OF_FILINGS) - set(free):
        counted |= _counts((name,), filters.without(name))
    return {
        name: sorted(counts.items(), key=lambda it: (-it[1], it[0]))[:MOST_CHOICES]
        for name, counts in counted.items()
    }


def _counts(names: Sequence[str], filters: Filters) -> dict[str, Counter[str]]:
    """Return, by column, in how many cases each value occurs, in one statement.

    The database joins the codes of each case and they are told apart here: counting distinct pairs in SQL
    takes twice as long, and once per column.
    """
    conditions = _filing_conditions(filters)
    if len(_case_conditions(filters)) > 1:
        cases = sa.select(PublishedCase.number).where(*_case_conditions(filters))
        conditions.append(PublishedFiling.case_number.in_(cases))
    columns = [(name, column) for name in names for column in _columns_of(name)]
    counted: dict[str, Counter[str]] = {name: Counter() for name in names}
    if not columns:
        return counted
    joined = [sa.func.aggregate_strings(column, BETWEEN) for _, column in columns]
    for row in db.session.execute(
        sa.select(*joined).where(*conditions).group_by(PublishedFiling.case_number)
    ):
        of_case: dict[str, set[str]] = {name: set() for name in names}
        for (name, _), codes in zip(columns, row, strict=True):
            if codes:
                of_case[name].update(codes.split(BETWEEN))
        if "stage" in of_case:
            of_case["stage"] = {same_words(it)[0] for it in of_case["stage"]}
        for name, values in of_case.items():
            counted[name].update(values)
    return counted


def _columns_of(name: str) -> Sequence[Any]:
    columns = (PublishedFiling.authority, PublishedFiling.lead)
    return columns if name == "authority" else (getattr(PublishedFiling, name),)


def _case_choices(others: Filters, name: str) -> list[tuple[str, int]]:
    value: Any
    source: sa.FromClause = PublishedCase.__table__
    if name == "controller":
        each = _controllers()
        value, source = each.c.value, sa.join(source, each, sa.true())
    elif name == "year":
        value = sa.cast(sa.extract("year", PublishedCase.lodged_on), sa.Integer)
    else:
        value = PublishedCase.project_slug
    count = sa.func.count()
    query = sa.select(value, count).select_from(source).where(*_conditions(others)).group_by(value)
    order = (value.desc(),) if name == "year" else (count.desc(), value)
    rows = db.session.execute(query.order_by(*order).limit(MOST_CHOICES))
    return [("" if it is None else str(it), cases) for it, cases in rows]
