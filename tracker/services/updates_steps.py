"""Steps: which ones may be recorded now, which at an earlier day only, and what of them is doubtful."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Filing, Update
from tracker.reference import tables
from tracker.reference.authorities import in_words
from tracker.rules import standing as rules
from tracker.rules.days import Day
from tracker.rules.procedure import PARTIES, Step, is_unexpected
from tracker.rules.routing import Procedure
from tracker.rules.text import shown
from tracker.services import routing, standing


@dataclass(frozen=True, slots=True)
class Offer:
    """The steps that the procedure allows, in the order of the table.

    `now` is from where the filings stand, or in the place of the entry that is going to be corrected;
    `another_day` are those that are possible only where the day lies at another point of the protocol.
    """

    now: list[Step]
    another_day: list[Step]


def inside_one_stop_shop(filing: Filing) -> bool:
    """Return whether a current route is one of Art. 60 GDPR, also when the lead is only presumed."""
    return any(routing.read(run)[1].procedure is Procedure.OSS_60 for run in filing.routes if run.current)


def possible_steps(filings: Sequence[Filing], *, without: Update | None = None) -> list[Step]:
    """Return the steps that the procedure allows for all the filings now, as offer() does."""
    return offer(filings, without=without).now


def offer(filings: Sequence[Filing], *, without: Update | None = None) -> Offer:
    """Return the steps that the procedure allows for all the filings, now and at another day.

    The filings' current routes must be loaded. `without` is the update that is going to be corrected, with
    its filings; the step that it is stays possible there, also where an import did not ask the procedure.
    """
    if not filings:
        return Offer([], [])
    procedure = tables.procedure()
    happened = standing.entries_of(filings)
    now, ever = set(procedure.steps), set(procedure.steps)
    for filing in filings:
        oss = inside_one_stop_shop(filing)
        earlier, later = standing.around(happened[filing.id], without)
        here = rules.standing(earlier, procedure)
        stood = rules.course([*earlier, *later], procedure)[1:]
        possible = {
            at: {step.code for step in procedure.possible(at[0], oss=oss, history=at[1])}
            for at in {(it.stage, it.history) for it in (here, *stood)}
        }
        own = {it.step or "" for it in without.filings if it.filing_id == filing.id} if without else set()
        now &= possible[here.stage, here.history] | own
        ever &= set().union(own, *possible.values())
    steps = procedure.steps.values()
    return Offer([it for it in steps if it.code in now], [it for it in steps if it.code in ever - now])


def checked_step(code: str) -> Step:
    """Return a step of the table. Raises RuleBroken for what is none."""
    step = tables.procedure().steps.get(code)
    if step is None:
        raise RuleBroken(f"There is no step {shown(code)}.", field="step")
    return step


def refuse_impossible(filings: Sequence[Filing], step: Step, day: Day, *, without: Update | None) -> None:
    """Raise RuleBroken where the step is not possible on that day, naming stage, day and what is possible.

    A correction that leaves step and day as they were is not asked: what is wrong may be the words.
    """
    for number, refusal in _refusals(filings, step, day, without=without).items():
        raise RuleBroken(f"{number}: {refusal}", field="step")


def allowing(filings: Sequence[Filing], step: Step, day: Day, *, without: Update | None) -> list[Filing]:
    """Return those of the filings for which the step is possible on that day."""
    refused = _refusals(filings, step, day, without=without)
    return [it for it in filings if it.number not in refused]


def _refusals(filings: Sequence[Filing], step: Step, day: Day, *, without: Update | None) -> dict[str, str]:
    """Return why the step is not possible on that day, by the numbers of the filings where it is not."""
    found: dict[str, str] = {}
    procedure = tables.procedure()
    happened = standing.entries_of(filings)
    told = without.filings if without and without.day == day else ()
    kept = {it.filing_id for it in told if it.step == step.code}
    for filing in filings:
        if filing.id in kept:
            continue
        earlier, later = standing.around(happened[filing.id], without, day)
        there = rules.standing(earlier, procedure)
        following = next((it for it in later if it.step and procedure.moves(it.step)), None)
        try:
            procedure.after(
                there.stage,
                step.code,
                oss=inside_one_stop_shop(filing),
                history=there.history,
                when=day.when if following else None,
            )
        except RuleBroken as refusal:
            last = f" What comes after that day is {_named(following)}." if following else ""
            found[filing.number] = f"{refusal}{last}"
    return found


def doubt_about(filings: Sequence[Filing], update: Update) -> str | None:
    """Return what is doubtful about an entry that was just recorded, None where all fits.

    The filings' current routes and overrides must be loaded. It is a doubt only: our records may know the
    lead wrongly, and what has happened has happened.
    """
    step = tables.procedure().steps[update.kind]
    doubts = [it for it in (_doubtful_actor(filings, update, step), _doubtful_order(filings, update)) if it]
    return " ".join(doubts) or None


def _doubtful_actor(filings: Sequence[Filing], update: Update, step: Step) -> str | None:
    """Return a sentence where an authority is said to do what is another party's to do."""
    actor = update.actor_slug
    doubtful: dict[str, list[str]] = {}
    for it in filings:
        parties = _parties(it)
        if is_unexpected(step, actor, parties):
            known = " or ".join(in_words(slug) for slug in sorted(parties.get(step.actor, ())))
            doubtful.setdefault(known, []).append(it.number)
    if not doubtful:
        return None
    who = "; ".join(f"{known} on {', '.join(numbers)}" for known, numbers in doubtful.items() if known)
    return (
        f"“{step.label}” is a step of {PARTIES[step.actor]}{f' ({who})' if who else ''}, and "
        f"{in_words(actor)} is said to have taken it. If that is a mistake, correct the entry."
    )


