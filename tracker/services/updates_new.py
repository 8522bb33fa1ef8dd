"""A new entry of the protocol, as the form for updates holds it."""

from dataclasses import dataclass, field
from datetime import date

from tracker.rules.days import Day
from tracker.rules.happened import Saying
from tracker.rules.leading import LeadAct
from tracker.rules.vocabulary import Medium, Outcome


@dataclass(frozen=True, slots=True)
class Letter:
    """How news came or went: by which medium, from whom, sent and received when, in which language."""

    medium: Medium | None = None
    sender: str | None = None
    sent_on: date | None = None
    received_on: date | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class NewUpdate:
    """What the form for an update holds. `actor` is a slug of the directory or words."""

    step: str
    day: Day
    actor: str
    words: str
    public_words: str | None = None
    reference: str | None = None
    outcome: Outcome | None = None
    letter: Letter = field(default_factory=Letter)
    source: str | None = None
    #: Why it is recorded although it is out of order; None where it fits.
    irregular: str | None = None
    #: What an authority says of the lead, and whom it names: see updates_lead_acts.
    lead_act: LeadAct | None = None
    lead_named: str | None = None
    #: What it says of a deadline; `start` None: of the one that it begins itself.
    says: Saying | None = None
    #: Whether a correction keeps what the corrected entry said of a deadline, where `says` is None.
    keeps_saying: bool = True
