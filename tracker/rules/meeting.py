"""By which entry a period was met, on which day, and what is in doubt about that.

Word to us meets what informs us on the day of its receipt. An act between authorities does so in doubt only,
unless word of it came; and what shows that something was done before does not tell on which day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tracker.rules.days import words
from tracker.rules.happened import WHAT_BEGINS, Act, Course, Happened
from tracker.rules.periods import WORD, Period, Regime

#: Steps that others take too: what we owe is met by those of ours alone.
OTHERS_TOO = frozenset({"appeal", "submission", "resumed", "inaction_action"})
#: Of an act between authorities that no entry shows: by which law nobody has to tell us of it.
UNTOLD = "Nobody has to tell us of this step{basis}: that no entry shows it proves nothing by itself; ask."
#: Of Regulation (EU) 2025/2518: the file that we may see is without what the authorities write one another.
BETWEEN_AUTHORITIES = "24(3)(a) Reg 2025/2518"
#: Art. 7: its Section 2 confers no rights on individuals as to these articles.
SECTION_2 = range(7, 14)
_ARTICLE = re.compile(r"Art ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Met:
    """That a period was met, and by which entry.

    `by` is the day by which it was done at the latest, where the entry shows no more; `perhaps` says that the
    entry is of an act of which nothing shows that we were told.
    """

    day: date
    number: int
    by: date | None = None
    perhaps: bool = False

    def on(self, due: date | None) -> date | None:
        """Return the day on which it was done; None where it may have been in time, and nobody knows."""
        return self.day if self.by is None or (due is not None and self.by <= due) else None

    @property
    def doubts(self) -> tuple[str, ...]:
        """Return what is in doubt about it."""
        if self.by is not None:
            return (
                f"Entry {self.number} shows that it was done, by {words(self.by)} at the latest: on which "
                "day, no entry tells.",
            )
        if self.perhaps:
            return (
                f"Entry {self.number} is of a step that is not addressed to us, and no entry shows that we "
                "were told: that it meets this is in doubt.",
            )
        return ()


def met(period: Period, course: Course, index: int, start: int, last: date | None) -> Met | None:
    """Return how a period was met that starts with the entry at `index` (number `start`), None if it was not.

    `last` is the day after which it is late: before that an act of which we may have been told counts rather
    than late word.
    """
    found = list(_found(period, course, index, start))
    if not period.informs:
        return found[0] if found else None
    # Word that was sent first may come last.
    sure = min((it for it in found if not it.perhaps), key=lambda it: it.day, default=None)
    perhaps = next((it for it in found if it.perhaps), None)
    if sure is None or perhaps is None:
        return sure or perhaps
    return perhaps if last is not None and perhaps.day <= last < sure.day else sure


def _found(period: Period, course: Course, index: int, start: int) -> Iterator[Met]:
    """Give every entry after the start that meets it, in their order."""
    for it in course.entries[index + 1 :]:
        by_word = it.says is not None and it.says.act is Act.MEET and means(it, period, start)
        day = it.day.last if period.own else it.day.first
        if day is None:
            continue
        if by_word:
            yield Met(day, it.number)
        elif not counts(it, period):
            continue
        elif it.step in period.shown:
            latest = it.day.last or day
            yield Met(latest, it.number, by=latest)
        elif period.informs and it.received is not None and it.step in period.met | period.perhaps:
            yield Met(it.received, it.number)
        elif it.step in period.perhaps:
            yield Met(day, it.number, perhaps=True)
        elif it.step in period.met and _notice(it, period):
            yield Met(day, it.number)


def counts(entry: Happened, period: Period) -> bool:
    """Return whether the entry is that step for the period.

    Word on progress is an authority's, and none where somebody marked it as saying nothing new. What others
    do too meets what we owe only where it was we who did it.
    """
    if entry.step == WORD:
        return entry.actor is not None and not entry.empty
    return not period.own or entry.step not in OTHERS_TOO or entry.ours


def means(entry: Happened, period: Period, start: int) -> bool:
    """Return whether an entry says something of this very period, from this very start."""
    says = entry.says
    if says is None:
        return False
    if says.period == WHAT_BEGINS:
        return period.own and entry.place == start and bool(period.start.steps)
    # A person may begin one period and fix its last day in one entry.
    return says.period == period.id and says.start in (None, start)


def _notice(entry: Happened, period: Period) -> bool:
    """Return whether an extension is that of the period of which this one is the notice."""
    if entry.step != "deadline_extended":
        return True
    return entry.says is not None and entry.says.period in period.start.ends


def untold(period: Period) -> str:
    """Return what is said of an act between authorities while no entry shows it."""
    if period.regime is not Regime.PROCEDURAL:
        return UNTOLD.format(basis="")
    article = _ARTICLE.match(period.basis)
    section = "7, " if article and int(article[1]) in SECTION_2 else ""
    return UNTOLD.format(basis=f", Art {section}{BETWEEN_AUTHORITIES}")
