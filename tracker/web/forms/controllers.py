"""The form for the controllers of a case: each with its establishments, and more to be added."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, IntegerField
from wtforms import Form as PlainForm
from wtforms.widgets import HiddenInput

from tracker.errors import RuleBroken
from tracker.rules.vocabulary import Answer
from tracker.services.cases import Respondent
from tracker.services.cases_controllers import Said, SaidPlace
from tracker.web.forms import DayField, Form, LineField, WordField, answer_field, choices
from tracker.web.forms.cases import AFFECTED, NONE, ControllerRow, EstablishmentRow, Find, read_places


class PlaceRow(EstablishmentRow):
    """An establishment of the register, or a new one: then without a key."""

    key = IntegerField(widget=HiddenInput())
    until = DayField("Until")
    mistake = BooleanField("Entered by mistake: take it out of the register")

    def said(self) -> SaidPlace:
        """Return what was typed."""
        return SaidPlace(
            place=(read_places(self.place.data or "", "place") or ("",))[0],
            key=self.key.data or None,
            since=self.since.data,
            until=self.until.data,
            central=Answer(self.central.data),
            decides=Answer(self.decides.data),
            mistake=self.mistake.data,
        )


class RespondentRow(PlainForm):
    """A controller that is in the case."""

    controller = IntegerField(widget=HiddenInput())
    affected = LineField(AFFECTED, limit=600)
    decided_outside_eea = answer_field("Decided outside the EEA")
    targets_eea = answer_field("Offers to, or monitors, people in the EEA")
    establishments = FieldList(FormField(PlaceRow), max_entries=60)
    presence = WordField("If no establishment is named", choices=choices(NONE), default="unknown")
    out = BooleanField("Take it out of the case")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read."""
        good = super().validate(extra_validators)
        try:
            read_places(self.affected.data or "", "affected")
        except RuleBroken as refusal:
            self.affected.errors = [str(refusal)]
            return False
        return good

    def said(self) -> Said:
        """Return what was typed; empty rows of establishments are left out."""
        return Said(
            controller=self.controller.data or 0,
            places=tuple(it.form.said() for it in self.establishments if it.form.place.data),
            none=Answer.NO if self.presence.data == "none" else Answer.UNKNOWN,
            affected=read_places(self.affected.data or "", "affected"),
            decided_outside_eea=Answer(self.decided_outside_eea.data),
            targets_eea=Answer(self.targets_eea.data),
            out=self.out.data,
        )


class ControllersForm(Form):
    """All controllers of a case, and rows for more."""

    respondents = FieldList(FormField(RespondentRow), max_entries=60)
    added = FieldList(FormField(ControllerRow), max_entries=20)
    seen = LineField("Version")

    @classmethod
    def of(cls, said: list[Said], seen: str) -> "ControllersForm":
        """Return the form as it was sent, else one that shows what is said now."""
        form = cls()
        if not form.is_submitted():  # a new row must not take the key of what stands in its place now
            form = cls(data=cls._filled(said, seen))
        return form

    @staticmethod
    def _filled(said: list[Said], seen: str) -> dict[str, Any]:
        return {
            "seen": seen,
            "respondents": [
                {
                    "controller": it.controller,
                    "affected": ", ".join(it.affected or ()),
                    "decided_outside_eea": it.decided_outside_eea.value,
                    "targets_eea": it.targets_eea.value,
                    "presence": "none" if it.none is Answer.NO else "unknown",
                    "establishments": [
                        {
                            "key": each.key,
                            "place": each.place,
                            "since": each.since,
                            "until": each.until,
                            "central": each.central.value,
                            "decides": each.decides.value,
                        }
                        for each in it.places
                    ]
                    + [{}],
                }
                for it in said
            ],
        }

    def more(self, what: str) -> None:
        """Add an empty row: for another controller, or for an establishment of the one that is counted."""
        if what == "added":
            self.added.append_entry()
        elif what.isascii() and what.isdigit() and int(what[:3]) < len(self.respondents):
            self.respondents[int(what[:3])].form.establishments.append_entry()

    def said(self) -> list[Said]:
        """Return what was typed of the controllers that are in the case."""
        return [it.form.said() for it in self.respondents]

    def new(self, find: Find) -> list[Respondent]:
        """Return the controllers to be added; `find` returns the one of a name and seat, or None."""
        return [it.form.respondent(find) for it in self.added if it.form.name.data]
