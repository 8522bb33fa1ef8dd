"""Decisions: what each kind is, which steps it may be, what an entry tells of one; the form of an ECLI.

A decision is recorded as what it says. The step that it is in the procedure of a filing follows from its type
and from what it says of that filing; where several are possible, the first that the procedure allows.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tracker.errors import RuleBroken
from tracker.rules.text import shown
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Outcome, ProceedingKind, Result

BOARD = "eu-edpb"
#: The kind of an imported event that is a judgment.
JUDGMENT_KIND = "court_judgment"
#: The steps of what a court says without confirming or annulling what was decided, the likeliest first.
JUDGMENTS = ("judgment", "inaction_decided", "article79_decided", "board_challenge_decided")

TYPES: Mapping[DecisionType, str] = MappingProxyType(
    {
        DecisionType.DRAFT: "Draft decision",
        DecisionType.REVISED: "Revised draft decision",
        DecisionType.BINDING: "Binding decision",
        DecisionType.FINAL: "Final decision",
        DecisionType.NATIONAL: "National decision",
        DecisionType.JUDGMENT: "Judgment",
    }
)
BASES: Mapping[DecisionType, str] = MappingProxyType(
    {
        DecisionType.DRAFT: "Art 60(3)",
        DecisionType.REVISED: "Art 60(5)",
        DecisionType.BINDING: "Art 65, 66",
        DecisionType.FINAL: "Art 60(7) to (9), 65(6)",
        DecisionType.NATIONAL: "Art 55, 57, 58",
        DecisionType.JUDGMENT: "Art 78, 79; Art 263, 267 TFEU",
    }
)
RESULTS: Mapping[Result, str] = MappingProxyType(
    {
        Result.OPEN: "not recorded",
        Result.UPHELD: "upheld",
        Result.PARTLY: "upheld in part",
        Result.REJECTED: "rejected",
        Result.CONFIRMED: "the decision stands",
        Result.ANNULLED: "the decision is annulled",
    }
)
#: What of these only a court can say.
OF_A_COURT = frozenset({Result.CONFIRMED, Result.ANNULLED})
FINDINGS: Mapping[Finding, str] = MappingProxyType(
    {
        Finding.OPEN: "open",
        Finding.UPHELD: "upheld",
        Finding.PARTLY: "upheld in part",
        Finding.REJECTED: "rejected",
        Finding.NOT_EXAMINED: "not examined",
    }
)
APPEALS: Mapping[AppealStatus, str] = MappingProxyType(
    {
        AppealStatus.NONE_KNOWN: "none known",
        AppealStatus.OPEN: "still possible",
        AppealStatus.LODGED: "lodged",
        AppealStatus.CONFIRMED: "decided: the decision stands",
        AppealStatus.ANNULLED: "decided: the decision was annulled",
        AppealStatus.FINAL: "not possible any more",
    }
)
KINDS: Mapping[ProceedingKind, str] = MappingProxyType(
    {
        ProceedingKind.AUTHORITY: "before an authority",
        ProceedingKind.COURT: "before a court",
        ProceedingKind.BOARD: "before the Board",
    }
)
#: The corrective powers of Art 58(2), by their letter.
MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "a": "warning that intended processing is likely to infringe",
        "b": "reprimand",
        "c": "order to comply with a request of the person",
        "d": "order to bring the processing into compliance",
        "e": "order to tell the person of a breach",
        "f": "limitation or ban of the processing",
        "g": "order to rectify, erase or restrict",
        "h": "withdrawal of a certification",
        "i": "fine (Art 83)",
        "j": "suspension of data flows to a third country",
    }
)

#: Decisions that only prepare another one: they settle nothing yet.
DRAFTS = frozenset({DecisionType.DRAFT.value, DecisionType.REVISED.value})
#: Those after which a complaint waits for its result still.
BEFORE_THE_RESULT = DRAFTS | {DecisionType.BINDING.value}

#: What an entry of that step, or an imported event of that kind, tells: the type of a decision, None where
#: the word alone does not say which. An entry of any other word is no decision.
DECIDES: Mapping[str, DecisionType | None] = MappingProxyType(
    {
        "draft_decision": DecisionType.DRAFT,
        "revised_draft": DecisionType.REVISED,
        "binding_decision": DecisionType.BINDING,
        "urgent_board_decision": DecisionType.BINDING,
        "urgent_binding_decision": DecisionType.BINDING,
        "final_upheld": DecisionType.FINAL,
        "final_rejected": DecisionType.FINAL,
        "final_split": DecisionType.FINAL,
        "national_decision": DecisionType.NATIONAL,
        "inadmissible": DecisionType.NATIONAL,
        "dismissal": DecisionType.NATIONAL,
        "urgency_measure": DecisionType.NATIONAL,
        "urgency_measure_art66": DecisionType.NATIONAL,
        "decision_confirmed": DecisionType.JUDGMENT,
        "decision_annulled": DecisionType.JUDGMENT,
        **dict.fromkeys((*JUDGMENTS, JUDGMENT_KIND), DecisionType.JUDGMENT),
        "decision": None,
        "decided": None,
    }
)
#: What may be a decision, and is taken for one only where somebody says what it says.
MAY_DECIDE = frozenset({*DECIDES, "formal_notice"})
#: Words of that list for what is done without waiting for the others, Art 66.
URGENT = frozenset(
    {"urgent_board_decision", "urgent_binding_decision", "urgency_measure", "urgency_measure_art66"}
)
#: Steps that end a complaint before the authority: of each filing one such decision stands.
ENDING = frozenset(
    {"inadmissible", "final_upheld", "final_rejected", "final_split", "national_decision", "decided"}
)
#: What a step by itself says of a filing; of another one the outcome tells.
_SAYS: Mapping[str, Result] = MappingProxyType(
    {
        "final_upheld": Result.UPHELD,
        "final_rejected": Result.REJECTED,
        "final_split": Result.PARTLY,
        "inadmissible": Result.REJECTED,
        "decision_confirmed": Result.CONFIRMED,
        "decision_annulled": Result.ANNULLED,
    }
)
_BY_OUTCOME: Mapping[Outcome | None, Result] = MappingProxyType(
    {Outcome.WON: Result.UPHELD, Outcome.PARTLY_WON: Result.PARTLY, Outcome.LOST: Result.REJECTED}
)
_OUTCOMES: Mapping[Result, Outcome] = MappingProxyType(
    {
        Result.UPHELD: Outcome.WON,
        Result.PARTLY: Outcome.PARTLY_WON,
        Result.REJECTED: Outcome.LOST,
        Result.OPEN: Outcome.NOT_RECORDED,
    }
)
_FINAL: Mapping[Result, tuple[str, ...]] = MappingProxyType(
    {
        Result.UPHELD: ("final_upheld",),
        Result.PARTLY: ("final_split",),
        Result.REJECTED: ("final_rejected",),
    }
)
_ALWAYS: Mapping[DecisionType, tuple[str, ...]] = MappingProxyType(
    {
        DecisionType.DRAFT: ("draft_decision",),
        DecisionType.REVISED: ("revised_draft",),
        DecisionType.BINDING: ("binding_decision",),
    }
)
_COURT: Mapping[Result, tuple[str, ...]] = MappingProxyType(
    {Result.CONFIRMED: ("decision_confirmed",), Result.ANNULLED: ("decision_annulled",)}
)

_ECLI = re.compile(r"ECLI:([A-Z]{2}):[A-Z][A-Z0-9]{0,6}:[0-9]{4}:[A-Z0-9.]{1,25}")


def type_of(word: str, steps: Collection[str | None] = ()) -> DecisionType | None:
    """Return the type of a decision that an entry tells; None where nobody can say.

    `word` is the kind of the entry, `steps` are what it was for its filings: of a decision that the kind does
    not describe they tell the type where they all agree.
    """
    known = DECIDES.get(word)
    if known is not None or word not in DECIDES:
        return known
    told = {DECIDES.get(it) for it in steps if it}
    return told.pop() if len(told) == 1 else None


def is_decision(word: str, steps: Collection[str | None] = ()) -> bool:
    """Return whether an entry of that kind, or of those steps, tells of a decision."""
    return word in DECIDES or any(it in DECIDES for it in steps if it)


def result_of(step: str | None, outcome: Outcome | None) -> Result:
    """Return what an entry says of a filing by the step and the outcome that it had there."""
    if step is not None and step in _SAYS:
        return _SAYS[step]
    return _BY_OUTCOME.get(outcome, Result.OPEN) if step in DECIDES else Result.OPEN


def steps_for(kind: DecisionType, result: Result, *, urgent: bool = False) -> tuple[str, ...]:
    """Return the steps that a decision of that type may be for a filing, the likeliest first.

    None is left where the type needs a result and there is none: a final decision ends it somehow.
    """
    if kind is DecisionType.JUDGMENT:
        return _COURT.get(result, JUDGMENTS)
    if urgent:
        return ("urgent_board_decision",) if kind is DecisionType.BINDING else ("urgency_measure",)
    if kind is DecisionType.FINAL:
        return _FINAL.get(result, ())
    if kind is DecisionType.NATIONAL:
        rejected = ("inadmissible",) if result is Result.REJECTED else ()
        return ("national_decision", *rejected)
    return _ALWAYS[kind]


def outcome_for(step: str, result: Result) -> Outcome | None:
    """Return the outcome to be chosen with a step, None where the step itself says it or has none."""
    return _OUTCOMES[result] if step == "national_decision" else None


def check_decider(kind: DecisionType, slug: str | None, *, urgent: bool, field: str = "decided_by") -> None:
    """Raise RuleBroken where a decision of that type cannot come from that authority, or from no authority.

    Who decides makes the type: what only the Board, an authority or a court can do, no other body does.
    """
    if kind is DecisionType.JUDGMENT and slug is not None:
        raise RuleBroken(
            "A judgment is given by a court: name the court, or choose another type.", field=field
        )
    if kind is DecisionType.BINDING and slug != BOARD:
        raise RuleBroken(
            "A binding decision is one of the European Data Protection Board (Art 65, 66): choose the Board, "
            "or another type.",
            field=field,
        )
    if kind not in (DecisionType.JUDGMENT, DecisionType.BINDING) and (slug is None or slug == BOARD):
        raise RuleBroken(
            f"“{TYPES[kind]}” is that of an authority: choose it as the directory names it, or another type.",
            field=field,
        )
    if urgent and kind in (DecisionType.JUDGMENT, DecisionType.DRAFT, DecisionType.REVISED):
        raise RuleBroken(
            "Art 66 knows urgent measures of an authority and of the Board alone.", field="urgent"
        )


def read_ecli(typed: str, *, field: str = "ecli") -> str:
    """Return an ECLI in its one form: ECLI:FR:CECHR:2020:430810.20200619. Raises RuleBroken for another."""
    found = "".join(typed.split()).upper()
    match = _ECLI.fullmatch(found)
    if match is None:
        raise RuleBroken(
            f"{shown(typed)} is no ECLI. It has five parts with colons between them: the word ECLI, the "
            "country or EU, the court, the year and a number, such as ECLI:EU:C:2020:559.",
            field=field,
        )
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """A decision among those that one entry tells of: its number there, and its filings by their place."""

    reference: str | None
    filings: tuple[int, ...]


def told_apart(reference: str | None, known_under: Sequence[Collection[str]]) -> list[Part]:
    """Return the decisions that an entry with several numbers tells of, in the order of the numbers.

    `known_under` has for each filing of the entry the numbers under which others keep it. An entry that names
    "IN-18-5-5, IN-18-5-7" and two filings, of which each is kept under one of these, tells of two decisions.
    Where that does not come out even it is one decision.
    """
    whole = [Part(reference, tuple(range(len(known_under))))]
    numbers = [it.strip() for it in (reference or "").split(",")]
    if len(numbers) < 2 or not all(numbers) or len(set(numbers)) < len(numbers):
        return whole
    found: dict[str, list[int]] = {it: [] for it in numbers}
    for place, values in enumerate(known_under):
        those = [it for it in numbers if any(_names(value, it) for value in values)]
        if len(those) != 1:
            return whole
        found[those[0]].append(place)
    return [Part(it, tuple(places)) for it, places in found.items()] if all(found.values()) else whole


def _names(value: str, number: str) -> bool:
    """Return whether a number stands in a text as a word: 3/2022 in "Binding Decision 3/2022"."""
    return re.search(rf"(?<![\w/-]){re.escape(number)}(?![\w/-])", value) is not None
