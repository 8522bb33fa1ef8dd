"""The forms about silence: what an entry says, whom to remind, when reminders were sent, their letters."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectMultipleField
from wtforms.widgets import HiddenInput

from tracker.rules.vocabulary import Medium
from tracker.services.chasing_sending import MEDIA as MAY_GO
from tracker.services.silence_marks import Marks
from tracker.web.forms import DayField, Form, LineField, TextField, WordField, choices
from tracker.web.forms.filings import MEDIA


class MarkForm(Form):
    """What a person says of an entry beside its own words."""

    empty = BooleanField("Says nothing new")
    answers = WordField("Answers", default="", choices=[])

    def offer(self, reminders: Sequence[Any], now: Marks) -> None:
        """Offer the reminders that it can answer, and the one that it is said to answer now."""
        offered = [(str(it.number), f"our reminder of {it.day.words}, entry {it.number}") for it in reminders]
        if now.answers is not None and str(now.answers) not in dict(offered):
            offered.append((str(now.answers), f"our reminder, entry {now.answers}, corrected since"))
        self.answers.choices = choices(offered, empty="no reminder of ours, as far as known")

    def start(self, now: Marks) -> None:
        """Start from what is said now."""
        self.empty.data = now.empty
        self.answers.data = "" if now.answers is None else str(now.answers)

    @property
    def reminder(self) -> int | None:
        """Return the number of the reminder chosen, None for none."""
        return int(self.answers.data) if self.answers.data else None


class ChooseForm(Form):
    """Which filings to remind of."""

    filings = SelectMultipleField("Filings", validate_choice=False)


class SentForm(Form):
    """When and how the letters of a batch went out. What is said of single letters stands beside it."""

    sent_on = DayField("Sent on")
    medium = WordField(
        "Sent by", default="", choices=choices(((it.value, MEDIA[it]) for it in MAY_GO), empty="choose")
    )
    #: The mark of the letters on the screen.
    seen = HiddenField()

    @property
    def by(self) -> Medium | None:
        """Return how they went out, None where nobody has said."""
        return Medium(self.medium.data) if self.medium.data else None


class LetterForm(Form):
    """The letter of a language."""

    subject = LineField("Subject", limit=300)
    body = TextField("Words", limit=20_000)
    #: The version that was on the screen.
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.subject.flags.required = self.body.flags.required = True
