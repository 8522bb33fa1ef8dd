"""What tests of publication share: updates told, cases cleared and withdrawn, as an operator would."""

import re
from datetime import date
from typing import Any

from tests.builders import a_case, lodged
from tracker.db import PUBLIC, transaction
from tracker.models import Update
from tracker.rules.access import SHELL
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision
from tracker.services import cases, filings, publication, updates
from tracker.services.cases import Respondent
from tracker.services.updates import NewUpdate


def told(number: str, step: str, day: date, actor: str, *, public: str | None, **more: Any) -> Update:
    """Record an update of a filing; `public` are the words for the public."""
    new = NewUpdate(
        step=step,
        day=Day(day, Precision.DAY),
        actor=actor,
        words=f"For the file only: {step}.",
        public_words=public,
        **more,
    )
    return updates.record_update([filings.get_filing(number)], new, seen={}, by=SHELL)


def same_respondent(number: str) -> tuple[Respondent, ...]:
    """Return the controller of a case as that of another one, with people in the whole EEA."""
    return (Respondent(known=cases.get_case(number).controllers[0].controller_id, affected=("EEA",)),)


def two_cases() -> None:
    """C001 with three filings, one acknowledged (public words) and passed on (none); C002 as noise."""
    with transaction():
        lodged(a_case(title="Example: one", summary="About the first."), "nl-ap", "at-dsb", "ie-dpc")
        told("C001-01", "acknowledged", date(2024, 6, 20), "nl-ap", public="Receipt.", reference="z2024-1")
        told("C001-01", "forwarded", date(2024, 9, 2), "nl-ap", public=None)
        lodged(a_case(title="Example: two", respondents=same_respondent("C001")), "fr-cnil")


def clear(number: str, **chosen: Any) -> None:
    """Clear a case, all that is proposed of it unless told otherwise, and copy it."""
    with transaction():
        case = cases.get_case(number)
        content = publication.content_of(case, **chosen) if chosen else publication.default_content(case)
        publication.clear(publication.propose(case, content, note="", by=SHELL).id, note="", by=SHELL)
    with transaction(PUBLIC):
        publication.refresh([number])


def alone(number: str) -> str:
    """Publish a case as the operator does who answers every warning, and return what that changes."""
    marks: list[str] = []
    try:
        with transaction():
            return publication.publish_alone(cases.get_case(number), note="", by=SHELL)
    except publication.Unanswered as refusal:
        marks = [it.mark for it in refusal.warned]
    with transaction():
        return publication.publish_alone(cases.get_case(number), note="", by=SHELL, looked_at=marks)


def marks_in(printed: str) -> tuple[str, ...]:
    """Return the words of a command line that answer the warnings which another one printed."""
    marks = re.findall(r"^([0-9a-f]{16})  ", printed, re.MULTILINE)
    return tuple(it for mark in marks for it in ("--looked-at", mark))


def withdraw(number: str) -> None:
    """Withdraw a case, and remove the copy."""
    with transaction():
        publication.withdraw(cases.get_case(number), note="", by=SHELL)
    with transaction(PUBLIC):
        publication.refresh([number])


def answered(number: str = "C001", **data: Any) -> dict[str, Any]:
    """Return a form that clears what waits for a case, with every warning that stands ticked."""
    case = cases.get_case(number)
    proposed = publication.status_of(case.id).proposed
    warned = publication.warnings(case, proposed.content) if proposed else []
    return {"do": "clear", "note": "", "looked_at": [it.mark for it in warned], **data}
