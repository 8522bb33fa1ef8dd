"""Since when something is public: read from the publications that were cleared, one after the other."""

from collections.abc import Sequence
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


def since_when(once_public: Sequence[Publication]) -> Since:
    """Return since when a case is public; `once_public` are all that were cleared, the oldest first.

    What was withdrawn, or left out, and comes back is public anew from then on.
    """
    now = Since()
    for it in once_public:
        at = it.public_from
        now = Since(
            published_at=now.published_at or at,
            updates={
                update["number"]: now.updates.get(update["number"], at) for update in it.content["updates"]
            },
        )
        if it.state is PublicationState.WITHDRAWN:
            now = Since(withdrawn_at=it.withdrawn_at)
    return now
