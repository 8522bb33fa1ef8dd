"""Proceedings, decisions and hearings of a file in one form each, checked: what a schema cannot say.

As everywhere, the same functions put the content of the store into this form, so that what is there already
is told from what differs by comparing two dictionaries.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tracker.errors import RuleBroken
from tracker.reference import tables
from tracker.reference.names import is_language
from tracker.rules import days, hearings, money, provisions
from tracker.rules import decisions as rules
from tracker.rules.days import Day
from tracker.rules.vocabulary import DecisionType, Finding, Result
from tracker.services.import_checks import World
from tracker.services.import_forms import Campaign, Form, chosen, day_of, full_day_of
from tracker.services.import_steps import stated_result
from tracker.services.reading import Faults
from tracker.services.reading_faults import Way, fit

_PROCEEDING_KEYS = "kind body reference follows parties costs note source verified".split()
_DECISION_KEYS = (
    "type decided_by reference ecli language source summary appeal_to proceeding corrects note verified"
).split()
_VERSION_KEYS = "court place time zone what why".split()
#: An event by the id of its campaign and its place there, from 1.
Place = tuple[str, int]


@dataclass(slots=True)
class Beside:
    """What a file holds beside its campaigns, each thing with its way in the file."""

    proceedings: list[tuple[Way, Form]] = field(default_factory=list)
    decisions: list[tuple[Way, Form]] = field(default_factory=list)
    hearings: list[tuple[Way, Form]] = field(default_factory=list)

    @property
    def events(self) -> set[Place]:
        """Return the events of which the decisions say more."""
        return {it for _, form in self.decisions for it in form["events"]}


@dataclass(frozen=True, slots=True)
class _Known:
    """What the things may refer to: filings with their campaign, campaigns, proceedings, decisions."""

    filings: Mapping[str, Campaign]
    campaigns: Mapping[str, Campaign]


def beside(data: Mapping[str, Any], campaigns: Sequence[Campaign], world: World, faults: Faults) -> Beside:
    """Return the proceedings, decisions and hearings of a file in their form; what is wrong is a fault."""
    known = _Known(
        {form["id"]: it for it in campaigns for form in it.filings}, {it.id: it for it in campaigns}
    )
    found = Beside()
    for place, said in enumerate(data.get("proceedings") or ()):
        way: Way = ("proceedings", place)
        found.proceedings.append((way, _proceeding(said, way, known, world, faults)))
    for place, said in enumerate(data.get("decisions") or ()):
        way = ("decisions", place)
        found.decisions.append((way, _decision(said, way, known, world, faults)))
    for place, said in enumerate(data.get("hearings") or ()):
        way = ("hearings", place)
        found.hearings.append((way, _hearing(said, way, known, faults)))
    for things in (found.proceedings, found.decisions, found.hearings):
        _each_once(((form["id"], (*way, "id")) for way, form in things), faults)
    _each_once(((form["uid"], (*way, "uid")) for way, form in found.hearings), faults)
    corrected = ((form.get("corrects"), (*way, "corrects")) for way, form in found.decisions)
    _each_once(((it, way) for it, way in corrected if it), faults)
    return found


def _each_once(values: Iterable[tuple[object, Way]], faults: Faults) -> None:
    seen: set[object] = set()
    for value, way in values:
        if value in seen:
            faults.add(way, "stands here twice")
        seen.add(value)


def proceeding_form(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    """Return a proceeding in its form."""
    form = {"id": said["id"], **chosen(said, _PROCEEDING_KEYS), "filings": list(said["filings"])}
    return form | {"opened": day_of(said, "opened", way, faults)}


def decision_form(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    """Return a decision in its form; a key that is missing says nothing."""
    form = {"id": said["id"], **chosen(said, _DECISION_KEYS)}
    form["urgent"], form["derived"] = bool(said.get("urgent")), bool(said.get("derived"))
    form["appeal"] = said.get("appeal") or "none_known"
    for key in ("decided", "received", "published"):
        form[key] = day_of(said, key, way, faults)
    form["events"] = [(it["campaign"], it["event"]) for it in said["events"]]
    form["results"] = dict(said.get("results") or {})
    # What is open and has no words is not kept.
    told = [
        (it["filing"], it["claim"], it["finding"], it.get("words"))
        for it in said.get("findings") or ()
        if it["finding"] != Finding.OPEN.value or it.get("words")
    ]
    form["findings"] = sorted(told, key=lambda it: it[:3])
    form["national"] = list(said.get("national") or ())
    form["provisions"] = []
    for place, code in enumerate(said.get("provisions") or ()):
        try:
            form["provisions"].append(provisions.read(code, tables.provisions()).code)
        except RuleBroken as refusal:
            faults.add((*way, "provisions", place), str(refusal))
    form["fines"] = []
    for place, it in enumerate(said.get("fines") or ()):
        try:
            amount = money.read(Decimal(str(it["amount"])), it["currency"])
        except RuleBroken as refusal:
            faults.add((*way, "fines", place, refusal.field or "amount"), str(refusal).rstrip("."))
        else:
            form["fines"].append((amount.minor, amount.currency, it.get("controller"), it.get("words")))
    form["measures"] = [
        (
            it["power"],
            it.get("words"),
            full_day_of(it, "comply_by", (*way, "measures", place), faults) if it.get("comply_by") else None,
        )
        for place, it in enumerate(said.get("measures") or ())
    ]
    return form


def hearing_form(said: Mapping[str, Any], way: Way, faults: Faults) -> Form:
    """Return a hearing in its form."""
    form = {**chosen(said, ("id", "uid", "proceeding")), "filings": list(said["filings"])}
    form["versions"] = []
    for place, it in enumerate(said["versions"]):
        version = chosen(it, _VERSION_KEYS) | {"cancelled": bool(it.get("cancelled"))}
        version["day"] = full_day_of(it, "day", (*way, "versions", place), faults)
        form["versions"].append(version)
    return form


def _proceeding(said: Mapping[str, Any], way: Way, known: _Known, world: World, faults: Faults) -> Form:
    form = proceeding_form(said, way, faults)
    _check_filings(form["filings"], (*way, "filings"), known, faults)
    _check_past(form["opened"], (*way, "opened"), world, faults)
    is_authority = form["body"] in world.authorities
    if is_authority == (form["kind"] == "court"):
        faults.add((*way, "kind"), "does not fit the body: only a court is none of the directory")
    return form


def _decision(said: Mapping[str, Any], way: Way, known: _Known, world: World, faults: Faults) -> Form:
    form = decision_form(said, way, faults)
    _check_filings(form["results"], (*way, "results"), known, faults)
    _check_days(form, way, world, faults)
    for place, (campaign, event) in enumerate(form["events"]):
        it = known.campaigns.get(campaign)
        if it is None:
            faults.add((*way, "events", place, "campaign"), f"this file has no campaign '{fit(campaign)}'")
        elif event > len(it.events):
            faults.add((*way, "events", place, "event"), f"'{fit(campaign)}' has {len(it.events)} events")
    if not form["events"]:
        faults.add((*way, "events"), "name the event through which it came in")
    _check_findings(said.get("findings") or (), form["results"], way, known, faults)
    _check_words(form, way, world, faults)
    _check_told(form, way, known, faults)
    controllers = {
        each["id"]
        for key in {campaign for campaign, _ in form["events"]}
        if key in known.campaigns
        for each in known.campaigns[key].controllers
    }
    for place, (_, _, controller, _) in enumerate(form["fines"]):
        if controller and controller not in controllers:
            text = f"its campaigns have no controller '{fit(controller)}'"
            faults.add((*way, "fines", place, "controller"), text)
    return form


def _check_findings(
    said: Sequence[Mapping[str, Any]], results: Collection[str], way: Way, known: _Known, faults: Faults
) -> None:
    for place, it in enumerate(said):
        filing = it["filing"]
        if filing not in results:
            faults.add((*way, "findings", place, "filing"), "is none of the filings that it has results for")
        elif filing in known.filings:
            claims = len(known.filings[filing].case["legal_issues.articles"])
            if it["claim"] > claims:
                faults.add((*way, "findings", place, "claim"), f"its case has {claims} claims")
    _each_once(
        (((it["filing"], it["claim"]), (*way, "findings", place, "claim")) for place, it in enumerate(said)),
        faults,
    )


def _check_told(form: Form, way: Way, known: _Known, faults: Faults) -> None:
    """Check that its events concern the filings, and say nothing else of them than the decision does."""
    events = [
        known.campaigns[campaign].events[place - 1]
        for campaign, place in form["events"]
        if campaign in known.campaigns and place <= len(known.campaigns[campaign].events)
    ]
    for filing, result in form["results"].items():
        concerned = [it for it in events if filing in it["filings"]]
        if events and not concerned and filing in known.filings:
            faults.add((*way, "results", filing), "none of its events concerns this filing")
        for told in {stated_result(it, filing) for it in concerned} - {Result.OPEN, Result(result)}:
            if result != Result.OPEN.value:
                faults.add((*way, "results", filing), f"is '{result}', but the event says '{told.value}'")


def _check_words(form: Form, way: Way, world: World, faults: Faults) -> None:
    """Check ECLI, language, and that the type is one that whoever decided can give."""
    if form.get("language") and not is_language(form["language"]):
        faults.add((*way, "language"), f"there is no language '{fit(form['language'])}'")
    slug = form["decided_by"] if form["decided_by"] in world.authorities else None
    kind = DecisionType(form["type"]) if form.get("type") else None
    try:
        if form.get("ecli"):
            form["ecli"] = rules.read_ecli(form["ecli"])
        if kind is not None and not form["derived"]:
            rules.check_decider(kind, slug, urgent=form["urgent"])
    except RuleBroken as refusal:
        faults.add((*way, refusal.field or "type"), str(refusal).rstrip("."))
    if kind is not DecisionType.JUDGMENT:
        for filing, result in form["results"].items():
            if Result(result) in rules.OF_A_COURT:
                faults.add((*way, "results", filing), "only a judgment confirms or annuls a decision")


def _check_days(form: Form, way: Way, world: World, faults: Faults) -> None:
    for key in ("decided", "received", "published"):
        _check_past(form[key], (*way, key), world, faults)
    first = form["decided"].first
    for key in ("received", "published"):
        if first and form[key].last and form[key].last < first:
            faults.add((*way, key), f"lies before the day of the decision ({form['decided'].words})")
    for place, (_, _, comply_by) in enumerate(form["measures"]):
        if first and comply_by and comply_by < first:
            faults.add((*way, "measures", place, "comply_by"), "lies before the day of the decision")


def _hearing(said: Mapping[str, Any], way: Way, known: _Known, faults: Faults) -> Form:
    form = hearing_form(said, way, faults)
    _check_filings(form["filings"], (*way, "filings"), known, faults)
    if not form["filings"]:
        faults.add((*way, "filings"), "name at least one filing")
    for place, it in enumerate(form["versions"]):
        if it["day"] is None:
            faults.add((*way, "versions", place, "day"), "a hearing needs its day")
        elif "time" in it:
            try:
                at = hearings.read_time(it["time"])
                if at is not None:
                    hearings.moment(it["day"], at, it["zone"])
            except RuleBroken as refusal:
                faults.add((*way, "versions", place, refusal.field or "time"), str(refusal).rstrip("."))
        elif it["zone"] not in hearings.zones():
            faults.add((*way, "versions", place, "zone"), f"there is no clock '{fit(it['zone'])}'")
    return form


def _check_filings(named: Iterable[str], way: Way, known: _Known, faults: Faults) -> None:
    for key in named:
        if key not in known.filings:
            faults.add(way, f"this file has no filing '{fit(key)}'")


def _check_past(day: Day, way: Way, world: World, faults: Faults) -> None:
    try:
        days.refuse_future(day, world.today)
    except RuleBroken as refusal:
        faults.add(way, str(refusal).rstrip("."))
