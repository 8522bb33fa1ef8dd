"""The outbox: mail is a row in the transaction of what it tells, and is sent afterwards by `tracker work`.

Whoever sends takes one row after another, each in a transaction of its own: claim() before the mail server is
asked, settle() after it has answered. A crash in between means that the row is tried once more when its time
has come, with the same Message-ID; nothing is lost, and nobody sends what somebody else is sending.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import MailMark, Outgoing, User
from tracker.rules.access import Actor
from tracker.rules.text import clean, single_line
from tracker.services import journal

#: For how long a row is left to whoever took it. Longer than any exchange with a server can last.
LEASE = timedelta(minutes=15)
#: Minutes to wait after the first try that failed, after the second ...; the last number holds from then on.
PAUSES = (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60)
#: A message that the server puts off again and again is given up when it is as old as this.
PATIENCE = timedelta(days=5)
#: For how long is kept what has been sent, replaced or given up.
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it is sent; a plain value, because no transaction is open meanwhile."""

    key: int
    message_id: str
    address: str
    subject: str
    body: str
    #: The how many-th try this is.
    attempt: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try: sent where `error` is None; else whether it makes sense to try again.

    `everything` says that the fault is one of the server or the settings, so that no other message would fare
    better.
    """

    error: str | None = None
    again: bool = True
    everything: bool = False


def write(recipient: User, *, kind: str, key: str, subject: str, body: str, site: str) -> Outgoing | None:
    """Write a message to a person of the desk, to be sent once this transaction has ended.

    `key` says what it is about and for whom: where there is one with the same key already, nothing is written
    and None comes back. `site` is the address of the desk. Neither subject nor body may name anybody of a
    case. Raises RuleBroken for a subject of several lines, or an encoded one, which could hide such lines,
    and where `site` is none, because the message would link to nowhere.
    """
    host = urlsplit(site).hostname
    if not host:
        raise RuleBroken("No mail is written before the address of the desk is known.", field="site")
    subject = single_line(subject, field="subject", limit=150)
    if "=?" in subject:
        raise RuleBroken("A subject is written as it is read, not encoded.", field="subject")
    if db.session.scalar(sa.select(Outgoing.id).where(Outgoing.key == key)) is not None:
        return None
    now = clock.now()
    message = Outgoing(
        message_id=f"<{uuid.uuid4().hex}@{host}>",
        key=key,
        kind=kind,
        recipient_id=recipient.id,
        address=recipient.email,
        subject=subject,
        body=clean(body, field="body", limit=100_000),
        created_at=now,
        next_try_at=now,
        tries=0,
    )
    db.session.add(message)
    db.session.flush()
    return message


def claim() -> Letter | None:
    """Take the message that has waited longest for its time; None where none is due.

    Until LEASE is over nobody else takes it. Two who ask at once get two messages: each asks in a transaction
    that writes, and of those there is one at a time.
    """
    now = clock.now()
    due = sa.select(Outgoing).where(Outgoing.next_try_at <= now).order_by(Outgoing.next_try_at, Outgoing.id)
    it = db.session.scalars(due.limit(1).with_for_update(skip_locked=True)).first()
    if it is None:
        return None
    it.tries += 1
    it.next_try_at = now + LEASE
    return Letter(it.id, it.message_id, it.address, it.subject, it.body, it.tries)


def settle(letter: Letter, answer: Answer) -> None:
    """Note what came of a try, unless somebody else has tried meanwhile and it failed.

    A message is given up where the server refused it for good, or put it off until it was too old; as long as
    the server cannot be reached none is.
    """
    it = db.session.get(Outgoing, letter.key)
    if it is None or it.sent_at is not None:
        return
    now = clock.now()
    if answer.error is None:
        it.sent_at, it.next_try_at, it.given_up_at, it.last_error = now, None, None, None
        return
    if it.tries != letter.attempt or it.next_try_at is None:
        return
    it.last_error = answer.error
    if not answer.again or (not answer.everything and now - it.created_at >= PATIENCE):
        it.given_up_at, it.next_try_at = now, None
    else:
        it.next_try_at = now + timedelta(minutes=PAUSES[min(it.tries, len(PAUSES)) - 1])


def waiting_for(recipient_id: int, kind: str) -> Sequence[Outgoing]:
    """Return the messages of a kind to a person that were neither sent nor given up yet, oldest first."""
    query = sa.select(Outgoing).where(
        Outgoing.recipient_id == recipient_id, Outgoing.kind == kind, Outgoing.next_try_at.is_not(None)
    )
    return db.session.scalars(query.order_by(Outgoing.id)).all()


def replace(messages: Sequence[Outgoing]) -> None:
    """Say of messages that wait that a newer one tells what is in them: they are not sent any more."""
    for it in messages:
        it.replaced_at, it.next_try_at = clock.now(), None


def try_again(*, by: Actor) -> int:
    """Try once more, at once, everything that was given up; return how many messages these are."""
    given_up = sa.select(Outgoing).where(Outgoing.given_up_at.is_not(None))
    found = db.session.scalars(given_up).all()
    for it in found:
        it.given_up_at, it.next_try_at = None, clock.now()
    if found:
        journal.note("mail.again", "outbox", by=by, detail={"messages": len(found)})
    return len(found)


def forget() -> int:
    """Delete what ended long ago, unless it still says how far somebody was told; return how many."""
    old = sa.delete(Outgoing).where(
        Outgoing.next_try_at.is_(None),
        Outgoing.created_at < clock.now() - KEPT,
        ~sa.exists().where(MailMark.message_id == Outgoing.id),
    )
    return db.session.execute(old).rowcount  # type: ignore[attr-defined,no-any-return]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the outbox stands: messages that wait, that were given up, and that were sent at last."""

    waiting: int
    #: Those that failed at least once come first.
    next: Sequence[Outgoing]
    given_up: Sequence[Outgoing]
    sent: Sequence[Outgoing]


def counts() -> tuple[int, int]:
    """Return how many messages wait, and how many were given up."""
    query = sa.select(sa.func.count(Outgoing.next_try_at), sa.func.count(Outgoing.given_up_at)).select_from(
        Outgoing
    )
    waiting, given_up = db.session.execute(query).one()
    return waiting, given_up


def standing(limit: int = 30) -> Standing:
    """Return how the outbox stands, with recipients, at most `limit` messages of each kind."""
    every = sa.select(Outgoing).options(joinedload(Outgoing.recipient)).limit(limit)
    waits = every.where(Outgoing.next_try_at.is_not(None))
    gone = every.where(Outgoing.given_up_at.is_not(None)).order_by(Outgoing.given_up_at.desc())
    sent = every.where(Outgoing.sent_at.is_not(None)).order_by(Outgoing.sent_at.desc())
    failing_first = waits.order_by(Outgoing.last_error.is_(None), Outgoing.next_try_at, Outgoing.id)
    return Standing(
        waiting=counts()[0],
        next=db.session.scalars(failing_first).all(),
        given_up=db.session.scalars(gone).all(),
        sent=db.session.scalars(sent).all(),
    )


def last_to(recipient_id: int) -> Outgoing | None:
    """Return the newest message to a person that was not replaced, None where there is none."""
    query = sa.select(Outgoing).where(Outgoing.recipient_id == recipient_id, Outgoing.replaced_at.is_(None))
    return db.session.scalars(query.order_by(Outgoing.id.desc()).limit(1)).first()
