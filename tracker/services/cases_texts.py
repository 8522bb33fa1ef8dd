"""What a case is called, and what it is about, in other languages: our own translations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken, Stale, under
from tracker.models import Case, CaseText
from tracker.rules.access import Actor
from tracker.rules.languages import LANGUAGES
from tracker.services import journal


@dataclass(frozen=True, slots=True)
class NewText:
    """Title and summary of a case in one language; without either there is none."""

    language: str
    title: str
    summary: str = ""


def texts_of(case_id: int) -> Sequence[CaseText]:
    """Return what was written of a case in other languages, by language."""
    query = sa.select(CaseText).where(CaseText.case_id == case_id).order_by(CaseText.language)
    return db.session.scalars(query).all()


def write_texts(
    case: Case, texts: Sequence[NewText], *, seen: Mapping[str, int], by: Actor
) -> list[CaseText]:
    """Keep what a case is called in other languages, and return what is there then, by language.

    `seen` are the versions that their writer saw, 0 for none. One without title and summary is taken out, and
    one that is as it was is left alone. What is public does not change by it. Raises RuleBroken, naming the
    field, for a language in which the public site does not speak, for that in which the case is written, and
    for a summary without a title; Stale where somebody wrote one of them since.
    """
    there = {it.language: it for it in texts_of(case.id)}
    for new in texts:
        with under(new.language):
            _check(new, case.language)
        row = there.get(new.language)
        if (new.title, new.summary) == ((row.title, row.summary) if row else ("", "")):
            continue
        if (row.version if row else 0) != seen.get(new.language, 0):
            raise Stale(
                "Somebody else changed these texts while you were writing. Compare both below, and save once "
                "more to keep yours.",
                theirs=[row] if row else [],
            )
        _write(case, new, row, by=by)
        journal.note("case.translate", case.number, by=by, case_id=case.id, detail={"language": new.language})
    db.session.flush()
    return list(texts_of(case.id))


def _check(new: NewText, original: str) -> None:
    if new.language not in LANGUAGES:
        raise RuleBroken("The public site does not speak that language.")
    if new.title and new.language == original:
        raise RuleBroken("The case itself is written in this language: change it there.", field="title")
    if new.summary and not new.title:
        raise RuleBroken("Give the case a title in this language too.", field="title")


def _write(case: Case, new: NewText, row: CaseText | None, *, by: Actor) -> None:
    if row is None:
        row = CaseText(case_id=case.id, language=new.language)
        db.session.add(row)
    elif not new.title:
        db.session.delete(row)
        return
    row.title, row.summary = new.title, new.summary
    row.written_by, row.written_at = by.key, clock.now()
