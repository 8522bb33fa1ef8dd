"""Routes of a filing: every run of the rules, who confirmed a changed answer, who overrode one."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.db import Row, db


class Route(Row, db.Model):
    """One run of the routing rules for a filing, a controller and an issue: facts in, answer out.

    All are kept. A run whose lead or reason is another than the one that people went by waits to be
    confirmed: `instead_of` is the run that they went by.
    """

    __tablename__ = "routes"
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    controller_id: Mapped[int] = mapped_column(ForeignKey("controllers.id"), index=True)
    #: gdpr or eprivacy: each is answered on its own.
    issue: Mapped[str]
    #: The newest run of its filing, controller and issue.
    current: Mapped[bool]
    facts: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    #: Slug, copied from the result to be searched; None is no lead or not known.
    lead: Mapped[str | None] = mapped_column(index=True)
    reason: Mapped[str]
    rules_version: Mapped[str]
    computed_at: Mapped[datetime]
    #: The run whose lead or reason this one changes; None where both are as before.
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("routes.id"), index=True)
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    confirmed_note: Mapped[str | None]

    instead_of: Mapped["Route | None"] = relationship(
        lazy="raise_on_sql", remote_side="Route.id", viewonly=True
    )

    @property
    def pending(self) -> bool:
        """Return whether lead or reason changed and nobody has confirmed it yet."""
        return self.instead_of_id is not None and self.confirmed_at is None


class RouteOverride(Row, db.Model):
    """Who leads against one controller by the word of a person, beside what the rules say. All are kept."""

    __tablename__ = "route_overrides"
    filing_id: Mapped[int] = mapped_column(ForeignKey("filings.id"), index=True)
    controller_id: Mapped[int] = mapped_column(ForeignKey("controllers.id"), index=True)
    #: The run that was the answer of the rules then.
    route_id: Mapped[int] = mapped_column(ForeignKey("routes.id"), index=True)
    #: Slug; None: nobody leads.
    lead: Mapped[str | None]
    why: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    #: When it ended, by whom and why: withdrawn, or replaced by another one.
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_note: Mapped[str | None]

    route: Mapped["Route"] = relationship(lazy="raise_on_sql")
