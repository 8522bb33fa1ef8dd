"""What a file of cases would bring: compared with the store item by item; numbers given; nothing written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from tracker.db import db
from tracker.errors import RuleBroken
from tracker.models import Case, Filing
from tracker.rules import numbers
from tracker.services import import_compare, import_deadlines, import_marks
from tracker.services.import_entities import Entities, Entity
from tracker.services.import_forms import (
    APART,
    Campaign,
    Form,
    campaign,
    content,
    identities,
    left_open,
)
from tracker.services.import_records import Held, chunks, held_cases, numbers_meant
from tracker.services.import_said import campaign_out, controller_keys
from tracker.services.reading import Faults


@dataclass(slots=True)
class Planned:
    """A campaign of the file and what of it is new. `held` is the case where it is there already."""

    campaign: Campaign
    held: Held | None
    number: str = ""
    entities: dict[str, Entity] = field(default_factory=dict)
    controllers: list[Form] = field(default_factory=list)
    complainants: list[Form] = field(default_factory=list)
    filings: list[tuple[str, Form]] = field(default_factory=list)
    events: list[int] = field(default_factory=list)
    #: Ids of controllers of the desk about which a source says something for the first time.
    learning: list[str] = field(default_factory=list)
    #: The number of the entry that an event of the file is already, by its place in the file.
    known_events: dict[int, int] = field(default_factory=dict)
    #: Places of events of which a decision of the file says more: these get no record by themselves.
    decided: set[int] = field(default_factory=set)

    @property
    def brings(self) -> bool:
        """Return whether anything of it is new."""
        parts = (self.controllers, self.complainants, self.filings, self.events, self.learning)
        return self.held is None or any(parts)

    @property
    def unchanged(self) -> int:
        """Return how many items of it are there already."""
        it = self.campaign
        items = len(it.controllers) + len(it.filings) + len(it.events)
        new = len(self.controllers) + len(self.filings) + len(self.events)
        return items - new + (self.held is not None)


def plan(campaigns: Sequence[Campaign], faults: Faults) -> tuple[list[Planned], Entities]:
    """Return what the campaigns would bring. Raises BadFile for what is there with other content."""
    held = _held_by_id(campaigns)
    here = _forms_of(held)
    entities = Entities(campaigns)
    _check_filing_ids(campaigns, held, faults)
    planned: list[Planned] = []
    learning: set[int] = set()
    for it in campaigns:
        case = held.get(it.id)
        one = Planned(it, case)
        form = here.get(it.id)
        import_compare.case(it, form, faults)
        for place, controller in enumerate(it.controllers):
            way = (*it.way, "controllers", place)
            one.entities[controller["id"]] = entity = entities.find(controller, way, faults)
            if entity.learned and entity.key not in learning:
                learning.add(entity.key)
                one.learning.append(controller["id"])
            import_compare.respondent(controller, entity, case, form, way, faults)
        if form is None:
            one.controllers, one.complainants = list(it.controllers), list(it.complainants)
            one.events = list(range(len(it.events)))
        else:
            _leave_out_known(one, form, faults)
        planned.append(one)
    _number_cases(planned, faults)
    for one in planned:
        _number_filings(one, faults)
    faults.refuse()
    return planned, entities


def _held_by_id(campaigns: Sequence[Campaign]) -> dict[str, Held]:
    """Return the cases that the campaigns are already, by id: imported ones, else those of the desk."""
    ids = {it.id for it in campaigns}
    found = {it.key: it for it in held_cases((Case.key, ids))}
    for it in held_cases((Case.number, numbers_meant(ids))):
        if it.case.key is None and it.key in ids:
            found[it.key] = it
    return found


def _forms_of(held: Mapping[str, Held]) -> dict[str, Campaign]:
    """Return the cases as a file that was exported now would say them, with the step of every decision."""
    keys = controller_keys(held.values())
    said = Faults("store")
    return {key: campaign(campaign_out(it, keys, explicit=True), (), said) for key, it in held.items()}


def _check_filing_ids(campaigns: Sequence[Campaign], held: Mapping[str, Held], faults: Faults) -> None:
    """Refuse ids of filings that belong to another case."""
    ways = {
        filing["id"]: (it.id, (*it.way, "filings", place, "id"))
        for it in campaigns
        for place, filing in enumerate(it.filings)
    }
    for part in chunks(ways):
        query = sa.select(Filing.key, Filing.number, Filing.case_id).where(Filing.key.in_(part))
        for row in db.session.execute(query):
            owner, way = ways[row.key]
            if owner not in held or held[owner].case.id != row.case_id:
                faults.add(way, f"is the id of another filing here: {row.number}")


def _leave_out_known(one: Planned, here: Campaign, faults: Faults) -> None:
    """Find out which parts of a known campaign are new, and compare the others."""
    it, case = one.campaign, one.held.case if one.held else None
    present = {respondent.controller_id for respondent in case.controllers} if case else set()
    one.controllers = [
        each
        for each in it.controllers
        if one.entities[each["id"]].row is None or one.entities[each["id"]].key not in present
    ]
    import_compare.complainants(it, here, faults)
    people = {each["pseudonym"] for each in here.complainants}
    one.complainants = [each for each in it.complainants if each["pseudonym"] not in people]
    import_compare.filings(one, here, faults)
    _match_events(one, here, faults)


def _match_events(one: Planned, here: Campaign, faults: Faults) -> None:
    """Tell events that are there already from new ones; what differs in a word only is refused."""
    labels: dict[tuple[object, ...], int] = {}
    present: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, label in enumerate(identities(here.events, labels), 1):
        present[label][content(here.events[number - 1], without=APART)].append(number)
    open_ones = []
    for place, label in enumerate(identities(one.campaign.events, labels)):
        said = import_deadlines.as_here(one.campaign.events[place], one.known_events)
        words = present[label].get(content(said, without=APART), [])
        asked = [key for key in APART if key not in left_open(said)]
        same = next(
            (it for it in words if all(said.get(key) == here.events[it - 1].get(key) for key in asked)), None
        )
        if same is not None:
            words.remove(same)
            one.known_events[place] = same
        else:
            open_ones.append((place, label))
    for place, label in open_ones:
        others = [numbered for numbered in present[label].values() if numbered]
        if others:
            number = others[0].pop(0)
            way = (*one.campaign.way, "events", place)
            said = import_deadlines.as_here(one.campaign.events[place], one.known_events)
            import_compare.event(said, here.events[number - 1], number, way, faults)
        else:
            one.events.append(place)
    import_marks.compare(one, here, faults)
    _correct_once(one, here, faults)


def _correct_once(one: Planned, here: Campaign, faults: Faults) -> None:
    """Refuse to correct an entry that was corrected here: each has one that takes its place."""
    taken = {it["corrects"]: number for number, it in enumerate(here.events, 1) if "corrects" in it}
    for place in one.events:
        corrects = one.campaign.events[place].get("corrects")
        number = one.known_events.get(corrects - 1) if corrects else None
        if number in taken:
            way = (*one.campaign.way, "events", place, "corrects")
            faults.add(
                way, f"entry {number} of the case here was corrected already, by entry {taken[number]}"
            )


def _number_cases(planned: Sequence[Planned], faults: Faults) -> None:
    """Give every new case its number: its own, else the next above the highest, in the order of the file."""
    wanted: dict[str, Planned] = {}
    for one in planned:
        ref = one.campaign.case.get("internal_ref")
        if one.held is not None:
            one.number = one.held.case.number
        elif ref and numbers.is_case_number(ref):
            one.number = ref
            wanted[ref] = one
    for part in chunks(wanted):
        for number in db.session.scalars(sa.select(Case.number).where(Case.number.in_(part))):
            faults.add((*wanted[number].campaign.way, "internal_ref"), f"the number {number} is taken")
    length = sa.func.length(Case.number)
    stored = db.session.scalar(sa.select(Case.number).order_by(length.desc(), Case.number.desc()).limit(1))
    taken = [*([stored] if stored else []), *wanted]
    highest = max(taken, key=lambda it: (len(it), it), default=None)
    for one in planned:
        if one.number:
            continue
        try:
            one.number = highest = numbers.next_case(highest)
        except RuleBroken as refusal:
            faults.add((*one.campaign.way, "internal_ref"), str(refusal))
            return


def _number_filings(one: Planned, faults: Faults) -> None:
    """Give every new filing its number: its own one, the others fill the gaps in the order of the file."""
    taken = {it.number: one.held.filing_keys[it.id] for it in one.held.case.filings} if one.held else {}
    known = set(taken.values())
    fresh = [(place, it) for place, it in enumerate(one.campaign.filings) if it["id"] not in known]
    for place, it in fresh:
        number = it.get("number")
        if number in taken:
            way = (*one.campaign.way, "filings", place, "references", "ngo")
            faults.add(way, f"{number} is the number of another filing here: {taken[number]}")
        elif number:
            taken[number] = it["id"]
    missing = [it for _, it in fresh if "number" not in it]
    if not one.number:
        return
    try:
        given = iter(numbers.next_filings(one.number, taken, len(missing)))
    except RuleBroken as refusal:
        faults.add((*one.campaign.way, "filings"), str(refusal))
        return
    one.filings = [(it["number"] if "number" in it else next(given), it) for _, it in fresh]
