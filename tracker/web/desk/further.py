"""The rarer facts of a controller in words: all of them to be compared, those that are said for its page."""

from tracker.rules import days
from tracker.rules.further_facts import ORDINARY, PUBLIC_TASKS, FurtherFacts
from tracker.rules.vocabulary import Answer
from tracker.services.cases_controllers import Said, SaidPlace
from tracker.web.route_words import FACTS, ISSUES, fact_words

#: In the order of the form; the issues and the end of the infringement have words of their own.
_PLAIN = ("subject public_level obligation_of role media_art85 church_art91 de_telecom local_only").split()


def further_lines(said: FurtherFacts) -> dict[str, str]:
    """Return every rarer fact by the label that it has in the form."""
    plain = {it: getattr(said, it) for it in _PLAIN}
    told = {it: value.value if isinstance(value, Answer) else value for it, value in plain.items()}
    return {
        **{FACTS[it]: _words(it, value) for it, value in told.items()},
        FACTS["issue"]: " and ".join(ISSUES[it] for it in said.issues),
        "The infringement": _end(said),
    }


def further_said(said: FurtherFacts) -> list[tuple[str, str]]:
    """Return the rarer facts that are not those of the ordinary case; of a public task, what is not known."""
    usual = further_lines(ORDINARY)
    asked = {FACTS[it] for it in ("public_level", "obligation_of") if said.subject in PUBLIC_TASKS}
    return [(label, it) for label, it in further_lines(said).items() if label in asked or it != usual[label]]


def matters(said: Said, place: SaidPlace) -> bool:
    """Return whether the main processing is to be told: of a processor, and wherever it is known."""
    return said.further.role == "processor" or place.main_processing is not Answer.UNKNOWN


def _words(key: str, value: str | None) -> str:
    return value if value in ("yes", "no") else fact_words(key, value)


def _end(said: FurtherFacts) -> str:
    if said.infringement_may_have_ended:
        return "not known whether, or when, it ended"
    return f"ended on {days.words(said.infringement_ended)}" if said.infringement_ended else "goes on"
