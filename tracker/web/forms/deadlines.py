"""The forms by which somebody says what happened to a deadline, and by which a period is begun by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import HiddenField, SelectMultipleField

from tracker.reference.authorities import label, slug_of
from tracker.rules import applicability
from tracker.rules.days import Day
from tracker.rules.lengths import Length
from tracker.rules.periods import Period, Regime
from tracker.services.updates import Letter, NewUpdate
from tracker.services.updates_steps import NOTE
from tracker.web.forms import (
    DayField,
    Form,
    LineField,
    PartlyKnownDayField,
    Required,
    TextField,
    WordField,
    choices,
)


@dataclass(frozen=True, slots=True)
class Act:
    """What can be said of a deadline: the words of its button and title, what is asked, what follows.

    `until` says whether a day is asked to which it then runs: "no", "may" or "must".
    """

    code: str
    label: str
    title: str
    lede: str
    day_hint: str
    words: str
    words_hint: str
    until: str = "no"
    more: bool = False


ACTS: dict[str, Act] = {
    it.code: it
    for it in (
        Act(
            "extend",
            "Extend",
            "Record an extension",
            "Somebody has given more time. How much of it counts follows from the law, and the page of the "
            "deadline says so; the day that it had before stays in the history.",
            "The day on which the extension was given.",
            "What was said",
            "Who extended it and why, in a sentence.",
            until="may",
            more=True,
        ),
        Act(
            "pause",
            "Stop the clock",
            "Record that the clock stands still",
            "From that day on no time passes, until somebody records that it runs again.",
            "The first day on which it stands still.",
            "Reason",
            "Why it stands still, with the provision where you know it.",
        ),
        Act(
            "restart",
            "Run again",
            "Record that the clock runs again",
            "The time for which it stood still is added at the end.",
            "The first day on which it runs again.",
            "What was said",
            "Why it runs again, in a sentence.",
        ),
        Act(
            "fix",
            "Fix the last day",
            "Record a last day that an authority fixed",
            "The day that was said counts from now on, in place of the one that was counted.",
            "The day on which it was said.",
            "What was said",
            "Who fixed the day and how, in a sentence.",
            until="must",
        ),
        Act(
            "meet",
            "Done otherwise",
            "Record that it was done",
            "For what the protocol does not show by a step of its own. Where there is a step for it (views, "
            "an appeal, information), record that as an update instead: it ends the deadline by itself.",
            "The day on which it was done.",
            "What was done",
            "In a sentence, with what proves it.",
        ),
        Act(
            "waive",
            "Waive",
            "Waive it",
            "Nobody waits for it any more: it leaves the docket, and the note stays.",
            "The day on which it was decided.",
            "Reason",
            "Why nobody waits for it any more.",
        ),
    )
}


class DeadlineForm(Form):
    """What somebody says of a deadline on one or more filings, or of a period that begins."""

    filings = SelectMultipleField("Filings", validate_choice=False)
    period = WordField("Period", default="", choices=[])
    day = PartlyKnownDayField("Day", validators=[Required("Say on which day.")])
    received_on = DayField("Received on")
    until = DayField("New last day")
    more = WordField("Longer by", default="", choices=[])
    actor = LineField("Who said so", validators=[Required("Say who said so.")])
    words = TextField("Words for the file", limit=20_000, validators=[Required("Say it in a sentence.")])
    irregular = TextField(NOTE, limit=2000)
    corrects = HiddenField()

    def ask(self, act: Act, law: Period | None, filings: Iterable[tuple[str, str]]) -> None:
        """Ask what the act needs; `filings` are numbers with what is said beside them."""
        self.filings.choices = list(filings)
        self.period.choices = choices([], empty="the one of this page")
        self.words.label.text = act.words
        self.more.choices = choices(_longer(law), empty="by a day, below")
        self.until.flags.required = act.until == "must"

    def ask_which(self, periods: Iterable[Period]) -> None:
        """Ask which period begins."""
        offered = [(it.id, f"{it.basis}: {it.label} ({it.length_words})") for it in periods]
        self.period.choices = choices(offered, empty="choose")
        self.period.flags.required = True
        self.more.choices = choices([], empty="none")
        self.words.label.text = "Why it begins"

    def fill(self, entry: Any, said: Any) -> None:
        """Start from what an entry says, to correct it; `said` is what it says of the deadline."""
        self.day.data, self.received_on.data = entry.day, entry.received_on
        self.actor.data = label(entry.actor_slug) if entry.actor_slug else entry.actor
        self.words.data, self.until.data, self.more.data = entry.words, said.until_on, said.more or ""
        self.irregular.data, self.corrects.data = entry.irregular, str(entry.number)

    def entry(self) -> NewUpdate:
        """Return what was typed as an update; its step is that of the act."""
        typed: str = self.actor.data
        return NewUpdate(
            step="",
            day=self.day.data,
            actor=slug_of(typed) or typed,
            words=self.words.data,
            irregular=self.irregular.data or None,
            letter=Letter(received_on=self.received_on.data),
        )


def _longer(law: Period | None) -> Sequence[tuple[str, str]]:
    """Return every extension that the law allows, the longest first."""
    if law is None or law.extension is None:
        return []
    most = law.extension
    lengths = [Length(number, most.unit) for number in range(most.number, 0, -1)]
    return [(it.code, it.words) for it in lengths]


def by_hand(
    everything: Iterable[Period], states: set[str | None], lodged: Day, slug: str | None
) -> list[Period]:
    """Return the periods that can be begun by hand: those that no step begins first, then the others.

    National ones only where the state has to do with the filing, those of the Procedural Regulation only
    where its day of lodging does not speak against it.
    """
    late = lodged.last is None or lodged.last >= applicability.FROM

    def may_run(it: Period) -> bool:
        if it.regime is Regime.PROCEDURAL:
            return late or it.chapter in applicability.BY_REFERRAL
        if it.regime is Regime.INSTITUTIONS:
            return slug == "eu-edps"
        return it.state is None or it.state in states

    return sorted(filter(may_run, everything), key=lambda it: not it.start.by_hand)
