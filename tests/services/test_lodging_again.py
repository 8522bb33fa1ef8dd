"""Lodging with further authorities: what becomes of the filings that were there before."""

import pytest
import sqlalchemy as sa

from tests.builders import a_case, lodged
from tracker.db import db, transaction
from tracker.models import Case, Route
from tracker.services import cases, filings, journal


@pytest.fixture
def case(app) -> Case:
    """A case against a Dublin company, not lodged yet."""
    with transaction():
        made = a_case()
    return cases.get_case(made.number)


class TestFilingsThatWereThereBefore:
    def test_are_routed_by_three_statements_however_many_there_are(self, case, statements):
        def asked(*authorities: str) -> int:
            with transaction():
                here = cases.get_case(case.number)
                statements.clear()
                lodged(here, *authorities)
            return len(statements)

        first = asked("at-dsb")
        few = asked("fr-cnil")
        asked("es-aepd", "it-garante", "nl-ap", "pl-uodo")
        assert asked("be-apd-gba") == few <= first + 4

    def test_are_concerned_by_the_new_authorities_and_told_of_in_the_journal_where_they_wait(self, case):
        with transaction():
            lodged(case, "at-dsb")
        number = f"{case.number}-01"
        with transaction():
            lodged(cases.get_case(case.number), "fr-cnil")
        [run] = filings.get_filing(number).routes
        assert run.facts["also_lodged_with"] == ["fr-cnil"] and run.instead_of_id is None
        assert "route.anew" not in [it.act for it in journal.history_of(case.id)]
        with transaction():
            # The rules had another answer then.
            db.session.execute(sa.update(Route).where(Route.id == run.id).values(lead="nl-ap"))
        with transaction():
            lodged(cases.get_case(case.number), "es-aepd")
        assert filings.get_filing(number).routes[0].pending
        assert "route.anew" in [it.act for it in journal.history_of(case.id)]
