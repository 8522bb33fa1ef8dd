"""What the public reads about filings and cases: computed from the stored facts on the day of reading."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tracker.reference import tables
from tracker.reference.authorities import authorities, short_name, spoken
from tracker.rules.days import Day, earliest, how_long
from tracker.rules.positions import HAS_DECISION
from tracker.rules.routing import DISPUTED
from tracker.rules.standing import ENDED, OUTCOME_WORDS, TONES, status_sentence
from tracker.rules.vocabulary import Outcome, Precision
from tracker.services.public_site_positions import (
    decided_in_part,
    has_result,
    is_partly,
    is_pending,
    is_unclear,
    position_of,
    with_open,
)
from tracker.services.public_site_records import AFiling, AnUpdate

#: Where a sentence ends: after a word of four letters or more, so not within "Art. 5" or "Meta Inc. says".
END_OF_SENTENCE = re.compile(r"(?<=[\w)”\"]{4}[.!?])\s+(?=[A-Z“\"])|\n+")

#: How many different routes of one case are drawn with their reasons.
MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Named:
    """An authority as a label needs it. `slug` is None where it is not known; `country` is a code."""

    slug: str | None
    short: str
    country: str


@dataclass(frozen=True, slots=True)
class State:
    """Where something stands: the shape of its mark, plain words, a tone for the colour."""

    mark: str
    words: str
    tone: str = "neutral"


@dataclass(frozen=True, slots=True)
class News:
    """One entry of a protocol in a line: its number, when, what happened, who acted.

    `actor` stands within a sentence ("the Irish DPC"), `opening` at the beginning of one ("The Irish DPC").
    Both are words of the program, unless `named` says that they are a name as somebody wrote it. `words` are
    the first sentence of those that were cleared, empty where there are none. `other_proceedings` is whether
    it tells of a decision about the same matter, and about none of the filings.
    """

    number: int
    day: Day
    what: str
    actor: str
    opening: str
    words: str
    named: bool = False
    other_proceedings: bool = False


@dataclass(frozen=True, slots=True)
class FilingRow:
    """A filing as a table shows it. `pending` is the time since the stage was entered, None when it ended.

    `moved` is whether the last news is another than that by which the stage was entered.
    """

    number: str
    authority: Named
    reference: str | None
    state: State
    since: Day
    pending: str | None
    lead: Named | None
    lead_presumed: bool
    last: News | None
    moved: bool


@dataclass(frozen=True, slots=True)
class Led:
    """Filings led by the same authority. `lead` None: none, or not known; no sentence: several reasons."""

    lead: Named | None
    presumed: bool
    sentence: str
    filings: tuple[FilingRow, ...]


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """Where a whole case stands: the words of `state` loud ("Pending for 2 years."), then sentences.

    `leading` says who leads, where that is the same for all; it comes before the others.
    """

    state: State
    leading: str
    sentences: tuple[str, ...]


@lru_cache(maxsize=1024)
def named(slug: str | None, country: str = "") -> Named:
    """Return the authority as a label needs it; without a slug "not known" in that country."""
    it = authorities().get(slug) if slug else None
    if it is None:
        return Named(slug, slug or ("not known" if country else "authority not known"), country)
    return Named(slug, short_name(it.abbr, it.name, it.country), it.country)


def state_of(filing: AFiling) -> State:
    """Return where a filing stands, as a word with its mark, and which claims were left open."""
    state = _state_of(filing)
    return State("half", with_open(state.words, filing), state.tone) if is_partly(filing) else state


def _state_of(filing: AFiling) -> State:
    stage = tables.procedure().stages.get(filing.stage)
    words = stage.plain if stage else filing.stage.replace("_", " ")
    if is_unclear(filing):
        return State("none", f"{words}, result not known")
    outcome = Outcome(filing.outcome)
    if stage is None:
        return State("none", words, TONES.get(outcome, "neutral"))
    if stage.code in ENDED and outcome is not Outcome.PENDING:
        words = f"{words}: {OUTCOME_WORDS[outcome]}"
    mark = "half" if stage.mark == "full" and outcome is Outcome.PARTLY_WON else stage.mark
    return State(mark, words, TONES.get(outcome, "neutral"))


def sentence_of(filing: AFiling, today: date, updates: Sequence[AnUpdate] = ()) -> str:
    """Return where a filing stands in one sentence, with the time it has been pending or took.

    `updates` is the protocol of its case in order: where nobody knows the result, the last entry is dated.
    """
    if is_unclear(filing):
        days = [it.day for it in updates if filing.number in it.filings] or [filing.since]
        last = f" The last entry is of {days[-1].words}." if days[-1].value else ""
        return f"No result is recorded here.{last}"
    stage = tables.procedure().stages.get(filing.stage)
    if stage is None:
        return f"{state_of(filing).words.capitalize()}."
    sentence = status_sentence(
        stage=stage,
        since=filing.since,
        outcome=Outcome(filing.outcome),
        lodged=filing.lodged,
        today=today,
        lodged_with=spoken(filing.authority),
        lead=_spoken_lead(filing),
        handling=spoken(filing.handling),
        entered_by=spoken(filing.entered_by_authority),
    )
    return " ".join((sentence, *decided_in_part([filing])))


def _spoken_lead(filing: AFiling) -> str | None:
    """Return "the Irish DPC", marked as presumed unless it was that authority itself that acted last."""
    lead = spoken(filing.lead)
    if filing.lead_presumed and filing.entered_by_authority != filing.lead:
        return f"{lead} (presumed to lead)"
    return lead


def row_of(filing: AFiling, updates: Sequence[AnUpdate], today: date) -> FilingRow:
    """Return a filing as a table shows it. `updates` is the protocol of its case in order."""
    mine = [it for it in updates if filing.number in it.filings]
    waits = how_long(filing.since, Day(today, Precision.DAY)) if is_pending(filing) else None
    moved = bool(mine) and not (mine[-1].day == filing.since and _enters(mine[-1], filing.stage))
    return FilingRow(
        number=filing.number,
        authority=named(filing.authority, filing.country),
        reference=filing.reference,
        state=state_of(filing),
        since=filing.since,
        pending=waits,
        lead=named(filing.lead) if filing.lead else None,
        lead_presumed=filing.lead_presumed,
        last=news(mine[-1]) if mine else None,
        moved=moved,
    )


def _enters(update: AnUpdate, stage: str) -> bool:
    """Return whether an entry is of the step that leads to the stage; which one a decision was, it tells."""
    if update.kind == "decision":
        return stage in ENDED or stage.startswith("final_")
    event = tables.event_kinds().get(update.kind)
    step = tables.procedure().steps.get((event.step if event else None) or update.kind)
    return step is not None and step.stage == stage


def routes_of(filings: Sequence[tuple[AFiling, FilingRow]]) -> tuple[Led, ...]:
    """Return the filings by who leads them and why; by who alone where the reasons are too many to read."""
    by_reason: dict[tuple[str | None, bool, str], list[FilingRow]] = {}
    for filing, row in filings:
        by_reason.setdefault((filing.lead, filing.lead_presumed, filing.lead_sentence), []).append(row)
    if len(by_reason) > MOST_REASONS:
        by_reason = _by_lead(by_reason)
    return tuple(
        Led(named(lead) if lead else None, presumed, why, tuple(rows))
        for (lead, presumed, why), rows in by_reason.items()
    )


def _by_lead(
    by_reason: Mapping[tuple[str | None, bool, str], Sequence[FilingRow]],
) -> dict[tuple[str | None, bool, str], list[FilingRow]]:
    """Return the same filings by lead, with the reason only where it is one."""
    reasons: dict[tuple[str | None, bool], list[str]] = {}
    for lead, presumed, why in by_reason:
        reasons.setdefault((lead, presumed), []).append(why)
    found: dict[tuple[str | None, bool, str], list[FilingRow]] = {}
    for (lead, presumed, why), rows in by_reason.items():
        only = why if len(reasons[lead, presumed]) == 1 else ""
        found.setdefault((lead, presumed, only), []).extend(rows)
    return found


def news(update: AnUpdate) -> News:
    """Return an entry of the protocol in a line."""
    first = END_OF_SENTENCE.split(update.words.strip(), maxsplit=1)[0]
    return News(
        number=update.number,
        day=update.day,
        what=update.label,
        actor=actor_of(update),
        opening=opening_of(update),
        words=first,
        named=spoken(update.actor_slug) is None,
        other_proceedings=update.other_proceedings,
    )


def actor_of(update: AnUpdate) -> str:
    """Return who acted: "the Irish DPC" for an authority of the directory, else the words of the entry."""
    return spoken(update.actor_slug) or update.actor


def opening_of(update: AnUpdate) -> str:
    """Return who acted as a line begins with it; a name that begins with a small letter keeps it."""
    authority = spoken(update.actor_slug)
    return f"{authority[:1].upper()}{authority[1:]}" if authority else update.actor


def first_lodged(filings: Sequence[AFiling]) -> Day:
    """Return the first day on which one of the filings was lodged, as precisely as known."""
    return earliest(it.lodged for it in filings)


def lodged_words(filings: Sequence[AFiling]) -> str:
    """Return "lodged on 6 June 2024 with 11 authorities", or as much of it as is known."""
    days = {it.lodged for it in filings}
    day = first_lodged(filings)
    when = "lodged" if day.value is None else f"{'' if len(days) == 1 else 'first '}lodged {day.when}"
    if len(filings) == 1:
        return f"{when} with {spoken(filings[0].authority) or 'an authority that is not known'}"
    # An authority that is not known is another one; two of them may be the same.
    if len({it.authority for it in filings}) != len(filings):
        return f"{when} in {len(filings)} filings"
    return f"{when} with {len(filings)} authorities"


def case_status(filings: Sequence[AFiling], today: date, updates: Sequence[AnUpdate] = ()) -> CaseStatus:
    """Return where a case stands: how long, who leads, how it ended where it did.

    `updates` is its protocol in order.
    """
    if not filings:
        return CaseStatus(State("none", "No filing of this case is public."), "", ())
    if len(filings) == 1:
        state = state_of(filings[0])
        return CaseStatus(State(state.mark, "", state.tone), "", (sentence_of(filings[0], today, updates),))
    waiting = [it for it in filings if is_pending(it)]
    ended = [it for it in filings if has_result(it)]
    unclear = [it for it in filings if is_unclear(it)]
    sentences = []
    if waiting:
        time = how_long(first_lodged(waiting), Day(today, Precision.DAY))
        for_long = f" for {time}" if time else ""
    if len(waiting) == len(filings):
        state = State("open", f"Pending{for_long}.")
    elif waiting:
        state = State("half", f"Pending in {len(waiting)} of {len(filings)} filings{for_long}.")
    elif unclear:
        state = _partly_known(ended, filings)
    else:
        state = _with_results(filings)
    leading = _led(waiting or filings, all_of_them=len(waiting) in (0, len(filings)))
    if ended:
        sentences.append(_outcomes(ended, all_of_them=len(ended) == len(filings)))
    sentences += decided_in_part(filings)
    if unclear:
        sentences.append(f"Result not known in {len(unclear)}: none is recorded here.")
    if waiting:
        which = "Filings by stage" if len(waiting) == len(filings) else "Pending"
        sentences.append(f"{which}: {_stages(waiting)}.")
    going_on = [it for it in ended if _goes_on(it)]
    if going_on:
        sentences.append(f"Still going on after the result: {_stages(going_on)}.")
    return CaseStatus(state, leading, tuple(sentences))


def _led(filings: Sequence[AFiling], *, all_of_them: bool) -> str:
    """Return who leads, with the reason where it is the same everywhere; nothing where several lead."""
    leads = {it.lead for it in filings}
    reasons = {it.lead_short for it in filings}
    leading = spoken(leads.pop()) if len(leads) == 1 else None
    if len(reasons) == 1 and "" not in reasons and all_of_them:
        return reasons.pop()
    if leading is None:
        return ""
    which = "All" if all_of_them else "The pending"
    disputed = [DISPUTED in it.lead_sentence for it in filings]
    some = "" if all(disputed) else " for some of them"
    doubt = f"; whether it leads is disputed{some}" if any(disputed) else ""
    if all(it.lead_presumed for it in filings):
        return f"{which} filings are presumed to be led by {leading}{doubt}."
    if any(it.lead_presumed for it in filings):
        return f"{which} filings are led, or presumed to be led, by {leading}{doubt}."
    return f"{which} filings are led by {leading}{doubt}."


def _goes_on(filing: AFiling) -> bool:
    """Return whether the filing is before a court or under measures, also where it has a result."""
    stage = tables.procedure().stages.get(filing.stage)
    return stage is not None and stage.phase != "complete"


def _partly_known(ended: Sequence[AFiling], filings: Sequence[AFiling]) -> State:
    if not ended:
        return State("none", "No result is recorded here.")
    return State(
        "half", f"{len(ended)} of {len(filings)} filings {'has' if len(ended) == 1 else 'have'} a result."
    )


def _with_results(filings: Sequence[AFiling]) -> State:
    outcomes = {Outcome(it.outcome) for it in filings}
    if outcomes == {Outcome.WITHDRAWN}:
        return State("bar", "Withdrawn.")
    all_of_them = f"{'both' if len(filings) == 2 else f'all {len(filings)}'} filings"
    partly = sum(map(is_partly, filings))
    if not all(position_of(it) in HAS_DECISION for it in filings):
        words = f"{all_of_them.capitalize()} have a result."
    elif partly == len(filings):
        words = f"Decided in part in {all_of_them}."
    else:
        in_part = f", in {partly} of them in part" if partly else ""
        words = f"Decided in {all_of_them}{in_part}."
    if len(outcomes) == 1:
        only = outcomes.pop()
        half = partly or only is Outcome.PARTLY_WON
        return State("half" if half else "full", words, TONES.get(only, "neutral"))
    mixed = Outcome.PARTLY_WON in outcomes or {Outcome.WON, Outcome.LOST} <= outcomes
    return State("half" if mixed or partly else "full", words, "mixed" if mixed else "neutral")


def _outcomes(filings: Sequence[AFiling], *, all_of_them: bool) -> str:
    """Return "Results: complaint upheld (2), complaint rejected (1)." in the order of the vocabulary."""
    counts = Counter(Outcome(it.outcome) for it in filings)
    told = [f"{OUTCOME_WORDS[it]} ({counts[it]})" for it in Outcome if counts[it]]
    return f"{'Results' if all_of_them else 'Results so far'}: {', '.join(told)}."


def _stages(filings: Sequence[AFiling]) -> str:
    """Return "lodged (10), with the lead authority (1)" with the most frequent first."""
    counts = Counter(_state_of(it).words for it in filings).most_common()
    return ", ".join(f"{words[:1].lower()}{words[1:]} ({count})" for words, count in counts)
