"""Which authority supervises whom in which place: the map that the routing rules are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from tracker.rules.territory import is_eea, state_of


@dataclass(frozen=True, slots=True)
class TerminalAuthority:
    """Who supervises Art 5(3) of the ePrivacy directive (cookies, terminal equipment) in a state.

    `slug` None: no authority of the directory, `name` then says which; `by_place`: the authority for private
    bodies of the region. `certain` False: shared or changed, a person has to look; `basis` is the law.
    """

    slug: str | None
    name: str | None
    by_place: bool
    certain: bool
    basis: str
    note: str


# Compared as the one object it is: what follows from a directory can then be remembered with it.
@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """The authorities, as far as routing asks for them.

    `by_place` maps a place ("IE", "DE-BY") to the authority for private bodies. A state whose authorities are
    regional has no entry of its own.
    `public_by_place` maps a region to the authority for its public bodies, `federal` a state to that for its
    federal bodies (and, in Germany, for telecommunications). `union` supervises the institutions of the
    Union. `region_of` maps a smaller place to its region ("ES-B" to "ES-CT"). `terminal` maps a state to
    the authority under the ePrivacy directive. `place_of` maps every slug to its place.
    """

    by_place: Mapping[str, str]
    place_of: Mapping[str, str]
    public_by_place: Mapping[str, str] = field(default_factory=dict)
    federal: Mapping[str, str] = field(default_factory=dict)
    union: str | None = None
    region_of: Mapping[str, str] = field(default_factory=dict)
    terminal: Mapping[str, TerminalAuthority] = field(default_factory=dict)

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

    def regional(self, state: str) -> tuple[str, ...]:
        """Return the slugs of all authorities for public bodies of a region of the state, in that order."""
        return tuple(
            sorted({slug for place, slug in self.public_by_place.items() if state_of(place) == state})
        )


@lru_cache(maxsize=16)
def for_telecommunications(directory: Directory) -> Directory:
    """Return the directory as it is for providers of telecommunications: one German authority, the federal
    one (§ 9(1) BDSG), takes the place of those of the Länder; Art 56(1) accordingly (§ 19(1) BDSG)."""
    if "DE" not in directory.federal:
        return directory
    elsewhere = {place: slug for place, slug in directory.by_place.items() if state_of(place) != "DE"}
    return replace(directory, by_place=elsewhere | {"DE": directory.federal["DE"]})
