"""The form for what a case says about itself."""

from typing import Any

from wtforms import BooleanField, FieldList, FormField, IntegerField
from wtforms.fields import SelectChoice
from wtforms.widgets import HiddenInput

from tracker.reference.names import place_name
from tracker.services.cases_amending import Amended, SaidClaim, SaidComplainant
from tracker.web.forms import Form, LineField, PartlyKnownDayField, Required, TextField
from tracker.web.forms.cases import ClaimRow, ComplainantRow


class KeptClaimRow(ClaimRow):
    """A claim that is in the case, or a new one: then without a key."""

    key = IntegerField(widget=HiddenInput())
    out = BooleanField("Take it out")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read; a new one may be empty."""
        good = super().validate(extra_validators)
        said = self.key.data or self.conduct.data or self.measure.data
        if said and not self.out.data and not self.provision.data and not self.provision.errors:
            self.provision.errors = ["Name the provision, or take the claim out."]
            return False
        return good


class KeptComplainantRow(ComplainantRow):
    """A person represented in the case, or a new one: then without a key."""

    key = IntegerField(widget=HiddenInput())
    out = BooleanField("Take this person out")

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read; a new one may be empty."""
        good = super().validate(extra_validators)
        said = self.key.data or self.residence.data
        if said and not self.out.data and not self.pseudonym.data and not self.pseudonym.errors:
            self.pseudonym.errors = ["Give the person a pseudonym."]
            return False
        return good


class AmendForm(Form):
    """What a case says about itself, its claims and its complainants."""

    title = LineField("Title", validators=[Required("Give the case a title.")])
    project = LineField("Project", limit=100)
    facts = PartlyKnownDayField("Alleged infringement since")
    summary = TextField("Summary", limit=20_000)
    requested = TextField("Asked for", limit=5_000)
    claims = FieldList(FormField(KeptClaimRow), max_entries=60)
    complainants = FieldList(FormField(KeptComplainantRow), max_entries=200)
    seen = IntegerField(widget=HiddenInput())

    @classmethod
    def of(cls, case: Any) -> "AmendForm":
        """Return the form as it was sent, else one that shows the case; a place from a file can stay."""
        form = cls()
        if not form.is_submitted():  # a new row must not take the key of what stands in its place now
            form = cls(data=cls._filled(case))
        homes = {it.id: it.residence for it in case.complainants if it.residence}
        for row in form.complainants:
            field, home = row.form.residence, homes.get(row.form.key.data)
            if home and home not in {it.value for it in field.choices}:
                field.choices = [*field.choices, SelectChoice(home, place_name(home))]
        return form

    @staticmethod
    def _filled(case: Any) -> dict[str, Any]:
        return {
            "title": case.title,
            "project": case.project.name if case.project else "",
            "facts": case.facts,
            "summary": case.summary,
            "requested": "\n".join(case.requested),
            "claims": [
                {"key": it.id, "provision": it.provision, "conduct": it.conduct, "measure": it.measure}
                for it in case.claims
            ]
            + [{}],
            "complainants": [
                {"key": it.id, "pseudonym": it.pseudonym, "residence": it.residence or ""}
                for it in case.complainants
            ]
            + [{}],
            "seen": case.version,
        }

    def more(self, what: str) -> None:
        """Add empty rows of a kind, so that the form works without a script."""
        if what == "claims":
            self.claims.append_entry()
        elif what == "complainants":
            self.complainants.append_entry()

    def amended(self) -> Amended:
        """Return the case as typed; empty new rows are left out."""
        return Amended(
            title=self.title.data,
            summary=self.summary.data or "",
            project=self.project.data or "",
            facts=self.facts.data,
            requested=tuple(it.strip() for it in (self.requested.data or "").splitlines() if it.strip()),
            claims=tuple(
                SaidClaim(
                    it.provision.data or "",
                    it.conduct.data or None,
                    it.measure.data or None,
                    key=it.key.data,
                    out=it.out.data,
                )
                for it in (row.form for row in self.claims)
                if it.key.data or it.provision.data
            ),
            complainants=tuple(
                SaidComplainant(
                    it.pseudonym.data or "", it.residence.data or None, key=it.key.data, out=it.out.data
                )
                for it in (row.form for row in self.complainants)
                if it.key.data or it.pseudonym.data
            ),
        )
