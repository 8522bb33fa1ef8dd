"""Who takes part in a filing, under which numbers, who leads, and where the complaint was passed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.models import Controller, Filing, Reference
from tracker.reference.authorities import authorities, label
from tracker.reference.names import country_name
from tracker.rules.days import Day
from tracker.rules.leading import Ground
from tracker.rules.vocabulary import ComplainantType
from tracker.services import routing, routing_standing
from tracker.services.routing_standing import Acts, Said, act_words


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who takes part. `role` is ngo, complainant, controller, lodged_with, lead or numbers.

    `lines` are the name and the address, `numbers` (whose, number) under which the filing is kept there.
    """

    role: str
    lines: tuple[str, ...]
    numbers: tuple[tuple[str, str], ...] = ()
    #: In whose name a complainant complains.
    type: ComplainantType | None = None
    #: The English name of an authority that bears another one.
    english: str | None = None


@dataclass(frozen=True, slots=True)
class Led:
    """Who leads against one controller. `said` None: only the rules say it, else on what else it rests."""

    controller: str
    lead: str | None
    ground: Ground
    presumed: bool
    #: Who leads by the rules and why, in one sentence.
    rules: str
    #: Who confirmed it when, where an authority did.
    confirmed: str | None
    rules_version: str


@dataclass(frozen=True, slots=True)
class Passed:
    """What an authority did about the lead: passed the complaint on, confirmed, disputed, sent it back."""

    entry: int
    day: Day
    words: str
    reference: str | None
    #: The day is the one on which we were told of it; its own day is not on record.
    told_only: bool = False


def parties_of(filing: Filing, leads: Sequence[str]) -> tuple[Party, ...]:
    """Return the parties in the order of a pleading. The complainant is a pseudonym here and everywhere."""
    numbers = list(filing.references)

    def taken(*owners: str) -> tuple[tuple[str, str], ...]:
        mine = [it for it in numbers if it.owner in owners]
        for it in mine:
            numbers.remove(it)
        return tuple((it.owner, it.value) for it in mine)

    found = [Party("ngo", (filing.case.ngo,), (("ngo", filing.number), *taken("ngo")))]
    person = filing.complainant.pseudonym if filing.complainant else None
    if person or filing.complainant_type:
        found.append(Party("complainant", (person,) if person else (), type=filing.complainant_type))
    found += [Party("controller", _controller(it)) for it in filing.controllers]
    slug = filing.authority_slug
    own = ("authority", *_owners(slug), *(("lead_authority",) if slug in leads else ()))
    found.append(_party("lodged_with", slug, filing.country, taken(*own)))
    for lead in leads:
        if lead != slug:
            found.append(_party("lead", lead, "", taken("lead_authority", *_owners(lead))))
    if numbers:
        found.append(Party("numbers", (), tuple((_owner(it), it.value) for it in numbers)))
    return tuple(found)


def led_by(filing: Filing, acts: Acts) -> tuple[Led, ...]:
    """Return who leads against each controller. Why a person overrode it is theirs, and stays out."""
    runs = routing.current(filing)
    found = []
    for controller in filing.controllers:
        if controller.id in runs:
            run = runs[controller.id]
            facts, route = routing.read(run)
            force, words = routing_standing.against(filing, run, acts)
            found.append(
                Led(
                    controller=controller.name,
                    lead=force.lead,
                    ground=force.ground,
                    presumed=force.presumed,
                    rules=routing.explain(route, facts),
                    confirmed=words if force.ground is Ground.AUTHORITY else None,
                    rules_version=run.rules_version,
                )
            )
    return tuple(found)


def passed_on(said: Sequence[Said], *, as_of: date) -> tuple[Passed, ...]:
    """Return what authorities did about the lead up to a day, in the order of the protocol."""
    return tuple(
        Passed(it.told.number, it.told.day, act_words(it.told), it.reference)
        for it in said
        if it.told.day.first is None or it.told.day.first <= as_of
    )


def leads_of(led: Sequence[Led]) -> tuple[str, ...]:
    """Return the slugs of the authorities that lead, each once."""
    return tuple(dict.fromkeys(it.lead for it in led if it.lead))


def _controller(it: Controller) -> tuple[str, ...]:
    address = tuple(line.strip() for line in (it.address or "").splitlines() if line.strip())
    seat = country_name(it.country) if it.country else ""
    # An address ends with the country in most cases; where there is none, the seat is all that is known.
    return (it.name, *address) if address else tuple(part for part in (it.name, seat) if part)


def _party(role: str, slug: str | None, country: str, numbers: tuple[tuple[str, str], ...]) -> Party:
    """Return an authority: its label, its name in its language, its address, and its English name beside."""
    it = authorities().get(slug or "")
    if it is None:
        return Party(role, (label(slug, country),), numbers)
    lines = (label(slug), it.name or it.name_en, it.address)
    english = it.name_en if it.name and it.name_en != it.name else None
    return Party(role, tuple(part for part in lines if part), numbers, english=english)


def _owners(slug: str | None) -> tuple[str, ...]:
    return (slug, slug.replace("-", "_")) if slug else ()


def _owner(it: Reference) -> str:
    slug = it.owner.replace("_", "-")
    return label(slug) if slug in authorities() else it.owner
