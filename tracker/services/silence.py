"""The silence log: what authorities said of a filing, what they did not say, what we did about it.

A value with everything that a page, a file or the chronology needs; nothing of it is stored. A leaf: every
service may read it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import Case, Deadline, Filing, Reminder, ReminderBatch, Update, UpdateFiling
from tracker.reference import tables
from tracker.reference.authorities import label
from tracker.reference.periods import periods
from tracker.rules import protocol
from tracker.rules import silence as rules
from tracker.rules.days import Day
from tracker.rules.deadlines import State, state
from tracker.rules.periods import Kind
from tracker.rules.silence import Gap, Said
from tracker.services import deadlines, silence_marks, standing

#: Values in one list of a statement.
IDS_AT_ONCE = 5_000
#: Parties whose periods are no authority's.
NO_AUTHORITY = frozenset({"us", "controller", "court"})


@dataclass(frozen=True, slots=True)
class Word:
    """An entry of the protocol as it is cited. Number 0 is the lodging where no entry tells of it."""

    number: int
    day: Day
    #: What happened, in few words: "Report on progress".
    title: str
    #: Who acted, as it is shown, and the slug where it is an authority of the directory.
    actor: str
    authority: str | None
    words: str
    #: The keys of the people who said that it has nothing new, or which reminder it answers.
    marked_by: tuple[str, ...] = ()
    #: Of a reminder: the number of the reminders (services.chasing) among which its words are kept.
    letter: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A time without news. `after` None: since the lodging; `until` None: it goes on, or it all ended."""

    after: Word | None
    until: Word | None
    time: Gap
    running: bool


@dataclass(frozen=True, slots=True)
class Chased:
    """A reminder of ours. `to` is the authority that it went to, None where that is not recorded.

    `linked`: a person said that this entry answers it; else it is the next word of that authority. `sure` is
    false where the days are too rough to say that it came after the reminder. `new` is false where the answer
    was marked as saying nothing new. `waited` is the time until the answer, or until now.
    """

    reminder: Word
    to: str | None
    answer: Word | None
    linked: bool
    sure: bool
    new: bool
    waited: Gap | None


@dataclass(frozen=True, slots=True)
class Missed:
    """A period that an authority let pass: computed (rules.deadlines), never said by hand.

    `owes` is the party, `authority` its slug where it is known. `last` is the last day that can be argued,
    `over` the days since, or until it was met (`met_on`).
    """

    period: str
    start_number: int
    basis: str
    what: str
    owes: str
    authority: str | None
    started: Day
    due: date | None
    last: date
    over: int
    met_on: date | None
    effect: str


@dataclass(frozen=True, slots=True)
class SilenceLog:
    """How silent the authorities were about one filing, as of a day.

    `waiting`: the complaint is pending. `last` is the last substantive news, None where there was none since
    the lodging; `time` how long there was none since, None where nobody waits any more. `undated` are news of
    which nobody knows the day: no period takes them into account. `marked_by` are keys of people.
    """

    filing: str
    case: str
    authority: str | None
    country: str
    as_of: date
    lodged: Day
    waiting: bool
    last: Word | None
    time: Gap | None
    news: tuple[Word, ...]
    undated: tuple[Word, ...]
    periods: tuple[Period, ...]
    empty: tuple[Word, ...]
    chased: tuple[Chased, ...]
    missed: tuple[Missed, ...]

    @property
    def unanswered(self) -> tuple[Chased, ...]:
        """Return the reminders that nobody has answered."""
        return tuple(it for it in self.chased if it.answer is None)

    @property
    def last_reminder(self) -> Word | None:
        """Return the last reminder whose day is known, None where there was none."""
        dated = [it.reminder for it in self.chased if it.reminder.day.value]
        return dated[-1] if dated else None


def log_of(filing: Filing, *, today: date | None = None) -> SilenceLog:
    """Return the silence log of a filing, as of today or another day."""
    return logs_of([filing], today=today)[filing.id]


def logs_of(filings: Sequence[Filing], *, today: date | None = None) -> dict[int, SilenceLog]:
    """Return the silence logs of filings by key, in a number of statements that does not grow with them."""
    today = today or clock.today()
    read = _Read(filings)
    return {it.id: read.log(it, today) for it in filings}


