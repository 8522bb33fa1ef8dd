"""The journal: who did what and when. Written in the transaction of the act, never changed."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.models import Entry
from tracker.rules.access import Actor

#: Every act that is written into the journal, in words that follow who did it. What stood there once, stays.
ACTS: Mapping[str, str] = {
    "account.calendar": "made an address for a calendar",
    "account.calendar_end": "ended the address of a calendar",
    "account.sign_in": "signed in",
    "account.sign_out": "signed out",
    "authority.sync": "brought the directory up to date",
    "case.amend": "changed the case",
    "case.import": "took the case in from a file",
    "case.open": "opened the case",
    "case.reroute": "changed the routes of the case through the register",
    "case.translate": "wrote the text in another language of",
    "chronology.make": "made the chronology of",
    "controller.add": "added a controller",
    "controller.amend": "corrected a controller in the register",
    "decision.record": "recorded a decision",
    "evidence.keep": "kept evidence",
    "evidence.open": "downloaded evidence",
    "filing.assign": "named who sees to",
    "filing.lodge": "lodged",
    "hearing.cancel": "cancelled a hearing",
    "hearing.move": "moved a hearing",
    "hearing.set": "noted a hearing",
    "import.take": "took in a file",
    "news.mark": "said of an entry whether it has news, or which reminder it answers, in",
    "mail.again": "tried again to send mail that was given up",
    "people.add": "added a person",
    "people.disable": "disabled a person",
    "people.enable": "enabled a person",
    "people.hand_over": "handed over all filings of",
    "people.password": "gave a person another password",
    "people.role": "gave a person another role",
    "proceeding.amend": "changed a proceeding",
    "proceeding.open": "noted a proceeding",
    "publication.call_off": "called off what was under embargo of",
    "publication.clear": "cleared for the public",
    "publication.decline": "declined a proposal",
    "publication.embargo": "gave the embargo another end of",
    "publication.propose": "proposed for the public",
    "publication.release": "ended the embargo of",
    "publication.supersede": "replaced a proposal by a newer one",
    "publication.take_back": "took a part back from the public of",
    "publication.withdraw": "withdrew from the public",
    "reminder.discard": "threw away reminders that were not sent",
    "reminder.send": "recorded reminders as sent",
    "reminder.template": "changed the letter for reminders in the language",
    "reminder.write": "wrote reminders",
    "route.anew": "worked out the routes of the case again",
    "route.confirm": "confirmed the changed route of",
    "route.override": "overrode the route of",
    "route.restore": "withdrew an override of the route of",
    "update.record": "recorded an update",
}


def note(
    act: str, subject: str, *, by: Actor, case_id: int | None = None, detail: dict[str, object] | None = None
) -> Entry:
    """Add one line to the journal and return it. `subject` is a number, a slug or a key, never a name."""
    entry = Entry(
        at=clock.now(), actor=by.key, act=act, subject=subject, case_id=case_id, detail=dict(detail or {})
    )
    db.session.add(entry)
    return entry


def history_of(case_id: int, *, limit: int = 200) -> Sequence[Entry]:
    """Return the newest lines about a case and its filings, newest first."""
    query = sa.select(Entry).where(Entry.case_id == case_id).order_by(Entry.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def about(subject: str, *, limit: int = 60) -> Sequence[Entry]:
    """Return the newest lines about one thing, newest first."""
    query = sa.select(Entry).where(Entry.subject == subject).order_by(Entry.id.desc()).limit(limit)
    return db.session.scalars(query).all()
