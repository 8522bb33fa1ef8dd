"""The forms for a new case and for what a case says about itself."""

import secrets
from collections.abc import Callable
from typing import Any

from wtforms import FormField, HiddenField

from tracker.errors import RuleBroken, under
from tracker.reference import tables
from tracker.rules import provisions, text
from tracker.rules.languages import ORIGINAL
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services.cases import NewCase, NewClaim, NewComplainant, Respondent
from tracker.services.controllers import NewController, NewEstablishment, check_establishment
from tracker.web.forms import (
    DayField,
    Form,
    KeyField,
    LineField,
    PartlyKnownDayField,
    Required,
    TextField,
    WordField,
    answer_field,
    choices,
    country_field,
    key_in,
    residence_field,
    written_in_field,
)
from tracker.web.forms.places import PlaceField, PlacesField
from tracker.web.forms.rows import Row, Rows

AFFECTED = "Countries whose people are affected"
#: What it means when no establishment is named.
NONE = (("unknown", "its establishments are not known"), ("none", "it has none in the EEA"))
#: Returns what the register has under a name and a seat: something with a key, or None.
Find = Callable[[str, str | None], Any]
MOST_CONTROLLERS, MOST_ESTABLISHMENTS, MOST_CLAIMS, MOST_COMPLAINANTS = 20, 20, 60, 200


class EstablishmentRow(Row):
    """A place of the controller in the EEA."""

    called, named = "Establishment", "place"
    lacking = "Name the country of this establishment."
    place = PlaceField("Country or Land", limit=60)
    since = DayField("Since")
    decides = answer_field("Decides on this processing")
    central = answer_field("Head office in the EEA")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read, and an establishment be there."""
        good = super().validate(extra_validators)
        if not good or self.kept or not self.place.data:
            return good
        try:
            check_establishment(self.stated())
        except RuleBroken as refusal:
            field = self._fields[refusal.field or "place"]
            field.errors = [str(refusal)]
            return False
        return True

    def stated(self) -> NewEstablishment:
        """Return what was typed."""
        return NewEstablishment(self.place.place, since=self.since.data, central=Answer(self.central.data))


class ControllerRow(Row):
    """A controller: typed as it is in the register, or added on the spot."""

    called, named = "Controller", "name"
    lacking = "Name the controller of whom this is said."
    name = LineField("Legal entity")
    country = country_field("Seat")
    establishments = Rows(
        FormField(EstablishmentRow), most=MOST_ESTABLISHMENTS, many="establishments", min_entries=2
    )
    presence = WordField("If no establishment is named", choices=choices(NONE), default="unknown")
    affected = PlacesField(AFFECTED, limit=600)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read and does not contradict itself."""
        good = super().validate(extra_validators)
        if self.presence.data == "none" and any(it.form.said for it in self.establishments):
            self.presence.errors = [
                "An establishment is named above: empty its row, or choose “its establishments are not "
                "known”."
            ]
            return False
        return good

    def respondent(self, find: Find) -> Respondent:
        """Return the controller as typed: a known one where `find` finds it, with what was stated of it."""
        stated = [it.form for it in self.establishments if it.form.said]
        found = find(self.name.data, self.country.data or None)
        return Respondent(
            known=found.id if found else None,
            new=NewController(
                name=self.name.data,
                country=self.country.data or None,
                establishments=tuple(it.stated() for it in stated)
                if stated or self.presence.data == "none"
                else None,
            ),
            affected=self.affected.places,
            processing=Processing(
                decides={
                    it.place.place: Answer(it.decides.data)
                    for it in stated
                    if it.decides.data != Answer.UNKNOWN.value
                }
            ),
        )


