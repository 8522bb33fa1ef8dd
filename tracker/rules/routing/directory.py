"""Which authority supervises private bodies where: the map that the routing rules are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.rules.territory import is_eea, state_of


# Compared as the one object it is: what follows from a directory can then be remembered with it.
@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """The authorities, as far as routing asks for them.

    `by_place` maps a place ("IE", "DE-BY") to a slug. A state whose authorities are regional has no entry
    of its own. `place_of` maps every slug, also that of an authority for public bodies, to its place.
    """

    by_place: Mapping[str, str]
    place_of: Mapping[str, str]

    def seat(self, place: str) -> str:
        """Return the place as far as competence depends on it: "FR-75" is "FR", "DE-BY" stays."""
        state = state_of(place)
        return state if place not in self.by_place and state in self.by_place else place

    def at(self, place: str) -> str | None:
        """Return the slug of the authority for private bodies there, None where the place does not tell."""
        return self.by_place.get(self.seat(place))

    def takes_part(self, slug: str, on: date) -> bool:
        """Return whether an authority may act under the GDPR on the day: all but those known not to."""
        place = self.place_of.get(slug)
        return place is None or is_eea(state_of(place), on)

    def in_state(self, state: str) -> tuple[str, ...]:
        """Return the slugs of all authorities for private bodies in the state, in alphabetical order."""
        return tuple(sorted({slug for place, slug in self.by_place.items() if state_of(place) == state}))
