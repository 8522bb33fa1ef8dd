"""Where the public reads, or would read, that an authority is late, and the file does not bear that out.

What the public reads follows from cleared entries alone. So an answer, an extension or a stop that is not
cleared lets the public page call somebody late whom the file knows to be in time. Compared is what
the public copy says of each period with what the desk knows of the same one, whichever entry makes the
difference.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from tracker import clock
from tracker.db import by_number, db
from tracker.models import Case, Deadline, Filing, Publication, PublishedDeadline, Update
from tracker.reference.authorities import in_words
from tracker.reference.periods import periods
from tracker.rules import protocol
from tracker.rules.days import words
from tracker.rules.deadlines import Ends
from tracker.rules.told_in_public import borne_out, ends_in_public, reproaches, will_reproach
from tracker.rules.vocabulary import PublicationState
from tracker.services import deadlines
from tracker.services.publication_fields import Content
from tracker.services.publication_private import Place

#: Filings of which the deadlines are read by one statement.
AT_ONCE = 10_000

#: A filing and a period of the law in it.
Which = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """What the public is told of one period; `start` is the number of the entry from which it runs."""

    case: str
    filing: str
    period: str
    start: int
    owed_by: str
    ends: Ends


@dataclass(frozen=True, slots=True)
class Reproach:
    """One period with which an authority is late in public, and not in the file, or not with that one.

    `why` is what the file knows. `met_on` is when the public reads that it was done, None while it waits for
    it. `since` is the day from which the public reads that it is late, None for now.
    """

    case: str
    filing: str
    period: str
    owed_by: str
    met_on: date | None
    since: date | None
    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class Reproached:
    """A public case whose page calls an authority late, with what it says and what the file knows."""

    number: str
    title: str
    says: str
    why: str


def told_late(case: Case, content: Content, *, now: bool = False) -> list[tuple[str, Place]]:
    """Return a sentence, with the place that shows why, for each such period of a completed content.

    It is what would be public, or is so `now`. Filings of which the same is to be said stand in one sentence.
    Two statements.
    """
    claims = [_of_content(case.number, it) for it in content["deadlines"] if it["period"] in periods()]
    numbers = {it.number: it.id for it in case.filings}
    files = [(number, it) for number, rows in _rows_of(numbers).items() for it in rows]
    return list(_sentences(_compared(claims, files, _places([case.id])), now=now))


def public_late(*, limit: int) -> tuple[list[Reproached], int]:
    """Return what public pages say of authorities that are late without the file, and how many more.

    Asked of all public cases at once: what arose after somebody cleared them is found too. A number of
    statements that does not depend on how many cases there are.
    """
    today = clock.today()
    said = db.session.execute(_late_in_public(today)).all()
    places = _places(None) if said else {}
    late = {tuple(key): met_on for *key, met_on in db.session.execute(_late_in_file(today))}
    doubtful = [_of_row(it) for it in said if it.period in periods() and not _is_plain(it, late, places)]
    numbers = {it.filing for it in doubtful}
    files = list(_rows_by_number(numbers))
    found = [it for it in _compared(doubtful, files, places) if it.since is None]
    named = found[:limit]
    titles = {}
    if named:
        query = sa.select(Case.number, Case.title).where(Case.number.in_({it.case for it in named}))
        titles = {number: title for number, title in db.session.execute(query)}
    told = [Reproached(it.case, titles.get(it.case, ""), _says([it]), it.why) for it in named]
    return told, len(found) - len(named)


def _of_content(case: str, it: Mapping[str, Any]) -> Claim:
    due, certain, met, paused = (
        date.fromisoformat(it[name]) if it[name] else None
        for name in ("due_on", "certain_on", "met_on", "paused_on")
    )
    ends = ends_in_public(due=due, certain=certain, met_on=met, paused_on=paused, waits=it["open"])
    return Claim(case, it["filing"], it["period"], it["start_number"], it["owed_by"], ends)


def _of_row(it: sa.Row[Any]) -> Claim:
    ends = ends_in_public(
        due=it.due_on, certain=it.certain_on, met_on=it.met_on, paused_on=it.paused_on, waits=it.open
    )
    return Claim(it.case_number, it.filing_number, it.period, it.start_number, it.owed_by or "", ends)


def _late_in_public(today: date) -> sa.Select[Any]:
    """Return the query for all with which the public reads that an authority is late, or was."""
    it = PublishedDeadline
    last = sa.func.coalesce(it.certain_on, it.due_on)
    running = sa.and_(it.open, it.met_on.is_(None), it.paused_on.is_(None), last < today)
    columns: tuple[Any, ...] = (
        it.case_number,
        it.filing_number,
        it.period,
        it.start_number,
        it.owed_by,
        it.due_on,
        it.certain_on,
        it.met_on,
        it.paused_on,
        it.open,
    )
    late = sa.or_(running, it.met_on > last)
    return sa.select(*columns).where(late).order_by(*by_number(it.filing_number), it.position)


#: What of a deadline of the file is compared.
COLUMNS: tuple[Any, ...] = (*deadlines.OF_ENDS, Deadline.start_number, Deadline.owes_slug)


def _late_in_file(today: date) -> sa.Select[Any]:
    """Return the query for what authorities are late with, or were, in the files of public cases.

    Each has what makes it the same one, who owes it, and when it was done. What was extended is left out: it
    needs a closer look.
    """
    last = sa.func.coalesce(Deadline.certain_on, Deadline.due_on)
    running = sa.and_(Deadline.open, Deadline.paused_on.is_(None), last < today)
    key: tuple[Any, ...] = (Filing.number, Deadline.period, Deadline.start_number, Deadline.owes_slug)
    return (
        sa.select(*key, Deadline.met_on)
        .join(Filing, Filing.id == Deadline.filing_id)
        .join(Publication, Publication.case_id == Filing.case_id)
        .where(
            Publication.state == PublicationState.CLEARED,
            ~Deadline.own,
            ~Deadline.gone,
            ~Deadline.extended,
            sa.or_(running, Deadline.met_on > last),
        )
    )


def _is_plain(it: sa.Row[Any], late: Mapping[Any, date | None], places: Mapping[Any, int]) -> bool:
    """Return whether the file says the same, seen at once; borne_out() tells the few others apart.

    A large installation has tens of thousands of such rows, and nearly all of them are plain.
    """
    key = (
        it.filing_number,
        it.period,
        places.get((it.case_number, it.start_number), it.start_number),
        it.owed_by,
    )
    if key not in late:
        return False
    met_on = late[key]
    return met_on is None or (it.met_on is not None and it.met_on <= met_on)


def _same(it: Claim, row: Any, today: date) -> bool:
    return row.owes_slug == it.owed_by and borne_out(it.ends, deadlines.ends_of(row), today)


def _rows_of(numbers: Mapping[str, int]) -> dict[str, list[Deadline]]:
    """Return the deadlines of filings, given by number and key."""
    rows = deadlines.of_filings(numbers.values())
    return {number: rows.get(key, []) for number, key in numbers.items()}


def _rows_by_number(numbers: Collection[str]) -> Iterator[tuple[str, Any]]:
    """Give the deadlines of filings with the number of each filing."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), AT_ONCE):
        query = (
            sa.select(Filing.number, *COLUMNS)
            .join(Filing, Filing.id == Deadline.filing_id)
            .where(Filing.number.in_(wanted[start : start + AT_ONCE]), ~Deadline.gone)
        )
        for row in db.session.execute(query):
            yield row.number, row


