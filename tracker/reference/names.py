"""Names of countries and languages in English, and how a country's authority is spoken of."""

import csv
from functools import cache
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError

from tracker.rules.routing.sentences import WITH_ARTICLE

ENGLISH = Locale("en")


def country_name(code: str) -> str:
    """Return the English name of a country or EU code ("NL" -> "Netherlands"); an unknown code comes back."""
    if code == "EU":
        return "European Union"
    return str(ENGLISH.territories.get(code, code))


def place_name(place: str) -> str:
    """Return a place as people read it: "Ireland", "Germany (DE-BY)", "all EEA states"."""
    if place == "EEA":
        return "all EEA states"
    country, region = place.partition("-")[::2]
    return f"{country_name(country)} ({place})" if region else country_name(country)


def spoken_place(place: str) -> str:
    """Return a place as it stands inside a sentence: "the Netherlands", "Ireland"."""
    name = place_name(place)
    return f"the {name}" if place.partition("-")[0] in WITH_ARTICLE else name


def language_name(code: str) -> str:
    """Return the English name of a language ("el" -> "Greek"); an unknown code comes back."""
    try:
        return str(ENGLISH.languages.get(code) or Locale.parse(code).get_display_name("en") or code)
    except (ValueError, UnknownLocaleError):
        return code


def is_language(code: str) -> bool:
    """Return whether a code, without a region, is that of a language with an English name."""
    return code.isalpha() and code in ENGLISH.languages


@cache
def languages() -> tuple[tuple[str, str], ...]:
    """Return (code, English name) of the languages in which complaints are lodged, by name."""
    codes = (
        "bg cs da de el en es et fi fr ga hr hu is it lt lv mt nb nl nn pl pt ro sk sl sv ca eu lb".split()
    )
    return tuple(sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1]))


@cache
def adjectives() -> dict[str, str]:
    """Return the adjectives of the countries in the directory by code."""
    with (Path(__file__).parent / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["adjective"] for row in csv.DictReader(file)}


def adjective(code: str) -> str:
    """Return the adjective of a country ("NL" -> "Dutch"), or its name where the table has none."""
    return adjectives().get(code, country_name(code))
