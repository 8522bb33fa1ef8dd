"""The form by which an admin adds people, and that of what a person wants to be told."""

from typing import Any

from wtforms import BooleanField, ValidationError

from tracker.errors import RuleBroken
from tracker.rules.telling import Choices, parse_days
from tracker.rules.vocabulary import Role
from tracker.web.forms import Form, LineField, Required, WordField, choices

ROLES = {
    Role.READER: "reader: reads everything",
    Role.ADVOCATE: "advocate: logs, lodges, records, proposes",
    Role.LAWYER: "lawyer: as advocate",
    Role.EDITOR: "editor: clears for the public",
    Role.ADMIN: "admin: people, no cases",
}


class PersonForm(Form):
    """Somebody who may sign in."""

    email = LineField("E-mail address", limit=255, validators=[Required("Give the address.")])
    name = LineField("Name", limit=100, validators=[Required("Give the name.")])
    role = WordField(
        "Role",
        choices=choices((it.value, words) for it, words in ROLES.items()),
        default="reader",
        validators=[Required("Choose a role.")],
    )
    # How long it may be is said when it is looked at: letters with accents may come in two parts each.
    password = LineField("First password", limit=1024, validators=[Required("Give a password.")])


class ToldForm(Form):
    """What a person wants to be told of deadlines, by mail and in the calendar."""

    mail = BooleanField("Send me a mail when there is something new")
    days = LineField("Days before the end", limit=100, validators=[Required("Give at least one number.")])
    everything = WordField(
        "Filings",
        choices=choices(
            [("mine", "those that I see to, and those that nobody sees to"), ("all", "all filings")]
        ),
        default="mine",
    )

    def validate_days(self, field: Any) -> None:
        """Raise ValidationError for what is no list of days."""
        try:
            parse_days(field.data)
        except RuleBroken as refusal:
            raise ValidationError(str(refusal)) from None

    def show(self, it: Choices) -> None:
        """Fill in what a person chose before."""
        self.mail.data = it.mail
        self.days.data = ", ".join(map(str, it.days))
        self.everything.data = "all" if it.everything else "mine"

    @property
    def chosen(self) -> Choices:
        """Return what was chosen, of a form that was found to be right."""
        return Choices(
            mail=bool(self.mail.data),
            days=parse_days(self.days.data or ""),
            everything=self.everything.data == "all",
        )