def _doubtful_order(filings: Sequence[Filing], update: Update) -> str | None:
    """Return a sentence where what was recorded before does not follow from the new entry any more."""
    procedure = tables.procedure()
    old = db.session.get(Update, update.corrects_id) if update.corrects_id else None
    if not procedure.moves(update.kind) or (old and (old.kind, old.day) == (update.kind, update.day)):
        return None
    happened = standing.entries_of(filings)
    doubtful: dict[str, list[str]] = {}
    for filing in filings:
        oss = inside_one_stop_shop(filing)
        counting, _ = standing.around(happened[filing.id], None)
        stood = rules.course(counting, procedure)[1:]
        moving = [
            (it, at) for it, at in zip(counting, stood, strict=True) if it.step and procedure.moves(it.step)
        ]
        for (entry, there), (following, _) in pairwise(moving):
            possible = procedure.possible(there.stage, oss=oss, history=there.history)
            step = procedure.steps[following.step or ""]
            if entry.number == update.number and step.offered and step not in possible:
                pair = f"{_named(following)} cannot follow {_named(entry)}"
                doubtful.setdefault(pair, []).append(filing.number)
    if not doubtful:
        return None
    told = "; ".join(f"{pair}, on {', '.join(numbers)}" for pair, numbers in doubtful.items())
    return f"By the procedure, {told}. If one of the days is wrong, correct that entry."


def _named(entry: rules.Entry) -> str:
    """Return an entry as it is cited: "entry 3, “Receipt confirmed”, on 1 July 2024"."""
    number = f"entry {entry.number}" if entry.number else "the lodging"
    return f"{number}, “{tables.procedure().steps[entry.step or ''].label}”, {entry.day.when}"


def _parties(filing: Filing) -> dict[str, set[str]]:
    """Return, by party of the procedure, the authorities that may be it, as far as is known."""
    routes = [routing.read(run)[1] for run in filing.routes if run.current]
    overriding = (it.lead for it in filing.overrides if it.ended_at is None)
    leads = {filing.lead_said, *(it.lead for it in routes), *overriding}
    parties: dict[str, set[str | None]] = {
        "lodged_with": {filing.authority_slug},
        "lead": leads,
        "handling": {filing.handling_said, *(it.handling for it in routes), *leads},
        "board": {"eu-edpb"},
    }
    return {party: {slug for slug in slugs if slug} for party, slugs in parties.items()}
