"""Routing: which authority leads a complaint, why, and who else is concerned.

`route` takes the facts of one filing against one entity and the directory, and answers with codes, steps and
warnings; `sentence` says the answer in one sentence, `short_sentence` in one line.
Law: GDPR Art 55, 56; docs/decisions/0003-routing.md.
"""

from tracker.rules.routing.assessing import day_of_assessment
from tracker.rules.routing.directory import Directory
from tracker.rules.routing.facts import PLACES, Establishment, Facts
from tracker.rules.routing.finding import StepTaken
from tracker.rules.routing.result import RULES_VERSION, Route, route
from tracker.rules.routing.sentences import reason_words, sentence
from tracker.rules.routing.short import short_sentence
from tracker.rules.routing.telling import DISPUTED
from tracker.rules.routing.words import (
    CERTAIN,
    NO_LEAD,
    UNDETERMINED,
    Procedure,
    Reason,
    RouteWarning,
    plain,
    warning_text,
)

__all__ = [
    "DISPUTED",
    "CERTAIN",
    "NO_LEAD",
    "PLACES",
    "RULES_VERSION",
    "UNDETERMINED",
    "Directory",
    "Establishment",
    "Facts",
    "Procedure",
    "Reason",
    "Route",
    "RouteWarning",
    "StepTaken",
    "day_of_assessment",
    "plain",
    "reason_words",
    "route",
    "sentence",
    "short_sentence",
    "warning_text",
]
