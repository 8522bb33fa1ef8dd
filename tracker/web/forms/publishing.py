"""The forms to clear, to end an embargo otherwise, and to take something back from the public."""

from datetime import datetime, time
from typing import Any

from flask import current_app
from wtforms.fields import SelectChoice

from tracker.config import Settings
from tracker.errors import RuleBroken
from tracker.rules import hearings
from tracker.rules.vocabulary import WithdrawalReason
from tracker.web.forms import DayField, Form, TextField, WordField, choices
from tracker.web.forms.proceedings import CLOCKS, TimeField

#: Why something is taken back, in the words of the desk.
REASONS = {
    WithdrawalReason.OTHER: "another reason, see the note",
    WithdrawalReason.PERSON: "it says too much about a person",
    WithdrawalReason.WRONG: "it is wrong",
    WithdrawalReason.EARLY: "it was public too early",
    WithdrawalReason.ASKED: "somebody asked for it",
    WithdrawalReason.ORDERED: "a court or an authority ordered it",
}


def installation_zone() -> str:
    """Return the clock of the installation."""
    settings: Settings = current_app.config["TRACKER"]
    return settings.zone


class EmbargoForm(Form):
    """A note, and until when what is cleared stays inside."""

    note = TextField("Note", limit=2000)
    day = DayField("Not public before")
    time = TimeField("Time", limit=10)
    zone = WordField("By the clock of", choices=choices(CLOCKS), default="")

    def offer_zone(self, until: datetime | None = None) -> None:
        """Offer the clock of the installation too, and start from it, and from the moment that is chosen."""
        zone = installation_zone()
        if zone not in {it.value for it in self.zone.choices}:
            self.zone.choices = [SelectChoice(zone, hearings.zone_words(zone)), *self.zone.choices]
        if not self.zone.data:
            self.zone.data = zone
        if until is not None:
            self.day.data = hearings.local_day(until, zone)
            self.time.data = f"{hearings.local_time(until, zone):%H:%M}"

    def until(self) -> datetime | None:
        """Return the moment that was typed, None for none: midnight where only a day was.

        Raises RuleBroken for a time without its day, and for one that the day does not have.
        """
        at = hearings.read_time(self.time.data or "")
        if self.day.data is None:
            if at is not None:
                raise RuleBroken("Say on which day it becomes public.", field="day")
            return None
        return hearings.moment(self.day.data, at or time(0), self.zone.data or installation_zone())


class WithdrawForm(Form):
    """Why something is taken back from the public."""

    reason = WordField(
        "Why",
        choices=choices((it.value, words) for it, words in REASONS.items()),
        default=WithdrawalReason.OTHER.value,
    )
    note = TextField("Note", limit=2000)

    def why(self) -> WithdrawalReason:
        """Return the reason that was chosen. Raises RuleBroken where neither it nor the note says one."""
        reason = WithdrawalReason(self.reason.data or WithdrawalReason.OTHER.value)
        if reason is WithdrawalReason.OTHER and not self.note.data:
            raise RuleBroken("Say why in the note, or choose a reason.", field="note")
        return reason


class TakeBackForm(WithdrawForm):
    """Which part is taken back, and why."""

    part = WordField("What", default="", choices=[])

    def chosen(self) -> tuple[str, Any]:
        """Return the part as services.publication.take_back() takes it. Raises RuleBroken for none."""
        kind, _, key = (self.part.data or "").partition(":")
        if not key:
            raise RuleBroken("Choose what is taken back.", field="part")
        return kind, int(key) if kind in ("updates", "decisions", "summaries", "hearings") else key
