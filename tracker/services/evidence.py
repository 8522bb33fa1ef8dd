"""Evidence: files kept as exhibits of a case, looked at, handed out. Never changed and never removed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import Case, Evidence, Filing, StoredFile, Update, UpdateFiling
from tracker.rules import days
from tracker.rules.access import Actor
from tracker.rules.text import clean, single_line
from tracker.services import journal
from tracker.services.evidence_arriving import Arrived, received
from tracker.services.evidence_names import display_name, download_name
from tracker.storage import sniff
from tracker.storage.files import Store

# A database cannot hold these; everything else in a name is kept as it came.
_UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Facts:
    """The custody record as it was told. An empty title: the name of the file stands for it."""

    title: str | None = None
    source: str | None = None
    obtained_on: date | None = None
    obtained_how: str | None = None
    obtained_by: str | None = None
    #: A note about a cited page, made by the program: not the document itself.
    source_note: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """An exhibit being handed out. `stream` breaks off with StoreFault when the bytes are damaged."""

    exhibit: Evidence
    stream: BinaryIO
    #: Length, as recorded.
    bytes: int
    #: Safe in a header and on any disk.
    download_name: str


def keep_evidence(
    stream: BinaryIO,
    name: str,
    case: Case,
    *,
    folder: Path,
    limit: int,
    by: Actor,
    filing: Filing | None = None,
    update: Update | None = None,
    title: str | None = None,
    source: str | None = None,
    obtained_on: date | None = None,
    obtained_how: str | None = None,
    obtained_by: str | None = None,
    source_note: bool = False,
) -> Evidence:
    """Keep one file as the next exhibit of the case and return it. Raises as keep_all() does."""
    facts = Facts(title, source, obtained_on, obtained_how, obtained_by, source_note)
    files = [(stream, name)]
    return keep_all(
        files, case, filing=filing, update=update, facts=facts, folder=folder, limit=limit, by=by
    )[0]


def keep_all(
    files: Sequence[tuple[BinaryIO, str]],
    case: Case,
    *,
    folder: Path,
    limit: int,
    by: Actor,
    filing: Filing | None = None,
    update: Update | None = None,
    facts: Facts | None = None,
) -> list[Evidence]:
    """Keep any number of files, each with the name it came with, as exhibits; all, or none.

    `limit` is in bytes, per file, inclusive. Raises TooLarge, or RuleBroken naming the field: an empty file,
    a day that has not come, a text that cannot be kept. The caller's transaction holds the write lock while
    the bytes come in: large uploads go by received() before it and keep_arrived() within.
    """
    facts = checked(facts or Facts())
    with received(files, folder=folder, limit=limit) as arrivals:
        for fault in arrivals.faults:
            raise fault
        return keep_arrived(
            arrivals.files, case, folder=folder, by=by, filing=filing, update=update, facts=facts
        )


def keep_arrived(
    arrived: Sequence[Arrived],
    case: Case,
    *,
    folder: Path,
    by: Actor,
    filing: Filing | None = None,
    update: Update | None = None,
    facts: Facts | None = None,
) -> list[Evidence]:
    """Record files that received() gave as the next exhibits of the case, in order, and return them.

    The bytes get their lasting names first, then come the rows: a crash between leaves a file that no
    exhibit names (verify tells), never an exhibit without its file. Raises RuleBroken before either.
    """
    facts = checked(facts or Facts())
    if (filing and filing.case_id != case.id) or (update and update.case_id != case.id):
        raise RuleBroken(f"That filing or entry is not one of {case.number}.")
    store, moment = Store(folder), clock.now()
    kept = [store.publish(it.file) for it in arrived]
    if not kept:
        return []
    wanted = sa.select(StoredFile).where(StoredFile.sha256.in_({it.sha256 for it in kept}))
    stored = {it.sha256: it for it in db.session.scalars(wanted)}
    for it in kept:
        if it.sha256 not in stored:
            stored[it.sha256] = StoredFile(
                sha256=it.sha256, bytes=it.bytes, media_type=sniff.media_type(it.head), stored_at=moment
            )
    highest = db.session.scalar(sa.select(sa.func.max(Evidence.exhibit)).where(Evidence.case_id == case.id))
    exhibits = [
        Evidence(
            case_id=case.id,
            filing_id=filing.id if filing else None,
            update_id=update.id if update else None,
            exhibit=(highest or 0) + place,
            sha256=file.sha256,
            stored=stored[file.sha256],
            original_name=_UNKEEPABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", it.name),
            title=facts.title or display_name(it.name),
            source_note=facts.source_note,
            source=facts.source,
            obtained_on=facts.obtained_on,
            obtained_how=facts.obtained_how,
            obtained_by=facts.obtained_by,
            kept_at=moment,
            kept_by=by.key,
        )
        for place, (it, file) in enumerate(zip(arrived, kept, strict=True), start=1)
    ]
    db.session.add_all(exhibits)
    db.session.flush()
    for exhibit in exhibits:
        detail: dict[str, object] = {"exhibit": exhibit.exhibit, "sha256": exhibit.sha256}
        subject = filing.number if filing else case.number
        journal.note("evidence.keep", subject, by=by, case_id=case.id, detail=detail)
    return exhibits


def checked(facts: Facts) -> Facts:
    """Return the facts with clean texts, None for empty ones. Raises RuleBroken, naming the field."""
    day = facts.obtained_on
    if day is not None and day > clock.today():
        raise RuleBroken(f"{days.words(day)} has not come yet.", field="obtained_on")
    if day is not None and day < days.EARLIEST:
        raise RuleBroken(f"{days.words(day)} is too long ago.", field="obtained_on")
    return replace(
        facts,
        title=single_line(facts.title or "", field="title", limit=300) or None,
        source=single_line(facts.source or "", field="source", limit=2000) or None,
        obtained_how=clean(facts.obtained_how or "", field="obtained_how", limit=2000) or None,
        obtained_by=single_line(facts.obtained_by or "", field="obtained_by", limit=300) or None,
    )


def exhibits(case_id: int, *, filing_id: int | None = None) -> Sequence[Evidence]:
    """Return the exhibits of a case by number, each with its stored file.

    With `filing_id`: those of that filing, and those of entries of the protocol that name it.
    """
    query = sa.select(Evidence).where(Evidence.case_id == case_id)
    if filing_id is not None:
        entries = sa.select(UpdateFiling.update_id).where(UpdateFiling.filing_id == filing_id)
        # Evidence of one filing stays with it, also where its entry names several.
        shared = sa.and_(Evidence.filing_id.is_(None), Evidence.update_id.in_(entries))
        query = query.where(sa.or_(Evidence.filing_id == filing_id, shared))
    return db.session.scalars(query.order_by(Evidence.exhibit).options(joinedload(Evidence.stored))).all()


def exhibits_of(entries: Iterable[Update]) -> Sequence[Evidence]:
    """Return the exhibits that belong to these entries of protocols, by number, each with its stored file."""
    query = sa.select(Evidence).where(Evidence.update_id.in_([it.id for it in entries]))
    query = query.order_by(Evidence.exhibit, Evidence.id)
    return db.session.scalars(query.options(joinedload(Evidence.stored))).all()


def get_exhibit(case_number: str, exhibit: int) -> Evidence:
    """Return one exhibit of a case with its stored file. Raises NotFound."""
    query = sa.select(Evidence).join(Case, Case.id == Evidence.case_id)
    query = query.where(Case.number == case_number, Evidence.exhibit == exhibit)
    found: Evidence | None = db.session.scalar(query.options(joinedload(Evidence.stored)))
    if found is None:
        raise NotFound(f"There is no exhibit {exhibit} in {case_number}.")
    return found


def where_it_belongs(exhibit: Evidence) -> tuple[str | None, int | None]:
    """Return the number of the filing and the number of the entry to which an exhibit belongs."""
    filing = db.session.get(Filing, exhibit.filing_id) if exhibit.filing_id else None
    update = db.session.get(Update, exhibit.update_id) if exhibit.update_id else None
    return (filing.number if filing else None), (update.number if update else None)


def open_evidence(case_number: str, exhibit: int, *, folder: Path, by: Actor | None) -> Opened:
    """Hand out the kept bytes of an exhibit; that somebody took them is a line in the journal.

    Without `by` nobody takes them: it is only asked what would come. Raises NotFound where there is no such
    exhibit, StoreFault where its file is missing, or damaged as far as its first block tells.
    """
    found = get_exhibit(case_number, exhibit)
    stream = Store(folder).open(found.sha256)
    try:
        stream.peek(1)
    except BaseException:
        stream.close()
        raise
    if by is not None:
        detail: dict[str, object] = {"exhibit": found.exhibit, "sha256": found.sha256}
        journal.note("evidence.open", case_number, by=by, case_id=found.case_id, detail=detail)
    return Opened(found, stream, found.stored.bytes, download_name(found.original_name))


def type_words(exhibit: Evidence) -> str:
    """Return the type of an exhibit, by its content, in words: "PDF document"."""
    words, _ = sniff.TYPES.get(exhibit.stored.media_type, ("not recognised", ()))
    short = words.removeprefix("a ").removeprefix("an ")
    return short[:1].upper() + short[1:]


def warning_about(exhibit: Evidence) -> str | None:
    """Return a plain sentence when the name of the file claims another type than its content has."""
    return sniff.mismatch(exhibit.original_name, exhibit.stored.media_type)
