"""How long each filing waited for what an authority owes: four measures, from its protocol and nothing else.

What each step means for each measure is data (reference/measures.csv, explained in docs/figures.md); this
module says how they are read. Nobody is counted as quick or slow for what is not recorded: such a filing is
left out, and how many are left out is part of the answer.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tracker.rules.days import Day
from tracker.rules.standing import NOT_KNOWN
from tracker.rules.survival import Observation
from tracker.rules.vocabulary import AppealStatus, Precision

#: Below so many filings a measure gives no figure: it would tell of single cases, and of chance.
FEWEST = 5
#: Neither does one whose filings all belong to fewer cases: what an authority does with a complaint that was
#: lodged many times over it does once, and a single case would stand for how it works.
FEWEST_CASES = 2
#: Of the filings past a step at least this share must tell when it was. Where fewer do, what waits
#: and what was only not written down cannot be told apart, and a measure gives no figure.
RECORDED = 0.5
#: The day that stands for a month of which the day is not known.
MIDDLE = 15


class Measure(enum.Enum):
    """From the lodging until what; the values stand in the table, and in addresses and files for readers."""

    ACKNOWLEDGEMENT = "acknowledgement"
    TRANSFER = "transfer"
    FIRST_DECISION = "first_decision"
    FINAL_OUTCOME = "final_outcome"


class Meaning(enum.Enum):
    """What a step means for a measure. A step without a meaning leaves the wait as it is."""

    #: It is what was waited for.
    IS = "is"
    #: It comes after what was waited for and soon after it: that had happened by then at the latest.
    SHOWS = "shows"
    #: It ends the wait otherwise; what was waited for does not come any more.
    STOPS = "stops"
    #: It comes after what was waited for, maybe long after: where that is not recorded nobody knows its day.
    SKIPS = "skips"
    #: It takes back what was final: the wait goes on.
    REOPENS = "reopens"


class LeftOut(enum.Enum):
    """Why a filing does not count for a measure."""

    #: What is recorded does not tell whether it ended.
    RESULT_NOT_KNOWN = "result_not_known"
    #: No authority is known that would have to do it: who leads is not known, or nobody does.
    NOBODY_KNOWN = "nobody_known"
    #: Day of lodging or of the end are not known to the month.
    ROUGH_DAYS = "rough_days"
    #: A later step is recorded, and this one is not.
    NOT_RECORDED = "not_recorded"
    #: A day that has not come yet, or an end before the lodging: one of them is wrong.
    WRONG_DAYS = "wrong_days"


class Silent(enum.Enum):
    """Why a measure gives no figure."""

    TOO_FEW = "too_few"
    ONE_CASE = "one_case"
    RARELY_RECORDED = "rarely_recorded"


class Counted(NamedTuple):
    """A day as a number to count with: the one that stands for it, and the first and last that it can be.

    `at` is None where nothing can: the day is not known to the month.
    """

    at: int | None
    first: int
    last: int
    to_month: bool


class Lodged(NamedTuple):
    """What is known of a filing besides its protocol; authorities are slugs, None where none is known.

    `handling` deals with it where it neither leads nor received the complaint. `outcome` is its public code.
    """

    day: Counted
    authority: str | None
    lead: str | None
    handling: str | None
    outcome: str


class Waited(NamedTuple):
    """A filing that counts: how long it waited.

    `shown` says that its end is known by a later step only, `to_month` that one of its days is the middle of
    a month, `open` that it waits still.
    """

    observation: Observation
    open: bool
    shown: bool = False
    to_month: bool = False


#: What steps (by code) mean for one measure.
Means = Mapping[str, Meaning]
#: What happened, in order: step and day.
Happened = Sequence[tuple[str, Counted]]

# Looked at for each entry of each filing: an attribute of an enumeration costs more than all the rest.
_IS, _SHOWS, _SKIPS, _REOPENS = Meaning.IS, Meaning.SHOWS, Meaning.SKIPS, Meaning.REOPENS


class Made(NamedTuple):
    """A decision that an entry tells of: the day on which it was made, and whether a court has it, or had."""

    day: Counted
    appeal: AppealStatus


#: What became of a decision, as the step that it is in the procedure.
_AFTER = {AppealStatus.LODGED: "appeal", AppealStatus.ANNULLED: "decision_annulled"}


def happened(step: str, day: Counted, made: Made | None) -> Happened:
    """Return an entry as it is counted; `made` is the decision that it tells of, if it is one of that filing.

    The day of the decision counts, and not that of the entry, which may tell of it later. An appeal that
    waits, and an annulment, count as the steps that they are, also where nobody recorded them as entries.
    """
    if made is None:
        return ((step, day),)
    at = made.day if made.day.at is not None and not made.day.to_month else day
    after = _AFTER.get(made.appeal)
    return ((step, at), (after, at)) if after else ((step, at),)


def counted(day: Day) -> Counted:
    """Return a day as it is counted: a month by its middle."""
    if day.first is None or day.last is None or day.precision is Precision.YEAR:
        return Counted(None, 0, 0, to_month=False)
    to_month = day.precision is Precision.MONTH
    at = day.first.replace(day=MIDDLE) if to_month else day.first
    return Counted(at.toordinal(), day.first.toordinal(), day.last.toordinal(), to_month)


def silent(n: int, ended: int, not_recorded: int, *, cases: int) -> Silent | None:
    """Return why a measure gives no figure over `n` filings of so many `cases`, None where it gives one.

    Of these `ended`; of `not_recorded` others only a later step is recorded.
    """
    if n < FEWEST:
        return Silent.TOO_FEW
    if cases < FEWEST_CASES:
        return Silent.ONE_CASE
    return Silent.RARELY_RECORDED if ended < RECORDED * (ended + not_recorded) else None


def passed_on(steps: Iterable[str], means: Means) -> bool:
    """Return whether any of the steps shows that a filing has reached the lead; `means` is of the transfer.

    The transfer itself, and whatever comes after it alone. Without any it is only expected.
    """
    return any(means.get(it) in (_IS, _SHOWS, _SKIPS) for it in steps)


def owes(measure: Measure, filing: Lodged) -> str | None:
    """Return which authority has to do what is measured; None where that is not known, or none has to.

    Receipt is confirmed, and the complaint passed on, by the authority lodged with. Whoever leads decides, or
    else handles it, or else received it: nobody else does then.
    """
    if measure is Measure.ACKNOWLEDGEMENT:
        return filing.authority
    if measure is Measure.TRANSFER:
        return filing.authority if filing.lead else None
    return filing.lead or filing.handling or filing.authority


def waited(
    measure: Measure, filing: Lodged, happened: Happened, *, means: Means, today: int
) -> Waited | LeftOut | None:
    """Return how long a filing waited, why it does not count, or None where there is nothing to wait for.

    There is nothing to pass on where the complaint was lodged with the authority that leads. Lodged today and
    decided tomorrow is one day. A filing that waits counts until `today` (as date.toordinal() has it).
    """
    if measure is Measure.TRANSFER:
        if filing.lead is None or filing.authority is None:
            return LeftOut.NOBODY_KNOWN
        if filing.lead == filing.authority:
            return None
    if filing.outcome == NOT_KNOWN:
        return LeftOut.RESULT_NOT_KNOWN
    meaning, end, skipped = _end(happened, means)
    if end is None and skipped:
        return LeftOut.NOT_RECORDED
    until = Counted(today, today, today, to_month=False) if end is None else end
    if filing.day.at is None or until.at is None:
        return LeftOut.ROUGH_DAYS
    if filing.day.first > today or until.first > today or until.last < filing.day.first:
        return LeftOut.WRONG_DAYS
    # Within one month nobody knows more, and the middle of this month may not have come yet.
    days = max(0, min(until.at, today) - filing.day.at)
    return Waited(
        Observation(days, ended=meaning is _IS or meaning is _SHOWS),
        open=meaning is None,
        shown=meaning is _SHOWS,
        to_month=filing.day.to_month or until.to_month,
    )


def _end(happened: Happened, means: Means) -> tuple[Meaning | None, Counted | None, bool]:
    """Return by what the wait ended and when, both None while it lasts, and whether a later step is recorded.

    What ends it first counts; what takes that back makes it begin again, as if it had never ended.
    """
    meaning, end, skipped = None, None, False
    for step, day in happened:
        now = means.get(step)
        if now is None:
            continue
        if now is _SKIPS:
            skipped = True
        elif now is _REOPENS:
            meaning, end = None, None
        elif meaning is None:
            meaning, end = now, day
    return meaning, end, skipped
