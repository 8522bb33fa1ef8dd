"""Publication: proposed by one person, cleared by another, copied to the public store, withdrawn at once.

The acts write the private store only, each with its line in the journal. Whoever opened the transaction of an
act then opens one on the public store and calls refresh(): two SQLite files do not commit together, so the
private store decides and the copy can be repeated at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import Case, Publication
from tracker.rules.access import SHELL, Actor
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.vocabulary import Outcome, PublicationState
from tracker.services import journal
from tracker.services.publication_compare import (
    Compared,
    compare,
    differences,
    first_reading,
    in_short,
    lagging,
)
from tracker.services.publication_content import (
    chosen_of,
    content_of,
    default_content,
    proposed_updates,
)
from tracker.services.publication_copy import behind, copying, counted, publish_directory, rebuild, refresh
from tracker.services.publication_decisions import proposed_decisions
from tracker.services.publication_fields import Content, checked, completed
from tracker.services.publication_records import Records, records_of
from tracker.services.publication_warnings import warnings

__all__ = [
    "Compared",
    "Standing",
    "Waiting",
    "behind",
    "clear",
    "chosen_of",
    "compare",
    "content_of",
    "copying",
    "counted",
    "decline",
    "default_content",
    "differences",
    "first_reading",
    "get_publication",
    "history_of",
    "is_outdated",
    "lagging",
    "propose",
    "proposed_decisions",
    "proposed_updates",
    "publish_alone",
    "publish_directory",
    "rebuild",
    "records_of",
    "refresh",
    "status_of",
    "waiting",
    "warnings",
    "withdraw",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits for a second person, with the case that it is about and what it would change."""

    publication: Publication
    number: str
    title: str
    changes: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a case stands with the public: what is public, what waits, when it was withdrawn if it was."""

    public: Publication | None
    proposed: Publication | None
    withdrawn: Publication | None


def publish_alone(case: Case, *, note: str, by: Actor) -> str:
    """Propose and clear a case as it stands now, for the operator; return in one line what that changes.

    What is public already, numbers of authorities among it, stays so.
    """
    public = status_of(case.id).public
    before = completed(public.content) if public else None
    proposal = propose(case, default_content(case, public=before), note=note, by=by)
    clear(proposal.id, note=note, by=by)
    return in_short(before, proposal.content)


def propose(case: Case, content: Content, *, note: str, by: Actor) -> Publication:
    """Record what somebody wants to make public, and return the proposal.

    `content` is a snapshot from content_of() or default_content(): what the second person reads is what will
    appear. An earlier proposal for the case that still waits is superseded by this one. Raises RuleBroken
    when no filing is chosen.
    """
    checked(content)
    if content["case"]["number"] != case.number:
        raise ValueError(f"The content is not about {case.number}.")
    if not content["filings"]:
        raise RuleBroken("A public case needs at least one filing.", field="filings")
    for earlier in _in_state(case.id, PublicationState.PROPOSED):
        _decide(earlier, PublicationState.SUPERSEDED, note="", by=by)
    proposal = Publication(
        case_id=case.id,
        state=PublicationState.PROPOSED,
        content=content,
        note=note,
        proposed_by=by.key,
        proposed_at=clock.now(),
        decided_by=None,
        decided_at=None,
        decision_note=None,
        withdrawn_by=None,
        withdrawn_at=None,
        withdrawal_note=None,
    )
    db.session.add(proposal)
    journal.note(
        "publication.propose",
        case.number,
        by=by,
        case_id=case.id,
        detail={
            "publication": proposal.id,
            "filings": len(content["filings"]),
            "updates": len(content["updates"]),
        },
    )
    return proposal


def clear(key: int, *, note: str, by: Actor) -> Publication:
    """Clear a proposal for the public and return it; what was public of the case until now is replaced.

    Raises RuleBroken when the proposal was decided already, or when its author wants to clear it: two people
    publish. Only the operator at the terminal may do both, and the journal says so. One that is cleared, and
    whose copy lags behind, is returned as it is: whoever asks copies it again.
    """
    if _lags(get_publication(key), PublicationState.CLEARED):
        return get_publication(key)
    proposal = _waiting(key)
    alone = by.key == proposal.proposed_by
    if alone and by != SHELL:
        raise RuleBroken("You proposed this yourself: somebody else has to clear it.")
    for earlier in _in_state(proposal.case_id, PublicationState.CLEARED):
        earlier.state = PublicationState.REPLACED
    _decide(proposal, PublicationState.CLEARED, note=note, by=by, detail={"alone": True} if alone else {})
    return proposal


def decline(key: int, *, note: str, by: Actor) -> Publication:
    """Turn a proposal down, or take one's own back, and return it. Raises RuleBroken when it was decided."""
    proposal = _waiting(key)
    _decide(proposal, PublicationState.DECLINED, note=note, by=by)
    return proposal


def withdraw(case: Case, *, note: str, by: Actor) -> Publication:
    """Take a case back from the public and return the publication that ends.

    Raises RuleBroken when nothing of the case is public. One that is withdrawn already, and whose copy lags
    behind, is returned as it is: whoever asks removes the copy again.
    """
    public = _in_state(case.id, PublicationState.CLEARED)
    if not public:
        ended = status_of(case.id).withdrawn
        if ended is not None and _lags(ended, PublicationState.WITHDRAWN):
            return ended
        raise RuleBroken(f"{case.number} is not public.")
    ends = public[0]
    ends.state = PublicationState.WITHDRAWN
    ends.withdrawn_by, ends.withdrawn_at, ends.withdrawal_note = by.key, clock.now(), note
    _journal(ends, by=by)
    return ends


