"""The words of a chronology in the languages of its headings: headings, labels, days, times."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from tracker.reference.names import language_name
from tracker.reference.tables import rows
from tracker.rules.days import Day
from tracker.rules.vocabulary import Precision

#: Language of headings -> how it writes days.
LANGUAGES: Mapping[str, Locale] = MappingProxyType(
    {"en": Locale("en", "GB"), "de": Locale("de"), "fr": Locale("fr")}
)
#: The names of the languages, each in itself.
NAMES: Mapping[str, str] = MappingProxyType({"en": "English", "de": "Deutsch", "fr": "français"})
#: The same for a day with its weekday.
_WEEKDAY: Mapping[str, str] = MappingProxyType(
    {"en": "EEEE d MMMM y", "de": "EEEE, d. MMMM y", "fr": "EEEE d MMMM y"}
)
_FIRST = re.compile(r"(?<![0-9])1 (?=[a-zéû]+ [0-9]{4}$)")
_UNITS = re.compile(r"\b(years?|months?|weeks?|days?|hours?|and|about)\b")


@cache
def words(language: str) -> Mapping[str, str]:
    """Return the words by key, in English for a language that the table does not have."""
    column = language if language in LANGUAGES else "en"
    table = rows("chronology_words.csv", ("key", *LANGUAGES))
    return MappingProxyType({row.needed("key"): row.needed(column) for row in table})


@lru_cache(maxsize=4096)
def day_words(day: Day | date | None, language: str) -> str:
    """Return "6 June 2024", "Juni 2024", "2024", or that it is not known."""
    if isinstance(day, Day) and day.value is not None and day.precision is not Precision.DAY:
        form = "MMMM y" if day.precision is Precision.MONTH else "y"
        return str(format_date(day.value, form, LANGUAGES.get(language, LANGUAGES["en"])))
    value = day.value if isinstance(day, Day) else day
    if value is None:
        return words(language)["day_not_known"]
    return first_of_month(str(format_date(value, "long", LANGUAGES.get(language, LANGUAGES["en"]))), language)


def weekday_words(day: date | None, language: str) -> str:
    """Return "Friday 6 September 2024", or that it is not known."""
    if day is None:
        return words(language)["not_known"]
    known = language if language in LANGUAGES else "en"
    return first_of_month(str(format_date(day, _WEEKDAY[known], LANGUAGES[known])), known)


def first_of_month(day: str, language: str) -> str:
    """Return a day as French writes the first of a month: "1er octobre 2024"; others as they are."""
    return _FIRST.sub("1er ", day) if language == "fr" else day


def time_words(english: str, language: str) -> str:
    """Return a span of time as rules.days tells it ("2 years and 2 months") in another language."""
    told = words(language)

    def unit(found: re.Match[str]) -> str:
        return told["one_day" if found[1] == "day" else found[1]]

    return _UNITS.sub(unit, english)


def language_words(code: str, language: str) -> str:
    """Return the name of a language in another one: "Niederländisch"."""
    found = LANGUAGES[language].languages.get(code) if language in LANGUAGES and language != "en" else None
    return str(found or language_name(code))


def number_words(number: int, language: str) -> str:
    """Return a whole number as the language groups it: "1,234", "1.234"."""
    return str(format_decimal(number, locale=LANGUAGES.get(language, LANGUAGES["en"])))
