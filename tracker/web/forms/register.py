"""The form for everything that the register says of a controller."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from wtforms import BooleanField, Field, FormField, HiddenField
from wtforms.validators import ValidationError

from tracker.rules.text import shown
from tracker.rules.vocabulary import Answer
from tracker.services.controllers import fold
from tracker.services.controllers_amending import Said, SaidPlace, parent_named
from tracker.services.controllers_statement import CLAIMS, EVIDENCE, Place, Representative, Statement
from tracker.web.forms import (
    DayField,
    Form,
    KeyField,
    LineField,
    Required,
    TextField,
    WordField,
    answer_field,
    choices,
    country_field,
    merging,
)
from tracker.web.forms.cases import NONE
from tracker.web.forms.places import PlaceField
from tracker.web.forms.rows import Row, Rows

MOST_ESTABLISHMENTS, MOST_REPRESENTATIVES, MOST_BRANDS = 60, 20, 400
LONGEST_EVIDENCE = 2_000


def web_address(form: Any, field: Field) -> None:
    """Refuse what is no address of a page, javascript: included. Raises ValidationError."""
    if not field.data or field.errors:
        return
    try:
        parts = urlsplit(field.data)
        good = parts.scheme.lower() in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        good = False
    if not good or any(it.isspace() for it in field.data):
        raise ValidationError(f"{shown(field.data)} is no web address: write it as https://www.example.org.")


def evidence_field(label: str) -> LineField:
    """Return a field for where something is known from."""
    return LineField(label, limit=LONGEST_EVIDENCE)


class PlaceRow(Row):
    """An establishment of the register, or a new one: then without a key."""

    called, named = "Establishment", "place"
    lacking = "Name the country of this establishment."
    key = KeyField()
    place = PlaceField("Country or Land", limit=60)
    since = DayField("First day")
    until = DayField("Last day")
    central = answer_field("Head office in the EEA")
    decides = answer_field("Decides")
    implements = answer_field("Has it carried out")
    main_processing = answer_field("Main processing of a processor")
    evidence_place = evidence_field("Evidence that it is there")
    evidence_central = evidence_field("Evidence: head office")
    evidence_decides = evidence_field("Evidence: decides")
    evidence_implements = evidence_field("Evidence: has it carried out")
    evidence_main_processing = evidence_field("Evidence: main processing")
    begins = DayField("These answers are so from")
    mistake = BooleanField("Entered by mistake: take it out of the register")

    @property
    def kept(self) -> bool:
        """Return whether the register has it."""
        return bool(self.key.data)

    @property
    def excused(self) -> bool:
        """Return whether it is to be taken out."""
        return bool(self.mistake.data)

    def said_place(self) -> SaidPlace:
        """Return what was typed."""
        evidence = {name: self[f"evidence_{name}"].data for name in EVIDENCE}
        return SaidPlace(
            said=Place(
                place=self.place.place,
                key=self.key.data or None,
                **{name: Answer(self[name].data) for name in CLAIMS},
                since=self.since.data,
                until=self.until.data,
                evidence={name: it for name, it in evidence.items() if it},
            ),
            begins=self.begins.data,
            mistake=self.mistake.data,
        )


class RepresentativeRow(Row):
    """A representative under Art 27."""

    called, named = "Representative", "place"
    lacking = "Name the country of this representative."
    key = KeyField()
    place = PlaceField("Country or Land", limit=60)
    name = LineField("Name")
    since = DayField("First day")
    until = DayField("Last day")
    evidence = evidence_field("Evidence")
    out = BooleanField("Entered by mistake: take it out of the register")

    @property
    def kept(self) -> bool:
        """Return whether the register has it."""
        return bool(self.key.data)

    @property
    def excused(self) -> bool:
        """Return whether it is to be taken out."""
        return bool(self.out.data)

    def said_of(self) -> Representative:
        """Return what was typed."""
        return Representative(
            place=self.place.place,
            key=self.key.data or None,
            name=self.name.data or None,
            since=self.since.data,
            until=self.until.data,
            evidence=self.evidence.data or None,
        )


class RegisterForm(Form):
    """A controller of the register."""

    name = LineField("Legal entity", validators=[Required("Name the legal entity.")])
    country = country_field("Seat")
    website = LineField("Website", limit=500, validators=[web_address])
    address = TextField("Address", limit=1_000)
    group = LineField("Group", limit=300)
    parent = LineField("Parent", limit=320)
    #: Which one the name belongs to that the form showed: the register may have several of that name.
    parent_key = KeyField()
    brands = TextField("Brands and services", limit=20_000)
    categories = LineField("Categories", limit=600)
    targets_eea = answer_field("Offers to, or monitors, people in the EEA")
    decided_outside_eea = answer_field("Decided outside the EEA")
    establishments = Rows(
        FormField(PlaceRow), "Establishments", most=MOST_ESTABLISHMENTS, many="establishments"
    )
    presence = WordField("If no establishment is named", choices=choices(NONE), default="unknown")
    representatives = Rows(
        FormField(RepresentativeRow),
        "Representatives",
        most=MOST_REPRESENTATIVES,
        many="representatives",
    )
    note = TextField("Note", limit=10_000)
    why = LineField("Why it is changed", limit=500)
    seen = LineField("Version")
    #: What the form showed when it was opened: so it is known later what its writer left alone.
    before = HiddenField()
    #: What somebody has read before it was added all the same: see `sure_of`.
    sure = HiddenField()

    @classmethod
    def of(cls, now: Statement | None, shown: Statement | None = None) -> "RegisterForm":
        """Return the form as it was sent, else one that shows what is said now.

        `shown`: an earlier statement, to be saved again. Establishments that came later are marked to be
        taken out; those that are gone since come as new ones.
        """
        form = cls()
        if form.is_submitted():
            return form
        data: dict[str, Any] = {}
        if now is not None:
            said = filled(now)
            data = {**said, "before": merging.written(said), "seen": now.mark()}
            if shown is not None:
                data |= _again(filled(shown), said)
        form = cls(data=data)
        for rows in (form.establishments, form.representatives):
            if len(rows) < rows.most:
                rows.more()
        return form

    def beside(self, theirs: Statement) -> "RegisterForm":
        """Return the form anew, after somebody else saved: theirs wherever this one was left alone."""
        now = merging.plain(filled(theirs))
        mine = {name: it for name, it in merging.plain(self.data).items() if name in now}
        merged = merging.merge(merging.read(self.before.data or ""), mine, now)
        beside = {"why": self.why.data, "before": merging.written(now), "seen": theirs.mark()}
        return type(self)(formdata=None, data={**merged, **beside})

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the form can be read and does not contradict itself."""
        good = super().validate(extra_validators)
        if len(self.brand_names()) > MOST_BRANDS:
            self.brands.errors = [f"At most {MOST_BRANDS} brands and services are possible: leave some out."]
            good = False
        there = any(it.form.said and not it.form.excused for it in self.establishments)
        if self.presence.data == "none" and there:
            self.presence.errors = [
                "An establishment is named above: empty its row, or choose “its establishments are not "
                "known”."
            ]
            good = False
        return good

    def more(self, what: str) -> None:
        """Add an empty row of a kind, so that the form works without a script."""
        rows = {"establishments": self.establishments, "representatives": self.representatives}.get(what)
        if rows is not None:
            rows.more()

    def brand_names(self) -> tuple[str, ...]:
        """Return the brands, each once."""
        lines = (" ".join(it.split()) for it in (self.brands.data or "").split("\n"))
        found: dict[str, str] = {}
        for it in lines:
            found.setdefault(fold(it), it)
        return tuple(it for it in found.values() if it)

    def said(self) -> Said:
        """Return what was typed. Raises RuleBroken for a parent of which the register has several."""
        parent, parent_name = parent_named(self.parent.data or "", self.parent_key.data or None)
        representatives = [it.form for it in self.representatives if it.form.said]
        words = (it.strip() for it in (self.categories.data or "").replace(";", ",").split(","))
        return Said(
            statement=Statement(
                name=self.name.data,
                country=self.country.data or None,
                group=self.group.data or None,
                parent=parent,
                parent_name=parent_name,
                brands=self.brand_names(),
                website=self.website.data or None,
                address=self.address.data or None,
                categories=tuple(dict.fromkeys(it for it in words if it)),
                targets_eea=Answer(self.targets_eea.data),
                decided_outside_eea=Answer(self.decided_outside_eea.data),
                note=self.note.data or None,
                representatives=tuple(it.said_of() for it in representatives),
            ),
            places=tuple(it.form.said_place() for it in self.establishments if it.form.said),
            none=Answer.NO if self.presence.data == "none" else Answer.UNKNOWN,
            mistakes=frozenset(number for number, it in enumerate(representatives) if it.excused),
        )


