"""The daily mail: at most one a day per person, and only where there is something new to tell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from tracker.db import db
from tracker.models import MailChoice, MailMark, Outgoing, User
from tracker.rules import telling
from tracker.rules.access import Actor, may
from tracker.rules.days import words
from tracker.rules.deadlines import ended_lately, has_lapsed, time_words
from tracker.rules.telling import Choices
from tracker.services import outbox
from tracker.services.deadlines_told import Told, missed_by_others, ours
from tracker.services.hearings_told import Hearing, of_person
from tracker.services.mail_choices import as_value

KIND = "daily"
#: The act whose roles may read what stands in it.
READS = "filing.read"
#: What was over for longer when it is first seen is no news: the docket has it.
OVER_FOR = timedelta(days=30)
#: How many lines of a kind are written out.
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class News:
    """One thing of which a person was not told yet, or not that it is so near."""

    subject: str
    day: date
    step: int
    lines: tuple[str, ...]


def people_to_tell(*, days: Sequence[int]) -> list[tuple[int, Choices]]:
    """Return the key and the choices of everybody who wants mail and may read filings today.

    `days` are those of whoever never chose.
    """
    query = sa.select(User, MailChoice).outerjoin(MailChoice, MailChoice.user_id == User.id)
    found = []
    for user, row in db.session.execute(query.where(User.active).order_by(User.id)):
        choices = telling.suggested(user.role, days) if row is None else as_value(row)
        if choices.mail and may(Actor(f"user:{user.id}", user.name, user.role, user.id), READS):
            found.append((user.id, choices))
    return found


def tell(user_id: int, choices: Choices, *, today: date, site: str) -> Outgoing | None:
    """Write the mail of a day for a person into the outbox; None where there is nothing to tell.

    What is told is marked in the same transaction, so it is told once. A mail that still waits from days
    before, because the mail server was away, is replaced: what holds of it stands in the new one.
    """
    user, key = db.session.get_one(User, user_id), f"{KIND}/{user_id}/{today.isoformat()}"
    if db.session.scalar(sa.select(Outgoing.id).where(Outgoing.key == key)) is not None:
        return None
    unsent = outbox.waiting_for(user_id, KIND)
    marks = {
        it.subject: it for it in db.session.scalars(sa.select(MailMark).where(MailMark.user_id == user_id))
    }
    left_alone = {it.id for it in unsent}
    told = {it.subject: (it.day, it.step) for it in marks.values() if it.message_id not in left_alone}

    def new(these: Iterable[News]) -> list[News]:
        return [it for it in these if telling.to_tell(it.step, day=it.day, told=told.get(it.subject))]

    seen, since = choices.everything, today - OVER_FOR
    mine = ours(user_id, everything=seen, since=since)
    theirs = missed_by_others(user_id, everything=seen, since=since, today=today)
    heard = of_person(user_id, everything=seen, since=today)
    own = new(_of_ours(mine, choices, today, site))
    late = new(_of_others(theirs, today, site))
    hearings = new(_of_hearings(heard, choices, today, site))
    if not (own or late or hearings):
        return None
    message = outbox.write(
        user,
        kind=KIND,
        key=key,
        subject=telling.subject(own=[it.step for it in own], late=len(late), hearings=len(hearings)),
        body=_body(own, late, hearings, site, today),
        site=site,
    )
    assert message is not None  # noqa: S101 - nobody wrote it since it was looked for: one transaction writes
    outbox.replace(unsent)
    for it in (*own, *late, *hearings):
        mark = marks.get(it.subject) or MailMark(user_id=user_id, subject=it.subject)
        mark.day, mark.step, mark.message_id = it.day, it.step, message.id
        db.session.add(mark)
    return message


def forget_marks(today: date) -> None:
    """Delete the marks of what was over so long ago that it would be told no more."""
    db.session.execute(sa.delete(MailMark).where(MailMark.day < today - 2 * OVER_FOR))


def _of_ours(these: Sequence[Told], choices: Choices, today: date, site: str) -> Iterator[News]:
    for it in these:
        shown, last = it.ends.shown, it.ends.over_after
        # A right that ended is told of once, as long as that may help.
        over = has_lapsed(it.ends, today) and not ended_lately(it.ends, today)
        if it.ends.paused_on is not None or shown is None or last is None or over:
            continue
        step = telling.step(today, shown=shown, last=last, days=choices.days)
        if step is not None:
            yield News(f"deadline:{it.key}", shown, step, _lines(it, today, site))


def _of_others(these: Sequence[Told], today: date, site: str) -> Iterator[News]:
    for it in these:
        if (last := it.ends.over_after) is not None:
            yield News(f"deadline:{it.key}", last, telling.OVER, _lines(it, today, site))


def _of_hearings(these: Sequence[Hearing], choices: Choices, today: date, site: str) -> Iterator[News]:
    for it in these:
        step = telling.step(today, shown=it.day, last=it.day, days=choices.days)
        if it.cancelled or step is None or step < telling.TODAY:
            continue
        when = words(it.day)
        if it.local is not None:
            when += f", {it.local:%H:%M} ({it.zone})"
        line = f"{it.about}: {when}" + (f", {it.court}" if it.court else "")
        yield News(f"hearing:{it.number}", it.day, step, (line, f"  {site}{it.path}"))


def _lines(it: Told, today: date, site: str) -> tuple[str, ...]:
    """Return filing, period, provision, day and time left, then the address of the page."""
    ends = it.ends
    day = ends.over_after if ends.over_after is not None and today > ends.over_after else ends.shown
    when = f"{words(day)}, {time_words(ends, today)}" if day else time_words(ends, today)
    if ends.own and ends.shown is not None and ends.due is not None and ends.shown < today <= ends.due:
        when += f"; the legal last day is {words(ends.due)}, {_left((ends.due - today).days)}"
    over = ends.over_after is not None and today > ends.over_after
    when += ", contested" if it.contested and over else ""
    what = f"{it.label} ({it.basis})" if it.label else it.basis
    return (f"{it.number}: {what}: {when}", f"  {site}{it.path}")


def _left(days: int) -> str:
    return "today" if days == 0 else f"{days} day{'' if days == 1 else 's'} left"


def _body(own: Sequence[News], late: Sequence[News], hearings: Sequence[News], site: str, today: date) -> str:
    """Return the text of the mail: as of which day it holds, what is new, where to read the rest."""
    # It may be read days later, where the mail server was away: "2 days left" says nothing without its day.
    parts = [f"As of {words(today)}."]
    for title, these in (
        ("Ours:", own),
        ("Hearings:", hearings),
        ("Others that are late:", late),
    ):
        if these:
            shown = [line for it in these[:MOST_LINES] for line in it.lines]
            more = len(these) - MOST_LINES
            parts.append("\n".join([title, "", *shown, *([f"and {more:,} more"] if more > 0 else [])]))
    parts.append(f"All deadlines: {site}/desk/docket")
    parts.append(f"What you are told, and whether by mail: {site}/desk/account")
    return "\n\n".join(parts) + "\n"
