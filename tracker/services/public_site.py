"""Questions to the public store: all that the public site may ask. Nothing here knows the private store."""

import sqlalchemy as sa

from tracker.db import PUBLIC, db
from tracker.services.public_site_authorities import (
    AuthorityPage,
    AuthorityRow,
    Involved,
    InvolvedCase,
    authorities,
    authority_page,
)
from tracker.services.public_site_case import (
    ACTORS,
    CasePage,
    Entry,
    FilingPage,
    Wanted,
    case_page,
    filing_page,
)
from tracker.services.public_site_filters import FACETS, Filters, same_words
from tracker.services.public_site_records import CaseRecord, FilingRecord
from tracker.services.public_site_words import FilingRow

__all__ = [
    "ACTORS",
    "FACETS",
    "AuthorityPage",
    "AuthorityRow",
    "CasePage",
    "CaseRecord",
    "Entry",
    "FilingPage",
    "FilingRecord",
    "FilingRow",
    "Filters",
    "Involved",
    "InvolvedCase",
    "Wanted",
    "authorities",
    "authority_page",
    "case_page",
    "filing_page",
    "revision",
    "same_words",
]


#: Which transactions PostgreSQL has seen, and which are under way: another text after every commit.
SNAPSHOT = "SELECT pg_current_snapshot()::text"


def revision() -> str:
    """Return words that differ once anything in a PostgreSQL store has been committed.

    The snapshot changes with every transaction that writes, also with those of the desk: a page is rendered
    anew too often rather than once too seldom.
    """
    return str(db.session.scalar(sa.text(SNAPSHOT), bind_arguments={"bind": db.engines[PUBLIC]}))
