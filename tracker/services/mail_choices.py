"""What a person wants to be told of deadlines."""

from collections.abc import Sequence

from tracker import clock
from tracker.db import db
from tracker.models import MailChoice, User
from tracker.rules.telling import Choices, suggested


def of(user: User, *, days: Sequence[int]) -> Choices:
    """Return what a person chose, or what their role suggests; `days` are those of whoever never chose."""
    found = db.session.get(MailChoice, user.id)
    return suggested(user.role, days) if found is None else as_value(found)


def as_value(row: MailChoice) -> Choices:
    """Return the choices that a row holds."""
    return Choices(mail=row.mail, days=tuple(row.days), everything=row.everything)


def choose(user: User, chosen: Choices) -> None:
    """Keep what a person chose."""
    found = db.session.get(MailChoice, user.id)
    if found is None:
        found = MailChoice(user_id=user.id)
        db.session.add(found)
    found.mail, found.days, found.everything = chosen.mail, list(chosen.days), chosen.everything
    found.changed_at = clock.now()
