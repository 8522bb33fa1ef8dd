"""The jobs of `tracker work`: each is done once, also where several workers run.

A job is held while somebody is at it, and marked as done when it has ended. Whoever ended without a word (a
crash, a power cut) is given up when the time of the hold is over; so what a job does must be safe to be begun
again.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import Job
from tracker.rules.days import words

#: For how long a job is left to whoever began it.
HOLD = timedelta(hours=1)
#: When a job that failed is begun again.
PAUSE = timedelta(minutes=10)


def _get(name: str) -> Job:
    found = db.session.get(Job, name)
    if found is None:
        found = Job(name=name)
        db.session.add(found)
    return found


def begin(name: str, *, day: date) -> str | None:
    """Hold a job of every day. Return None, or why not: somebody is at it, or it was done for that day."""
    job, now = _get(name), clock.now()
    if job.done_on is not None and job.done_on >= day:
        return f"done for {words(job.done_on)} already"
    if job.held_until is not None and job.held_until > now:
        return f"left alone until {job.held_until:%H:%M} UTC: it failed, or another worker is at it"
    job.held_until = now + HOLD
    return None


def end(name: str, said: str, *, day: date | None = None) -> None:
    """Say that a job is done (for `day`, where it is one of every day), and let go of it."""
    job = _get(name)
    job.held_until, job.ran_at, job.said = None, clock.now(), said[:300]
    if day is not None:
        job.done_on = day


def fail(name: str, said: str) -> None:
    """Say that a job failed: it is begun again after PAUSE."""
    job, now = _get(name), clock.now()
    job.held_until, job.ran_at, job.said = now + PAUSE, now, said[:300]


def standing() -> Sequence[Job]:
    """Return every job that ever ran, by name."""
    return db.session.scalars(sa.select(Job).order_by(Job.name)).all()
