"""With which authorities a complaint may be lodged, and how a chosen one stands to that (Art 77(1)).

Nothing here asks who leads, but for naming the lead as one more possibility.
"""

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace

from tracker.rules.routing.directory import Directory
from tracker.rules.routing.facts import Facts
from tracker.rules.routing.result import route
from tracker.rules.territory import GDPR_APPLIES_FROM, other_law, state_of
from tracker.rules.vocabulary import Answer


class Ground(enum.Enum):
    """A place that Art 77(1) names. The order is the order of Art 77(1)."""

    RESIDENCE = "residence"
    WORKPLACE = "workplace"
    INFRINGEMENT = "infringement"


class Standing(enum.Enum):
    """In what capacity an authority is named. The order is the order of the answer."""

    #: It stands at a place of Art 77(1).
    PLACE = "place"
    #: It supervises the institutions of the Union, whoever complains.
    INSTITUTION = "institution"
    #: It leads, or is presumed to, and stands at no known place of Art 77(1).
    LEAD = "lead"
    #: Nothing can be lodged under the GDPR for this reason; said so that nobody looks for it in vain.
    NOT_OFFERED = "not_offered"


@dataclass(frozen=True, slots=True)
class Receiving:
    """An authority that may receive the complaint, or the reason why none does.

    `slug` None with `candidates`: one of these, and the places do not tell which. `grounds` and `places` are
    those of Art 77(1) that speak for it, in that order. `leads`: it also leads, or is presumed to. `notes`
    say in plain words what else is to be known; `basis` is the provision.
    """

    standing: Standing
    slug: str | None
    candidates: tuple[str, ...]
    grounds: tuple[Ground, ...]
    places: tuple[str, ...]
    leads: bool
    notes: tuple[str, ...]
    basis: str

    @property
    def authorities(self) -> tuple[str, ...]:
        """Return the one authority, or those of which one receives."""
        return (self.slug,) if self.slug else self.candidates


@dataclass(frozen=True, slots=True)
class Chosen:
    """How an authority that somebody chose stands to Art 77(1).

    `grounds` are the places that lie in its state, `places` where they are. `others`: those that would
    receive there, where it is none of them (another Land). `outside`: as W_LODGED_OUTSIDE_77 says, it is not
    known to stand at a place of Art 77(1). None of these where the residence is not known either.
    """

    slug: str
    grounds: tuple[Ground, ...] = ()
    places: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    leads: bool = False
    outside: bool = False


PASSES_ON = (
    "It receives the complaint and passes it on inside Germany to the authority in charge. It stays the "
    "authority with which the complaint was lodged, and the contact of the complainant."
)
LAND_NEEDED = (
    "Which authority receives depends on the Land and on the kind of body, and the facts do not tell. Record "
    "the Land, for example DE-BY for Bavaria."
)
REGION_NEEDED = (
    "Which authority receives depends on the region and the public body, and the facts do not tell."
)
FEDERAL_BODIES = "It supervises the federal public bodies of Germany and the providers of telecommunications."
BAVARIA = {
    "de-by-baylda": "It supervises private bodies in Bavaria; the BayLfD supervises the public ones.",
    "de-by-baylfd": "It supervises public bodies in Bavaria; the BayLDA supervises the private ones.",
}
FLEMISH = "Against a Flemish public body the Flemish VTC may be in charge; the limits are disputed."
REGIONAL = "It supervises the public sector of its region, and nobody else."
EPRIVACY = (
    "What concerns cookies and direct marketing (ePrivacy) is decided by the authority that the law of this "
    "state names, which may be another one, and without a lead authority."
)
LEADS_TOO = "It also leads, or is presumed to: nothing has to be passed on."
THE_LEAD = (
    "Also possible, not at a known place of Art 77(1). Nothing has to be passed on, and it would also adopt "
    "a decision that rejects the complaint (Art 60(8))."
)
THE_LEAD_IN_THE_STATE = (
    "Also possible, in a state that Art 77(1) names, though not at the place itself. Nothing has to be "
    "passed on."
)
STILL_AN_EEA_AUTHORITY = (
    "Whoever lives there may still complain to an authority in the EEA where the GDPR applies to the "
    "processing (Art 3)."
)


