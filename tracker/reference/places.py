"""Places as people write them: countries by name and code, the Länder in German and English, usual names."""

import csv
import unicodedata
from functools import cache
from pathlib import Path

from tracker.reference.authorities import authorities
from tracker.reference.chronology_words import LANGUAGES
from tracker.reference.names import ENGLISH, country_name

FILE = Path(__file__).parent / "place_names.csv"
EEA = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE".split()
#: Codes that are none of one country: groups, test codes, and islands that go by the code of their state.
_NO_COUNTRY = frozenset("AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ".split())


@cache
def countries() -> tuple[str, ...]:
    """Return the codes of all countries, those of the EEA first, each group by English name."""
    codes = {it for it in ENGLISH.territories if len(it) == 2 and it.isalpha()} - _NO_COUNTRY
    return tuple(sorted(codes | set(EEA), key=lambda it: (it not in EEA, _bare(country_name(it)))))


def _bare(name: str) -> str:
    return "".join(it for it in unicodedata.normalize("NFKD", name) if not unicodedata.combining(it))


@cache
def words() -> tuple[tuple[str, str], ...]:
    """Return (what people write, code) for every country and Land, and for usual names of them."""
    found = [(word, code) for code in countries() for word in (code, country_name(code))]
    for it in authorities().values():
        if it.region_code:
            found += [(it.region_code, it.region_code), (it.region, it.region_code)]
    return (*found, *usual())


@cache
def in_other_languages() -> tuple[tuple[str, str], ...]:
    """Return (name, code) of every country in German and in French."""
    spoken = [it for code, it in LANGUAGES.items() if code != "en"]
    return tuple((str(it.territories[code]), code) for it in spoken for code in countries())


@cache
def usual() -> tuple[tuple[str, str], ...]:
    """Return (name, code) of the packaged table of names that are in use besides."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple((row["name"], row["code"]) for row in csv.DictReader(file))
