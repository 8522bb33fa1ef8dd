"""Authorities as the public sees them: the directory, and the cleared filings in which each has a role."""

from dataclasses import dataclass

import sqlalchemy as sa

from tracker import clock
from tracker.db import by_number, db
from tracker.errors import NotFound
from tracker.models import (
    PublishedAuthority,
    PublishedCase,
    PublishedDeadline,
    PublishedFiling,
    PublishedTotal,
)
from tracker.models.published_index import LED, LODGED
from tracker.rules.positions import PENDING_OUTCOMES
from tracker.services.authorities_search import search
from tracker.services.public_site_owed import Owed, owed_row
from tracker.services.public_site_records import Text, open_claims_of, text_in
from tracker.services.public_site_rows import FilingFacts, facts_of
from tracker.services.public_site_words import FilingRow, Named, named, row_of

#: Filings on one page of an authority.
PAGE_SIZE = 50
#: What is late longest, on the page of an authority.
MOST_LATE = 10
#: The roles that an authority may have in a filing, as an address names them.
ROLES = ("lodged", "lead", "handling")


@dataclass(frozen=True, slots=True)
class Involved:
    """A filing in which an authority has roles: of ROLES, and "presumed" for a lead that is not certain."""

    row: FilingRow
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvolvedCase:
    """A case with those of its filings in which an authority has a role."""

    number: str
    title: Text
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
    """An authority and one page of the filings in which it has a role, or the one `role` that is asked for.

    In `presumed` of them it may lead; `handled` it deals with, without leading. `all` counts the filings in
    any role, `total` those that are listed. `late` is what it owes longest by law, of `lates` in all.
    """

    row: AuthorityRow
    role: str
    all: int
    presumed: int
    handled: int
    late: tuple[Owed, ...]
    lates: int
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


def authority_page(slug: str, *, role: str = "", language: str = "en", page: int = 1) -> AuthorityPage:
    """Return an authority with one page (from 1) of its public filings, newest case first.

    `role` is one of ROLES, or empty for any. Raises NotFound.
    """
    it = db.session.get(PublishedAuthority, slug)
    if it is None or (role and role not in ROLES):
        raise NotFound("There is no such page.")
    lodged, lead = _counts(slug)
    filing = PublishedFiling
    of_role = {
        "lodged": filing.authority == slug,
        "lead": filing.lead == slug,
        "handling": filing.handling == slug,
    }
    waits = filing.outcome.in_(PENDING_OUTCOMES)
    listed = of_role[role] if role else sa.true()
    counted = sa.select(
        sa.func.count(),
        _how_many(waits),
        _how_many(of_role["lead"] & filing.lead_presumed),
        _how_many(of_role["handling"]),
        _how_many(listed),
    )
    every, pending, presumed, handled, total = db.session.execute(
        counted.where(sa.or_(*of_role.values()))
    ).one()
    late, lates = _late(slug)
    return AuthorityPage(
        row=AuthorityRow(it, named(slug, it.country), lodged.get(slug, 0), lead.get(slug, 0)),
        role=role,
        all=every,
        presumed=int(presumed),
        handled=int(handled),
        late=late,
        lates=lates,
        cases=_cases(slug, of_role[role] if role else sa.or_(*of_role.values()), language, page),
        total=int(total),
        pending=int(pending),
        page=page,
        pages=max(1, -(-int(total) // PAGE_SIZE)),
    )


def _cases(slug: str, which: sa.ColumnElement[bool], language: str, page: int) -> tuple[InvolvedCase, ...]:
    case, filing = PublishedCase, PublishedFiling
    query = (
        sa.select(filing, case.title, case.language, case.texts, case.claims)
        .join(case, case.number == filing.case_number)
        .where(which)
        .order_by(*by_number(filing.case_number, last_first=True), *by_number(filing.number))
    )
    titles: dict[str, Text] = {}
    filings: dict[str, list[FilingFacts]] = {}
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    for it, title, original, texts, claims in rows:
        others = {code: of["title"] for code, of in texts.items()}
        titles.setdefault(it.case_number, text_in(language, original, title, others))
        left = open_claims_of(claims).get(it.number, ())
        filings.setdefault(it.case_number, []).append(facts_of(it, left))
    return tuple(
        InvolvedCase(number, titles[number], tuple(_involved(it, slug) for it in some))
        for number, some in filings.items()
    )


def _late(slug: str) -> tuple[tuple[Owed, ...], int]:
    """Return what an authority owes longest, and how much it is late with in all."""
    it, today = PublishedDeadline, clock.today()
    over = (it.owed_by == slug, it.open, it.met_on.is_(None), it.paused_on.is_(None), it.certain_on < today)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(it).where(*over)) or 0
    query = sa.select(it).where(*over).order_by(it.certain_on, *by_number(it.filing_number))
    rows = db.session.scalars(query.limit(MOST_LATE))
    return tuple(owed_row(row, today) for row in rows), total


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _involved(filing: FilingFacts, slug: str) -> Involved:
    holders = {"lodged": filing.authority, "lead": filing.lead, "handling": filing.handling}
    roles = [role for role, holder in holders.items() if holder == slug]
    if filing.lead_presumed and "lead" in roles:
        roles[roles.index("lead")] = "presumed"
    return Involved(row_of(filing, (), clock.today()), tuple(roles))
