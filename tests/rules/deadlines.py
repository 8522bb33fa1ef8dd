"""Courses of filings and calendars for tests of the rules about periods."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.reference.periods import periods
from tracker.rules.calendars import Calendar
from tracker.rules.days import Day
from tracker.rules.happened import Act, Course, Happened, Saying
from tracker.rules.running import Running, running
from tracker.rules.vocabulary import Answer, Outcome

PLACES = {"at-dsb": "AT", "ie-dpc": "IE", "fr-cnil": "FR", "nl-ap": "NL", "eu-edpb": "EU", "eu-edps": "EU"}
#: What the days of these tests need, and no more.
HOLIDAYS = {
    "AT": {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): "Saint Stephen's Day"},
    "IE": {date(2026, 10, 26): "October Bank Holiday"},
}


def calendar_of(place: str) -> Calendar:
    return Calendar(place, place, HOLIDAYS.get(place, {}), 2018, 2035, "for tests", "for tests")


def happened(number: int, step: str, day: str, **more: Any) -> Happened:
    """Return an entry; `says` may be a tuple of act, period and what else it says."""
    if "received" in more:
        more["received"] = date.fromisoformat(more["received"])
    if "outcome" in more:
        more["outcome"] = Outcome(more["outcome"])
    if "says" in more:
        act, period, *rest = more["says"]
        more["says"] = Saying(Act(act), period, *rest)
    return Happened(number, more.pop("place", number), step, Day.parse(day), **more)


def course(*entries: Happened, lodged: str = "2024-06-06", **more: Any) -> Course:
    """Return a filing in Austria led by the Irish authority, unless it is said otherwise."""
    facts: dict[str, Any] = {
        "lodged_with": "at-dsb",
        "country": "AT",
        "lead": "ie-dpc",
        "handling": None,
        "concerned": ("at-dsb", "fr-cnil"),
        "oss": True,
        "local": False,
        "cross_border": Answer.YES,
    }
    told: Sequence[Happened] = entries
    if not any(it.step == "lodged" for it in entries):
        told = (Happened(0, 0, "lodged", Day.parse(lodged)), *entries)
    return Course(lodged=Day.parse(lodged), entries=told, places=PLACES, **facts | more)


def runs(of: Course, *, chapters: str = "", unsure: str = "") -> dict[str, list[Running]]:
    """Return what runs, by period; `chapters` of Reg (EU) 2025/2518 apply, of `unsure` nobody knows."""

    def applies(chapter: str) -> Answer:
        if chapter in unsure.split():
            return Answer.UNKNOWN
        return Answer.YES if chapter in chapters.split() else Answer.NO

    found: dict[str, list[Running]] = {}
    for it in running(of, periods(), calendar_of, applies):
        found.setdefault(it.period.id, []).append(it)
    return found


def one(found: dict[str, list[Running]], period: str) -> Running:
    """Return the period of that id, which runs once."""
    (it,) = found[period]
    return it
