"""The form of the public route finder: all of it stands in the address, so every name in it is short."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from wtforms import BooleanField, FormField
from wtforms import Form as PlainForm

from tracker.errors import RuleBroken
from tracker.reference.authorities import authorities, label
from tracker.reference.names import country_name, region_name
from tracker.rules import routing
from tracker.rules.vocabulary import Answer
from tracker.web.forms import DayField, WordField, choices
from tracker.web.forms.places import PlaceField, PlacesField
from tracker.web.forms.rows import Row, Rows, field_at
from tracker.web.marked import N_
from tracker.web.route_words import ISSUES, LEVELS, ROLES, SUBJECTS

#: Rows that are read, rows that a fresh form shows, and rows that a button adds.
MOST_PLACES, ROWS, MORE = 20, 3, 3
#: What stands for nothing in the address is left out of it.
NOT_KNOWN = N_("not known")
_YES_NO = choices((("yes", N_("yes")), ("no", N_("no"))), empty=NOT_KNOWN)


def _answer(words: str, description: str = "") -> WordField:
    return WordField(words, choices=_YES_NO, default="", description=description)


def _words(words: str, table: Mapping[str, str], first: str, description: str = "") -> WordField:
    """Return a choice whose usual value is the empty one, so that it needs no room in the address."""
    others = ((code, _capital(it)) for code, it in table.items() if code != first)
    usual = _capital(table[first]) if first else NOT_KNOWN
    return WordField(words, choices=choices(others, empty=usual), default="", description=description)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _authority_field(words: str, description: str) -> WordField:
    taking = [it for it in authorities().values() if it.scope != "board"]
    named = sorted(
        ((it.slug, f"{label(it.slug)}{f', {it.region}' if it.region else ''}") for it in taking),
        key=lambda pair: (country_name(authorities()[pair[0]].country), pair[1]),
    )
    return WordField(
        words,
        choices=choices(named, empty=N_("not lodged yet, or not known")),
        default="",
        description=description,
    )


def known_as(answer: str) -> Answer:
    """Return what was chosen of yes, no and not known."""
    return {"yes": Answer.YES, "no": Answer.NO}.get(answer, Answer.UNKNOWN)


class PlaceRow(Row):
    """An establishment in the EEA."""

    called, named = N_("Establishment"), "place"
    lacking = N_("Name the country of this establishment, such as Ireland or DE-BY.")
    place = PlaceField(N_("Country or Land"), limit=60)
    head = _answer(N_("Head office in the EEA"))
    decides = _answer(N_("Decides on this processing"))
    since = DayField(N_("Since"))

    def establishment(self, *, processor: bool) -> routing.Establishment:
        """Return what was typed. Who decides is taken to have it carried out as well; a processor decides
        nothing, and what counts is where it does most of its work."""
        here, unknown = known_as(self.decides.data), Answer.UNKNOWN
        return routing.Establishment(
            place=self.place.place,
            ca=known_as(self.head.data),
            decides=unknown if processor else here,
            implements=unknown if processor else here,
            since=self.since.data,
            main_processing=here if processor else unknown,
        )


class FinderForm(PlainForm):
    """What a reader knows of a complaint. Every field may stay empty: then it is not known."""

    e = Rows(FormField(PlaceRow), N_("Establishments"), most=MOST_PLACES, many="establishments")
    none = BooleanField(N_("It has no establishment in the EEA at all"))
    outside = _answer(
        N_("Decisions are taken outside the EEA"),
        N_("On purposes and means of this processing, such as in California."),
    )
    targets = _answer(
        N_("Offers to, or monitors, people in the EEA"),
        N_("Counts where it has no establishment in the EEA (Art 3(2))."),
    )
    against = _words(N_("The complaint is against"), SUBJECTS, "private")
    role = _words(N_("Its role"), ROLES, "controller")
    about = _words(N_("It is about"), ISSUES, "gdpr")
    lives = PlaceField(N_("Complainant lives in"), limit=60)
    works = PlaceField(N_("Complainant works in"), limit=60)
    happened = PlaceField(N_("Place of the infringement"), limit=60)
    affected = PlacesField(
        N_("People substantially affected in"),
        limit=300,
        description=N_(
            "Names or codes, separated by commas: FR, Germany, DE-BY. EEA for all. Empty: not known."
        ),
    )
    lodged = _authority_field(N_("Lodged with"), N_("Where the complaint lies, or is to lie."))
    day = DayField(N_("Day"), description=N_("The day of lodging. Empty: the day on which the page is read."))
    ended = DayField(N_("Last day of the infringement"), description=N_("Empty: it goes on."))
    local = PlaceField(
        N_("Concerns one state alone"),
        limit=60,
        description=N_("The only state whose establishment or whose people it is about (Art 56(2))."),
    )
    representative = PlaceField(N_("Representative in the EEA"), limit=60, description=N_("Under Art 27."))
    level = _words(N_("Public body"), LEVELS, "", N_("In federal states."))
    duty = PlaceField(
        N_("The duty or task is one of"),
        limit=60,
        description=N_("For a private body under a law of another state."),
    )
    media = BooleanField(N_("Media, for journalism (Art 85)"))
    church = BooleanField(N_("Church with rules of its own (Art 91)"))
    telecom = BooleanField(N_("Provider of telecommunications in Germany (§ 9(1) BDSG)"))

    #: Fields that few need; they stand folded away unless one is set.
    RARE = ("ended", "local", "representative", "level", "duty", "media", "church", "telecom")

    class Meta:
        """Messages in English, whatever the browser asks for."""

        locales = ("en",)

    def room(self, rows: int = ROWS) -> None:
        """Add empty rows until there are so many."""
        for _ in range(min(rows, MOST_PLACES) - len(self.e)):
            self.e.more()

    def spell_out(self, words: Callable[[str], str]) -> None:
        """Show places by name where the address has their codes; `words` gives a name in another language."""
        for it in (*self._fields.values(), *(row.form.place for row in self.e)):
            if isinstance(it, PlacesField) and not it.errors:
                it.data = ", ".join(
                    region_name(code) if "-" in code else code if code == "EEA" else words(country_name(code))
                    for code in it.places or ()
                )

    def speak(self, words: Callable[[str], str]) -> None:
        """Say labels, hints and choices in another language; `words` gives them."""
        for row in self.e:
            row.form.called = words(row.form.called)
        for it in (*self._fields.values(), *(each for row in self.e for each in row.form)):
            it.label.text = words(it.label.text)
            it.description = words(it.description)
            if isinstance(it, WordField):
                it.choices = [replace(each, label=words(each.label)) for each in it.choices or ()]

    @property
    def rare_set(self) -> bool:
        """Return whether one of the fields that few need is set, or wrong."""
        return any(self._fields[name].data or self._fields[name].errors for name in self.RARE)

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the form can be answered."""
        good: bool = super().validate(extra_validators)
        if good and self.none.data and any(it.form.said for it in self.e):
            self.none.errors = [N_("An establishment is named above: empty its row, or take this tick away.")]
            return False
        return good

    def refuse(self, refusal: RuleBroken) -> None:
        """Put a refusal beside the field it names, or at the top of the form."""
        field = field_at(self, refusal.field or "")
        if field is None:
            self.form_errors.append(str(refusal))
        else:
            field.errors = [*field.errors, str(refusal)]

    def said(self) -> dict[str, list[str]]:
        """Return what is wrong, by the name of the field in the address; "" for the form as a whole."""
        found = {"": list(self.form_errors)}
        for name, field in self._fields.items():
            found[name] = [it for it in field.errors if isinstance(it, str)]
        for row in self.e:
            for field in row.form:
                found[field.name] = list(field.errors)
        return {name: words for name, words in found.items() if words}

    def facts(self, today: date) -> routing.Facts:
        """Return what was typed as the facts of a route. Raises RuleBroken for what the rules refuse."""
        processor = self.role.data == "processor"
        places = tuple(it.form.establishment(processor=processor) for it in self.e if it.form.said)
        return routing.Facts(
            as_of=self.day.data or today,
            lodged_with=self.lodged.data or None,
            complainant_residence=self.lives.place or None,
            complainant_workplace=self.works.place or None,
            infringement_place=self.happened.place or None,
            role=self.role.data or "controller",
            establishments=places if places or self.none.data else None,
            decided_outside_eea=known_as(self.outside.data),
            targets_eea=known_as(self.targets.data),
            affected=self.affected.places,
            art27_rep=self.representative.place or None,
            issue=self.about.data or "gdpr",
            subject=self.against.data or "private",
            media_art85=Answer.YES if self.media.data else Answer.NO,
            church_art91=Answer.YES if self.church.data else Answer.NO,
            public_level=self.level.data or None,
            obligation_of=self.duty.place or None,
            local_only=self.local.place or None,
            infringement_ended=self.ended.data,
            de_telecom=Answer.YES if self.telecom.data else Answer.NO,
        )

    def canonical(self) -> list[tuple[str, str]]:
        """Return names and values of what was typed, as short as they can be: the address of the answer."""
        found: list[tuple[str, str]] = []
        for name, field in self._fields.items():
            if name == "e":
                rows = (row.form for row in field if row.form.said)
                for place, row in enumerate(rows):
                    found += [(f"e-{place}-{key}", value) for key, value in _values(row)]
            else:
                found += [(name, value) for value in (_value(field),) if value]
        return found


def _values(row: Row) -> Iterator[tuple[str, str]]:
    for name, field in row._fields.items():
        if value := _value(field):
            yield name, value


def _value(field: Any) -> str:
    """Return a field as the address holds it, empty for what says nothing."""
    if isinstance(field, PlacesField):
        return ",".join(field.places or ())
    if isinstance(field, BooleanField):
        return "yes" if field.data else ""
    if isinstance(field.data, date):
        return field.data.isoformat()
    return str(field.data or "")
