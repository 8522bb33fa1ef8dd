"""A route as a page shows it: the answer, its facts, steps, authorities, candidates, warnings.

Both sites use it. It knows no store: facts and route in, rows for templates/macros/route.html out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.reference.authorities import authorities, directory, short_name
from tracker.reference.eurlex import Part, parts
from tracker.reference.names import place_name
from tracker.reference.naming import opened, readable
from tracker.rules import days, routing
from tracker.rules.routing import NO_LEAD, UNDETERMINED, Establishment, Facts, Procedure, Route, RouteWarning
from tracker.rules.routing.open import open_questions
from tracker.rules.territory import state_of
from tracker.rules.vocabulary import Answer
from tracker.web.route_words import FACTS, RARE, fact_words

#: Address of the page of an authority by slug.
Link = Callable[[str], str | None]
#: How an authority comes to be concerned: the ground of Art 4(22), in words, and the people it stands for.
GROUNDS = (
    ("a", "Establishment", "an establishment of the organisation is in its state"),
    ("b", "People affected", "people who live in its state are substantially affected"),
    ("c", "Complaint lodged", "a complaint was lodged with it"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that was used: what it is, its value, whose it is, and where it can be corrected."""

    label: str
    value: str
    known: bool
    origin: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """An establishment that was used, with all that is known of it there."""

    place: str
    central: str
    decides: str
    implements: str
    main_processing: str
    since: str
    until: str
    evidence: str
    #: Whether it counts: it was there and in the EEA on the day.
    counts: bool


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the reasoning, with names for codes and addresses for provisions."""

    name: str
    text: str
    basis: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Concerned:
    """The authorities that are concerned on one ground."""

    ground: str
    words: str
    why: str
    basis: tuple[Part, ...]
    authorities: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An authority that may lead, and what speaks for it."""

    authority: dict[str, Any]
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A route with everything that a page says of it."""

    sentence: str
    certainty: str
    mark: str
    tone: str
    answer: list[tuple[str, Any]]
    facts: list[Fact]
    places: list[PlaceShown]
    #: What is said instead where no establishment is listed.
    no_places: str
    processor: bool
    steps: list[StepShown]
    concerned: list[Concerned]
    candidates: list[Candidate]
    #: What they are candidates for, as the title over them.
    candidates_for: str
    warnings: list[tuple[str, str]]
    human: bool


def shown(
    facts: Facts,
    route: Route,
    sentence: str,
    link: Link,
    *,
    origins: Mapping[str, tuple[str, str | None]] | None = None,
    evidence: Mapping[str, str] | None = None,
) -> Shown:
    """Return the route as a page shows it.

    `sentence` is the answer in one sentence. `origins` says of a fact by key where it comes from and where it
    can be corrected; `evidence` says by place what the register rests on, where the facts do not.
    """
    certainty, mark, tone = _certainty(route)
    return Shown(
        sentence=sentence,
        certainty=certainty,
        mark=mark,
        tone=tone,
        answer=_answer(facts, route, link),
        facts=_facts(facts, origins or {}),
        places=_places(facts, evidence or {}),
        no_places="not known" if facts.establishments is None else "none in the EEA",
        processor=facts.role == "processor",
        steps=[StepShown(it.name, readable(it.text), parts(it.basis)) for it in route.steps],
        concerned=_concerned(route, link),
        candidates=[Candidate(cell(it, link), _why_candidate(it, facts, route)) for it in route.candidates],
        candidates_for="Who may be competent" if route.reason in NO_LEAD else "Who may lead",
        warnings=[routing.warning_text(it) for it in route.warnings],
        human=route.for_a_person,
    )


def cell(slug: str, link: Link) -> dict[str, Any]:
    """Return short name, country and address of an authority, as the macro of a label takes them."""
    it = authorities().get(slug)
    if it is None:
        return {"short": slug, "country": None, "href": None}
    return {"short": short_name(it.abbr, it.name, it.country), "country": it.country, "href": link(slug)}


def _certainty(route: Route) -> tuple[str, str, str]:
    """Return how sure the answer is, in words, with the mark and the tone of it."""
    if route.reason in UNDETERMINED:
        if route.lead:
            return "Presumed.", "half", "mixed"
        return "Open.", "none", "mixed"
    if RouteWarning.W_SINGLE_ESTABLISHMENT_NO_DECISIONS in route.warnings:
        return "Disputed.", "half", "mixed"
    if route.for_a_person:
        return "A person has to look.", "half", "mixed"
    return "Certain on these facts.", "full", "neutral"


def _answer(facts: Facts, route: Route, link: Link) -> list[tuple[str, Any]]:
    """Return the answer in parts: who leads, how it goes on, who handles it, who has to look."""
    if route.lead:
        role = {True: "presumed", False: None}[route.reason in UNDETERMINED]
        lead: Any = [{**cell(route.lead, link), "role": role}]
        if route.lead_until:
            lead[0]["role"] = f"until {days.words(route.lead_until)}"
    elif route.reason in NO_LEAD:
        lead = "no authority"
    elif route.procedure is Procedure.CONTESTED:
        lead = [{**cell(slug, link), "role": "contested"} for slug in route.candidates] or "not settled"
    elif route.lead_place:
        lead = f"an authority in {place_name(route.lead_place)}; which one is not known"
    else:
        lead = "not known"
    now = route.handling_now
    handling = [cell(now, link)] if now else _nobody_handles(route)
    receiving = [cell(route.receiving, link)] if route.receiving else "not known"
    return [
        ("Who leads", lead),
        ("Reason", opened(routing.reason_words(route, facts))),
        ("Procedure", opened(routing.plain(route.procedure))),
        ("Who handles it", handling),
        ("Who receives it", receiving),
        ("Cross-border", opened(routing.plain(route.cross_border))),
        ("A person has to look", _for_a_person(facts, route)),
    ]


def _for_a_person(facts: Facts, route: Route) -> str:
    """Return whether a person has to look, and at what, as far as the rules have words for it."""
    if not route.for_a_person:
        return "No"
    if asked := open_questions(route, facts):
        return f"Yes: it is not known {'; '.join(asked)}"
    return "Yes: not to be relied on before somebody has settled what is open"


def _nobody_handles(route: Route) -> str:
    return "Nobody under the GDPR" if route.procedure.value.startswith("NONE") else "Not known"


def _facts(facts: Facts, origins: Mapping[str, tuple[str, str | None]]) -> list[Fact]:
    """Return the facts in the order of the table of words; those that are nearly always the same only
    where they are not."""
    values = facts.to_json()
    found = []
    for key, words in FACTS.items():
        value = values.get(key)
        if key == "establishments" or (key in RARE and value == RARE[key]):
            continue
        told = fact_words(key, value)
        origin, href = origins.get(key, ("", None))
        found.append(Fact(words, told, told != "not known", origin, href))
    return found


def _places(facts: Facts, evidence: Mapping[str, str]) -> list[PlaceShown]:
    return [
        PlaceShown(
            place=place_name(it.place),
            central=_yes_no(it.ca),
            decides=_yes_no(it.decides),
            implements=_yes_no(it.implements),
            main_processing=_yes_no(it.main_processing),
            since=days.words(it.since) if it.since else "not known",
            until=days.words(it.until) if it.until else "",
            evidence=it.evidence or evidence.get(it.place, ""),
            counts=it.exists(facts.as_of) and facts.in_eea(it.place),
        )
        for it in facts.establishments or ()
    ]


def _yes_no(answer: Answer) -> str:
    return "not known" if answer is Answer.UNKNOWN else answer.value


def _concerned(route: Route, link: Link) -> list[Concerned]:
    """Return the concerned authorities by ground; one that is concerned on several stands under each."""
    found = []
    for ground, words, why in GROUNDS:
        slugs = [slug for slug, grounds in route.concerned.items() if ground in grounds]
        if slugs:
            cells = sorted(
                (cell(it, link) for it in slugs), key=lambda it: (it["country"] or "", it["short"])
            )
            found.append(Concerned(ground, words, why, parts(f"Art 4(22)({ground})"), cells))
    return found


def _why_candidate(slug: str, facts: Facts, route: Route) -> str:
    """Return in words why an authority is one that may lead."""
    told = []
    for it in facts.present() or ():
        here = directory().at(it.place)
        if here == slug or (here is None and state_of(it.place) == _state(slug)):
            told.append(_place_words(it, processor=facts.role == "processor", exact=here is not None))
    if slug == facts.lodged_with:
        told.append("The complaint was lodged with it.")
    if slug == route.lead:
        told.append("Presumed for now.")
    if told:
        return " ".join(told)
    state = _state(slug)
    if directory().at(state) is None:
        return f"One of the authorities in {place_name(state)}: which of them is competent is not known."
    return "The steps say why."


def _state(slug: str) -> str:
    return state_of(directory().place_of.get(slug, ""))


def _place_words(it: Establishment, *, processor: bool, exact: bool) -> str:
    asked: Sequence[tuple[str, Answer]] = (
        (("head office", it.ca), ("main processing", it.main_processing))
        if processor
        else (("head office", it.ca), ("decides", it.decides), ("has decisions carried out", it.implements))
    )
    said = ", ".join(f"{what}: {_yes_no(answer)}" for what, answer in asked)
    where = f"An establishment in {place_name(it.place)}"
    return f"{where} ({said})." if exact else f"{where}, of which it is not known where exactly ({said})."
