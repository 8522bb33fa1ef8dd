"""Who sees to a filing: named for one or many, handed over from one person to another in one act."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tracker.db import by_number, db
from tracker.errors import NotFound, RuleBroken
from tracker.models import Case, Deadline, Filing, User
from tracker.rules.access import ACTS, Actor, may
from tracker.rules.vocabulary import Outcome
from tracker.services import journal

#: Values in one list of a statement; databases take some ten thousand.
IDS_AT_ONCE = 10_000
#: A filing that asks for something still: it is pending, or a period runs in it.
_OPEN = sa.or_(
    Filing.outcome == Outcome.PENDING,
    sa.exists().where(Deadline.filing_id == Filing.id, Deadline.open, ~Deadline.gone),
)


@dataclass(frozen=True, slots=True)
class Held:
    """How many filings of a case one person sees to, and how many of them are open."""

    case: str
    filings: int
    open: int


@dataclass(frozen=True, slots=True)
class Orphaned:
    """Somebody who cannot sign in, or not record anything, and still sees to open filings."""

    user_id: int
    name: str
    active: bool
    filings: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filing that is to be given to somebody, and who sees to it now."""

    number: str
    authority: str | None
    country: str
    responsible: str | None


def chosen(numbers: Collection[str], case: str = "") -> list[Chosen]:
    """Return these filings, and all of a case where one is named, by number; what is none is left out."""
    rows = db.session.execute(
        sa.select(Filing.number, Filing.authority_slug, Filing.country, User.name)
        .join(Case, Case.id == Filing.case_id)
        .outerjoin(User, User.id == Filing.responsible_id)
        .where(sa.or_(Filing.number.in_(numbers), Case.number == case))
        .order_by(*by_number(Case.number), *by_number(Filing.number))
    )
    return [Chosen(*row) for row in rows]


def can_see_to(user: User) -> bool:
    """Return whether a person can be named: active, in a role that records what happens."""
    return user.active and may(Actor(f"user:{user.id}", user.name, user.role, user.id), "update.record")


def who_can() -> Sequence[User]:
    """Return everybody who can be named, by name."""
    everybody = db.session.scalars(sa.select(User).where(User.active).order_by(User.name, User.email))
    return [it for it in everybody if can_see_to(it)]


def assign(numbers: Collection[str], user_id: int | None, *, by: Actor) -> list[str]:
    """Name who sees to the filings, None for nobody; return the numbers of those where that is new.

    Raises RuleBroken, naming the field, for no filing, one that does not exist, or somebody who cannot be
    named. The version of a filing stays: nobody who writes an update is disturbed.
    """
    if not numbers:
        raise RuleBroken("Choose at least one filing.", field="filings")
    user = None if user_id is None else _nameable(user_id)
    found = db.session.execute(
        sa.select(Filing.id, Filing.number, Filing.case_id, Filing.responsible_id)
        .where(Filing.number.in_(numbers))
        .order_by(*by_number(Filing.number))
    ).all()
    missing = set(numbers) - {it.number for it in found}
    if missing:
        raise RuleBroken(f"There is no filing {sorted(missing)[0]}.", field="filings")
    key = user.id if user else None
    return _move([it for it in found if it.responsible_id != key], key, by=by)


def held_by(user_id: int) -> list[Held]:
    """Return the cases in which a person sees to filings, by number, with how many."""
    total, still = sa.func.count(), sa.func.sum(sa.case((_OPEN, 1), else_=0))
    rows = db.session.execute(
        sa.select(Case.number, total, still)
        .join(Filing, Filing.case_id == Case.id)
        .where(Filing.responsible_id == user_id)
        .group_by(Case.id, Case.number)
        .order_by(*by_number(Case.number))
    )
    return [Held(number, int(many), int(open_ones)) for number, many, open_ones in rows]


def numbers_held() -> dict[int, int]:
    """Return how many filings each person sees to, by key; who sees to none is left out."""
    asked = sa.select(Filing.responsible_id, sa.func.count()).where(Filing.responsible_id.is_not(None))
    rows = db.session.execute(asked.group_by(Filing.responsible_id))
    return {key: many for key, many in rows if key is not None}


def hand_over(user_id: int, to: int | None, *, seen: int, by: Actor) -> int:
    """Give everything that a person sees to, ended filings too, to another one; return how many they are.

    `seen` is how many the preview showed. Raises RuleBroken, naming the field, where there are none, where
    the other one cannot be named or is the same, or where they are not as many any more; NotFound for a
    person who does not exist.
    """
    if db.session.get(User, user_id) is None:
        raise NotFound("There is no such person.")
    if to is None:
        raise RuleBroken("Choose who takes them over.", field="to")
    if to == user_id:
        raise RuleBroken("Choose somebody else.", field="to")
    heir = _nameable(to, field="to")
    found = db.session.execute(
        sa.select(Filing.id, Filing.number, Filing.case_id, Filing.responsible_id)
        .where(Filing.responsible_id == user_id)
        .order_by(*by_number(Filing.number))
    ).all()
    if not found:
        raise RuleBroken("There is nothing to hand over.", field="to")
    if len(found) != seen:
        raise RuleBroken(
            f"Meanwhile there are {len(found)} filings, not {seen}: read the list again, then hand over."
        )
    moved = _move(found, heir.id, by=by)
    detail: dict[str, object] = {"to": f"user:{heir.id}", "filings": len(moved)}
    journal.note("people.hand_over", f"user:{user_id}", by=by, detail=detail)
    return len(moved)


def orphaned() -> list[Orphaned]:
    """Return everybody who can no longer sign in, or no longer record, and still sees to open filings."""
    cannot = sa.or_(sa.not_(User.active), User.role.not_in(ACTS["update.record"]))
    rows = db.session.execute(
        sa.select(User.id, User.name, User.active, sa.func.count())
        .join(Filing, Filing.responsible_id == User.id)
        .where(cannot, _OPEN)
        .group_by(User.id, User.name, User.active)
        .order_by(User.name)
    )
    return [Orphaned(*row) for row in rows]


def responsible_by_default(by: Actor) -> int | None:
    """Return the key of who sees to what this actor lodges: the actor, where that is somebody of the desk."""
    if by.user_id is None:
        return None
    return db.session.scalar(sa.select(User.id).where(User.id == by.user_id))


def _nameable(user_id: int, *, field: str = "person") -> User:
    user = db.session.get(User, user_id)
    if user is None:
        raise RuleBroken("There is no such person.", field=field)
    if not can_see_to(user):
        raise RuleBroken(f"{user.name} cannot record anything, and so cannot see to a filing.", field=field)
    return user


def _move(found: Sequence[Any], key: int | None, *, by: Actor) -> list[str]:
    """Write down who sees to these filings from now on, and note each; return their numbers."""
    if not found:
        return []
    ids = [it.id for it in found]
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = Filing.id.in_(ids[start : start + IDS_AT_ONCE])
        # Not through the objects: that would raise their versions, and refuse whoever writes an update now.
        db.session.execute(sa.update(Filing).where(some).values(responsible_id=key))
    for it in found:
        detail: dict[str, object] = {"to": f"user:{key}" if key else None}
        if it.responsible_id:
            detail["from"] = f"user:{it.responsible_id}"
        journal.note("filing.assign", it.number, by=by, case_id=it.case_id, detail=detail)
    return [it.number for it in found]
