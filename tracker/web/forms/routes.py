"""The forms about who leads: a changed answer confirmed, one overridden, what an authority did about it."""

from typing import Any

from wtforms import HiddenField, SelectMultipleField
from wtforms.fields import SelectChoice

from tracker import clock
from tracker.reference.authorities import authorities, can_lead, label
from tracker.rules.leading import LeadAct
from tracker.services.routing_overrides import NOBODY
from tracker.services.updates_lead_acts import NewLeadAct
from tracker.web.forms import (
    Form,
    KeyField,
    LineField,
    PartlyKnownDayField,
    Required,
    TextField,
    WordField,
    choices,
)

ACTS = {
    LeadAct.CONFIRMED: "confirmed the lead",
    LeadAct.DISPUTED: "disputed the lead",
    LeadAct.RETURNED: "sent the complaint back as not competent",
    LeadAct.PRESUMED: "presumed the lead, without confirming it",
}


def _authorities(*, boards: bool) -> list[tuple[str, str]]:
    found = ((slug, label(slug)) for slug, it in authorities().items() if boards or it.scope != "board")
    return sorted(found, key=lambda pair: pair[1])


class ConfirmForm(Form):
    """Which filings go by the new answer from now on, and a note."""

    filings = SelectMultipleField("Filings", validate_choice=False)
    #: Keys of the runs that were on the screen.
    seen = HiddenField()
    note = TextField("Note", limit=2000)

    def runs(self) -> set[int]:
        """Return the keys of the runs that were on the screen."""
        typed = (self.seen.data or "").split()
        return {int(it) for it in typed if it.isascii() and it.isdigit() and len(it) < 20}


class OverrideForm(Form):
    """Who leads whatever the rules find, and why."""

    controller = WordField("Against", default="")
    lead = WordField("Who leads", default="")
    why = TextField("Reason", limit=4000)
    #: What was on the screen: routing_overrides.seen_in().
    seen = HiddenField()

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        could = [pair for pair in _authorities(boards=False) if can_lead(pair[0], clock.today())]
        offered = [(NOBODY, "nobody leads"), *could]
        self.lead.choices = choices(offered, empty="choose")
        self.lead.flags.required = self.why.flags.required = True

    def offer(self, controllers: list[Any]) -> None:
        """Offer the controllers of the filing, and all of them at once."""
        named = [(str(it.id), it.name) for it in controllers]
        self.controller.choices = choices(named, empty="every controller of the filing")

    @property
    def controller_id(self) -> int | None:
        """Return the key of the controller chosen, None for all."""
        return int(self.controller.data) if self.controller.data else None


class WithdrawForm(Form):
    """Why an override ends."""

    override = KeyField()
    note = TextField("Why it is withdrawn", limit=2000)


class LeadActForm(Form):
    """What an authority did about the lead of one or more filings."""

    filings = SelectMultipleField("Filings", validate_choice=False)
    act = WordField(
        "What it did",
        default="",
        choices=choices(((it.value, words) for it, words in ACTS.items()), empty="choose"),
        validators=[Required("Say what it did.")],
    )
    authority = WordField("Authority that did it", default="", validators=[Required("Say who did it.")])
    lead = WordField("Authority named as lead", default="")
    day = PartlyKnownDayField("Day", validators=[Required("Say when it happened.")])
    reference = LineField("Number of the authority", limit=200)
    source = LineField("Source", limit=2000)
    note = TextField("Words for the file", limit=4000)
    corrects = HiddenField()

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.authority.choices = choices(_authorities(boards=True), empty="choose")
        self.lead.choices = choices(_authorities(boards=False), empty="none is named")
        self.filings.flags.required = True

    def offer(self, case: Any) -> None:
        """Offer the filings of a case."""
        self.filings.choices = [
            SelectChoice(it.number, f"{it.number} {label(it.authority_slug, it.country)}")
            for it in case.filings
        ]

    def fill(self, said: NewLeadAct, numbers: list[str]) -> None:
        """Start from everything that an entry says."""
        self.act.data, self.authority.data, self.lead.data = said.act.value, said.authority, said.lead or ""
        self.day.data, self.reference.data = said.day, said.reference or ""
        self.source.data, self.note.data, self.filings.data = said.source or "", said.note, numbers

    def said(self) -> NewLeadAct:
        """Return what was typed."""
        return NewLeadAct(
            act=LeadAct(self.act.data),
            authority=self.authority.data,
            lead=self.lead.data or None,
            day=self.day.data,
            reference=self.reference.data or None,
            source=self.source.data or None,
            note=self.note.data or "",
        )
