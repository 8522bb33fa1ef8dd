"""The forms for a proceeding and for a hearing."""

from collections.abc import Sequence
from typing import Any

from wtforms import IntegerField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.widgets import HiddenInput

from tracker.errors import RuleBroken
from tracker.reference.authorities import label, slug_of
from tracker.rules import decisions as rules
from tracker.rules import hearings
from tracker.rules.vocabulary import ProceedingKind
from tracker.services.decisions_hearings import NewHearing
from tracker.services.decisions_proceedings import NewProceeding
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


class _OfFilings(Form):
    """A form about filings that are ticked, and others that are named by number."""

    filings = SelectMultipleField("Filings", validate_choice=False)

    def offer_filings(self, filings: Sequence[Any]) -> None:
        """Offer the filings, each with its authority."""
        self.filings.choices = [
            SelectChoice(it.number, f"{it.number} {label(it.authority_slug, it.country)}") for it in filings
        ]


class ProceedingForm(_OfFilings):
    """What an authority, the Board or a court runs, with the filings that it joins."""

    kind = WordField(
        "It is",
        choices=choices(((it.value, words) for it, words in rules.KINDS.items()), empty="choose"),
        default="",
        validators=[Required("Say before whom it is.")],
    )
    body = LineField("Before", validators=[Required("Name the authority, the Board or the court.")])
    reference = LineField("Number", limit=200)
    opened = PartlyKnownDayField("Opened on")
    follows = WordField("After the proceeding", default="")
    parties = LineField("Parties", limit=500)
    costs = LineField("Costs", limit=500)
    source = LineField("Web page", limit=2000)
    others = LineField("Filings of other cases", limit=2000)
    note = TextField("Note", limit=4000)
    seen = IntegerField(widget=HiddenInput())

    def offer(self, filings: Sequence[Any], proceedings: Sequence[tuple[int, str]]) -> None:
        """Offer the filings, and the proceedings that this one may follow."""
        self.offer_filings(filings)
        self.follows.choices = choices(((str(it), words) for it, words in proceedings), empty="none")

    def fill(self, row: Any) -> None:
        """Start from what is noted."""
        self.kind.data = row.kind.value
        self.body.data = label(row.body_slug) if row.body_slug else row.body
        self.opened.data = row.opened
        for name in ("reference", "parties", "costs", "source", "note"):
            self[name].data = getattr(row, name) or ""
        self.follows.data = str(row.follows.number) if row.follows else ""
        self.seen.data = row.version

    def new_proceeding(self) -> NewProceeding:
        """Return what was typed."""
        typed = self.body.data
        named = (self.others.data or "").replace(",", " ").replace(";", " ").upper().split()
        return NewProceeding(
            kind=ProceedingKind(self.kind.data),
            body=slug_of(typed) or typed,
            filings=tuple(dict.fromkeys([*(self.filings.data or []), *named])),
            reference=self.reference.data or None,
            opened=self.opened.data,
            parties=self.parties.data or None,
            costs=self.costs.data or None,
            note=self.note.data or None,
            source=self.source.data or None,
            follows=int(self.follows.data) if self.follows.data else None,
        )


class TimeField(LineField):
    """A time of the day."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the time; raises ValueError with the reason."""
        super().process_formdata(valuelist)
        try:
            hearings.read_time(self.data or "")
        except RuleBroken as refusal:
            raise ValueError(str(refusal)) from None


CLOCKS = sorted({(zone, hearings.zone_words(zone)) for zone in hearings.ZONES.values()}, key=lambda it: it[1])


class HearingForm(_OfFilings):
    """When and where a hearing is, before whom, and what it is about."""

    court = LineField("Before", validators=[Required("Name the court or the authority.")])
    what = LineField("What it is about", validators=[Required("Say what the hearing is about.")])
    day = DayField("Day", validators=[Required("Say on which day it is.")])
    time = TimeField("Time", limit=10)
    zone = WordField(
        "By the clock of",
        choices=choices(CLOCKS, empty="choose"),
        default="",
        validators=[Required("Choose the clock of the place where it is held.")],
    )
    place = LineField("Place", limit=300)
    why = LineField("Why it was moved or cancelled", limit=500)
    seen = IntegerField(widget=HiddenInput())

    def fill(self, version: Any) -> None:
        """Start from the version that counts."""
        self.court.data = label(version.court_slug) if version.court_slug else version.court
        self.what.data, self.place.data = version.what, version.place or ""
        self.day.data, self.zone.data = version.day, version.zone
        self.time.data = (
            f"{hearings.local_time(version.starts_at, version.zone):%H:%M}" if version.starts_at else ""
        )
        self.seen.data = version.sequence

    def offer_zone(self, zone: str) -> None:
        """Offer the clock that is in use too, where a file brought another one."""
        if zone and zone not in {it.value for it in self.zone.choices}:
            self.zone.choices = [*self.zone.choices, SelectChoice(zone, hearings.zone_words(zone))]

    def new_hearing(self, *, proceeding: int | None = None) -> NewHearing:
        """Return what was typed."""
        typed = self.court.data
        return NewHearing(
            court=slug_of(typed) or typed,
            day=self.day.data,
            at=hearings.read_time(self.time.data or ""),
            zone=self.zone.data,
            what=self.what.data,
            place=self.place.data or None,
            filings=tuple(self.filings.data or []),
            proceeding=proceeding,
        )


def clock_of(country: str | None) -> str:
    """Return the clock of a state, the empty text where none is known: a wrong one moves the hearing."""
    return hearings.ZONES.get(country or "", "")
