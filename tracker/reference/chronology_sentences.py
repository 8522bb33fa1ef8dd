"""What the program itself says in English, in the other languages of a chronology.

Counts, routes and what is out of order are kept as English sentences, so patterns of a table read them again.
What no pattern knows has no translation: the document then quotes it and says that it is English.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from string import Formatter

from babel.lists import format_list

from tracker.reference.authorities import SLUG, authorities, in_words, short_name
from tracker.reference.chronology_words import (
    LANGUAGES,
    day_words,
    number_words,
    time_words,
    weekday_words,
    words,
)
from tracker.reference.citations import cited
from tracker.reference.names import country_name
from tracker.reference.tables import rows
from tracker.rules.calendars import WEEKDAYS
from tracker.rules.days import MONTHS, Day
from tracker.rules.standing import UNKNOWN_AUTHORITY

_WEEKDAY = "|".join(WEEKDAYS)
_MONTH = "|".join(MONTHS)
_DAY = rf"(?:(?:{_WEEKDAY}) )?[0-9]{{1,2}} (?:{_MONTH}) [0-9]{{4}}"
_CLOSED = re.compile(rf"({_DAY}) \((.+?)\)(?=, {_DAY} \(|$)")
_UNKNOWN_IN = re.compile(r"an authority in (.+) that is not known")
#: Where German and French need another preposition than "in" and "en".
_IN: Mapping[str, Mapping[str, str]] = {
    "de": {"NL": "in den", "SK": "in der", "CH": "in der", "GB": "im"},
    "fr": {
        "NL": "aux", "CY": "à", "MT": "à", "DK": "au", "LI": "au", "LU": "au", "PT": "au", "GB": "au",
    },
}  # fmt: skip
#: The controller and the processor: as a subject, and after "of".
_ENTITY: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "de": {
        "controller": ("der Verantwortliche", "des Verantwortlichen"),
        "processor": ("der Auftragsverarbeiter", "des Auftragsverarbeiters"),
    },
    "fr": {
        "controller": ("le responsable du traitement", "du responsable du traitement"),
        "processor": ("le sous-traitant", "du sous-traitant"),
    },
}
#: An authority as a subject, after "of", after "to" or "between", and after "an" or as an object.
_SPOKEN: Mapping[str, Mapping[str, tuple[str, str, str, str]]] = {
    "de": {
        "": (
            "die Aufsichtsbehörde {}", "der Aufsichtsbehörde {}", "der Aufsichtsbehörde {}",
            "die Aufsichtsbehörde {}",
        ),
        "eu-edpb": ("der EDSA", "des EDSA", "dem EDSA", "den EDSA"),
        "eu-edps": ("der EDSB", "des EDSB", "dem EDSB", "den EDSB"),
        "unknown": (
            "eine nicht bekannte Behörde", "einer nicht bekannten Behörde", "einer nicht bekannten Behörde",
            "eine nicht bekannte Behörde",
        ),
        "somebody": ("jemand", "von jemandem", "jemandem", "jemanden"),
    },
    "fr": {
        "": ("l’autorité {}", "de l’autorité {}", "à l’autorité {}", "l’autorité {}"),
        "eu-edpb": ("le comité européen", "du comité européen", "au comité européen", "le comité européen"),
        "eu-edps": (
            "le Contrôleur européen", "du Contrôleur européen", "au Contrôleur européen",
            "le Contrôleur européen",
        ),
        "unknown": (
            "une autorité inconnue", "d’une autorité inconnue", "à une autorité inconnue",
            "une autorité inconnue",
        ),
        "somebody": ("une personne", "d’une personne", "à une personne", "une personne"),
    },
}  # fmt: skip
_FORMS = {"": 0, "of": 1, "to": 2, "at": 3}
_DATIVE = {"Tage": "Tagen", "Monate": "Monaten", "Jahre": "Jahren"}
#: What a slot of a pattern matches, by the kind that its name begins with.
_MATCHES: Mapping[str, str] = {
    "day": rf"{_DAY}|(?:{_MONTH}) [0-9]{{4}}|[0-9]{{4}}",
    "when": rf"on {_DAY}|in (?:{_MONTH}) [0-9]{{4}}|in [0-9]{{4}}|on a day that is not known",
    "length": r"[0-9][0-9,]* (?:hour|day|week|month|year)s?",
    "number": r"[0-9][0-9,]*",
    "amount": r"[0-9][0-9,]*(?:\.[0-9]+)?",
    "year": r"[0-9]{4}",
    "currency": r"[A-Z]{3}",
    "codes": r"[A-Z]{2}(?:-[A-Z]+)?(?:, [A-Z]{2}(?:-[A-Z]+)?)*",
    "entity": r"controller|processor",
    "state": r"(?:the )?[^,:;.()]+?",
    "states": r"[^:;.()]+?",
    "authority": r".+?",
    "party": r".+?",
    "closed": rf"{_DAY} \(.+\)(?:, {_DAY} \(.+\))*",
    "closing": r".+?",
    "text": r".+?",
    "said": r".+?",
    "basis": r".+?",
    "maybe": r".*?",
}
_SLOT = re.compile(r"([a-z]+)([0-9]?)(?:_([a-z]+))?")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with slots: how it is recognised, and what stands there in each language."""

    matches: re.Pattern[str]
    words: Mapping[str, str]


class _Unknown(Exception):
    """A slot holds something that cannot be said in the language."""


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
    code = _countries().get(name.removeprefix("the "))
    return _country(code, language) if code else name


