"""The one order of a protocol: by day, and on one day by the place of whatever was recorded there first."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from tracker.rules.days import Day, in_order
from tracker.rules.silence import BOOKKEEPING, is_us


class Linked(Protocol):
    """What says where an entry stands in a line of corrections: its key, its number, what it corrects."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def corrects_id(self) -> int | None: ...  # noqa: D102


class Recorded(Linked, Protocol):
    """An entry as it is recorded, with its day."""

    @property
    def day(self) -> Day: ...  # noqa: D102


class Acted(Recorded, Protocol):
    """An entry with what happened and who did it."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102
    @property
    def actor_slug(self) -> str | None: ...  # noqa: D102


Entry = TypeVar("Entry", bound=Recorded)
Happened = TypeVar("Happened", bound=Acted)


def places(entries: Iterable[Linked]) -> dict[int, int]:
    """Return for every entry, by key, the number of the one that stood first in its line of corrections."""
    found: dict[int, int] = {}
    # What corrects is recorded after what it corrects, so the first of a line comes first.
    for it in sorted(entries, key=lambda it: it.number):
        found[it.id] = found.get(it.corrects_id or 0, it.number)
    return found


def in_place(entries: Iterable[Entry], *, within: Iterable[Entry]) -> list[Entry]:
    """Return some of the entries `within` the protocol of a case as they happened (days.in_order).

    Where the day does not tell, a correction stands where the first entry of its line stood. So it does for
    the stage of a filing: whoever reads the protocol finds last what the stage follows from.
    """
    first = places(within)
    by_number = sorted(entries, key=lambda it: it.number)
    return in_order(by_number, day=lambda it: it.day, number=lambda it: first[it.id])


def last_news(entries: Iterable[Happened], *, within: Iterable[Happened], ngo: str) -> Happened | None:
    """Return the last of the entries that counts: what others did, or a step of ours; None for none.

    What was corrected counts for nothing, and neither does what we keep for the file alone (BOOKKEEPING): a
    reminder of ours or the beginning of a period is no news of the complaint. `ngo` is who complains.
    """
    every = list(within)
    corrected = {it.corrects_id for it in every}
    counting = [
        it
        for it in entries
        if it.id not in corrected and not (it.kind in BOOKKEEPING and is_us(it.actor, it.actor_slug, ngo))
    ]
    return in_place(counting, within=every)[-1] if counting else None
