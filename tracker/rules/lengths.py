"""How long a period is: "+1m", "+3w", "+3d", "-4w", "+1y", "72h", "28d inclusive", "+3w..+6w"."""

import enum
import re
from dataclasses import dataclass

from tracker.errors import RuleBroken
from tracker.rules.text import shown

#: No period of the law is longer: whatever is has been mistyped.
LONGEST = 999

_WRITTEN = re.compile(r"([+-]?)([0-9]{1,6})\s*([hdwmy])(\s+inclusive)?", re.IGNORECASE)


class Unit(enum.Enum):
    """In what a period is counted (Reg. (EEC, Euratom) 1182/71 Art. 3)."""

    HOURS = "h"
    DAYS = "d"
    WEEKS = "w"
    MONTHS = "m"
    YEARS = "y"


_NAMES = {
    Unit.HOURS: "hour",
    Unit.DAYS: "day",
    Unit.WEEKS: "week",
    Unit.MONTHS: "month",
    Unit.YEARS: "year",
}


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time, always above zero.

    `backward` is counted back from the event (notice at least four weeks before). `inclusive` counts the day
    of the event as the first one (Ireland, Interpretation Act 2005 s. 18(h)).
    """

    number: int
    unit: Unit
    backward: bool = False
    inclusive: bool = False

    @staticmethod
    def parse(text: object, *, field: str = "period") -> "Length":
        """Return the length meant by "+1m", "-4w", "72h" or "28d inclusive". Raises RuleBroken."""
        found = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
        if not found:
            raise RuleBroken(
                f"{shown(str(text))} is no length: write +1m, +3w, +3d, +1y, -4w, 72h or 28d inclusive.",
                field=field,
            )
        number, unit = int(found[2]), Unit(found[3].lower())
        it = Length(number, unit, backward=found[1] == "-", inclusive=bool(found[4]))
        if not 1 <= number <= LONGEST:
            raise RuleBroken(f"A period is 1 to {LONGEST} long, not {number}.", field=field)
        if it.inclusive and (it.backward or unit is not Unit.DAYS):
            raise RuleBroken("Only days that are counted forward include the day of the event.", field=field)
        if it.backward and unit is Unit.HOURS:
            raise RuleBroken("Hours are counted forward only.", field=field)
        return it

    @property
    def code(self) -> str:
        """Return what parse() reads: "+1m"."""
        sign = "-" if self.backward else "" if self.inclusive or self.unit is Unit.HOURS else "+"
        return f"{sign}{self.number}{self.unit.value}{' inclusive' if self.inclusive else ''}"

    @property
    def words(self) -> str:
        """Return "1 month", "28 days, the first day counted", "4 weeks before"."""
        name = f"{self.number} {_NAMES[self.unit]}{'' if self.number == 1 else 's'}"
        if self.inclusive:
            return f"{name}, the first day counted"
        return f"{name} before" if self.backward else name

    def plus(self, more: "Length") -> "Length":
        """Return the whole length with an extension, which is counted from the first event.

        Raises RuleBroken where the two are counted otherwise: then an extension is a period of its own.
        """
        if (self.unit, self.backward, self.inclusive) != (more.unit, more.backward, more.inclusive):
            raise RuleBroken(f"{self.words} cannot be extended by {more.words}: both need the same unit.")
        return Length(self.number + more.number, self.unit, self.backward, self.inclusive)
