"""People who work at the desk: added, disabled, given a role or a password; tries to sign in, counted."""

import hashlib
import hmac
import ipaddress
import math
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import NotFound, RuleBroken, TooManyTries
from tracker.models import SignInAttempt, SignInPlace, User
from tracker.rules.access import Actor
from tracker.rules.text import clean, legible, shown, single_line
from tracker.rules.vocabulary import Role
from tracker.services import journal

MIN_PASSWORD, MAX_PASSWORD = 14, 128
EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]{1,190}")

#: How many tries are verified: per account from one address, per account from everywhere, per address.
HERE, WINDOW_HERE = 10, timedelta(minutes=15)
EVERYWHERE, WINDOW_EVERYWHERE = 60, timedelta(hours=1)
ADDRESS, WINDOW_ADDRESS = 100, timedelta(hours=1)
#: For how long a place from which somebody signed in stays known.
KNOWN = timedelta(days=30)


def normal_email(email: str) -> str:
    """Return the address as it is kept and looked up: trimmed, lower case, its domain in letters.

    Whatever is taken here can sign in: nobody asks whether mail would arrive, so names of an office network
    such as anna@ngo.local are addresses too. Raises RuleBroken for one that is none.
    """
    email = single_line(email, field="email").lower()
    if not EMAIL.fullmatch(email):
        raise RuleBroken(f"'{email[:80]}' is not an e-mail address.", field="email")
    name, _, domain = email.partition("@")
    domain = unicodedata.normalize("NFKC", domain).lower().replace("\u3002", ".")
    return f"{name}@{'.'.join(_letters(it) for it in domain.split('.'))}"


def _letters(label: str) -> str:
    """Return a part of a domain in letters: browsers send bücher as xn--bcher-kva, the terminal does not."""
    if not label.startswith("xn--"):
        return label
    try:
        # A decoded part that holds an @ or a control character is no name: it stays as it came.
        found = label[4:].encode("ascii").decode("punycode")
        return found if found.isprintable() and not set(found) & set("@. ") else label
    except UnicodeError:
        return label


def normal_password(password: str) -> str:
    """Return a password as it counts, however it was typed: in NFC, without white space at its ends.

    Raises RuleBroken, without the password, for one that nobody can have.
    """
    # Another form of the same letters may be several times as long.
    password = clean(password, field="password", limit=8 * MAX_PASSWORD, lines=False)
    if len(password) > MAX_PASSWORD:
        raise RuleBroken(f"A password has at most {MAX_PASSWORD} characters.", field="password")
    return password


def check_password(password: str) -> str:
    """Return a new password as it counts.

    Raises RuleBroken for one that is too short, too long, one character over and over, or cannot be typed.
    """
    password = normal_password(password)
    if len(password) < MIN_PASSWORD:
        raise RuleBroken(f"A password needs at least {MIN_PASSWORD} characters.", field="password")
    if len(set(password)) < 5:
        raise RuleBroken("That password repeats too few characters.", field="password")
    return password


def check_new_address(email: str) -> str:
    """Return the address as it is kept. Raises RuleBroken for one that is none or has an account."""
    email = normal_email(email)
    if db.session.scalar(sa.select(User.id).where(User.email == email)) is not None:
        raise RuleBroken(f"{email} has an account already.", field="email")
    return email


def add_user(email: str, *, name: str, role: Role, password_hash: str, by: Actor) -> User:
    """Record a person who may sign in, and return it. `password_hash` is Argon2id, made by the edge.

    Raises RuleBroken for an address that is none or is taken, or a name that cannot be kept.
    """
    email = check_new_address(email)
    user = User(
        email=email,
        name=single_line(name, field="name", limit=100) or email,
        password=password_hash,
        active=True,
        role=role,
        fs_uniquifier=secrets.token_hex(32),
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    journal.note("people.add", f"user:{user.id}", by=by, detail={"role": role.value})
    return user


def get_user(email: str) -> User:
    """Return the person with that address. Raises NotFound."""
    found: User | None = db.session.scalar(sa.select(User).where(User.email == _counted_as(email)))
    if found is None:
        raise NotFound(f"Nobody has the address {shown(email, limit=80)}.")
    return found


def get_user_by_id(key: int) -> User:
    """Return a person by key. Raises NotFound."""
    found: User | None = db.session.get(User, key)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def people() -> Sequence[User]:
    """Return everybody by name."""
    return db.session.scalars(sa.select(User).order_by(User.name, User.email)).all()


def names_of(keys: Sequence[str]) -> dict[str, str]:
    """Return actor key -> name for the keys of people among `keys`, in one query."""
    ids = [int(key.removeprefix("user:")) for key in set(keys) if key.startswith("user:")]
    rows = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids)))
    return {"shell": "command line", **{f"user:{row.id}": row.name for row in rows}}


def _end_sessions(user: User) -> None:
    user.fs_uniquifier = secrets.token_hex(32)


def sign_out(user: User, *, by: Actor) -> None:
    """End every open session of a person, also one in a copy of its cookie that somebody else took."""
    _end_sessions(user)
    journal.note("account.sign_out", f"user:{user.id}", by=by)


