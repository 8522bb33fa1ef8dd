"""The chronology of a filing: what a court has to know to see that an authority did not act (Art 78(2)).

A value read from the records as of a day; nothing in it depends on the clock or on who asks, so that the same
data make the same document. What is never in it: who a complainant is, notes, our own deadlines, why a person
overrode a route, the names of files, who recorded what.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import sqlalchemy as sa

from tracker import __version__
from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Entry, Filing
from tracker.reference import tables
from tracker.reference.authorities import label
from tracker.rules import days
from tracker.rules.access import Actor
from tracker.rules.days import Day
from tracker.services import journal, routing_standing
from tracker.services.chronology_parties import Led, Party, Passed, leads_of, led_by, parties_of, passed_on
from tracker.services.chronology_periods import Owed, Periods, periods_of
from tracker.services.chronology_silence import Silence, silence_of
from tracker.services.chronology_steps import Exhibit, Step, told_of, without_earlier

#: The languages in which the headings can be.
LANGUAGES = ("en", "de", "fr")
#: What a lawyer writes before the facts.
LONGEST_INTRODUCTION = 10_000


@dataclass(frozen=True, slots=True)
class Offered:
    """An entry, an exhibit that belongs to none, or a period, and whether it is in.

    `usual`: it is in where nobody chose.
    """

    it: Step | Exhibit | Owed
    usual: bool
    taken: bool

    @property
    def key(self) -> str:
        """Return what names it in a choice."""
        return self.it.key


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants in a chronology.

    `taken` are the keys of what is in; None: what is usual, that is everything about the filing itself.
    `earlier`: also what corrected entries said before.
    """

    taken: frozenset[str] | None = None
    earlier: bool = True
    language: str = "en"
    introduction: str = ""

    def takes(self, it: Step | Exhibit | Owed, *, usual: bool) -> bool:
        """Return whether something is in."""
        return usual if self.taken is None else it.key in self.taken

    def with_usual(self, fresh: Sequence[Offered]) -> "Choice":
        """Return the choice with what is usually in, of what was not there to be chosen."""
        more = {it.key for it in fresh if it.usual}
        return self if self.taken is None else replace(self, taken=self.taken | more)


@dataclass(frozen=True, slots=True)
class Chronology:
    """A chronology as it is written, and beside it what could have been taken in."""

    number: str
    case: str
    title: str
    ngo: str
    controllers: tuple[str, ...]
    authority: str
    lodged: Day
    as_of: date
    language: str
    introduction: str
    parties: tuple[Party, ...]
    led: tuple[Led, ...]
    passed: tuple[Passed, ...]
    steps: tuple[Step, ...]
    #: Every entry that ends the complaint, also one that is not printed.
    ended: tuple[Step, ...]
    periods: Periods
    silence: Silence
    exhibits: tuple[Exhibit, ...]
    #: Entries by which each exhibit is named, by its number.
    proves: dict[int, tuple[int, ...]]
    #: Whether every entry about the filing is in, internal ones apart; how many of these there are.
    complete: bool
    internal: int
    program: str
    routing_rules: tuple[str, ...]
    offered: tuple[Offered, ...] = field(default=(), compare=False)


