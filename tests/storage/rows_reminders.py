"""A row in each table of reminders, for the migrations that are tried with something in the store."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from tracker import models as m
from tracker.rules.vocabulary import Medium

NOON = datetime(2024, 6, 6, 12, tzinfo=UTC)
DAY = date(2024, 6, 6)


def reminders(session: Session) -> None:
    """Write one row into every table that private_0011 adds."""
    ended = {"ended_at": NOON, "ended_by": "é"}
    session.add_all(
        [
            m.EntryMark(id=1, update_id=1, answers_id=1, made_at=NOON, made_by="é", **ended),
            m.ReminderTemplate(
                id=1, language="de", version=1, subject="é", body="é", made_at=NOON, made_by="é"
            ),
            m.ReminderBatch(
                id=1,
                number=1,
                written_at=NOON,
                written_by="é",
                texts={"de": {"subject": "é", "body": "é"}},
                recorded_at=NOON,
                recorded_by="é",
                sent_on=DAY,
                medium=Medium.LETTER,
            ),
        ]
    )
    session.flush()
    slots = {"known": {"reference": "é"}, "filled": {"due_day": "é"}, "anyway": 1, "left_out": False}
    said = {"subject": "é", "body": "é", "refused": "é", "language": "de", "authority_slug": "é"}
    session.add(m.Reminder(id=1, batch_id=1, filing_id=1, position=0, update_id=1, **slots, **said))