ACT_OF = {
    PublicationState.CLEARED: "publication.clear",
    PublicationState.SUPERSEDED: "publication.supersede",
    PublicationState.DECLINED: "publication.decline",
    PublicationState.WITHDRAWN: "publication.withdraw",
}


def _decide(
    publication: Publication,
    state: PublicationState,
    *,
    note: str,
    by: Actor,
    detail: dict[str, object] | None = None,
) -> None:
    publication.state = state
    publication.decided_by = by.key
    publication.decided_at = clock.now()
    publication.decision_note = note
    _journal(publication, by=by, detail=detail)


def _journal(publication: Publication, *, by: Actor, detail: dict[str, object] | None = None) -> None:
    journal.note(
        ACT_OF[publication.state],
        publication.content["case"]["number"],
        by=by,
        case_id=publication.case_id,
        detail={"publication": publication.id, "proposed_by": publication.proposed_by, **(detail or {})},
    )


def _lags(publication: Publication, state: PublicationState) -> bool:
    """Return whether a publication was brought to the state, and the public copy does not show it yet."""
    if publication.state is not state:
        return False
    number = db.session.scalar(sa.select(Case.number).where(Case.id == publication.case_id))
    return bool(behind(number))


def _waiting(key: int) -> Publication:
    publication = get_publication(key)
    if publication.state is not PublicationState.PROPOSED:
        raise RuleBroken("This proposal was decided already, or replaced by a later one.")
    return publication


def _in_state(case_id: int, state: PublicationState) -> Sequence[Publication]:
    query = sa.select(Publication).where(Publication.case_id == case_id, Publication.state == state)
    return db.session.scalars(query.order_by(Publication.id.desc())).all()


def get_publication(key: int) -> Publication:
    """Return a publication, whatever its state. Raises NotFound."""
    found = db.session.get(Publication, key)
    if found is None:
        raise NotFound("There is no such publication.")
    return found


def waiting() -> list[Waiting]:
    """Return the proposals that wait for a second person, the oldest first."""
    public = sa.orm.aliased(Publication)
    now = (public.case_id == Case.id) & (public.state == PublicationState.CLEARED)
    query = (
        sa.select(Publication, Case.number, Case.title, public)
        .join(Case, Case.id == Publication.case_id)
        .outerjoin(public, now)
        .where(Publication.state == PublicationState.PROPOSED)
        .order_by(Publication.id)
    )
    return [
        Waiting(proposed, number, title, in_short(before.content if before else None, proposed.content))
        for proposed, number, title, before in db.session.execute(query)
    ]


def status_of(case_id: int) -> Standing:
    """Return how a case stands with the public."""
    told = (PublicationState.CLEARED, PublicationState.PROPOSED, PublicationState.WITHDRAWN)
    newest = (
        sa.select(sa.func.max(Publication.id))
        .where(Publication.case_id == case_id, Publication.state.in_(told))
        .group_by(Publication.state)
    )
    found = {
        it.state: it for it in db.session.scalars(sa.select(Publication).where(Publication.id.in_(newest)))
    }
    public, waits, withdrawn = (found.get(it) for it in told)
    return Standing(public, waits, None if public else withdrawn)


def history_of(case_id: int, *, limit: int = 100) -> Sequence[Publication]:
    """Return the publications of a case, the newest first, without what each of them holds."""
    query = sa.select(Publication).where(Publication.case_id == case_id).options(defer(Publication.content))
    return db.session.scalars(query.order_by(Publication.id.desc()).limit(limit)).all()


def is_outdated(publication: Publication, records: Records) -> bool:
    """Return whether the records say something else by now than this publication, for the same selection.

    One that is public is outdated also when the case went on without it, see _says_less(); of a proposal,
    lagging() says what it leaves out. `records` are those of its case.
    """
    content = completed(publication.content)
    if publication.state is PublicationState.CLEARED and _says_less(publication, records):
        return True
    chosen = chosen_of(content, records)
    there: dict[str, set[Any]] = {
        "filings": {it.number for it in records.case.filings},
        "updates": {it.number for it in records.counting},
        "decisions": {it.it.number for it in records.decisions},
        "languages": {it.language for it in records.texts},
    }
    gone = any(not known.issuperset(chosen[part]) for part, known in there.items())
    if gone or len(chosen["hearings"]) != len(content["hearings"]):
        return True
    return all(
        content != content_of(records.case, **chosen, only_verified=only_verified, records=records)
        for only_verified in (False, True)
    )


def _says_less(publication: Publication, records: Records) -> bool:
    """Return whether the case went on without this publication.

    It did where one of its filings stands elsewhere in the file, or ended otherwise, and where an entry that
    a proposal would hold unless somebody says otherwise was recorded after this one was proposed.
    """
    stands = {it.number: (it.stage, it.outcome.value) for it in records.case.filings}
    for it in publication.content["filings"]:
        # A result that only the source knows is none of the file.
        outcome = Outcome.PENDING.value if it["outcome"] == NOT_KNOWN else it["outcome"]
        if stands.get(it["number"]) != (it["stage"], outcome):
            return True
    content = completed(publication.content)
    new = {it.number for it in records.counting if it.recorded_at > publication.proposed_at}
    shown = {it["number"] for it in content["updates"]}
    if new & {*proposed_updates(records)} - shown:
        return True
    decided = {it.it.number for it in records.decisions if it.it.recorded_at > publication.proposed_at}
    return bool(
        decided & {*proposed_decisions(records, shown)} - {it["number"] for it in content["decisions"]}
    )
