"""What an entry says of a deadline: begun by hand, extended, stopped, running again, fixed, done, waived.

Each is an update of its own, so that the file shows who said it, when, and by which letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.errors import RuleBroken
from tracker.models import Deadline, Filing, Update
from tracker.reference.periods import periods
from tracker.rules.access import Actor
from tracker.rules.calendars import with_weekday
from tracker.rules.happened import STEPS, WITH_DAY, Act, Saying
from tracker.rules.lengths import Length
from tracker.rules.periods import Period, extended, named
from tracker.services import deadlines, standing, updates, updates_steps
from tracker.services.updates import NewUpdate


@dataclass(frozen=True, slots=True)
class NewAct:
    """What the form for an act on a deadline holds. `start` is Deadline.start_number, None to begin one.

    `until` is the day that was fixed or to which it was extended, `more` the length of an extension ("+2m").
    """

    act: Act
    period: str
    start: int | None
    until: date | None = None
    more: str | None = None


def record(
    filings: Sequence[Filing],
    new: NewAct,
    entry: NewUpdate,
    *,
    seen: dict[str, int],
    by: Actor,
    corrects: int | None = None,
) -> Update:
    """Add an update that says something of one deadline of each of the filings, and return it.

    `entry` holds day, actor, words and letter; its step is that of the act. Raises RuleBroken, naming the
    field, for a deadline that does not run there, one that the act does not fit, a last day before the start,
    an extension that ends no later, one that is out of order and has no note that says how it is known; Stale
    as record_update() does.
    """
    period = named(periods(), new.period)
    # A day or a length with an act that has none would count as if it had been fixed.
    new = replace(
        new,
        until=new.until if new.act in WITH_DAY else None,
        more=new.more if new.act is Act.EXTEND else None,
    )
    more = Length.parse(new.more, field="more") if new.more else None
    _check_said(new, entry, period, more)
    if new.act is not Act.BEGIN:
        running = deadlines.of_filings([it.id for it in filings])
        for filing in filings:
            row = _one(running.get(filing.id, []), new, filing.number)
            if corrects is None:
                _check_standing(filing.number, row, new)
            _check_days(filing.number, row, new, entry)
    saying = Saying(new.act, new.period, new.start, new.until, more)
    step = replace(entry, step=STEPS[new.act], outcome=None, says=saying, irregular=None)
    update = updates.record_update(filings, step, seen=seen, by=by, corrects=corrects)
    update.irregular = entry.irregular
    if new.act is Act.BEGIN:
        _refuse_what_does_not_run(filings, new.period, standing.place_of(update))
    if new.act is Act.EXTEND:
        _check_extension(filings, new, update)
    return update


def _check_said(new: NewAct, entry: NewUpdate, period: Period, more: Length | None) -> None:
    """Refuse what is missing or cannot be, whatever runs in the filings."""
    if new.act in (Act.EXTEND, Act.FIX) and new.until is None and (more is None or new.act is Act.FIX):
        # Longer by a length it can be only where the law says by how much: elsewhere nobody is asked for one.
        longer = ", or how much longer it is" if new.act is Act.EXTEND and period.extension else ""
        raise RuleBroken(f"Say the new last day{longer}.", field="until")
    if new.act is Act.EXTEND and new.until is None:
        extended(period, more)
    if new.act is Act.WAIVE and not entry.words.strip():
        raise RuleBroken("Say why nobody waits for it any more.", field="words")
    if entry.irregular and new.act is not Act.EXTEND:
        raise RuleBroken("Only an extension can be out of order: leave this empty.", field="irregular")
    if new.act is not Act.BEGIN:
        return
    if period.length is None and new.until is None:
        raise RuleBroken("The law gives no length for it: say the last day.", field="until")
    if new.until is not None and entry.day.first is not None and new.until < entry.day.first:
        raise RuleBroken(
            f"{with_weekday(new.until)} lies before the period begins, {entry.day.when}.", field="until"
        )


def _check_extension(filings: Sequence[Filing], new: NewAct, update: Update) -> None:
    """Refuse an extension that extends nothing, or is out of order without a note, or has a needless one.

    What somebody who may not, or too late, has given is a fact: it is recorded with the note, and the
    deadline shows what is in doubt. Asked once it is recorded, as the rules read all entries together.
    """
    doubted = False
    for number, it in deadlines.extensions(filings, new.period, new.start or 0, update.number):
        told = " ".join(it.doubts).replace(f"Entry {update.number} extends", "This extends")
        doubted = doubted or bool(told)
        if it.idle:
            raise RuleBroken(f"{number}: {told}", field="until" if new.until else "more")
        if told and not update.irregular:
            raise RuleBroken(
                f"{number}: {told} If it was given all the same, say so under “{updates_steps.NOTE}”.",
                field="irregular",
            )
    if update.irregular and not doubted:
        raise RuleBroken(
            "That extension is in order: leave this empty, and say what matters in the words for the file.",
            field="irregular",
        )


def _refuse_what_does_not_run(filings: Sequence[Filing], period: str, start: int) -> None:
    """Refuse a period that was begun by hand where its law does not apply: it would stand nowhere."""
    running = deadlines.of_filings([it.id for it in filings])
    for filing in filings:
        if not any((it.period, it.start_number) == (period, start) for it in running.get(filing.id, [])):
            law = periods()[period]
            raise RuleBroken(
                f"Nothing would run: {law.basis} does not apply to {filing.number}, which was lodged "
                f"{filing.lodged.when}.",
                field="period",
            )


def _one(rows: Sequence[Deadline], new: NewAct, number: str) -> Deadline:
    """Return the deadline that is meant. Raises RuleBroken where it does not run."""
    found = [it for it in rows if it.period == new.period and it.start_number == (new.start or 0)]
    if not found:
        raise RuleBroken(f"{number} has no deadline {new.period} from there.", field="period")
    return found[0]


def _check_standing(number: str, row: Deadline, new: NewAct) -> None:
    """Refuse an act that does not fit how the deadline stands."""
    if row.met_on is not None:
        raise RuleBroken(
            f"{number}: that was done on {with_weekday(row.met_on)}; correct that entry first.", field="act"
        )
    if row.met_number is not None and new.act is not Act.MEET:
        raise RuleBroken(
            f"{number}: entry {row.met_number} shows that it was done; correct that entry first.", field="act"
        )
    if row.waived is not None:
        raise RuleBroken(f"{number}: nobody waits for that any more: {row.waived}.", field="act")
    if new.act is Act.PAUSE and row.paused_on is not None:
        raise RuleBroken(
            f"{number}: it stands still already since {with_weekday(row.paused_on)}.", field="act"
        )
    if new.act is Act.RESTART and row.paused_on is None:
        raise RuleBroken(f"{number}: it does not stand still.", field="act")
    if new.act is Act.EXTEND and new.until is not None and row.due_on is not None and new.until <= row.due_on:
        raise RuleBroken(
            f"{number}: it runs until {with_weekday(row.due_on)} already; an extension ends later.",
            field="until",
        )


def _check_days(number: str, row: Deadline, new: NewAct, entry: NewUpdate) -> None:
    """Refuse days that do not fit the period."""
    starts, day = row.started.first, entry.day.first
    if starts is not None and day is not None and day < starts:
        raise RuleBroken(
            f"{number}: that period begins on {with_weekday(starts)}, so nothing can happen to it before.",
            field="day",
        )
    last = deadlines.ends_of(row).over_after
    if new.act is Act.PAUSE and last is not None and day is not None and day > last:
        raise RuleBroken(
            f"{number}: the last day was {with_weekday(last)}: what is over does not stand still any more.",
            field="day",
        )
    if new.act is Act.RESTART and row.paused_on is not None and day is not None and day < row.paused_on:
        raise RuleBroken(
            f"{number}: it has stood still since {with_weekday(row.paused_on)}, so it runs again later.",
            field="day",
        )
    if new.until is not None and starts is not None and new.until < starts:
        raise RuleBroken(
            f"{number}: {with_weekday(new.until)} lies before the period begins, on {with_weekday(starts)}.",
            field="until",
        )