class _Read:
    """What is recorded of some filings, read by a few statements."""

    def __init__(self, filings: Sequence[Filing]) -> None:
        ids = [it.id for it in filings]
        cases = list({it.case_id for it in filings})
        named = sa.select(Case.id, Case.number, Case.ngo)
        self.cases = {row.id: row for row in _asked(cases, lambda some: named.where(Case.id.in_(some)))}
        self.marks: dict[int, silence_marks.Marks] = {}
        for start in range(0, len(cases), IDS_AT_ONCE):
            self.marks |= silence_marks.marks_of(cases[start : start + IDS_AT_ONCE])
        self.entries: dict[int, list[Any]] = defaultdict(list)
        for row in _asked(ids, _entries):
            self.entries[row.filing_id].append(row)
        sent = sa.select(
            Reminder.update_id, Reminder.filing_id, Reminder.authority_slug, ReminderBatch.number
        ).join(ReminderBatch, ReminderBatch.id == Reminder.batch_id)
        self.sent = {
            (row.update_id, row.filing_id): (row.authority_slug, row.number)
            for row in _asked(
                ids, lambda some: sent.where(Reminder.filing_id.in_(some), Reminder.update_id.is_not(None))
            )
        }
        self.deadlines: dict[int, list[Deadline]] = defaultdict(list)
        owed = sa.select(Deadline).where(~Deadline.gone, ~Deadline.own)
        for (row,) in _asked(ids, lambda some: owed.where(Deadline.filing_id.in_(some))):
            self.deadlines[row.filing_id].append(row)

    def log(self, filing: Filing, today: date) -> SilenceLog:
        """Return the log of one of the filings."""
        case = self.cases[filing.case_id]
        said, words = self._said(filing, case.ngo, today)
        found = rules.silence(said, tables.procedure(), today)

        def word(it: Said | None) -> Word | None:
            return None if it is None else words[it.number]

        return SilenceLog(
            filing=filing.number,
            case=case.number,
            authority=filing.authority_slug,
            country=filing.country,
            as_of=today,
            lodged=filing.lodged,
            waiting=found.waiting,
            last=word(found.last),
            time=found.time,
            news=tuple(words[it.number] for it in found.news),
            undated=tuple(words[it.number] for it in found.undated),
            periods=tuple(
                Period(word(it.after), word(it.until), it.time, it.running) for it in found.periods
            ),
            empty=tuple(words[it.number] for it in found.empty),
            chased=tuple(
                Chased(
                    reminder=words[it.reminder.number],
                    to=it.reminder.addressed,
                    answer=word(it.answer),
                    linked=it.linked,
                    sure=it.sure,
                    new=it.answer is not None and not it.answer.empty,
                    waited=it.waited,
                )
                for it in found.chased
            ),
            missed=tuple(_missed(self.deadlines[filing.id], today)),
        )

    def _said(self, filing: Filing, ngo: str, today: date) -> tuple[list[Said], dict[int, Word]]:
        """Return the entries of a filing up to a day as the rules read them, and by number as cited."""
        rows = [it for it in self.entries[filing.id] if it.happened_on is None or it.happened_on <= today]
        places = protocol.places(rows)
        first = {row.number: places[row.id] for row in rows}
        stands = {places[row.id]: row.number for row in rows if not row.corrected}
        # A reminder that was corrected since went to whom it went.
        sent = {it: self.sent[it.id, filing.id] for it in rows if (it.id, filing.id) in self.sent}
        to = {places[it.id]: where for it, where in sent.items()}
        found, words = [], {}
        for row in rows:
            mark = self.marks.get(row.id, silence_marks.NONE)
            entry = standing.entry(
                row.step,
                Day(row.happened_on, row.happened_precision),
                row.number,
                outcome=row.outcome,
                corrected=row.corrected,
                place=places[row.id],
            )
            found.append(
                Said(
                    entry=entry,
                    authority=row.actor_slug,
                    ours=rules.is_us(row.actor, row.actor_slug, ngo),
                    empty=mark.empty,
                    answers=stands.get(first.get(mark.answers or 0, 0)),
                    addressed=to.get(places[row.id], (None, None))[0],
                )
            )
            words[row.number] = Word(
                number=row.number,
                day=entry.day,
                title=tables.happened(row.kind),
                actor=label(row.actor_slug) if row.actor_slug else row.actor,
                authority=row.actor_slug,
                words=row.words,
                marked_by=mark.by,
                letter=to.get(places[row.id], (None, None))[1],
            )
        entries = [it.entry for it in found]
        for entry in standing.with_lodging(filing, entries)[len(entries) :]:
            found.append(Said(entry, ours=True))
            words[entry.number] = Word(entry.number, entry.day, tables.happened("lodged"), ngo, None, "")
        return found, words


