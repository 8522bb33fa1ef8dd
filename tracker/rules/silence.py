"""The silence of authorities: what in a protocol is news, how long there was none, what became of reminders.

Under Art 77(2) GDPR the authority with which a complaint was lodged informs of progress and outcome; under
Art 78(2) whoever is not informed for three months, or whose complaint is not handled, may go to court.
Whether information has to come once or every three months is contested; this module only measures.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.rules.days import UNKNOWN_DAY, Day, how_long, in_order, span
from tracker.rules.procedure import Procedure, Step
from tracker.rules.standing import Entry, course
from tracker.rules.vocabulary import Outcome, Precision

REMINDER = "reminder"
#: A period of silence is told where it is longer than this, in days.
LEAST = 30
#: A filing that was reminded so few days ago is not reminded again unless a person says so.
RECENT = 14
#: Which of two entries counts as the later where both can be of one day at last.
ROUGHNESS: Mapping[Precision, int] = {Precision.DAY: 0, Precision.MONTH: 1, Precision.YEAR: 2}
#: Who is meant where the one who acted is written as one of these.
OURSELVES = frozenset({"us", "we", "Us", "We"})
#: What authorities say without moving the stage: news, unless a person marked it as saying nothing new.
INFORMATION = "information"
#: The same, where an authority says or does it; by anybody else it is none.
BY_AUTHORITY = frozenset({"consultation", "statement", "task_force"})
#: The step by which an authority says that it has the complaint, and no more.
RECEIPT = "acknowledged"
#: What authorities do in the procedure without moving the stage. It is handling, whatever it says.
HANDLING = frozenset(
    "assistance_answer assistance_request board_opinion deadline_extended deadline_fixed deadline_met "
    "deadline_paused deadline_restarted file_access findings_comments formal_notice key_issue_answer "
    "key_issue_comments opinion_request own_inquiry own_inquiry_closed simple_objection urgency_ended "
    "urgency_measure urgency_refused urgent_board_decision urgent_board_request".split()
)

#: What is kept for the file: notes, reminders, what is said of periods. Done by us, it is no news to anybody.
BOOKKEEPING = frozenset(
    "note reminder deadline_begun deadline_extended deadline_paused deadline_restarted deadline_fixed "
    "deadline_met deadline_waived".split()
)


def is_us(actor: str, authority: str | None, organisation: str) -> bool:
    """Return whether we acted: the organisation that complains, named or written as "us"."""
    return authority is None and (actor == organisation or actor in OURSELVES)


def can_be_empty(step: Step | None) -> bool:
    """Return whether a person may say of such an entry that it has nothing new.

    Not where it moves the stage, or where an authority does something: that is news whatever it says.
    `step` is None for an imported event of which nobody knows which step it is.
    """
    return step is None or step.code == INFORMATION or step.code in BY_AUTHORITY


def always_news(procedure: Procedure) -> frozenset[str]:
    """Return the codes of the steps that are news whoever but us takes them, and whatever they say.

    A mere receipt moves the stage and says nothing of progress (Art 77(2)): a silence goes on over it.
    """
    moving = (it for it in procedure.steps.values() if procedure.moves(it.code) and it.code != RECEIPT)
    return HANDLING & set(procedure.steps) | {it.code for it in moving if it.actors != ("us",)}


@dataclass(frozen=True, slots=True)
class Said:
    """An entry as the silence of authorities is read from it.

    `authority` is the slug of the one that acted, `ours` says that we did. `empty`: a person marked it as
    saying nothing new. `answers` is the number of the reminder that it answers, by the word of a person.
    `addressed` is to whom a reminder went, None where that is not recorded.
    """

    entry: Entry
    authority: str | None = None
    ours: bool = False
    empty: bool = False
    answers: int | None = None
    addressed: str | None = None

    @property
    def number(self) -> int:
        """Return the number of the entry."""
        return self.entry.number

    @property
    def day(self) -> Day:
        """Return the day of the entry."""
        return self.entry.day

    @property
    def order(self) -> tuple[date, int, int]:
        """Return where it counts: on the last day that it can be, so that no silence is made too long."""
        rough = ROUGHNESS.get(self.entry.day.precision, 0)
        return (self.entry.day.last or date.min, rough, self.entry.number)


def is_news(it: Said, always: Collection[str]) -> bool:
    """Return whether an entry is substantive news. `always` comes from always_news().

    That is: somebody else than we moved the stage, decided, or did something in the procedure; or an
    authority gave information that nobody marked as saying nothing new. The lodging itself is none.
    """
    code = it.entry.step
    if it.ours or it.entry.corrected:
        return False
    if code in always:
        return True
    told = it.authority is not None and (code is None or code in BY_AUTHORITY)
    return not it.empty and (code == INFORMATION or told)


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between two days, as exactly as they are known."""

    start: Day
    end: Day

    @property
    def least(self) -> int | None:
        """Return the days that it lasted at least, None where nobody can say."""
        if self.start.last is None or self.end.first is None:
            return None
        return max(0, (self.end.first - self.start.last).days)

    @property
    def most(self) -> int | None:
        """Return the days that it can have lasted, None where nobody can say."""
        if self.start.first is None or self.end.last is None:
            return None
        return max(0, (self.end.last - self.start.first).days)

    @property
    def exact(self) -> bool:
        """Return whether both days are known to the day."""
        return self.least is not None and self.least == self.most

    @property
    def days(self) -> str:
        """Return "812 days", "790 to 820 days" or "not known"."""
        if self.least is None or self.most is None:
            return "not known"
        return _days(self.most) if self.exact else f"{self.least:,} to {_days(self.most)}"

    @property
    def short(self) -> str:
        """Return "2 years and 2 months", "about 2 years", "12 days", "0 to 19 days" or "not known"."""
        start, end = self.start.first, self.end.first
        if self.exact and start and end and start < end:
            return span(start, end)
        return how_long(self.start, self.end) or self.days

    @property
    def words(self) -> str:
        """Return both: "2 years and 2 months (812 days)", "about 2 years (790 to 820 days)", "12 days"."""
        return self.days if self.short == self.days else f"{self.short} ({self.days})"


