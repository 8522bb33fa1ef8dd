"""Why this date: a deadline explained day by day, for lawyers, to be printed."""

from datetime import date
from typing import Any

from flask import current_app, redirect, render_template, url_for
from markupsafe import Markup, escape

from tracker import clock
from tracker.errors import RuleBroken
from tracker.reference import tables
from tracker.reference.calendars import calendar_of
from tracker.reference.eurlex import parts
from tracker.reference.periods import periods
from tracker.rules import days
from tracker.rules.calendars import with_weekday
from tracker.rules.deadlines import State
from tracker.rules.lengths import Length
from tracker.rules.periods import SURE_WORDS, Period
from tracker.rules.standing import kind_label
from tracker.services import docket_why
from tracker.services.accounts import names_of
from tracker.services.docket_why import Explained
from tracker.web.desk import views
from tracker.web.desk.case_page import Fact, known
from tracker.web.desk.deadline_acts import acts_of
from tracker.web.desk.docket_rows import MARKS, owes_label, owes_words, why_address
from tracker.web.guard import act
from tracker.web.jinja import show_day, show_moment

#: What an entry says of a deadline, in words that follow its number.
SAID = {
    "begin": "began it",
    "extend": "extended it",
    "pause": "stopped it",
    "restart": "let it run again",
    "fix": "fixed its last day",
    "meet": "says that it was done",
    "waive": "waived it",
}


@views.get("/filings/<filing:number>/deadlines/<period>", defaults={"start": 0})
@views.get("/filings/<filing:number>/deadlines/<period>/<small:start>")
@act("filing.read")
def deadline(number: str, period: str, start: int) -> Any:
    """Show why a deadline has its day: start, count, skipped days, calendar, doubts, earlier days."""
    if number != number.upper():
        return redirect(
            url_for("desk.deadline", number=number.upper(), period=period, start=start or None), 301
        )
    settings = current_app.config["TRACKER"]
    it = docket_why.explained(number, period, start, clock.today(), internal_days=settings.internal_days)
    names = names_of([change.actor for change in it.changes])
    law = periods().get(period)
    counted = it.row.counted
    mark, tone = MARKS[it.line.state]
    return render_template(
        "desk/deadline.html",
        it=it,
        law=law,
        filing=it.filing,
        case=it.filing.case,
        title=it.line.label[:1].upper() + it.line.label[1:],
        basis=parts(it.line.basis),
        sentence=_sentence(it),
        mark="none" if it.line.lapsed else mark,
        tone="neutral" if it.line.lapsed else tone,
        answer=_answer(it),
        steps=[{"text": text, "basis": parts(basis)} for text, basis in counted.get("reasons", ())],
        skipped=[
            {"href": None, "cells": [with_weekday(date.fromisoformat(day)), name]}
            for day, name in counted.get("skipped", ())
        ],
        uncertain=_uncertain(counted, law),
        two_days=_two_days(it),
        calendar=_calendar(counted),
        said=[_said(it, said) for said in it.said],
        law_facts=_law(law),
        changes=[
            {
                "href": None,
                "cells": [
                    show_moment(change.at),
                    *_earlier(change, it.row.own),
                    change.why,
                    names.get(change.actor, change.actor),
                ],
            }
            for change in it.changes
        ],
        acts=acts_of(it),
    )


def _day(day: date | None) -> str:
    return with_weekday(day) if day else "not known"


def _earlier(change: Any, own: bool) -> tuple[Markup, Markup]:
    """Return the days before and after: a line each for the legal last day and the day to go by.

    Only what changed is there, and the legal day alone where it is all that there was; the start stands there
    where it moved no end.
    """
    legal = ("Legal last day", change.due_before, change.due_after)
    argued = (
        ("To go by" if own else "Earliest end", change.safe_before, change.safe_after),
        ("Latest end" if own else "Late for certain after", change.certain_before, change.certain_after),
    )
    moved = [it for it in (legal, *argued) if it[1] != it[2] and (it is legal or it[1:] != legal[1:])]
    if not moved and change.started_before != change.started_after:
        moved = [("Runs from", change.started_before, change.started_after)]
    if not moved or moved == [legal]:
        return escape(_day(legal[1])), escape(_day(legal[2]))
    before = [f"{name}: {_day(day)}" for name, day, _ in moved]
    after = [f"{name}: {_day(day)}" for name, _, day in moved]
    return Markup("<br>").join(before), Markup("<br>").join(after)


def _sentence(it: Explained) -> str:
    """Return in one sentence who owes it by when, and how it stands."""
    who = owes_label(it.line.owes, it.line.owes_slug)
    who = f"{who[:1].upper()}{who[1:]}"
    over = it.line.state is State.MISSED or it.line.lapsed
    last = it.line.ends.over_after if over else it.line.ends.shown
    verb = "owe" if it.line.own else "owes"
    until = f"by {with_weekday(last)}" if last else "by a day that is not known"
    if it.line.lapsed:
        return f"{who} had until {_day(last)}, and did not use it."
    if it.line.state is State.WAIVED:
        return f"{who} {verb} it no more: {it.row.waived or it.line.words}."
    if by := it.row.counted.get("met_by"):
        return f"Done by {with_weekday(date.fromisoformat(by))} at the latest: {it.line.words}."
    if it.row.met_on:
        return f"Done on {with_weekday(it.row.met_on)}: {it.line.words}."
    if it.line.state is State.MISSED:
        return f"{who} {verb} it; the last day was {_day(last)}: {it.line.words}."
    if it.line.state is State.PAUSED:
        return f"The clock stands still since {days.words(it.row.paused_on)}."
    return f"{who} {verb} it {until}: {it.line.words}."


