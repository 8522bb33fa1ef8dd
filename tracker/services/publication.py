"""Publication: proposed by one person, cleared by another, copied to the public store, withdrawn at once.

The acts write the private store only, each with its line in the journal. Whoever opened the transaction of an
act then opens one on the public store and calls refresh(): two SQLite files do not commit together, so the
private store decides and the copy can be repeated at any time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Case, Publication
from tracker.rules.access import SHELL, Actor
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.vocabulary import Outcome, PublicationState, WithdrawalReason
from tracker.services import journal
from tracker.services.publication_behind import GoneOn, gone_on
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
from tracker.services.publication_copy import (
    behind,
    copying,
    counted,
    publish_directory,
    rebuild,
    refresh,
)
from tracker.services.publication_decisions import proposed_decisions
from tracker.services.publication_embargo import (
    call_off,
    check_ahead,
    embargo_words,
    end_due,
    held_until,
    is_due,
    lift,
    move,
)
from tracker.services.publication_fields import FIELDS, Content, checked, completed
from tracker.services.publication_late import Reproached, public_late
from tracker.services.publication_records import Records, records_of
from tracker.services.publication_states import (
    Standing,
    Waiting,
    decide,
    drop_embargoed,
    embargoed,
    get_publication,
    get_waiting,
    history_of,
    in_state,
    lags,
    note_it,
    replace_public,
    status_of,
    waiting,
)
from tracker.services.publication_taking_back import Part, suggested, take_back, taken_back
from tracker.services.publication_unchecked import unchecked
from tracker.services.publication_warnings import Warned, known_marks, late_in_public, warnings

__all__ = [
    "FIELDS",
    "Compared",
    "GoneOn",
    "Part",
    "Reproached",
    "Standing",
    "Unanswered",
    "Waiting",
    "Warned",
    "behind",
    "call_off",
    "chosen_of",
    "clear",
    "compare",
    "completed",
    "content_of",
    "copying",
    "counted",
    "decline",
    "default_content",
    "differences",
    "embargo_words",
    "embargoed",
    "end_due",
    "first_reading",
    "held_until",
    "get_publication",
    "gone_on",
    "history_of",
    "is_due",
    "is_outdated",
    "known_marks",
    "lagging",
    "late_in_public",
    "lift",
    "move",
    "propose",
    "proposed_decisions",
    "proposed_updates",
    "publish_alone",
    "public_late",
    "publish_directory",
    "rebuild",
    "records_of",
    "refresh",
    "status_of",
    "suggested",
    "take_back",
    "taken_back",
    "unchecked",
    "waiting",
    "warnings",
    "withdraw",
]


class Unanswered(RuleBroken):
    """Some warnings stand that nobody looked at: `warned` are these."""

    def __init__(self, warned: Sequence[Warned]) -> None:
        """Say how many they are."""
        many = "1 warning is" if len(warned) == 1 else f"{len(warned)} warnings are"
        super().__init__(f"{many} not answered, and nothing became public: look at each of them.")
        self.warned = tuple(warned)


def publish_alone(case: Case, *, note: str, by: Actor, looked_at: Collection[str] = ()) -> str:
    """Propose and clear a case as it stands now, for the operator; return in one line what that changes.

    What is public already, numbers of authorities among it, stays so. `looked_at` are the marks of the
    warnings that were answered; those about what is public already need no answer, as at the desk. Raises
    Unanswered with the others.
    """
    stands = status_of(case.id)
    before = completed(stands.public.content) if stands.public else None
    proposal = propose(case, default_content(case, public=before), note=note, by=by)
    known = known_marks(case, before)
    standing = warnings(case, proposal.content)
    if left := [it for it in standing if it.mark not in known.union(looked_at)]:
        raise Unanswered(left)
    clear(proposal.id, note=note, by=by, standing=standing, looked_at=[it.mark for it in standing])
    return in_short(before, proposal.content, stands.withdrawn.withdrawn_at if stands.withdrawn else None)


def propose(
    case: Case, content: Content, *, note: str, by: Actor, until: datetime | None = None
) -> Publication:
    """Record what somebody wants to make public, and return the proposal.

    `content` is a snapshot from content_of() or default_content(): what the second person reads is what will
    appear. `until` is a wish: whoever clears decides before when it is not public. An earlier proposal for
    the case that still waits is superseded by this one. Raises RuleBroken when no filing is chosen, and for
    a moment that is over.
    """
    checked(content)
    if content["case"]["number"] != case.number:
        raise ValueError(f"The content is not about {case.number}.")
    if not content["filings"]:
        raise RuleBroken("A public case needs at least one filing.", field="filings")
    if until is not None:
        check_ahead(until)
    for earlier in in_state(case.id, PublicationState.PROPOSED):
        earlier.embargo_until = None
        decide(earlier, PublicationState.SUPERSEDED, note="", by=by)
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
        withdrawal_reason=None,
        embargo_until=until,
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
            **({"until": until.isoformat()} if until else {}),
        },
    )
    return proposal


def clear(
    key: int,
    *,
    note: str,
    by: Actor,
    alone: bool = False,
    until: datetime | None = None,
    standing: Sequence[Warned] = (),
    looked_at: Collection[str] = (),
    beside: int | None = None,
) -> Publication:
    """Clear a proposal for the public and return it; what was public of the case until now is replaced.

    With `until` it stays inside until that moment, and what is public stays as it is; what was under embargo
    before never becomes public. `standing` are the warnings that stand, `looked_at` the marks of those that
    were answered: one that was not refuses, and all of them are kept in the journal. `beside` is the key of
    what was public, 0 for nothing, when the person read the proposal beside it.

    Raises RuleBroken when the proposal was decided already, when what it was read beside is not what is
    public any more, or when its author wants to clear it: two people publish. Where `alone` says that one may
    do both, and to the operator at the terminal, this is allowed, and the journal says so. One that is
    cleared, and whose copy lags behind, is returned as it is: whoever asks copies it again.
    """
    if lags(get_publication(key), PublicationState.CLEARED):
        return get_publication(key)
    proposal = get_waiting(key)
    own = by.key == proposal.proposed_by
    if own and not alone and by != SHELL:
        raise RuleBroken("You proposed this yourself: somebody else has to clear it.")
    public = in_state(proposal.case_id, PublicationState.CLEARED)
    if beside is not None and beside != (public[0].id if public else 0):
        raise RuleBroken(
            "What is public was changed since you read this: read once more what would change, then clear it."
        )
    if [it for it in standing if it.mark not in looked_at]:
        raise RuleBroken(
            "Some warnings are not answered: look at each of them, and tick it.", field="looked_at"
        )
    detail: dict[str, object] = {"alone": True} if own else {}
    if standing:
        detail["warnings"] = [it.text for it in standing]
    drop_embargoed(proposal.case_id, by=by)
    if until is None:
        replace_public(proposal.case_id)
        proposal.embargo_until = None
        decide(proposal, PublicationState.CLEARED, note=note, by=by, detail=detail)
    else:
        proposal.embargo_until = check_ahead(until)
        detail["until"] = until.isoformat()
        decide(proposal, PublicationState.EMBARGOED, note=note, by=by, detail=detail)
    return proposal


def decline(key: int, *, note: str, by: Actor) -> Publication:
    """Turn a proposal down, or take one's own back, and return it. Raises RuleBroken when it was decided."""
    proposal = get_waiting(key)
    # A wish ends with its proposal: only what was cleared has an embargo.
    proposal.embargo_until = None
    decide(proposal, PublicationState.DECLINED, note=note, by=by)
    return proposal


def withdraw(
    case: Case, *, note: str, by: Actor, reason: WithdrawalReason = WithdrawalReason.OTHER
) -> Publication:
    """Take a case back from the public and return the publication that ends.

    What is under embargo is called off with it. Why stays in the file. Raises RuleBroken when nothing of the
    case is public. One that is withdrawn already, and whose copy lags behind, is returned as it is: whoever
    asks removes the copy again.
    """
    public = in_state(case.id, PublicationState.CLEARED)
    if not public:
        ended = status_of(case.id).withdrawn
        if ended is not None and lags(ended, PublicationState.WITHDRAWN):
            return ended
        raise RuleBroken(f"{case.number} is not public.")
    for held in in_state(case.id, PublicationState.EMBARGOED):
        call_off(held.id, note=note, by=by)
    ends = public[0]
    ends.state = PublicationState.WITHDRAWN
    ends.withdrawn_by, ends.withdrawn_at, ends.withdrawal_note = by.key, clock.now(), note
    ends.withdrawal_reason = reason
    note_it(ends, by=by, detail={"reason": reason.value})
    return ends


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
