"""The rarer facts of a controller in a case: fields that most complaints leave as they are."""

from typing import Any

from tracker.errors import RuleBroken
from tracker.rules.further_facts import ORDINARY, FurtherFacts
from tracker.rules.vocabulary import Answer
from tracker.web.forms import DayField, WordField, choices
from tracker.web.forms.places import PlaceField
from tracker.web.forms.rows import Row
from tracker.web.route_words import FACTS, ISSUES, LEVELS, ROLES, SUBJECTS

GOES_ON, ENDED, MAY_HAVE_ENDED = "goes_on", "ended", "unknown"
_ISSUES = (
    *ISSUES.items(),
    ("gdpr eprivacy", "both: one route for each"),
)
_ENDS = (
    (GOES_ON, "goes on"),
    (ENDED, "ended on the day that is given"),
    (MAY_HAVE_ENDED, "not known whether, or when, it ended"),
)
#: The names of the fields below.
FURTHER = (
    "issues role subject public_level obligation_of media_art85 church_art91 de_telecom local_only "
    "infringement infringement_ended"
).split()


class StateField(PlaceField):
    """One state or Land that a matter is about."""

    def check(self, found: tuple[str, ...] | None) -> None:
        """Raise RuleBroken for more than one place, and for all of them."""
        if found and (len(found) > 1 or "EEA" in found):
            raise RuleBroken("Name one state or Land.")


def flag_field(label: str) -> WordField:
    """Return a field for yes, no or not known; no is what holds where nobody says anything."""
    words = ((Answer.NO.value, "no"), (Answer.YES.value, "yes"), (Answer.UNKNOWN.value, "not known"))
    return WordField(label, choices=choices(words), default=Answer.NO.value)


class FurtherRow(Row):
    """A row with the rarer facts of a controller."""

    issues = WordField(FACTS["issue"], choices=choices(_ISSUES), default="gdpr")
    role = WordField(FACTS["role"], choices=choices(ROLES.items()), default="controller")
    subject = WordField(FACTS["subject"], choices=choices(SUBJECTS.items()), default="private")
    public_level = WordField(
        FACTS["public_level"], choices=choices(LEVELS.items(), empty="level not known"), default=""
    )
    obligation_of = StateField(FACTS["obligation_of"], limit=60)
    media_art85 = flag_field(FACTS["media_art85"])
    church_art91 = flag_field(FACTS["church_art91"])
    de_telecom = flag_field(FACTS["de_telecom"])
    local_only = StateField(FACTS["local_only"], limit=60)
    infringement = WordField("The infringement", choices=choices(_ENDS), default=GOES_ON)
    infringement_ended = DayField(FACTS["infringement_ended"])

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether the row can be read, and the end of the infringement is said in one way."""
        good = super().validate(extra_validators)
        day = self.infringement_ended
        if day.errors or (day.data is not None) is (self.infringement.data == ENDED):
            return good
        day.errors = [
            "Give the last day, or choose “not known whether, or when, it ended”."
            if day.data is None
            else "A last day is given: choose “ended on the day that is given”, or empty it."
        ]
        return False

    @property
    def further_set(self) -> bool:
        """Return whether anything differs from the ordinary case, or cannot be read."""
        rare = [self._fields[it] for it in FURTHER]
        return any(it.errors or it.process_errors or (it.data or "") != (it.default or "") for it in rare)

    def further(self) -> FurtherFacts:
        """Return what was typed."""
        return FurtherFacts(
            issues=tuple(self.issues.data.split()),
            subject=self.subject.data,
            public_level=self.public_level.data or None,
            obligation_of=self.obligation_of.place or None,
            media_art85=Answer(self.media_art85.data),
            church_art91=Answer(self.church_art91.data),
            role=self.role.data,
            local_only=self.local_only.place or None,
            infringement_ended=self.infringement_ended.data,
            infringement_may_have_ended=self.infringement.data == MAY_HAVE_ENDED,
            de_telecom=Answer(self.de_telecom.data),
        )


def filled(said: FurtherFacts = ORDINARY) -> dict[str, Any]:
    """Return what the fields hold for these facts."""
    end = ENDED if said.infringement_ended else GOES_ON
    return {
        "issues": " ".join(said.issues),
        "subject": said.subject,
        "public_level": said.public_level or "",
        "obligation_of": said.obligation_of or "",
        "media_art85": said.media_art85.value,
        "church_art91": said.church_art91.value,
        "role": said.role,
        "local_only": said.local_only or "",
        "infringement": MAY_HAVE_ENDED if said.infringement_may_have_ended else end,
        "infringement_ended": said.infringement_ended,
        "de_telecom": said.de_telecom.value,
    }
