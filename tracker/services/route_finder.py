"""The route finder of the public site: the answer of the rules to what a reader types. Stores nothing."""

from dataclasses import dataclass
from typing import Any

from tracker.reference.authorities import directory, in_words
from tracker.reference.names import country_name
from tracker.reference.receiving import Offer, offers
from tracker.rules import routing
from tracker.rules.routing.receiving import may_receive
from tracker.services import routing_files


@dataclass(frozen=True, slots=True)
class Found:
    """What the rules answer, with the answer in one sentence, and where the complaint may be lodged."""

    facts: routing.Facts
    route: routing.Route
    sentence: str
    offers: tuple[Offer, ...]


def find(facts: routing.Facts) -> Found:
    """Return who leads on these facts, why, and where to lodge. Asks no store."""
    route = routing.route(facts, directory())
    leads = [route.lead_now] if route.lead_now else []
    receiving = offers(may_receive(facts, directory(), leads))
    return Found(facts, route, routing.sentence(route, facts, in_words, country_name), receiving)


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
