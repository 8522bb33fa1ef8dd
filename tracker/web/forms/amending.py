"""The form for what a case says about itself."""

from typing import Any

from wtforms import BooleanField, FormField, HiddenField, IntegerField
from wtforms.fields import SelectChoice
from wtforms.widgets import HiddenInput

from tracker.reference.names import language_name, place_name
from tracker.rules.languages import ORIGINAL
from tracker.services.cases_amending import Amended, SaidClaim, SaidComplainant
from tracker.web.forms import (
    Form,
    KeyField,
    LineField,
    PartlyKnownDayField,
    Required,
    TextField,
    merging,
    residence_field,
    written_in_field,
)
from tracker.web.forms.cases import MOST_CLAIMS, MOST_COMPLAINANTS, ClaimRow, ComplainantRow
from tracker.web.forms.rows import Row, Rows


class KeptRow(Row):
    """A row that is in the case, or a new one: then without a key."""

    key = KeyField()
    out = BooleanField("Take it out")

    @property
    def excused(self) -> bool:
        """Return whether it is to be taken out."""
        return bool(self.out.data)

    @property
    def kept(self) -> bool:
        """Return whether it is in the case."""
        return bool(self.key.data)

    def legend(self, number: int) -> str:
        """Return "Claim 2", or "Another claim" for a new one."""
        return f"{self.called} {number}" if self.kept else f"Another {self.called.lower()}"


class KeptClaimRow(KeptRow, ClaimRow):
    """A claim of the case."""

    lacking = "Name the provision, or take the claim out."


class KeptComplainantRow(KeptRow, ComplainantRow):
    """A person represented in the case."""

    lacking = "Give the person a pseudonym."
    out = BooleanField("Take this person out")


class AmendForm(Form):
    """What a case says about itself, its claims and its complainants."""

    title = LineField("Title", validators=[Required("Give the case a title.")])
    project = LineField("Project", limit=100)
    facts = PartlyKnownDayField("Alleged infringement since")
    infringement_place = residence_field("Place of the alleged infringement")
    summary = TextField("Summary", limit=20_000)
    language = written_in_field()
    requested = TextField("Asked for", limit=5_000)
    claims = Rows(FormField(KeptClaimRow), "Claims", most=MOST_CLAIMS, many="claims")
    complainants = Rows(
        FormField(KeptComplainantRow), "Complainants", most=MOST_COMPLAINANTS, many="complainants"
    )
    seen = IntegerField(widget=HiddenInput())
    #: What the form showed when it was opened: so it is known later what its writer left alone.
    before = HiddenField()

    @classmethod
    def of(cls, case: Any) -> "AmendForm":
        """Return the form as it was sent, else one that shows the case; a place from a file can stay."""
        form = cls()
        if not form.is_submitted():  # a new row must not take the key of what stands in its place now
            shown = cls._filled(case)
            form = cls(data={**shown, "before": merging.written(shown), "seen": case.version})
            for rows in (form.claims, form.complainants):
                if len(rows) < rows.most:
                    rows.more()
        return form._offering(case)

    def beside(self, case: Any) -> "AmendForm":
        """Return the form anew, after somebody else saved: theirs wherever this one was left alone."""
        theirs = merging.plain(self._filled(case))
        mine = {name: it for name, it in merging.plain(self.data).items() if name in theirs}
        merged = merging.merge(merging.read(self.before.data or ""), mine, theirs)
        written = merging.written(theirs)
        form = type(self)(formdata=None, data={**merged, "before": written, "seen": case.version})
        return form._offering(case)

    def _offering(self, case: Any) -> "AmendForm":
        people = {it.id: it for it in case.complainants}
        offered = [(self.infringement_place, case.infringement_place)]
        if case.language not in {ORIGINAL, *(it.value for it in self.language.choices)}:
            name = language_name(case.language)
            self.language.choices = [*self.language.choices, SelectChoice(case.language, name)]
        for row in self.complainants:
            if person := people.get(row.form.key.data):
                offered += [(row.form.residence, person.residence), (row.form.workplace, person.workplace)]
        for field, place in offered:
            if place and place not in {it.value for it in field.choices}:
                field.choices = [*field.choices, SelectChoice(place, place_name(place))]
        return self

    @staticmethod
    def _filled(case: Any) -> dict[str, Any]:
        return {
            "title": case.title,
            "project": case.project.name if case.project else "",
            "facts": case.facts,
            "infringement_place": case.infringement_place or "",
            "summary": case.summary,
            "language": case.language if case.language != ORIGINAL else "",
            "requested": "\n".join(case.requested),
            "claims": [
                {"key": it.id, "provision": it.provision, "conduct": it.conduct, "measure": it.measure}
                for it in case.claims
            ],
            "complainants": [
                {
                    "key": it.id,
                    "pseudonym": it.pseudonym,
                    "residence": it.residence or "",
                    "workplace": it.workplace or "",
                }
                for it in case.complainants
            ],
        }

    def more(self, what: str) -> None:
        """Add empty rows of a kind, so that the form works without a script."""
        if what == "claims":
            self.claims.more()
        elif what == "complainants":
            self.complainants.more()

    def amended(self) -> Amended:
        """Return the case as typed; empty new rows are left out."""
        return Amended(
            title=self.title.data,
            summary=self.summary.data or "",
            language=self.language.data or ORIGINAL,
            project=self.project.data or "",
            facts=self.facts.data,
            infringement_place=self.infringement_place.data or None,
            requested=tuple(it.strip() for it in (self.requested.data or "").splitlines() if it.strip()),
            claims=tuple(
                SaidClaim(
                    it.provision.data or "",
                    it.conduct.data or None,
                    it.measure.data or None,
                    key=it.key.data or None,
                    out=it.out.data,
                )
                for it in (row.form for row in self.claims)
                if it.said
            ),
            complainants=tuple(
                SaidComplainant(
                    it.pseudonym.data or "",
                    it.residence.data or None,
                    key=it.key.data or None,
                    out=it.out.data,
                    workplace=it.workplace.data or None,
                )
                for it in (row.form for row in self.complainants)
                if it.said
            ),
        )
