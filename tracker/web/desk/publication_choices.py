"""What can be chosen for the public, part by part, with what each part would show, and what is ticked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.reference.authorities import label
from tracker.reference.names import country_name, language_name
from tracker.rules.days import Day
from tracker.services import publication
from tracker.web.forms import is_small

#: The parts as content_of() takes them; those that are chosen by number of their own.
PARTS = ("fields", "filings", "references", "updates", "decisions", "summaries", "hearings", "languages")
NUMBERED = frozenset({"updates", "decisions", "summaries", "hearings"})
#: Fields of which the text stands under another name in the comparison.
TEXTS: Mapping[str, str] = {"controllers": "Controllers"}
#: So much of a text stands beside its tick; all of it stands in the comparison.
LONGEST = 160


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tick: what is sent, what it would show, whether it is ticked."""

    id: str
    name: str
    value: str
    words: str
    ticked: bool
    #: Why it does not count as checked, empty where it does.
    unchecked: str = ""
    note: str = ""
    level: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """What is chosen of one kind; `empty` is said where there is nothing of it."""

    legend: str
    empty: str
    hint: str = ""
    choices: list[Choice] = field(default_factory=list)


def chosen(form: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was ticked, as content_of() takes it. What is no number is left out."""
    found: dict[str, Any] = {}
    for part in PARTS:
        typed = form.getlist(part)
        found[part] = [int(it) for it in typed if is_small(it)] if part in NUMBERED else typed
    return found


def groups(
    case: Any, records: Any, everything: dict[str, Any], ticked: Mapping[str, Collection[Any]]
) -> Sequence[Group]:
    """Return all that can be chosen of a case. `everything` is its content with all of it."""
    texts = {it.what: it.after for it in publication.compare(None, everything)}
    tick = _Ticks(ticked, publication.unchecked(records))
    return (
        _fields(texts, tick),
        _languages(everything, tick),
        _filings(case, everything, tick),
        _entries(records, tick),
        _decisions(records, everything, texts, tick),
        _hearings(records, tick),
    )


class _Ticks:
    """What is ticked, and what does not count as checked."""

    def __init__(
        self, ticked: Mapping[str, Collection[Any]], unchecked: Mapping[str, Mapping[Any, str]]
    ) -> None:
        self.ticked = {part: set(some) for part, some in ticked.items()}
        self.unchecked = unchecked

    def choice(self, name: str, value: Any, prefix: str, words: str, **more: Any) -> Choice:
        at = value in self.ticked.get(name, ())
        why = self.unchecked.get(name, {}).get(value, "")
        return Choice(f"{prefix}-{value}", name, str(value), words, at, why, **more)


def _shortly(text: str) -> str:
    one = " · ".join(text.split("\n"))
    return one if len(one) <= LONGEST else f"{one[:LONGEST].rsplit(' ', 1)[0]} …"


def _fields(texts: Mapping[str, str], tick: _Ticks) -> Group:
    hint = "Number and title always come along, and who brought the case."
    found = Group("Of the case", "", hint)
    for name, words in publication.FIELDS.items():
        text = texts.get(TEXTS.get(name, words), "")
        found.choices.append(tick.choice("fields", name, "f", words, note=_shortly(text)))
    return found


def _languages(everything: dict[str, Any], tick: _Ticks) -> Group:
    found = Group("Title and summary in other languages", "Written in no other language yet.")
    for it in everything["texts"]:
        words = language_name(it["language"])
        found.choices.append(tick.choice("languages", it["language"], "l", words, note=_shortly(it["title"])))
    return found


def _filings(case: Any, everything: dict[str, Any], tick: _Ticks) -> Group:
    found = Group("Filings, and the number at the authority", "Not lodged yet.")
    references = {it["number"]: it["reference"] for it in everything["filings"]}
    for it in case.filings:
        where = label(it.authority_slug) if it.authority_slug else country_name(it.country)
        found.choices.append(tick.choice("filings", it.number, "p", f"{it.number} {where}"))
        if references[it.number]:
            words = f"with its number {references[it.number]}"
            found.choices.append(tick.choice("references", it.number, "r", words, level=2))
    return found


def _entries(records: Any, tick: _Ticks) -> Group:
    found = Group("Entries of the protocol", "Nothing recorded yet.")
    for it in records.counting:
        day: Day = it.day
        words = f"{it.number}. {day.words}: {_public_words(it)}"
        found.choices.append(tick.choice("updates", it.number, "u", words))
    return found


def _public_words(update: Any) -> str:
    """Return what the public would read of an entry: our own words for the file stay inside."""
    if update.public_words or update.verified is not None:
        return str(update.public_words or update.words)
    return f"the step, the day and who acted ({update.actor}); no words for the public were written"


def _decisions(records: Any, everything: dict[str, Any], texts: Mapping[str, str], tick: _Ticks) -> Group:
    found = Group("Decisions", "No decision is recorded.")
    recorded = {it.it.number: it.it for it in records.decisions}
    for it in everything["decisions"]:
        number = it["number"]
        words = texts[f"Decision {number}"].split("\n")[0]
        found.choices.append(tick.choice("decisions", number, "d", words))
        if recorded[number].verified is None and recorded[number].summary:
            words = f"with its summary, which was written for the file: {_shortly(recorded[number].summary)}"
            found.choices.append(tick.choice("summaries", number, "s", words, level=2))
    return found


def _hearings(records: Any, tick: _Ticks) -> Group:
    found = Group("Hearings", "No hearing is noted.", "None is public unless somebody ticks it.")
    for it in records.hearings:
        cancelled = " (cancelled)" if it.cancelled else ""
        words = f"{it.when}, {it.court}: {it.what}{cancelled}"
        found.choices.append(tick.choice("hearings", it.number, "h", words))
    return found
