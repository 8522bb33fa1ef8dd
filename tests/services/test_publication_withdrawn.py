"""What is left of a withdrawn case in the tables of the public store."""

from datetime import date

import sqlalchemy as sa

from tests.publishing import clear, two_cases, withdraw
from tracker.db import PUBLIC, db, transaction
from tracker.models import PublishedDecision, PublishedHearing
from tracker.services.publication_copy import TABLE_OF
from tracker.services.publication_rows import TABLES


def of_case(name: str) -> int:
    """Return how many rows a table of the public store has."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(TABLE_OF[name])) or 0


class TestAWithdrawnCase:
    def test_leaves_no_row_of_it_in_any_table(self, app):
        two_cases()
        clear("C001", filings=["C001-01"], updates=[1, 2])
        clear("C001", filings=["C001-01"], updates=[1])
        day = {"day": date(2027, 1, 1), "zone": "Europe/Vienna", "starts_at": None, "place": None}
        hearing = {"case_number": "C001", "uid": "one", "sequence": 0, "filings": [], "court": "BVwG", **day}
        decision = {
            "case_number": "C001",
            "position": 1,
            "decided_by": "BVwG",
            "summary": "",
            "appeal": "open",
        }
        decision |= {"decided_precision": "unknown"}
        decision |= {name: [] for name in ("filings", "findings", "fines", "measures", "entries")}
        with transaction(PUBLIC):
            db.session.execute(
                sa.insert(PublishedHearing.__table__), [{**hearing, "what": "", "cancelled": False}]
            )
            db.session.execute(sa.insert(PublishedDecision.__table__), [decision])
        assert all(of_case(name) for name in TABLES)
        withdraw("C001")
        assert {name for name in TABLES if of_case(name)} == {"cases", "taken_back"}
