"""A silence log as plain values."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.rules.silence import Gap
from tracker.services.silence import SilenceLog, Word


def as_data(log: SilenceLog, beside: Sequence[Word] = ()) -> Mapping[str, Any]:
    """Return a log as plain values: for a file, or for whoever reads it by program.

    `beside` is what silence_beside.beside() found.

    Days are written as exactly as they are known: 2024-06-06, 2024-06, 2024 or null.
    """

    def word(it: Word | None) -> dict[str, Any] | None:
        if it is None:
            return None
        said: dict[str, Any] = {"entry": it.number, "day": it.day.iso, "what": it.title, "actor": it.actor}
        return {**said, "authority": it.authority, "words": it.words}

    def time(it: Gap | None) -> dict[str, Any] | None:
        if it is None:
            return None
        return {"from": it.start.iso, "to": it.end.iso, "days": [it.least, it.most], "exact": it.exact}

    return {
        "filing": log.filing,
        "case": log.case,
        "lodged_with": log.authority,
        "as_of": log.as_of.isoformat(),
        "lodged": log.lodged.iso,
        "waiting": log.waiting,
        "last_substantive_news": word(log.last),
        "silent": time(log.time),
        "substantive_news": [word(it) for it in log.news],
        "substantive_news_of_unknown_day": [word(it) for it in log.undated],
        "periods_of_silence": [
            {
                **(time(it.time) or {}),
                "after_entry": it.after and it.after.number,
                "until_entry": it.until and it.until.number,
                "goes_on": it.running,
            }
            for it in log.periods
        ],
        "not_about_this_complaint_alone": [word(it) for it in beside],
        "nothing_new": [word(it) for it in log.empty],
        "reminders": [
            {
                "reminder": word(it.reminder),
                "to": it.to,
                "answer": word(it.answer),
                "how_known": None if it.answer is None else "linked" if it.linked else "next word",
                "surely_after": it.sure if it.answer else None,
                "says_something_new": it.new if it.answer else None,
                "waited": time(it.waited),
            }
            for it in log.chased
        ],
        "reminders_unanswered": len(log.unanswered),
        "periods_missed": [
            {
                "period": it.period,
                "from_entry": it.start_number,
                "basis": it.basis,
                "what": it.what,
                "owed_by": it.owes,
                "authority": it.authority,
                "started": it.started.iso,
                "due": it.due and it.due.isoformat(),
                "last_arguable_day": it.last.isoformat(),
                "days_over": it.over,
                "met_on": it.met_on and it.met_on.isoformat(),
                "contested": it.contested,
            }
            for it in log.missed
        ],
    }
