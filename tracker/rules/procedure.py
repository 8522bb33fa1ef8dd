"""The procedure: which steps may follow where a filing stands, and where they lead.

Stages and steps are data (reference/stages.csv, reference/steps.csv); this module only reads them.
Updates that were imported do not come through here: what happened has happened.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tracker.errors import RuleBroken
from tracker.rules.text import shown
from tracker.rules.vocabulary import Outcome

#: Where a filing stands before anything has happened to it.
FIRST_STAGE = "drafted"
#: The step that leads back to where the filing stood before a stay or an early resolution.
RESUMED = "resumed"
#: What may be chosen where a step asks for an outcome.
DECISION_OUTCOMES = (Outcome.WON, Outcome.PARTLY_WON, Outcome.LOST, Outcome.NOT_RECORDED)

#: Whose act a step may be, in words; `any` is anybody's.
PARTIES: Mapping[str, str] = {
    "us": "the organisation that complains",
    "lodged_with": "the authority lodged with",
    "lead": "the lead authority",
    "handling": "the authority that handles the complaint",
    "board": "the Board",
    "court": "a court",
    "controller": "the controller",
}
NO_AUTHORITY = frozenset({"us", "court", "controller"})


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens to a filing.

    `stage` is the stage it enters; None leaves the stage as it is (but see RESUMED). `sentence` are public
    words with the slots {actor}, {authority} (lodged with) and {lead}. `actor` is who does it: us,
    lodged_with, lead, handling, board, court, controller or any. `outcome` is what it makes of the
    outcome, where that is certain. A step that is not `offered` only comes from imported files.
    """

    code: str
    label: str
    sentence: str
    stage: str | None
    actor: str
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
    the stage before may follow too. A `final` stage ends the complaint before the authority.
    """

    code: str
    label: str
    plain: str
    sentence: str
    phase: str
    mark: str
    next: frozenset[str]
    resumes: bool
    final: bool


def is_unexpected(step: Step, authority: str | None, parties: Mapping[str, Collection[str]]) -> bool:
    """Return whether an authority (None for anybody else) acts where the step is another party's.

    `parties` holds, by party, the authorities that may be it; none where that is not known, and then nothing
    is unexpected.
    """
    if authority is None or step.actor not in PARTIES:
        return False
    expected = parties.get(step.actor, ())
    return step.actor in NO_AUTHORITY or bool(expected) and authority not in expected


@dataclass(frozen=True, slots=True)
class Procedure:
    """The table of stages and steps, by code."""

    stages: Mapping[str, Stage]
    steps: Mapping[str, Step]

    def possible(self, stage: str, *, oss: bool, history: Sequence[str] = ()) -> list[Step]:
        """Return the steps that may be recorded now, in the order of the table.

        `oss` says whether the one-stop shop of Art 60 applies. `history` are the stages so far, oldest
        first, with or without the present one. Raises RuleBroken for a stage that does not exist.
        """
        here = self.stages.get(stage)
        if here is None:
            raise RuleBroken(f"{shown(stage)} is not a stage.", field="stage")
        return [step for step in self.steps.values() if self._may_follow(step, here, oss, history)]

    def after(
        self, stage: str, step: str, *, oss: bool, history: Sequence[str] = (), when: str | None = None
    ) -> str:
        """Return the stage after the step.

        Raises RuleBroken, naming what is possible, where the step may not be taken. `when` says on which
        earlier day the filing stood there ("on 1 July 2024"), None for where it stands now.
        """
        possible = self.possible(stage, oss=oss, history=history)
        if any(it.code == step for it in possible):
            return self.entered(step, stage, history) or stage
        raise RuleBroken(self._refusal(stage, step, possible, oss, when), field="step")

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

    def _may_follow(self, step: Step, here: Stage, oss: bool, history: Sequence[str]) -> bool:
        if not step.offered or (step.only_oss and not oss):
            return False
        if step.code == RESUMED:
            return here.resumes and self._before(here.code, history) is not None
        return step.stage is None or step.stage in self._lawful(here, oss, history)

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

    def _lawful(self, here: Stage, oss: bool, history: Sequence[str]) -> frozenset[str]:
        """Return the stages that may follow.

        Early resolution ends in a settlement before the authority lodged with, in a draft decision
        before the lead: Reg. (EU) 2025/2518 Art. 5(4). Who proposed it follows from the stage before;
        where that is not known, both stay open.
        """
        if here.code != "early_resolution":
            return here.next
        before = self._before(here.code, history)
        if before == "admissible":
            return here.next - {"draft_decision"}
        acting = self.steps.get(before) if before else None
        by_lead = oss and acting is not None and acting.actor in ("lead", "handling")
        return here.next - {"settled"} if by_lead else here.next

    def _before(self, stage: str, history: Sequence[str]) -> str | None:
        """Return the last stage of the history to which a filing can go back, None where there is none."""
        earlier = (code for code in reversed(history) if code != stage and not self.stages[code].resumes)
        return next(earlier, None)

    def moves(self, step: str) -> bool:
        """Return whether the step enters a stage."""
        return step == RESUMED or self.steps[step].stage is not None

    def _refusal(self, stage: str, step: str, possible: Sequence[Step], oss: bool, when: str | None) -> str:
        here, wanted = self.stages[stage], self.steps.get(step)
        named = f"“{wanted.label}”" if wanted else shown(step)
        outside = " and outside the one-stop shop (Art 60)" if wanted and wanted.only_oss and not oss else ""
        moves = "".join(f"“{it.label}”, " for it in possible if self.moves(it.code))
        there = f"{when}, when the filing stood" if when else "while the filing stands"
        return (
            f"{named} is not possible {there} at “{here.plain}”{outside}: "
            f"possible {'then were' if when else 'now are'} {moves}{'and ' if moves else 'only '}"
            "steps that leave the stage as it is."
        )
