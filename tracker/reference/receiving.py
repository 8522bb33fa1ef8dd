"""Where a complaint may be lodged, in words: what rules/routing/receiving.py finds, as a page says it."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.reference.authorities import authorities, in_words, label
from tracker.reference.names import country_name, spoken_place
from tracker.reference.ways import Ways, ways
from tracker.rules.routing import Facts, RouteWarning, warning_text
from tracker.rules.routing.receiving import Chosen, Ground, Receiving, Standing
from tracker.rules.territory import state_of

_GROUNDS = {
    Ground.RESIDENCE: "the complainant lives in",
    Ground.WORKPLACE: "the complainant works in",
    Ground.INFRINGEMENT: "the infringement took place in",
}
#: What is not recorded, as it stands after "Not recorded:".
_MISSING = {
    Ground.RESIDENCE: "where the complainant lives",
    Ground.WORKPLACE: "where the complainant works",
    Ground.INFRINGEMENT: "where the infringement took place",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the answer to where a complaint may be lodged.

    `name` is the label of the authority, or what stands in its place. `ways` is None where no single
    authority is named; `candidates` are then (slug, label) of those of which one receives.
    """

    standing: Standing
    slug: str | None
    name: str
    reason: str
    basis: str
    notes: tuple[str, ...]
    ways: Ways | None
    candidates: tuple[tuple[str, str], ...]

    @property
    def offered(self) -> bool:
        """Return whether the complaint may be lodged there."""
        return self.standing is not Standing.NOT_OFFERED

    @property
    def authorities(self) -> tuple[str, ...]:
        """Return the slug of the authority, or of those of which one receives."""
        return (self.slug,) if self.slug else tuple(slug for slug, _ in self.candidates)


@dataclass(frozen=True, slots=True)
class ChosenWords:
    """How a chosen authority stands to Art 77(1): a line, and what to do where it is outside.

    The line is empty where the warning says it all.
    """

    reason: str
    warning: tuple[str, str] | None
    ways: Ways | None


def offers(answer: Iterable[Receiving]) -> tuple[Offer, ...]:
    """Return the answer of may_receive() in words, in its order."""
    return tuple(
        Offer(
            standing=it.standing,
            slug=it.slug,
            name=_name(it),
            reason=_reason(it),
            basis=it.basis,
            notes=it.notes,
            ways=ways_of(it.slug),
            candidates=tuple((slug, _with_region(slug)) for slug in it.candidates),
        )
        for it in answer
    )


def ways_of(slug: str | None) -> Ways | None:
    """Return how an authority of the packaged directory takes complaints; None for one that it lacks."""
    it = authorities().get(slug) if slug else None
    return ways(it) if it else None


def not_recorded(facts: Facts) -> tuple[str, ...]:
    """Return which places of Art 77(1) the facts do not name, in words: each could add an authority."""
    return tuple(
        _MISSING[ground] for ground, place in zip(Ground, facts.places_77(), strict=True) if place is None
    )


def ground_words(grounds: Iterable[Ground], places: Iterable[str]) -> str:
    """Return "the complainant lives in Austria; the infringement took place in France"."""
    pairs = zip(grounds, places, strict=True)
    return "; ".join(f"{_GROUNDS[ground]} {spoken_place(place)}" for ground, place in pairs)


def chosen_words(chosen: Chosen, facts: Facts) -> ChosenWords:
    """Return in words how a chosen authority stands to Art 77(1), and how it takes complaints."""
    warning = warning_text(RouteWarning.W_LODGED_OUTSIDE_77) if chosen.outside else None
    if chosen.grounds:
        reason = f"{ground_words(chosen.grounds, chosen.places)} (Art 77(1))"
        if chosen.others:
            state = country_name(state_of(chosen.places[0]))
            named = in_words(chosen.others[0]) if len(chosen.others) == 1 else f"another authority of {state}"
            reason += f"; {named} would receive there"
    elif chosen.leads:
        reason = "leads, or is presumed to; at no known place of Art 77(1)"
    elif facts.complainant_residence is None:
        reason = "it is not known where the complainant lives (Art 77(1))"
    else:
        reason = ""
    return ChosenWords(_begin(reason), warning, ways_of(chosen.slug))


def _name(it: Receiving) -> str:
    if it.slug:
        return label(it.slug)
    if it.candidates:
        return f"One of {len(it.candidates)} authorities in {country_name(state_of(it.places[0]))}"
    return country_name(state_of(it.places[0])) if it.places else "No authority"


def _with_region(slug: str) -> str:
    """Return the label with the region: within one state many authorities bear one short name."""
    it = authorities().get(slug)
    return f"{label(slug)}, {it.region}" if it and it.region else label(slug)


def _reason(it: Receiving) -> str:
    if it.grounds:
        return _begin(ground_words(it.grounds, it.places))
    if it.standing is Standing.LEAD:
        return "Leads, or is presumed to"
    return "Supervises the institutions of the Union" if it.standing is Standing.INSTITUTION else ""


def _begin(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
