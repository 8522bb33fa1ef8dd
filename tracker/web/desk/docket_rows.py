"""Lines of the docket as rows: who owes what by which day, in words, and what can be done about it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask import g, url_for
from markupsafe import Markup

from tracker.reference.authorities import authorities, label
from tracker.rules import days
from tracker.rules.access import may
from tracker.rules.calendars import with_weekday
from tracker.rules.deadlines import State
from tracker.rules.periods import OWING
from tracker.rules.warning import warned
from tracker.services.docket import LONG_AGO
from tracker.services.docket_lines import Line
from tracker.web.desk.rows import authority_words, unbroken

#: Mark and tone of a deadline by how it stands; one that is ours is told louder.
MARKS = {
    State.RUNNING: ("open", "neutral"),
    State.EXTENDED: ("open", "neutral"),
    State.PAUSED: ("half", "neutral"),
    State.MET: ("full", "good"),
    State.MISSED: ("warn", "bad"),
    State.WAIVED: ("bar", "neutral"),
}


def why_address(filing: str, period: str, start_number: int) -> str:
    """Return the address of the page that explains a deadline."""
    start = {"start": start_number} if start_number else {}
    return url_for("desk.deadline", number=filing, period=period, **start)


def act_address(filing: str, period: str, start_number: int, code: str, **more: Any) -> str:
    """Return the address of the form for an act on a deadline."""
    start = {"start": start_number} if start_number else {}
    return url_for("desk.deadline_act", number=filing, period=period, act_code=code, **start, **more)


def owes_words(owes: str, slug: str | None) -> Any:
    """Return who owes it, as a link where it is an authority of the directory."""
    if slug in authorities():
        return authority_words(slug)
    words = OWING.get(owes, owes)
    return "we" if owes == "us" else words.removeprefix("the ")


def owes_label(owes: str, slug: str | None) -> str:
    """Return who owes it in words."""
    if slug in authorities():
        return label(slug)
    return "we" if owes == "us" else OWING.get(owes, owes)


def rows(lines: Sequence[Line], warn_days: Collection[int]) -> list[dict[str, Any]]:
    """Return lines as rows of docket_table."""
    return [_row(it, warn_days) for it in lines]


def _row(it: Line, warn_days: Collection[int]) -> dict[str, Any]:
    mark, tone = MARKS[it.state]
    if it.lapsed:
        mark, tone = ("warn", "bad") if it.ended_lately else ("none", "neutral")
    warns = it.own and it.is_open and it.state in (State.RUNNING, State.EXTENDED, State.MISSED)
    near = warned(it.left, warn_days) if warns else None
    if it.own and (it.is_late or it.ended_lately):
        near = 0
    if near is not None and it.state in (State.RUNNING, State.EXTENDED):
        mark, tone = "warn", "bad" if near <= 3 else "mixed"
    shown = _day_told(it)
    return {
        "id": f"{it.filing}-{it.period}-{it.start_number}",
        "filing": it.filing,
        "href": url_for("desk.filing", number=it.filing),
        "title": it.title,
        "label": shortened(it.label),
        "basis": it.basis,
        "said": shortened(it.said) if it.said else None,
        "by": owes_words(it.owes, it.owes_slug),
        "due": unbroken(short_day(shown)) if shown else "not known",
        "days": _days(it),
        "words": it.words,
        "mark": mark,
        "tone": tone,
        "urgent": None if near is None else str(near),
        "why": why_address(it.filing, it.period, it.start_number),
        "person": _person(it),
        "acts": _acts(it),
    }


def of_filing(lines: Sequence[Line], warn_days: Collection[int], case: str) -> list[dict[str, Any]]:
    """Return the deadlines of a filing as rows of deadlines_table."""
    return [
        {
            **_row(it, warn_days),
            "own": it.own,
            "started": unbroken(it.started.words),
            "met": _entry(case, it.met_number) or it.waived,
            "open": it.is_open and (not it.lapsed or it.ended_lately),
        }
        for it in lines
    ]


def _entry(case: str, number: int | None) -> Any:
    if not number:
        return None
    address = url_for("desk.case", number=case)
    return Markup('<a href="{}#entry-{}">entry {}</a>').format(address, number, number)


def in_short(lines: Sequence[Line], warn_days: Collection[int]) -> dict[str, Any] | None:
    """Return what the page of a case says of the deadlines of a filing: our next one, and who is late.

    None where nothing runs.
    """
    over = [it for it in lines if it.lapsed and not it.ended_lately]
    own = [it for it in lines if it.own and it.is_open and it not in over and it.ends.shown]
    ours = next((it for it in own if it.left is not None and it.left >= -LONG_AGO), None)
    late = [it for it in lines if it.is_late and not it.own]  # of authorities, and of the controller
    if not own and not late:
        return None
    missed = 0 if ours else len(own)
    return {"ours": _row(ours, warn_days) if ours else None, "late": len(late), "missed": missed}


#: Characters of what an entry says that stand in a line.
LONGEST = 120


def shortened(words: str) -> str:
    """Return the beginning of what an entry says, as much as a line has room for."""
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


def _day_told(it: Line) -> date | None:
    """Return the day to go by; of one that is over the day after which it was."""
    return it.ends.over_after if it.state is State.MISSED or it.lapsed else it.ends.shown


def short_day(day: Any) -> str:
    """Return "Tue 7 April 2026"."""
    weekday, rest = with_weekday(day).split(" ", 1)
    return f"{weekday[:3]} {rest}"


def _days(it: Line) -> list[str]:
    """Return what else matters: the day of the law, the internal one, another law that wants the same."""
    told = []
    if it.ends.due and it.ends.due != _day_told(it):
        told.append(f"{'fixed day' if it.fixed else 'by the law'} {short_day(it.ends.due)}")
    if it.same_under:
        told.append(f"the same under {it.same_under}")
    if it.internal_on:
        told.append(f"internal {short_day(it.internal_on)}")
    if it.ends.paused_on:
        told.append(f"stopped since {days.words(it.ends.paused_on)}")
    return told


def _person(it: Line) -> str | None:
    if it.responsible is None:
        return None
    return it.responsible if it.responsible_active else f"{it.responsible} (disabled)"


def _acts(it: Line) -> list[tuple[str, str]]:
    """Return what can be done about a line, as words and address: each one click away."""
    if not it.is_open or not may(g.actor, "update.record"):
        return []

    def record(**more: Any) -> str:
        return url_for("desk.update_new", number=it.case, filing=it.filing, **more)

    def act(name: str) -> str:
        return act_address(it.filing, it.period, it.start_number, name)

    again = ("Run again", act("restart"))
    if it.own:
        if it.lapsed:  # it may have been used, and that not been recorded
            return [("Record what was done", record()), ("Waive", act("waive"))]
        further = [again] if it.state is State.PAUSED else [("Extend", act("extend"))]
        return [("Record what was done", record()), *further, ("Waive", act("waive"))]
    if it.state is State.PAUSED:
        return [("Record news", record()), again]
    # To an authority that is not known nobody can write.
    can_remind = may(g.actor, "reminder.send") and it.authority is not None
    remind = url_for("desk.reminders_new", filing=it.filing)
    return [("Record news", record()), *([("Remind", remind)] if can_remind else [])]
