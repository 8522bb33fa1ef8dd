"""What a file of cases must fulfil beyond its schema: references, ids, days, authorities, numbers."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.errors import RuleBroken
from tracker.reference import tables
from tracker.reference.authorities import SLUG
from tracker.rules import days, numbers
from tracker.rules.days import Day
from tracker.rules.further_facts import FurtherFacts
from tracker.services import import_deadlines, import_marks, import_schema
from tracker.services.controllers import fold
from tracker.services.import_forms import PER_FILING, Campaign, Form, campaign, content, identities
from tracker.services.reading import Faults, read
from tracker.services.reading_faults import Way, fit


@dataclass(frozen=True, slots=True)
class World:
    """What the checks know of the world: the country of each authority by its slug, and the day."""

    authorities: Mapping[str, str]
    today: date


@dataclass(frozen=True, slots=True)
class _Known:
    """What the parts of one campaign may refer to."""

    controllers: Set[str]
    complainants: Set[str]
    filings: Set[str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read and compared with the schema; what is wrong with it so far is in `faults`."""

    data: Any
    sha256: str
    faults: Faults


def open_file(source: Path | str | bytes, name: str) -> Opened:
    """Return a file as far as it can be looked at without the store, which takes the longest.

    Raises BadFile where it cannot be read; what the schema finds is told later, with all the rest.
    """
    document = read(source, name)
    faults = Faults(name)
    faults.data = document.data
    import_schema.check(document.data, faults)
    return Opened(document.data, document.sha256, faults)


def campaigns_of(opened: Opened, world: World) -> list[Campaign]:
    """Return the campaigns of a file, checked. Raises BadFile with everything that is wrong in it.

    A campaign that does not follow the schema is not checked further, the others are.
    """
    faults = opened.faults
    broken = {way[1] for way, _ in faults.found if len(way) > 1 and way[0] == "campaigns"}
    if any(len(way) < 2 or way[0] != "campaigns" for way, _ in faults.found):
        faults.refuse()
    found = []
    for place, said in enumerate(opened.data["campaigns"]):
        if place not in broken:
            it = campaign(said, ("campaigns", place), faults)
            _check(it, world, faults)
            found.append(it)
    _check_together(found, faults)
    faults.refuse()
    return found


def _check_together(campaigns: Sequence[Campaign], faults: Faults) -> None:
    """Check what must be unique in the whole file."""
    _each_once(((it.id, (*it.way, "id")) for it in campaigns), faults)
    own = ((it.case.get("internal_ref"), (*it.way, "internal_ref")) for it in campaigns)
    _each_once(((ref, way) for ref, way in own if ref and numbers.is_case_number(ref)), faults)
    filings = (
        (filing["id"], (*it.way, "filings", place, "id"))
        for it in campaigns
        for place, filing in enumerate(it.filings)
    )
    _each_once(filings, faults)


def _each_once(values: Iterable[tuple[object, Way]], faults: Faults, text: str = "stands here twice") -> None:
    seen: set[object] = set()
    for value, way in values:
        if value in seen:
            faults.add(way, text)
        seen.add(value)


def _check(it: Campaign, world: World, faults: Faults) -> None:
    _check_people(it, faults)
    _check_processing(it, world, faults)
    known = _Known(
        controllers={each["id"] for each in it.controllers},
        complainants={each["pseudonym"] for each in it.complainants},
        filings={filing["id"] for filing in it.filings},
    )
    for place, filing in enumerate(it.filings):
        _check_filing(it, filing, (*it.way, "filings", place), known, world, faults)
    _check_numbers(it, faults)
    _check_events(it, known, world, faults)
    fines = it.case.get("outcome", {}).get("fines", ())
    for place, fine in enumerate(fines):
        _check_slug(fine.get("authority"), (*it.way, "outcome", "fines", place, "authority"), world, faults)


def _check_people(it: Campaign, faults: Faults) -> None:
    """Check the controllers and complainants, and that no authority has the same complaint twice."""
    ways = [(*it.way, "controllers", place) for place in range(len(it.controllers))]
    _each_once(((each["id"], (*way, "id")) for each, way in zip(it.controllers, ways, strict=True)), faults)
    entities = (
        ((fold(each["legal_entity"]), each.get("hq_country")), (*way, "legal_entity"))
        for each, way in zip(it.controllers, ways, strict=True)
    )
    _each_once(entities, faults, "is the same legal entity as another controller of this campaign")
    people = (
        (each["pseudonym"], (*it.way, "complainants", place, "pseudonym"))
        for place, each in enumerate(it.complainants)
    )
    _each_once(people, faults)
    lodged = (
        ((filing["authority"], filing["complainant"]), (*it.way, "filings", place, "complainant"))
        for place, filing in enumerate(it.filings)
        if filing.get("authority") and filing.get("complainant")
    )
    _each_once(lodged, faults, "has a filing at this authority already")


def _check_processing(it: Campaign, world: World, faults: Faults) -> None:
    """Check what is said of the processing against the case and the day."""
    for place, each in enumerate(it.controllers):
        try:
            further = FurtherFacts.from_json(each.get("processing") or {})
            further.check(it.case.get("facts_date", days.UNKNOWN_DAY), world.today)
        except RuleBroken as refusal:
            way = (*it.way, "controllers", place, "processing", str(refusal.field))
            faults.add(way, str(refusal).rstrip("."))


def _check_named(named: Sequence[str], known: Set[str], what: str, way: Way, faults: Faults) -> None:
    """Check a list of ids: each is there, and stands in the list once."""
    _each_once(((key, (*way, place)) for place, key in enumerate(named)), faults)
    for place, key in enumerate(named):
        if key not in known:
            faults.add((*way, place), f"this campaign has no {what} '{fit(key)}'")


