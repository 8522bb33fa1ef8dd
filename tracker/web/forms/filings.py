"""The forms for lodging a complaint and for recording what happened."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.fields import SelectChoice

from tracker.reference import tables
from tracker.reference.authorities import authorities, label, slug_of
from tracker.rules.days import Day
from tracker.rules.procedure import DECISION_OUTCOMES
from tracker.rules.standing import outcome_label
from tracker.rules.vocabulary import Medium, Outcome
from tracker.services.evidence import Facts
from tracker.services.filings import Wanted
from tracker.services.updates import Letter, NewUpdate
from tracker.services.updates_steps import NOTE, Offer
from tracker.web.forms import (
    DayField,
    Form,
    LineField,
    PartlyKnownDayField,
    Required,
    TextField,
    WordField,
    choices,
    is_small,
    language_field,
)
from tracker.web.uploads import FilesField

MEDIA = {
    Medium.LETTER: "letter",
    Medium.EMAIL: "e-mail",
    Medium.FORM: "online form",
    Medium.PHONE: "telephone",
    Medium.PRESS: "press or web page",
    Medium.OTHER: "other",
}
OUTCOMES = {it: outcome_label(it) for it in DECISION_OUTCOMES}


#: What a step does to a filing, by the group that the table gives it.
STEP_GROUPS = {"running": "Moves it on", "finished": "Ends it", "other": "Leaves the stage as it is"}
ANOTHER_DAY = "Only with an earlier day, or another place in the protocol"
OUT_OF_ORDER = "Out of order: needs a note"


class LodgeForm(Form):
    """With whom, when, for whom, in which language a complaint is lodged."""

    authorities = SelectMultipleField("Authorities", validate_choice=False)
    lodged_on = DayField("Day of lodging", validators=[Required("Say on which day it was lodged.")])
    language = language_field("Language")
    complainant = WordField("Complainant", default="", choices=[])

    def own_choices(
        self, typed: Any, pseudonyms: Sequence[str], residences: dict[str, str]
    ) -> list[tuple[str, str]]:
        """Return (name, value) of each choice that was made for one authority and differs from that for all.

        What nobody could have chosen is left out.
        """
        languages = {it.value for it in self.language.choices or ()}
        found = []
        for slug, it in authorities().items():
            person = typed.get(f"complainant-{slug}")
            default = self.complainant.data or residences.get(it.country) or ""
            if person is not None and person != default and person in ("", *pseudonyms):
                found.append((f"complainant-{slug}", person))
            language = typed.get(f"language-{slug}")
            if language is not None and language != (self.language.data or "") and language in languages:
                found.append((f"language-{slug}", language))
        return found

    def wanted(self, typed: Any, pseudonyms: Sequence[str], residences: dict[str, str]) -> list[Wanted]:
        """Return the filings asked for, in the order of the directory.

        A choice made for one authority in the preview counts before the one for all; with no choice at all,
        the complainant who lives where the authority is.
        """
        order = {slug: place for place, slug in enumerate(authorities())}
        wanted = []
        for slug in sorted(
            dict.fromkeys(self.authorities.data or []), key=lambda it: (order.get(it, 999), it)
        ):
            country = authorities()[slug].country if slug in order else ""
            default = self.complainant.data or residences.get(country) or ""
            person = typed.get(f"complainant-{slug}", default)
            language = typed.get(f"language-{slug}", self.language.data)
            wanted.append(
                Wanted(
                    slug, (person or None) if person in pseudonyms or not person else person, language or None
                )
            )
        return wanted


class UpdateForm(Form):
    """What happened to one or more filings on one day, with what proves it."""

    filings = SelectMultipleField("Filings", validate_choice=False)
    # Whether it is possible is the procedure's answer, with the reason; the list offers what is.
    step = SelectField("Step", choices=[], validate_choice=False, validators=[Required("Say what happened.")])
    outcome = WordField(
        "How it ended",
        default="",
        choices=choices(((it.value, words) for it, words in OUTCOMES.items()), empty="does not end it"),
    )
    irregular = TextField(NOTE, limit=2000)
    day = PartlyKnownDayField("Day", validators=[Required("Say when it happened.")])
    actor = LineField("Who acted", validators=[Required("Say who acted.")])
    words = TextField(
        "Words for the file", limit=20_000, validators=[Required("Say in a sentence what happened.")]
    )
    public_words = TextField("Words for the public", limit=4000)
    reference = LineField("Number of the authority", limit=200)
    medium = WordField(
        "How it came",
        default="",
        choices=choices(((it.value, word) for it, word in MEDIA.items()), empty="not said"),
    )
    sender = LineField("Sender")
    sent_on = DayField("Sent on")
    received_on = DayField("Received on")
    language = language_field("Language")
    answer_until = DayField("Answer until")
    source = LineField("Web page", limit=2000)
    files = FilesField("Files")
    #: What a person says of it besides: services/silence_marks.py.
    empty = BooleanField("Says nothing new")
    answers = SelectField("Answers", choices=[], default="", validate_choice=False)
    corrects = HiddenField()

    def offer(self, steps: Offer) -> None:
        """Offer these steps and no others, grouped by what they do to the filing."""
        # What says something of a period has a form of its own.
        groups = [(STEP_GROUPS[it.group], it) for it in steps.now if it.group in STEP_GROUPS]
        groups.sort(key=lambda pair: list(STEP_GROUPS.values()).index(pair[0]))
        groups += [(ANOTHER_DAY, it) for it in steps.another_day]
        groups += [(OUT_OF_ORDER, it) for it in steps.out_of_order]
        self.step.choices = [
            SelectChoice("", "choose what happened"),
            *(
                SelectChoice(it.code, f"{it.label} ({it.basis})" if it.basis else it.label, optgroup=group)
                for group, it in groups
            ),
        ]

    def offer_reminders(self, reminders: Sequence[Any]) -> None:
        """Offer the reminders that it can answer."""
        self.answers.choices = choices(
            ((str(it.number), f"our reminder of {it.day.words}, entry {it.number}") for it in reminders),
            empty="no reminder of ours, as far as known",
        )

    def fill_marks(self, marks: Any) -> None:
        """Start from what people said of the entry that is going to be corrected."""
        self.empty.data = marks.empty
        self.answers.data = "" if marks.answers is None else str(marks.answers)

    @property
    def reminder(self) -> int | None:
        """Return the number of the reminder that it answers, None for none; 0 for what is no number."""
        return (int(self.answers.data) if is_small(self.answers.data) else 0) if self.answers.data else None

    def fill(self, entry: Any) -> None:
        """Start from everything that an entry says: whoever corrects it changes only what was wrong."""
        told = entry.filings[0] if entry.filings else None
        step = (told and told.step) or entry.kind
        self.step.data = step if step in tables.steps() else ""
        needs = self.step.data and tables.steps()[self.step.data].needs_outcome
        self.outcome.data = told.outcome.value if told and told.outcome and needs else ""
        self.day.data = entry.day
        self.actor.data = label(entry.actor_slug) if entry.actor_slug else entry.actor
        for name in ("words", "public_words", "irregular", "reference", "sender", "language", "source"):
            self[name].data = getattr(entry, name) or ""
        self.medium.data = entry.medium.value if entry.medium else ""
        self.sent_on.data, self.received_on.data = entry.sent_on, entry.received_on
        self.filings.data = [it.filing.number for it in entry.filings]

    def new_update(self) -> NewUpdate:
        """Return what was typed as a new update. The actor may be typed as an authority is named anywhere."""
        typed = self.actor.data
        day: Day = self.day.data
        return NewUpdate(
            step=self.step.data,
            day=day,
            actor=slug_of(typed) or typed,
            words=self.words.data,
            public_words=self.public_words.data or None,
            reference=self.reference.data or None,
            outcome=Outcome(self.outcome.data) if self.outcome.data else None,
            letter=Letter(
                medium=Medium(self.medium.data) if self.medium.data else None,
                sender=self.sender.data or None,
                sent_on=self.sent_on.data,
                received_on=self.received_on.data,
                language=self.language.data or None,
            ),
            source=self.source.data or None,
            irregular=self.irregular.data or None,
            answer_until=self.answer_until.data,
            asked_until=True,
        )


class EvidenceForm(Form):
    """Files that prove something, and how they came to us."""

    files = FilesField("Files")
    title = LineField("What it is")
    source = LineField("Where it comes from", limit=2000)
    obtained_on = DayField("Obtained on")
    obtained_how = LineField("How it was obtained")
    obtained_by = LineField("By whom")

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        # Those kept from an earlier try count too, so it is the view that looks whether there are any.
        self.files.flags.required = True

    def facts(self) -> Facts:
        """Return the custody record as it was typed."""
        return Facts(
            title=self.title.data or None,
            source=self.source.data or None,
            obtained_on=self.obtained_on.data,
            obtained_how=self.obtained_how.data or None,
            obtained_by=self.obtained_by.data or None,
        )


class NoteForm(Form):
    """A decision with a note: to propose, clear, decline or withdraw."""

    note = TextField("Note", limit=2000)
