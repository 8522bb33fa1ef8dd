"""Since when something is public: read from the publications that were cleared, one after the other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.models import Publication
from tracker.rules.vocabulary import PublicationState


@dataclass(frozen=True, slots=True)
class Since:
    """When a case became public and has been ever since, with its entries; when it was withdrawn if it is."""

    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    #: Number of a public entry -> since when it is.
    updates: dict[int, datetime | None] = field(default_factory=dict)
    #: Number of an entry that was public, and is not now -> since when it is not.
    taken_back: dict[int, datetime | None] = field(default_factory=dict)


def since_when(once_public: Sequence[Publication]) -> Since:
    """Return since when a case is public; `once_public` are all that were cleared, the oldest first.

    What was withdrawn, or left out, and comes back is public anew from then on.
    """
    now = Since()
    for it in once_public:
        at = it.public_from
        there = {update["number"] for update in it.content["updates"]}
        now = Since(
            published_at=now.published_at or at,
            updates={number: now.updates.get(number, at) for number in there},
            taken_back=_taken_back(now, there, at),
        )
        if it.state is PublicationState.WITHDRAWN:
            now = Since(withdrawn_at=it.withdrawn_at, taken_back=_taken_back(now, (), it.withdrawn_at))
    return now


def _taken_back(before: Since, there: Collection[int], at: datetime | None) -> dict[int, datetime | None]:
    """Return the entries that are not there any more, those of before with the time when they went."""
    gone = {**dict.fromkeys(before.updates, at), **before.taken_back}
    return {number: since for number, since in gone.items() if number not in there}
