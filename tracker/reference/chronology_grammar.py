"""How German and French say what stands in the slots of a sentence: days, times, countries, authorities.

Each function takes the English words of a slot, the language, and the form that the sentence asks for: "of",
"to", "at" or "in". What cannot be said raises Unsaid.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache

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
from tracker.reference.names import country_name
from tracker.rules.calendars import WEEKDAYS
from tracker.rules.days import MONTHS, Day
from tracker.rules.standing import UNKNOWN_AUTHORITY

_WEEKDAY = "|".join(WEEKDAYS)
MONTH = "|".join(MONTHS)
DAY = rf"(?:(?:{_WEEKDAY}) )?[0-9]{{1,2}} (?:{MONTH}) [0-9]{{4}}"
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
        "lead": (
            "die federführende Behörde", "der federführenden Behörde", "der federführenden Behörde",
            "die federführende Behörde",
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
        "lead": (
            "l’autorité chef de file", "de l’autorité chef de file", "à l’autorité chef de file",
            "l’autorité chef de file",
        ),
        "somebody": ("une personne", "d’une personne", "à une personne", "une personne"),
    },
}  # fmt: skip
_FORMS = {"": 0, "of": 1, "to": 2, "at": 3}
#: Authorities that are called by their abbreviation in both languages, with the French article. All of them
#: are feminine in both, as a commission or an agency is: the sentences of the tables rely on it. Any other
#: one is "the authority ...".
_ARTICLES: Mapping[str, str] = {
    "at-dsb": "la ", "be-apd-gba": "l’", "es-aepd": "l’", "fr-cnil": "la ", "gr-hdpa": "l’", "ie-dpc": "la ",
    "lu-cnpd": "la ", "nl-ap": "l’", "pt-cnpd": "la ", "se-imy": "l’",
}  # fmt: skip
#: How the sentence of a filing says that a lead is not certain.
_PRESUMED = " (presumed to lead)"
_PRESUMED_WORDS = {"de": "vermutlich federführend", "fr": "chef de file présumée"}
#: Words that stand for an authority whose name is not known.
_NAMELESS = {UNKNOWN_AUTHORITY: "unknown", "the lead authority": "lead", "somebody": "somebody"}
#: A span of time as rules.days tells it.
LENGTH = r"[0-9][0-9,]* (?:hour|day|week|month|year)s?"
TIME = rf"(?:about )?{LENGTH}(?: and {LENGTH})?|today"
_DATIVE_IN = re.compile(r"\b(?:Tage|Monate|Jahre)\b")
_OF = {"de": ("vom", "von"), "fr": ("du", "de")}
_APART = re.compile(r"; |, | and | or ")
_TODAY = {"de": "heute", "fr": "aujourd’hui"}
_ALL_STATES = {"de": "alle EWR-Staaten", "fr": "tous les États de l’EEE"}
#: "Bayern (Germany)" within a sentence, "Germany, Bayern" beside a label.
_REGION = re.compile(r"(?P<region>[^()]+) \((?P<country>[^()]+)\)|(?P<first>[^,]+), (?P<last>[A-Z][^,]*)")
_DATIVE = {"Tage": "Tagen", "Monate": "Monaten", "Jahre": "Jahren"}


class Unsaid(Exception):
    """A slot holds something that cannot be said in the language."""


def _day(text: str, language: str, form: str) -> str:
    weekday, _, rest = text.partition(" ")
    if weekday in WEEKDAYS:
        return weekday_words(Day.parse(rest).value, language)
    told = day_words(Day.parse(text), language)
    if form == "of":
        # "vom 6. Juni 2024", "von Juni 2024"; "du 6 juin 2024", "de juin 2024".
        exact = text[:1].isdigit() and " " in text
        return f"{_OF[language][not exact]} {told}"
    return told


def _when(text: str, language: str, _: str) -> str:
    if text == "on a day that is not known":
        return words(language)["when_unknown"]
    exact, day = text.startswith("on "), text[3:]
    key = "when_day" if exact else "when_month" if " " in day else "when_year"
    return words(language)[key].format(day=_day(day, language, ""))


def _latest(text: str, language: str, _: str) -> str:
    """Return "no later than 2 September 2024": "spätestens am 2. September 2024"."""
    day = text.removeprefix("no later than ")
    if day == text:
        return _when(text, language, "")
    exact = day[:1].isdigit() and " " in day
    told = _when(f"{'on' if exact else 'in'} {day}", language, "")
    return f"{'spätestens' if language == 'de' else 'au plus tard'} {told}"


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


def _time(text: str, language: str, form: str) -> str:
    """Return a span of time; "to" where a preposition stands before it: "seit 2 Jahren"."""
    told = _TODAY[language] if text == "today" else time_words(text, language)
    if language == "de" and form == "to":
        told = _DATIVE_IN.sub(lambda it: _DATIVE[it[0]], told)
    return told


def _since(text: str, language: str, _: str) -> str:
    """Return " since" and a day with the blank before it; nothing for nothing."""
    if not text:
        return ""
    day = text.removeprefix(" since ")
    exact = day[:1].isdigit() and " " in day
    if language == "de":
        return f" seit dem {_day(day, language, '')}" if exact else f" seit {_day(day, language, '')}"
    return f" depuis le {_day(day, language, '')}" if exact else f" depuis {_day(day, language, '')}"


def _entity(text: str, language: str, form: str) -> str:
    return _ENTITY[language][text][_FORMS[form]]


def _state(text: str, language: str, form: str) -> str:
    code = countries().get(text.removeprefix("the ").removeprefix("The "))
    if code is None:
        raise Unsaid
    name = country(code, language)
    if form != "in":
        return name
    usual = "in" if language == "de" else "en"
    # The only state of which German has more than one.
    plural = "n" if language == "de" and code == "NL" else ""
    return f"{_IN[language].get(code, usual)} {name}{plural}"


def _states(text: str, language: str, _: str) -> str:
    names = [_state(it, language, "") for it in re.split(r", | and ", text)]
    return str(format_list(names, locale=LANGUAGES[language]))


def _authority(text: str, language: str, form: str) -> str:
    known = f"{text[:1].lower()}{text[1:]}"
    presumed = known.endswith(_PRESUMED)
    known = known.removesuffix(_PRESUMED)
    if nameless := _NAMELESS.get(known):
        told = _SPOKEN[language][nameless][_FORMS[form]]
        return f"{told} ({_PRESUMED_WORDS[language]})" if presumed else told
    if (found := _UNKNOWN_IN.fullmatch(known)) and (code := countries().get(found[1].removeprefix("the "))):
        return f"{_SPOKEN[language]['unknown'][_FORMS[form]]} ({country(code, language)})"
    slug = known if SLUG.fullmatch(known) else _slugs().get(known)
    if slug is None:
        raise Unsaid
    spoken = _spoken(slug, language)[_FORMS[form]]
    # One that is not in the directory is named by its slug, as everywhere.
    it = authorities().get(slug)
    named = short_name(it.abbr, it.name, it.country) if it else slug
    beside = [country(it.country, language)] if it else []
    beside += [_PRESUMED_WORDS[language]] if presumed else []
    told = spoken.format(_beside(named, beside))
    # The bodies of the Union bear it in their name.
    return f"{told} ({_PRESUMED_WORDS[language]})" if presumed and "{}" not in spoken else told


def _spoken(slug: str, language: str) -> tuple[str, str, str, str]:
    """Return how an authority is spoken of: as a subject, after "of", after "to", and as an object."""
    article = _ARTICLES.get(slug)
    if article is None or language not in _SPOKEN:
        return _SPOKEN[language].get(slug, _SPOKEN[language][""])
    if language == "de":
        return ("die {}", "der {}", "der {}", "die {}")
    return (f"{article}{{}}", f"de {article}{{}}", f"à {article}{{}}", f"{article}{{}}")


def _beside(named: str, beside: list[str]) -> str:
    """Return a name with what stands behind it in brackets: "DPC (Ireland)", and only one pair of them."""
    if not beside:
        return named
    more = ", ".join(beside)
    return f"{named[:-1]}, {more})" if named.endswith(")") else f"{named} ({more})"


def _place(text: str, language: str, form: str) -> str:
    """Return a country or a region of one, as names.spoken_place() and place_name() write them."""
    if text == "all EEA states":
        return _ALL_STATES[language]
    if found := _REGION.fullmatch(text):
        region, name = found["region"] or found["last"], found["country"] or found["first"]
        if countries().get(name.removeprefix("the ")) is None:
            raise Unsaid
        if form == "in" and language == "fr":
            return f"{_state(name, language, form)} ({region})"
        told = f"{region} ({_state(name, language, '')})"
        return f"in {told}" if form == "in" else told
    return _state(text, language, form)


def _places(text: str, language: str, form: str) -> str:
    """Return places one after the other; a region brings its country along, in brackets or before a comma."""
    try:
        told = [_place(it, language, form) for it in _APART.split(text)]
    except Unsaid:
        told = [_place(it, language, form) for it in text.split("; ")]
    style = "or" if " or " in text else "standard"
    return str(format_list(told, style=style, locale=LANGUAGES[language]))


def country(code: str, language: str) -> str:
    """Return the name of a country."""
    return str(LANGUAGES[language].territories.get(code, code))


@cache
def countries() -> Mapping[str, str]:
    """Return the codes of countries by their English names."""
    return {country_name(code): code for code in LANGUAGES["en"].territories if len(code) == 2}


@cache
def _slugs() -> Mapping[str, str]:
    return {in_words(slug): slug for slug in authorities()}


def _quoted(text: str, language: str, _: str) -> str:
    return words(language)["quotation"].format(words=text[1:-1])


def _month(text: str, language: str, _: str) -> str:
    """Return a day that does not exist ("31 June", "29 February 2023")."""
    number, month, *year = text.split(" ")
    name = LANGUAGES[language].months["format"]["wide"][MONTHS.index(month) + 1]
    return " ".join([f"{number}." if language == "de" else number, name, *year])


def _as_it_is(text: str, *_: str) -> str:
    return text


#: What a slot of a sentence matches, by the kind that its name begins with.
MATCHES: Mapping[str, str] = {
    "day": rf"{DAY}|(?:{MONTH}) [0-9]{{4}}|[0-9]{{4}}",
    "when": rf"on {DAY}|in (?:{MONTH}) [0-9]{{4}}|in [0-9]{{4}}|on a day that is not known",
    "latest": rf"no later than (?:{DAY}|(?:{MONTH}) [0-9]{{4}}|[0-9]{{4}})|on a day that is not known",
    "since": rf"(?: since (?:{DAY}|(?:{MONTH}) [0-9]{{4}}|[0-9]{{4}}))?",
    "length": LENGTH,
    "time": TIME,
    "number": r"[0-9][0-9,]*",
    "amount": r"[0-9][0-9,]*(?:\.[0-9]+)?",
    "year": r"[0-9]{4}",
    "currency": r"[A-Z]{3}",
    "codes": r"[A-Z]{2}(?:-[A-Z]+)?(?:, [A-Z]{2}(?:-[A-Z]+)?)*",
    "entity": r"controller|processor",
    "state": r"(?:the )?[^,:;.()]+?",
    "states": r"[^:;.()]+?",
    "place": r"(?:[A-Z]|[Tt]he [A-Z])[^:;.]*?|all EEA states",
    "places": r"(?:[A-Z]|[Tt]he [A-Z])[^:.]*?|all EEA states",
    "authority": r".+?",
    # A name ends no sentence: what does is a sentence of which the table does not know the beginning.
    "name": r"(?:(?!\. [A-Z])[^:]){1,120}?",
    "said": r".+?",
    "reference": r"[^;:]*[0-9][^;:]*?",
    "quoted": r"“.*?”",
    "month": rf"[0-9]{{1,2}} (?:{MONTH})(?: [0-9]{{4}})?",
}
#: How each of them is said.
SAYING: Mapping[str, Callable[[str, str, str], str]] = {
    "day": _day, "when": _when, "latest": _latest, "since": _since, "length": _length, "time": _time,
    "number": _number,
    "amount": _amount, "year": _as_it_is, "currency": _as_it_is, "codes": _as_it_is, "entity": _entity,
    "state": _state, "states": _states, "place": _place, "places": _places, "authority": _authority,
    "name": _as_it_is, "said": _as_it_is, "reference": _as_it_is, "quoted": _quoted, "month": _month,
}  # fmt: skip
