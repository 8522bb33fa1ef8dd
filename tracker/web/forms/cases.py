"""The forms for a new case and for what a case says about itself."""

import re
from collections.abc import Callable
from typing import Any

from wtforms import FieldList, FormField, IntegerField
from wtforms import Form as PlainForm
from wtforms.widgets import HiddenInput

from tracker import clock
from tracker.errors import RuleBroken
from tracker.reference.authorities import directory
from tracker.reference.names import country_name
from tracker.rules import days
from tracker.rules.processing import Processing
from tracker.rules.vocabulary import Answer
from tracker.services.cases import NewCase, NewClaim, NewComplainant, Respondent
from tracker.services.controllers import NewController, NewEstablishment, fold
from tracker.web.forms import (
    EEA,
    DayField,
    Form,
    LineField,
    PartlyKnownDayField,
    Required,
    TextField,
    WordField,
    answer_field,
    choices,
    country_field,
    residence_field,
)

AFFECTED = "Countries whose people are affected"
#: What it means when no establishment is named.
NONE = (("unknown", "its establishments are not known"), ("none", "it has none in the EEA"))
#: Returns what the register has under a name and a seat: something with a key, or None.
Find = Callable[[str, str | None], Any]


def _places() -> dict[str, str]:
    """Return folded names and codes of places -> code."""
    codes = [*EEA, "GB", "CH", "US", *(it for it in directory().by_place if "-" in it)]
    return {fold(code): code for code in codes} | {fold(country_name(code)): code for code in codes}


def read_places(typed: str, field: str) -> tuple[str, ...] | None:
    """Return the codes of places typed as codes or names, separated by commas; None for nothing typed.

    Raises RuleBroken, naming the field, for a place that is not known.
    """
    known = _places() | {"eea": "EEA", "all": "EEA", "the eea": "EEA"}
    found: list[str] = []
    for part in re.split(r"[,;\n]", typed):
        if not part.strip():
            continue
        code = known.get(fold(part)) or known.get(fold(part.strip().removeprefix("the ")))
        if code is None:
            raise RuleBroken(
                f"'{part.strip()[:60]}' is not a country of the list: write names or codes, "
                "such as France, DE-BY or EEA.",
                field=field,
            )
        if code not in found:
            found.append(code)
    return tuple(found) or None


class EstablishmentRow(PlainForm):
    """A place of the controller in the EEA."""

    place = LineField("Country or Land", limit=60)
    since = DayField("Since")
    decides = answer_field("Decides on this processing")
    central = answer_field("Head office in the EEA")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read; an empty row can."""
        good = super().validate(extra_validators)
        try:
            read_places(self.place.data or "", "place")
        except RuleBroken as refusal:
            self.place.errors = [str(refusal)]
            return False
        if not self.place.data and (self.since.data or {self.decides.data, self.central.data} != {"unknown"}):
            self.place.errors = ["Name the country of this establishment."]
            return False
        if self.since.data and self.since.data > clock.today():
            self.since.errors = [f"{days.words(self.since.data)} has not come yet."]
            return False
        return good


class ControllerRow(PlainForm):
    """A controller: typed as it is in the register, or added on the spot."""

    name = LineField("Legal entity")
    country = country_field("Seat")
    establishments = FieldList(FormField(EstablishmentRow), min_entries=2, max_entries=20)
    presence = WordField("If no establishment is named", choices=choices(NONE), default="unknown")
    affected = LineField(AFFECTED, limit=600)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read."""
        good = super().validate(extra_validators)
        try:
            read_places(self.affected.data or "", "affected")
        except RuleBroken as refusal:
            self.affected.errors = [str(refusal)]
            return False
        if self.country.data or self.affected.data or any(it.form.place.data for it in self.establishments):
            if not self.name.data:
                self.name.errors = ["Name the controller of whom this is said."]
                return False
        return good

    def respondent(self, find: Find) -> Respondent:
        """Return the controller as typed: a known one where `find` finds it, with what was stated of it."""
        stated = [it.form for it in self.establishments if it.form.place.data]
        places = [(read_places(it.place.data, "place") or ("",))[0] for it in stated]
        found = find(self.name.data, self.country.data or None)
        return Respondent(
            known=found.id if found else None,
            new=NewController(
                name=self.name.data,
                country=self.country.data or None,
                establishments=tuple(
                    NewEstablishment(place, since=it.since.data, central=Answer(it.central.data))
                    for place, it in zip(places, stated, strict=True)
                )
                if places or self.presence.data == "none"
                else None,
            ),
            affected=read_places(self.affected.data or "", "affected"),
            processing=Processing(
                decides={
                    place: Answer(it.decides.data)
                    for place, it in zip(places, stated, strict=True)
                    if it.decides.data != Answer.UNKNOWN.value
                }
            ),
        )


class ClaimRow(PlainForm):
    """One alleged infringement."""

    provision = LineField("Provision", limit=60)
    conduct = LineField("What is alleged", limit=1000)
    measure = LineField("Measure asked for", limit=300)


class ComplainantRow(PlainForm):
    """A person represented."""

    pseudonym = LineField("Pseudonym", limit=60)
    residence = residence_field("Lives in")


class CaseForm(Form):
    """A new case. Required: a title, the organisation, one controller, one provision."""

    title = LineField("Title", validators=[Required("Give the case a title.")])
    ngo = LineField("Organisation that complains", validators=[Required("Name the organisation.")])
    number = LineField("Number", limit=20)
    project = LineField("Project", limit=100)
    facts = PartlyKnownDayField("Alleged infringement since")
    summary = TextField("Summary", limit=20_000)
    controllers = FieldList(FormField(ControllerRow), min_entries=1, max_entries=20)
    claims = FieldList(FormField(ClaimRow), min_entries=3, max_entries=60)
    complainants = FieldList(FormField(ComplainantRow), min_entries=2, max_entries=200)
    draft = IntegerField(widget=HiddenInput())

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.controllers[0].form.name.flags.required = True
        self.claims[0].form.provision.flags.required = True

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether a case can be opened from this; says beside the field what is missing."""
        good = super().validate(extra_validators)
        if not any(row.form.name.data for row in self.controllers):
            self.controllers[0].form.name.errors = ["Name the controller."]
            self.controllers.errors = [row.form.errors for row in self.controllers]
            good = False
        if not any(row.form.provision.data for row in self.claims):
            self.claims[0].form.provision.errors = ["Name at least one provision, such as 6(1)(f)."]
            self.claims.errors = [row.form.errors for row in self.claims]
            good = False
        return good

    def more(self, what: str) -> None:
        """Add empty rows of a kind, so that the form works without a script."""
        if what == "controllers":
            self.controllers.append_entry()
        elif what == "claims":
            for _ in range(3):
                self.claims.append_entry()
        elif what == "complainants":
            for _ in range(5):
                self.complainants.append_entry()

    def new_case(self, find: Find) -> NewCase:
        """Return what was typed as a new case. `find` returns the controller of a name and seat, or None."""
        return NewCase(
            title=self.title.data,
            ngo=self.ngo.data,
            summary=self.summary.data or "",
            number=self.number.data or None,
            project=self.project.data or "",
            facts=self.facts.data,
            respondents=tuple(row.form.respondent(find) for row in self.controllers if row.form.name.data),
            claims=tuple(
                NewClaim(
                    row.form.provision.data, row.form.conduct.data or None, row.form.measure.data or None
                )
                for row in self.claims
                if row.form.provision.data
            ),
            complainants=tuple(
                NewComplainant(row.form.pseudonym.data, row.form.residence.data or None)
                for row in self.complainants
                if row.form.pseudonym.data
            ),
        )
