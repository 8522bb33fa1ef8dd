"""The letters that remind authorities: packaged in some languages, changed by lawyers, each version kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import ReminderTemplate
from tracker.reference import letters
from tracker.reference.letters import Letter
from tracker.reference.names import is_language
from tracker.rules.access import Actor
from tracker.rules.letters import slots_in
from tracker.rules.text import clean, single_line
from tracker.services import journal

LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class InUse:
    """The letter of a language that is in use. `version` is 0 where nobody has ever changed the packaged one;
    `own` is false where the packaged one is in use."""

    language: str
    letter: Letter | None
    version: int
    own: bool
    row: ReminderTemplate | None


def _newest(language: str | None = None) -> dict[str, ReminderTemplate]:
    """Return the newest version of each language, or of one, by language."""
    later = sa.orm.aliased(ReminderTemplate)
    newer = sa.exists().where(
        later.language == ReminderTemplate.language, later.version > ReminderTemplate.version
    )
    query = sa.select(ReminderTemplate).where(~newer)
    if language is not None:
        query = query.where(ReminderTemplate.language == language)
    return {it.language: it for it in db.session.scalars(query)}


def _in_use(language: str, row: ReminderTemplate | None) -> InUse:
    version = row.version if row else 0
    if row is not None and row.subject is not None and row.body is not None:
        return InUse(language, Letter(row.subject, row.body), version, True, row)
    return InUse(language, letters.packaged().get(language), version, False, row)


def letter_of(language: str) -> InUse:
    """Return the letter of a language that is in use; one without words where there is none yet.

    Raises NotFound for what is no language.
    """
    if not is_language(language):
        raise NotFound("There is no such language.")
    return _in_use(language, _newest(language).get(language))


def letters_in_use() -> Mapping[str, InUse]:
    """Return every letter that is in use, by language."""
    rows = _newest()
    found = {it: _in_use(it, rows.get(it)) for it in sorted({*letters.packaged(), *rows})}
    return {language: it for language, it in found.items() if it.letter is not None}


def history_of(language: str) -> Sequence[ReminderTemplate]:
    """Return every version of the letter of a language, the newest first; not the packaged one."""
    query = sa.select(ReminderTemplate).where(ReminderTemplate.language == language)
    return db.session.scalars(query.order_by(ReminderTemplate.version.desc())).all()


def save_letter(language: str, subject: str, body: str, *, seen: int, by: Actor) -> InUse:
    """Keep a new version of the letter of a language and return it; one without a change is none.

    `seen` is the version that the writer had on the screen. Raises Stale where there is a newer one; NotFound
    for what is no language; RuleBroken, naming the field, for an empty text and for a slot that is none.
    """
    now = letter_of(language)
    _refuse_stale(now, seen)
    subject = single_line(subject, field="subject", limit=300)
    body = clean(body, field="body", limit=LONGEST)
    for text, field, words in (
        (subject, "subject", "Say what the letter is about."),
        (body, "body", "Write the words of the letter."),
    ):
        if not text:
            raise RuleBroken(words, field=field)
        slots_in(text, letters.SLOTS, field=field)
    if now.letter == Letter(subject, body):
        return now
    return _keep(language, now.version + 1, subject, body, by=by)


def use_packaged(language: str, *, seen: int, by: Actor) -> InUse:
    """Go back to the packaged letter of a language; to none where it has none. Raises Stale and NotFound."""
    now = letter_of(language)
    _refuse_stale(now, seen)
    return _keep(language, now.version + 1, None, None, by=by) if now.own else now


def _refuse_stale(now: InUse, seen: int) -> None:
    if now.version != seen:
        raise Stale(
            "Somebody else changed this letter while you were writing. Read what stands now; your words are "
            "kept in the form.",
            theirs=[now.row] if now.row else [],
        )


def _keep(language: str, version: int, subject: str | None, body: str | None, *, by: Actor) -> InUse:
    row = ReminderTemplate(
        language=language, version=version, subject=subject, body=body, made_at=clock.now(), made_by=by.key
    )
    db.session.add(row)
    journal.note("reminder.template", language, by=by, detail={"version": version, "packaged": body is None})
    db.session.flush()
    return _in_use(language, row)
