"""The addresses of all public pages, for those who look for them: in parts, each in one SQL statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.models import PublishedAuthority, PublishedCase, PublishedFiling, PublishedTotal
from tracker.services.public_site_search import asked_of_store


@dataclass(frozen=True, slots=True)
class Page:
    """A public page: its kind, what stands in its address, when it was cleared last, where anybody knows."""

    kind: str
    key: str
    changed_at: datetime | None


#: The kinds of pages, and what stands in the address of each.
KINDS = ("case", "filing", "authority", "controller", "project")


def count() -> int:
    """Return how many pages there are."""
    return int(asked_of_store(sa.select(sa.func.count()).select_from(_all())).scalar_one())


def pages(*, limit: int, offset: int = 0) -> Sequence[Page]:
    """Return some of the pages, always in the same order while nothing is published."""
    all_of_them = _all()
    query = sa.select(all_of_them).order_by(all_of_them.c.place, all_of_them.c.key)
    rows = asked_of_store(query.limit(limit).offset(offset))
    return [Page(KINDS[place], key, changed_at) for place, key, changed_at in rows]


def _all() -> sa.Subquery:
    case, filing, authority, total = PublishedCase, PublishedFiling, PublishedAuthority, PublishedTotal
    never = sa.cast(sa.null(), case.cleared_at.type)
    parts = (
        sa.select(sa.literal(0).label("place"), case.number.label("key"), case.cleared_at.label("changed_at"))
        .where(case.withdrawn.is_(False)),
        sa.select(sa.literal(1), filing.number, case.cleared_at)
        .join(case, case.number == filing.case_number),
        sa.select(sa.literal(2), authority.slug, never),
        sa.select(sa.literal(3), total.value, never).where(total.name == "controller"),
        sa.select(sa.literal(4), total.value, never).where(total.name == "project"),
    )  # fmt: skip
    return sa.union_all(*parts).subquery()
