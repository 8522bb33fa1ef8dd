"""The route finder of the public site: the answer of the rules to what a reader types. Stores nothing."""

from dataclasses import dataclass
from typing import Any

from tracker.reference.authorities import directory, in_words
from tracker.reference.names import country_name
from tracker.rules import routing
from tracker.services import routing_files


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules answer, with the answer in one sentence."""

    facts: routing.Facts
    route: routing.Route
    sentence: str


def find(facts: routing.Facts) -> Found:
    """Return who leads on these facts, and why. Asks no store."""
    route = routing.route(facts, directory())
    return Found(facts, route, routing.sentence(route, facts, in_words, country_name))


def as_values(found: Found) -> dict[str, Any]:
    """Return facts, sentence and answer in plain JSON values, the answer as `tracker route --json` has it."""
    answer = routing_files.as_values(routing_files.Answered("", found.facts, found.route))
    del answer["id"]
    return {
        "rules": routing.RULES_VERSION,
        "facts": found.facts.to_json(),
        "sentence": found.sentence,
        "answer": answer,
    }
