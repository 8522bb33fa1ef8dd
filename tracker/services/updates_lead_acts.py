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
    """The entries of an act: `moving` is a step of the procedure too, from which the stage follows; `staying`
    is a statement on the filings where no such step is possible."""

    moving: Update | None
    staying: Update | None

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of the entries."""
        return [it.number for it in (self.moving, self.staying) if it is not None]


def record_act(
    filings: Sequence[Filing],
    new: NewLeadAct,
    *,
    seen: dict[str, int],
    by: Actor,
    corrects: int | None = None,
) -> Recorded:
    """Record what an authority did about the lead of one or more filings of a case.

    It becomes an entry of the protocol: the one source for what happened. On the filings where the procedure
    allows the step that the act is, it is that step; on the others a statement, which leaves their stage as
    it is. Raises as record_update does, and RuleBroken for an authority that is none, and for a confirmation
    that names nobody.
    """
    _check(new)
    if not filings:
        raise RuleBroken("Choose at least one filing.", field="filings")
    moving = _moving(filings, new, corrects)
    if corrects is not None and len(moving) < len(filings):
        moving = []  # one entry takes the place of one
    staying = [it for it in filings if it not in moving]
    step = STEP_OF.get(new.act, STATEMENT)
    return Recorded(
        _entry(moving, step, new, seen=seen, by=by, corrects=corrects) if moving else None,
        _entry(staying, STATEMENT, new, seen=seen, by=by, corrects=corrects) if staying else None,
    )


def _check(new: NewLeadAct) -> None:
    for slug, field in ((new.authority, "authority"), (new.lead, "lead")):
        if slug is not None and slug not in authorities():
            raise RuleBroken("Choose an authority of the directory.", field=field)
    if new.lead is not None and authorities()[new.lead].scope == "board":
        raise RuleBroken("The Board decides who leads, and never leads itself.", field="lead")
    if new.act is LeadAct.CONFIRMED and new.lead is None:
        raise RuleBroken("Say which authority is confirmed as lead.", field="lead")
    if new.act is LeadAct.PRESUMED and new.lead is None:
        raise RuleBroken("Say which authority is presumed to lead.", field="lead")


def _entry(
    filings: Sequence[Filing],
    step: str,
    new: NewLeadAct,
    *,
    seen: dict[str, int],
    by: Actor,
    corrects: int | None,
) -> Update:
    said = act_words(Told(new.act, new.authority, new.lead, new.day, 0))
    told = NewUpdate(
        step=step,
        day=new.day,
        actor=new.authority,
        words=f"{said}. {new.note}".strip(),
        reference=new.reference,
        source=new.source,
        lead_act=new.act,
        lead_named=new.lead,
    )
    return updates.record_update(filings, told, seen=seen, by=by, corrects=corrects)


def _moving(filings: Sequence[Filing], new: NewLeadAct, corrects: int | None) -> list[Filing]:
    """Return the filings for which the act is a step that the procedure allows on its day."""
    code = STEP_OF.get(new.act)
    if code is None:
        return []
    without = updates.get_update(filings[0].case_id, corrects) if corrects is not None else None
    return updates_steps.allowing(filings, updates_steps.checked_step(code), new.day, without=without)


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
