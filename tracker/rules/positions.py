"""Whether a filing is pending, decided, or neither: one definition, for every number and picture in public.

A filing is pending while it has no result, decided as soon as an authority or a court gave one that stands,
also while that is carried out or contested. docs/figures.md says the same for readers.
"""

import enum
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from tracker.rules.procedure import Stage
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.vocabulary import Finding, Outcome

#: How a filing looks in a picture from its result on, and where nobody knows whether it has one.
COMPLETE, UNCLEAR = "complete", "unclear"


class Position(enum.Enum):
    """Where a filing is, seen from its result."""

    #: It waits for one.
    PENDING = "pending"
    #: An authority or a court decided, and left at least one claim open.
    PARTLY = "partly"
    #: An authority or a court decided.
    DECIDED = "decided"
    #: It ended without a decision: withdrawn, or settled.
    ENDED = "ended"
    #: Nobody knows whether it has a result.
    UNCLEAR = "unclear"


#: Two of them are a decision.
HAS_DECISION = frozenset({Position.PARTLY, Position.DECIDED})
_BY_OUTCOME: Mapping[str, Position] = MappingProxyType(
    {
        Outcome.PENDING.value: Position.PENDING,
        Outcome.WON.value: Position.DECIDED,
        Outcome.PARTLY_WON.value: Position.DECIDED,
        Outcome.LOST.value: Position.DECIDED,
        Outcome.NOT_RECORDED.value: Position.DECIDED,
        Outcome.WITHDRAWN.value: Position.ENDED,
        Outcome.SETTLED.value: Position.ENDED,
        NOT_KNOWN: Position.UNCLEAR,
    }
)
#: The public outcomes of filings that are pending: what a question to a store asks for.
PENDING_OUTCOMES = tuple(it for it, of in _BY_OUTCOME.items() if of is Position.PENDING)


def position(outcome: str, open_claims: Collection[object] = ()) -> Position:
    """Return where a filing with that public outcome is; `open_claims` are those that nobody decided.

    A complaint that was rejected as a whole has no claim left, whatever was not examined on the way.
    """
    found = _BY_OUTCOME[outcome]
    partly = found is Position.DECIDED and open_claims and outcome != Outcome.LOST.value
    return Position.PARTLY if partly else found


def phase(stage: Stage | None, outcome: str) -> str:
    """Return as what a filing is drawn that stands there with that public outcome.

    As long as it is pending the stage says whose turn it is. A result makes it complete, also where measures
    or a court follow.
    """
    found = position(outcome)
    if found is not Position.PENDING:
        return UNCLEAR if found is Position.UNCLEAR else COMPLETE
    return stage.phase if stage and stage.phase != COMPLETE else "in_progress"


def phase_then(stage: Stage) -> str:
    """Return as what a filing is drawn at a stage that it has left: by the mark of the stage."""
    return stage.phase if stage.mark == "open" else COMPLETE


def open_claims(found: Iterable[tuple[str, int, Finding]]) -> dict[str, set[int]]:
    """Return the claims of each filing on which the last word is that nobody decided.

    `found` are the findings of decisions, without drafts, in their order: filing, claim, finding. A claim
    that was not examined is open until a decision finds on it, and so is one whose finding a court annulled
    (Finding.OPEN). A claim of which no decision speaks is not called open: nobody recorded what became of it.
    """
    last: dict[tuple[str, int], Finding] = {}
    for filing, claim, finding in found:
        last[filing, claim] = finding
    left: dict[str, set[int]] = {}
    for (filing, claim), finding in last.items():
        if finding in (Finding.NOT_EXAMINED, Finding.OPEN):
            left.setdefault(filing, set()).add(claim)
    return left
