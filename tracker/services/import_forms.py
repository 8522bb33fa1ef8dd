"""The things of a file of cases in one form each: what two files mean alike looks alike here.

The same functions put the content of the store (as it would be exported) into this form, so that "is there
already" and "is there with other content" are comparisons of two dictionaries. None and a missing key are
the same, days are Days, provisions are normalised; a key that is missing here says nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from tracker.errors import RuleBroken
from tracker.reference import tables
from tracker.reference.names import country_name, is_language
from tracker.rules import numbers, provisions
from tracker.rules.days import UNKNOWN_DAY, Day
from tracker.rules.lengths import Length
from tracker.rules.processing import Processing
from tracker.rules.territory import MEMBERSHIPS, PART_OF, state_of
from tracker.rules.vocabulary import Answer, Precision
from tracker.services.reading_faults import Faults, Way

Form = dict[str, Any]

MAIN_SAID = "main establishment in the EU, as the source says"
SEAT_SAID = "seat of the legal entity, as the source says"

_CASE_KEYS = (
    "title", "ngo", "internal_ref", "summary", "language", "project", "infringement_place", "totals",
    "outcome",
)  # fmt: skip
_LEGAL_KEYS = ("source", "verified", "note")
_CONTROLLER_KEYS = ("legal_entity", "brand", "note", "website", "targets_eea", "decided_outside_eea")
#: Null is an answer of its own for these: it says that the source does not know.
_SAID_EVEN_IF_NULL = ("hq_country", "main_establishment_eu", "verified", "establishments", "affected")
_FILING_KEYS = (
    "authority country complainant_type complainant language urgency_requested_art66 lead_authority "
    "handling_authority status source verified note"
).split()
_EVENT_KEYS = (
    "actor kind summary public_summary irregular lead_act lead_authority reference step outcome medium "
    "sender language fine source verified"
).split()
#: Codes that name a region of the world or nothing, and what to write for those in common use.
_NO_COUNTRIES = {
    **dict.fromkeys(("EZ", "QO", "UN", "XA", "XB", "ZZ")),
    **{"UK": "GB", "EL": "GR", "EU": "a country"},
}
#: What an event may say of all its filings together, or of each by its id.
PER_FILING = ("step", "outcome")
#: What people said of an event afterwards: no part of it, and compared apart.
MARKS = ("nothing_new", "answers")
#: What an event may leave open, so that it is compared apart.
APART = (*PER_FILING, "deadline")
#: Further keys of a filing, kept word for word, also when they are null.
EXTRA_KEYS = ("tool",)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One case of a file: its place in the file, its own content, and its parts in the order of the file."""

    way: Way
    id: str
    case: Form
    complainants: tuple[Form, ...]
    controllers: tuple[Form, ...]
    filings: tuple[Form, ...]
    events: tuple[Form, ...]


def campaign(said: Mapping[str, Any], way: Way, faults: Faults) -> Campaign:
    """Return a campaign that follows the schema in its form. What cannot be read is added to the faults."""

    def parts(key: str, make: Any) -> tuple[Form, ...]:
        return tuple(make(part, (*way, key, place), faults) for place, part in enumerate(said.get(key) or ()))

    return Campaign(
        way=way,
        id=said["id"],
        case=_case(said, way, faults),
        complainants=parts("complainants", _complainant),
        controllers=parts("controllers", controller),
        filings=parts("filings", partial(_filing, own=str(said.get("internal_ref")))),
        events=_from_the_first(parts("events", _event)),
    )


def _chosen(said: Mapping[str, Any], keys: Sequence[str]) -> Form:
    return {key: said[key] for key in keys if said.get(key) is not None}