def chronology_of(filing: Filing, *, as_of: date, choice: Choice | None = None) -> Chronology:
    """Return the chronology of a filing as of a day, which is loaded as get_filing() does.

    The number of statements does not depend on how much there is to tell.
    """
    choice = choice or Choice()
    acts = routing_standing.acts_of([filing])
    led = led_by(filing, acts)
    periods = periods_of(filing, as_of=as_of)
    told = told_of(filing, as_of=as_of, procedural=periods.procedural)
    everything: list[tuple[Step | Exhibit | Owed, bool]] = [
        *((it, not it.of_case) for it in told.steps),
        *((it, True) for it in told.of_filing),
        *((it, False) for it in told.of_case),
        # What passes between authorities is not held against one because nobody told us of it.
        *((it, not it.not_shown) for it in periods.owed),
    ]
    offered = tuple(Offered(it, usual, choice.takes(it, usual=usual)) for it, usual in everything)
    taken = {it.key for it in offered if it.taken}
    steps = tuple(it for it in told.steps if it.key in taken)
    shown = steps if choice.earlier else without_earlier(steps)
    loose = [it for it in (*told.of_filing, *told.of_case) if it.key in taken]
    exhibits, proves = _listed(shown, loose)
    mine = [it for it in told.steps if not it.of_case]
    return Chronology(
        number=filing.number,
        case=filing.case.number,
        title=filing.case.title,
        ngo=filing.case.ngo,
        controllers=tuple(it.name for it in filing.controllers),
        authority=label(filing.authority_slug, filing.country),
        lodged=filing.lodged,
        as_of=as_of,
        language=choice.language if choice.language in LANGUAGES else LANGUAGES[0],
        introduction=choice.introduction,
        parties=parties_of(filing, leads_of(led)),
        led=led,
        passed=passed_on(acts.get(filing.id, ()), as_of=as_of),
        steps=shown,
        ended=tuple(it for it in mine if _ends(it)),
        periods=replace(periods, owed=tuple(it for it in periods.owed if it.key in taken)),
        silence=silence_of(filing, as_of=as_of),
        exhibits=exhibits,
        proves=proves,
        complete=all(it.key in taken for it in mine),
        internal=told.internal,
        program=__version__,
        routing_rules=tuple(sorted({it.rules_version for it in led})),
        offered=offered,
    )


def refuse_day(filing: Filing, as_of: date, *, today: date) -> None:
    """Raise RuleBroken for a day as of which nothing can be told: not yet come, or before the lodging."""
    if as_of > today:
        raise RuleBroken(
            f"{days.words(as_of)} has not come yet: choose today or an earlier day.", field="as_of"
        )
    lodged = filing.lodged
    if lodged.first is not None and as_of < lodged.first:
        raise RuleBroken(
            f"{filing.number} was lodged {lodged.when}, so nothing can be told as of {days.words(as_of)}: "
            "choose a day since then.",
            field="as_of",
        )


def note_made(it: Chronology, *, form: str, sha256: str, size: int, by: Actor, case_id: int) -> None:
    """Write into the journal which file was made, so that it can be told later which one it was."""
    detail: dict[str, object] = {
        "form": form,
        "sha256": sha256,
        "bytes": size,
        "as_of": it.as_of.isoformat(),
        "language": it.language,
        "entries": [each.number for each in it.steps],
        "exhibits": [each.number for each in it.exhibits],
    }
    journal.note("chronology.make", it.number, by=by, case_id=case_id, detail=detail)


def made_before(number: str, *, limit: int = 20) -> Sequence[Entry]:
    """Return the newest lines of the journal about chronologies of a filing, newest first."""
    query = sa.select(Entry).where(Entry.subject == number, Entry.act == "chronology.make")
    return db.session.scalars(query.order_by(Entry.id.desc()).limit(limit)).all()


def _ends(step: Step) -> bool:
    known = tables.steps().get(step.kind)
    return known is not None and known.group == "finished"


def _listed(
    steps: Sequence[Step], loose: Sequence[Exhibit]
) -> tuple[tuple[Exhibit, ...], dict[int, tuple[int, ...]]]:
    """Return every exhibit once, by its number, and by which entries each is named."""
    found: dict[int, Exhibit] = {}
    proves: dict[int, list[int]] = {}
    for step in steps:
        for each in (step, *step.replaced):
            for it in each.exhibits:
                found.setdefault(it.number, it)
                proves.setdefault(it.number, []).append(each.number)
    for it in loose:
        found.setdefault(it.number, it)
    ordered = tuple(found[number] for number in sorted(found))
    return ordered, {number: tuple(sorted(set(entries))) for number, entries in sorted(proves.items())}
