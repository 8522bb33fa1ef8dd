"""The form for the controllers of a case: each with its establishments, and more to be added."""

from typing import Any

from wtforms import BooleanField, FormField, HiddenField

from tracker.errors import under
from tracker.rules.vocabulary import Answer
from tracker.services.cases import Respondent
from tracker.services.cases_controllers import Said, SaidPlace
from tracker.web.forms import DayField, Form, KeyField, LineField, WordField, answer_field, choices, merging
from tracker.web.forms.cases import AFFECTED, MOST_CONTROLLERS, NONE, ControllerRow, EstablishmentRow, Find
from tracker.web.forms.further import FurtherRow, filled
from tracker.web.forms.places import PlacesField
from tracker.web.forms.rows import Rows


class PlaceRow(EstablishmentRow):
    """An establishment of the register, or a new one: then without a key."""

    key = KeyField()
    until = DayField("Until")
    main_processing = answer_field("Main processing here")
    mistake = BooleanField("Entered by mistake: take it out of the register")

    @property
    def kept(self) -> bool:
        """Return whether the register has it."""
        return bool(self.key.data)

    def said_place(self) -> SaidPlace:
        """Return what was typed."""
        return SaidPlace(
            place=self.place.place,
            key=self.key.data or None,
            since=self.since.data,
            until=self.until.data,
            central=Answer(self.central.data),
            decides=Answer(self.decides.data),
            main_processing=Answer(self.main_processing.data),
            mistake=self.mistake.data,
        )


class RespondentRow(FurtherRow):
    """A controller that is in the case."""

    called = "Controller"
    controller = KeyField()
    affected = PlacesField(AFFECTED, limit=600)
    decided_outside_eea = answer_field("Decided outside the EEA")
    targets_eea = answer_field("Offers to, or monitors, people in the EEA")
    establishments = Rows(FormField(PlaceRow), "Establishments", most=60, many="establishments")
    presence = WordField("If no establishment is named", choices=choices(NONE), default="unknown")
    out = BooleanField("Take it out of the case")

    @property
    def kept(self) -> bool:
        """Return whether it is in the case: it always is."""
        return True

    def said_of(self) -> Said:
        """Return what was typed; empty rows of establishments are left out."""
        return Said(
            controller=self.controller.data or 0,
            places=tuple(it.form.said_place() for it in self.establishments if it.form.said),
            none=Answer.NO if self.presence.data == "none" else Answer.UNKNOWN,
            affected=self.affected.places,
            decided_outside_eea=Answer(self.decided_outside_eea.data),
            targets_eea=Answer(self.targets_eea.data),
            further=self.further(),
            out=self.out.data,
        )


class ControllersForm(Form):
    """All controllers of a case, and rows for more."""

    respondents = Rows(FormField(RespondentRow), "Controllers", most=60, many="controllers")
    added = Rows(FormField(ControllerRow), "Another controller", most=MOST_CONTROLLERS, many="controllers")
    seen = LineField("Version")
    #: What the form showed when it was opened: so it is known later what its writer left alone.
    before = HiddenField()
    #: What somebody has read before it was saved all the same.
    sure = HiddenField()

    @classmethod
    def of(cls, said: list[Said], seen: str) -> "ControllersForm":
        """Return the form as it was sent, else one that shows what is said now."""
        form = cls()
        if not form.is_submitted():  # a new row must not take the key of what stands in its place now
            shown = cls._filled(said)
            form = cls(data={**shown, "before": merging.written(shown), "seen": seen})
            for row in form.respondents:
                if len(row.form.establishments) < row.form.establishments.most:
                    row.form.establishments.more()
        return form

    def beside(self, said: list[Said], seen: str) -> "ControllersForm":
        """Return the form anew, after somebody else saved: theirs wherever this one was left alone."""
        theirs = merging.plain(self._filled(said))
        data = merging.plain(self.data)
        merged = merging.merge(
            merging.read(self.before.data or ""), {"respondents": data["respondents"]}, theirs
        )
        # A controller that was taken out meanwhile is no row of the case any more.
        merged["respondents"] = [it for it in merged["respondents"] if it["controller"]]
        written = merging.written(theirs)
        return type(self)(
            formdata=None, data={**merged, "added": data["added"], "before": written, "seen": seen}
        )

    @staticmethod
    def _filled(said: list[Said]) -> dict[str, Any]:
        return {
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
                            "main_processing": each.main_processing.value,
                        }
                        for each in it.places
                    ],
                    **filled(it.further),
                }
                for it in said
            ],
        }

    def more(self, what: str) -> None:
        """Add an empty row: for another controller, or for an establishment of the one that is counted."""
        kind, _, at = what.rpartition("-")
        if what == "added":
            self.added.more()
        elif at.isascii() and at.isdigit():
            rows = self.added if kind == "added" else self.respondents
            if int(at[:3]) < len(rows):
                rows[int(at[:3])].form.establishments.more()

    def said(self) -> list[Said]:
        """Return what was typed of the controllers that are in the case."""
        return [it.form.said_of() for it in self.respondents]

    def new(self, find: Find) -> list[Respondent]:
        """Return the controllers to be added; `find` returns the one of a name and seat, or None."""
        found = []
        for number, row in enumerate(it for it in self.added if it.form.said):
            with under(f"added-{number}"):
                found.append(row.form.respondent(find))
        return found
