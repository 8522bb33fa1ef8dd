"""Letters of reminders changed in their preview, and recorded as sent: each batch once, each filing once."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken, Stale
from tracker.models import Filing, ReminderBatch, Update
from tracker.reference import letters as reference
from tracker.reference.authorities import in_words
from tracker.rules import days
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.silence import RECENT, REMINDER
from tracker.rules.text import shown, single_line
from tracker.rules.vocabulary import Medium, Precision
from tracker.services import chasing, chasing_letters, journal, updates
from tracker.services.chasing_letters import Letter
from tracker.services.updates import NewUpdate

#: How a reminder may go out.
MEDIA = (Medium.LETTER, Medium.EMAIL, Medium.FORM, Medium.OTHER)
#: Characters that a person may write into a slot.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a letter in the preview; `filled` by slot."""

    language: str
    left_out: bool = False
    anyway: int | None = None
    filled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of recording a batch. `again` is true where it had been recorded before: nothing was done."""

    sent: int
    not_sent: int
    again: bool


def mark_of(letters: Sequence[Letter]) -> str:
    """Return a mark of letters as they stand: whoever changes or sends them has read these and no others."""
    told = hashlib.sha256()
    for it in letters:
        row = it.row
        text = (row.id, row.language, row.left_out, it.goes, it.subject.text, it.body.text)
        told.update(repr(text).encode())
    return told.hexdigest()[:20]


def save(
    batch: ReminderBatch,
    said: Mapping[int, Said],
    *,
    for_all: Mapping[tuple[str, str], str] | None = None,
    seen: str | None = None,
) -> None:
    """Keep what a person says of letters, by their key; letters that are not named stay as they are.

    `for_all` holds, by language and slot, what stands in every letter that would have a gap there. `seen` is
    the mark_of() the letters on the screen: raises Stale where somebody else changed them since. RuleBroken
    for a batch that was recorded, a letter that is none of it, a language without a letter, and a slot that
    does not exist.
    """
    chasing.refuse_recorded(batch)
    letters = chasing.letters_of(batch)
    _refuse_stale(letters, seen)
    rows = {it.row.id: it.row for it in letters}
    for key, it in said.items():
        row = rows.get(key)
        if row is None:
            raise RuleBroken("This letter is none of these reminders.")
        if it.language not in batch.texts:
            raise RuleBroken(f"There is no letter in {shown(it.language)}.", field=f"language-{key}")
        if unknown := set(it.filled) - set(reference.SLOTS):
            raise RuleBroken(f"There is no slot {shown(min(unknown))}.")
        row.language, row.left_out, row.anyway = it.language, it.left_out, it.anyway
        filled = {
            slot: single_line(words, field=f"slot-{key}-{slot}", limit=LONGEST)
            for slot, words in it.filled.items()
        }
        row.filled = {**row.filled, **filled}
    for (language, slot), words in (for_all or {}).items():
        text = single_line(words, field=f"all-{language}-{slot}", limit=LONGEST)
        for each in letters:
            lacks = slot in each.missing or slot in each.left_out
            if each.row.language == language and lacks and not each.row.filled.get(slot):
                each.row.filled = {**each.row.filled, slot: text}
    db.session.flush()


def record(
    batch: ReminderBatch, *, sent_on: date | None, medium: Medium | None, by: Actor, seen: str | None = None
) -> Recorded:
    """Record that the letters of a batch were sent on a day; return how many were, and how many were not.

    One entry tells of all filings of a case. A batch that was recorded before stays as it is: whoever sends
    the form twice, or comes second, records nothing. Letters that a person left out, that cannot go, or whose
    filing was reminded a short time before that day are kept with the reason. Raises Stale as save() does;
    RuleBroken, naming the field, where no letter goes, where one that goes has a gap, for a day that has not
    come, lies before the lodging, before the date of a letter or a short time after another reminder, and
    without a medium.
    """
    if batch.recorded_at is not None:
        letters = chasing.letters_of(batch)
        sent = sum(it.row.update_id is not None for it in letters)
        return Recorded(sent, len(letters) - sent, again=True)
    today = chasing.letters_of(batch)
    _refuse_stale(today, seen)
    if sent_on is None:
        raise RuleBroken("Say on which day they were sent.", field="sent_on")
    if sent_on > clock.today():
        raise RuleBroken(f"{days.words(sent_on)} has not come yet.", field="sent_on")
    if medium not in MEDIA:
        raise RuleBroken("Say how they were sent.", field="medium")
    letters = today if sent_on == clock.today() else chasing.letters_of(batch, on=sent_on)
    _refuse_newly_recent(letters, today, sent_on)
    going = [it for it in letters if it.goes]
    _check(batch, going, sent_on)
    ids = [it.row.filing_id for it in going]
    filings = {it.id: it for it in chasing.filings_with_all(Filing.id.in_(ids))}
    by_case: dict[int, list[Letter]] = defaultdict(list)
    for it in going:
        by_case[filings[it.row.filing_id].case_id].append(it)
    for case_id, here in by_case.items():
        _enter(batch, case_id, here, filings, sent_on=sent_on, medium=medium, by=by)
    for it in letters:
        it.row.subject, it.row.body, it.row.refused = it.subject.text, it.body.text, it.why_not
    batch.recorded_at, batch.recorded_by = clock.now(), by.key
    batch.sent_on, batch.medium = sent_on, medium
    db.session.flush()
    return Recorded(len(going), len(letters) - len(going), again=False)


def _refuse_stale(letters: Sequence[Letter], seen: str | None) -> None:
    if seen is not None and seen != mark_of(letters):
        raise Stale(
            "Somebody else changed these letters, or recorded a reminder, while you were reading. They stand "
            "below as they are now; what you typed is not kept."
        )


def _refuse_newly_recent(then: Sequence[Letter], today: Sequence[Letter], sent_on: date) -> None:
    """Refuse a day by which a filing was reminded a short time before that the page did not name."""
    shown_so = {it.row.id for it in today if it.held_back}
    if newly := [it for it in then if it.held_back and not it.row.left_out and it.row.id not in shown_so]:
        raise RuleBroken(
            f"{_first([it.row.filing.number for it in newly])}: reminded less than {RECENT} days before "
            f"{days.words(sent_on)}. Tick what goes out all the same, or leave it out.",
            field="sent_on",
        )


def _check(batch: ReminderBatch, going: Sequence[Letter], sent_on: date) -> None:
    """Refuse letters that cannot have been sent so on that day."""
    if not going:
        raise RuleBroken("None of these letters goes out: tick at least one.")
    if gaps := [it.row.filing.number for it in going if it.missing]:
        raise RuleBroken(
            f"{_first(gaps)} {'has' if len(gaps) == 1 else 'have'} gaps: fill them, or leave the letters out."
        )
    early = [
        it.row.filing.number for it in going if (first := it.row.filing.lodged.first) and sent_on < first
    ]
    if early:
        raise RuleBroken(
            f"{days.words(sent_on)} lies before the lodging of {_first(early)}.", field="sent_on"
        )
    bears = max((day for it in going if (day := chasing_letters.dated(batch, it.row))), default=None)
    if bears and sent_on < bears:
        raise RuleBroken(
            f"The letters bear the date of {days.words(bears)}, so they did not go out on "
            f"{days.words(sent_on)}: choose {days.words(bears)} or a later day.",
            field="sent_on",
        )


def _first(numbers: Sequence[str]) -> str:
    """Return a few numbers, the others counted."""
    named = ", ".join(numbers[:5])
    return f"{named} and {len(numbers) - 5} more" if len(numbers) > 5 else named


def _enter(
    batch: ReminderBatch,
    case_id: int,
    letters: Sequence[Letter],
    filings: Mapping[int, Filing],
    *,
    sent_on: date,
    medium: Medium,
    by: Actor,
) -> None:
    """Add the entry that tells of the letters of a case to its protocol."""
    chosen = [filings[it.row.filing_id] for it in letters]
    languages = {it.row.language for it in letters}
    update = updates.record_update(
        chosen,
        NewUpdate(
            step=REMINDER,
            day=Day(sent_on, Precision.DAY),
            actor=chosen[0].case.ngo,
            words=_words(letters),
            letter=updates.Letter(
                medium=medium, sent_on=sent_on, language=languages.pop() if len(languages) == 1 else None
            ),
        ),
        seen={},
        by=by,
    )
    for it in letters:
        it.row.update_id = update.id
    detail: dict[str, object] = {"update": update.number, "filings": len(letters), "reminders": batch.number}
    journal.note("reminder.send", chosen[0].case.number, by=by, case_id=case_id, detail=detail)


def _words(letters: Sequence[Letter]) -> str:
    """Return what the entry says: to whom the reminders went."""
    if len(letters) == 1:
        return f"Reminder sent to {in_words(letters[0].row.authority_slug)}."
    return f"Reminders sent for {len(letters)} filings, a letter for each."


def entries_of(letters: Sequence[Letter]) -> dict[int, int]:
    """Return the number of the entry that tells of each letter that was sent, by the key of the letter."""
    keys = {it.row.update_id for it in letters if it.row.update_id is not None}
    query = sa.select(Update.id, Update.number).where(Update.id.in_(keys))
    numbers = {row.id: row.number for row in db.session.execute(query)} if keys else {}
    return {it.row.id: numbers[it.row.update_id] for it in letters if it.row.update_id is not None}
