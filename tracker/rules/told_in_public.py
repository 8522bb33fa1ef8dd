"""Which duties of authorities the public is told of: those whose lateness public entries can show.

At the desk a lawyer reads every period with its doubts. In public a day that is over reads as a reproach, so
a period stays inside where what begins it is rarely known, or where being silent is no default by its law.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from tracker.rules.deadlines import Ends, State, state

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


def ends_in_public(
    *, due: date | None, certain: date | None, met_on: date | None, paused_on: date | None, waits: bool
) -> Ends:
    """Return what decides how a period of an authority stands for the public; `waits`: nobody did it yet.

    Met on a day that nobody knows, or not waited for any more: the public is not told which.
    """
    return Ends(
        due=due,
        safe=due,
        certain=certain,
        own=False,
        met_on=met_on,
        paused_on=paused_on,
        waived=not waits and met_on is None,
        moot=True,
    )


def reproaches(public: Ends, today: date) -> bool:
    """Return whether the public reads that an authority is late, or was."""
    return state(public, today) is State.MISSED


def borne_out(public: Ends, file: Ends | None, today: date) -> bool:
    """Return whether the file says so too where the public reads that an authority is late, or was.

    `file` is the same period as the desk knows it, None where it does not run there. What the file has as
    done, or done sooner, as given up, stopped or extended, is not borne out. A last day that is later by a
    few days because word came later is: both say late, and when word came to us stays inside.
    """
    if not reproaches(public, today):
        return True
    if file is None or state(file, today) is not State.MISSED:
        return False
    last, then = public.over_after, file.over_after
    if file.extended and last is not None and then is not None and then > last:
        return False
    if file.met_on is None:
        return True
    return public.met_on is not None and public.met_on <= file.met_on


def will_reproach(public: Ends, file: Ends | None, today: date) -> bool:
    """Return whether what still runs in public will become such a reproach once its last day is over.

    That is so where the file does not wait for it any more, or knows of an extension. What runs in the file
    too, to a day that is a little later, is looked at when its time has come.
    """
    last = public.over_after
    if last is None or last < today or reproaches(public, today) or public.met or public.waived:
        return False
    if public.paused_on is not None:
        return False
    if file is None or file.met or file.waived or file.paused_on is not None:
        return True
    return file.extended and file.over_after is not None and file.over_after > last
