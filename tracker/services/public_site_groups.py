"""Cases that belong together: those against a controller, and those of a project."""

from dataclasses import dataclass

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import NotFound
from tracker.models import PublishedFacet, PublishedLine, PublishedTotal
from tracker.services.controllers import fold
from tracker.services.public_site_rows import CaseRow, rows_of

#: Controllers, projects or cases on one page.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Group:
    """A controller or a project: what stands in its address, its name, what is public about it."""

    slug: str
    name: str
    cases: int
    filings: int
    pending: int


@dataclass(frozen=True, slots=True)
class GroupList:
    """One page of all controllers or projects, by name. Of `everything`, `total` fit the text."""

    rows: tuple[Group, ...]
    total: int
    everything: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A controller or a project with one page of its cases, the last lodged first.

    `outcomes` are the codes of the results with the number of filings, the most frequent first.
    """

    group: Group
    outcomes: tuple[tuple[str, int], ...]
    rows: tuple[CaseRow, ...]
    page: int
    pages: int


def controllers_list(text: str = "", *, page: int = 1) -> GroupList:
    """Return a page (from 1) of the controllers of public cases; every word of `text` is in the name."""
    return _list("controller", text, page)


def projects_list(*, page: int = 1) -> GroupList:
    """Return a page (from 1) of the projects of public cases."""
    return _list("project", "", page)


def controller_page(slug: str, *, page: int = 1) -> GroupPage:
    """Return a controller with a page (from 1) of the cases against it. Raises NotFound."""
    return _page("controller", slug, page)


def project_page(slug: str, *, page: int = 1) -> GroupPage:
    """Return a project with a page (from 1) of its cases. Raises NotFound."""
    return _page("project", slug, page)


def controller_slug(name: str) -> str | None:
    """Return what stands in the address of the controller with this name; None where no case names it."""
    it = PublishedTotal
    query = sa.select(it.value).where(it.name == "controller", it.sorted == fold(name))
    return db.session.scalar(query.order_by(it.value).limit(1))


def largest(name: str, limit: int) -> tuple[Group, ...]:
    """Return the projects (or controllers) with the most cases."""
    it = PublishedTotal
    query = sa.select(*_COLUMNS).where(it.name == name).order_by(it.cases.desc(), it.value.desc())
    return tuple(Group(*row) for row in db.session.execute(query.limit(limit)))


_COLUMNS = (
    PublishedTotal.value,
    PublishedTotal.label,
    PublishedTotal.cases,
    PublishedTotal.filings,
    PublishedTotal.pending,
)


def _list(name: str, text: str, page: int) -> GroupList:
    it = PublishedTotal
    counted = sa.select(sa.func.count()).select_from(it).where(it.name == name)
    fits = [it.sorted.contains(word, autoescape=True) for word in fold(text).split()]
    everything = db.session.scalar(counted) or 0
    total = (db.session.scalar(counted.where(*fits)) or 0) if fits else everything
    query = sa.select(*_COLUMNS).where(it.name == name, *fits).order_by(it.sorted, it.value)
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return GroupList(
        rows=tuple(Group(*row) for row in rows),
        total=total,
        everything=everything,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
    )


def _page(name: str, slug: str, page: int) -> GroupPage:
    total, facet, line = PublishedTotal, PublishedFacet, PublishedLine
    found = db.session.execute(sa.select(*_COLUMNS).where(total.name == name, total.value == slug)).first()
    if found is None:
        raise NotFound("There is no such page.")
    group = Group(*found)
    mine = sa.select(facet.case_number).where(facet.name == name, facet.value == slug)
    numbers = (
        sa.select(line.case_number)
        .where(line.case_number.in_(mine))
        .order_by(line.newest.desc(), line.rank.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    count = sa.func.sum(facet.filings)
    outcomes = (
        sa.select(facet.value, count)
        .where(facet.name == "outcome", facet.case_number.in_(mine))
        .group_by(facet.value)
        .order_by(count.desc(), facet.value)
    )
    return GroupPage(
        group=group,
        outcomes=tuple((value, int(filings)) for value, filings in db.session.execute(outcomes)),
        rows=rows_of(db.session.scalars(numbers).all()),
        page=page,
        pages=max(1, -(-group.cases // PAGE_SIZE)),
    )
