"""What people are told of hearings away from the desk: numbers of filings, court, time and place.

What a hearing is about, and why it was moved, are somebody's words: they stay at the desk.
"""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Hearing:
    """One hearing as it stands now."""

    number: int
    #: What a calendar knows it by.
    uid: str
    #: Numbers of the filings that it is about.
    filings: tuple[str, ...]
    court: str
    place: str | None
    #: The day at the place.
    day: date
    #: None where the time is not known.
    starts_at: datetime | None
    #: By which clock it is meant: "Europe/Vienna".
    zone: str
    cancelled: bool
    #: When it became so.
    changed_at: datetime

    @property
    def local(self) -> datetime | None:
        """Return when it begins by the clock of the place, None where the time is not known."""
        return None if self.starts_at is None else self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def about(self) -> str:
        """Return the filings in short: "C081-07", "C081-07 and 2 others"."""
        first, *others = self.filings or ("Hearing",)
        if not others:
            return first
        return f"{first} and {others[0] if len(others) == 1 else f'{len(others)} others'}"

    @property
    def path(self) -> str:
        """Return where its page stands."""
        return f"/desk/hearings/{self.number}"


def of_person(user_id: int, *, everything: bool, since: date) -> list[Hearing]:
    """Return the hearings that a person is told of, on `since` or later, by day; cancelled ones too."""
    return []
