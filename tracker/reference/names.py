"""Names of countries and languages in English, and how a country's authority is spoken of."""

import csv
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.core import UnknownLocaleError

from tracker.rules.routing.telling import WITH_ARTICLE

ENGLISH = Locale("en")


@lru_cache(maxsize=1024)
def country_name(code: str) -> str:
    """Return the English name of a country or EU code ("NL" -> "Netherlands"); an unknown code comes back."""
    if code == "EU":
        return "European Union"
    return str(ENGLISH.territories.get(code, code))


def place_name(place: str) -> str:
    """Return a place as people read it: "Ireland", "Germany, Bayern", "all EEA states"."""
    if place == "EEA":
        return "all EEA states"
    country, region = place.partition("-")[::2]
    return f"{country_name(country)}, {region_name(place)}" if region else country_name(country)


def place_names(places: Iterable[str]) -> str:
    """Return places in a row: "Ireland, France"; set apart by semicolons where one of them has a comma."""
    names = [place_name(it) for it in places]
    return ("; " if any("," in it for it in names) else ", ").join(names)


def region_name(place: str) -> str:
    """Return the name of a region as the directory has it ("DE-BY" -> "Bayern"), or its code."""
    return _regions().get(place, place)


@cache
def _regions() -> dict[str, str]:
    # The directory is read by a module that needs this one, so the two columns are read here.
    with (Path(__file__).parent / "authorities.csv").open(encoding="utf-8", newline="") as file:
        return {row["region_code"]: row["region"] for row in csv.DictReader(file) if row["region_code"]}


def spoken_place(place: str) -> str:
    """Return a place as it stands inside a sentence: "the Netherlands", "Ireland", "Bayern (Germany)"."""
    country, region = place.partition("-")[::2]
    if region:
        return f"{region_name(place)} ({country_name(country)})"
    return f"the {place_name(place)}" if country in WITH_ARTICLE else place_name(place)


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
