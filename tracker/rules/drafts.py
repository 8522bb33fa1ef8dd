"""What the entries around a draft decision tell: an objection in time, simple cooperation, a rejection."""

from collections.abc import Sequence
from datetime import date

from tracker.rules.happened import Course, Happened

#: What may come after a draft decision.
AFTER_DRAFT = frozenset(
    {
        "objection",
        "revised_draft",
        "draft_decision",
        "final_upheld",
        "final_rejected",
        "final_split",
        "board_dispute",
    }
)
#: Whoever objects, or opens the investigation after all, ends simple cooperation.
TURNS = frozenset({"simple_cooperation", "simple_objection", "investigation"})


def simple(entries: Sequence[Happened]) -> bool:
    """Return whether the case is in simple cooperation after these entries."""
    return [it.step for it in entries if it.step in TURNS][-1:] == ["simple_cooperation"]


def outcome(later: Sequence[Happened], over: date | None) -> str | None:
    """Return the first step that a draft led to; `over` is when the time for objections was over for certain.

    An objection after the period has none of its effects: silence was agreement, Art. 60(6).
    """
    counting = (it for it in later if it.step != "objection" or _by(it.day.first, over))
    return next((it.step for it in counting if it.step in AFTER_DRAFT), None)


def may_reject(course: Course, index: int) -> bool:
    """Return whether the draft at `index` may be one of a rejection.

    It may where we were heard before one, as long as no decision shows that the lead had to adopt it.
    """
    if any(it.step in ("final_upheld", "final_split") for it in course.entries[index + 1 :]):
        return False
    return any(it.step == "rejection_hearing" for it in course.entries[: index + 1])


def _by(day: date | None, last: date | None) -> bool:
    """Return whether a day is not after the last one; what is not known is not."""
    return day is None or last is None or day <= last
