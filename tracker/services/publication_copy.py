"""From the private store to the public one: what is cleared is copied, what is withdrawn is removed.

Run inside a transaction on the public store. Everything here follows from the private store alone, so doing
it again changes nothing, and doing it from nothing makes the same rows.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import CopyBehind, RuleBroken
from tracker.models import (
    Authority,
    Case,
    Publication,
    PublishedAuthority,
    PublishedCase,
    PublishedContent,
    PublishedFiling,
    PublishedUpdate,
)
from tracker.reference import tables
from tracker.reference.authorities import label
from tracker.rules import provisions
from tracker.rules.vocabulary import Precision, PublicationState
from tracker.services.controllers import fold
from tracker.services.publication_content import completed

#: States of a publication that is public, or was.
ONCE_PUBLIC = (PublicationState.CLEARED, PublicationState.REPLACED, PublicationState.WITHDRAWN)
#: How many cases are read and written at a time.
BATCH = 200


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
        for number, publications in _once_public(some).items():
            filings = {filing["number"] for it in publications for filing in it.content["filings"]}
            cleared = [it for it in publications if it.state is PublicationState.CLEARED]
            if cleared:
                _copy(cleared[-1], filings)
            else:
                gone = {
                    "number": number,
                    "withdrawn": True,
                    "withdrawn_filings": sorted(filings),
                    "language": "",
                }
                db.session.execute(sa.insert(PublishedCase), [gone])
            public += len(cleared)
    db.session.expire_all()
    return public


def rebuild() -> int:
    """Write the whole public store anew from the private one; return how many cases are public."""
    for table in (PublishedContent, PublishedUpdate, PublishedFiling, PublishedCase, PublishedAuthority):
        db.session.execute(sa.delete(table), execution_options={"synchronize_session": False})
    publish_directory()
    return refresh(list(_decided()))


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
    return sorted(strange + lagging)


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
    """Return, for every case that is or was public, when it was cleared; None for a withdrawn one."""
    query = (
        sa.select(Case.number, Publication.state, Publication.decided_at)
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


def _once_public(numbers: Sequence[str]) -> dict[str, list[Publication]]:
    """Return, for every case that is or was public, the publications that were cleared, oldest first."""
    query = (
        sa.select(Case.number, Publication)
        .join(Case, Case.id == Publication.case_id)
        .where(Case.number.in_(numbers), Publication.state.in_(ONCE_PUBLIC))
        .order_by(Case.number, Publication.id)
    )
    found: dict[str, list[Publication]] = {}
    for number, it in db.session.execute(query):
        found.setdefault(number, []).append(it)
    return found


def _remove(numbers: Sequence[str]) -> None:
    for table in (PublishedContent, PublishedUpdate, PublishedFiling):
        db.session.execute(
            sa.delete(table).where(table.case_number.in_(numbers)),
            execution_options={"synchronize_session": False},
        )
    db.session.execute(
        sa.delete(PublishedCase).where(PublishedCase.number.in_(numbers)),
        execution_options={"synchronize_session": False},
    )


def _copy(publication: Publication, once_public: Collection[str]) -> None:
    """Write one cleared content to the public tables, by one statement per table.

    `once_public` are the numbers of all filings of the case that are or were public.
    """
    content = completed(publication.content)
    case, filings, updates = content["case"], content["filings"], content["updates"]
    lodged = [it["lodged"]["on"] for it in filings if it["lodged"]["on"]]
    row = {
        "number": case["number"],
        "withdrawn": False,
        "withdrawn_filings": sorted(set(once_public) - {it["number"] for it in filings}),
        "title": case["title"],
        "ngo": case["ngo"],
        "summary": case["summary"],
        "project": case["project"]["name"] if case["project"] else "",
        "project_slug": case["project"]["slug"] if case["project"] else "",
        "controllers": case["controllers"],
        "claims": [_claim(it) for it in case["claims"]],
        "requested": case["requested"],
        "outcome_text": case["outcome_text"],
        "sources": case["sources"],
        "lodged_on": date.fromisoformat(min(lodged)) if lodged else None,
        "searched": _searched(case, filings),
        "cleared_at": publication.decided_at,
    }
    db.session.execute(sa.insert(PublishedCase), [row])
    db.session.execute(sa.insert(PublishedContent), [{"case_number": case["number"], "content": content}])
    if filings:
        db.session.execute(sa.insert(PublishedFiling), [_filing(case["number"], it) for it in filings])
    if updates:
        rows = [_update(case["number"], place, it) for place, it in enumerate(updates)]
        db.session.execute(sa.insert(PublishedUpdate), rows)


def _claim(claim: dict[str, Any]) -> dict[str, Any]:
    """Return a claim with the words for its provision, as the page shows it."""
    shown: dict[str, Any] = {"label": claim["provision"], "url": None, "title": None}
    try:
        read = provisions.read(claim["provision"])
    except RuleBroken:
        return {**claim, **shown}
    article = tables.provisions().get(read.article)
    return {**claim, "label": read.label, "url": read.url, "title": article.title if article else None}


def _searched(case: dict[str, Any], filings: Sequence[dict[str, Any]]) -> str:
    words = [case["number"], case["title"], case["summary"], case["ngo"], *case["controllers"]]
    words += [case["project"]["name"]] if case["project"] else []
    for it in filings:
        words += [it["number"], it["reference"] or "", label(it["authority"]) if it["authority"] else ""]
    return fold(" ".join(words))


def _day(day: dict[str, Any]) -> tuple[date | None, Precision]:
    return (date.fromisoformat(day["on"]) if day["on"] else None), Precision(day["precision"])


def _filing(case: str, it: dict[str, Any]) -> dict[str, Any]:
    lodged, since = _day(it["lodged"]), _day(it["since"])
    return {
        "number": it["number"],
        "case_number": case,
        "authority": it["authority"],
        "country": it["country"],
        "reference": it["reference"],
        "lodged_on": lodged[0],
        "lodged_precision": lodged[1],
        "stage": it["stage"],
        "since_on": since[0],
        "since_precision": since[1],
        "outcome": it["outcome"],
        "entered_by_authority": it["entered_by_authority"],
        "lead": it["lead"],
        "lead_presumed": it["lead_presumed"],
        "lead_sentence": it["lead_sentence"],
        "lead_short": it["lead_short"],
        "handling": it["handling"],
        "controllers": it["controllers"],
    }


def _update(case: str, place: int, it: dict[str, Any]) -> dict[str, Any]:
    day = _day(it["day"])
    return {
        "case_number": case,
        "number": it["number"],
        "position": place,
        "happened_on": day[0],
        "happened_precision": day[1],
        "kind": it["step"],
        "label": it["label"],
        "actor": it["actor"]["words"],
        "actor_slug": it["actor"]["slug"],
        "words": it["words"],
        "reference": it["reference"],
        "source": it["source"],
        "filings": it["filings"],
    }