def _answer(it: Explained) -> list[tuple[str, Any]]:
    """Return the days of the deadline, each with its weekday."""
    ends, row = it.line.ends, it.row
    days_: list[Fact] = [
        ("Who owes it", owes_words(row.owes, row.owes_slug)),
        ("Runs from", _start(it)),
        ("Length", _length(it)),
        ("Nominal end", with_weekday(row.nominal_on) if row.nominal_on else None),
        ("Fixed day" if it.line.fixed else "Legal last day", _day(ends.due)),
    ]
    if row.own and ends.safe and ends.safe != ends.due:
        days_.append(("To go by", f"{with_weekday(ends.safe)}, the earliest end that can be argued"))
    if not row.own and ends.certain and ends.certain != ends.due:
        days_.append(
            ("Late for certain", f"after {with_weekday(ends.certain)}, the latest end that can be argued")
        )
    if it.file_from:
        doubt = ", if the period runs again, which is contested" if it.line.contested else ""
        days_.append(
            ("Action from", f"{with_weekday(it.file_from)}, the first working day after that end{doubt}")
        )
    if it.line.internal_on:
        days_.append(("Internal day", with_weekday(it.line.internal_on)))
    if it.met is not None:
        days_.append(("Done by", _entry_link(it, it.met)))
    return known(days_)


def _start(it: Explained) -> Any:
    """Return the day from which it runs, with the entry that tells of it."""
    started = it.line.started
    day = (
        with_weekday(started.value) if started.value and started.first == started.last else show_day(started)
    )
    law = periods().get(it.row.period)
    if it.start is None:
        what = "the day of lodging"
        if started != it.filing.lodged:
            what = "the day on which the complaint was received"
        if law is None or not law.start.ends:
            return f"{day}, {what}"
    if law is not None and law.start.ends:
        ended = [periods()[name] for name in law.start.ends]
        return Markup("{}, the end of {}").format(day, Markup(" or ").join(_base(it, one) for one in ended))
    told = Markup("{}, {}").format(day, _entry_link(it, it.start))
    if it.start.received_on and it.start.received_on == started.value:
        return Markup("{}, the day of receipt").format(told)
    return told


def _base(it: Explained, law: Period) -> Markup:
    """Return the period from whose end this one runs, as a link to why it has its own day."""
    address = why_address(it.filing.number, law.id, it.row.start_number)
    return Markup('<a href="{}">{}</a>, {}').format(address, law.label, law.basis)


def _length(it: Explained) -> str:
    written, law = it.row.counted.get("length"), periods().get(it.row.period)
    if law is not None and law.longest and law.length and written == law.length.code:
        return law.length_words
    try:
        words = Length.parse(written).words if written else None
    except RuleBroken:
        words = str(written)
    return words or "fixed by a day, not by a length"


def _entry_link(it: Explained, entry: Any) -> Markup:
    """Return an entry as a link to its place in the protocol: "entry 3, Receipt confirmed, 1 July 2024"."""
    steps = tables.steps()
    title = steps[entry.kind].label if entry.kind in steps else kind_label(entry.kind, tables.event_kinds())
    return Markup('<a href="{}#entry-{}">entry {}</a>, {}, {}').format(
        url_for("desk.case", number=it.filing.case.number),
        entry.number,
        entry.number,
        title,
        entry.day.words,
    )


def _said(it: Explained, said: docket_why.Said) -> dict[str, Any]:
    until = f", until {with_weekday(said.until_on)}" if said.until_on else ""
    more = f", by {Length.parse(said.more).words}" if said.more else ""
    return {
        "entry": _entry_link(it, said.entry),
        "what": f"{SAID.get(said.act, said.act)}{more}{until}",
        "words": said.entry.words,
    }


def _two_days(it: Explained) -> str | None:
    """Return why there are two last days, None where there is one."""
    ends = it.line.ends
    likely = "On the reading that the law most likely has, the last day"
    likely = "The day that was fixed" if it.line.fixed else likely
    if it.line.own and ends.safe and ends.due and ends.safe != ends.due:
        return (
            f"We go by {with_weekday(ends.safe)}: whoever keeps it is in time on every reading. "
            f"{likely} is {with_weekday(ends.due)}."
        )
    if not it.line.own and ends.certain and ends.due and ends.certain != ends.due:
        return (
            f"The authority is called late after {with_weekday(ends.certain)} only: an action that comes too "
            f"early is inadmissible. {likely} was {with_weekday(ends.due)}."
        )
    return None


def _uncertain(counted: dict[str, Any], law: Period | None) -> list[str]:
    """Return what is in doubt: whether it is owed at all, then how its day was counted."""
    contested = [law.note] if law is not None and law.contested else []
    return [*contested, *counted.get("uncertain", ())]


def _calendar(counted: dict[str, Any]) -> str:
    """Return in one sentence by which calendar was counted, of which version, from which source."""
    names, sources = [], []
    for code in counted.get("calendars") or ():
        try:
            calendar = calendar_of(code)
            names.append(calendar.name)
            sources.append(calendar.source)
        except RuleBroken:
            names.append(code)
    if not names:
        return ""
    several = "Calendars" if len(names) > 1 else "Calendar"
    source = "; ".join(dict.fromkeys(sources))
    more = ", ".join(it for it in (counted.get("version"), source) if it)
    return f"{several}: {', '.join(names)} ({more})." if more else f"{several}: {', '.join(names)}."


def _law(law: Period | None) -> list[Fact]:
    if law is None:
        return []
    return known(
        [
            ("When it is missed", law.effect),
            ("Period", f"{law.id}, {law.length_words}"),
            ("How sure", f"{SURE_WORDS[law.sure]}: {law.source}" if law.source else SURE_WORDS[law.sure]),
            ("Note", None if law.contested else law.note),
        ]
    )
