"""Embargo: what is cleared and becomes public when its time has come. Until then nothing of it is copied.

The private store alone knows of it. end_due() is called by whoever looks after the public copy: `tracker
work`, the desk when it starts and on its pages of publication, and every command.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Publication
from tracker.rules.access import SHELL, Actor
from tracker.rules.days import words
from tracker.rules.hearings import local_day, local_time
from tracker.rules.vocabulary import PublicationState
from tracker.services import journal
from tracker.services.publication_states import get_publication, replace_public

#: What the journal calls what was done to an embargo.
ACT_OF = {
    "release": "publication.release",
    "move": "publication.embargo",
    "call off": "publication.call_off",
}


def embargo_words(until: datetime, zone: str) -> str:
    """Return a moment by the clock of a zone: "6 June 2027, 10:00 (Europe/Vienna)"."""
    return f"{words(local_day(until, zone))}, {local_time(until, zone):%H:%M} ({zone})"


def check_ahead(until: datetime) -> datetime:
    """Return the moment; raises RuleBroken where it is over."""
    if until <= clock.now():
        raise RuleBroken("This moment is over: choose a later one, or none.", field="day")
    return until


def held_until(case_id: int) -> datetime | None:
    """Return until when something cleared of a case is under embargo, None for nothing."""
    held = (Publication.case_id == case_id, Publication.state == PublicationState.EMBARGOED)
    return db.session.scalar(sa.select(Publication.embargo_until).where(*held))


def is_due() -> bool:
    """Return whether an embargo has ended and nobody has acted on it yet."""
    return db.session.scalar(sa.select(_due().exists())) or False


def end_due() -> list[str]:
    """Let everything whose time has come become public, and return the numbers of these cases.

    Whoever calls it copies them afterwards. Done twice it changes nothing.
    """
    ended = list(db.session.scalars(_due().order_by(Publication.embargo_until, Publication.id)))
    return [_release(it, by=SHELL) for it in ended]


def lift(key: int, *, by: Actor) -> str:
    """Let what is under embargo become public now, and return the number of its case. Raises RuleBroken."""
    held = _held(key)
    held.embargo_until = clock.now()
    return _release(held, by=by)


def move(key: int, until: datetime, *, by: Actor) -> Publication:
    """Give an embargo another end, and return the publication. Raises RuleBroken where that is over."""
    held = _held(key)
    before = held.embargo_until
    held.embargo_until = check_ahead(until)
    detail = {"from": before.isoformat() if before else None, "until": until.isoformat()}
    _note("move", held, by=by, **detail)
    return held


def call_off(key: int, *, note: str, by: Actor) -> Publication:
    """Take back what is under embargo, so that it never becomes public, and return it. Raises RuleBroken."""
    held = _held(key)
    held.state = PublicationState.DECLINED
    held.withdrawn_by, held.withdrawn_at, held.withdrawal_note = by.key, clock.now(), note
    _note("call off", held, by=by)
    return held


def _due() -> sa.Select[Any]:
    held = Publication.state == PublicationState.EMBARGOED
    return sa.select(Publication).where(held, Publication.embargo_until <= clock.now())


def _held(key: int) -> Publication:
    publication = get_publication(key)
    if publication.state is not PublicationState.EMBARGOED:
        raise RuleBroken("This is not under embargo any more.")
    return publication


def _release(held: Publication, *, by: Actor) -> str:
    replace_public(held.case_id)
    held.state = PublicationState.CLEARED
    _note("release", held, by=by)
    return str(held.content["case"]["number"])


def _note(what: str, held: Publication, *, by: Actor, **detail: object) -> None:
    journal.note(
        ACT_OF[what],
        str(held.content["case"]["number"]),
        by=by,
        case_id=held.case_id,
        detail={"publication": held.id, **detail},
    )
