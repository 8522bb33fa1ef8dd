"""Where a filing stands: stage and outcome from its updates, and both as a sentence for everybody."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rules.days import UNKNOWN_DAY, Day, how_long, in_order
from tracker.rules.procedure import FIRST_STAGE, Procedure, Stage, Step
from tracker.rules.vocabulary import Outcome, Precision

#: The public outcome of a filing of which no step tells a result and whose source knows more, or less.
NOT_KNOWN = "not_known"

#: How sources begin to say that there is no result yet.
STILL_PENDING = re.compile(
    r"\s*(still |mostly )?(open|pending|lodged|filed|ongoing|in progress|acknowledged|transmitted|forwarded"
    r"|passed on|transferred|under investigation|with the)\b",
    re.IGNORECASE,
)
UNKNOWN_AUTHORITY = "an authority that is not known"

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.PENDING: "no result yet",
    Outcome.WON: "complaint upheld",
    Outcome.PARTLY_WON: "complaint upheld in part",
    Outcome.LOST: "complaint rejected",
    Outcome.WITHDRAWN: "complaint withdrawn",
    Outcome.SETTLED: "complaint settled",
    Outcome.NOT_RECORDED: "result not recorded",
}
#: The same in one word each, as tables have it.
OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.PENDING: "pending",
    Outcome.WON: "won",
    Outcome.PARTLY_WON: "partly won",
    Outcome.LOST: "lost",
    Outcome.WITHDRAWN: "withdrawn",
    Outcome.SETTLED: "settled",
    Outcome.NOT_RECORDED: "result not recorded",
}
#: The tone in which an outcome is shown, for the complainant; every other one is neutral.
TONES: Mapping[Outcome, str] = {Outcome.WON: "good", Outcome.PARTLY_WON: "mixed", Outcome.LOST: "bad"}
#: Stages that say that it ended, but not how.
ENDED = frozenset({"national_decision", "decided", "decision_confirmed", "closed"})


def outcome_label(outcome: Outcome) -> str:
    """Return how a filing ended, with what that means: "Won (complaint upheld)"."""
    name, words = OUTCOME_NAMES[outcome], OUTCOME_WORDS[outcome]
    opened = f"{name[:1].upper()}{name[1:]}"
    return opened if name == words else f"{opened} ({words})"


@dataclass(frozen=True, slots=True)
class Entry:
    """What one update means for one filing.

    `stage_entered` may be left out: it follows from the step. A `corrected` entry no longer counts,
    because a later update corrects it; that one has its `place` among the entries of the same day. `actor` is
    the slug of the authority that acted, None for anybody else.
    """

    step: str | None
    stage_entered: str | None
    day: Day
    number: int
    outcome: Outcome | None = None
    corrected: bool = False
    place: int | None = None
    actor: str | None = None

    @property
    def order(self) -> int:
        """Return the number that counts where the day does not tell: that of the entry it corrects."""
        return self.number if self.place is None else self.place


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a filing stands. `entered_by` is the number of the update that led there."""

    stage: str
    since: Day
    outcome: Outcome
    entered_by: int | None
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event in an imported file: its words, and the step that it is where that is certain."""

    kind: str
    label: str
    step: str | None
    outcome: Outcome | None


def standing(entries: Sequence[Entry], procedure: Procedure) -> Standing:
    """Return where a filing stands after its updates, which may come in any order."""
    return course(entries, procedure)[-1]


def course(entries: Sequence[Entry], procedure: Procedure) -> list[Standing]:
    """Return where a filing stood before anything happened to it, and after each of its updates.

    They count in the order in which they happened (days.in_order). Whether a step was lawful is not
    asked. A stage that is entered twice in a row with the same outcome began the first time. Before
    any entry the filing is still being drafted.
    """
    now = Standing(FIRST_STAGE, UNKNOWN_DAY, Outcome.PENDING, None, (FIRST_STAGE,))
    stood = [now]
    for entry in that_count(entries):
        step = procedure.steps.get(entry.step) if entry.step else None
        follows = procedure.entered(step.code, now.stage, now.history) if step else None
        stage = entry.stage_entered or follows
        outcome = entry.outcome or (step.outcome if step else None)
        if outcome is None:
            # Whoever goes back to an open stage waits again, whatever had been decided.
            waits = stage is not None and procedure.stages[stage].mark == "open"
            outcome = Outcome.PENDING if waits else now.outcome
        moved = stage is not None and (stage != now.stage or outcome != now.outcome)
        now = Standing(
            stage=stage or now.stage,
            since=entry.day if moved else now.since,
            outcome=outcome,
            entered_by=entry.number if moved else now.entered_by,
            history=(*now.history, stage) if stage and stage != now.stage else now.history,
        )
        stood.append(now)
    return stood


def that_count(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that nothing corrects, as they happened."""
    counting = [entry for entry in entries if not entry.corrected]
    return in_order(counting, day=lambda it: it.day, number=lambda it: it.order)