def may_receive(
    facts: Facts, directory: Directory, leads: Iterable[str] | None = None
) -> tuple[Receiving, ...]:
    """Return where the complaint may be lodged: the places of Art 77(1) in their order, then the lead, then
    what is not possible and why. Each authority stands here once, with all its grounds. Never raises.

    `leads` are the authorities that lead or are presumed to; None asks the rules. A place that is not known
    gives no answer. Art 77(1) says "in particular": it forbids no other authority.
    Law: Art 55, 77(1); Regulation (EU) 2018/1725 Art 63; § 9, 19(2), 40 BDSG; Art 57 LOPDGDD.
    """
    if nothing := _nothing_to_lodge(facts, directory):
        return (nothing,)
    if leads is None:
        leads = (it for it in (route(facts, directory).lead,) if it)
    leading = dict.fromkeys(leads)
    found: dict[object, Receiving] = {}
    for ground, place in zip(Ground, facts.places_77(), strict=True):
        if place is None:
            continue
        new = _at_place(place, ground, facts, directory, leading)
        # One authority once; a state outside the EEA once as well.
        key = new.authorities or state_of(place)
        old = found.get(key)
        found[key] = replace(old, grounds=(*old.grounds, ground), places=(*old.places, place)) if old else new
    states = {state_of(it) for it in facts.places_77() if it}
    for slug in leading:
        if (slug,) not in found:
            note = THE_LEAD_IN_THE_STATE if state_of(directory.place_of.get(slug, "")) in states else THE_LEAD
            found[slug,] = Receiving(Standing.LEAD, slug, (), (), (), True, (note,), "Art 56(1), 77(1)")
    order = list(Standing)
    return tuple(sorted(found.values(), key=lambda it: order.index(it.standing)))


def standing_of(slug: str, facts: Facts, directory: Directory, answer: Iterable[Receiving]) -> Chosen:
    """Return how a chosen authority stands to Art 77(1); `answer` is what may_receive() said. Never raises.

    Art 77(1) speaks of member states, so another authority of the same state is at the place too.
    """
    entries = tuple(answer)
    leads = any(it.leads and it.slug == slug for it in entries)
    seat = directory.place_of.get(slug)
    if seat is None:
        return Chosen(slug, leads=leads)
    if not directory.takes_part(slug, facts.as_of):
        institution = any(it.standing is Standing.INSTITUTION and it.slug == slug for it in entries)
        return Chosen(slug, outside=not institution and facts.complainant_residence is not None)
    here = [
        (ground, place)
        for ground, place in zip(Ground, facts.places_77(), strict=True)
        if place and state_of(place) == state_of(seat)
    ]
    receive = dict.fromkeys(
        it
        for entry in entries
        if entry.standing is Standing.PLACE and state_of(entry.places[0]) == state_of(seat)
        for it in entry.authorities
    )
    return Chosen(
        slug,
        grounds=tuple(ground for ground, _ in here),
        places=tuple(place for _, place in here),
        others=() if slug in receive else tuple(receive),
        leads=leads,
        outside=not here and facts.complainant_residence is not None,
    )


def _nothing_to_lodge(facts: Facts, directory: Directory) -> Receiving | None:
    """Return the one answer where places do not matter: no GDPR yet, an institution, a court, the police."""
    if facts.subject == "eu_institution":
        return Receiving(
            Standing.INSTITUTION if directory.union else Standing.NOT_OFFERED,
            *(directory.union, (), (), (), False),
            (
                "Complaints against an institution, body or agency of the Union go to the European Data "
                "Protection Supervisor, wherever the complainant lives. If it does nothing for three months, "
                "that counts as a refusal.",
            ),
            "Art 63 of Regulation (EU) 2018/1725",
        )
    if facts.as_of < GDPR_APPLIES_FROM:
        return _no("The GDPR did not apply on that day.", "Art 99(2)")
    if facts.subject == "court_judicial":
        return _no(
            "No supervisory authority may examine what a court does in its judicial capacity. The remedy "
            "lies with the courts themselves.",
            "Art 55(3)",
        )
    if facts.subject == "led":
        return _no(
            "The GDPR does not apply to police and justice. The law of the state that carries out Directive "
            "(EU) 2016/680 names the authority.",
            "Art 2(2)(d); Art 52 of Directive (EU) 2016/680",
        )
    return None


def _no(
    note: str, basis: str, *, grounds: tuple[Ground, ...] = (), places: tuple[str, ...] = ()
) -> Receiving:
    return Receiving(Standing.NOT_OFFERED, None, (), grounds, places, False, (note,), basis)