def _days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}" if number else "no day"


@dataclass(frozen=True, slots=True)
class Silent:
    """A period without news. `after` is the news it follows, None: the lodging; `until` the news that ended
    it, None: it goes on, or the complaint ended without any."""

    after: Said | None
    until: Said | None
    time: Gap
    #: Whether it goes on.
    running: bool = False


@dataclass(frozen=True, slots=True)
class Chased:
    """A reminder of ours and the word that answers it.

    `linked`: a person said so; else it is the next word of that authority. `sure` is false where the days are
    known too roughly to say that the word came after the reminder. `waited` is the time until the answer, or
    until now where there is none; None where nobody waits any more.
    """

    reminder: Said
    answer: Said | None
    linked: bool
    sure: bool
    waited: Gap | None


@dataclass(frozen=True, slots=True)
class Silence:
    """How silent the authorities were about one filing, as of a day.

    `waiting`: the complaint is pending. `begun` is the day from which the last silence is counted, `last` the
    news of that day, None where there was none since the lodging. `news` holds all news in order, `undated`
    those of which nobody knows the day: they are in no period.
    """

    as_of: date
    waiting: bool
    begun: Day
    last: Said | None
    news: tuple[Said, ...]
    undated: tuple[Said, ...]
    periods: tuple[Silent, ...]
    empty: tuple[Said, ...]
    chased: tuple[Chased, ...]

    @property
    def time(self) -> Gap | None:
        """Return how long the present silence has lasted, None where nobody waits any more."""
        return Gap(self.begun, Day(self.as_of, Precision.DAY)) if self.waiting else None

    @property
    def unanswered(self) -> tuple[Chased, ...]:
        """Return the reminders that nobody has answered."""
        return tuple(it for it in self.chased if it.answer is None)


