"""The letter that reminds an authority, packaged per language, and how its slots are written there."""

import re
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
    "last_day": "the day of the last substantive news, or of the lodging where there was none",
    "silent_days": "the days since then",
    "provision": "the provision of the period that the authority let pass longest ago",
    "due_day": "the last day of that period",
    "over_days": "the days since that period was over",
    "today": "the day on which the letter was written",
}
#: How the GDPR is called; in other languages as in English.
_GDPR = {
    "bg": "ОРЗД", "de": "DSGVO", "es": "RGPD", "fr": "RGPD", "it": "RGPD", "nl": "AVG", "pl": "RODO",
    "pt": "RGPD", "ro": "RGPD",
}  # fmt: skip
_OF_THE_GDPR = re.compile(r"Art [0-9]+(?:\([0-9a-z]+\))*(?:, [0-9]+(?:\([0-9a-z]+\))*)*")
_PLACE = re.compile(r"([0-9]+)((?:\([0-9a-z]+\))*)")


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
    return str(format_date(known.value, "long", locale=locale))


def number_in(language: str, number: int) -> str:
    """Return a number as a letter in that language has it: "1,204", "1 204", "1.204"."""
    return str(format_decimal(number, locale=_locale(language)))


def several_in(language: str, names: Sequence[str]) -> str | None:
    """Return names in a row: "Meta and WhatsApp", "Meta und WhatsApp"; None for none."""
    return str(format_list(list(names), locale=_locale(language))) if names else None


def provision_in(language: str, basis: str) -> str:
    """Return a provision as a letter in that language cites it.

    "Art 78(2), 77(2)" is "Art 78(2), 77(2) GDPR" in English, "Art. 78 Abs. 2, 77 Abs. 2 DSGVO" in German and
    "art. 78, § 2, 77, § 2, RGPD" in French. What is no article of the GDPR alone stays as it is.
    """
    if not _OF_THE_GDPR.fullmatch(basis):
        return basis
    law = _GDPR.get(language, "GDPR")
    if language == "de":
        return f"Art. {_PLACE.sub(_german, basis.removeprefix('Art '))} {law}"
    if language == "fr":
        return f"art. {_PLACE.sub(_french, basis.removeprefix('Art '))}, {law}"
    return f"{basis} {law}"


def _german(it: re.Match[str]) -> str:
    inner = re.findall(r"\(([0-9a-z]+)\)", it[2])
    return " ".join([it[1], *(f"Abs. {part}" if part.isdigit() else f"lit. {part}" for part in inner)])


def _french(it: re.Match[str]) -> str:
    inner = re.findall(r"\(([0-9a-z]+)\)", it[2])
    return ", ".join([it[1], *(f"§ {part}" if part.isdigit() else f"point {part})" for part in inner)])
