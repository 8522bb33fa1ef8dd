"""Extensions and fixed days as entries tell of them: what of them the law carries, and what is in doubt.

What somebody did is recorded in any case. By the law some of it moves the end of a period, some only the
latest end that can be argued, and some nothing. The choices stand in docs/deadlines.md.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from tracker.errors import RuleBroken
from tracker.rules.calendars import with_weekday
from tracker.rules.counting import Reason, moved
from tracker.rules.days import Day
from tracker.rules.ending_by_law import CalendarOf, Clock, End, Extension, by_law, on_day
from tracker.rules.happened import Happened, Saying
from tracker.rules.lengths import Length
from tracker.rules.periods import Regime, Unheard
from tracker.rules.vocabulary import Precision


@dataclass(slots=True)
class Extending:
    """The end of a period while what entries say of it is taken in, in their order.

    `law` is the end that the law gives; `plain` the one without any extension, by the law or as it was fixed.
    """

    clock: Clock
    calendar_of: CalendarOf
    law: End
    now: End = field(init=False)
    plain: End = field(init=False)
    more: Length | None = None
    fixed: date | None = None
    extended: bool = False
    judged: list[Extension] = field(default_factory=list)
    #: What is in doubt about the end as it stands, each sentence with its basis.
    told: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with what the law gives."""
        self.now = self.plain = self.law

    def fix(self, entry: Happened, day: date) -> None:
        """Take a day as the last one: whoever records it has the last word, and what the law says is told."""
        text = f"Entry {entry.number} fixes {with_weekday(day)} as the last day"
        it = on_day(self.now, day, text, self.clock, self.calendar_of)
        period, most = self.clock.period, self._most()
        basis = period.extension_basis or period.basis
        self.told = []
        begins = self.clock.event.last
        if begins is not None and day < begins:
            starts = f"the period begins on {with_weekday(begins)} only: one of the two days is wrong"
            self.told = [(f"{text}, and {starts}.", period.basis)]
        elif most is not None and most.due and most.certain and day > most.certain:
            more = f", and {period.extension.words} more at most" if period.extension else ""
            until = with_weekday(most.due)
            self.told = [(f"{text}, and {basis} gives {period.length_words}{more}: until {until}.", basis)]
            it = replace(it, safe=min(it.safe or day, most.due))
        # Where the law names no shortest time, what was taken for it holds nothing against a day.
        elif period.longest and not period.doubt and self.law.safe and day < self.law.safe:
            until = with_weekday(self.law.safe)
            self.told = [(f"{text}, and {basis} gives {period.length_words}: at least until {until}.", basis)]
            it = replace(it, certain=max(it.certain or day, self.law.safe))
        self.now = self.plain = it
        self.fixed, self.more, self.extended = day, None, False

    def extend(self, entry: Happened, says: Saying) -> None:
        """Take in an extension, as far as the law carries it."""
        try:
            target = self._target(entry, says)
        except RuleBroken as refusal:
            self.now = End(uncertain=(str(refusal),))
            self.judged.append(Extension(entry.number))
            return
        if target.due is None or self.now.due is None:
            self.now = target
            self.judged.append(Extension(entry.number))
            return
        said = f"Entry {entry.number} extends it until {with_weekday(target.due)}"
        if target.due <= self.now.due:
            told = f"{said}, and it ends on {with_weekday(self.now.due)} without that: nothing is extended."
            self._take(entry, self.now, None, [told], idle=True)
            return
        kept, perhaps, doubts = self._weighed(entry, said, target)
        self._take(entry, kept, perhaps, doubts)
        if kept is target and says.until is None:
            self.more = self._whole(says.more)

    def ended(self) -> End:
        """Return the end, with an extension of which nobody may have told us as the latest that it can be."""
        period, done, now = self.clock.period, self.clock.done, self.now
        uncertain = [*now.uncertain, *(text for text, _ in self.told)]
        certain, most = now.certain, None
        heard = self.fixed is not None or any(not it.idle for it in self.judged)
        if Unheard.EXTENSION in period.unheard and now.due and not heard and not (done and done <= now.due):
            most = self._most()
        if most is not None and most.certain and now.certain and period.extension:
            certain = max(now.certain, most.certain)
            uncertain.append(
                f"{period.extension_basis} allows {period.extension.words} more, and nobody has to tell us: "
                f"it is late for certain after {with_weekday(certain)} only."
            )
        return replace(
            now,
            certain=certain,
            extended=self.extended,
            extensions=tuple(self.judged),
            reasons=(*now.reasons, *(Reason(text.rstrip("."), basis) for text, basis in self.told)),
            uncertain=tuple(uncertain),
        )

    def _target(self, entry: Happened, says: Saying) -> End:
        """Return the end that the extension names, whether the law carries it or not."""
        if says.until is not None:
            text = f"Entry {entry.number} extends it until {with_weekday(says.until)}"
            return on_day(self.now, says.until, text, self.clock, self.calendar_of)
        if self.fixed is not None and says.more is not None:
            # There is nothing to count the whole length from but the day that was fixed.
            period = replace(self.clock.period, length=says.more, longest=None, distance=None)
            event = Day(self.fixed, Precision.DAY)
            clock = replace(self.clock, period=period, event=event, stops=(), also=())
            return by_law(clock, self.calendar_of)
        return by_law(self.clock, self.calendar_of, self._whole(says.more))

    def _whole(self, more: Length | None) -> Length | None:
        return more if self.more is None or more is None else self.more.plus(more)

    def _most(self) -> End | None:
        """Return the latest end that the law allows, None where it names none."""
        if self.clock.period.length is None or self.law.due is None:
            return None
        try:
            return by_law(self.clock, self.calendar_of, self.clock.period.extension)
        except RuleBroken:
            return None

    def _weighed(self, entry: Happened, said: str, target: End) -> tuple[End, End | None, list[str]]:
        """Return what of an extension counts for certain, what perhaps, and what is out of order about it."""
        period, now = self.clock.period, self.now
        if period.length is not None and period.extension is None and period.longest is None:
            # The table may not know all that the law of a state allows; of the Union's it does.
            perhaps = target if period.own or period.regime is Regime.NATIONAL else None
            return now, perhaps, [f"{said}, and {period.basis} allows no extension."]
        if period.once and any(not it.idle for it in self.judged):
            return now, None, [f"{said}, and {period.extension_basis} allows one extension only."]
        doubts = []
        kept, most = target, self._most()
        if most is not None and most.due and most.certain and target.due and target.due > most.certain:
            given = f"{period.extension.words} more at most" if period.extension else period.length_words
            doubts.append(
                f"{said}, and {period.extension_basis or period.basis} allows {given}, until "
                f"{with_weekday(most.due)}."
            )
            kept = now if most.due <= (now.due or most.due) else most
        late, over = self._late(entry, said)
        if late:
            perhaps = kept if not over or period.own or period.regime is Regime.NATIONAL else None
            return now, perhaps, [*doubts, late]
        return kept, target if period.own else None, doubts

    def _late(self, entry: Happened, said: str) -> tuple[str | None, bool]:
        """Return what is late about the notice of an extension, and whether the period was over by then."""
        period, plain = self.clock.period, self.plain
        last, earliest = plain.certain or plain.due, plain.safe or plain.due
        first, latest = entry.day.first, entry.day.last
        if period.by_law or last is None or earliest is None or first is None or latest is None:
            return None, False
        if any(it.until is None and it.since <= latest for it in self.clock.stops):
            return None, False
        if first > last:
            ended = f"{with_weekday(plain.due or last)}, and it was given {entry.day.when}"
            return f"{said}. The period had ended on {ended}: what is over is not extended any more.", True
        limit, strict = last, earliest
        if period.notice is not None:
            limit, strict = moved(last, period.notice), moved(earliest, period.notice)
        if latest > strict:
            asked = f"{period.notice.words} its end" if period.notice else "before its end"
            perhaps = "" if first > limit else ", which may be too late"
            return (
                f"{said}. {period.extension_basis or period.basis} asks for notice {asked}, until "
                f"{with_weekday(limit)}; it was given {entry.day.when}{perhaps}."
            ), False
        if Unheard.EXTENSION not in period.unheard and entry.received is not None and entry.received > limit:
            came = with_weekday(entry.received)
            return f"{said}. It was given before the period ended, and came on {came} only.", False
        return None, False

    def _take(
        self, entry: Happened, kept: End, perhaps: End | None, doubts: list[str], *, idle: bool = False
    ) -> None:
        """Take what counts for certain as the end, and what counts perhaps as one that can be argued."""
        period, was = self.clock.period, self.now
        now = kept
        if perhaps is not None and perhaps is not kept and perhaps.due and kept.due:
            kept_safe, kept_certain = kept.safe or kept.due, kept.certain or kept.due
            if period.own and (period.length is None or period.longest is not None):
                # Whoever sets us a day gives us more of it; only the law may not carry that.
                now = replace(perhaps, safe=min(kept_safe, perhaps.safe or perhaps.due))
            else:
                now = replace(kept, certain=max(kept_certain, perhaps.certain or perhaps.due))
        if doubts:
            tail = "" if idle else self._tail(was, now)
            self.told.append((" ".join([*doubts, tail]).strip(), period.extension_basis or period.basis))
        self.extended |= (now.due, now.certain) != (was.due, was.certain)
        self.judged.append(Extension(entry.number, tuple(doubts), idle))
        self.now = now

    def _tail(self, was: End, now: End) -> str:
        """Return what follows from an extension that is out of order, in a sentence."""
        if now.due is None or now.safe is None or now.certain is None:
            return ""
        if self.clock.period.own:
            return f"{with_weekday(now.safe)} is safe."
        if now.due != was.due:
            return f"It is counted until {with_weekday(now.due)}."
        if now.certain != was.certain:
            late = with_weekday(now.certain)
            return f"The legal last day stays, and it is late for certain after {late} only."
        return "It moves no day."
