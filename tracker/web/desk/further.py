"""The rarer facts of a controller in words: all of them to be compared, those that are said for its page."""

from tracker.reference.names import place_name
from tracker.rules import days
from tracker.rules.further_facts import (
    ISSUE_WORDS,
    LEVEL_WORDS,
    ORDINARY,
    PUBLIC_TASKS,
    ROLE_WORDS,
    SUBJECT_WORDS,
    FurtherFacts,
)
from tracker.rules.vocabulary import Answer

LEVEL, LAW = "Level", "Law that gives the task"


def further_lines(said: FurtherFacts) -> dict[str, str]:
    """Return every rarer fact by the label that it has in the form."""
    return {
        "Complained about under": " and ".join(ISSUE_WORDS[it] for it in said.issues),
        "Role": ROLE_WORDS[said.role],
        "Kind of body": SUBJECT_WORDS[said.subject],
        LEVEL: LEVEL_WORDS[said.public_level] if said.public_level else "not known",
        LAW: place_name(said.obligation_of) if said.obligation_of else "not known",
        "Media purposes": _answer(said.media_art85),
        "Church with rules of its own": _answer(said.church_art91),
        "Telecommunications in Germany": _answer(said.de_telecom),
        "Only one state is concerned": place_name(said.local_only) if said.local_only else "no",
        "Infringement": _end(said),
    }


def further_said(said: FurtherFacts) -> list[tuple[str, str]]:
    """Return the rarer facts that are not those of the ordinary case; of a public task, what is not known."""
    usual = further_lines(ORDINARY)
    asked = (LEVEL, LAW) if said.subject in PUBLIC_TASKS else ()
    return [(label, it) for label, it in further_lines(said).items() if label in asked or it != usual[label]]


def _answer(it: Answer) -> str:
    return "not known" if it is Answer.UNKNOWN else it.value


def _end(said: FurtherFacts) -> str:
    if said.infringement_may_have_ended:
        return "not known whether, or when, it ended"
    return f"ended on {days.words(said.infringement_ended)}" if said.infringement_ended else "goes on"
