"""Authorities as the public sees them: the directory, and the cleared filings in which each has a role."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.db import by_number, db
from tracker.errors import NotFound
from tracker.models import PublishedAuthority, PublishedFiling, PublishedTotal
from tracker.models.published_index import LED, LODGED
from tracker.rules.vocabulary import Outcome
from tracker.services.authorities_search import search
from tracker.services.public_site_words import FilingRow, Named, named, row_of

#: Filings on one page of an authority.
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Involved:
    """A filing in which an authority has roles ("lodged with", "lead", "presumed lead", "handling")."""

    row: FilingRow
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvolvedCase:
    """A case with those of its filings in which an authority has a role."""

    number: str
    title: str
    filings: tuple[Involved, ...]


@dataclass(frozen=True, slots=True)
class AuthorityRow:
    """An authority with the number of public filings lodged with it, and led or presumed to be led by it."""

    authority: PublishedAuthority
    named: Named
    lodged: int
    lead: int


@dataclass(frozen=True, slots=True)
class AuthorityPage:
    """An authority and one page of the filings in which it has a role.

    In `presumed` of them it may lead; `handled` it deals with, without leading.
    """

    row: AuthorityRow
    presumed: int
    handled: int
    cases: tuple[InvolvedCase, ...]
    total: int
    pending: int
    page: int
    pages: int


def _counts(slug: str | None = None) -> tuple[dict[str, int], dict[str, int]]:
    """Return the number of public filings by authority, lodged with and led."""
    it = PublishedTotal
    query = sa.select(it.name, it.value, it.filings).where(it.name.in_((LODGED, LED)))
    if slug is not None:
        query = query.where(it.value == slug)
    found: dict[str, dict[str, int]] = {LODGED: {}, LED: {}}
    for name, value, filings in db.session.execute(query):
        found[name][value] = filings
    return found[LODGED], found[LED]


def authorities(text: str = "", *, country: str = "") -> list[AuthorityRow]:
    """Return the directory by country and name; every word of `text` occurs in it."""
    query = sa.select(PublishedAuthority)
    if country:
        query = query.where(PublishedAuthority.country == country)
    lodged, lead = _counts()
    return [
        AuthorityRow(it, named(it.slug, it.country), lodged.get(it.slug, 0), lead.get(it.slug, 0))
        for it in search(db.session.scalars(query), text)
    ]


def authority_page(slug: str, *, page: int = 1) -> AuthorityPage:
    """Return an authority with one page (from 1) of its public filings, newest case first.

    Raises NotFound.
    """
    it = db.session.get(PublishedAuthority, slug)
    if it is None:
        raise NotFound("There is no such page.")
    lodged, lead = _counts(slug)
    involved = sa.or_(
        PublishedFiling.authority == slug, PublishedFiling.lead == slug, PublishedFiling.handling == slug
    )
    waits = PublishedFiling.outcome == Outcome.PENDING.value
    may_lead = (PublishedFiling.lead == slug) & PublishedFiling.lead_presumed
    handles = PublishedFiling.handling == slug
    counted = sa.select(sa.func.count(), _how_many(waits), _how_many(may_lead), _how_many(handles))
    total, pending, presumed, handled = db.session.execute(counted.where(involved)).one()
    order = (
        *by_number(PublishedFiling.case_number, last_first=True),
        *by_number(PublishedFiling.number),
    )
    query = (
        sa.select(PublishedFiling).where(involved).options(joinedload(PublishedFiling.case)).order_by(*order)
    )
    filings = db.session.scalars(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    cases: dict[str, list[PublishedFiling]] = {}
    for filing in filings:
        cases.setdefault(filing.case_number, []).append(filing)
    return AuthorityPage(
        row=AuthorityRow(it, named(slug, it.country), lodged.get(slug, 0), lead.get(slug, 0)),
        presumed=int(presumed),
        handled=int(handled),
        cases=tuple(
            InvolvedCase(number, some[0].case.title, tuple(_involved(filing, slug) for filing in some))
            for number, some in cases.items()
        ),
        total=total,
        pending=int(pending),
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
    )


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _involved(filing: PublishedFiling, slug: str) -> Involved:
    lead = "presumed lead" if filing.lead_presumed else "lead"
    roles = (("lodged with", filing.authority), (lead, filing.lead), ("handling", filing.handling))
    here = tuple(role for role, holder in roles if holder == slug)
    return Involved(row_of(filing, (), clock.today()), here)
