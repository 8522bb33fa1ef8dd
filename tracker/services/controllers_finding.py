"""The register searched and listed, and what there is against a controller: cases, filings, their answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from tracker.db import by_number, db
from tracker.models import (
    Case,
    CaseController,
    Controller,
    ControllerKey,
    Establishment,
    Filing,
    FilingController,
    Route,
)
from tracker.rules.processing import Processing
from tracker.rules.routing import UNDETERMINED, Reason
from tracker.services.controllers import fold
from tracker.services.controllers_alike import One, alike, bare_address, bare_website
from tracker.services.controllers_statement import Statement

#: Words of a search that count; nobody types more of them.
WORDS = 12
#: Controllers that are named as likely the same as another one.
MOST_ALIKE = 8


@dataclass(frozen=True, slots=True)
class Listed:
    """A controller as a row of the list: places of its establishments, number of cases against it."""

    id: int
    name: str
    country: str | None
    website: str | None
    brands: tuple[str, ...]
    places: tuple[str, ...]
    cases: int


def find_controllers(
    text: str = "", *, country: str = "", only: str = "", page: int = 1, size: int = 50
) -> tuple[list[Listed], int]:
    """Return one page of the controllers by name, and how many there are.

    Every word of `text` stands in the name, a brand, the website or the group, in any case and without its
    accents. `only` "cases": those with a case; "establishments": those of which one is known.
    """
    conditions = [_tells_of(word) for word in fold(text).split()[:WORDS]]
    if text and not conditions:
        conditions.append(sa.false())
    if country:
        conditions.append(Controller.country == country)
    if only == "cases":
        conditions.append(Controller.id.in_(sa.select(CaseController.controller_id)))
    if only == "establishments":
        conditions.append(Controller.id.in_(sa.select(Establishment.controller_id)))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Controller).where(*conditions)) or 0
    query = (
        sa.select(Controller.id, Controller.name, Controller.country, Controller.website, Controller.brands)
        .where(*conditions)
        .order_by(Controller.folded, Controller.id)
        .offset((page - 1) * size)
        .limit(size)
    )
    rows = db.session.execute(query).all()
    ids = [it.id for it in rows]
    counted = (
        sa.select(CaseController.controller_id, sa.func.count())
        .where(CaseController.controller_id.in_(ids))
        .group_by(CaseController.controller_id)
    )
    against = {key: count for key, count in db.session.execute(counted)}
    places: dict[int, set[str]] = {}
    of = Establishment
    for key, place in db.session.execute(
        sa.select(of.controller_id, of.place).where(of.controller_id.in_(ids))
    ):
        places.setdefault(key, set()).add(place)
    listed = [
        Listed(
            id=it.id,
            name=it.name,
            country=it.country,
            website=it.website,
            brands=tuple(it.brands or ()),
            places=tuple(sorted(places.get(it.id, ()))),
            cases=against.get(it.id, 0),
        )
        for it in rows
    ]
    return listed, total


def _tells_of(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(
        Controller.folded.contains(word, autoescape=True),
        Controller.searched.contains(word, autoescape=True),
    )


def how_many() -> int:
    """Return how many controllers the register has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Controller)) or 0


def seats() -> list[str]:
    """Return the countries in which controllers of the register have their seat."""
    query = sa.select(Controller.country).where(Controller.country.is_not(None)).distinct()
    return [it for it in db.session.scalars(query) if it]


def subsidiaries(key: int, *, limit: int = 50) -> list[tuple[int, str]]:
    """Return key and name of the controllers whose parent this one is."""
    query = (
        sa.select(Controller.id, Controller.name)
        .where(Controller.parent_id == key)
        .order_by(Controller.folded)
        .limit(limit)
    )
    return [(it.id, it.name) for it in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class Against:
    """A filing against a controller: who leads it by the rules, and whether that is only presumed."""

    filing: Filing
    lead: str | None
    presumed: bool


def filings_against(key: int, *, page: int = 1, size: int = 100) -> tuple[list[Against], int]:
    """Return one page of the filings against a controller by number, with cases, and how many there are."""
    named = sa.select(FilingController.filing_id).where(FilingController.controller_id == key)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Filing).where(Filing.id.in_(named))) or 0
    query = (
        sa.select(Filing)
        .where(Filing.id.in_(named))
        .join(Filing.case)
        .options(contains_eager(Filing.case), joinedload(Filing.authority))
        .order_by(*by_number(Case.number), *by_number(Filing.number))
        .offset((page - 1) * size)
        .limit(size)
    )
    filings = db.session.scalars(query).all()
    runs = sa.select(Route.filing_id, Route.lead, Route.reason).where(
        Route.current, Route.controller_id == key, Route.filing_id.in_([it.id for it in filings])
    )
    # The answer is that of the GDPR, where there is one beside another issue: it comes last, and stays.
    leads = {
        filing: (lead, Reason(reason) in UNDETERMINED)
        for filing, lead, reason in db.session.execute(runs.order_by(Route.issue))
    }
    return [Against(it, *leads.get(it.id, (None, False))) for it in filings], total


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """A case against a controller, and what it says itself about the processing complained about.

    What it says there counts before what the register says: see rules.processing.
    """

    number: str
    title: str
    about: Processing


def cases_against(key: int) -> list[OwnAnswer]:
    """Return every case against a controller by number, with the answers that are its own."""
    query = (
        sa.select(Case.number, Case.title, CaseController.processing)
        .join(CaseController, CaseController.case_id == Case.id)
        .where(CaseController.controller_id == key)
        .order_by(*by_number(Case.number))
    )
    return [
        OwnAnswer(number, title, Processing.from_json(said))
        for number, title, said in db.session.execute(query)
    ]


def slugs_of(key: int) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of files that were taken in for a controller, by their slug."""
    query = sa.select(ControllerKey.slug, ControllerKey.said).where(ControllerKey.controller_id == key)
    return {slug: said for slug, said in db.session.execute(query.order_by(ControllerKey.slug))}


def likely_the_same(said: Statement, *, key: int | None = None) -> list[tuple[One, tuple[str, ...]]]:
    """Return who of the register is likely the one described, with the grounds; the surest first.

    `key`: the one described, where it is in the register itself.
    """
    of = Controller
    # The register may have thousands: the store leaves out those that cannot be meant, `alike` compares.
    near = []
    if first := re.search(r"\w+", fold(said.name)):
        near.append(of.folded.contains(first[0], autoescape=True))
    if website := bare_website(said.website):
        near.append(of.searched.contains(website, autoescape=True))
    if address := bare_address(said.address):
        numbers = re.findall(r"[0-9]+", address)
        near.append(of.address.contains(max(numbers, key=len)) if numbers else of.address.is_not(None))
    rows = db.session.execute(
        sa.select(of.id, of.name, of.country, of.website, of.address)
        .where(sa.or_(sa.false(), *near), of.id != (key or 0))
        .order_by(of.id)
    )
    those = [One(it.id, (), None, it.name, it.country, it.website, it.address) for it in rows]
    itself = One(0, (1,), None, said.name, said.country, said.website, said.address)
    found: dict[int, tuple[One, tuple[str, ...]]] = {}
    for group in alike([itself, *those]):
        for it in group.those:
            if it.id:
                found[it.id] = (it, (*found.get(it.id, (it, ()))[1], *group.grounds))
    return sorted(found.values(), key=lambda pair: -len(pair[1]))[:MOST_ALIKE]
