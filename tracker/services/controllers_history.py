"""The history of the register: who changed what of a controller, when and why, and what it said before."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound
from tracker.models import Controller, ControllerRevision
from tracker.rules.access import Actor
from tracker.services.controllers_statement import Statement, statement_of


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of a controller: what the register said from then on, and what it had said before.

    `before` is None for the first one.
    """

    number: int
    at: datetime
    actor: str
    why: str | None
    said: Statement
    before: Statement | None


def remember(those: Iterable[Controller], *, by: Actor, why: str | None = None, new: bool = False) -> None:
    """Keep what the register says now of each of these controllers, where that is not what it said last.

    To be called after every change, by whoever makes it. The establishments must be loaded. `new`: all of
    them were added just now, so there is nothing to compare with.
    """
    rows = {it.id: it for it in those}
    if not rows:
        return
    db.session.flush()
    last = {} if new else _last(rows)
    parents = names_of({it.parent_id for it in rows.values() if it.parent_id})
    for key, it in rows.items():
        said = statement_of(it, parents.get(it.parent_id or 0)).to_json()
        number, before = last.get(key, (0, None))
        if said != before:
            db.session.add(_revision(key, number + 1, said, by, why))
    db.session.flush()


def _revision(
    key: int, number: int, said: dict[str, object], by: Actor, why: str | None
) -> ControllerRevision:
    return ControllerRevision(
        controller_id=key, number=number, at=clock.now(), actor=by.key, why=why or None, said=said
    )


def _last(keys: Collection[int]) -> dict[int, tuple[int, dict[str, object]]]:
    """Return number and statement of the last revision of each."""
    of = ControllerRevision
    newest = (
        sa.select(of.controller_id, sa.func.max(of.number).label("number"))
        .where(of.controller_id.in_(keys))
        .group_by(of.controller_id)
        .subquery()
    )
    query = sa.select(of.controller_id, of.number, of.said).join(
        newest, sa.and_(of.controller_id == newest.c.controller_id, of.number == newest.c.number)
    )
    return {key: (number, said) for key, number, said in db.session.execute(query)}


def names_of(keys: Collection[int]) -> dict[int, str]:
    """Return the names of these controllers by key."""
    if not keys:
        return {}
    query = sa.select(Controller.id, Controller.name).where(Controller.id.in_(keys))
    return {key: name for key, name in db.session.execute(query)}


def history_of(controller: int, *, limit: int = 50) -> Sequence[Revision]:
    """Return the last changes of a controller, newest first, each with what it changed."""
    query = (
        sa.select(ControllerRevision)
        .where(ControllerRevision.controller_id == controller)
        .order_by(ControllerRevision.number.desc())
        .limit(limit + 1)
    )
    rows = db.session.scalars(query).all()
    said = [Statement.from_json(it.said) for it in rows]
    return [
        Revision(it.number, it.at, it.actor, it.why, now, before)
        for it, now, before in zip(rows, said, [*said[1:], None], strict=True)
    ][:limit]


def said_at(controller: int, number: int) -> ControllerRevision:
    """Return a revision of a controller by its number. Raises NotFound."""
    found: ControllerRevision | None = db.session.scalar(
        sa.select(ControllerRevision).where(
            ControllerRevision.controller_id == controller, ControllerRevision.number == number
        )
    )
    if found is None:
        raise NotFound("The register has no such entry in the history of this controller.")
    return found
