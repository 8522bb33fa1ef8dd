"""How long complaints take, of all that is public and of each authority: what the figures pages show.

Reads the public store alone, in four statements however much there is: filings, entries, decisions, and
the last clearing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import PublishedCase, PublishedDecision, PublishedFiling, PublishedUpdate
from tracker.reference import measures as table
from tracker.reference.names import country_name
from tracker.rules.days import DAYS_IN_A_MONTH, Day
from tracker.rules.decisions import BEFORE_THE_RESULT, DECIDES
from tracker.rules.measures import (
    FEWEST,
    Counted,
    LeftOut,
    Lodged,
    Made,
    Measure,
    Silent,
    Waited,
    counted,
    happened,
    owes,
    passed_on,
    silent,
    waited,
)
from tracker.rules.survival import Curve, Observation, Quantile, Share, estimate
from tracker.rules.vocabulary import AppealStatus, Precision
from tracker.services.public_site_flows import was_elsewhere
from tracker.services.public_site_words import Named, named

#: Shares of the filings of which the page says after how long they had what they waited for.
QUARTER, HALF, THREE_QUARTERS = 0.25, 0.5, 0.75
#: Rows that are read together, and values of days that are kept.
AT_A_TIME, MOST_KEPT = 1_000, 1 << 16
#: After how many months the table beside a curve reads it.
MONTHS = (1, 3, 6, 12, 24, 36, 48, 60, 72, 96, 120)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of a measure where nothing speaks against it (rules.measures.silent).

    Of the filings `ended` came to what is measured, `open` wait still and `stopped` ended otherwise. Of those
    that ended `shown` are known by a later step only. `to_month` have a day of which only the month is known,
    and of `presumed` the lead is presumed. Of those that are open `not_passed_on` were lodged elsewhere than
    with the lead that owes it, and nothing recorded shows that it has them.
    """

    ended: int
    open: int
    stopped: int
    shown: int
    to_month: int
    presumed: int
    not_passed_on: int
    quarter: Quantile
    median: Quantile
    three_quarters: Quantile
    curve: Curve

    @property
    def readings(self) -> tuple[tuple[int, Share], ...]:
        """Return the share that still waits after whole numbers of months, as far as anybody waited."""
        found = ((it, self.curve.at(round(it * DAYS_IN_A_MONTH))) for it in MONTHS)
        return tuple((months, share) for months, share in found if share and share.at_risk)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over `n` filings of so many `cases`, with its figures or why there are none.

    How many are left out stands beside it, by the reason.
    """

    measure: Measure
    n: int
    cases: int
    left_out: Mapping[LeftOut, int]
    figures: Figures | None
    silent: Silent | None


@dataclass(frozen=True, slots=True)
class Record:
    """The measures of an authority, in the role that owes each of them; `of` is None for all filings.

    They count until the day `until`; `cleared_at` is when something in the data became public last.
    """

    of: Named | None
    measures: tuple[Measured, ...]
    until: date
    cleared_at: datetime | None

    @property
    def speaks(self) -> bool:
        """Return whether at least one measure has figures."""
        return any(it.figures for it in self.measures)


@dataclass(frozen=True, slots=True)
class Everybody:
    """The record over all filings, and that of each authority that has figures, by country and name."""

    whole: Record
    authorities: tuple[Record, ...]
    #: How many authorities owe something in a public filing and have too few for any figure.
    too_few: int


class _Tally:
    """What was found for one measure so far."""

    def __init__(self) -> None:
        #: How many filings waited in the same way: few objects live, so that few have to be looked after.
        self.waited: Counter[Waited] = Counter()
        self.left_out: Counter[LeftOut] = Counter()
        self.presumed = 0
        self.not_passed_on = 0
        self.cases: set[str] = set()

    @classmethod
    def of(cls, several: Iterable["_Tally"]) -> "_Tally":
        """Return one tally of what several have counted."""
        made = cls()
        for it in several:
            made.waited += it.waited
            made.left_out += it.left_out
            made.presumed += it.presumed
            made.not_passed_on += it.not_passed_on
            made.cases |= it.cases
        return made

    def add(self, found: Waited | LeftOut, case: str, *, presumed: bool, expected: bool) -> None:
        """Count a filing of a case; `expected` says that nothing shows that whoever owes it has it."""
        if isinstance(found, Waited):
            self.waited[found] += 1
            self.cases.add(case)
            self.presumed += presumed
            self.not_passed_on += expected and found.open
        else:
            self.left_out[found] += 1

    def measured(self, measure: Measure) -> Measured:
        """Return what the tally comes to."""
        left_out = {it: self.left_out[it] for it in LeftOut if self.left_out[it]}
        ended = self._how_many(lambda it: it.observation.ended)
        why_not = silent(
            self.waited.total(), ended, self.left_out[LeftOut.NOT_RECORDED], cases=len(self.cases)
        )
        figures = None if why_not else self._figures()
        return Measured(measure, self.waited.total(), len(self.cases), left_out, figures, silent=why_not)

    def _how_many(self, so: Callable[[Waited], bool]) -> int:
        return sum(times for it, times in self.waited.items() if so(it))

    def _figures(self) -> Figures:
        observed: Counter[Observation] = Counter()
        for it, times in self.waited.items():
            observed[it.observation] += times
        curve = estimate(observed, fewest=FEWEST)
        still_open = self._how_many(lambda it: it.open)
        return Figures(
            ended=curve.ended,
            open=still_open,
            stopped=curve.n - curve.ended - still_open,
            shown=self._how_many(lambda it: it.shown),
            to_month=self._how_many(lambda it: it.to_month),
            presumed=self.presumed,
            not_passed_on=self.not_passed_on,
            quarter=curve.quantile(QUARTER),
            median=curve.quantile(HALF),
            three_quarters=curve.quantile(THREE_QUARTERS),
            curve=curve,
        )


#: By authority (None: all of them) the tallies of the measures, in their order.
_Tallies = Mapping[str | None, Sequence[_Tally]]


def everybody() -> Everybody:
    """Return the figures over all public filings, and those of every authority that has enough of them."""
    tallies = _count(None)
    until, cleared_at = clock.today(), _cleared_at()
    records = [_record(slug, tallies, until, cleared_at) for slug in tallies if slug is not None]
    speaking = [it for it in records if it.speaks]
    speaking.sort(key=lambda it: (country_name(it.of.country), it.of.short) if it.of else ("", ""))
    return Everybody(
        whole=_record(None, tallies, until, cleared_at),
        authorities=tuple(speaking),
        too_few=len(records) - len(speaking),
    )


def record_of(slug: str) -> Record:
    """Return the figures of one authority; one that nobody knows has measures of no filing."""
    return _record(slug, _count(slug), clock.today(), _cleared_at())


def _record(slug: str | None, tallies: _Tallies, until: date, cleared_at: datetime | None) -> Record:
    own = tallies.get(slug) or _tallies()
    measures = tuple(tally.measured(it) for it, tally in zip(Measure, own, strict=True))
    return Record(named(slug) if slug else None, measures, until, cleared_at)


def _tallies() -> list[_Tally]:
    return [_Tally() for _ in Measure]


def _cleared_at() -> datetime | None:
    return db.session.scalar(sa.select(sa.func.max(PublishedCase.cleared_at)))


def _count(slug: str | None) -> _Tallies:
    """Return the tallies of all and of each authority, or with a slug those of this one alone."""
    concerned: sa.ColumnElement[bool] = sa.true()
    if slug is not None:
        roles = (PublishedFiling.authority, PublishedFiling.lead, PublishedFiling.handling)
        concerned = sa.or_(*(role == slug for role in roles))
    protocol = _happened(concerned, everything=slug is None)
    transfer = table.meanings()[Measure.TRANSFER]
    measures = [(place, it, dict(table.meanings()[it])) for place, it in enumerate(Measure)]
    today = clock.today().toordinal()
    tallies: dict[str | None, list[_Tally]] = defaultdict(_tallies)
    for number, case, country, filing, presumed in _filings(concerned):
        events = protocol.get(number, ())
        elsewhere = was_elsewhere(filing.authority, country, filing.lead)
        expected = elsewhere and not passed_on((step for step, _ in events), transfer)
        for place, measure, means in measures:
            owing = owes(measure, filing)
            if slug is not None and owing != slug:
                continue
            found = waited(measure, filing, events, means=means, today=today)
            if found is not None:
                of_lead = owing is not None and owing == filing.lead
                tallies[owing][place].add(
                    found, case, presumed=presumed and of_lead, expected=expected and of_lead
                )
    if slug is None:
        # So far what nobody owes stands alone there.
        every = list(tallies.values())
        tallies[None] = [_Tally.of(it[place] for it in every) for place, *_ in measures]
    return tallies


# Rows come as the store has them, some at a time, and each value is made once: it would be most of the work.


@lru_cache(maxsize=MOST_KEPT)
def _read(on: str | None, precision: str) -> Counted:
    return counted(Day(date.fromisoformat(on) if on else None, Precision(precision)))


@lru_cache(maxsize=MOST_KEPT)
def _entry(kind: str, on: str | None, precision: str) -> tuple[str, Counted]:
    return table.kinds()[kind], _read(on, precision)


def _filings(concerned: sa.ColumnElement[bool]) -> Iterable[tuple[str, str, str, Lodged, bool]]:
    """Give number, case, country, what is known, and whether the lead is presumed, of each filing."""
    query = sa.select(
        PublishedFiling.number,
        PublishedFiling.case_number,
        PublishedFiling.country,
        sa.cast(PublishedFiling.lodged_on, sa.Text),
        sa.type_coerce(PublishedFiling.lodged_precision, sa.Text),
        PublishedFiling.authority,
        PublishedFiling.lead,
        PublishedFiling.handling,
        PublishedFiling.outcome,
        PublishedFiling.lead_presumed,
    ).where(concerned)
    for number, case, country, on, precision, authority, lead, handling, outcome, presumed in _rows(query):
        yield (
            number,
            case,
            country,
            Lodged(_read(on, precision), authority, lead, handling, outcome),
            presumed,
        )


def _happened(
    concerned: sa.ColumnElement[bool], *, everything: bool
) -> Mapping[str, Sequence[tuple[str, Counted]]]:
    """Return the entries that count by filing, in the order of the protocol of its case."""
    cases: sa.ColumnElement[bool] | None = None
    query = (
        sa.select(
            PublishedUpdate.case_number,
            PublishedUpdate.number,
            PublishedUpdate.kind,
            sa.cast(PublishedUpdate.happened_on, sa.Text),
            sa.type_coerce(PublishedUpdate.happened_precision, sa.Text),
            sa.cast(PublishedUpdate.filings, sa.Text),
        )
        .where(PublishedUpdate.kind.in_(table.kinds()))
        .order_by(PublishedUpdate.case_number, PublishedUpdate.position)
    )
    if not everything:
        numbers = sa.select(PublishedFiling.case_number).where(concerned)
        query = query.where(PublishedUpdate.case_number.in_(numbers))
        cases = PublishedDecision.case_number.in_(numbers)
    made = _made(cases)
    found: dict[str, list[tuple[str, Counted]]] = defaultdict(list)
    for case, entry, kind, on, precision, filings in _rows(query):
        step, day = _entry(kind, on, precision)
        told = made.get((case, entry)) if kind in DECIDES else None
        # A list of numbers, of which none has a quotation mark in it.
        for number in filings.split('"')[1::2]:
            if told is None:
                found[number].append((step, day))
            else:
                found[number].extend(happened(step, day, told.get(number)))
    return found


def _made(cases: sa.ColumnElement[bool] | None) -> Mapping[tuple[str, int], Mapping[str, Made]]:
    """Return the decisions, by case and number of the entry that tells of them, and by filing."""
    it = PublishedDecision
    query = sa.select(
        it.case_number, it.type, it.decided_on, it.decided_precision, it.appeal, it.filings, it.entries
    )
    query = query.order_by(it.case_number, it.position)
    if cases is not None:
        query = query.where(cases)
    found: dict[tuple[str, int], dict[str, Made]] = defaultdict(dict)
    for case, kind, on, precision, appeal, filings, entries in _rows(query):
        if kind in BEFORE_THE_RESULT:
            continue
        made = Made(counted(Day(on, precision)), AppealStatus(appeal))
        for entry in entries:
            for each in filings:
                found[case, entry].setdefault(each["number"], made)
    return found


def _rows(query: sa.Select[*tuple[Any, ...]]) -> Iterable[sa.Row[*tuple[Any, ...]]]:
    return db.session.execute(query, execution_options={"yield_per": AT_A_TIME})
