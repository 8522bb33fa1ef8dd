"""Where publications stand, and how each change of that is kept: the one place that writes a state."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import defer

from tracker import clock
from tracker.db import Moment, db
from tracker.errors import NotFound, RuleBroken
from tracker.models import Case, Publication
from tracker.rules.access import Actor
from tracker.rules.vocabulary import PublicationState
from tracker.services import journal
from tracker.services.publication_compare import in_short
from tracker.services.publication_copy import behind

#: What the journal calls it when a publication is brought to a state.
ACT_OF = {
    PublicationState.EMBARGOED: "publication.clear",
    PublicationState.CLEARED: "publication.clear",
    PublicationState.SUPERSEDED: "publication.supersede",
    PublicationState.DECLINED: "publication.decline",
    PublicationState.WITHDRAWN: "publication.withdraw",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A publication that waits for a second person, or for its time, and what it would change."""

    publication: Publication
    number: str
    title: str
    changes: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands with the public: what is public, waits, was withdrawn, is under embargo."""

    public: Publication | None
    proposed: Publication | None
    withdrawn: Publication | None
    embargoed: Publication | None = None


def decide(
    publication: Publication,
    state: PublicationState,
    *,
    note: str,
    by: Actor,
    detail: dict[str, object] | None = None,
) -> None:
    """Bring a proposal to a state, and note who decided that."""
    publication.state = state
    publication.decided_by = by.key
    publication.decided_at = clock.now()
    publication.decision_note = note
    note_it(publication, by=by, detail=detail)


def note_it(publication: Publication, *, by: Actor, detail: dict[str, object] | None = None) -> None:
    """Write into the journal that a publication has the state that it has now."""
    journal.note(
        ACT_OF[publication.state],
        publication.content["case"]["number"],
        by=by,
        case_id=publication.case_id,
        detail={"publication": publication.id, "proposed_by": publication.proposed_by, **(detail or {})},
    )


def replace_public(case_id: int) -> None:
    """Let what is public of a case until now make room for what follows in the same transaction."""
    for earlier in in_state(case_id, PublicationState.CLEARED):
        earlier.state = PublicationState.REPLACED


def drop_embargoed(case_id: int, *, by: Actor) -> None:
    """Let what is under embargo make room too: it never becomes public. Who had cleared it stays."""
    for held in in_state(case_id, PublicationState.EMBARGOED):
        held.state = PublicationState.SUPERSEDED
        note_it(held, by=by)


def lags(publication: Publication, state: PublicationState) -> bool:
    """Return whether a publication was brought to the state, and the public copy does not show it yet."""
    if publication.state is not state:
        return False
    number = db.session.scalar(sa.select(Case.number).where(Case.id == publication.case_id))
    return bool(behind(number))


def in_state(case_id: int, state: PublicationState) -> Sequence[Publication]:
    """Return the publications of a case in a state, the newest first."""
    query = sa.select(Publication).where(Publication.case_id == case_id, Publication.state == state)
    return db.session.scalars(query.order_by(Publication.id.desc())).all()


def get_publication(key: int) -> Publication:
    """Return a publication, whatever its state. Raises NotFound."""
    found = db.session.get(Publication, key)
    if found is None:
        raise NotFound("There is no such publication.")
    return found


def get_waiting(key: int) -> Publication:
    """Return a proposal that waits. Raises RuleBroken where it does not wait any more."""
    publication = get_publication(key)
    if publication.state is not PublicationState.PROPOSED:
        raise RuleBroken("This proposal was decided already, or replaced by a later one.")
    return publication


def waiting() -> list[Waiting]:
    """Return the proposals that wait for a second person, the oldest first."""
    return _with_changes(PublicationState.PROPOSED, Publication.id)


def embargoed() -> list[Waiting]:
    """Return what is cleared and waits for its time, the soonest first."""
    return _with_changes(PublicationState.EMBARGOED, Publication.embargo_until)


def _with_changes(state: PublicationState, order: sa.SQLColumnExpression[object]) -> list[Waiting]:
    public = sa.orm.aliased(Publication)
    now = (public.case_id == Case.id) & (public.state == PublicationState.CLEARED)
    earlier = sa.orm.aliased(Publication)
    withdrawn = (
        sa.select(sa.func.max(earlier.withdrawn_at, type_=Moment))
        .where(earlier.case_id == Case.id, earlier.state == PublicationState.WITHDRAWN)
        .correlate(Case)
        .scalar_subquery()
    )
    query = (
        sa.select(Publication, Case.number, Case.title, public, withdrawn)
        .join(Case, Case.id == Publication.case_id)
        .outerjoin(public, now)
        .where(Publication.state == state)
        .order_by(order, Publication.id)
    )
    return [
        Waiting(it, number, title, in_short(before.content if before else None, it.content, ended))
        for it, number, title, before, ended in db.session.execute(query)
    ]


def status_of(case_id: int) -> Standing:
    """Return how a case stands with the public."""
    told = (
        PublicationState.CLEARED,
        PublicationState.PROPOSED,
        PublicationState.WITHDRAWN,
        PublicationState.EMBARGOED,
    )
    newest = (
        sa.select(sa.func.max(Publication.id))
        .where(Publication.case_id == case_id, Publication.state.in_(told))
        .group_by(Publication.state)
    )
    found = {
        it.state: it for it in db.session.scalars(sa.select(Publication).where(Publication.id.in_(newest)))
    }
    public, waits, withdrawn, held = (found.get(it) for it in told)
    return Standing(public, waits, None if public else withdrawn, held)


def history_of(case_id: int, *, limit: int = 100) -> Sequence[Publication]:
    """Return the publications of a case, the newest first, without what each of them holds."""
    query = sa.select(Publication).where(Publication.case_id == case_id).options(defer(Publication.content))
    return db.session.scalars(query.order_by(Publication.id.desc()).limit(limit)).all()
