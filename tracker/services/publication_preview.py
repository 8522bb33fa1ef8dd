"""A preview: what the public store would have if a publication were cleared now, for a store of its own.

rows_for() reads at the desk. fill() writes where the app of the preview asks: a store that nobody else reads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import Case, Publication, PublishedAuthority
from tracker.services import publication_index
from tracker.services.publication_copy import TABLE_OF, once_public, write
from tracker.services.publication_rows import TABLES, Rows, rows_of
from tracker.services.publication_since import since_when


@dataclass(frozen=True, slots=True)
class Previewed:
    """The rows of one case as it would be public, and the public directory of authorities."""

    number: str
    rows: Rows
    directory: Sequence[Mapping[str, Any]]


def rows_for(case: Case, publication: Publication) -> Previewed:
    """Return what the public store would have of a case if the publication were public from now on."""
    before = once_public([case.number]).get(case.number, [])
    # A copy that no session knows: looking at a proposal changes nothing.
    cleared = Publication(
        id=publication.id,
        state=publication.state,
        content=publication.content,
        decided_at=clock.now(),
        embargo_until=None,
    )
    every = [*before, cleared]
    filings = {filing["number"] for it in every for filing in it.content["filings"]}
    table = sa.inspect(PublishedAuthority).local_table
    directory = db.session.execute(sa.select(table).order_by(table.c.slug), bind_arguments=_public())
    return Previewed(
        case.number,
        rows_of(cleared, filings, since_when(every)),
        [dict(row._mapping) for row in directory],
    )


def _public() -> dict[str, Any]:
    return {"mapper": sa.inspect(PublishedAuthority)}


def fill(previewed: Previewed) -> None:
    """Make a store hold what is previewed and nothing else."""
    for table in (*(TABLE_OF[name] for name in reversed(TABLES)), PublishedAuthority):
        db.session.execute(sa.delete(table), execution_options={"synchronize_session": False})
    publication_index.forget_everything()
    if previewed.directory:
        db.session.execute(sa.insert(PublishedAuthority), list(previewed.directory))
    write([previewed.rows])
    publication_index.index([previewed.number])
    db.session.expire_all()
