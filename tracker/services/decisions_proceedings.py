"""Proceedings: what an authority, the Board or a court runs, with the filings that it joins."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker import clock
from tracker.db import by_number, db
from tracker.errors import NotFound, RuleBroken, Stale
from tracker.models import Filing, Proceeding, ProceedingFiling
from tracker.reference.authorities import authorities, label
from tracker.rules import decisions as rules
from tracker.rules.access import Actor
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.vocabulary import ProceedingKind
from tracker.services import journal


@dataclass(frozen=True, slots=True)
class NewProceeding:
    """What the form for a proceeding holds. `body` is a slug of the directory, or words for a court."""

    kind: ProceedingKind
    body: str
    filings: tuple[str, ...]
    reference: str | None = None
    opened: Day = field(default=UNKNOWN_DAY)
    parties: str | None = None
    costs: str | None = None
    note: str | None = None
    source: str | None = None
    #: The number of the proceeding whose decision is looked at in this one.
    follows: int | None = None

    @property
    def slug(self) -> str | None:
        """Return the authority before which it is, None for a court."""
        return self.body if self.body in authorities() else None


def open_proceeding(new: NewProceeding, *, by: Actor) -> Proceeding:
    """Note a proceeding with the filings that it joins, and return it.

    Raises RuleBroken, naming the field: no filing, or one that does not exist; a day that has not come; a
    body that is not of its kind; a number that the same body has for another proceeding; an instance before
    it that does not exist.
    """
    filings = _checked(new, None)
    row = Proceeding(
        number=(db.session.scalar(sa.select(sa.func.max(Proceeding.number))) or 0) + 1,
        key=None,
        verified=None,
        recorded_at=clock.now(),
        recorded_by=by.key,
        **_said(new),
    )
    db.session.add(row)
    db.session.flush()
    _join(row, filings)
    _note("proceeding.open", row, filings, by=by)
    return row


def amend_proceeding(number: int, new: NewProceeding, *, seen: int, by: Actor) -> Proceeding:
    """Change what is noted of a proceeding, and which filings it joins; return it.

    Raises Stale where somebody changed it since version `seen`, and RuleBroken as open_proceeding does.
    """
    row = get_proceeding(number)
    if row.version != seen:
        raise Stale("Somebody else changed this proceeding while you were writing.", theirs=[row])
    before = [it.filing for it in row.filings]
    filings = _checked(new, row)
    for name, value in _said(new).items():
        setattr(row, name, value)
    # Where only the filings changed, it is another version all the same.
    sa.orm.attributes.flag_modified(row, "body")
    db.session.execute(sa.delete(ProceedingFiling).where(ProceedingFiling.proceeding_id == row.id))
    db.session.flush()
    _join(row, filings)
    _note("proceeding.amend", row, list({it.id: it for it in (*before, *filings)}.values()), by=by)
    db.session.expire(row, ["filings"])
    return row


def _said(new: NewProceeding) -> dict[str, object]:
    return {
        "kind": new.kind,
        "body": label(new.slug) if new.slug else new.body,
        "body_slug": new.slug,
        "reference": new.reference,
        "opened_on": new.opened.value,
        "opened_precision": new.opened.precision,
        "parties": new.parties,
        "costs": new.costs,
        "note": new.note,
        "source": new.source,
        "follows_id": _key(new.follows) if new.follows is not None else None,
    }


def _key(number: int) -> int | None:
    found: int | None = db.session.scalar(sa.select(Proceeding.id).where(Proceeding.number == number))
    return found


def _checked(new: NewProceeding, row: Proceeding | None) -> Sequence[Filing]:
    """Return the filings that it joins. Raises RuleBroken."""
    if new.opened.first is not None and new.opened.first > clock.today():
        raise RuleBroken(f"{new.opened.words} has not come yet.", field="opened")
    fits = {
        ProceedingKind.BOARD: new.slug == rules.BOARD,
        ProceedingKind.AUTHORITY: new.slug is not None and new.slug != rules.BOARD,
        ProceedingKind.COURT: new.slug is None,
    }
    if not fits[new.kind]:
        what = {
            ProceedingKind.BOARD: "Choose the European Data Protection Board, or another kind.",
            ProceedingKind.AUTHORITY: "Choose an authority of the directory, or another kind.",
            ProceedingKind.COURT: "That is an authority: name the court, or choose another kind.",
        }
        raise RuleBroken(what[new.kind], field="body")
    if new.source and not new.source.lower().startswith(("https://", "http://")):
        raise RuleBroken("A web page begins with https:// or http://.", field="source")
    if new.reference:
        same = sa.select(Proceeding.number).where(
            Proceeding.reference == new.reference,
            Proceeding.body == (label(new.slug) if new.slug else new.body),
            Proceeding.id != (row.id if row else 0),
        )
        if (number := db.session.scalar(same)) is not None:
            raise RuleBroken(f"That is the number of proceeding {number} already.", field="reference")
    if new.follows is not None:
        key = _key(new.follows)
        if key is None or (row is not None and _comes_after(key, row.id)):
            raise RuleBroken("Choose a proceeding that went before this one.", field="follows")
    if not new.filings:
        raise RuleBroken("Choose at least one filing.", field="filings")
    query = sa.select(Filing).where(Filing.number.in_(new.filings)).order_by(*by_number(Filing.number))
    found = db.session.scalars(query.options(joinedload(Filing.case))).all()
    if missing := sorted(set(new.filings) - {it.number for it in found}):
        raise RuleBroken(f"There is no filing {missing[0]}.", field="filings")
    return found


def _comes_after(key: int, first: int) -> bool:
    """Return whether a proceeding is this one, or follows from it in turn."""
    seen: set[int] = set()
    here: int | None = key
    while here is not None and here not in seen:
        if here == first:
            return True
        seen.add(here)
        here = db.session.scalar(sa.select(Proceeding.follows_id).where(Proceeding.id == here))
    return False


def _join(row: Proceeding, filings: Sequence[Filing]) -> None:
    for place, it in enumerate(filings):
        db.session.add(ProceedingFiling(proceeding_id=row.id, filing_id=it.id, position=place))
    db.session.flush()


def _note(act: str, row: Proceeding, filings: Sequence[Filing], *, by: Actor) -> None:
    for it in filings:
        detail: dict[str, object] = {"proceeding": row.number}
        if act == "proceeding.open":
            journal.note("proceeding.open", it.number, by=by, case_id=it.case_id, detail=detail)
        else:
            journal.note("proceeding.amend", it.number, by=by, case_id=it.case_id, detail=detail)


def _loaded(query: sa.Select[Proceeding]) -> sa.Select[Proceeding]:
    filings = selectinload(Proceeding.filings).joinedload(ProceedingFiling.filing)
    return query.options(joinedload(Proceeding.follows), filings.joinedload(Filing.case))


def get_proceeding(number: int) -> Proceeding:
    """Return a proceeding with its filings and the one that it follows. Raises NotFound."""
    found = db.session.scalars(_loaded(sa.select(Proceeding).where(Proceeding.number == number))).first()
    if found is None:
        raise NotFound(f"There is no proceeding {number}.")
    return found


def proceedings() -> Sequence[Proceeding]:
    """Return all proceedings, the newest first."""
    return db.session.scalars(_loaded(sa.select(Proceeding).order_by(Proceeding.number.desc()))).all()


def joining(filing_ids: Collection[int]) -> Sequence[Proceeding]:
    """Return the proceedings that join one of these filings, in the order of their numbers."""
    those = sa.select(ProceedingFiling.proceeding_id).where(ProceedingFiling.filing_id.in_(filing_ids))
    query = sa.select(Proceeding).where(Proceeding.id.in_(those)).order_by(Proceeding.number)
    return db.session.scalars(_loaded(query)).all() if filing_ids else []


def after(proceeding_id: int) -> Sequence[Proceeding]:
    """Return the proceedings that follow one: the next instances."""
    query = sa.select(Proceeding).where(Proceeding.follows_id == proceeding_id).order_by(Proceeding.number)
    return db.session.scalars(query).all()


def offered(filing_ids: Collection[int]) -> list[tuple[int, str]]:
    """Return number and words of the proceedings that join one of these filings, to choose from."""
    return [(it.number, called(it)) for it in joining(filing_ids)]


def called(it: Proceeding) -> str:
    """Return what a proceeding is called: "IN-18-5-5, DPC · Ireland", or "Proceeding 3, High Court"."""
    body = label(it.body_slug) if it.body_slug else it.body
    return f"{it.reference or f'Proceeding {it.number}'}, {body}"


def filings_of_cases(it: Proceeding) -> Sequence[Filing]:
    """Return all filings of the cases of which a proceeding joins one, by number: those to choose from."""
    cases = {each.filing.case_id for each in it.filings}
    query = sa.select(Filing).where(Filing.case_id.in_(cases)).order_by(*by_number(Filing.number))
    return db.session.scalars(query).all() if cases else []
