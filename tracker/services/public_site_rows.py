"""Public cases as rows of a list, read as columns and not as objects."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from tracker import clock
from tracker.db import by_number, db
from tracker.models import PublishedCase, PublishedFiling, PublishedLine, PublishedUpdate
from tracker.rules.days import Day, how_long
from tracker.rules.positions import Position
from tracker.rules.vocabulary import Precision
from tracker.services.public_site_positions import is_pending, position_of
from tracker.services.public_site_records import open_claims_of
from tracker.services.public_site_search import Place
from tracker.services.public_site_words import (
    News,
    State,
    case_status,
    first_lodged,
    lodged_words,
    news,
    state_of,
)

_WORDS = {
    Position.PENDING: "pending",
    Position.PARTLY: "decided in part",
    Position.DECIDED: "with a result",
    Position.ENDED: "with a result",
    Position.UNCLEAR: "not known",
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as the list shows it. `marks` are the shapes of its filings, in order.

    `titles` are those that were cleared in other languages, by language; `place` says where the words were
    found that somebody looked for.
    """

    number: str
    title: str
    language: str
    titles: dict[str, str]
    ngo: str
    controllers: tuple[str, ...]
    project: str
    first_lodged: Day
    lodged: str
    filings: int
    marks: tuple[str, ...]
    marks_words: str
    state: State
    last: News | None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """What a row needs of a filing."""

    number: str
    case_number: str
    authority: str | None
    stage: str
    since_on: date | None
    since_precision: Precision
    outcome: str
    lodged_on: date | None
    lodged_precision: Precision
    lead: str | None
    lead_presumed: bool
    lead_short: str
    country: str = ""
    reference: str | None = None
    entered_by_authority: str | None = None
    handling: str | None = None
    lead_sentence: str = ""
    open_claims: tuple[str, ...] = ()
    lodged: Day = field(init=False)
    since: Day = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lodged", Day(self.lodged_on, self.lodged_precision))
        object.__setattr__(self, "since", Day(self.since_on, self.since_precision))


def facts_of(row: PublishedFiling, left: tuple[str, ...]) -> FilingFacts:
    """Return a row of the public store as facts; `left` are its claims that are open."""
    columns = (it.name for it in fields(FilingFacts) if it.init and it.name != "open_claims")
    return FilingFacts(**{it: getattr(row, it) for it in columns}, open_claims=left)


#: The columns that are read, in the order of the fields; for the single filing of a case its sentence is not.
_FILING = [
    getattr(PublishedFiling, name)
    for name in (
        "number case_number authority stage since_on since_precision outcome lodged_on lodged_precision "
        "lead lead_presumed lead_short"
    ).split()
]


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What a row needs of an entry of the protocol."""

    case_number: str
    number: int
    happened_on: date | None
    happened_precision: Precision
    label: str
    actor: str
    actor_slug: str | None
    words: str
    other_proceedings: bool
    day: Day = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "day", Day(self.happened_on, self.happened_precision))


ENTRY = [
    getattr(PublishedUpdate, name)
    for name in (
        "case_number number happened_on happened_precision label actor actor_slug words other_proceedings"
    ).split()
]


def line_of(entry: EntryFacts) -> News:
    """Return an entry of the protocol in a line."""
    return news(cast(PublishedUpdate, entry))


def rows_of(numbers: Sequence[str], places: dict[str, Place] | None = None) -> tuple[CaseRow, ...]:
    """Return the public cases with these numbers as rows, in their order, in three SQL statements for all."""
    if not numbers:
        return ()
    case = PublishedCase
    columns = (
        case.number, case.title, case.language, case.texts, case.ngo, case.controllers, case.project,
        case.claims,
    )  # fmt: skip
    cases = {it.number: it for it in db.session.execute(sa.select(*columns).where(case.number.in_(numbers)))}
    filings: dict[str, list[FilingFacts]] = defaultdict(list)
    query = sa.select(*_FILING).where(PublishedFiling.case_number.in_(numbers))
    left = {number: claims for it in cases.values() for number, claims in open_claims_of(it.claims).items()}
    for row in db.session.execute(query.order_by(*by_number(PublishedFiling.number))):
        filings[row.case_number].append(FilingFacts(**row._mapping, open_claims=left.get(row.number, ())))
    last = {it.case_number: it for it in last_entries(PublishedLine.case_number.in_(numbers))}
    found = (_row(cases[it], filings[it], last.get(it)) for it in numbers if it in cases)
    where = places or {}
    return tuple(replace(it, place=where[it.number]) if it.number in where else it for it in found)


def last_entries(*conditions: sa.ColumnElement[bool], limit: int | None = None) -> list[EntryFacts]:
    """Return the last entry of every case whose line fulfils the conditions, the newest first."""
    line, update = PublishedLine, PublishedUpdate
    joined = sa.and_(update.case_number == line.case_number, update.number == line.last_number)
    query = sa.select(*ENTRY).select_from(line).join(update, joined).where(*conditions)
    query = query.order_by(line.last_on.desc(), line.rank.desc()).limit(limit)
    return [EntryFacts(*row) for row in db.session.execute(query)]


def titles_of(texts: dict[str, Any]) -> dict[str, str]:
    """Return the titles that were cleared in other languages, by language."""
    return {language: it["title"] for language, it in texts.items() if it.get("title")}


def _row(case: Any, filings: Sequence[FilingFacts], last: EntryFacts | None) -> CaseRow:
    status = case_status(filings, clock.today())
    counted = f"{len(filings)} filing{'' if len(filings) == 1 else 's'}"
    state = _state_of_one(filings[0]) if len(filings) == 1 else status.state
    return CaseRow(
        number=case.number,
        title=case.title,
        language=case.language,
        titles=titles_of(case.texts),
        ngo=case.ngo,
        controllers=tuple(case.controllers),
        project=case.project,
        first_lodged=first_lodged(filings),
        lodged=lodged_words(filings) if filings else "",
        filings=len(filings),
        marks=tuple(state_of(it).mark for it in filings),
        marks_words=f"{counted}: {_how_many(filings)}",
        state=State(state.mark, state.words.rstrip("."), state.tone),
        last=line_of(last) if last else None,
    )


def _how_many(filings: Sequence[FilingFacts]) -> str:
    """Return "3 pending, 1 decided in part, 9 with a result, 2 not known", each where there are any."""
    found = Counter(_WORDS[position_of(it)] for it in filings)
    counted = [(found[words], words) for words in dict.fromkeys(_WORDS.values())]
    return ", ".join(f"{count} {words}" for count, words in counted if count) or "none"


def _state_of_one(filing: FilingFacts) -> State:
    """Return where the only filing of a case stands, and for how long it has been pending if it is."""
    state = state_of(filing)
    time = how_long(filing.lodged, Day(clock.today(), Precision.DAY)) if is_pending(filing) else None
    return replace(state, words=f"{state.words}, pending for {time}") if time else state