def _check_filing(it: Campaign, filing: Form, way: Way, known: _Known, world: World, faults: Faults) -> None:
    _check_named(filing["controllers"], known.controllers, "controller", (*way, "controllers"), faults)
    person = filing.get("complainant")
    if person and person not in known.complainants:
        faults.add((*way, "complainant"), f"this campaign has no complainant '{fit(person)}'")
    for key in ("authority", "lead_authority", "handling_authority"):
        _check_slug(filing.get(key), (*way, key), world, faults)
    day: Day = filing["date"]
    _check_past(day, (*way, "date"), world, faults)
    begun = it.case.get("facts_date", days.UNKNOWN_DAY).first
    if begun and day.last and day.last < begun:
        words = it.case["facts_date"].words
        faults.add((*way, "date"), f"{day.words} lies before the facts of the case ({words})")


def _check_numbers(it: Campaign, faults: Faults) -> None:
    """Check that the numbers of filings are those of this case, each given once."""
    case = it.case.get("internal_ref")
    seen: set[str] = set()
    for place, filing in enumerate(it.filings):
        number = filing.get("number")
        if number is None:
            continue
        way = (*it.way, "filings", place, "references", "ngo")
        if numbers.case_of(number) != case:
            of = numbers.case_of(number)
            faults.add(way, f"{number} is a number of case {of}, which is not the internal_ref of this one")
        elif number in seen:
            faults.add(way, f"{number} stands here twice")
        seen.add(number)


def _check_events(it: Campaign, known: _Known, world: World, faults: Faults) -> None:
    corrected: set[int] = set()
    sound = True
    for place, event in enumerate(it.events):
        way = (*it.way, "events", place)
        _check_named(event["filings"], known.filings, "filing", (*way, "filings"), faults)
        _check_past(event["date"], (*way, "date"), world, faults)
        for key in ("sent", "received"):
            if event.get(key) and event[key] > world.today:
                faults.add((*way, key), f"{days.words(event[key])} has not come yet")
        if event.get("sent") and event.get("received") and event["received"] < event["sent"]:
            faults.add((*way, "received"), "lies before the day on which it was sent")
        _check_slug(event.get("lead_authority"), (*way, "lead_authority"), world, faults)
        if event.get("lead_authority") and not event.get("lead_act"):
            faults.add((*way, "lead_authority"), "needs lead_act: what was done about that lead")
        _check_per_filing(event, way, faults)
        corrects = event.get("corrects")
        if corrects is not None and corrects > place:
            which = f"from 1 to {place}" if place else "and no event stands before this one"
            faults.add((*way, "corrects"), f"must be the place of an earlier event, {which}")
            sound = False
        elif corrects in corrected:
            faults.add((*way, "corrects"), f"event {corrects} is corrected by an earlier event already")
        corrected.update({corrects} if corrects else ())
    if sound:
        _check_repeated(it, faults)
        import_deadlines.check(it, faults)
    import_marks.check(it, world.authorities, faults)


def _check_per_filing(event: Form, way: Way, faults: Faults) -> None:
    """Check step and outcome: said of all filings of the event, or of each of them."""
    for key in PER_FILING:
        if key in event and not event["filings"]:
            faults.add((*way, key), "is that of a filing: name the filings")
        elif isinstance(event.get(key), dict) and {*event[key]} != {*event["filings"]}:
            faults.add((*way, key), "must name each filing of the event and no other, or be one for all")
    step = event.get("step", "lodged")
    for code in step.values() if isinstance(step, dict) else (step,):
        if code not in tables.steps():
            faults.add((*way, "step"), f"there is no step '{fit(code)}'")


def _check_repeated(it: Campaign, faults: Faults) -> None:
    """Refuse an event that stands in the file twice in all its words."""
    seen: dict[tuple[int, str], int] = {}
    for place, label in enumerate(identities(it.events, {})):
        first = seen.setdefault((label, content(it.events[place])), place)
        if first != place:
            faults.add((*it.way, "events", place, "summary"), f"this is event {first + 1} once more")


def _check_slug(slug: str | None, way: Way, world: World, faults: Faults) -> None:
    if slug is not None and slug not in world.authorities:
        faults.add(way, f"there is no authority '{fit(slug)}' in the directory; null means not known")


def _check_past(day: Day, way: Way, world: World, faults: Faults) -> None:
    try:
        days.refuse_future(day, world.today)
    except RuleBroken as refusal:
        faults.add(way, str(refusal).rstrip("."))


def remarks(it: Campaign, world: World, kinds: Mapping[str, Any]) -> list[str]:
    """Return what the author of a campaign should know though nothing is wrong with it."""
    told = []
    for filing in it.filings:
        slug = filing.get("authority")
        if slug and world.authorities[slug] not in (filing["country"], "EU"):
            told.append(f"{filing['id']}: {slug} is not an authority of {filing['country']}")
    if not numbers.is_case_number(it.case.get("internal_ref", "")):
        told += [
            f"{filing['id']}: {value} is kept as a reference: the case has no internal_ref of the form C081"
            for filing in it.filings
            for owner, value in filing["references"]
            if owner == "ngo" and numbers.is_filing_number(value)
        ]
    told += [
        f"{it.id}: '{actor}' is no authority of the directory: it is kept as a name"
        for actor in sorted({event["actor"] for event in it.events} - {*world.authorities})
        if SLUG.fullmatch(actor) and actor[:2].upper() in {*world.authorities.values()}
    ]
    told += import_deadlines.remarks(it)
    unknown = sorted({event["kind"] for event in it.events} - set(kinds))
    if unknown:
        told.append(f"{it.id}: no step follows from events of the kind {', '.join(unknown)}")
    return told
