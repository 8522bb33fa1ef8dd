"""The forms by which filings are given to somebody: one or many, or all of a person at once."""

from collections.abc import Iterable
from typing import Any

from wtforms import IntegerField, SelectMultipleField
from wtforms.widgets import HiddenInput

from tracker.web.forms import Form, WordField, choices, key_in

#: What is chosen for nobody.
NOBODY = "nobody"


def _people(people: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(it.id), f"{it.name} ({it.role.value})") for it in people]


class AssignForm(Form):
    """Who sees to the chosen filings."""

    filings = SelectMultipleField("Filings", validate_choice=False)
    person = WordField("Who sees to them", default="")

    def offer(self, people: Iterable[Any]) -> None:
        """Offer everybody who can see to a filing, and nobody."""
        self.person.choices = choices([*_people(people), (NOBODY, "nobody")], empty="choose")
        self.person.flags.required = self.filings.flags.required = True

    @property
    def user_id(self) -> int | None:
        """Return the key of the person chosen, None for nobody."""
        return None if self.person.data == NOBODY else key_in(self.person.data or "")


class HandOverForm(Form):
    """Who takes over everything that a person sees to."""

    to = WordField("Who takes them over", default="")
    #: How many filings the preview showed.
    seen = IntegerField(widget=HiddenInput())

    def offer(self, people: Iterable[Any], without: int) -> None:
        """Offer everybody who can see to a filing, but for the person whose filings they are."""
        self.to.choices = choices(_people(it for it in people if it.id != without), empty="choose")
        self.to.flags.required = True