def imported_step(
    kind: str, *, oss: bool, fined: bool, kinds: Mapping[str, EventKind]
) -> tuple[str | None, Outcome | None]:
    """Return the step and outcome of an imported event; (None, None) where it is only kept in the protocol.

    A `decision` says too little by itself: with a fine inside the one-stop shop the complaint was upheld
    (Art 60(7)); outside it is a national decision; without a fine inside nobody can say which kind it is.
    """
    if kind == "decision":
        if not oss:
            return "national_decision", Outcome.NOT_RECORDED
        return ("final_upheld", Outcome.WON) if fined else ("decided", Outcome.NOT_RECORDED)
    known = kinds.get(kind)
    return (known.step, known.outcome) if known else (None, None)


def outcome_words(code: str) -> str:
    """Return the words for an outcome in public, also for that which is not known."""
    return "result not known" if code == NOT_KNOWN else OUTCOME_WORDS[Outcome(code)]


def says_otherwise(status: str | None) -> bool:
    """Return whether the words of a source for the status of a filing are others than that it is pending.

    "unknown" is: nobody may read that a complaint is pending only because the source does not know.
    """
    return bool(status) and not STILL_PENDING.match(status or "")


def kind_label(kind: str, kinds: Mapping[str, EventKind]) -> str:
    """Return the words for a kind of event, also for one that nobody has described."""
    known = kinds.get(kind)
    return known.label if known else kind.replace("_", " ").strip().capitalize()


def status_sentence(
    *,
    stage: Stage,
    since: Day,
    outcome: Outcome,
    lodged: Day,
    today: date,
    lodged_with: str | None,
    lead: str | None,
    handling: str | None = None,
    entered_by: str | None = None,
) -> str:
    """Return where the filing stands in one public sentence, with the time it has been pending or took.

    Authorities come as words ("the Dutch AP"), None where not known. `handling` decides where there is
    no lead; `entered_by` is the authority by whose act the stage was entered, where that is known.
    """
    sentence = stage.sentence.format_map(
        slots(since, outcome, lodged_with=lodged_with, lead=lead, handling=handling, entered_by=entered_by)
    )
    return f"{sentence[:1].upper()}{sentence[1:]}{_time(stage, since, outcome, lodged, today)}."


def slots(
    since: Day,
    outcome: Outcome,
    *,
    lodged_with: str | None,
    lead: str | None,
    handling: str | None,
    entered_by: str | None,
) -> dict[str, str]:
    """Return the words for every slot that the sentence of a stage may have.

    `by_...` is the authority that acted, or else the one that acts there as a rule; `since` brings the
    space before it along, because it is empty where the day is not known.
    """
    receiving = lodged_with or UNKNOWN_AUTHORITY
    leading = lead or handling or "the lead authority"
    dealing = handling or lead or receiving
    return {
        "lodged_with": receiving,
        "lead": leading,
        "handling": dealing,
        "by_lodged_with": entered_by or receiving,
        "by_lead": entered_by or leading,
        # Nobody passes a complaint on to itself: then it was the lead that told us.
        "passed_on_by": entered_by if entered_by and entered_by != lead else receiving,
        "by_handling": entered_by or dealing,
        "by_national": entered_by or handling or receiving,
        "when": since.when,
        # We are told that it was passed on, on that day or some time after it.
        "latest": f"no later than {since.words}" if since.value else since.when,
        "since": f" since {since.words}" if since.value else "",
        "result": OUTCOME_WORDS[Outcome.NOT_RECORDED if outcome is Outcome.PENDING else outcome],
    }


def step_sentence(step: Step, *, actor: str, authority: str | None, lead: str | None) -> str:
    """Return what happened in public words: "Passed on to the Irish DPC by the Dutch AP"."""
    words = step.sentence.format_map(
        {"actor": actor, "authority": authority or UNKNOWN_AUTHORITY, "lead": lead or "the lead authority"}
    )
    return f"{words[:1].upper()}{words[1:]}"


def _time(stage: Stage, since: Day, outcome: Outcome, lodged: Day, today: date) -> str:
    """Return "; pending for 2 years", "; it took 4 years", or nothing where neither can be said."""
    if stage.code == FIRST_STAGE:
        return ""
    if stage.phase != "complete":
        if outcome is not Outcome.PENDING:
            return ""
        pending = how_long(lodged, Day(today, Precision.DAY))
        return f"; pending for {pending}" if pending else "; pending"
    took = how_long(lodged, since) if stage.mark != "bar" else None
    return f"; it took {took}" if took else ""
