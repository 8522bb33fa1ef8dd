"""What authorities did about the lead, recorded: an entry of the protocol that names the act and the lead."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.errors import RuleBroken
from tracker.models import Filing, Update
from tracker.reference.authorities import authorities
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.rules.leading import STEP_OF, LeadAct, Told
from tracker.services import updates, updates_steps
from tracker.services.routing_standing import act_words
from tracker.services.updates import NewUpdate

#: The step of an act where the procedure allows none of its own: it is on record, and the stage stays.
STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class NewLeadAct:
    """What an authority did about the lead. `authority` said it; `lead` is named in it, None where nobody is.

    `source` is a web address, words, or the number of an exhibit; `note` are words for the file.
    """

    act: LeadAct
    authority: str
    lead: str | None
    day: Day
    reference: str | None = None
    source: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The entry of an act. `moved`: it is a step of the procedure too, so that the stage follows from it."""

    update: Update
    moved: bool


def record_act(
    filings: Sequence[Filing],
    new: NewLeadAct,
    *,
    seen: dict[str, int],
    by: Actor,
    corrects: int | None = None,
) -> Recorded:
    """Record what an authority did about the lead of one or more filings of a case.

    It is an entry of the protocol: the one source for what happened. Where the procedure allows for all of
    them the step that the act is, it is that step; else a statement, which leaves the stage as it is. Raises
    as record_update does, and RuleBroken for an authority that is none, and a confirmation that names nobody.
    """
    for slug, field in ((new.authority, "authority"), (new.lead, "lead")):
        if slug is not None and slug not in authorities():
            raise RuleBroken("Choose an authority of the directory.", field=field)
    if new.lead is not None and authorities()[new.lead].scope == "board":
        raise RuleBroken("The Board decides who leads, and never leads itself.", field="lead")
    if new.act is LeadAct.CONFIRMED and new.lead is None:
        raise RuleBroken("Say which authority is confirmed as lead.", field="lead")
    step = _step(filings, new, corrects)
    said = act_words(Told(new.act, new.authority, new.lead, new.day, 0))
    update = updates.record_update(
        filings,
        NewUpdate(
            step=step,
            day=new.day,
            actor=new.authority,
            words=f"{said}. {new.note}".strip(),
            reference=new.reference,
            source=new.source,
            lead_act=new.act,
            lead_named=new.lead,
        ),
        seen=seen,
        by=by,
        corrects=corrects,
    )
    return Recorded(update, step != STATEMENT)


def _step(filings: Sequence[Filing], new: NewLeadAct, corrects: int | None) -> str:
    """Return the step of the procedure that the act is for all of them on its day, else a statement."""
    step = STEP_OF.get(new.act)
    if step is None or not filings:
        return STATEMENT
    without = updates.get_update(filings[0].case_id, corrects) if corrects else None
    try:
        updates_steps.refuse_impossible(filings, updates_steps.checked_step(step), new.day, without=without)
    except RuleBroken:
        return STATEMENT
    return step


def filled_from(entry: Update) -> NewLeadAct:
    """Return what an entry says about the lead, to be corrected. Raises RuleBroken where it says nothing."""
    steps = {it.step for it in entry.filings}
    told = LeadAct(entry.lead_act) if entry.lead_act else None
    told = told or next((act for act, step in STEP_OF.items() if step in steps), None)
    if told is None:
        raise RuleBroken(f"Entry {entry.number} says nothing about the lead.", field="corrects")
    lead = entry.lead_named if entry.lead_act else entry.actor_slug if told is LeadAct.CONFIRMED else None
    said = act_words(Told(told, entry.actor_slug, lead, entry.day, 0)) + "."
    return NewLeadAct(
        act=told,
        authority=entry.actor_slug or "",
        lead=lead,
        day=entry.day,
        reference=entry.reference,
        source=entry.source,
        note=entry.words.removeprefix(said).strip(),
    )
