"""Steps: which ones may be recorded now, at an earlier day or only with a note; what of them is doubtful."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Filing, Update
from tracker.reference import tables
from tracker.reference.authorities import in_words
from tracker.rules import standing as rules
from tracker.rules.days import Day
from tracker.rules.procedure import Fault, Hindrance, Step
from tracker.rules.procedure_guards import PARTIES, Setting, is_unexpected
from tracker.rules.procedure_order import irregularities, named
from tracker.rules.text import shown
from tracker.rules.vocabulary import Answer
from tracker.services import procedure, standing

#: What the field is called in which a step out of order is explained.
NOTE = "Why it is recorded all the same"
#: Steps that say something of a period have forms of their own.
OF_PERIODS = "deadline"


@dataclass(frozen=True, slots=True)
class Offer:
    """The steps that may be recorded, in the order of the table.

    `now` the procedure allows from where the filings stand, or in the place of the entry that is going to be
    corrected; `another_day` only where the day lies at another point of the protocol. `out_of_order` are
    those that need a note that says why they are recorded.
    """

    now: list[Step]
    another_day: list[Step]
    out_of_order: list[Step]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step is not in order for a filing; where `impossible`, no note makes it so."""

    words: str
    impossible: bool


def possible_steps(filings: Sequence[Filing], *, without: Update | None = None) -> list[Step]:
    """Return the steps that the procedure allows for all the filings now, as offer() does."""
    return offer(filings, without=without).now


def offer(filings: Sequence[Filing], *, without: Update | None = None) -> Offer:
    """Return the steps that may be recorded for all the filings: now, at another day, or with a note only.

    The filings' current routes and overrides must be loaded. `without` is the update that is going to be
    corrected, with its filings; the step that it is stays possible there, also where an import did not ask
    the procedure.
    """
    if not filings:
        return Offer([], [], [])
    table = tables.procedure()
    happened = standing.entries_of(filings)
    now, ever = set(table.steps), set(table.steps)
    never = {it.code for it in table.steps.values() if not it.offered}
    settings = procedure.settings_of(filings)
    # Most filings of a case stand where others stand: what is possible there is worked out once.
    worked_out: dict[tuple[str, tuple[str, ...], Answer, bool, Day], set[str]] = {}

    def possible_at(stood: rules.Standing, setting: Setting) -> set[str]:
        key = (stood.stage, stood.history, setting.inside, setting.leads_itself, setting.lodged)
        if key not in worked_out:
            steps = table.possible(stood.stage, setting, history=stood.history)
            worked_out[key] = {step.code for step in steps}
        return worked_out[key]

    for filing in filings:
        setting = settings[filing.id]
        earlier, later = standing.around(happened[filing.id], without)
        here = rules.standing(earlier, table)
        stood = rules.course([*earlier, *later], table)[1:]
        own = {it.step or "" for it in without.filings if it.filing_id == filing.id} if without else set()
        now &= possible_at(here, setting) | own
        ever &= own.union(*(possible_at(it, setting) for it in (here, *stood)))
        never |= {
            it for it in table.steps if table.is_impossible(here.stage, it, setting, history=here.history)
        }
    steps = table.steps.values()
    return Offer(
        now=[it for it in steps if it.code in now],
        another_day=[it for it in steps if it.code in ever - now],
        out_of_order=[it for it in steps if it.code not in now | ever | never and it.group != OF_PERIODS],
    )


def next_steps(filing: Filing) -> list[tuple[Step, list[Hindrance]]]:
    """Return the steps that may move a filing on from where it stands, each with what is to be known."""
    table, setting = tables.procedure(), procedure.settings_of([filing])[filing.id]
    return [
        (it, table.remarks(filing.stage, it.code, setting))
        for it in possible_steps([filing])
        if table.moves(it.code)
    ]


def checked_step(code: str) -> Step:
    """Return a step of the table. Raises RuleBroken for what is none."""
    step = tables.procedure().steps.get(code)
    if step is None:
        raise RuleBroken(f"There is no step {shown(code)}.", field="step")
    return step


