"""What the program itself says in English, in the other languages of a chronology.

Counts, routes and what is out of order are kept as English sentences, so patterns of a table read them again.
What no pattern knows has no translation: the document then quotes it and says that it is English.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from string import Formatter

from tracker.reference import chronology_grammar as grammar
from tracker.reference.chronology_grammar import DAY, TIME, Unsaid, countries, country
from tracker.reference.chronology_words import LANGUAGES, words
from tracker.reference.citations import cited
from tracker.reference.tables import rows

#: Those of the documents, of the public pages, and of the route finder.
TABLES = ("chronology_sentences.csv", "public_sentences.csv", "route_sentences.csv")
_CLOSED = re.compile(rf"({DAY}) \((.+?)\)(?=, {DAY} \(|$)")
_TOOK = rf"; pending(?: for (?:{TIME}))?|; it took (?:{TIME})"
_OF_THE_UNION = {("EDPB", "de"): "EDSA", ("EDPS", "de"): "EDSB", ("EDPS", "fr"): "CEPD"}
_COUNTED = re.compile(r"(.+?) \(([0-9]+)\)(?:, |$)")
#: What a slot of a pattern matches, by the kind that its name begins with.
_MATCHES: Mapping[str, str] = {
    **grammar.MATCHES,
    "party": r".+?",
    "closed": rf"{DAY} \(.+\)(?:, {DAY} \(.+\))*",
    "closing": r".+?",
    "text": r".+?",
    "texts": r".+?",
    "rest": r"[A-Z].+",
    "counted": r"[^()]+ \([0-9]+\)(?:, [^()]+ \([0-9]+\))*",
    "tally": r"[0-9]+ [a-z ]+(?:, [0-9]+ [a-z ]+)*",
    "basis": r".+?",
    "maybe": r".*?",
    "because": r"(?:: the [a-z ]+ there)?",
    "answers": r"[a-z ]+: [a-z ]+(?:, [a-z ]+: [a-z ]+)*",
    "grounds": r"[Tt]he (?:complainant|infringement) .+?(?:; the (?:complainant|infringement) .+?)+",
    "took": rf"(?:{_TOOK})?",
    "doubt": r"(?:; whether it leads is disputed(?: for some of them)?)?",
}
_day, _authority = grammar.SAYING["day"], grammar.SAYING["authority"]
_SLOT = re.compile(r"([a-z]+)([0-9]?)(?:_([a-z]+))?")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with slots: how it is recognised, and what stands there in each language."""

    matches: re.Pattern[str]
    words: Mapping[str, str]


@lru_cache(maxsize=4096)
def said(english: str, language: str) -> str | None:
    """Return what the program says in English in another language; None where the table does not know it.

    Several sentences in a row are known where each of them is.
    """
    if language == "en" or not english:
        return english
    found = _said(english, language) or _in_a_row(english, language)
    if found is None and not english.endswith("."):
        # A reason of a count is a sentence without its full stop.
        whole = _said(f"{english}.", language) or _in_a_row(f"{english}.", language)
        return whole.removesuffix(".") if whole else None
    return found


def closing(name: str, language: str) -> str:
    """Return why nothing ends on a day ("Easter Monday"); a name that is not known stays English."""
    if language == "en":
        return name
    return _by_table("day", name, language) or words(language)["quotation"].format(words=name)


def country_words(name: str, language: str) -> str:
    """Return the English name of a country in another language; what is none stays as it is."""
    code = countries().get(name.removeprefix("the "))
    return country(code, language) if code else name


def label_words(label: str, language: str) -> str:
    """Return the label of an authority ("AP · Netherlands") with its country in another language."""
    short, dot, where = label.partition(" · ")
    if not dot:
        return label
    # Within one state many authorities bear one short name: then the region stands behind the country.
    state, comma, region = where.partition(", ")
    return f"{short_words(short, language)}{dot}{country_words(state, language)}{comma}{region}"


def short_words(short: str, language: str) -> str:
    """Return the short name of an authority, also that it is not known; two of the Union have others."""
    if short in ("not known", "authority not known") and language != "en":
        return _by_table("text", short, language) or short
    return _OF_THE_UNION.get((short, language), short)


def provision_words(basis: str, language: str) -> str:
    """Return a provision as a language cites it; in English as the tables have it."""
    if language == "en":
        return basis
    parts = [it.strip() for it in basis.split(";")]
    return (" ; " if language == "fr" else "; ").join(
        _by_table("text", it, language) or cited(it, language) for it in parts
    )


def title_words(title: str, language: str) -> str:
    """Return the title of an article of the GDPR as its text in the language has it."""
    return title if language == "en" else _by_table("article", title, language) or title


def proper_words(name: str, language: str) -> str:
    """Return a name as it was written: only a court of the Union, or of a state, has one in each language."""
    return name if language == "en" else _by_table("name", name, language) or name


def numbers_words(numbers: str, language: str) -> str:
    """Return numbers of files with the authorities that gave them ("z-77; IN-18 at the Irish DPC")."""
    if language == "en":
        return numbers
    return "; ".join(_by_table("text", it, language) or it for it in numbers.split("; "))


def _in_a_row(english: str, language: str) -> str | None:
    for found in re.finditer(r"\. (?=[A-Z0-9])", english):
        first = _said(english[: found.start() + 1], language)
        if first and (rest := said(english[found.end() :], language)):
            return f"{first} {rest}"
    return None


def _said(english: str, language: str) -> str | None:
    found = _by_table("text", english, language)
    if found and english[:1].isupper():
        return f"{found[:1].upper()}{found[1:]}"
    return _within(found, language) if found and english[:1].islower() else found


