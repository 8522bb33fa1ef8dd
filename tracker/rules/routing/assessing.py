"""On which day a pending complaint is assessed."""

from collections.abc import Iterable
from datetime import date, timedelta

from tracker.rules.routing.facts import Establishment
from tracker.rules.territory import is_eea, state_of


def day_of_assessment(establishments: Iterable[Establishment], lodged: date, last: date) -> date:
    """Return the day on which a complaint is assessed: that of lodging, or the last move of the controller.

    A move is a day on which an establishment in the EEA began, or was there no more. `last` is the last one
    that counts: today, or the day on which the complaint ended. Until the final decision the lead may change
    with the establishments; the states that take part are those of the day (EDPB Opinion 8/2019).
    """
    moves = [lodged]
    for it in establishments:
        if it.since is not None and is_eea(state_of(it.place), it.since):
            moves.append(it.since)
        if it.until is not None and is_eea(state_of(it.place), it.until):
            moves.append(it.until + timedelta(1))
    return max(day for day in moves if day == lodged or lodged < day <= last)
