"""Files of facts from outside: routed without a store, every answer as plain values or as a text to read."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.errors import BadFile, RuleBroken
from tracker.reference.authorities import authorities, directory, in_words, label
from tracker.reference.names import country_name
from tracker.reference.places import countries
from tracker.rules import routing
from tracker.rules.routing.facts import WHOLE_EEA
from tracker.services import reading
from tracker.services.reading_faults import fit


@dataclass(frozen=True, slots=True)
class Answered:
    """An item of a file with the answer of the rules."""

    key: str | int
    facts: routing.Facts
    route: routing.Route


def route_file(source: Path | bytes, name: str) -> list[Answered]:
    """Return the answers to a YAML or JSON list of {id, facts}, in the order of the file.

    Keys beside `facts` are ignored. Raises BadFile with one line FILE: ID: KEY: text per fault: no answer is
    given then.
    """
    data = reading.read(source, name).data
    if not isinstance(data, list):
        raise BadFile([f"{name}: file: whole: must be a list of items with id and facts"])
    answers: list[Answered] = []
    faults: list[str] = []
    seen: set[str] = set()
    for place, item in enumerate(data, start=1):
        shown = f"item {place}"
        try:
            key = _key(item)
            shown = fit(str(key))
            if str(key) in seen:
                raise RuleBroken("stands here twice; an id belongs to one item", field="id")
            seen.add(str(key))
        except RuleBroken as refusal:
            faults.append(f"{name}: {shown}: {refusal.field}: {refusal}")
            continue
        facts, wrong = _facts(item.get("facts"))
        faults += [f"{name}: {shown}: {fit(field)}: {text}" for field, text in wrong]
        if facts is not None and not faults:
            answers.append(Answered(key, facts, routing.route(facts, directory())))
    if faults:
        raise BadFile(faults)
    return answers


def _key(item: object) -> str | int:
    if not isinstance(item, Mapping):
        raise RuleBroken("must be a record with id and facts", field="item")
    key = item.get("id")
    if isinstance(key, bool) or not isinstance(key, str | int) or not str(key).strip():
        raise RuleBroken("is needed: a text or a whole number", field="id")
    return key


def _facts(record: object) -> tuple[routing.Facts | None, list[tuple[str, str]]]:
    """Return the facts, None where there are faults; and the faults, each with its key."""
    if not isinstance(record, Mapping):
        return None, [("facts", "are needed: a record in the keys of docs/routing.md")]
    left, faults = dict(record), list[tuple[str, str]]()
    while True:
        try:
            facts = routing.Facts.from_json(left)
        except RuleBroken as refusal:
            field = refusal.field or "facts"
            if field not in dict(faults):
                faults.append((field, str(refusal)))
            # What is wrong is left out, and the rest read again, so that all faults are told at once.
            if left.pop(field.partition(".")[0], None) is None:
                return None, faults
        else:
            break
    faults += _not_on_record(facts)
    return (None if faults else facts), faults


def _not_on_record(facts: routing.Facts) -> Iterator[tuple[str, str]]:
    """Give the faults of places and authorities that are well written and do not exist."""
    lands = sorted(it for it in directory().public_by_place if it.startswith("DE-"))
    for field, place in _places(facts):
        if place.partition("-")[0] not in countries():
            yield field, f"'{place}' is in no country: write a code of ISO 3166 (IE, DE-BY)."
        elif place.startswith("DE-") and place not in lands:
            yield field, f"'{place}' is no German Land: write one of {', '.join(lands)}."
    for field, slugs in (("lodged_with", (facts.lodged_with,)), ("also_lodged_with", facts.also_lodged_with)):
        for slug in slugs:
            if slug is not None and slug not in authorities():
                yield field, _no_slug(slug)


def _places(facts: routing.Facts) -> Iterator[tuple[str, str]]:
    for field in routing.PLACES:
        if place := getattr(facts, field):
            yield field, place
    for it in facts.establishments or ():
        yield "establishments", it.place
    for place in facts.affected or ():
        if place != WHOLE_EEA:
            yield "affected", place


def _no_slug(slug: str) -> str:
    near = difflib.get_close_matches(slug.lower(), list(authorities()), n=1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"'{fit(slug)}' is no authority of the directory{meant}: write one of {', '.join(authorities())}."


def as_values(it: Answered) -> dict[str, Any]:
    """Return an answer in plain JSON values, under exactly the keys that docs/routing.md names."""
    stored = it.route.to_json()
    return {
        "id": it.key,
        "procedure": stored["procedure"],
        "lead": stored["lead"],
        "reason": stored["reason"],
        "handling": stored["handling"],
        "receiving": stored["receiving"],
        "cross_border": stored["cross_border"],
        "concerned": stored["concerned"],
        "candidates": stored["candidates"],
        "steps": [{"text": step["text"], "basis": step["basis"]} for step in stored["steps"]],
        "warnings": stored["warnings"],
        "human": stored["human"],
    }


def as_text(it: Answered) -> Iterator[str]:
    """Give the lines of an answer as a person reads it: the sentence, the result, each step with its law."""
    route = it.route
    yield f"{it.key}: {routing.sentence(route, it.facts, in_words, country_name)}"
    if route.for_a_person:
        yield "  A person has to look before this is relied on."
    for name, words in (
        ("Procedure", f"{route.procedure.value}, {routing.plain(route.procedure)}"),
        ("Lead", _named(route.lead)),
        ("Reason", f"{route.reason.value}, {routing.plain(route.reason)}"),
        ("Handled by", _named(route.handling)),
        ("Lodged with" if it.facts.lodged_with else "Lodge with", _named(route.receiving)),
        ("Cross-border", routing.plain(route.cross_border)),
    ):
        yield f"  {name + ':':<14}{words}"
    if route.candidates:
        yield "  Candidates:   " + "; ".join(_named(slug) for slug in route.candidates)
    yield "  Steps:"
    for number, step in enumerate(route.steps, start=1):
        yield f"    {number}. {step.text} [{step.basis}]"
    yield from _concerned(route.concerned)
    for code in route.warnings:
        what, to_do = routing.warning_text(code)
        yield f"  {code.value}: {what} {to_do}"


def _concerned(concerned: Mapping[str, Iterable[str]]) -> Iterator[str]:
    if concerned:
        yield "  Concerned, Art 4(22):"
    for slug, grounds in concerned.items():
        yield f"    {_named(slug)}: {', '.join(f'({it})' for it in grounds)}"


def _named(slug: str | None) -> str:
    return "nobody, or not known" if slug is None else f"{slug}, {label(slug)}"
