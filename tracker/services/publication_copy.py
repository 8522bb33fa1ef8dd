"""From the private store to the public one: what is cleared is copied, what is withdrawn is removed.

Run inside a transaction on the public store. Everything here follows from the private store alone, so doing
it again changes nothing, and doing it from nothing makes the same rows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from tracker.db import Moment, db
from tracker.errors import CopyBehind
from tracker.models import (
    Authority,
    Case,
    Publication,
    PublishedAuthority,
    PublishedCase,
    PublishedContent,
    PublishedDeadline,
    PublishedDecision,
    PublishedFiling,
    PublishedHearing,
    PublishedParty,
    PublishedTakenBack,
    PublishedUpdate,
)
from tracker.rules.vocabulary import PublicationState
from tracker.services import publication_index
from tracker.services.publication_rows import TABLES, Rows, rows_of, withdrawn_rows
from tracker.services.publication_since import since_when

#: States of a publication that is public, or was.
ONCE_PUBLIC = (PublicationState.CLEARED, PublicationState.REPLACED, PublicationState.WITHDRAWN)
#: When a publication became public, or is to.
PUBLIC_FROM = sa.func.coalesce(Publication.embargo_until, Publication.decided_at, type_=Moment)
#: How many cases are read and written at a time.
BATCH = 200
#: Where the rows of publication_rows.TABLES belong.
TABLE_OF: Mapping[str, Any] = {
    "cases": PublishedCase,
    "contents": PublishedContent,
    "parties": PublishedParty,
    "filings": PublishedFiling,
    "updates": PublishedUpdate,
    "taken_back": PublishedTakenBack,
    "decisions": PublishedDecision,
    "deadlines": PublishedDeadline,
    "hearings": PublishedHearing,
}


@contextmanager
def copying(kept: str) -> Iterator[None]:
    """Put around the transaction on the public store: it may fail when the act itself is kept already.

    `kept` says what that is ("Withdrawn in the file."). Raises CopyBehind, which says both. A reader of the
    public store that takes its time, such as a backup, is enough for it.
    """
    try:
        yield
    except sa.exc.DBAPIError as fault:
        reason = str(fault.orig).strip().split("\n")[0]
        busy = "locked" in reason or "busy" in reason
        why = "something else holds the public store, such as a backup" if busy else reason
        raise CopyBehind(
            f"{kept} The public copy could not be changed yet: {why}. "
            "Until then the public reads what it read before."
        ) from fault


def refresh(numbers: Collection[str] | None = None) -> int:
    """Bring the public copy of the cases in line with what is cleared; return how many of them are public.

    Without `numbers`: of every case whose copy lags behind, also after an act whose copy failed. A case that
    was never cleared leaves no row; a withdrawn one leaves its number, those of the filings that were public,
    and nothing else.
    """
    if numbers is None:
        numbers = behind()
    public = 0
    for some in _batches(sorted(set(numbers))):
        _remove(some)
        rows = []
        for number, publications in once_public(some).items():
            filings = {filing["number"] for it in publications for filing in it.content["filings"]}
            cleared = [it for it in publications if it.state is PublicationState.CLEARED]
            since = since_when(publications)
            if cleared:
                rows.append(rows_of(cleared[-1], filings, since))
            else:
                rows.append(withdrawn_rows(number, filings, since))
            public += len(cleared)
        write(rows)
        publication_index.index(some)
    db.session.expire_all()
    return public


def rebuild() -> int:
    """Write the whole public store anew from the private one; return how many cases are public."""
    for table in (*(TABLE_OF[name] for name in reversed(TABLES)), PublishedAuthority):
        db.session.execute(sa.delete(table), execution_options={"synchronize_session": False})
    publication_index.forget_everything()
    publish_directory()
    return refresh(list(_decided()))


def counted() -> dict[str, int]:
    """Return how many rows the public store has of what belongs to cases, by TABLES; withdrawn cases not."""
    counts = {}
    for name in TABLES:
        query = sa.select(sa.func.count()).select_from(TABLE_OF[name])
        if name == "cases":
            query = query.where(PublishedCase.withdrawn.is_(False))
        counts[name] = db.session.scalar(query) or 0
    return counts


def behind(number: str | None = None) -> list[str]:
    """Return the numbers of the cases whose public copy is not what was cleared or withdrawn last.

    With `number` only that case is asked for. A case that is public and of which the private store knows
    nothing is among them: the store was restored from an older copy.
    """
    wanted = _decided(number)
    query = sa.select(PublishedCase.number, PublishedCase.cleared_at)
    if number is not None:
        query = query.where(PublishedCase.number == number)
    present = {number: cleared_at for number, cleared_at in db.session.execute(query)}
    strange = [number for number in present if number not in wanted]
    lagging = [number for number, at in wanted.items() if number not in present or present[number] != at]
    unlisted = set(db.session.scalars(publication_index.without_a_line())) & set(present)
    return sorted({*strange, *lagging, *unlisted})


def publish_directory() -> bool:
    """Copy the directory of authorities to the public store; return whether anything had changed."""
    names = [it.key for it in sa.inspect(PublishedAuthority).column_attrs]
    copied = [getattr(Authority, it) for it in names]
    present = [getattr(PublishedAuthority, it) for it in names]
    wanted = [dict(row._mapping) for row in db.session.execute(sa.select(*copied).order_by(Authority.slug))]
    there = db.session.execute(sa.select(*present).order_by(PublishedAuthority.slug))
    if [dict(row._mapping) for row in there] == wanted:
        return False
    db.session.execute(sa.delete(PublishedAuthority), execution_options={"synchronize_session": False})
    if wanted:
        db.session.execute(sa.insert(PublishedAuthority), wanted)
    db.session.expire_all()
    return True


def _decided(number: str | None = None) -> dict[str, Any]:
    """Return, for every case that is or was public, since when it is as it is; None for a withdrawn one."""
    query = (
        sa.select(Case.number, Publication.state, PUBLIC_FROM)
        .join(Case, Case.id == Publication.case_id)
        .where(Publication.state.in_((PublicationState.CLEARED, PublicationState.WITHDRAWN)))
        .order_by(Publication.id)
    )
    if number is not None:
        query = query.where(Case.number == number)
    found: dict[str, Any] = {}
    for case, state, at in db.session.execute(query):
        if state is PublicationState.CLEARED:
            found[case] = at
        else:
            found.setdefault(case, None)
    return found


def _batches(numbers: Sequence[str]) -> Iterable[Sequence[str]]:
    return (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))


def once_public(numbers: Sequence[str]) -> dict[str, list[Publication]]:
    """Return, for every case that is or was public, the publications that were cleared, oldest first."""
    query = (
        sa.select(Case.number, Publication)
        .join(Case, Case.id == Publication.case_id)
        .where(Case.number.in_(numbers), Publication.state.in_(ONCE_PUBLIC))
        .order_by(Case.number, PUBLIC_FROM.nulls_first(), Publication.id)
    )
    found: dict[str, list[Publication]] = {}
    for number, it in db.session.execute(query):
        found.setdefault(number, []).append(it)
    return found


def _remove(numbers: Sequence[str]) -> None:
    """Remove every row of the cases, what belongs to another row first."""
    for name in reversed(TABLES):
        table = TABLE_OF[name]
        of_case = table.number if table is PublishedCase else table.case_number
        db.session.execute(
            sa.delete(table).where(of_case.in_(numbers)), execution_options={"synchronize_session": False}
        )


def write(rows: Iterable[Rows]) -> None:
    """Write rows of several cases, by one statement per table."""
    gathered: Rows = {}
    for each in rows:
        for name, some in each.items():
            gathered.setdefault(name, []).extend(some)
    for name in TABLES:
        if gathered.get(name):
            # By the table: a model would make a statement of each group of rows with the same gaps.
            db.session.execute(sa.insert(sa.inspect(TABLE_OF[name]).local_table), gathered[name])
