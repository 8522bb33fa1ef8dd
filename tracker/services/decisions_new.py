"""A decision as it is typed, and everything that can be wrong with it, each told beside its field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from tracker import clock
from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Case, CaseController, Claim, Filing, Proceeding
from tracker.reference import tables
from tracker.reference.authorities import authorities
from tracker.reference.names import is_language
from tracker.reference.places import countries
from tracker.rules import days, decisions, provisions
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.money import Money
from tracker.rules.text import shown
from tracker.rules.vocabulary import AppealStatus, DecisionType, Finding, Result
from tracker.services import standing

#: Letters of an ECLI that no list of states has: the EU, the Council of Europe, the European Patent Office,
#: and Greece and the United Kingdom as the EU writes them.
_BESIDES_STATES = frozenset({"EU", "CE", "EP", "EL", "UK"})


@dataclass(frozen=True, slots=True)
class NewFine:
    """A fine; against whom, where it is said: a controller of the case, or words."""

    money: Money
    controller: int | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """A corrective power of Art 58(2) by its letter, with what was ordered and until when."""

    letter: str
    words: str | None = None
    comply_by: date | None = None


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What is said of one claim (by its key) of one filing (by its number)."""

    filing: str
    claim: int
    finding: Finding
    words: str | None = None

    @property
    def said(self) -> bool:
        """Return whether it says anything: what is open and has no words is not kept."""
        return self.finding is not Finding.OPEN or bool(self.words)


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What the form for a decision holds. `decided_by` is a slug of the directory, or words for a court.

    `results` has every filing that it concerns, by number. `steps` are those that somebody chose among the
    possible ones. `irregular` says why a step is recorded although the procedure does not allow it there.
    """

    type: DecisionType
    decided_by: str
    decided: Day
    summary: str
    results: Mapping[str, Result]
    urgent: bool = False
    received: Day = UNKNOWN_DAY
    published: Day = UNKNOWN_DAY
    reference: str | None = None
    ecli: str | None = None
    language: str | None = None
    source: str | None = None
    findings: tuple[NewFinding, ...] = ()
    fines: tuple[NewFine, ...] = ()
    measures: tuple[NewMeasure, ...] = ()
    provisions: tuple[str, ...] = ()
    national: tuple[str, ...] = ()
    appeal: AppealStatus = AppealStatus.NONE_KNOWN
    appeal_to: str | None = None
    proceeding: int | None = None
    note: str | None = None
    irregular: str | None = None
    public_words: str | None = None
    steps: Mapping[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str | None:
        """Return the authority that decided, None for a court."""
        return self.decided_by if self.decided_by in authorities() else None


def faults(
    filings: Sequence[Filing], new: NewDecision, *, instead_of: Mapping[int, set[int]] | None = None
) -> list[RuleBroken]:
    """Return everything that is wrong with a decision on these filings, each with its field.

    What is wrong with one result has the field "results:C081-07", with one finding "findings:C081-07:KEY" (of
    the claim): whoever typed knows in which row that stands.
    `instead_of` has, by case, the numbers of the entries whose decision this one corrects.
    """
    found = [*_of_words(new), *_of_days(new)]
    found += _of_results(filings, new)
    found += _of_second(filings, new, instead_of or {})
    found += _of_claims(filings, new)
    found += _of_fines(filings, new)
    return found


def _of_words(new: NewDecision) -> Iterator[RuleBroken]:
    """Yield what is wrong with the head: who decided, number, ECLI, language, source, provisions."""
    try:
        decisions.check_decider(new.type, new.slug, urgent=new.urgent)
    except RuleBroken as refusal:
        yield refusal
    if new.ecli:
        try:
            yield from _of_ecli(decisions.read_ecli(new.ecli), new.decided)
        except RuleBroken as refusal:
            yield refusal
    if new.language and not is_language(new.language):
        yield RuleBroken(f"There is no language {shown(new.language)}.", field="language")
    if new.source and not new.source.lower().startswith(("https://", "http://")):
        yield RuleBroken("A web page begins with https:// or http://.", field="source")
    for code in new.provisions:
        try:
            provisions.read(code, tables.provisions(), field="provisions")
        except RuleBroken as refusal:
            yield refusal
    for it in new.measures:
        if it.letter not in decisions.MEASURES:
            yield RuleBroken(f"Art 58(2) has the letters a to j, not {shown(it.letter)}.", field="measures")
    if new.proceeding is not None and proceeding_key(new.proceeding) is None:
        yield RuleBroken(f"There is no proceeding {new.proceeding}.", field="proceeding")


def _of_ecli(ecli: str, decided: Day) -> Iterator[RuleBroken]:
    """Yield what is wrong with an ECLI of the right form: no state has its letters, or another year."""
    _, country, _, year, _ = ecli.split(":")
    if country not in _BESIDES_STATES and country not in countries():
        yield RuleBroken(f"No country has the letters {country} in an ECLI; the EU has EU.", field="ecli")
    elif decided.value is not None and int(year) != decided.value.year:
        yield RuleBroken(
            f"The year of an ECLI is that of the decision: it says {year}, and the decision is of "
            f"{decided.value.year}. Correct one of them.",
            field="ecli",
        )


def _of_days(new: NewDecision) -> Iterator[RuleBroken]:
    """Yield what is wrong with the days: not come yet, or in an order in which nothing can happen."""
    today = clock.today()
    for name in ("decided", "received", "published"):
        day: Day = getattr(new, name)
        if day.first is not None and day.first > today:
            yield RuleBroken(f"{day.words} has not come yet.", field=name)
    if new.decided.value is None:
        yield RuleBroken("Say when it was decided.", field="decided")
    for name, words in (("received", "received"), ("published", "made public")):
        day = getattr(new, name)
        if day.last and new.decided.first and day.last < new.decided.first:
            yield RuleBroken(
                f"It cannot have been {words} before it was decided ({new.decided.words}).", field=name
            )
    for place, it in enumerate(new.measures):
        if it.comply_by and new.decided.first and it.comply_by < new.decided.first:
            yield RuleBroken(
                f"{days.words(it.comply_by)} lies before the day of the decision ({new.decided.words}).",
                field=f"measures-{place}-comply_by",
            )


def _of_results(filings: Sequence[Filing], new: NewDecision) -> Iterator[RuleBroken]:
    known = {it.number for it in filings}
    for number, result in new.results.items():
        if number not in known:
            yield RuleBroken(f"{number} is not one of these filings.", field=f"results:{number}")
        elif (result in decisions.OF_A_COURT) and new.type is not DecisionType.JUDGMENT:
            yield RuleBroken(
                f"{number}: only a court confirms or annuls a decision: choose another result or type.",
                field=f"results:{number}",
            )
        elif not decisions.steps_for(new.type, result, urgent=new.urgent):
            yield RuleBroken(
                f"{number}: a final decision upholds or rejects the complaint, or each in part: say which.",
                field=f"results:{number}",
            )


def _of_second(
    filings: Sequence[Filing], new: NewDecision, instead_of: Mapping[int, set[int]]
) -> Iterator[RuleBroken]:
    """Yield a fault where a filing has a decision that ends it already, and no note says why there are two.

    An annulled one is none, and under Art 60(9) there is one decision for each part.
    """
    if new.note or new.urgent or new.type not in (DecisionType.FINAL, DecisionType.NATIONAL):
        return
    concerned = [it for it in filings if it.number in new.results]
    happened = standing.entries_of(concerned) if concerned else {}
    for filing in concerned:
        left_out = instead_of.get(filing.case_id, set())
        ended = None
        for it in days.in_order(happened[filing.id], day=lambda it: it.day, number=lambda it: it.order):
            if it.corrected or it.number in left_out:
                continue
            if it.step in decisions.ENDING:
                ended = it
            elif it.step == "decision_annulled":
                ended = None
        parts = ended and ended.step == "final_split" and new.results[filing.number] is Result.PARTLY
        if ended and not parts:
            yield RuleBroken(
                f"{filing.number} was decided already: entry {ended.number}, {ended.day.when}. Correct that "
                "decision, or say here why there is a second one.",
                field="note",
            )


def _of_claims(filings: Sequence[Filing], new: NewDecision) -> Iterator[RuleBroken]:
    """Yield a fault for each finding on a claim that the case of its filing does not have."""
    if not new.findings:
        return
    by_number = {it.number: it for it in filings}
    claims = {it.id: it for each in claims_of({it.case_id for it in filings}).values() for it in each}
    told: set[tuple[str, int]] = set()
    for it in new.findings:
        filing, claim = by_number.get(it.filing), claims.get(it.claim)
        beside = f"findings:{it.filing}:{it.claim}"
        if filing is None or it.filing not in new.results:
            yield RuleBroken(
                f"{it.filing} is not one of the filings that it concerns: give it a result above, or empty "
                "the row.",
                field=beside,
            )
        elif claim is None or claim.case_id != filing.case_id:
            named = f"the claim of Art {claim.provision}" if claim else "a claim"
            yield RuleBroken(
                f"{it.filing}: {named} is not in its case. Choose one of its claims, or add it there first.",
                field=beside,
            )
        elif (it.filing, it.claim) in told:
            yield RuleBroken(
                f"{it.filing}: two findings on the claim of Art {claim.provision}. Take one out.",
                field=beside,
            )
        told.add((it.filing, it.claim))


def _of_fines(filings: Sequence[Filing], new: NewDecision) -> Iterator[RuleBroken]:
    """Yield a fault for each fine against a controller that is in none of the cases."""
    named = {it.controller for it in new.fines if it.controller is not None}
    cases = {it.case_id for it in filings}
    query = sa.select(CaseController.controller_id).where(CaseController.case_id.in_(cases))
    known = set(db.session.scalars(query)) if named and cases else set()
    for place, it in enumerate(new.fines):
        if it.controller is not None and it.controller not in known:
            yield RuleBroken("That controller is not one of the case.", field=f"fines-{place}-controller")


def claims_of(case_ids: set[int]) -> dict[int, list[Claim]]:
    """Return the claims of cases by the key of the case, in their order."""
    found: dict[int, list[Claim]] = {it: [] for it in case_ids}
    query = sa.select(Claim).where(Claim.case_id.in_(case_ids)).order_by(Claim.case_id, Claim.position)
    for it in db.session.scalars(query) if case_ids else ():
        found[it.case_id].append(it)
    return found


def respondents_of(case_ids: set[int]) -> list[tuple[int, str]]:
    """Return key and name of each controller of some cases, in the order of the cases."""
    query = (
        sa.select(CaseController)
        .join(Case, Case.id == CaseController.case_id)
        .where(CaseController.case_id.in_(case_ids))
        .order_by(Case.id, CaseController.position)
        .options(sa.orm.joinedload(CaseController.controller))
    )
    rows = db.session.scalars(query).all() if case_ids else ()
    return list({it.controller_id: (it.controller_id, it.controller.name) for it in rows}.values())


def proceeding_key(number: int) -> int | None:
    """Return the key of a proceeding by its number, None for none."""
    key: int | None = db.session.scalar(sa.select(Proceeding.id).where(Proceeding.number == number))
    return key
