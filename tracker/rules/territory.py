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


def took_part_until(state: str) -> date | None:
    """Return the last day on which a state took part, None for one that still does, or never did."""
    ends = [it.until for it in MEMBERSHIPS if state in it.states]
    return None if None in ends else max((it for it in ends if it), default=None)


#: What applies to a complaint with an authority that does not act under the GDPR, and what follows.
_OTHER_LAW = {
    "GB": (
        "The GDPR does not apply to a complaint lodged with the ICO after 31 December 2020. It decides "
        "under the law of the United Kingdom and takes no part in the cooperation: adapt the complaint to "
        "the UK GDPR."
    ),
    "CH": (
        "The GDPR does not apply to a complaint lodged with the FDPIC. It acts under the Swiss Federal Act "
        "on Data Protection, and whoever reports does not become a party: adapt the complaint to that act."
    ),
    "EU": (
        "Regulation (EU) 2018/1725 applies to a complaint lodged with the EDPS, not the GDPR. It supervises "
        "the institutions of the Union and nobody else: lodge it there only against one of them."
    ),
}
_LAW_OF_THE_PLACE = (
    "The GDPR does not apply to a complaint lodged there on that day: adapt it to the law of the place."
)


def other_law(country: str, on: date) -> str | None:
    """Return in plain words that an authority there does not act under the GDPR on that day, None if it does.

    Before the GDPR applied anywhere, nothing is said of single authorities: the route says it of all.
    """
    if on < GDPR_APPLIES_FROM or is_eea(country, on):
        return None
    return _OTHER_LAW.get(country, _LAW_OF_THE_PLACE)


#: Places that have a code of ISO 3166 of their own and belong to the territory of a member state all the same
#: (Art 355(1) TFEU for the French ones, Art 355(4) for Åland).
PART_OF = {"GF": "FR", "GP": "FR", "MF": "FR", "MQ": "FR", "RE": "FR", "YT": "FR", "AX": "FI"}


def state_of(place: str) -> str:
    """Return the state of a place: "DE" for "DE-BY", "IE" for "IE", "FR" for "RE", which is a part of it."""
    country = place.partition("-")[0]
    return PART_OF.get(country, country)