def check_order(
    filings: Sequence[Filing],
    step: Step,
    day: Day,
    actor: str | None,
    *,
    without: Update | None,
    note: str | None,
) -> None:
    """Raise RuleBroken where the step is out of order on that day and no note says why it is recorded.

    `actor` is the slug of an authority, None for anybody else. The refusal names stage, day, and what is
    possible. What cannot have happened is refused with a note too, and so is a note where all is in order. A
    correction that leaves step, day and actor as they were is not asked: what is wrong may be the words. But
    an entry that had a note does not lose it while it needs one.
    """
    refused = refusals(filings, step, day, actor, without=without)
    told = without.filings if without and (without.day, without.actor_slug) == (day, actor) else ()
    same = {it.filing_id for it in told if it.step == step.code}
    kept = {it.number for it in filings if it.id in same}
    for number, refusal in refused.items():
        if number in kept and not (without and without.irregular):
            continue
        if refusal.impossible:
            raise RuleBroken(f"{number}: {refusal.words}", field="step")
        if not note:
            raise RuleBroken(
                f"{number}: {refusal.words} If it happened all the same, say so under “{NOTE}”.", field="step"
            )
    if note and not refused:
        raise RuleBroken(
            f"“{step.label}” is in order there: leave this empty, and say what matters in the words for the "
            "file.",
            field="irregular",
        )


def allowing(filings: Sequence[Filing], step: Step, day: Day, *, without: Update | None) -> list[Filing]:
    """Return those of the filings for which the step is possible on that day, whoever takes it."""
    refused = refusals(filings, step, day, None, without=without)
    return [it for it in filings if it.number not in refused]


def refusals(
    filings: Sequence[Filing], step: Step, day: Day, actor: str | None, *, without: Update | None
) -> Mapping[str, Refusal]:
    """Return why the step is out of order on that day, by the numbers of the filings where it is.

    What nobody may choose is impossible, save in the place of an entry that is that step already.
    """
    was = {it.filing_id for it in without.filings if it.step == step.code} if without else set()
    found: dict[str, Refusal] = {}
    table = tables.procedure()
    happened, settings = standing.entries_of(filings), procedure.settings_of(filings)
    for filing in filings:
        earlier, later = standing.around(happened[filing.id], without, day)
        there, setting = rules.standing(earlier, table), settings[filing.id]
        following = next((it for it in later if it.step and table.moves(it.step)), None)
        try:
            table.after(
                there.stage,
                step.code,
                setting,
                history=there.history,
                day=day,
                when=day.when if following else None,
            )
        except RuleBroken as refusal:
            last = f" What comes after that day is {named(following, table)}." if following else ""
            never = table.is_impossible(there.stage, step.code, setting, history=there.history)
            found[filing.number] = Refusal(
                f"{refusal}{last}", never or not (step.offered or filing.id in was)
            )
            continue
        if wrong := table.wrong_authority(there.stage, step.code, setting, actor):
            found[filing.number] = Refusal(f"“{step.label}” ({wrong.basis}): {wrong.words}", impossible=False)
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
    """Return a sentence where an authority is said to do what is another party's to do, and no note tells."""
    actor = update.actor_slug
    doubtful: dict[str, list[str]] = {}
    settings = procedure.settings_of(filings) if not update.irregular else {}
    for it in filings if settings else ():
        parties = settings[it.id].parties
        if is_unexpected(step.actors, actor, parties):
            slugs = {slug for party in step.actors for slug in parties.get(party, ())}
            doubtful.setdefault(" or ".join(in_words(slug) for slug in sorted(slugs)), []).append(it.number)
    if not doubtful:
        return None
    who = "; ".join(f"{known} on {', '.join(numbers)}" for known, numbers in doubtful.items() if known)
    whose = " or ".join(PARTIES[it] for it in step.actors)
    return (
        f"“{step.label}” is a step of {whose}{f' ({who})' if who else ''}, and "
        f"{in_words(actor)} is said to have taken it. If that is a mistake, correct the entry."
    )


def _doubtful_order(filings: Sequence[Filing], update: Update) -> str | None:
    """Return a sentence where what was recorded before does not follow from the new entry any more."""
    table = tables.procedure()
    old = db.session.get(Update, update.corrects_id) if update.corrects_id else None
    if not table.moves(update.kind) or (old and (old.kind, old.day) == (update.kind, update.day)):
        return None
    happened, settings = standing.entries_of(filings), procedure.settings_of(filings)
    doubtful: dict[str, list[str]] = {}
    for filing in filings:
        entries = {it.number: it for it in happened[filing.id] if not it.corrected}
        for it in irregularities(happened[filing.id], table, settings[filing.id]):
            moved = it.fault is not Fault.AUTHORITY and table.moves(it.step) and table.steps[it.step].offered
            if moved and it.after == update.number:
                following = named(entries[it.number], table)
                pair = f"{following} cannot follow {named(entries[it.after], table)}"
                doubtful.setdefault(pair, []).append(filing.number)
    if not doubtful:
        return None
    told = "; ".join(f"{pair}, on {', '.join(numbers)}" for pair, numbers in doubtful.items())
    return f"By the procedure, {told}. If one of the days is wrong, correct that entry."