def _at_place(
    place: str, ground: Ground, facts: Facts, directory: Directory, leading: Iterable[str]
) -> Receiving:
    """Return who receives at one place, or why nobody does."""
    state = state_of(place)
    if not facts.in_eea(place):
        law = other_law(state, facts.as_of) or ""
        refused = _no(law, _BASIS_OUTSIDE.get(state, "Art 3, 77(1)"), grounds=(ground,), places=(place,))
        return replace(refused, notes=(law, STILL_AN_EEA_AUTHORITY))
    options = _competent(place, facts, directory)
    if not options:
        return _no(
            "The directory has no authority for this place.",
            "Art 77(1)",
            grounds=(ground,),
            places=(place,),
        )
    slug = options[0] if len(options) == 1 else None
    leads = slug is not None and slug in set(leading)
    return Receiving(
        standing=Standing.PLACE,
        slug=slug,
        candidates=() if slug else options,
        grounds=(ground,),
        places=(place,),
        leads=leads,
        notes=_notes(state, slug, facts, directory, leads=leads),
        basis=_basis(state, slug, directory),
    )


def _basis(state: str, slug: str | None, directory: Directory) -> str:
    """Return the provision on which an authority of the state receives."""
    if state != "DE":
        return "Art 77(1)"
    if slug is not None and slug == directory.federal.get(state):
        return "Art 77(1); § 9(1) BDSG"
    return "Art 77(1); § 19(2) BDSG" if slug else "Art 77(1); § 19(2), 40(1) BDSG"


#: The law of a place outside the EEA under which a complaint may be possible.
_BASIS_OUTSIDE = {
    "GB": "Art 3, 77(1); UK GDPR",
    "CH": "Art 3, 77(1); Art 49, 52(2) of the Swiss Federal Act on Data Protection",
}


def _notes(
    state: str, slug: str | None, facts: Facts, directory: Directory, *, leads: bool
) -> tuple[str, ...]:
    """Return what is to be known of an authority at a place, or of a place that does not tell which it is."""
    notes = []
    if slug is None:
        notes.append(LAND_NEEDED if state == "DE" else REGION_NEEDED)
    elif slug == directory.federal.get(state):
        notes.append(FEDERAL_BODIES)
    elif state == "DE":
        notes += [BAVARIA[slug]] if slug in BAVARIA else []
        notes += [] if leads else [PASSES_ON]
    elif slug in directory.regional(state):
        notes.append(REGIONAL)
    if state == "BE" and facts.subject == "public_authority":
        notes.append(FLEMISH)
    if leads:
        notes.append(LEADS_TOO)
    if facts.issue == "eprivacy":
        terminal = directory.terminal.get(state)
        notes.append(f"{EPRIVACY} Here that is {terminal.name}." if terminal and terminal.name else EPRIVACY)
    return tuple(notes)


def _competent(place: str, facts: Facts, directory: Directory) -> tuple[str, ...]:
    """Return the authorities of a state of which one receives at the place; one where the facts tell."""
    state = state_of(place)
    private = directory.at(place)
    options = {private} if private else set(directory.in_state(state))
    federal = directory.federal.get(state)
    if state == "DE" and federal and facts.de_telecom is not Answer.NO:
        options = {federal, *(options if facts.de_telecom is Answer.UNKNOWN else ())}
    elif facts.subject == "public_authority" and directory.regional(state):
        options = _for_public_bodies(place, options, facts, directory)
    return tuple(sorted(options))


def _for_public_bodies(place: str, private: set[str], facts: Facts, directory: Directory) -> set[str]:
    """Return the authorities of which one receives a complaint against a public body, where a state splits.

    Only a body of the state itself has the supervisor that the state gives its own public sector. `private`
    are those of which one receives against anybody else.
    """
    state, level = state_of(place), facts.public_level
    own = _is_of(state, facts)
    # Spain has one authority for all that no region has, Germany one for what belongs to the federation.
    national = {directory.federal[state]} if state in directory.federal else private
    if own is Answer.NO and state not in directory.federal:
        return private
    named = directory.public_by_place.get(place)
    if named:
        regional = {named}
    elif place != state:
        regional = private
    else:
        general = directory.at(place)
        regional = {*directory.regional(state), *([general] if general else ())}
    if own is Answer.YES and level is not None:
        return national if level == "federal" else regional
    # A public body of another state, or one of which too little is known.
    unsure = set() if own is Answer.YES else private
    if own is not Answer.NO and level in (None, "federal"):
        unsure = unsure | national
    return regional | unsure


def _is_of(state: str, facts: Facts) -> Answer:
    """Return whether the public body belongs to the state."""
    if facts.establishments is None:
        return Answer.UNKNOWN
    here = {state_of(it.place) for it in facts.establishments if it.exists(facts.as_of)}
    if state in here:
        return Answer.YES
    return Answer.NO if facts.establishments_complete and here else Answer.UNKNOWN
