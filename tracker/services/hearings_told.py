"""What people are told of hearings away from the desk: numbers of filings, court, time and place."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Hearing:
    """One hearing as it stands now."""

    key: int
    #: What a calendar knows it by.
    uid: str
    #: Of the filings that it is about.
    numbers: tuple[str, ...]
    court: str
    place: str
    #: The day at the place.
    day: date
    #: In the zone of the place; None where the time is not known.
    starts: datetime | None
    cancelled: bool
    #: When it became so.
    changed_at: datetime
    #: Of its page, from the root of the desk's site.
    path: str

    @property
    def about(self) -> str:
        """Return the filings in short: "C081-07", "C081-07 and 2 others"."""
        first, *others = self.numbers or ("Hearing",)
        if not others:
            return first
        return f"{first} and {others[0] if len(others) == 1 else f'{len(others)} others'}"


def of_person(user_id: int, *, everything: bool, since: date) -> list[Hearing]:
    """Return the hearings that a person is told of, on `since` or later, by day; cancelled ones too."""
    return []