def silence(said: Iterable[Said], procedure: Procedure, today: date, *, least: int = LEAST) -> Silence:
    """Return how silent the authorities were about a filing.

    `said` are its entries in any order, corrected ones too, its lodging among them. Periods of silence lie
    within the time in which the complaint was pending; those that lasted `least` days at most are left out.
    An entry counts on the last day that it can be.
    """
    counting = sorted((it for it in said if not it.entry.corrected), key=lambda it: it.order)
    waits = _pending(counting, procedure)
    always = always_news(procedure)
    found = [it for it in counting if is_news(it, always) and _lodged_before(it, waits)]
    news = [it for it in found if it.day.value is not None]
    periods: list[Silent] = []
    begun, last, waiting = UNKNOWN_DAY, None, False
    for start, end in waits:
        within = [it for it in news if _within(it, start, end)]
        waiting = end is None
        last = within[-1] if within else None
        begun = last.day if last else start
        periods += _periods(start, within, end or Day(today, Precision.DAY), running=waiting)
    return Silence(
        as_of=today,
        waiting=waiting,
        begun=begun,
        last=last,
        news=tuple(news),
        undated=tuple(it for it in found if it.day.value is None),
        periods=tuple(it for it in periods if it.time.most is None or it.time.most > least),
        empty=tuple(it for it in counting if it.empty and not it.ours),
        chased=tuple(_chased(counting, today, waiting=waiting)),
    )


def _pending(counting: Sequence[Said], procedure: Procedure) -> list[tuple[Day, Day | None]]:
    """Return from when to when the complaint was pending; None: it still is."""
    entries = in_order([it.entry for it in counting], day=lambda it: it.day, number=lambda it: it.order)
    found: list[tuple[Day, Day | None]] = []
    since: Day | None = None
    for entry, there in zip(entries, course(entries, procedure)[1:], strict=True):
        pending = there.outcome is Outcome.PENDING and there.stage not in ("drafted", "abandoned")
        if pending and since is None and (found or entry.step == "lodged"):
            since = entry.day
        elif not pending and since is not None:
            found.append((since, entry.day))
            since = None
    return found if since is None else [*found, (since, None)]


def _lodged_before(it: Said, waits: Sequence[tuple[Day, Day | None]]) -> bool:
    """Return whether an entry can lie after the lodging; one of an unknown day can."""
    lodged = waits[0][0].first if waits else None
    return lodged is None or it.day.last is None or it.day.last >= lodged


def _within(it: Said, start: Day, end: Day | None) -> bool:
    at = it.order[0]
    return (start.first is None or at >= start.first) and (end is None or end.last is None or at <= end.last)


def _periods(start: Day, news: Sequence[Said], end: Day, *, running: bool) -> list[Silent]:
    """Return the periods between one news and the next, from the start to the end."""
    points: list[tuple[Said | None, Day]] = [(None, start), *((it, it.day) for it in news), (None, end)]
    return [
        Silent(after, until, Gap(begun, ended), running=running and place == len(news))
        for place, ((after, begun), (until, ended)) in enumerate(pairwise(points))
    ]


def _chased(counting: Sequence[Said], today: date, *, waiting: bool) -> Iterable[Chased]:
    """Give each reminder with the word that answers it: by the word of a person, or else the next one."""
    numbers = {it.number for it in counting if it.ours and it.entry.step == REMINDER}
    linked: dict[int, Said] = {}
    for it in counting:
        if it.answers in numbers and not it.ours:
            linked.setdefault(it.answers or 0, it)
    for it in counting:
        if it.number not in numbers:
            continue
        answer = linked.get(it.number) or _next_word(it, counting, numbers)
        sure = answer is None or bool(answer.day.first and it.day.last and answer.day.first >= it.day.last)
        waited = answer.day if answer else Day(today, Precision.DAY) if waiting else None
        yield Chased(it, answer, it.number in linked, sure, Gap(it.day, waited) if waited else None)


def _next_word(reminder: Said, counting: Sequence[Said], reminders: Collection[int]) -> Said | None:
    """Return the first word after a reminder of whom it went to; of any authority where that is not known.

    What a person calls the answer to another reminder is none to this one.
    """
    for it in counting:
        theirs = it.authority is not None and it.authority == (reminder.addressed or it.authority)
        elsewhere = it.answers in reminders
        if theirs and not it.ours and not elsewhere and it.day.value and it.order > reminder.order:
            return it
    return None
