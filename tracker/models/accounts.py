"""People who sign in, and the attempts to."""

from datetime import datetime
from typing import Any

from flask_security import UserMixin
from sqlalchemy.orm import Mapped, mapped_column

from tracker.db import Row, db
from tracker.rules.vocabulary import Role


class User(Row, db.Model, UserMixin):  # type: ignore[misc]  # UserMixin is untyped for mypy's taste
    """A person who works at the desk. Never deleted, only disabled: the journal keeps naming them."""

    __tablename__ = "users"
    #: Lower case; what the person types to sign in.
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    #: Argon2id.
    password: Mapped[str]
    active: Mapped[bool]
    role: Mapped[Role]
    #: Stands in every session; a new one ends all sessions of this person at once.
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]

    @property
    def roles(self) -> list[Any]:
        """Return an empty list: rights come from `role` and rules/access.py, not from the sign-in library."""
        return []


class SignInAttempt(Row, db.Model):
    """One try to sign in. Counted per account and address over all worker processes; old ones are removed."""

    __tablename__ = "sign_in_attempts"
    email: Mapped[str] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class SignInPlace(Row, db.Model):
    """A place from which an account signed in lately: no flood of tries from elsewhere keeps its owner out.

    It names neither the account nor the address, and is removed after thirty days.
    """

    __tablename__ = "sign_in_places"
    #: A hash of account and address, under the key of sessions: without that key it says nothing.
    place: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
