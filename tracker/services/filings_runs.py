"""The runs of the routing rules for a filing, all of which are kept: the newest of each first."""

from dataclasses import dataclass

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import NotFound
from tracker.models import Filing, Route


@dataclass(frozen=True, slots=True)
class Runs:
    """All runs for one controller of a filing and one issue, the newest first.

    `current` is the one that holds; None where the complaint is not about that issue any more.
    """

    controller_id: int
    controller: str
    issue: str
    runs: tuple[Route, ...]

    @property
    def current(self) -> Route | None:
        """Return the run that holds now, None where none does."""
        return next((it for it in self.runs if it.current), None)

    def before(self, run: Route) -> Route | None:
        """Return the run before this one, None for the first."""
        place = self.runs.index(run)
        return self.runs[place + 1] if place + 1 < len(self.runs) else None


def runs_of(filing: Filing) -> tuple[Runs, ...]:
    """Return the runs of a filing by controller, in the order of the file, and by issue, the GDPR first.

    The controllers of the filing must be loaded. A controller that is no longer one of them comes last, and
    an issue that is not asked any more after the others of its controller.
    """
    query = (
        sa.select(Route)
        .where(Route.filing_id == filing.id)
        .order_by(Route.computed_at.desc(), Route.id.desc())
    )
    found: dict[tuple[int, str], list[Route]] = {}
    for run in db.session.scalars(query):
        found.setdefault((run.controller_id, run.facts.get("issue") or "gdpr"), []).append(run)
    names = {it.id: it.name for it in filing.controllers}
    order = {key: place for place, key in enumerate(names)}
    told = [
        Runs(controller, names.get(controller, "no longer in this filing"), issue, tuple(runs))
        for (controller, issue), runs in found.items()
    ]
    return tuple(
        sorted(
            told,
            key=lambda it: (
                order.get(it.controller_id, len(order)),
                it.current is None,
                it.issue != "gdpr",
                it.issue,
            ),
        )
    )


def chosen(runs: tuple[Runs, ...], key: int) -> tuple[Runs, Route]:
    """Return a run by its key, with the others of its controller and issue. Raises NotFound."""
    for group in runs:
        for run in group.runs:
            if run.id == key:
                return group, run
    raise NotFound("There is no such run for this filing.")
