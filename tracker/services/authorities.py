"""The directory in the private store: synced from the packaged file, searched, asked for its filings."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from tracker.db import by_number, db
from tracker.errors import NotFound
from tracker.models import Authority, Case, Filing, Route
from tracker.reference.authorities import AuthorityFacts, authorities, directory
from tracker.rules import days
from tracker.rules.access import Actor
from tracker.rules.routing import UNDETERMINED, Reason
from tracker.rules.territory import state_of, took_part_until
from tracker.services import journal
from tracker.services.authorities_search import search


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did, as slugs."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    retired: tuple[str, ...]


def sync(rows: Mapping[str, AuthorityFacts] | None = None, *, by: Actor) -> Synced:
    """Bring the directory in line with the packaged file and return what changed.

    Adds, changes and marks as retired; never deletes, so that an old filing keeps its authority.
    """
    rows = authorities() if rows is None else rows
    present = {it.slug: it for it in db.session.scalars(sa.select(Authority))}
    added, changed, retired = [], [], []
    for slug, facts in rows.items():
        values = asdict(facts)
        it = present.get(slug)
        if it is None:
            db.session.add(Authority(**values, retired=False))
            added.append(slug)
        elif it.retired or any(getattr(it, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(it, name, value)
            it.retired = False
            changed.append(slug)
    for slug, it in present.items():
        if slug not in rows and not it.retired:
            it.retired = True
            retired.append(slug)
    report = Synced(tuple(added), tuple(changed), tuple(retired))
    if added or changed or retired:
        journal.note(
            "authority.sync", "authorities", by=by, detail={k: len(v) for k, v in asdict(report).items()}
        )
    return report


def get_authority(slug: str) -> Authority:
    """Return the authority. Raises NotFound."""
    found = db.session.get(Authority, slug)
    if found is None:
        raise NotFound(f"There is no authority '{slug}' in the directory.")
    return found


def find_authorities(text: str = "", *, country: str = "", scope: str = "") -> list[Authority]:
    """Return authorities by country name and name; every word of `text` occurs in it."""
    query = sa.select(Authority)
    if country:
        query = query.where(Authority.country == country)
    if scope:
        query = query.where(Authority.scope == scope)
    return search(db.session.scalars(query), text)


@dataclass(frozen=True, slots=True)
class Involved:
    """A filing and the roles of one authority in it: "lodged with", "lead", "presumed lead", "handling".

    A lead whose state has left since is "lead until 31 December 2020", or "presumed lead until ...".
    """

    filing: Filing
    roles: tuple[str, ...]


def filings_of(slug: str, *, page: int = 1, size: int = 100) -> tuple[list[Involved], int]:
    """Return one page of the filings in which the authority has a role, by number, and how many there are.

    Each comes with its case and authority. The lead is the program's own current answer; "handling" is an
    authority that deals with a complaint lodged elsewhere without leading, by the program's answer, or that
    does by the source.
    """
    named = sa.or_(Route.lead == slug, sa.cast(Route.result["handling"].as_string(), sa.Text) == slug)
    routed = sa.select(Route.filing_id).where(Route.current, named)
    concerned = sa.or_(Filing.authority_slug == slug, Filing.handling_said == slug, Filing.id.in_(routed))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Filing).where(concerned)) or 0
    query = (
        sa.select(Filing)
        .where(concerned)
        .join(Filing.case)
        .options(contains_eager(Filing.case), joinedload(Filing.authority))
        .order_by(*by_number(Case.number), *by_number(Filing.number))
        .offset((page - 1) * size)
        .limit(size)
    )
    filings = db.session.scalars(query).all()
    runs = sa.select(Route.filing_id, Route.lead, Route.reason).where(Route.current, named)
    by_route: dict[int, set[str]] = {}
    for run in db.session.execute(runs.where(Route.filing_id.in_([it.id for it in filings]))):
        lead = "presumed lead" if Reason(run.reason) in UNDETERMINED else "lead"
        by_route.setdefault(run.filing_id, set()).add(lead if run.lead == slug else "handling")
    return [Involved(it, _roles(it, slug, by_route.get(it.id, set()))) for it in filings], total


def _roles(filing: Filing, slug: str, by_route: set[str]) -> tuple[str, ...]:
    # Certain against one controller only, it is presumed for the filing, as the public reads it too.
    roles = set(by_route) - ({"lead"} if "presumed lead" in by_route else set())
    if filing.authority_slug == slug:
        roles = roles - {"handling"} | {"lodged with"}
    if filing.handling_said == slug:
        roles.add("handling")
    last = _led_until(slug)
    until = f" until {days.words(last)}" if last else ""
    told = {"lead": f"lead{until}", "presumed lead": f"presumed lead{until}"}
    return tuple(
        told.get(it, it) for it in ("lodged with", "lead", "presumed lead", "handling") if it in roles
    )


def _led_until(slug: str) -> date | None:
    """Return the last day on which the authority could lead, None while its state takes part."""
    return took_part_until(state_of(directory().place_of.get(slug, "")))


@dataclass(frozen=True, slots=True)
class Counts:
    """Slug -> number of filings lodged with it, and in which it leads now by the rules."""

    lodged: Mapping[str, int]
    lead: Mapping[str, int]


def counts() -> Counts:
    """Return how many filings lie with each authority, and in how many it leads now."""
    lodged = sa.select(Filing.authority_slug, sa.func.count()).where(Filing.authority_slug.is_not(None))
    led = sa.select(Route.lead, sa.func.count(sa.distinct(Route.filing_id))).where(
        Route.current, Route.lead.is_not(None)
    )
    leading = db.session.execute(led.group_by(Route.lead))
    return Counts(
        {slug: count for slug, count in db.session.execute(lodged.group_by(Filing.authority_slug)) if slug},
        {slug: count for slug, count in leading if slug and not _led_until(slug)},
    )
