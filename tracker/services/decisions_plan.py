"""What recording a decision would do: which step for which filing, which entries, what is out of order."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.errors import RuleBroken
from tracker.models import Filing, Update
from tracker.reference import tables
from tracker.reference.authorities import authorities
from tracker.rules import decisions as rules
from tracker.rules.days import Day
from tracker.rules.procedure import Step
from tracker.rules.vocabulary import Outcome, Result
from tracker.services import updates_steps
from tracker.services.decisions_new import NewDecision

#: The step of an entry that takes the place of one where the decision does not concern a filing any more.
TAKEN_BACK = "note"
#: Why a step is out of order, by the code of the step and the number of the filing.
Refused = Mapping[str, Mapping[str, updates_steps.Refusal]]


@dataclass(frozen=True, slots=True)
class Had:
    """What an entry that is there already says of a filing: the entry, its step there and its outcome.

    `moves`: its day is that of the decision, and moves with it. `speaks`: whoever decided is who acted.
    `arrives`: it came on the day on which we got the decision; `named`: its number is that of the decision.
    """

    entry: Update
    step: str | None
    outcome: Outcome | None
    moves: bool = False
    speaks: bool = False
    arrives: bool = False
    named: bool = False

    def day(self, new: NewDecision) -> Day:
        """Return the day that the entry shall have."""
        return new.decided if self.moves else self.entry.day

    def actor(self, new: NewDecision) -> str:
        """Return who acts in the entry: the slug of an authority, or words."""
        return new.decided_by if self.speaks else self.entry.actor_slug or self.entry.actor

    def received(self, new: NewDecision) -> date | None:
        """Return the day of receipt that the entry shall have: time for an appeal runs from it."""
        return received_on(new) if self.arrives else self.entry.received_on

    def reference(self, new: NewDecision) -> str | None:
        """Return the number that the entry shall have."""
        return new.reference if self.named else self.entry.reference

    def as_it_was(self, new: NewDecision) -> bool:
        """Return whether day, actor, day of receipt and number stay what they are."""
        same = self.actor(new) == (self.entry.actor_slug or self.entry.actor)
        came = self.received(new) == self.entry.received_on and self.reference(new) == self.entry.reference
        return same and came and self.day(new) == self.entry.day


@dataclass(frozen=True, slots=True)
class Line:
    """What a decision means for one filing: its step, the outcome, and why that is out of order, if it is.

    `had` is what an entry says already, where a decision is corrected or completed; `keeps` where that entry
    stays as it is. `steps` are those that may be chosen. Where it is `impossible`, no note helps.
    """

    filing: Filing
    result: Result
    step: Step | None
    outcome: Outcome | None
    steps: tuple[Step, ...]
    refusal: str | None = None
    impossible: bool = False
    had: Had | None = None
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """An entry that will be made: one for each case, step and outcome. `corrects` takes the place of one."""

    case_id: int
    step: str
    outcome: Outcome | None
    day: Day
    actor: str
    filings: tuple[Filing, ...]
    corrects: Update | None = None
    note: str | None = None
    received: date | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What recording it would do. `kept` are entries that stay, `left` filings that it concerns no more."""

    lines: tuple[Line, ...]
    groups: tuple[Group, ...]
    kept: tuple[Update, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def irregular(self) -> dict[str, str]:
        """Return in words what the procedure does not allow, by the number of the filing."""
        return {it.filing.number: it.refusal for it in self.lines if it.refusal}

    @property
    def impossible(self) -> list[str]:
        """Return the numbers of the filings of which no note makes the step one that can have happened."""
        return [it.filing.number for it in self.lines if it.impossible]

    @property
    def mark(self) -> str:
        """Return a mark of what was shown: whoever confirms another plan has to look at that one first."""
        told = [
            *(f"{it.filing.number} {it.step and it.step.code} {it.outcome} {it.keeps}" for it in self.lines),
            *(
                f"{it.case_id} {it.step} {it.day.iso} {it.actor} {it.received} {it.reference} "
                f"{it.corrects and it.corrects.number}"
                for it in self.groups
            ),
            *sorted(self.irregular.values()),
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()[:20]


def received_on(new: NewDecision) -> date | None:
    """Return the day on which we got the decision, None where it is not known to the day."""
    return new.received.value if new.received.first == new.received.last else None


def plan(filings: Sequence[Filing], new: NewDecision, had: Mapping[int, Had] | None = None) -> Plan:
    """Return what recording the decision would do; stores nothing. The filings' current routes are loaded.

    `had` says what entries say already, by the key of the filing, where one is corrected or completed. Raises
    RuleBroken for a step that was chosen and does not go with the result.
    """
    had = had or {}
    concerned = [it for it in filings if it.number in new.results]
    offered = {it.number: _offered(new, it.number, had.get(it.id)) for it in concerned}
    refused = _refused(concerned, offered, new, had)
    lines = [_line(it, offered[it.number], refused, new, had.get(it.id)) for it in concerned]
    groups, kept, left = _entries(lines, had, {it.id: it for it in filings}, new)
    return Plan(tuple(lines), tuple(groups), tuple(kept), tuple(left))


def stays(before: Had, steps: Collection[str], result: Result) -> bool:
    """Return whether an entry says of a filing what the decision says, or nothing that this could change.

    An entry that was no step of a decision (a formal notice, a judgment beside the procedure) stays what it
    was, and so does one of which the result is still not recorded.
    """
    if before.step not in rules.DECIDES or before.step in rules.JUDGMENTS:
        return result not in rules.OF_A_COURT
    if result is Result.OPEN:
        return True
    if before.step is None or before.step not in steps:
        return False
    wanted = rules.outcome_for(before.step, result)
    return wanted is None or wanted is before.outcome


def _line(
    filing: Filing,
    steps: Sequence[Step],
    refused: Refused,
    new: NewDecision,
    before: Had | None,
) -> Line:
    result = new.results[filing.number]
    choice = tuple(steps)
    if before and _left(before, new, filing.number):
        known, outcome, choice = next(iter(steps), None), before.outcome, ()
        if before.as_it_was(new) or known is None:
            return Line(filing, result, known, outcome, (), had=before, keeps=before.as_it_was(new))
        step = known
        if before.entry.irregular:  # why it is out of order was said then, and goes with it: see _note
            return Line(filing, result, step, outcome, choice, had=before)
    else:
        step = _chosen(filing, steps, refused, new)
        outcome = tables.procedure().outcome(step.code, rules.outcome_for(step.code, result))
    why = refused[step.code].get(filing.number)
    if why is None:
        return Line(filing, result, step, outcome, choice, had=before)
    return Line(filing, result, step, outcome, choice, why.words, why.impossible, had=before)


def _offered(new: NewDecision, number: str, before: Had | None) -> list[Step]:
    """Return the steps that the decision may be for a filing, the likeliest first."""
    known = tables.steps()
    if before and _left(before, new, number):
        return [it for it in (known.get(before.step or ""),) if it]
    wanted = rules.steps_for(new.type, new.results[number], urgent=new.urgent)
    return [known[it] for it in wanted if it in known]


def _left(before: Had, new: NewDecision, number: str) -> bool:
    """Return whether what an entry is for a filing stays as it is."""
    result = new.results[number]
    steps = rules.steps_for(new.type, result, urgent=new.urgent)
    return number not in new.steps and stays(before, steps, result)


def _refused(
    filings: Sequence[Filing],
    offered: Mapping[str, Sequence[Step]],
    new: NewDecision,
    had: Mapping[int, Had],
) -> Refused:
    """Return by step why it is out of order on that day, by the number of the filing."""
    found: dict[str, dict[str, updates_steps.Refusal]] = {}
    together: dict[int, list[Filing]] = {}
    for it in filings:
        together.setdefault(had[it.id].entry.id if it.id in had else 0, []).append(it)
    for step in {it.code: it for steps in offered.values() for it in steps}.values():
        found[step.code] = {}
        for those in together.values():
            before = had.get(those[0].id)
            some = [it for it in those if step in offered[it.number]]
            day = before.day(new) if before else new.decided
            actor = before.actor(new) if before else new.decided_by
            refusals = updates_steps.refusals(
                some,
                step,
                day,
                actor if actor in authorities() else None,
                without=before.entry if before else None,
            )
            found[step.code].update(refusals)
    return found


def _chosen(filing: Filing, steps: Sequence[Step], refused: Refused, new: NewDecision) -> Step:
    """Return the step that somebody chose, else the first that the procedure allows, else the likeliest."""
    if not steps:
        raise RuleBroken(f"{filing.number}: say whether it is upheld or rejected.", field="results")
    wanted = new.steps.get(filing.number)
    if wanted:
        found = next((it for it in steps if it.code == wanted), None)
        if found is None:
            raise RuleBroken(f"{filing.number}: that step does not go with this result.", field="results")
        return found
    return next((it for it in steps if filing.number not in refused[it.code]), steps[0])


def _note(entry: Update, step: str, day: Day, actor: str, filings: Sequence[Filing]) -> str | None:
    """Return why an entry was out of order, where what takes its place is so, too."""
    if entry.irregular is None:
        return None
    slug = actor if actor in authorities() else None
    known = tables.steps()[step]
    return entry.irregular if updates_steps.refusals(filings, known, day, slug, without=entry) else None


def _entries(
    lines: Sequence[Line], had: Mapping[int, Had], filings: Mapping[int, Filing], new: NewDecision
) -> tuple[list[Group], list[Update], list[str]]:
    """Return the entries that will be made, those that stay, and the filings that it concerns no more.

    An entry stays where it says the same of all its filings. Else one new entry takes its place, and because
    an entry is one step, what is another step of it is recorded beside that one.
    """
    concerned = {it.filing.id: it for it in lines}
    groups: list[Group] = []
    kept: list[Update] = []
    lost: list[str] = []
    for entry in {it.entry.id: it.entry for it in had.values()}.values():
        told = [it for it in entry.filings if it.filing_id in filings]
        gone = [it for it in told if it.filing_id in had and it.filing_id not in concerned]
        changing = [concerned[it.filing_id] for it in told if it.filing_id in concerned]
        lost += [filings[it.filing_id].number for it in gone]
        if not gone and all(it.keeps for it in changing):
            kept.append(entry)
            continue
        there = had[changing[0].filing.id if changing else gone[0].filing_id]
        day, actor = there.day(new), there.actor(new)
        parts: dict[tuple[str, Outcome | None], list[Filing]] = {}
        for it in told:
            line = concerned.get(it.filing_id)
            if it in gone:
                continue
            step, outcome = (line.step, line.outcome) if line else (None, it.outcome)
            code = step.code if step else it.step or TAKEN_BACK
            parts.setdefault((code, outcome), []).append(filings[it.filing_id])
        # What stays as it was takes the place of the old entry, so that it keeps its words and its day.
        whole = parts or {(TAKEN_BACK, None): [filings[it.filing_id] for it in gone]}
        first = max(whole, key=lambda it: any((it[0], it[1]) == (each.step, each.outcome) for each in told))
        for part in [first, *(it for it in whole if it != first)]:
            corrects = entry if part == first else None
            note = _note(entry, part[0], day, actor, whole[part]) if corrects else None
            came, number = there.received(new), there.reference(new)
            about = tuple(whole[part])
            groups.append(Group(entry.case_id, *part, day, actor, about, corrects, note, came, number))
    fresh: dict[tuple[int, str, Outcome | None], list[Filing]] = {}
    for line in lines:
        if line.had is None and line.step is not None:
            fresh.setdefault((line.filing.case_id, line.step.code, line.outcome), []).append(line.filing)
    for (case, code, outcome), those in fresh.items():
        fixed = (new.decided, new.decided_by, tuple(those), None, None, received_on(new), new.reference)
        groups.append(Group(case, code, outcome, *fixed))
    return groups, kept, lost
