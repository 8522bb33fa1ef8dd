"""Public cases that went on without their page: asked of all of them at once, by the protocol alone."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from tracker.db import by_number, db
from tracker.models import Case, Publication, Update
from tracker.reference import tables
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.vocabulary import Precision, PublicationState


@dataclass(frozen=True, slots=True)
class GoneOn:
    """A public case with how many entries came since its page was proposed, and the last day of them."""

    number: str
    title: str
    entries: int
    last: Day


def gone_on(*, limit: int) -> tuple[list[GoneOn], int]:
    """Return public cases that went on without their page, the most entries first, and how many more.

    Counted are entries recorded since the public text was proposed that a proposal would hold unless somebody
    says otherwise, and those that move a filing to another stage. Corrected ones do not count. Nothing is
    said of a case for which a proposal waits already, or something is under embargo. Two statements.
    """
    correcting = sa.orm.aliased(Update)
    waits = sa.orm.aliased(Publication)
    telling = sa.or_(
        Update.verified.is_(True),
        sa.func.coalesce(Update.public_words, "") != "",
        Update.kind == "lodged",
        Update.kind.in_([it.code for it in tables.procedure().steps.values() if it.stage]),
    )
    in_the_works = (PublicationState.PROPOSED, PublicationState.EMBARGOED)
    query = (
        sa.select(
            Case.number,
            Case.title,
            sa.func.count().label("entries"),
            sa.func.max(Update.happened_on).label("last"),
        )
        .join(Publication, Publication.case_id == Case.id)
        .join(Update, Update.case_id == Case.id)
        .where(
            Publication.state == PublicationState.CLEARED,
            Update.recorded_at > Publication.proposed_at,
            sa.or_(Update.verified.is_(None), Update.verified.is_(True)),
            telling,
            ~sa.exists().where(correcting.corrects_id == Update.id),
            ~sa.exists().where(waits.case_id == Case.id, waits.state.in_(in_the_works)),
        )
        .group_by(Case.id, Case.number, Case.title)
    )
    every = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(query.order_by(sa.desc("entries"), *by_number(Case.number)).limit(limit)).all()
    found = [GoneOn(number, title, entries, _day(last)) for number, title, entries, last in rows]
    return found, every - len(found)


def _day(value: date | None) -> Day:
    return Day(value, Precision.DAY) if value else UNKNOWN_DAY
