"""The letter that reminds an authority, packaged per language, and how its slots are written there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal

from tracker.errors import BadFile, RuleBroken
from tracker.reference.chronology_words import first_of_month
from tracker.reference.citations import cited
from tracker.rules.days import Day
from tracker.rules.letters import slots_in
from tracker.rules.vocabulary import Precision

FOLDER = Path(__file__).parent / "reminders"
#: What goes out where nothing else is known of the language.
FALLBACK = "en"
BRITISH = Locale("en", "GB")

#: Every slot that the letter may have, and what stands there.
SLOTS: Mapping[str, str] = {
    "authority": "the authority that the letter goes to, by its own name",
    "reference": "the number under which the authority keeps the complaint",
    "number": "our number of the filing",
    "organisation": "the organisation that complains",
    "controller": "against whom the complaint is",
    "lodged_day": "the day of lodging",
    "lodged_when": "the same as a part of a sentence: “on 6 June 2024”, “in June 2024”",
    "last_day": "the day of the last substantive news, or of the lodging where there was none",
    "last_since": "the same after “since”, with its article where the language has one",
    "silent_days": "the days since then",
    "provision": "the provision of the period that the authority let pass longest ago",
    "due_day": "the last day of that period",
    "over_days": "the days since that period was over",
    "today": "the day on which the letter was written",
}
#: A day, a month and a year as parts of a sentence, and after "since", where a language says more than the
#: day.
_WHEN: Mapping[str, tuple[str, str, str]] = {
    "de": ("am {}", "im {}", "{}"),
    "en": ("on {}", "in {}", "in {}"),
    "fr": ("le {}", "en {}", "en {}"),
}
_SINCE: Mapping[str, tuple[str, str, str]] = {"de": ("dem {}", "{}", "{}"), "fr": ("le {}", "{}", "{}")}
_BY_PRECISION = {Precision.DAY: 0, Precision.MONTH: 1, Precision.YEAR: 2}


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with slots: what it is about, and its words."""

    subject: str
    body: str


@cache
def packaged() -> Mapping[str, Letter]:
    """Return the packaged letters by language. Raises BadFile for one that is not in shape."""
    return {it.stem: letter_in(it) for it in sorted(FOLDER.glob("*.txt"))}


def letter_in(path: Path) -> Letter:
    """Return the letter in a file: its first line is the subject, the second is empty. Raises BadFile."""
    subject, _, rest = path.read_text(encoding="utf-8").partition("\n")
    between, _, body = rest.partition("\n")
    try:
        if between or not subject.strip() or not body.strip():
            raise RuleBroken("needs a subject, an empty line and words")
        for text in (subject, body):
            slots_in(text, SLOTS, field="words")
    except RuleBroken as refusal:
        raise BadFile([f"{path.name}: {refusal}"]) from refusal
    return Letter(subject.strip(), body.strip())


def _locale(language: str) -> Locale:
    try:
        return BRITISH if language == FALLBACK else Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return BRITISH


def day_in(language: str, day: Day | date) -> str | None:
    """Return a day as a letter in that language has it, as exactly as it is known; None where it is not."""
    known = day if isinstance(day, Day) else Day(day, Precision.DAY)
    if known.value is None:
        return None
    locale = _locale(language)
    if known.precision is Precision.YEAR:
        return str(known.value.year)
    if known.precision is Precision.MONTH:
        return str(format_skeleton("yMMMM", known.value, locale=locale))
    return first_of_month(str(format_date(known.value, "long", locale=locale)), language)


def number_in(language: str, number: int) -> str:
    """Return a number as a letter in that language has it: "1,204", "1 204", "1.204"."""
    return str(format_decimal(number, locale=_locale(language)))


def several_in(language: str, names: Sequence[str]) -> str | None:
    """Return names in a row: "Meta and WhatsApp", "Meta und WhatsApp"; None for none."""
    return str(format_list(list(names), locale=_locale(language))) if names else None


def when_in(language: str, day: Day) -> str | None:
    """Return a day as a part of a sentence: "on 6 June 2024", "im Juni 2024"; None where it is not known."""
    return _worded(_WHEN, language, day)


def since_in(language: str, day: Day) -> str | None:
    """Return a day as it stands after "since": "dem 6. Juni 2024", "juin 2024"; None where unknown."""
    return _worded(_SINCE, language, day)


def provision_in(language: str, basis: str) -> str:
    """Return a provision as a letter in that language cites it: "Art. 78 Abs. 2 DSGVO"."""
    return cited(basis, language)


def _worded(forms: Mapping[str, tuple[str, str, str]], language: str, day: Day) -> str | None:
    words = day_in(language, day)
    if words is None or language not in forms:
        return words
    return forms[language][_BY_PRECISION[day.precision]].format(words)
