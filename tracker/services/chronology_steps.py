"""The steps of a chronology: what the protocol says of one filing, and the exhibits that prove it.

Notes are ours alone, and so is what we do about periods: neither is ever listed, whatever somebody chooses.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from tracker.db import db
from tracker.models import Evidence, Filing, Reminder, Update
from tracker.reference import tables
from tracker.reference.authorities import label
from tracker.rules.days import Day
from tracker.rules.leading import BY_STEP
from tracker.rules.procedure import Fault
from tracker.rules.vocabulary import Medium, Precision
from tracker.services import evidence, procedure, updates, updates_lines
from tracker.services.evidence_names import display_name
from tracker.services.updates_lines import Line

#: Steps that are internal.
INTERNAL = frozenset({"note"})


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A kept file as a chronology lists it: never by the name it came with, which may name a person."""

    number: int
    #: None where nobody gave it one.
    title: str | None
    kind: str
    bytes: int
    sha256: str
    kept_on: date
    #: A note about a cited page, made by the program: not the page itself.
    source_note: bool
    #: Number of the entry that it proves; None where it belongs to the filing or the case as a whole.
    entry: int | None

    @property
    def key(self) -> str:
        """Return what names it in a choice."""
        return f"x{self.number}"


@dataclass(frozen=True, slots=True)
class Sent:
    """A reminder that was written here, as it went out: to whom, about what, in which language."""

    to: str
    subject: str
    language: str


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the protocol, as it was recorded."""

    number: int
    #: The step that it is for the filing, or the kind of an imported event that is none.
    kind: str
    day: Day
    #: What it is, in the words of the table of steps, and the law it rests on.
    label: str = ""
    basis: str = ""
    actor: str = ""
    #: Slug of the authority that acted; None for anybody else.
    authority: str | None = None
    words: str = ""
    reference: str | None = None
    medium: Medium | None = None
    sent_on: date | None = None
    received_on: date | None = None
    language: str | None = None
    fine: str | None = None
    #: It was done towards another authority, and all that is on record of its day is when we were told.
    told_only: bool = False
    source: str | None = None
    #: In which way it is out of order, each with the law, and why it was recorded all the same.
    irregular: tuple[tuple[str, str], ...] = ()
    because: str | None = None
    letter: Sent | None = None
    #: False: nobody compared it with its source.
    checked: bool = True
    #: Whether it concerns the case as a whole and names no filing.
    of_case: bool = False
    exhibits: tuple[Exhibit, ...] = ()
    #: The entry whose place it took; those before it stand in `replaced`, newest first.
    corrects: int | None = None
    replaced: tuple["Step", ...] = ()
    #: It took the place of an entry about this filing and does not concern the filing itself any more.
    withdrawn: bool = False

    @property
    def key(self) -> str:
        """Return what names it in a choice."""
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said of entries besides: what is out of order by number, letters by the key of the entry."""

    irregular: Mapping[int, tuple[tuple[str, str], ...]]
    sent: Mapping[int, Sent]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that can stand in a chronology of a filing, in the order of the protocol."""

    steps: tuple[Step, ...]
    #: Exhibits that belong to no entry: of the filing, and of the case as a whole.
    of_filing: tuple[Exhibit, ...]
    of_case: tuple[Exhibit, ...]
    #: How many entries about the filing are internal.
    internal: int


def told_of(filing: Filing, *, as_of: date, procedural: bool) -> Told:
    """Return what can be told of a filing up to a day, by a fixed number of statements.

    Entries about other filings are not among it, and neither is what is internal. `procedural`: Regulation
    (EU) 2025/2518 applies to the filing.
    """
    lines = updates_lines.lines_of(updates.protocol(filing.case_id))
    happened = [it for it in lines if it.entry.day.first is None or it.entry.day.first <= as_of]
    mine = [it for it in happened if it.names(filing.id) or not _named(it)]
    shown = [it for it in mine if not is_internal(it.entry)]
    kept = [it for it in evidence.exhibits(filing.case_id) if it.filing_id in (None, filing.id)]
    by_entry = _by_entry(kept, shown, filing)
    beside = Beside(_irregular(filing), _sent(filing))
    proving = {it.id for each in by_entry.values() for it in each}
    loose = [it for it in kept if it.update_id is None and it.id not in proving]
    return Told(
        steps=tuple(_line(it, filing, by_entry, procedural, beside) for it in shown),
        of_filing=tuple(_exhibit(it, None) for it in loose if it.filing_id == filing.id),
        of_case=tuple(_exhibit(it, None) for it in loose if it.filing_id is None),
        internal=sum(it.names(filing.id) and is_internal(it.entry) for it in mine),
    )


def is_internal(entry: Update) -> bool:
    """Return whether an entry is ours alone: a note, or what we did about a period.

    What an authority did about a period (extended it, fixed its last day) is a fact like any other.
    """
    step = tables.steps().get(entry.kind)
    ours = step is not None and step.group == "deadline" and entry.actor_slug is None
    return entry.kind in INTERNAL or ours


#: How the table of steps writes the laws of states that it names, and whose they are.
LAW_OF_STATE = {"BDSG": "DE", "LOPDGDD": "ES", "DPA 2018": "IE"}


def basis_of(basis: str, *, country: str, procedural: bool) -> str:
    """Return the law of a step as far as it is that of a complaint: of its state, of its time.

    The table names every law under which a step can be taken. Regulation (EU) 2025/2518 is one only where it
    applies, the law of a state only there, and "national law" tells a court nothing.
    """
    parts = [it.strip() for it in basis.split(";")]
    foreign = [law for law, state in LAW_OF_STATE.items() if state != country]
    return "; ".join(
        it
        for it in parts
        if it != "national law"
        and (procedural or "2025/2518" not in it)
        and not any(law in it for law in foreign)
    )


def without_earlier(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps without what corrected entries said before; that they correct something stays."""
    return tuple(replace(it, replaced=()) for it in steps)


