"""The periods of a chronology: what others owed in a filing, from when, and how that stands on a day."""

from dataclasses import dataclass, replace
from datetime import date

from tracker.models import Deadline, Filing
from tracker.reference.authorities import label
from tracker.reference.periods import periods
from tracker.rules import deadlines as rules
from tracker.rules.days import Day
from tracker.rules.deadlines import Ends, State
from tracker.rules.periods import OWING, Kind, Period, Regime, Sure
from tracker.services import deadlines


@dataclass(frozen=True, slots=True)
class Owed:
    """One period that somebody else owes in a filing, as it stands on a day. `key` tells it from others."""

    key: str
    regime: Regime
    basis: str
    label: str
    #: Who owes it: an authority by its label, else a party in words.
    owes: str
    started: Day
    #: Number of the entry from which it runs; None is the lodging.
    started_by: int | None
    due_on: date | None
    #: The latest end that can be argued, where that is another day.
    certain_on: date | None
    state: State
    #: Days from the latest end that can be argued to the day it was met, or to the day of the chronology.
    days_over: int
    met_on: date | None
    #: Number of the entry by which it was met; the day by which that was, where no other day is known.
    met_by: int | None
    shown_on: date | None
    #: Nobody has to tell us that it was done, and no entry shows it.
    untold: bool
    extended: bool
    paused_on: date | None
    #: How the end was counted: each step with its law; then what is in doubt about it or about the period.
    counted: tuple[tuple[str, str], ...]
    uncertain: tuple[str, ...]
    #: What follows by law from missing it.
    effect: str

    @property
    def missed(self) -> bool:
        """Return whether it was over before it was met, or is over and nothing shows that it was met."""
        return self.state is State.MISSED and not self.untold

    @property
    def not_shown(self) -> bool:
        """Return whether it is over, and that no entry shows it proves nothing: nobody has to tell us."""
        return self.state is State.MISSED and self.untold


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods, by the day on which they end, and by which rules and calendars they were counted."""

    owed: tuple[Owed, ...]
    rules: tuple[str, ...]
    calendars: tuple[str, ...]
    #: Whether periods of Regulation (EU) 2025/2518 run in the filing.
    procedural: bool


def periods_of(filing: Filing, *, as_of: date) -> Periods:
    """Return what others owed in a filing up to a day. What we owe, and what we waived, is not among it."""
    known = periods()
    rows = [it for it in deadlines.of_filing(filing) if it.period in known]
    begun = [it for it in rows if it.started.first is None or it.started.first <= as_of]
    owed = [it for it in begun if not it.own and not it.waived and known[it.period].kind is Kind.DUTY]
    return Periods(
        owed=tuple(
            sorted(
                (_owed(it, known[it.period], as_of) for it in owed),
                key=lambda it: (it.due_on or date.max, it.started.sort_key, it.key),
            )
        ),
        rules=tuple(sorted({it.rules_version for it in owed})),
        calendars=tuple(sorted({_calendar(it) for it in owed} - {""})),
        procedural=any(known[it.period].regime is Regime.PROCEDURAL for it in rows),
    )


def _owed(row: Deadline, period: Period, as_of: date) -> Owed:
    ends = _as_of(deadlines.ends_of(row), as_of)
    met_on = ends.met_on
    last = ends.over_after
    shown_on = _shown_on(row, as_of)
    ends = replace(ends, shown_met=shown_on is not None and met_on is None)
    over = ((met_on or shown_on or as_of) - last).days if last is not None and ends.paused_on is None else 0
    if ends.shown_met:
        over = 0
    return Owed(
        key=f"{row.period}:{row.start_number}",
        regime=period.regime,
        basis=period.basis,
        label=period.label,
        owes=label(row.owes_slug) if row.owes_slug else OWING.get(row.owes, row.owes),
        started=row.started,
        started_by=row.counted.get("started_by") or row.start_number or None,
        due_on=row.due_on,
        certain_on=row.certain_on if row.certain_on != row.due_on else None,
        state=rules.state(ends, as_of),
        days_over=max(over, 0),
        met_on=met_on,
        met_by=row.met_number if ends.met else None,
        shown_on=shown_on,
        untold=ends.untold and not ends.met,
        extended=row.extended,
        paused_on=ends.paused_on,
        counted=tuple((str(text), str(basis)) for text, basis in row.counted["reasons"]),
        uncertain=tuple(
            str(it)
            for it in (*row.counted["uncertain"], *([period.note] if period.sure is Sure.MEDIUM else ()))
            if it
        ),
        effect=period.effect,
    )


def _shown_on(row: Deadline, as_of: date) -> date | None:
    """Return the day by which it was done at the latest, where an entry up to a day shows no more."""
    by = row.counted.get("met_by")
    day = date.fromisoformat(by) if by else None
    return day if day is not None and day <= as_of else None


def _calendar(row: Deadline) -> str:
    """Return the calendars by which a day was counted, with their version: "IE (holidays 0.109)"."""
    places, version = row.counted.get("calendars") or (), row.counted.get("version") or ""
    return " ".join(part for part in (", ".join(places), f"({version})" if version else "") if part)


def _as_of(ends: Ends, day: date) -> Ends:
    """Return the ends without what came after the day."""
    return replace(
        ends,
        met_on=ends.met_on if ends.met_on and ends.met_on <= day else None,
        paused_on=ends.paused_on if ends.paused_on and ends.paused_on <= day else None,
    )
