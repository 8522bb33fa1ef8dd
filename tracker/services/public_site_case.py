"""The page of a case and that of a filing: all of it from one row of the public store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from tracker import clock
from tracker.errors import NotFound
from tracker.reference import tables
from tracker.reference.authorities import spoken
from tracker.rules import numbers
from tracker.rules.days import Day
from tracker.rules.decisions import ENDING
from tracker.rules.procedure import DECIDED
from tracker.services.public_site_decided import ClaimRow, Decided, claims_of, decided_in
from tracker.services.public_site_owed import Due, Owed, dues_of, owed_in
from tracker.services.public_site_records import (
    MOST_READ,
    NOTHING_HERE,
    CaseRecord,
    FilingRecord,
    Kept,
    UpdateRecord,
    forget_read,
    kept,
)
from tracker.services.public_site_words import (
    CaseStatus,
    FilingRow,
    Led,
    Named,
    News,
    case_status,
    first_lodged,
    lodged_words,
    named,
    news,
    opening_of,
    routes_of,
    row_of,
    sentence_of,
)

#: How the reader may narrow the protocol by who acted.
ACTORS = ("authority", "ngo", "other")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a protocol somebody wants to read: entries of one filing, of one kind of actor. Empty: all."""

    filing: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A cleared entry of the protocol. `month` is the rule under which it stands; `filings` are numbers.

    `label` and `actor` are English words of the program, but for an actor that `named` says is a name.
    """

    number: int
    day: Day
    month: Day
    label: str
    actor: str
    named: bool
    words: str
    filings: tuple[str, ...]
    reference: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class HearingRow:
    """A cleared hearing."""

    uid: str
    sequence: int
    day: date
    starts_at: datetime | None
    zone: str
    court: str
    place: str | None
    what: str
    cancelled: bool
    filings: tuple[str, ...]
    past: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the page of a case shows.

    `missing` are numbers of entries that are not public, by the number of the entry after which they stand
    (0: before all others); `cited` are the sources, each with the numbers of the entries that name it; of the
    `entries` only those that are wanted are there, `total` counts all.
    """

    case: CaseRecord
    lodged: str
    status: CaseStatus
    last: News | None
    dues: tuple[Due, ...]
    filings: tuple[FilingRow, ...]
    records: tuple[FilingRecord, ...]
    routes: tuple[Led, ...]
    claims: tuple[ClaimRow, ...]
    #: Those that decide on a filing of the case, and those made in other proceedings about the same matter.
    decisions: tuple[Decided, ...]
    others: tuple[Decided, ...]
    hearings: tuple[HearingRow, ...]
    wanted: Wanted
    entries: tuple[Entry, ...]
    total: int
    missing: dict[int, tuple[int, ...]]
    cited: tuple[tuple[str, tuple[int, ...]], ...]
    courses: tuple[tuple[tuple[str, Day], ...], ...]


@dataclass(frozen=True, slots=True)
class FilingPage:
    """Everything that the page of a filing shows. `about_case` counts entries about the case as a whole.

    Of these `about_case_by_authorities` are by one that received, leads or handles this filing.
    """

    filing: FilingRecord
    case: CaseRecord
    row: FilingRow
    sentence: str
    handling: Named | None
    owed: tuple[Owed, ...]
    decisions: tuple[Decided, ...]
    hearings: tuple[HearingRow, ...]
    entries: tuple[Entry, ...]
    about_case: int
    about_case_by_authorities: int
    siblings: tuple[FilingRow, ...]
    place: int


def case_page(number: str, *, language: str = "en", wanted: Wanted | None = None) -> CasePage:
    """Return the page of a case, in one SQL statement. Raises NotFound, or Withdrawn.

    NotFound also where one filing is wanted that the case does not have.
    """
    wanted = wanted or Wanted()
    it = kept(number, language)
    if wanted.filing and all(wanted.filing != each.number for each in it.filings):
        raise NotFound(NOTHING_HERE)
    return _case_page(it, wanted, clock.today())


@lru_cache(maxsize=MOST_READ)
def _case_page(it: Kept, wanted: Wanted, today: date) -> CasePage:
    """Return what follows from a text of the store on a day: for each of both it is worked out once."""
    rows = tuple(row_of(each, it.updates, today) for each in it.filings)
    owed = [
        each
        for filing in it.filings
        for each in owed_in(filing.number, it.deadlines.get(filing.number, ()), today)
    ]
    whole = not (wanted.filing or wanted.actor)
    decided = decided_in(it)
    return CasePage(
        case=it.case,
        lodged=lodged_words(it.filings),
        status=case_status(it.filings, today, it.updates),
        last=_last_news(it.filings, it.updates),
        dues=dues_of(owed),
        filings=rows,
        records=it.filings,
        routes=routes_of(list(zip(it.filings, rows, strict=True))),
        claims=claims_of(it),
        decisions=tuple(each for each in decided if each.filings),
        others=tuple(each for each in decided if not each.filings),
        hearings=_hearings(it, today),
        wanted=wanted,
        entries=tuple(_entry(each) for each in it.updates if _is_wanted(each, wanted, it.case.ngo)),
        total=len(it.updates),
        missing=missing_between({each.number for each in it.updates}) if whole else {},
        cited=tuple(
            (address, tuple(sorted(each.number for each in it.updates if each.source == address)))
            for address in it.case.sources
        ),
        courses=courses_of(it.filings, it.updates),
    )


