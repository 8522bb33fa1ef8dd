"""Decisions as they are read: those in force, what they say of each claim, and where filings differ."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.db import by_number, db
from tracker.errors import NotFound
from tracker.models import (
    Case,
    Claim,
    Decision,
    DecisionEntry,
    DecisionFiling,
    DecisionFinding,
    DecisionFine,
    Filing,
    ProceedingFiling,
    Update,
)
from tracker.rules import decisions as rules
from tracker.rules.vocabulary import DecisionType, Finding, Result
from tracker.services.decisions_entries import in_place_of

#: Decisions that only propose: what they say of a claim counts as long as nothing else does.
PROPOSING = frozenset({DecisionType.DRAFT, DecisionType.REVISED})


@dataclass(frozen=True, slots=True)
class Read:
    """A decision with the entries that stand for it now. `corrected_by` is the number of the one after it.

    It is in force unless another corrects it, or its entries were corrected into something else.
    """

    it: Decision
    entries: tuple[Update, ...]
    corrected_by: int | None
    corrects: int | None

    @property
    def in_force(self) -> bool:
        """Return whether it stands."""
        if self.corrected_by is not None:
            return False
        if not self.entries:
            return True
        ours = {each.filing_id for each in self.it.filings}
        return any(
            (not ours or any(each.filing_id in ours for each in entry.filings))
            and bool({entry.kind, *(each.step or "" for each in entry.filings)} & rules.MAY_DECIDE)
            for entry in self.entries
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """What is found on one claim of one filing, and by which decision; open where nobody recorded it."""

    finding: Finding
    words: str | None = None
    decision: int | None = None
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """Claims by filings. `cells` has every pair (key of the filing, key of the claim) that is not open."""

    claims: tuple[Claim, ...]
    filings: tuple[Filing, ...]
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)

    def cell(self, filing_id: int, claim_id: int) -> Cell:
        """Return what is found, open where nothing is."""
        return self.cells.get((filing_id, claim_id), Cell(Finding.OPEN))

    def differs(self, claim: Claim) -> bool:
        """Return whether filings have different findings on a claim. What is open is no finding yet."""
        found = {self.cell(it.id, claim.id).finding for it in self.filings}
        return len(found - {Finding.OPEN}) > 1


def _loaded(query: sa.Select[Decision]) -> sa.Select[Decision]:
    filings = selectinload(Decision.filings).joinedload(DecisionFiling.filing)
    return query.options(
        joinedload(Decision.proceeding),
        selectinload(Decision.entries),
        filings.joinedload(Filing.case),
        filings.selectinload(Filing.controllers),
        selectinload(Decision.findings).joinedload(DecisionFinding.claim),
        selectinload(Decision.fines).joinedload(DecisionFine.controller),
        selectinload(Decision.measures),
    )


def _read(rows: Sequence[Decision]) -> list[Read]:
    """Return decisions with what stands for them, by three statements however many there are."""
    ids = [it.id for it in rows]
    after: dict[int | None, int] = {}
    if ids:
        query = sa.select(Decision.corrects_id, Decision.number).where(Decision.corrects_id.in_(ids))
        after = {row.corrects_id: row.number for row in db.session.execute(query)}
    old = {it.corrects_id for it in rows if it.corrects_id}
    before: dict[int | None, int] = {}
    if old:
        numbers = sa.select(Decision.id, Decision.number).where(Decision.id.in_(old))
        before = {row.id: row.number for row in db.session.execute(numbers)}
    ends = in_place_of({each.update_id for it in rows for each in it.entries})
    return [
        Read(
            it,
            tuple({ends[each.update_id].id: ends[each.update_id] for each in it.entries}.values()),
            after.get(it.id),
            before.get(it.corrects_id),
        )
        for it in rows
    ]


def _in_case(case_id: int) -> sa.ColumnElement[bool]:
    through = sa.select(DecisionEntry.decision_id).join(Update, Update.id == DecisionEntry.update_id)
    about = sa.select(DecisionFiling.decision_id).join(Filing, Filing.id == DecisionFiling.filing_id)
    return sa.or_(
        Decision.id.in_(through.where(Update.case_id == case_id)),
        Decision.id.in_(about.where(Filing.case_id == case_id)),
    )


def by_day(read: Read) -> tuple[date, int]:
    """Return the place of a decision among others: by day, then by number."""
    return (read.it.decided.first or date.min, read.it.number)


def of_case(case_id: int) -> list[Read]:
    """Return every decision of a case, also those that do not stand any more, by day."""
    rows = db.session.scalars(_loaded(sa.select(Decision).where(_in_case(case_id)))).all()
    return sorted(_read(rows), key=by_day)


def of_proceeding(proceeding_id: int) -> list[Read]:
    """Return every decision in a proceeding, by day."""
    query = sa.select(Decision).where(Decision.proceeding_id == proceeding_id)
    return sorted(_read(db.session.scalars(_loaded(query)).all()), key=by_day)


def of_filing(read: Sequence[Read], filing_id: int) -> list[Read]:
    """Return those of the decisions of a case that concern one filing."""
    return [it for it in read if any(each.filing_id == filing_id for each in it.it.filings)]


def get_decision(number: int) -> Read:
    """Return one decision by its number. Raises NotFound."""
    rows = db.session.scalars(_loaded(sa.select(Decision).where(Decision.number == number))).all()
    if not rows:
        raise NotFound(f"There is no decision {number}.")
    return _read(rows)[0]


def entries_with(read: Sequence[Read]) -> dict[int, list[int]]:
    """Return by the key of an entry the numbers of the decisions in force that came in through it."""
    found: dict[int, list[int]] = {}
    for it in read:
        for entry in it.entries if it.in_force else ():
            found.setdefault(entry.id, []).append(it.it.number)
    return found


def matrix(claims: Sequence[Claim], filings: Sequence[Filing], read: Sequence[Read]) -> Matrix:
    """Return what is found on each claim of each filing by the last decision in force that says anything.

    What a draft proposes stands only where no decision says more. Nothing is guessed: a decision that upholds
    a complaint says nothing of its claims until somebody records that it does. What a court annulled is open
    again, and says so, until somebody decides anew.
    """
    cells: dict[tuple[int, int], Cell] = {}
    in_order = sorted((it for it in read if it.in_force), key=by_day)
    said = [(it, each) for it in in_order for each in it.it.findings if each.finding is not Finding.OPEN]
    gone = _annulled(in_order)
    for it, each in said:
        by = gone.get(each.filing_id)
        if by is not None and by_day(it) < by_day(by):
            words = f"{rules.FINDINGS[each.finding]} by decision {it.it.number}, which was annulled"
            cells[each.filing_id, each.claim_id] = Cell(Finding.OPEN, words, by.it.number)
    for it, each in sorted(said, key=lambda one: one[0].it.type not in PROPOSING):
        by = gone.get(each.filing_id)
        if by is None or by_day(it) >= by_day(by):
            proposed = it.it.type in PROPOSING
            cells[each.filing_id, each.claim_id] = Cell(each.finding, each.words, it.it.number, proposed)
    return Matrix(tuple(claims), tuple(filings), cells)


def _annulled(in_order: Sequence[Read]) -> dict[int, Read]:
    """Return by filing (its key) the judgment that annulled what was decided, unless one upheld it later."""
    found: dict[int, Read] = {}
    for it in in_order:
        for each in it.it.filings:
            if each.result is Result.ANNULLED:
                found[each.filing_id] = it
            elif each.result is Result.CONFIRMED:
                found.pop(each.filing_id, None)
    return found


def annulling(read: Read, filing_id: int, in_order: Sequence[Read]) -> Read | None:
    """Return the judgment by which a decision does not stand for a filing, None where it stands.

    A later one may have let it stand after all. Once the filing was decided anew, what courts say is about
    that decision, and this one stays as it was.
    """
    if read.it.type is DecisionType.JUDGMENT:
        return None
    by: Read | None = None
    for it in in_order:
        said = next((each.result for each in it.it.filings if each.filing_id == filing_id), None)
        if said is None or by_day(it) <= by_day(read):
            continue
        if said is Result.ANNULLED:
            by = it
        elif said is Result.CONFIRMED:
            by = None
        elif it.it.type is not DecisionType.JUDGMENT and it.it.type not in PROPOSING and by is not None:
            return by
    return by


def before_courts(read: Read) -> list[Read]:
    """Return the judgments in force that said later, of a filing of a decision, whether it stands."""
    if read.it.type in PROPOSING:
        return []
    ours = [it.filing_id for it in read.it.filings]
    said = sa.select(DecisionFiling.decision_id).where(
        DecisionFiling.filing_id.in_(ours), DecisionFiling.result.in_(rules.OF_A_COURT)
    )
    query = _loaded(sa.select(Decision).where(Decision.id.in_(said), Decision.id != read.it.id))
    found = _read(db.session.scalars(query).all()) if ours else []
    return sorted((it for it in found if it.in_force and by_day(it) > by_day(read)), key=by_day)


def find(
    *,
    authority: str = "",
    kind: str = "",
    year: int | None = None,
    text: str = "",
    page: int = 1,
    size: int | None = None,
) -> tuple[list[Read], int]:
    """Return the decisions that no other corrects, newest first, and how many there are.

    `text` is looked for in number, ECLI and summary. `size` None returns all.
    """
    correcting = sa.orm.aliased(Decision)
    query = sa.select(Decision).where(~sa.exists().where(correcting.corrects_id == Decision.id))
    if authority:
        query = query.where(Decision.decided_by_slug == authority)
    if kind:
        query = query.where(Decision.type == _type(kind))
    if year:
        query = query.where(Decision.decided_on.between(date(year, 1, 1), date(year, 12, 31)))
    for word in text.split():
        like = f"%{_escaped(word)}%"
        columns = (Decision.reference, Decision.ecli, Decision.summary, Decision.decided_by)
        query = query.where(sa.or_(*(it.ilike(like, escape="\\") for it in columns)))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Decision.decided_on.desc().nulls_last(), Decision.number.desc())
    if size is not None:
        query = query.limit(size).offset((page - 1) * size)
    return _read(db.session.scalars(_loaded(query)).all()), total


def _type(kind: str) -> DecisionType | None:
    known: Collection[str] = {it.value for it in DecisionType}
    return DecisionType(kind) if kind in known else None


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def cases_of(read: Read) -> list[Case]:
    """Return the cases of a decision: of its filings, and of its entries, by their number."""
    return cases_of_all([read])[read.it.id]


def filings_near(read: Read) -> list[int]:
    """Return the keys of the filings that a decision may concern: all of its cases, and of its proceeding."""
    cases = {it.filing.case_id for it in read.it.filings} | {it.case_id for it in read.entries}
    joined = sa.select(ProceedingFiling.filing_id).where(
        ProceedingFiling.proceeding_id == (read.it.proceeding_id or 0)
    )
    query = sa.select(Filing.id).where(sa.or_(Filing.case_id.in_(cases), Filing.id.in_(joined)))
    return list(db.session.scalars(query))


def through_entry(case_id: int, number: int) -> list[int]:
    """Return the numbers of the decisions in force that came in through an entry of a case."""
    return [
        it.it.number
        for it in of_case(case_id)
        if it.in_force and any(each.case_id == case_id and each.number == number for each in it.entries)
    ]


def cases_of_all(read: Sequence[Read]) -> dict[int, list[Case]]:
    """Return the cases of decisions by the key of the decision, by one statement."""
    wanted = {
        it.it.id: {each.filing.case_id for each in it.it.filings} | {each.case_id for each in it.entries}
        for it in read
    }
    ids = set().union(*wanted.values())
    query = sa.select(Case).where(Case.id.in_(ids)).order_by(*by_number(Case.number))
    found = list(db.session.scalars(query)) if ids else []
    return {key: [it for it in found if it.id in those] for key, those in wanted.items()}
