"""The procedure: which steps may follow where a filing stands, and where they lead.

Stages, steps and guards are data (reference/stages.csv, steps.csv, guards.csv); this module only reads them.
Updates that were imported do not come through here: what happened has happened.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.errors import RuleBroken
from tracker.rules import procedure_guards
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.procedure_guards import Effect, Guard, Setting, When
from tracker.rules.text import shown
from tracker.rules.vocabulary import Answer, Outcome

#: Where a filing stands before anything has happened to it; who acts there, and on what that rests.
FIRST_STAGE = "drafted"
FIRST_ACTORS, FIRST_BASIS = ("us",), "Art 77, 80"
#: The step that leads back to where the filing stood before a stay or an early resolution.
RESUMED = "resumed"
#: A decision of which an imported file does not tell the kind, and the kinds that it may be.
DECIDED = "decided"
DECISIONS = ("final_upheld", "final_rejected", "final_split", "national_decision")
#: What may be chosen where a step asks for an outcome.
DECISION_OUTCOMES = (Outcome.WON, Outcome.PARTLY_WON, Outcome.LOST, Outcome.NOT_RECORDED)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to a filing.

    `stage` is the stage it enters; None leaves the stage as it is (but see RESUMED). `sentence` are public
    words with the slots {actor}, {authority} (lodged with) and {lead}. `actors` are the parties whose act it
    may be (procedure_guards.PARTIES), or any. `outcome` is what it makes of the outcome, where that is
    certain. A step that is not `offered` only comes from imported files.
    """

    code: str
    label: str
    sentence: str
    stage: str | None
    actors: tuple[str, ...]
    basis: str
    outcome: Outcome | None
    needs_outcome: bool
    only_oss: bool
    group: str
    offered: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a filing stands.

    `plain` are the words for the public, `sentence` their whole sentence (slots: rules/standing.py).
    `phase` is in_progress, action_needed (by us) or complete; `mark` is open (pending), half, full
    (decided) or bar (withdrawn). `next` are the stages that may lawfully follow; `resumes` says that
    the stage before may follow too. A `final` stage ends the complaint before the authority. `evidence`
    is what shows that it was entered.
    """

    code: str
    label: str
    plain: str
    sentence: str
    phase: str
    mark: str
    next: frozenset[str]
    next_here: frozenset[str]
    resumes: bool
    final: bool
    evidence: str


class Fault(enum.Enum):
    """In which way a step is out of order."""

    #: It cannot have happened; no note helps.
    IMPOSSIBLE = "impossible"
    #: A guard speaks against it.
    GUARD = "guard"
    #: It could follow if others came between, and those are not on record.
    GAP = "gap"
    #: It cannot follow, whatever came between.
    ORDER = "order"
    #: It is the decision of an authority that cannot adopt it.
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a step is out of order. `words` tell it where a guard does; where the table does they are empty."""

    fault: Fault
    basis: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """The table of stages and steps by code, and the guards of each step.

    `history` is everywhere the stages so far, oldest first, with or without the present one.
    """

    stages: Mapping[str, Stage]
    steps: Mapping[str, Step]
    guards: Mapping[str, Sequence[Guard]] = field(default_factory=dict)

    def possible(
        self, stage: str, setting: Setting, *, history: Sequence[str] = (), day: Day = UNKNOWN_DAY
    ) -> list[Step]:
        """Return the steps that may be recorded now, in the order of the table.

        Raises RuleBroken for a stage that does not exist.
        """
        here = self._stage(stage)
        return [
            it
            for it in self.steps.values()
            if it.offered
            and self._may_follow(it, here, setting, history)
            and self._guard(Effect.REFUSED, here, it, setting, day) is None
        ]

    def hindrance(
        self,
        stage: str,
        step: str,
        setting: Setting,
        *,
        history: Sequence[str] = (),
        day: Day = UNKNOWN_DAY,
    ) -> Hindrance | None:
        """Return why a step is out of order there on that day, None where it is lawful.

        Who acts is not asked: see wrong_authority(). Raises RuleBroken for a stage that does not exist.
        """
        here, it = self._stage(stage), self.steps[step]
        lawful = self._may_follow(it, here, setting, history)
        impossible = self._guard(Effect.IMPOSSIBLE, here, it, setting, day)
        if impossible and not lawful:
            return Hindrance(Fault.IMPOSSIBLE, impossible.basis or it.basis, impossible.words)
        if guard := self._guard(Effect.REFUSED, here, it, setting, day):
            words = procedure_guards.filled(guard, setting, actors=it.actors)
            return Hindrance(Fault.GUARD, guard.basis or it.basis, words)
        if lawful:
            return None
        gap = self._may_follow_later(it, here, setting, history)
        return Hindrance(Fault.GAP if gap else Fault.ORDER, it.basis)

    def is_impossible(self, stage: str, step: str, setting: Setting, *, history: Sequence[str] = ()) -> bool:
        """Return whether the step cannot have happened there, so that no note makes it possible."""
        here, it = self._stage(stage), self.steps[step]
        guard = self._guard(Effect.IMPOSSIBLE, here, it, setting, UNKNOWN_DAY)
        return guard is not None and not self._may_follow(it, here, setting, history)

    def wrong_authority(self, stage: str, step: str, setting: Setting, actor: str | None) -> Hindrance | None:
        """Return why an authority (None for anybody else) cannot adopt what the step is, None if it may."""
        it = self.steps[step]
        for guard in self._guards(Effect.REFUSED, self.stages[stage], it):
            if guard.when is When.WRONG_AUTHORITY and procedure_guards.is_wrong(it.actors, actor, setting):
                words = procedure_guards.filled(guard, setting, actors=it.actors, actor=actor)
                return Hindrance(Fault.AUTHORITY, guard.basis, words)
        return None

    def remarks(self, stage: str, step: str, setting: Setting, *, day: Day = UNKNOWN_DAY) -> list[Hindrance]:
        """Return what is to be known of a lawful step taken from a stage, each with its basis."""
        here, it = self.stages[stage], self.steps[step]
        return [
            Hindrance(Fault.GUARD, guard.basis, procedure_guards.filled(guard, setting, actors=it.actors))
            for guard in self._guards(Effect.REMARK, here, it)
            if procedure_guards.holds(guard, setting, ended=here.final, day=day)
        ]

    def after(
        self,
        stage: str,
        step: str,
        setting: Setting,
        *,
        history: Sequence[str] = (),
        day: Day = UNKNOWN_DAY,
        when: str | None = None,
    ) -> str:
        """Return the stage after the step.

        Raises RuleBroken, naming what is possible, where the step may not be taken. `when` says on which
        earlier day the filing stood there ("on 1 July 2024"), None for where it stands now.
        """
        known = self.steps.get(step)
        hindrance = self.hindrance(stage, step, setting, history=history, day=day) if known else None
        if known and known.offered and hindrance is None:
            return self.entered(step, stage, history) or stage
        possible = self.possible(stage, setting, history=history, day=day)
        raise RuleBroken(self._refusal(stage, step, possible, hindrance, when), field="step")

    def entered(self, step: str, stage: str, history: Sequence[str]) -> str | None:
        """Return the stage that the step enters, None where it enters none; whether it may is not asked."""
        return self._before(stage, history) if step == RESUMED else self.steps[step].stage

    def outcome(self, step: str, chosen: Outcome | None) -> Outcome | None:
        """Return the outcome that the step brings, None where it leaves the outcome to the stage.

        Raises RuleBroken where a choice is needed and missing, or made where there is none.
        """
        it = self.steps[step]
        if it.needs_outcome:
            if chosen not in DECISION_OUTCOMES:
                raise RuleBroken(
                    f"“{it.label}” needs an outcome: choose how it was decided.", field="outcome"
                )
            return chosen
        if chosen not in (None, it.outcome):
            raise RuleBroken(f"The outcome of “{it.label}” cannot be chosen.", field="outcome")
        return it.outcome

    def alike(self, stage: str) -> tuple[str, ...]:
        """Return every stage that the public knows by the words of this one, none for one that is unknown."""
        here = self.stages.get(stage)
        return () if here is None else tuple(it.code for it in self.stages.values() if it.plain == here.plain)

    def by_words(self) -> dict[str, str]:
        """Return the words of each stage that differs for a reader -> the first stage that has them."""
        found: dict[str, str] = {}
        for it in self.stages.values():
            found.setdefault(it.plain, it.code)
        return found

    def moves(self, step: str) -> bool:
        """Return whether the step enters a stage."""
        return step == RESUMED or self.steps[step].stage is not None

    def _stage(self, code: str) -> Stage:
        if code not in self.stages:
            raise RuleBroken(f"{shown(code)} is not a stage.", field="stage")
        return self.stages[code]

    def _guards(self, effect: Effect, here: Stage, step: Step) -> list[Guard]:
        """Return the guards of a step taken from a stage, in the order of the table."""
        return [
            it
            for it in self.guards.get(step.code, ())
            if it.effect is effect and (not it.stages or here.code in it.stages)
        ]

    def _guard(self, effect: Effect, here: Stage, step: Step, setting: Setting, day: Day) -> Guard | None:
        """Return the first guard of that effect that holds."""
        guards = self._guards(effect, here, step)
        return next(
            (it for it in guards if procedure_guards.holds(it, setting, ended=here.final, day=day)), None
        )

    def _may_follow(self, step: Step, here: Stage, setting: Setting, history: Sequence[str]) -> bool:
        """Return whether the table lets the step follow; guards are not asked."""
        if step.code == RESUMED:
            return here.resumes and self._before(here.code, history) is not None
        lawful = self._lawful(here, setting, history)
        if step.code == DECIDED:
            return not lawful.isdisjoint(DECISIONS)
        return step.stage is None or step.stage in lawful

    def _may_follow_later(self, step: Step, here: Stage, setting: Setting, history: Sequence[str]) -> bool:
        """Return whether the step could follow if lawful steps that are not on record came between.

        A new complaint, and what a court begins anew, never count as missing: nobody overlooks them.
        """
        seen, waiting = {here.code, "lodged"}, [here.code]
        if here.resumes and (before := self._before(here.code, history)):
            waiting.append(before)
        for code in waiting:
            there, first = self.stages[code], code == here.code
            if not first and self._may_follow(step, there, setting, (*history, code)):
                return True
            if first or code != "decision_annulled":
                for following in self._lawful(there, setting, history if first else ()) - seen:
                    if not (self.steps[following].only_oss and setting.inside is Answer.NO):
                        seen.add(following)
                        waiting.append(following)
        return False

    def _lawful(self, here: Stage, setting: Setting, history: Sequence[str]) -> frozenset[str]:
        """Return the stages that may follow.

        Early resolution ends in a settlement before the authority lodged with, in a draft decision
        before the lead: Reg. (EU) 2025/2518 Art. 5(4). Who proposed it follows from the stage before;
        where that is not known, both stay open.
        """
        if here.code != "early_resolution":
            return here.next | here.next_here if setting.leads_itself else here.next
        before = self._before(here.code, history)
        if before == "admissible":
            return here.next - {"draft_decision"}
        acting = self.steps.get(before) if before else None
        by_lead = setting.inside is not Answer.NO and acting is not None and "lead" in acting.actors
        return here.next - {"settled"} if by_lead else here.next

    def _before(self, stage: str, history: Sequence[str]) -> str | None:
        """Return the last stage of the history to which a filing can go back, None where there is none."""
        earlier = (code for code in reversed(history) if code != stage and not self.stages[code].resumes)
        return next(earlier, None)

    def _refusal(
        self, stage: str, step: str, possible: Sequence[Step], hindrance: Hindrance | None, when: str | None
    ) -> str:
        here, wanted = self._stage(stage), self.steps.get(step)
        named = f"“{wanted.label}”" if wanted else shown(step)
        told = hindrance.words if hindrance else ""
        why = f". {told[:-1] if told.endswith('.') else told}. " if told else ": "
        moves = "".join(f"“{it.label}”, " for it in possible if self.moves(it.code))
        there = f"{when}, when the filing stood" if when else "while the filing stands"
        now = f"ossible {'then were' if when else 'now are'} "
        return (
            f"{named} is not possible {there} at “{here.plain}”{why}{'P' if told else 'p'}{now}"
            f"{moves}{'and ' if moves else 'only '}steps that leave the stage as it is."
        )