def _asked(ids: Sequence[int], query: Callable[[Sequence[int]], sa.Executable]) -> list[Any]:
    """Return the rows of a query for some keys, in one statement per so many of them."""
    found: list[Any] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        found += db.session.execute(query(ids[start : start + IDS_AT_ONCE])).all()
    return found


def _entries(ids: Sequence[int]) -> sa.Executable:
    """Return the query for the entries of filings, corrected ones too, in the order of recording."""
    correcting = sa.orm.aliased(Update)
    return (
        sa.select(
            UpdateFiling.filing_id,
            UpdateFiling.step,
            UpdateFiling.outcome,
            Update.id,
            Update.number,
            Update.kind,
            Update.happened_on,
            Update.happened_precision,
            Update.actor,
            Update.actor_slug,
            Update.words,
            Update.corrects_id,
            sa.exists().where(correcting.corrects_id == Update.id).label("corrected"),
        )
        .join(Update, Update.id == UpdateFiling.update_id)
        .where(UpdateFiling.filing_id.in_(ids))
        .order_by(UpdateFiling.filing_id, Update.number)
    )


def _missed(rows: Sequence[Deadline], today: date) -> list[Missed]:
    """Return the duties of authorities that are over by the latest end that can be argued, oldest first."""
    found = []
    for row in rows:
        period, ends = periods().get(row.period), deadlines.ends_of(row)
        last = ends.over_after
        # Of what passes between authorities nobody has to tell us: that no entry shows it proves nothing.
        shown = ends.met or not ends.untold
        duty = shown and (period is None or period.kind is Kind.DUTY)
        if row.owes in NO_AUTHORITY or not duty or last is None or state(ends, today) is not State.MISSED:
            continue
        found.append(
            Missed(
                period=row.period,
                start_number=row.start_number,
                basis=period.basis if period else row.period,
                what=period.label if period else row.period,
                owes=row.owes,
                authority=row.owes_slug,
                started=row.started,
                due=row.due_on,
                last=last,
                over=((row.met_on or today) - last).days,
                met_on=row.met_on,
                effect=period.effect if period else "",
            )
        )
    return sorted(found, key=lambda it: (it.last, it.period, it.start_number))


def as_data(log: SilenceLog) -> Mapping[str, Any]:
    """Return a log as plain values: for a file, or for whoever reads it by program.

    Days are written as exactly as they are known: 2024-06-06, 2024-06, 2024 or null.
    """

    def word(it: Word | None) -> dict[str, Any] | None:
        if it is None:
            return None
        said = {"entry": it.number, "day": it.day.iso, "what": it.title, "actor": it.actor}
        return {**said, "authority": it.authority, "words": it.words}

    def time(it: Gap | None) -> dict[str, Any] | None:
        if it is None:
            return None
        return {"from": it.start.iso, "to": it.end.iso, "days": [it.least, it.most], "exact": it.exact}

    return {
        "filing": log.filing,
        "case": log.case,
        "lodged_with": log.authority,
        "as_of": log.as_of.isoformat(),
        "lodged": log.lodged.iso,
        "waiting": log.waiting,
        "last_substantive_news": word(log.last),
        "silent": time(log.time),
        "substantive_news": [word(it) for it in log.news],
        "substantive_news_of_unknown_day": [word(it) for it in log.undated],
        "periods_of_silence": [
            {
                **(time(it.time) or {}),
                "after_entry": it.after and it.after.number,
                "until_entry": it.until and it.until.number,
                "goes_on": it.running,
            }
            for it in log.periods
        ],
        "nothing_new": [word(it) for it in log.empty],
        "reminders": [
            {
                "reminder": word(it.reminder),
                "to": it.to,
                "answer": word(it.answer),
                "how_known": None if it.answer is None else "linked" if it.linked else "next word",
                "surely_after": it.sure if it.answer else None,
                "says_something_new": it.new if it.answer else None,
                "waited": time(it.waited),
            }
            for it in log.chased
        ],
        "reminders_unanswered": len(log.unanswered),
        "periods_missed": [
            {
                "period": it.period,
                "from_entry": it.start_number,
                "basis": it.basis,
                "what": it.what,
                "owed_by": it.owes,
                "authority": it.authority,
                "started": it.started.iso,
                "due": it.due and it.due.isoformat(),
                "last_arguable_day": it.last.isoformat(),
                "days_over": it.over,
                "met_on": it.met_on and it.met_on.isoformat(),
            }
            for it in log.missed
        ],
    }
