"""Rows for the tables of the outbox, of what people are told, calendars and jobs."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from tracker import models as m

NOON = datetime(2024, 6, 6, 12, tzinfo=UTC)


def mail(session: Session) -> None:
    """Write one row into every table that private_0010 adds, for the person with the key 1."""
    session.add(
        m.Outgoing(
            id=1,
            message_id="<é@desk.example.org>",
            key="daily/1/2024-06-06",
            kind="daily",
            recipient_id=1,
            address="a@demo.example",
            subject="é",
            body="é",
            created_at=NOON,
            next_try_at=NOON,
            tries=1,
            last_error="é",
            sent_at=NOON,
            given_up_at=NOON,
            replaced_at=NOON,
        )
    )
    session.flush()
    day = date(2024, 6, 6)
    session.add_all(
        [
            m.MailChoice(user_id=1, mail=True, days=[14, 1], everything=False, changed_at=NOON),
            m.MailMark(user_id=1, subject="deadline:1", day=day, step=-2, message_id=1),
            m.CalendarAddress(id=1, user_id=1, secret_hash="ef", made_at=NOON),
            m.Job(name="é", done_on=day, held_until=NOON, ran_at=NOON, said="é"),
        ]
    )