def _places(case_ids: Collection[int] | None) -> dict[tuple[str, int], int]:
    """Return the place of each entry that corrects one, by case and number: the first in its line.

    Of the cases by key, or of all that are public: a period stays the same one when its start is corrected.
    """
    correcting = sa.orm.aliased(Update)
    corrected = sa.exists().where(correcting.corrects_id == Update.id)
    query = (
        sa.select(Update.id, Update.number, Update.corrects_id, Case.number.label("case"))
        .join(Case, Case.id == Update.case_id)
        .where(sa.or_(Update.corrects_id.is_not(None), corrected))
    )
    if case_ids is not None:
        query = query.where(Update.case_id.in_(case_ids))
    else:
        public = Publication.state == PublicationState.CLEARED
        query = query.where(sa.exists().where(Publication.case_id == Update.case_id, public))
    rows: list[Any] = list(db.session.execute(query))
    first = protocol.places(rows)
    return {(row.case, row.number): first[row.id] for row in rows}


def _compared(
    claims: Iterable[Claim], files: Iterable[tuple[str, Any]], places: Mapping[tuple[str, int], int]
) -> Iterator[Reproach]:
    """Give what of the claims the file does not bear out, in their order."""
    today = clock.today()
    known: dict[Which, dict[int, Any]] = defaultdict(dict)
    for number, row in files:
        known[number, row.period][row.start_number] = row
    for it in claims:
        rows = known.get((it.filing, it.period), {})
        row = rows.get(places.get((it.case, it.start), it.start))
        if row is None:
            # The file may count the same period from an earlier entry, which the public does not know.
            others = sorted(rows.values(), key=lambda each: each.start_number)
            if any(_same(it, each, today) for each in others):
                continue
            row = others[-1] if others else None
        found = _reproach(it, row, today)
        if found is not None:
            yield found


