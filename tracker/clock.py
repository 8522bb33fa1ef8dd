"""The only clock. Services ask it; rules get the day as an argument; tests replace these two functions."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return this moment, in UTC and aware of it."""
    return datetime.now(UTC)


def today() -> date:
    """Return the current day in UTC."""
    return now().date()
