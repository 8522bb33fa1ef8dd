"""The form of a chronology: what is in, as of when, headings in which language."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.fields import SelectChoice

from tracker.reference.chronology_words import NAMES
from tracker.services.chronology import LONGEST_INTRODUCTION, Choice, Chronology, Offered
from tracker.services.chronology_periods import Owed
from tracker.services.chronology_steps import Exhibit, Step
from tracker.web.forms import DayField, Form, Required, TextField, WordField, choices
from tracker.web.jinja import show_day

#: So much of what an entry says stands beside its tick.
SHORT = 90
WHERE = {True: "Of this complaint", False: "Of the case as a whole"}


class ChronologyForm(Form):
    """What goes into a chronology."""

    as_of = DayField("As of", validators=[Required("Say as of which day.")])
    language = WordField("Language", choices=choices(NAMES.items()), default="en")
    introduction = TextField("Introduction", limit=LONGEST_INTRODUCTION)
    entries = SelectMultipleField("Entries", validate_choice=False)
    whole = SelectMultipleField("Entries about the case as a whole", validate_choice=False)
    exhibits = SelectMultipleField("Exhibits that belong to no entry", validate_choice=False)
    periods = SelectMultipleField("Periods", validate_choice=False)
    earlier = BooleanField("Print what corrected entries said before", default=True)
    #: Keys of what was on the screen to be chosen.
    offered = HiddenField()

    def choice(self) -> Choice:
        """Return what was chosen."""
        ticked = (self.entries, self.whole, self.exhibits, self.periods)
        return Choice(
            taken=frozenset(key for field in ticked for key in field.data or ()),
            earlier=bool(self.earlier.data),
            language=self.language.data,
            introduction=self.introduction.data or "",
        )

    def fresh(self, it: Chronology) -> list[Offered]:
        """Return what can be chosen and was not on the screen yet."""
        seen = set((self.offered.data or "").split())
        return [each for each in it.offered if each.key not in seen]

    def offer(self, it: Chronology) -> None:
        """Offer what can be chosen, ticked as it is taken."""
        ticked = (self.entries, self.whole, self.exhibits, self.periods)
        fields: dict[Any, list[Offered]] = {field: [] for field in ticked}
        for each in it.offered:
            fields[self._field_of(each)].append(each)
        for field, offered in fields.items():
            field.choices = [_choice(each) for each in offered]
            field.data = [each.key for each in offered if each.taken]
        self.offered.data = " ".join(each.key for each in it.offered)

    def _field_of(self, offered: Offered) -> Any:
        if isinstance(offered.it, Step):
            return self.entries if offered.usual else self.whole
        return self.periods if isinstance(offered.it, Owed) else self.exhibits


def named(offered: Offered) -> str:
    """Return what is offered in few words."""
    it: Any = offered.it
    if isinstance(it, Step):
        about = it.label or "does not concern this complaint any more"
        return f"{it.number}. {show_day(it.day)}: {about}"
    if isinstance(it, Owed):
        return f"{it.basis}: {it.label}, from {show_day(it.started)}"
    return f"Ex. {it.number}: {it.title or it.kind}"


def _choice(offered: Offered) -> SelectChoice:
    it: Any = offered.it
    words = " ".join(it.words.split()) if isinstance(it, Step) else ""
    words = words if len(words) <= SHORT else f"{words[: SHORT - 1]}…"
    return SelectChoice(
        offered.key,
        named(offered),
        render_kw={"hint": words} if words else {},
        optgroup=WHERE[offered.usual] if isinstance(it, Exhibit) else None,
    )