def filing_page(number: str, *, language: str = "en") -> FilingPage:
    """Return the page of a filing, in one SQL statement.

    Raises NotFound, or Withdrawn when it was public and is not now.
    """
    it = kept(numbers.case_of(number), language, filing=number)
    place = next((at for at, each in enumerate(it.filings) if each.number == number), None)
    if place is None:
        raise NotFound(NOTHING_HERE)
    filing, today = it.filings[place], clock.today()
    return FilingPage(
        filing=filing,
        case=it.case,
        row=row_of(filing, it.updates, today),
        sentence=sentence_of(filing, today, it.updates),
        handling=named(filing.handling) if filing.handling else None,
        owed=owed_in(number, it.deadlines.get(number, ()), today),
        decisions=tuple(made for made in decided_in(it) if number in made.filings),
        hearings=tuple(each for each in _hearings(it, today) if number in each.filings),
        entries=tuple(_entry(each) for each in it.updates if number in each.filings),
        about_case=sum(not each.filings for each in it.updates),
        about_case_by_authorities=sum(
            not each.filings and each.actor_slug in {filing.authority, filing.lead, filing.handling} - {None}
            for each in it.updates
        ),
        siblings=tuple(row_of(each, it.updates, today) for each in it.filings if each.number != number),
        place=place + 1,
    )


def forget() -> None:
    """Forget what was read and worked out: for benchmarks."""
    _case_page.cache_clear()
    forget_read()


def courses_of(
    filings: Sequence[FilingRecord], updates: Sequence[UpdateRecord]
) -> tuple[tuple[tuple[str, Day], ...], ...]:
    """Return the stages of each filing as the public knows them, each with the day on which it was entered.

    The first is that of the lodging, the last where it stands now. Between them stand the steps that are
    told in the cleared entries, where the procedure says to which stage they lead.
    """
    steps, kinds = tables.procedure().steps, tables.event_kinds()
    courses: dict[str, list[tuple[str, Day]]] = {it.number: [("lodged", it.lodged)] for it in filings}
    for it in updates:
        event = kinds.get(it.kind)
        step = steps.get((event.step if event else None) or it.kind)
        stage = step.stage if step else None
        if stage and stage != "lodged":
            for course in (courses[number] for number in it.filings if number in courses):
                if course[-1][0] != stage:
                    course.append((stage, it.day))
    for each in filings:
        course = courses[each.number]
        while len(course) > 1 and _is_told_by(each, *course[-1]):
            course.pop()
        if course[-1][0] != each.stage:
            course.append((each.stage, each.since))
    return tuple(tuple(courses[it.number]) for it in filings)


def _is_told_by(filing: FilingRecord, stage: str, day: Day) -> bool:
    """Return whether where a filing stands now says all that an entry tells of a stage, and knows it better.

    An entry may call a decision by that word alone, or tell of it after the day on which it was made.
    """
    later = day.value is not None and filing.since.value is not None and day.value > filing.since.value
    return stage == filing.stage or later or (stage == DECIDED and filing.stage in ENDING)


def missing_between(present: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the numbers below the highest that are not there, by the nearest lower one that is."""
    found: dict[int, tuple[int, ...]] = {}
    before = 0
    for number in range(1, max(present, default=0)):
        if number in present:
            before = number
        else:
            found[before] = (*found.get(before, ()), number)
    return found


def _is_wanted(update: UpdateRecord, wanted: Wanted, ngo: str) -> bool:
    about = not wanted.filing or not update.filings or wanted.filing in update.filings
    if not wanted.actor:
        return about
    who = "authority" if update.actor_slug else "ngo" if update.actor == ngo else "other"
    return about and who == wanted.actor


def _last_news(filings: Sequence[FilingRecord], updates: Sequence[UpdateRecord]) -> News | None:
    """Return the last entry; none where it happened before the case was lodged, which is news of then."""
    if not updates:
        return None
    day, lodged = updates[-1].day, first_lodged(filings)
    before = day.last is not None and lodged.first is not None and day.last < lodged.first
    return None if before else news(updates[-1])


def _hearings(it: Kept, today: date) -> tuple[HearingRow, ...]:
    found = []
    for each in it.hearings:
        day = date.fromisoformat(each["day"])
        starts = each["starts_at"]
        found.append(
            HearingRow(
                uid=each["uid"],
                sequence=each["sequence"],
                day=day,
                starts_at=datetime.fromisoformat(starts) if starts else None,
                zone=each["zone"],
                court=each["court"],
                place=each["place"],
                what=each["what"],
                cancelled=each["cancelled"],
                filings=tuple(each["filings"]),
                past=day < today,
            )
        )
    return tuple(sorted(found, key=lambda it: it.day))


def _entry(update: UpdateRecord) -> Entry:
    return Entry(
        number=update.number,
        day=update.day,
        month=update.day.month,
        label=update.label,
        actor=opening_of(update),
        named=spoken(update.actor_slug) is None,
        words=update.words,
        filings=tuple(update.filings),
        reference=update.reference,
        source=update.source,
    )
