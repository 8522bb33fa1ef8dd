"""Fields for places: typed as names or codes, as people write them."""

import re
from functools import cache
from typing import Any

from wtforms.validators import StopValidation

from tracker.errors import RuleBroken
from tracker.reference import places
from tracker.rules.text import shown
from tracker.services.controllers import fold
from tracker.web.forms import LineField

WHOLE_EEA = "EEA"
_APART = re.compile(r"[,;\n]")


@cache
def _known() -> dict[str, str]:
    """Return folded names and codes of places -> code."""
    known = {fold(word): code for word, code in (*places.in_other_languages(), *places.words())}
    return known | dict.fromkeys(("eea", "all", "the eea", "all eea states"), WHOLE_EEA)


def read_places(typed: str, field: str) -> tuple[str, ...] | None:
    """Return the codes of places typed as codes or names, separated by commas; None for nothing typed.

    Raises RuleBroken, naming the field, for a place that is not known.
    """
    known = _known()
    found: list[str] = []
    for part in _APART.split(typed):
        if not part.strip():
            continue
        folded = fold(part)
        code = known.get(folded) or known.get(folded.removeprefix("the "))
        if code is None:
            raise RuleBroken(
                f"{shown(part.strip())} is not a country or Land that is known here: write its English name "
                "or its code, such as France, DE-BY or EEA.",
                field=field,
            )
        if code not in found:
            found.append(code)
    return tuple(found) or None


class PlacesField(LineField):
    """Any number of places; `places` are their codes, None for nothing typed."""

    def pre_validate(self, form: Any) -> None:
        """Raise StopValidation for a place that is not known."""
        if self.process_errors:
            return
        try:
            self.check(self.places)
        except RuleBroken as refusal:
            raise StopValidation(str(refusal)) from None

    @property
    def places(self) -> tuple[str, ...] | None:
        """Return the codes."""
        return read_places(self.data or "", self.name)

    def check(self, found: tuple[str, ...] | None) -> None:
        """Raise RuleBroken for places that cannot stand here."""


class PlaceField(PlacesField):
    """One country or Land; `place` is its code, empty for nothing typed."""

    @property
    def place(self) -> str:
        """Return the code."""
        return (self.places or ("",))[0]

    def check(self, found: tuple[str, ...] | None) -> None:
        """Raise RuleBroken for more than one place, and for all of them."""
        if found and len(found) > 1:
            raise RuleBroken("One place stands in each row: give the next one a row of its own.")
        if found == (WHOLE_EEA,):
            raise RuleBroken("Name one country of the EEA: an establishment is in one place.")
