"""Drafts of the form for a new case: kept exactly as typed, seen by their owner alone."""

from collections.abc import Sequence

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken
from tracker.models import CaseDraft


def save_draft(owner: int, typed: dict[str, list[str]], *, title: str, draft: int | None = None) -> CaseDraft:
    """Keep a case form exactly as typed and return the draft.

    One that is gone, or never was this person's, is not missed: what was typed is kept as a new draft.
    Raises RuleBroken for a form in which nothing was typed.
    """
    if not any(value.strip() not in ("", "unknown") for values in typed.values() for value in values):
        raise RuleBroken("There is nothing to keep yet: the form is empty.")
    kept = _draft(owner, draft) if draft else None
    if kept is None:
        kept = CaseDraft(owner_id=owner, title="", typed={}, saved_at=clock.now())
        db.session.add(kept)
    kept.title, kept.typed, kept.saved_at = title or "Untitled", dict(typed), clock.now()
    return kept


def _draft(owner: int, key: int) -> CaseDraft | None:
    query = sa.select(CaseDraft).where(CaseDraft.id == key, CaseDraft.owner_id == owner)
    found: CaseDraft | None = db.session.scalar(query)
    return found


def get_draft(owner: int, key: int) -> CaseDraft:
    """Return a person's draft. Raises NotFound."""
    found = _draft(owner, key)
    if found is None:
        raise NotFound("There is no such draft.")
    return found


def drafts_of(owner: int) -> Sequence[CaseDraft]:
    """Return a person's drafts, the last saved first."""
    query = sa.select(CaseDraft).where(CaseDraft.owner_id == owner).order_by(CaseDraft.saved_at.desc())
    return db.session.scalars(query).all()


def drop_draft(owner: int, key: int) -> None:
    """Remove a person's draft; one that is gone already is not missed."""
    if (found := _draft(owner, key)) is not None:
        db.session.delete(found)
