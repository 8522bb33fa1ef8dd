"""The one order of a protocol: by day, and on one day by the place of whatever was recorded there first."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from tracker.rules.days import Day, in_order


class Recorded(Protocol):
    """An entry as it is recorded: its key, its number, its day and the key of the entry that it corrects."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def day(self) -> Day: ...  # noqa: D102
    @property
    def corrects_id(self) -> int | None: ...  # noqa: D102


Entry = TypeVar("Entry", bound=Recorded)


def in_place(entries: Iterable[Entry], *, within: Iterable[Entry]) -> list[Entry]:
    """Return some of the entries `within` the protocol of a case as they happened (days.in_order).

    Where the day does not tell, a correction stands where the first entry of its line stood. So it does for
    the stage of a filing: whoever reads the protocol finds last what the stage follows from.
    """
    places: dict[int, int] = {}
    # What corrects is recorded after what it corrects, so the first of a line comes first.
    for it in sorted(within, key=lambda it: it.number):
        places[it.id] = places.get(it.corrects_id or 0, it.number)
    by_number = sorted(entries, key=lambda it: it.number)
    return in_order(by_number, day=lambda it: it.day, number=lambda it: places[it.id])