def _case(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    form = _chosen(said, _CASE_KEYS)
    if "outcome" in form:
        form["outcome"] = {key: value for key, value in form["outcome"].items() if value is not None}
    _check_place(form.get("infringement_place"), (*way, "infringement_place"), faults)
    _check_language(form.get("language"), (*way, "language"), faults)
    if said.get("facts_date") is not None:
        form["facts_date"] = _day(said, "facts_date", way, faults)
    legal = said.get("legal_issues") or {}
    form |= {f"legal_issues.{key}": value for key, value in _chosen(legal, _LEGAL_KEYS).items()}
    form["legal_issues.requested"] = list(legal.get("requested") or ())
    form["legal_issues.articles"] = [
        _claim(article, (*way, "legal_issues", "articles", place), faults)
        for place, article in enumerate(legal.get("articles") or ())
    ]
    return form


def _claim(said: str | Mapping[str, Any], way: Way, faults: Faults) -> Form:
    claim = {"article": said} if isinstance(said, str) else _chosen(said, ("article", "conduct", "measure"))
    try:
        claim["article"] = provisions.read(claim["article"], tables.provisions()).code
    except RuleBroken as refusal:
        faults.add(way if isinstance(said, str) else (*way, "article"), str(refusal))
    return claim


def _complainant(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    form = _chosen(said, ("pseudonym", "residence", "workplace"))
    for key in ("residence", "workplace"):
        _check_place(form.get(key), (*way, key), faults)
    return form


def controller(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    """Return a controller of a file in its form; an answer of "unknown" is as good as none."""
    form = {"id": said["id"], **_chosen(said, _CONTROLLER_KEYS)}
    for key in ("targets_eea", "decided_outside_eea"):
        if form.get(key) == Answer.UNKNOWN.value:
            del form[key]
    form |= {key: said[key] for key in _SAID_EVEN_IF_NULL if key in said}
    for key in ("hq_country", "main_establishment_eu"):
        _check_place(form.get(key), (*way, key), faults)
    main = form.get("main_establishment_eu")
    if main is not None:
        way_to = (*way, "main_establishment_eu")
        _check_whole_state(main, way_to, faults)
        if not _ever_in_eea(main):
            faults.add(way_to, f"{main} is not in the EEA: name a place there, or null")
    for place, each in enumerate(form.get("affected") or ()):
        if each != "EEA":
            _check_place(each, (*way, "affected", place), faults)
    if form.get("establishments") is not None:
        form["establishments"] = [
            _establishment(each, (*way, "establishments", place), faults)
            for place, each in enumerate(form["establishments"])
        ]
    if said.get("processing"):
        form["processing"] = _processing(form, said["processing"], (*way, "processing"), faults)
    return form


def _processing(form: Form, said: Mapping[str, Any], way: Way, faults: Faults) -> Form | None:
    """Return what a case says of its processing, which may name the establishments of the file only."""
    places = {each["place"] for each in establishments(form)[0]}
    before = len(faults.found)
    for place in said.get("decides") or ():
        if place not in places:
            faults.add((*way, "decides", place), "is no establishment of this controller in the file")
    for key in ("obligation_of", "local_only"):
        _check_place(said.get(key), (*way, key), faults)
    try:
        return Processing.from_json(said).to_json()
    except RuleBroken as refusal:
        if len(faults.found) == before:
            faults.add((*way, str(refusal.field)), str(refusal).rstrip("."))
        return None


def _establishment(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    _check_place(said["place"], (*way, "place"), faults)
    _check_whole_state(said["place"], (*way, "place"), faults)
    form: Form = {"place": said["place"], "origin": said.get("origin")}
    for key in ("central", "decides", "implements"):
        form[key] = said.get(key, Answer.UNKNOWN.value)
    if said.get("main_processing", Answer.UNKNOWN.value) != Answer.UNKNOWN.value:
        form["main_processing"] = said["main_processing"]
    for key in ("since", "until"):
        form[key] = _full_day(said, key, way, faults)
    if form["since"] and form["until"] and form["until"] < form["since"]:
        faults.add((*way, "until"), "lies before since")
    return form


def _filing(said: Mapping[str, Any], way: Way, faults: Faults, *, own: str) -> Form:
    """Return a filing in its form. Only a case whose `own` reference is a number gives its filings theirs."""
    numbered = numbers.is_case_number(own)
    form = {"id": said["id"], **_chosen(said, _FILING_KEYS), "controllers": list(said["controllers"])}
    form["date"] = _day(said, "date", way, faults)
    if form["country"] != "EU":  # the EDPS
        _check_place(form["country"], (*way, "country"), faults)
    references = []
    for owner, value in (said.get("references") or {}).items():
        for each in [value] if isinstance(value, str) else value:
            if numbered and owner == "ngo" and numbers.is_filing_number(each) and "number" not in form:
                form["number"] = each
            else:
                references.append((owner, each))
    form["references"] = references
    return form | {key: said[key] for key in EXTRA_KEYS if key in said}


def _event(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    form = {**_chosen(said, _EVENT_KEYS), "filings": list(said.get("filings") or ())}
    form["date"] = _day(said, "date", way, faults)
    for key in ("sent", "received"):
        if said.get(key) is not None:
            form[key] = _full_day(said, key, way, faults)
    for key in ("corrects", *MARKS):
        # To say of an entry that it is news says nothing: so it is where nobody says otherwise.
        if said.get(key):
            form[key] = said[key]
    if said.get("deadline") is not None:
        form["deadline"] = _act(said["deadline"], (*way, "deadline"), faults)
    for key in PER_FILING:
        each = form.get(key)
        if isinstance(each, dict) and {*each} == {*form["filings"]} and len({*each.values()}) == 1:
            form[key] = next(iter(each.values()))
    return form


def _act(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    """Return what an event says of a deadline in its form; `more` as the store has it."""
    form = _chosen(said, ("act", "period", "from"))
    until = _full_day(said, "until", way, faults)
    if until is not None:
        form["until"] = until
    if said.get("more") is not None:
        try:
            form["more"] = Length.parse(said["more"]).code
        except RuleBroken as refusal:
            form["more"] = said["more"]
            faults.add((*way, "more"), str(refusal).rstrip("."))
    return form


def codes_of(event: Form) -> set[str]:
    """Return the steps that an event says it is; its kind where it says none."""
    step = event.get("step", event["kind"])
    return set(step.values() if isinstance(step, dict) else (step,))


def _from_the_first(events: tuple[Form, ...]) -> tuple[Form, ...]:
    """Name the event from which a deadline runs by the first in its line of corrections."""
    first = first_places(events)
    for it in events:
        act = it.get("deadline", {})
        if 0 < act.get("from", 0) <= len(events):
            act["from"] = first[act["from"] - 1]
    return events


def first_places(events: Sequence[Form]) -> list[int]:
    """Return for each event the place, from 1, of the first in its line of corrections."""
    found: list[int] = []
    for place, it in enumerate(events, 1):
        corrects = it.get("corrects", place)
        found.append(found[corrects - 1] if corrects < place else place)
    return found


def _day(said: Mapping[str, Any], key: str, way: Way, faults: Faults) -> Day:
    precision = said.get(f"{key}_precision")
    try:
        exact = Day.parse(said.get(key))
        day = Day.parse(said.get(key), Precision(precision) if precision else None)
    except RuleBroken as refusal:
        faults.add((*way, key), str(refusal))
        return UNKNOWN_DAY
    if exact != day:
        # Nobody can tell which of the two is the mistake.
        text = f"{exact.words} says more than {key}_precision: write '{day.iso}', or leave the precision out"
        faults.add((*way, key), text)
    return day


def _full_day(said: Mapping[str, Any], key: str, way: Way, faults: Faults) -> date | None:
    day = _day(said, key, way, faults)
    if day.precision not in (Precision.DAY, Precision.UNKNOWN):
        faults.add((*way, key), f"{day.words} is not a full day: write it as 2024-06-06")
    return day.value


def _check_place(place: str | None, way: Way, faults: Faults) -> None:
    """Refuse a place in a country that does not exist, such as the codes in use that ISO does not have."""
    if place is None:
        return
    country = state_of(place)
    if country in _NO_COUNTRIES or country_name(country) == country:
        instead = _NO_COUNTRIES.get(country)
        faults.add(way, f"'{country}' is no country" + (f": write {instead}" if instead else ""))


def _check_language(language: str | None, way: Way, faults: Faults) -> None:
    if language is not None and not is_language(language):
        faults.add(way, f"there is no language '{language}'")


def _check_whole_state(place: str, way: Way, faults: Faults) -> None:
    """Refuse an establishment under the code of an overseas place: one place would have two names."""
    if state := PART_OF.get(place.partition("-")[0]):
        faults.add(way, f"{place} is a part of {country_name(state)}: write {state}")


def _ever_in_eea(place: str) -> bool:
    return any(state_of(place) in it.states for it in MEMBERSHIPS)


def presumed_establishments(controller: Mapping[str, Any]) -> list[Form]:
    """Return the establishments that follow from what a source says about a controller.

    `main_establishment_eu` names one that is the central administration, decides and implements; where the
    source did not verify the entity all three are unknown. A seat that ever was in the EEA is one too, about
    which nothing more is known; the day of filing is looked at by the rules of routing.
    """
    main, seat = controller.get("main_establishment_eu"), controller.get("hq_country")
    found: list[Form] = []
    if main is not None:
        answer = Answer.YES.value if controller.get("verified") is True else Answer.UNKNOWN.value
        found.append(_place(main, answer, MAIN_SAID))
    if seat is not None and _ever_in_eea(seat) and (main is None or state_of(main) != seat):
        found.append(_place(seat, Answer.UNKNOWN.value, SEAT_SAID))
    return sorted(found, key=lambda it: str(it["place"]))


def establishments(controller: Mapping[str, Any]) -> tuple[list[Form], Answer]:
    """Return the establishments of a controller of a file, stated or presumed, and whether they are known."""
    if "establishments" not in controller:
        found = presumed_establishments(controller)
        return found, Answer.YES if found else Answer.UNKNOWN
    stated = controller["establishments"]
    if not stated:
        return [], Answer.UNKNOWN if stated is None else Answer.NO
    return sorted(stated, key=lambda it: str(it["place"])), Answer.YES


def same_establishments(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two controllers have the same establishments, wherever these are known from."""

    def bare(found: list[Form], known: Answer) -> tuple[list[Form], Answer]:
        return [{key: value for key, value in it.items() if key != "origin"} for it in found], known

    return bare(*establishments(one)) == bare(*establishments(other))


def _place(place: str, answer: str, origin: str) -> Form:
    known = dict.fromkeys(("central", "decides", "implements"), answer)
    return {"place": place, "origin": origin, **known, "since": None, "until": None}


def presumed_affected(countries: Sequence[str]) -> list[str] | None:
    """Return the countries of the filings against a controller where there are two or more, else None."""
    different = sorted(set(countries) - {"EU"})
    return different if len(different) > 1 else None


def identities(events: Sequence[Form], labels: dict[tuple[object, ...], int]) -> list[int]:
    """Return for each event the label of what makes it the same as another.

    That is its day, kind, actor, filings and source, and the event that it corrects. `labels` is shared
    between the lists that are compared.
    """
    found: list[int] = []
    for event in events:
        filings, corrects = tuple(sorted(event["filings"])), event.get("corrects")
        known = (event["date"], event["kind"], event["actor"], filings, event.get("source"))
        corrected = found[corrects - 1] if corrects else None
        found.append(labels.setdefault((*known, corrected), len(labels)))
    return found


def content(event: Form, *, without: Sequence[str] = ()) -> str:
    """Return everything that an event says besides its identity, to be compared and looked up."""
    left_out = ("filings", "corrects", "date", *MARKS, *without)
    said = {key: value for key, value in event.items() if key not in left_out}
    return json.dumps(said, sort_keys=True, default=str)


def left_open(event: Form) -> tuple[str, ...]:
    """Return what an event of a file says nothing of though the store may know it.

    Of a decision, step and outcome are left to the program; a file of older times is silent on deadlines.
    """
    silent = (*(PER_FILING if event["kind"] == "decision" else ()), "deadline")
    return tuple(key for key in silent if key not in event)


# The same for the parts of a file that stand beside its campaigns.
chosen, day_of, full_day_of = _chosen, _day, _full_day