@lru_cache(maxsize=4096)
def _by_table(of: str, english: str, language: str) -> str | None:
    exact, patterns = _table(of)
    # A line may begin with what the table has within a sentence, and the other way round.
    for it in (english, f"{english[:1].swapcase()}{english[1:]}"):
        if it in exact:
            return exact[it].get(language)
    for pattern in patterns:
        if (found := pattern.matches.fullmatch(english)) and (told := _filled(pattern, found, language)):
            return told
    return None


def _filled(pattern: _Pattern, found: re.Match[str], language: str) -> str | None:
    """Return the pattern in the language with its slots filled; None where one cannot be said there."""
    text = pattern.words.get(language)
    if text is None:
        return None
    told = []
    try:
        for literal, name, _, _ in Formatter().parse(text):
            told.append(literal)
            if name:
                kind, number, form = _parts(name)
                told.append(_SAYING[kind](found[f"{kind}{number}"], language, form))
    except Unsaid:
        return None
    return "".join(told)


def _parts(name: str) -> tuple[str, str, str]:
    found = _SLOT.fullmatch(name)
    if found is None or found[1] not in _MATCHES:
        raise ValueError(f"{name} is no slot of a sentence")
    return found[1], found[2], found[3] or ""


@cache
def _table(of: str) -> tuple[Mapping[str, Mapping[str, str]], tuple[_Pattern, ...]]:
    """Return the sentences without slots by their English, and the patterns in the order of the table."""
    exact: dict[str, Mapping[str, str]] = {}
    patterns: list[_Pattern] = []
    for row in chain.from_iterable(rows(it, ("of", *LANGUAGES)) for it in TABLES):
        if row["of"] != of:
            continue
        others = {it: row.needed(it) for it in LANGUAGES if it != "en"}
        if "{" in row["en"]:
            patterns.append(_Pattern(_compiled(row.needed("en")), others))
        else:
            exact[row.needed("en")] = others
    return exact, tuple(patterns)


def _compiled(english: str) -> re.Pattern[str]:
    told = []
    for literal, name, _, _ in Formatter().parse(english):
        first = literal[:1] if not told and literal[:1].isalpha() else ""
        # The same may begin a line or stand within a sentence.
        told.append(
            f"[{first.upper()}{first.lower()}]{re.escape(literal[1:])}" if first else re.escape(literal)
        )
        if name:
            kind, number, _ = _parts(name)
            told.append(f"(?P<{kind}{number}>{_MATCHES[kind]})")
    return re.compile("".join(told))


def _party(text: str, language: str, form: str) -> str:
    told = []
    for it in text.split(" or "):
        try:
            told.append(_authority(it, language, form))
        except Unsaid:
            told.append(_text(it, language, form))
    return (" oder " if language == "de" else " ou ").join(told)


def _closed(text: str, language: str, _: str) -> str:
    found = _CLOSED.findall(text)
    return ", ".join(f"{_day(day, language, '')} ({closing(name, language)})" for day, name in found)


def _closing(text: str, language: str, _: str) -> str:
    return closing(text, language)


def _text(text: str, language: str, _: str) -> str:
    found = _by_table("text", text, language)
    if found is None:
        raise Unsaid
    return _within(found, language) if text[:1].islower() else found


def _maybe(text: str, language: str, form: str) -> str:
    told = _text(text, language, form) if text else ""
    # The table cannot hold the blank that French has before a semicolon.
    return f" {told}" if language == "fr" and told.startswith(";") else told


def _because(text: str, language: str, _: str) -> str:
    # French has a blank before the colon, which the table cannot hold.
    return f"{' ' if language == 'fr' else ''}{_text(text, language, '')}" if text else ""


def _basis(text: str, language: str, _: str) -> str:
    return provision_words(text, language)


def _counted(text: str, language: str, _: str) -> str:
    """Return "lodged (10), with the lead authority (1)": words within a row, each with its number."""
    told = []
    for it, number in _COUNTED.findall(text):
        told.append(f"{_within(_text(it, language, ''), language)} ({number})")
    return ", ".join(told)


def _within(words: str, language: str) -> str:
    """Return words as French writes them inside a sentence; German has them so in the table."""
    return f"{words[:1].lower()}{words[1:]}" if language == "fr" and not words[1:2].isupper() else words


def _texts(text: str, language: str, _: str) -> str:
    """Return several phrases with semicolons between them."""
    apart = " ; " if language == "fr" else "; "
    return apart.join(_text(it, language, "") for it in text.split("; "))


def _tally(text: str, language: str, _: str) -> str:
    """Return "3 pending, 9 with a result"."""
    return ", ".join(_text(it, language, "") for it in text.split(", "))


def _answers(text: str, language: str, _: str) -> str:
    """Return "head office: yes, decides: not known"."""
    colon = " : " if language == "fr" else ": "
    pairs = (it.split(": ") for it in text.split(", "))
    return ", ".join(f"{_text(it, language, '')}{colon}{_text(answer, language, '')}" for it, answer in pairs)


def _rest(text: str, language: str, _: str) -> str:
    found = said(text, language)
    if found is None:
        raise Unsaid
    return found


_SAYING: Mapping[str, Callable[[str, str, str], str]] = {
    **grammar.SAYING,
    "party": _party, "closed": _closed, "closing": _closing, "text": _text, "texts": _texts, "rest": _rest,
    "counted": _counted, "tally": _tally, "answers": _answers, "grounds": _texts, "basis": _basis,
    "maybe": _maybe, "took": _maybe, "doubt": _maybe, "because": _because,
}  # fmt: skip