def _named(line: Line) -> bool:
    """Return whether any entry of a line names a filing at all."""
    return any(each.filings for each in (line.entry, *line.replaced))


def _by_entry(kept: Sequence[Evidence], lines: Sequence[Line], filing: Filing) -> dict[int, list[Evidence]]:
    """Return by number of an entry the exhibits that prove it.

    Those are the ones that were kept with it, and of the case as a whole those with the source of the entry.
    """
    own: dict[int, list[Evidence]] = defaultdict(list)
    whole: dict[str, list[Evidence]] = defaultdict(list)
    for it in kept:
        if it.update_id is not None:
            own[it.update_id].append(it)
        elif it.filing_id is None and it.source:
            whole[it.source].append(it)
    found: dict[int, list[Evidence]] = {}
    for line in lines:
        for entry in (line.entry, *line.replaced):
            if not is_internal(entry) and _concerns(entry, filing):
                found[entry.number] = [*own.get(entry.id, ()), *whole.get(entry.source or "", ())]
    return found


def _concerns(entry: Update, filing: Filing) -> bool:
    return not entry.filings or any(it.filing_id == filing.id for it in entry.filings)


def _irregular(filing: Filing) -> Mapping[int, tuple[tuple[str, str], ...]]:
    """Return by entry what is out of order in the filing, with the law.

    What came between two entries and is not on record says nothing of what an authority did, so it is left
    out; a note of why an entry was recorded is printed all the same.
    """
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for it in procedure.walks_of([filing])[filing.id].irregularities:
        if it.fault is not Fault.GAP:
            found[it.number].append((it.short, "" if it.fault is Fault.ORDER else it.basis))
    return {number: tuple(each) for number, each in found.items()}


def _sent(filing: Filing) -> Mapping[int, Sent]:
    """Return the reminders of a filing that were written here, by the key of the entry that tells of them."""
    columns = (Reminder.update_id, Reminder.authority_slug, Reminder.subject, Reminder.language)
    query = sa.select(*columns).where(Reminder.filing_id == filing.id, Reminder.update_id.is_not(None))
    return {
        row.update_id: Sent(label(row.authority_slug, filing.country), row.subject or "", row.language)
        for row in db.session.execute(query)
    }


def _line(
    line: Line, filing: Filing, exhibits: dict[int, list[Evidence]], procedural: bool, beside: Beside
) -> Step:
    """Return a line of the protocol as a step, with those that it replaced."""
    replaced = tuple(
        _step(it, filing, exhibits, procedural, beside)
        for it in line.replaced
        if not is_internal(it) and _concerns(it, filing)
    )
    corrects = line.replaced[0].number if line.replaced else None
    if _concerns(line.entry, filing):
        step = _step(line.entry, filing, exhibits, procedural, beside)
        return replace(step, corrects=corrects, replaced=replaced)
    # It is about another filing now: nothing that it says may stand here.
    day = line.replaced[0].day
    return Step(line.entry.number, "", day, corrects=corrects, replaced=replaced, withdrawn=True)


def _step(
    entry: Update, filing: Filing, exhibits: dict[int, list[Evidence]], procedural: bool, beside: Beside
) -> Step:
    step = next((it.step for it in entry.filings if it.filing_id == filing.id and it.step), entry.kind)
    known = tables.steps().get(step)
    return Step(
        number=entry.number,
        kind=step,
        day=entry.day,
        label=tables.happened(entry.kind),
        basis=basis_of(known.basis, country=filing.country, procedural=procedural) if known else "",
        actor=label(entry.actor_slug) if entry.actor_slug else entry.actor,
        authority=entry.actor_slug,
        words=entry.words,
        reference=entry.reference,
        medium=entry.medium,
        sent_on=entry.sent_on,
        received_on=entry.received_on,
        language=entry.language,
        fine=_fine(entry),
        told_only=_told_only(entry, step),
        source=entry.source,
        irregular=beside.irregular.get(entry.number, ()),
        because=entry.irregular,
        letter=beside.sent.get(entry.id),
        checked=entry.verified is not False,
        of_case=not entry.filings,
        exhibits=tuple(_exhibit(it, entry.number) for it in exhibits.get(entry.number, ())),
    )


def _told_only(entry: Update, step: str) -> bool:
    """Return whether the day of an entry is no more than the one on which we were told.

    That is so where an authority did something towards another one (passed on, confirmed the lead), the day
    of receipt is the day of the entry, and nobody recorded when the word was sent.
    """
    heard = entry.received_on is not None and Day(entry.received_on, Precision.DAY) == entry.day
    return heard and entry.sent_on is None and bool(entry.actor_slug) and step in BY_STEP


def _fine(entry: Update) -> str | None:
    amount = (entry.fine or {}).get("amount")
    return f"{(entry.fine or {}).get('currency', '')} {amount:,}".strip() if amount is not None else None


def _exhibit(it: Evidence, entry: int | None) -> Exhibit:
    return Exhibit(
        number=it.exhibit,
        # Without a title of its own it is called after its file.
        title=None if it.title == display_name(it.original_name) else it.title,
        kind=evidence.type_words(it),
        bytes=it.stored.bytes,
        sha256=it.sha256,
        kept_on=it.kept_at.date(),
        source_note=it.source_note,
        entry=entry,
    )
