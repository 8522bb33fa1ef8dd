"""The facts of a route, and what changed between two runs, in words that a page shows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tracker.reference.authorities import label
from tracker.reference.names import place_name, place_names
from tracker.reference.naming import readable
from tracker.rules import days
from tracker.rules.routing import Procedure, Reason, plain, warning_text
from tracker.rules.routing.differences import Changed, Differences

#: Art 4(22): why an authority is concerned.
GROUNDS = {"a": "establishment", "b": "people affected", "c": "complaint"}
ROLES = {
    "controller": "controller",
    "processor": "processor, which works for others",
    "joint_controller": "joint controller with others",
}
SUBJECTS = {
    "private": "a private body",
    "public_authority": "a public authority",
    "private_6_1_c_e": "a private body that acts on a legal duty or a public task (Art 6(1)(c), (e))",
    "eu_institution": "an institution of the European Union",
    "court_judicial": "a court that acts as a court",
    "led": "police or justice, for criminal matters (Directive 2016/680)",
}
ISSUES = {
    "gdpr": "the GDPR",
    "eprivacy": "cookies, terminal equipment or direct marketing (Directive 2002/58)",
}
LEVELS = {"federal": "of the federation", "land": "of a Land", "region": "of a region"}
#: What a fact is called, in the order in which a page tells them. Establishments have a table of their own.
FACTS: Mapping[str, str] = {
    "as_of": "Day of assessment",
    "as_of_earliest": "First day that it may be",
    "lodged_with": "Lodged with",
    "also_lodged_with": "Lodged elsewhere too",
    "complainant_residence": "Complainant lives in",
    "complainant_workplace": "Complainant works in",
    "infringement_place": "Place of the infringement",
    "issue": "It is about",
    "subject": "It is against",
    "role": "Its role",
    "public_level": "Public body",
    "obligation_of": "The duty or task is one of",
    "media_art85": "Media, for journalism (Art 85)",
    "church_art91": "Church with rules of its own (Art 91)",
    "establishments": "Establishments",
    "establishments_complete": "These are all of its establishments",
    "decided_outside_eea": "Decisions are taken outside the EEA",
    "targets_eea": "Offers to, or monitors, people in the EEA",
    "art27_rep": "Representative in the EEA (Art 27)",
    "affected": "People substantially affected in",
    "local_only": "Concerns one state alone (Art 56(2))",
    "infringement_ended": "Last day of the infringement",
    "de_telecom": "Provider of telecommunications (§ 9(1) BDSG)",
}
#: Said only where they are not as they nearly always are.
RARE: Mapping[str, Any] = {
    "as_of_earliest": None,
    "also_lodged_with": [],
    "public_level": None,
    "obligation_of": None,
    "media_art85": False,
    "church_art91": False,
    "establishments_complete": True,
    "de_telecom": False,
}
#: What "nothing" means for a fact; for all others it is not known.
NOTHING = {
    "art27_rep": "none on record",
    "local_only": "no",
    "infringement_ended": "none: it goes on",
    "public_level": "level not known",
    "also_lodged_with": "nowhere else",
    "as_of_earliest": "the same: the day is exact",
}
OF_AN_ESTABLISHMENT: Mapping[str, str] = {
    "ca": "head office",
    "decides": "decides",
    "implements": "has decisions carried out",
    "main_processing": "main processing",
    "from": "first day",
    "to": "last day",
    "evidence": "evidence",
}
#: Parts of the result, as the differences between two runs name them.
OF_THE_RESULT: Mapping[str, str] = {
    "lead": "Lead",
    "lead_place": "Place of the lead",
    "reason": "Reason",
    "procedure": "Procedure",
    "handling": "Handled by",
    "receiving": "Received by",
    "cross_border": "Cross-border",
    "candidates": "Candidates",
    "human": "A person has to look",
    "warning": "Warning",
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "role": ROLES,
    "subject": SUBJECTS,
    "issue": ISSUES,
    "public_level": LEVELS,
}
_AUTHORITIES = ("lodged_with", "also_lodged_with", "lead", "handling", "receiving", "candidates")


def answer_words(answer: bool | str | None) -> str:
    """Return an answer as the facts hold it: yes, no, not known."""
    return ("yes" if answer else "no") if isinstance(answer, bool) else "not known"


def fact_words(key: str, value: Any) -> str:
    """Return the value of a fact, as Facts.to_json() holds it, in words, also that it is not known."""
    if value in (None, "", []):
        if key == "affected" and value == []:
            return "nobody in the EEA"
        return NOTHING.get(key, "not known")
    if isinstance(value, bool) or value == "unknown":
        return answer_words(value)
    if key in _WORDS:
        return _WORDS[key].get(value, str(value))
    if key in _AUTHORITIES:
        return ", ".join(label(it) for it in ([value] if isinstance(value, str) else value))
    if key in ("as_of", "as_of_earliest", "infringement_ended"):
        return days.words(date.fromisoformat(value))
    if key == "establishments":
        return "; ".join(establishment_words(it) for it in value)
    return place_name(value) if isinstance(value, str) else place_names(value)


def establishment_words(it: Mapping[str, Any]) -> str:
    """Return an establishment with what is known of it, as in the facts of a run, in one line."""
    told = [
        f"{OF_AN_ESTABLISHMENT[key]}: {answer_words(it.get(key))}" for key in ("ca", "decides", "implements")
    ]
    if it.get("main_processing") in (True, False):
        told.append(f"{OF_AN_ESTABLISHMENT['main_processing']}: {answer_words(it['main_processing'])}")
    told += [f"{word} {days.words(date.fromisoformat(it[key]))}" for key, word in _LIMITS if it.get(key)]
    return f"{place_name(it['place'])} ({', '.join(told)})"


_LIMITS = (("from", "from"), ("to", "until"))


def difference_rows(found: Differences) -> dict[str, list[dict[str, Any]]]:
    """Return the differences as rows of a comparison, under "facts", "steps" and "result"."""
    return {
        "result": [
            *(_row(*_result_words(it)) for it in found.result if it.what != "concerned"),
            *_concerned_rows([it for it in found.result if it.what == "concerned"]),
        ],
        "facts": [_row(*fact_change(it)) for it in found.facts],
        "steps": [_row(it.name, _step(it.before), _step(it.after)) for it in found.steps],
    }


def change_words(found: Sequence[Changed]) -> str:
    """Return in one line which facts changed between two runs; where none did, only the rules are newer."""
    told = (f"{name}: {before}, now {after}" for name, before, after in map(fact_change, found))
    return "; ".join(told) or "no fact, the rules are newer"


def _row(name: str, left: str, right: str) -> dict[str, Any]:
    return {"label": name, "left": left, "right": right, "changed": False}


def _concerned_rows(changes: Sequence[Changed]) -> list[dict[str, Any]]:
    """Return who is concerned otherwise, those with the same change in one row: there may be thirty."""
    together: dict[tuple[str, str], list[str]] = {}
    for it in changes:
        slug = next(iter(it.before or it.after))
        sides = [grounds_words(side[slug]) if side else "not concerned" for side in (it.before, it.after)]
        together.setdefault((sides[0], sides[1]), []).append(label(slug))
    rows = []
    for (left, right), names in together.items():
        if len(names) > 1:
            rows.append(_row(f"Concerned: {len(names)} authorities", left, f"{right}: {', '.join(names)}"))
        else:
            rows.append(_row(f"Concerned: {names[0]}", left, right))
    return rows


def _step(text: str | None) -> str:
    return "not asked" if text is None else readable(text)


def fact_change(it: Changed) -> tuple[str, str, str]:
    """Return what changed, how it was and how it is: ("Ireland: decides", "yes", "no")."""
    if it.what == "establishment":
        left, right = (
            "none there" if side is None else establishment_words(side) for side in (it.before, it.after)
        )
        return f"Establishment in {place_name(it.place or '')}", left, right
    if it.place:
        key = it.what.removeprefix("establishment_")
        left, right = (_of_a_place(key, side) for side in (it.before, it.after))
        return f"{place_name(it.place)}: {OF_AN_ESTABLISHMENT[key]}", left, right
    return FACTS.get(it.what, it.what), fact_words(it.what, it.before), fact_words(it.what, it.after)


def _of_a_place(key: str, value: Any) -> str:
    if key in ("from", "to"):
        return days.words(date.fromisoformat(value)) if value else "not known" if key == "from" else "none"
    if key == "evidence":
        return str(value) if value else "none on record"
    return answer_words(value)


def _result_words(it: Changed) -> tuple[str, str, str]:
    left, right = (_of_the_result(it.what, side) for side in (it.before, it.after))
    return OF_THE_RESULT[it.what], left, right


def _of_the_result(key: str, value: Any) -> str:
    if key == "warning":
        return warning_text(value)[0] if value else "no such warning"
    if key == "human":
        return "yes" if value else "no"
    if key == "reason":
        return plain(Reason(value))
    if key == "procedure":
        return plain(Procedure(value))
    if key == "cross_border":
        return plain(value)
    if key == "lead_place":
        return place_name(value) if value else "none, or not known"
    if not value:
        return "none" if key == "candidates" else "none, or not known"
    return fact_words(key, value)


def grounds_words(grounds: Sequence[str]) -> str:
    """Return the grounds of Art 4(22) in words: "establishment, complaint"."""
    return ", ".join(GROUNDS[it] for it in grounds)
