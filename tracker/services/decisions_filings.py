"""Filings as an act on a decision needs them, of one case or of several."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, subqueryload

from tracker.db import by_number, db
from tracker.models import Case, CaseController, Controller, Filing, Route, RouteOverride
from tracker.services import routing


def loaded(keys: Collection[int]) -> Sequence[Filing]:
    """Return filings with case, controllers, references and current routes, in the order of their numbers.

    The number of SQL statements does not depend on how many there are.
    """
    if not keys:
        return []
    query = (
        sa.select(Filing)
        .where(Filing.id.in_(keys))
        .options(
            joinedload(Filing.case)
            .subqueryload(Case.controllers)
            .joinedload(CaseController.controller)
            .subqueryload(Controller.establishments),
            joinedload(Filing.authority),
            joinedload(Filing.complainant),
            subqueryload(Filing.controllers).subqueryload(Controller.establishments),
            subqueryload(Filing.references),
            subqueryload(Filing.routes.and_(Route.current)),
            subqueryload(Filing.overrides).joinedload(RouteOverride.route),
        )
        .order_by(*by_number(Filing.number))
        .execution_options(populate_existing=True)
    )
    filings = db.session.scalars(query).unique().all()
    routing.load_changes(filings)
    return filings


def of_case(case_number: str) -> Sequence[Filing]:
    """Return the filings of a case, loaded; none for a case that does not exist."""
    query = sa.select(Filing.id).join(Case, Case.id == Filing.case_id).where(Case.number == case_number)
    return loaded(list(db.session.scalars(query)))


def numbered(numbers: Collection[str]) -> Sequence[Filing]:
    """Return the filings with these numbers, loaded; those that do not exist are left out."""
    return loaded(list(db.session.scalars(sa.select(Filing.id).where(Filing.number.in_(numbers)))))
