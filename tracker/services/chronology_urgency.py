"""The urgency procedure of Art 66 in a chronology: that it was asked for, and who answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tracker.models import Filing
from tracker.services.chronology_steps import Step

#: Steps by which an authority or the Board answers who asks for urgency.
ANSWERS = frozenset({"urgency_measure", "urgency_refused", "urgent_board_request", "urgent_board_decision"})


@dataclass(frozen=True, slots=True)
class Urgency:
    """That the urgency procedure was asked for, and which entries answer it: none where nobody did."""

    answers: tuple[Step, ...]


def urgency_of(filing: Filing, steps: Sequence[Step], leads: Collection[str]) -> Urgency | None:
    """Return what became of a request for urgency; None where the filing asked for none.

    What another authority said of the case as a whole is no answer to this complaint.
    """
    if not filing.urgency_requested:
        return None
    asked = {filing.authority_slug, *leads}
    return Urgency(
        tuple(
            it
            for it in steps
            if it.kind in ANSWERS and it.authority and (not it.of_case or it.authority in asked)
        )
    )
