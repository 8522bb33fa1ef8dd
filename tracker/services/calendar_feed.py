"""A person's calendar: its secret address, and what stands in it."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.db import db
from tracker.models import CalendarAddress, User
from tracker.rules.access import Actor, may
from tracker.rules.days import words
from tracker.rules.deadlines import has_lapsed
from tracker.rules.telling import Choices
from tracker.services import journal
from tracker.services.deadlines_told import Told, ours, ours_without_a_day
from tracker.services.hearings_told import Hearing, of_person
from tracker.services.ics import Event

#: For how long after its day an entry is kept, and one that was cancelled: met, waived, not running any more.
KEPT, KEPT_CANCELLED = timedelta(days=365), timedelta(days=90)
#: The act whose roles may read what stands in a calendar.
READS = "filing.read"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def make_address(user: User, *, by: Actor) -> str:
    """Give a person a new secret and return it; it is kept nowhere. One that was there ends."""
    secret = secrets.token_urlsafe(32)
    found = address_of(user.id)
    if found is None:
        found = CalendarAddress(user_id=user.id)
        db.session.add(found)
    found.secret_hash, found.made_at = _hash(secret), clock.now()
    db.session.flush()
    journal.note("account.calendar", f"user:{user.id}", by=by)
    return secret


def end_address(user: User, *, by: Actor) -> bool:
    """End the address of a person's calendar; return whether there was one."""
    found = address_of(user.id)
    if found is None:
        return False
    db.session.delete(found)
    journal.note("account.calendar_end", f"user:{user.id}", by=by)
    return True


def address_of(user_id: int) -> CalendarAddress | None:
    """Return what is known of the address of a person's calendar, None where there is none."""
    found: CalendarAddress | None = db.session.scalar(
        sa.select(CalendarAddress).where(CalendarAddress.user_id == user_id)
    )
    return found


def owners() -> set[int]:
    """Return the keys of everybody whose calendar has an address."""
    return set(db.session.scalars(sa.select(CalendarAddress.user_id)))


def owner_of(secret: str) -> User | None:
    """Return whose calendar has this secret.

    None where nobody's has, or its owner may not sign in or read filings today: nobody can tell which. It is
    looked up by its hash, so the time that this takes says nothing about a secret that is nearly right.
    """
    query = sa.select(CalendarAddress).where(CalendarAddress.secret_hash == _hash(secret))
    found = db.session.scalar(query.options(joinedload(CalendarAddress.user)))
    if found is None:
        return None
    user = found.user
    reads = may(Actor(f"user:{user.id}", user.name, user.role, user.id), READS)
    return user if user.active and reads else None


def events(user: User, choices: Choices, *, site: str) -> list[Event]:
    """Return what stands in a person's calendar. `site` is the address of the desk, for links.

    What nobody waits for any more is cancelled there, and left out after KEPT_CANCELLED; so is a right of
    ours that ended and was not used, and a day of which nobody knows any more which one it is.
    """
    today = clock.today()
    found = ours(
        user.id,
        everything=choices.everything,
        since=today - KEPT,
        ended_since=today - KEPT_CANCELLED,
    )
    found += ours_without_a_day(user.id, everything=choices.everything, since=today - KEPT_CANCELLED)
    hearings = of_person(user.id, everything=choices.everything, since=today - KEPT)
    return [
        *(
            _of_deadline(it, choices.days, site, today)
            for it in found
            if (over := _lapsed_after(it, today)) is None or over >= today - KEPT_CANCELLED
        ),
        *(
            _of_hearing(it, choices.days, site, today)
            for it in hearings
            if not it.cancelled or it.day >= today - KEPT_CANCELLED
        ),
    ]


def _lapsed_after(it: Told, today: date) -> date | None:
    """Return the last day of a right of ours that ended and was not used, None for any other deadline."""
    return it.ends.over_after if it.open and not it.unknown and has_lapsed(it.ends, today) else None


def _of_deadline(it: Told, days: Sequence[int], site: str, today: date) -> Event:
    """Return the whole day of one of our deadlines: the day to go by, which may come before the legal one.

    It rings only while that day is to come, some programs make up for what they think they missed; and after
    it on the same days before the legal one.
    """
    ends = it.ends
    day = ends.shown
    assert day is not None  # noqa: S101 - what has no day is left out
    over = _lapsed_after(it, today)
    waits = it.open and over is None and not it.unknown
    stopped = waits and ends.paused_on is not None
    alarms = _alarms(day, ends.over_after or day, days, today) if waits and not stopped else ()
    title = f"{it.number}: {it.label or it.basis}"
    said = [f"{it.label} ({it.basis})" if it.label else it.basis]
    if stopped:
        title += " (clock stopped)"
        said.append("The clock has stopped: this is the day as it was before.")
    elif waits and ends.due is not None and ends.due != day:
        said.append(f"Go by {words(day)}; the legal last day is {words(ends.due)}.")
    elif waits:
        said.append(f"Last day: {words(day)}.")
    elif ends.met_on is not None:
        said.append(f"Met on {words(ends.met_on)}.")
    elif over is not None:
        said.append(f"Ended on {words(over)}, not used.")
    elif it.open:
        said.append(f"It is not known any more by which day; {words(day)} does not hold.")
    else:
        said.append("Nobody waits for this any more.")
    return Event(
        # Of no address of this site: that can change, and all entries would be there twice.
        uid=f"deadline-{it.key}@gdpr-tracker.invalid",
        title=title,
        text="\n".join(said),
        link=site + it.path,
        starts=day,
        changed_at=it.changed_at if over is None else max(it.changed_at, _after(over)),
        alarms=alarms,
        cancelled=not waits,
        tentative=stopped,
    )


def _alarms(day: date, last: date, days: Sequence[int], today: date) -> tuple[int, ...]:
    """Return at how many days before `day` it rings: `days`, on it, and after it (below zero) to `last`."""
    doubt = (last - day).days
    before = (*days, 0) if today <= day else ()
    after = (it - doubt for it in (*days, 0) if it < doubt and today <= last)
    return (*before, *after)


def _after(day: date) -> datetime:
    """Return when a day was over, as entries say it that change by that alone."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _of_hearing(it: Hearing, days: Sequence[int], site: str, today: date) -> Event:
    """Return a hearing: at its time where that is known, else on its day."""
    said = [f"Before: {it.court}"] if it.court else []
    if len(it.filings) > 1:
        said.append(f"Filings: {', '.join(it.filings)}")
    if it.local is None:
        said.append("The time is not known.")
    return Event(
        uid=it.uid,
        title=f"{it.about}: hearing, {it.court}" if it.court else f"{it.about}: hearing",
        text="\n".join(said),
        link=site + it.path,
        starts=it.local or it.day,
        changed_at=it.changed_at,
        place=it.place or "",
        alarms=tuple(days) if it.day >= today and not it.cancelled else (),
        cancelled=it.cancelled,
    )