def _reproach(it: Claim, row: Any, today: date) -> Reproach | None:
    """Return what is wrong with a claim beside the period of the file, None for nothing."""
    file = deadlines.ends_of(row) if row is not None else None
    since = None
    if not reproaches(it.ends, today):
        if not will_reproach(it.ends, file, today):
            return None
        since = (it.ends.over_after or today) + timedelta(days=1)
        why = _why(it, row, file)
    elif not borne_out(it.ends, file, today):
        why = _why(it, row, file)
    elif row.owes_slug != it.owed_by:
        why = _owed_otherwise(row)
    else:
        return None
    place: Place = ("deadline", (it.filing, it.period, row.start_number)) if row else ("filing", it.filing)
    return Reproach(it.case, it.filing, it.period, it.owed_by, it.ends.met_on, since, why, place)


def _owed_otherwise(row: Any) -> str:
    if row.owes_slug is None:
        return "by the file nobody knows who owes it"
    return f"by the file {in_words(row.owes_slug)} owes it"


def _why(it: Claim, row: Any, file: Ends | None) -> str:
    """Return what the file knows of a period with which nobody is late in it."""
    if file is None:
        return "by the file it does not run"
    if file.met and (file.met_on is None or file.met_on != it.ends.met_on):
        day = f", on {words(file.met_on)}" if file.met_on else ", on a day that nobody knows"
        return f"entry {row.met_number} of the file meets it{day}"
    if file.waived:
        return f"by the file nobody waits for it: {row.waived}"
    if file.paused_on is not None:
        return f"by the file it stands still since {words(file.paused_on)}"
    if file.over_after is None:
        return "by the file its last day is not known"
    return f"by the file its last day is {words(file.over_after)}"


def _sentences(found: Iterable[Reproach], *, now: bool) -> Iterator[tuple[str, Place]]:
    alike: dict[tuple[object, ...], list[Reproach]] = {}
    for it in found:
        alike.setdefault((it.owed_by, it.period, it.met_on, it.since, it.why), []).append(it)
    for some in alike.values():
        one = some[0]
        start = f"From {words(one.since)} on the" if one.since else "The"
        says = "says" if now and not one.since else "will say"
        yield f"{start} public page {says} that {_says(some)}; {one.why}.", one.place


def _says(some: Sequence[Reproach]) -> str:
    """Return what the public reads, to end a sentence: "the Austrian DSB is late with … in C001-02"."""
    it = some[0]
    numbers = [each.filing for each in some]
    listed = f"{', '.join(numbers[:-1])} and {numbers[-1]}" if len(numbers) > 1 else numbers[0]
    who, what = in_words(it.owed_by), periods()[it.period].label
    if it.met_on:
        done = f"was first recorded on {words(it.met_on)}, after the last day"
        return f"{what}, which {who} owed in {listed}, {done}"
    return f"{who} is late with {what} in {listed}"
