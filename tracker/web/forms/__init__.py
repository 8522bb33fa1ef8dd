"""Forms: the base, fields that clean what was typed, and validators with names."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import DateInput, HiddenInput

from tracker.errors import RuleBroken, TrackerError
from tracker.reference.authorities import directory
from tracker.reference.names import country_name, language_name, languages, place_name
from tracker.reference.places import EEA, countries
from tracker.rules import days, text
from tracker.rules.languages import ORIGINAL
from tracker.rules.vocabulary import Answer, Precision
from tracker.web.forms.rows import field_at


def is_small(typed: str) -> bool:
    """Return whether what came is a whole number that a database takes, in plain digits."""
    return typed.isascii() and typed.isdigit() and len(typed) <= 9


class Form(FlaskForm):
    """The base of every form of the desk: protected against foreign posts, refusals beside their field."""

    class Meta(FlaskForm.Meta):
        """Messages in English, whatever the browser asks for."""

        locales = ("en",)

    def refuse(self, refusal: TrackerError) -> None:
        """Put a refusal beside the field it names, in its row too, or at the top of the form."""
        field = field_at(self, refusal.field or "")
        if field is None or not isinstance(field.errors, (list, tuple)):
            self.form_errors.append(str(refusal))
        else:
            field.errors = [*field.errors, str(refusal)]


class Required:
    """Refuse an empty field with words of its own."""

    field_flags = {"required": True}

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, form: Any, field: Field) -> None:
        """Raise StopValidation for an empty field; an error of reading it stands already."""
        if field.errors:
            raise StopValidation
        if not field.data or (isinstance(field.data, days.Day) and field.data.value is None):
            raise StopValidation(self.words)
        if isinstance(field.data, str) and not any(
            it.isprintable() and not it.isspace() for it in field.data
        ):
            raise StopValidation(self.words)  # nothing that anybody could see


class _Cleaned:
    lines = False

    def __init__(self, label: str, *, limit: int = 300, **values: Any) -> None:
        super().__init__(label, **values)  # type: ignore[call-arg]
        self.limit = limit

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Keep what was typed for the page, and clean it; raises ValueError with the reason."""
        self.data = valuelist[0] if valuelist else ""
        try:
            self.data = text.clean(self.data, limit=self.limit, field="", lines=self.lines)
        except RuleBroken as refusal:
            # All of it stays in the form: what is too long is shortened by the person, not by us.
            self.data = text.legible(self.data)
            raise ValueError(str(refusal)) from None


class LineField(_Cleaned, StringField):
    """One line of clean text."""


class TextField(_Cleaned, TextAreaField):
    """Clean text of several lines, as typed into a large box."""

    lines = True


def key_in(typed: str) -> int | None:
    """Return the key of a row in the store that was sent, None for what can be none."""
    found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 20 else 0
    return found if 0 < found < 2**63 else None


class KeyField(IntegerField):
    """The key of a row in the store, carried along unseen; what can be none counts as nothing."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the key."""
        self.data = key_in(valuelist[0] if valuelist else "")


class DayField(StringField):
    """A full day by the browser's own date input."""

    widget = DateInput()

    def process_data(self, value: Any) -> None:
        """Take a day, or one as it is written."""
        self.data = date.fromisoformat(value) if isinstance(value, str) and value else value or None

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day; raises ValueError with the reason."""
        self.data = None
        typed = (valuelist[0] if valuelist else "").strip()
        self.raw_data = [typed[:40]]
        if not typed:
            return
        try:
            day = days.Day.parse(typed[:40])
        except RuleBroken as refusal:
            raise ValueError(str(refusal)) from None
        if day.precision is not Precision.DAY:
            raise ValueError("Give the full day: 2024-06-06.")
        self.data = day.value

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if isinstance(self.data, date) else ""


class PartlyKnownDayField(StringField):
    """A day as exactly as it is known: 2024-06-06, 2024-06 or 2024; empty is not known."""

    def process_data(self, value: Any) -> None:
        """Take a day, or one as it is written."""
        unknown = days.Day(None, Precision.UNKNOWN)
        self.data = (days.Day.parse(value) if value else unknown) if isinstance(value, str) else value

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day; raises ValueError with the reason."""
        typed = (valuelist[0] if valuelist else "").strip()
        self.raw_data = [typed[:40]]
        self.data = days.Day(None, Precision.UNKNOWN)
        try:
            if typed:
                self.data = days.Day.parse(typed[:40])
        except RuleBroken as refusal:
            raise ValueError(str(refusal)) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return (self.data.iso or "") if isinstance(self.data, days.Day) else ""


def choices(pairs: Iterable[tuple[str, str]], *, empty: str | None = None) -> list[SelectChoice]:
    """Return (value, label) pairs as choices, with an empty one first where given."""
    first = [SelectChoice("", empty)] if empty is not None else []
    return first + [SelectChoice(value, label) for value, label in pairs]


class WordField(SelectField):
    """One word of a short list; a word that is not in it gets a clear message."""

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError for a value that is not offered."""
        if self.data not in {it.value for it in self.choices or ()}:
            raise ValidationError("Choose one of the list.")


def country_field(label: str, *, empty: str = "not known") -> WordField:
    """Return a field for any country of the world, those of the EEA first."""
    groups = (("EEA", True), ("Other countries", False))
    offered = [
        SelectChoice(code, country_name(code), optgroup=group)
        for group, inside in groups
        for code in countries()
        if (code in EEA) is inside
    ]
    return WordField(label, choices=[SelectChoice("", empty), *offered], default="")


def residence_field(label: str) -> WordField:
    """Return a field for where somebody lives or works, or something took place (Art 77(1)).

    That is a country, or a region that has an authority of its own.
    """
    places = [*EEA, "CH", "GB", "US", *(it for it in directory().by_place if "-" in it)]
    named = sorted(((place, place_name(place)) for place in places), key=lambda pair: pair[1])
    return WordField(label, choices=choices(named, empty="not known"), default="")


def language_field(label: str, *, empty: str = "not known") -> WordField:
    """Return a field for a language."""
    return WordField(label, choices=choices(languages(), empty=empty), default="")


def written_in_field() -> WordField:
    """Return a field for the language in which a case is written: left as it stands, that is ORIGINAL."""
    others = [it for it in languages() if it[0] != ORIGINAL]
    return WordField("Written in", choices=choices(others, empty=language_name(ORIGINAL)), default="")


def answer_field(label: str) -> WordField:
    """Return a field for yes, no or not known."""
    words = ((Answer.UNKNOWN.value, "not known"), (Answer.YES.value, "yes"), (Answer.NO.value, "no"))
    return WordField(label, choices=choices(words), default=Answer.UNKNOWN.value)


def sure_of(asked: Iterable[Any]) -> str:
    """Return a mark of what was asked first: who is sure of it is not sure of anything else."""
    return hashlib.sha256("\n".join(it.text for it in asked).encode()).hexdigest()[:20]