def typed(said: Said) -> Statement:
    """Return a statement as it was typed, for a look at it beside another one."""
    return replace(
        said.statement,
        representatives=tuple(
            it for number, it in enumerate(said.statement.representatives) if number not in said.mistakes
        ),
        establishments=tuple(it.said for it in said.places if not it.mistake),
        establishments_known=Answer.YES if said.places else said.none,
    )


def filled(said: Statement) -> dict[str, Any]:
    """Return a statement as the values of the form."""
    return {
        "name": said.name,
        "country": said.country or "",
        "website": said.website or "",
        "address": said.address or "",
        "group": said.group or "",
        "parent": said.parent_name or "",
        "parent_key": said.parent,
        "brands": "\n".join(said.brands),
        "categories": ", ".join(said.categories),
        "targets_eea": said.targets_eea.value,
        "decided_outside_eea": said.decided_outside_eea.value,
        "presence": "none" if said.establishments_known is Answer.NO else "unknown",
        "note": said.note or "",
        "establishments": [
            {
                "key": it.key,
                "place": it.place,
                "since": it.since,
                "until": it.until,
                **{name: getattr(it, name).value for name in CLAIMS},
                **{f"evidence_{name}": it.evidence.get(name, "") for name in EVIDENCE},
            }
            for it in said.establishments
        ],
        "representatives": [
            {
                "key": it.key,
                "place": it.place,
                "name": it.name or "",
                "since": it.since,
                "until": it.until,
                "evidence": it.evidence or "",
            }
            for it in said.representatives
        ],
    }


def _again(then: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """Return the values of an earlier statement as a change of what is said now."""
    result = dict(then)
    for name, out in (("establishments", "mistake"), ("representatives", "out")):
        here = {it["key"] for it in now[name]}
        were = {it["key"] for it in then[name]}
        rows = [it if it["key"] in here else {**it, "key": None} for it in then[name]]
        result[name] = rows + [{**it, out: True} for it in now[name] if it["key"] not in were]
    return result