class ClaimRow(Row):
    """One alleged infringement."""

    called, named = "Claim", "provision"
    lacking = "Name the provision, such as 6(1)(f), or empty the row."
    provision = LineField("Provision", limit=200)
    conduct = LineField("What is alleged", limit=1000)
    measure = LineField("Measure asked for", limit=300)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read: every faulty provision is told in one round."""
        good = super().validate(extra_validators)
        if self.provision.data and not self.provision.errors and not self.excused:
            try:
                provisions.read(self.provision.data, tables.provisions())
            except RuleBroken as refusal:
                self.provision.errors = [str(refusal)]
                return False
        return good


class ComplainantRow(Row):
    """A person represented."""

    called, named = "Complainant", "pseudonym"
    lacking = "Give the person a pseudonym, or empty the row."
    pseudonym = LineField("Pseudonym", limit=60)
    residence = residence_field("Lives in")
    workplace = residence_field("Works in")


class CaseForm(Form):
    """A new case. Required: a title, the organisation, one controller, one provision."""

    title = LineField("Title", validators=[Required("Give the case a title.")])
    ngo = LineField("Organisation that complains", validators=[Required("Name the organisation.")])
    number = LineField("Number", limit=20)
    project = LineField("Project", limit=100)
    facts = PartlyKnownDayField("Alleged infringement since")
    infringement_place = residence_field("Place of the alleged infringement")
    summary = TextField("Summary", limit=20_000)
    language = written_in_field()
    controllers = Rows(
        FormField(ControllerRow), "Against", most=MOST_CONTROLLERS, many="controllers", min_entries=1
    )
    claims = Rows(FormField(ClaimRow), "Claims", most=MOST_CLAIMS, many="claims", min_entries=3)
    complainants = Rows(
        FormField(ComplainantRow), "Complainants", most=MOST_COMPLAINANTS, many="complainants", min_entries=2
    )
    draft = KeyField()
    #: Another one for each form that is shown: a form that is sent twice opens one case.
    once = HiddenField()
    #: What somebody has read before it was opened all the same: see `sure_of`.
    sure = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.controllers[0].form.name.flags.required = True
        self.claims[0].form.provision.flags.required = True
        if not self.once.data:
            self.once.raw_data, self.once.data = None, secrets.token_urlsafe(12)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether a case can be opened from this; says beside the field what is missing."""
        good = super().validate(extra_validators)
        if not any(row.form.said for row in self.controllers):
            self.controllers[0].form.name.errors = ["Name the controller."]
            good = False
        if not any(row.form.said for row in self.claims):
            self.claims[0].form.provision.errors = ["Name at least one provision, such as 6(1)(f)."]
            good = False
        return good

    @property
    def draft_title(self) -> str:
        """Return what a draft is called, whatever was typed: one short line that can be seen."""
        line = " ".join(text.legible(self.title.data or "").split())[:200]
        return text.clean(line, field="title", lines=False)

    def more(self, what: str) -> None:
        """Add empty rows of a kind, so that the form works without a script."""
        kind, _, at = what.partition("-")
        if kind == "controllers":
            self.controllers.more()
        elif kind == "claims":
            self.claims.more(3)
        elif kind == "complainants":
            self.complainants.more(5)
        elif kind == "places" and at.isascii() and at.isdigit() and int(at[:3]) < len(self.controllers):
            self.controllers[int(at[:3])].form.establishments.more(2)

    def new_case(self, find: Find) -> NewCase:
        """Return what was typed as a new case. `find` returns the controller of a name and seat, or None."""
        respondents = []
        for number, row in enumerate(it for it in self.controllers if it.form.said):
            with under(f"controllers-{number}"):
                respondents.append(row.form.respondent(find))
        return NewCase(
            title=self.title.data,
            ngo=self.ngo.data,
            summary=self.summary.data or "",
            language=self.language.data or ORIGINAL,
            number=self.number.data or None,
            project=self.project.data or "",
            facts=self.facts.data,
            infringement_place=self.infringement_place.data or None,
            respondents=tuple(respondents),
            claims=tuple(
                NewClaim(
                    row.form.provision.data, row.form.conduct.data or None, row.form.measure.data or None
                )
                for row in self.claims
                if row.form.said
            ),
            complainants=tuple(
                NewComplainant(
                    row.form.pseudonym.data,
                    row.form.residence.data or None,
                    row.form.workplace.data or None,
                )
                for row in self.complainants
                if row.form.said
            ),
        )


def use(rows: Rows, what: str, of_register: Callable[[int], Any]) -> None:
    """Take over name and seat of a controller of the register into a row: "2-17" is row 2, key 17."""
    at, _, typed = what.partition("-")
    key, filled = key_in(typed), [it.form for it in rows if it.form.said]
    if key and at.isascii() and at.isdigit() and int(at[:3]) < len(filled):
        found, row = of_register(key), filled[int(at[:3])]
        for it, value in ((row.name, found.name), (row.country, found.country or "")):
            it.raw_data, it.data = None, value
