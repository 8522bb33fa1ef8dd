"""What people said of entries, in files: that one says nothing new, or which reminder it answers.

Who said so is no part of a file: where it is taken in, it is whoever took it in.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.db import new_id
from tracker.models import Update
from tracker.reference import tables
from tracker.rules import silence as rules
from tracker.rules.access import Actor
from tracker.services.import_forms import MARKS, Campaign, Form, codes_of
from tracker.services.import_records import Held
from tracker.services.reading import Faults
from tracker.services.reading_faults import Way, shown

if TYPE_CHECKING:
    from tracker.services.import_plan import Planned


def check(it: Campaign, authorities: Collection[str], faults: Faults) -> None:
    """Add what is wrong with the marks of a campaign; `authorities` are the slugs of the directory."""
    for place, event in enumerate(it.events):
        way = (*it.way, "events", place)
        if "answers" in event:
            _check_answers(it, event, place, (*way, "answers"), faults)
        if "corrects" in event:
            # A correction has the marks of the entry whose place it takes, whatever it says itself.
            continue
        actor = event["actor"]
        ours = rules.is_us(actor, actor if actor in authorities else None, it.case["ngo"])
        if ours:
            for key in MARKS:
                if key in event:
                    faults.add((*way, key), "is said of what others tell us: this event is our own")
        elif "nothing_new" in event and not _may_be_empty(event):
            text = "can be said of a report on progress or a statement only: this is no such event"
            faults.add((*way, "nothing_new"), text)


def _may_be_empty(event: Form) -> bool:
    if event["filings"] and event["kind"] == "decision" and "step" not in event:
        return False
    steps = tables.procedure().steps
    return all(rules.can_be_empty(steps.get(it or "")) for it in _steps(event))


def _steps(event: Form) -> set[str | None]:
    """Return the steps that an event is, as far as its kind or its words tell."""
    if not event["filings"]:
        return set()
    kinds = tables.event_kinds()
    return {kinds[it].step if "step" not in event and it in kinds else it for it in codes_of(event)}


def _check_answers(it: Campaign, event: Form, place: int, way: Way, faults: Faults) -> None:
    """Check that the event which is answered is a reminder; a correction may have gone elsewhere since."""
    answers = event["answers"]
    if answers > len(it.events) or answers == place + 1:
        faults.add(way, f"must be the place of another event, from 1 to {len(it.events)}")
        return
    reminder = it.events[answers - 1]
    if rules.REMINDER not in _steps(reminder):
        faults.add(way, f"event {answers} is no reminder")
    elif "corrects" in event:
        return
    elif not {*reminder["filings"]} & {*event["filings"]}:
        faults.add(way, f"event {answers} reminded of other filings")
    elif event["date"].last and reminder["date"].first and event["date"].last < reminder["date"].first:
        faults.add(way, f"event {answers} is later than this one: {reminder['date'].words}")


def compare(one: "Planned", here: Campaign, faults: Faults) -> None:
    """Compare the marks of entries that are there; a file that is silent about one does not contradict."""
    for place, number in one.known_events.items():
        said, known = one.campaign.events[place], here.events[number - 1]
        for key in MARKS:
            value = said.get(key)
            if key == "answers" and value:
                value = one.known_events.get(value - 1)
            if key in said and value != known.get(key):
                way = (*one.campaign.way, "events", place, key)
                text = f"differs from what is here (is entry {number} of the case here)"
                faults.add(way, f"{text}: {shown(known.get(key))}")


def marks_out(held: Held) -> list[Form]:
    """Return what people say now of each entry of a protocol, in the words of the file."""
    places = {it.id: place for place, it in enumerate(held.updates, 1)}
    found = []
    for it in held.updates:
        said: Form = {}
        for reminder in held.marks.get(it.id, ()):
            said |= {"nothing_new": True} if reminder is None else {"answers": places[reminder]}
        found.append(said)
    return found


def rows(
    planned: "Planned", by_place: Mapping[int, Update], *, at: datetime, by: Actor
) -> Iterable[dict[str, Any]]:
    """Give the rows for the marks of the new events; `by_place` are the entries of all events."""
    for place in planned.events:
        event = planned.campaign.events[place]
        for key in MARKS:
            if key in event:
                answers = by_place[event["answers"] - 1].id if key == "answers" else None
                yield {
                    "id": new_id(),
                    "update_id": by_place[place].id,
                    "answers_id": answers,
                    "made_at": at,
                    "made_by": by.key,
                }