def _check_other_admins(user: User) -> None:
    """Raise RuleBroken where nobody else could manage people at the desk."""
    others = sa.select(User.id).where(User.role == Role.ADMIN, User.active, User.id != user.id)
    if user.role is Role.ADMIN and user.active and db.session.scalar(others.limit(1)) is None:
        raise RuleBroken(
            f"{user.email} is the last admin: nobody could manage people at the desk. Make somebody else "
            "admin first, or say --force at the terminal."
        )


def set_active(user: User, active: bool, *, by: Actor, forced: bool = False) -> None:
    """Let a person sign in, or no longer: then the next request of every open session fails.

    Raises RuleBroken when an admin disables the account in use, and for the last admin unless `forced`.
    """
    if by.user_id == user.id and not active:
        raise RuleBroken("You cannot disable the account you are using.")
    if not active and not forced:
        _check_other_admins(user)
    user.active = active
    _end_sessions(user)
    journal.note("people.enable" if active else "people.disable", f"user:{user.id}", by=by)


def set_role(user: User, role: Role, *, by: Actor, forced: bool = False) -> None:
    """Give a person another role; open sessions end.

    Raises RuleBroken for one's own, and for the last admin unless `forced`.
    """
    if by.user_id == user.id:
        raise RuleBroken("You cannot change your own role.", field="role")
    if role is not Role.ADMIN and not forced:
        _check_other_admins(user)
    user.role = role
    _end_sessions(user)
    journal.note("people.role", f"user:{user.id}", by=by, detail={"role": role.value})


def set_password(user: User, password_hash: str, *, by: Actor) -> None:
    """Give a person another password; open sessions end."""
    user.password = password_hash
    _end_sessions(user)
    journal.note("people.password", f"user:{user.id}", by=by)


def _counted_as(email: str) -> str:
    """Return the name under which tries are counted: that of the account, however its address was typed."""
    try:
        return normal_email(email)
    except RuleBroken:
        return legible(email.strip())[:320]  # of no account


def _counted_from(address: str) -> str:
    """Return the part of a network address that one person has: all of IPv4, the first half of IPv6.

    Whoever has one IPv6 address has the 2^64 that begin alike.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), 64), strict=False))


def _place(email: str, address: str, key: str) -> str:
    """Return what stands for an account at a place: no list of who was where can be made from it."""
    return hmac.new(key.encode(), f"{email}\n{address}".encode(), hashlib.sha256).hexdigest()


def count_try(email: str, address: str, *, key: str) -> None:
    """Count one try to sign in. Raises TooManyTries, saying when the next is possible, for too many lately.

    The counts live in the store, so they hold for all worker processes together and outlive a restart.
    `key` is that of sessions; under it stand the places from which this account signed in lately. There the
    tries from elsewhere do not count, or whoever knows an address could keep its owner out for ever.
    """
    now = clock.now()
    email, address = _counted_as(email), _counted_from(address)
    this_account, from_here = SignInAttempt.email == email, SignInAttempt.address == address
    limits = [(sa.and_(this_account, from_here), HERE, WINDOW_HERE), (from_here, ADDRESS, WINDOW_ADDRESS)]
    lately = sa.select(SignInPlace.id).where(
        SignInPlace.place == _place(email, address, key), SignInPlace.at >= now - KNOWN
    )
    if db.session.scalar(lately) is None:
        limits.append((this_account, EVERYWHERE, WINDOW_EVERYWHERE))
    waits = [wait for limit in limits if (wait := _wait(now, *limit)) > timedelta()]
    if waits:
        raise _too_many(now, max(waits))
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.at < now - WINDOW_EVERYWHERE))
    db.session.add(SignInAttempt(email=email, address=address, at=now))


def _wait(now: datetime, which: sa.ColumnElement[bool], most: int, window: timedelta) -> timedelta:
    """Return how long until fewer than `most` of these tries lie in the window; zero or less for now."""
    newest_first = sa.select(SignInAttempt.at).where(which).order_by(SignInAttempt.at.desc())
    in_the_way = db.session.scalar(newest_first.offset(most - 1).limit(1))
    return timedelta() if in_the_way is None else in_the_way + window - now


def _too_many(now: datetime, wait: timedelta) -> TooManyTries:
    seconds = math.ceil(wait.total_seconds())
    minutes = math.ceil(seconds / 60)
    return TooManyTries(
        f"There were too many tries to sign in. The next one is possible at {now + wait:%H:%M:%S} UTC, "
        f"in {minutes} minute{'' if minutes == 1 else 's'}.",
        seconds=seconds,
    )


def signed_in(user: User, address: str, *, key: str) -> None:
    """Forget the tries of this account from this address, know the place, and note the sign-in."""
    now, email, address = clock.now(), _counted_as(user.email), _counted_from(address)
    mine = sa.and_(SignInAttempt.email == email, SignInAttempt.address == address)
    db.session.execute(sa.delete(SignInAttempt).where(mine))
    place = _place(email, address, key)
    gone = sa.or_(SignInPlace.place == place, SignInPlace.at < now - KNOWN)
    db.session.execute(sa.delete(SignInPlace).where(gone))
    db.session.add(SignInPlace(place=place, at=now))
    journal.note(
        "account.sign_in", f"user:{user.id}", by=Actor(f"user:{user.id}", user.name, user.role, user.id)
    )