def label_words(label: str, language: str) -> str:
    """Return the label of an authority ("AP · Netherlands") with its country in another language."""
    short, dot, country = label.partition(" · ")
    if not dot:
        return label
    if language != "en" and short == "not known":
        short = words(language)["not_known"]
    if country == country_name("EU"):
        short = {("EDPB", "de"): "EDSA", ("EDPS", "de"): "EDSB", ("EDPS", "fr"): "CEPD"}.get(
            (short, language), short
        )
    return f"{short}{dot}{country_words(country, language)}"


def provision_words(basis: str, language: str) -> str:
    """Return a provision as a language cites it; in English as the tables have it."""
    if language == "en":
        return basis
    parts = [it.strip() for it in basis.split(";")]
    return (" ; " if language == "fr" else "; ").join(
        _by_table("text", it, language) or cited(it, language) for it in parts
    )


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
    return found


def _by_table(of: str, english: str, language: str) -> str | None:
    exact, patterns = _table(of)
    if english in exact:
        return exact[english].get(language)
    for it in patterns:
        if (found := it.matches.fullmatch(english)) and (told := _filled(it, found, language)):
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
    except _Unknown:
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
    for row in rows("chronology_sentences.csv", ("of", *LANGUAGES)):
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
        told.append(re.escape(literal))
        if name:
            kind, number, _ = _parts(name)
            told.append(f"(?P<{kind}{number}>{_MATCHES[kind]})")
    return re.compile("".join(told))


def _day(text: str, language: str, _: str) -> str:
    weekday, _, rest = text.partition(" ")
    if weekday in WEEKDAYS:
        return weekday_words(Day.parse(rest).value, language)
    return day_words(Day.parse(text), language)


def _when(text: str, language: str, _: str) -> str:
    if text == "on a day that is not known":
        return words(language)["when_unknown"]
    exact, day = text.startswith("on "), text[3:]
    key = "when_day" if exact else "when_month" if " " in day else "when_year"
    return words(language)[key].format(day=_day(day, language, ""))


def _length(text: str, language: str, form: str) -> str:
    number, _, unit = text.partition(" ")
    told = f"{_number(number, language, '')} {time_words(unit, language)}"
    name = told.rpartition(" ")[2]
    return told.replace(name, _DATIVE.get(name, name)) if language == "de" and form == "to" else told


def _number(text: str, language: str, _: str) -> str:
    return number_words(int(text.replace(",", "")), language)


def _amount(text: str, language: str, _: str) -> str:
    whole, dot, cents = text.partition(".")
    told = number_words(int(whole.replace(",", "")), language)
    return f"{told},{cents}" if dot else told


def _as_it_is(text: str, *_: str) -> str:
    return text


def _entity(text: str, language: str, form: str) -> str:
    return _ENTITY[language][text][_FORMS[form]]


def _state(text: str, language: str, form: str) -> str:
    code = _countries().get(text.removeprefix("the "))
    if code is None:
        raise _Unknown
    name = _country(code, language)
    usual = "in" if language == "de" else "en"
    return f"{_IN[language].get(code, usual)} {name}" if form == "in" else name


def _states(text: str, language: str, _: str) -> str:
    names = [_state(it, language, "") for it in re.split(r", | and ", text)]
    return str(format_list(names, locale=LANGUAGES[language]))


def _authority(text: str, language: str, form: str) -> str:
    known = f"{text[:1].lower()}{text[1:]}"
    if known == UNKNOWN_AUTHORITY or known == "somebody":
        return _SPOKEN[language]["unknown" if known == UNKNOWN_AUTHORITY else "somebody"][_FORMS[form]]
    if (found := _UNKNOWN_IN.fullmatch(known)) and (code := _countries().get(found[1].removeprefix("the "))):
        return f"{_SPOKEN[language]['unknown'][_FORMS[form]]} ({_country(code, language)})"
    slug = known if SLUG.fullmatch(known) else _slugs().get(known)
    if slug is None:
        raise _Unknown
    spoken = _SPOKEN[language].get(slug, _SPOKEN[language][""])[_FORMS[form]]
    # One that is not in the directory is named by its slug, as everywhere.
    it = authorities().get(slug)
    named = short_name(it.abbr, it.name, it.country) if it else slug
    return spoken.format(f"{named} ({_country(it.country, language)})" if it else named)


def _party(text: str, language: str, form: str) -> str:
    told = []
    for it in text.split(" or "):
        try:
            told.append(_authority(it, language, form))
        except _Unknown:
            told.append(_text(it, language, form))
    return (" oder " if language == "de" else " ou ").join(told)


def _closed(text: str, language: str, _: str) -> str:
    return ", ".join(
        f"{_day(day, language, '')} ({closing(name, language)})" for day, name in _CLOSED.findall(text)
    )


def _closing(text: str, language: str, _: str) -> str:
    return closing(text, language)


def _text(text: str, language: str, _: str) -> str:
    found = _by_table("text", text, language)
    if found is None:
        raise _Unknown
    return found


def _maybe(text: str, language: str, form: str) -> str:
    return _text(text, language, form) if text else ""


def _basis(text: str, language: str, _: str) -> str:
    return provision_words(text, language)


_SAYING: Mapping[str, Callable[[str, str, str], str]] = {
    "day": _day, "when": _when, "length": _length, "number": _number, "amount": _amount, "year": _as_it_is,
    "currency": _as_it_is, "codes": _as_it_is, "entity": _entity, "state": _state, "states": _states,
    "authority": _authority, "party": _party, "closed": _closed, "closing": _closing, "text": _text,
    "said": _as_it_is, "basis": _basis, "maybe": _maybe,
}  # fmt: skip


def _country(code: str, language: str) -> str:
    return str(LANGUAGES[language].territories.get(code, code))


@cache
def _countries() -> Mapping[str, str]:
    return {country_name(code): code for code in LANGUAGES["en"].territories if len(code) == 2}


@cache
def _slugs() -> Mapping[str, str]:
    return {in_words(slug): slug for slug in authorities()}
