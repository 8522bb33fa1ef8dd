"""Which states take part in the cooperation of the GDPR, day by day.

"Union" and "member state" in Art 4(16), 4(22), 4(23) and 56 are read with these sets.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

#: First day on which the GDPR applied (Art 99(2)).
GDPR_APPLIES_FROM = date(2018, 5, 25)


@dataclass(frozen=True, slots=True)
class Membership:
    """States that take part from one day to another, both inclusive; `until` None is still."""

    states: frozenset[str]
    since: date
    until: date | None
    basis: str


MEMBERSHIPS = (
    Membership(
        frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()),
        GDPR_APPLIES_FROM,
        None,
        "Art 99(2) GDPR",
    ),
    # The withdrawal agreement kept the United Kingdom in the one-stop shop until the transition ended.
    Membership(
        frozenset({"GB"}), GDPR_APPLIES_FROM, date(2020, 12, 31), "Art 127 of the withdrawal agreement"
    ),
    Membership(
        frozenset({"IS", "LI", "NO"}),
        date(2018, 7, 20),
        None,
        "Decision 154/2018 of the EEA Joint Committee",
    ),
)


@lru_cache(maxsize=1_000)
def eea_states(on: date) -> frozenset[str]:
    """Return the ISO codes of all states that took part on that day, GB included while it did."""
    return frozenset(
        state
        for it in MEMBERSHIPS
        if it.since <= on and (it.until is None or on <= it.until)
        for state in it.states
    )


def is_eea(country: str, on: date) -> bool:
    """Return whether the country took part on that day. Switzerland and other third countries never do."""
    return country in eea_states(on)


def state_of(place: str) -> str:
    """Return the country code of a place ("DE-BY" -> "DE", "IE" -> "IE")."""
    return place.partition("-")[0]
