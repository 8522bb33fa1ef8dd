"""Which duties of authorities the public is told of: those whose lateness public entries can show.

At the desk a lawyer reads every period with its doubts. In public a day that is over reads as a reproach, so
a period stays inside where what begins it is rarely known, or where being silent is no default by its law.
"""

from collections.abc import Mapping
from types import MappingProxyType

#: Period -> why it stays inside.
INSIDE: Mapping[str, str] = MappingProxyType(
    {
        "G10": "Art 65(3) provides for the case that no two thirds are found in time: that is no default",
        "G11": "runs on from the referral, whose registration by the Board is rarely known",
        "G12": "runs from the notification of the Board's decision; mostly its adoption alone is known",
        "P28": "runs from the registration by the Board, which is rarely known",
        "P30": "runs from the registration by the Board, which is rarely known",
        "FR-SILENCE": "three months of silence reject the complaint by implication: that is no default",
        "ES-ADMISSION": "silence lets the procedure go on: that is no default",
    }
)
#: Periods of national law that stand still while another authority leads.
STOPPED_BY_A_LEAD = frozenset({"AT-DECISION", "ES-RIGHTS", "IT-DECISION"})


def is_told(period: str, *, lead: str | None, presumed: bool) -> bool:
    """Return whether the public may be told of a period by its id.

    `lead` is the authority that leads by what is public, `presumed` whether the rules only presume it: what
    stands still while another authority leads is told only where it is certain who leads.
    """
    if period in INSIDE:
        return False
    return period not in STOPPED_BY_A_LEAD or (lead is not None and not presumed)
